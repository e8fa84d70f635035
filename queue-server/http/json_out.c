/* JSON text into a buffer. See json_out.h. */
#include "http/json_out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/time_text.h"
#include "quarter/check.h"

static void grow(struct json_out *out, size_t more)
{
    size_t capacity = out->capacity == 0 ? 512 : out->capacity;
    while (capacity < out->length + more + 1) {
        capacity *= 2;
    }
    char *data = realloc(out->data, capacity);
    CHECK(data != NULL);
    out->data = data;
    out->capacity = capacity;
}

static inline void reserve(struct json_out *out, size_t more)
{
    if (out->length + more + 1 > out->capacity) {
        grow(out, more);
    }
}

static void put(struct json_out *out, const char *text, size_t length)
{
    reserve(out, length);
    memcpy(out->data + out->length, text, length);
    out->length += length;
    out->data[out->length] = '\0';
}

static void begin_value(struct json_out *out)
{
    if (out->comma) {
        put(out, ",", 1);
    }
    out->comma = true;
}

void json_out_free(struct json_out *out)
{
    free(out->data);
    *out = (struct json_out){0};
}

void json_out_reset(struct json_out *out)
{
    out->length = 0;
    out->comma = false;
}

void json_out_cut(struct json_out *out, size_t length)
{
    CHECK(length > 0 && length <= out->length);
    out->length = length;
    out->data[length] = '\0';
    out->comma = true;
}

char *json_out_take(struct json_out *out)
{
    reserve(out, 0);
    out->data[out->length] = '\0';
    char *data = out->data;
    *out = (struct json_out){0};
    return data;
}

void json_out_open(struct json_out *out, char bracket)
{
    begin_value(out);
    put(out, &bracket, 1);
    out->comma = false;
}

void json_out_close(struct json_out *out, char bracket)
{
    put(out, &bracket, 1);
    out->comma = true;
}

void json_out_key(struct json_out *out, const char *key)
{
    const size_t length = strlen(key);
    reserve(out, length + 4);
    char *at = out->data + out->length;
    if (out->comma) {
        *at++ = ',';
    }
    *at++ = '"';
    memcpy(at, key, length);
    at += length;
    *at++ = '"';
    *at++ = ':';
    *at = '\0';
    out->length = (size_t)(at - out->data);
    out->comma = false;
}

void json_out_string(struct json_out *out, const char *text)
{
    begin_value(out);
    put(out, "\"", 1);
    const char *plain = text; /* start of what needs no escape */
    const char *at = text;
    for (; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            continue;
        }
        put(out, plain, (size_t)(at - plain));
        plain = at + 1;
        char escape[8];
        if (byte < 0x20) {
            (void)snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)byte);
        } else {
            (void)snprintf(escape, sizeof(escape), "\\%c", byte);
        }
        put(out, escape, strlen(escape));
    }
    put(out, plain, (size_t)(at - plain));
    put(out, "\"", 1);
}

void json_out_string_or_null(struct json_out *out, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        json_out_null(out);
    } else {
        json_out_string(out, text);
    }
}

static void put_whole(struct json_out *out, uint64_t value)
{
    char digits[24];
    char *at = digits + sizeof(digits);
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put(out, at, (size_t)(digits + sizeof(digits) - at));
}

void json_out_integer(struct json_out *out, int64_t value)
{
    begin_value(out);
    if (value < 0) {
        put(out, "-", 1);
    }
    put_whole(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void json_out_permille(struct json_out *out, int value)
{
    json_out_number(out, (double)value / 1000);
}

/* Written by hand: printf() would follow the locale's decimal point, and is ten times as slow. */
void json_out_number(struct json_out *out, double value)
{
    static const double largest = 1e15;
    if (!isfinite(value) || fabs(value) > largest) {
        json_out_null(out);
        return;
    }
    const uint64_t thousandths = (uint64_t)llround(fabs(value) * 1000);
    const unsigned rest = (unsigned)(thousandths % 1000);
    const char digits[] = {'.', (char)('0' + rest / 100), (char)('0' + rest / 10 % 10),
                           (char)('0' + rest % 10)};
    size_t length = rest == 0 ? 0 : sizeof(digits);
    while (length > 0 && digits[length - 1] == '0') {
        length--;
    }
    begin_value(out);
    if (value < 0 && thousandths > 0) {
        put(out, "-", 1);
    }
    put_whole(out, thousandths / 1000);
    put(out, digits, length);
}

void json_out_bool(struct json_out *out, bool value)
{
    json_out_value(out, value ? "true" : "false");
}

void json_out_null(struct json_out *out)
{
    json_out_value(out, "null");
}

void json_out_time(struct json_out *out, int64_t utc_ms)
{
    char text[TIME_TEXT_LEN + 1];
    time_text_write(utc_ms, text);
    json_out_string(out, text);
}

void json_out_time_or_null(struct json_out *out, int64_t utc_ms)
{
    if (utc_ms == 0) {
        json_out_null(out);
    } else {
        json_out_time(out, utc_ms);
    }
}

void json_out_value(struct json_out *out, const char *json)
{
    begin_value(out);
    put(out, json, strlen(json));
}

void json_out_text(struct json_out *out, const char *text)
{
    put(out, text, strlen(text));
}

void json_out_part(struct json_out *out, const char *json, size_t length)
{
    begin_value(out);
    put(out, json, length);
}
