/* Writes JSON text straight into one growing buffer. Views of 300 waiting tickets are written 20 times a second for
 * each counter, and a tree of jansson values would cost ten times as much. Commas are placed by itself. */
#ifndef QUARTER_HTTP_JSON_OUT_H
#define QUARTER_HTTP_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_out {
    char *data; /* always ends in '\0' once something was written */
    size_t length, capacity;
    bool comma; /* the next value needs one before it */
};

void json_out_free(struct json_out *out);
void json_out_reset(struct json_out *out); /* keeps the memory */
/* Back to what it was at that length, after a whole value. */
void json_out_cut(struct json_out *out, size_t length);
char *json_out_take(struct json_out *out); /* the caller frees; out is empty after */

void json_out_open(struct json_out *out, char bracket);       /* '{' or '[' */
void json_out_close(struct json_out *out, char bracket);      /* '}' or ']' */
void json_out_key(struct json_out *out, const char *key);     /* of our own making: not escaped */
void json_out_string(struct json_out *out, const char *text); /* UTF-8 */
void json_out_string_or_null(struct json_out *out, const char *text); /* null when NULL or "" */
void json_out_integer(struct json_out *out, int64_t value);
void json_out_permille(struct json_out *out, int value);  /* 873: 0.873 */
void json_out_number(struct json_out *out, double value); /* three decimals; null when not finite */
void json_out_bool(struct json_out *out, bool value);
void json_out_null(struct json_out *out);
void json_out_time(struct json_out *out, int64_t utc_ms);
void json_out_time_or_null(struct json_out *out, int64_t utc_ms); /* null when 0 */
void json_out_value(struct json_out *out, const char *json);      /* JSON already */
void json_out_text(struct json_out *out, const char *text);       /* as it is, outside all values */
/* A value that is JSON already but for its end, which is to follow as members of an object. */
void json_out_part(struct json_out *out, const char *json, size_t length);

#endif
