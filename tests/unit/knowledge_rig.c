#include "knowledge_rig.h"

#include <math.h>
#include <stdlib.h>

int knowledge_rig_setup(void **state)
{
    struct knowledge_rig *rig = calloc(1, sizeof(*rig));
    assert_non_null(rig);
    rig->knowledge = knowledge_create();
    rig->sampler = calloc(1, sizeof(*rig->sampler));
    assert_non_null(rig->sampler);
    rig->site = (struct sampler_site){
        .service_count = 3,
        .counter_count = 4,
        .language_count = 2,
        .services = {"a", "b", "c"},
        .typical_ms = {(int64_t)5 * MINUTE, (int64_t)10 * MINUTE, (int64_t)20 * MINUTE},
        .counters = {"1", "2", "3", "4"},
        .languages = {"en", "pl"},
        .weekday = -1};
    rig->random.state = random_stream(7, 1);
    *state = rig;
    return 0;
}

int knowledge_rig_teardown(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_destroy(rig->knowledge);
    free(rig->sampler);
    free(rig);
    return 0;
}

const struct sampler *rig_prepare(struct knowledge_rig *rig)
{
    sampler_prepare(rig->sampler, rig->knowledge, &rig->site);
    return rig->sampler;
}

double rig_u(struct knowledge_rig *rig)
{
    return random_uniform(&rig->random);
}

void rig_visit(struct knowledge_rig *rig, const char *service, const char *counter,
               double duration_ms)
{
    const struct knowledge_visit visit = {.service = knowledge_service(rig->knowledge, service),
                                          .counter = knowledge_counter(rig->knowledge, counter),
                                          .duration_ms = (int64_t)duration_ms};
    knowledge_add_visit(rig->knowledge, &visit);
}

void assert_near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance)) {
        fail_msg("%g is not %g +- %g", value, wanted, tolerance);
    }
}
