/* One table: a row a token, a column a theme. Contrast is not hoped for: test_screen.c measures
 * every pair in use. */
#include "display/screen/theme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { THEMES = 3 };

static const uint32_t TABLE[TOKEN_COUNT][THEMES] = {
    /*                      light     dark      contrast */
    [TOKEN_NONE] = {0x000000, 0x000000, 0x000000},
    [TOKEN_INK] = {0x14213d, 0xf5f7fb, 0xffffff},
    [TOKEN_SOFT] = {0x4a5670, 0xc9d4e6, 0xffffff},
    [TOKEN_FAINT] = {0x5c6880, 0x8fa0bd, 0xffffff},
    [TOKEN_PAPER] = {0xf4f6f9, 0x0e1726, 0x000000},
    [TOKEN_CARD] = {0xffffff, 0x16233a, 0x000000},
    [TOKEN_LINE] = {0xd3dae6, 0x2a3b58, 0xffffff},
    [TOKEN_LINE_STRONG] = {0x7686a0, 0x6d84a8, 0xffffff},
    [TOKEN_BRAND] = {0x0b4f6c, 0x9fd3e0, 0xffdd00},
    [TOKEN_ON_BRAND] = {0xffffff, 0x0e1726, 0x000000},
    [TOKEN_TINT] = {0xe3eff3, 0x17384a, 0x000000},
    [TOKEN_NOW] = {0xffd166, 0xffd166, 0xffdd00},
    [TOKEN_ON_NOW] = {0x14213d, 0x14213d, 0x000000},
    [TOKEN_OK] = {0x0e7a3b, 0x6fd59a, 0xffffff},
    [TOKEN_AMBER] = {0xa65700, 0xffc078, 0xffdd00},
    [TOKEN_RED] = {0xb3261e, 0xffb4a8, 0xffdd00},
    [TOKEN_BLACK] = {0x000000, 0x000000, 0x000000},
    [TOKEN_WHITE] = {0xffffff, 0xffffff, 0xffffff},
};

static struct colour colour_of(uint32_t rgb);
static struct colour colour_mix(struct colour from, struct colour to, int percent);
static void theme_apply_brand(struct theme *theme, struct colour brand);

void theme_init(struct theme *theme, enum theme_kind kind, const char *brand)
{
    theme->kind = kind;
    for (int i = 0; i < TOKEN_COUNT; i++) {
        theme->colours[i] = colour_of(TABLE[i][kind]);
    }
    theme->colours[TOKEN_NONE].a = 0;
    struct colour own;
    if (brand != NULL && kind != THEME_CONTRAST && colour_from_hex(brand, &own)) {
        const struct colour house = colour_of(TABLE[TOKEN_BRAND][THEME_LIGHT]);
        if (memcmp(&own, &house, sizeof(own)) != 0) {
            theme_apply_brand(theme, own);
        }
    }
}

struct colour theme_colour(const struct theme *theme, enum token token)
{
    CHECK(token >= TOKEN_NONE && token < TOKEN_COUNT);
    return theme->colours[token];
}

bool theme_kind_from_name(const char *name, enum theme_kind *kind)
{
    for (int i = 0; i < THEMES; i++) {
        if (strcmp(name, theme_kind_name((enum theme_kind)i)) == 0) {
            *kind = (enum theme_kind)i;
            return true;
        }
    }
    return false;
}

const char *theme_kind_name(enum theme_kind kind)
{
    static const char *const NAMES[THEMES] = {"light", "dark", "contrast"};
    return NAMES[kind];
}

bool colour_from_hex(const char *hex, struct colour *colour)
{
    if (hex[0] != '#' || strlen(hex) != 7 || strspn(hex + 1, "0123456789abcdefABCDEF") != 6) {
        return false;
    }
    *colour = colour_of((uint32_t)strtoul(hex + 1, NULL, 16));
    return true;
}

/* Relative luminance as WCAG 2.2 defines it. */
static double luminance(struct colour colour)
{
    const double channels[3] = {colour.r / 255.0, colour.g / 255.0, colour.b / 255.0};
    static const double WEIGHTS[3] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const double c = channels[i];
        sum += WEIGHTS[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double colour_contrast(struct colour a, struct colour b)
{
    const double la = luminance(a), lb = luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static struct colour colour_of(uint32_t rgb)
{
    return (struct colour){(uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 255};
}

static struct colour colour_mix(struct colour from, struct colour to, int percent)
{
    return (struct colour){(uint8_t)(from.r + (to.r - from.r) * percent / 100),
                           (uint8_t)(from.g + (to.g - from.g) * percent / 100),
                           (uint8_t)(from.b + (to.b - from.b) * percent / 100), 255};
}

/* As strong a tint of the brand as leaves every text colour readable on it. */
static struct colour tint_of(const struct theme *theme, struct colour brand)
{
    static const enum token TEXTS[] = {TOKEN_INK, TOKEN_SOFT, TOKEN_FAINT, TOKEN_OK, TOKEN_RED};
    const struct colour card = theme->colours[TOKEN_CARD];
    struct colour tint = card;
    for (int percent = theme->kind == THEME_DARK ? 22 : 11; percent > 0; percent--) {
        tint = colour_mix(card, brand, percent);
        bool reads = true;
        for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
            reads &= colour_contrast(theme->colours[TEXTS[i]], tint) >= 4.5;
        }
        if (reads) {
            break;
        }
    }
    return tint;
}

/* Moves the brand towards black or white in steps of 4 % until it reads on paper, card and its own
 * tint. */
static void theme_apply_brand(struct theme *theme, struct colour brand)
{
    const bool dark = theme->kind == THEME_DARK;
    const struct colour towards = colour_of(dark ? 0xffffff : 0x000000);
    const struct colour card = theme->colours[TOKEN_CARD], paper = theme->colours[TOKEN_PAPER];
    const struct colour tint = tint_of(theme, brand);
    struct colour reads = brand;
    for (int percent = 0; percent <= 100; percent += 4) {
        reads = colour_mix(brand, towards, percent);
        if (colour_contrast(reads, paper) >= 4.5 && colour_contrast(reads, card) >= 4.5 &&
            colour_contrast(reads, tint) >= 4.5) {
            break;
        }
    }
    theme->colours[TOKEN_BRAND] = reads;
    theme->colours[TOKEN_TINT] = tint;
    const struct colour white = colour_of(0xffffff),
                        ink = colour_of(TABLE[TOKEN_PAPER][THEME_DARK]);
    theme->colours[TOKEN_ON_BRAND] =
        colour_contrast(white, reads) >= colour_contrast(ink, reads) ? white : ink;
}
