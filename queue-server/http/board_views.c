/* See board_views.h. */
#include "http/board_views.h"

#include "http/inbox.h"

void board_views_free(struct board_views *views)
{
    json_out_free(&views->scratch);
    waiting_list_free(&views->waiting);
}

int64_t board_views_due_ms(const struct board_views *views)
{
    return views->built_ms + BOARD_VIEWS_GAP_MS;
}

/* What all boards show, in the scratch; then the end of one of them. */
static size_t write_board(struct board_views *views, const struct view_source *source)
{
    json_out_reset(&views->scratch);
    board_view_write(&views->scratch, source);
    return views->scratch.length;
}

/* device: a kiosk's code, or NULL for what displays show. */
static void publish_board(struct board_views *views, const struct view_source *source,
                          size_t length, int topic, const char *device)
{
    json_out_cut(&views->scratch, length);
    board_view_end(&views->scratch, source, device);
    (void)hub_publish(views->hub, topic, source->now_ms, views->scratch.data,
                      views->scratch.length);
}

static void publish_boards(struct board_views *views, const struct view_source *source)
{
    size_t length = 0;
    if (hub_is_read(views->hub, TOPIC_BOARD)) {
        length = write_board(views, source);
        publish_board(views, source, length, TOPIC_BOARD, NULL);
    }
    for (int i = 0; i < topics_count(views->topics); i++) {
        const struct topic_name name = topics_name(views->topics, i);
        if (name.kind != TOPIC_OF_KIOSK || !hub_is_read(views->hub, TOPICS_FIRST + i)) {
            continue;
        }
        length = length > 0 ? length : write_board(views, source);
        publish_board(views, source, length, TOPICS_FIRST + i, name.code);
    }
}

/* What was sent, in bytes. */
static int64_t publish_counter(struct board_views *views, const struct view_source *source,
                               int topic, const char *code)
{
    const int counter = engine_find_counter(source->engine, code);
    if (counter < 0 || counter >= QUARTER_COUNTERS_MAX) {
        return 0;
    }
    json_out_reset(&views->scratch);
    counter_view_write(&views->scratch, source, &views->waiting, counter,
                       ledger_texts_at(views->ledger, counter));
    return hub_publish(views->hub, topic, source->now_ms, views->scratch.data,
                       views->scratch.length);
}

static void publish_counters(struct board_views *views, const struct view_source *source)
{
    int64_t sent = 0;
    bool has_list = false;
    for (int i = 0; i < topics_count(views->topics); i++) {
        const struct topic_name name = topics_name(views->topics, i);
        if (name.kind != TOPIC_OF_COUNTER || !hub_is_read(views->hub, TOPICS_FIRST + i)) {
            continue;
        }
        if (!has_list) {
            waiting_list_write(&views->waiting, source);
            has_list = true;
        }
        sent += publish_counter(views, source, TOPICS_FIRST + i, name.code);
    }
    views->counters_due_ms = inbox_monotonic_ms() + sent / HUB_STAFF_BYTES_A_MS;
}

void board_views_publish(struct board_views *views, const struct view_source *source)
{
    const bool counters = inbox_monotonic_ms() >= views->counters_due_ms;
    publish_boards(views, source);
    if (counters) {
        publish_counters(views, source);
    }
    views->built_ms = inbox_monotonic_ms();
    views->stale = !counters;
}

void board_views_publish_one(struct board_views *views, const struct view_source *source, int topic,
                             const char *kiosk)
{
    publish_board(views, source, write_board(views, source), topic, kiosk);
}
