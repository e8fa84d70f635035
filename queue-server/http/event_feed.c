/* The journal as Server-Sent Events. See event_feed.h. */
#include "http/event_feed.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/event.h"
#include "http/json_out.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum { EVENTS_AT_ONCE = 64 };

struct event_feed {
    struct store_reader *reader;
    pthread_mutex_t lock;
};

struct page {
    struct json_out text;
    int64_t last_seq;
};

enum status event_feed_open(const struct store_config *config, struct event_feed **feed)
{
    struct event_feed *opened = calloc(1, sizeof(*opened));
    CHECK(opened != NULL);
    const enum status status = store_reader_open(config, &opened->reader);
    if (status != STATUS_OK) {
        free(opened);
        return status;
    }
    CHECK(pthread_mutex_init(&opened->lock, NULL) == 0);
    *feed = opened;
    return STATUS_OK;
}

void event_feed_close(struct event_feed *feed)
{
    if (feed == NULL) {
        return;
    }
    store_reader_close(feed->reader);
    (void)pthread_mutex_destroy(&feed->lock);
    free(feed);
}

static enum status write_row(void *context, const struct event *event, const char *body_json)
{
    struct page *page = context;
    struct json_out *out = &page->text;
    char head[64];
    (void)snprintf(head, sizeof(head), "id: %" PRId64 "\nevent: %s\ndata: ", event->seq,
                   event_type_code(event->type));
    json_out_text(out, head);
    out->comma = false;
    json_out_open(out, '{');
    json_out_key(out, "seq");
    json_out_integer(out, event->seq);
    json_out_key(out, "id");
    json_out_string(out, event->id);
    json_out_key(out, "day");
    json_out_string(out, event->day);
    json_out_key(out, "at");
    json_out_time(out, event->at_ms);
    json_out_key(out, "occurred_at");
    json_out_time(out, event->occurred_at_ms);
    json_out_key(out, "type");
    json_out_string(out, event_type_code(event->type));
    json_out_key(out, "version");
    json_out_integer(out, event->version);
    json_out_key(out, "ticket");
    json_out_string_or_null(out, event->ticket);
    json_out_key(out, "counter");
    json_out_string_or_null(out, event->counter);
    json_out_key(out, "actor");
    json_out_string(out, event->actor);
    json_out_key(out, "body");
    json_out_value(out, body_json);
    json_out_close(out, '}');
    json_out_text(out, "\n\n");
    page->last_seq = event->seq;
    return STATUS_OK;
}

static enum status note_row(void *context, const struct event *event, const char *body_json)
{
    (void)body_json;
    *(int64_t *)context = event->seq;
    return STATUS_OK;
}

bool event_feed_has(struct event_feed *feed, int64_t seq)
{
    int64_t found = -1;
    CHECK(pthread_mutex_lock(&feed->lock) == 0);
    const enum status status = store_read_after(feed->reader, seq - 1, 1, note_row, &found);
    CHECK(pthread_mutex_unlock(&feed->lock) == 0);
    return status == STATUS_OK && found == seq;
}

struct shared_text *event_feed_fetch(void *context, int64_t *cursor)
{
    struct event_feed *feed = context;
    struct page page = {.last_seq = *cursor};
    CHECK(pthread_mutex_lock(&feed->lock) == 0);
    const enum status status =
        store_read_after(feed->reader, *cursor, EVENTS_AT_ONCE, write_row, &page);
    CHECK(pthread_mutex_unlock(&feed->lock) == 0);
    struct shared_text *text = NULL;
    if (status != STATUS_OK) {
        log_error("events", "the journal cannot be read: %s", status_text(status));
    } else if (page.text.length > 0) {
        text = shared_text_make(page.text.data, page.text.length);
        *cursor = page.last_seq;
    }
    json_out_free(&page.text);
    return text;
}
