/* See csv_out.h. */
#include "report/csv_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

static void put(struct csv_out *out, const char *text, size_t length)
{
    if (out->length + length + 1 > out->capacity) {
        size_t capacity = out->capacity == 0 ? 4096 : out->capacity;
        while (capacity < out->length + length + 1) {
            capacity *= 2;
        }
        char *data = realloc(out->data, capacity);
        CHECK(data != NULL);
        out->data = data;
        out->capacity = capacity;
    }
    memcpy(out->data + out->length, text, length);
    out->length += length;
    out->data[out->length] = '\0';
}

static void begin_cell(struct csv_out *out)
{
    if (out->inside) {
        put(out, ",", 1);
    }
    out->inside = true;
}

void csv_out_free(struct csv_out *out)
{
    free(out->data);
    *out = (struct csv_out){0};
}

char *csv_out_take(struct csv_out *out)
{
    put(out, "", 0);
    char *data = out->data;
    *out = (struct csv_out){0};
    return data;
}

/* Spreadsheets pass over blanks and the like before they look for a formula. */
static bool looks_like_formula(const char *text)
{
    const char *first = text + strspn(text, " \t\r\n");
    return first != text || (*first != '\0' && strchr("=+-@|", *first) != NULL) ||
           strncmp(first, "\xef\xbc\x9d", 3) == 0 || /* full-width =, +, -, @: some read them */
           strncmp(first, "\xef\xbc\x8b", 3) == 0 || strncmp(first, "\xef\xbc\x8d", 3) == 0 ||
           strncmp(first, "\xef\xbc\xa0", 3) == 0;
}

void csv_out_text(struct csv_out *out, const char *text)
{
    begin_cell(out);
    if (text == NULL || text[0] == '\0') {
        return;
    }
    const bool guarded = looks_like_formula(text);
    if (!guarded && strpbrk(text, ",\"\r\n") == NULL) {
        put(out, text, strlen(text));
        return;
    }
    put(out, "\"'", guarded ? 2 : 1);
    for (const char *at = text; *at != '\0'; at++) {
        put(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    }
    put(out, "\"", 1);
}

void csv_out_integer(struct csv_out *out, int64_t value)
{
    char digits[24];
    begin_cell(out);
    put(out, digits, (size_t)snprintf(digits, sizeof(digits), "%" PRId64, value));
}

void csv_out_empty(struct csv_out *out)
{
    csv_out_text(out, NULL);
}

void csv_out_end_row(struct csv_out *out)
{
    put(out, "\r\n", 2);
    out->inside = false;
}
