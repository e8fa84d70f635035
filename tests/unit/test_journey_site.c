/* The journey on the example site: how few touches a ticket takes, and that every way through the questions ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journey/journey.h"
#include "site_kit.h"
#include "view/site_map.h"

enum { TOUCHES_MAX = 3, ITEMS_MAX = 16 };

struct town {
    struct site_info *info;
    struct journey_site map;
};

static struct town open_town(void)
{
    struct town town = {.info = site_kit_open(SITE_DIR)};
    town.map = site_map(town.info);
    return town;
}

static struct journey_step touch(const struct town *town, const struct journey *j,
                                 enum journey_action action, int item, int64_t now)
{
    struct journey_input input = {.kind = INPUT_TOUCH, .action = action, .item = item};
    snprintf(input.fresh_key, sizeof input.fresh_key, "%032lld", (long long)now);
    return journey_next(j, &town->map, &input, now);
}

static struct journey after(const struct town *town, const struct journey *j,
                            enum journey_action action, int item, int64_t now)
{
    return touch(town, j, action, item, now).journey;
}

static struct journey welcome(const struct town *town)
{
    const struct journey begun = journey_begin(0);
    return journey_next(&begun, &town->map, &(struct journey_input){.kind = INPUT_SITE}, 0).journey;
}

/* Tries everything that is offered, so many touches deep; notes the fewest touches to each service's ticket. */
static void explore(const struct town *town, const struct journey *j, int touches,
                    int fewest[QUARTER_SERVICES_MAX])
{
    for (int a = 0; a < JOURNEY_ACTIONS && touches < TOUCHES_MAX; a++) {
        enum journey_action action = (enum journey_action)a;
        if (!journey_offers(j, action) || action == ACTION_TYPE)
            continue;
        for (int item = 0; item < ITEMS_MAX; item++) {
            const struct journey_step step =
                touch(town, j, action, item, 1000 * (int64_t)(touches + 1));
            if ((step.effects & EFFECT_ISSUE) && touches + 1 < fewest[step.journey.service])
                fewest[step.journey.service] = touches + 1;
            if (step.journey.page != j->page)
                explore(town, &step.journey, touches + 1, fewest);
        }
    }
}

/* Two in three visits are for these: the shares of tests/data/traces/site.json. */
static void the_five_most_used_services_take_three_touches(void **state)
{
    (void)state;
    static const char *const most_used[] = {"council_tax", "general", "housing_benefit", "payments",
                                            "parking"};
    const struct town town = open_town();
    const struct journey start = welcome(&town);
    assert_int_equal(start.page, PAGE_WELCOME);
    int fewest[QUARTER_SERVICES_MAX];
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++)
        fewest[i] = 99;
    explore(&town, &start, 0, fewest);
    for (size_t i = 0; i < sizeof most_used / sizeof most_used[0]; i++) {
        const struct site_service *service = site_info_find_service(town.info, most_used[i]);
        assert_non_null(service);
        print_message("%s: %d touches\n", most_used[i], fewest[service - town.info->services]);
        assert_int_equal(fewest[service - town.info->services], 3);
    }
    site_info_destroy(town.info);
}

struct ends {
    int tickets, signposts, most_questions;
    bool signpost[QUARTER_SIGNPOSTS_MAX];
};

static void follow(const struct town *town, struct journey journey, int64_t now, struct ends *ends);

static void follow_answers(const struct town *town, const struct journey *j, int64_t now,
                           struct ends *ends)
{
    const struct journey_question *question = &town->map.question[j->question];
    if (question->answers == 0) {
        const struct journey_step typed = touch(town, j, ACTION_TYPE, '7', now);
        follow(town, after(town, &typed.journey, ACTION_CONTINUE, 0, now + 1000), now + 1000, ends);
        return;
    }
    for (int i = 0; i < question->answers; i++) {
        struct journey_step step = touch(town, j, ACTION_CHOOSE_ANSWER, i, now);
        if (question->kind == QUESTION_SEVERAL)
            step = touch(town, &step.journey, ACTION_CONTINUE, 0, now + 1000);
        follow(town, step.journey, now + 1000, ends);
    }
}

static void follow(const struct town *town, struct journey journey, int64_t now, struct ends *ends)
{
    const struct journey *j = &journey;
    now += 1000;
    if (j->asked_count > ends->most_questions)
        ends->most_questions = j->asked_count;
    if (j->page == PAGE_QUESTION) {
        follow_answers(town, j, now, ends);
        follow(town, after(town, j, ACTION_SKIP, 0, now), now, ends);
        return;
    }
    if (j->page == PAGE_SIGNPOST) {
        ends->signposts++;
        ends->signpost[j->signpost] = true;
        follow(town, after(town, j, ACTION_SEE_SOMEBODY, 0, now), now, ends);
        return;
    }
    assert_int_equal(j->page, PAGE_READY);
    if (journey_offers(j, ACTION_QUESTIONS) && !j->asked[0].answered && !j->asked[0].skipped)
        follow(town, after(town, j, ACTION_QUESTIONS, 0, now), now, ends);
    assert_int_equal(touch(town, j, ACTION_GET_TICKET, 0, now).effects, EFFECT_ISSUE);
    ends->tickets++;
}

static void every_way_through_the_questions_ends_in_a_ticket_or_a_signpost(void **state)
{
    (void)state;
    const struct town town = open_town();
    const struct journey start = welcome(&town);
    const struct journey services = touch(&town, &start, ACTION_CHOOSE_LANGUAGE, 0, 1000).journey;
    const struct journey search = touch(&town, &services, ACTION_SEARCH, 0, 2000).journey;
    struct ends ends = {0};
    for (int i = 0; i < town.map.services; i++)
        follow(&town, after(&town, &search, ACTION_CHOOSE_SERVICE, i, 3000), 3000, &ends);
    print_message("%d ways to a ticket, %d to a signpost, at most %d questions\n", ends.tickets,
                  ends.signposts, ends.most_questions);
    assert_true(ends.signposts > 0);
    assert_true(ends.most_questions <= QUARTER_SERVICE_QUESTIONS_MAX);
    for (int i = 0; i < town.map.signposts; i++)
        assert_true(ends.signpost[i]); /* none stands where nobody comes by */
    site_info_destroy(town.info);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_five_most_used_services_take_three_touches),
        cmocka_unit_test(every_way_through_the_questions_ends_in_a_ticket_or_a_signpost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
