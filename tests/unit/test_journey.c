/* The visitor's way through the pages: each rule by itself, then a seeded walk of random touches,
 * news and time that hunts for a second ticket, a page without a way out, a visitor interrupted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journey/journey.h"

/* groups: 0 has services 0 and 1, 1 has only 2; service 3 is "I'm not sure"; needs 0..2; 3
 * languages */
static const struct journey_site centre = {
    .languages = 3,
    .groups = 2,
    .services = 4,
    .needs = 3,
    .not_sure = 3,
    .group = {{.services = 2, .service = {0, 1}}, {.services = 1, .service = {2}}},
};

/* A kiosk under test: the journey, the clock, and what it asked the world to do. */
struct kiosk {
    struct journey j;
    int64_t now;
    unsigned effects; /* of the last step */
    int issues;
    int prints;
    int adopted;
    char cancelled[JOURNEY_KEY_LEN + 1];
    int keys;
};

static void send(struct kiosk *k, struct journey_input input)
{
    struct journey_step step = journey_next(&k->j, &centre, &input, k->now);
    k->j = step.journey;
    k->effects = step.effects;
    k->issues += (step.effects & EFFECT_ISSUE) != 0;
    k->prints += (step.effects & EFFECT_PRINT) != 0;
    k->adopted += (step.effects & EFFECT_ADOPT_SITE) != 0;
    if (step.effects & EFFECT_CANCEL)
        memcpy(k->cancelled, step.cancel_key, sizeof k->cancelled);
}

static void tick_after(struct kiosk *k, int64_t ms)
{
    k->now += ms;
    send(k, (struct journey_input){.kind = INPUT_TICK});
}

static void touch_after(struct kiosk *k, int64_t ms, enum journey_action action, int item)
{
    k->now += ms;
    struct journey_input input = {.kind = INPUT_TOUCH, .action = action, .item = item};
    snprintf(input.fresh_key, sizeof input.fresh_key, "%032d", ++k->keys);
    send(k, input);
}

static void touch(struct kiosk *k, enum journey_action action, int item)
{
    touch_after(k, 1000, action, item);
}

static void answer(struct kiosk *k, const char *key, const char *number)
{
    struct journey_input input = {.kind = INPUT_TICKET};
    snprintf(input.key, sizeof input.key, "%s", key);
    snprintf(input.ticket.id, sizeof input.ticket.id, "01TICKET%s", number);
    snprintf(input.ticket.number, sizeof input.ticket.number, "%s", number);
    send(k, input);
}

static void refuse(struct kiosk *k, enum journey_problem problem)
{
    struct journey_input input = {.kind = INPUT_REFUSED, .problem = problem};
    memcpy(input.key, k->j.key, sizeof input.key);
    send(k, input);
}

static void report_job(struct kiosk *k, enum journey_job job)
{
    struct journey_input input = {.kind = INPUT_JOB, .job = job};
    memcpy(input.ticket.id, k->j.ticket.id, sizeof input.ticket.id);
    send(k, input);
}

static struct kiosk welcome(void)
{
    struct kiosk k = {.now = 1000000};
    k.j = journey_begin(k.now);
    send(&k, (struct journey_input){.kind = INPUT_ONLINE});
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_READY});
    assert_int_equal(k.j.page, PAGE_WELCOME);
    return k;
}

static struct kiosk at_ready(void)
{
    struct kiosk k = welcome();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 1);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.page, PAGE_READY);
    return k;
}

static struct kiosk at_getting(void)
{
    struct kiosk k = at_ready();
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.j.page, PAGE_GETTING);
    return k;
}

static struct kiosk at_done(void)
{
    struct kiosk k = at_getting();
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    return k;
}

static void starts_calmly_and_welcomes_once_a_site_is_here(void **state)
{
    (void)state;
    struct kiosk k = {.now = 5};
    k.j = journey_begin(k.now);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    assert_int_equal(k.j.page, PAGE_STARTING);
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_int_equal(k.effects, EFFECT_ADOPT_SITE);
}

static void three_touches_get_a_ticket(void **state)
{
    (void)state;
    struct kiosk k = welcome();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 2);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.effects, EFFECT_ISSUE);
    assert_int_equal(k.j.service, 2);
    assert_int_equal(k.j.language, 2);
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_int_equal(k.effects, EFFECT_PRINT);
    assert_string_equal(k.j.ticket.number, "H07");
}

static void a_group_of_several_opens_its_page(void **state)
{
    (void)state;
    struct kiosk k = welcome();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 0);
    assert_int_equal(k.j.page, PAGE_GROUP);
    touch(&k, ACTION_CHOOSE_SERVICE, 2); /* not of this group */
    assert_int_equal(k.j.page, PAGE_GROUP);
    touch(&k, ACTION_CHOOSE_SERVICE, 1);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_GROUP);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void not_sure_takes_the_site_s_own_service(void **state)
{
    (void)state;
    struct kiosk k = welcome();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_NOT_SURE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 3);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
}

static void needs_are_toggled_on_ready_and_stay_when_going_back(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    touch_after(&k, 600, ACTION_TOGGLE_NEED, 0);
    touch_after(&k, 100, ACTION_TOGGLE_NEED, 2); /* another button at once is no double strike */
    assert_int_equal(k.j.needs, 5);
    touch(&k, ACTION_TOGGLE_NEED, 0);
    touch(&k, ACTION_TOGGLE_NEED, 3); /* no such need */
    assert_int_equal(k.j.needs, 4);
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.needs, 4);
}

static void a_double_strike_counts_once(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    touch(&k, ACTION_TOGGLE_NEED, 1);
    touch_after(&k, 490, ACTION_TOGGLE_NEED, 1);
    assert_int_equal(k.j.needs, 2);
    touch_after(&k, 20, ACTION_TOGGLE_NEED, 1); /* 0.51 s after the one that counted */
    assert_int_equal(k.j.needs, 0);
}

static void a_double_strike_never_hits_the_page_that_came_under_it(void **state)
{
    (void)state;
    struct kiosk k = welcome();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch_after(&k, 490, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch_after(&k, 20, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.page, PAGE_READY);
}

static void a_doubled_get_ticket_issues_once(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    for (int i = 0; i < 20; i++)
        touch_after(&k, i ? 600 : 1000, ACTION_GET_TICKET, 0);
    assert_int_equal(k.issues, 1);
}

static void a_visit_has_one_key_and_the_next_another(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    char first[JOURNEY_KEY_LEN + 1];
    memcpy(first, k.j.key, sizeof first);
    touch(&k, ACTION_TOGGLE_NEED, 1);
    touch(&k, ACTION_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 2);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_string_equal(k.j.key, first);
    answer(&k, first, "H07");
    touch(&k, ACTION_FINISHED, 0);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_string_not_equal(k.j.key, first);
}

static void slow_answers_are_told_then_become_a_problem_that_can_still_end_well(void **state)
{
    (void)state;
    struct kiosk k = at_getting();
    tick_after(&k, JOURNEY_SLOW_MS - 1);
    assert_false(k.j.slow);
    tick_after(&k, 1);
    assert_true(k.j.slow);
    tick_after(&k, JOURNEY_GIVE_UP_MS - JOURNEY_SLOW_MS);
    assert_int_equal(k.j.page, PAGE_PROBLEM);
    assert_int_equal(k.j.problem, PROBLEM_UNREACHABLE);
    touch(&k, ACTION_KEEP_TRYING, 0);
    assert_int_equal(k.j.page, PAGE_GETTING);
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    assert_int_equal(k.j.page, PAGE_PROBLEM);
    answer(&k, k.j.key, "H08"); /* the request never stopped */
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_int_equal(k.issues, 1);
}

static void the_answer_finds_a_visitor_who_is_choosing_a_language_meanwhile(void **state)
{
    (void)state;
    struct kiosk k = at_getting();
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    touch(&k, ACTION_LANGUAGE, 0);
    assert_int_equal(k.j.page, PAGE_LANGUAGES);
    answer(&k, k.j.key, "H08");
    assert_int_equal(k.j.page, PAGE_DONE);
}

static void giving_up_cancels_and_a_late_answer_is_for_nobody(void **state)
{
    (void)state;
    struct kiosk k = at_getting();
    char key[JOURNEY_KEY_LEN + 1];
    memcpy(key, k.j.key, sizeof key);
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    touch(&k, ACTION_START_AGAIN, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.cancelled, key);
    answer(&k, key, "H09");
    assert_int_equal(k.j.page, PAGE_WELCOME);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    touch(&k, ACTION_GET_TICKET, 0);
    answer(&k, key, "H09");
    assert_int_equal(k.j.page, PAGE_GETTING);
}

static void a_refusal_says_so_and_leads_back_to_the_services(void **state)
{
    (void)state;
    struct kiosk k = at_getting();
    refuse(&k, PROBLEM_SERVICE);
    assert_int_equal(k.j.page, PAGE_PROBLEM);
    assert_int_equal(k.j.problem, PROBLEM_SERVICE);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.issues, 2); /* another wish, another key */
}

static void idle_asks_then_ends_the_visit(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    assert_int_equal(journey_wake_ms(&k.j), k.now + JOURNEY_IDLE_MS);
    tick_after(&k, JOURNEY_IDLE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    assert_int_equal(journey_seconds_left(&k.j, k.now), 20);
    tick_after(&k, JOURNEY_ASK_MS - 1);
    assert_int_equal(k.j.page, PAGE_READY);
    tick_after(&k, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.j.key, "");
}

static void any_touch_answers_the_question_and_does_nothing_else(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    tick_after(&k, JOURNEY_IDLE_MS);
    touch(&k, ACTION_GET_TICKET, 0); /* lay under the question */
    assert_false(k.j.asking);
    assert_int_equal(k.issues, 0);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_true(k.j.asking);
    touch(&k, ACTION_NONE, 0);
    assert_false(k.j.asking);
    tick_after(&k, JOURNEY_IDLE_MS);
    touch(&k, ACTION_START_AGAIN, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void touching_beside_everything_counts_as_being_there(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    for (int i = 0; i < 10; i++) {
        touch_after(&k, JOURNEY_IDLE_MS - 1, ACTION_NONE, 0);
        assert_false(k.j.asking);
    }
}

static void done_asks_after_a_fair_time_and_leaves_at_once_when_finished(void **state)
{
    (void)state;
    struct kiosk k = at_done();
    report_job(&k, JOB_PRINTED);
    tick_after(&k, JOURNEY_DONE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    tick_after(&k, JOURNEY_ASK_MS - 1);
    assert_int_equal(k.j.page, PAGE_DONE);
    tick_after(&k, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.j.ticket.number, "");
    k = at_done();
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void paper_that_fails_late_keeps_the_number_on_the_screen(void **state)
{
    (void)state;
    struct kiosk k = at_done();
    tick_after(&k, JOURNEY_PAPER_SLOW_MS - 1);
    report_job(&k, JOB_FAILED);
    tick_after(&k, JOURNEY_DONE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    report_job(&k, JOB_PRINTED); /* and news is not hidden by the question */
    assert_false(k.j.asking);
    k.now +=
        JOURNEY_DONE_MOST_MS; /* but a printer that cannot make up its mind keeps nobody for ever */
    tick_after(&k, 0);
    report_job(&k, JOB_FAILED);
    assert_true(k.j.asking);
}

static void a_silent_printer_becomes_unknown_and_other_tickets_jobs_are_ignored(void **state)
{
    (void)state;
    struct kiosk k = at_done();
    struct journey_input other = {.kind = INPUT_JOB, .job = JOB_PRINTED, .ticket.id = "01OTHER"};
    send(&k, other);
    assert_int_equal(k.j.job, JOB_PRINTING);
    tick_after(&k, JOURNEY_PAPER_SLOW_MS);
    assert_int_equal(k.j.job, JOB_UNKNOWN);
}

static void no_paper_prints_nothing_that_would_come_out_later(void **state)
{
    (void)state;
    struct kiosk k = at_getting();
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_OUT});
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.prints, 0);
    assert_int_equal(k.j.job, JOB_FAILED);
}

static void closing_time_and_a_new_site_wait_until_the_visit_is_over(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    int adopted = k.adopted;
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = false});
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_GET_TICKET, 0);
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_int_equal(k.adopted, adopted);
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.j.page, PAGE_CLOSED);
    assert_int_equal(k.adopted, adopted + 1);
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = true});
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void the_closed_page_speaks_the_language_asked_for_and_forgets_it(void **state)
{
    (void)state;
    struct kiosk k = welcome();
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = false});
    touch(&k, ACTION_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 2);
    assert_int_equal(k.j.page, PAGE_CLOSED);
    assert_int_equal(k.j.language, 2);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_int_equal(k.j.language, JOURNEY_DEFAULT_LANGUAGE);
}

static void large_text_lasts_for_the_visit(void **state)
{
    (void)state;
    struct kiosk k = at_ready();
    touch(&k, ACTION_TEXT_SIZE, -1);
    touch(&k, ACTION_BACK, 0);
    assert_int_not_equal(k.j.text_size, 0);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.text_size, 0);
    touch(&k, ACTION_TEXT_SIZE, -1);
    assert_int_not_equal(k.j.text_size, 0);
    tick_after(&k, JOURNEY_IDLE_MS); /* left on welcome by somebody who walked away */
    assert_int_equal(k.j.text_size, 0);
}

static void a_short_break_of_the_link_concerns_nobody(void **state)
{
    (void)state;
    struct kiosk k = welcome();
    send(&k, (struct journey_input){.kind = INPUT_OFFLINE});
    assert_int_equal(journey_wake_ms(&k.j), k.now + JOURNEY_OFFLINE_TOLD_MS);
    tick_after(&k, JOURNEY_OFFLINE_TOLD_MS - 1);
    assert_false(k.j.offline);
    send(&k, (struct journey_input){.kind = INPUT_OFFLINE}); /* news of the same break */
    tick_after(&k, 1);
    assert_true(k.j.offline);
    send(&k, (struct journey_input){.kind = INPUT_ONLINE});
    assert_false(k.j.offline);
}

/* ---- the random walk ----------------------------------------------------------------------------- */

enum { WALK_SEEDS = 300, WALK_STEPS = 2000, WALK_KEYS = 64 };

struct walk {
    struct kiosk k;
    uint64_t seed;
    char out[JOURNEY_KEY_LEN + 1]; /* the request that is out, "" none */
    char issued[WALK_STEPS][JOURNEY_KEY_LEN + 1];
    int issued_count;
};

/* splitmix64: https://prng.di.unimi.it/splitmix64.c */
static uint64_t draw(struct walk *w, uint64_t below)
{
    uint64_t z = (w->seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static bool may_change_the_screen_at_rest_only(const struct journey_input *input)
{
    return input->kind == INPUT_SITE || input->kind == INPUT_DOORS;
}

static void walk_check(struct walk *w, const struct journey *before,
                       const struct journey_input *input)
{
    struct kiosk *k = &w->k;
    if (k->effects & EFFECT_ISSUE) {
        assert_string_equal(w->out, ""); /* never two requests out */
        assert_string_not_equal(k->j.key, "");
        for (int i = 0; i < w->issued_count; i++)
            assert_string_not_equal(w->issued[i], k->j.key);
        memcpy(w->issued[w->issued_count++], k->j.key, sizeof w->out);
        memcpy(w->out, k->j.key, sizeof w->out);
    }
    if (k->effects & EFFECT_CANCEL) {
        assert_string_equal(k->cancelled, w->out);
        w->out[0] = '\0';
    }
    if (journey_at_rest(&k->j)) {
        assert_string_equal(k->j.key, "");
        assert_string_equal(w->out, ""); /* nobody's request is left running */
        assert_string_equal(k->j.ticket.number, "");
    }
    if (may_change_the_screen_at_rest_only(input) && !journey_at_rest(before)) {
        assert_int_equal(k->j.page, before->page);
        assert_int_equal(k->effects, 0);
    }
    if (k->j.page == PAGE_READY || k->j.page == PAGE_GETTING)
        assert_in_range(k->j.service, 0, centre.services - 1);
}

static void walk_send(struct walk *w, struct journey_input input)
{
    struct journey before = w->k.j;
    send(&w->k, input);
    if ((input.kind == INPUT_TICKET || input.kind == INPUT_REFUSED) &&
        strcmp(input.key, w->out) == 0)
        w->out[0] = '\0';
    walk_check(w, &before, &input);
}

static struct journey_input walk_news(struct walk *w)
{
    static const enum journey_input_kind kinds[] = {
        INPUT_SITE,   INPUT_DOORS,   INPUT_ONLINE, INPUT_OFFLINE, INPUT_TICKET,
        INPUT_TICKET, INPUT_REFUSED, INPUT_PAPER,  INPUT_JOB,     INPUT_TICK};
    struct journey_input input = {.kind = kinds[draw(w, sizeof kinds / sizeof kinds[0])]};
    input.open = draw(w, 4) != 0;
    input.problem = PROBLEM_CLOSED + (enum journey_problem)draw(w, 3);
    input.paper = (enum journey_paper)draw(w, 3);
    input.job = JOB_PRINTING + (enum journey_job)draw(w, 4);
    const char *key = w->out;
    if (w->issued_count > 0 && draw(w, 4) == 0)
        key = w->issued[draw(w, (uint64_t)w->issued_count)];
    memcpy(input.key, key, sizeof input.key);
    snprintf(input.ticket.id, sizeof input.ticket.id, "01%d", w->issued_count);
    snprintf(input.ticket.number, sizeof input.ticket.number, "H%02d", (int)draw(w, 99));
    return input;
}

static void walk_step(struct walk *w)
{
    static const int64_t waits[] = {0, 40, 400, 600, 3000, 5000, 15000, 21000, 31000};
    w->k.now += waits[draw(w, sizeof waits / sizeof waits[0] - (draw(w, 3) ? 4 : 0))];
    if (draw(w, 3) == 0) {
        walk_send(w, (struct journey_input){
                         .kind = INPUT_TICK}); /* what is due has happened before the news comes */
        walk_send(w, walk_news(w));
        return;
    }
    struct journey_input input = {.kind = INPUT_TOUCH,
                                  .action = (enum journey_action)draw(w, ACTION_FINISHED + 1),
                                  .item = (int)draw(w, 6) - 1};
    snprintf(input.fresh_key, sizeof input.fresh_key, "%032d", ++w->k.keys);
    walk_send(w, input);
}

/* Left alone, with the wakes it asked for and no news, every page leads back to rest by then. */
static void walk_alone_to_rest(struct walk *w)
{
    int64_t until = w->k.now + INT64_C(200000);
    while (!journey_at_rest(&w->k.j)) {
        int64_t wake = journey_wake_ms(&w->k.j);
        assert_true(wake < until);
        if (wake > w->k.now)
            w->k.now = wake;
        struct journey before = w->k.j;
        walk_send(w, (struct journey_input){.kind = INPUT_TICK});
        assert_memory_not_equal(&before, &w->k.j, sizeof before); /* a wake changes something */
    }
}

static void random_walks_keep_every_promise(void **state)
{
    (void)state;
    int visits = 0;
    for (uint64_t seed = 1; seed <= WALK_SEEDS; seed++) {
        struct walk *w = calloc(1, sizeof *w);
        assert_non_null(w);
        w->seed = seed;
        w->k.now = 1000;
        w->k.j = journey_begin(w->k.now);
        walk_send(w, (struct journey_input){.kind = INPUT_SITE});
        for (int i = 0; i < WALK_STEPS; i++)
            walk_step(w);
        walk_alone_to_rest(w);
        visits += w->issued_count;
        free(w);
    }
    print_message("%d seeds, %d requests\n", WALK_SEEDS, visits);
    assert_true(visits > WALK_SEEDS); /* the walk does reach the end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_calmly_and_welcomes_once_a_site_is_here),
        cmocka_unit_test(three_touches_get_a_ticket),
        cmocka_unit_test(a_group_of_several_opens_its_page),
        cmocka_unit_test(not_sure_takes_the_site_s_own_service),
        cmocka_unit_test(needs_are_toggled_on_ready_and_stay_when_going_back),
        cmocka_unit_test(a_double_strike_counts_once),
        cmocka_unit_test(a_double_strike_never_hits_the_page_that_came_under_it),
        cmocka_unit_test(a_doubled_get_ticket_issues_once),
        cmocka_unit_test(a_visit_has_one_key_and_the_next_another),
        cmocka_unit_test(slow_answers_are_told_then_become_a_problem_that_can_still_end_well),
        cmocka_unit_test(the_answer_finds_a_visitor_who_is_choosing_a_language_meanwhile),
        cmocka_unit_test(giving_up_cancels_and_a_late_answer_is_for_nobody),
        cmocka_unit_test(a_refusal_says_so_and_leads_back_to_the_services),
        cmocka_unit_test(idle_asks_then_ends_the_visit),
        cmocka_unit_test(any_touch_answers_the_question_and_does_nothing_else),
        cmocka_unit_test(touching_beside_everything_counts_as_being_there),
        cmocka_unit_test(done_asks_after_a_fair_time_and_leaves_at_once_when_finished),
        cmocka_unit_test(paper_that_fails_late_keeps_the_number_on_the_screen),
        cmocka_unit_test(a_silent_printer_becomes_unknown_and_other_tickets_jobs_are_ignored),
        cmocka_unit_test(no_paper_prints_nothing_that_would_come_out_later),
        cmocka_unit_test(closing_time_and_a_new_site_wait_until_the_visit_is_over),
        cmocka_unit_test(the_closed_page_speaks_the_language_asked_for_and_forgets_it),
        cmocka_unit_test(large_text_lasts_for_the_visit),
        cmocka_unit_test(a_short_break_of_the_link_concerns_nobody),
        cmocka_unit_test(random_walks_keep_every_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
