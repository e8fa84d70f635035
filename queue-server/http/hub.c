/* Streams and what they show. See hub.h.
 *
 * Lock order: the hub's lock, then libmicrohttpd's own (inside MHD_suspend_connection). MHD_resume_connection() is
 * called without the hub's lock: it writes an eventfd, and 500 of those under a lock would stall every reader. That is
 * safe, because a suspended connection cannot end before it is resumed. */
#include "http/hub.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http/json_out.h"
#include "http/time_text.h"
#include "quarter/check.h"
#include "quarter/limits.h"

struct shared_text {
    atomic_int references;
    size_t length;
    char data[];
};

struct topic {
    struct shared_text *latest; /* as sent: "event: view\ndata: {...}\n\n" */
    char *fields;               /* of the latest, to see whether anything changed */
    size_t fields_length;
    int64_t serial; /* views: the version; events: the newest seq */
    bool outdated;  /* published while nobody read: no stream starts with it */
    bool ended;     /* its streams end at their next read */
    int reader_count;
    struct stream *streams;
    bool news; /* for the waker */
};

struct stream {
    struct hub *hub;
    struct MHD_Connection *connection;
    struct topic *topic;
    struct stream *next, *previous; /* in the topic */
    struct stream *wake_next;
    hub_fetch *fetch;
    void *fetch_context;
    void (*left)(void *context, int place);
    void *left_context;
    int place;
    int64_t cursor; /* the serial last sent */
    struct shared_text *sending;
    size_t sent;
    unsigned beat; /* the hub's, when the last one was sent */
    char whose[QUARTER_ACTOR_MAX + 1];
    bool greeted; /* the beat of the start was sent */
    bool ended;   /* its last event was sent */
    bool suspended;
    const char *(*is_over)(void *);
    void (*destroy)(void *);
    void *pass;
};

struct hub {
    struct clock *clock;
    int beat_ms;
    void (*wanted)(void *);
    void *wanted_context;
    void (*each_beat)(void *);
    void *beat_context;
    pthread_t waker;
    pthread_mutex_t lock;
    pthread_cond_t news;
    /* under the lock */
    bool stopping;
    bool have_news;
    unsigned beat;
    struct shared_text *beat_text;
    int stream_count, streams_max, topic_count;
    int topics_used; /* those from here on were never read nor published */
    struct topic *topics;
};

static const char view_start[] = "event: view\ndata: {\"version\":";
static const char view_end[] = "}\n\n";

struct shared_text *shared_text_make(const char *data, size_t length)
{
    struct shared_text *text = malloc(sizeof(*text) + length);
    CHECK(text != NULL);
    atomic_init(&text->references, 1);
    text->length = length;
    memcpy(text->data, data, length);
    return text;
}

static struct shared_text *shared_text_hold(struct shared_text *text)
{
    atomic_fetch_add_explicit(&text->references, 1, memory_order_relaxed);
    return text;
}

void shared_text_release(struct shared_text *text)
{
    if (text != NULL &&
        atomic_fetch_sub_explicit(&text->references, 1, memory_order_acq_rel) == 1) {
        free(text);
    }
}

static void lock(struct hub *hub)
{
    CHECK(pthread_mutex_lock(&hub->lock) == 0);
}

static void unlock(struct hub *hub)
{
    CHECK(pthread_mutex_unlock(&hub->lock) == 0);
}

static struct shared_text *make_beat(struct hub *hub)
{
    char now[TIME_TEXT_LEN + 1], text[96];
    time_text_write(clock_now_ms(hub->clock), now);
    const int length = snprintf(text, sizeof(text), "event: beat\ndata: {\"now\":\"%s\"}\n\n", now);
    return shared_text_make(text, (size_t)length);
}

/* Takes the suspended streams with something to send off the topic; the caller resumes them unlocked. */
static void collect_sleepers(struct topic *topic, struct stream **wake)
{
    for (struct stream *stream = topic->streams; stream != NULL; stream = stream->next) {
        if (stream->suspended) {
            stream->suspended = false;
            stream->wake_next = *wake;
            *wake = stream;
        }
    }
}

static void resume_all(struct stream *wake)
{
    while (wake != NULL) {
        struct stream *next = wake->wake_next; /* once resumed, the stream may be gone */
        MHD_resume_connection(wake->connection);
        wake = next;
    }
}

static struct timespec after_ms(int ms)
{
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    time.tv_sec += ms / 1000;
    time.tv_nsec += (long)(ms % 1000) * 1000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

static bool is_past(const struct timespec *due)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec > due->tv_sec || (now.tv_sec == due->tv_sec && now.tv_nsec >= due->tv_nsec);
}

/* With the lock held: whom the news or the beat concern. */
static struct stream *collect(struct hub *hub, bool beat)
{
    struct stream *wake = NULL;
    for (int i = 0; i < hub->topics_used; i++) {
        if (beat || hub->stopping || hub->topics[i].news) {
            hub->topics[i].news = false;
            collect_sleepers(&hub->topics[i], &wake);
        }
    }
    hub->have_news = false;
    return wake;
}

static void *run_waker(void *argument)
{
    struct hub *hub = argument;
    struct timespec beat_due = after_ms(hub->beat_ms);
    bool stopping = false;
    while (!stopping) {
        lock(hub);
        while (!hub->have_news && !hub->stopping && !is_past(&beat_due)) {
            const int result = pthread_cond_timedwait(&hub->news, &hub->lock, &beat_due);
            CHECK(result == 0 || result == ETIMEDOUT);
        }
        const bool beat = is_past(&beat_due);
        if (beat) {
            shared_text_release(hub->beat_text);
            hub->beat_text = make_beat(hub);
            hub->beat++;
            beat_due = after_ms(hub->beat_ms); /* beats that were missed are not made up for */
        }
        struct stream *wake = collect(hub, beat);
        stopping = hub->stopping;
        unlock(hub);
        resume_all(wake);
        if (beat && hub->each_beat != NULL) {
            hub->each_beat(hub->beat_context);
        }
    }
    return NULL;
}

struct hub *hub_create(const struct hub_config *config)
{
    struct hub *hub = calloc(1, sizeof(*hub));
    CHECK(hub != NULL);
    hub->clock = config->clock;
    hub->beat_ms = config->beat_ms > 0 ? config->beat_ms : HUB_BEAT_MS;
    hub->wanted = config->wanted;
    hub->wanted_context = config->wanted_context;
    hub->each_beat = config->each_beat;
    hub->beat_context = config->beat_context;
    hub->topic_count = config->topic_count;
    hub->streams_max = config->streams_max > 0 ? config->streams_max : HUB_STREAMS_MAX;
    hub->topics = calloc((size_t)config->topic_count, sizeof(*hub->topics));
    CHECK(hub->topics != NULL);
    hub->beat_text = make_beat(hub);
    CHECK(pthread_mutex_init(&hub->lock, NULL) == 0);
    pthread_condattr_t attributes;
    CHECK(pthread_condattr_init(&attributes) == 0);
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&hub->news, &attributes) == 0);
    CHECK(pthread_condattr_destroy(&attributes) == 0);
    CHECK(pthread_create(&hub->waker, NULL, run_waker, hub) == 0);
    return hub;
}

void hub_stop(struct hub *hub)
{
    lock(hub);
    const bool first = !hub->stopping;
    hub->stopping = true;
    CHECK(pthread_cond_signal(&hub->news) == 0);
    unlock(hub);
    if (first) {
        CHECK(pthread_join(hub->waker, NULL) == 0);
    }
}

void hub_destroy(struct hub *hub)
{
    if (hub == NULL) {
        return;
    }
    hub_stop(hub);
    CHECK(hub->stream_count == 0);
    for (int i = 0; i < hub->topic_count; i++) {
        shared_text_release(hub->topics[i].latest);
        free(hub->topics[i].fields);
    }
    shared_text_release(hub->beat_text);
    (void)pthread_cond_destroy(&hub->news);
    (void)pthread_mutex_destroy(&hub->lock);
    free(hub->topics);
    free(hub);
}

static struct topic *topic_of(struct hub *hub, int topic)
{
    CHECK(topic >= 0 && topic < hub->topic_count);
    return &hub->topics[topic];
}

/* With the lock held. */
static void note_use(struct hub *hub, const struct topic *topic)
{
    const int index = (int)(topic - hub->topics);
    hub->topics_used = index >= hub->topics_used ? index + 1 : hub->topics_used;
}

bool hub_is_read(struct hub *hub, int topic)
{
    lock(hub);
    const bool read = topic_of(hub, topic)->reader_count > 0;
    unlock(hub);
    return read;
}

int hub_stream_count(struct hub *hub)
{
    lock(hub);
    const int count = hub->stream_count;
    unlock(hub);
    return count;
}

int hub_reader_count(struct hub *hub, int topic)
{
    lock(hub);
    const int count = topic_of(hub, topic)->reader_count;
    unlock(hub);
    return count;
}

static struct shared_text *compose_view(int64_t version, int64_t now_ms, const char *fields,
                                        size_t length)
{
    char now[TIME_TEXT_LEN + 1], head[128];
    time_text_write(now_ms, now);
    const int head_length =
        snprintf(head, sizeof(head), "%s%lld,\"now\":\"%s\",", view_start, (long long)version, now);
    const size_t total = (size_t)head_length + length + sizeof(view_end) - 1;
    struct shared_text *text = malloc(sizeof(*text) + total);
    CHECK(text != NULL);
    atomic_init(&text->references, 1);
    text->length = total;
    memcpy(text->data, head, (size_t)head_length);
    memcpy(text->data + head_length, fields, length);
    memcpy(text->data + (size_t)head_length + length, view_end, sizeof(view_end) - 1);
    return text;
}

/* Versions start at the time in ms, so that they grow across restarts too; a view changes at most 20 times a second. */
static int64_t next_version(const struct topic *topic, int64_t now_ms)
{
    return topic->serial == 0 ? now_ms : topic->serial + 1;
}

static void tell_waker(struct hub *hub, struct topic *topic)
{
    note_use(hub, topic);
    topic->news = true;
    hub->have_news = true;
    CHECK(pthread_cond_signal(&hub->news) == 0);
}

int64_t hub_publish(struct hub *hub, int topic_index, int64_t now_ms, const char *fields,
                    size_t length)
{
    struct topic *topic = topic_of(hub, topic_index);
    lock(hub);
    const bool same = topic->latest != NULL && !topic->outdated && topic->fields_length == length &&
                      memcmp(topic->fields, fields, length) == 0;
    if (!same) {
        topic->serial = next_version(topic, now_ms);
        char *copy = realloc(topic->fields, length + 1);
        CHECK(copy != NULL);
        memcpy(copy, fields, length);
        topic->fields = copy;
        topic->fields_length = length;
    }
    shared_text_release(topic->latest);
    topic->latest = compose_view(topic->serial, now_ms, fields, length);
    topic->outdated = false;
    if (!same) {
        tell_waker(hub, topic);
    }
    const int64_t sent = same ? 0 : topic->reader_count * (int64_t)topic->latest->length;
    unlock(hub);
    return sent;
}

void hub_end(struct hub *hub, int topic_index)
{
    struct topic *topic = topic_of(hub, topic_index);
    lock(hub);
    topic->ended = true;
    tell_waker(hub, topic);
    unlock(hub);
}

char *hub_copy_latest(struct hub *hub, int topic_index)
{
    static const size_t before = sizeof("event: view\ndata: ") - 1;
    char *copy = NULL;
    lock(hub);
    const struct shared_text *latest = topic_of(hub, topic_index)->latest;
    if (latest != NULL) {
        copy = strndup(latest->data + before, latest->length - before - 2);
        CHECK(copy != NULL);
    }
    unlock(hub);
    return copy;
}

void hub_announce(struct hub *hub, int topic_index, int64_t serial)
{
    struct topic *topic = topic_of(hub, topic_index);
    lock(hub);
    topic->serial = serial;
    tell_waker(hub, topic);
    unlock(hub);
}

int64_t hub_serial(struct hub *hub, int topic)
{
    lock(hub);
    const int64_t serial = topic_of(hub, topic)->serial;
    unlock(hub);
    return serial;
}

/* With the lock held, once a beat: the last thing a stream says when whoever reads it may not go on; else NULL. */
static struct shared_text *last_words(struct stream *stream)
{
    char text[64];
    const char *why = stream->is_over != NULL && stream->beat != stream->hub->beat
                          ? stream->is_over(stream->pass)
                          : NULL;
    if (why == NULL) {
        return NULL;
    }
    stream->ended = true;
    const int length =
        snprintf(text, sizeof(text), "event: ended\ndata: {\"why\":\"%s\"}\n\n", why);
    return shared_text_make(text, (size_t)length);
}

/* With the lock held: what to send next, or NULL. A stream starts with the view, then a beat with the time of this
 * very moment, since the view's may be a second old; until the desk has built a first view, it waits. */
static struct shared_text *next_text(struct stream *stream)
{
    struct hub *hub = stream->hub;
    const struct topic *topic = stream->topic;
    const bool has_view = topic->latest != NULL && !topic->outdated;
    struct shared_text *last = last_words(stream);
    if (last != NULL) {
        return last;
    }
    if (stream->fetch == NULL && has_view && stream->cursor != topic->serial) {
        stream->cursor = topic->serial;
        return shared_text_hold(topic->latest);
    }
    if (!stream->greeted && (stream->fetch != NULL || has_view)) {
        stream->greeted = true;
        stream->beat = hub->beat;
        return make_beat(hub);
    }
    if (stream->beat != hub->beat) {
        stream->beat = hub->beat;
        return shared_text_hold(hub->beat_text);
    }
    return NULL;
}

/* Gets the next text to send, or suspends. false: the stream has ended. Without the lock while it fetches, since that
 * reads the disk. */
static bool prepare(struct stream *stream)
{
    struct hub *hub = stream->hub;
    lock(hub);
    if (!hub->stopping && !stream->ended && stream->fetch != NULL && stream->greeted &&
        stream->cursor < stream->topic->serial) {
        stream->sending = last_words(stream);
        unlock(hub);
        if (stream->sending != NULL) {
            return true;
        }
        stream->sending = stream->fetch(stream->fetch_context, &stream->cursor);
        return stream->sending != NULL; /* what was announced is there, or the disk has failed */
    }
    const bool goes_on = !hub->stopping && !stream->topic->ended && !stream->ended;
    if (goes_on) {
        stream->sending = next_text(stream);
        if (stream->sending == NULL) {
            stream->suspended = true;
            MHD_suspend_connection(stream->connection);
        }
    }
    unlock(hub);
    return goes_on;
}

/* libmicrohttpd asks for up to max bytes. Suspending inside and returning 0 is what it documents for "not yet". */
static ssize_t read_stream(void *context, uint64_t position, char *out, size_t max)
{
    struct stream *stream = context;
    (void)position;
    if (stream->sending == NULL && !prepare(stream)) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (stream->sending == NULL) {
        return 0;
    }
    const size_t rest = stream->sending->length - stream->sent;
    const size_t count = rest < max ? rest : max;
    memcpy(out, stream->sending->data + stream->sent, count);
    stream->sent += count;
    if (stream->sent == stream->sending->length) {
        shared_text_release(stream->sending);
        stream->sending = NULL;
        stream->sent = 0;
    }
    return (ssize_t)count;
}

static void forget_stream(struct stream *stream)
{
    if (stream->left != NULL) {
        stream->left(stream->left_context, stream->place);
    }
    shared_text_release(stream->sending);
    if (stream->destroy != NULL) {
        stream->destroy(stream->pass);
    }
    free(stream);
}

static void leave(void *context)
{
    struct stream *stream = context;
    struct hub *hub = stream->hub;
    lock(hub);
    if (stream->previous != NULL) {
        stream->previous->next = stream->next;
    } else {
        stream->topic->streams = stream->next;
    }
    if (stream->next != NULL) {
        stream->next->previous = stream->previous;
    }
    stream->topic->reader_count--;
    hub->stream_count--;
    unlock(hub);
    forget_stream(stream);
}

/* With the lock held. */
static bool has_enough_streams(const struct hub *hub, const char *whose)
{
    int count = 0;
    for (int i = 0; i < hub->topics_used && whose[0] != '\0'; i++) {
        for (const struct stream *each = hub->topics[i].streams; each != NULL; each = each->next) {
            count += strcmp(each->whose, whose) == 0;
        }
    }
    return count >= HUB_STREAMS_EACH;
}

/* false: no room. Sets `first` when nobody read the topic before, so that its latest view may be stale. */
static bool admit(struct hub *hub, struct stream *stream, bool *first, bool *enough)
{
    lock(hub);
    *enough = has_enough_streams(hub, stream->whose);
    const bool room = !hub->stopping && !*enough && hub->stream_count < hub->streams_max;
    if (room) {
        struct topic *topic = stream->topic;
        *first = topic->reader_count == 0;
        topic->ended &= !*first;
        topic->outdated |= *first; /* kept all the same: the desk may be about to copy it */
        stream->next = topic->streams;
        if (topic->streams != NULL) {
            topic->streams->previous = stream;
        }
        topic->streams = stream;
        topic->reader_count++;
        note_use(hub, topic);
        hub->stream_count++;
        stream->beat = hub->beat;
    }
    unlock(hub);
    return room;
}

struct MHD_Response *hub_join(struct hub *hub, const struct stream_request *request,
                              struct MHD_Connection *connection, bool *has_enough)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    CHECK(stream != NULL);
    stream->hub = hub;
    stream->connection = connection;
    stream->topic = topic_of(hub, request->topic);
    stream->cursor = request->cursor;
    stream->fetch = request->fetch;
    stream->fetch_context = request->fetch_context;
    stream->left = request->left;
    stream->left_context = request->left_context;
    stream->place = request->place;
    stream->is_over = request->is_over;
    stream->destroy = request->destroy;
    stream->pass = request->pass;
    (void)snprintf(stream->whose, sizeof(stream->whose), "%s",
                   request->whose != NULL ? request->whose : "");
    bool first = false, enough = false;
    const bool is_in = admit(hub, stream, &first, &enough);
    if (has_enough != NULL) {
        *has_enough = enough;
    }
    if (!is_in) {
        forget_stream(stream);
        return NULL;
    }
    if (first && hub->wanted != NULL) {
        hub->wanted(hub->wanted_context);
    }
    /* The block size is a buffer per stream that chunked replies never use. */
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, read_stream, stream, leave);
    if (response == NULL) {
        leave(stream);
    }
    return response;
}
