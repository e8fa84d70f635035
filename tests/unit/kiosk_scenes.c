/* Scenes of the kiosk; see kiosk_scenes.h. */
#include "kiosk_scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "site_kit.h"
#include "view/site_map.h"

static int service_named(const struct site_info *site, const char *code)
{
    const struct site_service *service = site_info_find_service(site, code);
    assert_non_null(service);
    return (int)(service - site->services);
}

static int group_named(const struct site_info *site, const char *code)
{
    const struct site_group *group = site_info_find_group(site, code);
    assert_non_null(group);
    return (int)(group - site->groups);
}

static void scene_starting(struct journey *j, struct board_view *board,
                           const struct site_info *site)
{
    (void)board;
    (void)site;
    j->page = PAGE_STARTING;
    j->offline = true;
}

static void scene_welcome(struct journey *j, struct board_view *board, const struct site_info *site)
{
    (void)board;
    (void)site;
    j->page = PAGE_WELCOME;
}

static void scene_welcome_offline(struct journey *j, struct board_view *board,
                                  const struct site_info *site)
{
    scene_welcome(j, board, site);
    j->offline = true;
}

static void scene_languages(struct journey *j, struct board_view *board,
                            const struct site_info *site)
{
    (void)board;
    (void)site;
    j->page = PAGE_LANGUAGES;
    j->under = PAGE_SERVICES;
}

static void scene_services(struct journey *j, struct board_view *board,
                           const struct site_info *site)
{
    (void)board;
    (void)site;
    j->page = PAGE_SERVICES;
}

static void scene_group(struct journey *j, struct board_view *board, const struct site_info *site)
{
    (void)board;
    j->page = PAGE_GROUP;
    j->group = group_named(site, "housing");
}

static void scene_group_many(struct journey *j, struct board_view *board,
                             const struct site_info *site)
{
    (void)board;
    j->page = PAGE_GROUP;
    j->group = group_named(site, "other");
}

static void scene_ready(struct journey *j, struct board_view *board, const struct site_info *site)
{
    j->page = PAGE_READY;
    j->group = group_named(site, "benefits");
    j->service = service_named(site, "housing_benefit");
    board->service_count = 1;
    snprintf(board->services[0].service, sizeof board->services[0].service, "housing_benefit");
    board->services[0].ahead = 4;
}

/* As full as it gets: a long name, a wait, two needs, no paper. */
static void scene_ready_full(struct journey *j, struct board_view *board,
                             const struct site_info *site)
{
    scene_ready(j, board, site);
    j->service = service_named(site, "blue_badge");
    j->needs = 1 | 1 << 3;
    j->paper = PAPER_OUT;
    snprintf(board->services[0].service, sizeof board->services[0].service, "blue_badge");
    board->services[0].wait = (struct wait_range){.known = true, .low_min = 10, .high_min = 15};
}

/* An ordinary wait; and the shortest there is, with what it means. */
static void scene_ready_wait(struct journey *j, struct board_view *board,
                             const struct site_info *site)
{
    scene_ready(j, board, site);
    board->services[0].wait = (struct wait_range){.known = true, .low_min = 10, .high_min = 25};
}

static void scene_ready_soon(struct journey *j, struct board_view *board,
                             const struct site_info *site)
{
    scene_ready(j, board, site);
    board->services[0].ahead = 0;
    board->services[0].wait = (struct wait_range){.known = true, .high_min = 5};
}

static void scene_ready_offline(struct journey *j, struct board_view *board,
                                const struct site_info *site)
{
    scene_ready(j, board, site);
    j->offline = true;
    j->paper = PAPER_OUT;
}

static void scene_getting(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_ready(j, board, site);
    j->page = PAGE_GETTING;
}

static void scene_getting_slow(struct journey *j, struct board_view *board,
                               const struct site_info *site)
{
    scene_getting(j, board, site);
    j->slow = true;
}

static void scene_done(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_ready(j, board, site);
    j->page = PAGE_DONE;
    snprintf(j->ticket.number, sizeof j->ticket.number, "B07");
    j->ticket.ahead = 4;
    j->job = JOB_PRINTED;
}

static void scene_done_printing(struct journey *j, struct board_view *board,
                                const struct site_info *site)
{
    scene_done(j, board, site);
    j->job = JOB_PRINTING;
}

static void scene_done_no_paper(struct journey *j, struct board_view *board,
                                const struct site_info *site)
{
    scene_done(j, board, site);
    j->ticket.ahead = 0;
    j->job = JOB_FAILED;
}

static void scene_done_full(struct journey *j, struct board_view *board,
                            const struct site_info *site)
{
    scene_done(j, board, site);
    j->service = service_named(site, "registration");
    snprintf(j->ticket.number, sizeof j->ticket.number, "HB104");
    snprintf(j->ticket.url, sizeof j->ticket.url,
             "https://queue.example.gov.uk/t/01JDBQ2R9S5T8VWXYZ0123456789AB");
    j->ticket.has_wait = true;
    j->ticket.wait_low_min = 10;
    j->ticket.wait_high_min = 15;
    j->ticket.nobody_serves = true;
    j->job = JOB_UNKNOWN;
}

static void scene_done_wait(struct journey *j, struct board_view *board,
                            const struct site_info *site)
{
    scene_done(j, board, site);
    j->ticket.has_wait = true;
    j->ticket.wait_low_min = 10;
    j->ticket.wait_high_min = 25;
}

static void scene_done_soon(struct journey *j, struct board_view *board,
                            const struct site_info *site)
{
    scene_done_wait(j, board, site);
    j->ticket.wait_low_min = 0;
    j->ticket.wait_high_min = 5;
}

static void scene_unreachable(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_ready(j, board, site);
    j->page = PAGE_PROBLEM;
    j->problem = PROBLEM_UNREACHABLE;
}

static void scene_just_closed(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_unreachable(j, board, site);
    j->problem = PROBLEM_CLOSED;
}

static void scene_used_up(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_unreachable(j, board, site);
    j->problem = PROBLEM_SERVICE;
}

static void scene_refused(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_unreachable(j, board, site);
    j->problem = PROBLEM_REFUSED;
}

static void scene_closed(struct journey *j, struct board_view *board, const struct site_info *site)
{
    (void)board;
    (void)site;
    j->page = PAGE_CLOSED;
}

/* ---- triage ------------------------------------------------------------------------------------------------------- */

static void scene_search(struct journey *j, struct board_view *board, const struct site_info *site)
{
    (void)board;
    (void)site;
    j->page = PAGE_SEARCH;
}

static void type(struct journey *j, const char *text)
{
    snprintf(j->typed, sizeof j->typed, "%s", text);
}

/* The first letters of a service in the page's language, as a visitor has typed them. */
static void scene_search_typed(struct journey *j, struct board_view *board,
                               const struct site_info *site)
{
    scene_search(j, board, site);
    const char *name = site->services[1].name.in[j->language];
    int letters = 0;
    size_t length = 0;
    while (letters < 2 && name[length] != '\0') {
        length++;
        if (((unsigned char)name[length] & 0xc0) != 0x80)
            letters++;
    }
    snprintf(j->typed, sizeof j->typed, "%.*s", (int)length, name);
}

static void scene_search_latin(struct journey *j, struct board_view *board,
                               const struct site_info *site)
{
    scene_search(j, board, site);
    j->keyboard = 1;
    type(j, "ren");
}

static void scene_search_none(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_search(j, board, site);
    type(j, "qqqq");
}

static void scene_search_figures(struct journey *j, struct board_view *board,
                                 const struct site_info *site)
{
    scene_search(j, board, site);
    j->keyboard = 2;
}

static void ask(struct journey *j, const struct site_info *site, const char *service,
                const char *question)
{
    j->page = PAGE_QUESTION;
    j->service = service_named(site, service);
    j->question = site_info_find_question(site, question);
    assert_true(j->question >= 0);
    j->asked_count = 1;
    j->asked[0].question = j->question;
}

static int question_of_kind(const struct site_info *site, enum site_question_kind kind)
{
    int best = -1;
    for (int i = 0; i < site->question_count; i++)
        if (site->questions[i].kind == kind &&
            (best < 0 || site->questions[i].answer_count > site->questions[best].answer_count))
            best = i;
    return best;
}

static void ask_kind(struct journey *j, const struct site_info *site, enum site_question_kind kind)
{
    int question = question_of_kind(site, kind);
    assert_true(question >= 0);
    ask(j, site, "council_tax", site->questions[question].code);
}

static void scene_question(struct journey *j, struct board_view *board,
                           const struct site_info *site)
{
    (void)board;
    ask_kind(j, site, SITE_QUESTION_ONE);
}

static void scene_question_back(struct journey *j, struct board_view *board,
                                const struct site_info *site)
{
    scene_question(j, board, site);
    j->asked[0].answered = true;
    j->asked[0].choices = 1 << 1;
}

static void scene_question_several(struct journey *j, struct board_view *board,
                                   const struct site_info *site)
{
    (void)board;
    ask_kind(j, site, SITE_QUESTION_SEVERAL);
    j->asked[0].answered = true;
    j->asked[0].choices = 1 | 1 << 2;
}

static void scene_question_yes_no(struct journey *j, struct board_view *board,
                                  const struct site_info *site)
{
    (void)board;
    ask_kind(j, site, SITE_QUESTION_YES_NO);
}

static void scene_question_number(struct journey *j, struct board_view *board,
                                  const struct site_info *site)
{
    (void)board;
    ask_kind(j, site, SITE_QUESTION_NUMBER);
}

static void scene_question_number_typed(struct journey *j, struct board_view *board,
                                        const struct site_info *site)
{
    scene_question_number(j, board, site);
    type(j, "90417726");
}

static void scene_question_text(struct journey *j, struct board_view *board,
                                const struct site_info *site)
{
    (void)board;
    ask_kind(j, site, SITE_QUESTION_TEXT);
}

/* As much as may be typed, and no space in the second half of it. */
static void scene_question_text_full(struct journey *j, struct board_view *board,
                                     const struct site_info *site)
{
    scene_question_text(j, board, site);
    char text[201];
    for (int i = 0; i < 200; i++)
        text[i] = i < 100 && i % 8 == 7 ? ' ' : (char)('a' + i % 26);
    text[200] = '\0';
    type(j, text);
}

static void scene_signpost(struct journey *j, struct board_view *board,
                           const struct site_info *site)
{
    (void)board;
    j->page = PAGE_SIGNPOST;
    j->service = service_named(site, "waste");
    j->signpost = site_info_find_signpost(site, "bulky_waste");
    assert_true(j->signpost >= 0);
}

static void scene_signpost_printed(struct journey *j, struct board_view *board,
                                   const struct site_info *site)
{
    scene_signpost(j, board, site);
    size_t longest = 0;
    for (int i = 0; i < site->signpost_count; i++) {
        size_t length = strlen(site_info_text(site, &site->signposts[i].text, "en"));
        if (site->signposts[i].print && length > longest) {
            longest = length;
            j->signpost = i;
        }
    }
    j->job = JOB_PRINTED;
}

static void scene_signpost_unprinted(struct journey *j, struct board_view *board,
                                     const struct site_info *site)
{
    scene_signpost_printed(j, board, site);
    j->job = JOB_UNKNOWN;
}

static void scene_ease(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_services(j, board, site);
    j->page = PAGE_EASE;
    j->under = PAGE_SERVICES;
    j->contrast = true;
}

static void scene_needs(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_ready(j, board, site);
    j->page = PAGE_NEEDS;
    j->needs = 1 | 1 << 3;
}

static void scene_ready_asks(struct journey *j, struct board_view *board,
                             const struct site_info *site)
{
    scene_ready_wait(j, board, site);
    for (int i = 0; i < site->service_count; i++)
        if (site->services[i].question_count > 0 && !site->services[i].ask_first)
            j->service = i;
    snprintf(board->services[0].service, sizeof board->services[0].service, "%s",
             site->services[j->service].code);
}

static void scene_ready_gone(struct journey *j, struct board_view *board,
                             const struct site_info *site)
{
    scene_ready_asks(j, board, site);
    j->paper = PAPER_GONE;
    j->needs = 1;
}

/* ---- beside the page ---------------------------------------------------------------------------------------------- */

static void scene_help_calling(struct journey *j, struct board_view *board,
                               const struct site_info *site)
{
    scene_services(j, board, site);
    j->help = HELP_CALLING;
}

static void scene_help_called(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_services(j, board, site);
    j->help = HELP_CALLED;
}

static void scene_help_coming(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_ready_full(j, board, site);
    j->help = HELP_ANSWERED;
}

static void scene_help_failed(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_search(j, board, site);
    j->help = HELP_FAILED;
}

static void scene_scan_unknown(struct journey *j, struct board_view *board,
                               const struct site_info *site)
{
    scene_services(j, board, site);
    j->notice = NOTICE_SCAN_UNKNOWN;
}

static void scene_listening(struct journey *j, struct board_view *board,
                            const struct site_info *site)
{
    scene_group(j, board, site);
    j->listening = true;
    j->keypad = true;
}

/* Somebody might come: the waits of most groups are known. */
static void scene_attract(struct journey *j, struct board_view *board, const struct site_info *site)
{
    scene_welcome(j, board, site);
    board->service_count = site->service_count;
    for (int i = 0; i < site->service_count; i++) {
        struct board_service *service = &board->services[i];
        snprintf(service->service, sizeof service->service, "%s", site->services[i].code);
        service->wait =
            (struct wait_range){.known = i != 2, .low_min = i % 4 * 5, .high_min = i % 4 * 10 + 5};
    }
}

static void scene_still_there(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_ready(j, board, site);
    j->asking = true;
}

const struct scene scenes[] = {
    {"starting", true, scene_starting},
    {"welcome", true, scene_welcome},
    {"attract", true, scene_attract},
    {"welcome-offline", false, scene_welcome_offline},
    {"languages", true, scene_languages},
    {"services", true, scene_services},
    {"group", true, scene_group},
    {"group-many", false, scene_group_many},
    {"ready", true, scene_ready},
    {"ready-full", true, scene_ready_full},
    {"ready-wait", true, scene_ready_wait},
    {"ready-soon", true, scene_ready_soon},
    {"ready-offline", false, scene_ready_offline},
    {"ready-asks", true, scene_ready_asks},
    {"ready-gone", false, scene_ready_gone},
    {"needs", true, scene_needs},
    {"search", true, scene_search},
    {"search-typed", true, scene_search_typed},
    {"search-latin", true, scene_search_latin},
    {"search-figures", false, scene_search_figures},
    {"search-none", false, scene_search_none},
    {"question", true, scene_question},
    {"question-back", false, scene_question_back},
    {"question-several", true, scene_question_several},
    {"question-yes-no", true, scene_question_yes_no},
    {"question-number", false, scene_question_number},
    {"question-number-typed", true, scene_question_number_typed},
    {"question-text", true, scene_question_text},
    {"question-text-full", false, scene_question_text_full},
    {"signpost", true, scene_signpost},
    {"signpost-printed", true, scene_signpost_printed},
    {"signpost-unprinted", false, scene_signpost_unprinted},
    {"ease", true, scene_ease},
    {"help-calling", false, scene_help_calling},
    {"help-called", true, scene_help_called},
    {"help-coming", true, scene_help_coming},
    {"help-failed", false, scene_help_failed},
    {"scan-unknown", false, scene_scan_unknown},
    {"listening", true, scene_listening},
    {"getting", true, scene_getting},
    {"getting-slow", false, scene_getting_slow},
    {"done", true, scene_done},
    {"done-wait", true, scene_done_wait},
    {"done-soon", true, scene_done_soon},
    {"done-printing", false, scene_done_printing},
    {"done-no-paper", false, scene_done_no_paper},
    {"done-full", true, scene_done_full},
    {"problem", true, scene_unreachable},
    {"problem-closed", false, scene_just_closed},
    {"problem-used-up", false, scene_used_up},
    {"problem-refused", false, scene_refused},
    {"closed", true, scene_closed},
    {"still-there", true, scene_still_there},
};
const int scene_count = sizeof scenes / sizeof scenes[0];

struct stage *stage_open(void)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    char error[512] = "";
    stage->site = site_kit_open(SITE_DIR);
    for (int i = 0; i < stage->site->language_count; i++)
        if (catalogue_open(SHARE_DIR, stage->site->languages[i].code, &stage->words[i], error,
                           sizeof error) != STATUS_OK)
            fail_msg("%s", error);
    if (text_engine_create(NULL, &stage->text, error, sizeof error) != STATUS_OK)
        fail_msg("%s", error);
    stage->icons = icons_create(SHARE_DIR);
    stage->ui = ui_create();
    stage_theme(stage, THEME_LIGHT);
    return stage;
}

void stage_close(struct stage *stage)
{
    for (int i = 0; i < stage->site->language_count; i++)
        catalogue_destroy(stage->words[i]);
    ui_destroy(stage->ui);
    icons_destroy(stage->icons);
    text_engine_destroy(stage->text);
    site_info_destroy(stage->site);
    free(stage->filled);
    free(stage);
}

void stage_theme(struct stage *stage, enum theme_kind kind)
{
    theme_init(&stage->theme, kind, stage->site->brand);
    stage->kit = (struct ui_kit){stage->text, stage->icons, &stage->theme};
}

void stage_lay(struct stage *stage, const struct scene *scene, const struct stage_look *look)
{
    enum { NOW_MS = 1000000 };
    const struct journey_site map = site_map(stage->site);
    struct journey *j = &stage->journey;
    *j = journey_begin(NOW_MS);
    j->page = PAGE_WELCOME;
    j->language = look->language;
    j->text_size = look->text_size;
    j->low_reach = look->low_reach;
    j->sheet = look->sheet;
    j->asked_ms = NOW_MS - 3000;
    j->group = j->service = j->question = j->signpost = -1;
    j->open = j->site_known = j->connected = true;
    memset(&stage->board, 0, sizeof stage->board);
    /* Tuesday 24 November 2026, 10:42 in London; open again on Thursday at 9. */
    stage->board.clock = (struct client_clock){1795516920000, NOW_MS, 0};
    stage->board.next_open_ms = 1795683600000;
    j->paper = PAPER_READY;
    scene->set(j, &stage->board, stage->site);
    journey_derive(j, &map);
    const struct catalogue *tile_words[QUARTER_LANGUAGES_MAX];
    memcpy(tile_words, stage->words, sizeof tile_words);
    const bool starting = j->page == PAGE_STARTING;
    const struct kiosk_content content = {.journey = j,
                                          .site = starting ? NULL : stage->site,
                                          .board = &stage->board,
                                          .words = stage->words[look->language],
                                          .language = stage->site->languages[look->language].code,
                                          .tile_words = tile_words,
                                          .clock = starting ? "" : "10:42",
                                          .now_ms = NOW_MS,
                                          .pressed = look->pressed,
                                          .focused = look->focused,
                                          .device = look->device,
                                          .theme = stage->theme.kind,
                                          .width = look->width,
                                          .height = look->height};
    stage->fits = kiosk_view_lay(&content, &stage->kit, stage->ui);
}

const struct scene *stage_scene(const char *name)
{
    for (int i = 0; i < scene_count; i++)
        if (strcmp(scenes[i].name, name) == 0)
            return &scenes[i];
    fail_msg("no scene %s", name);
    return NULL;
}

/* Words of a text over and over, up to 60 letters; without spaces: one word of 60. */
static const char *long_name(char **at, const char *of, bool one_word)
{
    char *name = *at;
    size_t bytes = 0;
    int letters = 0;
    for (const char *p = of; letters < QUARTER_NAME_LETTERS; p++) {
        if (*p == '\0') {
            p = of;
            if (!one_word) {
                name[bytes++] = ' ';
                if (++letters == QUARTER_NAME_LETTERS)
                    break;
            }
        }
        if (one_word && *p == ' ')
            continue;
        name[bytes++] = *p;
        letters += ((unsigned char)p[1] & 0xc0) != 0x80;
    }
    name[bytes] = '\0';
    *at += bytes + 1;
    return name;
}

void stage_fill(struct stage *stage)
{
    enum { FILLED_GROUPS = 8, EACH = 5, NAME_BYTES = 260, TEXTS = 64 };
    struct site_info *site = stage->site;
    int own = site->service_count;
    stage->filled = calloc((size_t)TEXTS * QUARTER_LANGUAGES_MAX, NAME_BYTES);
    assert_non_null(stage->filled);
    char *at = stage->filled;
    site->service_count = FILLED_GROUPS * EACH;
    site->group_count = FILLED_GROUPS;
    for (int i = 0; i < site->service_count; i++) {
        struct site_service *service = &site->services[i];
        if (i >= own) {
            *service = site->services[i % own];
            snprintf(service->code, sizeof service->code, "more_%d", i);
        }
        for (int l = 0; l < site->language_count; l++)
            service->name.in[l] = long_name(&at, service->name.in[l], i == 3);
    }
    for (int i = 0; i < FILLED_GROUPS; i++) {
        site->groups[i].service_count = EACH;
        for (int k = 0; k < EACH; k++)
            site->groups[i].services[k] = i * EACH + k;
        for (int l = 0; l < site->language_count; l++)
            site->groups[i].name.in[l] = long_name(&at, site->groups[i].name.in[l], i == 4);
    }
    for (int i = 0; i < site->question_count; i++)
        for (int k = 0; k < site->questions[i].answer_count && i < 12; k++)
            for (int l = 0; l < site->language_count && i % 4 == 0; l++)
                site->questions[i].answers[k].name.in[l] =
                    long_name(&at, site->questions[i].answers[k].name.in[l], false);
    assert_true(at < stage->filled + (size_t)TEXTS * QUARTER_LANGUAGES_MAX * NAME_BYTES);
}

struct canvas *stage_draw(struct stage *stage)
{
    const struct ui_page *page = ui_page(stage->ui);
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, page->width, page->height, &canvas), STATUS_OK);
    ui_draw(stage->ui, &stage->kit, canvas);
    return canvas;
}
