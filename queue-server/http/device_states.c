/* A table of devices. See device_states.h. */
#include "http/device_states.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

struct device_states {
    pthread_mutex_t lock;
    struct clock *clock;
    void (*changed)(void *context);
    void *context;
    int count;
    struct device_state states[DEVICE_STATES_MAX];
};

static const char *const printer_codes[] = {[PRINTER_READY] = "ready",
                                            [PRINTER_ATTENTION] = "attention",
                                            [PRINTER_STOPPED] = "stopped",
                                            [PRINTER_GONE] = "gone"};
static const char *const print_codes[] = {
    [PRINT_WAITING] = "waiting", [PRINT_PRINTED] = "printed", [PRINT_FAILED] = "failed"};
enum { PRINTER_STATES = sizeof(printer_codes) / sizeof(printer_codes[0]) };
enum { PRINT_STATES = sizeof(print_codes) / sizeof(print_codes[0]) };

const char *printer_state_code(enum printer_state state)
{
    CHECK((unsigned)state < PRINTER_STATES);
    return printer_codes[state];
}

bool printer_state_from_code(const char *code, enum printer_state *state)
{
    for (int i = 0; i < PRINTER_STATES; i++) {
        if (strcmp(printer_codes[i], code) == 0) {
            *state = (enum printer_state)i;
            return true;
        }
    }
    return false;
}

const char *print_state_code(enum print_state state)
{
    CHECK((unsigned)state < PRINT_STATES);
    return print_codes[state];
}

struct device_states *device_states_create(struct clock *clock, void (*changed)(void *context),
                                           void *context)
{
    struct device_states *states = calloc(1, sizeof(*states));
    CHECK(states != NULL);
    CHECK(pthread_mutex_init(&states->lock, NULL) == 0);
    states->clock = clock;
    states->changed = changed;
    states->context = context;
    return states;
}

void device_states_destroy(struct device_states *states)
{
    if (states != NULL) {
        CHECK(pthread_mutex_destroy(&states->lock) == 0);
        free(states);
    }
}

static void lock(struct device_states *states)
{
    CHECK(pthread_mutex_lock(&states->lock) == 0);
}

/* true: somebody may see another thing now. */
static void unlock_and_tell(struct device_states *states, bool is_another)
{
    CHECK(pthread_mutex_unlock(&states->lock) == 0);
    if (is_another && states->changed != NULL) {
        states->changed(states->context);
    }
}

/* With the lock held; -1: never heard of. */
static int find(const struct device_states *states, enum device_kind kind, const char *code)
{
    for (int i = 0; i < states->count; i++) {
        if (states->states[i].kind == kind && strcmp(states->states[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

/* With the lock held; -1: no more room. */
static int find_or_add(struct device_states *states, enum device_kind kind, const char *code)
{
    int place = find(states, kind, code);
    if (place < 0 && states->count < DEVICE_STATES_MAX) {
        place = states->count++;
        struct device_state *state = &states->states[place];
        state->kind = kind;
        (void)snprintf(state->code, sizeof(state->code), "%s", code);
    }
    return place;
}

int device_states_join(struct device_states *states, enum device_kind kind, const char *code)
{
    lock(states);
    const int place = find_or_add(states, kind, code);
    if (place >= 0) {
        states->states[place].connected++;
        states->states[place].seen_ms = clock_now_ms(states->clock);
    }
    unlock_and_tell(states, place >= 0);
    return place;
}

void device_states_leave(struct device_states *states, int place)
{
    if (place < 0) {
        return;
    }
    lock(states);
    CHECK(place < states->count && states->states[place].connected > 0);
    states->states[place].connected--;
    states->states[place].seen_ms = clock_now_ms(states->clock);
    unlock_and_tell(states, true);
}

static bool is_same_report(const struct printer_report *a, const struct printer_report *b)
{
    bool same = a->state == b->state && a->reason_count == b->reason_count;
    for (int i = 0; same && i < a->reason_count; i++) {
        same = strcmp(a->reasons[i], b->reasons[i]) == 0;
    }
    return same;
}

bool device_states_set_printer(struct device_states *states, enum device_kind kind,
                               const char *code, const struct printer_report *report)
{
    bool is_another = false;
    lock(states);
    const int place = find_or_add(states, kind, code);
    if (place >= 0) {
        struct device_state *state = &states->states[place];
        is_another = state->has_printer != (report != NULL) ||
                     (report != NULL && !is_same_report(&state->printer, report));
        state->has_printer = report != NULL;
        state->printer = report != NULL ? *report : (struct printer_report){0};
        state->seen_ms = clock_now_ms(states->clock);
    }
    unlock_and_tell(states, is_another);
    return place >= 0;
}

bool device_states_set_print(struct device_states *states, const char *kiosk,
                             const struct print_report *report)
{
    lock(states);
    const int place = find_or_add(states, DEVICE_KIOSK, kiosk);
    if (place >= 0) {
        states->states[place].has_print = report != NULL;
        states->states[place].print = report != NULL ? *report : (struct print_report){0};
    }
    unlock_and_tell(states, place >= 0);
    return place >= 0;
}

bool device_states_get(struct device_states *states, enum device_kind kind, const char *code,
                       struct device_state *state)
{
    lock(states);
    const int place = find(states, kind, code);
    if (place >= 0) {
        *state = states->states[place];
    } else {
        *state = (struct device_state){.kind = kind};
        (void)snprintf(state->code, sizeof(state->code), "%s", code);
    }
    unlock_and_tell(states, false);
    return place >= 0;
}
