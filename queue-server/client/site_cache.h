/* The last site document heard, on disk, so that a kiosk that starts while the server is away still
 * knows its words. */
#ifndef QUARTER_CLIENT_SITE_CACHE_H
#define QUARTER_CLIENT_SITE_CACHE_H

#include "client/site_info.h"

/* STATUS_NOT_FOUND: none; STATUS_INVALID: damaged (it will be replaced); *out is the caller's. */
enum status site_cache_load(const char *dir, struct site_info **out);
enum status site_cache_store(const char *dir, const char *json, size_t length);

#endif
