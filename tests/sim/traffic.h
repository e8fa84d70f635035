/* What people and machines ask of the server: commands of every type, sensible ones mostly, and what they have heard. */
#ifndef QUARTER_TESTS_SIM_TRAFFIC_H
#define QUARTER_TESTS_SIM_TRAFFIC_H

#include "engine/engine.h"
#include "house.h"
#include "witness.h"

enum { TRAFFIC_MAX = WITNESS_ACTORS_MAX - 1 };

/* A request as its client keeps it, to send again when it hears nothing. */
struct request {
    int number; /* from 1; its actor is "r" and this */
    struct command command;
    char key[QUARTER_KEY_MAX + 1]; /* "": without */
    char body_hash[QUARTER_HASH_LEN + 1];
    char answers[64]; /* private text; "": none */
    bool heard;       /* the answer below; a refusal is decided anew each time */
    int http_status;
    char *body;
    int64_t first_sent_ms; /* of true time: keys are kept 30 days */
};

struct traffic {
    struct request *requests; /* by number - 1 */
    int count;
};

void traffic_set_up(struct traffic *traffic);
void traffic_tear_down(struct traffic *traffic);

/* A new one; the server is up, and its queue whole. NULL: enough for one run. */
struct request *traffic_make(struct traffic *traffic, struct house *house, struct witness *witness,
                             uint64_t *random);
const char *traffic_command_name(enum command_type type);

struct desk_job *traffic_job(const struct request *request); /* the caller's */

#endif
