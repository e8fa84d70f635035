/* Events to JSON and back: every type, bodies of other programs' hands, and identifiers. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdlib.h>
#include <string.h>

#include "store/event_row.h"
#include "store/ulid.h"
#include "store_kit.h"

static void every_type_comes_back_as_it_was(void **state)
{
    (void)state;
    for (int type = 0; type < KIT_EVENT_TYPES; type++)
        for (int number = 0; number < 60; number++) {
            struct event event = kit_event((enum event_type)type, number), back = event;
            char *json = event_body_to_json(&event);
            memset(&back.body, 0xa5, sizeof back.body);
            struct store_error error;
            assert_int_equal(event_body_from_json(json, &back, &error), STATUS_OK);
            assert_true(kit_same_event(&event, &back));
            free(json);
        }
}

static void a_body_reads_like_this(void **state)
{
    (void)state;
    struct event event = {.type = EVENT_TICKET_ISSUED,
                          .body.issued = {.service = "housing_options",
                                          .prefix = "H",
                                          .number = 7,
                                          .language = "ur",
                                          .need_count = 1,
                                          .needs = {"interpreter"},
                                          .ticket_class = CLASS_NORMAL,
                                          .arrived_at_ms = 1795516927123,
                                          .leg_from_ms = 1795516927123}};
    char *json = event_body_to_json(&event);
    assert_string_equal(
        json, "{\"service\":\"housing_options\",\"prefix\":\"H\",\"number\":7,\"language\":\"ur\","
              "\"needs\":[\"interpreter\"],\"class\":\"normal\",\"arrived_at_ms\":1795516927123,"
              "\"leg_from_ms\":1795516927123}");
    free(json);
}

static void a_promise_reads_like_this(void **state)
{
    (void)state;
    const struct event event = {.type = EVENT_PROMISE_MADE,
                                .body.promise = {.known = true,
                                                 .p20_s = 240,
                                                 .p50_s = 480,
                                                 .p90_s = 960,
                                                 .within_permille = 830,
                                                 .as_of_ms = 1795516927123}};
    char *json = event_body_to_json(&event);
    assert_string_equal(json, "{\"promise\":{\"p20_s\":240,\"p50_s\":480,\"p90_s\":960,"
                              "\"within_permille\":830,\"as_of_ms\":1795516927123}}");
    free(json);
}

static void bodies_of_earlier_programs_are_still_read(void **state)
{
    (void)state;
    struct store_error error;
    struct event event = {.type = EVENT_TICKET_ISSUED};
    memset(&event.body, 0xa5, sizeof event.body);
    assert_int_equal(
        event_body_from_json("{\"service\":\"housing_options\",\"prefix\":\"H\",\"number\":7,"
                             "\"class\":\"normal\",\"arrived_at_ms\":1795516927123,"
                             "\"leg_from_ms\":1795516927123}",
                             &event, &error),
        STATUS_OK);
    assert_int_equal(event.body.issued.appointment_ms, 0);
    assert_false(event.body.issued.promise.known);
    assert_string_equal(event.body.issued.avoidable, "");
    event = (struct event){.type = EVENT_TICKET_CALLED};
    memset(&event.body, 0xa5, sizeof event.body);
    assert_int_equal(event_body_from_json("{\"announcement\":41,\"reason\":\"longest_waiting\","
                                          "\"waited_s\":780,\"waiting\":4}",
                                          &event, &error),
                     STATUS_OK);
    assert_int_equal(event.body.called.reason, CALL_LONGEST_WAITING);
    assert_int_equal(event.body.called.appointment_ms, 0);
    assert_int_equal(event.body.called.standard_s, 0);
    assert_int_equal(event.body.called.limit_s, 0);
}

static enum status read_body(enum event_type type, const char *json, struct store_error *error)
{
    struct event event = {.seq = 17, .type = type};
    return event_body_from_json(json, &event, error);
}

static void fields_of_later_programs_are_passed_over(void **state)
{
    (void)state;
    struct event event = {.type = EVENT_TICKET_CALLED};
    struct store_error error;
    assert_int_equal(event_body_from_json(
                         "{\"mood\":{\"a\":[1]},\"announcement\":41,\"reason\":\"longest_waiting\","
                         "\"waited_s\":780,\"waiting\":4,\"zeal\":null}",
                         &event, &error),
                     STATUS_OK);
    assert_int_equal(event.body.called.announcement, 41);
    assert_int_equal(event.body.called.waited_s, 780);
    assert_int_equal(event.body.called.waiting, 4);
}

static void a_damaged_body_is_told_with_its_event_and_field(void **state)
{
    (void)state;
    static const struct {
        enum event_type type;
        const char *json, *says;
    } cases[] = {
        {EVENT_TICKET_CALLED, "", "event 17: its body is no JSON object"},
        {EVENT_TICKET_CALLED, "[1]", "event 17: its body is no JSON object"},
        {EVENT_TICKET_CALLED, "{\"announcement\":1", "event 17: its body is no JSON object"},
        {EVENT_TICKET_RECALLED, "{}",
         "event 17 (ticket_recalled): \"announcement\" is missing or out of bounds"},
        {EVENT_TICKET_RECALLED, "{\"announcement\":-1}", "\"announcement\""},
        {EVENT_TICKET_RECALLED, "{\"announcement\":2147483648}", "\"announcement\""},
        {EVENT_TICKET_RECALLED, "{\"announcement\":1.5}", "\"announcement\""},
        {EVENT_TICKET_RECALLED, "{\"announcement\":\"1\"}", "\"announcement\""},
        {EVENT_TICKET_CLOSED, "{\"outcome\":\"went_home\"}", "\"outcome\""},
        {EVENT_TICKET_LEFT, "{\"by_day_end\":1}", "\"by_day_end\""},
        {EVENT_SITE_APPLIED, "{\"hash\":\"\"}", "\"hash\""},
        {EVENT_SITE_APPLIED,
         "{\"hash\":\"00000000000000000000000000000000000000000000000000000000000000000\"}",
         "\"hash\""},
        {EVENT_TICKET_CALLED,
         "{\"announcement\":1,\"reason\":\"because\",\"waited_s\":1,\"waiting\":1}", "\"reason\""},
        {EVENT_TICKET_CALLED,
         "{\"announcement\":1,\"reason\":\"booked\",\"waited_s\":1,\"waiting\":1,"
         "\"appointment_ms\":-1}",
         "\"appointment_ms\""},
        {EVENT_PROMISE_MADE, "{}", "event 17 (promise_made): \"promise\""},
        {EVENT_PROMISE_MADE, "{\"promise\":7}", "\"promise\""},
        {EVENT_PROMISE_MADE,
         "{\"promise\":{\"p20_s\":1,\"p50_s\":2,\"p90_s\":3,\"within_permille\":1001,"
         "\"as_of_ms\":1}}",
         "\"promise\""},
        {EVENT_TICKET_TRANSFERRED, "{\"leg_from_ms\":1}", "\"service\""},
        {EVENT_TICKET_TRANSFERRED, "{\"service\":\"tax\"}", "\"leg_from_ms\""},
        {EVENT_TICKET_TRANSFERRED, "{\"service\":\"tax\",\"leg_from_ms\":253402300800000}",
         "\"leg_from_ms\""}, /* the year 10000 */
        {EVENT_TICKET_CALLED,
         "{\"announcement\":1,\"reason\":\"booked\",\"waited_s\":1,\"waiting\":1,"
         "\"appointment_ms\":9223372036854775807}",
         "\"appointment_ms\""},
        {EVENT_TICKET_ISSUED,
         "{\"service\":\"s\",\"prefix\":\"ABCD\",\"number\":1,\"class\":\"normal\",\"arrived_at_"
         "ms\":1,"
         "\"leg_from_ms\":1}",
         "\"prefix\""},
        {EVENT_TICKET_ISSUED,
         "{\"service\":\"s\",\"prefix\":\"A\",\"number\":1,\"needs\":[3],\"class\":\"normal\","
         "\"arrived_at_ms\":1,"
         "\"leg_from_ms\":1}",
         "\"needs\""},
        {EVENT_TICKET_ISSUED,
         "{\"service\":\"s\",\"prefix\":\"A\",\"number\":1,"
         "\"needs\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\","
         "\"13\",\"14\",\"15\","
         "\"16\",\"17\"],\"class\":\"normal\",\"arrived_at_ms\":1,\"leg_from_ms\":1}",
         "\"needs\""},
        {EVENT_TICKET_ISSUED,
         "{\"service\":\"s\",\"prefix\":\"A\",\"number\":1,\"class\":\"vip\",\"arrived_at_ms\":1,"
         "\"leg_from_ms\":1}",
         "\"class\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct store_error error = {.text = ""};
        assert_int_equal(read_body(cases[i].type, cases[i].json, &error), STATUS_CORRUPT);
        if (!strstr(error.text, cases[i].says))
            fail_msg("%s: says \"%s\"", cases[i].json, error.text);
    }
}

static void identifiers_are_ulids(void **state)
{
    (void)state;
    char id[QUARTER_ULID_LEN + 1], other[QUARTER_ULID_LEN + 1];
    /* The time of the example in https://github.com/ulid/spec */
    ulid_make(1469918176385, id);
    ulid_make(1469918176385, other);
    assert_memory_equal(id, "01ARYZ6S41", 10);
    assert_int_equal(strlen(id), 26);
    assert_int_equal(strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
    assert_string_not_equal(id, other);
    ulid_make((INT64_C(1) << 48) - 1, id);
    assert_memory_equal(id, "7ZZZZZZZZZ", 10);
    ulid_make(0, id);
    assert_memory_equal(id, "0000000000", 10);
}

static void identifiers_of_a_source_never_run_backwards(void **state)
{
    (void)state;
    struct ulid_source source = {0};
    char last[QUARTER_ULID_LEN + 1] = "", id[QUARTER_ULID_LEN + 1];
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        /* Now and then the clock steps back; now and then the source is taken up again from its
         * last. */
        ulid_next(&source, 1000000 + i / 100 - (int)(kit_random(&seed) % 3), id);
        assert_true(strcmp(id, last) > 0);
        memcpy(last, id, sizeof last);
        if (i % 7 == 0) {
            memset(&source, 0, sizeof source);
            assert_true(ulid_resume(&source, last));
        }
    }
}

static void counting_up_carries(void **state)
{
    (void)state;
    struct ulid_source source = {
        .last_ms = 5, .random = {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    const unsigned char next[10] = {2};
    char id[QUARTER_ULID_LEN + 1];
    ulid_next(&source, 5, id);
    assert_memory_equal(source.random, next, 10);
    assert_string_equal(id, "00000000050800000000000000");
}

static void what_is_no_ulid_is_not_resumed(void **state)
{
    (void)state;
    struct ulid_source source = {0};
    assert_false(ulid_resume(&source, ""));
    assert_false(ulid_resume(&source, "01ARYZ6S4100000000000000U0"));
    assert_false(ulid_resume(&source, "81ARYZ6S410000000000000000"));
    assert_false(ulid_resume(&source, "01ARYZ6S4100000000000000000"));
}

/* What programs of row version 1 wrote says nothing of what came later, and is read as before. */
static void bodies_of_version_1_are_read_for_ever(void **state)
{
    (void)state;
    static const struct {
        enum event_type type;
        const char *json;
    } rows[] = {
        {EVENT_TICKET_CALLED,
         "{\"announcement\":3,\"reason\":\"longest_waiting\",\"waited_s\":60,\"waiting\":2,"
         "\"standard_s\":900,\"limit_s\":1800}"},
        {EVENT_TICKET_CLOSED, "{\"outcome\":\"resolved\"}"},
        {EVENT_TICKET_TRANSFERRED, "{\"service\":\"tax\",\"leg_from_ms\":1795516927123}"},
        {EVENT_COUNTER_OPENED, "{}"},
        {EVENT_COUNTER_PAUSED, "{}"},
        {EVENT_VISIT_RECORDED, "{\"kind\":\"signposted\",\"service\":\"tax\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct event event = {.seq = 17, .type = rows[i].type, .version = 1};
        struct store_error error = {0};
        assert_int_equal(event_body_from_json(rows[i].json, &event, &error), STATUS_OK);
        char *again = event_body_to_json(&event);
        assert_string_equal(again, rows[i].json);
        free(again);
    }
    struct event called = {.seq = 17, .type = EVENT_TICKET_CALLED};
    struct store_error error = {0};
    assert_int_equal(
        event_body_from_json("{\"announcement\":3,\"reason\":\"chosen\",\"waited_s\":60,"
                             "\"waiting\":2}",
                             &called, &error),
        STATUS_CORRUPT); /* staff always say why */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_of_version_1_are_read_for_ever),
        cmocka_unit_test(every_type_comes_back_as_it_was),
        cmocka_unit_test(a_body_reads_like_this),
        cmocka_unit_test(a_promise_reads_like_this),
        cmocka_unit_test(bodies_of_earlier_programs_are_still_read),
        cmocka_unit_test(fields_of_later_programs_are_passed_over),
        cmocka_unit_test(a_damaged_body_is_told_with_its_event_and_field),
        cmocka_unit_test(identifiers_are_ulids),
        cmocka_unit_test(identifiers_of_a_source_never_run_backwards),
        cmocka_unit_test(counting_up_carries),
        cmocka_unit_test(what_is_no_ulid_is_not_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
