/* How long everybody will wait, as the last forecast said: for each ticket that waited then, and for a visitor who came
 * now to each service. Made by the forecast's thread, then handed to the desk, which owns it and never changes it.
 *
 * Tickets and services are the engine's indices, which stay what they are for a whole day: waits are those of one
 * day's engine, and of no other's. */
#ifndef QUARTER_HTTP_WAITS_H
#define QUARTER_HTTP_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "engine/forecast/advice.h"
#include "engine/forecast/day_share.h"
#include "engine/forecast/forecast.h"
#include "http/scorer.h"

struct ticket_wait {
    int32_t ticket;
    struct promise wait;
    int32_t later_permille;  /* chance that it waits longer than it was told last ... */
    int64_t promised_ms;     /* ... which was this; 0: it had been told nothing */
    int32_t breach_permille; /* chance that it waits longer than the standard */
};

/* What the rest of a day comes to when nothing is changed; looked at less often. */
struct waits_today {
    char day[QUARTER_DAY_LEN + 1];
    int64_t as_of_ms; /* 0: not known */
    struct outlook outlook;
    int64_t noon_ms;
    struct day_share noon, close; /* share (b) of report/DEFINITIONS.md as it will stand then */
};

/* A newcomer of class normal with one need that restricts. */
struct needy_wait {
    int16_t service;
    uint32_t need; /* one bit */
    struct promise wait;
};

struct waits {
    char day[QUARTER_DAY_LEN + 1];
    int64_t as_of_ms; /* engine time of what it was made from */
    int runs;
    int64_t took_ns;
    struct scorer_figures figures;    /* of what was told before */
    int64_t journal_seq, through_seq; /* the journal then; how far it was learned from */
    size_t ticket_count;
    struct ticket_wait *tickets;                                    /* by index, ascending */
    struct promise newcomers[QUARTER_SERVICES_MAX][TICKET_CLASSES]; /* without needs */
    size_t needy_count;
    struct needy_wait *needy;
    uint32_t restricting[QUARTER_SERVICES_MAX]; /* snapshot_restricting_needs() */
};

/* From a forecast and the snapshot it was made from; both NULL: no day is open, and nobody waits. */
struct waits *waits_make(const char *day, const struct snapshot *snapshot,
                         const struct forecast *forecast);
void waits_destroy(struct waits *waits); /* NULL-safe */

/* NULL: not known (or waits NULL). */
const struct ticket_wait *waits_of_ticket(const struct waits *waits, int32_t ticket);
/* The chance that it waits longer than the standard, in thousandths, although no wait could be told; 0: not known. */
int32_t waits_breach_permille(const struct waits *waits, int32_t ticket);
/* Needs that make no difference at the service are left out; NULL too for several that do, and for one in another class
 * than normal. */
const struct promise *waits_of_newcomer(const struct waits *waits, int service,
                                        enum ticket_class ticket_class, uint32_t needs);

#endif
