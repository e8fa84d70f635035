/* A cache and no more: every failure is survivable, so it is told to the caller, who logs it and
 * goes on. */
#include "site_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *path_in(const char *dir, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

/* The whole file, or NULL; a file past the bound is no site. */
static char *read_all(FILE *file, size_t *length)
{
    char *bytes = malloc(SITE_JSON_BYTES + 1);
    if (bytes == NULL)
        return NULL;
    *length = fread(bytes, 1, SITE_JSON_BYTES + 1, file);
    if (ferror(file) != 0 || *length > SITE_JSON_BYTES) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

enum status site_cache_load(const char *dir, struct site_info **out)
{
    char *path = path_in(dir, "site.json");
    if (path == NULL)
        return STATUS_FULL;
    FILE *file = fopen(path, "re");
    free(path);
    if (file == NULL)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    size_t length = 0;
    char *json = read_all(file, &length);
    fclose(file);
    if (json == NULL)
        return STATUS_IO;
    enum status status = site_info_read(json, length, out);
    free(json);
    return status;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t wrote = write(fd, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return fsync(fd) == 0;
}

enum status site_cache_store(const char *dir, const char *json, size_t length)
{
    enum status status = STATUS_FULL;
    char *path = path_in(dir, "site.json");
    char *fresh = path_in(dir, "site.json.XXXXXX"); /* several programs may share the folder */
    if (path == NULL || fresh == NULL)
        goto cleanup;
    status = STATUS_IO;
    int fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        goto cleanup;
    bool written = write_all(fd, json, length);
    if (close(fd) == 0 && written && rename(fresh, path) == 0)
        status = STATUS_OK;
    else
        (void)unlink(fresh);
cleanup:
    free(path);
    free(fresh);
    return status;
}
