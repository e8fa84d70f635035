/* ESC/POS; see escpos.h. */
#include "printer/device/escpos.h"

#include "quarter/check.h"

#include <stdlib.h>
#include <string.h>

enum {
    ESC = 0x1b,
    GS = 0x1d,
    DLE = 0x10,
    EOT = 0x04,
    ENQ = 0x05,
    DC4 = 0x14,
    DLE_WIDER = 0x18, /* the same dot, and the one to its right */
    ROWS_UNLUCKY = 48,
    ROWS_LESS = 16,
    HEAD_BYTES = 8, /* of a band */
    FRAME_BYTES = 16
};

struct output {
    unsigned char *at;
};

static int next_band(int rows_left);
static size_t resume_bytes(const struct page *page);
static size_t size_needed(const struct page *page, bool resume);
static void put(struct output *output, const unsigned char *bytes, size_t count);
static void put_band(struct output *output, const struct page *page, int from, int rows);
static void hide_commands(unsigned char *bytes, size_t count);

enum status escpos_encode(const struct page *page, bool resume, char **bytes, size_t *size)
{
    size_t needed = size_needed(page, resume);
    unsigned char *made = calloc(1, needed);
    if (!made)
        return STATUS_FULL;
    struct output output = {made};
    if (resume)
        output.at += resume_bytes(page);
    static const unsigned char begin[] = {ESC, '@'}; /* initialise: no margin, left, no leftovers */
    put(&output, begin, sizeof(begin));
    for (int row = 0; row < page->height_px;) {
        int rows = next_band(page->height_px - row);
        put_band(&output, page, row, rows);
        row += rows;
    }
    static const unsigned char cut[] = {GS, 'V', 66, 0};
    put(&output, cut, sizeof(cut));
    *size = (size_t)(output.at - made);
    CHECK(*size <= needed);
    *bytes = (char *)made;
    return STATUS_OK;
}

static int next_band(int rows_left)
{
    int rows = rows_left < ESCPOS_BAND_ROWS ? rows_left : ESCPOS_BAND_ROWS;
    return rows % ROWS_UNLUCKY == 0 ? rows - ROWS_LESS : rows;
}

/* What a band that was cut off can lack at most: all but its command's first byte. */
static size_t resume_bytes(const struct page *page)
{
    return HEAD_BYTES + page->stride * ESCPOS_BAND_ROWS;
}

static size_t size_needed(const struct page *page, bool resume)
{
    size_t bands = (size_t)page->height_px / ESCPOS_BAND_ROWS + 2; /* the last may be two */
    size_t zeros = resume ? resume_bytes(page) : 0;
    return zeros + FRAME_BYTES + bands * HEAD_BYTES + page->stride * (size_t)page->height_px;
}

static void put(struct output *output, const unsigned char *bytes, size_t count)
{
    memcpy(output->at, bytes, count);
    output->at += count;
}

static void put_band(struct output *output, const struct page *page, int from, int rows)
{
    const unsigned char head[HEAD_BYTES] = {
        GS,
        'v',
        '0',
        0, /* one dot for one */
        (unsigned char)(page->stride & 0xff),
        (unsigned char)(page->stride >> 8),
        (unsigned char)rows,
        0,
    };
    put(output, head, sizeof(head));
    unsigned char *picture = output->at;
    size_t count = page->stride * (size_t)rows;
    put(output, page->bits + (size_t)from * page->stride, count);
    hide_commands(picture, count);
}

static void hide_commands(unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (bytes[i] == DLE && (bytes[i + 1] == EOT || bytes[i + 1] == ENQ || bytes[i + 1] == DC4))
            bytes[i] = DLE_WIDER;
}
