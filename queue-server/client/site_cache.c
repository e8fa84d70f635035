/* A cache and no more: every failure is survivable, so it is told to the caller, who logs it and
 * goes on. */
#include "site_cache.h"

#include <stdlib.h>

#include "kept_file.h"

static const char file_name[] = "site.json";

enum status site_cache_load(const char *dir, struct site_info **out)
{
    char *json = NULL;
    size_t length = 0;
    enum status status = kept_file_read(dir, file_name, SITE_JSON_BYTES, &json, &length);
    if (status != STATUS_OK)
        return status;
    status = site_info_read(json, length, out);
    free(json);
    return status;
}

enum status site_cache_store(const char *dir, const char *json, size_t length)
{
    return kept_file_replace(dir, file_name, json, length);
}
