/* Checks of what the dump says: sizes, reach, order, words. See gates.h. */
#include "gates.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static double degrees_of(const struct page_seen *page, int px)
{
    return 2 * atan(px * page->mm_per_px / 2 / page->viewing_mm) * 180 / M_PI;
}

/* ---- letters ------------------------------------------------------------------------------------------------------ */

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A display is judged by the angles of STANDARDS.md: calls from the site's distance, waits from three fifths of it, all
 * else from two fifths. */
static void read_from_afar(struct ledger *ledger, const struct page_seen *page,
                           const struct dump_element *element, int cap_px, const char *what)
{
    struct page_seen near = *page;
    enum gate gate = GATE_CAP_NOTICES;
    near.viewing_mm = page->viewing_mm * 2 / 5;
    if (dump_is(element, "number") && !starts(element->id, "service-")) {
        gate = GATE_CAP_CALLS;
        near.viewing_mm = page->viewing_mm;
    } else if (dump_is(element, "number")) { /* how long, or how many wait */
        gate = GATE_CAP_WAITS;
        near.viewing_mm = page->viewing_mm * 3 / 5;
    }
    ledger_measure(ledger, gate, degrees_of(&near, cap_px), "%s%s", element->id, what);
}

void gates_reading(struct ledger *ledger, const struct page_seen *page)
{
    for (int i = 0; i < page->dump->count; i++) {
        const struct dump_element *element = &page->dump->elements[i];
        const int caps[2] = {element->cap_px, element->detail_cap_px};
        const char *const parts[2] = {element->text, element->detail};
        for (int k = 0; k < 2; k++) {
            const char *what = k == 0 ? "" : " (second line)";
            if (parts[k][0] == '\0')
                continue;
            if (page->display)
                read_from_afar(ledger, page, element, caps[k], what);
            else
                ledger_measure(ledger, GATE_CAP_KIOSK, degrees_of(page, caps[k]), "%s%s",
                               element->id, what);
        }
    }
}

/* ---- touching ----------------------------------------------------------------------------------------------------- */

int gates_distance(struct rect a, struct rect b)
{
    const int left = a.x > b.x ? a.x - b.x - b.w : b.x - a.x - a.w;
    const int above = a.y > b.y ? a.y - b.y - b.h : b.y - a.y - a.h;
    return left > above ? left : above;
}

static double height_mm(const struct page_seen *page, int y)
{
    return page->bottom_mm + (page->dump->height - y) * page->mm_per_px;
}

static void reach(struct ledger *ledger, const struct page_seen *page,
                  const struct dump_element *element)
{
    const double high = height_mm(page, element->rect.y);
    const double low = height_mm(page, element->rect.y + element->rect.h);
    ledger_measure(ledger, GATE_REACH_HIGH, high, "%s", element->id);
    ledger_measure(ledger, GATE_REACH_LOW, low, "%s", element->id);
    if (!page->low_reach)
        return;
    ledger_measure(ledger, GATE_LOW_REACH_HIGH, high, "%s", element->id);
    ledger_measure(ledger, GATE_LOW_REACH_LOW, low, "%s", element->id);
}

void gates_touching(struct ledger *ledger, const struct page_seen *page)
{
    for (int i = 0; i < page->dump->count; i++) {
        const struct dump_element *element = &page->dump->elements[i];
        if (!element->touchable)
            continue;
        const int side = element->rect.w < element->rect.h ? element->rect.w : element->rect.h;
        ledger_measure(ledger, GATE_TARGET, side * page->mm_per_px, "%s", element->id);
        reach(ledger, page, element);
        for (int k = i + 1; k < page->dump->count; k++) {
            const struct dump_element *other = &page->dump->elements[k];
            if (other->touchable)
                ledger_measure(ledger, GATE_GAP,
                               gates_distance(element->rect, other->rect) * page->mm_per_px,
                               "%s to %s", element->id, other->id);
        }
    }
}

/* ---- whole and apart ---------------------------------------------------------------------------------------------- */

static struct rect inside_of(const struct dump_element *element)
{
    return rect_inset(element->rect, element->border.given ? element->border_px : 0);
}

/* What an element covers: all of its rectangle when it is filled, framed or touched; else the ink of its words. */
static struct rect solid_of(const struct dump_element *element)
{
    struct rect inks[4], all = {0, 0, 0, 0};
    if (element->fill.given || element->border.given || element->touchable)
        return element->rect;
    const int count = dump_inks(element, inks);
    for (int i = 0; i < count; i++)
        all = rect_union(all, inks[i]);
    return all;
}

static bool is_ground(const struct dump_element *element)
{
    return element->fill.given && !element->touchable && element->text[0] == '\0' && !element->qr;
}

static void whole(struct ledger *ledger, const struct page_seen *page,
                  const struct dump_element *element)
{
    const struct rect screen = {0, 0, page->dump->width, page->dump->height};
    struct rect inks[4];
    const int count = dump_inks(element, inks);
    ledger_hold(ledger, GATE_WHOLE, element->fits,
                "%s: its words do not fit, or its fonts lack a letter", element->id);
    ledger_hold(ledger, GATE_WHOLE, rect_holds(screen, solid_of(element)), "%s leaves the screen",
                element->id);
    for (int i = 0; i < count; i++) {
        ledger_hold(ledger, GATE_WHOLE, rect_holds(element->rect, inks[i]),
                    "%s: ink at %d,%d %dx%d leaves its rectangle %d,%d %dx%d", element->id,
                    inks[i].x, inks[i].y, inks[i].w, inks[i].h, element->rect.x, element->rect.y,
                    element->rect.w, element->rect.h);
        if (!element->qr)
            ledger_hold(ledger, GATE_APART, rect_holds(inside_of(element), inks[i]),
                        "%s: ink crosses its own edge", element->id);
        for (int k = 0; k < i; k++)
            ledger_hold(ledger, GATE_APART, rect_is_empty(rect_intersect(inks[i], inks[k])),
                        "%s: its text, second line or sign meet", element->id);
    }
}

/* Nothing is touched on a display: there a coloured bar may lie on a card, or half under it, to show its edge. */
static bool misses_ink(struct rect rect, const struct dump_element *element)
{
    struct rect inks[4];
    const int count = dump_inks(element, inks);
    for (int i = 0; i < count; i++)
        if (!rect_is_empty(rect_intersect(rect, inks[i])))
            return false;
    return true;
}

static void apart(struct ledger *ledger, bool display, const struct dump_element *below,
                  const struct dump_element *above)
{
    const struct rect a = solid_of(below), b = solid_of(above);
    if (rect_is_empty(rect_intersect(a, b)))
        return;
    const bool carried = is_ground(below) && rect_holds(inside_of(below), b);
    const bool rule = is_ground(below) && dump_is(above, "line") && rect_holds(below->rect, b);
    const bool accent = display && above->fill.given && misses_ink(b, below);
    ledger_hold(ledger, GATE_APART, carried || rule || accent, "%s and %s meet", below->id,
                above->id);
}

void gates_layout(struct ledger *ledger, const struct page_seen *page)
{
    const struct dump *dump = page->dump;
    for (int i = 0; i < dump->count; i++) {
        whole(ledger, page, &dump->elements[i]);
        ledger_hold(ledger, GATE_APART, true, " ");
        for (int k = i + 1; k < dump->count; k++) {
            apart(ledger, page->display, &dump->elements[i], &dump->elements[k]);
            if (strcmp(dump->elements[i].id, dump->elements[k].id) == 0)
                ledger_hold(ledger, GATE_ONE_THING, false, "two elements are called %s",
                            dump->elements[i].id);
        }
    }
}

/* ---- keys --------------------------------------------------------------------------------------------------------- */

bool gates_is_bar(const char *id)
{
    static const char *const bar[] = {"back", "language", "text-size", "ease", "listen", "help"};
    for (size_t i = 0; i < COUNT_OF(bar); i++)
        if (strcmp(id, bar[i]) == 0)
            return true;
    return false;
}

static bool is_rtl(const char *language)
{
    return strcmp(language, "ur") == 0 || strcmp(language, "ar") == 0;
}

/* What one types with is one block to walk through, and what was found is another. */
static bool is_typing(const char *id)
{
    return starts(id, "key-") || starts(id, "found-") || strcmp(id, "keyboard") == 0 ||
           strcmp(id, "clear") == 0;
}

static bool same_row(struct rect a, struct rect b)
{
    const struct rect both = {0, a.y > b.y ? a.y : b.y, 1,
                              (a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h) -
                                  (a.y > b.y ? a.y : b.y)};
    return both.h * 2 > (a.h < b.h ? a.h : b.h);
}

/* From a to b: along the row in the direction of reading, or down; up only into another column. */
static bool reads_on(struct rect a, struct rect b, bool rtl)
{
    if (same_row(a, b))
        return rtl ? b.x < a.x : b.x > a.x;
    const bool above = b.y + b.h <= a.y;
    const bool next_column = rtl ? b.x + b.w <= a.x : b.x >= a.x + a.w;
    return !above || next_column;
}

void gates_keys(struct ledger *ledger, const struct page_seen *page)
{
    const struct dump *dump = page->dump;
    const struct dump_element *in_order[256] = {NULL};
    int count = 0;
    for (int i = 0; i < dump->count; i++) {
        const struct dump_element *element = &dump->elements[i];
        const bool off = element->disabled && dump_is(element, "button");
        if (!element->touchable &&
            !(off && element->focus > 0)) { /* who cannot see must find it too */
            ledger_hold(ledger, GATE_FOCUS_ORDER, element->focus == 0,
                        "%s takes the focus but is no button", element->id);
            continue;
        }
        const bool counted = element->focus > 0 && element->focus < (int)COUNT_OF(in_order) &&
                             in_order[element->focus] == NULL;
        ledger_hold(ledger, GATE_FOCUS_ORDER, counted, "%s has no place of its own (%d)",
                    element->id, element->focus);
        if (counted)
            in_order[element->focus] = element;
        count++;
    }
    for (int i = 1; i <= count && i < (int)COUNT_OF(in_order); i++) {
        ledger_hold(ledger, GATE_FOCUS_ORDER, in_order[i] != NULL, "nothing has place %d of %d", i,
                    count);
        if (i == 1 || in_order[i] == NULL || in_order[i - 1] == NULL)
            continue;
        const bool was_bar = gates_is_bar(in_order[i - 1]->id), bar = gates_is_bar(in_order[i]->id);
        const bool typing = is_typing(in_order[i - 1]->id) || is_typing(in_order[i]->id);
        const bool on =
            typing || reads_on(in_order[i - 1]->rect, in_order[i]->rect, is_rtl(dump->language));
        const bool fine = was_bar == bar ? on : bar;
        ledger_hold(ledger, GATE_FOCUS_ORDER, fine, "after %s comes %s", in_order[i - 1]->id,
                    in_order[i]->id);
    }
}

/* ---- words -------------------------------------------------------------------------------------------------------- */

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

static void plain_word(struct ledger *ledger, const struct dump_element *element, const char *text,
                       size_t length)
{
    /* GOV.UK style guide, "words to avoid"; and our own rule: no system words, no blame. */
    static const char *const avoided[] = {
        "submit",  "click",    "invalid",    "error",    "errors",   "failed",    "failure",
        "server",  "network",  "offline",    "timeout",  "session",  "abort",     "fatal",
        "system",  "retry",    "user",       "input",    "null",     "undefined", "database",
        "utilise", "leverage", "facilitate", "commence", "purchase", "regarding", "terminate",
    };
    for (size_t i = 0; i < COUNT_OF(avoided); i++)
        if (is_word(text, length, avoided[i]))
            ledger_hold(ledger, GATE_PLAIN, false, "%s says \"%s\"", element->id, avoided[i]);
}

/* A list's head and its parts are read one by one too. */
static bool ends_sentence(const char *text)
{
    return *text == '\n' || strncmp(text, "\u2022", strlen("\u2022")) == 0 ||
           (*text != '\0' && strchr(".?!:;", *text) != NULL &&
            (text[1] == '\0' || isspace((unsigned char)text[1])));
}

static void sentences(struct ledger *ledger, const struct dump_element *element, const char *text)
{
    int words = 0, longest = 0;
    while (*text != '\0') {
        size_t length = 0;
        while (text[length] != '\0' && !isspace((unsigned char)text[length]) &&
               !ends_sentence(text + length))
            length++;
        if (length > 0) {
            size_t letters = length;
            while (letters > 0 && ispunct((unsigned char)text[letters - 1]))
                letters--;
            plain_word(ledger, element, text, letters);
            words++;
        }
        text += length;
        longest = words > longest ? words : longest;
        if (ends_sentence(text))
            words = 0;
        if (*text != '\0')
            text++;
    }
    if (longest > 0)
        ledger_measure(ledger, GATE_SENTENCE, longest, "%s", element->id);
}

/* Codes and placeholders are for machines in any language. */
static bool is_for_people(const char *text)
{
    return strchr(text, '_') == NULL && strchr(text, '{') == NULL && strchr(text, '%') == NULL &&
           strstr(text, "://") == NULL;
}

static bool asks_something(const char *page)
{
    static const char *const pages[] = {"services", "group", "search", "question"};
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        if (strcmp(page, pages[i]) == 0)
            return true;
    return false;
}

void gates_words(struct ledger *ledger, const struct page_seen *page)
{
    const struct dump *dump = page->dump;
    int headings = 0;
    for (int i = 0; i < dump->count; i++) {
        const struct dump_element *element = &dump->elements[i];
        headings += dump_is(element, "heading");
        if (starts(element->id, "key-"))
            continue;
        const char *const parts[2] = {element->text, element->detail};
        for (int k = 0; k < 2; k++) {
            if (page->invented)
                continue;
            ledger_hold(ledger, GATE_PLAIN, is_for_people(parts[k]), "%s says \"%s\"", element->id,
                        parts[k]);
            if (strcmp(element->language, "en") == 0)
                sentences(ledger, element, parts[k]);
        }
        if (element->touchable)
            ledger_hold(ledger, GATE_PLAIN, strcasecmp(element->text, "next") != 0,
                        "%s says \"Next\", not \"Continue\"", element->id);
    }
    if (page->display)
        return;
    /* The number of a ticket is its page's heading. */
    const bool numbered = dump_find(dump, "number") != NULL;
    ledger_hold(ledger, GATE_ONE_THING, headings == 1 || (headings == 0 && numbered), "%d headings",
                headings);
    /* A search with no room left for it has it one page back. */
    const struct dump_element *back = dump_find(dump, "back");
    const bool behind = strcmp(dump->page, "search") == 0 && back != NULL && back->touchable;
    if (asks_something(dump->page))
        ledger_hold(ledger, GATE_NOT_SURE,
                    dump_find(dump, "not-sure") != NULL || dump_find(dump, "skip") != NULL ||
                        behind,
                    "no \"I'm not sure\"");
}

void gates_page(struct ledger *ledger, const struct page_seen *page)
{
    gates_reading(ledger, page);
    gates_layout(ledger, page);
    gates_words(ledger, page);
    if (!page->display) {
        gates_touching(ledger, page);
        gates_keys(ledger, page);
    }
    if (page->frame != NULL) {
        gates_ink(ledger, page);
        gates_contrast(ledger, page);
    }
}
