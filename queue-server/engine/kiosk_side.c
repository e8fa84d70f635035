/* What happens at a kiosk beside tickets: visits that end there, and calls for help. Deciding, evolving and asking, since
 * no other part of the state has to do with them. */
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

/* visits */

/* Its place, or the one where it is to be noted: past those that are, if there is room, else that of all others. */
static int find_visit_device(const struct engine *engine, const char *device)
{
    int i = 0;
    while (i < engine->visit_device_count && strcmp(engine->visit_devices[i].device, device) != 0) {
        i++;
    }
    return i;
}

/* What the kiosk showed has happened, whatever the site offers by now, and whether or not a day is open: who is in the
 * building is. */
enum refusal decide_record_visit(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    if (codes_find(&engine->service_codes, command->service) < 0) {
        return REFUSAL_UNKNOWN_SERVICE;
    }
    if (command->language[0] != '\0' &&
        codes_find(&engine->language_codes, command->language) < 0) {
        return REFUSAL_UNKNOWN_LANGUAGE;
    }
    const bool has_outcome = command->visit_kind == VISIT_RESOLVED_AT_DOOR;
    if (has_outcome && (unsigned)command->outcome >= OUTCOME_UNRECORDED) {
        return REFUSAL_STATE_CONFLICT; /* as at a counter */
    }
    if (engine->visit_devices[find_visit_device(engine, command->device)].count >=
        ENGINE_VISITS_MAX) {
        return REFUSAL_TOO_MANY_VISITS;
    }
    struct event_visit_recorded *visit = &deciding_add(it, EVENT_VISIT_RECORDED)->body.visit;
    visit->kind = command->visit_kind;
    memcpy(visit->service, command->service, sizeof(visit->service));
    memcpy(visit->signpost, command->signpost, sizeof(visit->signpost));
    memcpy(visit->language, command->language, sizeof(visit->language));
    memcpy(visit->device, command->device, sizeof(visit->device));
    memcpy(visit->avoidable, command->avoidable, sizeof(visit->avoidable));
    visit->outcome = has_outcome ? command->outcome : (enum outcome)0;
    return REFUSAL_NONE;
}

void state_record_visit(struct engine *engine, const struct event *event)
{
    CHECK((unsigned)event->body.visit.kind < VISIT_KINDS);
    engine->visits[event->body.visit.kind]++;
    const int index = find_visit_device(engine, event->body.visit.device);
    struct visit_device *device = &engine->visit_devices[index];
    if (index == engine->visit_device_count) {
        *device = (struct visit_device){.count = index < VISIT_DEVICES_MAX ? 0 : device->count};
        state_copy_text(device->device, sizeof(device->device), event->body.visit.device);
        engine->visit_device_count += index < VISIT_DEVICES_MAX;
    }
    device->count++;
}

int32_t engine_visit_count(const struct engine *engine, enum visit_kind kind)
{
    CHECK((unsigned)kind < VISIT_KINDS);
    return engine->visits[kind];
}

/* help */

static bool is_shown(const struct help_call *call, int64_t now_ms)
{
    return call->answered_at_ms == 0 || now_ms - call->answered_at_ms < engine_help_shown_ms;
}

const struct help_call *engine_find_help(const struct engine *engine, const char *device,
                                         int64_t now_ms)
{
    for (int i = 0; i < engine->help_count; i++) {
        if (strcmp(engine->help[i].device, device) == 0) {
            return is_shown(&engine->help[i], now_ms) ? &engine->help[i] : NULL;
        }
    }
    return NULL;
}

const struct help_call *engine_help_call(const struct engine *engine, int index, int64_t now_ms)
{
    for (int i = 0; i < engine->help_count; i++) {
        if (is_shown(&engine->help[i], now_ms) && index-- == 0) {
            return &engine->help[i];
        }
    }
    return NULL;
}

static bool stands(const struct help_call *call)
{
    return call != NULL && call->answered_at_ms == 0;
}

/* Outside opening hours too: whoever presses it is in the building, and may need somebody all the more. */
enum refusal decide_call_help(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    CHECK(command->device[0] != '\0');
    if (command->language[0] != '\0' &&
        codes_find(&engine->language_codes, command->language) < 0) {
        return REFUSAL_UNKNOWN_LANGUAGE;
    }
    const struct help_call *same = engine_find_help(engine, command->device, it->at_ms);
    if (stands(same)) {
        return REFUSAL_NONE;
    }
    if (same == NULL && engine_help_call(engine, ENGINE_HELP_MAX - 1, it->at_ms) != NULL) {
        return REFUSAL_TOO_MANY_HELP_CALLS;
    }
    struct event *event = deciding_add(it, EVENT_HELP_CALLED);
    memcpy(event->body.help_called.device, command->device, sizeof(command->device));
    memcpy(event->body.help_called.language, command->language, sizeof(command->language));
    return REFUSAL_NONE;
}

static void add_end(struct deciding *it, const char device[QUARTER_CODE_MAX + 1], bool cancelled)
{
    struct event *event = deciding_add(it, EVENT_HELP_ANSWERED);
    memcpy(event->body.help_answered.device, device, QUARTER_CODE_MAX + 1);
    event->body.help_answered.cancelled = cancelled;
}

enum refusal decide_answer_help(struct deciding *it)
{
    const struct help_call *call = engine_find_help(it->engine, it->command->device, it->at_ms);
    if (call == NULL) {
        return REFUSAL_NO_HELP_CALL;
    }
    if (stands(call)) {
        add_end(it, call->device, false);
    }
    return REFUSAL_NONE;
}

enum refusal decide_cancel_help(struct deciding *it)
{
    const struct help_call *call = engine_find_help(it->engine, it->command->device, it->at_ms);
    if (stands(call)) {
        add_end(it, call->device, true);
    }
    return REFUSAL_NONE;
}

void decide_end_help(struct deciding *it)
{
    for (int i = 0; i < it->engine->help_count; i++) {
        if (stands(&it->engine->help[i])) {
            add_end(it, it->engine->help[i].device, true);
        }
    }
}

/* A start reads one day: a new one says itself who called before it was opened, and how long ago. Nobody waits for hours
 * for an answer; such a call was forgotten. */
void decide_carry_help(struct deciding *it)
{
    static const int64_t forgotten_ms = 3600000;
    for (int i = 0; i < it->engine->help_count; i++) {
        const struct help_call *call = &it->engine->help[i];
        if (stands(call) && it->at_ms - call->since_ms < forgotten_ms) {
            struct event *event = deciding_add(it, EVENT_HELP_CALLED);
            event->occurred_at_ms = call->since_ms;
            memcpy(event->body.help_called.device, call->device, sizeof(call->device));
            memcpy(event->body.help_called.language, call->language, sizeof(call->language));
        }
    }
}

static void remove_help(struct engine *engine, int index)
{
    engine->help_count--;
    memmove(&engine->help[index], &engine->help[index + 1],
            (size_t)(engine->help_count - index) * sizeof(engine->help[0]));
}

/* Old ones go when a new one comes: by the event's time, so that a replay does the same. */
void state_call_help(struct engine *engine, const struct event *event)
{
    const char *device = event->body.help_called.device;
    CHECK(device[0] != '\0');
    for (int i = engine->help_count - 1; i >= 0; i--) {
        const bool is_same = strcmp(engine->help[i].device, device) == 0;
        CHECK(!is_same || !stands(&engine->help[i]));
        if (is_same || !is_shown(&engine->help[i], event->at_ms)) {
            remove_help(engine, i);
        }
    }
    CHECK(engine->help_count < ENGINE_HELP_MAX);
    struct help_call *call = &engine->help[engine->help_count++];
    *call = (struct help_call){.since_ms = event->occurred_at_ms};
    state_copy_text(call->device, sizeof(call->device), device);
    state_copy_text(call->language, sizeof(call->language), event->body.help_called.language);
}

void state_answer_help(struct engine *engine, const struct event *event)
{
    for (int i = 0; i < engine->help_count; i++) {
        struct help_call *call = &engine->help[i];
        if (strcmp(call->device, event->body.help_answered.device) != 0) {
            continue;
        }
        CHECK(stands(call));
        if (event->body.help_answered.cancelled) {
            remove_help(engine, i);
        } else {
            call->answered_at_ms = event->at_ms;
        }
        return;
    }
    CHECK(false); /* nobody called from there */
}
