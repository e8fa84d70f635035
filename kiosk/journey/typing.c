/* The text typed on the on-screen keyboard or by a scanner: UTF-8, bounded in letters and bytes. */
#include <string.h>

#include "journey/turn.h"

static int letters_of(const char *text)
{
    int letters = 0;
    for (; *text != '\0'; text++)
        letters += ((unsigned char)*text & 0xc0) != 0x80;
    return letters;
}

static void drop_last(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && ((unsigned char)text[length - 1] & 0xc0) == 0x80)
        text[--length] = '\0';
    if (length > 0)
        text[length - 1] = '\0';
}

/* RFC 3629. Returns how many bytes; 0: no character one types. */
static int encode(int point, char out[static 4])
{
    if (point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0xd800 && point < 0xe000) ||
        point > 0x10ffff)
        return 0;
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    int bytes = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const int lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (int i = bytes - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3f));
    out[0] = (char)(lead[bytes] | point);
    return bytes;
}

static bool append(struct journey *j, int point, int most, bool digits_only)
{
    char bytes[4];
    int count = encode(point, bytes);
    size_t length = strlen(j->typed);
    bool digit = point >= '0' && point <= '9';
    bool second_space =
        point == JOURNEY_SPACE && (length == 0 || j->typed[length - 1] == JOURNEY_SPACE);
    if (count == 0 || second_space || (digits_only && !digit) || letters_of(j->typed) >= most ||
        length + (size_t)count >= sizeof j->typed)
        return false;
    memcpy(j->typed + length, bytes, (size_t)count);
    j->typed[length + (size_t)count] = '\0';
    return true;
}

void turn_type(struct turn *t, int most, bool digits_only)
{
    if (turn_touched(t, ACTION_CLEAR))
        memset(t->j->typed, 0, sizeof t->j->typed);
    else if (turn_touched(t, ACTION_TYPE) && t->in->item == JOURNEY_BACKSPACE)
        drop_last(t->j->typed);
    else if (turn_touched(t, ACTION_TYPE))
        (void)append(t->j, t->in->item, most, digits_only);
}

/* Of "CT 1234-5678" a number takes 12345678. */
bool turn_type_scan(struct turn *t, int most, bool digits_only)
{
    struct journey scanned = *t->j;
    bool taken = true;
    memset(scanned.typed, 0, sizeof scanned.typed);
    for (const char *at = t->in->text; *at != '\0'; at++) {
        bool digit = *at >= '0' && *at <= '9';
        if (digits_only && !digit)
            continue;
        taken = taken && (unsigned char)*at < 0x7f && append(&scanned, *at, most, digits_only);
    }
    taken = taken && scanned.typed[0] != '\0';
    if (taken)
        memcpy(t->j->typed, scanned.typed, sizeof t->j->typed);
    explicit_bzero(&scanned, sizeof scanned);
    return taken;
}
