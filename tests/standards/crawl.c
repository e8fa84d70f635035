/* See crawl.h. Breadth first. Two pages are the same when the same elements are on them in the same states, whatever is
 * written there; of those the one with most words is kept. */
#include "crawl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { KEYBOARDS = 3 };   /* of a language, at most: its script, Latin, figures */
enum { PAUSE_MS = 1500 }; /* between touches: no double strike */

static const struct look plain_look = {0, THEME_LIGHT, 0, 0, false};

/* ---- pages -------------------------------------------------------------------------------------------------------- */

static uint64_t mixed(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

/* What a search found differs with every letter, and so does what stands on a key. Whether a button is greyed makes
 * another page only where that is all that changes. */
static uint64_t element_hash(const struct ui_element *element, enum journey_page page)
{
    static const char *const alike[] = {"found-", "key-"};
    const bool off = element->disabled && (page == PAGE_READY || page == PAGE_DONE) &&
                     !gates_is_bar(element->id);
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
        if (strncmp(element->id, alike[i], strlen(alike[i])) == 0)
            return 0;
    return mixed(mixed(UINT64_C(14695981039346656037), element->id), off ? " off" : " on");
}

static uint64_t signature_of(const struct ui *ui, const struct journey *journey)
{
    char where[96];
    uint64_t sum = 0;
    const bool over = journey->page == PAGE_LANGUAGES || journey->page == PAGE_EASE;
    const bool resting = over && (journey->under == PAGE_WELCOME || journey->under == PAGE_CLOSED);
    for (size_t i = 0; i < ui_count(ui); i++)
        sum += element_hash(ui_element(ui, i), journey->page); /* in any order */
    snprintf(where, sizeof where, "%s %d %d %d %d", ui_page(ui)->name,
             journey->page == PAGE_QUESTION && !journey->asking ? journey->question : 0,
             journey->page == PAGE_SIGNPOST && !journey->asking ? journey->signpost : 0, resting,
             journey->page == PAGE_SEARCH ? journey->keyboard % KEYBOARDS : 0);
    return mixed(sum, where);
}

static size_t words_of(const struct ui *ui)
{
    size_t bytes = 0;
    for (size_t i = 0; i < ui_count(ui); i++) {
        const struct ui_element *element = ui_element(ui, i);
        bytes += element->text != NULL ? strlen(element->text) : 0;
        bytes += element->detail != NULL ? strlen(element->detail) : 0;
    }
    return bytes;
}

static void name_state(const struct crawl *crawl, struct crawl_state *state, const char *page)
{
    int same = 1;
    for (int i = 0; i < crawl->count; i++)
        same += strcmp(kiosk_view_page(&crawl->states[i].journey), page) == 0;
    if (same == 1)
        snprintf(state->name, sizeof state->name, "%s", page);
    else
        snprintf(state->name, sizeof state->name, "%s-%d", page, same);
}

/* What can happen on any page alike is looked at on one page of each kind, one thing at a time; the rest is left to the
 * random tests of the journey. */
static bool is_odd(const struct journey *journey)
{
    const enum journey_page page = journey->page;
    const bool shows_it = page == PAGE_SERVICES || page == PAGE_READY || page == PAGE_DONE ||
                          (page == PAGE_QUESTION && journey->question == 0) ||
                          (page == PAGE_SIGNPOST && journey->signpost == 0);
    if (page == PAGE_STARTING)
        return false;
    const int odd = (journey->help != HELP_NONE) + (journey->paper != PAPER_READY) +
                    (journey->offline && !journey_at_rest(journey)) +
                    (journey->notice != NOTICE_NONE) + journey->asking;
    return odd > 1 || (odd == 1 && !shows_it && !journey->asking);
}

/* The state's index, new or known; -1: not to be followed. */
static int meet(struct crawl *crawl, const struct journey *journey, int64_t now_ms, int from,
                const char *via, bool touched)
{
    struct kiosk_rig *rig = crawl->rig;
    if (is_odd(journey))
        return -1;
    (void)kiosk_rig_lay(rig, journey, &plain_look, NULL, now_ms);
    const uint64_t signature = signature_of(rig->ui, journey);
    const size_t words = words_of(rig->ui);
    int index = 0;
    while (index < crawl->count && crawl->states[index].signature != signature)
        index++;
    struct crawl_state *state = &crawl->states[index];
    if (index == crawl->count) {
        CHECK(crawl->count < CRAWL_STATES_MAX);
        *state = (struct crawl_state){.journey = *journey,
                                      .now_ms = now_ms,
                                      .signature = signature,
                                      .words = words,
                                      .from = from,
                                      .touches = from < 0 ? 0 : -1};
        snprintf(state->via, sizeof state->via, "%s", via);
        name_state(crawl, state, ui_page(rig->ui)->name);
        crawl->count++;
    } else if (words > state->words && journey->typed[0] == '\0' && journey->sheet == 0 &&
               journey->keyboard % KEYBOARDS == state->journey.keyboard % KEYBOARDS) {
        /* but not a full field, which takes no keys */
        state->journey = *journey;
        state->now_ms = now_ms;
        state->words = words;
    }
    const bool waiting = from >= 0 && crawl->states[from].journey.page == PAGE_GETTING;
    if (waiting && !touched) { /* nothing is to be done there but wait, and that ends within 30 s */
        crawl->edges[crawl->edge_count].from = from;
        crawl->edges[crawl->edge_count++].to = index;
    }
    if (touched && from >= 0) {
        const int touches = crawl->states[from].touches + 1;
        if (crawl->states[from].touches >= 0 && (state->touches < 0 || touches < state->touches))
            state->touches = touches;
        CHECK(crawl->edge_count < CRAWL_EDGES_MAX);
        crawl->edges[crawl->edge_count].from = from;
        crawl->edges[crawl->edge_count++].to = index;
    }
    return index;
}

/* ---- touches ------------------------------------------------------------------------------------------------------ */

/* All but when it happened. */
static bool is_same(struct journey a, struct journey b)
{
    a.active_ms = b.active_ms;
    a.since_ms = b.since_ms;
    a.asked_ms = b.asked_ms;
    a.struck_ms = b.struck_ms;
    a.struck_action = b.struck_action;
    a.struck_item = b.struck_item;
    a.struck_page = b.struck_page;
    a.struck_at = b.struck_at;
    a.struck_asking = b.struck_asking;
    return memcmp(&a, &b, sizeof a) == 0;
}

static void touch(struct crawl *crawl, struct ledger *ledger, int from, const char *id)
{
    const struct crawl_state state = crawl->states[from];
    const struct journey_input input = kiosk_rig_touch(crawl->rig, &state.journey, id);
    ledger_hold(ledger, GATE_ONE_FINGER, input.action != ACTION_NONE, "touching %s means nothing",
                id);
    if (input.action == ACTION_NONE)
        return;
    const int64_t now_ms = state.now_ms + PAUSE_MS;
    const struct journey_step step = kiosk_rig_next(crawl->rig, &state.journey, &input, now_ms);
    const bool nothing_typed = input.action == ACTION_TYPE && state.journey.typed[0] == '\0';
    const bool chosen_already = input.action == ACTION_TEXT_SIZE || nothing_typed;
    ledger_hold(ledger, GATE_ONE_FINGER,
                step.effects != 0 || !is_same(step.journey, state.journey) || chosen_already,
                "touching %s changes nothing", id);
    struct journey after = step.journey;
    after.language = state.journey.language; /* languages are looked at one by one elsewhere */
    if (is_odd(&after)) {                    /* where it leads does not hang on that */
        after.help = HELP_NONE;
        after.paper = PAPER_READY;
        after.notice = NOTICE_NONE;
        after.offline = false;
    }
    (void)meet(crawl, &after, now_ms, from, id, true);
}

/* On a large screen and on the smallest with the largest text: there some buttons lead to a page of their own what
 * elsewhere has room. */
static void touch_everything(struct crawl *crawl, struct ledger *ledger, int from)
{
    static const struct look looks[] = {{0, THEME_LIGHT, 0, 0, false},
                                        {0, THEME_LIGHT, 2, 2, false}};
    static char ids[2 * UI_ELEMENTS_MAX][CRAWL_VIA_BYTES];
    int count = 0;
    const struct crawl_state *state = &crawl->states[from];
    for (size_t l = 0; l < sizeof looks / sizeof looks[0]; l++) {
        const struct ui *ui = crawl->rig->ui;
        (void)kiosk_rig_lay(crawl->rig, &state->journey, &looks[l], NULL, state->now_ms);
        for (size_t i = 0; i < ui_count(ui); i++) {
            const struct ui_element *element = ui_element(ui, i);
            int k = 0;
            while (k < count && strcmp(ids[k], element->id) != 0)
                k++;
            if (element->role == UI_BUTTON && !element->disabled && k == count)
                snprintf(ids[count++], CRAWL_VIA_BYTES, "%s", element->id);
        }
    }
    ledger_place(ledger, "%s", state->name);
    for (int i = 0; i < count; i++)
        touch(crawl, ledger, from, ids[i]);
}

/* ---- what happens ------------------------------------------------------------------------------------------------- */

static void happens(struct crawl *crawl, int from, const struct journey_input *input, int after_ms,
                    const char *what)
{
    const struct crawl_state state = crawl->states[from];
    const int64_t now_ms = state.now_ms + after_ms;
    const struct journey_step step = kiosk_rig_next(crawl->rig, &state.journey, input, now_ms);
    (void)meet(crawl, &step.journey, now_ms, from, what, false);
}

static void happens_while_getting(struct crawl *crawl, int from)
{
    const struct journey journey = crawl->states[from].journey;
    const struct journey_input tick = {.kind = INPUT_TICK};
    for (int full = 0; full < 2; full++) {
        const struct journey_input ticket = kiosk_rig_ticket(&journey, full);
        happens(crawl, from, &ticket, 500, "a ticket");
    }
    for (int problem = PROBLEM_CLOSED; problem <= PROBLEM_REFUSED; problem++) {
        struct journey_input refused = {.kind = INPUT_REFUSED,
                                        .problem = (enum journey_problem)problem};
        memcpy(refused.key, journey.key, sizeof refused.key);
        happens(crawl, from, &refused, 500, "a refusal");
    }
    happens(crawl, from, &tick, JOURNEY_SLOW_MS, "slowness");
    happens(crawl, from, &tick, JOURNEY_GIVE_UP_MS, "no answer");
}

static void happens_to_paper(struct crawl *crawl, int from)
{
    for (int paper = PAPER_NO_PRINTER; paper <= PAPER_GONE; paper++) {
        const struct journey_input input = {.kind = INPUT_PAPER,
                                            .paper = (enum journey_paper)paper};
        happens(crawl, from, &input, 100, "news of the paper");
    }
}

static void happens_to_slip(struct crawl *crawl, int from)
{
    const struct journey *journey = &crawl->states[from].journey;
    for (int job = JOB_PRINTED; job <= JOB_UNKNOWN; job++) {
        struct journey_input input = {.kind = INPUT_JOB, .job = (enum journey_job)job};
        memcpy(input.ticket.id, journey->slip, sizeof input.ticket.id);
        happens(crawl, from, &input, 500, "news of the slip");
    }
}

static void happens_to_help(struct crawl *crawl, int from)
{
    static const enum journey_help states[] = {HELP_CALLED, HELP_ANSWERED, HELP_FAILED};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const struct journey_input input = {.kind = INPUT_HELP, .help = states[i]};
        happens(crawl, from, &input, 500, "news of help");
    }
}

static void happens_anywhere(struct crawl *crawl, int from)
{
    const struct journey journey = crawl->states[from].journey;
    const struct journey_input tick = {.kind = INPUT_TICK};
    const int64_t wake_ms = journey_wake_ms(&journey);
    if (wake_ms != INT64_MAX && wake_ms > crawl->states[from].now_ms)
        happens(crawl, from, &tick, (int)(wake_ms - crawl->states[from].now_ms), "time passing");
    if (!journey_at_rest(&journey) && !journey.asking)
        happens(crawl, from, &tick, JOURNEY_IDLE_MS + 1, "nobody touching anything");
    const struct journey_input scan = {
        .kind = INPUT_SCAN, .item = -1, .text = "4006381333931", .fresh_key = "abcdefghijklmnop"};
    if (journey.page == PAGE_SERVICES || journey.page == PAGE_WELCOME)
        happens(crawl, from, &scan, PAUSE_MS, "an unknown code");
    const struct journey_input headset = {.kind = INPUT_HEADSET, .headset = true};
    if (journey.page == PAGE_SERVICES)
        happens(crawl, from, &headset, PAUSE_MS, "a headset");
}

static void happens_to_the_house(struct crawl *crawl, int from)
{
    const struct journey journey = crawl->states[from].journey;
    const struct journey_input away = {.kind = INPUT_OFFLINE};
    const struct journey_input tick = {.kind = INPUT_TICK};
    const struct journey_input closed = {.kind = INPUT_DOORS, .open = false};
    if (journey_at_rest(&journey))
        happens(crawl, from, &closed, 100, "closing time");
    if (journey.offline || (!journey_at_rest(&journey) && journey.page != PAGE_READY))
        return;
    const struct crawl_state state = crawl->states[from];
    const struct journey_step step =
        kiosk_rig_next(crawl->rig, &state.journey, &away, state.now_ms + 1);
    const int64_t now_ms = state.now_ms + 2 + JOURNEY_OFFLINE_TOLD_MS;
    const struct journey_step told = kiosk_rig_next(crawl->rig, &step.journey, &tick, now_ms);
    (void)meet(crawl, &told.journey, now_ms, from, "the server being away", false);
}

static void let_happen(struct crawl *crawl, int from)
{
    const struct journey journey = crawl->states[from].journey;
    happens_anywhere(crawl, from);
    if (journey.page == PAGE_GETTING && !journey.asking)
        happens_while_getting(crawl, from);
    if ((journey.page == PAGE_READY || journey.page == PAGE_SIGNPOST) && !journey.asking)
        happens_to_paper(crawl, from);
    if ((journey.page == PAGE_DONE || journey.page == PAGE_SIGNPOST) && journey.job != JOB_NONE)
        happens_to_slip(crawl, from);
    if (journey.help == HELP_CALLING || journey.help == HELP_CALLED)
        happens_to_help(crawl, from);
    happens_to_the_house(crawl, from);
}

/* ---- ways out ----------------------------------------------------------------------------------------------------- */

static void find_ways_home(struct crawl *crawl)
{
    bool changed = true;
    for (int i = 0; i < crawl->count; i++)
        crawl->states[i].leads_home = journey_at_rest(&crawl->states[i].journey);
    while (changed) {
        changed = false;
        for (int i = 0; i < crawl->edge_count; i++) {
            struct crawl_state *from = &crawl->states[crawl->edges[i].from];
            const struct crawl_state *to = &crawl->states[crawl->edges[i].to];
            const bool elsewhere = from->journey.page != to->journey.page ||
                                   from->journey.asking != to->journey.asking ||
                                   from->journey.question != to->journey.question;
            from->leads_on |= elsewhere;
            if (to->leads_home && !from->leads_home)
                changed = from->leads_home = true;
        }
    }
}

static void judge_ways(const struct crawl *crawl, struct ledger *ledger)
{
    bool reached[PAGE_PROBLEM + 1] = {false};
    for (int i = 0; i < crawl->count; i++) {
        const struct crawl_state *state = &crawl->states[i];
        const enum journey_page page = state->journey.page;
        reached[page] = true;
        ledger_place(ledger, "%s (first met after %s)", state->name, state->via);
        if (page == PAGE_STARTING || page == PAGE_CLOSED)
            continue; /* nobody is here, and nothing can be done */
        ledger_hold(ledger, GATE_WAY_OUT, state->leads_home, "no touches lead back to the start");
        ledger_hold(ledger, GATE_WAY_OUT, state->leads_on, "no touch leads to another page");
    }
    ledger_place(ledger, "pages");
    for (int page = 0; page <= PAGE_PROBLEM; page++)
        ledger_hold(ledger, GATE_ONE_FINGER, reached[page], "%s is never reached",
                    journey_page_code((enum journey_page)page));
}

struct crawl *crawl_site(struct kiosk_rig *rig, struct ledger *ledger)
{
    struct crawl *crawl = calloc(1, sizeof *crawl);
    CHECK(crawl != NULL);
    crawl->rig = rig;
    const int64_t start_ms = 1000000;
    const struct journey rest = kiosk_rig_begin(rig, start_ms);
    const struct journey starting = journey_begin(start_ms);
    (void)meet(crawl, &rest, start_ms, -1, "nothing", true);
    (void)meet(crawl, &starting, start_ms, -1, "nothing", true);
    for (int i = 0; i < crawl->count; i++) {
        touch_everything(crawl, ledger, i);
        let_happen(crawl, i);
    }
    find_ways_home(crawl);
    judge_ways(crawl, ledger);
    return crawl;
}
