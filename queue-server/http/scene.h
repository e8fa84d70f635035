/* What the desk shows the forecast's thread: the day as it stands, and the names of what the indices stand for. Taken on
 * the desk's thread from its engine, then another's; it keeps its memory from take to take. */
#ifndef QUARTER_HTTP_SCENE_H
#define QUARTER_HTTP_SCENE_H

#include "engine/engine.h"
#include "engine/forecast/day_share.h"
#include "engine/forecast/sampler.h"
#include "engine/forecast/snapshot.h"
#include "http/rota.h"

/* By the engine's indices. */
struct scene_names {
    int service_count, counter_count, language_count;
    char services[QUARTER_SERVICES_MAX][QUARTER_CODE_MAX + 1];
    int64_t typical_ms[QUARTER_SERVICES_MAX];
    char counters[QUARTER_COUNTERS_MAX][QUARTER_CODE_MAX + 1];
    char languages[SAMPLER_LANGUAGES][QUARTER_CODE_MAX + 1];
    int weekday;
};

struct scene {
    int64_t seq; /* the journal up to here */
    int64_t now_ms;
    char day[QUARTER_DAY_LEN + 1];
    int64_t noon_ms;
    struct day_so_far so_far; /* known: the day is to be looked at; the desk's to set */
    bool day_open;            /* else the snapshot is an old one */
    struct scene_names names;
    struct snapshot snapshot; /* without a sampler: that is the forecast's to give */
};

struct scene *scene_create(void);
void scene_destroy(struct scene *scene);

void scene_take(struct scene *scene, const struct engine *engine, const struct rota *rota,
                int64_t seq, int64_t now_ms);

bool scene_names_equal(const struct scene_names *a, const struct scene_names *b);
/* Borrows from the names. */
void scene_sampler_site(const struct scene_names *names, struct sampler_site *site);
/* -1: no such code. */
int scene_find_counter(const struct scene *scene, const char *code);
int scene_find_service(const struct scene *scene, const char *code);

#endif
