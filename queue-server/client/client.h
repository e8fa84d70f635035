/* How a kiosk or a display talks to the queue server, without ever making its main thread wait.
 *
 * Threads: client_create() starts one network thread; every other function is for the one thread
 * that created the client (the main thread), never blocks and never touches the network.
 * client_destroy() joins the thread (it aborts what is in flight, so at once).
 *
 * Messages: the network thread leaves news, calls `wake` (from its own thread: only push an SDL
 * user event or write an eventfd there), and the main thread takes them with client_poll() until it
 * answers false. Views are whole, so only the latest SITE, BOARD and link state are kept; answers
 * to issue requests are all kept, and are bounded because at most CLIENT_ISSUES_MAX requests may be
 * out. A SITE is always handed out before the BOARD that names its hash, if both wait. Nothing here
 * grows with a slow main thread or a chatty server.
 *
 * At start the site cached on disk, if any, is offered at once (from_cache), whether or not the
 * server answers. The stream reconnects for ever, with a back-off of 0.25 s to 5 s; one that says
 * nothing for CLIENT_SILENCE_MS is taken for dead. Each reconnect starts with a whole view.
 *
 * With https the server's public key is all that counts: given by options.server_key, or learned
 * when the device pairs and kept in options.keep_dir with its token. A server that answers 401 does
 * not know the device: it asks to be let in (people/people.h has the protocol), CLIENT_PAIRING says
 * what to show meanwhile, and all requests wait until it is. A server of another key than the known
 * one is told nothing. */
#ifndef QUARTER_CLIENT_CLIENT_H
#define QUARTER_CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "client/clock.h"
#include "client/site_info.h"
#include "client/wire.h"
#include "quarter/status.h"

enum {
    CLIENT_ISSUES_MAX = 8,
    CLIENT_VISITS_MAX = 32,
    CLIENT_PRINTS_MAX = 16,
    CLIENT_SILENCE_MS = 12000,
    CLIENT_PAIRING_MS = 1000,
    CLIENT_BACKOFF_MIN_MS = 250,
    CLIENT_BACKOFF_MAX_MS = 5000,
};

struct client;

struct client_options {
    const char *base_url;        /* "http://127.0.0.1:8080", with or without a final slash */
    const char *board_id;        /* the kiosk's or display's code; NULL or "": no stream */
    const char *cache_dir;       /* a folder that exists, for the cached site; NULL: no cache */
    const char *kind;            /* "kiosk", "display": pairs as that when it must; NULL: never */
    const char *keep_dir;        /* a folder that exists, for what pairing agreed; NULL: forgotten
                                    at the end */
    const char *server_key;      /* "sha256//BASE64" of an https server; NULL: learned by pairing */
    const char *agent;           /* "kiosk/0.1.0"; NULL: "quarter" */
    void (*wake)(void *context); /* called on the network thread after news; may be NULL */
    void *wake_context;
    int silence_ms; /* 0: CLIENT_SILENCE_MS. Tests and unusual networks shorten it */
    int pairing_ms; /* between questions whether it is let in; 0: CLIENT_PAIRING_MS */
};

enum client_message_type {
    CLIENT_SITE,     /* site: the caller's from now on */
    CLIENT_BOARD,    /* board: the caller's from now on */
    CLIENT_CLOCK,    /* clock: a beat told the time; the board is as it was, and still true */
    CLIENT_TICKET,   /* ticket: the answer to an issue request; its slot is free again */
    CLIENT_REFUSED,  /* refused: likewise, but the server says no, and would say no again */
    CLIENT_RETRYING, /* retrying: an attempt failed; it goes on being tried with the same key */
    CLIENT_ONLINE,   /* the stream (or, without one, the last request) works */
    CLIENT_OFFLINE,  /* since_ms: monotonic time of the last sign of life, or of the start */
    CLIENT_HELP,     /* help: what became of the last client_help() */
    CLIENT_PAIRING,  /* pairing: what staff have to be told */
};

enum client_pairing_state {
    CLIENT_PAIRING_NONE,       /* nothing: the device is let in, or needs not be */
    CLIENT_PAIRING_ASKS,       /* letters will come; the server is not heard, or busy */
    CLIENT_PAIRING_SHOWS,      /* an administrator shall type the letters */
    CLIENT_PAIRING_OTHER_KEY,  /* the server is another than the known one: nothing is sent to it */
    CLIENT_PAIRING_KEY_NEEDED, /* its key is not known, and it lets nobody in: options.server_key */
};

enum { CLIENT_LETTERS = 6 };

struct client_pairing {
    enum client_pairing_state state;
    char letters[CLIENT_LETTERS + 1];     /* SHOWS */
    int64_t until_ms;                     /* SHOWS: monotonic; then there are new letters */
    char let_in_as[QUARTER_CODE_MAX + 1]; /* last time, by a code that is not its own; else "" */
};

/* Only what the last client_help() led to; whether somebody is coming, the board says (board->help). */
enum client_help_state {
    CLIENT_HELP_CALLED,    /* the server knows: a person will be told */
    CLIENT_HELP_CANCELLED, /* likewise that nobody needs to come */
    CLIENT_HELP_RETRYING,  /* an attempt failed; it goes on being tried */
    CLIENT_HELP_REFUSED,   /* the server says no, and would say no again */
};

struct client_message {
    enum client_message_type type;
    struct site_info *site; /* CLIENT_SITE: site_info_destroy() it, or take it: set NULL */
    bool site_from_cache;
    struct board_view *board; /* CLIENT_BOARD: free() it, or take it: set NULL */
    struct client_clock clock;
    union {
        struct ticket_receipt ticket;
        struct issue_refusal refused;
        struct {
            char key[QUARTER_KEY_MAX + 1];
            int attempts; /* so far */
        } retrying;
        enum client_help_state help;
        struct client_pairing pairing;
        int64_t since_ms;
    } of;
};

/* STATUS_INVALID: options that can never work (no or malformed URL, a server_key that is none or has
 * no https, https without kind and server_key); STATUS_UNAVAILABLE: no thread, no libcurl. The
 * strings are copied. */
enum status client_create(const struct client_options *options, struct client **out);
void client_destroy(struct client *client);

/* Asks for a ticket; the answer comes as CLIENT_TICKET or CLIENT_REFUSED with the same key.
 * Connection failures, time-outs, 408, 429 and 5xx are tried again for ever with the same key, so
 * at most one ticket comes of it; a malformed answer likewise. STATUS_FULL: too many are out;
 * STATUS_CONFLICT: the key is out already; STATUS_INVALID: the request breaks the bounds. The
 * request is copied. */
enum status client_issue(struct client *client, const struct issue_request *request);
/* No more is tried and no message comes for this key from now on. The server may have issued all
 * the same. */
void client_cancel(struct client *client, const char *key);

/* Tells of a visit that ended without a queue. Nobody waits for it, so no message comes: it is tried
 * until the server has it, in order, and one that is refused is logged and dropped. STATUS_FULL:
 * CLIENT_VISITS_MAX wait already; STATUS_INVALID: it breaks the bounds. The request is copied. */
enum status client_visit(struct client *client, const struct visit_request *request);

/* Calls a person to this kiosk (options.board_id), or says that nobody needs to come after all.
 * The last wish holds: it takes the place of one that was not yet delivered, and is tried until
 * answered; CLIENT_HELP says how it went. language: the visitor's, "": not told. STATUS_INVALID:
 * the client has no board_id, or that is no language's code. */
enum status client_help(struct client *client, bool wanted, const char *language);

/* Tells what became of a print that the board asked for. No message comes: it is tried until the server has it.
 * STATUS_FULL: CLIENT_PRINTS_MAX wait already; STATUS_INVALID: no ULID. */
enum status client_print_done(struct client *client, const char *print, bool printed);

/* Tells how the printer of this kiosk (options.board_id) is: "ready", "attention", "stopped", "gone", or "": it has none;
 * and why, a code such as "media-empty", or "". The last one holds. STATUS_INVALID: likewise as client_help(). */
enum status client_printer(struct client *client, const char *state, const char *reason);

/* Takes the next message; false: none waits. What a message owns is freed by client_message_clear()
 * unless taken. */
bool client_poll(struct client *client, struct client_message *message);
void client_message_clear(struct client_message *message);

/* Is it written as a server's key is? For command lines. */
bool client_is_server_key(const char *text);
/* The file in keep_dir where that is kept, for staff to read. */
enum { CLIENT_KEPT_BYTES = 80 };
void client_kept_name(const char *kind, const char *code, char out[CLIENT_KEPT_BYTES]);

/* A fresh idempotency key: 128 random bits in hex (33 bytes with the end). Any thread. */
enum { CLIENT_KEY_BYTES = 33 };
void client_new_key(char out[static CLIENT_KEY_BYTES]);

#endif
