/* What a listener hears of every page in every language: the narration of the page as it is drawn. (That it sounds, and
 * that a key silences it, is heard by tests/e2e/speech.mjs in a real kiosk.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawl.h"
#include "display/screen/text.h"
#include "narration.h"
#include "parts.h"
#include "quarter/check.h"

enum { PLAIN_BYTES = 2048 };

static struct narration_source source_of(const struct kiosk_rig *rig, const struct journey *journey,
                                         int language, const char *focused)
{
    const bool question = journey->page == PAGE_QUESTION && journey->question >= 0;
    const enum journey_question_kind kind =
        question ? rig->map.question[journey->question].kind : QUESTION_ONE;
    const bool answer = question && (kind == QUESTION_NUMBER || kind == QUESTION_TEXT);
    const bool field = (answer || journey->page == PAGE_SEARCH) && !journey->asking;
    return (struct narration_source){.ui = rig->ui,
                                     .focused = focused,
                                     .words = rig->words[language],
                                     .listening = true,
                                     .keypad = true,
                                     .typed = field ? journey->typed : NULL,
                                     .typed_is_private = answer && rig->fault != FAULT_ALOUD};
}

static bool is_said(const struct narration *said, const char *text)
{
    char plain[PLAIN_BYTES];
    (void)text_strip_marks(text, plain, sizeof plain);
    for (int i = 0; i < said->count; i++) {
        char line[PLAIN_BYTES];
        (void)text_strip_marks(said->lines[i].text, line, sizeof line);
        if (strstr(line, plain) != NULL)
            return true;
    }
    return false;
}

static struct narration *hear(enum fault fault, const struct narration_source *source, bool again)
{
    struct narrator narrator = {0};
    struct narration *said = calloc(1, sizeof *said);
    CHECK(said != NULL);
    narrator_look(&narrator, source, said);
    if (again)
        narrator_repeat(&narrator, source, said);
    if (fault == FAULT_MUTE || (fault == FAULT_ONCE && again))
        said->count = 0;
    for (int i = 0; fault == FAULT_FOREIGN && i < said->count; i++)
        memcpy(said->lines[i].language, "xx", sizeof "xx");
    return said;
}

static bool is_spoken_text(const struct ui_element *element)
{
    const bool words = element->text != NULL && element->text[0] != '\0';
    const bool frame = strcmp(element->id, "centre") == 0 || strcmp(element->id, "clock") == 0 ||
                       strcmp(element->id, "typed") == 0;
    return words && !frame && element->role != UI_BUTTON;
}

static void hear_page(struct kiosk_rig *rig, const struct crawl_state *state, int language,
                      struct ledger *ledger)
{
    const struct narration_source source = source_of(rig, &state->journey, language, NULL);
    struct narration *said = hear(rig->fault, &source, false);
    struct narration *again = hear(rig->fault, &source, true);
    ledger_hold(ledger, GATE_SPOKEN, said->count > 0, "nothing is said");
    for (size_t i = 0; i < ui_count(rig->ui); i++) {
        const struct ui_element *element = ui_element(rig->ui, i);
        if (!is_spoken_text(element))
            continue;
        const enum gate gate = element->role == UI_ALERT || element->role == UI_NUMBER
                                   ? GATE_SPOKEN_LANGUAGE
                                   : GATE_SPOKEN;
        ledger_hold(ledger, gate, is_said(said, element->text), "%s is not said: %s", element->id,
                    element->text);
        ledger_hold(ledger, GATE_SPOKEN_REPEAT, is_said(again, element->text),
                    "%s is not said again", element->id);
    }
    for (int i = 0; i < said->count; i++) {
        const char *code = said->lines[i].language;
        bool known = false;
        for (int k = 0; k < rig->site->language_count; k++)
            known |= strcmp(rig->site->languages[k].code, code) == 0;
        const bool right = strcmp(code, ui_page(rig->ui)->language) == 0 ||
                           state->journey.page == PAGE_WELCOME ||
                           state->journey.page == PAGE_LANGUAGES ||
                           strcmp(code, "en") == 0; /* numbers and times */
        ledger_hold(ledger, GATE_SPOKEN_LANGUAGE, known && right, "\"%s\" is said in %s",
                    said->lines[i].text, code);
    }
    free(said);
    free(again);
}

/* A narrator that has said the page and comes to an element says it; and something is stopped first. */
static void hear_buttons(struct kiosk_rig *rig, const struct crawl_state *state, int language,
                         struct ledger *ledger)
{
    for (size_t i = 0; i < ui_count(rig->ui); i++) {
        const struct ui_element *element = ui_element(rig->ui, i);
        if (element->role != UI_BUTTON || element->focus == 0 || element->text == NULL ||
            element->text[0] == '\0')
            continue;
        struct narrator narrator = {0};
        struct narration *said = calloc(1, sizeof *said);
        CHECK(said != NULL);
        struct narration_source source = source_of(rig, &state->journey, language, NULL);
        narrator_look(&narrator, &source, said);
        source.focused = element->id;
        narrator_look(&narrator, &source, said);
        ledger_hold(ledger, GATE_SPOKEN_REPEAT, said->hush,
                    "%s is reached, and what was said goes on", element->id);
        const bool key = strncmp(element->id, "key-", 4) == 0;
        ledger_hold(ledger, GATE_SPOKEN, key ? said->count > 0 : is_said(said, element->text),
                    "%s is not said when it is reached", element->id);
        free(said);
    }
}

static void keep_private(struct kiosk_rig *rig, const struct crawl_state *state, int language,
                         struct ledger *ledger)
{
    struct narration_source source = source_of(rig, &state->journey, language, NULL);
    if (source.typed == NULL)
        return;
    const bool answer = state->journey.page == PAGE_QUESTION; /* a search is no secret */
    struct journey journey = state->journey;
    snprintf(journey.typed, sizeof journey.typed, "73519");
    const struct look look = {.language = language};
    (void)kiosk_rig_lay(rig, &journey, &look, NULL, state->now_ms);
    source.typed = journey.typed;
    struct narration *aloud = hear(rig->fault, &source, false);
    source.headset = true;
    struct narration *headset = hear(rig->fault, &source, false);
    bool digits_aloud = false;
    for (int i = 0; i < aloud->count; i++)
        digits_aloud |= strstr(aloud->lines[i].text, "735") != NULL ||
                        strstr(aloud->lines[i].text, "7 3 5") != NULL;
    bool digits_headset = false;
    for (int i = 0; i < headset->count; i++)
        digits_headset |= strstr(headset->lines[i].text, "735") != NULL ||
                          strstr(headset->lines[i].text, "7 3 5") != NULL;
    ledger_hold(ledger, GATE_SPOKEN_PRIVATE, !(answer && digits_aloud),
                "an answer is said to everybody");
    ledger_hold(ledger, GATE_SPOKEN_PRIVATE, digits_headset, "what was typed is not said at all");
    free(aloud);
    free(headset);
}

static void keep_silent(struct kiosk_rig *rig, const struct crawl_state *state, int language,
                        struct ledger *ledger)
{
    struct narration_source source = source_of(rig, &state->journey, language, NULL);
    source.listening = false;
    struct narration *said = hear(rig->fault, &source, false);
    ledger_hold(ledger, GATE_SPOKEN_PRIVATE, said->count == 0,
                "who does not listen hears something");
    free(said);
}

/* The question that comes when time runs out: said as soon as it is shown, whole, in the language of the visit. */
static void hear_question(struct kiosk_rig *rig, const struct journey *asking, int64_t now_ms,
                          int language, struct ledger *ledger)
{
    const struct look look = {.language = language};
    (void)kiosk_rig_lay(rig, asking, &look, NULL, now_ms);
    const struct narration_source source = source_of(rig, asking, language, NULL);
    struct narration *said = hear(rig->fault, &source, false);
    for (int i = 0; rig->fault == FAULT_DUMB && i < said->count; i++)
        memset(said->lines[i].text, 0, 1);
    for (size_t i = 0; i < ui_count(rig->ui); i++) {
        const struct ui_element *element = ui_element(rig->ui, i);
        if (is_spoken_text(element))
            ledger_hold(ledger, GATE_TIME_SPOKEN, is_said(said, element->text),
                        "time runs out, and %s is not said: %s", element->id, element->text);
    }
    ledger_hold(ledger, GATE_TIME_SPOKEN,
                said->count > 0 &&
                    strcmp(said->lines[0].language, rig->site->languages[language].code) == 0,
                "time runs out, and that is not said in the language of the visit");
    free(said);
}

bool part_speech(const struct options *options, struct ledger *ledger)
{
    struct kiosk_rig *rig = kiosk_rig_open(SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    struct ledger *ways = ledger_create();
    struct crawl *crawl = crawl_site(rig, ways);
    ledger_destroy(ways);
    rig->fault = options->fault;
    for (int i = 0; i < crawl->count; i++) {
        struct journey asking = crawl->states[i].journey;
        const bool rests = journey_at_rest(&asking) || asking.asking;
        const int64_t asks_ms = rests ? 0 : kiosk_rig_wait(rig, &asking, crawl->states[i].now_ms);
        for (int language = 0; language < rig->site->language_count; language++) {
            const struct crawl_state *state = &crawl->states[i];
            const struct look look = {.language = language};
            ledger_place(ledger, "%s %s", state->name, rig->site->languages[language].code);
            (void)kiosk_rig_lay(rig, &state->journey, &look, NULL, state->now_ms);
            if (state->journey.page == PAGE_STARTING)
                continue;
            hear_page(rig, state, language, ledger);
            hear_buttons(rig, state, language, ledger);
            keep_silent(rig, state, language, ledger);
            keep_private(rig, state, language, ledger);
            if (asks_ms != 0)
                hear_question(rig, &asking, asks_ms, language, ledger);
        }
    }
    free(crawl);
    kiosk_rig_close(rig);
    return true;
}
