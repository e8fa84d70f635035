/* Base 32, as it is shown and as it is typed. */
#include "people/base32.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void base32_write(const unsigned char *bytes, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value = 0;
        for (size_t bit = i * 5; bit < i * 5 + 5; bit++)
            value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1U);
        text[i] = letters[value];
    }
    text[count] = '\0';
}

static char as_shown(char typed)
{
    if (typed >= 'a' && typed <= 'z')
        return (char)(typed - 'a' + 'A');
    if (typed == '0')
        return 'O';
    if (typed == '1')
        return 'I';
    return typed == '8' ? 'B' : typed;
}

bool base32_read_typed(const char *typed, size_t count, char *text)
{
    size_t used = 0;
    for (; *typed != '\0'; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        char letter = as_shown(*typed);
        if (used == count || !strchr(letters, letter))
            return false;
        text[used++] = letter;
    }
    if (used != count)
        return false;
    text[count] = '\0';
    return true;
}
