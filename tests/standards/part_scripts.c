/* What takes time or a trembling hand: the journey and the keypad with a clock that is an argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawl.h"
#include "input/keypad.h"
#include "parts.h"
#include "quarter/check.h"

enum { START_MS = 1000000, JUST_TOO_SOON_MS = 490, JUST_LATE_ENOUGH_MS = 510, PAUSE_MS = 1500 };

static const struct look plain_look = {0, THEME_LIGHT, 0, 0, false};

static struct journey_step press(const struct kiosk_rig *rig, const struct journey *journey,
                                 const char *id, int64_t now_ms)
{
    const struct journey_input input = kiosk_rig_touch(rig, journey, id);
    return kiosk_rig_next(rig, journey, &input, now_ms);
}

static struct journey tick(const struct kiosk_rig *rig, const struct journey *journey,
                           int64_t now_ms)
{
    const struct journey_input input = {.kind = INPUT_TICK};
    return kiosk_rig_next(rig, journey, &input, now_ms).journey;
}

/* ---- strikes ------------------------------------------------------------------------------------------------------ */

/* A state whose page has an element; NULL: none. */
static const struct crawl_state *state_with(const struct crawl *crawl, enum journey_page page,
                                            const char *prefix, char id[CRAWL_VIA_BYTES])
{
    for (int i = 0; i < crawl->count; i++) {
        const struct crawl_state *state = &crawl->states[i];
        if (state->journey.page != page || state->journey.asking)
            continue;
        (void)kiosk_rig_lay(crawl->rig, &state->journey, &plain_look, NULL, state->now_ms);
        for (size_t k = 0; k < ui_count(crawl->rig->ui); k++) {
            const struct ui_element *element = ui_element(crawl->rig->ui, k);
            if (element->role == UI_BUTTON && !element->disabled &&
                strncmp(element->id, prefix, strlen(prefix)) == 0) {
                snprintf(id, CRAWL_VIA_BYTES, "%s", element->id);
                return state;
            }
        }
    }
    return NULL;
}

/* Ticks a need twice: after 0.49 s it is still ticked, after 0.51 s no longer. */
static void strike_twice(const struct crawl *crawl, struct ledger *ledger, enum journey_page page,
                         const char *prefix)
{
    char id[CRAWL_VIA_BYTES];
    const struct crawl_state *state = state_with(crawl, page, prefix, id);
    ledger_hold(ledger, GATE_DOUBLE_IGNORED, state != NULL, "%s has no %s to strike",
                journey_page_code(page), prefix);
    if (state == NULL)
        return;
    const int64_t at_ms = state->now_ms + PAUSE_MS;
    const struct journey once = press(crawl->rig, &state->journey, id, at_ms).journey;
    const struct journey soon = press(crawl->rig, &once, id, at_ms + JUST_TOO_SOON_MS).journey;
    const struct journey late = press(crawl->rig, &once, id, at_ms + JUST_LATE_ENOUGH_MS).journey;
    const bool same = once.needs == soon.needs && once.contrast == soon.contrast &&
                      strcmp(once.typed, soon.typed) == 0;
    const bool other = once.needs != late.needs || once.contrast != late.contrast ||
                       strcmp(once.typed, late.typed) != 0;
    ledger_hold(ledger, GATE_DOUBLE_IGNORED, same, "%s: a second strike after 0.49 s counts", id);
    ledger_hold(ledger, GATE_DOUBLE_IGNORED, other, "%s: a second strike after 0.51 s is lost", id);
}

/* Two strikes at one place: the second must not choose what the first brought under the finger. */
static void strike_through(const struct crawl *crawl, struct ledger *ledger)
{
    for (int i = 0; i < crawl->count; i++) {
        const struct crawl_state *state = &crawl->states[i];
        if (state->journey.asking || journey_at_rest(&state->journey))
            continue;
        (void)kiosk_rig_lay(crawl->rig, &state->journey, &plain_look, NULL, state->now_ms);
        struct ui *ui = ui_create();
        ui_copy(ui, crawl->rig->ui);
        for (size_t k = 0; k < ui_count(ui); k++) {
            const struct ui_element *element = ui_element(ui, k);
            if (element->role != UI_BUTTON || element->disabled)
                continue;
            const int64_t at_ms = state->now_ms + PAUSE_MS;
            const struct journey next =
                press(crawl->rig, &state->journey, element->id, at_ms).journey;
            if (next.page == state->journey.page)
                continue;
            (void)kiosk_rig_lay(crawl->rig, &next, &plain_look, NULL, at_ms);
            const struct ui_element *under =
                ui_hit(crawl->rig->ui, element->rect.x + element->rect.w / 2,
                       element->rect.y + element->rect.h / 2);
            if (under == NULL)
                continue;
            const struct journey_step step =
                press(crawl->rig, &next, under->id, at_ms + JUST_TOO_SOON_MS);
            ledger_hold(ledger, GATE_DOUBLE_IGNORED,
                        step.journey.page == next.page && step.effects == 0,
                        "%s: %s twice presses %s behind it", state->name, element->id, under->id);
        }
        ui_destroy(ui);
    }
}

static bool keypad_counts(int gap_ms)
{
    struct keypad keypad = {0};
    const bool first = keypad_feed(&keypad, 59, 1, KEYPAD_NEXT, START_MS);
    (void)keypad_feed(&keypad, 59, 0, KEYPAD_NEXT, START_MS + 80);
    return first && keypad_feed(&keypad, 59, 1, KEYPAD_NEXT, START_MS + gap_ms);
}

static void keypads(enum fault fault, struct ledger *ledger)
{
    const int32_t held = fault == FAULT_REPEATS ? 1 : 2;
    ledger_place(ledger, "keypad");
    ledger_hold(ledger, GATE_DOUBLE_IGNORED, !keypad_counts(JUST_TOO_SOON_MS),
                "a second strike after 0.49 s counts");
    ledger_hold(ledger, GATE_DOUBLE_IGNORED, keypad_counts(JUST_LATE_ENOUGH_MS),
                "a second strike after 0.51 s is lost");
    struct keypad keypad = {0};
    int strikes = keypad_feed(&keypad, 59, 1, KEYPAD_NEXT, START_MS);
    for (int ms = 250; ms < 10000; ms += 33) /* as the kernel repeats a held key */
        strikes += keypad_feed(&keypad, 59, held, KEYPAD_NEXT, START_MS + ms);
    ledger_hold(ledger, GATE_KEY_REPEAT, strikes == 1, "held for 10 s it strikes %d times",
                strikes);
}

/* ---- time --------------------------------------------------------------------------------------------------------- */

static void time_to_answer(const struct kiosk_rig *rig, const struct crawl_state *state,
                           struct ledger *ledger)
{
    struct journey journey = state->journey;
    const int64_t asked_ms = kiosk_rig_wait(rig, &journey, state->now_ms);
    if (asked_ms == 0) {
        const bool sudden = journey_at_rest(&journey) && !journey_at_rest(&state->journey);
        ledger_hold(ledger, GATE_TIME_SENSES, !sudden, "it ends without asking");
        return;
    }
    int64_t at = asked_ms;
    while (journey.asking && at < asked_ms + 200000)
        journey = tick(rig, &journey, at += 100);
    ledger_measure(ledger, GATE_TIME_GIVEN, (double)(at - asked_ms) / 1000, "then it ends");
}

/* Says "I'm still here" until it is no longer heeded. */
static void time_again(const struct kiosk_rig *rig, const struct crawl_state *state,
                       struct ledger *ledger)
{
    enum { ENOUGH = 12 };
    struct journey journey = state->journey;
    int64_t now_ms = state->now_ms;
    int times = 0;
    bool asked = false;
    while (times < ENOUGH) {
        const int64_t asked_ms = kiosk_rig_wait(rig, &journey, now_ms);
        if (asked_ms == 0)
            break;
        asked = true;
        const enum journey_page page = journey.page;
        now_ms = asked_ms + JOURNEY_ASK_MS - 500; /* at the last moment */
        journey = press(rig, &journey, "still-here", now_ms).journey;
        if (journey.asking || journey.page != page)
            break;
        times++;
    }
    if (asked)
        ledger_measure(ledger, GATE_TIME_EXTENDED, times, "then it ends");
}

/* A page that says so. What a listener hears of it is measured with speech; the note that everybody hears, end to end. */
static void asks_by_sight(struct kiosk_rig *rig, const struct crawl_state *state,
                          struct ledger *ledger)
{
    struct journey journey = state->journey;
    if (kiosk_rig_wait(rig, &journey, state->now_ms) == 0)
        return;
    (void)kiosk_rig_lay(rig, &journey, &plain_look, NULL, state->now_ms);
    ledger_hold(ledger, GATE_TIME_SENSES,
                strcmp(ui_page(rig->ui)->name, "still-there") == 0 &&
                    ui_find(rig->ui, "still-here") != NULL,
                "the page does not say that time runs out");
}

/* Nothing moves by itself: for ten seconds each page stays as it is, but for the seconds of the question. */
static void stands_still(struct kiosk_rig *rig, const struct crawl_state *state,
                         struct ledger *ledger)
{
    enum { STEP_MS = 100, LOOK_MS = 10000 };
    struct ui *before = ui_create();
    int64_t first = 0, last = 0;
    if (!state->journey.asking && state->journey.page != PAGE_GETTING) {
        (void)kiosk_rig_lay(rig, &state->journey, &plain_look, NULL, state->now_ms);
        ui_copy(before, rig->ui);
        for (int64_t at = state->now_ms; at < state->now_ms + LOOK_MS; at += STEP_MS) {
            (void)kiosk_rig_lay(rig, &state->journey, &plain_look, NULL, at);
            if (rect_is_empty(ui_damage(before, rig->ui)))
                continue;
            first = first == 0 ? at : first;
            last = at;
            ui_copy(before, rig->ui);
        }
        ledger_measure(ledger, GATE_MOVES, (double)(last - first) / 1000, "by itself");
    }
    ui_destroy(before);
}

/* ---- memory ------------------------------------------------------------------------------------------------------- */

static bool holds_text(const struct journey *journey, const char *text)
{
    return memmem(journey, sizeof *journey, text, strlen(text)) != NULL;
}

static void forgets(const struct kiosk_rig *rig, const struct crawl_state *state,
                    struct ledger *ledger)
{
    static const char secret[] = "qzxqzxqzx";
    struct journey journey = state->journey;
    int64_t at = state->now_ms;
    if (journey.page != PAGE_SEARCH && journey.page != PAGE_QUESTION)
        return;
    for (const char *letter = secret; *letter != '\0'; letter++) {
        char id[32];
        snprintf(id, sizeof id, "key-%04X", (unsigned)*letter);
        journey = press(rig, &journey, id, at += PAUSE_MS).journey;
    }
    const bool typed = holds_text(&journey, secret);
    journey = press(rig, &journey, "continue", at += PAUSE_MS).journey;
    for (int i = 0; i < 4000 && !journey_at_rest(&journey); i++)
        journey = tick(rig, &journey, at += 100);
    ledger_hold(ledger, GATE_FORGOTTEN, journey_at_rest(&journey), "it never comes to rest");
    ledger_hold(ledger, GATE_FORGOTTEN, !holds_text(&journey, secret),
                "what was typed is still there%s", typed ? "" : " (and was not typed)");
    ledger_hold(ledger, GATE_FORGOTTEN,
                journey.asked_count == 0 && journey.needs == 0 && journey.service < 0 &&
                    journey.ticket.id[0] == '\0' && journey.key[0] == '\0',
                "what was chosen is still there");
}

/* ---- touches ------------------------------------------------------------------------------------------------------ */

/* Language, this, "Get my ticket". */
static bool is_three_touches(const struct kiosk_rig *rig, const char *choice)
{
    char language[48];
    snprintf(language, sizeof language, "language-%s", rig->site->languages[0].code);
    const char *const touches[] = {language, choice, "get-ticket"};
    struct journey journey = kiosk_rig_begin(rig, START_MS);
    unsigned effects = 0;
    for (int i = 0; i < 3; i++) {
        const struct journey_step step =
            press(rig, &journey, touches[i], START_MS + (i + 1) * PAUSE_MS);
        journey = step.journey;
        effects |= step.effects;
    }
    return (effects & EFFECT_ISSUE) != 0;
}

/* The five most used: the tiles that stand for one service, in the site's order, and "I'm not sure". */
static void three_touches(const struct kiosk_rig *rig, struct ledger *ledger)
{
    enum { MOST_USED = 5 };
    int services = 0;
    for (int i = 0; i < rig->site->group_count && services < MOST_USED - 1; i++) {
        char group[80];
        if (rig->site->groups[i].service_count != 1)
            continue;
        services++;
        snprintf(group, sizeof group, "group-%s", rig->site->groups[i].code);
        ledger_measure(ledger, GATE_THREE_TOUCHES, is_three_touches(rig, group) ? 3 : 99, "%s",
                       group);
    }
    ledger_measure(ledger, GATE_THREE_TOUCHES, is_three_touches(rig, "not-sure") ? 3 : 99,
                   "not-sure");
    for (services++; services < MOST_USED; services++)
        ledger_measure(ledger, GATE_THREE_TOUCHES, 4,
                       "only %d services stand on tiles of their own", services);
}

bool part_scripts(const struct options *options, struct ledger *ledger)
{
    struct kiosk_rig *rig = kiosk_rig_open(SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    struct ledger *ways = ledger_create(); /* noted by the part "kiosk" */
    struct crawl *crawl = crawl_site(rig, ways);
    rig->fault = options->fault;
    ledger_destroy(ways);
    ledger_place(ledger, "touch");
    strike_twice(crawl, ledger, PAGE_READY, "need-");
    strike_twice(crawl, ledger, PAGE_EASE, "ease-contrast");
    strike_twice(crawl, ledger, PAGE_SEARCH, "key-0065");
    strike_through(crawl, ledger);
    keypads(options->fault, ledger);
    for (int i = 0; i < crawl->count; i++) {
        const struct crawl_state *state = &crawl->states[i];
        ledger_place(ledger, "%s", state->name);
        stands_still(rig, state, ledger);
        if (journey_at_rest(&state->journey) || state->journey.asking)
            continue;
        time_to_answer(rig, state, ledger);
        time_again(rig, state, ledger);
        asks_by_sight(rig, state, ledger);
        forgets(rig, state, ledger);
    }
    ledger_place(ledger, "most used");
    three_touches(rig, ledger);
    free(crawl);
    kiosk_rig_close(rig);
    return true;
}
