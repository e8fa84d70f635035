/* Walks the kiosk's own journey through the questions of a site at random, and prints each step with what the kiosk would
 * ask the server for, so that the staff's page can be held against it (floor-page.mjs).
 *
 *   triage-walks SITE_DIR SEED WALKS
 * A line a step: {"walk","move","what" (an answer, a need, what was typed, for "begin" the service),"page","question" or
 * "signpost","asks_later","continues","request":{..}}. A walk ends after 30 steps, or where Back leaves its service (page "search"). */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "journey/journey.h"
#include "quarter/check.h"
#include "site_kit.h"
#include "view/site_map.h"

enum { STEPS_MAX = 30, LETTERS_MAX = 12 };

struct walker {
    const struct site_info *site;
    struct journey_site map;
    struct journey j;
    int64_t now;
    uint64_t state; /* of the generator */
    int walk;
};

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
static int draw(struct walker *w, int below)
{
    w->state ^= w->state >> 12;
    w->state ^= w->state << 25;
    w->state ^= w->state >> 27;
    return (int)((w->state * UINT64_C(0x2545F4914F6CDD1D) >> 33) % (uint64_t)below);
}

static void touch(struct walker *w, enum journey_action action, int item)
{
    struct journey_input input = {.kind = INPUT_TOUCH, .action = action, .item = item};
    w->now += 1000; /* no double strike */
    snprintf(input.fresh_key, sizeof input.fresh_key, "%032lld", (long long)w->now);
    w->j = journey_next(&w->j, &w->map, &input, w->now).journey;
}

static json_t *request_of(const struct walker *w)
{
    struct issue_request request = {0};
    request_of_journey(&w->j, w->site, "", "", &request);
    char *text = wire_write_issue(&request);
    json_t *object = json_loads(text, 0, NULL);
    CHECK(object != NULL);
    free(text);
    return object;
}

static void print_step(const struct walker *w, const char *move, json_t *what)
{
    const bool gone = w->j.page == PAGE_SEARCH;
    json_t *line = json_pack("{s:i, s:s, s:o, s:s, s:b, s:b}", "walk", w->walk, "move", move,
                             "what", what, "page", journey_page_code(w->j.page), "asks_later",
                             (int)journey_offers(&w->j, ACTION_QUESTIONS), "continues",
                             (int)journey_offers(&w->j, ACTION_CONTINUE));
    CHECK(line != NULL);
    if (w->j.page == PAGE_QUESTION)
        (void)json_object_set_new(line, "question",
                                  json_string(w->site->questions[w->j.question].code));
    if (w->j.page == PAGE_SIGNPOST)
        (void)json_object_set_new(line, "signpost",
                                  json_string(w->site->signposts[w->j.signpost].code));
    if (!gone)
        (void)json_object_set_new(line, "request", request_of(w));
    (void)json_dumpf(line, stdout, JSON_COMPACT);
    (void)putchar('\n');
    json_decref(line);
}

/* Letters that the page has to treat as the keyboard does: spaces, digits, a letter of two bytes. */
static void type_some(struct walker *w)
{
    static const int letters[] = {'a', 'B', '7', '4', JOURNEY_SPACE, JOURNEY_SPACE, 0xe9, '-'};
    touch(w, ACTION_CLEAR, 0);
    char text[4 * LETTERS_MAX + 1] = "";
    for (int i = draw(w, LETTERS_MAX); i > 0; i--) {
        const int letter = letters[draw(w, (int)(sizeof letters / sizeof letters[0]))];
        const size_t length = strlen(text);
        if (letter < 0x80)
            snprintf(text + length, sizeof text - length, "%c", letter);
        else
            snprintf(text + length, sizeof text - length, "\xc3\xa9");
        touch(w, ACTION_TYPE, letter);
    }
    print_step(w, "type", json_string(text));
}

static void choose_some(struct walker *w)
{
    const struct site_question *question = &w->site->questions[w->j.question];
    const int item = draw(w, question->answer_count);
    touch(w, ACTION_CHOOSE_ANSWER, item);
    print_step(w, "choose", json_string(question->answers[item].code));
}

static void plain(struct walker *w, enum journey_action action, const char *move)
{
    touch(w, action, 0);
    print_step(w, move, json_null());
}

static void at_question_page(struct walker *w)
{
    const int dice = draw(w, 10);
    if (dice < 2)
        plain(w, ACTION_BACK, "back");
    else if (dice < 3)
        plain(w, draw(w, 2) == 0 ? ACTION_SKIP : ACTION_NOT_SURE, "skip");
    else if (dice < 6 && journey_offers(&w->j, ACTION_CONTINUE))
        plain(w, ACTION_CONTINUE, "continue");
    else if (journey_offers(&w->j, ACTION_TYPE))
        type_some(w);
    else
        choose_some(w);
}

static void at_ready_page(struct walker *w)
{
    const int dice = draw(w, 10);
    if (dice < 3 && w->site->need_count > 0) {
        const int item = draw(w, w->site->need_count);
        touch(w, ACTION_TOGGLE_NEED, item);
        print_step(w, "need", json_string(w->site->needs[item].code));
    } else if (dice < 7 && journey_offers(&w->j, ACTION_QUESTIONS)) {
        plain(w, ACTION_QUESTIONS, "questions");
    } else {
        plain(w, ACTION_BACK, "back");
    }
}

static void walk_once(struct walker *w, int service)
{
    const struct journey begun = journey_begin(w->now);
    const struct journey_input site = {.kind = INPUT_SITE};
    w->j = journey_next(&begun, &w->map, &site, w->now).journey;
    touch(w, ACTION_CHOOSE_LANGUAGE, 0);
    touch(w, ACTION_SEARCH, 0);
    touch(w, ACTION_CHOOSE_SERVICE, service);
    print_step(w, "begin", json_string(w->site->services[service].code));
    for (int i = 0; i < STEPS_MAX && w->j.page != PAGE_SEARCH; i++) {
        if (w->j.page == PAGE_QUESTION)
            at_question_page(w);
        else if (w->j.page == PAGE_READY)
            at_ready_page(w);
        else if (draw(w, 2) == 0)
            plain(w, ACTION_SEE_SOMEBODY, "see-somebody");
        else
            plain(w, ACTION_BACK, "back");
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: triage-walks SITE_DIR SEED WALKS\n");
        return 2;
    }
    const long walks = strtol(argv[3], NULL, 10);
    if (walks <= 0) {
        fprintf(stderr, "triage-walks: WALKS is a number from 1 on, not %s\n", argv[3]);
        return 2;
    }
    struct site_info *site = site_kit_open(argv[1]);
    struct walker walker = {.site = site,
                            .map = site_map(site),
                            .now = 1000,
                            .state = strtoull(argv[2], NULL, 10) * 2 + 1};
    for (walker.walk = 0; walker.walk < walks; walker.walk++)
        walk_once(&walker, walker.walk % site->service_count);
    site_info_destroy(site);
    return 0;
}
