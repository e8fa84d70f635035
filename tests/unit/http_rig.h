/* A whole server in this process, on a data folder of its own and a free port, asked over loopback by libcurl. Every
 * answer it gives is compared with the OpenAPI document: a status, type, field or problem that is not documented
 * fails the test that met it. */
#ifndef QUARTER_TESTS_HTTP_RIG_H
#define QUARTER_TESTS_HTTP_RIG_H

#include <curl/curl.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "http/server.h"

enum { RIG_ROUTES_MAX = 200 };

struct rig {
    char dir[64], journal[96], keys[96];
    const char *vfs; /* before rig_start(): NULL or a VFS of SQLite */
    const char
        *local; /* before rig_start(): local time to start at; NULL: 2026-11-24T10:40, a Tuesday */
    const char *site_dir; /* before rig_start(): NULL: the small site of the site's tests */
    int speed;            /* before rig_start(): of the clock; 0: 1 */
    bool no_forecast;     /* before rig_start() */
    bool watches;         /* before rig_start(): changes of site_dir are applied, soon */
    int64_t
        build_ms; /* before rig_start(): not 0: the system's own clock, and a build of that date */
    int beat_ms, upload_ms,
        head_ms; /* before rig_start(): shorter than a server's; 0: the server's own */
    unsigned idle_s;
    /* before rig_start(): staff sign in, with passwords that are hashed in no time */
    bool signs_in;
    _Atomic int64_t people_ms; /* their time, which stands; 0 at the start: an instant of 2026 */
    const struct tls_identity
        *tls;          /* before rig_start(): NULL: none; else its key is the only one believed */
    const char *relay; /* before rig_start(): NULL, or the address of a relay that is believed */
    char people[96], set_up_code[PEOPLE_CODE_LEN + 1];
    struct site *site;
    struct server *server;
    uint16_t port;
    json_t *openapi;
    atomic_bool visited[RIG_ROUTES_MAX]; /* route i of the table was answered with success */
};

struct reply {
    long status;
    char type[80], etag[96], allow[40], retry_after[16], csp[320], cookie[160], hsts[40];
    char *body;
    size_t length;
    json_t *json; /* NULL when the body is none */
};

struct ask {
    const char *method, *path;
    const char *key;    /* Idempotency-Key; NULL: none */
    const char *body;   /* NULL: none */
    size_t body_length; /* 0: strlen */
    const char *type;   /* Content-Type; NULL: application/json when there is a body; "": none */
    const char *headers[4]; /* more, as "Name: value" */
    bool unchecked;         /* not to be compared with the document (e.g. no such path) */
};

void rig_make(struct rig *rig);   /* the data folder */
void rig_start(struct rig *rig);  /* the server; again after rig_halt() on the same data */
void rig_halt(struct rig *rig);   /* as SIGTERM does */
void rig_remove(struct rig *rig); /* halts, and removes the folder */

/* As cmocka wants them: a static rig, started. */
int rig_set_up(void **state);
int rig_tear_down(void **state);

/* The good site of the site's tests into this folder, with `to` put for `from` in site.yaml; NULL: as it is. */
void rig_write_site(const char *dir, const char *from, const char *to);

/* Any thread; the caller frees with reply_free(). A transport error fails the test. */
struct reply rig_ask(struct rig *rig, const struct ask *ask);
void reply_free(struct reply *reply);

/* Asks, expects the status, and gives the JSON (borrowed from the reply that is kept in *reply). */
json_t *rig_expect(struct rig *rig, const struct ask *ask, long status, struct reply *reply);
/* Asks and expects a problem document of that code. */
void rig_expect_problem(struct rig *rig, const struct ask *ask, const char *code);
/* The same of a POST with a fresh key. */
void rig_expect_refusal(struct rig *rig, const char *path, const char *body, const char *code);

/* Shorthands: a fresh key each time. */
void rig_issue(struct rig *rig, const char *service, char number[8], char id[32]);
long rig_counter(struct rig *rig, const char *counter, const char *verb, char number[8]);
void rig_new_key(char key[40]);
void rig_site_hash(struct rig *rig, char hash[QUARTER_HASH_LEN + 1]); /* of the site in force */
/* A socket that is connected, for what libcurl would never send. */
int rig_connect(const struct rig *rig);
const char *rig_text(const json_t *object, const char *field);

#endif
