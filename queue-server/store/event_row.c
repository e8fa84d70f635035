/* Events to rows and back; their bodies are written and read beside. */
#include "store/event_row.h"

#include <stdlib.h>
#include <string.h>

enum column {
    COLUMN_SEQ,
    COLUMN_ID,
    COLUMN_DAY,
    COLUMN_AT,
    COLUMN_OCCURRED_AT,
    COLUMN_TYPE,
    COLUMN_VERSION,
    COLUMN_TICKET,
    COLUMN_COUNTER,
    COLUMN_ACTOR,
    COLUMN_BODY,
};

int event_row_bind(sqlite3_stmt *insert, const struct event *event, char **body)
{
    *body = event_body_to_json(event);
    const struct {
        enum column column;
        const char *text;
    } texts[] = {
        {COLUMN_ID, event->id},         {COLUMN_DAY, event->day},
        {COLUMN_TICKET, event->ticket}, {COLUMN_COUNTER, event->counter},
        {COLUMN_ACTOR, event->actor},   {COLUMN_TYPE, event_type_code(event->type)},
        {COLUMN_BODY, *body},
    };
    int result = sqlite3_bind_int64(insert, COLUMN_SEQ + 1, event->seq);
    result |= sqlite3_bind_int64(insert, COLUMN_AT + 1, event->at_ms);
    result |= sqlite3_bind_int64(insert, COLUMN_OCCURRED_AT + 1, event->occurred_at_ms);
    result |= sqlite3_bind_int64(insert, COLUMN_VERSION + 1, event->version);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        bool is_none = texts[i].text[0] == '\0' &&
                       (texts[i].column == COLUMN_TICKET || texts[i].column == COLUMN_COUNTER);
        int parameter = (int)texts[i].column + 1;
        result |= is_none ? sqlite3_bind_null(insert, parameter)
                          : sqlite3_bind_text(insert, parameter, texts[i].text, -1, SQLITE_STATIC);
    }
    return result;
}

const char *event_row_body(sqlite3_stmt *row)
{
    return (const char *)sqlite3_column_text(row, COLUMN_BODY);
}

/* false: longer than it may be. A NULL reads as "". */
static bool read_text(sqlite3_stmt *row, enum column column, char *to, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(row, (int)column);
    size_t length = (size_t)sqlite3_column_bytes(row, (int)column);
    if (length >= size)
        return false;
    memcpy(to, text ? text : "", length);
    to[length] = '\0';
    return true;
}

static bool is_instant(int64_t at_ms)
{
    return at_ms >= 0 && at_ms <= event_row_latest_ms;
}

enum status event_row_read(sqlite3_stmt *row, struct event *event, struct store_error *error)
{
    memset(event, 0, sizeof *event);
    event->seq = sqlite3_column_int64(row, COLUMN_SEQ);
    event->at_ms = sqlite3_column_int64(row, COLUMN_AT);
    event->occurred_at_ms = sqlite3_column_int64(row, COLUMN_OCCURRED_AT);
    bool fits = is_instant(event->at_ms) && is_instant(event->occurred_at_ms) &&
                read_text(row, COLUMN_ID, event->id, sizeof event->id) &&
                read_text(row, COLUMN_DAY, event->day, sizeof event->day) &&
                read_text(row, COLUMN_TICKET, event->ticket, sizeof event->ticket) &&
                read_text(row, COLUMN_COUNTER, event->counter, sizeof event->counter) &&
                read_text(row, COLUMN_ACTOR, event->actor, sizeof event->actor);
    const char *type = (const char *)sqlite3_column_text(row, COLUMN_TYPE);
    const char *body = event_row_body(row);
    int64_t version = sqlite3_column_int64(row, COLUMN_VERSION);
    if (!fits || !type || !body || version < 1)
        return store_fail(error, STATUS_CORRUPT, "event %lld is damaged: restore the latest backup",
                          (long long)event->seq);
    if (!event_type_from_code(type, &event->type))
        return store_fail(error, STATUS_CORRUPT,
                          "event %lld is of a kind this program does not know (\"%.40s\"): a newer "
                          "Quarter wrote it; "
                          "start that version",
                          (long long)event->seq, type);
    if (version > EVENT_ROW_VERSION)
        return store_fail(error, STATUS_CORRUPT,
                          "event %lld (%s) is of version %lld, this program knows up to %d: a "
                          "newer Quarter wrote it; "
                          "start that version",
                          (long long)event->seq, type, (long long)version, EVENT_ROW_VERSION);
    event->version = (int32_t)version;
    return event_body_from_json(body, event, error);
}
