/* Answers to what-ifs. See counsel.h. */
#include "http/counsel.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/advice_json.h"
#include "quarter/check.h"

enum { LOOK_RUNS = 32, ADVICE_RUNS = 100, WHAT_IF_RUNS = 200 };

static const int64_t advice_age_ms = 15000; /* of engine time: how old an advice may grow */
static const uint64_t seed = 1;             /* the same question gets the same answer */

/* The answer to GET /api/advice, while it is fresh. */
struct advice_cache {
    char *json; /* NULL: none */
    int64_t as_of_ms;
    char day[QUARTER_DAY_LEN + 1];
};

struct counsel {
    struct advisor *advisor;
    struct advice_cache cache;
};

struct counsel *counsel_create(void)
{
    struct counsel *counsel = calloc(1, sizeof(*counsel));
    CHECK(counsel != NULL);
    counsel->advisor = advisor_create();
    return counsel;
}

void counsel_destroy(struct counsel *counsel)
{
    if (counsel != NULL) {
        advisor_destroy(counsel->advisor);
        free(counsel->cache.json);
        free(counsel);
    }
}

static void give_advice(struct counsel *counsel, const struct scene *scene, struct desk_job *job)
{
    struct advice_cache *cache = &counsel->cache;
    const bool is_fresh = cache->json != NULL && strcmp(cache->day, scene->day) == 0 &&
                          scene->now_ms - cache->as_of_ms < advice_age_ms;
    if (!is_fresh) {
        struct json_out out = {0};
        struct advice *advice = calloc(1, sizeof(*advice));
        CHECK(advice != NULL);
        advice_make(counsel->advisor, &scene->snapshot,
                    &(struct advice_options){.runs = ADVICE_RUNS, .seed = seed}, advice);
        advice_json_write(&out, advice, scene);
        free(advice);
        free(cache->json);
        cache->json = json_out_take(&out);
        cache->as_of_ms = scene->now_ms;
        memcpy(cache->day, scene->day, sizeof(cache->day));
    }
    job->body = strdup(cache->json);
    CHECK(job->body != NULL);
    job->http_status = 200;
}

/* "this counter is open already": a sentence for people starts with a capital and ends with a stop. */
static void say_why_not(struct desk_job *job, const char *why_not)
{
    job->problem = PROBLEM_MOVE_IMPOSSIBLE;
    (void)snprintf(job->detail, sizeof(job->detail), "%c%s.", toupper((unsigned char)why_not[0]),
                   why_not + 1);
}

/* The break that is still to come; -1: none. */
static int next_break(const struct snapshot *snapshot, int counter)
{
    const struct snapshot_roster *roster = &snapshot->counters[counter].roster;
    for (int i = snapshot->counters[counter].breaks_taken; i < roster->break_count; i++) {
        if (roster->breaks[i].from_ms > snapshot->now_ms) {
            return i;
        }
    }
    return -1;
}

/* From codes to indices; the problem is the job's. */
static bool resolve_move(const struct scene *scene, const struct what_if_move *asked,
                         struct move *move, struct desk_job *job)
{
    *move = (struct move){.type = asked->type,
                          .counter = scene_find_counter(scene, asked->counter),
                          .by_ms = INT64_C(60000) * asked->minutes};
    if (move->counter < 0) {
        job->problem = PROBLEM_UNKNOWN_COUNTER;
        return false;
    }
    for (int i = 0; i < asked->service_count; i++) {
        const int service = scene_find_service(scene, asked->services[i]);
        if (service < 0) {
            job->problem = PROBLEM_UNKNOWN_SERVICE;
            return false;
        }
        move->services |= UINT64_C(1) << service;
    }
    if (move->type == MOVE_SHIFT_BREAK) {
        move->roster_break = next_break(&scene->snapshot, move->counter);
        if (move->roster_break < 0) {
            say_why_not(job, "this counter has no break to come today");
            return false;
        }
    }
    return true;
}

static void try_moves(struct counsel *counsel, const struct scene *scene, struct desk_job *job)
{
    struct move moves[WHAT_IF_MOVES_MAX];
    struct outlook nothing;
    struct move_effect effect;
    for (int i = 0; i < job->what_if->count; i++) {
        if (!resolve_move(scene, &job->what_if->moves[i], &moves[i], job)) {
            return;
        }
    }
    const char *why_not =
        advice_what_if(counsel->advisor, &scene->snapshot, moves, job->what_if->count, WHAT_IF_RUNS,
                       seed, &nothing, &effect);
    if (why_not != NULL) {
        say_why_not(job, why_not);
        return;
    }
    struct json_out out = {0};
    what_if_json_write(&out, scene, moves, job->what_if->count, &nothing, &effect);
    job->body = json_out_take(&out);
    job->http_status = 200;
}

void counsel_answer(struct counsel *counsel, const struct scene *scene, struct desk_job *job)
{
    if (job->verb == DESK_ADVICE) {
        give_advice(counsel, scene, job);
    } else {
        try_moves(counsel, scene, job);
    }
}

void counsel_look(struct counsel *counsel, const struct scene *scene, struct waits_today *today)
{
    struct day_share_tally tallies[] = {
        {.at_ms = INT64_MAX, .so_far = scene->so_far},
        {.at_ms = scene->noon_ms, .so_far = scene->so_far},
    };
    const bool before_noon = scene->now_ms < scene->noon_ms;
    advice_look(counsel->advisor, &scene->snapshot, LOOK_RUNS, seed, &today->outlook, tallies,
                before_noon ? 2 : 1);
    today->noon_ms = scene->noon_ms;
    today->close = day_share_of(&tallies[0]);
    today->noon = before_noon ? day_share_of(&tallies[1]) : (struct day_share){0};
}
