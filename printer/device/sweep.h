/* Clears the printer of our own empty jobs. Create-Job and Send-Document are two requests: when the
 * service is killed between them, or the connection is lost, a job stays that can never get its
 * document, and a printer that takes one job at a time refuses all others until it gives that one
 * up, after minutes (RFC 8011, 4.4.12, multiple-operation-time-out).
 *
 * Ours is a job only by a name we know, never by the user alone: another kiosk's service at the same
 * printer has the same user, and may be between its two requests just now. A job that has its
 * document is left alone: its slip is on its way out, and is told as unknown.
 *
 * The device's worker owns it; sweep_run blocks, as everything in ipp.h. */
#ifndef QUARTER_DEVICE_SWEEP_H
#define QUARTER_DEVICE_SWEEP_H

#include "printer/device/ipp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SWEEP_NAMES_MAX = 128, /* known; the oldest go first */
    SWEEP_TRIES = 3,
    SWEEP_PAUSE_MS = 2000, /* between tries */
};

struct sweep {
    char names[SWEEP_NAMES_MAX][ABILITY_NAME_BYTES];
    size_t count, next;
    int tries_left; /* 0: nothing to look for */
    int64_t due_ms; /* of ipp_now_ms */
};

/* From now on a job of that name is ours. */
void sweep_remember(struct sweep *sweep, const char *name);
/* There may be an empty job of ours. */
void sweep_want(struct sweep *sweep);
bool sweep_wanted(const struct sweep *sweep); /* due at due_ms */

/* Looks once, within the guard's deadline, and cancels what it finds. Not while a job of ours is
 * under way. */
void sweep_run(struct sweep *sweep, const struct ipp_target *target, const struct ipp_guard *guard);

#endif
