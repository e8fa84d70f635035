/* Tickets: golden pictures, and every service of the example site in all nine languages on wide and
 * narrow paper: nothing cut, no letter missing, no ink at the paper's edge, the number as large as
 * the paper allows. */
#include "printer/layout/page_png.h"
#include "slip_scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct page *draw(const struct slip_fixture *fixture, const struct print_request *request,
                         int width_px, struct layout_report *report)
{
    struct page *page = NULL;
    assert_int_equal(layout_draw(fixture->layout, request, width_px, DPI, &page, report),
                     STATUS_OK);
    assert_int_equal(page->width_px, width_px);
    return page;
}

static void tickets_look_as_they_did(void **state)
{
    const struct slip_fixture *fixture = *state;
    static const struct {
        const char *name, *service;
        size_t language;
        int width;
        int low_min, high_min; /* 0: not known */
        bool url;
    } rows[] = {
        {"ticket-en", "housing_benefit", 0, WIDE, 10, 25, true},
        {"ticket-ur", "housing_benefit", 3, WIDE, 0, 0, true},
        {"ticket-gu", "housing_benefit", 1, WIDE, 0, 0, false},
        {"ticket-wait-ur", "housing_benefit", 3, WIDE, 10, 25, true},
        {"ticket-wait-gu", "housing_benefit", 1, WIDE, 10, 25, false},
        {"ticket-soon-en", "housing_benefit", 0, WIDE, 0, 5, false},
        {"ticket-soon-pl", "housing_benefit", 6, NARROW, 0, 5, false},
        {"ticket-narrow-ar", "housing_benefit", 8, NARROW, 10, 15, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct print_request *request =
            slip_ticket(fixture, rows[i].language, slip_service(fixture, rows[i].service));
        request->has_wait = rows[i].high_min > 0;
        request->wait_low_min = rows[i].low_min;
        request->wait_high_min = rows[i].high_min;
        if (rows[i].url)
            slip_copy(request->url, sizeof(request->url),
                      "https://queue.example.gov.uk/t/7Q2MXK4C9V");
        struct layout_report report;
        struct page *page = draw(fixture, request, rows[i].width, &report);
        assert_int_equal(report.misfits, 0);
        slip_compare(page, rows[i].name);
        page_destroy(page);
        free(request);
    }
}

static bool column_is_white(const struct page *page, int x, int bottom)
{
    for (int y = 0; y < bottom; y++)
        if (page_is_black(page, x, y))
            return false;
    return true;
}

static void every_service_fits_in_every_language(void **state)
{
    const struct slip_fixture *fixture = *state;
    const json_t *services = json_object_get(fixture->words, "services");
    assert_true(json_array_size(services) >= 10);
    bool keep = getenv("QUARTER_PICTURES") != NULL;
    if (keep) {
        mkdir(PICTURES "/..", 0777);
        mkdir(PICTURES, 0777);
    }
    for (size_t l = 0; l < SLIP_LANGUAGE_COUNT; l++)
        for (size_t s = 0; s < json_array_size(services); s++) {
            const json_t *service = json_array_get(services, s);
            struct print_request *request = slip_ticket(fixture, l, service);
            int width = s % 2 ? NARROW : WIDE;
            request->has_wait = s % 4 > 1;
            request->wait_low_min = s % 8 > 3 ? 0 : 115;
            request->wait_high_min = s % 8 > 3 ? 5 : 140;
            struct layout_report report;
            struct page *page = draw(fixture, request, width, &report);
            assert_int_equal(report.misfits, 0);
            /* the dashes at the end go to the edge; nothing else comes within 1 mm of it */
            for (int x = 0; x < 8; x++) {
                assert_true(column_is_white(page, x, page->height_px - 8));
                assert_true(column_is_white(page, width - 1 - x, page->height_px - 8));
            }
            if (keep) {
                char path[512];
                snprintf(path, sizeof(path), "%s/%s-%s.png", PICTURES, slip_languages[l],
                         json_string_value(json_object_get(service, "code")));
                page_save_png(page, path);
            }
            page_destroy(page);
            free(request);
        }
}

static void the_number_always_fits(void **state)
{
    const struct slip_fixture *fixture = *state;
    static const char *const numbers[] = {"1", "H07", "W99", "HB104", "WWW9999", "MMM9999"};
    static const int widths[] = {200, NARROW, WIDE, 832};
    for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++)
        for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
            struct print_request *request =
                slip_ticket(fixture, 3, slip_service(fixture, "housing_benefit"));
            slip_copy(request->number, sizeof(request->number), numbers[n]);
            if (widths[w] == 200) { /* narrower than any roll: only the number must hold */
                slip_copy(request->service, sizeof(request->service), "x");
                request->have_ready_count = 0;
            }
            struct layout_report report;
            struct page *page = draw(fixture, request, widths[w], &report);
            if (widths[w] >= NARROW) {
                assert_int_equal(report.misfits, 0);
                assert_true(report.number_px >= 56); /* figures 5 mm high at the least */
            }
            page_destroy(page);
            free(request);
        }
}

static void a_plain_number_is_very_large(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request =
        slip_ticket(fixture, 0, slip_service(fixture, "housing_benefit"));
    struct layout_report report;
    struct page *page = draw(fixture, request, WIDE, &report);
    assert_int_equal(report.number_px, 200);
    page_destroy(page);
    free(request);
}

/* All else being equal, each thing known of the wait gives another page. */
static void what_is_known_of_the_wait_is_said(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request =
        slip_ticket(fixture, 0, slip_service(fixture, "housing_benefit"));
    struct page *pages[5];
    request->ahead = 4;
    pages[0] = draw(fixture, request, WIDE, NULL);
    request->ahead = 0;
    pages[1] = draw(fixture, request, WIDE, NULL);
    request->ahead = REQUEST_AHEAD_UNKNOWN;
    pages[2] = draw(fixture, request, WIDE, NULL);
    request->has_wait = true;
    request->wait_low_min = 5;
    request->wait_high_min = 10;
    pages[3] = draw(fixture, request, WIDE, NULL);
    request->wait_low_min = 10;
    pages[4] = draw(fixture, request, WIDE, NULL);
    for (int i = 0; i < 5; i++)
        for (int j = i + 1; j < 5; j++)
            assert_false(page_equal(pages[i], pages[j]));
    for (int i = 0; i < 5; i++)
        page_destroy(pages[i]);
    free(request);
}

static void an_unknown_language_prints_in_english(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request =
        slip_ticket(fixture, 0, slip_service(fixture, "housing_benefit"));
    struct page *english = draw(fixture, request, WIDE, NULL);
    slip_copy(request->language, sizeof(request->language), "xx");
    struct page *unknown = draw(fixture, request, WIDE, NULL);
    assert_true(page_equal(english, unknown));
    page_destroy(english);
    page_destroy(unknown);
    free(request);
}

static void a_long_address_still_has_a_code(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request =
        slip_ticket(fixture, 0, slip_service(fixture, "housing_benefit"));
    struct page *without = draw(fixture, request, NARROW, NULL);
    slip_copy(request->url, sizeof(request->url), "https://q.example/t/");
    struct layout_report report;
    for (size_t length = strlen(request->url); length < sizeof(request->url) - 1; length++)
        request->url[length] = 'x';
    struct page *with = draw(fixture, request, NARROW, &report);
    assert_int_equal(report.misfits, 0);
    assert_true(with->height_px > without->height_px + 200);
    page_destroy(with);
    page_destroy(without);
    free(request);
}

static void other_resolutions_scale(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request =
        slip_ticket(fixture, 0, slip_service(fixture, "housing_benefit"));
    struct page *at_203 = draw(fixture, request, WIDE, NULL);
    struct page *at_300 = NULL;
    struct layout_report report;
    assert_int_equal(layout_draw(fixture->layout, request, 856, 300, &at_300, &report), STATUS_OK);
    assert_int_equal(report.misfits, 0);
    assert_in_range(at_300->height_px * 100 / at_203->height_px, 140, 156); /* 300/203 = 1.48 */
    struct page *none = NULL;
    assert_int_equal(layout_draw(fixture->layout, request, 100, 203, &none, NULL), STATUS_INVALID);
    assert_int_equal(layout_draw(fixture->layout, request, 576, 20, &none, NULL), STATUS_INVALID);
    page_destroy(at_203);
    page_destroy(at_300);
    free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_look_as_they_did),
        cmocka_unit_test(every_service_fits_in_every_language),
        cmocka_unit_test(the_number_always_fits),
        cmocka_unit_test(a_plain_number_is_very_large),
        cmocka_unit_test(what_is_known_of_the_wait_is_said),
        cmocka_unit_test(an_unknown_language_prints_in_english),
        cmocka_unit_test(a_long_address_still_has_a_code),
        cmocka_unit_test(other_resolutions_scale),
    };
    return cmocka_run_group_tests(tests, slip_open, slip_close);
}
