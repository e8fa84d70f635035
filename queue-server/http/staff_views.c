/* The views of the whole floor, published. See staff_views.h. */
#include "http/staff_views.h"

#include <time.h>

#include "http/floor_view.h"
#include "http/manager_view.h"
#include "quarter/check.h"

enum {
    GAP_MS = 200, /* a view of the whole floor is built at most 5 times a second */
    RESTS =
        30, /* ... and takes a thirtieth of the desk's time: thousands of visits are slow to count */
    AGE_MS = 15000, /* of engine time */
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void staff_views_free(struct staff_views *views)
{
    json_out_free(&views->text);
}

int64_t staff_views_due_ms(const struct staff_views *views)
{
    const int64_t rests[] = {GAP_MS, RESTS * views->took_us / 1000,
                             views->sent_bytes / HUB_STAFF_BYTES_A_MS};
    int64_t rest_ms = 0;
    for (size_t i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
        rest_ms = rests[i] > rest_ms ? rests[i] : rest_ms;
    }
    return views->built_ms + rest_ms;
}

void staff_views_look(struct staff_views *views, int64_t now_ms)
{
    views->stale |= now_ms - views->shown_ms >= AGE_MS;
}

static void write_floor(struct staff_views *views, const struct view_source *source)
{
    json_out_reset(&views->text);
    floor_view_write(&views->text, source);
}

static void publish(struct staff_views *views, struct hub *hub, int topic,
                    const struct view_source *source)
{
    views->sent_bytes +=
        hub_publish(hub, topic, source->now_ms, views->text.data, views->text.length);
}

/* What the manager sees after the floor is appended to it. */
void staff_views_publish(struct staff_views *views, struct hub *hub,
                         const struct view_source *source)
{
    const int64_t started_us = monotonic_us();
    views->sent_bytes = 0;
    const bool floor = hub_is_read(hub, TOPIC_FLOOR);
    const bool manager = hub_is_read(hub, TOPIC_MANAGER);
    if (floor || manager) {
        write_floor(views, source);
    }
    if (floor) {
        publish(views, hub, TOPIC_FLOOR, source);
    }
    if (manager) {
        manager_view_write(&views->text, source);
        publish(views, hub, TOPIC_MANAGER, source);
    }
    const int64_t ended_us = monotonic_us();
    views->stale = false;
    views->took_us = ended_us - started_us;
    views->built_ms = ended_us / 1000;
    views->shown_ms = source->now_ms;
}

char *staff_views_floor(struct staff_views *views, struct hub *hub,
                        const struct view_source *source)
{
    write_floor(views, source);
    publish(views, hub, TOPIC_FLOOR, source);
    return hub_copy_latest(hub, TOPIC_FLOOR);
}
