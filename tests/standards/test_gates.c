/* A gate that cannot fail guards nothing: each of them is shown a page that is right and one with the one fault it is
 * there for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/screen/ui_dump.h"
#include "gates.h"
#include "motion.h"
#include "test_kit.h"

enum { WIDTH = 1080, HEIGHT = 1920, HEADING = 0, GREETING, FIRST, SECOND, BACK, ELEMENTS };

struct rig {
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *ui;
    struct canvas *canvas;
    struct dump *dump;
    struct ledger *ledger;
    struct page_seen page;
    struct ui_element elements[ELEMENTS];
};

static const struct ui_element good[ELEMENTS] = {
    [HEADING] = {.id = "title",
                 .role = UI_HEADING,
                 .rect = {64, 200, 952, 120},
                 .text = "What do you need?",
                 .size_px = 68,
                 .weight = TEXT_BOLD},
    [GREETING] = {.id = "greeting",
                  .role = UI_TEXT,
                  .rect = {64, 340, 952, 80},
                  .text = "Hello. We can help.",
                  .size_px = 42,
                  .ink = TOKEN_SOFT},
    [FIRST] = {.id = "first",
               .role = UI_BUTTON,
               .rect = {64, 500, 952, 176},
               .padding_px = 40,
               .padding_y_px = 16,
               .fill = TOKEN_CARD,
               .border = TOKEN_LINE_STRONG,
               .radius = 24,
               .text = "Housing",
               .detail = "Rent and repairs",
               .size_px = 50,
               .detail_px = 42,
               .icon = "forward",
               .icon_px = 48,
               .icon_place = UI_ICON_END,
               .focus = 1},
    [SECOND] = {.id = "not-sure",
                .role = UI_BUTTON,
                .rect = {64, 700, 952, 176},
                .padding_px = 40,
                .padding_y_px = 16,
                .fill = TOKEN_BRAND,
                .ink = TOKEN_ON_BRAND,
                .radius = 24,
                .text = "I'm not sure",
                .size_px = 50,
                .focus = 2},
    [BACK] = {.id = "back",
              .role = UI_BUTTON,
              .rect = {64, 1720, 300, 176},
              .padding_px = 20,
              .border = TOKEN_LINE_STRONG,
              .text = "Back",
              .size_px = 42,
              .focus = 3},
};

static void forget(struct rig *rig)
{
    dump_destroy(rig->dump);
    canvas_destroy(rig->canvas);
    ledger_destroy(rig->ledger);
    rig->dump = NULL;
    rig->canvas = NULL;
    rig->ledger = ledger_create();
}

static void draw(struct rig *rig, const char *name)
{
    ui_begin(rig->ui, &(struct ui_page){.name = name,
                                        .language = "en",
                                        .theme = rig->theme.kind,
                                        .width = WIDTH,
                                        .height = HEIGHT,
                                        .mm_per_px = 0.2481,
                                        .bottom_mm = 720,
                                        .viewing_mm = 600});
    for (int i = 0; i < ELEMENTS; i++)
        if (rig->elements[i].id != NULL)
            ui_add(rig->ui, &rig->elements[i]);
    assert_int_equal(canvas_create(CANVAS_ARGB, WIDTH, HEIGHT, &rig->canvas), STATUS_OK);
    (void)ui_draw(rig->ui, &rig->kit, rig->canvas);
    char *json = ui_dump_json(1, rig->ui, &rig->kit);
    rig->dump = dump_read(json);
    assert_non_null(rig->dump);
    free(json);
    rig->page = (struct page_seen){.dump = rig->dump,
                                   .frame = rig->canvas,
                                   .mm_per_px = rig->dump->mm_per_px,
                                   .bottom_mm = rig->dump->bottom_mm,
                                   .viewing_mm = rig->dump->viewing_mm};
}

/* Draws and judges the rig's elements. */
static void judge(struct rig *rig)
{
    forget(rig);
    draw(rig, "services");
    gates_page(rig->ledger, &rig->page);
}

static void start_right(struct rig *rig)
{
    theme_init(&rig->theme, THEME_LIGHT, NULL);
    memcpy(rig->elements, good, sizeof good);
}

/* That gate fails, and no other does but the ones that must with it. */
static void expect_only(struct rig *rig, enum gate gate, enum gate also)
{
    if (ledger_failures(rig->ledger, gate) == 0)
        fail_msg("%s does not see it", gate_terms(gate).code);
    for (int i = 0; i < GATES; i++)
        if (i != (int)gate && i != (int)also && ledger_failures(rig->ledger, (enum gate)i) > 0)
            fail_msg("%s complains too: %s", gate_terms((enum gate)i).code,
                     ledger_example(rig->ledger, (enum gate)i, 0));
}

static void a_right_page_passes_every_gate(void **state)
{
    struct rig *rig = *state;
    for (int theme = THEME_LIGHT; theme <= THEME_CONTRAST; theme++) {
        start_right(rig);
        theme_init(&rig->theme, (enum theme_kind)theme, NULL);
        judge(rig);
        if (ledger_all_failures(rig->ledger) != 0)
            ledger_print(rig->ledger);
        assert_int_equal(ledger_all_failures(rig->ledger), 0);
        static const enum gate looked[] = {
            GATE_CAP_KIOSK,   GATE_TARGET,   GATE_GAP,   GATE_TEXT_CONTRAST, GATE_REACH_LOW,
            GATE_REACH_HIGH,  GATE_WHOLE,    GATE_APART, GATE_INK,           GATE_ONE_THING,
            GATE_FOCUS_ORDER, GATE_SENTENCE, GATE_PLAIN, GATE_NOT_SURE,      GATE_CONTROL_CONTRAST};
        for (size_t i = 0; i < sizeof looked / sizeof looked[0]; i++)
            assert_true(ledger_looks(rig->ledger, looked[i]) > 0);
    }
    assert_true(ledger_looks(rig->ledger, GATE_HIGH_CONTRAST) > 0);
}

static void small_letters_are_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[GREETING].size_px = 40;
    judge(rig);
    expect_only(rig, GATE_CAP_KIOSK, GATES);
    start_right(rig);
    rig->elements[FIRST].detail_px = 38;
    judge(rig);
    expect_only(rig, GATE_CAP_KIOSK, GATES);
}

static void small_and_crowded_targets_are_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[BACK].rect.h = 78;
    judge(rig);
    expect_only(rig, GATE_TARGET, GATES);
    start_right(rig);
    rig->elements[SECOND].rect.y = 500 + 176 + 3;
    judge(rig);
    expect_only(rig, GATE_GAP, GATES);
}

static void targets_out_of_reach_are_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[FIRST].rect.y = 440;
    judge(rig);
    assert_int_equal(ledger_failures(rig->ledger, GATE_REACH_HIGH), 0);
    forget(rig);
    draw(rig, "services");
    rig->page.bottom_mm = 900;
    gates_page(rig->ledger, &rig->page);
    expect_only(rig, GATE_REACH_HIGH, GATES);
    forget(rig);
    draw(rig, "services");
    rig->page.bottom_mm = 300;
    gates_page(rig->ledger, &rig->page);
    expect_only(rig, GATE_REACH_LOW, GATES);
    forget(rig);
    draw(rig, "services");
    rig->page.low_reach = true;
    gates_page(rig->ledger, &rig->page);
    expect_only(rig, GATE_LOW_REACH_LOW, GATES);
    forget(rig);
    draw(rig, "services");
    rig->page.low_reach = true;
    rig->page.bottom_mm = 810;
    gates_page(rig->ledger, &rig->page);
    expect_only(rig, GATE_LOW_REACH_HIGH, GATES);
}

static void faint_text_is_seen_on_the_frame(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[GREETING].ink = TOKEN_LINE_STRONG; /* 3.5 : 1 */
    judge(rig);
    expect_only(rig, GATE_TEXT_CONTRAST, GATES);
    start_right(rig);
    rig->elements[FIRST].icon_ink = TOKEN_LINE;
    judge(rig);
    expect_only(rig, GATE_CONTROL_CONTRAST, GATES);
}

static void little_contrast_is_seen_in_the_contrast_theme(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    theme_init(&rig->theme, THEME_CONTRAST, NULL);
    rig->theme.colours[TOKEN_SOFT] = (struct colour){0x80, 0x80, 0x80, 255}; /* 5.3 : 1 on black */
    judge(rig);
    expect_only(rig, GATE_HIGH_CONTRAST, GATES);
}

static void a_faint_edge_is_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[FIRST].border = TOKEN_LINE;
    judge(rig);
    expect_only(rig, GATE_CONTROL_CONTRAST, GATES);
}

static void text_that_does_not_fit_is_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[GREETING].rect.w = 240;
    judge(rig);
    assert_true(ledger_failures(rig->ledger, GATE_WHOLE) > 0);
    start_right(rig);
    rig->elements[GREETING].text = "Hello \U00013000."; /* no font of ours has hieroglyphs */
    judge(rig);
    assert_true(ledger_failures(rig->ledger, GATE_WHOLE) > 0);
    start_right(rig);
    rig->elements[FIRST].rect.x = 200;
    judge(rig);
    assert_true(ledger_failures(rig->ledger, GATE_WHOLE) > 0);
}

static void overlap_is_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[GREETING].rect.y = 480;
    judge(rig);
    assert_true(ledger_failures(rig->ledger, GATE_APART) > 0);
    start_right(rig);
    rig->elements[FIRST].padding_px = 0; /* the letters touch the frame of the tile */
    rig->elements[FIRST].padding_y_px = 0;
    judge(rig);
    expect_only(rig, GATE_APART, GATES);
}

/* The dump is a claim; the frame is the proof. */
static void a_frame_unlike_its_dump_is_seen(void **state)
{
    struct rig *rig = *state;
    const struct colour ink = {0x14, 0x21, 0x3d, 255};
    start_right(rig);
    forget(rig);
    draw(rig, "services"); /* a smudge where nobody claims anything */
    canvas_fill(rig->canvas, (struct rect){600, 1200, 4, 4}, ink);
    gates_ink(rig->ledger, &rig->page);
    expect_only(rig, GATE_INK, GATES);
    forget(rig);
    draw(rig, "services"); /* words that are not there */
    canvas_fill(rig->canvas, rig->dump->elements[GREETING].text_ink,
                theme_colour(&rig->theme, TOKEN_PAPER));
    gates_ink(rig->ledger, &rig->page);
    expect_only(rig, GATE_INK, GATES);
    forget(rig);
    draw(rig, "services"); /* half of them */
    struct rect half = rig->dump->elements[GREETING].text_ink;
    half.w /= 2;
    canvas_fill(rig->canvas, half, theme_colour(&rig->theme, TOKEN_PAPER));
    gates_ink(rig->ledger, &rig->page);
    expect_only(rig, GATE_INK, GATES);
    forget(rig);
    draw(rig, "services"); /* letters lower than the dump says */
    rig->dump->elements[BACK].cap_px += 6;
    gates_ink(rig->ledger, &rig->page);
    expect_only(rig, GATE_INK, GATES);
    forget(rig);
    draw(rig, "services"); /* a fill of another colour */
    canvas_fill(rig->canvas, rect_inset(rig->dump->elements[SECOND].rect, 30), ink);
    gates_ink(rig->ledger, &rig->page);
    expect_only(rig, GATE_INK, GATES);
}

static void a_wrong_way_through_the_keys_is_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[SECOND].focus = 1;
    judge(rig);
    expect_only(rig, GATE_FOCUS_ORDER, GATES);
    start_right(rig);
    rig->elements[FIRST].focus = 2;
    rig->elements[SECOND].focus = 1;
    judge(rig);
    expect_only(rig, GATE_FOCUS_ORDER, GATES);
    start_right(rig);
    rig->elements[FIRST].focus = 0;
    judge(rig);
    expect_only(rig, GATE_FOCUS_ORDER, GATES);
    start_right(rig);
    rig->elements[BACK].focus = 1;
    rig->elements[FIRST].focus = 2;
    rig->elements[SECOND].focus = 3;
    judge(rig);
    expect_only(rig, GATE_FOCUS_ORDER, GATES);
    start_right(rig);
    rig->elements[GREETING].focus = 4;
    judge(rig);
    expect_only(rig, GATE_FOCUS_ORDER, GATES);
}

static void words_for_machines_are_seen(void **state)
{
    static const char *const bad[] = {"Invalid answer.", "See housing_options.", "Now {n} wait.",
                                      "The server is away."};
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        start_right(rig);
        rig->elements[GREETING].text = bad[i];
        judge(rig);
        expect_only(rig, GATE_PLAIN, GATES);
    }
    start_right(rig);
    rig->elements[FIRST].text = "Next";
    judge(rig);
    expect_only(rig, GATE_PLAIN, GATES);
    start_right(rig);
    rig->elements[GREETING].rect.h = 140;
    rig->elements[GREETING].text = "a a a a a a a a a a a a a a a a a a a a a a a a a a.";
    judge(rig);
    expect_only(rig, GATE_SENTENCE, GATES);
    start_right(rig);
    rig->elements[SECOND].id = "something";
    judge(rig);
    expect_only(rig, GATE_NOT_SURE, GATES);
    start_right(rig);
    rig->elements[GREETING].role = UI_HEADING;
    judge(rig);
    expect_only(rig, GATE_ONE_THING, GATES);
}

/* Draws the same page with an element in focus and judges the ring. */
static void judge_focus(struct rig *rig, int index, enum token ring)
{
    forget(rig);
    draw(rig, "services");
    struct canvas *before = rig->canvas;
    struct dump *dump = rig->dump;
    rig->canvas = NULL;
    rig->dump = NULL;
    struct page_seen page = rig->page;
    page.frame = before;
    const struct colour kept = rig->theme.colours[TOKEN_BRAND];
    rig->theme.colours[TOKEN_BRAND] = theme_colour(&rig->theme, ring);
    rig->elements[index].focused = true;
    draw(rig, "services");
    rig->theme.colours[TOKEN_BRAND] = kept;
    rig->elements[index].focused = false;
    gates_focus(rig->ledger, &page, rig->canvas, &dump->elements[index]);
    dump_destroy(dump);
    canvas_destroy(before);
}

static void a_faint_focus_is_seen(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    judge_focus(rig, FIRST, TOKEN_BRAND);
    assert_int_equal(ledger_all_failures(rig->ledger), 0);
    judge_focus(rig, SECOND, TOKEN_BRAND);
    assert_int_equal(ledger_all_failures(rig->ledger), 0);
    judge_focus(rig, FIRST, TOKEN_LINE);
    expect_only(rig, GATE_FOCUS_CONTRAST, GATES);
}

static void a_display_is_judged_from_afar(void **state)
{
    struct rig *rig = *state;
    start_right(rig);
    rig->elements[HEADING] = (struct ui_element){.id = "call-H07",
                                                 .role = UI_NUMBER,
                                                 .rect = {64, 100, 952, 300},
                                                 .text = "H07",
                                                 .size_px = 138};
    rig->elements[GREETING] = (struct ui_element){.id = "service-parking-value",
                                                  .role = UI_NUMBER,
                                                  .rect = {64, 500, 952, 200},
                                                  .text = "5 to 10",
                                                  .size_px = 83};
    for (int i = FIRST; i < ELEMENTS; i++)
        rig->elements[i] = (struct ui_element){0};
    rig->elements[FIRST] = (struct ui_element){
        .id = "notice", .rect = {64, 800, 952, 200}, .text = "Hello", .size_px = 56};
    static const enum gate gates[] = {GATE_CAP_CALLS, GATE_CAP_WAITS, GATE_CAP_NOTICES};
    for (int low = -1; low < 3; low++) {
        const int kept = low >= 0 ? rig->elements[low].size_px : 0;
        if (low >= 0)
            rig->elements[low].size_px -= 5;
        forget(rig);
        draw(rig, "live");
        rig->page.display = true;
        rig->page.mm_per_px = 0.634;
        rig->page.viewing_mm = 5000;
        gates_page(rig->ledger, &rig->page);
        if (low >= 0) {
            expect_only(rig, gates[low], GATES);
            rig->elements[low].size_px = kept;
        } else {
            assert_int_equal(ledger_all_failures(rig->ledger), 0);
        }
    }
}

/* A square that goes on and off `hz` times a second for some time. */
static void flicker(int hz, int for_ms, double *flashes, double *moves)
{
    struct motion *motion = motion_create();
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, 640, 480, &canvas), STATUS_OK);
    const struct colour colours[2] = {{20, 20, 20, 255}, {250, 250, 250, 255}};
    for (int turn = 0; turn * 500 / hz < for_ms; turn++) {
        canvas_fill(canvas, (struct rect){100, 100, 60, 60}, colours[turn % 2]);
        motion_see(motion, canvas, 1000 + turn * 500 / hz);
    }
    *flashes = motion_flashes(motion);
    *moves = motion_longest_s(motion);
    canvas_destroy(canvas);
    motion_destroy(motion);
}

static void flashes_and_endless_movement_are_seen(void **state)
{
    double flashes, moves;
    (void)state;
    flicker(5, 3000, &flashes, &moves);
    assert_true(flashes > 3);
    assert_true(moves < 5);
    flicker(2, 9000, &flashes, &moves);
    assert_true(flashes <= 3);
    assert_true(moves > 5);
}

static void a_saved_ledger_is_read_back_and_added_up(void **state)
{
    (void)state;
    char dir[] = "/tmp/quarter-standards-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    struct ledger *ledger = ledger_create();
    ledger_place(ledger, "ready en");
    ledger_measure(ledger, GATE_TARGET, 25, "a");
    ledger_measure(ledger, GATE_TARGET, 18, "b");
    ledger_hold(ledger, GATE_INK, false, "a smudge");
    for (int cut = 0; cut < 4; cut++) { /* no letter is cut in two, whatever it is cut at */
        char long_text[400] = "xxx";
        for (size_t at = (size_t)cut; at + 4 < sizeof long_text; at += 3)
            memcpy(long_text + at, "\u0915", 4);
        ledger_hold(ledger, GATE_WHOLE, false, "%s", long_text);
    }
    assert_true(ledger_save(ledger, dir, "part"));
    snprintf(path, sizeof path, "%s/part.json", dir);
    assert_true(ledger_load(ledger, path));
    assert_int_equal(ledger_looks(ledger, GATE_TARGET), 4);
    assert_int_equal(ledger_failures(ledger, GATE_TARGET), 2);
    assert_int_equal(ledger_failures(ledger, GATE_INK), 2);
    assert_true(ledger_worst(ledger, GATE_TARGET) > 17.9 &&
                ledger_worst(ledger, GATE_TARGET) < 18.1);
    assert_string_equal(ledger_example(ledger, GATE_INK, 0), "ready en: a smudge");
    assert_null(ledger_example(ledger, GATE_INK, 1));
    assert_true(ledger_report(ledger, dir));
    assert_false(ledger_load(ledger, "/none/part.json"));
    ledger_destroy(ledger);
    kit_remove_folder(dir);
}

static int open_rig(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    char error[512];
    assert_non_null(rig);
    if (text_engine_create(NULL, &rig->text, error, sizeof error) != STATUS_OK)
        fail_msg("%s", error);
    rig->icons = icons_create(SHARE_DIR);
    rig->ui = ui_create();
    rig->kit = (struct ui_kit){rig->text, rig->icons, &rig->theme};
    *state = rig;
    return 0;
}

static int close_rig(void **state)
{
    struct rig *rig = *state;
    dump_destroy(rig->dump);
    canvas_destroy(rig->canvas);
    ledger_destroy(rig->ledger);
    ui_destroy(rig->ui);
    icons_destroy(rig->icons);
    text_engine_destroy(rig->text);
    free(rig);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_page_passes_every_gate),
        cmocka_unit_test(small_letters_are_seen),
        cmocka_unit_test(small_and_crowded_targets_are_seen),
        cmocka_unit_test(targets_out_of_reach_are_seen),
        cmocka_unit_test(faint_text_is_seen_on_the_frame),
        cmocka_unit_test(little_contrast_is_seen_in_the_contrast_theme),
        cmocka_unit_test(a_faint_edge_is_seen),
        cmocka_unit_test(text_that_does_not_fit_is_seen),
        cmocka_unit_test(overlap_is_seen),
        cmocka_unit_test(a_frame_unlike_its_dump_is_seen),
        cmocka_unit_test(a_wrong_way_through_the_keys_is_seen),
        cmocka_unit_test(words_for_machines_are_seen),
        cmocka_unit_test(a_faint_focus_is_seen),
        cmocka_unit_test(a_display_is_judged_from_afar),
        cmocka_unit_test(flashes_and_endless_movement_are_seen),
        cmocka_unit_test(a_saved_ledger_is_read_back_and_added_up),
    };
    return cmocka_run_group_tests(tests, open_rig, close_rig);
}
