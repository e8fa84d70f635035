/* Slips as they come out of a receipt printer: drawn, sent as ESC/POS, read back by a printer made of the reference, and
 * compared with golden pictures; all nine languages on 80 and 58 mm paper. The same pages go out as PWG raster. */
#include "escpos_reader.h"
#include "printer/device/escpos.h"
#include "slip_scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    int dots, mm;
} PAPERS[] = {{WIDE, 80}, {NARROW, 58}};
enum { PAPER_COUNT = 2 };

static struct page *draw(const struct slip_fixture *fixture, const struct print_request *request,
                         int width_px)
{
    struct page *page = NULL;
    struct layout_report report;
    assert_int_equal(layout_draw(fixture->layout, request, width_px, DPI, &page, &report),
                     STATUS_OK);
    assert_int_equal(report.misfits, 0);
    return page;
}

/* The paper must be the golden picture, up to the dots that hide a command (see escpos.h). */
static void expect_slip(const struct slip_fixture *fixture, const struct print_request *request,
                        int width_px, const char *name)
{
    struct page *page = draw(fixture, request, width_px);
    char *bytes;
    size_t size;
    assert_int_equal(escpos_encode(page, true, &bytes, &size), STATUS_OK);
    struct escpos_paper paper = escpos_read(bytes, size, width_px);
    assert_int_equal(paper.count, 1);
    assert_int_equal(paper.cuts, 1);
    assert_int_equal(paper.rubbish + paper.letters + paper.real_time + paper.too_wide, 0);
    assert_int_equal(paper.lacking, 0);
    assert_int_equal(paper.pieces[0]->height_px, page->height_px);
    slip_compare(paper.pieces[0], name);
    escpos_paper_free(&paper);
    free(bytes);
    page_destroy(page);
}

static void tickets_in_every_language(void **state)
{
    const struct slip_fixture *fixture = *state;
    for (size_t p = 0; p < PAPER_COUNT; p++)
        for (size_t l = 0; l < SLIP_LANGUAGE_COUNT; l++) {
            struct print_request *request =
                slip_ticket(fixture, l, slip_service(fixture, "housing_benefit"));
            request->has_wait = true;
            request->wait_low_min = 10;
            request->wait_high_min = 25;
            snprintf(request->url, sizeof(request->url),
                     "https://queue.example.gov.uk/t/7Q2MXK4C9V");
            char name[64];
            snprintf(name, sizeof(name), "slip-ticket-%d-%s", PAPERS[p].mm, slip_languages[l]);
            expect_slip(fixture, request, PAPERS[p].dots, name);
            free(request);
        }
}

static void signposts_in_every_language(void **state)
{
    const struct slip_fixture *fixture = *state;
    for (size_t p = 0; p < PAPER_COUNT; p++)
        for (size_t l = 0; l < SLIP_LANGUAGE_COUNT; l++) {
            struct print_request *request = slip_signpost(fixture, l);
            char name[64];
            snprintf(name, sizeof(name), "slip-signpost-%d-%s", PAPERS[p].mm, slip_languages[l]);
            expect_slip(fixture, request, PAPERS[p].dots, name);
            free(request);
        }
}

static void a_copy_says_that_it_is_one(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request = slip_ticket(fixture, 3, slip_service(fixture, "repairs"));
    struct page *first = draw(fixture, request, WIDE);
    request->copy = 2;
    struct page *second = draw(fixture, request, WIDE);
    assert_false(page_equal(first, second));
    page_destroy(first);
    page_destroy(second);
    expect_slip(fixture, request, WIDE, "slip-copy-80-ur");
    free(request);
}

static void a_signpost_without_an_address_has_no_code(void **state)
{
    const struct slip_fixture *fixture = *state;
    struct print_request *request = slip_signpost(fixture, 0);
    struct page *with = draw(fixture, request, WIDE);
    request->url[0] = '\0';
    struct page *without = draw(fixture, request, WIDE);
    assert_true(with->height_px > without->height_px + 200);
    page_destroy(with);
    page_destroy(without);
    free(request);
}

static bool column_has(const struct page *page, int x)
{
    for (int y = 0; y < page->height_px - 8; y++) /* but for the dashes at the end */
        if (page_is_black(page, x, y))
            return true;
    return false;
}

static void a_test_page_uses_every_dot_of_the_head(void **state)
{
    const struct slip_fixture *fixture = *state;
    for (size_t p = 0; p < PAPER_COUNT; p++) {
        struct print_request *request = slip_test_page(fixture);
        struct page *page = draw(fixture, request, PAPERS[p].dots);
        for (int x = 0; x < page->width_px; x++)
            assert_true(column_has(page, x));
        page_destroy(page);
        char name[64];
        snprintf(name, sizeof(name), "slip-test-%d", PAPERS[p].mm);
        expect_slip(fixture, request, PAPERS[p].dots, name);
        free(request);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_in_every_language),
        cmocka_unit_test(signposts_in_every_language),
        cmocka_unit_test(a_copy_says_that_it_is_one),
        cmocka_unit_test(a_signpost_without_an_address_has_no_code),
        cmocka_unit_test(a_test_page_uses_every_dot_of_the_head),
    };
    return cmocka_run_group_tests(tests, slip_open, slip_close);
}
