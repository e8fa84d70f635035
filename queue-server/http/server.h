/* The HTTP server: libmicrohttpd's threads, the desk and the hub, wired to each other. */
#ifndef QUARTER_HTTP_SERVER_H
#define QUARTER_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "http/clock.h"
#include "http/guard.h"
#include "http/tls.h"
#include "people/people.h"
#include "quarter/status.h"
#include "site/site.h"
#include "store/store.h"

#define SERVER_LOOPBACK_ONLY                                                                       \
    "with sign-in off only a loopback address (127.0.0.1 or [::1]) may be listened on: on a "      \
    "network anybody could call and close visits; leave --sign-in off away"

struct server_config {
    const struct sockaddr_storage *listen; /* loopback, unless sign-in is on; port 0: any */
    struct store_config store;
    const struct site *site; /* borrowed until server_stop() */
    const char *site_dir;    /* watched, and its changes applied; NULL: the site stays as it is */
    int settle_ms;           /* after the last change; 0: a second */
    const char *policy;      /* NULL: the site's; borrowed likewise */
    bool no_forecast;        /* waits are not told, and what-ifs not answered */
    struct clock_config clock;
    const char *assets_dir;
    struct people_config
        people; /* path NULL: sign-in is off; now_ms NULL: the system's time; the pin is tls's */
    const struct tls_identity
        *tls; /* NULL: none; borrowed until server_stop(), as are the guard's names */
    struct guard guard;
    /* 0: what a server should have; tests are shorter of patience */
    int beat_ms;     /* between beats of a stream */
    int upload_ms;   /* for a whole body */
    int head_ms;     /* for the head of a request */
    unsigned idle_s; /* of a connection that neither sends nor takes anything */
};

struct server;

/* Answers when it returns OK. error gets a sentence a person can act on. DENIED: not a loopback address, and sign-in is
 * off. INVALID: no such policy. */
enum status server_start(const struct server_config *config, struct server **server, char *error,
                         size_t error_size);
uint16_t server_port(const struct server *server);
/* Reads the site's folder now (SIGHUP); a good one is in force a moment later. */
void server_reload_site(struct server *server);
/* The code to print, once, for whoever is to be the first administrator; false: there is none to print. */
bool server_take_set_up_code(struct server *server, char code[PEOPLE_CODE_LEN + 1]);
/* Whether the desk's thread goes round: for a watchdog. */
bool server_is_alive(const struct server *server);
/* Does what was taken in, answers it, ends the streams and stops. NULL-safe. */
void server_stop(struct server *server);

#endif
