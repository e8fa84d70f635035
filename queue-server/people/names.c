/* Names, as they are compared and as they are shown. */
#include "people/names.h"

#include <string.h>

#include "people/unicode.h"

enum { LETTERS_MAX = 64 };

static bool is_name_letter(uint32_t point, bool is_first)
{
    enum unicode_kind kind = unicode_kind(point);
    if (kind == UNICODE_LETTER || kind == UNICODE_DIGIT)
        return true;
    return !is_first && (point == '.' || point == '-' || point == '_' || point == '@');
}

bool name_prepare(const char *typed, char name[PEOPLE_NAME_BYTES + 1])
{
    struct unicode_text text;
    if (strlen(typed) > PEOPLE_NAME_BYTES || !unicode_read(typed, &text))
        return false;
    unicode_lower(&text);
    if (!unicode_compose(&text) || text.count < 2 || text.count > LETTERS_MAX)
        return false;
    for (size_t i = 0; i < text.count; i++)
        if (!is_name_letter(text.points[i], i == 0))
            return false;
    return unicode_write(&text, name, PEOPLE_NAME_BYTES + 1);
}

static bool may_be_shown(uint32_t point)
{
    enum { ZERO_WIDTH_NON_JOINER = 0x200c, ZERO_WIDTH_JOINER = 0x200d };
    enum unicode_kind kind = unicode_kind(point);
    if (kind == UNICODE_FORMAT)
        return point == ZERO_WIDTH_NON_JOINER || point == ZERO_WIDTH_JOINER;
    return kind != UNICODE_CONTROL;
}

static void trim(struct unicode_text *text)
{
    while (text->count > 0 && unicode_kind(text->points[text->count - 1]) == UNICODE_SPACE)
        text->count--;
    size_t spaces = 0;
    while (spaces < text->count && unicode_kind(text->points[spaces]) == UNICODE_SPACE)
        spaces++;
    text->count -= spaces;
    memmove(text->points, text->points + spaces, text->count * sizeof text->points[0]);
}

bool name_prepare_display(const char *typed, char display[PEOPLE_NAME_BYTES + 1])
{
    struct unicode_text text;
    if (strlen(typed) > 2 * (size_t)PEOPLE_NAME_BYTES || !unicode_read(typed, &text) ||
        !unicode_compose(&text))
        return false;
    trim(&text);
    if (text.count < 1 || text.count > LETTERS_MAX)
        return false;
    for (size_t i = 0; i < text.count; i++)
        if (!may_be_shown(text.points[i]))
            return false;
    return unicode_write(&text, display, PEOPLE_NAME_BYTES + 1);
}

static const char code_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

bool name_is_code(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= QUARTER_CODE_MAX && strspn(text, code_letters) == length;
}

bool name_is_language(const char *text)
{
    size_t length = strlen(text);
    return length <= PEOPLE_LANGUAGE_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               length;
}
