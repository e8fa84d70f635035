/* What meet and greet sees, over HTTP: whoever waits, counters, help, devices, tickets by number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "http/device_states.h"
#include "http_views.h"
#include "quarter/check.h"

/* A member of a view that is to be this text. */
struct wish {
    const char *way, *text;
};

static bool has_text(const json_t *view, const void *context)
{
    const struct wish *wish = context;
    return strcmp(view_text(view, wish->way), wish->text) == 0;
}

static bool is_true(const json_t *view, const void *context)
{
    return view_is(view, context, true);
}

static bool is_false(const json_t *view, const void *context)
{
    return view_is(view, context, false);
}

static bool both_are_there(const json_t *view, const void *context)
{
    (void)context;
    return view_is(view, "devices.0.connected", true) && view_is(view, "devices.1.connected", true);
}

static json_t *await(struct listener *floor, struct rig *rig, view_shows *shows,
                     const void *context)
{
    return views_await(floor, rig, "FloorView", shows, context);
}

static void pass(json_t *view)
{
    json_decref(view);
}

static int set_up(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    rig.beat_ms = 200; /* a kiosk that went is noticed at a beat */
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static void the_queue_is_shown_as_it_goes(void **state)
{
    struct rig *rig = *state;
    char first[32], second[32], third[32], path[80];
    struct listener floor;
    listener_open(&floor, rig, "/api/floor/stream", NULL);
    json_t *view = await(&floor, rig, is_true, "day_open");
    assert_int_equal(json_array_size(view_at(view, "waiting")), 0);
    assert_int_equal(json_array_size(view_at(view, "counters")), 2);
    assert_string_equal(view_text(view, "counters.0.state"), "closed");
    assert_true(view_is(view, "services.0.nobody_serves", false)); /* the rota has somebody */
    assert_string_equal(view_text(view, "devices.0.code"), "kiosk-1");
    assert_string_equal(view_text(view, "devices.1.kind"), "display");
    assert_true(view_is(view, "devices.0.connected", false));
    assert_true(view_is_null(view, "devices.0.seen_at"));
    pass(view);

    rig_issue(rig, "housing", NULL, first);
    rig_issue(rig, "parking", NULL, second);
    rig_issue(rig, "housing", NULL, third);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/hold", first);
    assert_int_equal(view_post(rig, path, "{\"minutes\":10}"), 200);
    view = await(&floor, rig, has_text, &(struct wish){"recent.0.id", third});
    pass(view);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    view = await(&floor, rig, has_text, &(struct wish){"counters.0.ticket.number", "P01"});
    assert_string_equal(view_text(view, "counters.0.ticket.state"), "called");
    assert_string_equal(view_text(view, "counters.0.ticket.since"),
                        view_text(view, "counters.0.since"));
    assert_int_equal(view_number(view, "waiting_total"), 2);
    assert_int_equal(view_number(view, "counters.0.can_serve_total"), 1); /* the held one not */
    const bool held_is_first = strcmp(view_text(view, "waiting.0.id"), first) == 0;
    assert_true(view_text(view, held_is_first ? "waiting.0.held_until"
                                              : "waiting.1.held_until")[0] != '\0');
    assert_int_equal(json_array_size(view_at(view, "recent")), 3);
    assert_string_equal(view_text(view, "recent.1.state"), "called");
    pass(view);
    listener_close(&floor);
}

/* Goes on where the last test stopped: P01 is called at counter 1, H01 is held, H02 waits. */
static void what_happens_at_counters_is_shown(void **state)
{
    struct rig *rig = *state;
    struct listener floor;
    listener_open(&floor, rig, "/api/floor/stream", NULL);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(view_post(rig, "/api/counters/1/park", "{}"), 200);
    json_t *view = await(&floor, rig, has_text, &(struct wish){"parked.0.number", "P01"});
    assert_string_equal(view_text(view, "parked.0.counter"), "1");
    assert_true(view_is_null(view, "counters.0.ticket"));
    pass(view);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "recall", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "no-show", NULL), 200);
    assert_int_equal(view_post(rig, "/api/counters/1/pause", "{\"reason\":\"training\"}"), 200);
    view = await(&floor, rig, has_text, &(struct wish){"counters.0.pause.reason", "training"});
    assert_string_equal(view_text(view, "no_shows.0.number"), "H02");
    assert_string_equal(view_text(view, "counters.0.state"), "paused");
    pass(view);
    assert_int_equal(view_post(rig, "/api/counters/room-1/move", "{\"services\":[\"parking\"]}"),
                     200);
    assert_int_equal(view_post(rig, "/api/notices", "{\"template\":\"short_of_staff\"}"), 201);
    assert_int_equal(view_post(rig, "/api/help", "{\"device\":\"kiosk-1\",\"language\":\"pl\"}"),
                     201);
    view = await(&floor, rig, has_text, &(struct wish){"help.0.device", "kiosk-1"});
    assert_string_equal(view_text(view, "notices.0.template"), "short_of_staff");
    assert_true(view_is(view, "counters.1.moved", true));
    assert_string_equal(view_text(view, "counters.1.services.0"), "parking");
    pass(view);
    assert_int_equal(view_post(rig, "/api/help/kiosk-1/answer", "{}"), 200);
    assert_int_equal(rig_counter(rig, "1", "close", NULL), 200);
    assert_int_equal(view_post(rig, "/api/day/close", "{}"), 200);
    view = await(&floor, rig, is_false, "day_open");
    assert_int_equal(view_number(view, "waiting_total"), 0);
    assert_int_equal(json_array_size(view_at(view, "help")), 0);
    assert_int_equal(json_array_size(view_at(view, "notices")), 0);
    pass(view);
    assert_int_equal(view_post(rig, "/api/day/open", "{}"), 200);
    listener_close(&floor);
    struct reply reply; /* whoever does not follow asks once */
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/api/floor"}, 200, &reply);
    assert_true(view_is(reply.json, "day_open", true));
    reply_free(&reply);
}

static void devices_are_there_while_they_follow_their_board(void **state)
{
    struct rig *rig = *state;
    struct listener floor, kiosk, display[2];
    struct heard heard;
    listener_open(&floor, rig, "/api/floor/stream", NULL);
    listener_open(&kiosk, rig, "/api/boards/kiosk-1/stream", NULL);
    listener_open(&display[0], rig, "/api/boards/lobby/stream", NULL);
    listener_open(&display[1], rig, "/api/boards/lobby/stream", NULL);
    assert_true(listener_next(&kiosk, &heard));
    heard_free(&heard);
    pass(await(&floor, rig, both_are_there, NULL));
    listener_close(&kiosk);
    listener_close(&display[0]);
    json_t *view = await(&floor, rig, is_false, "devices.0.connected");
    assert_true(view_text(view, "devices.0.seen_at")[0] != '\0');
    assert_true(view_is(view, "devices.1.connected", true)); /* one of two screens is there */
    pass(view);
    listener_close(&display[1]);
    pass(await(&floor, rig, is_false, "devices.1.connected"));
    listener_close(&floor);
}

static size_t find(struct rig *rig, const char *number, json_t **tickets, struct reply *reply)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/find?number=%s", number);
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, reply);
    *tickets = json_object_get(reply->json, "tickets");
    assert_true(view_number(reply->json, "total") >= (long long)json_array_size(*tickets));
    return json_array_size(*tickets);
}

static void tickets_are_found_by_what_was_read_out(void **state)
{
    struct rig *rig = *state;
    struct reply reply;
    json_t *tickets = NULL;
    char number[8], id[32], last[32];
    rig_issue(rig, "housing", number, id);
    assert_string_equal(number, "H03");
    assert_int_equal(find(rig, "h3", &tickets, &reply), 1);
    assert_string_equal(view_text(tickets, "0.id"), id);
    assert_string_equal(view_text(tickets, "0.state"), "waiting");
    assert_string_equal(view_text(tickets, "0.arrived_at"), view_text(tickets, "0.issued_at"));
    reply_free(&reply);
    assert_int_equal(find(rig, "H02", &tickets, &reply), 1); /* gone: found all the same */
    assert_true(strcmp(view_text(tickets, "0.state"), "waiting") != 0);
    reply_free(&reply);
    for (int i = 0; i < 27; i++) {
        rig_issue(rig, "housing", number, last);
    }
    assert_string_equal(number, "H30");
    assert_int_equal(find(rig, "h", &tickets, &reply), 20); /* no more than a screen holds */
    assert_int_equal(view_number(reply.json, "total"), 30);
    assert_string_equal(view_text(tickets, "0.id"), last); /* the newest first */
    reply_free(&reply);
    assert_int_equal(find(rig, "3", &tickets, &reply), 4); /* part of H30, H23, H13, H03 */
    assert_string_equal(view_text(tickets, "3.id"), id);
    reply_free(&reply);
    assert_int_equal(find(rig, "Z99", &tickets, &reply), 0);
    reply_free(&reply);
}

/* The service has no room for wrong questions: anything is answered, most with a refusal, and nothing else happens. */
static void any_question_is_answered(void **state)
{
    static const char alphabet[] = "H07hz%?&=+;.-_~'\"<>/\\|^`{}()*$!@,:[]#0";
    static const char *const known[] = {"/api/find",
                                        "/api/find?",
                                        "/api/find?number",
                                        "/api/find?number=",
                                        "/api/find?Number=H1",
                                        "/api/find?number=H0000001",
                                        "/api/find?number=%48%30",
                                        "/api/find?number=H%00",
                                        "/api/find?number=\xc3\x9c",
                                        "/api/find?number=H1&number="};
    struct rig *rig = *state;
    uint32_t random = 1;
    for (int i = 0; i < 300; i++) {
        char path[120] = "/api/find?number=";
        size_t length = strlen(path);
        const size_t known_count = sizeof(known) / sizeof(known[0]);
        for (size_t more = random % 12; more > 0; more--) {
            random = random * 1664525U + 1013904223U;
            path[length++] = alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
        }
        path[length] = '\0';
        random = random * 1664525U + 1013904223U;
        if ((size_t)i < known_count) {
            (void)snprintf(path, sizeof(path), "%s", known[i]);
        }
        char request[400], answer[16] = "";
        const int fd = rig_connect(rig);
        const int size =
            snprintf(request, sizeof(request),
                     "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n\r\n", path,
                     (unsigned)rig->port);
        assert_int_equal(write(fd, request, (size_t)size), size);
        assert_true(read(fd, answer, sizeof(answer) - 1) > 0);
        const bool is_said = strstr(answer, " 200") != NULL || strstr(answer, " 422") != NULL ||
                             strstr(answer, " 400") != NULL || strstr(answer, " 404") != NULL;
        if (!is_said) {
            fail_msg("%s: %s", path, answer);
        }
        (void)close(fd);
    }
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/api/find?number=H-1"},
                       "invalid-field");
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/api/find"}, "invalid-field");
}

static void count_call(void *context)
{
    ++*(int *)context;
}

static void what_a_device_tells_is_kept(void **state)
{
    (void)state;
    int calls = 0;
    struct clock *clock = clock_create(&(struct clock_config){.start_ms = 1000, .speed = 1});
    struct device_states *states = device_states_create(clock, count_call, &calls);
    struct device_state kept;
    struct printer_report report = {.state = PRINTER_ATTENTION, .reason_count = 1};
    (void)snprintf(report.reasons[0], sizeof(report.reasons[0]), "media-low");
    assert_false(device_states_get(states, DEVICE_KIOSK, "k", &kept));
    assert_int_equal(kept.seen_ms, 0);
    assert_true(device_states_set_printer(states, DEVICE_KIOSK, "k", &report));
    assert_true(device_states_set_printer(states, DEVICE_KIOSK, "k", &report));
    assert_int_equal(calls, 1); /* the second said nothing new */
    assert_true(device_states_get(states, DEVICE_KIOSK, "k", &kept));
    assert_true(kept.has_printer && kept.printer.state == PRINTER_ATTENTION &&
                kept.seen_ms >= 1000);
    assert_true(device_states_set_printer(states, DEVICE_KIOSK, "k", NULL));
    assert_true(device_states_get(states, DEVICE_KIOSK, "k", &kept));
    assert_false(kept.has_printer);
    const struct print_report print = {.id = "P", .number = "H07", .state = PRINT_FAILED};
    assert_true(device_states_set_print(states, "k", &print));
    assert_true(device_states_get(states, DEVICE_KIOSK, "k", &kept));
    assert_string_equal(kept.print.number, "H07");
    assert_false(device_states_get(states, DEVICE_DISPLAY, "k", &kept)); /* another of that name */
    for (int i = 1; i < DEVICE_STATES_MAX; i++) {
        char code[QUARTER_CODE_MAX + 1];
        (void)snprintf(code, sizeof(code), "d%d", i);
        assert_int_equal(device_states_join(states, DEVICE_DISPLAY, code), i);
    }
    assert_int_equal(device_states_join(states, DEVICE_DISPLAY, "more"), -1);
    device_states_leave(states, -1);
    assert_false(device_states_set_printer(states, DEVICE_KIOSK, "more", &report));
    enum printer_state state_read;
    assert_true(printer_state_from_code("stopped", &state_read) && state_read == PRINTER_STOPPED);
    assert_false(printer_state_from_code("happy", &state_read));
    device_states_destroy(states);
    clock_destroy(clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_queue_is_shown_as_it_goes),
        cmocka_unit_test(what_happens_at_counters_is_shown),
        cmocka_unit_test(devices_are_there_while_they_follow_their_board),
        cmocka_unit_test(tickets_are_found_by_what_was_read_out),
        cmocka_unit_test(any_question_is_answered),
        cmocka_unit_test(what_a_device_tells_is_kept),
    };
    return cmocka_run_group_tests(tests, set_up, rig_tear_down);
}
