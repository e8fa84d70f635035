/* See letters.h. The scripts of India lie in blocks of 128 in the same order (that of ISCII), so one rule does for all
 * of them: Devanagari from 0900, Bengali 0980, Gurmukhi 0A00, Gujarati 0A80. */
#include "view/letters.h"

#include <string.h>

enum { BLOCK = 0x80, INDIC_FIRST = 0x900, INDIC_END = 0xb00 };
enum { CANDRABINDU = 0x01, ANUSVARA = 0x02, NUKTA = 0x3c, VIRAMA = 0x4d };

const char *letters_next(const char *text, uint32_t *letter)
{
    const unsigned char *at = (const unsigned char *)text;
    if (*at < 0x80) {
        *letter = *at;
        return *at == '\0' ? text : text + 1;
    }
    int more = *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc2 ? 1 : 0;
    uint32_t value = *at & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80) { /* also at the end of the text */
            more = 0;
            break;
        }
        value = value << 6 | (at[i] & 0x3fu);
    }
    *letter = more == 0 ? 0xfffd : value;
    return text + 1 + more;
}

uint32_t letters_last(const char *text)
{
    uint32_t last = 0;
    while (*text != '\0')
        text = letters_next(text, &last);
    return last;
}

size_t letters_write(uint32_t letter, char out[LETTERS_UTF8_MAX])
{
    if (letter < 0x80) {
        out[0] = (char)letter;
        return 1;
    }
    size_t more = letter >= 0x10000 ? 3 : letter >= 0x800 ? 2 : 1;
    static const unsigned lead[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[more] | letter >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (letter >> 6 * (more - i) & 0x3f));
    return more + 1;
}

static bool is_indic(uint32_t letter)
{
    return letter >= INDIC_FIRST && letter < INDIC_END;
}

bool letters_is_consonant(uint32_t letter)
{
    uint32_t place = letter % BLOCK;
    if (!is_indic(letter))
        return false;
    return (place >= 0x15 && place <= 0x39) || (place >= 0x58 && place <= 0x5f) || place == NUKTA;
}

bool letters_joins(uint32_t letter)
{
    uint32_t place = letter % BLOCK;
    if (!is_indic(letter))
        return false;
    bool signs = place <= 0x03 || place == NUKTA || (place >= 0x3e && place <= VIRAMA);
    bool gurmukhi = letter == 0x0a70 || letter == 0x0a71;
    return signs || gurmukhi;
}

/* Letters with a dot below are the letter without it; long and short vowels one. */
static uint32_t fold_indic(uint32_t letter)
{
    static const uint32_t dotted[][2] = {
        {0x958, 0x915}, {0x959, 0x916}, {0x95a, 0x917}, {0x95b, 0x91c}, {0x95c, 0x921},
        {0x95d, 0x922}, {0x95e, 0x92b}, {0x95f, 0x92f}, {0x9dc, 0x9a1}, {0x9dd, 0x9a2},
        {0x9df, 0x9af}, {0xa33, 0xa32}, {0xa36, 0xa38}, {0xa59, 0xa16}, {0xa5a, 0xa17},
        {0xa5b, 0xa1c}, {0xa5e, 0xa2b}, {0xa70, 0xa02}, {0x9ce, 0x9a4}};
    for (size_t i = 0; i < sizeof dotted / sizeof dotted[0]; i++)
        if (dotted[i][0] == letter)
            return dotted[i][1];
    switch (letter % BLOCK) {
    case NUKTA:
    case VIRAMA: return 0;
    case CANDRABINDU: /* the anusvara is behind it; */
    case 0x07:        /* long i and u behind the short ones, their signs likewise */
    case 0x09:
    case 0x3f:
    case 0x41: return letter + 1;
    case 0x64: /* full stops */
    case 0x65: return ' ';
    default: return letter == 0xa71 ? 0 : letter;
    }
}

static uint32_t fold_arabic(uint32_t letter)
{
    static const uint32_t alike[][2] = {
        {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627}, {0x624, 0x648},
        {0x626, 0x6cc}, {0x649, 0x6cc}, {0x64a, 0x6cc}, {0x6d2, 0x6cc}, {0x6d3, 0x6cc},
        {0x643, 0x6a9}, {0x629, 0x647}, {0x6c1, 0x647}, {0x6be, 0x647}, {0x6c2, 0x647},
        {0x6c3, 0x647}, {0x6ba, 0x646}, {0x621, 0},     {0x640, 0},     {0x670, 0}};
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
        if (alike[i][0] == letter)
            return alike[i][1];
    bool vowel_mark = letter >= 0x64b && letter <= 0x65f;
    bool stop = letter == 0x60c || letter == 0x61b || letter == 0x61f || letter == 0x6d4;
    return vowel_mark ? 0 : stop ? ' ' : letter;
}

/* U+00C0 to U+017F without their accents; '.' for what is no letter or has none. */
static uint32_t fold_latin(uint32_t letter)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"
                                "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                                "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    char base = plain[letter - 0xc0];
    return base == '.' ? ' ' : (uint32_t)base;
}

static uint32_t fold_ascii(uint32_t letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A' + 'a';
    if (letter == '\'') /* children's: childrens */
        return 0;
    bool kept = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    return kept ? letter : ' ';
}

uint32_t letters_fold(uint32_t letter)
{
    if (letter < 0x80)
        return fold_ascii(letter);
    if (letter >= 0xc0 && letter < 0x180)
        return fold_latin(letter);
    if (letter < 0xc0)
        return ' ';
    if (letter >= 0x600 && letter < 0x700)
        return fold_arabic(letter);
    if (is_indic(letter))
        return fold_indic(letter);
    if (letter == 0x2019 || letter == 0xfeff || (letter >= 0x300 && letter < 0x370) ||
        (letter >= 0x200b && letter <= 0x200f) || (letter >= 0x2066 && letter <= 0x2069))
        return 0; /* an apostrophe, accents that join, marks that are not seen */
    return letter >= 0x2000 && letter < 0x2070 ? ' ' : letter;
}
