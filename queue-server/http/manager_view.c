/* The manager's view. See manager_view.h. */
#include "http/manager_view.h"

#include <stdlib.h>

#include "http/score_json.h"
#include "http/views.h"
#include "people/people.h"
#include "quarter/check.h"
#include "report/today_write.h"

static void write_code(struct json_out *out, const char *key, const char *code)
{
    json_out_key(out, key);
    json_out_string_or_null(out, code);
}

static int64_t standard_ms(const struct view_source *source)
{
    return site_rules(source->site)->policy.standard_ms;
}

struct today_terms manager_view_terms(const struct view_source *source)
{
    return (struct today_terms){.standard_ms = standard_ms(source),
                                .utc_offset_s = site_utc_offset_s(source->site, source->now_ms)};
}

static void write_today(struct json_out *out, const struct view_source *source)
{
    json_out_key(out, "today");
    if (source->figures == NULL) {
        json_out_null(out);
        return;
    }
    const struct today_terms terms = manager_view_terms(source);
    today_write_json(today_figures(source->figures, &terms, source->now_ms), out);
}

static void write_standard(struct json_out *out, const struct view_source *source)
{
    json_out_key(out, "standard");
    json_out_open(out, '{');
    json_out_key(out, "wait_min");
    json_out_integer(out, standard_ms(source) / 60000);
    json_out_key(out, "share");
    json_out_number(out, site_standard_share(source->site));
    json_out_close(out, '}');
}

/* Somebody who waits for the first call, and will miss the standard, or has. */
struct breach {
    const struct ticket *ticket;
    int64_t at_ms;
    int32_t late_permille;
};

/* The likelier, then the sooner. */
static int by_weight(const void *one, const void *other)
{
    const struct breach *a = one;
    const struct breach *b = other;
    if (a->late_permille != b->late_permille) {
        return a->late_permille > b->late_permille ? -1 : 1;
    }
    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

static size_t find_breaches(const struct view_source *source, struct breach *breaches)
{
    const struct ticket *waiting[VIEW_WAITING_MAX];
    const size_t total = engine_waiting(source->engine, source->now_ms, waiting, VIEW_WAITING_MAX);
    size_t count = 0;
    for (size_t i = 0; i < total && i < VIEW_WAITING_MAX; i++) {
        const struct ticket *ticket = waiting[i];
        if (source->figures != NULL && today_was_called(source->figures, ticket->id)) {
            continue;
        }
        const int64_t at_ms = ticket->leg_from_ms + standard_ms(source);
        const int32_t late =
            at_ms < source->now_ms
                ? 1000
                : waits_breach_permille(source->waits, view_ticket_index(source, ticket));
        if (late > MANAGER_BREACH_PERMILLE) {
            breaches[count++] =
                (struct breach){.ticket = ticket, .at_ms = at_ms, .late_permille = late};
        }
    }
    return count;
}

static void write_breaches(struct json_out *out, const struct view_source *source)
{
    struct breach breaches[VIEW_WAITING_MAX];
    const size_t count = find_breaches(source, breaches);
    qsort(breaches, count, sizeof(breaches[0]), by_weight);
    json_out_key(out, "breaches");
    json_out_open(out, '[');
    for (size_t i = 0; i < count && i < MANAGER_BREACHES_MAX; i++) {
        const struct ticket *ticket = breaches[i].ticket;
        json_out_open(out, '{');
        write_code(out, "id", ticket->id);
        write_code(out, "number", ticket->number);
        write_code(out, "service", engine_service_code(source->engine, ticket->service));
        json_out_key(out, "at");
        json_out_time(out, breaches[i].at_ms);
        json_out_key(out, "p_late");
        json_out_permille(out, breaches[i].late_permille);
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
    json_out_key(out, "breaches_total");
    json_out_integer(out, (int64_t)count);
}

static void write_share(struct json_out *out, const char *key, const struct day_share *share)
{
    json_out_key(out, key);
    if (!share->known) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "share");
    json_out_number(out, share->share);
    json_out_key(out, "low");
    json_out_number(out, share->low);
    json_out_key(out, "high");
    json_out_number(out, share->high);
    json_out_close(out, '}');
}

/* Noon that has come is no outlook any more. */
static void write_outlook(struct json_out *out, const struct view_source *source)
{
    static const struct day_share none;
    const struct waits_today *today = source->today;
    json_out_key(out, "outlook");
    if (today == NULL || !engine_day_is_open(source->engine)) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "as_of");
    json_out_time(out, today->as_of_ms);
    write_share(out, "noon", source->now_ms < today->noon_ms ? &today->noon : &none);
    write_share(out, "close", &today->close);
    json_out_close(out, '}');
}

/* Of those who are at counters: a person is at one at most. */
static void write_persons(struct json_out *out, const struct view_source *source)
{
    const struct engine *engine = source->engine;
    json_out_key(out, "persons");
    json_out_open(out, '{');
    for (int i = 0; source->people != NULL && i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        struct person person;
        if (counter->person >= 0 &&
            people_find_person(source->people, engine_person(engine, counter->person), &person) ==
                PEOPLE_OK) {
            json_out_key(out, person.id);
            json_out_string(out, person.display);
        }
    }
    json_out_close(out, '}');
}

void manager_view_write(struct json_out *out, const struct view_source *source)
{
    write_today(out, source);
    write_standard(out, source);
    write_outlook(out, source);
    write_breaches(out, source);
    json_out_key(out, "score");
    score_json_days(out, source->waits);
    write_persons(out, source);
}
