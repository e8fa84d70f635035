/* The table of sessions in memory, which is what a lookup reads. Pure: no lock, no clock, no disk; who has it minds
 * those. What differs from the disk is marked, and taken from here to be written. */
#ifndef QUARTER_PEOPLE_SESSIONS_H
#define QUARTER_PEOPLE_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "people/people.h"
#include "people/tokens.h"

enum {
    SESSION_GRACE_MS = 60000,
    SESSION_SAVE_SEEN_MS = 60000,
    /* Some more places than live sessions: those that ended keep theirs until the disk knows. */
    SESSION_PLACES = PEOPLE_SESSIONS_MAX + 128,
};

enum session_state {
    SESSION_FREE,
    SESSION_LIVE,
    SESSION_ENDED, /* its row is on the disk still */
};

struct session {
    enum session_state state;
    bool is_dirty; /* differs from the disk */
    bool has_row;  /* the disk knows it, or is about to */
    char id[QUARTER_ULID_LEN + 1];
    int person;    /* place in the table of persons */
    int64_t epoch; /* of the person when it began: another one now means that it ended */
    char csrf[PEOPLE_TOKEN_LEN + 1];
    char address[PEOPLE_ADDRESS_MAX];
    struct token_hash current, former;
    bool has_former;
    int64_t former_until_ms; /* INT64_MAX until the current one was seen */
    int64_t created_ms, seen_ms, saved_seen_ms;
};

struct sessions {
    int64_t idle_ms, absolute_ms;
    bool is_dirty; /* one of them is */
    /* The first bytes of the hashes side by side, 0: none. A scan of 1024 takes a fraction of a microsecond, and
     * needs no index to be kept right. */
    uint64_t current_marks[SESSION_PLACES], former_marks[SESSION_PLACES];
    struct session list[SESSION_PLACES];
};

/* A new one for a person, in place of the person's or the table's least lately used where there are too many. NULL:
 * the table is full of ended ones whose rows could not be taken off the disk yet. The caller sets id, csrf, address,
 * person and epoch. */
struct session *sessions_begin(struct sessions *sessions, int person, int64_t now_ms);
/* As read from the disk. */
void sessions_restore(struct sessions *sessions, const struct session *session);
void sessions_set_token(struct sessions *sessions, struct session *session,
                        const struct token_hash *hash);
/* Whose token it is; ends it when its time is over. NULL: nobody's. *is_former: it is the one before the last
 * renewal. */
struct session *sessions_find(struct sessions *sessions, const struct token_hash *hash,
                              int64_t now_ms, bool *is_former);
void sessions_note_use(struct sessions *sessions, struct session *session, int64_t now_ms);
/* The current token becomes the former. */
void sessions_rotate(struct sessions *sessions, struct session *session,
                     const struct token_hash *fresh, int64_t now_ms);
void sessions_end(struct sessions *sessions, struct session *session);
bool sessions_is_over(const struct sessions *sessions, const struct session *session,
                      int64_t now_ms);

#endif
