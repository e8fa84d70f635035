/* A day of hands that know nothing: a thousand random touches, keys, scans and pieces of news a second, for a simulated
 * day, and after each the promises that hold whatever happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journey_kit.h"

#ifndef JOURNEY_DAY_S
#define JOURNEY_DAY_S 86400
#endif

enum { OLD_KEYS = 8 };

struct day {
    uint64_t seed;
    int64_t now;
    struct journey_step step;        /* the last one */
    char fresh[JOURNEY_KEY_LEN + 1]; /* counts up in decimal: a later key is a greater string */
    char out[JOURNEY_KEY_LEN + 1];   /* the request that is out, "" none */
    char used[JOURNEY_KEY_LEN + 1];  /* the greatest key a request or record had */
    char old[OLD_KEYS][JOURNEY_KEY_LEN + 1];
    long inputs, issues, visits, helps, asked, typed, printed, ends;
    long pages[PAGE_PROBLEM + 1];
};

/* splitmix64: https://prng.di.unimi.it/splitmix64.c */
static uint64_t draw(struct day *d, uint64_t below)
{
    uint64_t z = (d->seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static void next_key(struct day *d)
{
    for (int i = JOURNEY_KEY_LEN - 1; i >= 0; i--) {
        if (d->fresh[i]++ != '9')
            return;
        d->fresh[i] = '0';
    }
}

/* cmocka's asserts are functions with a good deal in them; there are a billion checks a day. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s", #condition);                                                            \
    } while (0)

static bool is_rest_page(enum journey_page page)
{
    return page == PAGE_STARTING || page == PAGE_WELCOME || page == PAGE_CLOSED;
}

/* Nobody's visit: ease over the first page gives it back as it is. */
static bool is_before_a_visit(const struct journey *j)
{
    bool over = j->page == PAGE_EASE || j->page == PAGE_LANGUAGES;
    return is_rest_page(over ? j->under : j->page);
}

static bool is_by_a_hand(enum journey_input_kind kind)
{
    return kind == INPUT_TOUCH || kind == INPUT_KEY || kind == INPUT_SCAN;
}

static void check_requests(struct day *d)
{
    const struct journey_step *step = &d->step;
    if (step->effects & EFFECT_ISSUE) {
        HOLDS(d->out[0] == '\0'); /* never two requests out */
        HOLDS(strcmp(step->journey.key, d->used) > 0);
        memcpy(d->used, step->journey.key, sizeof d->used);
        memcpy(d->out, step->journey.key, sizeof d->out);
        memcpy(d->old[d->issues++ % OLD_KEYS], step->journey.key, sizeof d->out);
    }
    if (step->effects & EFFECT_CANCEL) {
        HOLDS(strcmp(step->cancel_key, d->out) == 0);
        d->out[0] = '\0';
    }
    if (step->effects & EFFECT_VISIT) {
        HOLDS(strcmp(step->visit.key, d->used) > 0); /* once, and not for one that got a ticket */
        memcpy(d->used, step->visit.key, sizeof d->used);
        HOLDS(step->visit.service >= 0 && step->visit.service < centre.services);
        HOLDS(step->visit.signpost >= 0 && step->visit.signpost < centre.signposts);
        d->visits++;
    }
    if (step->effects & (EFFECT_PRINT | EFFECT_PRINT_AGAIN | EFFECT_PRINT_SIGNPOST)) {
        HOLDS(journey_paper_prints(step->journey.paper));
        HOLDS(step->journey.copy >= 1 && step->journey.copy <= JOURNEY_COPIES_MAX);
        HOLDS(step->journey.slip[0] != '\0');
        d->printed++;
    }
}

/* Nobody's answers, words or choices are left for the next visitor. */
static void check_rest(const struct day *d, const struct journey *before)
{
    static const struct journey_asked none[JOURNEY_ASKED_MAX];
    const struct journey *j = &d->step.journey;
    HOLDS(d->out[0] == '\0'); /* nobody's request is left running */
    HOLDS(j->key[0] == '\0' && j->ticket.number[0] == '\0' && j->slip[0] == '\0');
    HOLDS(j->asked_count == 0 && j->question == -1 && j->signpost == -1 && j->service == -1);
    HOLDS(j->needs == 0 && j->typed[0] == '\0' && j->searched[0] == '\0');
    if (is_before_a_visit(before))
        return;
    HOLDS(memcmp(j->asked, none, sizeof none) == 0);
    HOLDS(j->text_size == 0 && !j->contrast && !j->low_reach && !j->listening && !j->keypad);
    HOLDS(j->language == JOURNEY_DEFAULT_LANGUAGE);
}

static void check_question(const struct journey *j)
{
    HOLDS(j->question >= 0 && j->question < centre.questions);
    HOLDS(j->at >= 0 && j->at < j->asked_count);
    HOLDS(j->asked[j->at].question == j->question);
    HOLDS(j->service >= 0 && j->service < centre.services);
    for (int i = 0; i < j->asked_count; i++)
        for (int k = 0; k < i; k++)
            HOLDS(j->asked[i].question != j->asked[k].question); /* nothing is asked twice */
}

static void check_ways_out(const struct journey *j)
{
    static const enum journey_action outs[] = {ACTION_BACK, ACTION_FINISHED, ACTION_START_AGAIN};
    bool out = j->page == PAGE_GETTING; /* goes on by itself within JOURNEY_GIVE_UP_MS */
    for (size_t i = 0; i < sizeof outs / sizeof outs[0]; i++)
        out = out || journey_offers(j, outs[i]);
    HOLDS(out);
    HOLDS(journey_wake_ms(j) != INT64_MAX); /* and all of them end by themselves */
}

/* Time-outs ask first, by sight and sound, and leave 20 s to answer (WCAG 2.2.1). */
static void check_endings(struct day *d, const struct journey *before, enum journey_input_kind kind)
{
    const struct journey *j = &d->step.journey;
    if (!is_rest_page(before->page) && is_rest_page(j->page)) {
        d->ends++;
        HOLDS(is_by_a_hand(kind) ||
              (before->asking && d->now - before->asked_ms >= JOURNEY_ASK_MS));
    }
    if (j->asking && !before->asking)
        d->asked++;
}

static void check(struct day *d, const struct journey *before, const struct journey_input *input)
{
    const struct journey *j = &d->step.journey;
    check_requests(d);
    check_endings(d, before, input->kind);
    if (is_rest_page(j->page))
        check_rest(d, before);
    else
        check_ways_out(j);
    if (j->page == PAGE_QUESTION)
        check_question(j);
    if (j->page == PAGE_SIGNPOST)
        HOLDS(j->signpost >= 0 && j->key[0] != '\0');
    if (j->page == PAGE_READY || j->page == PAGE_GETTING)
        HOLDS(j->service >= 0 && j->service < centre.services && j->key[0] != '\0');
    if ((input->kind == INPUT_SITE || input->kind == INPUT_DOORS) && !is_rest_page(before->page))
        HOLDS(j->page == before->page && (d->step.effects & EFFECT_ADOPT_SITE) == 0);
    if (input->kind == INPUT_TICK) /* what was due is done: the loop never spins */
        HOLDS(journey_wake_ms(j) > d->now);
    HOLDS((j->needs >> centre.needs) == 0);
    HOLDS(!j->speechless || (!j->listening && !journey_offers(j, ACTION_LISTEN)));
    HOLDS(j->asked_count <= JOURNEY_ASKED_MAX && strlen(j->typed) <= 80);
    if (is_by_a_hand(input->kind) && before->listening)
        HOLDS((d->step.effects & EFFECT_HUSH) != 0 || input->kind == INPUT_SCAN);
    d->helps += (d->step.effects & EFFECT_HELP) != 0;
    d->typed += j->typed[0] != '\0' && before->typed[0] == '\0';
    d->pages[j->page] += j->page != before->page;
    d->inputs++;
}

static void day_send(struct day *d, const struct journey_input *input)
{
    const struct journey before = d->step.journey;
    d->step = journey_next(&before, &centre, input, d->now);
    if ((input->kind == INPUT_TICKET || input->kind == INPUT_REFUSED) &&
        strcmp(input->key, d->out) == 0)
        d->out[0] = '\0';
    check(d, &before, input);
}

static void news(struct day *d)
{
    static const enum journey_input_kind kinds[] = {
        INPUT_SITE,    INPUT_DOORS,    INPUT_ONLINE, INPUT_OFFLINE, INPUT_TICKET,
        INPUT_TICKET,  INPUT_REFUSED,  INPUT_PAPER,  INPUT_JOB,     INPUT_HELP,
        INPUT_HEADSET, INPUT_SPEAKING, INPUT_VOICE};
    struct journey_input input = {.kind = kinds[draw(d, sizeof kinds / sizeof kinds[0])]};
    const struct journey *j = &d->step.journey;
    input.open = draw(d, 16) != 0;
    input.headset = draw(d, 2) != 0;
    input.speaks = draw(d, 4) != 0;
    input.problem = PROBLEM_CLOSED + (enum journey_problem)draw(d, 3);
    input.paper = (enum journey_paper)draw(d, PAPER_GONE + 1);
    input.job = JOB_PRINTING + (enum journey_job)draw(d, 4);
    input.copy = (int)draw(d, 3);
    input.help = (enum journey_help)draw(d, HELP_FAILED + 1);
    memcpy(input.key, draw(d, 4) ? d->out : d->old[draw(d, OLD_KEYS)], sizeof input.key);
    if (input.kind == INPUT_JOB && draw(d, 4))
        memcpy(input.ticket.id, j->slip, sizeof input.ticket.id);
    else
        memcpy(input.ticket.id, d->fresh + JOURNEY_KEY_LEN - QUARTER_ULID_LEN, QUARTER_ULID_LEN);
    memcpy(input.ticket.number, "H07", 4);
    day_send(d, &input);
}

static void hand(struct day *d)
{
    static const int typed[] = {
        JOURNEY_BACKSPACE, JOURNEY_SPACE, '0', '7', 'e', 0x0a95, 0x1f600, -1};
    struct journey_input input = {.item = (int)draw(d, 7) - 1};
    uint64_t which = draw(d, 10);
    input.kind = which < 8 ? INPUT_TOUCH : which == 8 ? INPUT_KEY : INPUT_SCAN;
    input.action = (enum journey_action)draw(d, JOURNEY_ACTIONS);
    bool knowing = draw(d, 4) == 0; /* else the depths of the journey are hardly ever reached */
    for (int i = 0; knowing && i < 8 && !journey_offers(&d->step.journey, input.action); i++)
        input.action = (enum journey_action)draw(d, JOURNEY_ACTIONS);
    if (input.action == ACTION_TYPE)
        input.item = typed[draw(d, sizeof typed / sizeof typed[0])];
    input.by_keypad = draw(d, 2) != 0;
    if (input.kind == INPUT_SCAN)
        for (int i = 0; i < 12; i++)
            input.text[i] = (char)('+' + draw(d, 20));
    next_key(d);
    memcpy(input.fresh_key, d->fresh, sizeof input.fresh_key);
    day_send(d, &input);
}

/* Storms of a thousand inputs a second; now and then a hand rests long enough for a time-out. */
static void second(struct day *d)
{
    static const int64_t pauses[] = {5000, 15000, 21000, 31000, 41000, 190000};
    const struct journey_input tick = {.kind = INPUT_TICK};
    for (int i = 0; i < 1000; i++) {
        d->now++;
        if (draw(d, 20000) == 0) {
            d->now += pauses[draw(d, sizeof pauses / sizeof pauses[0])];
            day_send(d, &tick);
        }
        uint64_t which = draw(d, 100);
        if (which < 96)
            hand(d);
        else if (which < 98)
            day_send(d, &tick);
        else
            news(d);
    }
}

/* Left alone, with the wakes it asked for and no news, every page leads back to rest by then. */
static void alone_to_rest(struct day *d)
{
    int64_t until = d->now + 2 * JOURNEY_HELP_IDLE_MS;
    while (!is_rest_page(d->step.journey.page) || journey_wake_ms(&d->step.journey) != INT64_MAX) {
        int64_t wake = journey_wake_ms(&d->step.journey);
        assert_true(wake < until);
        d->now = wake > d->now ? wake : d->now;
        const struct journey before = d->step.journey;
        day_send(d, &(struct journey_input){.kind = INPUT_TICK});
        assert_memory_not_equal(&before, &d->step.journey,
                                sizeof before); /* a wake changes something */
    }
}

static void a_thousand_random_inputs_a_second_break_no_promise(void **state)
{
    (void)state;
    struct day *d = calloc(1, sizeof *d);
    assert_non_null(d);
    const char *seed = getenv("QUARTER_SEED"); /* NOLINT(concurrency-mt-unsafe): one thread */
    d->seed = seed != NULL ? strtoull(seed, NULL, 0) : 20261124;
    print_message("seed %llu, %d simulated seconds\n", (unsigned long long)d->seed, JOURNEY_DAY_S);
    memset(d->fresh, '0', JOURNEY_KEY_LEN);
    d->now = 1000000;
    d->step.journey = journey_begin(d->now);
    day_send(d, &(struct journey_input){.kind = INPUT_SITE});
    for (int i = 0; i < JOURNEY_DAY_S; i++) {
        second(d);
        if (i % 600 == 599)
            alone_to_rest(d);
    }
    print_message("%ld inputs: %ld tickets, %ld signposts, %ld calls for help, %ld slips, %ld "
                  "visits ended, %ld times asked\n",
                  d->inputs, d->issues, d->visits, d->helps, d->printed, d->ends, d->asked);
    for (int page = PAGE_WELCOME; page <= PAGE_PROBLEM; page++) {
        print_message("%s %ld\n", journey_page_code((enum journey_page)page), d->pages[page]);
        assert_true(d->pages[page] > 0); /* the hands do find every page */
    }
    assert_true(d->issues > 0 && d->visits > 0 && d->helps > 0 && d->printed > 0 && d->asked > 0 &&
                d->typed > 0);
    free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_random_inputs_a_second_break_no_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
