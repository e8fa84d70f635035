/* What displays show besides calls. Deciding, evolving and asking, since no other part of the state has to do with it. */
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

static bool is_shown(const struct event_notice_posted *notice, int64_t now_ms)
{
    return notice->until_ms == 0 || now_ms < notice->until_ms;
}

static int find(const struct engine *engine, const char *notice)
{
    for (int i = 0; i < engine->notice_count; i++) {
        if (strcmp(engine->notices[i].notice, notice) == 0) {
            return i;
        }
    }
    return -1;
}

const struct event_notice_posted *engine_notice(const struct engine *engine, int index,
                                                int64_t now_ms)
{
    for (int i = 0; i < engine->notice_count; i++) {
        if (is_shown(&engine->notices[i], now_ms) && index-- == 0) {
            return &engine->notices[i];
        }
    }
    return NULL;
}

enum refusal decide_post_notice(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    CHECK(command->notice[0] != '\0' && (unsigned)command->notice_template < NOTICE_TEMPLATES &&
          command->minutes >= 0 && command->until_ms >= 0);
    if (command->service[0] != '\0') {
        int service = 0;
        const enum refusal refusal = decide_find_service(it, &service);
        if (refusal != REFUSAL_NONE) {
            return refusal;
        }
    }
    if (!engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    if (find(engine, command->notice) >= 0) {
        return REFUSAL_STATE_CONFLICT;
    }
    if (engine_notice(engine, QUARTER_NOTICES_MAX - 1, it->at_ms) != NULL) {
        return REFUSAL_TOO_MANY_NOTICES;
    }
    struct event_notice_posted *notice = &deciding_add(it, EVENT_NOTICE_POSTED)->body.notice;
    memcpy(notice->notice, command->notice, sizeof(notice->notice));
    memcpy(notice->service, command->service, sizeof(notice->service));
    notice->notice_template = command->notice_template;
    notice->minutes = command->minutes;
    notice->until_ms = command->until_ms;
    return REFUSAL_NONE;
}

static void add_end(struct deciding *it, const struct event_notice_posted *notice)
{
    memcpy(deciding_add(it, EVENT_NOTICE_WITHDRAWN)->body.notice_withdrawn.notice, notice->notice,
           sizeof(notice->notice));
}

enum refusal decide_withdraw_notice(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const int index = find(engine, it->command->notice);
    if (index >= 0 && is_shown(&engine->notices[index], it->at_ms)) {
        add_end(it, &engine->notices[index]);
    }
    return REFUSAL_NONE;
}

void decide_end_notices(struct deciding *it)
{
    for (int i = 0; i < it->engine->notice_count; i++) {
        if (is_shown(&it->engine->notices[i], it->at_ms)) {
            add_end(it, &it->engine->notices[i]);
        }
    }
}

static void remove_notice(struct engine *engine, int index)
{
    engine->notice_count--;
    memmove(&engine->notices[index], &engine->notices[index + 1],
            (size_t)(engine->notice_count - index) * sizeof(engine->notices[0]));
}

/* Those whose time is over go when a new one comes: by the event's time, so that a replay does the same. */
void state_post_notice(struct engine *engine, const struct event *event)
{
    CHECK(engine->day_open && find(engine, event->body.notice.notice) < 0);
    for (int i = engine->notice_count - 1; i >= 0; i--) {
        if (!is_shown(&engine->notices[i], event->at_ms)) {
            remove_notice(engine, i);
        }
    }
    CHECK(engine->notice_count < QUARTER_NOTICES_MAX);
    engine->notices[engine->notice_count++] = event->body.notice;
}

void state_withdraw_notice(struct engine *engine, const struct event *event)
{
    const int index = find(engine, event->body.notice_withdrawn.notice);
    CHECK(index >= 0);
    remove_notice(engine, index);
}
