/* Streams a journal through the learner. See history.h. */
#include "simulate/history.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/forecast/learner.h"
#include "store/store.h"

enum { ROWS_AT_ONCE = 4096 };

struct reading {
    struct learner *learner;
    int64_t after;
    int rows; /* of this step */
};

static struct local_time local_time_at(void *context, int64_t at_ms)
{
    static const int64_t day_ms = INT64_C(86400000), quarter_ms = 900000;
    const struct site *site = context;
    const int64_t local_ms = at_ms + INT64_C(1000) * site_utc_offset_s(site, at_ms);
    /* 1970-01-01 was a Thursday. */
    return (struct local_time){.weekday = (int)((local_ms / day_ms + 3) % KNOWLEDGE_WEEKDAYS),
                               .quarter = (int)(local_ms % day_ms / quarter_ms)};
}

static enum status take_row(void *context, const struct event *event, const char *body_json)
{
    struct reading *reading = context;
    (void)body_json;
    learner_take(reading->learner, event);
    reading->after = event->seq;
    reading->rows++;
    return STATUS_OK;
}

static enum status read_all(struct store_reader *reader, struct reading *reading)
{
    enum status status = STATUS_OK;
    do {
        reading->rows = 0;
        status = store_read_after(reader, reading->after, ROWS_AT_ONCE, take_row, reading);
    } while (status == STATUS_OK && reading->rows > 0);
    return status;
}

enum status history_read(const char *data, const struct site *site, struct knowledge *knowledge,
                         char message[HISTORY_MESSAGE_BYTES])
{
    char path[PATH_MAX];
    char keys[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/journal.db", data);
    (void)snprintf(keys, sizeof(keys), "%s/keys", data);
    /* Opening would make one. */
    if (access(path, R_OK) != 0) {
        (void)snprintf(message, HISTORY_MESSAGE_BYTES, "%.200s holds no journal.db to read", data);
        return STATUS_NOT_FOUND;
    }
    struct store_reader *reader = NULL;
    enum status status =
        store_reader_open(&(struct store_config){.path = path, .key_dir = keys}, &reader);
    if (status != STATUS_OK) {
        (void)snprintf(message, HISTORY_MESSAGE_BYTES, "%.200s/journal.db cannot be opened", data);
        return status;
    }
    /* The callback's context is not const; the site is only read. */
    void *context = NULL;
    memcpy(&context, &site, sizeof(context));
    struct reading reading = {.learner = learner_create(knowledge, 0, local_time_at, context)};
    learner_set_rules(reading.learner, site_rules(site));
    status = read_all(reader, &reading);
    if (status != STATUS_OK) {
        (void)snprintf(message, HISTORY_MESSAGE_BYTES, "%.200s/journal.db: %.200s", data,
                       store_reader_error(reader));
    }
    learner_destroy(reading.learner);
    store_reader_close(reader);
    return status;
}
