/* One function per page, each taking the turn being made; see the diagram in journey.h. News of the
 * world (site, doors, link, printer) is noted first and acted on at rest; double strikes are
 * dropped before any page sees them. */
#include "journey/journey.h"

#include <stddef.h>
#include <string.h>

#include "quarter/check.h"

/* One call of journey_next: what every page's function needs. */
struct turn {
    struct journey *j;
    const struct journey_site *site;
    const struct journey_input *in;
    int64_t now;
    struct journey_step *step;
};

static void note_news(struct turn *t);
static bool is_double_strike(const struct turn *t);
static void take_touch(struct turn *t);
static void take_page(struct turn *t);
static bool take_question(struct turn *t);
static void rest(struct turn *t);
static void settle_at_rest(struct turn *t);

const char *journey_page_code(enum journey_page page)
{
    static const char *const codes[] = {
#define X(name, code) [PAGE_##name] = (code),
        JOURNEY_PAGE_LIST(X)
#undef X
    };
    CHECK(page < sizeof codes / sizeof codes[0]);
    return codes[page];
}

struct journey journey_begin(int64_t now_ms)
{
    return (struct journey){
        .page = PAGE_STARTING,
        .language = JOURNEY_DEFAULT_LANGUAGE,
        .group = -1,
        .service = -1,
        .question = -1,
        .signpost = -1,
        .reason = {-1, -1},
        .chosen = -1,
        .open = true, /* until the server says otherwise, so that a cached site can be shown */
        .disconnected_ms = now_ms,
        .active_ms = now_ms,
        .since_ms = now_ms,
        .struck_ms = now_ms - JOURNEY_DOUBLE_MS,
    };
}

struct journey_step journey_next(const struct journey *journey, const struct journey_site *site,
                                 const struct journey_input *input, int64_t now_ms)
{
    struct journey_step step = {.journey = *journey};
    struct turn turn = {&step.journey, site, input, now_ms, &step};
    note_news(&turn);
    if (input->kind == INPUT_TOUCH)
        take_touch(&turn);
    else
        take_page(&turn);
    settle_at_rest(&turn);
    return step;
}

bool journey_at_rest(const struct journey *journey)
{
    return journey->page == PAGE_STARTING || journey->page == PAGE_WELCOME ||
           journey->page == PAGE_CLOSED ||
           (journey->page == PAGE_LANGUAGES && journey->under == PAGE_CLOSED);
}

int journey_seconds_left(const struct journey *journey, int64_t now_ms)
{
    int64_t left = journey->asked_ms + JOURNEY_ASK_MS - now_ms;
    return left < 0 ? 0 : (int)((left + 999) / 1000);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t page_wake_ms(const struct journey *j)
{
    switch (j->page) {
    case PAGE_STARTING: return INT64_MAX;
    case PAGE_WELCOME: return j->text_size > 0 ? j->active_ms + JOURNEY_IDLE_MS : INT64_MAX;
    case PAGE_CLOSED:
        return j->text_size > 0 || j->language != JOURNEY_DEFAULT_LANGUAGE
                   ? j->active_ms + JOURNEY_IDLE_MS
                   : INT64_MAX;
    case PAGE_GETTING: return j->since_ms + (j->slow ? JOURNEY_GIVE_UP_MS : JOURNEY_SLOW_MS);
    case PAGE_DONE:
        return j->job == JOB_PRINTING ? earlier(j->leave_ms, j->since_ms + JOURNEY_PAPER_SLOW_MS)
                                      : j->leave_ms;
    case PAGE_SERVICES:
    case PAGE_GROUP:
    case PAGE_SEARCH:
    case PAGE_QUESTION:
    case PAGE_SIGNPOST:
    case PAGE_EASE:
    case PAGE_NEEDS:
    case PAGE_LANGUAGES:
    case PAGE_READY:
    case PAGE_PROBLEM:
        return j->asking ? j->asked_ms + JOURNEY_ASK_MS : j->active_ms + JOURNEY_IDLE_MS;
    }
    return INT64_MAX;
}

int64_t journey_wake_ms(const struct journey *journey)
{
    int64_t wake = page_wake_ms(journey);
    if (!journey->connected && !journey->offline)
        wake = earlier(wake, journey->disconnected_ms + JOURNEY_OFFLINE_TOLD_MS);
    return wake;
}

/* News that holds whatever page is shown. */
static void note_news(struct turn *t)
{
    struct journey *j = t->j;
    switch (t->in->kind) {
    case INPUT_SITE: j->site_waiting = true; break;
    case INPUT_DOORS: j->open = t->in->open; break;
    case INPUT_ONLINE:
        j->connected = true;
        j->offline = false;
        break;
    case INPUT_OFFLINE:
        if (j->connected)
            j->disconnected_ms = t->now;
        j->connected = false;
        break;
    case INPUT_PAPER: j->paper = t->in->paper; break;
    case INPUT_TICK:
    case INPUT_TOUCH:
    case INPUT_KEY:
    case INPUT_SCAN:
    case INPUT_HEADSET:
    case INPUT_SPEAKING:
    case INPUT_HELP:
    case INPUT_TICKET:
    case INPUT_REFUSED:
    case INPUT_JOB: break;
    }
    if (!j->connected && t->now - j->disconnected_ms >= JOURNEY_OFFLINE_TOLD_MS)
        j->offline = true;
}

/* A finger that bounces, or hits again before the eye has read the new page. The same thing twice
 * never counts, nor does anything on a page that came under the finger; two different buttons of
 * one page do. */
static bool is_double_strike(const struct turn *t)
{
    const struct journey *j = t->j;
    if (t->now - j->struck_ms >= JOURNEY_DOUBLE_MS)
        return false;
    bool same = t->in->action == j->struck_action && t->in->item == j->struck_item;
    return same || j->page != j->struck_page || j->asking != j->struck_asking;
}

static void take_touch(struct turn *t)
{
    struct journey *j = t->j;
    j->active_ms = t->now;
    if (t->in->action == ACTION_NONE) {
        take_page(t);
        return;
    }
    if (is_double_strike(t))
        return;
    j->struck_ms = t->now;
    j->struck_action = t->in->action;
    j->struck_item = t->in->item;
    j->struck_page = j->page;
    j->struck_asking = j->asking;
    take_page(t);
}

static void enter(struct turn *t, enum journey_page page)
{
    t->j->page = page;
    t->j->since_ms = t->now;
    t->j->active_ms = t->now;
    t->j->asking = false;
}

/* Forgets the visit; the next visitor finds nothing of it. */
static void rest(struct turn *t)
{
    struct journey *j = t->j;
    enter(t, j->site_known ? PAGE_WELCOME : PAGE_STARTING);
    j->text_size = 0;
    j->language = JOURNEY_DEFAULT_LANGUAGE;
    j->group = -1;
    j->service = -1;
    j->needs = 0;
    j->key[0] = '\0';
    j->slow = false;
    j->problem = PROBLEM_NONE;
    j->ticket = (struct journey_ticket){0};
    j->job = JOB_NONE;
}

/* Only here do the site and the doors change the page. */
static void settle_at_rest(struct turn *t)
{
    struct journey *j = t->j;
    if (!journey_at_rest(j))
        return;
    if (j->site_waiting) {
        j->site_waiting = false;
        j->site_known = true;
        t->step->effects |= EFFECT_ADOPT_SITE;
        rest(t);
    }
    if (j->page == PAGE_WELCOME && !j->open)
        enter(t, PAGE_CLOSED);
    else if (j->page != PAGE_STARTING && j->page != PAGE_WELCOME && j->open)
        rest(t);
}

/* ---- what several pages share ------------------------------------------------------------------- */

static bool touched(const struct turn *t, enum journey_action action)
{
    return t->in->kind == INPUT_TOUCH && t->in->action == action;
}

static bool touched_one_of(const struct turn *t, enum journey_action action, int count)
{
    return touched(t, action) && t->in->item >= 0 && t->in->item < count;
}

static bool take_text_size(struct turn *t)
{
    if (!touched(t, ACTION_TEXT_SIZE))
        return false;
    t->j->text_size = t->j->text_size == 0;
    return true;
}

static bool take_language_button(struct turn *t)
{
    if (!touched(t, ACTION_LANGUAGE))
        return false;
    t->j->under = t->j->page;
    enter(t, PAGE_LANGUAGES);
    return true;
}

/* Answers for an older key (given up, of an earlier visit) are not for whoever stands here now. */
static bool is_for_this_visit(const struct turn *t)
{
    return t->j->key[0] != '\0' && strcmp(t->in->key, t->j->key) == 0;
}

static void end_visit(struct turn *t)
{
    bool may_be_out = (t->j->page == PAGE_PROBLEM && t->j->problem == PROBLEM_UNREACHABLE) ||
                      (t->j->page == PAGE_LANGUAGES && t->j->under == PAGE_PROBLEM &&
                       t->j->problem == PROBLEM_UNREACHABLE);
    if (may_be_out) {
        t->step->effects |= EFFECT_CANCEL;
        memcpy(t->step->cancel_key, t->j->key, sizeof t->step->cancel_key);
    }
    rest(t);
}

/* Idle: first the question over the page, then the end of the visit. True when it took the turn. */
static bool take_question(struct turn *t)
{
    struct journey *j = t->j;
    if (j->asking) {
        if (touched(t, ACTION_START_AGAIN) ||
            (t->in->kind != INPUT_TOUCH && t->now - j->asked_ms >= JOURNEY_ASK_MS))
            end_visit(t);
        else if (t->in->kind == INPUT_TOUCH)
            j->asking = false; /* any other touch says that somebody is there */
        return true;
    }
    if (t->in->kind != INPUT_TOUCH && t->now - j->active_ms >= JOURNEY_IDLE_MS) {
        j->asking = true;
        j->asked_ms = t->now;
        return true;
    }
    return false;
}

/* The visit's one key is made here and nowhere else. */
static void enter_ready(struct turn *t, int service)
{
    CHECK(strlen(t->in->fresh_key) >= QUARTER_KEY_MIN);
    t->j->service = service;
    memcpy(t->j->key, t->in->fresh_key, sizeof t->j->key);
    enter(t, PAGE_READY);
}

static void enter_done(struct turn *t)
{
    struct journey *j = t->j;
    j->ticket = t->in->ticket;
    j->slow = false;
    j->problem = PROBLEM_NONE;
    switch (j->paper) {
    case PAPER_NO_PRINTER: j->job = JOB_NONE; break;
    case PAPER_OUT:
    case PAPER_JAM:
    case PAPER_OPEN:
    case PAPER_GONE: j->job = JOB_FAILED; break;
    case PAPER_READY:
    case PAPER_LOW:
    case PAPER_UNKNOWN:
        j->job = JOB_PRINTING;
        t->step->effects |= EFFECT_PRINT;
        break;
    }
    enter(t, PAGE_DONE);
    j->leave_ms = t->now + JOURNEY_DONE_MS;
}

static void enter_problem(struct turn *t, enum journey_problem problem)
{
    t->j->problem = problem;
    t->j->slow = false;
    enter(t, PAGE_PROBLEM);
}

/* The answer to the request that is out, on whatever page the visitor waits for it. */
static bool take_answer(struct turn *t)
{
    if (t->in->kind != INPUT_TICKET && t->in->kind != INPUT_REFUSED)
        return false;
    if (!is_for_this_visit(t))
        return true;
    if (t->in->kind == INPUT_TICKET)
        enter_done(t);
    else
        enter_problem(t, t->in->problem);
    return true;
}

/* ---- one function per page ---------------------------------------------------------------------- */

static void at_welcome(struct turn *t)
{
    struct journey *j = t->j;
    if (take_text_size(t))
        return;
    if (touched_one_of(t, ACTION_CHOOSE_LANGUAGE, t->site->languages)) {
        j->language = t->in->item;
        enter(t, PAGE_SERVICES);
    } else if (j->text_size > 0 && t->now - j->active_ms >= JOURNEY_IDLE_MS) {
        rest(t);
    }
}

static void at_closed(struct turn *t)
{
    if (take_text_size(t) || take_language_button(t))
        return;
    if (t->now - t->j->active_ms >= JOURNEY_IDLE_MS)
        rest(t);
}

static void at_services(struct turn *t)
{
    struct journey *j = t->j;
    if (take_question(t) || take_text_size(t) || take_language_button(t))
        return;
    if (touched(t, ACTION_BACK)) {
        rest(t);
    } else if (touched(t, ACTION_NOT_SURE) && t->site->not_sure >= 0) {
        j->group = -1;
        enter_ready(t, t->site->not_sure);
    } else if (touched_one_of(t, ACTION_CHOOSE_GROUP, t->site->groups)) {
        j->group = t->in->item;
        if (t->site->group[j->group].services == 1)
            enter_ready(t, t->site->group[j->group].service[0]);
        else
            enter(t, PAGE_GROUP);
    }
}

static bool group_has(const struct journey_site *site, int group, int service)
{
    for (int i = 0; i < site->group[group].services; i++)
        if (site->group[group].service[i] == service)
            return true;
    return false;
}

static void at_group(struct turn *t)
{
    if (take_question(t) || take_text_size(t) || take_language_button(t))
        return;
    if (touched(t, ACTION_BACK))
        enter(t, PAGE_SERVICES);
    else if (touched(t, ACTION_CHOOSE_SERVICE) && group_has(t->site, t->j->group, t->in->item))
        enter_ready(t, t->in->item);
}

static void at_languages(struct turn *t)
{
    struct journey *j = t->j;
    bool waiting = j->under == PAGE_PROBLEM && j->problem == PROBLEM_UNREACHABLE;
    if (waiting && take_answer(t))
        return;
    if (take_question(t) || take_text_size(t))
        return;
    if (touched_one_of(t, ACTION_CHOOSE_LANGUAGE, t->site->languages)) {
        j->language = t->in->item;
        enter(t, j->under);
    } else if (touched(t, ACTION_BACK)) {
        enter(t, j->under);
    }
}

static void leave_ready(struct turn *t)
{
    struct journey *j = t->j;
    bool from_group = j->group >= 0 && t->site->group[j->group].services > 1;
    j->key[0] = '\0';
    j->service = -1;
    enter(t, from_group ? PAGE_GROUP : PAGE_SERVICES);
}

static void at_ready(struct turn *t)
{
    struct journey *j = t->j;
    if (take_question(t) || take_text_size(t) || take_language_button(t))
        return;
    if (touched(t, ACTION_BACK)) {
        leave_ready(t);
    } else if (touched_one_of(t, ACTION_TOGGLE_NEED, t->site->needs)) {
        j->needs ^= UINT32_C(1) << t->in->item;
    } else if (touched(t, ACTION_GET_TICKET)) {
        t->step->effects |= EFFECT_ISSUE;
        enter(t, PAGE_GETTING);
    }
}

static void at_getting(struct turn *t)
{
    struct journey *j = t->j;
    if (take_text_size(t) || take_answer(t))
        return;
    if (t->now - j->since_ms >= JOURNEY_GIVE_UP_MS)
        enter_problem(t, PROBLEM_UNREACHABLE);
    else if (t->now - j->since_ms >= JOURNEY_SLOW_MS)
        j->slow = true;
}

static void take_job(struct turn *t)
{
    struct journey *j = t->j;
    if (strcmp(t->in->ticket.id, j->ticket.id) != 0 || t->in->job == j->job)
        return;
    j->job = t->in->job;
    if (j->job == JOB_PRINTING)
        return;
    /* What became of the paper is news that takes time to read and to act on. */
    int64_t latest = j->since_ms + 90000;
    j->leave_ms = earlier(t->now + JOURNEY_DONE_MS, latest);
}

static void at_done(struct turn *t)
{
    struct journey *j = t->j;
    if (t->in->kind == INPUT_TOUCH && !touched(t, ACTION_FINISHED))
        j->leave_ms = t->now + JOURNEY_DONE_MS;
    if (take_text_size(t))
        return;
    if (t->in->kind == INPUT_JOB)
        take_job(t);
    else if (j->job == JOB_PRINTING && t->now - j->since_ms >= JOURNEY_PAPER_SLOW_MS)
        j->job = JOB_UNKNOWN;
    if (touched(t, ACTION_FINISHED) || t->now >= j->leave_ms)
        rest(t);
}

static void at_problem(struct turn *t)
{
    struct journey *j = t->j;
    bool waiting = j->problem == PROBLEM_UNREACHABLE;
    if (waiting && take_answer(t))
        return;
    if (take_question(t) || take_text_size(t) || take_language_button(t))
        return;
    if (touched(t, ACTION_START_AGAIN)) {
        end_visit(t);
    } else if (waiting && touched(t, ACTION_KEEP_TRYING)) {
        j->problem = PROBLEM_NONE;
        enter(t, PAGE_GETTING); /* the request never stopped: nothing is asked twice */
        j->slow = true;
    } else if (!waiting && touched(t, ACTION_BACK)) {
        j->problem = PROBLEM_NONE;
        j->key[0] = '\0';
        j->service = -1;
        enter(t, PAGE_SERVICES);
    }
}

static void take_page(struct turn *t)
{
    switch (t->j->page) {
    case PAGE_STARTING:
    case PAGE_SEARCH:
    case PAGE_QUESTION:
    case PAGE_SIGNPOST:
    case PAGE_EASE:
    case PAGE_NEEDS: break;
    case PAGE_WELCOME: at_welcome(t); break;
    case PAGE_CLOSED: at_closed(t); break;
    case PAGE_SERVICES: at_services(t); break;
    case PAGE_GROUP: at_group(t); break;
    case PAGE_LANGUAGES: at_languages(t); break;
    case PAGE_READY: at_ready(t); break;
    case PAGE_GETTING: at_getting(t); break;
    case PAGE_DONE: at_done(t); break;
    case PAGE_PROBLEM: at_problem(t); break;
    }
}

bool journey_paper_prints(enum journey_paper paper)
{
    return paper == PAPER_READY || paper == PAPER_LOW || paper == PAPER_UNKNOWN;
}

bool journey_offers(const struct journey *journey, enum journey_action action)
{
    return (journey->offers >> action & 1) != 0;
}
