/* Named places in a pattern; see catalogue.h. */
#include <string.h>

#include "display/screen/catalogue.h"

static const char ISOLATE[] = "\xe2\x81\xa8";     /* U+2068 FIRST STRONG ISOLATE */
static const char ISOLATE_END[] = "\xe2\x81\xa9"; /* U+2069 POP DIRECTIONAL ISOLATE */

struct writer {
    char *out;
    size_t size, written, wanted;
    bool full;
};

static void write_bytes(struct writer *writer, const char *bytes, size_t length);
static void write_text(struct writer *writer, const char *text);
static void write_value(struct writer *writer, const struct catalogue_value *value, bool isolate);

static const struct catalogue_value *find_value(const struct catalogue_value *values, size_t count,
                                                const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(values[i].name) == length && memcmp(values[i].name, name, length) == 0) {
            return &values[i];
        }
    }
    return NULL;
}

size_t catalogue_format(const struct catalogue *catalogue, char *out, size_t size,
                        const char *pattern, const struct catalogue_value *values, size_t count)
{
    struct writer writer = {.out = out, .size = size};
    const bool isolate = catalogue_is_rtl(catalogue);
    for (const char *at = pattern; *at != '\0';) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        const struct catalogue_value *value =
            close != NULL ? find_value(values, count, at + 1, (size_t)(close - at - 1)) : NULL;
        if (at[0] == '{' && at[1] == '{') {
            write_bytes(&writer, "{", 1);
            at += 2;
        } else if (value != NULL) {
            write_value(&writer, value, isolate);
            at = close + 1;
        } else {
            const size_t length = 1 + strcspn(at + 1, "{");
            write_bytes(&writer, at, length);
            at += length;
        }
    }
    if (size > 0) {
        out[writer.written] = '\0';
    }
    return writer.wanted;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Copies what fits in whole characters; once something did not fit, nothing more is written. */
static void write_bytes(struct writer *writer, const char *bytes, size_t length)
{
    writer->wanted += length;
    size_t room = writer->size > 0 ? writer->size - 1 - writer->written : 0;
    if (writer->full) {
        return;
    }
    if (length > room) {
        writer->full = true;
        while (room > 0 && continues(bytes[room])) {
            room--;
        }
        length = room;
    }
    if (length > 0) {
        memcpy(writer->out + writer->written, bytes, length);
        writer->written += length;
    }
}

static void write_text(struct writer *writer, const char *text)
{
    write_bytes(writer, text, strlen(text));
}

static void write_value(struct writer *writer, const struct catalogue_value *value, bool isolate)
{
    write_text(writer, isolate ? ISOLATE : "");
    write_text(writer, value->emphasis ? CATALOGUE_EMPHASIS_START : "");
    write_text(writer, value->text);
    write_text(writer, value->emphasis ? CATALOGUE_EMPHASIS_END : "");
    write_text(writer, isolate ? ISOLATE_END : "");
}
