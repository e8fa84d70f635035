/* See text_layout.h. A paragraph is shaped once to learn how far each character reaches; then each
 * line is cut at the last place that should fit, shaped by itself (so that nothing joins or kerns
 * across the cut) and its ink checked. */
#include "display/screen/text_layout.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { RUNS_MAX = 256, STEP = 64 / RUN_SUBPIXELS };

struct run {
    size_t start, end; /* characters */
};

struct shaper {
    struct fonts *fonts;
    struct text_layout *layout;
    const struct paragraph *paragraph;
    hb_buffer_t *buffer;
    int *learn; /* while the paragraph is first shaped: advance of each character's cluster, 26.6 */
    const int *reach; /* afterwards: where each character starts in one endless line */
    int width_px;
    bool break_words;
};

static void layout_paragraph(struct shaper *shaper, size_t base_byte, size_t end_byte);
static struct text_line shape_line(struct shaper *shaper, size_t start, size_t end);
static size_t split_runs(const struct paragraph *paragraph, size_t start, size_t end,
                         struct run *runs);
static void reorder_runs(const struct paragraph *paragraph, struct run *runs, size_t count);
static int shape_run(struct shaper *shaper, struct run run, int pen, struct text_line *line);
static void keep_line(struct text_layout *layout, const struct text_line *line);

struct text_layout text_layout_make(struct fonts *fonts, const char *text, size_t length,
                                    const struct text_style *style, int size_px, int width_px,
                                    bool break_words)
{
    struct text_layout layout = {.size_px = size_px};
    struct shaper shaper = {.fonts = fonts,
                            .layout = &layout,
                            .buffer = hb_buffer_create(),
                            .width_px = width_px > 0 ? width_px : 1 << 20,
                            .break_words = break_words};
    bool bold = false;
    for (size_t at = 0; at <= length;) {
        const char *newline = memchr(text + at, '\n', length - at);
        const size_t end = newline != NULL ? (size_t)(newline - text) : length;
        struct paragraph paragraph = paragraph_analyse(fonts, text + at, end - at, style, &bold);
        shaper.paragraph = &paragraph;
        layout.missing += paragraph.missing;
        layout_paragraph(&shaper, at, end);
        paragraph_free(&paragraph);
        at = end + 1;
    }
    hb_buffer_destroy(shaper.buffer);
    return layout;
}

void text_layout_free(struct text_layout *layout)
{
    free(layout->lines);
    free(layout->runs);
    if (layout->text != NULL)
        explicit_bzero(layout->text, layout->text_capacity);
    free(layout->text);
    *layout = (struct text_layout){0};
}

struct run_look text_run_look(const struct text_layout *layout, const struct placed_run *run)
{
    /* Rounded away from the start: the quarter of a pixel that the ink begins in counts whole. */
    const int hang = run->ink_start < 0 ? (-run->ink_start + STEP - 1) / STEP : 0;
    return (struct run_look){.text = layout->text + run->text,
                             .script = run->script,
                             .size_px = layout->size_px,
                             .phase = (run->x & 63) / STEP,
                             .hang = hang,
                             .font = run->font,
                             .rtl = run->rtl,
                             .ink = run->ink};
}

int text_line_left(const struct text_line *line)
{
    return line->has_ink && line->ink_left < 0 ? line->ink_left : 0;
}

int text_line_width(const struct text_line *line)
{
    const int right =
        line->has_ink && line->ink_right > line->advance_px ? line->ink_right : line->advance_px;
    return right - text_line_left(line);
}

/* The line [start, end) without the spaces at its end. */
static size_t trim_end(const struct paragraph *paragraph, size_t start, size_t end)
{
    while (end > start && paragraph->chars[end - 1].is_space) {
        end--;
    }
    return end;
}

/* How far [start, end) reaches by the paragraph's first shaping. */
static int reach_px(const struct shaper *shaper, size_t start, size_t end)
{
    return (shaper->reach[end] - shaper->reach[start] + 63) / 64;
}

static size_t break_before(const struct shaper *shaper, size_t start, size_t end, bool in_words)
{
    for (size_t i = end - 1; i > start; i--) {
        const struct text_char *c = &shaper->paragraph->chars[i];
        if (c->break_before || (in_words && c->starts_cluster)) {
            return i;
        }
    }
    return start; /* none */
}

/* Drops the runs of a line that was only tried. */
static void forget_line(struct text_layout *layout, const struct text_line *line)
{
    if (layout->run_count > line->first_run) {
        layout->text_length = layout->runs[line->first_run].text;
    }
    layout->run_count = line->first_run;
}

/* The longest line from start that fits; *next is where the one after it starts. */
static struct text_line best_line(struct shaper *shaper, size_t start, size_t *next)
{
    const struct paragraph *paragraph = shaper->paragraph;
    size_t end = paragraph->count;
    bool in_words = false;
    while (end > start &&
           reach_px(shaper, start, trim_end(paragraph, start, end)) > shaper->width_px) {
        const size_t shorter = break_before(shaper, start, end, false);
        if (shorter == start) {
            break;
        }
        end = shorter;
    }
    for (;;) {
        struct text_line line = shape_line(shaper, start, trim_end(paragraph, start, end));
        const bool fits = text_line_width(&line) <= shaper->width_px;
        size_t shorter = fits ? start : break_before(shaper, start, end, in_words);
        if (!fits && shorter == start && shaper->break_words && !in_words) {
            in_words = true;
            shorter = break_before(shaper, start, end, true);
            while (shorter > start && reach_px(shaper, start, shorter) > shaper->width_px) {
                const size_t before = break_before(shaper, start, shorter, true);
                if (before == start) {
                    break;
                }
                shorter = before;
            }
        }
        if (fits || shorter == start) {
            shaper->layout->too_wide |= !fits;
            shaper->layout->broke_word |= in_words;
            *next = end;
            return line;
        }
        forget_line(shaper->layout, &line);
        end = shorter;
    }
}

static void layout_paragraph(struct shaper *shaper, size_t base_byte, size_t end_byte)
{
    const struct paragraph *paragraph = shaper->paragraph;
    int *reach = calloc(paragraph->count + 1, sizeof(*reach));
    CHECK(reach != NULL);
    shaper->learn = reach;
    struct text_line whole = shape_line(shaper, 0, trim_end(paragraph, 0, paragraph->count));
    shaper->learn = NULL;
    int sum = 0;
    for (size_t i = 0; i <= paragraph->count; i++) {
        const int advance = reach[i];
        reach[i] = sum;
        sum += advance;
    }
    shaper->reach = reach;
    if (text_line_width(&whole) <= shaper->width_px) {
        whole.end_byte = end_byte;
        keep_line(shaper->layout, &whole);
    } else {
        forget_line(shaper->layout, &whole);
        for (size_t start = 0; start < paragraph->count;) {
            size_t next;
            struct text_line line = best_line(shaper, start, &next);
            line.end_byte =
                next < paragraph->count ? base_byte + paragraph->chars[next].byte : end_byte;
            keep_line(shaper->layout, &line);
            start = next;
        }
    }
    free(reach);
    shaper->reach = NULL;
}

/* Shapes [start, end) into the layout's runs, in the order of the eye, and measures it. */
static struct text_line shape_line(struct shaper *shaper, size_t start, size_t end)
{
    struct text_line line = {.first_run = shaper->layout->run_count, .rtl = shaper->paragraph->rtl};
    struct run runs[RUNS_MAX];
    const size_t count = split_runs(shaper->paragraph, start, end, runs);
    reorder_runs(shaper->paragraph, runs, count);
    int pen = 0;
    for (size_t i = 0; i < count; i++) {
        pen = shape_run(shaper, runs[i], pen, &line);
    }
    if (count == 0) {
        fonts_line_box(0, shaper->layout->size_px, &line.above_px, &line.below_px);
    }
    line.run_count = shaper->layout->run_count - line.first_run;
    line.advance_px = (pen + 63) / 64;
    if (line.has_ink) {
        line.above_px = line.ink_above > line.above_px ? line.ink_above : line.above_px;
        line.below_px = line.ink_below > line.below_px ? line.ink_below : line.below_px;
    }
    return line;
}

static bool same_run(const struct text_char *a, const struct text_char *b)
{
    return a->level == b->level && a->font == b->font && a->script == b->script;
}

/* A line with more than RUNS_MAX changes of script is no text of ours; its last run takes the rest.
 */
static size_t split_runs(const struct paragraph *paragraph, size_t start, size_t end,
                         struct run *runs)
{
    size_t count = 0;
    for (size_t i = start; i < end; i++) {
        const bool more = count > 0 && (same_run(&paragraph->chars[i - 1], &paragraph->chars[i]) ||
                                        count == RUNS_MAX);
        if (!more) {
            runs[count++].start = i;
        }
        runs[count - 1].end = i + 1;
    }
    return count;
}

/* UAX 9, L2: from the highest level down to the lowest odd one, reverse what is at that level or
 * above. */
static void reorder_runs(const struct paragraph *paragraph, struct run *runs, size_t count)
{
    int highest = 0;
    for (size_t i = 0; i < count; i++) {
        const int level = paragraph->chars[runs[i].start].level;
        highest = level > highest ? level : highest;
    }
    int levels[RUNS_MAX];
    for (size_t i = 0; i < count; i++) {
        levels[i] = paragraph->chars[runs[i].start].level;
    }
    for (int level = highest; level > 0; level--) {
        for (size_t i = 0; i < count;) {
            size_t end = i;
            while (end < count && levels[end] >= level) {
                end++;
            }
            for (size_t a = i, b = end; a + 1 < b; a++, b--) {
                const struct run run = runs[a];
                runs[a] = runs[b - 1];
                runs[b - 1] = run;
                const int moved = levels[a];
                levels[a] = levels[b - 1];
                levels[b - 1] = moved;
            }
            i = end > i ? end : i + 1;
        }
    }
}

static void append_text(struct text_layout *layout, uint32_t code)
{
    if (layout->text_length + 4 > layout->text_capacity) {
        layout->text_capacity = layout->text_capacity == 0 ? 128 : 2 * layout->text_capacity;
        char *text = malloc(layout->text_capacity); /* realloc would leave a copy behind */
        CHECK(text != NULL);
        if (layout->text != NULL) {
            memcpy(text, layout->text, layout->text_length);
            explicit_bzero(layout->text, layout->text_length);
        }
        free(layout->text);
        layout->text = text;
    }
    char *out = layout->text + layout->text_length;
    size_t length = 0;
    if (code < 0x80) {
        out[length++] = (char)code;
    } else {
        static const unsigned LEAD[] = {0, 0xc0, 0xe0, 0xf0};
        const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        out[length++] = (char)(LEAD[more] | code >> 6 * more);
        for (int i = more - 1; i >= 0; i--) {
            out[length++] = (char)(0x80 | (code >> 6 * i & 0x3f));
        }
    }
    layout->text_length += length;
}

static struct placed_run *new_run(struct shaper *shaper, struct run run, int pen)
{
    struct text_layout *layout = shaper->layout;
    if (layout->run_count == layout->run_capacity) {
        layout->run_capacity = layout->run_capacity == 0 ? 8 : 2 * layout->run_capacity;
        layout->runs = realloc(layout->runs, layout->run_capacity * sizeof(*layout->runs));
        CHECK(layout->runs != NULL);
    }
    const struct text_char *first = &shaper->paragraph->chars[run.start];
    struct placed_run *placed = &layout->runs[layout->run_count++];
    *placed = (struct placed_run){.text = layout->text_length,
                                  .x = (pen + STEP / 2) & ~(STEP - 1),
                                  .script = first->script,
                                  .font = first->font,
                                  .rtl = first->level % 2 == 1};
    for (size_t i = run.start; i < run.end; i++) {
        append_text(layout, shaper->paragraph->codes[i]);
    }
    append_text(layout, 0);
    return placed;
}

static int floor_px(int units)
{
    return units >> 6;
}

static bool has_ink(const struct run_ink *ink)
{
    return ink->right > ink->left;
}

static void unite_ink(struct run_ink *all, const struct run_ink *ink)
{
    if (!has_ink(all)) {
        *all = *ink;
        return;
    }
    all->left = ink->left < all->left ? ink->left : all->left;
    all->right = ink->right > all->right ? ink->right : all->right;
    all->above = ink->above > all->above ? ink->above : all->above;
    all->below = ink->below > all->below ? ink->below : all->below;
}

/* Widens the run's ink by one glyph at (x, y) from its start and baseline, 26.6, y downwards.
 * SDL_ttf rounds both down, to a quarter of a pixel and to a pixel; and its sums of advances are
 * finer than ours, so that x may be a step off. Outlines are rounded apart by one unit. */
static void add_ink(struct placed_run *run, int x, int y, const hb_glyph_extents_t *extents)
{
    if (extents->width == 0 || extents->height == 0) {
        return;
    }
    const int drawn_x = x & ~(STEP - 1), drawn_y = y & ~63;
    const int left = drawn_x + extents->x_bearing, in_pixel = run->x & 63;
    const struct run_ink ink = {
        floor_px(in_pixel + left - STEP - 1),
        floor_px(in_pixel + left + extents->width + STEP + 1 + 63),
        floor_px(-drawn_y + extents->y_bearing + 1 + 63),
        floor_px(drawn_y - extents->y_bearing - extents->height + 1 + 63),
    };
    run->ink_start = !has_ink(&run->ink) || left < run->ink_start ? left : run->ink_start;
    unite_ink(&run->ink, &ink);
}

static void add_run(struct text_line *line, const struct placed_run *run, int size_px)
{
    int above, below;
    fonts_line_box(run->font, size_px, &above, &below);
    line->above_px = above > line->above_px ? above : line->above_px;
    line->below_px = below > line->below_px ? below : line->below_px;
    if (!has_ink(&run->ink)) {
        return;
    }
    struct run_ink ink = {line->ink_left, line->ink_right, line->ink_above, line->ink_below};
    unite_ink(&ink,
              &(struct run_ink){floor_px(run->x) + run->ink.left, floor_px(run->x) + run->ink.right,
                                run->ink.above, run->ink.below});
    line->ink_left = ink.left;
    line->ink_right = ink.right;
    line->ink_above = ink.above;
    line->ink_below = ink.below;
    line->has_ink = true;
}

/* Shapes a run as SDL_ttf will when it draws it: by itself, and without a language, which it cannot
 * be told. Returns the pen behind it. */
static int shape_run(struct shaper *shaper, struct run run, int pen, struct text_line *line)
{
    struct placed_run *placed = new_run(shaper, run, pen);
    hb_font_t *font = fonts_at_size(shaper->fonts, placed->font, shaper->layout->size_px);
    hb_buffer_t *buffer = shaper->buffer;
    hb_buffer_reset(buffer);
    hb_buffer_add_codepoints(buffer, shaper->paragraph->codes + run.start,
                             (int)(run.end - run.start), 0, (int)(run.end - run.start));
    hb_buffer_set_direction(buffer, placed->rtl ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, placed->script);
    hb_shape(font, buffer, NULL, 0);

    unsigned count = 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &count);
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(buffer, &count);
    for (unsigned i = 0; i < count; i++) {
        hb_glyph_extents_t extents;
        if (hb_font_get_glyph_extents(font, infos[i].codepoint, &extents)) {
            add_ink(placed, placed->advance + positions[i].x_offset, -positions[i].y_offset,
                    &extents);
        }
        placed->advance += positions[i].x_advance;
        if (shaper->learn != NULL) {
            shaper->learn[run.start + infos[i].cluster] += positions[i].x_advance;
        }
    }
    add_run(line, placed, shaper->layout->size_px);
    return pen + placed->advance;
}

static void keep_line(struct text_layout *layout, const struct text_line *line)
{
    if (layout->line_count == layout->line_capacity) {
        layout->line_capacity = layout->line_capacity == 0 ? 4 : 2 * layout->line_capacity;
        layout->lines = realloc(layout->lines, layout->line_capacity * sizeof(*layout->lines));
        CHECK(layout->lines != NULL);
    }
    layout->lines[layout->line_count++] = *line;
}
