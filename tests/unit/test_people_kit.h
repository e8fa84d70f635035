/* What the tests of people share: a folder with a file of people in it, a clock that stands, passwords that are
 * hashed in no time, and requests that are answered at once. */
#ifndef QUARTER_TESTS_PEOPLE_KIT_H
#define QUARTER_TESTS_PEOPLE_KIT_H

#include "people/people.h"

#define KIT_ADMIN_PASSWORD "correct horse battery"

struct people_kit {
    char dir[40], path[64], error[400];
    int64_t now_ms;
    struct people_config config;
    struct people *people; /* NULL when closed */
    char admin[QUARTER_ULID_LEN + 1];
    char set_up_code[PEOPLE_CODE_LEN + 1];
};

void people_kit_set_up(struct people_kit *kit); /* opened, with nobody in it */
void people_kit_tear_down(struct people_kit *kit);
void people_kit_open(struct people_kit *kit);
void people_kit_close(struct people_kit *kit);
/* The answer, without its audit entries. What is refused at once comes the same way. */
struct people_answer people_kit_ask(struct people_kit *kit, const struct people_request *request);
/* Does the set-up: "ada" becomes the first administrator; her session's token goes into token (may be NULL). */
void people_kit_make_admin(struct people_kit *kit, char token[PEOPLE_TOKEN_LEN + 1]);
/* Somebody with a password of their own; the id goes into id. */
void people_kit_add(struct people_kit *kit, const char *name, unsigned roles, const char *password,
                    char id[QUARTER_ULID_LEN + 1]);
struct people_answer people_kit_sign_in(struct people_kit *kit, const char *name,
                                        const char *password, const char *address);
/* Does this session's token still work? */
bool people_kit_lives(struct people_kit *kit, const char *token);

#endif
