/* Checks of the frame: is the picture what the dump says, and do its colours stand apart? See gates.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates.h"
#include "quarter/check.h"

enum {
    CLOSE = 6,        /* of 255 a channel: the same colour */
    CLAIM_SLACK = 2,  /* ink may be blurred so far past what is claimed */
    LOOSE_SHARE = 12, /* a claim may be wider than its ink by 1/12 of the letters' size ... */
    LOOSE_LEAST = 4,  /* ... but at least by so many pixels */
    COLOURS_MOST = 4096,
};

static uint32_t packed(struct colour colour)
{
    return (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

static struct colour unpacked(uint32_t value)
{
    return (struct colour){(uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value, 255};
}

static uint32_t pixel_at(const struct canvas *frame, int x, int y)
{
    uint32_t value;
    memcpy(&value, frame->pixels + (size_t)y * frame->pitch + (size_t)x * 4, sizeof value);
    return value & 0xffffff;
}

static bool is_close(uint32_t a, uint32_t b)
{
    for (int shift = 0; shift < 24; shift += 8)
        if (abs((int)(a >> shift & 255) - (int)(b >> shift & 255)) > CLOSE)
            return false;
    return true;
}

/* ---- the picture as the dump has it ------------------------------------------------------------------------------- */

/* Flat colours without ink, and where ink, edges and round corners are allowed to be. */
struct claimed {
    int width, height;
    uint32_t *flat;
    uint8_t *allowed;
};

static void paint(struct claimed *claimed, struct rect rect, uint32_t colour)
{
    rect = rect_intersect(rect, (struct rect){0, 0, claimed->width, claimed->height});
    for (int y = rect.y; y < rect.y + rect.h; y++)
        for (int x = rect.x; x < rect.x + rect.w; x++)
            claimed->flat[(size_t)y * (size_t)claimed->width + (size_t)x] = colour;
}

static void allow(struct claimed *claimed, struct rect rect)
{
    rect = rect_intersect(rect, (struct rect){0, 0, claimed->width, claimed->height});
    for (int y = rect.y; y < rect.y + rect.h; y++)
        memset(claimed->allowed + (size_t)y * (size_t)claimed->width + rect.x, 1, (size_t)rect.w);
}

static void allow_edges(struct claimed *claimed, struct rect rect, int px)
{
    allow(claimed, (struct rect){rect.x, rect.y, rect.w, px});
    allow(claimed, (struct rect){rect.x, rect.y + rect.h - px, rect.w, px});
    allow(claimed, (struct rect){rect.x, rect.y, px, rect.h});
    allow(claimed, (struct rect){rect.x + rect.w - px, rect.y, px, rect.h});
}

static void allow_corners(struct claimed *claimed, struct rect rect, int px)
{
    const int right = rect.x + rect.w - px, bottom = rect.y + rect.h - px;
    allow(claimed, (struct rect){rect.x, rect.y, px, px});
    allow(claimed, (struct rect){right, rect.y, px, px});
    allow(claimed, (struct rect){rect.x, bottom, px, px});
    allow(claimed, (struct rect){right, bottom, px, px});
}

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
}

static void claim_element(struct claimed *claimed, const struct dump_element *element)
{
    enum { SECOND_RING = 16 }; /* on a brand fill the focus has a second line inside */
    struct rect inks[4];
    const int count = dump_inks(element, inks);
    if (element->fill.given)
        paint(claimed, element->rect, packed(element->fill.colour));
    if (element->fill.given || element->border.given)
        allow_corners(claimed, element->rect, element->radius + 1);
    if (element->border.given)
        allow_edges(claimed, element->rect,
                    element->border_px + (element->focused ? SECOND_RING : 1));
    for (int i = 0; i < count; i++)
        allow(claimed, grown(inks[i], CLAIM_SLACK));
}

static struct claimed claim(const struct dump *dump)
{
    const size_t pixels = (size_t)dump->width * (size_t)dump->height;
    struct claimed claimed = {dump->width, dump->height, malloc(pixels * sizeof(uint32_t)),
                              calloc(1, pixels)};
    CHECK(claimed.flat != NULL && claimed.allowed != NULL);
    paint(&claimed, (struct rect){0, 0, dump->width, dump->height}, packed(dump->background));
    for (int i = 0; i < dump->count; i++)
        claim_element(&claimed, &dump->elements[i]);
    return claimed;
}

static void claimed_free(struct claimed *claimed)
{
    free(claimed->flat);
    free(claimed->allowed);
}

/* ---- ink ---------------------------------------------------------------------------------------------------------- */

/* Where in a box pixels differ from the flat picture. */
static struct rect found_in(const struct claimed *claimed, const struct canvas *frame,
                            struct rect box)
{
    struct rect found = {0, 0, 0, 0};
    box = rect_intersect(box, (struct rect){0, 0, frame->width, frame->height});
    for (int y = box.y; y < box.y + box.h; y++) {
        int first = -1, last = -1;
        const uint32_t *flat = claimed->flat + (size_t)y * (size_t)claimed->width;
        for (int x = box.x; x < box.x + box.w; x++) {
            if (is_close(pixel_at(frame, x, y), flat[x]))
                continue;
            first = first < 0 ? x : first;
            last = x;
        }
        if (first >= 0)
            found = rect_union(found, (struct rect){first, y, last - first + 1, 1});
    }
    return found;
}

static int widest_slack(struct rect claim, struct rect found)
{
    const int sides[4] = {found.x - claim.x, found.y - claim.y,
                          claim.x + claim.w - found.x - found.w,
                          claim.y + claim.h - found.y - found.h};
    int widest = 0;
    for (int i = 0; i < 4; i++)
        widest = sides[i] > widest ? sides[i] : widest;
    return widest;
}

/* Latin capitals and figures fill their line from the base to the height of a capital. */
static bool has_capital(const char *text)
{
    return (text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= '0' && text[0] <= '9');
}

static void check_claim(struct ledger *ledger, const struct claimed *claimed,
                        const struct page_seen *page, const struct dump_element *element, int part)
{
    const struct rect box = part == 0 ? element->text_ink : element->detail_ink;
    const int size = part == 0 ? element->font_px : element->detail_px;
    const int cap = part == 0 ? element->cap_px : element->detail_cap_px;
    const char *text = part == 0 ? element->text : element->detail;
    const char *which = part == 0 ? "" : " (second line)";
    if (text[0] == '\0' || (strspn(text, " \t\n") == strlen(text)))
        return;
    const struct rect found = found_in(claimed, page->frame, box);
    const int loose = size / LOOSE_SHARE > LOOSE_LEAST ? size / LOOSE_SHARE : LOOSE_LEAST;
    ledger_hold(ledger, GATE_INK, !rect_is_empty(found), "%s%s: no ink where words are claimed",
                element->id, which);
    if (rect_is_empty(found))
        return;
    ledger_hold(ledger, GATE_INK, widest_slack(box, found) <= loose,
                "%s%s: claims %d,%d %dx%d, has ink at %d,%d %dx%d", element->id, which, box.x,
                box.y, box.w, box.h, found.x, found.y, found.w, found.h);
    if (has_capital(text))
        ledger_hold(ledger, GATE_INK, found.h >= cap - 1,
                    "%s%s: says capitals of %d px, has ink of %d px", element->id, which, cap,
                    found.h);
}

/* The element nearest to a stray pixel, to say where it is. */
static const char *nearest(const struct dump *dump, int x, int y)
{
    const char *id = "the page";
    int least = 1 << 20;
    for (int i = 0; i < dump->count; i++) {
        const int away = gates_distance(dump->elements[i].rect, (struct rect){x, y, 1, 1});
        if (!rect_is_empty(dump->elements[i].rect) && away <= least) {
            least = away;
            id = dump->elements[i].id;
        }
    }
    return id;
}

void gates_ink(struct ledger *ledger, const struct page_seen *page)
{
    const struct dump *dump = page->dump;
    CHECK(page->frame->width == dump->width && page->frame->height == dump->height);
    struct claimed claimed = claim(dump);
    long strays = 0;
    int at_x = 0, at_y = 0;
    for (int y = 0; y < dump->height; y++) {
        const size_t row = (size_t)y * (size_t)dump->width;
        for (int x = 0; x < dump->width; x++) {
            if (claimed.allowed[row + (size_t)x] != 0 ||
                is_close(pixel_at(page->frame, x, y), claimed.flat[row + (size_t)x]))
                continue;
            at_x = strays == 0 ? x : at_x;
            at_y = strays == 0 ? y : at_y;
            strays++;
        }
    }
    ledger_hold(ledger, GATE_INK, strays == 0, "%ld pixels nobody claims, the first at %d,%d by %s",
                strays, at_x, at_y, nearest(dump, at_x, at_y));
    for (int i = 0; i < dump->count; i++)
        for (int part = 0; part < 2; part++)
            check_claim(ledger, &claimed, page, &dump->elements[i], part);
    claimed_free(&claimed);
}

/* ---- contrast ----------------------------------------------------------------------------------------------------- */

/* The colours of a box and how often each comes. */
struct palette {
    int count;
    long total;
    struct {
        uint32_t colour;
        long times;
    } of[COLOURS_MOST];
};

static void palette_add(struct palette *palette, uint32_t colour)
{
    unsigned slot = colour * 2654435761u >> 20; /* 12 bits: COLOURS_MOST */
    for (int tries = 0; tries < COLOURS_MOST; tries++, slot = (slot + 1) % COLOURS_MOST) {
        if (palette->of[slot].times > 0 && palette->of[slot].colour != colour)
            continue;
        palette->count += palette->of[slot].times == 0;
        palette->of[slot].colour = colour;
        palette->of[slot].times++;
        break;
    }
    palette->total++;
}

static struct palette *palette_of(const struct canvas *frame, struct rect box)
{
    struct palette *palette = calloc(1, sizeof *palette);
    CHECK(palette != NULL);
    box = rect_intersect(box, (struct rect){0, 0, frame->width, frame->height});
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++)
            palette_add(palette, pixel_at(frame, x, y));
    return palette;
}

/* The contrast to the ground that a few pixels at least have, be they blurred into all sorts of colours. */
static double strongest(const struct palette *palette, uint32_t ground)
{
    enum { LEAST_TIMES = 4, LEAST_SHARE = 1000, STEPS = 211 }; /* 1:1 to 21:1 in tenths */
    long times[STEPS] = {0};
    const long least =
        palette->total / LEAST_SHARE > LEAST_TIMES ? palette->total / LEAST_SHARE : LEAST_TIMES;
    for (int i = 0; i < COLOURS_MOST; i++)
        if (palette->of[i].times > 0) {
            const double contrast =
                colour_contrast(unpacked(ground), unpacked(palette->of[i].colour));
            times[(int)(contrast * 10 + 0.001)] += palette->of[i].times;
        }
    long seen = 0;
    int step = STEPS;
    while (step > 10 && seen < least)
        seen += times[--step];
    return step / 10.0;
}

/* Between the colour there is most of and the one farthest from it that is more than a few stray pixels. */
static double contrast_in(const struct canvas *frame, struct rect box)
{
    struct palette *palette = palette_of(frame, box);
    long most = 0;
    uint32_t ground = 0;
    for (int i = 0; i < COLOURS_MOST; i++) {
        if (palette->of[i].times > most) {
            most = palette->of[i].times;
            ground = palette->of[i].colour;
        }
    }
    const double best = strongest(palette, ground);
    free(palette);
    return best;
}

/* A dot or a hyphen in small type is all edge, blurred into its ground: there the ink counts that it is drawn with. */
static double text_contrast(const struct canvas *frame, struct rect box, struct colour ink)
{
    enum { THIN = 5, ROUND = 3 };
    const double sampled = contrast_in(frame, grown(box, ROUND));
    if (box.w > THIN && box.h > THIN)
        return sampled;
    const struct rect outside = rect_intersect((struct rect){box.x - ROUND, box.y - ROUND, 1, 1},
                                               (struct rect){0, 0, frame->width, frame->height});
    if (rect_is_empty(outside))
        return sampled;
    const double drawn = colour_contrast(ink, unpacked(pixel_at(frame, outside.x, outside.y)));
    return drawn > sampled ? drawn : sampled;
}

/* One point of each edge's middle third, so that neither corners nor neighbours are hit: from outside to inside. */
struct crossing {
    int x, y, dx, dy;
};

static int crossings_of(struct rect rect, struct crossing crossings[12])
{
    int count = 0;
    for (int part = 1; part <= 3; part++) {
        const int x = rect.x + rect.w * (part + 1) / 6, y = rect.y + rect.h * (part + 1) / 6;
        crossings[count++] = (struct crossing){x, rect.y, 0, 1};
        crossings[count++] = (struct crossing){x, rect.y + rect.h - 1, 0, -1};
        crossings[count++] = (struct crossing){rect.x, y, 1, 0};
        crossings[count++] = (struct crossing){rect.x + rect.w - 1, y, -1, 0};
    }
    return count;
}

static bool step_in(const struct canvas *frame, const struct crossing *crossing, int steps, int *x,
                    int *y)
{
    *x = crossing->x + crossing->dx * steps;
    *y = crossing->y + crossing->dy * steps;
    return *x >= 0 && *y >= 0 && *x < frame->width && *y < frame->height;
}

static struct colour colour_at(const struct canvas *frame, int x, int y)
{
    return unpacked(pixel_at(frame, x, y));
}

/* The best contrast to what lies outside that is met on the way in through the edge. */
static double edge_contrast(const struct canvas *frame, const struct crossing *crossing,
                            int border_px)
{
    enum { OUTSIDE = -1 };
    int x, y;
    if (!step_in(frame, crossing, OUTSIDE, &x, &y))
        return 21; /* the screen's own edge */
    const struct colour outside = colour_at(frame, x, y);
    double best = 1;
    for (int step = 0; step <= border_px + 2; step++) {
        if (!step_in(frame, crossing, step, &x, &y))
            break;
        const double contrast = colour_contrast(outside, colour_at(frame, x, y));
        best = contrast > best ? contrast : best;
    }
    return best;
}

static void control(struct ledger *ledger, const struct page_seen *page,
                    const struct dump_element *element)
{
    struct crossing crossings[12];
    double worst = 21;
    const int count = crossings_of(element->rect, crossings);
    for (int i = 0; i < count; i++) {
        const double contrast = edge_contrast(page->frame, &crossings[i], element->border_px);
        worst = contrast < worst ? contrast : worst;
    }
    ledger_measure(ledger, GATE_CONTROL_CONTRAST, worst, "edge of %s", element->id);
}

void gates_contrast(struct ledger *ledger, const struct page_seen *page)
{
    const bool high = strcmp(page->dump->theme, "contrast") == 0;
    for (int i = 0; i < page->dump->count; i++) {
        const struct dump_element *element = &page->dump->elements[i];
        const struct rect texts[2] = {element->text_ink, element->detail_ink};
        if (element->disabled) /* WCAG 1.4.3: inactive parts are exempt */
            continue;
        for (int k = 0; k < 2; k++) {
            if (rect_is_empty(texts[k]))
                continue;
            const struct colour ink = k == 0 ? element->ink : element->detail_colour;
            const double contrast = text_contrast(page->frame, texts[k], ink);
            ledger_measure(ledger, GATE_TEXT_CONTRAST, contrast, "%s%s", element->id,
                           k == 0 ? "" : " (second line)");
            if (high)
                ledger_measure(ledger, GATE_HIGH_CONTRAST, contrast, "%s%s", element->id,
                               k == 0 ? "" : " (second line)");
        }
        if (!rect_is_empty(element->icon_rect))
            ledger_measure(ledger, GATE_CONTROL_CONTRAST,
                           contrast_in(page->frame, element->icon_rect), "sign of %s", element->id);
        if (element->touchable && (element->fill.given || element->border.given))
            control(ledger, page, element);
    }
}

/* ---- focus -------------------------------------------------------------------------------------------------------- */

/* How much the best two pixels of the ring changed where it is crossed. */
static double ring_change(const struct canvas *before, const struct canvas *after,
                          const struct crossing *crossing)
{
    enum { DEEPEST = 24 };
    double first = 1, second = 1;
    int x, y;
    for (int step = 0; step < DEEPEST && step_in(before, crossing, step, &x, &y); step++) {
        const double change = colour_contrast(colour_at(before, x, y), colour_at(after, x, y));
        if (change > first) {
            second = first;
            first = change;
        } else if (change > second) {
            second = change;
        }
    }
    return second; /* a ring of one pixel is none */
}

void gates_focus(struct ledger *ledger, const struct page_seen *page, const struct canvas *focused,
                 const struct dump_element *element)
{
    struct crossing crossings[12];
    double sides[4] = {1, 1, 1, 1}, worst = 21;
    const int count = crossings_of(element->rect, crossings);
    for (int i = 0; i < count; i++) { /* words may come near the ring here or there */
        const double change = ring_change(page->frame, focused, &crossings[i]);
        sides[i % 4] = change > sides[i % 4] ? change : sides[i % 4];
    }
    for (int i = 0; i < 4; i++)
        worst = sides[i] < worst ? sides[i] : worst;
    ledger_measure(ledger, GATE_FOCUS_CONTRAST, worst, "%s", element->id);
}
