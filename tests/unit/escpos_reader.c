/* See escpos_reader.h. Commands: ESC @ initialise; GS v 0 raster bit image; GS V cut. */
#include "escpos_reader.h"

#include "quarter/check.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = PAGE_HEIGHT_MAX_PX };

struct reader {
    const unsigned char *at, *end;
    struct escpos_paper paper;
    struct page *roll; /* what has been printed since the last cut */
    int rows;
};

static bool has(const struct reader *reader, size_t count)
{
    return (size_t)(reader->end - reader->at) >= count;
}

static void tear_off(struct reader *reader)
{
    if (reader->rows == 0)
        return;
    CHECK(reader->paper.count < ESCPOS_PIECES_MAX);
    struct page *piece;
    CHECK(page_create(reader->roll->width_px, reader->rows, &piece) == STATUS_OK);
    memcpy(piece->bits, reader->roll->bits, piece->stride * (size_t)reader->rows);
    memset(reader->roll->bits, 0, reader->roll->stride * (size_t)reader->rows);
    reader->paper.pieces[reader->paper.count++] = piece;
    reader->rows = 0;
}

/* GS v 0 m xL xH yL yH d... : rows of x bytes, the left dot in the highest bit, 1 is black. */
static void read_picture(struct reader *reader)
{
    size_t across = reader->at[4] + 256u * reader->at[5];
    int down = reader->at[6] + 256 * reader->at[7];
    reader->paper.rubbish += reader->at[3] != 0; /* scaled: not what the page says */
    reader->paper.tallest_band =
        down > reader->paper.tallest_band ? down : reader->paper.tallest_band;
    reader->paper.unlucky_bands += down > 0 && down % 48 == 0;
    reader->at += 8;
    for (int y = 0; y < down; y++) {
        size_t left = (size_t)(reader->end - reader->at);
        size_t got = left < across ? left : across;
        size_t kept = got < reader->roll->stride ? got : reader->roll->stride;
        reader->paper.too_wide += across > reader->roll->stride;
        CHECK(reader->rows < ROWS_MAX);
        if (got == across) /* printed row by row, each when it is there whole */
            memcpy(reader->roll->bits + (size_t)reader->rows++ * reader->roll->stride, reader->at,
                   kept);
        reader->at += got;
        reader->paper.lacking += across - got;
    }
}

static void read_command(struct reader *reader)
{
    const unsigned char *at = reader->at;
    if (has(reader, 2) && at[0] == 0x1b && at[1] == '@') {
        reader->at += 2;
    } else if (has(reader, 8) && at[0] == 0x1d && at[1] == 'v' && at[2] == '0') {
        read_picture(reader);
    } else if (has(reader, 3) && at[0] == 0x1d && at[1] == 'V' && (at[2] == 0 || at[2] == 1)) {
        reader->paper.cuts++;
        tear_off(reader);
        reader->at += 3;
    } else if (has(reader, 4) && at[0] == 0x1d && at[1] == 'V' && (at[2] == 65 || at[2] == 66)) {
        reader->paper.cuts++;
        tear_off(reader);
        reader->at += 4;
    } else if (at[0] == 0) {
        reader->paper.idle++;
        reader->at++;
    } else if (at[0] == 0x1b || at[0] == 0x1d) {
        reader->paper.rubbish++;
        reader->at += has(reader, 2) ? 2 : 1;
    } else {
        reader->paper.letters++;
        reader->at++;
    }
}

struct escpos_paper escpos_read(const char *bytes, size_t size, int head_dots)
{
    struct reader reader = {.at = (const unsigned char *)bytes};
    reader.end = reader.at + size;
    CHECK(page_create(head_dots, ROWS_MAX, &reader.roll) == STATUS_OK);
    for (const unsigned char *at = reader.at; at + 1 < reader.end; at++)
        reader.paper.real_time +=
            at[0] == 0x10 && (at[1] == 0x04 || at[1] == 0x05 || at[1] == 0x14);
    while (reader.at < reader.end)
        read_command(&reader);
    tear_off(&reader);
    page_destroy(reader.roll);
    return reader.paper;
}

void escpos_paper_free(struct escpos_paper *paper)
{
    for (size_t i = 0; i < paper->count; i++)
        page_destroy(paper->pieces[i]);
    *paper = (struct escpos_paper){0};
}

int escpos_dots_too_many(const struct page *paper, const struct page *drawn)
{
    int more = 0;
    if (paper->width_px != drawn->width_px || paper->height_px != drawn->height_px)
        return -1;
    for (int y = 0; y < drawn->height_px; y++)
        for (int x = 0; x < drawn->width_px; x++) {
            const bool black = page_is_black(paper, x, y);
            if (!black && page_is_black(drawn, x, y))
                return -1;
            more += black && !page_is_black(drawn, x, y);
        }
    return more;
}
