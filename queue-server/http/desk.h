/* The desk: one thread that owns the queue (engine) and the journal (store). Everything that changes anything passes
 * here: it takes all that waits, decides and evolves one command after the other, writes what came of them in ONE
 * transaction, and only after the commit are answers given and views published. When the commit fails, the engine is
 * thrown away and rebuilt from the journal, and every caller of the batch is told so.
 *
 * It also opens and closes the day by the clock, and journals the site when it is a new one, at start and later. */
#ifndef QUARTER_HTTP_DESK_H
#define QUARTER_HTTP_DESK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/engine.h"
#include "http/clock.h"
#include "http/day_extract.h"
#include "http/hub.h"
#include "http/metrics.h"
#include "http/problem.h"
#include "http/site_book.h"
#include "http/topics.h"
#include "http/visits.h"
#include "http/what_if.h"
#include "quarter/status.h"
#include "site/site.h"
#include "store/store.h"

struct people;

enum { DESK_WAITING_MAX = 1024 };

enum desk_verb {
    DESK_COMMAND,    /* command, key, body_hash[, private_text] */
    DESK_TICKET,     /* reads command.ticket_id */
    DESK_PRINT,      /* see prints.h */
    DESK_PRINT_DONE, /* likewise: printed */
    DESK_VISIT,      /* reads the visit of command.ticket_id as its phone sees it */
    DESK_BOARD,      /* reads a board's view: topic */
    DESK_COUNTERS,   /* reads the list of counters */
    DESK_FORECAST,   /* reads the newest forecast */
    DESK_SCORE,      /* reads how true forecasts were */
    DESK_ADVICE,     /* for the forecast's thread, and so is the next */
    DESK_WHAT_IF,    /* what_if */
    DESK_FLOOR,      /* reads the floor's view */
    DESK_FIND,       /* reads today's tickets of this number: find */
    DESK_TODAY,      /* takes the day's visits as they stand: extract */
    DESK_SITE,       /* edition: in force from now on, if it fits */
};

enum { DESK_DETAIL_MAX = 200 };

/* A piece of work, made by a caller, who owns it again from the call of done() on. */
struct desk_job {
    enum desk_verb verb;
    struct command
        command; /* now_ms, ticket_id of a new ticket, day and rules are the desk's to fill */
    bool is_bound_to_counter; /* refused at a counter that is not the actor's own */
    char key[QUARTER_KEY_MAX + 1];
    char body_hash[QUARTER_HASH_LEN + 1];
    char *
        private_text; /* answers of a new ticket, as JSON; a note to the next counter; a reference. Owned;
                           NULL: none */
    struct what_if *what_if;           /* owned */
    char find[QUARTER_NUMBER_MAX + 1]; /* a number, or part of it */
    int topic;                         /* of the hub */
    struct site_edition *edition;      /* owned, until it is in force */
    void (*done)(void *context);       /* on the desk's thread */
    /* By a visitor's phone: it hears of nothing but its visit, and only as long as that is told of. */
    bool of_visitor;
    bool printed;
    void *context;
    /* the outcome */
    enum problem_code problem;
    char detail[DESK_DETAIL_MAX + 1]; /* of the problem; "": its code's own sentence */
    int http_status;
    char *body;                  /* JSON; owned; NULL with 204 */
    struct day_extract *extract; /* owned; else NULL */
    struct desk_job *next;
};

struct desk_job *desk_job_create(enum desk_verb verb);
void desk_job_destroy(struct desk_job *job); /* NULL-safe */

struct desk_config {
    struct store_config store;
    const struct site *site;
    const struct rules *rules; /* the site's, or with another policy */
    struct clock *clock;
    struct metrics *metrics;
    struct forecast_thread *forecasts; /* NULL: nothing is told of waits */
    /* Of a desk, not of a ledger alone. */
    struct site_book *sites; /* whose current edition the site and its rules are */
    struct topics *topics;
    struct people *people;         /* NULL: sign-in is off */
    struct device_states *devices; /* NULL: nothing is known of any */
    struct visits *visits;         /* NULL: none is followed by phone */
};

struct desk;

/* Opens the journal and replays it. error gets a sentence a person can act on. The thread starts with desk_start(). */
enum status desk_create(const struct desk_config *config, struct desk **desk, char *error,
                        size_t error_size);
void desk_start(struct desk *desk, struct hub *hub);
/* PROBLEM_NONE, or why it was not taken (then done() is not called): TOO_BUSY, STOPPING. Any thread. */
enum problem_code desk_submit(struct desk *desk, struct desk_job *job);
/* Somebody wants to see a view that was not being built. Any thread. */
void desk_poke(void *desk);
/* Does what still waits, then ends the thread; later jobs are refused. */
void desk_stop(struct desk *desk);
void desk_destroy(struct desk *desk);

/* Whether the journal takes writes, as far as is known: for /healthz. Any thread. */
bool desk_is_well(const struct desk *desk);
/* Whether the thread has come round lately: for a watchdog. Any thread. */
bool desk_is_alive(const struct desk *desk);

#endif
