/* What the visitor is asked, as one pure state machine: (journey, input, now) -> journey + effects.
 *
 *     starting --site--> welcome <----> closed                      (at rest: nobody is here)
 *                           | a language; a scanned letter leads to its service at once
 *                           v
 *       +--------------> services <--> search ---- a service, "I'm not sure" --------+
 *       |       a group of |  ^  \___ a group of one, "I'm not sure" ________________|
 *       |          several v  | Back                                                 |
 *       |                 group ------------ a service ------------------------------+
 *       |                                                                            v
 *       |            see somebody   +----------- signpost <--- such an answer --- question <-+
 *       |                           v               | finished                     |   | ^   | next
 *       +------------------------ ready <-----------|---- no more of ask: first ---+   +-----+
 *       |                         | ^ |  "Help us prepare": those of ask: later, and back
 *       |                   needs-+ | | Get my ticket   |
 *       |                           | v                 v
 *   (at rest) <--Finished, idle-- done <-- ticket -- getting <-- keep trying --+
 *       ^                           ^                  | refused, no answer    |
 *       +---- start again ----------+---- ticket ----- problem (in 30 s) ------+
 *
 * Back goes the same way in the other direction. Language and "Aa" open `languages` and `ease` over
 * any page and come back to it. 30 s without a touch or key (and without speech that is still going
 * on): "Are you still there?" lies over the page; 20 s more and the visit ends. Help stands beside
 * all of it: it calls a person to this kiosk and outlives the visit.
 *
 * Time and randomness are arguments; a touch's time is when it was made, however late it is taken
 * in. The caller keeps the site; a new one, or closing time, is only taken in at rest, so that
 * neither ever interrupts a visitor. */
#ifndef QUARTER_KIOSK_JOURNEY_H
#define QUARTER_KIOSK_JOURNEY_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/limits.h"
#include "quarter/ticket.h"

enum {
    JOURNEY_IDLE_MS = 30000,        /* idle so long ... */
    JOURNEY_ASK_MS = 20000,         /* ... and 20 s more (WCAG 2.2.1) */
    JOURNEY_ASK_HEARD_MS = 40000,   /* for those who must hear the question first */
    JOURNEY_HELP_IDLE_MS = 180000,  /* who waits for help keeps the page they need help with */
    JOURNEY_DONE_MS = 20000,        /* time to read a number and take a ticket, then it is asked */
    JOURNEY_DONE_MOST_MS = 90000,   /* news of the paper keeps the page longer, but not for ever */
    JOURNEY_DOUBLE_MS = 500,        /* EN 301 549, 5.8: double strikes */
    JOURNEY_SLOW_MS = 4000,         /* after this the visitor is told why it takes longer */
    JOURNEY_GIVE_UP_MS = 30000,     /* no answer at all: say so; the request itself goes on */
    JOURNEY_PAPER_SLOW_MS = 15000,  /* "Printing..." must not stand there for ever */
    JOURNEY_OFFLINE_TOLD_MS = 5000, /* a server restart takes less and concerns nobody */
    JOURNEY_HELP_FAIL_MS = 10000,   /* nobody confirmed the call: say so */
    JOURNEY_HELP_STALE_MS = 5000,   /* news of a call just cancelled may be older than that */
    JOURNEY_GROUPS_MAX = 8,
    JOURNEY_GROUP_SERVICES_MAX = 12,
    JOURNEY_ASKED_MAX = 6, /* sites ask three at most along any route */
    JOURNEY_TYPED_BYTES = 4 * QUARTER_ANSWER_LETTERS_MAX + 4,
    JOURNEY_SCAN_MAX = 64, /* bytes of a scanned code */
    JOURNEY_SEARCH_LETTERS = 40,
    JOURNEY_COPIES_MAX = 3,         /* slips of one ticket */
    JOURNEY_SIGNPOST_SLIPS_MAX = 3, /* of all signposts of a visit */
    JOURNEY_SHEETS = 2520,          /* `sheet` counts modulo this: divisible by 1 to 10 */
    JOURNEY_KEYBOARDS = 12,         /* `keyboard` likewise */
    JOURNEY_TEXT_SIZES = 3,
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
    X(SEARCH, "search")                                                                            \
    X(QUESTION, "question")                                                                        \
    X(SIGNPOST, "signpost")                                                                        \
    X(LANGUAGES, "languages")                                                                      \
    X(EASE, "ease")                                                                                \
    X(READY, "ready")                                                                              \
    X(NEEDS, "needs")                                                                              \
    X(GETTING, "getting")                                                                          \
    X(DONE, "done")                                                                                \
    X(PROBLEM, "problem")

enum journey_page {
#define X(name, code) PAGE_##name,
    JOURNEY_PAGE_LIST(X)
#undef X
};

/* What touching something means. `item` counts in the site: a language, group, service or need; in
 * the question shown: an answer; ACTION_TYPE: a Unicode code point, or JOURNEY_BACKSPACE. */
enum journey_action {
    ACTION_NONE, /* touched beside everything: somebody is there */
    ACTION_CHOOSE_LANGUAGE,
    ACTION_CHOOSE_GROUP,
    ACTION_CHOOSE_SERVICE, /* on group and search */
    ACTION_NOT_SURE,       /* on a question: skips it */
    ACTION_MORE,           /* the next sheet of tiles, where one page cannot hold them */
    ACTION_SEARCH,
    ACTION_TYPE,
    ACTION_CLEAR,
    ACTION_KEYBOARD,      /* the next keyboard of the language: its script, Latin, ... */
    ACTION_CHOOSE_ANSWER, /* one, yes_no: chooses it and goes on; several: ticks or unticks */
    ACTION_CONTINUE,
    ACTION_SKIP,
    ACTION_SEE_SOMEBODY, /* signpost: to ready all the same */
    ACTION_PRINT_SIGNPOST,
    ACTION_NEEDS,     /* ready: the page of needs, where ready has no room for them */
    ACTION_QUESTIONS, /* ready: "Help us prepare" */
    ACTION_TOGGLE_NEED,
    ACTION_GET_TICKET,
    ACTION_PRINT_AGAIN,
    ACTION_BACK,
    ACTION_LANGUAGE,
    ACTION_EASE,
    ACTION_TEXT_SIZE, /* item 0, 1, 2: that size; -1: the next one */
    ACTION_CONTRAST,
    ACTION_LOW_REACH,
    ACTION_LISTEN, /* speech on or off */
    ACTION_HELP,
    ACTION_HELP_CANCEL,
    ACTION_KEEP_TRYING, /* problem: wait on for the same request */
    ACTION_START_AGAIN,
    ACTION_STILL_HERE,
    ACTION_FINISHED,
};
enum { JOURNEY_ACTIONS = ACTION_FINISHED + 1, JOURNEY_BACKSPACE = 8, JOURNEY_SPACE = 32 };

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
    PAPER_LOW,     /* prints; not the visitor's business */
    PAPER_UNKNOWN, /* prints, but never tells how it is */
    PAPER_OUT,     /* from here on nothing will come out */
    PAPER_JAM,
    PAPER_OPEN,
    PAPER_GONE, /* stopped, switched off, unplugged */
};

/* This visit's slip. */
enum journey_job {
    JOB_NONE, /* no printer, or nothing was to be printed */
    JOB_PRINTING,
    JOB_PRINTED,
    JOB_FAILED,
    JOB_UNKNOWN, /* printer silent or crashed: nobody knows whether paper came */
};

/* A person called to this kiosk. */
enum journey_help {
    HELP_NONE,
    HELP_CALLING,  /* said, not confirmed yet */
    HELP_CALLED,   /* staff see it */
    HELP_ANSWERED, /* somebody is coming */
    HELP_FAILED,   /* nobody could be told */
};

/* What the page says beside its content until the next touch. */
enum journey_notice {
    NOTICE_NONE,
    NOTICE_SCAN_UNKNOWN, /* a code was scanned that says nothing here, or could not be read */
    NOTICE_SLIPS_USED,   /* all slips of signposts that a visit gets are printed */
};

enum journey_question_kind {
    QUESTION_ONE,
    QUESTION_SEVERAL,
    QUESTION_YES_NO,
    QUESTION_NUMBER,
    QUESTION_TEXT,
};

struct journey_question {
    enum journey_question_kind kind;
    int most; /* number: digits, text: letters */
    int answers;
    struct {
        int service;                    /* leads there, or -1 */
        int signpost;                   /* or -1 */
        enum ticket_class ticket_class; /* NORMAL: as it was */
        uint32_t needs;
        bool avoidable; /* this contact need not have been, for the site's reason */
    } answer[QUARTER_ANSWER_CHOICES_MAX];
};

/* The shape of a site as far as the way through the pages depends on it. Indices are the site's. */
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
    struct {
        bool ask_first; /* its questions come before ready, else behind a button there */
        int questions;
        int question[QUARTER_SERVICE_QUESTIONS_MAX];
    } service[QUARTER_SERVICES_MAX];
    int questions;
    struct journey_question question[QUARTER_QUESTIONS_MAX];
    int signposts;
    bool signpost_prints[QUARTER_SIGNPOSTS_MAX];
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

/* A question that was put, in the order they were; neither answered nor skipped: just shown. */
struct journey_asked {
    int question;
    bool answered, skipped;
    uint32_t choices;               /* one bit an answer */
    char text[JOURNEY_TYPED_BYTES]; /* UTF-8; number, text */
};

enum journey_input_kind {
    INPUT_TICK,     /* time has passed */
    INPUT_TOUCH,    /* action, item, fresh_key, by_keypad */
    INPUT_KEY,      /* a keypad's key, whatever it then does: fresh_key */
    INPUT_SCAN,     /* text, item (a service or -1), fresh_key */
    INPUT_HEADSET,  /* headset: plugged in or pulled out */
    INPUT_VOICE,    /* speaks: whether anything can be said aloud */
    INPUT_SPEAKING, /* speech is going on: who listens is not idle */
    INPUT_SITE,     /* a new site is here for the taking */
    INPUT_DOORS,    /* open: whether tickets are given now */
    INPUT_ONLINE,
    INPUT_OFFLINE,
    INPUT_TICKET,  /* key, ticket */
    INPUT_REFUSED, /* key, problem */
    INPUT_PAPER,   /* paper */
    INPUT_JOB,     /* ticket.id (of the slip), copy, job */
    INPUT_HELP,    /* help, as the server sees it: NONE, CALLED or ANSWERED; FAILED: not asked */
};

struct journey_input {
    enum journey_input_kind kind;
    enum journey_action action;
    int item;
    bool by_keypad; /* the touch was a keypad's select or back */
    /* Random, new for every touch, key and scan: the idempotency key of what it may start. */
    char fresh_key[JOURNEY_KEY_LEN + 1];
    bool open;
    bool headset;
    bool speaks;
    char key[JOURNEY_KEY_LEN + 1];
    struct journey_ticket ticket;
    enum journey_problem problem;
    enum journey_paper paper;
    enum journey_job job;
    int copy; /* of the slip; 0: not told, this one */
    enum journey_help help;
    char text[JOURNEY_SCAN_MAX + 1];
};

enum {
    EFFECT_ADOPT_SITE = 1 << 0, /* from now on hand in the new site */
    /* Ask for a ticket: key, service, language, needs, class, reason and answers of the journey; at
     * most once a key. */
    EFFECT_ISSUE = 1 << 1,
    EFFECT_CANCEL = 1 << 2,         /* stop asking for cancel_key */
    EFFECT_PRINT = 1 << 3,          /* print the journey's ticket */
    EFFECT_VISIT = 1 << 4,          /* record `visit`, which ended at a signpost */
    EFFECT_HELP = 1 << 5,           /* call a person to this kiosk */
    EFFECT_HELP_CANCEL = 1 << 6,    /* no longer */
    EFFECT_PRINT_SIGNPOST = 1 << 7, /* print the journey's signpost as slip `slip`, `copy` */
    EFFECT_PRINT_AGAIN = 1 << 8,    /* print the ticket again, as `copy` */
    EFFECT_HUSH = 1 << 9,           /* stop speaking */
    /* The visit is over: nothing of what was typed, scanned or said stays in memory. */
    EFFECT_FORGET = 1 << 10,
};

/* Why this contact need not have been: an answer with a reason. question -1: none. */
struct journey_reason {
    int question, answer;
};

/* A visit that ended at a signpost. */
struct journey_visit {
    char key[JOURNEY_KEY_LEN + 1];
    int service, signpost;
    int language; /* or JOURNEY_DEFAULT_LANGUAGE */
    struct journey_reason reason;
};

/* Plain data: what the view draws. Written by journey/ alone. Grouped by what belongs together.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct journey {
    enum journey_page page;
    enum journey_page under; /* languages, ease: the page they lie over */
    bool asking;             /* "Are you still there?" lies over the page */
    int text_size;           /* 0 normal, 1, 2 */
    bool contrast;
    bool low_reach;
    bool listening;  /* speech is on */
    bool keypad;     /* a keypad is in use: the focus is shown */
    bool headset;    /* plugged in */
    bool speechless; /* no voice or no device: Listen is greyed, until there is one */
    int language;    /* or JOURNEY_DEFAULT_LANGUAGE */
    int group;       /* or -1: came without one */
    int service;     /* where the choice and the answers lead, or -1 */
    uint32_t needs;  /* one bit a need of the site: chosen, or flagged by an answer */
    int sheet;       /* of tiles: the view shows sheet % sheets */
    int keyboard;    /* search, question: the view shows keyboard % keyboards */
    char typed[JOURNEY_TYPED_BYTES]; /* search, question of kind number or text: as typed so far */
    int question;                    /* question: which of the site, else -1 */
    struct journey_asked asked[JOURNEY_ASKED_MAX];
    int asked_count;
    int at;                                                 /* question: its place in asked */
    int signpost;                                           /* signpost, and after it; else -1 */
    enum ticket_class ticket_class; /* NORMAL: as it was */ /* of the answers */
    struct journey_reason reason;                           /* likewise */
    char key[JOURNEY_KEY_LEN + 1];
    bool slow; /* getting: longer than usual */
    enum journey_problem problem;
    struct journey_ticket ticket;
    enum journey_paper paper;
    enum journey_job job;
    char slip[QUARTER_ULID_LEN + 1]; /* whose job `job` tells of: the ticket's id, a signpost's */
    int copy;                        /* of it, from 1 */
    int signpost_slips;              /* asked for in this visit */
    enum journey_help help;
    enum journey_notice notice;
    bool offline;    /* for long enough to be told */
    uint64_t offers; /* see journey_offers */
    /* below: bookkeeping the view does not look at */
    enum journey_page from; /* ready, question: where the service was chosen */
    char searched[4 * JOURNEY_SEARCH_LETTERS + 4]; /* typed on search, for who comes back */
    bool later;                                    /* question: of those behind "Help us prepare" */
    int chosen;                   /* the service chosen there, or -1: answers may lead on */
    int first_count;              /* how many of asked came before ready */
    uint32_t needs_on, needs_off; /* by the visitor's own hand */
    bool wants_speech;            /* asked for by Listen */
    bool silenced;                /* who switched speech off is not spoken to by the next key */
    int64_t help_ms;              /* called, or cancelled */
    bool open;
    bool site_known;
    bool site_waiting;
    bool connected;
    int64_t disconnected_ms;
    int64_t active_ms; /* last sign of the visitor */
    int64_t since_ms;  /* page entered */
    int64_t asked_ms;
    int64_t print_ms;  /* slip asked for */
    int64_t struck_ms; /* last touch that counted */
    enum journey_action struck_action;
    int struck_item;
    enum journey_page struck_page; /* the page it was made on ... */
    int struck_at;                 /* ... which question of it ... */
    bool struck_asking;            /* ... and whether "Are you still there?" lay over it */
};

struct journey_step {
    struct journey journey;
    unsigned effects;
    char cancel_key[JOURNEY_KEY_LEN + 1];
    struct journey_visit visit;
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

/* Whether the action does something now, so that the view can grey what does not (the bar's Back,
 * Continue with nothing answered, Print again with no paper). While "Are you still there?" is
 * asked: STILL_HERE, START_AGAIN and, for they do no harm, LISTEN and HELP. LISTEN only where there
 * is something to listen to. */
bool journey_offers(const struct journey *journey, enum journey_action action);

/* Works out anew what follows from the rest of the journey: needs, class, reason, offers. For those
 * who make journeys up (pictures, tests); journey_next has done it. */
void journey_derive(struct journey *journey, const struct journey_site *site);

/* Something will come out of this printer. */
bool journey_paper_prints(enum journey_paper paper);

const char *journey_page_code(enum journey_page page);

#endif
