/* The day as it stands, for the forecast. See scene.h. */
#include "http/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

struct scene *scene_create(void)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    CHECK(scene != NULL);
    snapshot_init(&scene->snapshot);
    return scene;
}

void scene_destroy(struct scene *scene)
{
    if (scene != NULL) {
        snapshot_free(&scene->snapshot);
        free(scene);
    }
}

static int at_most(int count, int most)
{
    return count < most ? count : most;
}

static void set_code(char out[QUARTER_CODE_MAX + 1], const char *code)
{
    (void)snprintf(out, QUARTER_CODE_MAX + 1, "%s", code);
}

static void take_names(struct scene_names *names, const struct engine *engine, int weekday)
{
    const struct rules *rules = engine_rules(engine);
    memset(names, 0, sizeof(*names));
    names->weekday = weekday;
    names->service_count = at_most(engine_service_count(engine), QUARTER_SERVICES_MAX);
    names->counter_count = at_most(engine_counter_count(engine), QUARTER_COUNTERS_MAX);
    names->language_count = at_most(engine_language_count(engine), SAMPLER_LANGUAGES);
    for (int i = 0; i < names->service_count; i++) {
        set_code(names->services[i], engine_service_code(engine, i));
    }
    for (int i = 0; i < names->counter_count; i++) {
        set_code(names->counters[i], engine_counter(engine, i)->code);
    }
    for (int i = 0; i < names->language_count; i++) {
        set_code(names->languages[i], engine_language_code(engine, i));
    }
    for (int i = 0; i < names->service_count; i++) {
        for (int rule = 0; rule < rules->service_count; rule++) {
            if (strcmp(rules->services[rule].code, names->services[i]) == 0) {
                names->typical_ms[i] = rules->services[rule].typical_ms;
            }
        }
    }
}

void scene_take(struct scene *scene, const struct engine *engine, const struct rota *rota,
                int64_t seq, int64_t now_ms)
{
    scene->seq = seq;
    scene->now_ms = now_ms;
    scene->noon_ms = rota->noon_ms;
    scene->so_far = (struct day_so_far){0};
    scene->day_open = engine_day_is_open(engine);
    (void)snprintf(scene->day, sizeof(scene->day), "%s", engine_day(engine));
    take_names(&scene->names, engine, rota->weekday);
    if (scene->day_open) {
        struct snapshot_day day = rota_snapshot_day(rota);
        if (day.day_end_ms <= now_ms) {
            /* Opened by hand in the evening: nobody is sent home, and no rota says who works. */
            day.day_end_ms = 0;
            day.roster_count = 0;
        }
        snapshot_take(&scene->snapshot, engine, &day, now_ms);
    }
}

static bool codes_equal(const char (*a)[QUARTER_CODE_MAX + 1],
                        const char (*b)[QUARTER_CODE_MAX + 1], int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(a[i], b[i]) != 0) {
            return false;
        }
    }
    return true;
}

bool scene_names_equal(const struct scene_names *a, const struct scene_names *b)
{
    if (a->service_count != b->service_count || a->counter_count != b->counter_count ||
        a->language_count != b->language_count || a->weekday != b->weekday) {
        return false;
    }
    for (int i = 0; i < a->service_count; i++) {
        if (a->typical_ms[i] != b->typical_ms[i]) {
            return false;
        }
    }
    return codes_equal(a->services, b->services, a->service_count) &&
           codes_equal(a->counters, b->counters, a->counter_count) &&
           codes_equal(a->languages, b->languages, a->language_count);
}

void scene_sampler_site(const struct scene_names *names, struct sampler_site *site)
{
    *site = (struct sampler_site){.service_count = names->service_count,
                                  .counter_count = names->counter_count,
                                  .language_count = names->language_count,
                                  .weekday = names->weekday};
    for (int i = 0; i < names->service_count; i++) {
        site->services[i] = names->services[i];
        site->typical_ms[i] = names->typical_ms[i];
    }
    for (int i = 0; i < names->counter_count; i++) {
        site->counters[i] = names->counters[i];
    }
    for (int i = 0; i < names->language_count; i++) {
        site->languages[i] = names->languages[i];
    }
}

int scene_find_counter(const struct scene *scene, const char *code)
{
    for (int i = 0; i < scene->names.counter_count; i++) {
        if (strcmp(scene->names.counters[i], code) == 0) {
            return i;
        }
    }
    return -1;
}

int scene_find_service(const struct scene *scene, const char *code)
{
    for (int i = 0; i < scene->names.service_count; i++) {
        if (strcmp(scene->names.services[i], code) == 0) {
            return i;
        }
    }
    return -1;
}
