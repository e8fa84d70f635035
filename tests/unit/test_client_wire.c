/* Documents from outside: the right ones are read whole, and any damage is a status, never a crash
 * or a half-read value. Clock arithmetic and the cached site belong here too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/client.h"
#include "client/site_cache.h"
#include "client_samples.h"
#include "test_kit.h"

static struct board_view view; /* tens of kilobytes */

static void test_board_is_read(void **state)
{
    (void)state;
    assert_int_equal(wire_read_board(sample_board, strlen(sample_board), 5000, &view), STATUS_OK);
    assert_int_equal(view.version, 12);
    assert_int_equal(view.clock.server_ms, 1795516927123);
    assert_int_equal(view.clock.heard_at_ms, 5000);
    assert_true(view.open);
    assert_int_equal(view.next_open_ms, 0);
    assert_string_equal(view.site_hash, "aaaa1111");
    assert_int_equal(view.call_count, 1);
    assert_string_equal(view.calls[0].number, "H07");
    assert_string_equal(view.calls[0].counter, "3");
    assert_string_equal(view.calls[0].language, "ur");
    assert_int_equal(view.calls[0].recalls, 1);
    assert_int_equal(view.service_count, 2);
    assert_false(view.services[0].wait.known);
    assert_int_equal(view.services[0].waiting, 4);
    assert_int_equal(view.services[1].wait.p90_s, 1300);
    assert_int_equal(view.services[1].wait.low_min, 10);
    assert_int_equal(view.services[1].wait.high_min, 25);
    assert_false(view.services[0].delayed.known);
    assert_true(view.services[1].delayed.known);
    assert_int_equal(view.services[1].delayed.since_ms, 1795516800000);
    assert_int_equal(view.services[1].delayed.low_min, 15);
    assert_int_equal(view.services[1].delayed.high_min, 30);
    assert_string_equal(board_notice_text(&view.notices[0], "ur"), "زیادہ وقت");
    assert_string_equal(board_notice_text(&view.notices[0], "pl"), "Housing takes longer");
}

static void test_board_tells_of_help_and_of_waits_by_need(void **state)
{
    (void)state;
    static const char *const none[] = {"step_free"};
    static const char *const one[] = {"step_free", "bsl"};
    static const char *const unknown[] = {"private_room"};
    static const char *const two[] = {"private_room", "bsl"};
    assert_int_equal(wire_read_board(sample_board, strlen(sample_board), 1, &view), STATUS_OK);
    assert_true(view.help.called);
    assert_int_equal(view.help.since_ms, 1795516860000);
    assert_int_equal(view.help.answered_at_ms, 0);
    assert_int_equal(view.services[0].need_wait_count, 0);
    const struct board_service *repairs = &view.services[1];
    assert_int_equal(repairs->need_wait_count, 2);
    assert_int_equal(board_wait_with_needs(repairs, none, 1)->high_min, 25);
    assert_int_equal(board_wait_with_needs(repairs, one, 2)->high_min, 40);
    assert_false(board_wait_with_needs(repairs, unknown, 1)->known);
    assert_null(board_wait_with_needs(repairs, two, 2));

    static const char head[] = "{\"version\":1,\"now\":\"2026-11-24T10:42:07Z\",\"utc_offset_s\":0,"
                               "\"open\":true,\"announcement\":0,\"help\":";
    char text[400];
    snprintf(text, sizeof text, "%snull}", head);
    assert_int_equal(wire_read_board(text, strlen(text), 1, &view), STATUS_OK);
    assert_false(view.help.called);
    snprintf(text, sizeof text, "%s{\"since\":\"soon\"}}", head);
    assert_int_equal(wire_read_board(text, strlen(text), 1, &view), STATUS_INVALID);
}

static void test_board_cut_anywhere_is_invalid(void **state)
{
    (void)state;
    for (size_t length = 0; length + 1 < strlen(sample_board); length++) {
        view.version = -5;
        assert_int_not_equal(wire_read_board(sample_board, length, 1, &view), STATUS_OK);
        assert_int_equal(view.version, -5);
    }
}

/* One byte at a time becomes something else: either it still is a right document or it is refused. */
static void test_damaged_documents_are_survived(void **state)
{
    (void)state;
    static const char bytes[] = {'"', '{', ']', '9', '-', 'x', '\0', (char)0xFF};
    for (size_t at = 0; at < strlen(sample_board); at++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            char *copy = strdup(sample_board);
            copy[at] = bytes[i];
            (void)wire_read_board(copy, strlen(sample_board), 1, &view);
            free(copy);
        }
    }
    for (size_t at = 0; at < strlen(sample_site); at++) {
        char *copy = strdup(sample_site);
        struct site_info *site = NULL;
        copy[at] = bytes[at % sizeof bytes];
        if (site_info_read(copy, strlen(sample_site), &site) == STATUS_OK)
            site_info_destroy(site);
        free(copy);
    }
}

/* The sample with one piece replaced. */
static enum status read_changed(const char *from, const char *to)
{
    char changed[8192];
    const char *at = strstr(sample_board, from);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - sample_board), sample_board, to,
             at + strlen(from));
    return wire_read_board(changed, strlen(changed), 1, &view);
}

/* As the server writes one that staff posted. */
static void test_a_notice_of_a_template_is_read(void **state)
{
    (void)state;
    assert_int_equal(
        read_changed("\"notices\":[{",
                     "\"notices\":[{\"id\":\"01JDNOTICE\",\"template\":\"delay\","
                     "\"service\":\"housing\",\"minutes\":20,\"until\":null},"
                     "{\"template\":\"fire_test\",\"service\":null,\"minutes\":null},{"),
        STATUS_OK);
    assert_int_equal(view.notice_count, 3);
    assert_string_equal(view.notices[0].template_code, "delay");
    assert_string_equal(view.notices[0].service, "housing");
    assert_int_equal(view.notices[0].minutes, 20);
    assert_string_equal(view.notices[1].template_code, "fire_test");
    assert_string_equal(view.notices[1].service, "");
    assert_int_equal(view.notices[1].minutes, 0);
    assert_string_equal(view.notices[2].template_code, "");
    assert_int_equal(read_changed("\"notices\":[{", "\"notices\":[{\"template\":7,"),
                     STATUS_INVALID);
}

static void test_board_bounds(void **state)
{
    (void)state;
    assert_int_equal(read_changed("H07", "HB104"), STATUS_OK);
    assert_int_equal(read_changed("H07", "HBC10445"), STATUS_INVALID);
    assert_int_equal(read_changed("H07", "h<b>"), STATUS_INVALID);
    assert_int_equal(read_changed("\"counter\":\"3\"", "\"counter\":\"../3\""), STATUS_INVALID);
    assert_int_equal(read_changed("\"counter\":\"3\",", ""), STATUS_INVALID);
    assert_int_equal(read_changed("\"announcement\":41,", "\"announcement\":-1,"), STATUS_INVALID);
    assert_int_equal(read_changed("\"announcement\":41,", "\"announcement\":41.5,"),
                     STATUS_INVALID);
    assert_int_equal(read_changed("\"open\":true", "\"open\":1"), STATUS_INVALID);
    assert_int_equal(read_changed("10:42:07.123Z", "25:42:07Z"), STATUS_INVALID);
    assert_int_equal(read_changed("\"p50_s\":960", "\"p50_s\":20"), STATUS_INVALID);
    assert_int_equal(read_changed("\"low_min\":10,", ""), STATUS_INVALID);
    assert_int_equal(read_changed("\"high_min\":25", "\"high_min\":5"), STATUS_INVALID);
    assert_int_equal(read_changed("\"high_min\":25", "\"high_min\":25.5"), STATUS_INVALID);
    assert_int_equal(read_changed("\"since\":\"2026", "\"since\":\"x026"), STATUS_INVALID);
    assert_int_equal(read_changed("\"high_min\":30", "\"high_min\":\"30\""), STATUS_INVALID);
    assert_int_equal(read_changed("\"delayed\":{", "\"delayed\":null,\"was\":{"), STATUS_OK);
    assert_false(view.services[1].delayed.known);
    /* The calls of a board are worth more than a range that nobody believes. */
    assert_int_equal(read_changed("\"high_min\":25", "\"high_min\":9000"), STATUS_OK);
    assert_false(view.services[1].wait.known);
    assert_int_equal(read_changed("\"high_min\":30", "\"high_min\":9000"), STATUS_OK);
    assert_false(view.services[1].delayed.known);
    assert_int_equal(read_changed("\"notices\":[{", "\"notices\":[{\"tone\":1,"), STATUS_OK);
    assert_int_equal(wire_read_board(sample_board, WIRE_BOARD_BYTES + 1, 1, &view),
                     STATUS_TOO_LARGE);
}

static void test_too_many_calls_are_refused(void **state)
{
    (void)state;
    static const char call[] =
        "{\"announcement\":41,\"ticket\":\"T\",\"number\":\"H07\",\"counter\":\"3\","
        "\"called_at\":\"2026-11-24T10:42:05Z\",\"recalls\":0}";
    char calls[(WIRE_CALLS_MAX + 1) * sizeof call + 8] = "";
    size_t used = 0;
    for (int i = 0; i <= WIRE_CALLS_MAX; i++)
        used += (size_t)snprintf(calls + used, sizeof calls - used, "%s%s", i > 0 ? "," : "", call);
    char *document;
    assert_true(asprintf(&document,
                         "{\"version\":1,\"now\":\"2026-11-24T10:42:07Z\",\"utc_offset_s\":0,"
                         "\"open\":true,\"announcement\":41,\"calls\":[%s]}",
                         calls) > 0);
    assert_int_equal(wire_read_board(document, strlen(document), 1, &view), STATUS_INVALID);
    free(document);
}

static void test_times(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(wire_read_time("1970-01-01T00:00:00Z", &ms));
    assert_int_equal(ms, 0);
    assert_true(wire_read_time("2028-02-29T23:59:59.987654Z", &ms));
    assert_int_equal(ms, 1835481599987);
    static const char *const wrong[] = {"",
                                        "2026",
                                        "2026-11-24",
                                        "2026-11-24T10:42:07",
                                        "2026-11-24T10:42:07+00:00",
                                        "2026-13-24T10:42:07Z",
                                        "2026-11-24 10:42:07Z",
                                        "-026-11-24T10:42:07Z",
                                        "2026-11-24T10:42:07.Zx"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(wire_read_time(wrong[i], &ms));
}

static void test_receipt_and_problem(void **state)
{
    (void)state;
    struct ticket_receipt receipt;
    assert_int_equal(wire_read_receipt(sample_ticket, strlen(sample_ticket), &receipt), STATUS_OK);
    assert_string_equal(receipt.number, "H07");
    assert_string_equal(receipt.id, "01J00000000000000000000007");
    assert_int_equal(receipt.ahead, 3);
    assert_false(receipt.wait.known);
    assert_string_equal(receipt.url, "");
    char promised[1024];
    const char *at = strstr(sample_ticket, "null,\"issued_at");
    assert_non_null(at);
    snprintf(promised, sizeof promised,
             "%.*s{\"p20_s\":0,\"p50_s\":90,\"p90_s\":200,\"low_min\":0,\"high_min\":5}%s",
             (int)(at - sample_ticket), sample_ticket, at + strlen("null"));
    assert_int_equal(wire_read_receipt(promised, strlen(promised), &receipt), STATUS_OK);
    assert_true(receipt.wait.known);
    assert_int_equal(receipt.wait.high_min, 5);
    assert_int_equal(wire_read_receipt("[]", 2, &receipt), STATUS_INVALID);
    assert_int_equal(wire_read_receipt("{}", 2, &receipt), STATUS_INVALID);

    struct issue_refusal refusal = {.http_status = 409};
    static const char problem[] =
        "{\"type\":\"/problems/day-closed\",\"title\":\"x\",\"status\":409,\"detail\":\"The day is "
        "closed.\"}";
    wire_read_problem(problem, strlen(problem), &refusal);
    assert_string_equal(refusal.code, "day-closed");
    assert_string_equal(refusal.detail, "The day is closed.");
    wire_read_problem("<html>", 6, &refusal);
    assert_string_equal(refusal.code, "");
}

static void test_issue_body(void **state)
{
    (void)state;
    struct issue_request request = {.service = "housing_options", .language = "pl"};
    char *body = wire_write_issue(&request);
    assert_string_equal(body, "{\"service\":\"housing_options\",\"language\":\"pl\"}");
    free(body);
    request.need_count = 1;
    kit_set(request.needs[0], sizeof request.needs[0], "interpreter");
    request.answer_count = 1;
    kit_set(request.answers[0].question, sizeof request.answers[0].question, "tenancy");
    kit_set(request.answers[0].text, sizeof request.answers[0].text, "Say \"hi\"\n");
    body = wire_write_issue(&request);
    assert_string_equal(
        body, "{\"service\":\"housing_options\",\"language\":\"pl\",\"needs\":[\"interpreter\"],"
              "\"answers\":{\"tenancy\":\"Say \\\"hi\\\"\\n\"}}");
    free(body);
    kit_set(request.answers[0].text, sizeof request.answers[0].text, "\xC3"); /* half a letter */
    assert_null(wire_write_issue(&request));
}

static void test_issue_body_says_what_was_chosen(void **state)
{
    (void)state;
    struct issue_request request = {.service = "repairs",
                                    .avoidable = "chasing",
                                    .ticket_class = "urgent",
                                    .answer_count = 3,
                                    .answers = {{.question = "before", .choice_count = 1},
                                                {.question = "rooms", .is_list = true},
                                                {.question = "skipped", .is_list = true}}};
    kit_set(request.answers[0].choices[0], sizeof request.answers[0].choices[0], "told_twice");
    request.answers[1].choice_count = 2;
    kit_set(request.answers[1].choices[0], sizeof request.answers[1].choices[0], "bath");
    kit_set(request.answers[1].choices[1], sizeof request.answers[1].choices[1], "hall");
    char *body = wire_write_issue(&request);
    assert_string_equal(body,
                        "{\"service\":\"repairs\",\"avoidable\":\"chasing\",\"class\":\"urgent\","
                        "\"answers\":{\"before\":\"told_twice\",\"rooms\":[\"bath\",\"hall\"]}}");
    free(body);
}

static void test_visit_and_help_bodies(void **state)
{
    (void)state;
    const struct visit_request visit = {.kind = "signposted",
                                        .service = "council_tax",
                                        .signpost = "bill_online",
                                        .device = "kiosk-1",
                                        .avoidable = "wrong_place"};
    char *body = wire_write_visit(&visit);
    assert_string_equal(body,
                        "{\"kind\":\"signposted\",\"service\":\"council_tax\",\"signpost\":"
                        "\"bill_online\",\"device\":\"kiosk-1\",\"avoidable\":\"wrong_place\"}");
    free(body);
    body = wire_write_help("kiosk-1", "");
    assert_string_equal(body, "{\"device\":\"kiosk-1\"}");
    free(body);
}

static void test_site_is_read(void **state)
{
    (void)state;
    struct site_info *site = NULL;
    assert_int_equal(site_info_read(sample_site, strlen(sample_site), &site), STATUS_OK);
    const struct site_group *housing = site_info_find_group(site, "housing");
    assert_int_equal(housing->service_count, 2);
    assert_string_equal(site->services[housing->services[1]].code, "repairs");
    assert_string_equal(site_info_text(site, &housing->name, "ur"), "رہائش");
    assert_string_equal(site_info_text(site, &housing->name, "xx"), "Housing");
    assert_string_equal(site_info_text(site, &housing->hint, "ur"), "");
    const struct site_service *options = site_info_find_service(site, "housing_options");
    assert_int_equal(options->have_ready_count, 2);
    assert_string_equal(site_info_text(site, &options->have_ready[0], "ur"), "شناخت");
    assert_string_equal(site_info_text(site, &options->have_ready[1], "ur"), "Tenancy");
    assert_true(site->languages[1].rtl && site->languages[1].draft);
    assert_true(site->hours[1].open);
    assert_false(site->hours[0].open);
    assert_string_equal(site->hours[1].doors_at, "16:45");
    assert_string_equal(site_info_find_display(site, "lobby")->theme, "dark");
    assert_null(site_info_find_counter(site, "4"));
    assert_string_equal(site->phone, "01632 960100");
    site_info_destroy(site);
    assert_int_equal(site_info_read("{}", 2, &site), STATUS_INVALID);
}

static void test_cache_keeps_the_whole_or_nothing(void **state)
{
    (void)state;
    char dir[] = "/tmp/quarter-cache-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct site_info *site = NULL;
    assert_int_equal(site_cache_load(dir, &site), STATUS_NOT_FOUND);
    assert_int_equal(site_cache_store(dir, sample_site, strlen(sample_site)), STATUS_OK);
    assert_int_equal(site_cache_load(dir, &site), STATUS_OK);
    assert_string_equal(site->hash, "aaaa1111");
    site_info_destroy(site);
    assert_int_equal(site_cache_store(dir, sample_site, 100), STATUS_OK); /* as if damaged */
    assert_int_equal(site_cache_load(dir, &site), STATUS_INVALID);
    char path[64];
    snprintf(path, sizeof path, "%s/site.json", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0); /* empty: no temporary file was left */
    assert_int_equal(site_cache_store(dir, sample_site, 10), STATUS_IO);
}

static void test_clock(void **state)
{
    (void)state;
    struct client_clock clock = {0};
    char hhmm[CLIENT_HHMM_BYTES] = "x";
    client_clock_hhmm(&clock, 1000, hhmm);
    assert_string_equal(hhmm, "");
    int64_t utc_ms;
    assert_true(wire_read_time("2026-06-30T22:59:59.500Z", &utc_ms));
    clock = (struct client_clock){.server_ms = utc_ms, .heard_at_ms = 1000, .utc_offset_s = 3600};
    client_clock_hhmm(&clock, 1000, hhmm);
    assert_string_equal(hhmm, "23:59");
    client_clock_hhmm(&clock, 1500, hhmm);
    assert_string_equal(hhmm, "00:00");
    struct client_local_time local = client_clock_local(&clock, 1500);
    assert_int_equal(local.year, 2026);
    assert_int_equal(local.month, 7);
    assert_int_equal(local.day, 1);
    assert_int_equal(local.weekday, 3); /* a Wednesday */
    clock.utc_offset_s = -3600;
    assert_int_equal(client_clock_local(&clock, 1000).hour, 21);
    assert_int_equal(client_clock_utc_ms(&clock, 900), utc_ms); /* never backwards */
}

static void test_keys_are_fresh(void **state)
{
    (void)state;
    char a[CLIENT_KEY_BYTES], b[CLIENT_KEY_BYTES];
    client_new_key(a);
    client_new_key(b);
    assert_int_equal(strspn(a, "0123456789abcdef"), CLIENT_KEY_BYTES - 1);
    assert_string_not_equal(a, b);
}

static void test_board_may_ask_for_prints(void **state)
{
    static const char json[] =
        "{\"version\":13,\"now\":\"2026-11-24T10:43:07Z\",\"utc_offset_s\":0,\"open\":true,"
        "\"announcement\":41,\"site_hash\":\"baaa1111\",\"prints\":[{\"id\":"
        "\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"ticket\":%s}]}";
    char text[8192];
    (void)state;
    snprintf(text, sizeof text, json, sample_ticket);
    assert_int_equal(wire_read_board(text, strlen(text), 7, &view), STATUS_OK);
    assert_int_equal(view.print_count, 1);
    assert_string_equal(view.prints[0].id, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    assert_true(view.prints[0].ticket.number[0] != '\0');
    snprintf(text, sizeof text, json, "{}");
    assert_int_equal(wire_read_board(text, strlen(text), 7, &view), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_board_is_read),
        cmocka_unit_test(test_board_may_ask_for_prints),
        cmocka_unit_test(test_a_notice_of_a_template_is_read),
        cmocka_unit_test(test_board_tells_of_help_and_of_waits_by_need),
        cmocka_unit_test(test_board_cut_anywhere_is_invalid),
        cmocka_unit_test(test_damaged_documents_are_survived),
        cmocka_unit_test(test_board_bounds),
        cmocka_unit_test(test_too_many_calls_are_refused),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_receipt_and_problem),
        cmocka_unit_test(test_issue_body),
        cmocka_unit_test(test_issue_body_says_what_was_chosen),
        cmocka_unit_test(test_visit_and_help_bodies),
        cmocka_unit_test(test_site_is_read),
        cmocka_unit_test(test_cache_keeps_the_whole_or_nothing),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_keys_are_fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
