/* The job at the printer; see follow.h. */
#include "printer/device/follow.h"

#include <stdio.h>

static enum follow_verdict end(enum follow_verdict verdict, const char *why, char *reason);
static void ask_later(struct follow *follow, int64_t now_ms);

void follow_start(struct follow *follow, int64_t now_ms)
{
    *follow = (struct follow){
        .started_ms = now_ms,
        .answered_ms = now_ms,
        .free_ms = now_ms,
        .pause_ms = FOLLOW_PAUSE_FIRST_MS,
        .next_ask_ms = now_ms + FOLLOW_PAUSE_FIRST_MS,
    };
}

void follow_cut_off(struct follow *follow)
{
    follow->cut = true;
}

void follow_cancelled(struct follow *follow, bool accepted, int64_t now_ms)
{
    if (follow->cancelled_ms == 0)
        follow->cancelled_ms = now_ms;
    follow->cancel_accepted = follow->cancel_accepted || accepted;
    follow->pause_ms = FOLLOW_PAUSE_FIRST_MS;
    follow->next_ask_ms = now_ms + FOLLOW_PAUSE_FIRST_MS;
}

enum follow_verdict follow_answered(struct follow *follow, const struct job_report *report,
                                    const char *held_by, int64_t now_ms, char *reason)
{
    bool held = held_by[0] != '\0';
    if (held != follow->held)
        follow->free_ms = now_ms;
    follow->held = held;
    follow->answered_ms = now_ms;
    ask_later(follow, now_ms);

    switch (report->phase) {
    case JOB_COMPLETED: return end(FOLLOW_PRINTED, "", reason);
    case JOB_CANCELED: return end(FOLLOW_FAILED, "canceled", reason);
    case JOB_ABORTED:
        return end(FOLLOW_FAILED, report->reason[0] ? report->reason : "aborted", reason);
    case JOB_WAITS:
    case JOB_PRINTS: break;
    }
    if (follow->cancelled_ms && now_ms - follow->cancelled_ms >= FOLLOW_CANCEL_MS)
        /* RFC 8011, 4.3.3: what a printer has accepted to cancel, it does not begin to print. */
        return end(follow->cancel_accepted && held ? FOLLOW_FAILED : FOLLOW_UNKNOWN, "canceled",
                   reason);
    if (follow->cut && report->lacks_document && now_ms - follow->started_ms >= FOLLOW_CUT_MS)
        return end(FOLLOW_UNKNOWN, "interrupted", reason);
    if (now_ms - follow->free_ms >= (held ? FOLLOW_HELD_MS : FOLLOW_IDLE_MS))
        return end(FOLLOW_UNKNOWN, held ? held_by : "timed-out", reason);
    return end(FOLLOW_ON, held_by, reason);
}

enum follow_verdict follow_unanswered(struct follow *follow, bool lost, int64_t now_ms,
                                      char *reason)
{
    ask_later(follow, now_ms);
    if (lost)
        return end(FOLLOW_UNKNOWN, "job-lost", reason);
    if (now_ms - follow->answered_ms >= FOLLOW_SILENCE_MS ||
        (follow->cancelled_ms && now_ms - follow->cancelled_ms >= FOLLOW_CANCEL_MS))
        return end(FOLLOW_UNKNOWN, "offline", reason);
    return end(FOLLOW_ON, "offline", reason);
}

static enum follow_verdict end(enum follow_verdict verdict, const char *why, char *reason)
{
    snprintf(reason, PRINTER_REASON_BYTES, "%s", why);
    return verdict;
}

static void ask_later(struct follow *follow, int64_t now_ms)
{
    follow->next_ask_ms = now_ms + follow->pause_ms;
    follow->pause_ms = follow->pause_ms * 3 / 2;
    if (follow->pause_ms > FOLLOW_PAUSE_MOST_MS)
        follow->pause_ms = FOLLOW_PAUSE_MOST_MS;
}
