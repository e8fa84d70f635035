/* The database lives on a disk in memory; the keys are real files, in memory too where the machine
 * has /dev/shm. */
#include "store_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"
#include "quarter/log.h"
#include "store/event_row.h"
#include "store/store_parts.h"
#include "test_kit.h"

void kit_set_up(struct kit *kit, uint64_t seed)
{
    *kit = (struct kit){0};
    log_set_level(LOG_ERROR_LEVEL); /* thousands of checkpoints are put off on purpose */
    kit->disk = forgetful_create("forgetful", seed);
    snprintf(kit->dir, sizeof kit->dir, "%s/quarter-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    CHECK(mkdtemp(kit->dir));
    snprintf(kit->keys, sizeof kit->keys, "%s/keys", kit->dir);
    kit->config =
        (struct store_config){.path = "journal.db", .key_dir = kit->keys, .vfs = "forgetful"};
}

void kit_tear_down(struct kit *kit)
{
    kit_close(kit);
    forgetful_destroy(kit->disk);
    kit_remove_folder(kit->keys);
    CHECK(rmdir(kit->dir) == 0);
}

enum status kit_open(struct kit *kit)
{
    CHECK(!kit->store);
    enum status status = store_open(&kit->config, &kit->store, kit->error, sizeof kit->error);
    if (status == STATUS_OK)
        kit->store->fold_at_pages = 12;
    return status;
}

void kit_close(struct kit *kit)
{
    store_close(kit->store);
    kit->store = NULL;
}

static struct promise sample_promise(int number)
{
    return (struct promise){.known = true,
                            .p20_s = number * 10,
                            .p50_s = number * 20,
                            .p90_s = number * 30 + 1,
                            .within_permille = number % 1001,
                            .as_of_ms = INT64_C(1795516927123) + number};
}

static void fill_issued(struct event_ticket_issued *issued, int number)
{
    snprintf(issued->service, sizeof issued->service, "service_%d", number % 14);
    snprintf(issued->prefix, sizeof issued->prefix, "%c", 'A' + number % 26);
    issued->number = number % 99 + 1;
    if (number % 4 != 0)
        snprintf(issued->language, sizeof issued->language, "%s", number % 2 ? "ur" : "pl");
    issued->need_count = (uint8_t)(number % (QUARTER_NEEDS_MAX + 1));
    for (int i = 0; i < issued->need_count; i++)
        snprintf(issued->needs[i], sizeof issued->needs[i], "need_%d", (number + i) % 40);
    issued->ticket_class = (enum ticket_class)(number % (CLASS_TRANSFER + 1));
    issued->arrived_at_ms = INT64_C(1795516927123) + number;
    issued->leg_from_ms = issued->arrived_at_ms + number % 7;
    issued->appointment_ms = number % 5 == 0 ? 0 : issued->leg_from_ms + number;
    if (number % 3 != 0)
        issued->promise = sample_promise(number);
    issued->unconfirmed = number % 2;
    issued->nobody_serves = number % 3 == 0;
    if (number % 4 == 1)
        snprintf(issued->avoidable, sizeof issued->avoidable, "reason_%d", number % 5);
}

static void fill_visit(struct event_visit_recorded *visit, int number)
{
    visit->kind = (enum visit_kind)(number % VISIT_KINDS);
    snprintf(visit->service, sizeof visit->service, "service_%d", number % 14);
    if (number % 2 == 0)
        snprintf(visit->signpost, sizeof visit->signpost, "signpost_%d", number % 9);
    if (number % 3 == 0)
        snprintf(visit->language, sizeof visit->language, "ur");
    if (number % 5 != 0)
        snprintf(visit->device, sizeof visit->device, "kiosk-%d", number % 3);
    if (number % 7 == 0)
        snprintf(visit->avoidable, sizeof visit->avoidable, "wrong_place");
    if (visit->kind == VISIT_RESOLVED_AT_DOOR)
        visit->outcome = (enum outcome)(number % OUTCOME_UNRECORDED);
}

static void fill_ulid(char *to, char kind, int number)
{
    snprintf(to, QUARTER_ULID_LEN + 1, "01KATKTKTKTKTKTKTKT%c%06u", kind,
             (unsigned)number % 1000000);
}

static void fill_edited(struct event_ticket_edited *edited, int number)
{
    snprintf(edited->service, sizeof edited->service, "service_%d", number % 14);
    if (number % 3 == 0)
        snprintf(edited->language, sizeof edited->language, "so");
    edited->need_count = (uint8_t)(number % (QUARTER_NEEDS_MAX + 1));
    for (int i = 0; i < edited->need_count; i++)
        snprintf(edited->needs[i], sizeof edited->needs[i], "need_%d", i);
    edited->ticket_class = (enum ticket_class)(number % (CLASS_TRANSFER + 1));
    edited->nobody_serves = number % 2;
}

static void fill_notice(struct event_notice_posted *notice, int number)
{
    fill_ulid(notice->notice, 'N', number);
    notice->notice_template = (enum notice_template)(number % NOTICE_TEMPLATES);
    if (number % 2 == 0)
        snprintf(notice->service, sizeof notice->service, "service_%d", number % 14);
    notice->minutes = number % 3 * 10;
    notice->until_ms = number % 4 * INT64_C(448879231780);
}

static void fill_body(struct event *event, int number)
{
    switch (event->type) {
    case EVENT_DAY_OPENED:
    case EVENT_SERVING_STARTED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_READY:
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_UNHELD: break;
    case EVENT_COUNTER_OPENED:
        if (number % 2 == 0)
            fill_ulid(event->body.counter_opened.person, 'P', number);
        break;
    case EVENT_COUNTER_PAUSED:
        event->body.counter_paused.reason = (enum pause_reason)(number % PAUSE_REASONS);
        break;
    case EVENT_DAY_CLOSED:
        event->body.day_closed.left = number;
        event->body.day_closed.no_show = number + 1;
        event->body.day_closed.unrecorded = number + 2;
        break;
    case EVENT_SITE_APPLIED:
        snprintf(event->body.site.hash, sizeof event->body.site.hash, "%064x",
                 (unsigned)number + 0xabc);
        break;
    case EVENT_NUMBERS_RESERVED:
        snprintf(event->body.reserved.prefix, sizeof event->body.reserved.prefix, "HB%c",
                 'A' + number % 26);
        event->body.reserved.first = number + 80;
        event->body.reserved.last = number + 84;
        snprintf(event->body.reserved.device, sizeof event->body.reserved.device, "kiosk-%d",
                 number);
        break;
    case EVENT_TICKET_ISSUED: fill_issued(&event->body.issued, number); break;
    case EVENT_TICKET_CALLED:
        event->body.called.announcement = number + 1;
        event->body.called.reason = (enum call_reason)(number % CALL_REASONS);
        event->body.called.waited_s = number * 60;
        event->body.called.waiting = number + 3;
        event->body.called.appointment_ms = number % 2 * INT64_C(1795516927123);
        event->body.called.standard_s = number % 3 * 900;
        event->body.called.limit_s = number % 3 * 1800;
        if (event->body.called.reason == CALL_CHOSEN)
            event->body.called.because = (enum because)(1 + number % (BECAUSES - 1));
        event->body.called.anyway = number % 5 == 0;
        break;
    case EVENT_TICKET_RECALLED: event->body.recalled.announcement = number + 1; break;
    case EVENT_TICKET_CLOSED:
        event->body.closed.outcome = (enum outcome)(number % (OUTCOME_UNRECORDED + 1));
        if (number % 2 == 0)
            snprintf(event->body.closed.avoidable, QUARTER_CODE_MAX, "no_reply");
        break;
    case EVENT_TICKET_NO_SHOW: event->body.no_show.by_day_end = number % 2; break;
    case EVENT_TICKET_LEFT: event->body.left.by_day_end = number % 2; break;
    case EVENT_TICKET_TRANSFERRED:
        snprintf(event->body.transferred.service, sizeof event->body.transferred.service,
                 "service_%d", number % 14);
        event->body.transferred.leg_from_ms = INT64_C(1795516927123) + number;
        event->body.transferred.nobody_serves = number % 2;
        if (number % 3 != 0)
            snprintf(event->body.transferred.to_counter, QUARTER_CODE_MAX, "%d", number % 12 + 1);
        if (number % 3 == 2)
            fill_ulid(event->body.transferred.to_person, 'P', number);
        break;
    case EVENT_PROMISE_MADE: event->body.promise = sample_promise(number); break;
    case EVENT_VISIT_RECORDED: fill_visit(&event->body.visit, number); break;
    case EVENT_HELP_CALLED:
        snprintf(event->body.help_called.device, QUARTER_CODE_MAX, "kiosk-%d", number);
        if (number % 2 == 0)
            snprintf(event->body.help_called.language, QUARTER_CODE_MAX, "pl");
        break;
    case EVENT_HELP_ANSWERED:
        snprintf(event->body.help_answered.device, QUARTER_CODE_MAX, "kiosk-%d", number);
        event->body.help_answered.cancelled = number % 2;
        break;
    case EVENT_TICKET_UNPARKED:
        event->body.unparked.leg_from_ms = INT64_C(1795516927123) + number;
        event->body.unparked.nobody_serves = number % 2;
        break;
    case EVENT_TICKET_EDITED: fill_edited(&event->body.edited, number); break;
    case EVENT_TICKET_HELD:
        event->body.held.until_ms = INT64_C(1795516927123) + number * INT64_C(60000);
        break;
    case EVENT_STEP_UNDONE:
        event->body.undone.step = (enum step)(number % STEP_KINDS);
        event->body.undone.undone_seq = number;
        break;
    case EVENT_COUNTER_MOVED:
        event->body.moved.service_count = (uint8_t)(number % (QUARTER_MOVED_MAX + 1));
        for (int i = 0; i < event->body.moved.service_count; i++)
            snprintf(event->body.moved.services[i], QUARTER_CODE_MAX, "service_%d", i);
        break;
    case EVENT_NOTICE_POSTED: fill_notice(&event->body.notice, number); break;
    case EVENT_NOTICE_WITHDRAWN: fill_ulid(event->body.notice_withdrawn.notice, 'N', number); break;
    }
}

struct event kit_event(enum event_type type, int number)
{
    struct event event = {.type = type,
                          .day = "2026-11-24",
                          .at_ms = INT64_C(1795516927123) + number,
                          .occurred_at_ms = INT64_C(1795516927123) - number % 3 * INT64_C(1000),
                          .actor = "local",
                          .version = EVENT_ROW_VERSION};
    if (type == EVENT_DAY_OPENED)
        snprintf(event.day, sizeof event.day, "2026-11-2%u", 4 + (unsigned)number % 3);
    const bool of_step =
        type == EVENT_TICKET_PARKED || type == EVENT_TICKET_TAKEN_BACK || type == EVENT_STEP_UNDONE;
    if ((type >= EVENT_TICKET_ISSUED && type <= EVENT_PROMISE_MADE) ||
        (type >= EVENT_TICKET_PARKED && type <= EVENT_STEP_UNDONE))
        snprintf(event.ticket, sizeof event.ticket, "01KATKTKTKTKTKTKTKTK%06d", number);
    if (type == EVENT_TICKET_CALLED || type == EVENT_COUNTER_MOVED || of_step ||
        (type >= EVENT_COUNTER_OPENED && type <= EVENT_COUNTER_PAUSED))
        snprintf(event.counter, sizeof event.counter, "%d", number % 12 + 1);
    fill_body(&event, number);
    return event;
}

static bool same_promise(const struct promise *one, const struct promise *other)
{
    return one->known == other->known && one->p20_s == other->p20_s && one->p50_s == other->p50_s &&
           one->p90_s == other->p90_s && one->within_permille == other->within_permille &&
           one->as_of_ms == other->as_of_ms;
}

static bool same_issued(const struct event_ticket_issued *one,
                        const struct event_ticket_issued *other)
{
    bool same =
        strcmp(one->service, other->service) == 0 && strcmp(one->prefix, other->prefix) == 0 &&
        one->number == other->number && strcmp(one->language, other->language) == 0 &&
        one->need_count == other->need_count && one->ticket_class == other->ticket_class &&
        one->arrived_at_ms == other->arrived_at_ms && one->leg_from_ms == other->leg_from_ms &&
        one->appointment_ms == other->appointment_ms &&
        same_promise(&one->promise, &other->promise) && one->unconfirmed == other->unconfirmed &&
        one->nobody_serves == other->nobody_serves && strcmp(one->avoidable, other->avoidable) == 0;
    for (int i = 0; same && i < one->need_count; i++)
        same = strcmp(one->needs[i], other->needs[i]) == 0;
    return same;
}

static bool same_visit(const struct event_visit_recorded *one,
                       const struct event_visit_recorded *other)
{
    return one->kind == other->kind && strcmp(one->service, other->service) == 0 &&
           strcmp(one->signpost, other->signpost) == 0 &&
           strcmp(one->language, other->language) == 0 && strcmp(one->device, other->device) == 0 &&
           strcmp(one->avoidable, other->avoidable) == 0 && one->outcome == other->outcome;
}

static bool same_called(const struct event_ticket_called *one,
                        const struct event_ticket_called *other)
{
    return one->announcement == other->announcement && one->reason == other->reason &&
           one->waited_s == other->waited_s && one->waiting == other->waiting &&
           one->appointment_ms == other->appointment_ms && one->standard_s == other->standard_s &&
           one->limit_s == other->limit_s && one->because == other->because &&
           one->anyway == other->anyway;
}

static bool same_edited(const struct event_ticket_edited *one,
                        const struct event_ticket_edited *other)
{
    bool same = strcmp(one->service, other->service) == 0 &&
                strcmp(one->language, other->language) == 0 &&
                one->need_count == other->need_count && one->ticket_class == other->ticket_class &&
                one->nobody_serves == other->nobody_serves;
    for (int i = 0; same && i < one->need_count; i++)
        same = strcmp(one->needs[i], other->needs[i]) == 0;
    return same;
}

static bool same_moved(const struct event_counter_moved *one,
                       const struct event_counter_moved *other)
{
    bool same = one->service_count == other->service_count;
    for (int i = 0; same && i < one->service_count; i++)
        same = strcmp(one->services[i], other->services[i]) == 0;
    return same;
}

static bool same_notice(const struct event_notice_posted *one,
                        const struct event_notice_posted *other)
{
    return strcmp(one->notice, other->notice) == 0 &&
           one->notice_template == other->notice_template &&
           strcmp(one->service, other->service) == 0 && one->minutes == other->minutes &&
           one->until_ms == other->until_ms;
}

static bool same_body(const struct event *one, const struct event *other)
{
    switch (one->type) {
    case EVENT_DAY_OPENED:
    case EVENT_SERVING_STARTED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_READY:
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_UNHELD: return true;
    case EVENT_COUNTER_OPENED:
        return strcmp(one->body.counter_opened.person, other->body.counter_opened.person) == 0;
    case EVENT_COUNTER_PAUSED:
        return one->body.counter_paused.reason == other->body.counter_paused.reason;
    case EVENT_DAY_CLOSED:
        return one->body.day_closed.left == other->body.day_closed.left &&
               one->body.day_closed.no_show == other->body.day_closed.no_show &&
               one->body.day_closed.unrecorded == other->body.day_closed.unrecorded;
    case EVENT_SITE_APPLIED: return strcmp(one->body.site.hash, other->body.site.hash) == 0;
    case EVENT_NUMBERS_RESERVED:
        return strcmp(one->body.reserved.prefix, other->body.reserved.prefix) == 0 &&
               strcmp(one->body.reserved.device, other->body.reserved.device) == 0 &&
               one->body.reserved.first == other->body.reserved.first &&
               one->body.reserved.last == other->body.reserved.last;
    case EVENT_TICKET_ISSUED: return same_issued(&one->body.issued, &other->body.issued);
    case EVENT_TICKET_CALLED: return same_called(&one->body.called, &other->body.called);
    case EVENT_TICKET_RECALLED:
        return one->body.recalled.announcement == other->body.recalled.announcement;
    case EVENT_TICKET_CLOSED: return one->body.closed.outcome == other->body.closed.outcome;
    case EVENT_TICKET_NO_SHOW:
        return one->body.no_show.by_day_end == other->body.no_show.by_day_end;
    case EVENT_TICKET_LEFT: return one->body.left.by_day_end == other->body.left.by_day_end;
    case EVENT_TICKET_TRANSFERRED:
        return strcmp(one->body.transferred.service, other->body.transferred.service) == 0 &&
               one->body.transferred.leg_from_ms == other->body.transferred.leg_from_ms &&
               one->body.transferred.nobody_serves == other->body.transferred.nobody_serves &&
               strcmp(one->body.transferred.to_counter, other->body.transferred.to_counter) == 0 &&
               strcmp(one->body.transferred.to_person, other->body.transferred.to_person) == 0;
    case EVENT_PROMISE_MADE: return same_promise(&one->body.promise, &other->body.promise);
    case EVENT_VISIT_RECORDED: return same_visit(&one->body.visit, &other->body.visit);
    case EVENT_HELP_CALLED:
        return strcmp(one->body.help_called.device, other->body.help_called.device) == 0 &&
               strcmp(one->body.help_called.language, other->body.help_called.language) == 0;
    case EVENT_HELP_ANSWERED:
        return strcmp(one->body.help_answered.device, other->body.help_answered.device) == 0 &&
               one->body.help_answered.cancelled == other->body.help_answered.cancelled;
    case EVENT_TICKET_UNPARKED:
        return one->body.unparked.leg_from_ms == other->body.unparked.leg_from_ms &&
               one->body.unparked.nobody_serves == other->body.unparked.nobody_serves;
    case EVENT_TICKET_EDITED: return same_edited(&one->body.edited, &other->body.edited);
    case EVENT_TICKET_HELD: return one->body.held.until_ms == other->body.held.until_ms;
    case EVENT_STEP_UNDONE:
        return one->body.undone.step == other->body.undone.step &&
               one->body.undone.undone_seq == other->body.undone.undone_seq;
    case EVENT_COUNTER_MOVED: return same_moved(&one->body.moved, &other->body.moved);
    case EVENT_NOTICE_POSTED: return same_notice(&one->body.notice, &other->body.notice);
    case EVENT_NOTICE_WITHDRAWN:
        return strcmp(one->body.notice_withdrawn.notice, other->body.notice_withdrawn.notice) == 0;
    }
    return false;
}

bool kit_same_event(const struct event *one, const struct event *other)
{
    return one->type == other->type && one->version == other->version &&
           one->at_ms == other->at_ms && one->occurred_at_ms == other->occurred_at_ms &&
           strcmp(one->day, other->day) == 0 && strcmp(one->ticket, other->ticket) == 0 &&
           strcmp(one->counter, other->counter) == 0 && strcmp(one->actor, other->actor) == 0 &&
           same_body(one, other);
}

uint64_t kit_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}
