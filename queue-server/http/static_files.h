/* Files of the pages and words of the interface, from the assets folder. */
#ifndef QUARTER_HTTP_STATIC_FILES_H
#define QUARTER_HTTP_STATIC_FILES_H

#include <microhttpd.h>
#include <stddef.h>

#include "quarter/status.h"

struct static_files;

/* error gets a sentence when the folder is not there. */
enum status static_files_open(const char *assets_dir, struct static_files **files, char *error,
                              size_t error_size);
void static_files_close(struct static_files *files);

enum { STATIC_ETAG_MAX = 63 };

struct static_file {
    int fd;
    size_t size;
    const char *type;
    char etag[STATIC_ETAG_MAX + 1];
};

/* Opens web/NAME; the caller closes fd. NOT_FOUND: no such file, or a name that is none of ours ("..", hidden files,
 * links that lead out, types that pages are not made of). */
enum status static_files_find(const struct static_files *files, const char *name,
                              struct static_file *file);

/* The OpenAPI document, read once. */
const char *static_files_openapi(const struct static_files *files);
const char *static_files_openapi_etag(const struct static_files *files);

#endif
