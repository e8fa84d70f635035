/* Bodies of requests: what is taken, and the many ways in which one may be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/request.h"

static const int64_t now_ms = INT64_C(1795516800000); /* 2026-11-24T10:40Z */

typedef bool reader(json_t *object, struct command *command, struct fault *fault);

static bool read_issue(json_t *object, struct command *command, struct fault *fault)
{
    return request_read_issue(object, now_ms, command, fault);
}

static bool read_nothing(json_t *object, struct command *command, struct fault *fault)
{
    (void)command;
    return request_read_nothing(object, fault);
}

static enum problem_code read_with(reader *read, const char *body, struct command *command,
                                   struct fault *fault)
{
    *command = (struct command){0};
    *fault = (struct fault){0};
    json_t *object = request_object(body, strlen(body), fault);
    if (object != NULL) {
        const bool fine = read(object, command, fault);
        assert_int_equal(fine, fault->code == PROBLEM_NONE);
    }
    json_decref(object);
    return fault->code;
}

static void a_whole_visit_is_read(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    const char *body =
        "{\"service\":\"housing_options\",\"language\":\"pl\",\"needs\":[\"interpreter\",\"bsl\"],"
        "\"answers\":{\"where\":\"Ulica Długa\"},\"number\":81,\"device\":\"kiosk-1\","
        "\"occurred_at\":\"2026-11-24T10:30:00.250Z\"}";
    assert_int_equal(read_with(read_issue, body, &command, &fault), PROBLEM_NONE);
    assert_string_equal(command.service, "housing_options");
    assert_string_equal(command.language, "pl");
    assert_int_equal(command.need_count, 2);
    assert_string_equal(command.needs[1], "bsl");
    assert_int_equal(command.number, 81);
    assert_string_equal(command.device, "kiosk-1");
    assert_int_equal(command.occurred_at_ms, now_ms - 599750);
    json_t *object = request_object(body, strlen(body), &fault);
    char *answers = request_take_answers(object);
    assert_string_equal(answers, "{\"where\":\"Ulica Długa\"}");
    free(answers);
    json_decref(object);
}

static void a_device_s_clock_may_be_a_little_ahead(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    assert_int_equal(read_with(read_issue,
                               "{\"service\":\"a\",\"number\":81,\"device\":\"kiosk-1\","
                               "\"occurred_at\":\"2026-11-24T10:40:02Z\"}",
                               &command, &fault),
                     PROBLEM_NONE);
    assert_int_equal(command.occurred_at_ms, now_ms);
}

static void wrong_fields_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *body, *field;
    } wrong[] = {
        {"{}", "service"},
        {"{\"service\":7}", "service"},
        {"{\"service\":\"\"}", "service"},
        {"{\"service\":\"Housing\"}", "service"},
        {"{\"service\":\"a b\"}", "service"},
        {"{\"service\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "service"},
        {"{\"service\":\"a\",\"sevrice\":\"b\"}", "sevrice"},
        {"{\"service\":\"a\",\"language\":null}", "language"},
        {"{\"service\":\"a\",\"needs\":\"bsl\"}", "needs"},
        {"{\"service\":\"a\",\"needs\":[1]}", "needs"},
        {"{\"service\":\"a\",\"needs\":[\"bsl\",\"bsl\"]}", "needs"},
        {"{\"service\":\"a\",\"needs\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\","
         "\"j\",\"k\",\"l\","
         "\"m\",\"n\",\"o\",\"p\",\"q\"]}",
         "needs"},
        {"{\"service\":\"a\",\"answers\":[]}", "answers"},
        {"{\"service\":\"a\",\"answers\":{\"q\":1}}", "answers"},
        {"{\"service\":\"a\",\"answers\":{\"q\":[\"a\",\"a\"]}}", "answers"},
        {"{\"service\":\"a\",\"answers\":{\"q\":[\"A b\"]}}", "answers"},
        {"{\"service\":\"a\",\"answers\":{\"q\":[[\"a\"]]}}", "answers"},
        {"{\"service\":\"a\",\"answers\":{\"q\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\","
         "\"i\"]}}",
         "answers"},
        {"{\"service\":\"a\",\"avoidable\":\"\"}", "avoidable"},
        {"{\"service\":\"a\",\"avoidable\":[\"a\"]}", "avoidable"},
        {"{\"service\":\"a\",\"answers\":{\"Q!\":\"x\"}}", "answers"},
        {"{\"service\":\"a\",\"answers\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\","
         "\"f\":\"\","
         "\"g\":\"\",\"h\":\"\",\"i\":\"\"}}",
         "answers"},
        {"{\"service\":\"a\",\"number\":0}", "number"},
        {"{\"service\":\"a\",\"number\":1.5}", "number"},
        {"{\"service\":\"a\",\"number\":\"H81\"}", "number"},
        {"{\"service\":\"a\",\"number\":99999999999}", "number"},
        {"{\"service\":\"a\",\"occurred_at\":\"2026-11-24T10:30:00Z\"}", "occurred_at"},
        {"{\"service\":\"a\",\"number\":81,\"occurred_at\":\"yesterday\"}", "occurred_at"},
        {"{\"service\":\"a\",\"number\":81,\"occurred_at\":\"2026-11-24T10:41:00Z\"}",
         "occurred_at"},
        {"{\"service\":\"a\",\"number\":81,\"occurred_at\":\"2026-11-23T10:39:59Z\"}",
         "occurred_at"},
        {"{\"service\":\"a\",\"device\":\"Kiosk 1\"}", "device"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct command command;
        struct fault fault;
        if (read_with(read_issue, wrong[i].body, &command, &fault) != PROBLEM_INVALID_FIELD) {
            fail_msg("%s was not an invalid field", wrong[i].body);
        }
        assert_string_equal(fault.field, wrong[i].field);
        assert_true(strlen(fault.detail) > 0);
    }
}

static void an_answer_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    char body[QUARTER_ANSWER_BYTES + 100];
    for (size_t length = QUARTER_ANSWER_BYTES; length <= QUARTER_ANSWER_BYTES + 1; length++) {
        const size_t start =
            (size_t)snprintf(body, sizeof(body), "{\"service\":\"a\",\"answers\":{\"q\":\"");
        memset(body + start, 'x', length);
        (void)snprintf(body + start + length, sizeof(body) - start - length, "\"}}");
        assert_int_equal(read_with(read_issue, body, &command, &fault),
                         length <= QUARTER_ANSWER_BYTES ? PROBLEM_NONE : PROBLEM_INVALID_FIELD);
    }
}

static void a_long_unknown_field_is_named_without_breaking_a_letter(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    /* 31 bytes, then one letter of two: it does not fit in 32 */
    assert_int_equal(
        read_with(read_issue, "{\"0123456789012345678901234567890\xC5\x82\":1}", &command, &fault),
        PROBLEM_INVALID_FIELD);
    assert_string_equal(fault.field, "0123456789012345678901234567890");
}

static void what_is_no_json_object_is_malformed(void **state)
{
    (void)state;
    static const char *const wrong[] = {"{",
                                        "nonsense",
                                        "[]",
                                        "7",
                                        "null",
                                        "\"text\"",
                                        "{\"service\":\"a\"} more",
                                        "{\"service\":\"a\",\"service\":\"b\"}",
                                        "{\"service\":\"\xFF\xFE\"}",
                                        "{\"service\":\"\xED\xA0\x80\"}",
                                        "{\"service\":\"a\\u0000b\"}",
                                        "{'service':'a'}",
                                        "{\"service\":\"a\",}",
                                        "{\"number\":99999999999999999999}",
                                        "[[[[[[[[[[[[[[[[[[[["};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct command command;
        struct fault fault;
        if (read_with(read_issue, wrong[i], &command, &fault) != PROBLEM_MALFORMED_JSON) {
            fail_msg("%s was not malformed", wrong[i]);
        }
    }
}

static void a_tower_of_brackets_is_never_climbed(void **state)
{
    (void)state;
    struct fault fault = {0};
    char tower[QUARTER_BODY_BYTES];
    memset(tower, '[', sizeof(tower));
    assert_null(request_object(tower, sizeof(tower), &fault));
    assert_int_equal(fault.code, PROBLEM_MALFORMED_JSON);
    assert_non_null(strstr(fault.detail, "deeper"));
    /* brackets inside a string are letters, also after an escaped quote */
    const char *plain = "{\"a\":\"\\\"[[[[[[[[[[[[{{{{{{\\\\\"}";
    fault = (struct fault){0};
    json_t *object = request_object(plain, strlen(plain), &fault);
    assert_non_null(object);
    json_decref(object);
}

static void a_body_past_16_kib_is_too_large(void **state)
{
    (void)state;
    struct fault fault = {0};
    static char body[QUARTER_BODY_BYTES + 1];
    memset(body, ' ', sizeof(body));
    body[0] = '{';
    body[QUARTER_BODY_BYTES - 1] = '}';
    json_t *object = request_object(body, QUARTER_BODY_BYTES, &fault);
    assert_non_null(object);
    json_decref(object);
    assert_null(request_object(body, QUARTER_BODY_BYTES + 1, &fault));
    assert_int_equal(fault.code, PROBLEM_BODY_TOO_LARGE);
}

static void an_empty_body_is_an_empty_object(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    assert_int_equal(read_with(read_nothing, "", &command, &fault), PROBLEM_NONE);
    assert_int_equal(read_with(read_nothing, "{}", &command, &fault), PROBLEM_NONE);
    assert_int_equal(read_with(read_nothing, "{\"a\":1}", &command, &fault), PROBLEM_INVALID_FIELD);
}

static void outcomes_are_those_that_staff_say(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    assert_int_equal(
        read_with(request_read_finish, "{\"outcome\":\"follow_up\"}", &command, &fault),
        PROBLEM_NONE);
    assert_int_equal(command.outcome, OUTCOME_FOLLOW_UP);
    static const char *const wrong[] = {"{}", "{\"outcome\":\"unrecorded\"}",
                                        "{\"outcome\":\"done\"}", "{\"outcome\":1}"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(read_with(request_read_finish, wrong[i], &command, &fault),
                         PROBLEM_INVALID_FIELD);
        assert_string_equal(fault.field, "outcome");
    }
}

static void a_block_is_for_a_device(void **state)
{
    (void)state;
    struct command command;
    struct fault fault;
    assert_int_equal(read_with(request_read_reserve,
                               "{\"device\":\"kiosk-1\",\"service\":\"housing\"}", &command,
                               &fault),
                     PROBLEM_NONE);
    assert_string_equal(command.device, "kiosk-1");
    assert_int_equal(read_with(request_read_reserve, "{\"service\":\"housing\"}", &command, &fault),
                     PROBLEM_INVALID_FIELD);
    assert_string_equal(fault.field, "device");
}

static void keys_are_8_to_128_visible_letters(void **state)
{
    (void)state;
    char key[140];
    assert_true(request_key_is_valid("12345678"));
    assert_false(request_key_is_valid("1234567"));
    assert_false(request_key_is_valid("1234 5678"));
    assert_false(request_key_is_valid("1234567\xC3\xA9"));
    memset(key, 'k', sizeof(key));
    key[128] = '\0';
    assert_true(request_key_is_valid(key));
    key[128] = 'k';
    key[129] = '\0';
    assert_false(request_key_is_valid(key));
}

static void hash_of(const char *method, const char *path, const char *body,
                    char hash[QUARTER_HASH_LEN + 1])
{
    struct fault fault = {0};
    json_t *object = request_object(body, strlen(body), &fault);
    request_hash(method, path, object, hash);
    json_decref(object);
}

static void a_request_s_hash_is_of_its_meaning(void **state)
{
    (void)state;
    char one[QUARTER_HASH_LEN + 1], other[QUARTER_HASH_LEN + 1];
    hash_of("POST", "/api/tickets", "{\"a\":1,\"b\":2}", one);
    hash_of("POST", "/api/tickets", "{ \"b\": 2, \"a\": 1 }", other);
    assert_string_equal(one, other);
    hash_of("POST", "/api/tickets", "{\"a\":1,\"b\":3}", other);
    assert_string_not_equal(one, other);
    hash_of("POST", "/api/numbers", "{\"a\":1,\"b\":2}", other);
    assert_string_not_equal(one, other);
    hash_of("PUT", "/api/tickets", "{\"a\":1,\"b\":2}", other);
    assert_string_not_equal(one, other);
}

static enum problem_code read_what_if(const char *body, struct what_if *what_if,
                                      struct fault *fault)
{
    *what_if = (struct what_if){0};
    *fault = (struct fault){0};
    json_t *object = request_object(body, strlen(body), fault);
    assert_non_null(object);
    const bool fine = request_read_what_if(object, what_if, fault);
    assert_int_equal(fine, fault->code == PROBLEM_NONE);
    json_decref(object);
    return fault->code;
}

static void moves_are_read_by_their_codes(void **state)
{
    (void)state;
    static struct what_if what_if;
    struct fault fault;
    assert_int_equal(read_what_if("{\"moves\":[{\"move\":\"open\",\"counter\":\"room-1\","
                                  "\"services\":[\"housing\",\"repairs\"]},"
                                  "{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":20},"
                                  "{\"move\":\"shift_break\",\"counter\":\"2\",\"minutes\":-30}]}",
                                  &what_if, &fault),
                     PROBLEM_NONE);
    assert_int_equal(what_if.count, 3);
    assert_int_equal(what_if.moves[0].type, MOVE_OPEN);
    assert_string_equal(what_if.moves[0].counter, "room-1");
    assert_int_equal(what_if.moves[0].service_count, 2);
    assert_string_equal(what_if.moves[0].services[1], "repairs");
    assert_int_equal(what_if.moves[1].minutes, 20);
    assert_int_equal(what_if.moves[2].minutes, -30);
}

static void impossible_moves_name_their_field(void **state)
{
    (void)state;
    static struct what_if what_if;
    struct fault fault;
    static const char *const cases[][2] = {
        {"{}", "moves"},
        {"{\"moves\":[]}", "moves"},
        {"{\"moves\":{}}", "moves"},
        {"{\"moves\":[1]}", "moves"},
        {"{\"moves\":[],\"more\":1}", "more"},
        {"{\"moves\":[{},{},{},{},{},{},{},{},{}]}", "moves"},
        {"{\"moves\":[{\"counter\":\"1\"}]}", "move"},
        {"{\"moves\":[{\"move\":\"burn\",\"counter\":\"1\"}]}", "move"},
        {"{\"moves\":[{\"move\":\"open\"}]}", "counter"},
        {"{\"moves\":[{\"move\":\"open\",\"counter\":\"A B\"}]}", "counter"},
        {"{\"moves\":[{\"move\":\"open\",\"counter\":\"1\",\"minutes\":5}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"open\",\"counter\":\"1\",\"services\":[7]}]}", "services"},
        {"{\"moves\":[{\"move\":\"open\",\"counter\":\"1\",\"why\":1}]}", "why"},
        {"{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\"}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":0}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":-5}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":481}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":1.5}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"shift_break\",\"counter\":\"1\",\"minutes\":0}]}", "minutes"},
        {"{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":5,"
         "\"services\":[\"housing\"]}]}",
         "services"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (read_what_if(cases[i][0], &what_if, &fault) != PROBLEM_INVALID_FIELD ||
            strcmp(fault.field, cases[i][1]) != 0) {
            fail_msg("%s: %d %s", cases[i][0], (int)fault.code, fault.field);
        }
    }
}

static void ulids_are_26_capitals(void **state)
{
    (void)state;
    assert_true(request_is_ulid("01M86J880E4ETPN9S3H4MWBVAF"));
    assert_false(request_is_ulid("01M86J880E4ETPN9S3H4MWBVA"));
    assert_false(request_is_ulid("01M86J880E4ETPN9S3H4MWBVAFF"));
    assert_false(request_is_ulid("01m86j880e4etpn9s3h4mwbvaf"));
    assert_false(request_is_ulid("01M86J880E4ETPN9S3H4MWBVAU"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_visit_is_read),
        cmocka_unit_test(a_device_s_clock_may_be_a_little_ahead),
        cmocka_unit_test(wrong_fields_are_named),
        cmocka_unit_test(an_answer_that_is_too_long_is_refused),
        cmocka_unit_test(a_long_unknown_field_is_named_without_breaking_a_letter),
        cmocka_unit_test(what_is_no_json_object_is_malformed),
        cmocka_unit_test(a_tower_of_brackets_is_never_climbed),
        cmocka_unit_test(a_body_past_16_kib_is_too_large),
        cmocka_unit_test(an_empty_body_is_an_empty_object),
        cmocka_unit_test(outcomes_are_those_that_staff_say),
        cmocka_unit_test(a_block_is_for_a_device),
        cmocka_unit_test(keys_are_8_to_128_visible_letters),
        cmocka_unit_test(a_request_s_hash_is_of_its_meaning),
        cmocka_unit_test(moves_are_read_by_their_codes),
        cmocka_unit_test(impossible_moves_name_their_field),
        cmocka_unit_test(ulids_are_26_capitals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
