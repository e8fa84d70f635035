/* Tickets: golden pictures, and every service of the example site in all nine languages on wide and
 * narrow paper: nothing cut, no letter missing, no ink at the paper's edge, the number as large as
 * the paper allows. */
#include "printer/layout/layout.h"
#include "printer/layout/page_png.h"
#include "site/site.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { DPI = 203, WIDE = 576, NARROW = 384 };

static const char *const LANGUAGES[] = {"en", "gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};
static const char *const TIMES[] = {
    "Tuesday 24 November, 10:43",  "મંગળવાર 24 નવેમ્બર, 10:43",     "ਮੰਗਲਵਾਰ 24 ਨਵੰਬਰ, 10:43",
    "منگل 24 نومبر، 10:43",        "मंगलवार 24 नवंबर, 10:43",      "মঙ্গলবার 24 নভেম্বর, 10:43",
    "wtorek, 24 listopada, 10:43", "Talaado 24 Nofembar, 10:43", "الثلاثاء 24 نوفمبر، 10:43"};
enum { LANGUAGE_COUNT = sizeof(LANGUAGES) / sizeof(LANGUAGES[0]) };

struct fixture {
    struct ticket_layout *layout;
    struct site *site;
    json_t *words; /* the document of GET /api/site */
};

static int open_all(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char error[256] = "";
    if (layout_create(QUARTER_SHARE, error, sizeof(error), &fixture->layout) != STATUS_OK) {
        fprintf(stderr, "%s\n", error);
        free(fixture);
        return -1;
    }
    struct site_report *report = site_report_create();
    enum status status = site_load(SITE, &fixture->site, report);
    site_report_destroy(report);
    if (status != STATUS_OK)
        return -1;
    fixture->words = json_loads(site_json(fixture->site), 0, NULL);
    *state = fixture;
    return fixture->words ? 0 : -1;
}

static int close_all(void **state)
{
    struct fixture *fixture = *state;
    json_decref(fixture->words);
    site_destroy(fixture->site);
    layout_destroy(fixture->layout);
    free(fixture);
    return 0;
}

static void copy(char *into, size_t size, const char *text)
{
    assert_non_null(text);
    assert_true((size_t)snprintf(into, size, "%s", text) < size);
}

static const char *said(const json_t *texts, const char *language)
{
    return json_string_value(json_object_get(texts, language));
}

static const json_t *by_code(const json_t *list, const char *code)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "code")), code) == 0)
            return json_array_get(list, i);
    fail_msg("no %s", code);
    return NULL;
}

static struct print_request *request_for(const struct fixture *fixture, size_t language,
                                         const json_t *service)
{
    struct print_request *request = calloc(1, sizeof(*request));
    const char *code = LANGUAGES[language];
    copy(request->ticket, sizeof(request->ticket), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    request->copy = 1;
    copy(request->language, sizeof(request->language), code);
    request->right_to_left = strcmp(code, "ur") == 0 || strcmp(code, "ar") == 0;
    copy(request->centre, sizeof(request->centre),
         said(json_object_get(fixture->words, "name"), code));
    copy(request->number, sizeof(request->number), "H07");
    copy(request->service, sizeof(request->service), said(json_object_get(service, "name"), code));
    copy(request->printed_at, sizeof(request->printed_at), TIMES[language]);
    const json_t *area = by_code(json_object_get(fixture->words, "areas"),
                                 json_string_value(json_object_get(service, "area")));
    copy(request->where, sizeof(request->where), said(json_object_get(area, "name"), code));
    const json_t *ready = json_object_get(json_object_get(service, "have_ready"), code);
    for (size_t i = 0; i < json_array_size(ready); i++)
        copy(request->have_ready[request->have_ready_count++], REQUEST_TEXT_BYTES,
             json_string_value(json_array_get(ready, i)));
    request->ahead = 4;
    return request;
}

static const json_t *service_of(const struct fixture *fixture, const char *code)
{
    return by_code(json_object_get(fixture->words, "services"), code);
}

static struct page *draw(const struct fixture *fixture, const struct print_request *request,
                         int width_px, struct layout_report *report)
{
    struct page *page = NULL;
    assert_int_equal(layout_draw(fixture->layout, request, width_px, DPI, &page, report),
                     STATUS_OK);
    assert_int_equal(page->width_px, width_px);
    return page;
}

static int count_differences(const struct page *one, const struct page *other)
{
    int count = 0;
    for (int y = 0; y < one->height_px; y++)
        for (int x = 0; x < one->width_px; x++)
            count += page_is_black(one, x, y) != page_is_black(other, x, y);
    return count;
}

/* The same fonts give the same dots; another FreeType may move an edge by one. */
static void compare_with_golden(const struct page *page, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.png", GOLDEN, name);
    if (getenv("QUARTER_UPDATE_GOLDEN")) {
        assert_int_equal(page_save_png(page, path), STATUS_OK);
        return;
    }
    struct page *golden = NULL;
    if (page_load_png(path, &golden) != STATUS_OK)
        fail_msg("%s is missing; QUARTER_UPDATE_GOLDEN=1 makes it", path);
    bool alike = golden->width_px == page->width_px && golden->height_px == page->height_px;
    int differences = alike ? count_differences(page, golden) : -1;
    page_destroy(golden);
    if (!alike || differences > page->width_px * page->height_px / 1000) {
        mkdir(PICTURES "/..", 0777);
        mkdir(PICTURES, 0777);
        snprintf(path, sizeof(path), "%s/%s.png", PICTURES, name);
        page_save_png(page, path);
        fail_msg("%s differs by %d dots (-1: in size); see %s", name, differences, path);
    }
}

static void tickets_look_as_they_did(void **state)
{
    const struct fixture *fixture = *state;
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
            request_for(fixture, rows[i].language, service_of(fixture, rows[i].service));
        request->has_wait = rows[i].high_min > 0;
        request->wait_low_min = rows[i].low_min;
        request->wait_high_min = rows[i].high_min;
        if (rows[i].url)
            copy(request->url, sizeof(request->url), "https://queue.example.gov.uk/t/7Q2MXK4C9V");
        struct layout_report report;
        struct page *page = draw(fixture, request, rows[i].width, &report);
        assert_int_equal(report.misfits, 0);
        compare_with_golden(page, rows[i].name);
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
    const struct fixture *fixture = *state;
    const json_t *services = json_object_get(fixture->words, "services");
    assert_true(json_array_size(services) >= 10);
    bool keep = getenv("QUARTER_PICTURES") != NULL;
    if (keep) {
        mkdir(PICTURES "/..", 0777);
        mkdir(PICTURES, 0777);
    }
    for (size_t l = 0; l < LANGUAGE_COUNT; l++)
        for (size_t s = 0; s < json_array_size(services); s++) {
            const json_t *service = json_array_get(services, s);
            struct print_request *request = request_for(fixture, l, service);
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
                snprintf(path, sizeof(path), "%s/%s-%s.png", PICTURES, LANGUAGES[l],
                         json_string_value(json_object_get(service, "code")));
                page_save_png(page, path);
            }
            page_destroy(page);
            free(request);
        }
}

static void the_number_always_fits(void **state)
{
    const struct fixture *fixture = *state;
    static const char *const numbers[] = {"1", "H07", "W99", "HB104", "WWW9999", "MMM9999"};
    static const int widths[] = {200, NARROW, WIDE, 832};
    for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++)
        for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
            struct print_request *request =
                request_for(fixture, 3, service_of(fixture, "housing_benefit"));
            copy(request->number, sizeof(request->number), numbers[n]);
            if (widths[w] == 200) { /* narrower than any roll: only the number must hold */
                copy(request->service, sizeof(request->service), "x");
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
    const struct fixture *fixture = *state;
    struct print_request *request = request_for(fixture, 0, service_of(fixture, "housing_benefit"));
    struct layout_report report;
    struct page *page = draw(fixture, request, WIDE, &report);
    assert_int_equal(report.number_px, 200);
    page_destroy(page);
    free(request);
}

/* All else being equal, each thing known of the wait gives another page. */
static void what_is_known_of_the_wait_is_said(void **state)
{
    const struct fixture *fixture = *state;
    struct print_request *request = request_for(fixture, 0, service_of(fixture, "housing_benefit"));
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
    const struct fixture *fixture = *state;
    struct print_request *request = request_for(fixture, 0, service_of(fixture, "housing_benefit"));
    struct page *english = draw(fixture, request, WIDE, NULL);
    copy(request->language, sizeof(request->language), "xx");
    struct page *unknown = draw(fixture, request, WIDE, NULL);
    assert_true(page_equal(english, unknown));
    page_destroy(english);
    page_destroy(unknown);
    free(request);
}

static void a_long_address_still_has_a_code(void **state)
{
    const struct fixture *fixture = *state;
    struct print_request *request = request_for(fixture, 0, service_of(fixture, "housing_benefit"));
    struct page *without = draw(fixture, request, NARROW, NULL);
    copy(request->url, sizeof(request->url), "https://q.example/t/");
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
    const struct fixture *fixture = *state;
    struct print_request *request = request_for(fixture, 0, service_of(fixture, "housing_benefit"));
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
    return cmocka_run_group_tests(tests, open_all, close_all);
}
