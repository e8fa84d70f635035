/* Visits as their own phones follow them. See visits.h.
 *
 * One lock over the table and the places. The desk holds it while it writes and publishes the view of one place, and a
 * stream is joined under it: so no place can pass from one visit to another between the view and who gets it. Lock
 * order: this lock, then the hub's. */
#include "http/visits.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/hub.h"
#include "http/visit_json.h"
#include "http/visit_names.h"
#include "http/visit_tokens.h"
#include "http/visit_tries.h"
#include "quarter/check.h"

/* A token and whose it is. */
struct known {
    char token[VISIT_TOKEN_LEN + 1];
    char ticket[QUARTER_ULID_LEN + 1]; /* "": a free place of the table */
};

struct visits {
    struct clock *clock;
    int beat_ms;
    struct visit_key key;
    struct visit_tries *wrong;
    struct hub *hub;      /* of phones; NULL before visits_start() */
    struct json_out view; /* the desk's */
    int64_t published_ms; /* likewise */
    pthread_mutex_t lock;
    /* under the lock */
    struct visit_names names; /* written by the desk alone, which reads it without */
    char day[QUARTER_DAY_LEN + 1];
    size_t count, capacity; /* of the table: a power of 2, at most half full */
    struct known *table;
    char last[QUARTER_ULID_LEN + 1];                          /* the ticket written down last */
    char followed[VISITS_FOLLOWED_MAX][QUARTER_ULID_LEN + 1]; /* by the hub's topic */
    bool fresh[VISITS_FOLLOWED_MAX];                          /* somebody waits for a first view */
    int fresh_count;
};

static void lock(struct visits *visits)
{
    CHECK(pthread_mutex_lock(&visits->lock) == 0);
}

static void unlock(struct visits *visits)
{
    CHECK(pthread_mutex_unlock(&visits->lock) == 0);
}

enum status visits_create(const struct visits_config *config, struct visits **visits, char *error,
                          size_t error_size)
{
    struct visits *created = calloc(1, sizeof(*created));
    CHECK(created != NULL);
    const enum status status = visit_key_load(config->key_dir, &created->key, error, error_size);
    if (status != STATUS_OK) {
        free(created);
        return status;
    }
    created->clock = config->clock;
    created->beat_ms = config->beat_ms > 0 ? config->beat_ms : VISITS_BEAT_MS;
    created->wrong = visit_tries_create();
    CHECK(pthread_mutex_init(&created->lock, NULL) == 0);
    *visits = created;
    return STATUS_OK;
}

void visits_start(struct visits *visits, void (*wanted)(void *context), void *context)
{
    const struct hub_config hub = {.topic_count = VISITS_FOLLOWED_MAX,
                                   .streams_max = VISITS_FOLLOWED_MAX,
                                   .beat_ms = visits->beat_ms,
                                   .clock = visits->clock,
                                   .wanted = wanted,
                                   .wanted_context = context};
    visits->hub = hub_create(&hub);
}

void visits_stop(struct visits *visits)
{
    if (visits != NULL && visits->hub != NULL) {
        hub_stop(visits->hub);
    }
}

void visits_destroy(struct visits *visits)
{
    if (visits == NULL) {
        return;
    }
    hub_destroy(visits->hub);
    visit_names_free(&visits->names);
    json_out_free(&visits->view);
    visit_tries_destroy(visits->wrong);
    free(visits->table);
    sodium_memzero(&visits->key, sizeof(visits->key));
    CHECK(pthread_mutex_destroy(&visits->lock) == 0);
    free(visits);
}

/* --- whose token --------------------------------------------------------------------------- */

/* Tokens are as good as random, and nobody outside chooses those that are written down: their own letters scatter them. */
static size_t home_of(const struct visits *visits, const char *token)
{
    size_t value = 0;
    for (int i = 0; i < 12; i++) {
        value = value << 5 | ((unsigned char)token[i] & 31U);
    }
    return value & (visits->capacity - 1);
}

static void put(struct visits *visits, const struct known *known)
{
    size_t place = home_of(visits, known->token);
    while (visits->table[place].ticket[0] != '\0') {
        place = (place + 1) & (visits->capacity - 1);
    }
    visits->table[place] = *known;
    visits->count++;
}

static void grow(struct visits *visits)
{
    struct known *old = visits->table;
    const size_t old_capacity = visits->capacity;
    visits->capacity = old_capacity == 0 ? 256 : old_capacity * 2;
    visits->table = calloc(visits->capacity, sizeof(*visits->table));
    CHECK(visits->table != NULL);
    visits->count = 0;
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].ticket[0] != '\0') {
            put(visits, &old[i]);
        }
    }
    free(old);
}

static void write_down(struct visits *visits, const char *ticket)
{
    struct known known;
    if (visits->count * 2 >= visits->capacity) {
        grow(visits);
    }
    visit_token_make(&visits->key, ticket, known.token);
    (void)snprintf(known.ticket, sizeof(known.ticket), "%s", ticket);
    put(visits, &known);
    memcpy(visits->last, known.ticket, sizeof(visits->last));
}

static void forget_all(struct visits *visits)
{
    free(visits->table);
    visits->table = NULL;
    visits->count = visits->capacity = 0;
    visits->last[0] = '\0';
}

/* Is what was written down the beginning of the engine's tickets still? Another day begins anew, and so does an engine that
 * was rebuilt without what could not be stored. */
static bool is_beginning(const struct visits *visits, const struct engine *engine)
{
    const size_t count = visits->count;
    return strcmp(visits->day, engine_day(engine)) == 0 && count <= engine_ticket_count(engine) &&
           (count == 0 || strcmp(engine_ticket(engine, count - 1)->id, visits->last) == 0);
}

void visits_keep_up(struct visits *visits, const struct view_source *source)
{
    const struct engine *engine = source->engine;
    lock(visits);
    visit_names_take(&visits->names, source->site);
    if (!is_beginning(visits, engine)) {
        forget_all(visits);
    }
    (void)snprintf(visits->day, sizeof(visits->day), "%s", engine_day(engine));
    /* Without an address for phones there are no tokens. */
    const size_t wanted = visits->names.public_url[0] != '\0' ? engine_ticket_count(engine) : 0;
    if (wanted < visits->count) {
        forget_all(visits);
    }
    for (size_t i = visits->count; i < wanted; i++) {
        write_down(visits, engine_ticket(engine, i)->id);
    }
    unlock(visits);
}

/* With the lock held. */
static const struct known *find(const struct visits *visits, const char *token)
{
    if (visits->capacity == 0 || !visit_token_is_formed(token)) {
        return NULL;
    }
    size_t place = home_of(visits, token);
    for (; visits->table[place].ticket[0] != '\0'; place = (place + 1) & (visits->capacity - 1)) {
        if (sodium_memcmp(visits->table[place].token, token, VISIT_TOKEN_LEN) == 0) {
            return &visits->table[place];
        }
    }
    return NULL;
}

enum visit_search visits_find(struct visits *visits, const char *token, const char *address,
                              char ticket[QUARTER_ULID_LEN + 1])
{
    lock(visits);
    const struct known *known = find(visits, token);
    if (known != NULL) {
        memcpy(ticket, known->ticket, QUARTER_ULID_LEN + 1);
    }
    unlock(visits);
    if (known != NULL) {
        return VISIT_FOUND;
    }
    return visit_tries_note(visits->wrong, address) ? VISIT_UNKNOWN : VISIT_TOO_OFTEN;
}

bool visits_url(const struct visits *visits, const char *ticket, char url[VISIT_URL_BYTES])
{
    char token[VISIT_TOKEN_LEN + 1];
    if (visits == NULL || visits->names.public_url[0] == '\0') {
        return false;
    }
    visit_token_make(&visits->key, ticket, token);
    (void)snprintf(url, VISIT_URL_BYTES, "%s/t/%s", visits->names.public_url, token);
    return true;
}

/* --- who looks ----------------------------------------------------------------------------- */

static void write_view(struct visits *visits, const struct view_source *source,
                       const struct ticket *ticket)
{
    json_out_reset(&visits->view);
    visit_json_write(&visits->view, source, &visits->names, ticket);
}

static const struct ticket *find_told(const struct view_source *source, const char *id)
{
    const struct ticket *ticket = engine_find_ticket(source->engine, id);
    return ticket != NULL && visit_is_told(ticket, source->now_ms) ? ticket : NULL;
}

/* With the lock held. */
static void publish_place(struct visits *visits, const struct view_source *source, int place)
{
    const struct ticket *ticket = find_told(source, visits->followed[place]);
    if (ticket == NULL) {
        hub_end(visits->hub, place);
        return;
    }
    write_view(visits, source, ticket);
    (void)hub_publish(visits->hub, place, source->now_ms, visits->view.data, visits->view.length);
}

/* With the lock held. */
static void look_after_place(struct visits *visits, const struct view_source *source, int place,
                             bool is_due)
{
    if (visits->followed[place][0] == '\0' || (!is_due && !visits->fresh[place])) {
        return;
    }
    visits->fresh_count -= visits->fresh[place];
    visits->fresh[place] = false;
    if (hub_is_read(visits->hub, place)) {
        publish_place(visits, source, place);
    } else {
        visits->followed[place][0] = '\0';
    }
}

void visits_publish(struct visits *visits, const struct view_source *source, int64_t monotonic_ms)
{
    const bool is_due = monotonic_ms - visits->published_ms >= VISITS_ROUND_MS;
    lock(visits);
    const bool is_idle = !is_due && visits->fresh_count == 0;
    unlock(visits);
    if (is_idle) {
        return;
    }
    visits->published_ms = is_due ? monotonic_ms : visits->published_ms;
    for (int i = 0; i < VISITS_FOLLOWED_MAX; i++) {
        lock(visits); /* for each anew: whoever asks for a token waits for one view at most */
        look_after_place(visits, source, i, is_due);
        unlock(visits);
    }
}

char *visits_document(struct visits *visits, const struct view_source *source, const char *id)
{
    const struct ticket *ticket = find_told(source, id);
    if (ticket == NULL) {
        return NULL;
    }
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "version"); /* as the hub counts: by the time */
    json_out_integer(&out, source->now_ms);
    json_out_key(&out, "now");
    json_out_time(&out, source->now_ms);
    visit_json_write(&out, source, &visits->names, ticket);
    json_out_close(&out, '}');
    return json_out_take(&out);
}

/* With the lock held: where this visit is followed, or can be; -1: nowhere. */
static int place_for(struct visits *visits, const char *ticket)
{
    int free_place = -1;
    for (int i = 0; i < VISITS_FOLLOWED_MAX; i++) {
        const int readers = hub_reader_count(visits->hub, i);
        if (readers == 0) {
            free_place = free_place < 0 ? i : free_place;
        } else if (strcmp(visits->followed[i], ticket) == 0) {
            return readers < VISITS_STREAMS_EACH ? i : -1;
        }
    }
    return free_place;
}

struct MHD_Response *visits_follow(struct visits *visits, const char *ticket,
                                   struct MHD_Connection *connection)
{
    struct MHD_Response *response = NULL;
    lock(visits);
    const int place = place_for(visits, ticket);
    if (place >= 0) {
        memcpy(visits->followed[place], ticket, QUARTER_ULID_LEN + 1);
        visits->fresh_count += !visits->fresh[place];
        visits->fresh[place] = true;
        response =
            hub_join(visits->hub, &(struct stream_request){.topic = place}, connection, NULL);
    }
    unlock(visits);
    return response;
}

/* --- from outside -------------------------------------------------------------------------- */

bool visits_is_public_host(struct visits *visits, const char *host)
{
    if (host == NULL) {
        return false;
    }
    lock(visits);
    const char *ours = visits->names.public_host;
    const bool is_ours = ours[0] != '\0' && strcasecmp(host, ours) == 0;
    unlock(visits);
    return is_ours;
}

bool visits_is_public_origin(struct visits *visits, const char *origin)
{
    static const char scheme[] = "https://";
    return origin != NULL && strncmp(origin, scheme, sizeof(scheme) - 1) == 0 &&
           visits_is_public_host(visits, origin + sizeof(scheme) - 1);
}

bool visits_is_public_path(const char *path)
{
    static const char *const starts[] = {"/t/", "/api/visits/", "/api/words/", "/web/"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (strncmp(path, starts[i], strlen(starts[i])) == 0) {
            return true;
        }
    }
    return false;
}
