/* Files of the pages. See static_files.h. Small and few: opened for each request, sent by the kernel from the file, so
 * that nothing of them is held in memory. */
#include "http/static_files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"

enum {
    OPENAPI_BYTES_MAX = 1024 * 1024,
    DEPTH_MAX = 4,
    PART_MAX = 64,
};

struct static_files {
    int web;
    char *openapi;
    char openapi_etag[STATIC_ETAG_MAX + 1];
};

static const char *const types[][2] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/vnd.microsoft.icon"},
    {".woff2", "font/woff2"},
    {".wav", "audio/wav"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(dot, types[i][0]) == 0) {
            return types[i][1];
        }
    }
    return NULL;
}

static char *read_whole(int fd, size_t size)
{
    char *text = malloc(size + 1);
    CHECK(text != NULL);
    size_t got = 0;
    while (got < size) {
        const ssize_t count = read(fd, text + got, size - got);
        if (count <= 0) {
            free(text);
            return NULL;
        }
        got += (size_t)count;
    }
    text[size] = '\0';
    return text;
}

static void write_openapi_etag(struct static_files *files)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[sizeof(digest) * 2 + 1];
    (void)crypto_hash_sha256(digest, (const unsigned char *)files->openapi, strlen(files->openapi));
    (void)sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    (void)snprintf(files->openapi_etag, sizeof(files->openapi_etag), "\"%.32s\"", hex);
}

static bool read_openapi(struct static_files *files, const char *assets_dir)
{
    char path[4096];
    struct stat about;
    (void)snprintf(path, sizeof(path), "%s/openapi.json", assets_dir);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    if (fstat(fd, &about) == 0 && about.st_size > 0 && about.st_size <= OPENAPI_BYTES_MAX) {
        files->openapi = read_whole(fd, (size_t)about.st_size);
    }
    (void)close(fd);
    return files->openapi != NULL;
}

enum status static_files_open(const char *assets_dir, struct static_files **files, char *error,
                              size_t error_size)
{
    char path[4096];
    struct static_files *opened = calloc(1, sizeof(*opened));
    CHECK(opened != NULL);
    (void)snprintf(path, sizeof(path), "%s/web", assets_dir);
    opened->web = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened->web < 0 || !read_openapi(opened, assets_dir)) {
        (void)snprintf(error, error_size,
                       "%s: the pages (web/) or openapi.json cannot be read: %s; try --assets DIR",
                       assets_dir, strerrordesc_np(errno));
        static_files_close(opened);
        return STATUS_NOT_FOUND;
    }
    write_openapi_etag(opened);
    *files = opened;
    return STATUS_OK;
}

void static_files_close(struct static_files *files)
{
    if (files == NULL) {
        return;
    }
    if (files->web >= 0) {
        (void)close(files->web);
    }
    free(files->openapi);
    free(files);
}

/* One part of a path: letters, digits, "-", "_" and "." inside, never at the start. */
static bool is_plain(const char *part, size_t length)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return length > 0 && length <= PART_MAX && part[0] != '.' && strspn(part, plain) >= length;
}

/* Opens part after part without following links, so that no name leads out of web/. */
static int open_beneath(int web, const char *name)
{
    int folder = web;
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        char part[PART_MAX + 1];
        const size_t length = strcspn(name, "/");
        const bool is_last = name[length] == '\0';
        int next = -1;
        if (is_plain(name, length)) {
            memcpy(part, name, length);
            part[length] = '\0';
            const int flags = is_last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
            next = openat(folder, part, flags | O_NOFOLLOW | O_CLOEXEC);
        }
        if (folder != web) {
            (void)close(folder);
        }
        if (next < 0 || is_last) {
            return next;
        }
        folder = next;
        name += length + 1;
    }
    (void)close(folder);
    return -1;
}

enum status static_files_find(const struct static_files *files, const char *name,
                              struct static_file *file)
{
    struct stat about;
    const char *type = type_of(name);
    if (type == NULL) {
        return STATUS_NOT_FOUND;
    }
    const int fd = open_beneath(files->web, name);
    if (fd < 0) {
        return STATUS_NOT_FOUND;
    }
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)close(fd);
        return STATUS_NOT_FOUND;
    }
    *file = (struct static_file){.fd = fd, .size = (size_t)about.st_size, .type = type};
    (void)snprintf(file->etag, sizeof(file->etag), "\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "\"",
                   (uint64_t)about.st_size, (uint64_t)about.st_mtim.tv_sec,
                   (uint64_t)about.st_mtim.tv_nsec);
    return STATUS_OK;
}

const char *static_files_openapi(const struct static_files *files)
{
    return files->openapi;
}

const char *static_files_openapi_etag(const struct static_files *files)
{
    return files->openapi_etag;
}
