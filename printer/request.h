/* What the kiosk asks to be printed, checked once at the edge (the socket, or a file for
 * --layout-only). Site words are already in the visitor's language; the ticket's own words come
 * from the catalogue when it is drawn. */
#ifndef QUARTER_PRINTER_REQUEST_H
#define QUARTER_PRINTER_REQUEST_H

#include "quarter/limits.h"
#include "quarter/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    REQUEST_TEXT_BYTES = 512,  /* with the terminating 0; Indic letters take three each */
    REQUEST_LONG_BYTES = 2048, /* a signpost's sentences */
    REQUEST_URL_BYTES = 512,
    REQUEST_LANGUAGE_BYTES = 16,
    REQUEST_READY_MAX = 8,
    REQUEST_COPY_MAX = 99,
    REQUEST_AHEAD_UNKNOWN = -1,
};

enum request_kind {
    REQUEST_TICKET,
    REQUEST_SIGNPOST, /* an answer that needs no queue, to take along */
    REQUEST_TEST,     /* for whoever sets the printer up */
};

struct print_request {
    enum request_kind kind;
    char ticket[QUARTER_ULID_LEN + 1];
    int copy; /* 1.. */
    char language[REQUEST_LANGUAGE_BYTES];
    bool right_to_left;
    char centre[REQUEST_TEXT_BYTES];
    char printed_at[REQUEST_TEXT_BYTES]; /* local time, in the visitor's words */
    char url[REQUEST_URL_BYTES];         /* "" when there is none */
    /* of a signpost */
    char title[REQUEST_TEXT_BYTES];
    char text[REQUEST_LONG_BYTES];
    /* of a test page */
    size_t language_count;
    char languages[QUARTER_LANGUAGES_MAX][REQUEST_LANGUAGE_BYTES];
    /* of a ticket */
    char number[QUARTER_NUMBER_MAX + 1];
    char service[REQUEST_TEXT_BYTES];
    char where[REQUEST_TEXT_BYTES]; /* "" when not said */
    size_t have_ready_count;
    char have_ready[REQUEST_READY_MAX][REQUEST_TEXT_BYTES];
    int ahead; /* people before this one, or REQUEST_AHEAD_UNKNOWN (issued while the server was
                  away) */
    bool has_wait;
    int wait_low_min, wait_high_min;
};

/* The object under "print". INVALID: *why says in English what is wrong, for the peer and the log;
 * it never repeats what the visitor's ticket says. */
enum status request_parse(const json_t *print, struct print_request *request, const char **why);

/* The object under "cancel", or the identity inside a print request. */
enum status request_parse_identity(const json_t *object, char ticket[QUARTER_ULID_LEN + 1],
                                   int *copy, const char **why);

/* 26 letters of Crockford's base 32, the first at most '7' (it holds 128 bits). */
bool request_is_ulid(const char *text);

#endif
