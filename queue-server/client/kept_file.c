/* Every failure is survivable, so it is told to the caller, who logs it and goes on. See kept_file.h. */
#include "kept_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *path_in(const char *dir, const char *name, const char *end)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s%s", dir, name, end) < 0 ? NULL : path;
}

static char *read_all(FILE *file, size_t most, size_t *length)
{
    char *bytes = malloc(most + 1);
    if (bytes == NULL)
        return NULL;
    *length = fread(bytes, 1, most + 1, file);
    if (ferror(file) != 0 || *length > most) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

enum status kept_file_read(const char *dir, const char *name, size_t most, char **bytes,
                           size_t *length)
{
    char *path = path_in(dir, name, "");
    if (path == NULL)
        return STATUS_FULL;
    FILE *file = fopen(path, "re");
    enum status missing = errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    free(path);
    if (file == NULL)
        return missing;
    char *read = read_all(file, most, length);
    fclose(file);
    if (read == NULL)
        return STATUS_IO;
    *bytes = read;
    return STATUS_OK;
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

/* The new name itself has to outlive a power cut. */
static bool sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

enum status kept_file_replace(const char *dir, const char *name, const char *bytes, size_t length)
{
    enum status status = STATUS_FULL;
    char *path = path_in(dir, name, "");
    char *fresh = path_in(dir, name, ".XXXXXX"); /* several programs may share the folder */
    if (path == NULL || fresh == NULL)
        goto cleanup;
    status = STATUS_IO;
    int fd = mkostemp(fresh, O_CLOEXEC); /* 0600 */
    if (fd < 0)
        goto cleanup;
    bool written = write_all(fd, bytes, length);
    if (close(fd) != 0 || !written || rename(fresh, path) != 0)
        (void)unlink(fresh);
    else if (sync_folder(dir))
        status = STATUS_OK;
cleanup:
    free(path);
    free(fresh);
    return status;
}
