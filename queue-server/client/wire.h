/* What the server says to a kiosk and a display, as plain values: checked and bounded once, here at
 * the edge, so that nobody behind it meets a half-read document. No pointers inside: copy and
 * compare freely. Unknown fields are ignored; a missing or wrongly typed one that is needed makes
 * the whole document STATUS_INVALID. */
#ifndef QUARTER_CLIENT_WIRE_H
#define QUARTER_CLIENT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/clock.h"
#include "quarter/limits.h"
#include "quarter/status.h"

enum {
    WIRE_NOTICES_MAX = 8,
    WIRE_PRINTS_MAX = 8, /* of one kiosk at a time; the server asks for fewer */
    WIRE_NOTICE_BYTES = 400,
    WIRE_URL_BYTES = 400,
    WIRE_SENTENCE_BYTES = 300,
    WIRE_CALLS_MAX = QUARTER_COUNTERS_MAX, /* a counter has one ticket at most */
    WIRE_BOARD_BYTES = 256 * 1024,         /* of JSON */
    WIRE_RECEIPT_BYTES = 16 * 1024,
    WIRE_WAIT_MAX_MIN = 24 * 60, /* a wait past a day is as good as none: it is not told */
};

/* How long somebody will wait, or known = false when the server makes no forecast. What is told to
 * people is low_min to high_min, which the server alone rounds; the seconds are for colours. */
struct wait_range {
    bool known;
    int32_t p20_s, p50_s, p90_s;
    int32_t low_min, high_min;
    int64_t as_of_ms; /* UTC; 0: not said */
};

/* While those who wait for a service are told that it takes longer than they were promised. */
struct wait_delay {
    bool known;
    int64_t since_ms; /* UTC */
    int32_t low_min, high_min;
};

/* A call that stands: the visitor was called and nobody has started to serve them. */
struct board_call {
    int32_t announcement; /* of the day, from 1; a recall gets a new one */
    int32_t recalls;
    int64_t called_at_ms;
    char ticket[QUARTER_ULID_LEN + 1];
    char number[QUARTER_NUMBER_MAX + 1];
    char counter[QUARTER_CODE_MAX + 1];
    char language[QUARTER_CODE_MAX + 1]; /* the visitor's; "" when not told */
};

/* The wait of somebody who came now with one need that only some counters meet. */
struct need_wait {
    char need[QUARTER_CODE_MAX + 1];
    struct wait_range wait;
};

struct board_service {
    char service[QUARTER_CODE_MAX + 1];
    int32_t waiting, ahead; /* who waits for it; who would come before a new ticket of it */
    struct wait_range wait; /* of somebody who came now, with no need that restricts */
    struct wait_delay delayed;
    int need_wait_count;
    struct need_wait need_waits[QUARTER_NEEDS_MAX]; /* only needs that restrict; see below */
};

/* A notice: of a template, whose words the catalogues have, or in the languages it was written in. */
struct board_notice {
    char template_code[QUARTER_CODE_MAX + 1]; /* "": it brings its own texts */
    char service[QUARTER_CODE_MAX + 1];       /* "": none in particular */
    int32_t minutes;                          /* 0: none are told */
    int language_count;
    char languages[QUARTER_LANGUAGES_MAX][QUARTER_CODE_MAX + 1];
    char texts[QUARTER_LANGUAGES_MAX][WIRE_NOTICE_BYTES + 1];
};

/* The help call of the kiosk whose board this is. An answered one stays for a minute, then goes. */
struct board_help {
    bool called;
    int64_t since_ms;       /* UTC */
    int64_t answered_at_ms; /* UTC; 0: nobody has answered yet */
};

/* A ticket, as its holder is told of it. */
struct ticket_receipt {
    char key[QUARTER_KEY_MAX + 1]; /* of the request */
    bool repeated; /* the server had issued it at an earlier attempt (200, not 201) */
    char id[QUARTER_ULID_LEN + 1];
    char number[QUARTER_NUMBER_MAX + 1]; /* as shown: "H07" */
    char service[QUARTER_CODE_MAX + 1];
    char language[QUARTER_CODE_MAX + 1]; /* "": not told */
    char state[QUARTER_CODE_MAX + 1];
    int32_t ahead;
    struct wait_range wait;
    int64_t issued_at_ms;         /* UTC */
    char url[WIRE_URL_BYTES + 1]; /* "": none */
    bool nobody_serves;           /* no counter offers it: show "please see a greeter" */
};

/* A ticket that somebody elsewhere wants printed here, once. */
struct board_print {
    char id[QUARTER_ULID_LEN + 1];
    struct ticket_receipt ticket;
};

/* What a kiosk's or a display's stream says: the whole of it, each time. */
struct board_view {
    int64_t version;
    struct client_clock clock; /* `now` and `utc_offset_s` of the view, and when it was heard */
    char day[QUARTER_DAY_LEN + 1];
    bool open;            /* the doors are open: tickets are issued now */
    int64_t next_open_ms; /* UTC; 0: not known */
    char site_hash[QUARTER_HASH_LEN + 1];
    int32_t announcement; /* the last one given today; standing calls may be older */
    int call_count;
    struct board_call calls[WIRE_CALLS_MAX]; /* newest announcement first */
    int service_count;
    struct board_service services[QUARTER_SERVICES_MAX];
    int notice_count;
    struct board_notice notices[WIRE_NOTICES_MAX];
    int print_count;
    struct board_print prints[WIRE_PRINTS_MAX]; /* of this kiosk; none of a display */
    struct board_help help;                     /* of this kiosk; never called for a display */
};

/* What was answered: the codes of what was chosen, or what was typed. */
struct issue_answer {
    char question[QUARTER_CODE_MAX + 1];
    bool is_list;     /* several could be chosen: sent as a list, even of one */
    int choice_count; /* 0: typed */
    char choices[QUARTER_ANSWER_CHOICES_MAX][QUARTER_CODE_MAX + 1];
    char text[QUARTER_ANSWER_BYTES + 1]; /* UTF-8, when nothing was chosen; "": not sent */
};

/* One visit's wish for a ticket. The key is made once per visit (client_new_key) and never used for
 * another. */
struct issue_request {
    char key[QUARTER_KEY_MAX + 1];
    char service[QUARTER_CODE_MAX + 1];
    char language[QUARTER_CODE_MAX + 1]; /* "": not told */
    char device[QUARTER_CODE_MAX + 1];   /* "": not told */
    int need_count;
    char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1];
    int answer_count;
    struct issue_answer answers[QUARTER_ANSWERS_MAX];
    char avoidable[QUARTER_CODE_MAX + 1];    /* why the contact need not have happened; "": none */
    char ticket_class[QUARTER_CODE_MAX + 1]; /* "assisted", "urgent"; "": normal */
};

/* A visit that ended at the kiosk without a queue. The key is made once per visit. */
struct visit_request {
    char key[QUARTER_KEY_MAX + 1];
    char kind[QUARTER_CODE_MAX + 1]; /* "signposted" or "self_served" */
    char service[QUARTER_CODE_MAX + 1];
    char signpost[QUARTER_CODE_MAX + 1];  /* "": none */
    char language[QUARTER_CODE_MAX + 1];  /* "": not told */
    char device[QUARTER_CODE_MAX + 1];    /* "": not told */
    char avoidable[QUARTER_CODE_MAX + 1]; /* "": none */
};

/* Why the server would not issue: a problem document. */
struct issue_refusal {
    char key[QUARTER_KEY_MAX + 1];
    int http_status;
    char code[QUARTER_CODE_MAX + 1]; /* "day-closed"; "" when the answer was no problem document */
    char detail[WIRE_SENTENCE_BYTES + 1]; /* in English, for the log, not for the visitor */
};

/* Each reads one JSON document; *out is written only on STATUS_OK. `heard_at_ms`
 * (client_monotonic_ms) goes into the view's clock. STATUS_INVALID: not such a document;
 * STATUS_TOO_LARGE: past the bounds above. */
enum status wire_read_board(const char *json, size_t length, int64_t heard_at_ms,
                            struct board_view *out);
enum status wire_read_beat(const char *json, size_t length, int64_t *now_ms);
enum status wire_read_receipt(const char *json, size_t length, struct ticket_receipt *out);
/* Never fails: what cannot be read stays empty. */
void wire_read_problem(const char *json, size_t length, struct issue_refusal *out);
/* The body of POST /api/tickets, to be freed with free(); NULL when out of memory or not UTF-8. */
char *wire_write_issue(const struct issue_request *request);
/* Likewise of POST /api/visits, and of POST /api/help (language may be ""). */
char *wire_write_visit(const struct visit_request *request);
char *wire_write_help(const char *device, const char *language);

/* Of POST /api/prints/ID/done, and of PUT /api/devices/self/state: printer state "" is none, reason "" likewise. */
char *wire_write_print_done(bool printed);
char *wire_write_device_state(const char *device, const char *printer, const char *reason);

/* RFC 3339 UTC ("2026-11-24T10:42:07.123Z", fraction optional) to ms since 1970; false: not such a
 * time. */
bool wire_read_time(const char *text, int64_t *utc_ms);
/* The wait of a newcomer of this service with these needs (codes): service->wait when none of them
 * restricts, the one need's when one does, NULL (not known) when several do. */
const struct wait_range *board_wait_with_needs(const struct board_service *service,
                                               const char *const *needs, int need_count);
/* A notice's text in `language`, else English, else its first; never NULL. */
const char *board_notice_text(const struct board_notice *notice, const char *language);

#endif
