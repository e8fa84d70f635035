/* Members of staff and devices of a test that asks a whole server with sign-in on. */
#ifndef QUARTER_TESTS_HTTP_PEOPLE_H
#define QUARTER_TESTS_HTTP_PEOPLE_H

#include "http_rig.h"
#include "people/people.h"

#define ADMIN_PASSWORD "correct horse battery"
#define STAFF_PASSWORD "seven green bottles"

/* As cmocka wants it: a static rig, started, whose staff sign in; ended by rig_tear_down(). */
int badge_rig_set_up(void **state);
/* Fails unless each route whose pattern begins with one of these was answered with success. */
void badge_expect_walked(const struct rig *rig, const char *const *begins, size_t count);

/* How somebody is known: either of the two. */
struct badge {
    char cookie[160];                   /* as a header, "Cookie: quarter=..."; "": none */
    char csrf[PEOPLE_TOKEN_LEN + 24];   /* likewise, "X-Quarter-CSRF: ..."; "": none is sent */
    char bearer[PEOPLE_TOKEN_LEN + 24]; /* likewise, "Authorization: Bearer ..."; "": none */
    char person[QUARTER_ULID_LEN + 1];
    char one_time[PEOPLE_ONE_TIME_LEN + 1];
};

/* The request, with the badge's headers; badge NULL: nobody's. The caller frees the reply. */
struct reply badge_ask(struct rig *rig, const struct badge *badge, const char *method,
                       const char *path, const char *body);
/* With a fresh Idempotency-Key. */
struct reply badge_command(struct rig *rig, const struct badge *badge, const char *path,
                           const char *body);
/* The same, and how it was answered: 200, or a problem's code. */
void badge_expect(struct rig *rig, const struct badge *badge, const char *method, const char *path,
                  const char *body, const char *code_or_status);
void badge_expect_command(struct rig *rig, const struct badge *badge, const char *path,
                          const char *body, const char *code_or_status);

/* The status; on 201 the badge is the new session's. */
long badge_sign_in(struct rig *rig, struct badge *badge, const char *name, const char *password);
/* "ada", the first administrator; roles as JSON: what she is beside, "[]" for nothing. */
void badge_set_up(struct rig *rig, struct badge *badge, const char *roles);
/* Somebody who signed in; must_change: has not changed the one-time password. */
void badge_hire(struct rig *rig, const struct badge *admin, const char *name, const char *roles,
                bool must_change, struct badge *badge);
/* A device that was paired, as by its screen and an administrator. */
void badge_pair(struct rig *rig, const struct badge *admin, const char *kind, const char *code,
                struct badge *badge);
/* A program that was let in. */
void badge_add_machine(struct rig *rig, const struct badge *admin, const char *code,
                       struct badge *badge);
/* Off a reply: the cookie that was set, and the CSRF token. */
void badge_take(struct badge *badge, const struct reply *reply);

#endif
