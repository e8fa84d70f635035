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

static const struct screen screens[] = {{"upright", 1080, 1920, 1},
                                        {"wide", 1920, 1080, 1},
                                        {"small", 800, 600, 0.416},
                                        {"unknown", 1024, 768, 0.533}};
enum { SCREENS = sizeof screens / sizeof screens[0], SCREEN_UNKNOWN = 3 };

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

/* What is touched lies between 800 and 1100 mm above the floor (EN 301 549, 8.3.2). */
static void check_reach(const struct stage *stage, const struct screen *screen, const char *where,
                        const struct site_device *device)
{
    if (device == NULL)
        return;
    double mm = (double)device->width_mm / screen->width;
    for (size_t i = 0; i < ui_count(stage->ui); i++) {
        const struct ui_element *element = ui_element(stage->ui, i);
        if (element->role != UI_BUTTON)
            continue;
        double top = device->bottom_mm + (screen->height - element->rect.y) * mm;
        double low = top - element->rect.h * mm;
        expect(top < 1101 && low > 799, stage->ui, where, element->id, "out of reach");
    }
}

/* The example site's screens; the small one is one of 12 inches. */
static const struct site_device devices[] = {{.width_mm = 268, .bottom_mm = 720},
                                             {.width_mm = 476, .bottom_mm = 850},
                                             {.width_mm = 245, .bottom_mm = 900}};

static void check_look(struct stage *stage, int screen, int scene, int language, int text_size,
                       bool low_reach)
{
    char where[160];
    snprintf(where, sizeof where, "%s size %d%s %s", screens[screen].name, text_size,
             low_reach ? " low" : "", scenes[scene].name);
    stage_lay(stage, &scenes[scene],
              &(struct stage_look){.language = language,
                                   .width = screens[screen].width,
                                   .height = screens[screen].height,
                                   .text_size = text_size,
                                   .low_reach = low_reach,
                                   .device = screen == SCREEN_UNKNOWN ? NULL : &devices[screen]});
    check_page(stage, &screens[screen], where);
    check_reach(stage, &screens[screen], where, low_reach ? &devices[screen] : NULL);
}

/* Every page in every language on every screen; sizes and reach go round, so that each page meets all of them. */
static void check_all(struct stage *stage)
{
    wrong = 0;
    for (int scene = 0; scene < scene_count; scene++)
        for (int language = 0; language < stage->site->language_count; language++)
            for (int s = 0; s < SCREENS; s++)
                check_look(stage, s, scene, language, (scene + language + s) % 3,
                           s == 0 && (scene + language) % 2 == 0);
    assert_int_equal(wrong, 0);
}

static void every_page_holds_in_every_language_size_and_shape(void **state)
{
    check_all(*state);
}

/* All sizes and reaches in the plainest and the highest script. */
static void every_page_holds_in_every_size_at_any_reach(void **state)
{
    struct stage *stage = *state;
    const int languages[] = {0, site_info_find_language(stage->site, "ur")};
    wrong = 0;
    for (int scene = 0; scene < scene_count; scene++)
        for (int size = 0; size < JOURNEY_TEXT_SIZES; size++)
            for (int low = 0; low < 2; low++)
                for (int i = 0; i < 2; i++)
                    check_look(stage, 0, scene, languages[i], size, low);
    assert_int_equal(wrong, 0);
}

static void forty_services_with_names_of_sixty_letters_hold(void **state)
{
    struct stage *stage = stage_open();
    (void)state;
    stage_fill(stage);
    check_all(stage);
    stage_close(stage);
}

/* Through all sheets everything is offered once, and "More" does not move. */
static void sheets_show_everything_and_more_stays_where_it_is(void **state)
{
    struct stage *stage = stage_open();
    const struct scene *scene = stage_scene("search");
    struct stage_look look = {.width = 1080, .height = 1920, .text_size = 2};
    (void)state;
    stage_fill(stage);
    int seen[QUARTER_SERVICES_MAX] = {0}, sheets = 0;
    struct rect place = {0, 0, 0, 0};
    for (int sheet = 0; sheet < QUARTER_SERVICES_MAX && (sheets == 0 || sheet < sheets); sheet++) {
        look.sheet = sheet;
        stage_lay(stage, scene, &look);
        const struct ui_element *more = ui_find(stage->ui, "more");
        assert_non_null(more);
        if (sheet == 0) {
            place = more->rect;
            assert_int_equal(sscanf(more->text, "More (1 of %d)", &sheets), 1);
        }
        assert_memory_equal(&place, &more->rect, sizeof place);
        for (int i = 0; i < stage->site->service_count; i++) {
            char id[64];
            snprintf(id, sizeof id, "found-%s", stage->site->services[i].code);
            seen[i] += ui_find(stage->ui, id) != NULL;
        }
    }
    assert_true(sheets > 1);
    for (int i = 0; i < stage->site->service_count; i++)
        assert_int_equal(seen[i], 1);
    stage_close(stage);
}

/* What no page holds comes in sheets, word for word. */
static void a_long_signpost_is_read_sheet_by_sheet(void **state)
{
    enum { WORDS = 230, SHEETS_MOST = 8 };
    struct stage *stage = stage_open();
    struct stage_look look = {.width = 1920, .height = 1080};
    char text[WORDS * 5 + 1], read[sizeof text] = "";
    (void)state;
    for (int i = 0; i < WORDS; i++)
        snprintf(text + i * 5, 6, i + 1 < WORDS ? "w%03d " : "w%03d", i);
    for (int i = 0; i < stage->site->signpost_count; i++)
        stage->site->signposts[i].text.in[0] = text;
    int sheets = 1;
    struct rect place = {0, 0, 0, 0};
    for (; look.sheet < sheets; look.sheet++) {
        stage_lay(stage, stage_scene("signpost"), &look);
        const struct ui_element *more = ui_find(stage->ui, "more");
        assert_true(stage->fits);
        assert_non_null(more);
        if (look.sheet == 0) {
            place = more->rect;
            assert_int_equal(sscanf(more->text, "More (1 of %d)", &sheets), 1);
            assert_in_range(sheets, 2, SHEETS_MOST);
        }
        assert_memory_equal(&place, &more->rect, sizeof place);
        strncat(read, ui_find(stage->ui, "text")->text, sizeof read - strlen(read) - 1);
    }
    assert_string_equal(read, text);
    stage_close(stage);
}

static void set_called(struct journey *j, struct board_view *board, const struct site_info *site)
{
    stage_scene("help-coming")->set(j, board, site);
    j->help = HELP_CALLED;
}

static void set_failed(struct journey *j, struct board_view *board, const struct site_info *site)
{
    stage_scene("help-coming")->set(j, board, site);
    j->help = HELP_FAILED;
}

static void expect_same_places(struct stage *stage, const struct stage_look *look)
{
    const struct scene news[] = {{"called", false, set_called}, {"failed", false, set_failed}};
    struct ui *before = ui_create();
    stage_lay(stage, stage_scene("help-coming"), look);
    ui_copy(before, stage->ui);
    for (size_t i = 0; i < sizeof news / sizeof news[0]; i++) {
        stage_lay(stage, &news[i], look);
        for (size_t k = 0; k < ui_count(before); k++) {
            const struct ui_element *was = ui_element(before, k);
            const struct ui_element *is = ui_find(stage->ui, was->id);
            if (was->role != UI_BUTTON)
                continue;
            assert_non_null(is);
            assert_memory_equal(&was->rect, &is->rect, sizeof is->rect);
        }
    }
    ui_destroy(before);
}

/* It comes unasked, while a finger may be on its way. */
static void news_of_help_moves_nothing(void **state)
{
    struct stage *stage = *state;
    for (int language = 0; language < stage->site->language_count; language++)
        for (int low = 0; low < 2; low++) {
            const struct stage_look upright = {
                .language = language, .width = 1080, .height = 1920, .low_reach = low == 1};
            const struct stage_look wide = {
                .language = language, .width = 1920, .height = 1080, .low_reach = low == 1};
            expect_same_places(stage, &upright);
            expect_same_places(stage, &wide);
        }
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
            stage_lay(stage, &scenes[scene], &(struct stage_look){.width = 1080, .height = 1920});
            int normal = type_of(stage, "title");
            for (int size = 1; size < JOURNEY_TEXT_SIZES; size++) {
                stage_lay(stage, &scenes[scene],
                          &(struct stage_look){.width = 1080, .height = 1920, .text_size = size});
                assert_true(type_of(stage, "title") > normal);
                normal = type_of(stage, "title");
            }
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
        stage_lay(stage, &scenes[scene],
                  &(struct stage_look){.language = urdu, .width = 1080, .height = 1920});
        assert_true(ui_find(stage->ui, "back")->rect.x > ui_find(stage->ui, "help")->rect.x);
        assert_true(ui_find(stage->ui, "group-council_tax")->rect.x >
                    ui_find(stage->ui, "group-benefits")->rect.x);
        assert_true(ui_find(stage->ui, "clock")->rect.x < ui_find(stage->ui, "centre")->rect.x);
    }
}

static void every_button_means_something(void **state)
{
    struct stage *stage = *state;
    for (int scene = 0; scene < scene_count; scene++) {
        stage_lay(stage, &scenes[scene], &(struct stage_look){.width = 1080, .height = 1920});
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

/* Something on it can be touched, unless there is nothing to be done but wait. */
static void a_page_always_has_a_way_out(void **state)
{
    struct stage *stage = *state;
    for (int scene = 0; scene < scene_count; scene++) {
        int ways = 0;
        stage_lay(stage, &scenes[scene], &(struct stage_look){.width = 1080, .height = 1920});
        for (size_t i = 0; i < ui_count(stage->ui); i++)
            ways += ui_element(stage->ui, i)->focus > 0;
        bool waiting = stage->journey.page == PAGE_STARTING || stage->journey.page == PAGE_GETTING;
        if (ways == 0 && !waiting)
            fail_msg("%s: no way out", scenes[scene].name);
    }
}

static void the_bar_never_changes_its_order(void **state)
{
    static const char *const places[] = {"back", "language", "ease", "listen", "help"};
    struct stage *stage = *state;
    for (int scene = 0; scene < scene_count; scene++) {
        stage_lay(stage, &scenes[scene], &(struct stage_look){.width = 1080, .height = 1920});
        int x = 0;
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            const struct ui_element *place = ui_find(stage->ui, places[i]);
            assert_non_null(place);
            assert_true(place->rect.x >= x);
            x = place->rect.x + place->rect.w;
        }
    }
}

static void the_focus_is_shown_where_it_stands(void **state)
{
    struct stage *stage = *state;
    stage_lay(stage, stage_scene("services"),
              &(struct stage_look){.width = 1080, .height = 1920, .focused = "group-parking"});
    assert_true(ui_find(stage->ui, "group-parking")->focused);
    assert_false(ui_find(stage->ui, "group-housing")->focused);
    struct canvas *plain, *focused = stage_draw(stage);
    struct rect tile = ui_find(stage->ui, "group-parking")->rect;
    stage_lay(stage, stage_scene("services"), &(struct stage_look){.width = 1080, .height = 1920});
    plain = stage_draw(stage);
    int x = tile.x + tile.w / 2;
    int changed = 0; /* the ring is 8 px wide */
    for (int y = tile.y; y < tile.y + 20; y++) {
        struct colour a = canvas_pixel(plain, x, y), b = canvas_pixel(focused, x, y);
        changed += a.r != b.r || a.g != b.g || a.b != b.b;
    }
    assert_in_range(changed, FOCUS_PX - 1, 12);
    canvas_destroy(plain);
    canvas_destroy(focused);
}

static void latin_keys_stand_as_on_a_typewriter_in_urdu(void **state)
{
    struct stage *stage = *state;
    int urdu = site_info_find_language(stage->site, "ur");
    const struct stage_look look = {.language = urdu, .width = 1080, .height = 1920};
    stage_lay(stage, stage_scene("search-latin"), &look);
    assert_true(ui_find(stage->ui, "key-0071")->rect.x < ui_find(stage->ui, "key-0070")->rect.x);
    assert_true(ui_find(stage->ui, "keyboard")->rect.x < ui_find(stage->ui, "key-back")->rect.x);
    stage_lay(stage, stage_scene("search"), &look); /* alef before be: from the right */
    assert_true(ui_find(stage->ui, "key-0627")->rect.x > ui_find(stage->ui, "key-0628")->rect.x);
    assert_true(ui_find(stage->ui, "keyboard")->rect.x > ui_find(stage->ui, "key-back")->rect.x);
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
        cmocka_unit_test(every_page_holds_in_every_size_at_any_reach),
        cmocka_unit_test(forty_services_with_names_of_sixty_letters_hold),
        cmocka_unit_test(sheets_show_everything_and_more_stays_where_it_is),
        cmocka_unit_test(a_long_signpost_is_read_sheet_by_sheet),
        cmocka_unit_test(news_of_help_moves_nothing),
        cmocka_unit_test(a_page_always_has_a_way_out),
        cmocka_unit_test(the_bar_never_changes_its_order),
        cmocka_unit_test(the_focus_is_shown_where_it_stands),
        cmocka_unit_test(latin_keys_stand_as_on_a_typewriter_in_urdu),
        cmocka_unit_test(large_text_is_larger_on_every_page_in_english),
        cmocka_unit_test(right_to_left_pages_are_mirrored),
        cmocka_unit_test(every_button_means_something),
        cmocka_unit_test(the_site_s_groups_and_not_sure_become_ways),
        cmocka_unit_test(a_wait_is_said_as_people_say_it),
        cmocka_unit_test(the_next_opening_is_said_as_people_say_it),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
