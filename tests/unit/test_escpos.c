/* ESC/POS: what the printer makes of the bytes is the page, dot by dot, whatever its height; nothing in a picture is taken
 * for a command; a job cut off anywhere does not spoil the next. */
#include "escpos_reader.h"
#include "printer/device/escpos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDE = 576, NARROW = 384 };

/* Dots as they fall, without the byte that starts a real-time command. */
static struct page *speckled(int width_px, int height_px, unsigned seed)
{
    struct page *page;
    assert_int_equal(page_create(width_px, height_px, &page), STATUS_OK);
    for (size_t i = 0; i < page->stride * (size_t)height_px; i++) {
        seed = seed * 1103515245u + 12345u;
        page->bits[i] = (uint8_t)(seed >> 16);
        if (page->bits[i] == 0x10)
            page->bits[i] = 0x11;
    }
    return page;
}

static void expect_page(const struct escpos_paper *paper, const struct page *page)
{
    assert_int_equal(paper->count, 1);
    assert_int_equal(paper->cuts, 1);
    assert_int_equal(paper->rubbish, 0);
    assert_int_equal(paper->letters, 0);
    assert_int_equal(paper->real_time, 0);
    assert_int_equal(paper->too_wide, 0);
    assert_int_equal(paper->lacking, 0);
    assert_int_equal(paper->unlucky_bands, 0);
    assert_true(paper->tallest_band <= ESCPOS_BAND_ROWS);
    assert_true(page_equal(paper->pieces[0], page));
}

static void the_paper_is_the_page_at_every_height(void **state)
{
    (void)state;
    for (int height = 1; height <= 400; height++)
        for (int resume = 0; resume < 2; resume++) {
            int width = height % 2 ? WIDE : NARROW;
            struct page *page = speckled(width, height, (unsigned)height);
            char *bytes;
            size_t size;
            assert_int_equal(escpos_encode(page, resume, &bytes, &size), STATUS_OK);
            struct escpos_paper paper = escpos_read(bytes, size, width);
            expect_page(&paper, page);
            escpos_paper_free(&paper);
            page_destroy(page);
            free(bytes);
        }
}

/* The bytes themselves, against the reference: ESC @, GS v 0 0 xL xH yL yH, GS V 66 0. */
static void the_commands_are_those_of_the_reference(void **state)
{
    (void)state;
    struct page *page;
    assert_int_equal(page_create(16, 2, &page), STATUS_OK);
    page_set_black(page, 0, 0);
    page_set_black(page, 15, 1);
    static const unsigned char wanted[] = {0x1b, 0x40, 0x1d, 0x76, 0x30, 0,    2,    0,  2,
                                           0,    0x80, 0,    0,    1,    0x1d, 0x56, 66, 0};
    char *bytes;
    size_t size;
    assert_int_equal(escpos_encode(page, false, &bytes, &size), STATUS_OK);
    assert_int_equal(size, sizeof(wanted));
    assert_memory_equal(bytes, wanted, size);
    free(bytes);
    page_destroy(page);
}

static void no_dots_are_a_command(void **state)
{
    (void)state;
    static const uint8_t seconds[] = {0x04, 0x05, 0x14};
    for (size_t s = 0; s < sizeof(seconds); s++) {
        struct page *page;
        assert_int_equal(page_create(WIDE, 300, &page), STATUS_OK);
        for (size_t i = 0; i < page->stride * 300; i++)
            page->bits[i] = i % 2 ? seconds[s] : 0x10;
        char *bytes;
        size_t size;
        assert_int_equal(escpos_encode(page, false, &bytes, &size), STATUS_OK);
        struct escpos_paper paper = escpos_read(bytes, size, WIDE);
        assert_int_equal(paper.real_time, 0);
        assert_int_equal(paper.rubbish, 0);
        /* no dot is lost, and no more than one is new in sixteen */
        assert_in_range(escpos_dots_too_many(paper.pieces[0], page), 0, WIDE * 300 / 16);
        escpos_paper_free(&paper);
        page_destroy(page);
        free(bytes);
    }
}

static bool ends_with(const struct page *paper, const struct page *page)
{
    if (paper->height_px < page->height_px || paper->width_px != page->width_px)
        return false;
    size_t above = (size_t)(paper->height_px - page->height_px);
    return memcmp(paper->bits + above * paper->stride, page->bits,
                  page->stride * (size_t)page->height_px) == 0;
}

/* The printer waits for the rest of a picture when the connection is cut: what comes next must not be taken for it. */
static void a_job_cut_off_anywhere_does_not_spoil_the_next(void **state)
{
    (void)state;
    struct page *first = speckled(NARROW, 130, 1);
    struct page *second = speckled(NARROW, 90, 2);
    char *one;
    char *other;
    size_t one_size;
    size_t other_size;
    assert_int_equal(escpos_encode(first, false, &one, &one_size), STATUS_OK);
    assert_int_equal(escpos_encode(second, true, &other, &other_size), STATUS_OK);
    char *both = malloc(one_size + other_size);
    for (size_t cut = 0; cut <= one_size; cut++) {
        memcpy(both, one, cut);
        memcpy(both + cut, other, other_size);
        struct escpos_paper paper = escpos_read(both, cut + other_size, NARROW);
        assert_true(paper.count >= 1);
        if (!ends_with(paper.pieces[paper.count - 1], second))
            fail_msg("cut off after byte %zu of %zu", cut, one_size);
        if (paper.letters > 0 || paper.rubbish > 1) /* the command that was cut in two */
            fail_msg("letters on paper after a cut at byte %zu of %zu", cut, one_size);
        escpos_paper_free(&paper);
    }
    free(both);
    free(one);
    free(other);
    page_destroy(first);
    page_destroy(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_paper_is_the_page_at_every_height),
        cmocka_unit_test(the_commands_are_those_of_the_reference),
        cmocka_unit_test(no_dots_are_a_command),
        cmocka_unit_test(a_job_cut_off_anywhere_does_not_spoil_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
