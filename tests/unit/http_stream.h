/* One Server-Sent Events connection of a test, read when the test says so. */
#ifndef QUARTER_TESTS_HTTP_STREAM_H
#define QUARTER_TESTS_HTTP_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "http_rig.h"

struct listener {
    int fd;
    char *text; /* received and not taken yet, chunk marks removed */
    size_t length;
    char raw[65536];
    size_t raw_length;
    bool ended;
};

struct heard {
    char event[32], id[24];
    json_t *data;
};

void listener_open(struct listener *listener, const struct rig *rig, const char *path,
                   const char *last_id);
/* With any header line, as "Cookie: ...". */
void listener_open_with(struct listener *listener, const struct rig *rig, const char *path,
                        const char *header);
void listener_close(struct listener *listener);
/* The next event, waiting up to 10 s; false: the stream has ended. */
bool listener_next(struct listener *listener, struct heard *heard);
/* The same, skipping all but events of this type. */
bool listener_next_of(struct listener *listener, const char *event, struct heard *heard);
void heard_free(struct heard *heard);

#endif
