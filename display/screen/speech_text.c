/* From what is shown to what is said: pure. */
#include <string.h>

#include "display/screen/speech.h"

const char *speech_voice(const char *language, bool *stand_in)
{
    static const struct {
        const char *language, *voice;
        bool stand_in;
    } voices[] = {
        {"en", "en-gb", false},
        /* eSpeak NG 1.51 has no Somali. Oromo is its nearest relative there: a Cushitic language too, written in Latin
         * letters with long vowels doubled and the same x, dh and c. */
        {"so", "om", true},
    };
    for (size_t i = 0; i < sizeof voices / sizeof voices[0]; i++) {
        if (strcmp(language, voices[i].language) != 0)
            continue;
        if (stand_in != NULL)
            *stand_in = voices[i].stand_in;
        return voices[i].voice;
    }
    if (stand_in != NULL)
        *stand_in = false;
    return language;
}

/* Bytes of something that is seen but not said, at text; 0: none. */
static size_t unsaid_at(const char *text)
{
    static const char *const unsaid[] = {
        "\x02",         "\x03",                                         /* emphasis */
        "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", /* isolates */
        "\xe2\x80\x8e", "\xe2\x80\x8f",                                 /* direction marks */
        "\xe2\x80\xa2",                                                 /* a bullet */
        "\xc2\xad",                                                     /* soft hyphen */
    };
    for (size_t i = 0; i < sizeof unsaid / sizeof unsaid[0]; i++)
        if (strncmp(text, unsaid[i], strlen(unsaid[i])) == 0)
            return strlen(unsaid[i]);
    return 0;
}

static size_t space_at(const char *text)
{
    if (strncmp(text, "\xc2\xa0", 2) == 0) /* no-break space */
        return 2;
    return *text == ' ' || *text == '\t' || *text == '\n' || *text == '\r' ? 1 : 0;
}

static size_t character_at(const char *text)
{
    size_t length = 1;
    while (((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

static bool is_word_start(const char *out, size_t at)
{
    return at == 0 || strchr(" ,.:;()", out[at - 1]) != NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "A 17": the article, to a voice. As "A17" it is the letter. */
static bool parts_a_number(const char *out, size_t at, const char *text)
{
    size_t letters = 0;
    while (letters < at && letters < 2 && out[at - 1 - letters] >= 'A' &&
           out[at - 1 - letters] <= 'Z')
        letters++;
    return letters > 0 && is_word_start(out, at - letters) && is_digit(text[0]) &&
           is_digit(text[1]);
}

size_t speech_plain(const char *text, char *out, size_t size)
{
    size_t at = 0;
    bool space = false;
    while (*text != '\0') {
        size_t skipped = unsaid_at(text);
        if (skipped > 0) {
            text += skipped;
            continue;
        }
        skipped = space_at(text);
        if (skipped > 0) {
            space = at > 0;
            text += skipped;
            continue;
        }
        space = space && !parts_a_number(out, at, text);
        size_t length = character_at(text);
        if (at + space + length + 1 > size)
            break;
        if (space)
            out[at++] = ' ';
        memcpy(out + at, text, length);
        at += length;
        text += length;
        space = false;
    }
    out[at] = '\0';
    return at;
}
