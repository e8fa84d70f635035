/* What the forecast is shown of a day on which another site file came: indices stay, names follow them. */
#include "test_engine_rig.h"

#include <stdlib.h>
#include <string.h>

#include "http/scene.h"
#include "test_kit.h"

/* Tax and Polish are gone, bins and Urdu are new; somebody waits for tax. */
static void a_site_that_changes_while_people_wait_can_be_forecast(void **state)
{
    struct rig *rig = *state;
    for (int i = 0; i < rig->rules.service_count; i++) {
        rig->rules.services[i].typical_ms = 600000;
    }
    engine_set_rules(rig->engine, &rig->rules);
    rig_issue(rig, "tax");
    kit_set(rig->rules.services[2].code, sizeof(rig->rules.services[2].code), "bins");
    kit_set(rig->rules.languages[1], sizeof(rig->rules.languages[1]), "ur");
    engine_set_rules(rig->engine, &rig->rules);

    struct scene *scene = scene_create();
    const struct rota rota = {.weekday = 1};
    scene_take(scene, rig->engine, &rota, 1, rig->now_ms);
    assert_int_equal(scene->names.service_count, 6);
    assert_string_equal(scene->names.services[2], "tax");
    assert_string_equal(scene->names.services[5], "bins");
    assert_int_equal(scene->names.language_count, 3);
    assert_string_equal(scene->names.languages[1], "pl");
    assert_string_equal(scene->names.languages[2], "ur");

    struct sampler_site site;
    scene_sampler_site(&scene->names, &site);
    struct knowledge *knowledge = knowledge_create();
    struct sampler *sampler = calloc(1, sizeof(*sampler));
    assert_non_null(sampler);
    sampler_prepare(sampler, knowledge, &site);
    assert_true(sampler->service[2].mean_ms > 500000 && sampler->service[2].mean_ms < 700000);
    free(sampler);
    knowledge_destroy(knowledge);
    scene_destroy(scene);
}

/* Somebody opened the day by hand when its hours were over: it goes on, and so does the forecast. */
static void a_day_opened_after_its_end_can_be_forecast(void **state)
{
    struct rig *rig = *state;
    struct rota rota = {.weekday = 1, .counter_count = 1, .hours.ends_ms = rig->now_ms + 60000};
    rota.counters[0] = (struct snapshot_roster){.on_ms = 1000, .off_ms = 2000};
    struct scene *scene = scene_create();
    scene_take(scene, rig->engine, &rota, 1, rig->now_ms);
    assert_int_equal(scene->snapshot.day_end_ms, rig->now_ms + 60000);
    assert_int_equal(scene->snapshot.counters[0].roster.off_ms, 2000);
    rota.hours.ends_ms = rig->now_ms - 60000;
    scene_take(scene, rig->engine, &rota, 1, rig->now_ms);
    assert_int_equal(scene->snapshot.day_end_ms, 0);                /* never */
    assert_int_equal(scene->snapshot.counters[0].roster.off_ms, 0); /* who works, works on */
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_day_opened_after_its_end_can_be_forecast, rig_setup_open,
                                        rig_teardown),
        cmocka_unit_test_setup_teardown(a_site_that_changes_while_people_wait_can_be_forecast,
                                        rig_setup_open, rig_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
