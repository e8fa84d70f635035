/* The journal in SQLite: events, the answers given to idempotency keys, the site files that were in
 * force, and private text. One writing connection, owned by one thread; readers open their own.
 *
 * WAL, synchronous=FULL: what store_commit() returned OK for is on disk
 * (https://sqlite.org/pragma.html#pragma_synchronous). Private text is encrypted
 * (XSalsa20-Poly1305, libsodium secretbox) under a key per day, kept in key_dir, outside backups;
 * store_forget_day() destroys the key, and with it the text everywhere. */
#ifndef QUARTER_STORE_STORE_H
#define QUARTER_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/event.h"
#include "quarter/status.h"

struct store_config {
    const char *path;    /* of the database file; made when missing */
    const char *key_dir; /* made when missing, mode 0700 */
    const char *vfs; /* NULL: SQLite's default; tests name one that forgets what was not synced */
};

struct store;

/* error (may be NULL) gets a sentence a person can act on. CORRUPT: the file is damaged or newer
 * than this program. */
enum status store_open(const struct store_config *config, struct store **store, char *error,
                       size_t error_size);
void store_close(struct store *store);
const char *store_error(const struct store *store); /* of the last call that failed */

/* One transaction: begin, any of the puts (which are only allowed inside one), commit. A failed
 * commit has rolled back; after a put that failed, commit rolls back too and tells that failure
 * again, so that nothing half-made is kept by mistake. The store goes on after each. FULL: disk
 * full. A failed commit is not acknowledged, and yet a power cut right after it may bring it back,
 * whole: its caller repeats by key and learns which. */
enum status store_begin(struct store *store);
enum status store_commit(struct store *store);
void store_rollback(struct store *store);

/* To be called when no command has come for some tens of ms: does, if there is enough of it, the
 * work on the file that a commit would have to do otherwise (some ms). */
void store_idle(struct store *store);

enum status store_append(struct store *store, struct event *event); /* sets seq, id and version */

/* A command that came with an idempotency key, which is scoped by actor. A body may hold free
 * answers, and guesses could be tried on its plain hash: what is kept of it is a mark under the
 * day's key, and dies with it. */
struct keyed_request {
    const char *actor, *key;
    const char *body_hash; /* of all that must be the same in a repeat, in hex */
};
struct stored_answer {
    int http_status;
    char *body; /* owned by the caller: free() */
};
/* day: the one of the private text that came with the request. INVALID: it is no date. */
enum status store_put_answer(struct store *store, const struct keyed_request *request,
                             const char *day, int64_t at_ms, const struct stored_answer *answer);
/* NOT_FOUND; CONFLICT: the key came with another body. Once the day of the answer was forgotten
 * nobody can tell, and the answer is given to whoever knows the key. */
enum status store_find_answer(struct store *store, const struct keyed_request *request,
                              struct stored_answer *answer);
/* Keys are kept 30 days. Call it about once a day: it also puts the day's keys by, which keeps new
 * ones cheap. Inside a transaction, or alone with transactions of its own. */
enum status store_drop_answers_before(struct store *store, int64_t at_ms);

/* kind: "answers" now; "note", "name" later. text is JSON or plain UTF-8 of at most
 * QUARTER_BODY_BYTES; a second put of a kind replaces the first. INVALID: day is no date. */
enum status store_put_private(struct store *store, const char *day, const char *ticket,
                              const char *kind, const char *text);
/* free(); NOT_FOUND also after its day was forgotten. */
enum status store_get_private(struct store *store, const char *day, const char *ticket,
                              const char *kind, char **text);
/* Outside a transaction. Safe to repeat after a failure. */
enum status store_forget_day(struct store *store, const char *day);
/* Likewise all days before this one. */
enum status store_forget_days_before(struct store *store, const char *day);

enum status store_put_site(struct store *store, const char *hash, const char *text, int64_t at_ms);
enum status store_get_site(struct store *store, const char *hash, char **text); /* free() */
/* Something of the record refers to this site: it is kept for good. Inside a transaction. */
enum status store_keep_site(struct store *store, const char *hash);
/* Drops the sites that nothing of the record refers to, but for those that a start reads; outside a transaction. */
enum status store_drop_sites(struct store *store);
/* The site that was in force last. NOT_FOUND: there never was one. */
enum status store_last_site(struct store *store, char **text); /* free() */

/* A projection: what somebody worked out from the events up to through_seq ("knowledge", "forecast_score"), as text of
 * its maker's own form. It can be made anew from the journal, so that losing one costs time and nothing else. A put
 * replaces the one of that name; inside a transaction with the rest of it, else with one of its own. TOO_LARGE. */
enum { STORE_PROJECTION_BYTES = 4 << 20 };
enum status store_put_projection(struct store *store, const char *name, int64_t through_seq,
                                 const char *body);
/* NOT_FOUND. body: free() */
enum status store_get_projection(struct store *store, const char *name, int64_t *through_seq,
                                 char **body);

/* Calls each() for every event from the first DAY_OPENED of the newest day on (from the first
 * event, when no day was ever opened), in order: what start has to replay. each() may read from the
 * store; what it returns but OK ends the replay. CORRUPT: a row is missing, damaged, or a newer
 * program's. */
typedef enum status store_each_event(void *context, const struct event *event);
enum status store_replay(struct store *store, store_each_event *each, void *context);
/* Likewise what came between that DAY_OPENED and the day before, if anything: a visit may be recorded while no day is
 * open, and is of the next one then. */
enum status store_replay_eve(struct store *store, store_each_event *each, void *context);
int64_t store_last_seq(const struct store *store);

/* A reading connection of its own, for another thread. */
struct store_reader;
enum status store_reader_open(const struct store_config *config, struct store_reader **reader);
void store_reader_close(struct store_reader *reader);
const char *store_reader_error(const struct store_reader *reader); /* of the last failed call */
/* Events with seq > after, at most limit. The body as JSON is given beside the event (valid during
 * the call). The journal's log cannot be folded back meanwhile: keep limit to what is handled at
 * once. */
typedef enum status store_each_row(void *context, const struct event *event, const char *body_json);
enum status store_read_after(struct store_reader *reader, int64_t after, int limit,
                             store_each_row *each, void *context);
/* As store_get_site(). */
enum status store_reader_get_site(struct store_reader *reader, const char *hash, char **text);
/* Reads the whole file and tells the first fault; for an operator or a nightly job, since it takes
 * seconds a gigabyte. CORRUPT: damaged, or events are missing. */
enum status store_reader_check(struct store_reader *reader);

#endif
