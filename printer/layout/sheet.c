/* A growing sheet; see sheet.h. */
#include "printer/layout/sheet.h"

#include "quarter/check.h"

#include <string.h>

enum {
    DESIGN_DPI = 203,
    LONGEST_MM = 600, /* more than any ticket's words can fill */
    THRESHOLD = 150,  /* a little over half: thin strokes stay whole on thermal paper */
    SIZE_STEP = 2,
    QR_MODULE_DOTS = 4, /* 0.5 mm: what phones read from paper at arm's length */
    QR_QUIET_MODULES = 8,
};

static const struct colour BLACK = {0, 0, 0, 255};

static int qr_side_wanted(const char *text);

enum status sheet_begin(struct sheet *sheet, int width_px, int dpi)
{
    sheet->dpi = dpi;
    sheet->width_px = width_px;
    sheet->y = 0;
    sheet->misfits = 0;
    int height = LONGEST_MM * dpi * 10 / 254;
    return canvas_create(CANVAS_GRAY, width_px,
                         height > PAGE_HEIGHT_MAX_PX ? PAGE_HEIGHT_MAX_PX : height, &sheet->canvas);
}

enum status sheet_end(struct sheet *sheet, struct page **page)
{
    enum status status = STATUS_OK;
    if (page) {
        int height = sheet->y < sheet->canvas->height ? sheet->y : sheet->canvas->height;
        status = page_from_grey(sheet->canvas->pixels, sheet->width_px, height,
                                sheet->canvas->pitch, THRESHOLD, page);
    }
    canvas_destroy(sheet->canvas);
    sheet->canvas = NULL;
    return status;
}

int sheet_px(const struct sheet *sheet, int dots)
{
    return (dots * sheet->dpi + DESIGN_DPI / 2) / DESIGN_DPI;
}

void sheet_space(struct sheet *sheet, int dots)
{
    sheet->y += sheet_px(sheet, dots);
}

int sheet_add_text(struct sheet *sheet, const char *text, const struct sheet_text *how)
{
    int inset = sheet_px(sheet, how->inset);
    int width = sheet->width_px - 2 * inset;
    int least = sheet_px(sheet, how->min_size ? how->min_size : how->size);
    struct text_style style = {
        .size_px = sheet_px(sheet, how->size),
        .max_lines = how->max_lines,
        .weight = how->weight,
        .align = how->align,
        .valign = TEXT_TOP,
        .direction = how->left_to_right || !sheet->right_to_left ? TEXT_LTR : TEXT_RTL,
        .language = sheet->language,
    };
    struct text_metrics metrics = text_measure(sheet->text, text, &style, width, 0);
    while (!metrics.fits && style.size_px - SIZE_STEP >= least) {
        style.size_px -= SIZE_STEP;
        metrics = text_measure(sheet->text, text, &style, width, 0);
    }
    /* Digits and capitals leave a third of their line empty, above and below. */
    struct rect box = {inset, how->tight ? sheet->y - metrics.ink.y : sheet->y, width,
                       metrics.height_px};
    int height = how->tight ? metrics.ink.h : metrics.height_px;
    metrics = text_draw(sheet->text, sheet->canvas, box, text, &style, BLACK);
    if (!metrics.fits || metrics.missing || sheet->y + height > sheet->canvas->height)
        sheet->misfits++;
    sheet->y += height + sheet_px(sheet, how->after);
    return style.size_px;
}

void sheet_add_box(struct sheet *sheet, int top, int inset)
{
    int from = sheet_px(sheet, inset);
    struct rect box = {from, top, sheet->width_px - 2 * from, sheet->y - top};
    canvas_stroke_round(sheet->canvas, box, sheet_px(sheet, 14), sheet_px(sheet, 3), BLACK);
}

bool sheet_add_qr(struct sheet *sheet, const char *text, int inset)
{
    int most = sheet->width_px - 2 * sheet_px(sheet, inset);
    int side = sheet_px(sheet, qr_side_wanted(text));
    if (side > most)
        side = most;
    struct rect box = {(sheet->width_px - side) / 2, sheet->y, side, side};
    if (canvas_qr(sheet->canvas, box, text) != STATUS_OK)
        return false;
    sheet->y += side;
    return true;
}

void sheet_add_dashes(struct sheet *sheet)
{
    int dash = sheet_px(sheet, 12);
    int gap = sheet_px(sheet, 12);
    int line = sheet_px(sheet, 2);
    /* From the middle outwards, so that both ends look alike. */
    int count = (sheet->width_px + gap) / (dash + gap);
    int x = (sheet->width_px - count * dash - (count - 1) * gap) / 2;
    for (int i = 0; i < count; i++, x += dash + gap)
        canvas_fill(sheet->canvas, (struct rect){x, sheet->y, dash, line}, BLACK);
    sheet->y += line;
}

/* Bytes that a code of version v holds at error correction M (ISO/IEC 18004, table 7), v = 1.. */
static int qr_side_wanted(const char *text)
{
    static const int bytes[] = {14,  26,  42,  62,  84,  106, 122, 152, 180, 213,
                                251, 287, 331, 362, 412, 450, 504, 560, 624, 666};
    size_t length = strlen(text);
    int version = 1;
    while (version < (int)(sizeof(bytes) / sizeof(bytes[0])) && length > (size_t)bytes[version - 1])
        version++;
    int modules = 17 + 4 * version + QR_QUIET_MODULES;
    int side = modules * QR_MODULE_DOTS;
    /* A short code may have larger modules: nearer to a quarter of the paper's width than to a stamp. */
    while (side + modules <= 232)
        side += modules;
    return side;
}
