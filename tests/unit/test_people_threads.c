/* Lookups, renewals, sign-ins and changes from many threads at once, with the worker going: nothing is lost, nothing
 * waits for ever, and the thread sanitizer has nothing to say. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people/sas.h"
#include "quarter/check.h"
#include "test_kit.h"
#include "test_people_kit.h"

enum { STAFF = 4, ROUNDS = 200 };

/* A request of one thread, answered by another. */
struct call {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool is_answered;
    struct people_answer answer;
};

static void take_answer(void *context, const struct people_answer *answer)
{
    struct call *call = context;
    pthread_mutex_lock(&call->lock);
    call->answer = *answer;
    call->answer.audit = NULL;
    call->is_answered = true;
    pthread_cond_signal(&call->answered);
    pthread_mutex_unlock(&call->lock);
}

static struct people_answer ask(struct people *people, const struct people_request *request)
{
    struct call call = {.is_answered = false};
    CHECK(pthread_mutex_init(&call.lock, NULL) == 0 &&
          pthread_cond_init(&call.answered, NULL) == 0);
    enum people_result result = people_submit(people, request, take_answer, &call, NULL);
    pthread_mutex_lock(&call.lock);
    while (result == PEOPLE_OK && !call.is_answered)
        pthread_cond_wait(&call.answered, &call.lock);
    pthread_mutex_unlock(&call.lock);
    if (result != PEOPLE_OK)
        call.answer.result = result;
    pthread_cond_destroy(&call.answered);
    pthread_mutex_destroy(&call.lock);
    return call.answer;
}

static _Atomic int64_t clock_ms = INT64_C(1790000000000);

static int64_t atomic_now(void *clock)
{
    (void)clock;
    return atomic_fetch_add(&clock_ms, 1);
}

struct actor {
    struct people *people;
    char name[16], id[QUARTER_ULID_LEN + 1];
    char token[PEOPLE_TOKEN_LEN + 1];
    int number;
};

/* Works all day: looks, renews, signs in anew, lists. */
static void *be_staff(void *argument)
{
    struct actor *actor = argument;
    struct people_session session, list[PEOPLE_SESSIONS_EACH];
    for (int i = 0; i < ROUNDS; i++) {
        CHECK(people_check_session(actor->people, actor->token, true, &session) == PEOPLE_OK);
        CHECK(strcmp(session.person.id, actor->id) == 0);
        if (i % 10 == 3)
            CHECK(people_renew_session(actor->people, actor->token, actor->token, &session) ==
                  PEOPLE_OK);
        if (i % 50 == 7) {
            char old[QUARTER_ULID_LEN + 1];
            memcpy(old, session.id, sizeof old);
            struct people_answer answer =
                ask(actor->people, &(struct people_request){.verb = PEOPLE_SIGN_IN,
                                                            .name = actor->name,
                                                            .password = "seven green bottles",
                                                            .address = "192.0.2.1"});
            CHECK(answer.result == PEOPLE_OK);
            CHECK(people_end_session(actor->people, actor->id, old) == PEOPLE_OK);
            memcpy(actor->token, answer.token, sizeof actor->token);
        }
        CHECK(people_list_sessions(actor->people, actor->id, list) >= 1);
        const struct audit_entry entry = {.action = "call", .object = "counter:3", .result = "ok"};
        people_audit(actor->people, &entry);
    }
    return NULL;
}

/* Adds, changes and disables others meanwhile. */
static void *be_admin(void *argument)
{
    struct actor *actor = argument;
    for (int i = 0; i < ROUNDS / 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "new%d", i);
        struct people_answer added =
            ask(actor->people, &(struct people_request){
                                   .verb = PEOPLE_ADD_PERSON, .name = name, .roles = ROLE_GREETER});
        CHECK(added.result == PEOPLE_OK);
        CHECK(ask(actor->people, &(struct people_request){.verb = PEOPLE_CHANGE_PERSON,
                                                          .person = added.person.id,
                                                          .roles = ROLE_COUNTER})
                  .result == PEOPLE_OK);
        CHECK(ask(actor->people, &(struct people_request){.verb = PEOPLE_DISABLE_PERSON,
                                                          .person = added.person.id})
                  .result == PEOPLE_OK);
        struct person *list = NULL;
        CHECK(people_list_persons(actor->people, &list) > 0);
        free(list);
        CHECK(ask(actor->people, &(struct people_request){.verb = PEOPLE_LIST_AUDIT}).result ==
              PEOPLE_OK);
    }
    return NULL;
}

static void *be_device(void *argument)
{
    struct actor *actor = argument;
    static const unsigned char pin[PEOPLE_PIN_BYTES] = {0};
    for (int i = 0; i < ROUNDS / 10; i++) {
        unsigned char nonce_d[PEOPLE_NONCE_BYTES] = {(unsigned char)i}, nonce_s[PEOPLE_NONCE_BYTES];
        char sas[PEOPLE_SAS_LEN + 1], token[PEOPLE_TOKEN_LEN + 1], code[16];
        struct pairing pairing;
        struct device device;
        snprintf(code, sizeof code, "kiosk-%d", i % 4);
        struct pairing_ask asks = {.kind = DEVICE_KIOSK, .code = code, .address = "192.0.2.9"};
        sas_commit(nonce_d, asks.commitment);
        CHECK(people_ask_pairing(actor->people, &asks, &pairing, nonce_s) == PEOPLE_OK);
        CHECK(people_reveal_pairing(actor->people, pairing.id, nonce_d) == PEOPLE_OK);
        sas_make(nonce_d, nonce_s, pin, sas);
        struct people_answer approved =
            ask(actor->people, &(struct people_request){.verb = PEOPLE_APPROVE_PAIRING,
                                                        .pairing = pairing.number,
                                                        .sas = sas,
                                                        .code = code});
        CHECK(approved.result == PEOPLE_OK);
        CHECK(people_fetch_pairing(actor->people, pairing.id, token, &device) == PEOPLE_OK);
        CHECK(people_check_device(actor->people, token, &device) == PEOPLE_OK);
        atomic_fetch_add(&clock_ms, 700000); /* the pairing's place is free again */
        CHECK(people_check_device(actor->people, token, &device) == PEOPLE_OK);
    }
    return NULL;
}

static void *be_guesser(void *argument)
{
    struct actor *actor = argument;
    for (int i = 0; i < ROUNDS; i++) {
        struct people_answer answer =
            ask(actor->people, &(struct people_request){.verb = PEOPLE_SIGN_IN,
                                                        .name = "ada",
                                                        .password = "a wrong password",
                                                        .address = "198.51.100.1"});
        CHECK(answer.result == PEOPLE_WRONG_PASSWORD || answer.result == PEOPLE_WAIT ||
              answer.result == PEOPLE_TOO_BUSY);
    }
    return NULL;
}

static void many_at_once(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_make_admin(&kit, NULL);
    struct actor actors[STAFF + 3];
    memset(actors, 0, sizeof actors);
    for (int i = 0; i < STAFF; i++) {
        snprintf(actors[i].name, sizeof actors[i].name, "staff%d", i);
        people_kit_add(&kit, actors[i].name, ROLE_COUNTER, "seven green bottles", actors[i].id);
    }
    people_kit_close(&kit);
    kit.config.now_ms = atomic_now;
    kit.config.without_worker = false;
    kit.config.idle_min = kit.config.absolute_min = 60 * 24 * 365;
    people_kit_open(&kit);
    void *(*const parts[])(void *) = {be_staff, be_staff,  be_staff,  be_staff,
                                      be_admin, be_device, be_guesser};
    pthread_t threads[STAFF + 3];
    for (int i = 0; i < STAFF + 3; i++) {
        actors[i].people = kit.people;
        if (i < STAFF) {
            struct people_answer answer =
                ask(kit.people, &(struct people_request){.verb = PEOPLE_SIGN_IN,
                                                         .name = actors[i].name,
                                                         .password = "seven green bottles"});
            assert_int_equal(answer.result, PEOPLE_OK);
            memcpy(actors[i].token, answer.token, sizeof actors[i].token);
        }
    }
    for (int i = 0; i < STAFF + 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, parts[i], &actors[i]), 0);
    for (int i = 0; i < STAFF + 3; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    people_kit_close(&kit);
    people_kit_open(&kit);
    for (int i = 0; i < STAFF; i++) /* what was written behind is all there */
        assert_true(people_kit_lives(&kit, actors[i].token));
    struct person *list = NULL;
    assert_int_equal(people_list_persons(kit.people, &list), 1 + STAFF + ROUNDS / 10);
    free(list);
    people_kit_tear_down(&kit);
}

static void a_stop_waits_for_nobody(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_close(&kit);
    kit.config.without_worker = false;
    for (int i = 0; i < 20; i++) {
        people_kit_open(&kit);
        struct call calls[8];
        for (int k = 0; k < 8; k++) {
            calls[k] = (struct call){.is_answered = false};
            CHECK(pthread_mutex_init(&calls[k].lock, NULL) == 0 &&
                  pthread_cond_init(&calls[k].answered, NULL) == 0);
            /* One each: a name's fifth wrong try would have to wait. */
            const char name[] = {'a', 'd', 'a', (char)('0' + k), '\0'};
            const struct people_request request = {
                .verb = PEOPLE_SIGN_IN, .name = name, .password = "x"};
            assert_int_equal(people_submit(kit.people, &request, take_answer, &calls[k], NULL),
                             PEOPLE_OK);
        }
        people_kit_close(&kit);
        for (int k = 0; k < 8; k++) {
            assert_true(calls[k].is_answered);
            pthread_cond_destroy(&calls[k].answered);
            pthread_mutex_destroy(&calls[k].lock);
        }
    }
    people_kit_tear_down(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(a_stop_waits_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
