/* What the kiosk tells of its printer: how it is, the last word of which holds, and what became of each print that the
 * board asked for, one after the other. For the network thread; part of the errands. */
#ifndef QUARTER_CLIENT_REPORTS_H
#define QUARTER_CLIENT_REPORTS_H

#include "mailbox.h"
#include "post.h"

struct reports_config {
    struct mailbox *mailbox; /* borrowed, and so is all that follows */
    CURLM *multi;
    const struct access *access;
    const char *base_url,
        *device; /* without a final slash; device NULL: it has no printer to tell of */
};

struct reports;

struct reports *reports_create(const struct reports_config *config); /* NULL: out of memory */
void reports_destroy(struct reports *reports);                       /* NULL-safe */

/* As of errands.h. */
void reports_look(struct reports *reports, int64_t now_ms);
void reports_pause(struct reports *reports, int64_t now_ms);
bool reports_ended(struct reports *reports, const void *owner, CURLcode result, bool *heard);
int64_t reports_due_ms(const struct reports *reports);

#endif
