/* Who asks, and whether they may: the session's cookie or the device's token is looked up, and what they are is held
 * against the table of routes. Nothing here touches the disk.
 *
 * With sign-in off, whoever calls from this machine is the actor "local", who may everything. With it on, a cookie makes a
 * person and a token a device, or a machine, which may read what machines may, as may a
 * program on the server's own machine that brings neither. What
 * a relay on this machine passes on comes from elsewhere.
 * What comes by the site's public address is a visitor's, wherever it was passed on. */
#ifndef QUARTER_HTTP_AUTH_H
#define QUARTER_HTTP_AUTH_H

#include <netinet/in.h>
#include <stdbool.h>

#include "http/problem.h"
#include "people/people.h"
#include "quarter/limits.h"

enum caller_kind { CALLER_NOBODY, CALLER_LOCAL, CALLER_PERSON, CALLER_DEVICE };

struct caller {
    enum caller_kind kind;
    unsigned roles;                    /* bits of enum role */
    char actor[QUARTER_ACTOR_MAX + 1]; /* "local", "person:ULID", "device:CODE", "" */
    char address[INET6_ADDRSTRLEN];    /* of the peer, or of whom a known relay asks for */
    bool is_public;                    /* came by the site's public address */
    bool has_lost_token;               /* says it is a device, with a token that is none's */
    struct device device;
    char token[PEOPLE_TOKEN_LEN + 1]; /* a person's */
    struct people_session *session;   /* a person's; owned */
};

struct exchange;

/* Once the whole request is there, with its path matched: whose session ended while a slow body came in is nobody. */
void auth_resolve(struct exchange *exchange);
void caller_clear(struct caller *caller);
/* Everything that can be known from the head of a request. */
enum problem_code auth_judge(const struct exchange *exchange);

bool auth_is_mutating(const struct exchange *exchange);
/* Somebody who works at a counter and is no manager: commands the own counter only. */
bool auth_is_bound_to_counter(const struct exchange *exchange);
/* A device acts for itself alone. code "": it did not say for whom, which is fine. */
bool auth_may_act_for_device(const struct exchange *exchange, const char *code);

/* In the trail: what a person changed, or was refused. PROBLEM_NONE: it was done. */
void auth_note(const struct exchange *exchange, enum problem_code problem);

/* For what outlasts a request: a stream is asked at each beat whether whoever began it may go on. NULL: no need to ask. */
struct pass;
struct pass *pass_create(const struct exchange *exchange);
/* NULL while it is good; else why not: "session", "device" or "role". Any thread. */
const char *pass_is_over(void *pass);
void pass_destroy(void *pass);

#endif
