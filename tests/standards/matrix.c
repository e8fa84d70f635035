/* See matrix.h. */
#include "matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/ui_dump.h"
#include "quarter/check.h"

/* ---- which rows --------------------------------------------------------------------------------------------------- */

enum { FACTORS = 6 };

struct factors {
    int of[FACTORS]; /* page, language, theme, shape, text size, low reach */
};

static struct factors factors_of(const struct matrix_row *row)
{
    const struct look *look = &row->look;
    return (struct factors){{row->state, look->language, look->theme, look->shape, look->text_size,
                             look->low_reach ? 1 : 0}};
}

static struct factors levels_of(int states, int languages)
{
    return (struct factors){{states, languages, THEMES, SHAPES, TEXT_SIZES, 2}};
}

/* Which pairs were met: one byte for each value of a factor with each value of a later one. */
struct pairs {
    struct factors levels;
    uint8_t *met[FACTORS][FACTORS];
};

static struct pairs *pairs_create(struct factors levels)
{
    struct pairs *pairs = calloc(1, sizeof *pairs);
    CHECK(pairs != NULL);
    pairs->levels = levels;
    for (int a = 0; a < FACTORS; a++)
        for (int b = a + 1; b < FACTORS; b++) {
            pairs->met[a][b] = calloc((size_t)levels.of[a], (size_t)levels.of[b]);
            CHECK(pairs->met[a][b] != NULL);
        }
    return pairs;
}

static void pairs_destroy(struct pairs *pairs)
{
    for (int a = 0; a < FACTORS; a++)
        for (int b = a + 1; b < FACTORS; b++)
            free(pairs->met[a][b]);
    free(pairs);
}

static uint8_t *pair_of(const struct pairs *pairs, struct factors row, int a, int b)
{
    return &pairs->met[a][b][row.of[a] * pairs->levels.of[b] + row.of[b]];
}

static void meet_pairs(struct pairs *pairs, struct factors row)
{
    for (int a = 0; a < FACTORS; a++)
        for (int b = a + 1; b < FACTORS; b++)
            *pair_of(pairs, row, a, b) = 1;
}

static int new_pairs(const struct pairs *pairs, struct factors row)
{
    int count = 0;
    for (int a = 0; a < FACTORS; a++)
        for (int b = a + 1; b < FACTORS; b++)
            count += *pair_of(pairs, row, a, b) == 0;
    return count;
}

enum { VARIANTS = THEMES * SHAPES * TEXT_SIZES * 2, SPARE_ROWS = VARIANTS };

static struct look variant(int language, int index)
{
    return (struct look){.language = language,
                         .theme = index % THEMES,
                         .shape = index / THEMES % SHAPES,
                         .text_size = index / THEMES / SHAPES % TEXT_SIZES,
                         .low_reach = index / THEMES / SHAPES / TEXT_SIZES == 1};
}

static struct look best_variant(const struct pairs *pairs, int state, int language, int turn)
{
    struct look best = {0};
    int most = -1;
    for (int i = 0; i < VARIANTS; i++) {
        const struct look look = variant(language, (i + turn) % VARIANTS);
        const struct matrix_row row = {state, look};
        const int fresh = new_pairs(pairs, factors_of(&row));
        if (fresh > most) {
            most = fresh;
            best = look;
        }
    }
    return best;
}

struct matrix_row *matrix_rows(int states, int languages, bool all, int *count)
{
    const int variants = all ? VARIANTS : 1;
    const size_t rows = (size_t)states * (size_t)languages * (size_t)variants + SPARE_ROWS;
    struct matrix_row *made = calloc(rows, sizeof *made);
    CHECK(made != NULL);
    struct pairs *pairs = pairs_create(levels_of(states, languages));
    int used = 0;
    for (int state = 0; state < states; state++)
        for (int language = 0; language < languages; language++)
            for (int i = 0; i < variants; i++) {
                made[used].state = state;
                made[used].look =
                    all ? variant(language, i) : best_variant(pairs, state, language, used * 7);
                meet_pairs(pairs, factors_of(&made[used]));
                used++;
            }
    for (int i = 0; !all && i < VARIANTS * states * languages; i++) { /* what was left unmet */
        const struct matrix_row row = {i / VARIANTS % states,
                                       variant(i / VARIANTS / states, i % VARIANTS)};
        if (new_pairs(pairs, factors_of(&row)) == 0)
            continue;
        CHECK((size_t)used < rows);
        meet_pairs(pairs, factors_of(&row));
        made[used++] = row;
    }
    pairs_destroy(pairs);
    *count = used;
    return made;
}

long matrix_missing_pairs(const struct matrix_row *rows, int count, int states, int languages)
{
    const struct factors levels = levels_of(states, languages);
    struct pairs *pairs = pairs_create(levels);
    long missing = 0;
    for (int i = 0; i < count; i++)
        meet_pairs(pairs, factors_of(&rows[i]));
    for (int a = 0; a < FACTORS; a++)
        for (int b = a + 1; b < FACTORS; b++)
            for (int k = 0; k < levels.of[a] * levels.of[b]; k++)
                missing += pairs->met[a][b][k] == 0;
    pairs_destroy(pairs);
    return missing;
}

/* ---- one row ------------------------------------------------------------------------------------------------------ */

static void place(const struct kiosk_rig *rig, const struct crawl_state *state,
                  const struct look *look, struct ledger *ledger)
{
    ledger_place(ledger, "%s %s %s %s size %d%s", state->name,
                 rig->site->languages[look->language].code,
                 theme_kind_name((enum theme_kind)look->theme), shapes[look->shape].name,
                 look->text_size, look->low_reach ? " low reach" : "");
}

static struct dump *dump_of(const struct kiosk_rig *rig)
{
    char *json = ui_dump_json(1, rig->ui, &rig->kit);
    CHECK(json != NULL);
    struct dump *dump = dump_read(json);
    CHECK(dump != NULL);
    free(json);
    return dump;
}

/* The page again with one element in focus. */
static void lay_focused(const struct ui *ui, struct ui *out, const char *id)
{
    const struct ui_page *page = ui_page(ui);
    const bool rtl = ui_is_rtl(ui);
    ui_begin(out, page);
    for (size_t i = 0; i < ui_count(ui); i++) {
        struct ui_element element = *ui_element(ui, i);
        element.focused = strcmp(element.id, id) == 0;
        if (rtl && !element.keep_side) /* ui_add mirrors it again */
            element.rect.x = page->width - element.rect.x - element.rect.w;
        ui_add(out, &element);
    }
}

static void copy_pixels(struct canvas *to, const struct canvas *from, struct rect rect)
{
    for (int y = rect.y; y < rect.y + rect.h; y++)
        memcpy(to->pixels + (size_t)y * to->pitch + (size_t)rect.x * 4,
               from->pixels + (size_t)y * from->pitch + (size_t)rect.x * 4, (size_t)rect.w * 4);
}

static void judge_focus(const struct kiosk_rig *rig, const struct page_seen *page,
                        struct ledger *ledger)
{
    struct ui *focused = ui_create();
    struct canvas *canvas = NULL;
    const struct rect screen = {0, 0, page->dump->width, page->dump->height};
    CHECK(canvas_create(CANVAS_ARGB, screen.w, screen.h, &canvas) == STATUS_OK);
    copy_pixels(canvas, page->frame, screen);
    for (int i = 0; i < page->dump->count; i++) {
        const struct dump_element *element = &page->dump->elements[i];
        const struct rect area = rect_intersect(element->rect, screen);
        if (!element->touchable || element->focused || rect_is_empty(area))
            continue;
        lay_focused(rig->ui, focused, element->id);
        canvas_set_clip(canvas, area);
        (void)ui_draw(focused, &rig->kit, canvas);
        gates_focus(ledger, page, canvas, element);
        copy_pixels(canvas, page->frame, area);
    }
    canvas_destroy(canvas);
    ui_destroy(focused);
}

void matrix_judge(struct crawl *crawl, int index, const struct look *look, struct ledger *ledger)
{
    struct kiosk_rig *rig = crawl->rig;
    const struct crawl_state *state = &crawl->states[index];
    const struct shape *shape = &shapes[look->shape];
    struct canvas *canvas = NULL;
    place(rig, state, look, ledger);
    const bool fits = kiosk_rig_lay(rig, &state->journey, look, NULL, state->now_ms);
    ledger_hold(ledger, GATE_WHOLE, fits, "the page is too full");
    CHECK(canvas_create(CANVAS_ARGB, shape->width, shape->height, &canvas) == STATUS_OK);
    (void)ui_draw(rig->ui, &rig->kit, canvas);
    struct dump *dump = dump_of(rig);
    const double mm_per_px = (double)shape->width_mm / shape->width;
    struct page_seen page = {.dump = dump,
                             .frame = canvas,
                             .low_reach = look->low_reach,
                             .invented = crawl->invented,
                             .mm_per_px = dump->mm_per_px > 0 ? dump->mm_per_px : mm_per_px,
                             .bottom_mm = dump->bottom_mm > 0 ? dump->bottom_mm : shape->bottom_mm,
                             .viewing_mm =
                                 dump->viewing_mm > 0 ? dump->viewing_mm : KIOSK_VIEWING_MM};
    gates_page(ledger, &page);
    judge_focus(rig, &page, ledger);
    dump_destroy(dump);
    canvas_destroy(canvas);
}

/* ---- text sizes --------------------------------------------------------------------------------------------------- */

/* The bar keeps its size on every page. */
static bool is_content(const struct dump_element *element)
{
    return element->text[0] != '\0' && !gates_is_bar(element->id) &&
           strcmp(element->id, "centre") != 0 && strcmp(element->id, "clock") != 0;
}

static int smallest(const struct dump *dump)
{
    int least = 1 << 14;
    for (int i = 0; i < dump->count; i++)
        if (is_content(&dump->elements[i]) && dump->elements[i].font_px < least)
            least = dump->elements[i].font_px;
    return least;
}

static bool grows(const struct dump *normal, const struct dump *large)
{
    bool any = false;
    for (int i = 0; i < normal->count; i++) {
        const struct dump_element *element = &normal->elements[i];
        const struct dump_element *other = dump_find(large, element->id);
        any |= is_content(element) && other != NULL && other->font_px > element->font_px;
    }
    return any;
}

void matrix_judge_sizes(struct kiosk_rig *rig, const struct crawl_state *state, int language,
                        int shape, struct growth *growth, struct ledger *ledger)
{
    struct dump *dumps[TEXT_SIZES];
    struct look look = {.language = language, .shape = shape};
    for (look.text_size = 0; look.text_size < TEXT_SIZES; look.text_size++) {
        (void)kiosk_rig_lay(rig, &state->journey, &look, NULL, state->now_ms);
        dumps[look.text_size] = dump_of(rig);
    }
    look.text_size = 0;
    place(rig, state, &look, ledger);
    for (int size = 1; size < TEXT_SIZES; size++) {
        const int normal = smallest(dumps[0]), large = smallest(dumps[size]);
        ledger_hold(ledger, GATE_GROWS, large >= normal,
                    "the smallest text goes from %d to %d px at size %d", normal, large, size);
        growth->pages++;
        growth->grown += grows(dumps[0], dumps[size]);
    }
    for (int size = 0; size < TEXT_SIZES; size++)
        dump_destroy(dumps[size]);
}
