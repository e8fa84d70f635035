/* One paragraph taken apart: characters with their bidi level, script, font and weight, and where a
 * line may break. Private to the text files. */
#ifndef QUARTER_SCREEN_TEXT_RUNS_H
#define QUARTER_SCREEN_TEXT_RUNS_H

#include "display/screen/text_fonts.h"

enum { TEXT_BYTES_MAX = 4096 }; /* of a text; what is beyond is cut, and told as not fitting */

struct text_char {
    uint32_t code;
    size_t byte; /* where it starts in the paragraph's UTF-8 */
    hb_script_t script;
    uint8_t level;
    font_id font;
    bool bold;
    bool starts_cluster; /* of the grapheme: a line may be cut before it in need */
    bool break_before;   /* a line may end before it */
    bool is_space;       /* not drawn at a line's end */
};

struct paragraph {
    size_t count;
    struct text_char *chars; /* without isolates, bidi marks and emphasis marks */
    uint32_t *codes;         /* the same characters, as HarfBuzz takes them */
    bool rtl;
    int missing;
};

/* text: UTF-8 of length bytes; what is malformed becomes U+FFFD. bold carries emphasis from one
 * paragraph to the next.
 */
struct paragraph paragraph_analyse(struct fonts *fonts, const char *text, size_t length,
                                   const struct text_style *style, bool *bold);
void paragraph_free(struct paragraph *paragraph);

/* Decodes one character of text[0..length), length > 0; returns the bytes it took. */
size_t text_decode(const char *text, size_t length, uint32_t *code);

#endif
