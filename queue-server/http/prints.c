/* Prints for a kiosk. See prints.h. A ring: the oldest makes room, and PRINTS_EACH_MAX a kiosk keeps those that wait from
 * being pushed out. */
#include "http/prints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/inbox.h"
#include "http/ticket_json.h"
#include "quarter/check.h"
#include "store/ulid.h"

struct print {
    char id[QUARTER_ULID_LEN + 1]; /* "": never used */
    char kiosk[QUARTER_CODE_MAX + 1];
    char ticket[QUARTER_ULID_LEN + 1];
    char number[QUARTER_NUMBER_MAX + 1];
    char key[QUARTER_KEY_MAX + 1], actor[QUARTER_ACTOR_MAX + 1]; /* of the request */
    enum print_state state;
    int64_t asked_ms; /* monotonic */
};

struct prints {
    struct device_states *devices;
    int next;
    struct print list[PRINTS_MAX];
};

struct prints *prints_create(struct device_states *devices)
{
    struct prints *prints = calloc(1, sizeof(*prints));
    CHECK(prints != NULL);
    prints->devices = devices;
    return prints;
}

void prints_destroy(struct prints *prints)
{
    free(prints);
}

static void tell(const struct prints *prints, const struct print *print, int64_t now_ms)
{
    if (prints->devices == NULL) {
        return;
    }
    struct print_report report = {.state = print->state, .since_ms = now_ms};
    memcpy(report.id, print->id, sizeof(report.id));
    memcpy(report.number, print->number, sizeof(report.number));
    (void)device_states_set_print(prints->devices, print->kiosk, &report);
}

static void answer(struct desk_job *job, const char *id)
{
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "print");
    json_out_string(&out, id);
    json_out_close(&out, '}');
    job->body = json_out_take(&out);
    job->http_status = 202;
}

static const struct print *find_key(const struct prints *prints, const struct desk_job *job)
{
    for (int i = 0; i < PRINTS_MAX; i++) {
        const struct print *print = &prints->list[i];
        if (print->id[0] != '\0' && strcmp(print->key, job->key) == 0 &&
            strcmp(print->actor, job->command.actor) == 0) {
            return print;
        }
    }
    return NULL;
}

static int count_waiting(const struct prints *prints, const char *kiosk)
{
    int count = 0;
    for (int i = 0; i < PRINTS_MAX; i++) {
        const struct print *print = &prints->list[i];
        count += print->id[0] != '\0' && print->state == PRINT_WAITING &&
                 strcmp(print->kiosk, kiosk) == 0;
    }
    return count;
}

/* One that nobody waits for: with few kiosks there always is one, and with many the oldest goes. */
static struct print *take_place(struct prints *prints)
{
    for (int i = 0; i < PRINTS_MAX; i++) {
        struct print *print = &prints->list[(prints->next + i) % PRINTS_MAX];
        if (print->id[0] == '\0' || print->state != PRINT_WAITING) {
            prints->next = (prints->next + i + 1) % PRINTS_MAX;
            return print;
        }
    }
    return NULL;
}

static void ask(struct prints *prints, const struct view_source *source, struct desk_job *job)
{
    const struct command *command = &job->command;
    const struct print *before = find_key(prints, job);
    if (before != NULL) {
        if (strcmp(before->kiosk, command->device) != 0 ||
            strcmp(before->ticket, command->ticket_id) != 0) {
            job->problem = PROBLEM_KEY_REUSED;
            return;
        }
        answer(job, before->id);
        return;
    }
    const struct ticket *ticket = engine_find_ticket(source->engine, command->ticket_id);
    if (ticket == NULL) {
        job->problem = PROBLEM_UNKNOWN_TICKET;
        return;
    }
    struct print *print =
        count_waiting(prints, command->device) < PRINTS_EACH_MAX ? take_place(prints) : NULL;
    if (print == NULL) {
        job->problem = PROBLEM_TOO_MANY_PRINTS;
        return;
    }
    *print = (struct print){.state = PRINT_WAITING, .asked_ms = inbox_monotonic_ms()};
    ulid_make(source->now_ms, print->id);
    memcpy(print->kiosk, command->device, sizeof(print->kiosk));
    memcpy(print->ticket, command->ticket_id, sizeof(print->ticket));
    memcpy(print->number, ticket->number, sizeof(print->number));
    memcpy(print->key, job->key, sizeof(print->key));
    memcpy(print->actor, command->actor, sizeof(print->actor));
    tell(prints, print, source->now_ms);
    answer(job, print->id);
}

/* What was told once holds: told again, or too late, it changes nothing. */
static void done(struct prints *prints, const struct view_source *source, struct desk_job *job)
{
    const struct command *command = &job->command;
    for (int i = 0; i < PRINTS_MAX; i++) {
        struct print *print = &prints->list[i];
        const bool is_its_own =
            command->device[0] == '\0' || strcmp(print->kiosk, command->device) == 0;
        if (print->id[0] == '\0' || strcmp(print->id, command->notice) != 0 || !is_its_own) {
            continue;
        }
        if (print->state == PRINT_WAITING) {
            print->state = job->printed ? PRINT_PRINTED : PRINT_FAILED;
            tell(prints, print, source->now_ms);
        }
        job->http_status = 204;
        return;
    }
    job->problem = PROBLEM_NOT_FOUND;
}

void prints_perform(struct prints *prints, const struct view_source *source, struct desk_job *job)
{
    if (job->verb == DESK_PRINT) {
        ask(prints, source, job);
    } else {
        CHECK(job->verb == DESK_PRINT_DONE);
        done(prints, source, job);
    }
}

bool prints_tidy(struct prints *prints, int64_t now_ms, int64_t monotonic_ms)
{
    bool some = false;
    for (int i = 0; i < PRINTS_MAX; i++) {
        struct print *print = &prints->list[i];
        if (print->id[0] != '\0' && print->state == PRINT_WAITING &&
            monotonic_ms - print->asked_ms >= PRINTS_WAIT_MS) {
            print->state = PRINT_FAILED;
            tell(prints, print, now_ms);
            some = true;
        }
    }
    return some;
}

static void write_print(struct json_out *out, const struct view_source *source,
                        const struct print *print)
{
    const struct ticket *ticket = engine_find_ticket(source->engine, print->ticket);
    if (ticket == NULL) { /* of yesterday, by now */
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "id");
    json_out_string(out, print->id);
    json_out_key(out, "ticket");
    ticket_json_receipt(out, source, ticket);
    json_out_close(out, '}');
}

void prints_write(const struct prints *prints, struct json_out *out,
                  const struct view_source *source, const char *device)
{
    json_out_key(out, "prints");
    json_out_open(out, '[');
    for (int i = 0; prints != NULL && device != NULL && i < PRINTS_MAX; i++) {
        const struct print *print = &prints->list[(prints->next + i) % PRINTS_MAX];
        if (print->id[0] != '\0' && print->state == PRINT_WAITING &&
            strcmp(print->kiosk, device) == 0) {
            write_print(out, source, print);
        }
    }
    json_out_close(out, ']');
}
