/* What becomes of a job that the printer has: a pure state machine over (what the printer says, now).
 *
 *   asked again after 0.25 s, then ever less often, up to 2 s
 *   completed -> PRINTED
 *   aborted, canceled -> FAILED
 *   no answer for 30 s, or gone from the printer's list -> UNKNOWN: nobody can say if it is on paper
 *   neither done nor held up by anything for 2 min -> UNKNOWN, after a Cancel-Job
 *   its document was cut off and the printer still waits for it after 5 s -> UNKNOWN, likewise
 *   held up (no paper) -> waits, an hour at most
 *   cancelled -> 10 s for the printer to say what became of it */
#ifndef QUARTER_DEVICE_FOLLOW_H
#define QUARTER_DEVICE_FOLLOW_H

#include "printer/device/ability.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    FOLLOW_PAUSE_FIRST_MS = 250,
    FOLLOW_PAUSE_MOST_MS = 2000,
    FOLLOW_SILENCE_MS = 30 * 1000,
    FOLLOW_IDLE_MS = 2 * 60 * 1000,
    FOLLOW_CUT_MS = 5 * 1000,
    FOLLOW_HELD_MS = 60 * 60 * 1000,
    FOLLOW_CANCEL_MS = 10 * 1000,
};

enum follow_verdict { FOLLOW_ON, FOLLOW_PRINTED, FOLLOW_FAILED, FOLLOW_UNKNOWN };

struct follow {
    int64_t started_ms;
    int64_t answered_ms; /* last answer */
    int64_t free_ms;     /* last time nothing held it up, or the start of being held up */
    int64_t next_ask_ms;
    int64_t cancelled_ms; /* 0: not cancelled */
    int pause_ms;
    bool held;
    bool cut;
    bool cancel_accepted;
};

void follow_start(struct follow *follow, int64_t now_ms);
/* The document may not have arrived whole. */
void follow_cut_off(struct follow *follow);
void follow_cancelled(struct follow *follow, bool accepted, int64_t now_ms);

/* An answer about the job; held_by: why the printer stands still, or "". `reason`
 * (PRINTER_REASON_BYTES) is set for every verdict: "" where there is nothing to say. */
enum follow_verdict follow_answered(struct follow *follow, const struct job_report *report,
                                    const char *held_by, int64_t now_ms, char *reason);
/* No answer; lost: the printer answers, but does not know the job. */
enum follow_verdict follow_unanswered(struct follow *follow, bool lost, int64_t now_ms,
                                      char *reason);

#endif
