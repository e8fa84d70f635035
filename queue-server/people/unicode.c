/* NFC by HarfBuzz's Unicode tables, which are the only ones in the house; the algorithm is the annex's. */
#include "people/unicode.h"

#include <harfbuzz/hb.h>
#include <locale.h>
#include <string.h>
#include <wctype.h>

static int read_point(const unsigned char *at, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int length = at[0] < 0x80             ? 1
                 : (at[0] & 0xe0) == 0xc0 ? 2
                 : (at[0] & 0xf0) == 0xe0 ? 3
                 : (at[0] & 0xf8) == 0xf0 ? 4
                                          : 0;
    if (length == 0)
        return 0;
    uint32_t value = length == 1 ? at[0] : at[0] & (0x7fU >> length);
    for (int i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3fU);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *point = value;
    return length;
}

bool unicode_read(const char *text, struct unicode_text *out)
{
    const unsigned char *at = (const unsigned char *)text;
    out->count = 0;
    while (*at != '\0') {
        int length = out->count < UNICODE_TEXT_MAX ? read_point(at, &out->points[out->count]) : 0;
        if (length == 0)
            return false;
        at += length;
        out->count++;
    }
    return true;
}

static size_t write_point(uint32_t point, unsigned char bytes[4])
{
    if (point < 0x80) {
        bytes[0] = (unsigned char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        bytes[i] = (unsigned char)(0x80 | (point & 0x3f));
    bytes[0] = (unsigned char)((0xf00U >> length & 0xf0U) | point);
    return length;
}

bool unicode_write(const struct unicode_text *text, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < text->count; i++) {
        unsigned char bytes[4];
        size_t length = write_point(text->points[i], bytes);
        if (used + length >= size)
            return false;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    return true;
}

static unsigned rank(uint32_t point)
{
    return (unsigned)hb_unicode_combining_class(hb_unicode_funcs_get_default(), point);
}

/* HarfBuzz takes one step at a time, and only the first of a pair can be taken further. */
static bool decompose_point(uint32_t point, struct unicode_text *out)
{
    hb_unicode_funcs_t *tables = hb_unicode_funcs_get_default();
    uint32_t tail[8];
    size_t tails = 0;
    hb_codepoint_t first = point, second = 0;
    while (tails < 8 && hb_unicode_decompose(tables, first, &first, &second))
        if (second != 0)
            tail[tails++] = second;
    if (out->count + tails + 1 > UNICODE_TEXT_MAX)
        return false;
    out->points[out->count++] = first;
    while (tails > 0)
        out->points[out->count++] = tail[--tails];
    return true;
}

/* Marks in the order of their classes; a stable sort, between the starters. */
static void order_marks(struct unicode_text *text)
{
    for (size_t i = 1; i < text->count; i++) {
        uint32_t point = text->points[i];
        unsigned own = rank(point);
        size_t to = i;
        while (own > 0 && to > 0 && rank(text->points[to - 1]) > own) {
            text->points[to] = text->points[to - 1];
            to--;
        }
        text->points[to] = point;
    }
}

/* A mark joins the last starter unless one of its class, or of a higher, stands between them. */
static void join(struct unicode_text *text)
{
    hb_unicode_funcs_t *tables = hb_unicode_funcs_get_default();
    size_t used = 0, starter = SIZE_MAX;
    for (size_t i = 0; i < text->count; i++) {
        uint32_t point = text->points[i];
        unsigned own = rank(point);
        hb_codepoint_t both = 0;
        bool is_next = starter != SIZE_MAX && used == starter + 1;
        bool is_free = is_next || (starter != SIZE_MAX && own > rank(text->points[used - 1]));
        if (is_free && hb_unicode_compose(tables, text->points[starter], point, &both)) {
            text->points[starter] = both;
            continue;
        }
        if (own == 0)
            starter = used;
        text->points[used++] = point;
    }
    text->count = used;
}

bool unicode_compose(struct unicode_text *text)
{
    struct unicode_text apart;
    apart.count = 0;
    for (size_t i = 0; i < text->count; i++)
        if (!decompose_point(text->points[i], &apart))
            return false;
    order_marks(&apart);
    join(&apart);
    *text = apart;
    return true;
}

void unicode_lower(struct unicode_text *text)
{
    /* The program's own locale is "C", which knows ASCII alone. Without C.UTF-8 so does this. */
    locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    for (size_t i = 0; i < text->count; i++) {
        uint32_t point = text->points[i];
        if (point >= 'A' && point <= 'Z')
            text->points[i] = point - 'A' + 'a';
        else if (point > 0x7f && letters)
            text->points[i] = (uint32_t)towlower_l((wint_t)point, letters);
    }
    if (letters)
        freelocale(letters);
}

enum unicode_kind unicode_kind(uint32_t point)
{
    /* A subset is asked for, and HarfBuzz may learn more categories. */
    int category = (int)hb_unicode_general_category(hb_unicode_funcs_get_default(), point);
    switch (category) {
    case HB_UNICODE_GENERAL_CATEGORY_LOWERCASE_LETTER:
    case HB_UNICODE_GENERAL_CATEGORY_UPPERCASE_LETTER:
    case HB_UNICODE_GENERAL_CATEGORY_TITLECASE_LETTER:
    case HB_UNICODE_GENERAL_CATEGORY_MODIFIER_LETTER:
    case HB_UNICODE_GENERAL_CATEGORY_OTHER_LETTER:
    case HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK: return UNICODE_LETTER;
    case HB_UNICODE_GENERAL_CATEGORY_DECIMAL_NUMBER: return UNICODE_DIGIT;
    case HB_UNICODE_GENERAL_CATEGORY_SPACE_SEPARATOR: return UNICODE_SPACE;
    case HB_UNICODE_GENERAL_CATEGORY_CONTROL:
    case HB_UNICODE_GENERAL_CATEGORY_UNASSIGNED:
    case HB_UNICODE_GENERAL_CATEGORY_PRIVATE_USE:
    case HB_UNICODE_GENERAL_CATEGORY_SURROGATE:
    case HB_UNICODE_GENERAL_CATEGORY_LINE_SEPARATOR:
    case HB_UNICODE_GENERAL_CATEGORY_PARAGRAPH_SEPARATOR: return UNICODE_CONTROL;
    case HB_UNICODE_GENERAL_CATEGORY_FORMAT: return UNICODE_FORMAT;
    default: return UNICODE_OTHER;
    }
}
