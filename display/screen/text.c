/* See text.h. This file chooses the size, keeps finished layouts, and blits them; the work is in
 * text_fonts (files), text_runs (a paragraph taken apart), text_layout (lines) and text_masks
 * (SDL_ttf). */
#include "display/screen/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/text_layout.h"
#include "quarter/check.h"

/* A page is measured at several sizes until one fits: what all of them need stays for the next touch. Looked for in one
 * set only, so that a large cache costs no more than a small one. */
enum { CACHE_SETS = 256, CACHE_WAYS = 8, CACHE_ENTRIES = CACHE_SETS * CACHE_WAYS };
enum { LANGUAGE_BYTES = 16, STEPS_MAX = 16 };

/* One text laid out in one box: what text_measure and text_draw share. */
struct entry {
    uint64_t hash;
    uint64_t used; /* tick of the last use; 0: free */
    char *text;
    char language[LANGUAGE_BYTES];
    struct text_style style;
    int width_px, height_px;
    struct text_layout layout;
    size_t lines; /* of the layout that are drawn */
    bool fits;
    bool is_private;
};

struct text_engine {
    struct fonts *fonts;
    struct masks *masks;
    uint64_t tick;
    bool is_private; /* what is laid out first now */
    struct entry entries[CACHE_ENTRIES];
};

static const struct entry *find_entry(struct text_engine *engine, const char *text,
                                      const struct text_style *style, int width_px, int height_px);
static void fit(struct text_engine *engine, struct entry *entry);
static struct text_metrics metrics_of(const struct entry *entry, struct rect box,
                                      struct canvas *canvas, struct text_engine *engine,
                                      struct colour colour);

enum status text_engine_create(const char *fonts_dir, struct text_engine **engine, char *error,
                               size_t error_size)
{
    struct fonts *fonts;
    struct masks *masks;
    enum status status = fonts_create(fonts_dir, &fonts, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    status = masks_create(fonts, &masks, error, error_size);
    if (status != STATUS_OK) {
        fonts_destroy(fonts);
        return status;
    }
    struct text_engine *made = calloc(1, sizeof(*made));
    CHECK(made != NULL);
    made->fonts = fonts;
    made->masks = masks;
    *engine = made;
    return STATUS_OK;
}

static void entry_free(struct entry *entry)
{
    if (entry->text != NULL)
        explicit_bzero(entry->text, strlen(entry->text));
    free(entry->text);
    text_layout_free(&entry->layout);
    *entry = (struct entry){0};
}

void text_engine_destroy(struct text_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    for (size_t i = 0; i < CACHE_ENTRIES; i++) {
        entry_free(&engine->entries[i]);
    }
    masks_destroy(engine->masks);
    fonts_destroy(engine->fonts);
    free(engine);
}

void text_set_private(struct text_engine *engine, bool is_private)
{
    engine->is_private = is_private;
    masks_set_private(engine->masks, is_private);
}

void text_forget_private(struct text_engine *engine)
{
    for (size_t i = 0; i < CACHE_ENTRIES; i++)
        if (engine->entries[i].is_private)
            entry_free(&engine->entries[i]);
    masks_forget_private(engine->masks);
}

struct text_metrics text_measure(struct text_engine *engine, const char *text,
                                 const struct text_style *style, int width_px, int height_px)
{
    const struct entry *entry = find_entry(engine, text, style, width_px, height_px);
    const struct rect box = {0, 0, width_px, height_px};
    return metrics_of(entry, box, NULL, engine, (struct colour){0, 0, 0, 0});
}

struct text_metrics text_draw(struct text_engine *engine, struct canvas *canvas, struct rect box,
                              const char *text, const struct text_style *style,
                              struct colour colour)
{
    if (box.w <= 0 || box.h < 0) {
        return (struct text_metrics){.fits = text[0] == '\0'};
    }
    const struct entry *entry = find_entry(engine, text, style, box.w, box.h);
    struct canvas boxed =
        *canvas; /* a letter wider than the box cannot be helped, but it ends at its edge */
    const int height = box.h > 0 ? box.h : canvas->height;
    canvas_set_clip(&boxed,
                    rect_intersect(canvas->clip, (struct rect){box.x, box.y, box.w, height}));
    return metrics_of(entry, box, &boxed, engine, colour);
}

bool text_language_is_rtl(const char *language)
{
    return language != NULL &&
           (strncmp(language, "ur", 2) == 0 || strncmp(language, "ar", 2) == 0 ||
            strncmp(language, "fa", 2) == 0 || strncmp(language, "ps", 2) == 0);
}

size_t text_strip_marks(const char *text, char *out, size_t size)
{
    size_t length = 0;
    const size_t total = strlen(text);
    for (size_t at = 0; at < total;) {
        uint32_t code;
        const size_t bytes = text_decode(text + at, total - at, &code);
        const bool mark = code == 2 || code == 3 || (code >= 0x2066 && code <= 0x2069) ||
                          code == 0x200e || code == 0x200f;
        if (!mark) {
            if (length + bytes >= size) {
                break;
            }
            memcpy(out + length, text + at, bytes);
            length += bytes;
        }
        at += bytes;
    }
    out[length] = '\0';
    return length;
}

static uint64_t hash_of(const char *text, const struct text_style *style, int width_px,
                        int height_px)
{
    uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */
    for (const char *p = text; *p != '\0'; p++) {
        hash = (hash ^ (uint8_t)*p) * 0x100000001b3ull;
    }
    const int numbers[] = {
        style->size_px,        style->min_size_px,      style->max_lines, (int)style->weight,
        (int)style->direction, (int)style->break_words, width_px,         height_px};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        hash = (hash ^ (uint64_t)(unsigned)numbers[i]) * 0x100000001b3ull;
    }
    return hash;
}

/* Alignment does not change a layout and is not compared. */
static bool entry_is(const struct entry *entry, const char *text, const struct text_style *style,
                     const char *language, int width_px, int height_px)
{
    return entry->width_px == width_px && entry->height_px == height_px &&
           entry->style.size_px == style->size_px &&
           entry->style.min_size_px == style->min_size_px &&
           entry->style.max_lines == style->max_lines && entry->style.weight == style->weight &&
           entry->style.direction == style->direction && entry->style.balance == style->balance &&
           entry->style.break_words == style->break_words &&
           strcmp(entry->language, language) == 0 && strcmp(entry->text, text) == 0;
}

static const struct entry *find_entry(struct text_engine *engine, const char *text,
                                      const struct text_style *style, int width_px, int height_px)
{
    const char *language = style->language != NULL ? style->language : "en";
    const uint64_t hash = hash_of(text, style, width_px, height_px);
    struct entry *set = &engine->entries[hash % CACHE_SETS * CACHE_WAYS];
    struct entry *oldest = set;
    engine->tick++;
    for (size_t i = 0; i < CACHE_WAYS; i++) {
        struct entry *entry = &set[i];
        if (entry->used != 0 && entry->hash == hash &&
            entry_is(entry, text, style, language, width_px, height_px)) {
            entry->used = engine->tick;
            entry->style = *style; /* the caller's alignment */
            entry->style.language = entry->language;
            return entry;
        }
        oldest = entry->used < oldest->used ? entry : oldest;
    }
    entry_free(oldest);
    oldest->is_private = engine->is_private;
    oldest->hash = hash;
    oldest->used = engine->tick;
    oldest->text = strdup(text);
    CHECK(oldest->text != NULL);
    (void)snprintf(oldest->language, sizeof(oldest->language), "%s", language);
    oldest->style = *style;
    oldest->style.language = oldest->language;
    oldest->width_px = width_px;
    oldest->height_px = height_px;
    fit(engine, oldest);
    return oldest;
}

/* From the wanted size down to the smallest allowed: the steps of whichever scale has the wanted
 * size, else tenths. */
static size_t size_steps(const struct text_style *style, int *steps)
{
    static const int KIOSK[] = {TYPE_KIOSK_NUMBER, TYPE_KIOSK_LARGE, TYPE_KIOSK_TITLE,
                                TYPE_KIOSK_BODY,   TYPE_KIOSK_SMALL, 0};
    static const int DISPLAY[] = {TYPE_DISPLAY_NEWEST, TYPE_DISPLAY_CALL, TYPE_DISPLAY_WAIT,
                                  TYPE_DISPLAY_NOTICE, 0};
    const int *scales[] = {KIOSK, DISPLAY};
    size_t count = 0;
    steps[count++] = style->size_px;
    const int least = style->min_size_px > 0 ? style->min_size_px : style->size_px;
    for (size_t s = 0; s < 2 && count == 1; s++) {
        bool has = false;
        for (const int *p = scales[s]; *p != 0; p++) {
            if (has && *p >= least) {
                steps[count++] = *p;
            }
            has |= *p == style->size_px;
        }
    }
    for (int size = style->size_px * 9 / 10; count == 1 && size > least; size = size * 9 / 10) {
        if (count < STEPS_MAX - 1) {
            steps[count++] = size;
        }
    }
    if (steps[count - 1] > least) {
        steps[count++] = least;
    }
    return count;
}

/* Height of the first `lines` lines by their ink at the outer edges: leading above the first and
 * below the last may be given up. */
static int ink_height(const struct text_layout *layout, size_t lines)
{
    int height = 0;
    for (size_t i = 0; i < lines; i++) {
        const struct text_line *line = &layout->lines[i];
        const int above = i == 0 ? (line->has_ink ? line->ink_above : 0) : line->above_px;
        const int below = i + 1 == lines ? (line->has_ink ? line->ink_below : 0) : line->below_px;
        height += above + below;
    }
    return height;
}

static size_t lines_that_fit(const struct entry *entry, const struct text_layout *layout)
{
    const size_t most = entry->style.max_lines > 0 ? (size_t)entry->style.max_lines : SIZE_MAX;
    size_t lines = layout->line_count < most ? layout->line_count : most;
    while (lines > 0 && entry->height_px > 0 && ink_height(layout, lines) > entry->height_px) {
        lines--;
    }
    return lines;
}

static struct text_layout layout_text(struct text_engine *engine, const struct entry *entry,
                                      const char *text, int size_px, bool break_words)
{
    return text_layout_make(engine->fonts, text, strlen(text), &entry->style, size_px,
                            entry->width_px, break_words);
}

/* The narrowest width with as many lines, to within a sixteenth: no single word is left for the
 * last line. */
static void balance(struct text_engine *engine, struct entry *entry)
{
    int low = entry->width_px / 2, high = entry->width_px;
    for (int tries = 0; tries < 4; tries++) {
        const int width = (low + high) / 2;
        struct text_layout layout =
            text_layout_make(engine->fonts, entry->text, strlen(entry->text), &entry->style,
                             entry->layout.size_px, width, false);
        if (layout.line_count == entry->layout.line_count && !layout.too_wide) {
            text_layout_free(&entry->layout);
            entry->layout = layout;
            high = width;
        } else {
            text_layout_free(&layout);
            low = width;
        }
    }
}

/* Steps back over a space or a letter of text[0..length). */
static size_t step_back(const char *text, size_t length)
{
    while (length > 0 && ((uint8_t)text[length - 1] & 0xc0) == 0x80) {
        length--;
    }
    return length > 0 ? length - 1 : 0;
}

/* Keeps the beginning that fits and an ellipsis. Cuts at spaces first; a single long word is cut
 * between letters. */
static void cut_with_ellipsis(struct text_engine *engine, struct entry *entry, int size_px)
{
    const size_t lines = entry->lines;
    size_t length = lines > 0 ? entry->layout.lines[lines - 1].end_byte : 0;
    const size_t least = lines > 1 ? entry->layout.lines[lines - 2].end_byte : 0;
    char *cut = malloc(strlen(entry->text) + 4);
    CHECK(cut != NULL);
    while (lines > 0 && length > least) {
        size_t kept = length;
        while (kept > 0 && (entry->text[kept - 1] == ' ' || entry->text[kept - 1] == '\n')) {
            kept--;
        }
        memcpy(cut, entry->text, kept);
        memcpy(cut + kept, "\xe2\x80\xa6", 4);
        struct text_layout layout = layout_text(engine, entry, cut, size_px, true);
        if (lines_that_fit(entry, &layout) == layout.line_count && layout.line_count <= lines &&
            !layout.too_wide) {
            text_layout_free(&entry->layout);
            entry->layout = layout;
            entry->lines = layout.line_count;
            break;
        }
        text_layout_free(&layout);
        size_t shorter = kept;
        while (shorter > least && entry->text[shorter - 1] != ' ') {
            shorter--;
        }
        length = shorter > least ? shorter : step_back(entry->text, kept);
    }
    free(cut);
}

static void fit(struct text_engine *engine, struct entry *entry)
{
    int steps[STEPS_MAX];
    const size_t count = size_steps(&entry->style, steps);
    const bool cut_input = strlen(entry->text) > TEXT_BYTES_MAX;
    if (cut_input) {
        entry->text[TEXT_BYTES_MAX] = '\0';
    }
    for (size_t i = 0; i < count; i++) {
        text_layout_free(&entry->layout);
        const bool breaks = entry->style.break_words;
        entry->layout = layout_text(engine, entry, entry->text, steps[i], breaks || i + 1 == count);
        entry->lines = lines_that_fit(entry, &entry->layout);
        entry->fits = entry->lines == entry->layout.line_count && !entry->layout.too_wide &&
                      (breaks || !entry->layout.broke_word) && !cut_input;
        if (entry->fits) {
            if (entry->style.balance && entry->lines > 1 && entry->width_px > 0) {
                balance(engine, entry);
            }
            return;
        }
    }
    if (entry->lines < entry->layout.line_count) {
        cut_with_ellipsis(engine, entry, steps[count - 1]);
    }
}

/* How far ink hangs out at the edge the lines are set to. The whole block moves by the most of
 * them, so that its edge stays straight. */
static int overhang(const struct entry *entry, bool left)
{
    int most = 0;
    for (size_t i = 0; i < entry->lines; i++) {
        const struct text_line *line = &entry->layout.lines[i];
        const int out = left ? -line->ink_left : line->ink_right - line->advance_px;
        most = line->has_ink && out > most ? out : most;
    }
    return most;
}

static int line_x(const struct entry *entry, const struct text_line *line, int width_px)
{
    const enum text_align align = entry->style.align;
    const bool rtl = line->rtl;
    const bool left =
        align == TEXT_LEFT || (align == TEXT_START && !rtl) || (align == TEXT_END && rtl);
    int x = left ? overhang(entry, true) : width_px - line->advance_px - overhang(entry, false);
    if (align == TEXT_CENTRE) {
        x = (width_px - line->advance_px) / 2;
    }
    if (line->has_ink) {
        x = x + line->ink_right > width_px ? width_px - line->ink_right : x;
        x = x + line->ink_left < 0 ? -line->ink_left : x;
    }
    return x;
}

/* Where the first line box starts: as aligned, then moved so that the ink of the first and last
 * line stays inside. */
static int block_y(const struct entry *entry, int height_px, int block_px)
{
    if (entry->height_px <= 0 || entry->lines == 0) {
        return 0;
    }
    int y = entry->style.valign == TEXT_TOP      ? 0
            : entry->style.valign == TEXT_BOTTOM ? height_px - block_px
                                                 : (height_px - block_px) / 2;
    const struct text_line *first = &entry->layout.lines[0];
    const struct text_line *last = &entry->layout.lines[entry->lines - 1];
    if (last->has_ink) {
        const int lowest = y + block_px - last->below_px + last->ink_below;
        y = lowest > height_px ? y - (lowest - height_px) : y;
    }
    if (first->has_ink) {
        const int highest = y + first->above_px - first->ink_above;
        y = highest < 0 ? y - highest : y;
    }
    return y;
}

static void draw_line(struct text_engine *engine, struct canvas *canvas, const struct entry *entry,
                      const struct text_line *line, const int origin[2], struct colour colour)
{
    for (size_t i = 0; i < line->run_count; i++) {
        const struct placed_run *run = &entry->layout.runs[line->first_run + i];
        const struct run_look look = text_run_look(&entry->layout, run);
        const struct run_mask *drawn = masks_draw(engine->masks, &look);
        if (drawn->mask.width > 0) {
            canvas_mask(canvas, origin[0] + (run->x >> 6) + drawn->left, origin[1] + drawn->top,
                        &drawn->mask, false, colour);
        }
    }
}

/* Walks the lines of an entry in a box: measures, and draws when there is a canvas. */
static struct text_metrics metrics_of(const struct entry *entry, struct rect box,
                                      struct canvas *canvas, struct text_engine *engine,
                                      struct colour colour)
{
    struct text_metrics metrics = {.fits = entry->fits,
                                   .size_px = entry->layout.size_px,
                                   .lines = (int)entry->lines,
                                   .missing = entry->layout.missing};
    for (size_t i = 0; i < entry->lines; i++) {
        const struct text_line *line = &entry->layout.lines[i];
        const int width = text_line_width(line);
        metrics.width_px = width > metrics.width_px ? width : metrics.width_px;
        metrics.height_px += line->above_px + line->below_px;
    }
    const int width_px = box.w > 0 ? box.w : metrics.width_px;
    int y = block_y(entry, box.h, metrics.height_px);
    for (size_t i = 0; i < entry->lines; i++) {
        const struct text_line *line = &entry->layout.lines[i];
        const int x = line_x(entry, line, width_px), baseline = y + line->above_px;
        if (line->has_ink) {
            const struct rect ink = {x + line->ink_left, baseline - line->ink_above,
                                     line->ink_right - line->ink_left,
                                     line->ink_above + line->ink_below};
            metrics.ink = rect_union(metrics.ink, ink);
        }
        metrics.baseline_px = i == 0 ? baseline : metrics.baseline_px;
        if (canvas != NULL) {
            draw_line(engine, canvas, entry, line, (const int[2]){box.x + x, box.y + baseline},
                      colour);
        }
        y = baseline + line->below_px;
    }
    if (entry->layout.too_wide) { /* cut off at the box, see text_draw */
        metrics.ink =
            rect_intersect(metrics.ink, (struct rect){0, metrics.ink.y, width_px, metrics.ink.h});
    }
    return metrics;
}
