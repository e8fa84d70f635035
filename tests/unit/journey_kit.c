/* See journey_kit.h. */
#include "journey_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PLAIN .service = -1, .signpost = -1, .ticket_class = CLASS_NORMAL

const struct journey_site centre = {
    .languages = 3,
    .groups = 3,
    .services = 5,
    .needs = 3,
    .not_sure = 3,
    .group = {{.services = 2, .service = {0, 1}},
              {.services = 1, .service = {2}},
              {.services = 1, .service = {4}}},
    .service = {{.questions = 0},
                {.ask_first = true, .questions = 2, .question = {0, 1}},
                {.questions = 3, .question = {2, 3, 4}},
                {.questions = 0},
                {.ask_first = true, .questions = 2, .question = {0, 5}}},
    .questions = 6,
    .question =
        {{.kind = QUESTION_ONE, .answers = 2, .answer = {{PLAIN}, {PLAIN, .avoidable = true}}},
         {.kind = QUESTION_ONE,
          .answers = 5,
          .answer = {{PLAIN},
                     {.service = -1, .signpost = 0, .ticket_class = CLASS_NORMAL},
                     {.service = 4, .signpost = -1, .ticket_class = CLASS_NORMAL},
                     {.service = -1, .signpost = -1, .ticket_class = CLASS_URGENT, .needs = 2},
                     {.service = -1, .signpost = 1, .ticket_class = CLASS_NORMAL}}},
         {.kind = QUESTION_YES_NO, .answers = 2, .answer = {{PLAIN, .needs = 4}, {PLAIN}}},
         {.kind = QUESTION_SEVERAL,
          .answers = 3,
          .answer = {{PLAIN, .needs = 1},
                     {.service = -1, .signpost = -1, .ticket_class = CLASS_ASSISTED},
                     {PLAIN}}},
         {.kind = QUESTION_NUMBER, .most = 8},
         {.kind = QUESTION_TEXT, .most = 20}},
    .signposts = 2,
    .signpost_prints = {true, false},
};

void send(struct kiosk *k, struct journey_input input)
{
    const struct journey_step step = journey_next(&k->j, &centre, &input, k->now);
    k->j = step.journey;
    k->effects = step.effects;
    k->issues += (step.effects & EFFECT_ISSUE) != 0;
    k->prints += (step.effects & (EFFECT_PRINT | EFFECT_PRINT_AGAIN | EFFECT_PRINT_SIGNPOST)) != 0;
    k->adopted += (step.effects & EFFECT_ADOPT_SITE) != 0;
    k->visits += (step.effects & EFFECT_VISIT) != 0;
    k->helps += (step.effects & EFFECT_HELP) != 0;
    k->hushes += (step.effects & EFFECT_HUSH) != 0;
    if (step.effects & EFFECT_CANCEL)
        memcpy(k->cancelled, step.cancel_key, sizeof k->cancelled);
    if (step.effects & EFFECT_VISIT)
        k->visit = step.visit;
}

void tick_after(struct kiosk *k, int64_t ms)
{
    k->now += ms;
    send(k, (struct journey_input){.kind = INPUT_TICK});
}

void touch_after(struct kiosk *k, int64_t ms, enum journey_action action, int item)
{
    k->now += ms;
    struct journey_input input = {.kind = INPUT_TOUCH, .action = action, .item = item};
    snprintf(input.fresh_key, sizeof input.fresh_key, "%032d", ++k->keys);
    send(k, input);
}

void touch(struct kiosk *k, enum journey_action action, int item)
{
    touch_after(k, 1000, action, item);
}

void press_key(struct kiosk *k)
{
    k->now += 1000;
    send(k, (struct journey_input){.kind = INPUT_KEY});
}

void scan(struct kiosk *k, const char *text, int service)
{
    k->now += 1000;
    struct journey_input input = {.kind = INPUT_SCAN, .item = service};
    snprintf(input.text, sizeof input.text, "%s", text);
    snprintf(input.fresh_key, sizeof input.fresh_key, "%032d", ++k->keys);
    send(k, input);
}

void type(struct kiosk *k, const char *ascii)
{
    for (; *ascii != '\0'; ascii++)
        touch(k, ACTION_TYPE, (unsigned char)*ascii);
}

void answer(struct kiosk *k, const char *key, const char *number)
{
    struct journey_input input = {.kind = INPUT_TICKET};
    snprintf(input.key, sizeof input.key, "%s", key);
    snprintf(input.ticket.id, sizeof input.ticket.id, "01TICKET%s", number);
    snprintf(input.ticket.number, sizeof input.ticket.number, "%s", number);
    send(k, input);
}

void refuse(struct kiosk *k, enum journey_problem problem)
{
    struct journey_input input = {.kind = INPUT_REFUSED, .problem = problem};
    memcpy(input.key, k->j.key, sizeof input.key);
    send(k, input);
}

void report_job(struct kiosk *k, enum journey_job job)
{
    struct journey_input input = {.kind = INPUT_JOB, .job = job, .copy = k->j.copy};
    memcpy(input.ticket.id, k->j.slip, sizeof input.ticket.id);
    send(k, input);
}

void report_help(struct kiosk *k, enum journey_help help)
{
    send(k, (struct journey_input){.kind = INPUT_HELP, .help = help});
}

struct kiosk at_welcome_page(void)
{
    struct kiosk k = {.now = 1000000};
    k.j = journey_begin(k.now);
    send(&k, (struct journey_input){.kind = INPUT_ONLINE});
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_READY});
    assert_int_equal(k.j.page, PAGE_WELCOME);
    return k;
}

struct kiosk at_services_page(void)
{
    struct kiosk k = at_welcome_page();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 1);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    return k;
}

struct kiosk at_ready_page(void)
{
    struct kiosk k = at_services_page();
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.page, PAGE_READY);
    return k;
}

struct kiosk at_getting_page(void)
{
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.j.page, PAGE_GETTING);
    return k;
}

struct kiosk at_done_page(void)
{
    struct kiosk k = at_getting_page();
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    return k;
}

struct kiosk at_question_page(void)
{
    struct kiosk k = at_services_page();
    touch(&k, ACTION_CHOOSE_GROUP, 0);
    touch(&k, ACTION_CHOOSE_SERVICE, 1);
    assert_int_equal(k.j.page, PAGE_QUESTION);
    assert_int_equal(k.j.question, 0);
    return k;
}
