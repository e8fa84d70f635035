/* What the views of the whole floor cost, with as many waiting as a view lists and a day of 3000 visits: how large they
 * are, and how long the desk is kept from commands by writing one (5 times a second at most), and by taking a day's visits
 * for today.csv. The best of many rounds, in the processor's time. Only sizes are held against a limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "http/day_extract.h"
#include "http/floor_view.h"
#include "http/manager_view.h"
#include "quarter/check.h"
#include "test_report_rig.h"

enum { WAITING = 300, VISITS = 3000, ROUNDS = 40, LARGEST = 200000 };

struct house {
    struct site *site;
    struct engine *engine;
    struct day_notes notes;
    struct decision decision;
    struct report_rig day;
    struct waits waits;
    struct view_source source;
    struct json_out out;
};

static void perform(struct house *house, struct command command)
{
    command.now_ms = house->source.now_ms;
    (void)snprintf(command.actor, sizeof(command.actor), "test");
    engine_decide(house->engine, &command, &house->decision);
    CHECK(house->decision.refusal == REFUSAL_NONE);
    for (size_t i = 0; i < house->decision.count; i++) {
        engine_evolve(house->engine, &house->decision.events[i]);
    }
}

/* Spread over the services, some with needs and a language. */
static void fill(struct house *house)
{
    const struct rules *rules = site_rules(house->site);
    struct command command = {.type = COMMAND_OPEN_DAY};
    (void)snprintf(command.day, sizeof(command.day), "2026-11-24");
    perform(house, command);
    for (int i = 0; i < WAITING; i++) {
        command = (struct command){.type = COMMAND_ISSUE, .rostered = ~UINT64_C(0)};
        (void)snprintf(command.ticket_id, sizeof(command.ticket_id), "01ARZ3NDEKTSV4RRFFQ69G%04d",
                       i);
        (void)snprintf(command.service, sizeof(command.service), "%s",
                       rules->services[i % rules->service_count].code);
        (void)snprintf(command.language, sizeof(command.language), "%s",
                       rules->languages[i % rules->language_count]);
        command.need_count = i % 7 == 0;
        (void)snprintf(command.needs[0], sizeof(command.needs[0]), "interpreter");
        command.promise = (struct promise){.known = true, .p20_s = 300, .p50_s = 600, .p90_s = 900};
        house->source.now_ms += 1000;
        perform(house, command);
    }
    house->waits.ticket_count = WAITING;
    house->waits.tickets = calloc(WAITING, sizeof(*house->waits.tickets));
    CHECK(house->waits.tickets != NULL);
    for (int i = 0; i < WAITING; i++) {
        house->waits.tickets[i] = (struct ticket_wait){
            .ticket = i,
            .wait = {.known = true, .p20_s = 300, .p50_s = 700, .p90_s = 1200, .as_of_ms = 1},
            .breach_permille = i % 1000};
    }
}

static int set_up(void **state)
{
    struct house *house = calloc(1, sizeof(*house));
    struct site_report *report = site_report_create();
    CHECK(house != NULL);
    CHECK(site_load("assets/sites/customer-centre", &house->site, report) == STATUS_OK);
    site_report_destroy(report);
    house->engine = engine_create();
    engine_set_rules(house->engine, site_rules(house->site));
    report_rig_set_up(&house->day);
    free(report_random_day(&house->day, 1, VISITS));
    house->source = (struct view_source){.engine = house->engine,
                                         .site = house->site,
                                         .notes = &house->notes,
                                         .waits = &house->waits,
                                         .figures = house->day.today,
                                         .rostered = ~UINT64_C(0),
                                         .now_ms = house->day.now_ms};
    fill(house);
    *state = house;
    return 0;
}

static int tear_down(void **state)
{
    struct house *house = *state;
    decision_free(&house->decision);
    engine_destroy(house->engine);
    report_rig_tear_down(&house->day);
    site_destroy(house->site);
    free(house->waits.tickets);
    json_out_free(&house->out);
    free(house);
    return 0;
}

static void write_floor(struct house *house)
{
    json_out_reset(&house->out);
    floor_view_write(&house->out, &house->source);
}

static void write_manager(struct house *house)
{
    write_floor(house);
    manager_view_write(&house->out, &house->source);
}

static void take_day(struct house *house)
{
    day_extract_destroy(day_extract_make(&house->source));
}

static double best_us(void (*work)(struct house *), struct house *house)
{
    double best = 1e12;
    for (int i = 0; i < ROUNDS; i++) {
        struct timespec from, to;
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        work(house);
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        const double us =
            (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
        best = us < best ? us : best;
    }
    return best;
}

static void the_whole_floor_is_written_in_little_time(void **state)
{
    struct house *house = *state;
    const double floor_us = best_us(write_floor, house);
    const size_t floor_bytes = house->out.length;
    const double manager_us = best_us(write_manager, house);
    const size_t manager_bytes = house->out.length;
    print_message(
        "%d waiting, %d visits: floor %zu bytes in %.0f us, manager %zu bytes in %.0f us, "
        "the day taken for today.csv in %.0f us\n",
        WAITING, VISITS, floor_bytes, floor_us, manager_bytes, manager_us,
        best_us(take_day, house));
    assert_int_equal(engine_waiting_count(house->engine), WAITING);
    assert_true(floor_bytes > WAITING * 100 && manager_bytes < LARGEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_whole_floor_is_written_in_little_time, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
