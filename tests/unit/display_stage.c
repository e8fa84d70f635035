/* Sets the stage. What fails here is a broken test environment, so it ends the test at once. */
#include "display_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "site_kit.h"
#include "test_kit.h"

const char *const stage_languages[STAGE_LANGUAGES] = {"en", "gu", "pa", "ur", "hi",
                                                      "bn", "pl", "so", "ar"};

struct stage *stage_create(void)
{
    char error[256] = "";
    struct stage *stage = calloc(1, sizeof *stage);
    CHECK(stage != NULL);
    stage->site = site_kit_open("assets/sites/customer-centre");
    if (text_engine_create(NULL, &stage->text, error, sizeof error) != STATUS_OK)
        fprintf(stderr, "%s\n", error);
    CHECK(stage->text != NULL);
    stage->icons = icons_create(QUARTER_SHARE);
    for (int i = 0; i < STAGE_LANGUAGES; i++)
        CHECK(catalogue_open(QUARTER_SHARE, stage_languages[i], &stage->words[i], error,
                             sizeof error) == STATUS_OK);
    stage->ui = ui_create();
    stage->view = calloc(1, sizeof *stage->view);
    CHECK(stage->view != NULL);
    stage_reset(stage);
    return stage;
}

void stage_destroy(struct stage *stage)
{
    board_destroy(stage->board);
    free(stage->view);
    ui_destroy(stage->ui);
    for (int i = 0; i < STAGE_LANGUAGES; i++)
        catalogue_destroy(stage->words[i]);
    icons_destroy(stage->icons);
    text_engine_destroy(stage->text);
    site_info_destroy(stage->site);
    free(stage);
}

void stage_reset(struct stage *stage)
{
    static const int waiting[] = {4, 2, 9, 1, 0, 3, 12, 5};
    board_destroy(stage->board);
    stage->now_ms = 1000;
    stage->board = board_create(stage->now_ms);
    *stage->view = (struct board_view){.open = true};
    CHECK(wire_read_time("2026-11-24T10:42:07.000Z", &stage->view->clock.server_ms));
    kit_set(stage->view->day, sizeof stage->view->day, "2026-11-24");
    for (int i = 0; i < stage->site->service_count; i++) {
        struct board_service *service = &stage->view->services[stage->view->service_count++];
        memcpy(service->service, stage->site->services[i].code, sizeof service->service);
        service->waiting = waiting[i % 8];
    }
}

void stage_call(struct stage *stage, const char *number, const char *counter, const char *language)
{
    struct board_call *call = &stage->view->calls[stage->view->call_count++];
    *call = (struct board_call){.announcement = ++stage->view->announcement};
    snprintf(call->ticket, sizeof call->ticket, "T-%s", number);
    snprintf(call->number, sizeof call->number, "%s", number);
    snprintf(call->counter, sizeof call->counter, "%s", counter);
    snprintf(call->language, sizeof call->language, "%s", language);
}

void stage_wait(struct stage *stage, const char *service, int low_s, int median_s, int high_s)
{
    for (int i = 0; i < stage->view->service_count; i++)
        if (strcmp(stage->view->services[i].service, service) == 0)
            stage->view->services[i].wait =
                (struct wait_range){.known = true,
                                    .p20_s = low_s,
                                    .p50_s = median_s,
                                    .p90_s = high_s,
                                    .low_min = low_s / 300 * 5,
                                    .high_min = (high_s + 299) / 300 * 5};
}

void stage_delay(struct stage *stage, const char *service, int low_min, int high_min)
{
    for (int i = 0; i < stage->view->service_count; i++)
        if (strcmp(stage->view->services[i].service, service) == 0)
            stage->view->services[i].delayed =
                (struct wait_delay){.known = true,
                                    .since_ms = stage->view->clock.server_ms,
                                    .low_min = low_min,
                                    .high_min = high_min};
}

void stage_template(struct stage *stage, const char *code, const char *service, int minutes)
{
    struct board_notice *notice = &stage->view->notices[stage->view->notice_count++];
    *notice = (struct board_notice){.minutes = minutes};
    snprintf(notice->template_code, sizeof notice->template_code, "%s", code);
    snprintf(notice->service, sizeof notice->service, "%s", service == NULL ? "" : service);
}

void stage_notice(struct stage *stage, const char *english, const char *urdu, const char *gujarati)
{
    const char *const languages[] = {"en", "ur", "gu"};
    const char *const texts[] = {english, urdu, gujarati};
    struct board_notice *notice = &stage->view->notices[stage->view->notice_count++];
    *notice = (struct board_notice){0};
    for (int i = 0; i < 3 && texts[i] != NULL; i++) {
        snprintf(notice->languages[i], sizeof notice->languages[i], "%s", languages[i]);
        snprintf(notice->texts[i], sizeof notice->texts[i], "%s", texts[i]);
        notice->language_count++;
    }
}

void stage_show(struct stage *stage, bool lit)
{
    struct board_view *view = stage->view;
    view->clock.heard_at_ms = stage->now_ms;
    board_take_view(stage->board, view, stage->now_ms);
    if (!lit || view->call_count == 0)
        return;
    struct board_call announced;
    view->calls[view->call_count - 1].announcement = ++view->announcement;
    board_take_view(stage->board, view, stage->now_ms);
    CHECK(board_advance(stage->board, stage->now_ms, &announced));
    stage->now_ms += 1000; /* past the blink of what was on top already */
}

void stage_wait_for(struct stage *stage, int ms)
{
    struct client_clock clock = stage->view->clock;
    stage->now_ms += ms;
    clock.heard_at_ms = stage->now_ms;
    board_take_clock(stage->board, &clock);
}

struct canvas *stage_draw(struct stage *stage, int language, enum theme_kind theme, int width,
                          int height, int *faults)
{
    struct board_picture picture;
    struct canvas *canvas = NULL;
    theme_init(&stage->theme, theme, stage->site->brand);
    struct ui_kit kit = {stage->text, stage->icons, &stage->theme};
    board_picture(stage->board, stage->site, stage->now_ms, &picture);
    struct lobby lobby = {
        .picture = &picture,
        .site = stage->site,
        .words = stage->words[language],
        .language = stage_languages[language],
        .kit = &kit,
        .width = width,
        .height = height,
        .tells_own_language = true,
    };
    lobby_fill(stage->ui, &lobby);
    CHECK(canvas_create(CANVAS_ARGB, width, height, &canvas) == STATUS_OK);
    *faults = ui_draw(stage->ui, &kit, canvas);
    return canvas;
}
