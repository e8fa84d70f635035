/* Keys to type with. Their size depends on the screen alone, so that no key moves while somebody types. */
#include <stdio.h>
#include <string.h>

#include "view/keyboards.h"
#include "view/view_parts.h"

enum {
    KEY_GAP = 5,
    KEY_WIDTH = 82,
    KEY_HEIGHT = 96,
    WIDE_KEY_HEIGHT = 92,
    PAD_KEY_HEIGHT = 120,
    LEAST_ACROSS = 10
};

/* The letters of Latin and figures stand left to right on every page; keep_side keeps them there, so that their places
 * are those on the screen. */
static void add_key(struct view *v, struct ui_element key, struct rect area, bool keep_side)
{
    if (keep_side && ui_is_rtl(v->ui)) {
        int inside = key.rect.x - area.x;
        key.rect.x = v->c->width - area.x - area.w + inside;
        key.keep_side = true;
    }
    view_add(v, key);
}

static struct ui_element plain_key(const struct view *v, const char *id, const char *text,
                                   const char *language)
{
    return (struct ui_element){.id = id,
                               .role = UI_BUTTON,
                               .padding_px = view_px(v, 2) + 1,
                               .fill = TOKEN_CARD,
                               .border = TOKEN_LINE_STRONG,
                               .border_px = view_most(view_px(v, 2), 1),
                               .radius = view_px(v, 14),
                               .text = text,
                               .size_px = v->d.body,
                               .min_size_px = view_px(v, TYPE_KIOSK_SMALL),
                               .language = language,
                               .align = TEXT_CENTRE};
}

static struct ui_element erase_key(const struct view *v)
{
    struct ui_element key = plain_key(v, "key-back", NULL, NULL);
    key.fill = TOKEN_PAPER;
    key.icon = "erase";
    key.icon_px = view_px(v, 56);
    return key;
}

static void letter_key(struct view *v, const struct keyboard *keyboard, uint32_t letter,
                       struct rect rect, struct rect area)
{
    char id[VIEW_ID_BYTES], label[KEYBOARD_LABEL_BYTES];
    snprintf(id, sizeof id, "key-%04X", (unsigned)letter);
    struct ui_element key = plain_key(v, id, keyboard_label(letter, label), keyboard->language);
    key.rect = rect;
    add_key(v, key, area, !text_language_is_rtl(keyboard->language));
}

static int longest_row(const struct keyboard *keyboard, const char *typed)
{
    uint32_t keys[KEYBOARD_ROW_KEYS_MAX];
    int longest = LEAST_ACROSS;
    for (int row = 0; row < keyboard->rows; row++)
        longest = view_most(longest, keyboard_keys(keyboard, row, typed, keys));
    return longest;
}

static void letter_rows(struct view *v, const struct keyboard *keyboard, struct rect area,
                        int height)
{
    int gap = view_px(v, KEY_GAP);
    int across = longest_row(keyboard, v->j->typed);
    int width = (area.w - (across - 1) * gap) / across;
    for (int row = 0; row < keyboard->rows; row++) {
        uint32_t keys[KEYBOARD_ROW_KEYS_MAX];
        int count = keyboard_keys(keyboard, row, v->j->typed, keys);
        int used = count * width + (count - 1) * gap;
        struct rect key = {area.x + (area.w - used) / 2, area.y + row * (height + gap), width,
                           height};
        for (int i = 0; i < count; i++) {
            letter_key(v, keyboard, keys[i], key, area);
            key.x += width + gap;
        }
    }
}

/* [other letters] [extra] [space] [extra] [back] */
static void last_row(struct view *v, const struct keyboard *keyboard, const char *other,
                     struct rect row)
{
    int gap = view_px(v, KEY_GAP);
    uint32_t extra[KEYBOARD_ROW_KEYS_MAX];
    int extras = keyboard_keys(keyboard, keyboard->rows, v->j->typed, extra);
    int unit = view_most((row.w - 11 * gap) / 12, view_px(v, KEY_WIDTH));
    int wide = 2 * unit + gap;
    bool kept = !text_language_is_rtl(keyboard->language);
    struct ui_element key = plain_key(v, "keyboard", other, NULL);
    key.fill = TOKEN_PAPER;
    key.size_px = v->d.small;
    key.weight = TEXT_BOLD;
    key.rect = (struct rect){row.x, row.y, wide, row.h};
    add_key(v, key, row, kept);
    int start = row.x + wide + gap, end = row.x + row.w - wide - gap;
    struct rect place = {start, row.y, unit, row.h};
    for (int i = 0; i < extras; i++) {
        place.x = i == 0 ? start : end - unit;
        letter_key(v, keyboard, extra[i], place, row);
    }
    start += extras > 0 ? unit + gap : 0;
    end -= extras > 1 ? unit + gap : 0;
    key = plain_key(v, "key-space", view_say(v, "space"), NULL);
    key.size_px = v->d.small;
    key.rect = (struct rect){start, row.y, end - start, row.h};
    add_key(v, key, row, kept);
    key = erase_key(v);
    key.rect = (struct rect){row.x + row.w - wide, row.y, wide, row.h};
    add_key(v, key, row, kept);
}

void view_keyboard(struct view *v, struct rect *area)
{
    const char *language = v->c->language;
    const struct keyboard *keyboard = keyboards_get(language, v->j->keyboard);
    const struct keyboard *next = keyboards_get(language, v->j->keyboard + 1);
    int gap = view_px(v, KEY_GAP);
    int key = view_px(v, v->wide ? WIDE_KEY_HEIGHT : KEY_HEIGHT);
    int most = 0; /* all of a language's keyboards are as high as its highest */
    for (int i = 0; i < keyboards_count(language); i++)
        most = view_most(most, keyboards_get(language, i)->rows);
    int height = (most + 1) * (key + gap) - gap;
    if (height > area->h)
        v->overflow = true;
    struct rect keys = {area->x, area->y + area->h - height, area->w, height};
    int spread = (most * (key + gap) - gap - (keyboard->rows - 1) * gap) / keyboard->rows;
    letter_rows(v, keyboard, keys, spread);
    last_row(v, keyboard, next->sign, (struct rect){keys.x, keys.y + height - key, keys.w, key});
    area->h = view_most(area->h - height - v->d.gap, 0);
}

/* As on a telephone, in every language. */
void view_number_pad(struct view *v, struct rect *area)
{
    int gap = view_px(v, 2 * KEY_GAP), high = view_px(v, PAD_KEY_HEIGHT);
    int height = 4 * high + 3 * gap;
    struct rect pad = {area->x, area->y + area->h - height, area->w, height};
    int width = (pad.w - 2 * gap) / 3;
    if (height > area->h)
        v->overflow = true;
    static const char *const rows[] = {"123", "456", "789", "<0x"};
    for (int i = 0; i < 12; i++) {
        char c = rows[i / 3][i % 3], text[2] = {c, '\0'}, id[VIEW_ID_BYTES];
        snprintf(id, sizeof id, "key-%04X", (unsigned)c);
        struct ui_element key = plain_key(v, id, text, "en");
        if (c == '<')
            key = plain_key(v, "clear", view_say(v, "Clear"), NULL);
        if (c == 'x')
            key = erase_key(v);
        key.weight = TEXT_BOLD;
        key.size_px = c == '<' ? v->d.small : v->d.title;
        key.rect =
            (struct rect){pad.x + i % 3 * (width + gap), pad.y + i / 3 * (high + gap), width, high};
        add_key(v, key, pad, true);
    }
    area->h = view_most(area->h - height - v->d.gap, 0);
}

static bool question_is_number(const struct view *v)
{
    return v->j->page == PAGE_QUESTION &&
           v->c->site->questions[v->j->question].kind == SITE_QUESTION_NUMBER;
}

void view_field(struct view *v, struct column *column, const char *hint)
{
    bool empty = v->j->typed[0] == '\0';
    int pad = v->d.pad / 2 + view_px(v, FOCUS_PX), side = view_px(v, TOUCH_MIN_PX);
    struct rect area = {column->area.x, column->y, column->area.w, 0};
    struct ui_element text = view_text(v, empty ? "typed-hint" : "typed",
                                       empty ? hint : v->j->typed, empty ? v->d.small : v->d.body);
    text.break_words = true;
    if (!empty && question_is_number(v))
        text.size_px = v->d.title;
    text.ink = empty ? TOKEN_SOFT : TOKEN_INK;
    text.weight = empty ? TEXT_REGULAR : TEXT_BOLD;
    text.rect = (struct rect){area.x + pad, area.y + pad / 2, area.w - 3 * pad - side, 0};
    text.rect.h = view_most(view_wanted(v, &text), side);
    area.h = text.rect.h + pad;
    struct ui_element frame = view_plain_card(v, "field");
    frame.rect = area;
    frame.border = TOKEN_BRAND;
    frame.border_px = view_most(view_px(v, 5), 2);
    frame.radius = view_px(v, CORNER_RADIUS);
    view_add(v, frame);
    view_add(v, text);
    column->y += area.h;
    column_check(v, column);
    if (area.y < v->reach.y || question_is_number(v)) /* there are keys for that */
        return;
    struct ui_element clear = {
        .id = "clear",
        .role = UI_BUTTON,
        .rect = {area.x + area.w - side - pad, area.y + (area.h - side) / 2, side, side},
        .radius = view_px(v, 14),
        .icon = "close",
        .icon_px = view_px(v, 48)};
    view_add(v, clear);
}

void view_typing_head(struct view *v, struct column *column, const char *title, const char *sub,
                      const char *hint)
{
    struct rect reach = v->reach;
    struct view tried = *v;
    struct column field = *column;
    bool lifted = v->reach.y > column->y;
    tried.measuring = true;
    view_field(&tried, &field, hint);
    if (lifted) /* nothing of it needs touching: it may stand above where hands reach */
        v->reach.y -= field.y - column->y + v->d.gap;
    view_title(v, column, title, sub);
    v->reach = reach;
    view_field(v, column, hint);
    column_skip(column, v->d.gap);
    column_reach(v, column);
}
