/* Bursts of a barcode scanner; see scanner.h. */
#include "input/scanner.h"

#include <linux/input-event-codes.h>
#include <stddef.h>

enum { UNPRINTABLE = -1, HARMLESS = 0 };

enum {
    HELD_LEFT_SHIFT = 1 << 0,
    HELD_RIGHT_SHIFT = 1 << 1,
    HELD_SHIFT = HELD_LEFT_SHIFT | HELD_RIGHT_SHIFT,
    HELD_LEFT_CTRL = 1 << 2,
    HELD_RIGHT_CTRL = 1 << 3,
    HELD_LEFT_ALT = 1 << 4,
    HELD_RIGHT_ALT = 1 << 5,
    HELD_LEFT_META = 1 << 6,
    HELD_RIGHT_META = 1 << 7,
};

/* What a key types on the US layout, without shift and with it. */
static const char typed[][2] = {
    [KEY_1] = "1!",
    [KEY_2] = "2@",
    [KEY_3] = "3#",
    [KEY_4] = "4$",
    [KEY_5] = "5%",
    [KEY_6] = "6^",
    [KEY_7] = "7&",
    [KEY_8] = "8*",
    [KEY_9] = "9(",
    [KEY_0] = "0)",
    [KEY_MINUS] = "-_",
    [KEY_EQUAL] = "=+",
    [KEY_Q] = "qQ",
    [KEY_W] = "wW",
    [KEY_E] = "eE",
    [KEY_R] = "rR",
    [KEY_T] = "tT",
    [KEY_Y] = "yY",
    [KEY_U] = "uU",
    [KEY_I] = "iI",
    [KEY_O] = "oO",
    [KEY_P] = "pP",
    [KEY_LEFTBRACE] = "[{",
    [KEY_RIGHTBRACE] = "]}",
    [KEY_A] = "aA",
    [KEY_S] = "sS",
    [KEY_D] = "dD",
    [KEY_F] = "fF",
    [KEY_G] = "gG",
    [KEY_H] = "hH",
    [KEY_J] = "jJ",
    [KEY_K] = "kK",
    [KEY_L] = "lL",
    [KEY_SEMICOLON] = ";:",
    [KEY_APOSTROPHE] = {'\'', '"'},
    [KEY_GRAVE] = "`~",
    [KEY_BACKSLASH] = "\\|",
    [KEY_Z] = "zZ",
    [KEY_X] = "xX",
    [KEY_C] = "cC",
    [KEY_V] = "vV",
    [KEY_B] = "bB",
    [KEY_N] = "nN",
    [KEY_M] = "mM",
    [KEY_COMMA] = ",<",
    [KEY_DOT] = ".>",
    [KEY_SLASH] = "/?",
    [KEY_SPACE] = "  ",
    [KEY_KPASTERISK] = "**",
    [KEY_KP7] = "77",
    [KEY_KP8] = "88",
    [KEY_KP9] = "99",
    [KEY_KPMINUS] = "--",
    [KEY_KP4] = "44",
    [KEY_KP5] = "55",
    [KEY_KP6] = "66",
    [KEY_KPPLUS] = "++",
    [KEY_KP1] = "11",
    [KEY_KP2] = "22",
    [KEY_KP3] = "33",
    [KEY_KP0] = "00",
    [KEY_KPDOT] = "..",
    [KEY_KPSLASH] = "//",
};

static unsigned modifier_of(uint16_t code)
{
    switch (code) {
    case KEY_LEFTSHIFT: return HELD_LEFT_SHIFT;
    case KEY_RIGHTSHIFT: return HELD_RIGHT_SHIFT;
    case KEY_LEFTCTRL: return HELD_LEFT_CTRL;
    case KEY_RIGHTCTRL: return HELD_RIGHT_CTRL;
    case KEY_LEFTALT: return HELD_LEFT_ALT;
    case KEY_RIGHTALT: return HELD_RIGHT_ALT;
    case KEY_LEFTMETA: return HELD_LEFT_META;
    case KEY_RIGHTMETA: return HELD_RIGHT_META;
    default: return 0;
    }
}

static int letter_of(const struct scanner *scanner, uint16_t code)
{
    if (code == KEY_NUMLOCK || code == KEY_CAPSLOCK) /* some set the keyboard up before they type */
        return HARMLESS;
    if ((scanner->held & ~(unsigned)HELD_SHIFT) != 0 || code >= sizeof typed / sizeof typed[0])
        return UNPRINTABLE;
    char letter = typed[code][(scanner->held & HELD_SHIFT) != 0];
    return letter != '\0' ? letter : UNPRINTABLE;
}

/* Told the first time only. */
static enum scanner_result spoil(struct scanner *scanner)
{
    bool first = scanner->state != SCANNER_SPOILED;
    scanner->state = SCANNER_SPOILED;
    scanner->length = 0;
    return first ? SCANNER_UNREADABLE : SCANNER_NOTHING;
}

static enum scanner_result end_burst(struct scanner *scanner, bool in_time)
{
    enum scanner_result result = SCANNER_NOTHING;
    if (scanner->state == SCANNER_READING)
        result = in_time ? SCANNER_TEXT : SCANNER_UNREADABLE;
    scanner->text[scanner->length] = '\0';
    scanner->length = 0;
    scanner->state = SCANNER_IDLE;
    return result;
}

static enum scanner_result take_letter(struct scanner *scanner, int letter)
{
    if (scanner->state == SCANNER_SPOILED || letter == HARMLESS)
        return SCANNER_NOTHING;
    if (letter == UNPRINTABLE || scanner->length == SCANNER_TEXT_MAX)
        return spoil(scanner);
    scanner->state = SCANNER_READING;
    scanner->text[scanner->length++] = (char)letter;
    return SCANNER_NOTHING;
}

enum scanner_result scanner_feed(struct scanner *scanner, uint16_t code, int32_t value,
                                 int64_t at_ms)
{
    unsigned modifier = modifier_of(code);
    if (modifier != 0) {
        scanner->held = value != 0 ? scanner->held | modifier : scanner->held & ~modifier;
        return SCANNER_NOTHING;
    }
    if (value != 1)
        return SCANNER_NOTHING;
    enum scanner_result before = scanner_tick(scanner, at_ms);
    bool in_time = scanner->state == SCANNER_IDLE || at_ms - scanner->last_ms <= SCANNER_GAP_MS;
    scanner->last_ms = at_ms;
    enum scanner_result now;
    if (code == KEY_ENTER || code == KEY_KPENTER)
        now = end_burst(scanner, in_time);
    else
        now = in_time ? take_letter(scanner, letter_of(scanner, code)) : spoil(scanner);
    return now != SCANNER_NOTHING ? now : before;
}

enum scanner_result scanner_tick(struct scanner *scanner, int64_t now_ms)
{
    return now_ms >= scanner_due_ms(scanner) ? end_burst(scanner, false) : SCANNER_NOTHING;
}

int64_t scanner_due_ms(const struct scanner *scanner)
{
    return scanner->state == SCANNER_IDLE ? INT64_MAX : scanner->last_ms + SCANNER_SILENCE_MS + 1;
}

enum scanner_result scanner_lose(struct scanner *scanner)
{
    scanner->held = 0;
    return scanner->state == SCANNER_READING ? spoil(scanner) : SCANNER_NOTHING;
}
