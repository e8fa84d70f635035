/* Small files that outlive a start. They are replaced whole (write, fsync, rename, fsync of the folder): a power cut leaves
 * the old one or the new one, and what was OK is the new one. Nobody but their owner can read them. */
#ifndef QUARTER_CLIENT_KEPT_FILE_H
#define QUARTER_CLIENT_KEPT_FILE_H

#include <stddef.h>

#include "quarter/status.h"

/* The whole file, to be freed with free(). STATUS_NOT_FOUND: none; STATUS_IO: it cannot be read, or has more than most
 * bytes. */
enum status kept_file_read(const char *dir, const char *name, size_t most, char **bytes,
                           size_t *length);
enum status kept_file_replace(const char *dir, const char *name, const char *bytes, size_t length);

#endif
