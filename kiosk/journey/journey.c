/* The turn as a whole: news of the world (site, doors, link, printer, help) is noted first and acted
 * on at rest; double strikes are dropped before any page sees them; then the page shown answers.
 * See the diagram in journey.h, and turn.h for where the pages are. */
#include "journey/journey.h"

#include <stddef.h>
#include <string.h>

#include "journey/turn.h"
#include "quarter/check.h"

static void note_news(struct turn *t);
static void note_time(struct turn *t);
static void take_touch(struct turn *t);
static void take_key(struct turn *t);
static void take_scan(struct turn *t);
static void take_page(struct turn *t);
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
        .help_ms = now_ms - JOURNEY_HELP_STALE_MS,
        .struck_ms = now_ms - JOURNEY_DOUBLE_MS,
    };
}

struct journey_step journey_next(const struct journey *journey, const struct journey_site *site,
                                 const struct journey_input *input, int64_t now_ms)
{
    struct journey_step step = {.journey = *journey};
    struct turn turn = {&step.journey, site, input, now_ms, &step};
    note_news(&turn);
    note_time(&turn);
    if (input->kind == INPUT_TOUCH)
        take_touch(&turn);
    else if (input->kind == INPUT_KEY)
        take_key(&turn);
    else if (input->kind == INPUT_SCAN)
        take_scan(&turn);
    else
        take_page(&turn);
    settle_at_rest(&turn);
    journey_derive(&step.journey, site);
    return step;
}

/* Somebody made the screen their own, or is being told something: not to be swept away. */
static bool is_somebodys(const struct journey *j)
{
    return j->text_size > 0 || j->contrast || j->low_reach || j->listening || j->keypad ||
           j->silenced || j->language != JOURNEY_DEFAULT_LANGUAGE || j->notice != NOTICE_NONE ||
           j->help == HELP_FAILED;
}

bool journey_at_rest(const struct journey *journey)
{
    return journey->page == PAGE_STARTING ||
           ((journey->page == PAGE_WELCOME || journey->page == PAGE_CLOSED) &&
            !is_somebodys(journey));
}

static int64_t ask_ms(const struct journey *j)
{
    return j->listening || j->keypad ? JOURNEY_ASK_HEARD_MS : JOURNEY_ASK_MS;
}

int journey_seconds_left(const struct journey *journey, int64_t now_ms)
{
    int64_t left = journey->asked_ms + ask_ms(journey) - now_ms;
    return left < 0 ? 0 : (int)((left + 999) / 1000);
}

bool journey_paper_prints(enum journey_paper paper)
{
    return paper == PAPER_READY || paper == PAPER_LOW || paper == PAPER_UNKNOWN;
}

bool journey_offers(const struct journey *journey, enum journey_action action)
{
    return (journey->offers >> action & 1) != 0;
}

/* ---- time --------------------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t idle_ms(const struct journey *j)
{
    if (j->help == HELP_CALLING || j->help == HELP_CALLED || j->help == HELP_ANSWERED)
        return JOURNEY_HELP_IDLE_MS;
    return j->page == PAGE_DONE ? JOURNEY_DONE_MS : JOURNEY_IDLE_MS;
}

static int64_t page_wake_ms(const struct journey *j)
{
    switch (j->page) {
    case PAGE_STARTING: return INT64_MAX;
    case PAGE_WELCOME:
    case PAGE_CLOSED: return is_somebodys(j) ? j->active_ms + JOURNEY_IDLE_MS : INT64_MAX;
    case PAGE_GETTING: return j->since_ms + (j->slow ? JOURNEY_GIVE_UP_MS : JOURNEY_SLOW_MS);
    case PAGE_SERVICES:
    case PAGE_GROUP:
    case PAGE_SEARCH:
    case PAGE_QUESTION:
    case PAGE_SIGNPOST:
    case PAGE_LANGUAGES:
    case PAGE_EASE:
    case PAGE_READY:
    case PAGE_NEEDS:
    case PAGE_DONE:
    case PAGE_PROBLEM: return j->asking ? j->asked_ms + ask_ms(j) : j->active_ms + idle_ms(j);
    }
    return INT64_MAX;
}

int64_t journey_wake_ms(const struct journey *journey)
{
    int64_t wake = page_wake_ms(journey);
    if (!journey->connected && !journey->offline)
        wake = earlier(wake, journey->disconnected_ms + JOURNEY_OFFLINE_TOLD_MS);
    if (journey->job == JOB_PRINTING)
        wake = earlier(wake, journey->print_ms + JOURNEY_PAPER_SLOW_MS);
    if (journey->help == HELP_CALLING)
        wake = earlier(wake, journey->help_ms + JOURNEY_HELP_FAIL_MS);
    return wake;
}

/* What time alone does, whatever page is shown. */
static void note_time(struct turn *t)
{
    struct journey *j = t->j;
    if (!j->connected && t->now - j->disconnected_ms >= JOURNEY_OFFLINE_TOLD_MS)
        j->offline = true;
    if (j->job == JOB_PRINTING && t->now - j->print_ms >= JOURNEY_PAPER_SLOW_MS)
        j->job = JOB_UNKNOWN;
    if (j->help == HELP_CALLING && t->now - j->help_ms >= JOURNEY_HELP_FAIL_MS) {
        j->help = HELP_FAILED;
        j->active_ms = t->now; /* to be read */
    }
}

/* ---- news of the world ---------------------------------------------------------------------------- */

/* The board may be older than the touch that called or cancelled. */
static void note_help(struct turn *t)
{
    struct journey *j = t->j;
    bool fresh = t->now - j->help_ms < JOURNEY_HELP_STALE_MS;
    switch (t->in->help) {
    case HELP_NONE:
        if (!fresh && (j->help == HELP_CALLED || j->help == HELP_ANSWERED))
            j->help = HELP_NONE;
        break;
    case HELP_CALLED:
        if (!(fresh && j->help == HELP_NONE))
            j->help = HELP_CALLED;
        break;
    case HELP_ANSWERED:
        if (!(fresh && j->help == HELP_NONE))
            j->help = HELP_ANSWERED;
        break;
    case HELP_FAILED:
        if (j->help == HELP_CALLING) {
            j->help = HELP_FAILED;
            j->active_ms = t->now;
        }
        break;
    case HELP_CALLING: break;
    }
}

/* What became of the paper is news that takes time to read and to act on. */
static void note_job(struct turn *t)
{
    struct journey *j = t->j;
    if (j->slip[0] == '\0' || strcmp(t->in->ticket.id, j->slip) != 0 || t->in->job == j->job ||
        (t->in->copy != 0 && t->in->copy != j->copy))
        return;
    j->job = t->in->job;
    if (j->job == JOB_PRINTING) {
        j->print_ms = t->now;
    } else if (t->now - j->since_ms < JOURNEY_DONE_MOST_MS) {
        j->active_ms = t->now;
        j->asking = false;
    }
}

static void note_headset(struct turn *t)
{
    struct journey *j = t->j;
    if (j->headset == t->in->headset)
        return;
    j->headset = t->in->headset;
    j->active_ms = t->now;
    j->wants_speech = false;
    if (j->headset)
        j->silenced = false;
    else
        t->step->effects |= EFFECT_HUSH; /* the rest of the sentence is for nobody else's ears */
    j->listening = j->headset && !j->speechless;
}

/* Who listened hears the rest as soon as something can speak. */
static void note_voice(struct turn *t)
{
    struct journey *j = t->j;
    j->speechless = !t->in->speaks;
    if (j->speechless)
        j->listening = false;
    else if (!journey_at_rest(j) && !j->silenced)
        j->listening = j->listening || j->headset || j->keypad || j->wants_speech;
}

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
    case INPUT_JOB: note_job(t); break;
    case INPUT_HELP: note_help(t); break;
    case INPUT_HEADSET: note_headset(t); break;
    case INPUT_VOICE: note_voice(t); break;
    case INPUT_SPEAKING:
        if (!j->asking)
            j->active_ms = t->now;
        break;
    case INPUT_TICK:
    case INPUT_TOUCH:
    case INPUT_KEY:
    case INPUT_SCAN:
    case INPUT_TICKET:
    case INPUT_REFUSED: break;
    }
}

/* ---- touches, keys, scans ------------------------------------------------------------------------- */

static void call_help(struct turn *t)
{
    t->j->help = HELP_CALLING;
    t->j->help_ms = t->now;
    t->step->effects |= EFFECT_HELP;
}

static void cancel_help(struct turn *t)
{
    t->j->help = HELP_NONE;
    t->j->help_ms = t->now;
    t->step->effects |= EFFECT_HELP_CANCEL;
}

/* What the bar and the page "Aa" do is the same on every page. */
static bool take_everywhere(struct turn *t)
{
    struct journey *j = t->j;
    switch (t->in->action) {
    case ACTION_TEXT_SIZE:
        j->text_size = t->in->item >= 0 && t->in->item < JOURNEY_TEXT_SIZES
                           ? t->in->item
                           : (j->text_size + 1) % JOURNEY_TEXT_SIZES;
        return true;
    case ACTION_CONTRAST: j->contrast = !j->contrast; return true;
    case ACTION_LOW_REACH: j->low_reach = !j->low_reach; return true;
    case ACTION_LISTEN:
        j->listening = !j->listening;
        j->wants_speech = j->listening;
        j->silenced = !j->listening;
        return true;
    case ACTION_HELP: call_help(t); return true;
    case ACTION_HELP_CANCEL: cancel_help(t); return true;
    case ACTION_MORE: j->sheet = (j->sheet + 1) % JOURNEY_SHEETS; return true;
    case ACTION_KEYBOARD: j->keyboard = (j->keyboard + 1) % JOURNEY_KEYBOARDS; return true;
    case ACTION_LANGUAGE:
    case ACTION_EASE:
        if (j->page == PAGE_LANGUAGES || j->page == PAGE_EASE)
            return false;
        j->under = j->page;
        turn_enter(t, t->in->action == ACTION_EASE ? PAGE_EASE : PAGE_LANGUAGES);
        return true;
    case ACTION_NONE:
    case ACTION_CHOOSE_LANGUAGE:
    case ACTION_CHOOSE_GROUP:
    case ACTION_CHOOSE_SERVICE:
    case ACTION_NOT_SURE:
    case ACTION_SEARCH:
    case ACTION_TYPE:
    case ACTION_CLEAR:
    case ACTION_CHOOSE_ANSWER:
    case ACTION_CONTINUE:
    case ACTION_SKIP:
    case ACTION_SEE_SOMEBODY:
    case ACTION_PRINT_SIGNPOST:
    case ACTION_NEEDS:
    case ACTION_QUESTIONS:
    case ACTION_TOGGLE_NEED:
    case ACTION_GET_TICKET:
    case ACTION_PRINT_AGAIN:
    case ACTION_BACK:
    case ACTION_KEEP_TRYING:
    case ACTION_START_AGAIN:
    case ACTION_STILL_HERE:
    case ACTION_FINISHED: break;
    }
    return false;
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
    return same || j->page != j->struck_page || j->at != j->struck_at ||
           j->asking != j->struck_asking;
}

static void note_strike(struct turn *t)
{
    struct journey *j = t->j;
    j->struck_ms = t->now;
    j->struck_action = t->in->action;
    j->struck_item = t->in->item;
    j->struck_page = j->page;
    j->struck_at = j->at;
    j->struck_asking = j->asking;
}

/* Any sign of the visitor interrupts the speech (EN 301 549, 5.1.3.5). */
static void note_visitor(struct turn *t)
{
    t->j->active_ms = t->now;
    if (t->j->listening)
        t->step->effects |= EFFECT_HUSH;
}

/* Any sign of the visitor answers "Are you still there?", and but for the bar's Listen and Help does
 * nothing else. */
static void answer_asking(struct turn *t)
{
    t->j->asking = false;
    if (turn_touched(t, ACTION_START_AGAIN))
        turn_end_visit(t);
    else if (turn_touched(t, ACTION_HELP) || turn_touched(t, ACTION_HELP_CANCEL) ||
             turn_touched(t, ACTION_LISTEN))
        (void)take_everywhere(t);
}

static void take_touch(struct turn *t)
{
    struct journey *j = t->j;
    note_visitor(t);
    if (!t->in->by_keypad)
        j->keypad = false; /* a finger needs no focus */
    j->notice = NOTICE_NONE;
    if (!journey_offers(j, t->in->action)) { /* beside everything, too: somebody is there */
        j->asking = false;
        return;
    }
    if (is_double_strike(t))
        return;
    note_strike(t);
    if (j->asking)
        answer_asking(t);
    else if (!take_everywhere(t))
        take_page(t);
}

static void take_key(struct turn *t)
{
    struct journey *j = t->j;
    note_visitor(t);
    j->notice = NOTICE_NONE;
    j->asking = false;
    if (!j->silenced && !j->speechless)
        j->listening = true;
    j->keypad = true;
}

static void scan_into_question(struct turn *t)
{
    struct journey *j = t->j;
    const struct journey_question *question = &t->site->question[j->question];
    bool number = question->kind == QUESTION_NUMBER;
    bool typed = number || question->kind == QUESTION_TEXT;
    if (!typed || !turn_type_scan(t, question->most, number))
        j->notice = NOTICE_SCAN_UNKNOWN;
}

/* A letter's code says what its reader came for. */
static void take_scan(struct turn *t)
{
    struct journey *j = t->j;
    bool bounced = t->now - j->struck_ms < JOURNEY_DOUBLE_MS;
    if (j->page == PAGE_STARTING || j->page == PAGE_CLOSED || j->page == PAGE_GETTING)
        return;
    note_visitor(t);
    if (j->asking || bounced) {
        j->asking = false;
        return;
    }
    note_strike(t);
    j->struck_action = ACTION_NONE;
    bool choosing = j->page == PAGE_WELCOME || j->page == PAGE_SERVICES || j->page == PAGE_GROUP ||
                    j->page == PAGE_SEARCH;
    j->notice = NOTICE_NONE;
    if (choosing && t->in->item >= 0 && t->in->item < t->site->services)
        turn_choose_service(t, t->in->item, j->page == PAGE_WELCOME ? PAGE_SERVICES : j->page);
    else if (j->page == PAGE_QUESTION)
        scan_into_question(t);
    else
        j->notice = NOTICE_SCAN_UNKNOWN;
}

/* Idle: first the question over the page, then the end of the visit. */
static bool take_idle(struct turn *t)
{
    struct journey *j = t->j;
    if (j->page == PAGE_STARTING || j->page == PAGE_WELCOME || j->page == PAGE_CLOSED ||
        j->page == PAGE_GETTING || t->in->kind == INPUT_TOUCH)
        return false;
    if (j->asking) {
        if (t->now - j->asked_ms >= ask_ms(j))
            turn_end_visit(t);
        /* The answer that was waited for comes all the same. */
        return !(j->asking && (t->in->kind == INPUT_TICKET || t->in->kind == INPUT_REFUSED));
    }
    if (t->now - j->active_ms < idle_ms(j))
        return false;
    j->asking = true;
    j->asked_ms = t->now;
    return !(t->in->kind == INPUT_TICKET || t->in->kind == INPUT_REFUSED);
}

static void take_page(struct turn *t)
{
    if (take_idle(t))
        return;
    switch (t->j->page) {
    case PAGE_STARTING: break;
    case PAGE_WELCOME: at_welcome(t); break;
    case PAGE_CLOSED: at_closed(t); break;
    case PAGE_SERVICES: at_services(t); break;
    case PAGE_GROUP: at_group(t); break;
    case PAGE_SEARCH: at_search(t); break;
    case PAGE_QUESTION: at_question(t); break;
    case PAGE_SIGNPOST: at_signpost(t); break;
    case PAGE_LANGUAGES: at_languages(t); break;
    case PAGE_EASE: at_ease(t); break;
    case PAGE_READY: at_ready(t); break;
    case PAGE_NEEDS: at_needs(t); break;
    case PAGE_GETTING: at_getting(t); break;
    case PAGE_DONE: at_done(t); break;
    case PAGE_PROBLEM: at_problem(t); break;
    }
}

/* ---- rest ------------------------------------------------------------------------------------------ */

void turn_rest(struct turn *t)
{
    struct journey *j = t->j;
    turn_enter(t, j->site_known ? PAGE_WELCOME : PAGE_STARTING);
    t->step->effects |= EFFECT_FORGET;
    if (j->listening)
        t->step->effects |= EFFECT_HUSH;
    if (j->help == HELP_FAILED) /* else it would be delivered when nobody needs it any more */
        cancel_help(t);
    j->text_size = 0;
    j->contrast = j->low_reach = false;
    j->listening = j->keypad = j->silenced = j->wants_speech = false;
    j->language = JOURNEY_DEFAULT_LANGUAGE;
    j->group = -1;
    j->service = j->chosen = -1;
    j->needs_on = j->needs_off = 0;
    j->keyboard = 0;
    explicit_bzero(j->typed, sizeof j->typed);
    explicit_bzero(j->searched, sizeof j->searched);
    turn_forget_asked(j, 0);
    j->first_count = 0;
    j->later = false;
    j->at = 0;
    j->signpost = -1;
    j->key[0] = '\0';
    j->slow = false;
    j->problem = PROBLEM_NONE;
    j->ticket = (struct journey_ticket){0};
    j->job = JOB_NONE;
    j->slip[0] = '\0';
    j->copy = j->signpost_slips = 0;
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
        turn_rest(t);
    }
    if (j->page == PAGE_WELCOME && !j->open)
        turn_enter(t, PAGE_CLOSED);
    else if (j->page == PAGE_CLOSED && j->open)
        turn_rest(t);
}
