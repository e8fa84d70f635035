/* Printing at a kiosk from elsewhere, and what a device tells of itself. None of it is of the record, so none of it is a
 * command to the queue. */
#include <stdio.h>
#include <string.h>

#include "http/exchange.h"
#include "http/handlers.h"
#include "http/request_parts.h"
#include "quarter/check.h"

static const char *const print_states[] = {"failed", "printed"};

static bool read_key(const struct exchange *exchange, struct desk_job *job)
{
    const char *key = exchange_header(exchange, "Idempotency-Key");
    if (key == NULL || !request_key_is_valid(key)) {
        return false;
    }
    (void)snprintf(job->key, sizeof(job->key), "%s", key);
    (void)snprintf(job->command.actor, sizeof(job->command.actor), "%s", exchange->caller.actor);
    return true;
}

/* Takes the object, which may be NULL: the fault says why. */
static enum MHD_Result hand_over(struct exchange *exchange, struct desk_job *job, bool fine,
                                 json_t *object, const struct fault *fault)
{
    json_decref(object);
    if (!fine) {
        desk_job_destroy(job);
        return exchange_send_fault(exchange, fault);
    }
    if (!read_key(exchange, job)) {
        desk_job_destroy(job);
        return exchange_send_problem(exchange, PROBLEM_KEY_REQUIRED, NULL, NULL);
    }
    return exchange_park(exchange, job);
}

static bool read_ticket(json_t *object, struct desk_job *job, struct fault *fault)
{
    static const char *const names[] = {"ticket", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const char *id = json_string_value(json_object_get(object, "ticket"));
    if (id == NULL || !request_is_ulid(id)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "ticket",
                            "The field \"ticket\" must be a ticket's id.");
    }
    (void)snprintf(job->command.ticket_id, sizeof(job->command.ticket_id), "%s", id);
    return true;
}

enum MHD_Result handle_print(struct exchange *exchange)
{
    const char *kiosk = exchange->match.parameter;
    struct fault fault = {0};
    if (!site_has_kiosk(exchange->edition->site, kiosk)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND,
                                     "This centre has no kiosk of that name.", NULL);
    }
    struct desk_job *job = desk_job_create(DESK_PRINT);
    (void)snprintf(job->command.device, sizeof(job->command.device), "%.*s", QUARTER_CODE_MAX,
                   kiosk);
    json_t *object = request_object(exchange->body, exchange->body_length, &fault);
    const bool fine = object != NULL && read_ticket(object, job, &fault);
    return hand_over(exchange, job, fine, object, &fault);
}

static bool read_done(json_t *object, struct desk_job *job, struct fault *fault)
{
    static const char *const names[] = {"state", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const char *state = json_string_value(json_object_get(object, "state"));
    for (int i = 0; state != NULL && i < 2; i++) {
        if (strcmp(state, print_states[i]) == 0) {
            job->printed = i == 1;
            return true;
        }
    }
    return request_fail(fault, PROBLEM_INVALID_FIELD, "state",
                        "The field \"state\" must be \"printed\" or \"failed\".");
}

/* The code of the device that asks; "": somebody who may speak for any. */
static const char *own_code(const struct exchange *exchange)
{
    return exchange->caller.kind == CALLER_DEVICE ? exchange->caller.device.code : "";
}

enum MHD_Result handle_print_done(struct exchange *exchange)
{
    struct fault fault = {0};
    if (!request_is_ulid(exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND, NULL, NULL);
    }
    struct desk_job *job = desk_job_create(DESK_PRINT_DONE);
    (void)snprintf(job->command.notice, sizeof(job->command.notice), "%.*s", QUARTER_ULID_LEN,
                   exchange->match.parameter);
    (void)snprintf(job->command.device, sizeof(job->command.device), "%.*s", QUARTER_CODE_MAX,
                   own_code(exchange));
    json_t *object = request_object(exchange->body, exchange->body_length, &fault);
    const bool fine = object != NULL && read_done(object, job, &fault);
    return hand_over(exchange, job, fine, object, &fault);
}

/* --- a device's own state ------------------------------------------------------------------ */

static bool read_reasons(const json_t *list, struct printer_report *report, struct fault *fault)
{
    const size_t count = json_array_size(list);
    bool fine = json_is_array(list) && count <= DEVICE_REASONS_MAX;
    for (size_t i = 0; fine && i < count; i++) {
        const char *reason = json_string_value(json_array_get(list, i));
        fine = reason != NULL && request_is_code(reason);
        if (fine) {
            (void)snprintf(report->reasons[i], sizeof(report->reasons[i]), "%s", reason);
            report->reason_count++;
        }
    }
    return fine || request_fail(fault, PROBLEM_INVALID_FIELD, "printer",
                                "The field \"reasons\" must be a list of at most 8 codes.");
}

/* {"state","reasons"}, or null: it has none. */
static bool read_printer(json_t *printer, struct printer_report *report, bool *has_printer,
                         struct fault *fault)
{
    static const char *const names[] = {"state", "reasons", NULL};
    *has_printer = json_is_object(printer);
    if (json_is_null(printer)) {
        return true;
    }
    const char *state = json_string_value(json_object_get(printer, "state"));
    if (state == NULL || !printer_state_from_code(state, &report->state)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "printer",
                            "The field \"printer\" must be null, or have a \"state\": ready, "
                            "attention, stopped or gone.");
    }
    return request_check_fields(printer, names, fault) &&
           read_reasons(json_object_get(printer, "reasons"), report, fault);
}

struct told {
    char code[QUARTER_CODE_MAX + 1];
    bool has_printer;
    struct printer_report printer;
};

/* Only who is not known as a device says which one it speaks for. */
static bool read_state(const struct exchange *exchange, json_t *object, struct told *told,
                       struct fault *fault)
{
    static const char *const names[] = {"code", "printer", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const char *own = own_code(exchange);
    const json_t *said = json_object_get(object, "code");
    const char *code = own[0] != '\0' && said == NULL ? own : json_string_value(said);
    if (code == NULL || !request_is_code(code) || (own[0] != '\0' && strcmp(own, code) != 0)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "code",
                            "The field \"code\" must be the device's own.");
    }
    (void)snprintf(told->code, sizeof(told->code), "%s", code);
    return read_printer(json_object_get(object, "printer"), &told->printer, &told->has_printer,
                        fault);
}

/* It is put as often as the device likes, and the last one holds: it needs no key. */
enum MHD_Result handle_device_state(struct exchange *exchange)
{
    struct fault fault = {0};
    struct told told = {0};
    json_t *object = request_object(exchange->body, exchange->body_length, &fault);
    const bool fine = object != NULL && read_state(exchange, object, &told, &fault);
    json_decref(object);
    if (!fine) {
        return exchange_send_fault(exchange, &fault);
    }
    const struct site *site = exchange->edition->site;
    const bool is_kiosk = site_has_kiosk(site, told.code);
    if (!is_kiosk && !site_has_display(site, told.code)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND,
                                     "This centre has no kiosk or display of that name.", NULL);
    }
    (void)device_states_set_printer(exchange->house->devices,
                                    is_kiosk ? DEVICE_KIOSK : DEVICE_DISPLAY, told.code,
                                    told.has_printer ? &told.printer : NULL);
    return exchange_send_nothing(exchange);
}
