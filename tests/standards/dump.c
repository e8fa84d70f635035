/* See dump.h. */
#include "dump.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

static char *copy_of(const char *text)
{
    char *copy = strdup(text != NULL ? text : "");
    CHECK(copy != NULL);
    return copy;
}

static const char *string_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static int int_of(const json_t *object, const char *name)
{
    return (int)json_integer_value(json_object_get(object, name));
}

static bool bool_of(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static struct rect rect_of(const json_t *object, const char *name)
{
    const json_t *array = json_object_get(object, name);
    int values[4] = {0};
    for (size_t i = 0; i < 4; i++)
        values[i] = (int)json_integer_value(json_array_get(array, i));
    return (struct rect){values[0], values[1], values[2], values[3]};
}

static struct dump_colour colour_of(const json_t *object, const char *name)
{
    struct dump_colour colour = {0};
    const char *hex = json_string_value(json_object_get(object, name));
    colour.given = hex != NULL && colour_from_hex(hex, &colour.colour);
    return colour;
}

static void read_element(const json_t *object, struct dump_element *element)
{
    snprintf(element->id, sizeof element->id, "%s", string_of(object, "id"));
    snprintf(element->role, sizeof element->role, "%s", string_of(object, "role"));
    snprintf(element->language, sizeof element->language, "%s", string_of(object, "language"));
    element->rect = rect_of(object, "rect");
    element->text = copy_of(string_of(object, "text"));
    element->detail = copy_of(string_of(object, "detail"));
    element->font_px = int_of(object, "font_px");
    element->detail_px = int_of(object, "detail_px");
    element->cap_px = int_of(object, "cap_px");
    element->detail_cap_px = int_of(object, "detail_cap_px");
    element->text_ink = rect_of(object, "text_ink");
    element->detail_ink = rect_of(object, "detail_ink");
    element->icon_rect = rect_of(object, "icon_rect");
    element->fits = bool_of(object, "fits");
    element->ink = colour_of(object, "color").colour;
    element->detail_colour = colour_of(object, "detail_color").colour;
    element->fill = colour_of(object, "fill");
    element->border = colour_of(object, "border");
    element->border_px = int_of(object, "border_px");
    element->radius = int_of(object, "radius");
    element->qr = string_of(object, "qr")[0] != '\0';
    element->focus = int_of(object, "focus");
    element->focused = bool_of(object, "focused");
    element->pressed = bool_of(object, "pressed");
    element->disabled = bool_of(object, "disabled");
    element->touchable = bool_of(object, "touchable");
}

struct dump *dump_read(const char *json)
{
    json_error_t error;
    json_t *root = json_loads(json, 0, &error);
    const json_t *elements = json_object_get(root, "elements");
    if (!json_is_array(elements)) {
        fprintf(stderr, "not a dump: %s\n", root == NULL ? error.text : "no elements");
        json_decref(root);
        return NULL;
    }
    struct dump *dump = calloc(1, sizeof *dump);
    CHECK(dump != NULL);
    snprintf(dump->page, sizeof dump->page, "%s", string_of(root, "page"));
    snprintf(dump->language, sizeof dump->language, "%s", string_of(root, "language"));
    snprintf(dump->theme, sizeof dump->theme, "%s", string_of(root, "theme"));
    dump->width = int_of(root, "width");
    dump->height = int_of(root, "height");
    dump->background = colour_of(root, "background").colour;
    dump->mm_per_px = json_number_value(json_object_get(root, "mm_per_px"));
    dump->bottom_mm = (int)json_number_value(json_object_get(root, "bottom_mm"));
    dump->viewing_mm = (int)json_number_value(json_object_get(root, "viewing_mm"));
    dump->count = (int)json_array_size(elements);
    dump->elements = calloc((size_t)dump->count + 1, sizeof *dump->elements);
    CHECK(dump->elements != NULL);
    for (int i = 0; i < dump->count; i++)
        read_element(json_array_get(elements, (size_t)i), &dump->elements[i]);
    json_decref(root);
    return dump;
}

void dump_destroy(struct dump *dump)
{
    if (dump == NULL)
        return;
    for (int i = 0; i < dump->count; i++) {
        free(dump->elements[i].text);
        free(dump->elements[i].detail);
    }
    free(dump->elements);
    free(dump);
}

const struct dump_element *dump_find(const struct dump *dump, const char *id)
{
    for (int i = 0; i < dump->count; i++)
        if (strcmp(dump->elements[i].id, id) == 0)
            return &dump->elements[i];
    return NULL;
}

bool dump_is(const struct dump_element *element, const char *role)
{
    return strcmp(element->role, role) == 0;
}

int dump_inks(const struct dump_element *element, struct rect inks[4])
{
    const struct rect all[4] = {element->text_ink, element->detail_ink, element->icon_rect,
                                element->qr ? element->rect : (struct rect){0}};
    int count = 0;
    for (int i = 0; i < 4; i++)
        if (!rect_is_empty(all[i]))
            inks[count++] = all[i];
    return count;
}
