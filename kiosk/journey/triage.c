/* What follows from the answers, and from the journey as a whole: the service, what to ask next, the
 * needs, class and reason the ticket gets, and what can be done on the page. */
#include "journey/turn.h"

int triage_service(const struct journey *j, const struct journey_site *site, int count)
{
    int service = j->chosen;
    for (int i = 0; i < count && i < j->asked_count; i++) {
        const struct journey_asked *asked = &j->asked[i];
        const struct journey_question *question = &site->question[asked->question];
        for (int k = 0; asked->answered && k < question->answers; k++)
            if ((asked->choices >> k & 1) != 0 && question->answer[k].service >= 0)
                service = question->answer[k].service;
    }
    return service;
}

static bool was_asked(const struct journey *j, int count, int question)
{
    for (int i = 0; i < count && i < j->asked_count; i++)
        if (j->asked[i].question == question)
            return true;
    return false;
}

int triage_next(const struct journey *j, const struct journey_site *site, int at, bool later)
{
    if (j->service < 0 || at >= JOURNEY_ASKED_MAX || site->service[j->service].ask_first == later)
        return -1;
    for (int i = 0; i < site->service[j->service].questions; i++) {
        int question = site->service[j->service].question[i];
        if (!was_asked(j, at, question))
            return question;
    }
    return -1;
}

int triage_signpost(const struct journey_site *site, const struct journey_asked *asked)
{
    const struct journey_question *question = &site->question[asked->question];
    for (int k = 0; asked->answered && k < question->answers; k++)
        if ((asked->choices >> k & 1) != 0 && question->answer[k].signpost >= 0)
            return question->answer[k].signpost;
    return -1;
}

static void weigh(struct journey *j, const struct journey_site *site)
{
    uint32_t flagged = 0;
    j->ticket_class = CLASS_NORMAL;
    j->reason = (struct journey_reason){-1, -1};
    for (int i = 0; i < j->asked_count; i++) {
        const struct journey_asked *asked = &j->asked[i];
        const struct journey_question *question = &site->question[asked->question];
        for (int k = 0; asked->answered && k < question->answers; k++) {
            if ((asked->choices >> k & 1) == 0)
                continue;
            flagged |= question->answer[k].needs;
            if (question->answer[k].ticket_class == CLASS_URGENT ||
                (question->answer[k].ticket_class == CLASS_ASSISTED &&
                 j->ticket_class == CLASS_NORMAL))
                j->ticket_class = question->answer[k].ticket_class;
            if (question->answer[k].avoidable && j->reason.question < 0)
                j->reason = (struct journey_reason){asked->question, k};
        }
    }
    uint32_t all = (uint32_t)((UINT64_C(1) << site->needs) - 1);
    j->needs = (flagged | j->needs_on) & ~j->needs_off & all;
}

#define OFFER(action) (UINT64_C(1) << (action))

static uint64_t offer_if(bool condition, enum journey_action action)
{
    return condition ? OFFER(action) : 0;
}

static const uint64_t ease =
    OFFER(ACTION_TEXT_SIZE) | OFFER(ACTION_CONTRAST) | OFFER(ACTION_LOW_REACH);

static uint64_t question_offers(const struct journey *j, const struct journey_site *site)
{
    if (j->question < 0 || j->question >= site->questions || j->at >= j->asked_count)
        return 0;
    const uint64_t choose = OFFER(ACTION_CHOOSE_ANSWER) | OFFER(ACTION_MORE);
    uint64_t continues = OFFER(ACTION_CONTINUE);
    switch (site->question[j->question].kind) {
    case QUESTION_ONE:
    case QUESTION_YES_NO: return choose | (j->asked[j->at].answered ? continues : 0);
    case QUESTION_SEVERAL: return choose | continues;
    case QUESTION_NUMBER:
    case QUESTION_TEXT:
        return OFFER(ACTION_TYPE) | OFFER(ACTION_KEYBOARD) |
               (j->typed[0] != '\0' ? continues | OFFER(ACTION_CLEAR) : 0);
    }
    return 0;
}

static uint64_t slip_offer(const struct journey *j, enum journey_action action)
{
    return offer_if(j->job != JOB_PRINTING && journey_paper_prints(j->paper) &&
                        j->copy < JOURNEY_COPIES_MAX,
                    action);
}

static uint64_t ready_offers(const struct journey *j, const struct journey_site *site)
{
    return OFFER(ACTION_GET_TICKET) | offer_if(site->needs > 0, ACTION_TOGGLE_NEED) |
           offer_if(site->needs > 0, ACTION_NEEDS) |
           offer_if(triage_next(j, site, j->first_count, true) >= 0, ACTION_QUESTIONS);
}

/* What only the page itself offers. */
static uint64_t own_offers(const struct journey *j, const struct journey_site *site)
{
    const uint64_t unsure = offer_if(site->not_sure >= 0, ACTION_NOT_SURE);
    switch (j->page) {
    case PAGE_STARTING:
    case PAGE_CLOSED:
    case PAGE_GETTING: return 0;
    case PAGE_WELCOME: return OFFER(ACTION_CHOOSE_LANGUAGE) | OFFER(ACTION_MORE);
    case PAGE_SERVICES:
        return OFFER(ACTION_CHOOSE_GROUP) | OFFER(ACTION_SEARCH) | OFFER(ACTION_MORE) | unsure;
    case PAGE_GROUP: return OFFER(ACTION_CHOOSE_SERVICE) | OFFER(ACTION_MORE) | unsure;
    case PAGE_SEARCH:
        return OFFER(ACTION_CHOOSE_SERVICE) | OFFER(ACTION_TYPE) | OFFER(ACTION_KEYBOARD) |
               OFFER(ACTION_MORE) | unsure | offer_if(j->typed[0] != '\0', ACTION_CLEAR);
    case PAGE_QUESTION:
        return OFFER(ACTION_SKIP) | OFFER(ACTION_NOT_SURE) | question_offers(j, site);
    case PAGE_SIGNPOST:
        return OFFER(ACTION_SEE_SOMEBODY) | OFFER(ACTION_FINISHED) | OFFER(ACTION_MORE) |
               (j->signpost >= 0 && site->signpost_prints[j->signpost] &&
                        j->signpost_slips < JOURNEY_SIGNPOST_SLIPS_MAX
                    ? slip_offer(j, ACTION_PRINT_SIGNPOST)
                    : 0);
    case PAGE_LANGUAGES: return OFFER(ACTION_CHOOSE_LANGUAGE) | OFFER(ACTION_MORE);
    case PAGE_EASE: return OFFER(ACTION_CONTINUE);
    case PAGE_READY: return ready_offers(j, site);
    case PAGE_NEEDS: return OFFER(ACTION_TOGGLE_NEED) | OFFER(ACTION_CONTINUE);
    case PAGE_DONE: return OFFER(ACTION_FINISHED) | slip_offer(j, ACTION_PRINT_AGAIN);
    case PAGE_PROBLEM:
        return OFFER(ACTION_START_AGAIN) |
               offer_if(j->problem == PROBLEM_UNREACHABLE, ACTION_KEEP_TRYING);
    }
    return 0;
}

static bool has_back(const struct journey *j)
{
    switch (j->page) {
    case PAGE_STARTING:
    case PAGE_WELCOME:
    case PAGE_CLOSED:
    case PAGE_GETTING:
    case PAGE_DONE: return false;
    case PAGE_PROBLEM: return j->problem != PROBLEM_UNREACHABLE;
    case PAGE_SERVICES:
    case PAGE_GROUP:
    case PAGE_SEARCH:
    case PAGE_QUESTION:
    case PAGE_SIGNPOST:
    case PAGE_LANGUAGES:
    case PAGE_EASE:
    case PAGE_READY:
    case PAGE_NEEDS: return true;
    }
    return false;
}

/* The bar at the bottom: always there, in the same order; what it cannot do now is grey. */
static uint64_t bar_offers(const struct journey *j)
{
    bool over = j->page == PAGE_LANGUAGES || j->page == PAGE_EASE;
    enum journey_page page = over ? j->under : j->page;
    bool settled = page != PAGE_STARTING && page != PAGE_GETTING;
    bool calling = j->help == HELP_CALLING || j->help == HELP_CALLED || j->help == HELP_FAILED;
    return offer_if(has_back(j), ACTION_BACK) |
           offer_if(settled && page != PAGE_WELCOME, ACTION_LANGUAGE) |
           offer_if(settled, ACTION_EASE) | offer_if(!j->speechless, ACTION_LISTEN) |
           offer_if(page != PAGE_STARTING && (j->help == HELP_NONE || j->help == HELP_FAILED),
                    ACTION_HELP) |
           offer_if(calling, ACTION_HELP_CANCEL);
}

void journey_derive(struct journey *journey, const struct journey_site *site)
{
    weigh(journey, site);
    uint64_t bar = bar_offers(journey);
    if (journey->asking)
        journey->offers =
            OFFER(ACTION_STILL_HERE) | OFFER(ACTION_START_AGAIN) |
            (bar & (OFFER(ACTION_LISTEN) | OFFER(ACTION_HELP) | OFFER(ACTION_HELP_CANCEL)));
    else
        journey->offers = own_offers(journey, site) | bar | ease;
}
