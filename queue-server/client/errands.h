/* What the kiosk tells the server on the side: visits that ended without a queue, one after the
 * other, the last wish for help, and what reports.h has. For the network thread. */
#ifndef QUARTER_CLIENT_ERRANDS_H
#define QUARTER_CLIENT_ERRANDS_H

#include "mailbox.h"
#include "post.h"

struct errands_config {
    struct mailbox *mailbox; /* borrowed */
    CURLM *multi;
    const struct access *access;   /* borrowed */
    const char *base_url, *device; /* without a final slash; device NULL: no help calls */
};

struct errands;

/* NULL: out of memory. What the config names must outlive it, but for base_url and device. */
struct errands *errands_create(const struct errands_config *config);
void errands_destroy(struct errands *errands); /* NULL-safe */

/* Takes what is new in the mailbox, and begins what is due. */
void errands_look(struct errands *errands, int64_t now_ms);
/* Ends what is under way, to be begun anew at now_ms: for a device that has to pair first. */
void errands_pause(struct errands *errands, int64_t now_ms);
/* Was that transfer one of its own? Then it has dealt with it; *heard: the server answered. */
bool errands_ended(struct errands *errands, const void *owner, CURLcode result, bool *heard);
/* The earliest instant at which something is due; POST_NEVER: none. */
int64_t errands_due_ms(const struct errands *errands);

#endif
