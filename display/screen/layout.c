/* The list of elements: filling, mirroring, finding, comparing. Drawing is ui_draw.c. */
#include "display/screen/layout.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

struct ui {
    struct ui_page page;
    size_t count;
    struct ui_element elements[UI_ELEMENTS_MAX];
    size_t string_bytes;
    char strings[UI_TEXT_BYTES];
};

static const char *keep_string(struct ui *ui, const char *string);

struct ui *ui_create(void)
{
    struct ui *ui = calloc(1, sizeof(*ui));
    CHECK(ui != NULL);
    ui_begin(ui, &(struct ui_page){.name = "", .language = "en"});
    return ui;
}

void ui_destroy(struct ui *ui)
{
    free(ui);
}

void ui_begin(struct ui *ui, const struct ui_page *page)
{
    explicit_bzero(ui->strings, ui->string_bytes); /* may be what somebody typed */
    ui->count = 0;
    ui->string_bytes = 0;
    ui->page = *page;
    ui->page.name = keep_string(ui, page->name);
    ui->page.language = keep_string(ui, page->language);
    if (page->background == TOKEN_NONE) {
        ui->page.background = TOKEN_PAPER;
    }
}

void ui_add(struct ui *ui, const struct ui_element *element)
{
    CHECK(ui->count < UI_ELEMENTS_MAX);
    CHECK(element->id != NULL);
    struct ui_element *kept = &ui->elements[ui->count++];
    *kept = *element;
    kept->id = keep_string(ui, element->id);
    kept->text = keep_string(ui, element->text);
    kept->detail = keep_string(ui, element->detail);
    kept->language = keep_string(ui, element->language);
    kept->icon = keep_string(ui, element->icon);
    kept->qr = keep_string(ui, element->qr);
    if (ui_is_rtl(ui) && !element->keep_side) {
        kept->rect.x = ui->page.width - element->rect.x - element->rect.w;
    }
}

const struct ui_page *ui_page(const struct ui *ui)
{
    return &ui->page;
}

bool ui_is_rtl(const struct ui *ui)
{
    return text_language_is_rtl(ui->page.language);
}

size_t ui_count(const struct ui *ui)
{
    return ui->count;
}

const struct ui_element *ui_element(const struct ui *ui, size_t index)
{
    CHECK(index < ui->count);
    return &ui->elements[index];
}

const struct ui_element *ui_find(const struct ui *ui, const char *id)
{
    for (size_t i = 0; i < ui->count; i++) {
        if (strcmp(ui->elements[i].id, id) == 0) {
            return &ui->elements[i];
        }
    }
    return NULL;
}

const struct ui_element *ui_hit(const struct ui *ui, int x, int y)
{
    for (size_t i = ui->count; i > 0; i--) {
        const struct ui_element *element = &ui->elements[i - 1];
        if (element->role == UI_BUTTON && !element->disabled &&
            rect_contains(element->rect, x, y)) {
            return element;
        }
    }
    return NULL;
}

static bool same_string(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_rect(struct rect a, struct rect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static bool same_text(const struct ui_element *a, const struct ui_element *b)
{
    return same_string(a->text, b->text) && same_string(a->detail, b->detail) &&
           same_string(a->language, b->language) && a->size_px == b->size_px &&
           a->detail_px == b->detail_px && a->min_size_px == b->min_size_px &&
           a->weight == b->weight && a->align == b->align && a->valign == b->valign &&
           a->max_lines == b->max_lines && a->break_words == b->break_words && a->ink == b->ink &&
           a->detail_ink == b->detail_ink && a->baseline_px == b->baseline_px;
}

static bool same_element(const struct ui_element *a, const struct ui_element *b)
{
    return same_string(a->id, b->id) && a->role == b->role && same_rect(a->rect, b->rect) &&
           a->padding_px == b->padding_px && a->padding_y_px == b->padding_y_px &&
           a->fill == b->fill && a->border == b->border && a->border_px == b->border_px &&
           a->radius == b->radius && same_text(a, b) && same_string(a->icon, b->icon) &&
           a->icon_px == b->icon_px && a->icon_place == b->icon_place &&
           a->icon_ink == b->icon_ink && same_string(a->qr, b->qr) && a->focus == b->focus &&
           a->focused == b->focused && a->pressed == b->pressed && a->disabled == b->disabled &&
           a->keep_side == b->keep_side;
}

static bool same_page(const struct ui_page *a, const struct ui_page *b)
{
    return same_string(a->name, b->name) && same_string(a->language, b->language) &&
           a->theme == b->theme && a->width == b->width && a->height == b->height &&
           a->background == b->background;
}

struct rect ui_damage(const struct ui *before, const struct ui *after)
{
    const struct rect all = {0, 0, after->page.width, after->page.height};
    if (before == NULL || !same_page(&before->page, &after->page)) {
        return all;
    }
    struct rect damage = {0, 0, 0, 0};
    const size_t most = before->count > after->count ? before->count : after->count;
    for (size_t i = 0; i < most; i++) {
        const struct ui_element *was = i < before->count ? &before->elements[i] : NULL;
        const struct ui_element *is = i < after->count ? &after->elements[i] : NULL;
        if (was == NULL || is == NULL || !same_element(was, is)) {
            damage = was != NULL ? rect_union(damage, was->rect) : damage;
            damage = is != NULL ? rect_union(damage, is->rect) : damage;
        }
    }
    return rect_intersect(damage, all);
}

void ui_copy(struct ui *to, const struct ui *from)
{
    ui_begin(to, &from->page);
    for (size_t i = 0; i < from->count; i++) {
        ui_add(to, &from->elements[i]);
        to->elements[i].rect = from->elements[i].rect; /* mirrored already */
    }
}

const char *ui_role_name(enum ui_role role)
{
    static const char *const NAMES[] = {
#define X(name, code) code,
        UI_ROLE_LIST(X)
#undef X
    };
    return NAMES[role];
}

static const char *keep_string(struct ui *ui, const char *string)
{
    if (string == NULL) {
        return NULL;
    }
    const size_t bytes = strlen(string) + 1;
    CHECK(bytes <= UI_TEXT_BYTES - ui->string_bytes);
    char *kept = ui->strings + ui->string_bytes;
    memmove(kept, string, bytes);
    ui->string_bytes += bytes;
    return kept;
}
