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
    BULLET_INDENT = 24,
    BULLET = 8,
};

static const struct colour BLACK = {0, 0, 0, 255};

static int type_px(const struct sheet *sheet, int dots, bool figures);
static void add_bullet(struct sheet *sheet, int inset, int middle_y);
static void fit(const struct sheet *sheet, const char *text, const struct sheet_text *how,
                int width, struct text_style *style);
static bool fit_between(const struct sheet *sheet, const char *text, int most, int least, int width,
                        struct text_style *style);
static int balanced_width(const struct sheet *sheet, const char *text,
                          const struct text_style *style, int width);
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
    int indent = how->bullet ? sheet_px(sheet, BULLET_INDENT) : 0;
    int width = sheet->width_px - 2 * inset - indent;
    struct text_style style = {
        .weight = how->weight,
        .align = how->align,
        .valign = TEXT_TOP,
        .direction = how->left_to_right || !sheet->right_to_left ? TEXT_LTR : TEXT_RTL,
        .language = sheet->language,
    };
    fit(sheet, text, how, width, &style);
    struct rect box = {sheet->right_to_left ? inset : inset + indent, sheet->y, width, 0};
    if (how->align == TEXT_CENTRE) {
        box.w = balanced_width(sheet, text, &style, width);
        box.x += (width - box.w) / 2;
    }
    struct text_metrics metrics = text_measure(sheet->text, text, &style, box.w, 0);
    box.h = metrics.height_px;
    int height = metrics.height_px;
    if (how->tight) { /* digits and capitals leave a third of their line empty, above and below */
        box.y -= metrics.ink.y;
        height = metrics.ink.h;
    }
    metrics = text_draw(sheet->text, sheet->canvas, box, text, &style, BLACK);
    if (how->bullet)
        add_bullet(sheet, inset, sheet->y + metrics.baseline_px - style.size_px / 4);
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

void sheet_add_bar(struct sheet *sheet, int height)
{
    int rows = sheet_px(sheet, height);
    canvas_fill(sheet->canvas, (struct rect){0, sheet->y, sheet->width_px, rows}, BLACK);
    sheet->y += rows;
}

void sheet_add_steps(struct sheet *sheet, int count, int step)
{
    int rows = sheet_px(sheet, step);
    for (int i = 0; i < count; i++) {
        int from = sheet->width_px * i / count;
        int to = sheet->width_px * (i + 1) / count;
        canvas_fill(sheet->canvas, (struct rect){from, sheet->y, to - from, rows}, BLACK);
        sheet->y += rows;
    }
}

/* On one line if a little smaller type does it: a last word alone on a line of its own is hard to
 * read and costs paper. */
static void fit(const struct sheet *sheet, const char *text, const struct sheet_text *how,
                int width, struct text_style *style)
{
    bool figures = how->left_to_right;
    int most = type_px(sheet, how->size, figures);
    int least = how->min_size ? type_px(sheet, how->min_size, figures) : most;
    style->max_lines = 1;
    if (how->one_line &&
        fit_between(sheet, text, most, type_px(sheet, how->one_line, figures), width, style))
        return;
    style->max_lines = how->max_lines;
    (void)fit_between(sheet, text, most, least, width, style);
}

static bool fit_between(const struct sheet *sheet, const char *text, int most, int least, int width,
                        struct text_style *style)
{
    for (style->size_px = most;; style->size_px -= SIZE_STEP) {
        if (text_measure(sheet->text, text, style, width, 0).fits)
            return true;
        if (style->size_px - SIZE_STEP < least)
            return false;
    }
}

/* The narrowest box with as few lines: centred lines of like length. */
static int balanced_width(const struct sheet *sheet, const char *text,
                          const struct text_style *style, int width)
{
    int lines = text_measure(sheet->text, text, style, width, 0).lines;
    int best = width;
    for (int next = width - width / 16; lines > 1 && next > width / 2; next -= width / 16) {
        struct text_metrics metrics = text_measure(sheet->text, text, style, next, 0);
        if (!metrics.fits || metrics.lines != lines)
            break;
        best = next;
    }
    return best;
}

static void add_bullet(struct sheet *sheet, int inset, int middle_y)
{
    int size = sheet_px(sheet, BULLET);
    int x = sheet->right_to_left ? sheet->width_px - inset - size : inset;
    canvas_fill_round(sheet->canvas, (struct rect){x, middle_y - size / 2, size, size}, size / 2,
                      BLACK);
}

/* Nastaliq draws its letters small within their em: at the same size they would read a sixth
 * smaller than Naskh or Latin. */
static int type_px(const struct sheet *sheet, int dots, bool figures)
{
    bool nastaliq = !figures && sheet->language && strcmp(sheet->language, "ur") == 0;
    return sheet_px(sheet, nastaliq ? dots * 7 / 6 : dots);
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
    /* A short code may have larger modules: nearer to a quarter of the paper's width than to a
     * stamp. */
    while (side + modules <= 232)
        side += modules;
    return side;
}
