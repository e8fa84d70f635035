/* Scenes of the kiosk; see kiosk_scenes.h. */
#include "kiosk_scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "site/site.h"

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

static void scene_still_there(struct journey *j, struct board_view *board,
                              const struct site_info *site)
{
    scene_ready(j, board, site);
    j->asking = true;
}

const struct scene scenes[] = {
    {"starting", true, scene_starting},
    {"welcome", true, scene_welcome},
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
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    char error[512] = "";
    assert_int_equal(site_load(SITE_DIR, &site, report), STATUS_OK);
    const char *json = site_json(site);
    assert_int_equal(site_info_read(json, strlen(json), &stage->site), STATUS_OK);
    site_destroy(site);
    site_report_destroy(report);
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
    free(stage);
}

void stage_theme(struct stage *stage, enum theme_kind kind)
{
    theme_init(&stage->theme, kind, stage->site->brand);
    stage->kit = (struct ui_kit){stage->text, stage->icons, &stage->theme};
}

void stage_lay(struct stage *stage, const struct scene *scene, int language, int width, int height,
               bool large_text, const char *pressed)
{
    enum { NOW_MS = 1000000 };
    stage->journey = journey_begin(NOW_MS);
    stage->journey.language = language;
    stage->journey.text_size = large_text ? 1 : 0;
    stage->journey.asked_ms = NOW_MS - 3000;
    memset(&stage->board, 0, sizeof stage->board);
    /* Tuesday 24 November 2026, 10:42 in London; open again on Thursday at 9. */
    stage->board.clock = (struct client_clock){1795516920000, NOW_MS, 0};
    stage->board.next_open_ms = 1795683600000;
    stage->journey.paper = PAPER_READY;
    scene->set(&stage->journey, &stage->board, stage->site);
    const struct catalogue *tile_words[QUARTER_LANGUAGES_MAX];
    memcpy(tile_words, stage->words, sizeof tile_words);
    const bool starting = stage->journey.page == PAGE_STARTING;
    const struct kiosk_content content = {.journey = &stage->journey,
                                          .site = starting ? NULL : stage->site,
                                          .board = &stage->board,
                                          .words = stage->words[language],
                                          .language = stage->site->languages[language].code,
                                          .tile_words = tile_words,
                                          .clock = starting ? "" : "10:42",
                                          .now_ms = NOW_MS,
                                          .pressed = pressed,
                                          .theme = stage->theme.kind,
                                          .width = width,
                                          .height = height};
    stage->fits = kiosk_view_lay(&content, &stage->kit, stage->ui);
}

struct canvas *stage_draw(struct stage *stage)
{
    const struct ui_page *page = ui_page(stage->ui);
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, page->width, page->height, &canvas), STATUS_OK);
    ui_draw(stage->ui, &stage->kit, canvas);
    return canvas;
}
