/* Every scene in every language, upright and wide, in both text sizes: everything on the screen, nothing over anything
 * else, every text whole, nothing too small to read or to hit (STANDARDS.md). And what a touch on an element means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "display/screen/ui_dump.h"
#include "display/screen/wait_words.h"
#include "kiosk_scenes.h"
#include "view/site_map.h"
#include "view/words.h"

enum {
    TARGET_PX = 81,
    GAP_PX = 4,
    TYPE_PX = 42
}; /* 20 mm, 1 mm, 0.7 degrees at 600 mm on 21.5" 1080p */

struct screen {
    const char *name;
    int width, height;
    double scale;
};

static const struct screen screens[] = {
    {"upright", 1080, 1920, 1}, {"wide", 1920, 1080, 1}, {"small", 800, 600, 0.416}};

static int wrong;

/* Counts instead of stopping, so that one run tells everything. */
static void expect(bool right, const struct ui *ui, const char *where, const char *id,
                   const char *what)
{
    if (right)
        return;
    if (wrong++ < 400)
        print_error("%s %s %s: %s: %s\n", where, ui_page(ui)->name, ui_page(ui)->language, id,
                    what);
}

static bool overlap(struct rect a, struct rect b)
{
    return !rect_is_empty(rect_intersect(a, b));
}

static bool holds_others(const struct ui_element *element)
{
    return element->role == UI_CARD;
}

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
}

static void check_pair(const struct ui *ui, const struct screen *screen, const char *where,
                       const struct ui_element *a, const struct ui_element *b)
{
    if (overlap(a->rect, b->rect)) {
        bool inside = holds_others(a) && rect_holds(a->rect, b->rect);
        expect(inside, ui, where, b->id, a->id);
    }
    int gap = (int)(GAP_PX * screen->scale);
    if (a->role == UI_BUTTON && b->role == UI_BUTTON)
        expect(!overlap(grown(a->rect, gap - 1), b->rect), ui, where, b->id,
               "too near to another button");
}

static void check_element(const struct ui *ui, const struct screen *screen, const char *where,
                          const struct ui_element *element)
{
    const struct rect all = {0, 0, screen->width, screen->height};
    expect(rect_holds(all, element->rect), ui, where, element->id, "outside the screen");
    int target = (int)(TARGET_PX * screen->scale);
    if (element->role == UI_BUTTON)
        expect(element->rect.w >= target && element->rect.h >= target, ui, where, element->id,
               "too small to hit");
    bool worded = element->text != NULL && element->text[0] != '\0';
    expect(!worded || element->size_px >= (int)(TYPE_PX * screen->scale), ui, where, element->id,
           "too small to read");
    expect(element->detail == NULL || element->detail_px >= (int)(TYPE_PX * screen->scale), ui,
           where, element->id, "detail too small to read");
}

static void check_texts(const struct stage *stage, const char *where)
{
    char *text = ui_dump_json(1, stage->ui, &stage->kit);
    json_t *frame = json_loads(text, 0, NULL);
    size_t index;
    json_t *element;
    assert_non_null(frame);
    json_array_foreach(json_object_get(frame, "elements"), index, element)
    {
        const json_t *fits = json_object_get(element, "fits");
        expect(fits == NULL || json_is_true(fits), stage->ui, where,
               json_string_value(json_object_get(element, "id")), "text does not fit");
    }
    json_decref(frame);
    free(text);
}

static void check_page(const struct stage *stage, const struct screen *screen, const char *where)
{
    const struct ui *ui = stage->ui;
    expect(stage->fits, ui, where, "page", "too full");
    for (size_t i = 0; i < ui_count(ui); i++) {
        check_element(ui, screen, where, ui_element(ui, i));
        for (size_t k = i + 1; k < ui_count(ui); k++) {
            check_pair(ui, screen, where, ui_element(ui, i), ui_element(ui, k));
            expect(strcmp(ui_element(ui, i)->id, ui_element(ui, k)->id) != 0, ui, where,
                   ui_element(ui, i)->id, "two of this id");
        }
    }
    check_texts(stage, where);
}

static void every_page_holds_in_every_language_size_and_shape(void **state)
{
    struct stage *stage = *state;
    wrong = 0;
    for (size_t s = 0; s < sizeof screens / sizeof screens[0]; s++) {
        for (int scene = 0; scene < scene_count; scene++) {
            for (int language = 0; language < stage->site->language_count; language++) {
                for (int large = 0; large < 2; large++) {
                    char where[128];
                    snprintf(where, sizeof where, "%s%s %s", screens[s].name, large ? " large" : "",
                             scenes[scene].name);
                    stage_lay(stage, &scenes[scene], language, screens[s].width, screens[s].height,
                              large, NULL);
                    check_page(stage, &screens[s], where);
                }
            }
        }
    }
    assert_int_equal(wrong, 0);
}

static int type_of(const struct stage *stage, const char *id)
{
    const struct ui_element *element = ui_find(stage->ui, id);
    assert_non_null(element);
    return element->size_px;
}

static void large_text_is_larger_on_every_page_in_english(void **state)
{
    struct stage *stage = *state;
    static const char *const shown[] = {"welcome", "services", "group", "ready", "closed"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        for (int scene = 0; scene < scene_count; scene++) {
            if (strcmp(scenes[scene].name, shown[i]) != 0)
                continue;
            stage_lay(stage, &scenes[scene], 0, 1080, 1920, false, NULL);
            int normal = type_of(stage, "title");
            stage_lay(stage, &scenes[scene], 0, 1080, 1920, true, NULL);
            assert_true(type_of(stage, "title") > normal);
        }
    }
}

static void right_to_left_pages_are_mirrored(void **state)
{
    struct stage *stage = *state;
    int urdu = site_info_find_language(stage->site, "ur");
    for (int scene = 0; scene < scene_count; scene++) {
        if (strcmp(scenes[scene].name, "services") != 0)
            continue;
        stage_lay(stage, &scenes[scene], urdu, 1080, 1920, false, NULL);
        assert_true(ui_find(stage->ui, "back")->rect.x > ui_find(stage->ui, "text-size")->rect.x);
        assert_true(ui_find(stage->ui, "group-council_tax")->rect.x >
                    ui_find(stage->ui, "group-benefits")->rect.x);
        assert_true(ui_find(stage->ui, "clock")->rect.x < ui_find(stage->ui, "centre")->rect.x);
    }
}

static void every_button_means_something(void **state)
{
    struct stage *stage = *state;
    for (int scene = 0; scene < scene_count; scene++) {
        stage_lay(stage, &scenes[scene], 0, 1080, 1920, false, NULL);
        for (size_t i = 0; i < ui_count(stage->ui); i++) {
            const struct ui_element *element = ui_element(stage->ui, i);
            int item = -1;
            if (element->role == UI_BUTTON)
                assert_int_not_equal(
                    site_map_action(stage->site, stage->journey.question, element->id, &item),
                    ACTION_NONE);
        }
    }
    int item;
    assert_int_equal(site_map_action(stage->site, stage->journey.question, "group-housing", &item),
                     ACTION_CHOOSE_GROUP);
    assert_string_equal(stage->site->groups[item].code, "housing");
    assert_int_equal(site_map_action(stage->site, stage->journey.question, "group-nothing", &item),
                     ACTION_NONE);
    assert_int_equal(site_map_action(stage->site, stage->journey.question, "clock", &item),
                     ACTION_NONE);
    assert_int_equal(site_map_action(NULL, -1, "language-en", &item), ACTION_NONE);
}

static void the_site_s_groups_and_not_sure_become_ways(void **state)
{
    struct stage *stage = *state;
    const struct journey_site map = site_map(stage->site);
    assert_int_equal(map.groups, stage->site->group_count);
    assert_int_equal(map.languages, 9);
    assert_in_range(map.not_sure, 0, map.services - 1);
    assert_string_equal(stage->site->services[map.not_sure].code, stage->site->unsure);
    for (int i = 0; i < map.groups; i++)
        assert_true(map.group[i].services >= 1);
}

static const char *said(int low_min, int high_min)
{
    static char text[WAIT_WORDS_BYTES];
    return wait_words(NULL, low_min, high_min, text, sizeof text);
}

static void a_wait_is_said_as_people_say_it(void **state)
{
    (void)state;
    char text[WORDS_BYTES];
    assert_string_equal(said(10, 25), "10 to 25 minutes");
    assert_string_equal(said(0, 5), "5 minutes or less");
    assert_string_equal(said(0, 1), "1 minute or less");
    assert_string_equal(said(15, 15), "15 minutes");
    assert_true(wait_is_soon(0, 5));
    assert_false(wait_is_soon(0, 10));
    words_call_in(NULL, 10, 25, text, sizeof text);
    assert_string_equal(text, "We call you in about " CATALOGUE_EMPHASIS_START
                              "10 to 25 minutes" CATALOGUE_EMPHASIS_END ".");
}

static void the_next_opening_is_said_as_people_say_it(void **state)
{
    (void)state;
    char text[200];
    const struct client_clock clock = {1795516920000, 1000,
                                       0}; /* Tuesday 24 November 2026, 10:42 */
    const int64_t hour = 3600000, day = 24 * hour;
    const int64_t nine = 1795510800000; /* that day, 09:00 */
    words_next_open(NULL, &clock, 1000, nine + 2 * hour, text, sizeof text);
    assert_non_null(strstr(text, "today"));
    words_next_open(NULL, &clock, 1000, nine + day, text, sizeof text);
    assert_non_null(strstr(text, "tomorrow"));
    words_next_open(NULL, &clock, 1000, nine + 3 * day, text, sizeof text);
    assert_non_null(strstr(text, "Friday"));
    assert_null(strstr(text, "November"));
    words_next_open(NULL, &clock, 1000, nine + 8 * day, text, sizeof text);
    assert_non_null(strstr(text, "Wednesday 2 December"));
    assert_non_null(strstr(text, "09:00"));
    assert_string_equal(words_next_open(NULL, &clock, 1000, 0, text, sizeof text), "");
}

static int open_stage(void **state)
{
    *state = stage_open();
    return 0;
}

static int close_stage(void **state)
{
    stage_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_holds_in_every_language_size_and_shape),
        cmocka_unit_test(large_text_is_larger_on_every_page_in_english),
        cmocka_unit_test(right_to_left_pages_are_mirrored),
        cmocka_unit_test(every_button_means_something),
        cmocka_unit_test(the_site_s_groups_and_not_sure_become_ways),
        cmocka_unit_test(a_wait_is_said_as_people_say_it),
        cmocka_unit_test(the_next_opening_is_said_as_people_say_it),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
