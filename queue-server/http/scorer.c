/* Promises against what happened. See scorer.h. */
#include "http/scorer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { SLOTS_START = 256 };

static const char text_head[] = "scorer 1 "; /* and its version */

/* Somebody who waits. */
struct visit {
    char id[QUARTER_ULID_LEN + 1]; /* "": a free slot */
    bool waits;
    bool alarmed, in_time; /* told anew that it takes longer; while the first promise still held */
    int64_t leg_from_ms;
    struct promise promise; /* told first */
};

struct scored_day {
    char day[QUARTER_DAY_LEN + 1];
    struct promise_score score;
};

struct scorer {
    struct promise_level level;
    int day_count; /* newest first */
    struct scored_day days[SCORER_DAYS];
    bool is_open;
    size_t visit_count, slot_count; /* slots: a power of 2 */
    struct visit *visits;           /* of the day under way, by id, open addressing */
};

struct scorer *scorer_create(void)
{
    struct scorer *scorer = calloc(1, sizeof(*scorer));
    CHECK(scorer != NULL);
    promise_level_init(&scorer->level);
    return scorer;
}

void scorer_destroy(struct scorer *scorer)
{
    if (scorer != NULL) {
        free(scorer->visits);
        free(scorer);
    }
}

/* --- who waits ----------------------------------------------------------------------------- */

/* FNV-1a, 64 bits. */
static size_t hash_of(const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *id != '\0'; id++) {
        hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
    }
    return (size_t)(hash ^ (hash >> 32));
}

/* The visit's slot, or the free one where it would go. */
static struct visit *slot_of(struct visit *visits, size_t slot_count, const char *id)
{
    size_t at = hash_of(id) & (slot_count - 1);
    while (visits[at].id[0] != '\0' && strcmp(visits[at].id, id) != 0) {
        at = (at + 1) & (slot_count - 1);
    }
    return &visits[at];
}

static void grow(struct scorer *scorer)
{
    const size_t slot_count = scorer->slot_count == 0 ? SLOTS_START : scorer->slot_count * 2;
    struct visit *visits = calloc(slot_count, sizeof(*visits));
    CHECK(visits != NULL);
    for (size_t i = 0; i < scorer->slot_count; i++) {
        if (scorer->visits[i].id[0] != '\0') {
            *slot_of(visits, slot_count, scorer->visits[i].id) = scorer->visits[i];
        }
    }
    free(scorer->visits);
    scorer->visits = visits;
    scorer->slot_count = slot_count;
}

/* NULL: not known, or not waiting. */
static struct visit *waiting_visit(struct scorer *scorer, const char *id)
{
    if (scorer->slot_count == 0) {
        return NULL;
    }
    struct visit *visit = slot_of(scorer->visits, scorer->slot_count, id);
    return visit->id[0] != '\0' && visit->waits ? visit : NULL;
}

static void begin_visit(struct scorer *scorer, const char *id, int64_t leg_from_ms,
                        const struct promise *promise)
{
    if (scorer->visit_count * 2 >= scorer->slot_count) {
        grow(scorer);
    }
    struct visit *visit = slot_of(scorer->visits, scorer->slot_count, id);
    scorer->visit_count += visit->id[0] == '\0';
    *visit = (struct visit){.waits = true, .leg_from_ms = leg_from_ms, .promise = *promise};
    (void)snprintf(visit->id, sizeof(visit->id), "%s", id);
}

static void forget_visits(struct scorer *scorer)
{
    free(scorer->visits);
    scorer->visits = NULL;
    scorer->visit_count = scorer->slot_count = 0;
}

/* --- what became of them ------------------------------------------------------------------- */

static void begin_day(struct scorer *scorer, const char *day)
{
    scorer->is_open = true;
    if (scorer->day_count > 0 && strcmp(scorer->days[0].day, day) == 0) {
        return; /* closed by hand and opened again */
    }
    if (scorer->day_count == 0 || scorer->days[0].score.count > 0) { /* else it is written over */
        const int kept = scorer->day_count < SCORER_DAYS ? scorer->day_count : SCORER_DAYS - 1;
        memmove(&scorer->days[1], &scorer->days[0], (size_t)kept * sizeof(scorer->days[0]));
        scorer->day_count = kept + 1;
    }
    scorer->days[0] = (struct scored_day){0};
    (void)snprintf(scorer->days[0].day, sizeof(scorer->days[0].day), "%s", day);
}

static int32_t high_s(const struct promise *promise)
{
    return promise_high_min(promise->p90_s) * 60;
}

static int32_t waited_s(const struct visit *visit, int64_t at_ms)
{
    return at_ms > visit->leg_from_ms ? (int32_t)((at_ms - visit->leg_from_ms) / 1000) : 0;
}

/* A wait of nothing that was told as nothing says nothing of forecasts. */
static bool was_delayed(const struct visit *visit, int32_t wait_s)
{
    return visit->promise.known && (wait_s > 0 || visit->promise.p90_s > 0);
}

static void end_by_call(struct scorer *scorer, struct visit *visit, int64_t at_ms)
{
    const int32_t wait_s = waited_s(visit, at_ms);
    visit->waits = false;
    if (scorer->day_count == 0 || !was_delayed(visit, wait_s)) {
        return;
    }
    const struct wait_range told = {.p20_s = visit->promise.p20_s,
                                    .p50_s = visit->promise.p50_s,
                                    .p90_s = visit->promise.p90_s,
                                    .mean_s = visit->promise.p50_s,
                                    .within_permille = visit->promise.within_permille};
    struct promise_score *score = &scorer->days[0].score;
    promise_score_add(score, &told, wait_s);
    promise_score_alarm(score, wait_s > high_s(&visit->promise), visit->alarmed, visit->in_time);
    promise_level_learn(&scorer->level, wait_s, told.p90_s);
}

/* Who left, or was sent home, was never called: a promise can have been broken, but no wait can be measured. */
static void end_without_call(struct scorer *scorer, struct visit *visit, int64_t at_ms)
{
    visit->waits = false;
    const bool broken = visit->promise.known && waited_s(visit, at_ms) > high_s(&visit->promise);
    if (scorer->day_count > 0 && broken) {
        promise_score_alarm(&scorer->days[0].score, true, visit->alarmed, visit->in_time);
    }
}

static void note_promise(struct visit *visit, const struct event *event)
{
    const struct promise *told = &event->body.promise;
    if (!visit->promise.known) {
        visit->promise = *told;
    } else if (high_s(told) > high_s(&visit->promise) && !visit->alarmed) {
        visit->alarmed = true;
        visit->in_time = waited_s(visit, event->at_ms) <= high_s(&visit->promise);
    }
}

void scorer_take(struct scorer *scorer, const struct event *event)
{
    static const struct promise nothing;
    struct visit *visit = waiting_visit(scorer, event->ticket);
    if (event->type == EVENT_DAY_OPENED) {
        begin_day(scorer, event->day);
    } else if (event->type == EVENT_DAY_CLOSED) {
        scorer->is_open = false;
        forget_visits(scorer);
    } else if (event->type == EVENT_TICKET_ISSUED) {
        begin_visit(scorer, event->ticket, event->body.issued.leg_from_ms,
                    &event->body.issued.promise);
    } else if (event->type == EVENT_TICKET_TRANSFERRED) {
        begin_visit(scorer, event->ticket, event->body.transferred.leg_from_ms, &nothing);
    } else if (event->type == EVENT_TICKET_UNPARKED) {
        begin_visit(scorer, event->ticket, event->body.unparked.leg_from_ms, &nothing);
    } else if (event->type == EVENT_TICKET_EDITED && visit != NULL) {
        visit->promise = nothing; /* it was told of another visit; what is told next counts */
    } else if (event->type == EVENT_TICKET_HELD && visit != NULL) {
        visit->waits = false; /* by its own will: no forecast is right or wrong about that */
    } else if (event->type == EVENT_PROMISE_MADE && visit != NULL) {
        note_promise(visit, event);
    } else if (event->type == EVENT_TICKET_CALLED && visit != NULL) {
        end_by_call(scorer, visit, event->at_ms);
    } else if (event->type == EVENT_TICKET_LEFT && visit != NULL) {
        end_without_call(scorer, visit, event->at_ms);
    }
}

/* --- figures ------------------------------------------------------------------------------- */

void scorer_figures(const struct scorer *scorer, struct scorer_figures *figures)
{
    *figures = (struct scorer_figures){.level = scorer->level, .days = scorer->day_count};
    for (int i = 0; i < scorer->day_count; i++) {
        promise_score_merge(&figures->recent, &scorer->days[i].score);
    }
    if (scorer->day_count > 0) {
        figures->today = scorer->days[0].score;
        memcpy(figures->day, scorer->days[0].day, sizeof(figures->day));
    }
}

double scorer_level(const struct scorer *scorer)
{
    return scorer->level.level;
}

/* --- written form -------------------------------------------------------------------------- */

bool scorer_at_rest(const struct scorer *scorer)
{
    return !scorer->is_open;
}

/* Doubles in hexadecimal are exact. */
char *scorer_write(const struct scorer *scorer, int64_t through_seq)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    CHECK(out != NULL);
    (void)fprintf(out, "%s%" PRId64 " %a %" PRId64 " %d\n", text_head, through_seq,
                  scorer->level.level, scorer->level.outcomes, scorer->day_count);
    for (int i = 0; i < scorer->day_count; i++) {
        const struct promise_score *score = &scorer->days[i].score;
        (void)fprintf(out,
                      "%s %" PRId64 " %a %a %a %a %a %a %" PRId64 " %" PRId64 " %" PRId64
                      " %a %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
                      scorer->days[i].day, score->count, score->squared_mean_s2,
                      score->absolute_median_s, score->squared_median_s2, score->absolute_mean_s,
                      score->pinball_50_s, score->pinball_90_s, score->within_p50,
                      score->within_p90, score->within_high, score->width_s, score->broken,
                      score->announced, score->alarms, score->false_alarms);
    }
    CHECK(fclose(out) == 0);
    return text;
}

/* Each reads the next word of the text and goes on behind it; false: it is none of those. */

static bool read_whole(const char **at, int64_t *value)
{
    char *end = NULL;
    *value = strtoll(*at, &end, 10);
    const bool read = end != *at && (*end == ' ' || *end == '\n');
    *at = read ? end + 1 : *at;
    return read;
}

static bool read_double(const char **at, double *value)
{
    char *end = NULL;
    *value = strtod(*at, &end);
    const bool read = end != *at && (*end == ' ' || *end == '\n');
    *at = read ? end + 1 : *at;
    return read;
}

static bool read_date(const char **at, char day[QUARTER_DAY_LEN + 1])
{
    const size_t length = strspn(*at, "0123456789-");
    if (length != QUARTER_DAY_LEN || (*at)[length] != ' ') {
        return false;
    }
    memcpy(day, *at, length);
    day[length] = '\0';
    *at += length + 1;
    return true;
}

static bool read_day(const char **at, struct scored_day *day)
{
    struct promise_score *score = &day->score;
    return read_date(at, day->day) && read_whole(at, &score->count) &&
           read_double(at, &score->squared_mean_s2) && read_double(at, &score->absolute_median_s) &&
           read_double(at, &score->squared_median_s2) && read_double(at, &score->absolute_mean_s) &&
           read_double(at, &score->pinball_50_s) && read_double(at, &score->pinball_90_s) &&
           read_whole(at, &score->within_p50) && read_whole(at, &score->within_p90) &&
           read_whole(at, &score->within_high) && read_double(at, &score->width_s) &&
           read_whole(at, &score->broken) && read_whole(at, &score->announced) &&
           read_whole(at, &score->alarms) && read_whole(at, &score->false_alarms);
}

static bool read_text(const char *at, struct scorer *scorer, int64_t *through_seq)
{
    int64_t days = 0;
    const size_t head = sizeof(text_head) - 1;
    if (strncmp(at, text_head, head) != 0) {
        return false;
    }
    at += head;
    if (!read_whole(&at, through_seq) || !read_double(&at, &scorer->level.level) ||
        !read_whole(&at, &scorer->level.outcomes) || !read_whole(&at, &days) || days < 0 ||
        days > SCORER_DAYS || *through_seq < 0 || !(scorer->level.level > 0) ||
        !(scorer->level.level < 1)) {
        return false;
    }
    for (; scorer->day_count < days; scorer->day_count++) {
        if (!read_day(&at, &scorer->days[scorer->day_count])) {
            return false;
        }
    }
    return *at == '\0';
}

enum status scorer_read(struct scorer *scorer, const char *text, int64_t *through_seq)
{
    struct scorer read = {0};
    int64_t seq = 0;
    const bool fine = read_text(text, &read, &seq);
    forget_visits(scorer);
    *scorer = read;
    if (!fine) {
        *scorer = (struct scorer){0};
        promise_level_init(&scorer->level);
        return STATUS_CORRUPT;
    }
    *through_seq = seq;
    return STATUS_OK;
}
