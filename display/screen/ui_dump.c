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
    (void)fprintf(out, "\"width\":%d,\"height\":%d,\"elements\":[", page->width, page->height);
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
    write_string(out, "icon", element->icon != NULL ? element->icon : "");
    write_string(out, "qr", element->qr != NULL ? element->qr : "");
    write_string(out, "language", plan.text_style.language);
    if (element->focus > 0) {
        (void)fprintf(out, "\"focus\":%d,", element->focus);
    } else {
        (void)fputs("\"focus\":null,", out);
    }
    (void)fprintf(out, "\"focused\":%s,\"pressed\":%s,\"disabled\":%s}", truth(element->focused),
                  truth(element->pressed), truth(element->disabled));
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
