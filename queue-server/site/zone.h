/* A time zone out of tzdata's compiled files (TZif, RFC 8536), read once and never changed: any
 * number of threads may ask. libc's own zone is one a process and set through the environment,
 * which a threaded server cannot do. */
#ifndef QUARTER_SITE_ZONE_H
#define QUARTER_SITE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quarter/status.h"

struct zone;

#define ZONE_DIR "/usr/share/zoneinfo" /* of Debian's package tzdata */

/* name: "Europe/London". NOT_FOUND: no such zone; CORRUPT: not a zone file; IO. */
enum status zone_load(const char *dir, const char *name, struct zone **zone);
/* Reads a file's bytes; for tests and fuzzing. */
enum status zone_parse(const unsigned char *bytes, size_t length, struct zone **zone);
void zone_destroy(struct zone *zone);

int32_t zone_offset_s(const struct zone *zone, int64_t utc_s); /* local time minus UTC */

/* Of a local time (seconds as if it were UTC). One that the clocks skip counts as later by what
 * they skip; of one that comes twice the first is meant. */
int64_t zone_to_utc_s(const struct zone *zone, int64_t local_s);

/* Calls each() with the name of every zone that tzdata lists, for suggestions; none when there is
 * no list. */
void zone_each_name(const char *dir, void (*each)(void *context, const char *name), void *context);

#endif
