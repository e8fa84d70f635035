/* See ui_dump.h. */
#include "display/screen/ui_dump.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "display/screen/ui_plan.h"
#include "quarter/check.h"

enum { PATH_BYTES = 4096 };

static void write_element(FILE *out, const struct ui *ui, const struct ui_kit *kit, size_t index);
static void write_string(FILE *out, const char *name, const char *text);
static void write_colour(FILE *out, const char *name, struct colour colour);
static void write_measure(FILE *out, const char *name, double value);
static void write_shape(FILE *out, const struct ui_kit *kit, const struct ui_element *element,
                        const struct ui_look *look);
static void write_ink(FILE *out, const struct ui_kit *kit, const struct ui_plan *plan);
static enum status replace_file(const char *dir, const char *name, const char *text);

enum status ui_dump_write(const char *dir, long frame, const struct ui *ui,
                          const struct ui_kit *kit, const struct canvas *canvas)
{
    char fresh[PATH_BYTES], final[PATH_BYTES];
    if (snprintf(fresh, sizeof(fresh), "%s/.frame.png", dir) >= (int)sizeof(fresh) ||
        snprintf(final, sizeof(final), "%s/frame.png", dir) >= (int)sizeof(final)) {
        return STATUS_TOO_LARGE;
    }
    (void)mkdir(dir, 0777); /* fails when it is there: the next line tells */
    enum status status = canvas_save_png(canvas, fresh);
    if (status == STATUS_OK && rename(fresh, final) != 0) {
        status = STATUS_IO;
    }
    if (status != STATUS_OK) {
        return status;
    }
    char *json = ui_dump_json(frame, ui, kit);
    if (json == NULL) {
        return STATUS_FULL;
    }
    status = replace_file(dir, "frame.json", json);
    free(json);
    return status;
}

char *ui_dump_json(long frame, const struct ui *ui, const struct ui_kit *kit)
{
    char *json = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&json, &size);
    if (out == NULL) {
        return NULL;
    }
    const struct ui_page *page = ui_page(ui);
    (void)fprintf(out, "{\"frame\":%ld,", frame);
    write_string(out, "page", page->name);
    write_string(out, "language", page->language);
    write_string(out, "theme", theme_kind_name(kit->theme->kind));
    (void)fprintf(out, "\"width\":%d,\"height\":%d,", page->width, page->height);
    write_colour(out, "background", theme_colour(kit->theme, page->background));
    write_measure(out, "mm_per_px", page->mm_per_px);
    write_measure(out, "bottom_mm", page->bottom_mm);
    write_measure(out, "viewing_mm", page->viewing_mm);
    (void)fputs("\"elements\":[", out);
    for (size_t i = 0; i < ui_count(ui); i++) {
        (void)fputs(i > 0 ? ",\n" : "\n", out);
        write_element(out, ui, kit, i);
    }
    (void)fputs("\n]}\n", out);
    if (fclose(out) != 0) {
        free(json);
        return NULL;
    }
    return json;
}

/* The fill behind an element's words: its own, else the nearest one below that holds them. */
static enum token background_of(const struct ui *ui, size_t index, struct rect words)
{
    for (size_t i = index + 1; i > 0; i--) {
        const struct ui_element *below = ui_element(ui, i - 1);
        const enum token fill = ui_look_of(below).fill;
        if (fill != TOKEN_NONE && rect_holds(below->rect, words)) {
            return fill;
        }
    }
    return ui_page(ui)->background;
}

static void write_colour(FILE *out, const char *name, struct colour colour)
{
    (void)fprintf(out, "\"%s\":\"#%02x%02x%02x\",", name, colour.r, colour.g, colour.b);
}

static void write_measure(FILE *out, const char *name, double value)
{
    if (value > 0) {
        (void)fprintf(out, "\"%s\":%.6g,", name, value);
    } else {
        (void)fprintf(out, "\"%s\":null,", name);
    }
}

static void write_rect(FILE *out, const char *name, struct rect rect)
{
    if (rect_is_empty(rect)) {
        (void)fprintf(out, "\"%s\":null,", name);
    } else {
        (void)fprintf(out, "\"%s\":[%d,%d,%d,%d],", name, rect.x, rect.y, rect.w, rect.h);
    }
}

static void write_token(FILE *out, const char *name, const struct ui_kit *kit, enum token token)
{
    if (token == TOKEN_NONE) {
        (void)fprintf(out, "\"%s\":null,", name);
    } else {
        write_colour(out, name, theme_colour(kit->theme, token));
    }
}

static void write_shape(FILE *out, const struct ui_kit *kit, const struct ui_element *element,
                        const struct ui_look *look)
{
    write_token(out, "fill", kit, look->fill);
    write_token(out, "border", kit, look->border);
    (void)fprintf(out, "\"border_px\":%d,\"radius\":%d,",
                  look->border != TOKEN_NONE ? look->border_px : 0, element->radius);
    write_string(out, "icon", element->icon != NULL ? element->icon : "");
    write_colour(out, "icon_color", theme_colour(kit->theme, look->icon_ink));
}

/* What the ink of a text covers on the screen; a box that cuts it cuts that too. */
static struct rect ink_of(struct rect box, bool cut, const struct text_metrics *metrics)
{
    const struct rect ink = {box.x + metrics->ink.x, box.y + metrics->ink.y, metrics->ink.w,
                             metrics->ink.h};
    return cut ? rect_intersect(ink, box) : ink;
}

/* Drawn and counted: metrics round outwards, and a standard asks for what is really there. */
static int capital_px(const struct ui_kit *kit, const struct text_style *style, int size_px)
{
    enum { HALF = 128 };
    const struct text_style capital = {
        .size_px = size_px, .weight = style->weight, .direction = TEXT_LTR, .language = "en"};
    struct canvas *canvas = NULL;
    if (size_px <= 0 ||
        canvas_create(CANVAS_GRAY, 2 * size_px, 2 * size_px, &canvas) != STATUS_OK) {
        return 0;
    }
    (void)text_draw(kit->text, canvas, canvas->clip, "H", &capital, (struct colour){0, 0, 0, 255});
    int rows = 0;
    for (int y = 0; y < canvas->height; y++) {
        const uint8_t *row = canvas->pixels + (size_t)y * canvas->pitch;
        int x = 0;
        while (x < canvas->width && row[x] >= HALF) {
            x++;
        }
        rows += x < canvas->width;
    }
    canvas_destroy(canvas);
    return rows;
}

static void write_ink(FILE *out, const struct ui_kit *kit, const struct ui_plan *plan)
{
    const struct rect none = {0, 0, 0, 0};
    const struct text_metrics *text = &plan->text_metrics, *detail = &plan->detail_metrics;
    (void)fprintf(out, "\"cap_px\":%d,\"detail_cap_px\":%d,",
                  plan->has_text ? capital_px(kit, &plan->text_style, text->size_px) : 0,
                  plan->has_detail ? capital_px(kit, &plan->detail_style, detail->size_px) : 0);
    write_rect(out, "text_ink", plan->has_text ? ink_of(plan->text, plan->text_cut, text) : none);
    write_rect(out, "detail_ink",
               plan->has_detail ? ink_of(plan->detail, plan->detail_cut, detail) : none);
    write_rect(out, "icon_rect", plan->icon);
}

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

static void write_element(FILE *out, const struct ui *ui, const struct ui_kit *kit, size_t index)
{
    const struct ui_element *element = ui_element(ui, index);
    const struct ui_look look = ui_look_of(element);
    const struct ui_plan plan = ui_plan_of(kit, ui_page(ui), element);
    const struct rect words = plan.has_text ? plan.text : element->rect;
    (void)fputc('{', out);
    write_string(out, "id", element->id);
    write_string(out, "role", ui_role_name(element->role));
    (void)fprintf(out, "\"rect\":[%d,%d,%d,%d],", element->rect.x, element->rect.y, element->rect.w,
                  element->rect.h);
    write_string(out, "text", element->text != NULL ? element->text : "");
    write_string(out, "detail", element->detail != NULL ? element->detail : "");
    (void)fprintf(out, "\"font_px\":%d,\"detail_px\":%d,",
                  plan.has_text ? plan.text_metrics.size_px : 0,
                  plan.has_detail ? plan.detail_metrics.size_px : 0);
    const bool fits =
        (!plan.has_text || (plan.text_metrics.fits && plan.text_metrics.missing == 0)) &&
        (!plan.has_detail || (plan.detail_metrics.fits && plan.detail_metrics.missing == 0));
    (void)fprintf(out, "\"fits\":%s,", truth(fits));
    write_colour(out, "color", theme_colour(kit->theme, look.ink));
    write_colour(out, "detail_color", theme_colour(kit->theme, look.detail_ink));
    write_colour(out, "background", theme_colour(kit->theme, background_of(ui, index, words)));
    write_shape(out, kit, element, &look);
    write_ink(out, kit, &plan);
    write_string(out, "qr", element->qr != NULL ? element->qr : "");
    write_string(out, "language", plan.text_style.language);
    if (element->focus > 0) {
        (void)fprintf(out, "\"focus\":%d,", element->focus);
    } else {
        (void)fputs("\"focus\":null,", out);
    }
    (void)fprintf(out, "\"focused\":%s,\"pressed\":%s,\"disabled\":%s,\"touchable\":%s}",
                  truth(element->focused), truth(element->pressed), truth(element->disabled),
                  truth(element->role == UI_BUTTON && !element->disabled));
}

/* "name":"text", with what JSON wants escaped (RFC 8259, 7). */
static void write_string(FILE *out, const char *name, const char *text)
{
    char *plain = malloc(strlen(text) + 1);
    CHECK(plain != NULL);
    (void)text_strip_marks(text, plain, strlen(text) + 1);
    (void)fprintf(out, "\"%s\":\"", name);
    for (const char *p = plain; *p != '\0'; p++) {
        const unsigned char byte = (unsigned char)*p;
        if (byte == '"' || byte == '\\') {
            (void)fprintf(out, "\\%c", byte);
        } else if (byte < 0x20) {
            (void)fprintf(out, "\\u%04x", byte);
        } else {
            (void)fputc(byte, out);
        }
    }
    (void)fputs("\",", out);
    free(plain);
}

static enum status replace_file(const char *dir, const char *name, const char *text)
{
    char fresh[PATH_BYTES], final[PATH_BYTES];
    if (snprintf(fresh, sizeof(fresh), "%s/.%s", dir, name) >= (int)sizeof(fresh) ||
        snprintf(final, sizeof(final), "%s/%s", dir, name) >= (int)sizeof(final)) {
        return STATUS_TOO_LARGE;
    }
    FILE *file = fopen(fresh, "wb");
    if (file == NULL) {
        return STATUS_IO;
    }
    const bool written = fputs(text, file) >= 0;
    const bool closed = fclose(file) == 0;
    return written && closed && rename(fresh, final) == 0 ? STATUS_OK : STATUS_IO;
}
