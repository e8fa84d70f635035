/* What the visitor is asked, as one pure state machine: (journey, input, now) -> journey + effects.
 *
 *     starting --site--> welcome <----> closed                      (at rest: nobody is here)
 *                           | a language
 *                           v
 *       +--------------> services --- a group of one, "I'm not sure" ---+
 *       |       a group of |  ^                                         |
 *       |          several v  | Back                                    v
 *       |                 group ------------ a service --------------> ready
 *       |                                                              |  |
 *       +----------------------------- Back ---------------------------+  | Get my ticket
 *                                                                         v
 *   (at rest) <--20 s, Finished-- done <--------- ticket ------------- getting
 *                                   ^                                  |     ^
 *                                   |      refused, no answer in 30 s  v     | keep trying
 *                                   +-------------- ticket ----------- problem
 *
 * Back on "ready" leads to the group where the visitor chose from one. Language opens `languages`
 * over any page and comes back to it. 30 s without a touch: "Are you still there?" lies over the
 * page; 20 s more and the visit ends.
 *
 * Time and randomness are arguments; a touch's time is when it was made, however late it is taken
 * in. The caller keeps the site; a new one, or closing time, is only taken in at rest, so that
 * neither ever interrupts a visitor. */
#ifndef QUARTER_KIOSK_JOURNEY_H
#define QUARTER_KIOSK_JOURNEY_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/limits.h"

enum {
    JOURNEY_IDLE_MS = 30000,        /* UI.md: idle 30 s ... */
    JOURNEY_ASK_MS = 20000,         /* ... and 20 s more (WCAG 2.2.1) */
    JOURNEY_DONE_MS = 20000,        /* time to read a number and take a ticket */
    JOURNEY_DONE_MOST_MS = 90000,   /* news of the paper keeps the page longer, but not for ever */
    JOURNEY_DOUBLE_MS = 500,        /* EN 301 549, 5.8: double strikes */
    JOURNEY_SLOW_MS = 4000,         /* after this the visitor is told why it takes longer */
    JOURNEY_GIVE_UP_MS = 30000,     /* no answer at all: say so; the request itself goes on */
    JOURNEY_PAPER_SLOW_MS = 15000,  /* "Printing..." must not stand there for ever */
    JOURNEY_OFFLINE_TOLD_MS = 5000, /* a server restart takes less and concerns nobody */
    JOURNEY_GROUPS_MAX = 8,
    JOURNEY_GROUP_SERVICES_MAX = 12,
    JOURNEY_KEY_LEN = 32,
    JOURNEY_URL_MAX = 400,
    JOURNEY_DEFAULT_LANGUAGE = -1, /* nobody chose one: the kiosk's own */
};

#define JOURNEY_PAGE_LIST(X)                                                                       \
    X(STARTING, "starting")                                                                        \
    X(WELCOME, "welcome")                                                                          \
    X(CLOSED, "closed")                                                                            \
    X(SERVICES, "services")                                                                        \
    X(GROUP, "group")                                                                              \
    X(LANGUAGES, "languages")                                                                      \
    X(READY, "ready")                                                                              \
    X(GETTING, "getting")                                                                          \
    X(DONE, "done")                                                                                \
    X(PROBLEM, "problem")

enum journey_page {
#define X(name, code) PAGE_##name,
    JOURNEY_PAGE_LIST(X)
#undef X
};

/* What touching something means. `item` counts in the site: a language, group, service or need. */
enum journey_action {
    ACTION_NONE, /* touched beside everything: somebody is there */
    ACTION_CHOOSE_LANGUAGE,
    ACTION_CHOOSE_GROUP,
    ACTION_CHOOSE_SERVICE,
    ACTION_NOT_SURE,
    ACTION_TOGGLE_NEED,
    ACTION_GET_TICKET,
    ACTION_BACK,
    ACTION_LANGUAGE,
    ACTION_TEXT_SIZE,
    ACTION_KEEP_TRYING, /* problem: wait on for the same request */
    ACTION_START_AGAIN,
    ACTION_STILL_HERE,
    ACTION_FINISHED,
};

enum journey_problem {
    PROBLEM_NONE,
    PROBLEM_UNREACHABLE, /* no answer yet; the request is still being repeated */
    PROBLEM_CLOSED,      /* day-closed */
    PROBLEM_SERVICE,     /* this service cannot be had: retired, or its numbers are used up */
    PROBLEM_REFUSED,     /* anything else */
};

/* The printer, before a ticket is asked for. */
enum journey_paper {
    PAPER_NO_PRINTER, /* none configured */
    PAPER_READY,
    PAPER_OUT, /* out, open, stopped or gone: nothing will come out */
};

/* This visit's slip. */
enum journey_job {
    JOB_NONE, /* no printer: the number on the screen is the ticket */
    JOB_PRINTING,
    JOB_PRINTED,
    JOB_FAILED,
    JOB_UNKNOWN, /* printer silent or crashed: nobody knows whether paper came */
};

/* The shape of a site as far as the way through the pages depends on it. */
struct journey_site {
    int languages;
    int groups;
    int services;
    int needs;
    int not_sure; /* the service of "I'm not sure", or -1 */
    struct {
        int services;
        int service[JOURNEY_GROUP_SERVICES_MAX];
    } group[JOURNEY_GROUPS_MAX];
};

struct journey_ticket {
    char id[QUARTER_ULID_LEN + 1];
    char number[QUARTER_NUMBER_MAX + 1];
    int ahead;
    bool has_wait;
    int wait_low_min;
    int wait_high_min;
    bool nobody_serves;
    char url[JOURNEY_URL_MAX + 1]; /* "": none */
};

enum journey_input_kind {
    INPUT_TICK,  /* time has passed */
    INPUT_TOUCH, /* action, item, fresh_key */
    INPUT_SITE,  /* a new site is here for the taking */
    INPUT_DOORS, /* open: whether tickets are given now */
    INPUT_ONLINE,
    INPUT_OFFLINE,
    INPUT_TICKET,  /* key, ticket */
    INPUT_REFUSED, /* key, problem */
    INPUT_PAPER,   /* paper */
    INPUT_JOB,     /* ticket.id, job */
};

struct journey_input {
    enum journey_input_kind kind;
    enum journey_action action;
    int item;
    /* Random, new for every touch: becomes the idempotency key of a visit that starts. */
    char fresh_key[JOURNEY_KEY_LEN + 1];
    bool open;
    char key[JOURNEY_KEY_LEN + 1];
    struct journey_ticket ticket;
    enum journey_problem problem;
    enum journey_paper paper;
    enum journey_job job;
};

enum {
    EFFECT_ADOPT_SITE = 1 << 0, /* from now on hand in the new site */
    /* Ask for a ticket: key, service, language, needs of the journey; at most once a key. */
    EFFECT_ISSUE = 1 << 1,
    EFFECT_CANCEL = 1 << 2, /* stop asking for cancel_key */
    EFFECT_PRINT = 1 << 3,  /* print the journey's ticket */
};

/* Plain data: what the view draws. Written by journey.c alone. */
struct journey {
    enum journey_page page;
    enum journey_page under; /* languages: the page it lies over */
    bool asking;             /* "Are you still there?" lies over the page */
    bool large_text;
    int language;   /* or JOURNEY_DEFAULT_LANGUAGE */
    int group;      /* or -1: came without one */
    int service;    /* or -1 */
    uint32_t needs; /* one bit a need of the site */
    char key[JOURNEY_KEY_LEN + 1];
    bool slow; /* getting: longer than usual */
    enum journey_problem problem;
    struct journey_ticket ticket;
    enum journey_paper paper;
    enum journey_job job;
    bool offline; /* for long enough to be told */
    /* below: bookkeeping the view does not look at */
    bool open;
    bool site_known;
    bool site_waiting;
    bool connected;
    int64_t disconnected_ms;
    int64_t active_ms; /* last sign of the visitor */
    int64_t since_ms;  /* page entered */
    int64_t asked_ms;
    int64_t leave_ms;  /* done: when to go */
    int64_t struck_ms; /* last touch that counted */
    enum journey_action struck_action;
    int struck_item;
    enum journey_page struck_page; /* the page it was made on ... */
    bool struck_asking;            /* ... and whether the question lay over it */
};

struct journey_step {
    struct journey journey;
    unsigned effects;
    char cancel_key[JOURNEY_KEY_LEN + 1];
};

struct journey journey_begin(int64_t now_ms);
struct journey_step journey_next(const struct journey *journey, const struct journey_site *site,
                                 const struct journey_input *input, int64_t now_ms);

/* When a tick will next change something, or INT64_MAX. A later input may bring it nearer. */
int64_t journey_wake_ms(const struct journey *journey);

/* Seconds left to answer "Are you still there?". */
int journey_seconds_left(const struct journey *journey, int64_t now_ms);

/* Nobody is here: a new site and the hour may change the screen. */
bool journey_at_rest(const struct journey *journey);

const char *journey_page_code(enum journey_page page);

#endif
