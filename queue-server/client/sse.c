/* Lines end in LF, CR or CRLF, and any of these may be cut by the network: a CR ends its line at
 * once, and an LF right after it is swallowed whenever it comes. */
#include "sse.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SSE_TYPE_MAX = 32, SSE_FIRST_BYTES = 1024 };

struct buffer {
    char *bytes;
    size_t length, capacity;
};

struct sse {
    sse_event_fn on_event;
    void *context;
    size_t max_bytes;
    struct buffer line, data;
    char type[SSE_TYPE_MAX + 1];
    bool has_data, after_cr, first_line;
};

struct sse *sse_create(size_t max_bytes, sse_event_fn on_event, void *context)
{
    struct sse *sse = calloc(1, sizeof *sse);
    if (sse == NULL)
        return NULL;
    sse->max_bytes = max_bytes;
    sse->on_event = on_event;
    sse->context = context;
    sse_reset(sse);
    return sse;
}

void sse_destroy(struct sse *sse)
{
    if (sse == NULL)
        return;
    free(sse->line.bytes);
    free(sse->data.bytes);
    free(sse);
}

void sse_reset(struct sse *sse)
{
    sse->line.length = sse->data.length = 0;
    sse->type[0] = '\0';
    sse->has_data = sse->after_cr = false;
    sse->first_line = true;
}

/* Room for the NUL is kept, so that handlers may treat the data as a string. */
static enum status append(const struct sse *sse, struct buffer *buffer, const char *bytes,
                          size_t length)
{
    if (length > sse->max_bytes || buffer->length > sse->max_bytes - length)
        return STATUS_TOO_LARGE;
    size_t needed = buffer->length + length + 1;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity == 0 ? SSE_FIRST_BYTES : buffer->capacity;
        while (capacity < needed)
            capacity *= 2;
        char *grown = realloc(buffer->bytes, capacity);
        if (grown == NULL)
            return STATUS_FULL;
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    if (length > 0)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
    return STATUS_OK;
}

static enum status dispatch(struct sse *sse)
{
    enum status status = STATUS_OK;
    if (sse->has_data)
        status = sse->on_event(sse->context, sse->type[0] == '\0' ? "message" : sse->type,
                               sse->data.bytes, sse->data.length);
    sse->type[0] = '\0';
    sse->has_data = false;
    sse->data.length = 0;
    return status;
}

static enum status take_data(struct sse *sse, const char *value, size_t length)
{
    enum status status = STATUS_OK;
    if (sse->has_data) /* lines of one event are joined by LF */
        status = append(sse, &sse->data, "\n", 1);
    sse->has_data = true;
    return status == STATUS_OK ? append(sse, &sse->data, value, length) : status;
}

static enum status take_line(struct sse *sse, const char *line, size_t length)
{
    if (sse->first_line && length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
        line += 3;
        length -= 3;
    }
    sse->first_line = false;
    if (length == 0)
        return dispatch(sse);
    const char *colon = memchr(line, ':', length);
    size_t name_length = colon == NULL ? length : (size_t)(colon - line);
    const char *value = colon == NULL ? line + length : colon + 1;
    size_t value_length = length - (size_t)(value - line);
    if (value_length > 0 && *value == ' ') {
        value++;
        value_length--;
    }
    if (name_length == 4 && memcmp(line, "data", 4) == 0)
        return take_data(sse, value, value_length);
    if (name_length == 5 && memcmp(line, "event", 5) == 0) {
        if (value_length > SSE_TYPE_MAX)
            return STATUS_TOO_LARGE;
        memcpy(sse->type, value, value_length);
        sse->type[value_length] = '\0';
    }
    return STATUS_OK; /* comments, id, retry and fields nobody knows */
}

enum status sse_feed(struct sse *sse, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        if (sse->after_cr && *bytes == '\n') {
            sse->after_cr = false;
            bytes++;
            continue;
        }
        sse->after_cr = false;
        const char *stop = bytes;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        enum status status = append(sse, &sse->line, bytes, (size_t)(stop - bytes));
        if (status != STATUS_OK)
            return status;
        if (stop == end)
            return STATUS_OK;
        sse->after_cr = *stop == '\r';
        bytes = stop + 1;
        size_t line_length = sse->line.length;
        sse->line.length = 0;
        status = take_line(sse, sse->line.bytes, line_length);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
