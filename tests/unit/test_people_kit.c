/* The tests' own file of people. */
#include "test_people_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "test_kit.h"

static int64_t now(void *clock)
{
    return *(const int64_t *)clock;
}

void people_kit_open(struct people_kit *kit)
{
    enum status status = people_open(&kit->config, &kit->people, kit->error, sizeof kit->error);
    if (status != STATUS_OK)
        fprintf(stderr, "people_open: %s: %s\n", status_text(status), kit->error);
    CHECK(status == STATUS_OK);
    if (!people_take_set_up_code(kit->people, kit->set_up_code))
        kit->set_up_code[0] = '\0';
}

void people_kit_close(struct people_kit *kit)
{
    people_close(kit->people);
    kit->people = NULL;
}

void people_kit_set_up(struct people_kit *kit)
{
    *kit = (struct people_kit){.now_ms = INT64_C(1790000000000)};
    kit_set(kit->dir, sizeof kit->dir, "/tmp/quarter-people-XXXXXX");
    CHECK(mkdtemp(kit->dir));
    snprintf(kit->path, sizeof kit->path, "%s/people.db", kit->dir);
    kit->config = (struct people_config){.path = kit->path,
                                         .now_ms = now,
                                         .clock = &kit->now_ms,
                                         .hash_passes = 1,
                                         .hash_bytes = 8192,
                                         .without_worker = true};
    people_kit_open(kit);
}

void people_kit_tear_down(struct people_kit *kit)
{
    people_kit_close(kit);
    kit_remove_folder(kit->dir);
}

struct heard {
    struct people_answer answer;
    int times;
};

static void hear(void *context, const struct people_answer *answer)
{
    struct heard *heard = context;
    heard->answer = *answer;
    heard->answer.audit = NULL;
    heard->times++;
}

struct people_answer people_kit_ask(struct people_kit *kit, const struct people_request *request)
{
    struct heard heard = {0};
    int64_t retry_ms = 0;
    enum people_result result = people_submit(kit->people, request, hear, &heard, &retry_ms);
    if (result != PEOPLE_OK)
        return (struct people_answer){.result = result, .retry_ms = retry_ms};
    people_work(kit->people);
    CHECK(heard.times == 1);
    return heard.answer;
}

void people_kit_make_admin(struct people_kit *kit, char token[PEOPLE_TOKEN_LEN + 1])
{
    const struct people_request request = {.verb = PEOPLE_SET_UP,
                                           .code = kit->set_up_code,
                                           .name = "ada",
                                           .display = "Ada L.",
                                           .password = KIT_ADMIN_PASSWORD};
    struct people_answer answer = people_kit_ask(kit, &request);
    CHECK(answer.result == PEOPLE_OK);
    memcpy(kit->admin, answer.person.id, sizeof kit->admin);
    if (token)
        memcpy(token, answer.token, sizeof answer.token);
}

void people_kit_add(struct people_kit *kit, const char *name, unsigned roles, const char *password,
                    char id[QUARTER_ULID_LEN + 1])
{
    struct people_answer answer = people_kit_ask(
        kit, &(struct people_request){.verb = PEOPLE_ADD_PERSON, .name = name, .roles = roles});
    CHECK(answer.result == PEOPLE_OK);
    memcpy(id, answer.person.id, QUARTER_ULID_LEN + 1);
    answer = people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_CHANGE_PASSWORD,
                                                          .person = id,
                                                          .password = answer.one_time,
                                                          .new_password = password});
    CHECK(answer.result == PEOPLE_OK);
}

struct people_answer people_kit_sign_in(struct people_kit *kit, const char *name,
                                        const char *password, const char *address)
{
    return people_kit_ask(
        kit, &(struct people_request){
                 .verb = PEOPLE_SIGN_IN, .name = name, .password = password, .address = address});
}

bool people_kit_lives(struct people_kit *kit, const char *token)
{
    struct people_session session;
    return people_check_session(kit->people, token, false, &session) == PEOPLE_OK;
}
