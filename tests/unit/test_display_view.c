/* QUARTER_PICTURES=1 keeps a picture of every scene and language in build/X/pictures/display.
 * The lobby's pages: everything fits in nine languages, both ways up; letters are as high as the standard asks, on the
 * frame itself; ink stays in its card and apart; and the pictures are those that were looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <SDL_image.h>

#include "display/screen/ui_plan.h"
#include "display_stage.h"
#include "quarter/check.h"

enum { EN = 0, GU = 1, UR = 3, CALL_CAP_PX = 96, WAIT_CAP_PX = 58, NOTICE_CAP_PX = 39 };

static const char short_notice_en[] =
    "Housing takes longer than usual today. We are sorry, and will update you at 11:00.";
static const char short_notice_ur[] = "آج رہائش میں معمول سے زیادہ وقت لگ رہا ہے۔";
static const char short_notice_gu[] = "આજે હાઉસિંગમાં સામાન્ય કરતાં વધુ સમય લાગે છે.";
static const char long_notice_en[] =
    "The centre closes at 12:30 today for a fire drill and opens again at 13:30. Your place in "
    "line is "
    "kept: please come back to this room, and we call you in the same order as before.";

/* --- scenes ------------------------------------------------------------------------------------------------------ */

static void scene_starting(struct stage *stage)
{
    (void)stage;
}

static void scene_starting_late(struct stage *stage)
{
    stage->now_ms += BOARD_STALE_MS;
}

static void scene_nobody(struct stage *stage)
{
    stage_show(stage, false);
}

/* The mock-up's lobby. */
static void scene_live(struct stage *stage)
{
    stage_call(stage, "P12", "6", "");
    stage_call(stage, "B04", "room-2", "");
    stage_call(stage, "C21", "1", "");
    stage_call(stage, "H07", "3", "en");
    stage_show(stage, true);
}

static void scene_notice(struct stage *stage)
{
    stage_notice(stage, short_notice_en, short_notice_ur, short_notice_gu);
    stage_wait(stage, "council_tax", 600, 700, 900);
    stage_wait(stage, "housing_options", 1500, 1800, 2100);
    stage_wait(stage, "housing_benefit", 300, 400, 590);
    stage_call(stage, "C21", "10", "");
    stage_call(stage, "H104", "room-1", "pa");
    stage_show(stage, true);
}

/* One that staff posted: its words are the catalogue's, the longest of them. */
static void scene_template(struct stage *stage)
{
    stage_template(stage, "delay", "housing_options", 45);
    stage_wait(stage, "council_tax", 600, 700, 900);
    stage_call(stage, "C21", "10", "");
    stage_show(stage, true);
}

static void scene_long_notice(struct stage *stage)
{
    stage_notice(stage, long_notice_en, NULL, NULL);
    stage_call(stage, "C21", "10", "");
    stage_show(stage, false);
    stage_wait_for(stage, 2 * BOARD_TICK_MS);
}

/* The visitor's own language beside ours, and the widest number. */
static void scene_own(struct stage *stage)
{
    stage_call(stage, "HB103", "9", "");
    stage_call(stage, "HB104", "10", "ur");
    stage_show(stage, true);
}

static void scene_six(struct stage *stage)
{
    static const char *const numbers[] = {"W03", "S11", "M40", "HB103", "C22", "H08"};
    static const char *const counters[] = {"7", "8", "10", "room-1", "2", "4"};
    for (int i = 0; i < 6; i++)
        stage_call(stage, numbers[i], counters[i], "gu");
    stage_show(stage, false);
}

static void scene_many(struct stage *stage)
{
    for (int i = 0; i < stage->site->counter_count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%s%02d", i == 3 ? "HB1" : "C", i + 1);
        stage_call(stage, number, stage->site->counters[i].code, "ur");
    }
    stage_show(stage, true);
}

static void scene_stale(struct stage *stage)
{
    scene_live(stage);
    stage->now_ms += 240000;
}

static void scene_many_stale(struct stage *stage)
{
    scene_many(stage);
    stage->now_ms += 60000;
}

static void scene_closed(struct stage *stage)
{
    stage->view->open = false;
    for (int i = 0; i < stage->view->service_count; i++)
        stage->view->services[i].waiting = 0;
    assert_true(wire_read_time("2026-11-25T10:00:00.000Z", &stage->view->next_open_ms));
    stage_show(stage, false);
}

static void scene_closed_long(struct stage *stage)
{
    scene_closed(stage);
    assert_true(wire_read_time("2026-12-29T09:00:00.000Z", &stage->view->next_open_ms));
    stage_show(stage, false);
}

/* A forecast for everything, as an ordinary morning has. */
static void set_waits(struct stage *stage)
{
    stage_wait(stage, "council_tax", 640, 780, 1180);
    stage_wait(stage, "housing_benefit", 320, 420, 800);
    stage_wait(stage, "housing_options", 1240, 1700, 2380);
    stage_wait(stage, "repairs", 40, 150, 590);
    stage_wait(stage, "parking", 0, 0, 100);
    stage_wait(stage, "payments", 0, 100, 300);
    stage_wait(stage, "blue_badge", 320, 720, 1100);
    stage_wait(stage, "social_care", 1300, 2000, 3100);
    stage_wait(stage, "schools", 100, 300, 600);
    stage_wait(stage, "registration", 6600, 7000, 8100);
}

static void scene_waits(struct stage *stage)
{
    set_waits(stage);
    scene_live(stage);
}

/* The forecast got worse a moment ago. */
static void scene_delay(struct stage *stage)
{
    scene_waits(stage);
    stage_delay(stage, "council_tax", 25, 40);
    stage_wait(stage, "council_tax", 1500, 1900, 2400);
    stage_show(stage, false);
}

static void scene_delay_standing(struct stage *stage)
{
    set_waits(stage);
    stage_delay(stage, "council_tax", 25, 40);
    stage_delay(stage, "registration", 120, 150);
    stage_call(stage, "C21", "10", "");
    stage_call(stage, "H104", "room-1", "pa");
    stage_show(stage, true);
    stage_wait_for(stage, BOARD_FRESH_MS - 2000);
}

/* Calls come first: the waits' panel gives way to them, the strip only where there is no room at all. */
static void scene_delay_many(struct stage *stage)
{
    stage_delay(stage, "registration", 120, 150);
    for (int i = 0; i < 9; i++) {
        char number[16];
        snprintf(number, sizeof number, "%s%02d", i == 3 ? "HB1" : "C", i + 1);
        stage_call(stage, number, stage->site->counters[i].code, "ur");
    }
    stage_show(stage, true);
}

static void scene_delay_five(struct stage *stage)
{
    scene_six(stage);
    stage->view->call_count = 4;
    stage_delay(stage, "housing_options", 40, 55);
    stage_show(stage, false);
}

static void scene_delay_stale(struct stage *stage)
{
    scene_delay(stage);
    stage->now_ms += 240000;
}

static void scene_delay_everywhere(struct stage *stage)
{
    scene_many(stage);
    for (int i = 0; i < stage->site->service_count; i++)
        stage_delay(stage, stage->site->services[i].code, 25, 40);
    stage_show(stage, false);
}

static void scene_idle(struct stage *stage)
{
    for (int i = 0; i < stage->view->service_count; i++)
        stage->view->services[i].waiting = 0;
    stage_show(stage, false);
}

enum { NO_GOLDEN = 0, GOLDEN = 1, BOTH_WAYS = 2, LIGHT = 4 };

static const struct scene {
    const char *name;
    void (*set)(struct stage *stage);
    int golden; /* of the flags */
} scenes[] = {
    {"starting", scene_starting, NO_GOLDEN},
    {"starting-late", scene_starting_late, NO_GOLDEN},
    {"nobody", scene_nobody, GOLDEN},
    {"live", scene_live, GOLDEN},
    {"notice", scene_notice, GOLDEN | BOTH_WAYS},
    {"notice-template", scene_template, NO_GOLDEN},
    {"long-notice", scene_long_notice, NO_GOLDEN},
    {"own", scene_own, GOLDEN},
    {"six", scene_six, NO_GOLDEN},
    {"many", scene_many, GOLDEN},
    {"stale", scene_stale, GOLDEN},
    {"many-stale", scene_many_stale, NO_GOLDEN},
    {"closed", scene_closed, GOLDEN},
    {"closed-long", scene_closed_long, NO_GOLDEN},
    {"waits", scene_waits, GOLDEN},
    {"delay", scene_delay, GOLDEN | LIGHT},
    {"delay-standing", scene_delay_standing, GOLDEN | BOTH_WAYS | LIGHT},
    {"delay-many", scene_delay_many, GOLDEN},
    {"delay-five", scene_delay_five, NO_GOLDEN},
    {"delay-stale", scene_delay_stale, NO_GOLDEN},
    {"delay-everywhere", scene_delay_everywhere, NO_GOLDEN},
    {"idle", scene_idle, NO_GOLDEN},
};
enum { SCENES = sizeof scenes / sizeof scenes[0] };

static const struct {
    const char *name;
    int width, height;
} sides[] = {{"", 1920, 1080}, {"portrait-", 1080, 1920}};

static struct canvas *draw(struct stage *stage, const struct scene *scene, int language,
                           enum theme_kind theme, int side, int *faults)
{
    stage_reset(stage);
    scene->set(stage);
    return stage_draw(stage, language, theme, sides[side].width, sides[side].height, faults);
}

static const struct scene *scene_named(const char *name)
{
    for (int i = 0; i < SCENES; i++)
        if (strcmp(scenes[i].name, name) == 0)
            return &scenes[i];
    check_failed(name, __FILE__, __LINE__);
}

static int set_up(void **state)
{
    *state = stage_create();
    return 0;
}

static int tear_down(void **state)
{
    stage_destroy(*state);
    return 0;
}

/* --- ink --------------------------------------------------------------------------------------------------------- */

static struct rect shifted(struct rect rect, int x, int y)
{
    return (struct rect){rect.x + x, rect.y + y, rect.w, rect.h};
}

static struct rect ink_of(const struct stage *stage, const struct ui_element *element)
{
    struct ui_kit kit = {stage->text, stage->icons, &stage->theme};
    struct ui_plan plan = ui_plan_of(&kit, ui_page(stage->ui), element);
    if (!plan.has_text)
        return (struct rect){0, 0, 0, 0};
    return shifted(plan.text_metrics.ink, plan.text.x, plan.text.y);
}

/* The card an element's text lies on: the last one before it that holds its middle. */
static struct rect card_of(const struct stage *stage, size_t index, struct rect ink)
{
    struct rect screen = {0, 0, ui_page(stage->ui)->width, ui_page(stage->ui)->height};
    for (size_t i = index + 1; i > 0; i--) {
        const struct ui_element *card = ui_element(stage->ui, i - 1);
        if (card->fill != TOKEN_NONE && card->role != UI_LINE &&
            rect_contains(card->rect, ink.x + ink.w / 2, ink.y + ink.h / 2))
            return card->rect;
    }
    return screen;
}

static void check_ink(const struct stage *stage, const char *where)
{
    struct rect inks[UI_ELEMENTS_MAX];
    for (size_t i = 0; i < ui_count(stage->ui); i++) {
        const struct ui_element *element = ui_element(stage->ui, i);
        inks[i] = ink_of(stage, element);
        if (rect_is_empty(inks[i]))
            continue;
        if (!rect_holds(card_of(stage, i, inks[i]), inks[i]))
            fail_msg("%s: the ink of %s leaves its card", where, element->id);
        for (size_t j = 0; j < i; j++)
            if (!rect_is_empty(rect_intersect(inks[i], inks[j])))
                fail_msg("%s: the ink of %s meets that of %s", where, element->id,
                         ui_element(stage->ui, j)->id);
    }
}

static void test_everything_fits_in_nine_languages(void **state)
{
    struct stage *stage = *state;
    for (int s = 0; s < SCENES; s++) {
        for (int language = 0; language < STAGE_LANGUAGES; language++) {
            for (int side = 0; side < 2; side++) {
                char name[128];
                int faults;
                struct canvas *canvas =
                    draw(stage, &scenes[s], language, THEME_DARK, side, &faults);
                snprintf(name, sizeof name, PICTURES "/%s%s-%s.png", sides[side].name,
                         scenes[s].name, stage_languages[language]);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
                if (faults != 0 || getenv("QUARTER_PICTURES") != NULL)
                    assert_int_equal(canvas_save_png(canvas, name), STATUS_OK);
                canvas_destroy(canvas);
                if (faults != 0)
                    fail_msg("%s: %d texts do not fit", name, faults);
                check_ink(stage, name);
            }
        }
    }
}

/* Rows of the frame on which the element's ink colour is really there. */
static int drawn_height(const struct stage *stage, const struct canvas *canvas, const char *id)
{
    const struct ui_element *element = ui_find(stage->ui, id);
    assert_non_null(element);
    struct colour ink = theme_colour(&stage->theme, element->ink);
    struct rect box = rect_intersect(element->rect, canvas->clip);
    int rows = 0;
    for (int y = box.y; y < box.y + box.h; y++) {
        bool found = false;
        for (int x = box.x; x < box.x + box.w && !found; x++) {
            struct colour at = canvas_pixel(canvas, x, y);
            found = abs(at.r - ink.r) + abs(at.g - ink.g) + abs(at.b - ink.b) < 30;
        }
        rows += found;
    }
    return rows;
}

static void test_letters_are_as_high_as_the_standard_asks(void **state)
{
    struct stage *stage = *state;
    for (int side = 0; side < 2; side++) {
        int faults;
        struct canvas *canvas = draw(stage, scene_named("live"), EN, THEME_DARK, side, &faults);
        assert_true(drawn_height(stage, canvas, "newest-number") >= CALL_CAP_PX);
        assert_true(drawn_height(stage, canvas, "call-C21-number") >= CALL_CAP_PX);
        assert_true(drawn_height(stage, canvas, "service-council_tax-value") >= WAIT_CAP_PX);
        canvas_destroy(canvas);
        canvas = draw(stage, scene_named("many"), EN, THEME_DARK, side, &faults);
        assert_true(drawn_height(stage, canvas, "call-C01-number") >= CALL_CAP_PX);
        canvas_destroy(canvas);
        stage_reset(stage);
        stage_notice(stage, "HHH", NULL, NULL);
        stage_show(stage, false);
        canvas = stage_draw(stage, EN, THEME_DARK, sides[side].width, sides[side].height, &faults);
        const struct ui_element *notice = ui_find(stage->ui, "notice");
        assert_non_null(notice);
        assert_true(ink_of(stage, notice).h >= NOTICE_CAP_PX);
        canvas_destroy(canvas);
    }
}

static const char *notice_shown(struct stage *stage, int language)
{
    int faults;
    struct canvas *canvas = stage_draw(stage, language, THEME_DARK, 1920, 1080, &faults);
    const struct ui_element *notice = ui_find(stage->ui, "notice");
    canvas_destroy(canvas);
    return notice == NULL ? "" : notice->text;
}

static void test_a_notice_of_a_template_is_in_the_words_of_the_language(void **state)
{
    static const char *const codes[] = {"delay",         "short_of_staff", "service_paused",
                                        "closing_early", "fire_test",      "system_down",
                                        "wait_outside"};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        char seen[STAGE_LANGUAGES][512];
        for (int language = 0; language < STAGE_LANGUAGES; language++) {
            stage_reset(stage);
            stage_template(stage, codes[i], i % 2 == 0 ? "parking" : NULL, 15);
            stage_show(stage, false);
            snprintf(seen[language], sizeof seen[language], "%s", notice_shown(stage, language));
            if (seen[language][0] == '\0') { /* too long to share the panel: it has its turn */
                stage_wait_for(stage, 2 * BOARD_TICK_MS);
                snprintf(seen[language], sizeof seen[language], "%s",
                         notice_shown(stage, language));
            }
            assert_true(strlen(seen[language]) > 10);
            assert_null(strchr(seen[language], '{'));
            for (int before = 0; before < language; before++)
                assert_string_not_equal(seen[before], seen[language]);
        }
    }
    stage_reset(stage);
    stage_template(stage, "of_a_newer_server", NULL, 0);
    stage_show(stage, false);
    assert_string_equal(notice_shown(stage, EN), "");
}

static void test_every_call_is_on_the_frame_at_once(void **state)
{
    struct stage *stage = *state;
    for (int side = 0; side < 2; side++) {
        int faults;
        canvas_destroy(draw(stage, scene_named("many"), EN, THEME_DARK, side, &faults));
        for (int i = 0; i < stage->view->call_count; i++) {
            bool found = false;
            for (size_t e = 0; e < ui_count(stage->ui); e++) {
                const struct ui_element *element = ui_element(stage->ui, e);
                found |= element->role == UI_NUMBER && element->text != NULL &&
                         strcmp(element->text, stage->view->calls[i].number) == 0;
            }
            assert_true(found);
        }
    }
}

static int calls_on_frame(const struct stage *stage)
{
    int count = 0;
    for (int i = 0; i < stage->view->call_count; i++)
        for (size_t e = 0; e < ui_count(stage->ui); e++) {
            const struct ui_element *element = ui_element(stage->ui, e);
            count += element->role == UI_NUMBER && element->text != NULL &&
                     strcmp(element->text, stage->view->calls[i].number) == 0;
        }
    return count;
}

/* The strip says it in words, at once, as long as it is valid; and no call is off the frame for it. */
static void test_a_delay_is_told_and_hides_no_call(void **state)
{
    struct stage *stage = *state;
    for (int calls = 0; calls <= 13; calls++) {
        for (int side = 0; side < 2; side++) {
            static const int languages[] = {EN, GU, UR}; /* the highest among them */
            for (int l = 0; l < 3; l++) {
                int faults;
                stage_reset(stage);
                set_waits(stage);
                for (int i = 0; i < calls; i++) {
                    char number[16];
                    snprintf(number, sizeof number, "HB%03d", 100 + i);
                    stage_call(stage, number, stage->site->counters[i % 12].code, "");
                }
                stage_delay(stage, "housing_options", 40, 55);
                stage_show(stage, calls % 2 == 0);
                canvas_destroy(stage_draw(stage, languages[l], THEME_DARK, sides[side].width,
                                          sides[side].height, &faults));
                assert_int_equal(faults, 0);
                assert_int_equal(calls_on_frame(stage), calls);
                if (calls <= 6)
                    assert_non_null(ui_find(stage->ui, "delay"));
            }
        }
    }
}

static void test_a_delay_says_what_and_how_long_now(void **state)
{
    struct stage *stage = *state;
    char text[512];
    int faults;
    canvas_destroy(draw(stage, scene_named("delay"), EN, THEME_DARK, 0, &faults));
    (void)text_strip_marks(ui_find(stage->ui, "delay")->text, text, sizeof text);
    assert_string_equal(text,
                        "Council Tax: longer wait than we said. Now about 25 to 40 minutes in "
                        "all. We are sorry.");
    assert_string_equal(ui_find(stage->ui, "service-council_tax-value")->text, "25\u201340");
    assert_string_equal(ui_find(stage->ui, "service-council_tax-sign")->icon, "alert");
    stage_delay(stage, "council_tax", 0, 0);
    stage->view->services[0].delayed.known = false;
    stage_show(stage, false);
    canvas_destroy(stage_draw(stage, EN, THEME_DARK, 1920, 1080, &faults));
    assert_null(ui_find(stage->ui, "delay"));
}

/* News comes alone first; what stands takes turns with it afterwards. */
static void test_delays_take_turns_the_news_first(void **state)
{
    struct stage *stage = *state;
    bool seen[2] = {false};
    int faults;
    stage_reset(stage);
    stage_delay(stage, "parking", 20, 35);
    stage_show(stage, false);
    stage_delay(stage, "council_tax", 25, 40);
    stage_show(stage, false);
    for (int tick = 0; tick < 2; tick++, stage_wait_for(stage, BOARD_TICK_MS)) {
        canvas_destroy(stage_draw(stage, EN, THEME_DARK, 1920, 1080, &faults));
        assert_non_null(strstr(ui_find(stage->ui, "delay")->text, "Council Tax"));
    }
    for (int tick = 0; tick < 2; tick++, stage_wait_for(stage, BOARD_TICK_MS)) {
        canvas_destroy(stage_draw(stage, EN, THEME_DARK, 1920, 1080, &faults));
        seen[strstr(ui_find(stage->ui, "delay")->text, "Parking") != NULL] = true;
    }
    assert_true(seen[0] && seen[1]);
}

/* Twenty counters call: pages turn, and within one round everybody was seen. */
static void test_pages_show_everybody_in_turn(void **state)
{
    struct stage *stage = *state;
    bool seen[20] = {false};
    stage_reset(stage);
    for (int i = 0; i < 20; i++) {
        char number[16];
        snprintf(number, sizeof number, "A%02d", i);
        stage_call(stage, number, "3", "");
    }
    stage_show(stage, false);
    for (int page = 0; page < 2; page++, stage->now_ms += BOARD_TICK_MS) {
        int faults;
        canvas_destroy(stage_draw(stage, EN, THEME_DARK, 1920, 1080, &faults));
        assert_int_equal(faults, 0);
        for (int i = 0; i < 20; i++) {
            char id[32];
            snprintf(id, sizeof id, "call-A%02d", i);
            seen[i] |= ui_find(stage->ui, id) != NULL || i == 19; /* A19 is on top */
        }
    }
    for (int i = 0; i < 20; i++)
        assert_true(seen[i]);
}

/* A site may call its counters what it likes; the number stays whole, the name is wrapped. */
static void test_long_counter_names_are_wrapped_not_cut(void **state)
{
    struct stage *stage = *state;
    static const char *const names[] = {"Registration and ceremonies desk 4",
                                        "Interview room by the garden door"};
    const char *kept[] = {stage->site->counters[0].name.in[EN],
                          stage->site->counters[1].name.in[EN]};
    for (int i = 0; i < 2; i++)
        stage->site->counters[i].name.in[EN] = names[i];
    for (int side = 0; side < 2; side++) {
        for (int calls = 2; calls <= 8; calls += 3) {
            int faults;
            stage_reset(stage);
            for (int i = 0; i < calls; i++) {
                char number[16];
                snprintf(number, sizeof number, "HB%03d", 100 + i);
                stage_call(stage, number, stage->site->counters[i % 2].code, "ur");
            }
            stage_show(stage, true);
            canvas_destroy(
                stage_draw(stage, EN, THEME_DARK, sides[side].width, sides[side].height, &faults));
            assert_int_equal(faults, 0);
            check_ink(stage, "long names");
        }
    }
    for (int i = 0; i < 2; i++)
        stage->site->counters[i].name.in[EN] = kept[i];
}

static void test_right_to_left_mirrors_the_page_but_no_number(void **state)
{
    struct stage *stage = *state;
    int faults;
    canvas_destroy(draw(stage, scene_named("live"), UR, THEME_DARK, 0, &faults));
    const struct ui_element *panel = ui_find(stage->ui, "panel");
    const struct ui_element *number = ui_find(stage->ui, "newest-number");
    assert_int_equal(panel->rect.x, 0);
    assert_true(number->rect.x > 1920 / 2);
    assert_string_equal(number->text, "H07");
    assert_string_equal(ui_find(stage->ui, "clock")->text, "10:42");
}

static void test_the_visitors_own_language_is_told_on_the_newest_call_only(void **state)
{
    struct stage *stage = *state;
    int faults;
    canvas_destroy(draw(stage, scene_named("own"), EN, THEME_DARK, 0, &faults));
    const struct ui_element *own = ui_find(stage->ui, "newest-counter-own");
    assert_non_null(own);
    assert_string_equal(own->language, "ur");
    canvas_destroy(draw(stage, scene_named("own"), UR, THEME_DARK, 0, &faults));
    assert_null(ui_find(stage->ui, "newest-counter-own")); /* the page speaks it already */
}

static void test_colours_reach_their_contrast_in_every_theme(void **state)
{
    struct stage *stage = *state;
    for (int theme = THEME_LIGHT; theme <= THEME_CONTRAST; theme++) {
        double least = theme == THEME_CONTRAST ? 7.0 : 4.5;
        for (int s = 0; s < SCENES; s++) {
            int faults;
            canvas_destroy(draw(stage, &scenes[s], EN, (enum theme_kind)theme, 0, &faults));
            for (size_t i = 0; i < ui_count(stage->ui); i++) {
                const struct ui_element *element = ui_element(stage->ui, i);
                struct rect ink = ink_of(stage, element);
                if (rect_is_empty(ink))
                    continue;
                enum token ground = ui_page(stage->ui)->background;
                for (size_t j = 0; j <= i; j++)
                    if (ui_element(stage->ui, j)->fill != TOKEN_NONE &&
                        rect_holds(ui_element(stage->ui, j)->rect, ink))
                        ground = ui_element(stage->ui, j)->fill;
                enum token token = element->ink == TOKEN_NONE ? TOKEN_INK : element->ink;
                double contrast = colour_contrast(theme_colour(&stage->theme, token),
                                                  theme_colour(&stage->theme, ground));
                if (contrast < least)
                    fail_msg("%s in %s: %s has %.1f", scenes[s].name,
                             theme_kind_name((enum theme_kind)theme), element->id, contrast);
            }
        }
    }
}

/* --- pictures ---------------------------------------------------------------------------------------------------- */

static double difference(const struct canvas *canvas, SDL_Surface *golden)
{
    int64_t sum = 0;
    for (int y = 0; y < canvas->height; y++) {
        const uint8_t *row = (const uint8_t *)golden->pixels + (ptrdiff_t)y * golden->pitch;
        for (int x = 0; x < canvas->width; x++) {
            struct colour at = canvas_pixel(canvas, x, y);
            uint32_t pixel;
            memcpy(&pixel, row + (size_t)x * 4, 4);
            sum += abs(at.r - (int)(pixel >> 16 & 255)) + abs(at.g - (int)(pixel >> 8 & 255)) +
                   abs(at.b - (int)(pixel & 255));
        }
    }
    return (double)sum / (3.0 * canvas->width * canvas->height);
}

static void compare(const struct canvas *canvas, const char *path)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    if (getenv("QUARTER_UPDATE_GOLDEN") != NULL) {
        assert_int_equal(canvas_save_png(canvas, path), STATUS_OK);
        return;
    }
    SDL_Surface *loaded = IMG_Load(path);
    if (loaded == NULL)
        fail_msg("%s is missing; QUARTER_UPDATE_GOLDEN=1 makes it", path);
    SDL_Surface *golden = SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0);
    SDL_FreeSurface(loaded);
    assert_non_null(golden);
    assert_int_equal(golden->w, canvas->width);
    assert_int_equal(golden->h, canvas->height);
    double off = difference(canvas, golden);
    SDL_FreeSurface(golden);
    if (off > 0.15) /* of 255, on average: hinting may differ, a moved word may not */
        fail_msg("%s differs by %.3f; see " PICTURES, path, off);
}

static void check_picture(struct stage *stage, const struct scene *scene, int language,
                          enum theme_kind theme, int side)
{
    char path[128];
    int faults;
    struct canvas *canvas = draw(stage, scene, language, theme, side, &faults);
    snprintf(path, sizeof path, "tests/golden/display-%s%s%s-%s.png",
             theme == THEME_LIGHT ? "light-" : "", sides[side].name, scene->name,
             stage_languages[language]);
    compare(canvas, path);
    canvas_destroy(canvas);
}

static void test_pictures_are_those_that_were_looked_at(void **state)
{
    struct stage *stage = *state;
    static const int languages[] = {EN, UR, GU};
    for (int s = 0; s < SCENES; s++) {
        for (int i = 0; i < 3 && (scenes[s].golden & GOLDEN) != 0; i++) {
            for (int side = 0; side < ((scenes[s].golden & BOTH_WAYS) != 0 ? 2 : 1); side++)
                check_picture(stage, &scenes[s], languages[i], THEME_DARK, side);
            if ((scenes[s].golden & LIGHT) != 0)
                check_picture(stage, &scenes[s], languages[i], THEME_LIGHT, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_fits_in_nine_languages),
        cmocka_unit_test(test_letters_are_as_high_as_the_standard_asks),
        cmocka_unit_test(test_a_notice_of_a_template_is_in_the_words_of_the_language),
        cmocka_unit_test(test_every_call_is_on_the_frame_at_once),
        cmocka_unit_test(test_a_delay_is_told_and_hides_no_call),
        cmocka_unit_test(test_a_delay_says_what_and_how_long_now),
        cmocka_unit_test(test_delays_take_turns_the_news_first),
        cmocka_unit_test(test_pages_show_everybody_in_turn),
        cmocka_unit_test(test_long_counter_names_are_wrapped_not_cut),
        cmocka_unit_test(test_right_to_left_mirrors_the_page_but_no_number),
        cmocka_unit_test(test_the_visitors_own_language_is_told_on_the_newest_call_only),
        cmocka_unit_test(test_colours_reach_their_contrast_in_every_theme),
        cmocka_unit_test(test_pictures_are_those_that_were_looked_at),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
