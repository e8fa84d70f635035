/* See kiosk_rig.h. */
#include "kiosk_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "site_kit.h"
#include "view/site_map.h"

/* The two kiosks of the example site, a small old screen of the wide one's size, and one in between. */
const struct shape shapes[SHAPES] = {
    {"upright", 1080, 1920, 268, 720},
    {"wide", 1920, 1080, 476, 800},
    {"small", 800, 600, 476, 780},
    {"middle", 1366, 768, 476, 800},
};

/* Somebody waits for everything, and how long is known of most. */
static struct board_view *make_board(const struct site_info *site)
{
    struct board_view *board = calloc(1, sizeof *board);
    CHECK(board != NULL);
    board->open = true;
    /* Tuesday 24 November 2026, 10:42 in London; open again on Thursday at 9. */
    board->clock = (struct client_clock){1795516920000, 0, 0};
    board->next_open_ms = 1795683600000;
    for (int i = 0; i < site->service_count; i++) {
        struct board_service *service = &board->services[board->service_count++];
        memcpy(service->service, site->services[i].code, sizeof service->service);
        service->waiting = service->ahead = i % 4;
        if (i % 4 != 3)
            service->wait = (struct wait_range){.known = true,
                                                .low_min = i % 3 * 10,
                                                .high_min = i % 3 * 15 + 5,
                                                .p50_s = 600,
                                                .p90_s = 900};
    }
    return board;
}

struct kiosk_rig *kiosk_rig_open(const char *site_dir, const char *share)
{
    char error[512] = "";
    struct site_info *site = site_kit_read(site_dir);
    if (site == NULL)
        return NULL;
    struct kiosk_rig *rig = calloc(1, sizeof *rig);
    CHECK(rig != NULL);
    rig->site = site;
    rig->map = site_map(site);
    for (int i = 0; i < site->language_count; i++)
        if (catalogue_open(share, site->languages[i].code, &rig->words[i], error, sizeof error) !=
            STATUS_OK)
            fprintf(stderr, "%s\n", error);
    if (text_engine_create(NULL, &rig->text, error, sizeof error) != STATUS_OK) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    rig->icons = icons_create(share);
    rig->ui = ui_create();
    rig->kit = (struct ui_kit){rig->text, rig->icons, &rig->theme};
    rig->board = make_board(site);
    return rig;
}

void kiosk_rig_close(struct kiosk_rig *rig)
{
    if (rig == NULL)
        return;
    for (int i = 0; i < rig->site->language_count; i++)
        catalogue_destroy(rig->words[i]);
    free(rig->board);
    ui_destroy(rig->ui);
    icons_destroy(rig->icons);
    text_engine_destroy(rig->text);
    site_info_destroy(rig->site);
    free(rig);
}

bool kiosk_rig_lay(struct kiosk_rig *rig, const struct journey *journey, const struct look *look,
                   const char *focused, int64_t now_ms)
{
    const struct shape *shape = &shapes[look->shape];
    struct journey shown = *journey;
    shown.language = look->language;
    shown.text_size = look->text_size;
    if (rig->fault == FAULT_SHRINKS)
        shown.text_size = TEXT_SIZES - 1 - look->text_size;
    if (rig->fault == FAULT_STAYS)
        shown.text_size = 0;
    if (rig->fault == FAULT_SUDDEN)
        shown.asking = false;
    shown.low_reach = look->low_reach;
    shown.contrast = look->theme == THEME_CONTRAST;
    shown.keypad = shown.keypad || focused != NULL;
    const enum theme_kind theme = (enum theme_kind)look->theme;
    theme_init(&rig->theme, theme, rig->site->brand);
    struct site_device device = {.width_mm = shape->width_mm, .bottom_mm = shape->bottom_mm};
    snprintf(device.code, sizeof device.code, "kiosk-1");
    rig->board->clock.heard_at_ms = now_ms;
    const struct catalogue *tile_words[QUARTER_LANGUAGES_MAX];
    memcpy(tile_words, rig->words, sizeof tile_words);
    const bool starting = journey->page == PAGE_STARTING;
    const struct kiosk_content content = {
        .journey = &shown,
        .site = starting ? NULL : rig->site,
        .board = rig->board,
        .words = rig->words[look->language],
        .language = rig->site->languages[look->language].code,
        .tile_words = tile_words,
        .clock = starting                                               ? ""
                 : rig->fault == FAULT_FIDGETS && now_ms / 100 % 2 == 0 ? "10:43"
                                                                        : "10:42",
        .now_ms = now_ms,
        .focused = focused,
        .device = &device,
        .theme = theme,
        .width = shape->width,
        .height = shape->height};
    return kiosk_view_lay(&content, &rig->kit, rig->ui);
}

static void fresh_key(struct journey_input *input)
{
    for (int i = 0; i < JOURNEY_KEY_LEN; i++)
        input->fresh_key[i] = (char)('a' + i % 16);
}

struct journey_input kiosk_rig_touch(const struct kiosk_rig *rig, const struct journey *journey,
                                     const char *id)
{
    struct journey_input input = {.kind = INPUT_TOUCH};
    input.action = site_map_action(rig->site, journey->question, id, &input.item);
    fresh_key(&input);
    return input;
}

static bool is_ignored(enum fault fault, enum journey_action action)
{
    const bool away =
        action == ACTION_BACK || action == ACTION_START_AGAIN || action == ACTION_FINISHED;
    return (fault == FAULT_IMPATIENT && action == ACTION_STILL_HERE) ||
           (fault == FAULT_DETOUR && action == ACTION_GET_TICKET) ||
           (fault == FAULT_DEAD && action == ACTION_HELP) || (fault == FAULT_TRAP && away);
}

struct journey_step kiosk_rig_next(const struct kiosk_rig *rig, const struct journey *journey,
                                   const struct journey_input *input, int64_t now_ms)
{
    enum { HASTE_MS = 5000 };
    struct journey before = *journey;
    if (input->kind == INPUT_TOUCH && is_ignored(rig->fault, input->action))
        return (struct journey_step){.journey = before};
    if (rig->fault == FAULT_BOUNCES)
        before.struck_ms = now_ms - JOURNEY_DOUBLE_MS;
    if (rig->fault == FAULT_HASTY && before.asking && input->kind == INPUT_TICK)
        now_ms += HASTE_MS;
    struct journey_step step = journey_next(&before, &rig->map, input, now_ms);
    if (rig->fault == FAULT_REMEMBERS && journey_at_rest(&step.journey) && before.asked_count > 0)
        memcpy(step.journey.searched, before.asked[before.asked_count - 1].text,
               sizeof step.journey.searched);
    return step;
}

struct journey kiosk_rig_begin(const struct kiosk_rig *rig, int64_t now_ms)
{
    const struct journey_input news[] = {
        {.kind = INPUT_ONLINE},
        {.kind = INPUT_SITE},
        {.kind = INPUT_DOORS, .open = true},
        {.kind = INPUT_PAPER, .paper = PAPER_READY},
    };
    struct journey journey = journey_begin(now_ms);
    for (size_t i = 0; i < sizeof news / sizeof news[0]; i++)
        journey = kiosk_rig_next(rig, &journey, &news[i], now_ms).journey;
    return journey;
}

struct journey_input kiosk_rig_ticket(const struct journey *journey, bool full)
{
    struct journey_input input = {.kind = INPUT_TICKET};
    memcpy(input.key, journey->key, sizeof input.key);
    snprintf(input.ticket.id, sizeof input.ticket.id, "01JDBQ2R9S5T8VWXYZ01234567");
    snprintf(input.ticket.number, sizeof input.ticket.number, full ? "HB104" : "B07");
    input.ticket.ahead = 4;
    if (!full)
        return input;
    input.ticket.has_wait = true;
    input.ticket.wait_low_min = 10;
    input.ticket.wait_high_min = 25;
    input.ticket.nobody_serves = true;
    snprintf(input.ticket.url, sizeof input.ticket.url,
             "https://queue.example.gov.uk/t/01JDBQ2R9S5T8VWXYZ0123456789AB");
    return input;
}

int64_t kiosk_rig_wait(const struct kiosk_rig *rig, struct journey *journey, int64_t now_ms)
{
    enum { STEP_MS = 100, FIVE_MINUTES_MS = 300000 };
    const struct journey_input tick = {.kind = INPUT_TICK};
    for (int64_t at = now_ms; at < now_ms + FIVE_MINUTES_MS; at += STEP_MS) {
        *journey = kiosk_rig_next(rig, journey, &tick, at).journey;
        if (journey->asking)
            return at;
        if (journey_at_rest(journey))
            return 0;
    }
    return 0;
}
