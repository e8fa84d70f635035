/* Entries of the audit trail that are not on the disk yet. Pure: no lock, no clock, no disk. */
#ifndef QUARTER_PEOPLE_TRAIL_H
#define QUARTER_PEOPLE_TRAIL_H

#include "people/people.h"

enum { TRAIL_MAX = 1024 };

struct trail {
    struct audit_entry entries[TRAIL_MAX]; /* a ring */
    size_t first, count;
    int64_t lost; /* since it was full */
    int64_t told; /* of these, what the last peek told */
};

void trail_add(struct trail *trail, const struct audit_entry *entry);
/* The first of them, at most max, as they came; they stay. When that is all, what was lost is told last. */
size_t trail_peek(struct trail *trail, struct audit_entry *entries, size_t max, int64_t now_ms);
/* They are on the disk: count as peeked. */
void trail_drop(struct trail *trail, size_t count);

#endif
