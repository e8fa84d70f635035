/* How a device asks to be let in: people/people.h has the protocol and what it is good for. For the network thread.
 *
 *   rest -start-> ask -201-> reveal -204-> show -200-> rest (granted)
 *                  ^ `-4xx-> rest (refused)   `-202-> show
 *                  `--- over, too late, another key: anew, with new letters
 */
#ifndef QUARTER_CLIENT_PAIRING_H
#define QUARTER_CLIENT_PAIRING_H

#include "exchange.h"
#include "mailbox.h"

struct pairing_config {
    struct mailbox *mailbox; /* borrowed */
    CURLM *multi;
    const struct access *access;        /* borrowed; its token is not used */
    const char *base_url, *kind, *code; /* copied; without a final slash */
    int ask_every_ms;                   /* whether it is let in */
};

enum pairing_step {
    PAIRING_GOES_ON,
    PAIRING_GRANTED, /* *granted: what to keep */
    PAIRING_REFUSED, /* the server lets nobody in: it may ask for no pairing */
};

struct pairing;

/* NULL: out of memory. */
struct pairing *pairing_create(const struct pairing_config *config);
void pairing_destroy(struct pairing *pairing); /* NULL-safe */

/* At rest: begins at now_ms. The messages tell what to show. */
void pairing_start(struct pairing *pairing, int64_t now_ms);
bool pairing_is_under_way(const struct pairing *pairing);
/* Begins what is due. */
void pairing_look(struct pairing *pairing, int64_t now_ms);
/* Was that transfer its own? Then it has dealt with it. */
bool pairing_ended(struct pairing *pairing, const void *owner, CURLcode result,
                   enum pairing_step *step, struct credentials *granted);
int64_t
pairing_due_ms(const struct pairing *pairing); /* POST_NEVER: at rest, or one is under way */

/* At rest: somebody's request met the server of the known key, or another. Told when it changes. */
void pairing_heard_key(struct pairing *pairing, bool is_known);

#endif
