/* See wipe.h. What malloc gave may be larger than what was asked for; all of it is overwritten. */
#include "wipe.h"

#include <curl/curl.h>
#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

static void wipe_free(void *memory)
{
    if (memory != NULL)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

/* realloc would leave a copy behind when it moves. */
static void *wipe_realloc(void *memory, size_t size)
{
    size_t had = memory != NULL ? malloc_usable_size(memory) : 0;
    void *moved = malloc(size > 0 ? size : 1);
    if (moved == NULL)
        return NULL;
    if (memory != NULL)
        memcpy(moved, memory, had < size ? had : size);
    wipe_free(memory);
    return moved;
}

static char *copy_text(const char *text)
{
    return strdup(text);
}

static void *make(size_t size)
{
    return malloc(size);
}

static void *make_zeroed(size_t count, size_t size)
{
    return calloc(count, size);
}

void wipe_begin(void)
{
    json_set_alloc_funcs(make, wipe_free);
    CHECK(curl_global_init_mem(CURL_GLOBAL_DEFAULT, make, wipe_free, wipe_realloc, copy_text,
                               make_zeroed) == CURLE_OK);
}

void wipe_end(void)
{
    curl_global_cleanup();
}
