/* The print spool: one file a ticket and copy, so that the same ticket and copy never comes out of
 * the printer twice, across crashes too.
 *
 *   queued -> printing -> printed | failed | unknown         queued -> failed (cancelled, expired)
 *             printing -> queued (the printer took nothing)  printing, found at start -> unknown
 *
 * A file is replaced whole: written beside, synced, renamed, its folder synced. `printing` is on
 * disk before a byte goes to the printer, so a crash can lose a print but never double one; what is
 * then unknown is asked of the visitor, not guessed. One process owns a spool folder (lock file).
 * Not thread-safe: one thread owns the spool. */
#ifndef QUARTER_PRINTER_SPOOL_H
#define QUARTER_PRINTER_SPOOL_H

#include "quarter/limits.h"
#include "quarter/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPOOL_STATE_LIST(X)                                                                        \
    X(QUEUED, "queued")                                                                            \
    X(PRINTING, "printing")                                                                        \
    X(PRINTED, "printed")                                                                          \
    X(FAILED, "failed")                                                                            \
    X(UNKNOWN, "unknown")

enum spool_state {
#define X(name, code) SPOOL_##name,
    SPOOL_STATE_LIST(X)
#undef X
};

enum {
    SPOOL_REASON_BYTES = 64,
    SPOOL_KEPT_MAX = 4096,               /* jobs remembered; the oldest finished go first */
    SPOOL_QUEUED_MAX = 64,               /* jobs waiting */
    SPOOL_KEPT_MS = 24 * 60 * 60 * 1000, /* a finished job is remembered so long */
    SPOOL_FILE_BYTES = 32 * 1024,
};

struct spool_job {
    char ticket[QUARTER_ULID_LEN + 1];
    int copy;
    enum spool_state state;
    char reason[SPOOL_REASON_BYTES]; /* keyword such as "media-empty", or "" */
    uint64_t order;                  /* of arrival */
    int64_t arrived_ms, changed_ms;  /* UTC */
    char *request; /* the "print" object as JSON; NULL once the job is over (data kept no longer
                      than needed) */
};

/* Disk steps in the order they happen; a test makes one fail or ends the process there. */
enum spool_step {
    SPOOL_STEP_CREATE,
    SPOOL_STEP_WRITE,
    SPOOL_STEP_SYNC,
    SPOOL_STEP_RENAME,
    SPOOL_STEP_SYNC_FOLDER,
    SPOOL_STEP_REMOVE,
};

struct spool_options {
    const char *folder; /* made (0700) when missing */
    /* Called before each disk step; anything but OK is what the step fails with. May be NULL. */
    enum status (*before_step)(void *context, enum spool_step step);
    int (*sync)(void *context, int fd); /* NULL: fsync(2) */
    void *context;
};

struct spool;

/* Reads what is there: `printing` becomes `unknown`, damaged files become `unknown` too. BUSY:
 * another process owns the folder. */
enum status spool_open(const struct spool_options *options, int64_t now_ms, struct spool **spool);
void spool_close(struct spool *spool);

/* A new job is `queued` on disk when this returns OK and *is_new. A known one is answered as it
 * stands, whatever the request says now.
 * `*job` stays valid until spool_forget_old or spool_close. FULL: too many jobs wait. */
enum status spool_add(struct spool *spool, const char *ticket, int copy, const char *request,
                      int64_t now_ms, const struct spool_job **job, bool *is_new);

/* Moves a job on, on disk first. A fault of the disk keeps a job from `printing`; every other move
 * holds in memory, for it is what happened, and the disk's older word is the safe one (after a
 * crash: `unknown`, never printed again). The fault is returned all the same. */
enum status spool_move(struct spool *spool, const struct spool_job *job, enum spool_state to,
                       const char *reason, int64_t now_ms);

/* Why a queued or printing job gets no further; in memory only. True when it differs. */
bool spool_set_reason(struct spool *spool, const struct spool_job *job, const char *reason);

const struct spool_job *spool_find(const struct spool *spool, const char *ticket, int copy);
const struct spool_job *spool_next_queued(const struct spool *spool); /* oldest; NULL: none */
size_t spool_count(const struct spool *spool);
const struct spool_job *spool_at(const struct spool *spool, size_t index); /* in order of arrival */

/* Removes finished jobs older than SPOOL_KEPT_MS. */
void spool_forget_old(struct spool *spool, int64_t now_ms);

const char *spool_state_code(enum spool_state state);

#endif
