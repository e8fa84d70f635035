#include "first_calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE_MS = 60000, FLOAT_ROUNDING_MS = 1, SHOWN = 10 };

struct trace *first_calls_trace(void)
{
    struct trace *trace = NULL;
    struct trace_faults faults;
    if (trace_read("tests/data/traces", &trace, &faults) != STATUS_OK) {
        fail_msg("%s", faults.text);
    }
    return trace;
}

struct policy_terms first_calls_terms(const char *policy)
{
    struct policy_terms terms = policy_default_terms;
    int limit_min = 0;
    if (sscanf(policy, "rescue%d", &limit_min) == 1) {
        terms.limit_ms = (int64_t)limit_min * MINUTE_MS;
        return terms;
    }
    char code[16];
    (void)snprintf(code, sizeof(code), "%.*s", (int)strcspn(policy, "_"), policy);
    if (!policy_from_code(code, &terms.rule)) {
        fail_msg("no policy %s", code);
    }
    return terms;
}

void first_calls_add(struct first_calls *calls, struct first_call call)
{
    if (calls->count == calls->capacity) {
        calls->capacity = calls->capacity == 0 ? 2048 : 2 * calls->capacity;
        calls->calls = realloc(calls->calls, (size_t)calls->capacity * sizeof(*calls->calls));
        assert_non_null(calls->calls);
    }
    calls->calls[calls->count++] = call;
}

struct first_calls first_calls_read(const char *policy)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "tests/data/first_calls_%s.csv", policy);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    struct first_calls calls = {0};
    char line[128];
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, "day,id,counter,called_ms\n");
    while (fgets(line, sizeof(line), file) != NULL) {
        struct first_call call;
        long long called_ms = 0;
        assert_int_equal(
            sscanf(line, "%d,%d,%d,%lld", &call.day, &call.id, &call.counter, &called_ms), 4);
        call.called_ms = called_ms;
        first_calls_add(&calls, call);
    }
    (void)fclose(file);
    return calls;
}

void first_calls_free(struct first_calls *calls)
{
    free(calls->calls);
    *calls = (struct first_calls){0};
}

static int by_day_and_id(const void *a, const void *b)
{
    const struct first_call *x = a;
    const struct first_call *y = b;
    return x->day != y->day ? x->day - y->day : (x->id > y->id) - (x->id < y->id);
}

void first_calls_compare(struct first_calls *expected, struct first_calls *found)
{
    qsort(expected->calls, (size_t)expected->count, sizeof(*expected->calls), by_day_and_id);
    qsort(found->calls, (size_t)found->count, sizeof(*found->calls), by_day_and_id);
    int wrong = 0;
    int i = 0;
    int j = 0;
    while (i < expected->count || j < found->count) {
        static const struct first_call none = {.day = INT32_MAX};
        const struct first_call *a = i < expected->count ? &expected->calls[i] : &none;
        const struct first_call *b = j < found->count ? &found->calls[j] : &none;
        const int order = by_day_and_id(a, b);
        const bool same = order == 0 && a->counter == b->counter &&
                          llabs(a->called_ms - b->called_ms) <= FLOAT_ROUNDING_MS;
        if (!same && wrong++ < SHOWN) {
            const struct first_call *of = order <= 0 ? a : b;
            print_error("day %d, ticket %d: expected counter %d at %lld, found %d at %lld\n",
                        of->day, of->id, order <= 0 ? a->counter : -1,
                        order <= 0 ? (long long)a->called_ms : -1, order >= 0 ? b->counter : -1,
                        order >= 0 ? (long long)b->called_ms : -1);
        }
        i += order <= 0;
        j += order >= 0;
    }
    assert_int_equal(wrong, 0);
}
