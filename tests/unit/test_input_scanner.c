/* What a scanner types, without a scanner: whole codes, rubbish, and codes that broke off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <linux/input-event-codes.h>

#include "input/scanner.h"

struct desk {
    struct scanner scanner;
    int64_t now;
    char told[256]; /* "[CT-00] ? " */
};

static void tell(struct desk *desk, enum scanner_result result)
{
    size_t used = strlen(desk->told);
    if (result == SCANNER_TEXT)
        snprintf(desk->told + used, sizeof desk->told - used, "[%s] ", desk->scanner.text);
    else if (result == SCANNER_UNREADABLE)
        snprintf(desk->told + used, sizeof desk->told - used, "? ");
}

static void key(struct desk *desk, uint16_t code, int64_t after_ms)
{
    desk->now += after_ms;
    tell(desk, scanner_feed(&desk->scanner, code, 1, desk->now));
    tell(desk, scanner_feed(&desk->scanner, code, 2, desk->now));
    tell(desk, scanner_feed(&desk->scanner, code, 0, desk->now));
}

static void shifted(struct desk *desk, uint16_t code)
{
    tell(desk, scanner_feed(&desk->scanner, KEY_RIGHTSHIFT, 1, desk->now));
    key(desk, code, 2);
    tell(desk, scanner_feed(&desk->scanner, KEY_RIGHTSHIFT, 0, desk->now));
}

static void digits(struct desk *desk, int count, int64_t gap_ms)
{
    for (int i = 0; i < count; i++)
        key(desk, (uint16_t)(KEY_1 + i % 9), gap_ms);
}

static void wait(struct desk *desk, int64_t ms)
{
    desk->now += ms;
    tell(desk, scanner_tick(&desk->scanner, desk->now));
}

static void expect(struct desk *desk, const char *told)
{
    assert_string_equal(desk->told, told);
    desk->told[0] = '\0';
}

static void a_burst_ended_by_enter_is_a_code(void **state)
{
    (void)state;
    struct desk desk = {0};
    shifted(&desk, KEY_C);
    shifted(&desk, KEY_T);
    key(&desk, KEY_MINUS, 2);
    key(&desk, KEY_0, 2);
    key(&desk, KEY_KP7, 2);
    shifted(&desk, KEY_APOSTROPHE);
    expect(&desk, "");
    key(&desk, KEY_ENTER, 2);
    expect(&desk, "[CT-07\"] ");
    digits(&desk, 2, 2);
    key(&desk, KEY_KPENTER, 2);
    expect(&desk, "[12] ");
    wait(&desk, 5000);
    expect(&desk, "");
}

static void a_lone_enter_is_nothing(void **state)
{
    (void)state;
    struct desk desk = {0};
    key(&desk, KEY_ENTER, 0);
    key(&desk, KEY_ENTER, 1);
    expect(&desk, "");
}

static void keys_may_be_a_tenth_of_a_second_apart_and_no_more(void **state)
{
    (void)state;
    struct desk desk = {.now = 77};
    digits(&desk, 3, 100);
    key(&desk, KEY_ENTER, 100);
    expect(&desk, "[123] ");
    digits(&desk, 3, 100);
    key(&desk, KEY_ENTER, 101);
    expect(&desk, "? ");
    digits(&desk, 2, 10);
    digits(&desk, 1, 101);
    digits(&desk, 3, 10);
    key(&desk, KEY_ENTER, 10);
    expect(&desk, "? "); /* once, and not the second half */
    digits(&desk, 2, 10);
    key(&desk, KEY_ENTER, 10);
    expect(&desk, "[12] ");
}

static void a_burst_that_breaks_off_is_told_and_the_next_one_counts(void **state)
{
    (void)state;
    struct desk desk = {0};
    assert_int_equal(scanner_due_ms(&desk.scanner), INT64_MAX);
    digits(&desk, 4, 5);
    assert_int_equal(scanner_due_ms(&desk.scanner), desk.now + SCANNER_SILENCE_MS + 1);
    wait(&desk, SCANNER_SILENCE_MS);
    expect(&desk, "");
    wait(&desk, 1);
    expect(&desk, "? ");
    assert_int_equal(scanner_due_ms(&desk.scanner), INT64_MAX);
    digits(&desk, 2, 5);
    key(&desk, KEY_ENTER, 5);
    expect(&desk, "[12] ");
    /* Nobody looked at the clock meanwhile. */
    digits(&desk, 4, 5);
    digits(&desk, 2, 5000);
    key(&desk, KEY_ENTER, 5);
    expect(&desk, "? ? [2] ");
}

static void the_longest_code_fits_and_a_longer_one_does_not(void **state)
{
    (void)state;
    struct desk desk = {0};
    digits(&desk, SCANNER_TEXT_MAX, 1);
    key(&desk, KEY_ENTER, 1);
    assert_int_equal(strlen(desk.told), SCANNER_TEXT_MAX + 3);
    desk.told[0] = '\0';
    digits(&desk, SCANNER_TEXT_MAX + 1, 1);
    expect(&desk, "? ");
    digits(&desk, 500, 1);
    key(&desk, KEY_ENTER, 1);
    expect(&desk, "");
    digits(&desk, 1, 1);
    key(&desk, KEY_ENTER, 1);
    expect(&desk, "[1] ");
}

static void what_cannot_be_printed_spoils_the_code(void **state)
{
    (void)state;
    static const uint16_t rubbish[] = {KEY_TAB, KEY_F5, KEY_UP, KEY_BACKSPACE,
                                       KEY_ESC, 0,      255,    767};
    for (size_t i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
        struct desk desk = {0};
        digits(&desk, 2, 1);
        key(&desk, rubbish[i], 1);
        digits(&desk, 2, 1);
        key(&desk, KEY_ENTER, 1);
        expect(&desk, "? ");
    }
    struct desk desk = {0};
    scanner_feed(&desk.scanner, KEY_LEFTCTRL, 1, 0); /* a control character, as GS1 codes have */
    key(&desk, KEY_RIGHTBRACE, 1);
    scanner_feed(&desk.scanner, KEY_LEFTCTRL, 0, 1);
    digits(&desk, 2, 1);
    key(&desk, KEY_ENTER, 1);
    expect(&desk, "? ");
}

static void locks_are_harmless(void **state)
{
    (void)state;
    struct desk desk = {0};
    key(&desk, KEY_NUMLOCK, 1);
    digits(&desk, 2, 1);
    key(&desk, KEY_CAPSLOCK, 1);
    key(&desk, KEY_ENTER, 1);
    expect(&desk, "[12] ");
}

static void lost_events_spoil_the_code_once(void **state)
{
    (void)state;
    struct desk desk = {0};
    tell(&desk, scanner_lose(&desk.scanner));
    expect(&desk, "");
    digits(&desk, 2, 1);
    tell(&desk, scanner_lose(&desk.scanner));
    tell(&desk, scanner_lose(&desk.scanner));
    digits(&desk, 2, 1);
    key(&desk, KEY_ENTER, 1);
    expect(&desk, "? ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_ended_by_enter_is_a_code),
        cmocka_unit_test(a_lone_enter_is_nothing),
        cmocka_unit_test(keys_may_be_a_tenth_of_a_second_apart_and_no_more),
        cmocka_unit_test(a_burst_that_breaks_off_is_told_and_the_next_one_counts),
        cmocka_unit_test(the_longest_code_fits_and_a_longer_one_does_not),
        cmocka_unit_test(what_cannot_be_printed_spoils_the_code),
        cmocka_unit_test(locks_are_harmless),
        cmocka_unit_test(lost_events_spoil_the_code_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
