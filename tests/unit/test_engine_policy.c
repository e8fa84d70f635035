/* Every policy against the rules in words, asked of every visitor one by one: who is called and why, how many come
 * before whom, in which order all stand. Thousands of random crowds, with needs, bookings and every class; times lie
 * close around the instants at which a rule changes its mind. */
#include "test_engine_rig.h"

#include <stdlib.h>
#include <string.h>

#include "engine/policy/policy.h"

enum { CROWDS = 4000, CROWD_MAX = 60, SERVICES = 5, COUNTERS = 4, NEEDS = 3, MINUTE = 60000 };

struct crowd {
    struct lines lines;
    struct policy_terms terms;
    struct need_terms needs;
    int64_t now_ms;
    int count;
    struct waiter waiters[CROWD_MAX];
    struct {
        uint64_t services;
        uint32_t needs;
    } counters[COUNTERS];
    uint64_t service_counters[SERVICES], need_counters[32];
    uint64_t random;
};

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint32_t roll(struct crowd *crowd, uint32_t sides)
{
    uint64_t z = crowd->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % sides);
}

/* the rules in words */

static int64_t waited(const struct crowd *crowd, const struct waiter *waiter)
{
    return crowd->now_ms - waiter->leg_from_ms;
}

static bool is_early(const struct crowd *crowd, const struct waiter *waiter)
{
    return waiter->leg_from_ms - crowd->now_ms > INT64_C(2) * MINUTE;
}

static bool is_past_limit(const struct crowd *crowd, const struct waiter *waiter)
{
    return waited(crowd, waiter) > crowd->terms.limit_ms;
}

static bool is_about_to_miss(const struct crowd *crowd, const struct waiter *waiter)
{
    const int64_t left_ms = crowd->terms.standard_ms - waited(crowd, waiter);
    return left_ms >= 0 && left_ms <= crowd->terms.rescue_ms;
}

static int strictness(const struct waiter *waiter)
{
    static const enum ticket_class order[] = {CLASS_URGENT, CLASS_APPOINTMENT, CLASS_TRANSFER,
                                              CLASS_ASSISTED, CLASS_NORMAL};
    int place = 0;
    while (order[place] != waiter->ticket_class) {
        place++;
    }
    return place;
}

static int64_t due(const struct crowd *crowd, const struct waiter *waiter)
{
    return waiter->leg_from_ms + crowd->terms.promise_ms[waiter->ticket_class];
}

static int64_t priority(const struct crowd *crowd, const struct waiter *waiter)
{
    const int64_t waited_ms = waited(crowd, waiter);
    return waited_ms <= 0 ? waited_ms
                          : waited_ms * crowd->terms.standard_ms /
                                crowd->terms.promise_ms[waiter->ticket_class];
}

static int sign(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_by_rescue(const struct crowd *crowd, const struct waiter *a,
                             const struct waiter *b)
{
    int order = is_past_limit(crowd, b) - is_past_limit(crowd, a);
    if (order == 0 && is_past_limit(crowd, a)) {
        return sign(a->leg_from_ms, b->leg_from_ms);
    }
    order = order != 0 ? order : is_about_to_miss(crowd, b) - is_about_to_miss(crowd, a);
    return order != 0 ? order : sign(due(crowd, a), due(crowd, b));
}

/* Of two whom a counter can call. */
static bool goes_first(const struct crowd *crowd, const struct waiter *a, const struct waiter *b)
{
    int order = is_early(crowd, a) - is_early(crowd, b);
    if (order == 0) {
        switch (crowd->terms.rule) {
        case POLICY_FIFO: order = sign(a->leg_from_ms, b->leg_from_ms); break;
        case POLICY_STRICT:
            order = sign(strictness(a), strictness(b));
            order = order != 0 ? order : sign(a->leg_from_ms, b->leg_from_ms);
            break;
        case POLICY_HEADSTART: order = sign(due(crowd, a), due(crowd, b)); break;
        case POLICY_RESCUE: order = compare_by_rescue(crowd, a, b); break;
        case POLICY_APQ: order = sign(priority(crowd, b), priority(crowd, a)); break;
        }
    }
    return order != 0 ? order < 0 : a->ticket < b->ticket;
}

static bool may_call(const struct crowd *crowd, int counter, const struct waiter *waiter)
{
    if (waiter->held_until_ms > crowd->now_ms) {
        return false;
    }
    if (waiter->only != 0) {
        return waiter->only == counter + 1;
    }
    if ((crowd->counters[counter].services >> waiter->service & 1) == 0) {
        return false;
    }
    for (int need = 0; need < NEEDS; need++) {
        const bool asks = (waiter->needs >> need & 1) != 0;
        const bool meets = (crowd->counters[counter].needs >> need & 1) != 0;
        const bool is_hard = (crowd->needs.hard >> need & 1) != 0;
        if (asks && !meets &&
            (is_hard || waited(crowd, waiter) < crowd->needs.relax_after_ms[need])) {
            return false;
        }
    }
    return true;
}

static bool could_serve(const struct crowd *crowd, int counter, const struct waiter *waiter)
{
    const uint32_t hard = waiter->needs & crowd->needs.hard;
    if (waiter->only != 0) {
        return waiter->only == counter + 1;
    }
    return (crowd->counters[counter].services >> waiter->service & 1) != 0 &&
           (hard & ~crowd->counters[counter].needs) == 0;
}

static bool compete(const struct crowd *crowd, const struct waiter *mine,
                    const struct waiter *other)
{
    bool served = false;
    for (int counter = 0; counter < COUNTERS; counter++) {
        served |= could_serve(crowd, counter, mine);
        if (could_serve(crowd, counter, mine) && could_serve(crowd, counter, other)) {
            return true;
        }
    }
    return !served && mine->service == other->service;
}

/* crowds */

/* Near the instants that matter, and now and then exactly on them. */
static int64_t roll_waited(struct crowd *crowd)
{
    const struct policy_terms *terms = &crowd->terms;
    const int64_t edges[] = {0,
                             -policy_early_ms,
                             terms->standard_ms,
                             terms->standard_ms - terms->rescue_ms,
                             terms->limit_ms,
                             terms->standard_ms - terms->promise_ms[CLASS_ASSISTED],
                             crowd->needs.relax_after_ms[1],
                             crowd->needs.relax_after_ms[2]};
    const int64_t edge = edges[roll(crowd, sizeof(edges) / sizeof(edges[0]))];
    switch (roll(crowd, 4)) {
    case 0: return edge;
    case 1: return edge + (int64_t)roll(crowd, 5) - 2;
    case 2: return edge + (int64_t)roll(crowd, 4 * MINUTE) - INT64_C(2) * MINUTE;
    default: return (int64_t)roll(crowd, 50 * MINUTE) - INT64_C(5) * MINUTE;
    }
}

static void roll_terms(struct crowd *crowd)
{
    crowd->terms = policy_default_terms;
    crowd->terms.rule = (enum policy_rule)roll(crowd, POLICY_APQ + 1);
    if (roll(crowd, 3) == 0) {
        crowd->terms.rescue_ms = (int64_t)roll(crowd, 16) * MINUTE;
        crowd->terms.limit_ms = (int64_t)(15 + roll(crowd, 30)) * MINUTE;
        crowd->terms.promise_ms[CLASS_URGENT] = (int64_t)(1 + roll(crowd, 15)) * MINUTE;
    }
    crowd->needs = (struct need_terms){
        .hard = 1,
        .relax_after_ms = {0, (int64_t)roll(crowd, 20) * MINUTE, (int64_t)roll(crowd, 3) * MINUTE}};
}

static void roll_crowd(struct crowd *crowd, uint64_t seed)
{
    memset(crowd, 0, sizeof(*crowd));
    crowd->random = seed;
    crowd->now_ms = INT64_C(100000000);
    roll_terms(crowd);
    for (int i = 0; i < COUNTERS; i++) {
        crowd->counters[i].services = roll(crowd, 1u << SERVICES);
        crowd->counters[i].needs = roll(crowd, 1u << NEEDS);
        for (int j = 0; j < SERVICES; j++) {
            crowd->service_counters[j] |= (crowd->counters[i].services >> j & 1) << i;
        }
        for (int j = 0; j < NEEDS; j++) {
            crowd->need_counters[j] |= (uint64_t)(crowd->counters[i].needs >> j & 1) << i;
        }
    }
    const int count = (int)roll(crowd, CROWD_MAX);
    lines_grow(&crowd->lines, SERVICES, CROWD_MAX);
    for (int i = 0; i < count; i++) {
        struct waiter waiter = {.ticket = i,
                                .service = (int32_t)roll(crowd, SERVICES),
                                .ticket_class = (enum ticket_class)roll(crowd, TICKET_CLASSES),
                                .needs = roll(crowd, 2) == 0 ? 0 : roll(crowd, 1u << NEEDS)};
        waiter.leg_from_ms = crowd->now_ms - roll_waited(crowd);
        const bool may_be_booked =
            waiter.ticket_class == CLASS_APPOINTMENT || waiter.ticket_class == CLASS_URGENT;
        if (waiter.leg_from_ms > crowd->now_ms && !may_be_booked) {
            waiter.leg_from_ms = crowd->now_ms;
        }
        waiter.only = roll(crowd, 6) == 0 ? 1 + (int32_t)roll(crowd, COUNTERS) : 0;
        if (roll(crowd, 6) == 0) { /* until a while ago, right now, or to come */
            waiter.held_until_ms = crowd->now_ms + ((int64_t)roll(crowd, 5) - 2) * MINUTE;
        }
        lines_insert(&crowd->lines, &waiter);
        crowd->waiters[crowd->count++] = waiter;
    }
}

static struct policy_view view_of(const struct crowd *crowd)
{
    return (struct policy_view){.lines = &crowd->lines,
                                .terms = &crowd->terms,
                                .needs = &crowd->needs,
                                .now_ms = crowd->now_ms};
}

static bool is_among(const struct waiter *waiters, int count, int32_t ticket)
{
    for (int i = 0; i < count; i++) {
        if (waiters[i].ticket == ticket) {
            return true;
        }
    }
    return false;
}

/* Is what staff would say true? */
static void assert_reason_is_true(const struct crowd *crowd, int counter,
                                  const struct policy_desk *desk,
                                  const struct policy_choice *choice)
{
    static const int classes[] = {[CALL_BOOKED] = CLASS_APPOINTMENT,
                                  [CALL_URGENT] = CLASS_URGENT,
                                  [CALL_ASSISTED] = CLASS_ASSISTED,
                                  [CALL_TRANSFERRED] = CLASS_TRANSFER};
    bool is_longest = true;
    bool is_longest_at_risk = true;
    for (int i = 0; i < crowd->count; i++) {
        const struct waiter *it = &crowd->waiters[i];
        if (may_call(crowd, counter, it) && !is_among(desk->taken, desk->taken_count, it->ticket) &&
            (it->leg_from_ms < choice->waiter.leg_from_ms ||
             (it->leg_from_ms == choice->waiter.leg_from_ms &&
              it->ticket < choice->waiter.ticket))) {
            is_longest = false;
            is_longest_at_risk &= !is_about_to_miss(crowd, it);
        }
    }
    switch (choice->reason) {
    case CALL_ONLY_ONE_WAITING: assert_int_equal(choice->waiting, 1); break;
    case CALL_LONGEST_WAITING: assert_true(is_longest); break;
    case CALL_PAST_LIMIT: assert_true(is_longest && is_past_limit(crowd, &choice->waiter)); break;
    case CALL_ABOUT_TO_MISS:
        assert_true(is_longest_at_risk && is_about_to_miss(crowd, &choice->waiter));
        break;
    case CALL_BOOKED:
    case CALL_URGENT:
    case CALL_ASSISTED:
    case CALL_TRANSFERRED:
        assert_int_equal(choice->waiter.ticket_class, classes[choice->reason]);
        assert_true(!is_longest || waited(crowd, &choice->waiter) < 0);
        break;
    case CALL_FREE_COUNTER:
    case CALL_FREE_COUNTER_LANGUAGE:
    case CALL_CHOSEN: fail_msg("nobody comes here"); break;
    }
}

static void assert_choice(const struct crowd *crowd, int counter, const struct waiter *taken,
                          int taken_count)
{
    const struct policy_view view = view_of(crowd);
    const struct policy_desk desk = {.services = crowd->counters[counter].services,
                                     .needs = crowd->counters[counter].needs,
                                     .only = counter + 1,
                                     .taken = taken,
                                     .taken_count = taken_count};
    const struct waiter *first = NULL;
    int callable = 0;
    for (int i = 0; i < crowd->count; i++) {
        const struct waiter *it = &crowd->waiters[i];
        if (may_call(crowd, counter, it) && !is_among(taken, taken_count, it->ticket)) {
            callable++;
            first = first == NULL || goes_first(crowd, it, first) ? it : first;
        }
    }
    struct policy_choice choice;
    assert_int_equal(policy_choose(&view, &desk, &choice), first != NULL);
    assert_int_equal(policy_count(&view, &desk), callable);
    if (first != NULL) {
        assert_int_equal(choice.waiter.ticket, first->ticket);
        const struct waiter *mine = &choice.waiter;
        assert_true(mine->ticket == first->ticket && mine->leg_from_ms == first->leg_from_ms);
        assert_true(mine->service == first->service && mine->ticket_class == first->ticket_class);
        assert_true(mine->needs == first->needs && mine->only == first->only &&
                    mine->held_until_ms == first->held_until_ms);
        assert_int_equal(choice.waiting, callable);
        assert_reason_is_true(crowd, counter, &desk, &choice);
    }
}

/* A box whose clock was lost counts from 1970 until it hears the time. */
static void a_wait_of_decades_is_still_ranked(void **state)
{
    (void)state;
    const int64_t decades_ms = INT64_C(1800000000000) + 59999;
    struct policy_terms terms = policy_default_terms;
    terms.rule = POLICY_APQ;
    terms.standard_ms = terms.promise_ms[CLASS_NORMAL] = INT64_C(240) * MINUTE;
    terms.promise_ms[CLASS_URGENT] = MINUTE;
    assert_true(policy_rank(&terms, CLASS_NORMAL, decades_ms).order == -decades_ms);
    assert_true(policy_rank(&terms, CLASS_URGENT, decades_ms).order == -decades_ms * 240);
    terms.promise_ms[CLASS_URGENT] = INT64_C(7) * MINUTE;
    assert_true(policy_rank(&terms, CLASS_URGENT, 1001).order == -(1001 * 240 / 7));
}

static void each_counter_calls_whom_the_rules_name(void **state)
{
    (void)state;
    struct crowd crowd;
    for (uint64_t seed = 1; seed <= CROWDS; seed++) {
        roll_crowd(&crowd, seed);
        for (int counter = 0; counter < COUNTERS; counter++) {
            assert_choice(&crowd, counter, NULL, 0);
            /* Some are given to other counters in the same decision, those whom it would call among them. */
            struct waiter taken[6];
            int count = 0;
            for (; count < 6 && count < crowd.count; count++) {
                const struct policy_view view = view_of(&crowd);
                const int taker = (int)roll(&crowd, COUNTERS);
                const struct policy_desk desk = {.services = crowd.counters[taker].services,
                                                 .needs = crowd.counters[taker].needs,
                                                 .only = taker + 1,
                                                 .taken = taken,
                                                 .taken_count = count};
                struct policy_choice choice;
                if (!policy_choose(&view, &desk, &choice)) {
                    break;
                }
                taken[count] = choice.waiter;
                assert_choice(&crowd, counter, taken, count + 1);
            }
        }
        lines_free(&crowd.lines);
    }
}

static void places_are_what_counting_says(void **state)
{
    (void)state;
    struct crowd crowd;
    for (uint64_t seed = 1; seed <= CROWDS; seed++) {
        roll_crowd(&crowd, seed);
        const struct policy_view view = view_of(&crowd);
        const struct policy_reach reach = {.service_counters = crowd.service_counters,
                                           .need_counters = crowd.need_counters,
                                           .service_count = SERVICES};
        for (int i = 0; i < crowd.count + 5; i++) {
            struct waiter mine = {.ticket = i, /* past the crowd: somebody who may come */
                                  .service = (int32_t)roll(&crowd, SERVICES),
                                  .needs = roll(&crowd, 1u << NEEDS),
                                  .ticket_class = (enum ticket_class)roll(&crowd, TICKET_CLASSES)};
            mine.leg_from_ms = crowd.now_ms - roll_waited(&crowd);
            mine = i < crowd.count ? crowd.waiters[i] : mine;
            int ahead = 0;
            for (int j = 0; j < crowd.count; j++) {
                ahead += crowd.waiters[j].held_until_ms <= crowd.now_ms &&
                         goes_first(&crowd, &crowd.waiters[j], &mine) &&
                         compete(&crowd, &mine, &crowd.waiters[j]);
            }
            assert_int_equal(policy_ahead(&view, &reach, &mine), ahead);
        }
        lines_free(&crowd.lines);
    }
}

static void all_stand_in_one_order(void **state)
{
    (void)state;
    struct crowd crowd;
    for (uint64_t seed = 1; seed <= CROWDS; seed++) {
        roll_crowd(&crowd, seed);
        const struct policy_view view = view_of(&crowd);
        int32_t order[CROWD_MAX + 1];
        memset(order, 0xff, sizeof(order));
        const size_t some = roll(&crowd, CROWD_MAX);
        const size_t expected = some < (size_t)crowd.count ? some : (size_t)crowd.count;
        assert_int_equal(policy_order(&view, order, some), expected);
        assert_int_equal(order[expected], -1);
        assert_int_equal(policy_order(&view, order, CROWD_MAX), crowd.count);
        for (int i = 0; i < crowd.count; i++) {
            const struct waiter *mine = &crowd.waiters[order[i]];
            assert_int_equal(mine->ticket, order[i]);
            if (i > 0) {
                const struct waiter *before = &crowd.waiters[order[i - 1]];
                assert_true(goes_first(&crowd, before, mine));
                assert_true(policy_comes_before(&view, before, mine));
                assert_false(policy_comes_before(&view, mine, before));
            }
        }
        lines_free(&crowd.lines);
    }
}

static void terms_that_make_no_sense_are_told(void **state)
{
    (void)state;
    assert_null(policy_terms_fault(&policy_default_terms));
    struct policy_terms terms = policy_default_terms;
    terms.rescue_ms = terms.standard_ms + 1;
    assert_non_null(policy_terms_fault(&terms));
    terms = policy_default_terms;
    terms.limit_ms = terms.standard_ms - 1;
    assert_non_null(policy_terms_fault(&terms));
    terms = policy_default_terms;
    terms.promise_ms[CLASS_URGENT] = 0;
    assert_non_null(policy_terms_fault(&terms));
    terms = policy_default_terms;
    terms.promise_ms[CLASS_NORMAL] = terms.promise_ms[CLASS_ASSISTED] - 1;
    assert_non_null(policy_terms_fault(&terms));
}

static void each_policy_has_its_code_and_its_bound(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int64_t bound_min;
    } policies[] = {{"fifo", 0}, {"headstart", 10}, {"rescue", 23}, {"strict", -1}, {"apq", -1}};
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        struct policy_terms terms = policy_default_terms;
        assert_true(policy_from_code(policies[i].code, &terms.rule));
        assert_string_equal(policy_code(terms.rule), policies[i].code);
        const int64_t bound_ms = policy_overtaking_bound_ms(&terms);
        assert_int_equal(bound_ms, policies[i].bound_min < 0 ? -1 : policies[i].bound_min * MINUTE);
    }
    enum policy_rule rule = POLICY_APQ;
    assert_false(policy_from_code("FIFO", &rule));
    assert_false(policy_from_code("share_maximiser", &rule));
    assert_int_equal(rule, POLICY_APQ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_of_decades_is_still_ranked),
        cmocka_unit_test(each_counter_calls_whom_the_rules_name),
        cmocka_unit_test(places_are_what_counting_says),
        cmocka_unit_test(all_stand_in_one_order),
        cmocka_unit_test(terms_that_make_no_sense_are_told),
        cmocka_unit_test(each_policy_has_its_code_and_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
