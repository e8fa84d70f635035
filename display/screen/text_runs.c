/* See text_runs.h. UAX 9 through fribidi; scripts by UAX 24's rules for common characters; breaks
 * by the part of UAX 14 that our languages use. */
#include "display/screen/text_runs.h"

#include <fribidi.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { BRACKETS_MAX = 32, EMPHASIS_START = 2, EMPHASIS_END = 3, EN_DASH = 0x2013 };

static size_t decode_all(const char *text, size_t length, struct text_char *chars);
static bool find_levels(struct text_char *chars, size_t count, const struct text_style *style);
static size_t drop_controls(struct text_char *chars, size_t count, const struct text_style *style,
                            bool *bold);
static void find_clusters(struct text_char *chars, size_t count);
static void find_scripts(struct text_char *chars, size_t count);
static void find_breaks(struct text_char *chars, size_t count);
static void find_fonts(struct fonts *fonts, struct paragraph *paragraph,
                       const struct text_style *style);

struct paragraph paragraph_analyse(struct fonts *fonts, const char *text, size_t length,
                                   const struct text_style *style, bool *bold)
{
    struct paragraph paragraph = {0};
    paragraph.chars = calloc(length + 1, sizeof(*paragraph.chars));
    CHECK(paragraph.chars != NULL);
    const size_t decoded = decode_all(text, length, paragraph.chars);
    paragraph.rtl = find_levels(paragraph.chars, decoded, style);
    paragraph.count = drop_controls(paragraph.chars, decoded, style, bold);
    find_clusters(paragraph.chars, paragraph.count);
    find_scripts(paragraph.chars, paragraph.count);
    find_breaks(paragraph.chars, paragraph.count);
    paragraph.codes = calloc(paragraph.count + 1, sizeof(*paragraph.codes));
    CHECK(paragraph.codes != NULL);
    for (size_t i = 0; i < paragraph.count; i++) {
        paragraph.codes[i] = paragraph.chars[i].code;
    }
    find_fonts(fonts, &paragraph, style);
    return paragraph;
}

void paragraph_free(struct paragraph *paragraph)
{
    if (paragraph->codes != NULL) /* may be what somebody typed */
        explicit_bzero(paragraph->codes, paragraph->count * sizeof(*paragraph->codes));
    if (paragraph->chars != NULL)
        explicit_bzero(paragraph->chars, paragraph->count * sizeof(*paragraph->chars));
    free(paragraph->chars);
    free(paragraph->codes);
    *paragraph = (struct paragraph){0};
}

size_t text_decode(const char *text, size_t length, uint32_t *code)
{
    const uint8_t first = (uint8_t)text[0];
    if (first < 0x80) {
        *code = first;
        return 1;
    }
    const size_t more = first >= 0xf0 && first <= 0xf4 ? 3 : first >= 0xe0 ? 2 : 1;
    static const uint32_t LEAST[4] = {0, 0x80, 0x800, 0x10000};
    *code = 0xfffd;
    if (first < 0xc2 || first > 0xf4) {
        return 1;
    }
    uint32_t value = first & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if (i >= length || ((uint8_t)text[i] & 0xc0) != 0x80) {
            return i;
        }
        value = value << 6 | ((uint8_t)text[i] & 0x3f);
    }
    if (value >= LEAST[more] && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff)) {
        *code = value;
    }
    return more + 1;
}

static size_t decode_all(const char *text, size_t length, struct text_char *chars)
{
    size_t count = 0;
    for (size_t at = 0; at < length; count++) {
        chars[count].byte = at;
        at += text_decode(text + at, length - at, &chars[count].code);
        if (chars[count].code == '\t' || chars[count].code == '\r') {
            chars[count].code = ' ';
        }
    }
    return count;
}

/* Gives every character its embedding level; true when the paragraph runs right to left. */
static bool find_levels(struct text_char *chars, size_t count, const struct text_style *style)
{
    FriBidiParType base = FRIBIDI_PAR_LTR;
    if (style->direction == TEXT_RTL ||
        (style->direction == TEXT_BY_LANGUAGE && text_language_is_rtl(style->language))) {
        base = FRIBIDI_PAR_RTL;
    } else if (style->direction == TEXT_BY_CONTENT) {
        base = text_language_is_rtl(style->language) ? FRIBIDI_PAR_WRTL : FRIBIDI_PAR_WLTR;
    }
    if (count == 0) {
        return base == FRIBIDI_PAR_RTL || base == FRIBIDI_PAR_WRTL;
    }
    FriBidiChar *codes = calloc(count, sizeof(*codes));
    FriBidiCharType *types = calloc(count, sizeof(*types));
    FriBidiBracketType *brackets = calloc(count, sizeof(*brackets));
    FriBidiLevel *levels = calloc(count, sizeof(*levels));
    CHECK(codes != NULL && types != NULL && brackets != NULL && levels != NULL);
    for (size_t i = 0; i < count; i++) {
        codes[i] = chars[i].code;
    }
    const FriBidiStrIndex length = (FriBidiStrIndex)count;
    fribidi_get_bidi_types(codes, length, types);
    fribidi_get_bracket_types(codes, length, types, brackets);
    CHECK(fribidi_get_par_embedding_levels_ex(types, brackets, length, &base, levels) != 0);
    for (size_t i = 0; i < count; i++) {
        chars[i].level = (uint8_t)levels[i];
    }
    explicit_bzero(codes, (size_t)length * sizeof(*codes));
    free(codes);
    free(types);
    free(brackets);
    free(levels);
    return FRIBIDI_IS_RTL(base);
}

/* Marks that only steer: isolates, embeddings, overrides, LRM, RLM, ALM. Joiners stay: shaping
 * needs them. */
static bool is_bidi_control(uint32_t code)
{
    return (code >= 0x2066 && code <= 0x2069) || (code >= 0x202a && code <= 0x202e) ||
           code == 0x200e || code == 0x200f || code == 0x61c;
}

static size_t drop_controls(struct text_char *chars, size_t count, const struct text_style *style,
                            bool *bold)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t code = chars[i].code;
        if (code == EMPHASIS_START || code == EMPHASIS_END) {
            *bold = code == EMPHASIS_START;
        } else if (!is_bidi_control(code) && code >= 0x20) {
            chars[kept] = chars[i];
            chars[kept].bold = *bold || style->weight == TEXT_BOLD;
            chars[kept].is_space = code == ' ' || code == 0x200b || code == 0x3000;
            kept++;
        }
    }
    return kept;
}

/* UAX 29's extended grapheme clusters as far as our scripts need: marks, joiners, and conjuncts
 * (GB9c). */
static void find_clusters(struct text_char *chars, size_t count)
{
    hb_unicode_funcs_t *unicode = hb_unicode_funcs_get_default();
    bool after_virama = false, after_joiner = false;
    for (size_t i = 0; i < count; i++) {
        const uint32_t code = chars[i].code;
        const hb_unicode_general_category_t category = hb_unicode_general_category(unicode, code);
        const bool joiner = code == 0x200c || code == 0x200d;
        const bool extends = joiner || category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
                             category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK ||
                             category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK ||
                             (code >= 0xfe00 && code <= 0xfe0f);
        const bool conjunct = after_virama && category == HB_UNICODE_GENERAL_CATEGORY_OTHER_LETTER;
        chars[i].starts_cluster = i == 0 || (!extends && !conjunct && !after_joiner);
        const bool virama =
            hb_unicode_combining_class(unicode, code) == HB_UNICODE_COMBINING_CLASS_VIRAMA;
        after_virama = virama || (after_virama && code == 0x200d);
        after_joiner = code == 0x200d && !after_virama && !extends;
    }
}

static bool is_own_script(hb_script_t script)
{
    return script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED &&
           script != HB_SCRIPT_UNKNOWN;
}

/* '(' and the like, by the pairs our texts use; 0: none. */
static uint32_t closing_of(uint32_t code)
{
    switch (code) {
    case '(': return ')';
    case '[': return ']';
    case '{': return '}';
    case 0xab: return 0xbb;
    case 0x2018: return 0x2019;
    case 0x201c: return 0x201d;
    default: return 0;
    }
}

/* Common characters take the script before them (at the start, the one after), a closing bracket
 * that of its opening one. European digits count as Latin: the same figures in every language, as
 * on the ticket. */
static void find_scripts(struct text_char *chars, size_t count)
{
    hb_unicode_funcs_t *unicode = hb_unicode_funcs_get_default();
    struct {
        uint32_t closing;
        hb_script_t script;
    } open[BRACKETS_MAX];
    size_t depth = 0, leading = 0;
    hb_script_t current = HB_SCRIPT_COMMON;
    for (size_t i = 0; i < count; i++) {
        const uint32_t code = chars[i].code;
        hb_script_t script = hb_unicode_script(unicode, code);
        if (code >= '0' && code <= '9') {
            script = HB_SCRIPT_LATIN;
        }
        for (size_t d = depth; d > 0; d--) {
            if (open[d - 1].closing == code && is_own_script(open[d - 1].script)) {
                script = open[d - 1].script;
                depth = d - 1;
                break;
            }
        }
        if (is_own_script(script)) {
            for (; !is_own_script(current) && leading < i; leading++) {
                chars[leading].script = script;
            }
            for (size_t d = 0; d < depth; d++) {
                open[d].script = is_own_script(open[d].script) ? open[d].script : script;
            }
            current = script;
        }
        chars[i].script = current;
        if (closing_of(code) != 0 && depth < BRACKETS_MAX) {
            open[depth].closing = closing_of(code);
            open[depth++].script = current;
        }
    }
    for (size_t i = 0; i < count && !is_own_script(current); i++) {
        chars[i].script = HB_SCRIPT_LATIN;
    }
    /* Nastaliq's space is drawn for its overlapping words: a number would stick to the word before
     * it. */
    for (size_t i = 0; i + 1 < count; i++) {
        if (chars[i].code == ' ' && chars[i].script == HB_SCRIPT_ARABIC &&
            chars[i + 1].script == HB_SCRIPT_LATIN) {
            chars[i].script = HB_SCRIPT_LATIN;
        }
    }
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

/* May a line end after `at`? Spaces (not the no-break ones), zero-width space, hyphens and dashes
 * inside words (not within numbers, nor before a number as a minus), a slash before a letter. */
static bool may_end_after(const struct text_char *chars, size_t count, size_t at)
{
    const uint32_t code = chars[at].code;
    const uint32_t before = at > 0 ? chars[at - 1].code : ' ';
    const uint32_t after = at + 1 < count ? chars[at + 1].code : ' ';
    switch (code) {
    case ' ':
    case 0x200b:
    case 0x3000: return true;
    case '-':
    case 0x2010:
    case EN_DASH:
    case 0x2014: return before != ' ' && !is_digit(after);
    case '/': return !is_digit(after) && !is_digit(before);
    default: return false;
    }
}

static void find_breaks(struct text_char *chars, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        chars[i].break_before =
            chars[i].starts_cluster && !chars[i].is_space && may_end_after(chars, count, i - 1);
    }
}

/* Cluster by cluster; common characters follow their script's font where it has them, so that runs
 * stay long. */
static void find_fonts(struct fonts *fonts, struct paragraph *paragraph,
                       const struct text_style *style)
{
    for (size_t start = 0; start < paragraph->count;) {
        size_t end = start + 1;
        while (end < paragraph->count && !paragraph->chars[end].starts_cluster) {
            end++;
        }
        struct text_char *first = &paragraph->chars[start];
        bool missing;
        const font_id font = fonts_pick(fonts, paragraph->codes + start, end - start, first->script,
                                        style, first->bold ? TEXT_BOLD : TEXT_REGULAR, &missing);
        paragraph->missing += missing;
        for (size_t i = start; i < end; i++) {
            paragraph->chars[i].font = font;
            paragraph->chars[i].bold = first->bold;
            paragraph->chars[i].script = first->script;
            paragraph->chars[i].level = first->level;
        }
        start = end;
    }
}
