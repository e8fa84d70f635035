/* The SSE reader: every way the network can cut a stream gives the same events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/sse.h"

struct log {
    char text[4096];
    enum status answer;
};

static enum status on_event(void *context, const char *type, const char *data, size_t length)
{
    struct log *log = context;
    size_t used = strlen(log->text);
    assert_int_equal(strlen(data), length);
    snprintf(log->text + used, sizeof log->text - used, "[%s|%s]", type, data);
    return log->answer;
}

static const char mixed[] = "\xEF\xBB\xBF"
                            ": a comment\n"
                            "event: view\r\ndata: {\"a\":1}\r\n\r\n"
                            "data\n\n"
                            "id: 7\nretry: 100\nunknown: x\n"
                            "event:beat\rdata:one\rdata: two\r\r"
                            "event: nothing without data\n\n"
                            "data:  two spaces\n\n"
                            "event: never ended\ndata: x\n";
static const char mixed_events[] = "[view|{\"a\":1}][message|][beat|one\ntwo][message| two spaces]";

static void test_any_cut_gives_the_same_events(void **state)
{
    (void)state;
    size_t length = sizeof mixed - 1;
    for (size_t first = 0; first <= length; first++) {
        for (size_t second = first; second <= length; second += 3) {
            struct log log = {0};
            struct sse *sse = sse_create(1000, on_event, &log);
            assert_int_equal(sse_feed(sse, mixed, first), STATUS_OK);
            assert_int_equal(sse_feed(sse, mixed + first, second - first), STATUS_OK);
            assert_int_equal(sse_feed(sse, mixed + second, length - second), STATUS_OK);
            assert_string_equal(log.text, mixed_events);
            sse_destroy(sse);
        }
    }
}

static void test_byte_by_byte(void **state)
{
    (void)state;
    struct log log = {0};
    struct sse *sse = sse_create(1000, on_event, &log);
    for (size_t i = 0; i < sizeof mixed - 1; i++)
        assert_int_equal(sse_feed(sse, &mixed[i], 1), STATUS_OK);
    assert_string_equal(log.text, mixed_events);
    sse_destroy(sse);
}

static void test_bounds_hold(void **state)
{
    (void)state;
    struct log log = {0};
    struct sse *sse = sse_create(16, on_event, &log);
    assert_int_equal(sse_feed(sse, "data: 0123456789\n\n", 18), STATUS_OK);
    assert_string_equal(log.text, "[message|0123456789]");
    sse_reset(sse); /* one line too long, in two pieces */
    assert_int_equal(sse_feed(sse, "data: 01234", 11), STATUS_OK);
    assert_int_equal(sse_feed(sse, "567890", 6), STATUS_TOO_LARGE);
    sse_reset(sse); /* lines short, their sum too long */
    assert_int_equal(sse_feed(sse, "data: 012345\ndata: 01234567\n", 28), STATUS_OK);
    assert_int_equal(sse_feed(sse, "data: 0\n", 8), STATUS_TOO_LARGE);
    sse_destroy(sse);
}

static void test_endless_event_name_is_refused(void **state)
{
    (void)state;
    struct log log = {0};
    struct sse *sse = sse_create(1000, on_event, &log);
    static const char name[] = "event: 0123456789012345678901234567890123456789\n";
    assert_int_equal(sse_feed(sse, name, sizeof name - 1), STATUS_TOO_LARGE);
    sse_destroy(sse);
}

static void test_handler_ends_the_stream(void **state)
{
    (void)state;
    struct log log = {.answer = STATUS_INVALID};
    struct sse *sse = sse_create(1000, on_event, &log);
    assert_int_equal(sse_feed(sse, "data: a\n\ndata: b\n\n", 18), STATUS_INVALID);
    assert_string_equal(log.text, "[message|a]");
    sse_destroy(sse);
}

static void test_reset_forgets_half_an_event(void **state)
{
    (void)state;
    struct log log = {0};
    struct sse *sse = sse_create(1000, on_event, &log);
    assert_int_equal(sse_feed(sse, "event: view\ndata: half\nda", 25), STATUS_OK);
    sse_reset(sse);
    assert_int_equal(sse_feed(sse, "data: whole\n\n", 13), STATUS_OK);
    assert_string_equal(log.text, "[message|whole]");
    sse_destroy(sse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_cut_gives_the_same_events),
        cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_bounds_hold),
        cmocka_unit_test(test_endless_event_name_is_refused),
        cmocka_unit_test(test_handler_ends_the_stream),
        cmocka_unit_test(test_reset_forgets_half_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
