/* Text: what the eye sees, in nine languages. Order is checked on runs, ink on pixels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "display/screen/catalogue.h"
#include "display/screen/text.h"
#include "display/screen/text_layout.h"

static const char *const LANGUAGES[] = {"en", "gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};
enum {
    LANGUAGE_COUNT = sizeof(LANGUAGES) / sizeof(LANGUAGES[0]),
    PAGE_WIDTH = 700,
    PAGE_HEIGHT = 900
};
static const struct colour BLACK = {0, 0, 0, 255};

struct fixture {
    struct text_engine *engine;
    struct fonts *fonts;
    struct canvas *page;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char error[256];
    assert_non_null(fixture);
    if (text_engine_create(NULL, &fixture->engine, error, sizeof(error)) != STATUS_OK) {
        fail_msg("%s", error);
    }
    assert_int_equal(fonts_create(NULL, &fixture->fonts, error, sizeof(error)), STATUS_OK);
    assert_int_equal(canvas_create(CANVAS_GRAY, PAGE_WIDTH, PAGE_HEIGHT, &fixture->page),
                     STATUS_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    text_engine_destroy(fixture->engine);
    fonts_destroy(fixture->fonts);
    canvas_destroy(fixture->page);
    free(fixture);
    return 0;
}

static struct text_layout lay_out(struct fixture *fixture, const char *text, const char *language,
                                  int width_px)
{
    const struct text_style style = {.size_px = 50, .language = language};
    return text_layout_make(fixture->fonts, text, strlen(text), &style, style.size_px, width_px,
                            false);
}

/* Where the run that starts with some text stands in a line: its x in 26.6, or -1. */
static int run_x(const struct text_layout *layout, const char *start)
{
    for (size_t i = 0; i < layout->run_count; i++) {
        if (strncmp(layout->text + layout->runs[i].text, start, strlen(start)) == 0) {
            return layout->runs[i].x;
        }
    }
    return -1;
}

static void urdu_runs_right_to_left_around_a_latin_number(void **state)
{
    struct fixture *fixture = *state;
    struct text_layout layout = lay_out(fixture, "نمبر \u2068H07\u2069 کو", "ur", 0);
    assert_int_equal(layout.line_count, 1);
    assert_int_equal(layout.missing, 0);
    const int number = run_x(&layout, "H07");
    assert_true(number > 0);
    bool nastaliq_left = false, nastaliq_right = false;
    for (size_t i = 0; i < layout.run_count; i++) {
        if (layout.runs[i].font / 2 == FAMILY_NASTALIQ) {
            assert_true(layout.runs[i].rtl);
            nastaliq_left |= layout.runs[i].x < number;
            nastaliq_right |= layout.runs[i].x > number;
        }
    }
    assert_true(nastaliq_left && nastaliq_right);
    text_layout_free(&layout);
}

static void isolates_keep_a_range_in_order_and_are_not_drawn(void **state)
{
    struct fixture *fixture = *state;
    /* Without isolates "10-25" in Arabic turns to "25-10"; with them it stays. */
    struct text_layout isolated = lay_out(fixture, "من \u206610–25\u2069 دقيقة", "ar", 0);
    assert_true(run_x(&isolated, "10–25") > 0);
    struct text_layout bare = lay_out(fixture, "من 10–25 دقيقة", "ar", 0);
    assert_true(run_x(&bare, "25") > 0 && run_x(&bare, "10") > run_x(&bare, "25"));
    text_layout_free(&isolated);
    text_layout_free(&bare);
    struct text_layout marked = lay_out(fixture, "\u2066A\u2069", "en", 0);
    assert_int_equal(marked.run_count, 1);
    assert_string_equal(marked.text, "A");
    text_layout_free(&marked);
}

static void joiners_change_shapes_and_draw_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct text_layout joined = lay_out(fixture, "क्ष", "hi", 0);
    struct text_layout apart = lay_out(fixture, "क्\u200cष", "hi", 0);
    assert_int_equal(joined.missing + apart.missing, 0);
    assert_true(joined.lines[0].advance_px < apart.lines[0].advance_px);
    text_layout_free(&joined);
    text_layout_free(&apart);
}

static void local_scripts_fall_back_for_latin_letters(void **state)
{
    struct fixture *fixture = *state;
    struct text_layout layout = lay_out(fixture, "ટિકિટ H07 • ✓", "gu", 0);
    bool gujarati = false, sans = false;
    for (size_t i = 0; i < layout.run_count; i++) {
        gujarati |= layout.runs[i].font / 2 == FAMILY_GUJARATI;
        sans |= layout.runs[i].font / 2 == FAMILY_SANS;
    }
    assert_true(gujarati && sans);
    assert_int_equal(layout.missing, 0);
    text_layout_free(&layout);
}

static void what_no_font_has_is_counted(void **state)
{
    struct fixture *fixture = *state;
    const struct text_style style = {.size_px = 42};
    assert_int_equal(text_measure(fixture->engine, "a\U0001F600b", &style, 0, 0).missing, 1);
    assert_int_equal(text_measure(fixture->engine, "abc", &style, 0, 0).missing, 0);
}

static void emphasis_is_bold_and_wider(void **state)
{
    struct fixture *fixture = *state;
    const struct text_style style = {.size_px = 42}, bold = {.size_px = 42, .weight = TEXT_BOLD};
    const int plain = text_measure(fixture->engine, "blue area", &style, 0, 0).width_px;
    const int marked = text_measure(fixture->engine,
                                    TEXT_EMPHASIS_START "blue area" TEXT_EMPHASIS_END, &style, 0, 0)
                           .width_px;
    assert_true(marked > plain);
    assert_int_equal(marked, text_measure(fixture->engine, "blue area", &bold, 0, 0).width_px);
}

static void lines_break_at_opportunities_only(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        size_t lines;
    } CASES[] = {
        {"aaaa bbbb", 2}, {"aaaa\u00a0bbbb", 1},  {"aaaa-bbbb", 2}, {"aaaa\u200bbbbb", 2},
        {"1000-2000", 1}, {"aaaa/bbbb", 2},       {"aaaa\nb", 2},   {"aaaa   ", 1},
        {"", 1},          {"aaaa    bbbb   ", 2}, {"a\n\nb", 3},    {"aaaa \u2068bbbb\u2069", 2},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct text_layout layout = lay_out(fixture, CASES[i].text, "en", 130);
        if (layout.line_count != CASES[i].lines) {
            fail_msg("\"%s\": %zu lines", CASES[i].text, layout.line_count);
        }
        text_layout_free(&layout);
    }
}

static void a_long_word_is_cut_between_clusters_and_told(void **state)
{
    struct fixture *fixture = *state;
    const struct text_style style = {.size_px = 50, .language = "hi"};
    static const char WORD[] = "क्षित्रिकीक्षित्रिकीक्षित्रिकी";
    const struct text_metrics metrics = text_measure(fixture->engine, WORD, &style, 150, 0);
    assert_true(metrics.lines > 1);
    assert_false(metrics.fits);
    bool bold = false;
    struct paragraph paragraph =
        paragraph_analyse(fixture->fonts, WORD, strlen(WORD), &style, &bold);
    struct text_layout layout =
        text_layout_make(fixture->fonts, WORD, strlen(WORD), &style, 50, 150, true);
    assert_true(layout.broke_word);
    for (size_t line = 0; line + 1 < layout.line_count; line++) {
        for (size_t i = 0; i < paragraph.count; i++) {
            if (paragraph.chars[i].byte == layout.lines[line].end_byte) {
                assert_true(paragraph.chars[i].starts_cluster);
            }
        }
    }
    text_layout_free(&layout);
    paragraph_free(&paragraph);
}

static void clusters_hold_marks_and_conjuncts(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        size_t clusters;
    } CASES[] = {{"abc", 3},     {"e\u0301a", 2}, {"क्षि", 1},
                 {"বিজ্ঞপ্তি", 3}, {"ਵਿੱਚ", 2},      {"تقريبًا", 6}};
    const struct text_style style = {.size_px = 50};
    for (size_t c = 0; c < sizeof(CASES) / sizeof(CASES[0]); c++) {
        bool bold = false;
        struct paragraph paragraph =
            paragraph_analyse(fixture->fonts, CASES[c].text, strlen(CASES[c].text), &style, &bold);
        size_t clusters = 0;
        for (size_t i = 0; i < paragraph.count; i++) {
            clusters += paragraph.chars[i].starts_cluster;
        }
        if (clusters != CASES[c].clusters) {
            fail_msg("%s: %zu clusters", CASES[c].text, clusters);
        }
        paragraph_free(&paragraph);
    }
}

static void sizes_shrink_along_the_scale_until_it_fits(void **state)
{
    struct fixture *fixture = *state;
    static const char TEXT[] = "Births, deaths and marriages";
    const struct text_style style = {
        .size_px = TYPE_KIOSK_LARGE, .min_size_px = TYPE_KIOSK_SMALL, .max_lines = 1};
    assert_int_equal(text_measure(fixture->engine, TEXT, &style, 2000, 0).size_px,
                     TYPE_KIOSK_LARGE);
    const struct text_metrics smaller = text_measure(fixture->engine, TEXT, &style, 800, 0);
    assert_int_equal(smaller.size_px, TYPE_KIOSK_BODY);
    assert_true(smaller.fits);
    const struct text_metrics least = text_measure(fixture->engine, TEXT, &style, 300, 0);
    assert_int_equal(least.size_px, TYPE_KIOSK_SMALL);
    assert_false(least.fits);
    assert_int_equal(least.lines, 1);
}

static void measure_and_draw_agree(void **state)
{
    struct fixture *fixture = *state;
    const struct text_style style = {.size_px = 42, .language = "ur", .valign = TEXT_BOTTOM};
    const struct text_metrics measured =
        text_measure(fixture->engine, "کونسل ٹیکس", &style, 300, 200);
    const struct text_metrics drawn =
        text_draw(fixture->engine, fixture->page, (struct rect){10, 20, 300, 200}, "کونسل ٹیکس",
                  &style, BLACK);
    assert_memory_equal(&measured.ink, &drawn.ink, sizeof(drawn.ink));
    assert_int_equal(measured.baseline_px, drawn.baseline_px);
}

/* The rectangle of pixels that are not white. */
static struct rect inked(const struct canvas *canvas)
{
    struct rect ink = {0, 0, 0, 0};
    for (int y = 0; y < canvas->height; y++) {
        const uint8_t *row = canvas->pixels + (size_t)y * canvas->pitch;
        int left = 0, right = canvas->width;
        while (left < right && row[left] == 255) {
            left++;
        }
        while (right > left && row[right - 1] == 255) {
            right--;
        }
        ink = rect_union(ink, (struct rect){left, y, right - left, right > left});
    }
    return ink;
}

/* Every string of every language, at two sizes and weights, in a narrow and a wide box: nothing
 * missing, and not a pixel outside the ink that was measured, nor outside the box. */
static void check_ink(struct fixture *fixture, const char *text, const struct text_style *style,
                      struct rect box)
{
    canvas_fill(fixture->page, (struct rect){0, 0, PAGE_WIDTH, PAGE_HEIGHT},
                (struct colour){255, 255, 255, 255});
    struct text_metrics metrics =
        text_draw(fixture->engine, fixture->page, box, text, style, BLACK);
    const struct rect drawn = inked(fixture->page);
    metrics.ink.x += box.x;
    metrics.ink.y += box.y;
    if (metrics.missing > 0 || !rect_holds(metrics.ink, drawn) || !rect_holds(box, metrics.ink)) {
        fail_msg("%s \"%s\" size %d: missing %d, drawn %d,%d %dx%d, measured %d,%d %dx%d",
                 style->language, text, style->size_px, metrics.missing, drawn.x, drawn.y, drawn.w,
                 drawn.h, metrics.ink.x, metrics.ink.y, metrics.ink.w, metrics.ink.h);
    }
    if (metrics.lines > 0) { /* and the measure is no mere bound: within 2 px of the truth */
        assert_true(metrics.ink.w - drawn.w <= 4 && metrics.ink.h - drawn.h <= 4);
    }
}

static void ink_of_every_string_stays_inside(void **state)
{
    struct fixture *fixture = *state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct catalogue *words = NULL;
        char error[256];
        assert_int_equal(catalogue_open(QUARTER_SHARE, LANGUAGES[l], &words, error, sizeof(error)),
                         STATUS_OK);
        for (size_t i = 0; i < catalogue_count(words); i++) {
            const struct catalogue_message message = catalogue_message(words, i);
            const enum text_weight weight = i % 2 == 0 ? TEXT_REGULAR : TEXT_BOLD;
            const struct text_style style = {.size_px = 42,
                                             .language = LANGUAGES[l],
                                             .weight = weight,
                                             .align = (enum text_align)(i % 3),
                                             .valign = (enum text_valign)(i / 3 % 3)};
            check_ink(fixture, message.text, &style, (struct rect){30, 40, 380, 700});
            check_ink(fixture, message.text, &style, (struct rect){30, 40, 380, 70});
        }
        catalogue_destroy(words);
    }
}

static void nastaliq_takes_about_twice_the_line(void **state)
{
    struct fixture *fixture = *state;
    const struct text_style urdu = {.size_px = 50, .language = "ur"},
                            english = {.size_px = 50, .language = "en"};
    const int high = text_measure(fixture->engine, "میری اپائنٹمنٹ ہے", &urdu, 0, 0).height_px;
    const int low =
        text_measure(fixture->engine, "I have an appointment", &english, 0, 0).height_px;
    assert_true(high * 10 >= low * 15 && high * 10 <= low * 22);
}

static void too_much_text_ends_in_an_ellipsis(void **state)
{
    struct fixture *fixture = *state;
    const struct text_style style = {.size_px = 42};
    const struct text_metrics metrics = text_measure(
        fixture->engine, "one two three four five six seven eight nine ten", &style, 300, 120);
    assert_false(metrics.fits);
    assert_int_equal(metrics.lines, 2);
    assert_true(metrics.ink.y >= 0 && metrics.ink.y + metrics.ink.h <= 120);
    check_ink(fixture, "one two three four five six seven eight nine ten", &style,
              (struct rect){0, 0, 300, 120});
    check_ink(fixture, "donaudampfschifffahrtsgesellschaft", &style, (struct rect){0, 0, 100, 60});
    check_ink(fixture, "W", &style, (struct rect){5, 5, 8, 80}); /* a letter wider than its box */
}

static void malformed_text_does_no_harm(void **state)
{
    struct fixture *fixture = *state;
    static const char *const TEXTS[] = {
        "\xff\xfe", "a\xc3",  "\xe2\x82",     "\xf0\x9f\x98",    "\xc0\xaf",        "\xed\xa0\x80",
        "\x80\x80", "\u2068", "\u2069\u2069", "\u202e\u202eabc", "\x01\x02\x03\x04"};
    const struct text_style style = {.size_px = 42};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        (void)text_measure(fixture->engine, TEXTS[i], &style, 100, 100);
    }
    char *longest = malloc(20001);
    assert_non_null(longest);
    memset(longest, 'x', 20000);
    longest[20000] = '\0';
    assert_false(text_measure(fixture->engine, longest, &style, 500, 500).fits);
    free(longest);
    uint32_t seed = 7;
    for (int round = 0; round < 300; round++) {
        char text[40];
        for (size_t i = 0; i < sizeof(text) - 1; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)(1 + (seed >> 24) % 255);
        }
        text[sizeof(text) - 1] = '\0';
        (void)text_measure(fixture->engine, text, &style, 200, 200);
    }
}

static void marks_are_stripped_for_plain_channels(void **state)
{
    (void)state;
    char out[32];
    assert_int_equal(text_strip_marks("\u2068H07\u2069 \x02 x\x03", out, sizeof(out)), 6);
    assert_string_equal(out, "H07  x");
    assert_int_equal(text_strip_marks("żółć", out, 4), 2); /* never half a letter */
}

static void no_font_at_all_names_their_package(void **state)
{
    (void)state;
    struct text_engine *engine = NULL;
    char error[400];
    assert_int_equal(text_engine_create("/nowhere", &engine, error, sizeof(error)),
                     STATUS_NOT_FOUND);
    assert_null(engine);
    assert_non_null(strstr(error, "/nowhere"));
    assert_non_null(strstr(error, "fonts-noto-core"));
}

/* Two fonts, one of them broken: Latin is drawn, what nobody can draw is counted, nothing breaks. */
static void missing_fonts_are_done_without(void **state)
{
    const struct fixture *fixture = *state;
    char dir[] = "/tmp/quarter-fonts-XXXXXX", path[200], error[400];
    struct text_engine *engine = NULL;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/NotoSans-Regular.ttf", dir);
    assert_int_equal(symlink("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", path), 0);
    snprintf(path, sizeof(path), "%s/NotoSans-Bold.ttf", dir);
    FILE *broken = fopen(path, "wb");
    assert_non_null(broken);
    fputs("this is no font", broken);
    fclose(broken);
    assert_int_equal(text_engine_create(dir, &engine, error, sizeof(error)), STATUS_OK);
    const struct text_style latin = {.size_px = 50, .weight = TEXT_BOLD};
    const struct text_style urdu = {.size_px = 50, .weight = TEXT_BOLD, .language = "ur"};
    assert_int_equal(text_measure(engine, "Get my ticket", &latin, 0, 0).missing, 0); /* not bold */
    assert_true(text_measure(engine, "ٹکٹ", &urdu, 300, 0).missing > 0);
    text_draw(engine, fixture->page, (struct rect){0, 0, 400, 200}, "ٹکٹ H07", &urdu,
              (struct colour){0, 0, 0, 255});
    text_engine_destroy(engine);
    unlink(path);
    snprintf(path, sizeof(path), "%s/NotoSans-Regular.ttf", dir);
    unlink(path);
    rmdir(dir);
}

static struct rect draw_number(struct fixture *fixture, struct text_engine *engine)
{
    const struct text_style style = {.size_px = 200, .weight = TEXT_BOLD};
    canvas_fill(fixture->page, (struct rect){0, 0, PAGE_WIDTH, PAGE_HEIGHT},
                (struct colour){255, 255, 255, 255});
    (void)text_draw(engine, fixture->page, (struct rect){10, 10, 600, 300}, "H07", &style, BLACK);
    return inked(fixture->page);
}

static void caches_stay_bounded_and_right(void **state)
{
    struct fixture *fixture = *state;
    const struct rect before = draw_number(fixture, fixture->engine);
    assert_true(before.w > 200 && before.h > 100);
    for (int i = 0; i < 600; i++) { /* more texts, runs and sizes of fonts than the caches hold */
        char text[32];
        (void)snprintf(text, sizeof(text), "%d abcdefgh %d", i, i * 7);
        const struct text_style other = {.size_px = 20 + i % 150};
        (void)text_draw(fixture->engine, fixture->page, (struct rect){0, 0, 600, 800}, text, &other,
                        BLACK);
    }
    const struct rect after = draw_number(fixture, fixture->engine);
    assert_memory_equal(&before, &after, sizeof(after));
}

static void engines_come_and_go_beside_each_other(void **state)
{
    struct fixture *fixture = *state;
    char error[256];
    for (int round = 0; round < 2; round++) {
        struct text_engine *first = NULL, *second = NULL;
        assert_int_equal(text_engine_create(NULL, &first, error, sizeof(error)), STATUS_OK);
        assert_int_equal(text_engine_create(NULL, &second, error, sizeof(error)), STATUS_OK);
        const struct rect one = draw_number(fixture, first);
        text_engine_destroy(first);
        const struct rect two = draw_number(fixture, second); /* its fonts are opened only now */
        text_engine_destroy(second);
        assert_memory_equal(&one, &two, sizeof(one));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urdu_runs_right_to_left_around_a_latin_number),
        cmocka_unit_test(isolates_keep_a_range_in_order_and_are_not_drawn),
        cmocka_unit_test(joiners_change_shapes_and_draw_nothing),
        cmocka_unit_test(local_scripts_fall_back_for_latin_letters),
        cmocka_unit_test(what_no_font_has_is_counted),
        cmocka_unit_test(emphasis_is_bold_and_wider),
        cmocka_unit_test(lines_break_at_opportunities_only),
        cmocka_unit_test(a_long_word_is_cut_between_clusters_and_told),
        cmocka_unit_test(clusters_hold_marks_and_conjuncts),
        cmocka_unit_test(sizes_shrink_along_the_scale_until_it_fits),
        cmocka_unit_test(measure_and_draw_agree),
        cmocka_unit_test(ink_of_every_string_stays_inside),
        cmocka_unit_test(nastaliq_takes_about_twice_the_line),
        cmocka_unit_test(too_much_text_ends_in_an_ellipsis),
        cmocka_unit_test(malformed_text_does_no_harm),
        cmocka_unit_test(marks_are_stripped_for_plain_channels),
        cmocka_unit_test(no_font_at_all_names_their_package),
        cmocka_unit_test(missing_fonts_are_done_without),
        cmocka_unit_test(caches_stay_bounded_and_right),
        cmocka_unit_test(engines_come_and_go_beside_each_other),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
