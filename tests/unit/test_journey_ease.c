/* What makes the kiosk easier: the screen's ease, speech and keypad, help, search, scanned letters, and time enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "journey_kit.h"

static bool is_offered(const struct kiosk *k, enum journey_action action)
{
    return journey_offers(&k->j, action);
}

/* ---- ease ------------------------------------------------------------------------------------------ */

static void ease_lies_over_a_page_and_gives_it_back(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    touch(&k, ACTION_EASE, 0);
    assert_int_equal(k.j.page, PAGE_EASE);
    touch(&k, ACTION_TEXT_SIZE, 2);
    assert_int_equal(k.j.text_size, 2);
    touch(&k, ACTION_TEXT_SIZE, -1);
    assert_int_equal(k.j.text_size, 0);
    touch(&k, ACTION_TEXT_SIZE, -1);
    touch(&k, ACTION_CONTRAST, 0);
    touch(&k, ACTION_LOW_REACH, 0);
    touch(&k, ACTION_LANGUAGE, 0); /* from one to the other, and both give the same page back */
    assert_int_equal(k.j.page, PAGE_LANGUAGES);
    touch(&k, ACTION_EASE, 0);
    assert_int_equal(k.j.page, PAGE_EASE);
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.page, PAGE_QUESTION);
    assert_int_equal(k.j.question, 1);
    assert_int_equal(k.j.at, 1);
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.text_size, 1);
    assert_true(k.j.contrast);
    assert_true(k.j.low_reach);
    tick_after(&k, JOURNEY_IDLE_MS);
    tick_after(&k, JOURNEY_ASK_MS);
    assert_int_equal(k.j.text_size, 0); /* the next visitor finds none of it */
    assert_false(k.j.contrast);
    assert_false(k.j.low_reach);
}

static void ease_and_languages_are_left_by_what_opened_them(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_EASE, 0);
    touch(&k, ACTION_EASE, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_LANGUAGE, 0);
    touch(&k, ACTION_LANGUAGE, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_LANGUAGE, 0);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
}

static void ease_is_there_before_a_visit_and_nothing_sweeps_it_away(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    int adopted = k.adopted;
    assert_false(is_offered(&k, ACTION_LANGUAGE)); /* the page is languages */
    touch(&k, ACTION_EASE, 0);
    assert_false(is_offered(&k, ACTION_LANGUAGE));
    touch(&k, ACTION_CONTRAST, 0);
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = false});
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_true(k.j.contrast);
    assert_int_equal(k.adopted, adopted);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_int_equal(k.j.page, PAGE_CLOSED);
    assert_int_equal(k.adopted, adopted + 1);
    assert_false(k.j.contrast);
}

static void a_ticket_finds_its_visitor_under_ease(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    assert_false(is_offered(&k, ACTION_EASE)); /* it lasts a moment */
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    touch(&k, ACTION_EASE, 0);
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    touch(&k, ACTION_EASE, 0);
    report_job(&k, JOB_PRINTED); /* and so does news of its paper */
    assert_int_equal(k.j.job, JOB_PRINTED);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_string_equal(k.j.ticket.number, "H07");
}

static void more_turns_the_sheets_of_a_page_and_a_new_page_begins_at_the_first(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_MORE, 0);
    touch(&k, ACTION_MORE, 0);
    assert_int_equal(k.j.sheet, 2);
    touch(&k, ACTION_CHOOSE_GROUP, 0);
    assert_int_equal(k.j.sheet, 0);
}

/* ---- speech and keypad ------------------------------------------------------------------------------- */

static void listen_goes_on_and_off_and_every_touch_interrupts(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_LISTEN, 0);
    assert_true(k.j.listening);
    assert_int_equal(k.hushes, 0);
    touch(&k, ACTION_NONE, 0);
    assert_int_equal(k.effects, EFFECT_HUSH);
    touch(&k, ACTION_LISTEN, 0);
    assert_false(k.j.listening);
    assert_int_equal(k.effects, EFFECT_HUSH);
    touch(&k, ACTION_NONE, 0);
    assert_int_equal(k.effects, 0);
}

static void the_first_key_brings_speech_and_focus_and_a_finger_needs_neither(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    press_key(&k);
    assert_true(k.j.keypad);
    assert_true(k.j.listening);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0); /* a finger's: somebody helps */
    assert_false(k.j.keypad);
    assert_true(k.j.listening);
    touch(&k, ACTION_LISTEN, 0);
    press_key(&k);
    assert_true(k.j.keypad);
    assert_false(k.j.listening); /* who wanted silence keeps it */
    k.now += 1000;
    struct journey_input selected = {
        .kind = INPUT_TOUCH, .action = ACTION_CHOOSE_GROUP, .item = 1, .by_keypad = true};
    snprintf(selected.fresh_key, sizeof selected.fresh_key, "%032d", 99);
    send(&k, selected);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_true(k.j.keypad);
    tick_after(&k, JOURNEY_IDLE_MS);
    tick_after(&k, JOURNEY_ASK_HEARD_MS);
    press_key(&k); /* the next visitor's */
    assert_true(k.j.listening);
}

static void a_headset_speaks_while_it_is_in(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = true});
    assert_true(k.j.listening);
    assert_true(k.j.headset);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = false});
    assert_false(k.j.listening); /* the room shall not hear the rest */
    assert_int_equal(k.effects, EFFECT_HUSH);
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = true});
    tick_after(&k, JOURNEY_IDLE_MS);
    tick_after(&k, JOURNEY_ASK_HEARD_MS);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_false(k.j.listening); /* left plugged in: the kiosk rests all the same */
    assert_true(k.j.headset);
    assert_true(journey_at_rest(&k.j));
}

/* Who goes by ear and loses the headset would find nothing again, "Listen" neither. */
static void the_next_key_speaks_after_a_headset_is_out(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    press_key(&k);
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = true});
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = false});
    assert_false(k.j.listening);
    press_key(&k);
    assert_true(k.j.listening);
    touch(&k, ACTION_LISTEN, 0); /* off by their own hand */
    press_key(&k);
    assert_false(k.j.listening);
}

static void a_key_answers_the_question_and_does_nothing_else(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_true(k.j.asking);
    press_key(&k);
    assert_false(k.j.asking);
    assert_int_equal(k.j.page, PAGE_READY);
}

static void speak(struct kiosk *k, bool speaks)
{
    send(k, (struct journey_input){.kind = INPUT_VOICE, .speaks = speaks});
}

/* In its place in the bar, but nothing to press; it comes back with the device. */
static void listen_is_not_offered_where_nothing_can_speak(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    assert_true(journey_offers(&k.j, ACTION_LISTEN));
    speak(&k, false);
    assert_false(journey_offers(&k.j, ACTION_LISTEN));
    touch(&k, ACTION_LISTEN, 0);
    assert_false(k.j.listening);
    press_key(&k);
    assert_true(k.j.keypad);
    assert_false(k.j.listening);
    speak(&k, true); /* a keypad's hand is spoken to, as from its first key on */
    assert_true(journey_offers(&k.j, ACTION_LISTEN));
    assert_true(k.j.listening);
}

static void who_listened_hears_the_rest_when_the_device_is_back(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_LISTEN, 0);
    speak(&k, false);
    assert_false(k.j.listening);
    speak(&k, true);
    assert_true(k.j.listening);
    touch(&k, ACTION_LISTEN, 0); /* who wants silence keeps it */
    speak(&k, false);
    speak(&k, true);
    assert_false(k.j.listening);
    k = at_welcome_page();
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = true});
    assert_true(k.j.listening);
    speak(&k, false);
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = false});
    send(&k, (struct journey_input){.kind = INPUT_HEADSET, .headset = true});
    assert_false(k.j.listening);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_true(journey_at_rest(&k.j));
    speak(&k, true); /* left plugged in: nobody is here */
    assert_false(k.j.listening);
}

static void who_listens_is_not_idle_until_it_is_said(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_LISTEN, 0);
    for (int i = 0; i < 60; i++) {
        k.now += 1000;
        send(&k, (struct journey_input){.kind = INPUT_SPEAKING});
    }
    tick_after(&k, JOURNEY_IDLE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    k.now += 1000;
    send(&k, (struct journey_input){.kind = INPUT_SPEAKING}); /* the question itself is said */
    assert_true(k.j.asking);
    assert_int_equal(journey_seconds_left(&k.j, k.now), 39);
    tick_after(&k, JOURNEY_ASK_HEARD_MS - 1001);
    assert_int_equal(k.j.page, PAGE_READY);
    tick_after(&k, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

/* ---- time enough (WCAG 2.2.1) -------------------------------------------------------------------------- */

static void every_page_asks_before_it_leaves_and_can_be_kept_as_often_as_one_likes(void **state)
{
    (void)state;
    static const enum journey_action openers[] = {ACTION_NONE, ACTION_EASE, ACTION_LANGUAGE};
    struct kiosk pages[] = {at_services_page(), at_question_page(), at_ready_page(),
                            at_done_page(),     at_services_page(), at_ready_page(),
                            at_services_page()};
    touch(&pages[4], ACTION_SEARCH, 0);
    touch(&pages[5], ACTION_NEEDS, 0);
    touch(&pages[6], ACTION_CHOOSE_GROUP, 0);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        for (size_t o = 0; o < sizeof openers / sizeof openers[0]; o++) {
            struct kiosk k = pages[i];
            touch(&k, openers[o], 0);
            enum journey_page page = k.j.page;
            for (int again = 0; again < 20; again++) {
                k.now = journey_wake_ms(&k.j);
                tick_after(&k, 0);
                if (k.j.job == JOB_UNKNOWN && !k.j.asking) { /* that was the paper's time */
                    k.now = journey_wake_ms(&k.j);
                    tick_after(&k, 0);
                }
                assert_true(k.j.asking);
                assert_true(is_offered(&k, ACTION_STILL_HERE));
                tick_after(&k, JOURNEY_ASK_MS - 1);
                assert_true(k.j.asking);
                touch_after(&k, 0, again % 2 ? ACTION_STILL_HERE : ACTION_NONE, 0);
                assert_false(k.j.asking);
                assert_int_equal(k.j.page, page);
            }
        }
    }
}

/* ---- help ------------------------------------------------------------------------------------------------ */

static void help_is_called_confirmed_answered_and_gone(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_HELP, 0);
    assert_int_equal(k.effects, EFFECT_HELP);
    assert_int_equal(k.j.help, HELP_CALLING);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    report_help(&k, HELP_NONE); /* a board of before */
    assert_int_equal(k.j.help, HELP_CALLING);
    report_help(&k, HELP_CALLED);
    assert_false(is_offered(&k, ACTION_HELP));
    report_help(&k, HELP_NONE); /* likewise */
    assert_int_equal(k.j.help, HELP_CALLED);
    k.now += JOURNEY_HELP_STALE_MS;
    report_help(&k, HELP_ANSWERED);
    assert_int_equal(k.j.help, HELP_ANSWERED);
    assert_false(is_offered(&k, ACTION_HELP_CANCEL)); /* somebody is on the way */
    report_help(&k, HELP_NONE);
    assert_int_equal(k.j.help, HELP_NONE);
    assert_int_equal(k.helps, 1);
}

static void help_can_be_taken_back(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_HELP, 0);
    report_help(&k, HELP_CALLED);
    touch(&k, ACTION_HELP_CANCEL, 0);
    assert_int_equal(k.effects, EFFECT_HELP_CANCEL);
    report_help(&k, HELP_CALLED); /* a board of before */
    assert_int_equal(k.j.help, HELP_NONE);
    k.now += JOURNEY_HELP_STALE_MS;
    report_help(&k, HELP_CALLED); /* it stands all the same: the truth is shown */
    assert_int_equal(k.j.help, HELP_CALLED);
}

static void help_that_reaches_nobody_says_so_and_can_be_called_again(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_HELP, 0);
    assert_int_equal(journey_wake_ms(&k.j), k.now + JOURNEY_HELP_FAIL_MS);
    tick_after(&k, JOURNEY_HELP_FAIL_MS);
    assert_int_equal(k.j.help, HELP_FAILED);
    touch(&k, ACTION_HELP, 0);
    assert_int_equal(k.helps, 2);
    report_help(&k, HELP_FAILED);
    assert_int_equal(k.j.help, HELP_FAILED);
    report_help(&k, HELP_CALLED); /* the link is back */
    assert_int_equal(k.j.help, HELP_CALLED);
}

static void help_waits_longer_and_outlives_the_visit(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_HELP, 0);
    report_help(&k, HELP_CALLED);
    tick_after(&k, JOURNEY_HELP_IDLE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    tick_after(&k, JOURNEY_ASK_MS);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_int_equal(k.j.help, HELP_CALLED); /* a person still comes to this kiosk */
    assert_true(journey_at_rest(&k.j));
}

static void help_that_failed_is_withdrawn_when_nobody_is_there_any_more(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    touch(&k, ACTION_HELP, 0);
    tick_after(&k, JOURNEY_HELP_FAIL_MS);
    assert_int_equal(k.j.help, HELP_FAILED);
    tick_after(&k, JOURNEY_IDLE_MS - 1);
    assert_int_equal(k.j.help, HELP_FAILED); /* to be read */
    tick_after(&k, 1);
    assert_int_equal(k.j.help, HELP_NONE);
    assert_int_equal(k.effects, EFFECT_HELP_CANCEL | EFFECT_FORGET);
}

static void help_and_listen_work_under_the_question(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_true(k.j.asking);
    touch(&k, ACTION_HELP, 0);
    assert_false(k.j.asking);
    assert_int_equal(k.j.help, HELP_CALLING);
    assert_int_equal(k.j.page, PAGE_SERVICES);
}

/* ---- search ------------------------------------------------------------------------------------------------ */

static void search_keeps_what_was_typed_for_who_comes_back(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_SEARCH, 0);
    assert_int_equal(k.j.page, PAGE_SEARCH);
    type(&k, "rent");
    touch(&k, ACTION_CHOOSE_SERVICE, 1);
    assert_int_equal(k.j.page, PAGE_QUESTION);
    assert_string_equal(k.j.typed, "");
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SEARCH);
    assert_string_equal(k.j.typed, "rent");
    touch(&k, ACTION_CHOOSE_SERVICE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_BACK, 0);
    assert_string_equal(k.j.typed, "rent");
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_SEARCH, 0);
    assert_string_equal(k.j.typed, "");
    for (int i = 0; i < 3 * JOURNEY_SEARCH_LETTERS; i++)
        touch(&k, ACTION_TYPE, 'a' + i % 2);
    assert_int_equal(strlen(k.j.typed), JOURNEY_SEARCH_LETTERS);
    touch(&k, ACTION_NOT_SURE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 3);
}

/* ---- scanned letters ------------------------------------------------------------------------------------------ */

static void a_letter_s_code_leads_to_its_service(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    scan(&k, "RE77", 1);
    assert_int_equal(k.j.page, PAGE_QUESTION);
    assert_int_equal(k.j.service, 1);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    scan(&k, "CT 12", 2);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.issues, 1);
}

static void a_code_that_says_nothing_is_said_until_the_next_touch(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    scan(&k, "XYZ", -1);
    assert_int_equal(k.j.notice, NOTICE_SCAN_UNKNOWN);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_NONE, 0);
    assert_int_equal(k.j.notice, NOTICE_NONE);
    scan(&k, "", -1); /* unreadable */
    assert_int_equal(k.j.notice, NOTICE_SCAN_UNKNOWN);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.notice, NOTICE_NONE);
    scan(&k, "CT12", 2); /* ready has its service */
    assert_int_equal(k.j.notice, NOTICE_SCAN_UNKNOWN);
    assert_int_equal(k.j.page, PAGE_READY);
    k = at_welcome_page();
    scan(&k, "XYZ", -1);
    assert_int_equal(k.j.notice, NOTICE_SCAN_UNKNOWN);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_int_equal(k.j.notice, NOTICE_NONE);
}

static void a_scanner_that_reads_on_and_on_counts_once(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    scan(&k, "RE77", 1);
    assert_int_equal(k.j.question, 0);
    k.now -= 900;
    scan(&k, "RE77", 1); /* 0.1 s later */
    assert_int_equal(k.j.notice, NOTICE_NONE);
    scan(&k, "RE77", 1);
    assert_int_equal(k.j.notice, NOTICE_SCAN_UNKNOWN); /* this question has no place for it */
}

static void a_scanned_number_is_typed_into_its_question(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_QUESTIONS, 0);
    touch(&k, ACTION_SKIP, 0);
    touch(&k, ACTION_SKIP, 0);
    type(&k, "9");
    scan(&k, "CT-1234 5678", 2);
    assert_string_equal(k.j.typed, "12345678");
    assert_int_equal(k.j.notice, NOTICE_NONE);
    scan(&k, "123456789", -1); /* too long for it: nothing is half taken */
    assert_string_equal(k.j.typed, "12345678");
    assert_int_equal(k.j.notice, NOTICE_SCAN_UNKNOWN);
    scan(&k, "no digits", -1);
    assert_string_equal(k.j.typed, "12345678");
}

static void scans_concern_nobody_while_closed_or_while_a_ticket_is_fetched(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    struct journey before = k.j;
    scan(&k, "CT12", 2);
    assert_memory_equal(&k.j, &before, sizeof before);
    k = at_welcome_page();
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = false});
    scan(&k, "CT12", 2);
    assert_int_equal(k.j.page, PAGE_CLOSED);
}

/* ---- paper ---------------------------------------------------------------------------------------------------- */

static void a_ticket_can_be_printed_again_once_there_is_paper(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_OPEN});
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.prints, 0);
    assert_int_equal(k.j.copy, 0);
    assert_false(is_offered(&k, ACTION_PRINT_AGAIN));
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_READY});
    touch(&k, ACTION_PRINT_AGAIN, 0);
    assert_int_equal(k.effects, EFFECT_PRINT_AGAIN);
    assert_int_equal(k.j.copy, 1);
    assert_int_equal(k.j.job, JOB_PRINTING);
    touch(&k, ACTION_PRINT_AGAIN, 0); /* it is on its way */
    assert_int_equal(k.prints, 1);
    report_job(&k, JOB_PRINTED);
    touch(&k, ACTION_PRINT_AGAIN, 0);
    struct journey_input old = {.kind = INPUT_JOB, .job = JOB_FAILED, .copy = 1};
    memcpy(old.ticket.id, k.j.slip, sizeof old.ticket.id);
    send(&k, old); /* news of the first copy is not the second's */
    assert_int_equal(k.j.job, JOB_PRINTING);
    report_job(&k, JOB_PRINTED);
    touch(&k, ACTION_PRINT_AGAIN, 0);
    report_job(&k, JOB_PRINTED);
    assert_false(is_offered(&k, ACTION_PRINT_AGAIN)); /* three are enough for anybody */
    touch(&k, ACTION_PRINT_AGAIN, 0);
    assert_int_equal(k.prints, 3);
}

static void paper_that_is_low_or_never_tells_prints(void **state)
{
    (void)state;
    static const struct {
        enum journey_paper paper;
        enum journey_job job;
    } cases[] = {{PAPER_NO_PRINTER, JOB_NONE}, {PAPER_READY, JOB_PRINTING},
                 {PAPER_LOW, JOB_PRINTING},    {PAPER_UNKNOWN, JOB_PRINTING},
                 {PAPER_OUT, JOB_FAILED},      {PAPER_JAM, JOB_FAILED},
                 {PAPER_OPEN, JOB_FAILED},     {PAPER_GONE, JOB_FAILED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kiosk k = at_getting_page();
        send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = cases[i].paper});
        answer(&k, k.j.key, "H07");
        assert_int_equal(k.j.job, cases[i].job);
        assert_int_equal(k.prints, cases[i].job == JOB_PRINTING);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ease_lies_over_a_page_and_gives_it_back),
        cmocka_unit_test(ease_and_languages_are_left_by_what_opened_them),
        cmocka_unit_test(ease_is_there_before_a_visit_and_nothing_sweeps_it_away),
        cmocka_unit_test(a_ticket_finds_its_visitor_under_ease),
        cmocka_unit_test(more_turns_the_sheets_of_a_page_and_a_new_page_begins_at_the_first),
        cmocka_unit_test(listen_goes_on_and_off_and_every_touch_interrupts),
        cmocka_unit_test(the_first_key_brings_speech_and_focus_and_a_finger_needs_neither),
        cmocka_unit_test(a_headset_speaks_while_it_is_in),
        cmocka_unit_test(the_next_key_speaks_after_a_headset_is_out),
        cmocka_unit_test(a_key_answers_the_question_and_does_nothing_else),
        cmocka_unit_test(listen_is_not_offered_where_nothing_can_speak),
        cmocka_unit_test(who_listened_hears_the_rest_when_the_device_is_back),
        cmocka_unit_test(who_listens_is_not_idle_until_it_is_said),
        cmocka_unit_test(every_page_asks_before_it_leaves_and_can_be_kept_as_often_as_one_likes),
        cmocka_unit_test(help_is_called_confirmed_answered_and_gone),
        cmocka_unit_test(help_can_be_taken_back),
        cmocka_unit_test(help_that_reaches_nobody_says_so_and_can_be_called_again),
        cmocka_unit_test(help_waits_longer_and_outlives_the_visit),
        cmocka_unit_test(help_that_failed_is_withdrawn_when_nobody_is_there_any_more),
        cmocka_unit_test(help_and_listen_work_under_the_question),
        cmocka_unit_test(search_keeps_what_was_typed_for_who_comes_back),
        cmocka_unit_test(a_letter_s_code_leads_to_its_service),
        cmocka_unit_test(a_code_that_says_nothing_is_said_until_the_next_touch),
        cmocka_unit_test(a_scanner_that_reads_on_and_on_counts_once),
        cmocka_unit_test(a_scanned_number_is_typed_into_its_question),
        cmocka_unit_test(scans_concern_nobody_while_closed_or_while_a_ticket_is_fetched),
        cmocka_unit_test(a_ticket_can_be_printed_again_once_there_is_paper),
        cmocka_unit_test(paper_that_is_low_or_never_tells_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
