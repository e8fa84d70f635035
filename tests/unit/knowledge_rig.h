/* What the tests of knowledge share: a small site, and visitors by a seed. */
#ifndef QUARTER_TESTS_KNOWLEDGE_RIG_H
#define QUARTER_TESTS_KNOWLEDGE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/forecast/knowledge.h"
#include "engine/forecast/random.h"
#include "engine/forecast/sampler.h"

enum { MINUTE = 60000 };

struct knowledge_rig {
    struct knowledge *knowledge;
    struct sampler_site site; /* services a, b, c of 5, 10, 20 min; counters 1 .. 4; en, pl */
    struct sampler *sampler;
    struct random random;
};

int knowledge_rig_setup(void **state);
int knowledge_rig_teardown(void **state);

const struct sampler *rig_prepare(struct knowledge_rig *rig);
double rig_u(struct knowledge_rig *rig);
/* A visit of a service at a counter, by code. */
void rig_visit(struct knowledge_rig *rig, const char *service, const char *counter,
               double duration_ms);
void assert_near(double value, double wanted, double tolerance);

#endif
