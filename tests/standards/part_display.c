/* The lobby's display: every page in every language and theme, both ways up; and a busy minute, frame by frame, for what
 * flashes, what moves, and whether every call stands as long as it is valid. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/ui_dump.h"
#include "display_stage.h"
#include "gates.h"
#include "motion.h"
#include "parts.h"
#include "quarter/check.h"

enum { VIEWING_MM = 5000, EN = 0 };

/* The example site's 55 inches, and the same turned. */
static const struct {
    const char *name;
    int width, height, width_mm;
} sides[] = {{"wide", 1920, 1080, 1210}, {"upright", 1080, 1920, 681}};

/* ---- scenes ------------------------------------------------------------------------------------------------------- */

static void forecast_everything(struct stage *stage)
{
    static const int waits[][3] = {{640, 780, 1180}, {320, 420, 800}, {1240, 1700, 2380},
                                   {40, 150, 590},   {0, 100, 300},   {6600, 7000, 8100}};
    for (int i = 0; i < stage->site->service_count; i++)
        stage_wait(stage, stage->site->services[i].code, waits[i % 6][0], waits[i % 6][1],
                   waits[i % 6][2]);
}

static void call_many(struct stage *stage, int count, const char *language)
{
    for (int i = 0; i < count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%s%02d", i % 3 == 0 ? "HB1" : "C", i + 1);
        stage_call(stage, number, stage->site->counters[i % stage->site->counter_count].code,
                   language);
    }
}

static void scene_starting(struct stage *stage)
{
    stage->now_ms += BOARD_STALE_MS;
}

static void scene_nobody(struct stage *stage)
{
    stage_show(stage, false);
}

static void scene_calls(struct stage *stage)
{
    forecast_everything(stage);
    call_many(stage, 4, "ur");
    stage_show(stage, true);
}

static void scene_notice(struct stage *stage)
{
    stage_notice(stage,
                 "The centre closes at 12:30 today for a fire drill and opens again at 13:30. Your "
                 "place in line is kept.",
                 "آج رہائش میں معمول سے زیادہ وقت لگ رہا ہے۔",
                 "આજે હાઉસિંગમાં સામાન્ય કરતાં વધુ સમય લાગે છે.");
    call_many(stage, 2, "pa");
    stage_show(stage, true);
}

static void scene_many(struct stage *stage)
{
    call_many(stage, 13, "gu");
    stage_show(stage, true);
}

static void scene_delay(struct stage *stage)
{
    scene_calls(stage);
    stage_delay(stage, "council_tax", 25, 40);
    stage_show(stage, false);
}

static void scene_stale(struct stage *stage)
{
    scene_calls(stage);
    stage->now_ms += 240000;
}

static void scene_closed(struct stage *stage)
{
    stage->view->open = false;
    for (int i = 0; i < stage->view->service_count; i++)
        stage->view->services[i].waiting = 0;
    CHECK(wire_read_time("2026-11-25T10:00:00.000Z", &stage->view->next_open_ms));
    stage_show(stage, false);
}

static const struct {
    const char *name;
    void (*set)(struct stage *stage);
} scenes[] = {{"starting", scene_starting}, {"nobody", scene_nobody}, {"calls", scene_calls},
              {"notice", scene_notice},     {"many", scene_many},     {"delay", scene_delay},
              {"stale", scene_stale},       {"closed", scene_closed}};
enum { SCENES = sizeof scenes / sizeof scenes[0] };

/* ---- pages -------------------------------------------------------------------------------------------------------- */

static void judge_page(struct stage *stage, int side, const struct canvas *canvas,
                       struct ledger *ledger)
{
    const struct ui_kit kit = {stage->text, stage->icons, &stage->theme};
    char *json = ui_dump_json(1, stage->ui, &kit);
    CHECK(json != NULL);
    struct dump *dump = dump_read(json);
    CHECK(dump != NULL);
    free(json);
    const struct page_seen page = {
        .dump = dump,
        .frame = canvas,
        .display = true,
        .mm_per_px = (double)sides[side].width_mm / sides[side].width,
        .viewing_mm = VIEWING_MM,
    };
    gates_page(ledger, &page);
    dump_destroy(dump);
}

static void judge_scene(struct stage *stage, int scene, int language, int side, int theme,
                        struct ledger *ledger)
{
    int faults = 0;
    ledger_place(ledger, "display %s %s %s %s", scenes[scene].name, stage_languages[language],
                 theme_kind_name((enum theme_kind)theme), sides[side].name);
    stage_reset(stage);
    scenes[scene].set(stage);
    struct canvas *canvas = stage_draw(stage, language, (enum theme_kind)theme, sides[side].width,
                                       sides[side].height, &faults);
    ledger_hold(ledger, GATE_WHOLE, faults == 0, "%d texts do not fit", faults);
    judge_page(stage, side, canvas, ledger);
    canvas_destroy(canvas);
}

/* ---- a busy minute ------------------------------------------------------------------------------------------------ */

enum { STEP_MS = 50, MINUTE_STEPS = 1600 };

struct minute {
    struct stage *stage;
    struct ledger *ledger;
    int64_t start_ms;
    struct motion *motion;
    struct ui *before;
    struct board_call announced;
    int64_t announced_ms; /* 0: what was announced has been looked for */
    bool changed_since;
};

static bool is_on_frame(const struct ui *ui, const char *number)
{
    for (size_t i = 0; i < ui_count(ui); i++) {
        const struct ui_element *element = ui_element(ui, i);
        if (element->role == UI_NUMBER && element->text != NULL &&
            strcmp(element->text, number) == 0)
            return true;
    }
    return false;
}

static void see_calls(struct minute *minute)
{
    const struct stage *stage = minute->stage;
    for (int i = 0; i < stage->view->call_count; i++)
        ledger_hold(minute->ledger, GATE_CALL_STAYS,
                    is_on_frame(stage->ui, stage->view->calls[i].number),
                    "%s stands and is not on the frame at %lld ms", stage->view->calls[i].number,
                    (long long)(stage->now_ms - minute->start_ms));
}

/* Recalls the call that has stood longest: a new announcement, as the server gives it. */
static void recall(struct stage *stage)
{
    struct board_call *call = &stage->view->calls[0];
    call->announcement = ++stage->view->announcement;
    call->recalls++;
}

static void take(struct minute *minute)
{
    struct stage *stage = minute->stage;
    stage->view->clock.heard_at_ms = stage->now_ms;
    board_take_view(stage->board, stage->view, stage->now_ms);
}

/* Somebody is called every few seconds, recalled, delayed; in the end everybody is served. */
static void script(struct minute *minute, int step)
{
    struct stage *stage = minute->stage;
    if (step % 140 == 0 && step < 1200) {
        char number[16];
        snprintf(number, sizeof number, "C%02d", step / 140 + 1);
        stage_call(stage, number, stage->site->counters[step / 140].code, "ur");
    } else if (step % 200 == 190 && stage->view->call_count > 0) {
        recall(stage);
    } else if (step == 600) {
        stage_delay(stage, "council_tax", 25, 40);
    } else if (step == 1400) {
        stage->view->call_count = 0;
    } else if (step % 80 != 0) {
        return;
    }
    take(minute);
}

/* Sound and picture: the call that is announced is on top at once; and within the chime, the blink of a recall included,
 * the picture has changed and the call is lit. */
static void see_announcement(struct minute *minute, bool announced, bool changed)
{
    enum { CHIME_MS = 1600 };
    struct board_picture picture;
    struct stage *stage = minute->stage;
    minute->changed_since |= changed;
    if (!announced &&
        (minute->announced_ms == 0 || stage->now_ms < minute->announced_ms + CHIME_MS))
        return;
    board_picture(stage->board, stage->site, stage->now_ms, &picture);
    const bool on_top = picture.call_count > 0 && picture.has_top &&
                        strcmp(picture.calls[0].ticket, minute->announced.ticket) == 0;
    if (announced) {
        ledger_hold(minute->ledger, GATE_RECALL, on_top, "%s is announced, another is on top",
                    minute->announced.number);
        minute->announced_ms = stage->now_ms;
        minute->changed_since = changed;
        return;
    }
    minute->announced_ms = 0;
    if (stage->view->call_count > 0)
        ledger_hold(minute->ledger, GATE_RECALL,
                    minute->changed_since && on_top && picture.top_fresh,
                    "%s was announced and the picture does not say so (recall %d)",
                    minute->announced.number, minute->announced.recalls);
}

static void fill(struct stage *stage, enum fault fault, int side)
{
    struct board_picture picture;
    theme_init(&stage->theme, THEME_DARK, stage->site->brand);
    const struct ui_kit kit = {stage->text, stage->icons, &stage->theme};
    board_picture(stage->board, stage->site, stage->now_ms, &picture);
    if (fault == FAULT_HIDES && picture.call_count > 2)
        picture.call_count--;
    const struct lobby lobby = {.picture = &picture,
                                .site = stage->site,
                                .words = stage->words[EN],
                                .language = stage_languages[EN],
                                .kit = &kit,
                                .width = sides[side].width,
                                .height = sides[side].height,
                                .tells_own_language = true};
    lobby_fill(stage->ui, &lobby);
}

static void run_minute(struct stage *stage, enum fault fault, int side, struct ledger *ledger)
{
    struct minute *minute = calloc(1, sizeof *minute);
    CHECK(minute != NULL);
    stage_reset(stage);
    forecast_everything(stage);
    *minute = (struct minute){
        .stage = stage, .ledger = ledger, .before = ui_create(), .motion = motion_create()};
    minute->start_ms = stage->now_ms;
    take(minute);
    struct canvas *canvas = NULL;
    CHECK(canvas_create(CANVAS_ARGB, sides[side].width, sides[side].height, &canvas) == STATUS_OK);
    int due = 0, heard = 0;
    for (int step = 0; step < MINUTE_STEPS; step++, stage->now_ms += STEP_MS) {
        const int32_t announcement = stage->view->announcement;
        script(minute, step);
        due += stage->view->announcement - announcement;
        const bool announced = board_advance(stage->board, stage->now_ms, &minute->announced);
        heard += announced;
        if (fault == FAULT_CONFUSES)
            memcpy(minute->announced.ticket, "other", sizeof "other");
        fill(stage, fault, side);
        const bool changed = !rect_is_empty(ui_damage(step > 0 ? minute->before : NULL, stage->ui));
        if (changed) {
            const struct ui_kit kit = {stage->text, stage->icons, &stage->theme};
            (void)ui_draw(stage->ui, &kit, canvas);
            motion_see(minute->motion, canvas, stage->now_ms);
        } else if (fault == FAULT_BLINKS) {
            const uint8_t light = step % 2 == 0 ? 255 : 0;
            canvas_fill(canvas, (struct rect){0, 0, 200, 200},
                        (struct colour){light, light, light, 255});
            motion_see(minute->motion, canvas, stage->now_ms);
        }
        see_announcement(minute, announced, changed);
        see_calls(minute);
        ui_copy(minute->before, stage->ui);
    }
    canvas_destroy(canvas);
    ledger_measure(ledger, GATE_FLASHES, motion_flashes(minute->motion), "a busy minute");
    ledger_measure(ledger, GATE_MOVES, motion_longest_s(minute->motion), "a busy minute");
    ledger_hold(ledger, GATE_RECALL, heard > 0 && heard >= due - 2,
                "%d calls and recalls, %d announced", due, heard);
    ui_destroy(minute->before);
    motion_destroy(minute->motion);
    free(minute);
}

bool part_display(const struct options *options, struct ledger *ledger)
{
    struct stage *stage = stage_create();
    int turn = 0;
    for (int scene = 0; options->fault == FAULT_NONE && scene < SCENES; scene++)
        for (int language = 0; language < STAGE_LANGUAGES; language++)
            for (int side = 0; side < 2; side++)
                for (int theme = 0; theme < 3; theme++)
                    if (options->all || (turn++ + side) % 3 == theme)
                        judge_scene(stage, scene, language, side, theme, ledger);
    for (int side = 0; side < 2; side++) {
        ledger_place(ledger, "display, a busy minute, %s", sides[side].name);
        run_minute(stage, options->fault, side, ledger);
    }
    stage_destroy(stage);
    return true;
}
