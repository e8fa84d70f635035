/* Bodies of what staff ask for, at a counter and on the floor. See request.h. */
#include <string.h>

#include "http/request_parts.h"
#include "http/time_text.h"

enum {
    NOTE_LETTERS_MAX = 500,
    REFERENCE_LETTERS_MAX = 40,
    NOTICE_MINUTES_MAX = 240,
};

static const int64_t notice_ms = INT64_C(24) * 3600 * 1000; /* at most */

/* Words of people: UTF-8 of so many letters, without control characters but for the line's end. */
static bool check_text(json_t *object, const char *field, int letters_max, struct fault *fault)
{
    const json_t *value = json_object_get(object, field);
    if (value == NULL) {
        return true;
    }
    const char *text = json_string_value(value);
    int letters = 0;
    bool fine = text != NULL && strlen(text) == json_string_length(value);
    for (const char *at = text; fine && *at != '\0'; at++) {
        letters += ((unsigned char)*at & 0xC0U) != 0x80U;
        fine = ((unsigned char)*at >= ' ' || *at == '\n') && *at != 0x7F;
    }
    return (fine && letters >= 1 && letters <= letters_max) ||
           request_fail(fault, PROBLEM_INVALID_FIELD, field,
                        "The field \"%s\" must be text of 1 to %d letters.", field, letters_max);
}

static bool read_flag(json_t *object, const char *field, bool *flag, struct fault *fault)
{
    const json_t *value = json_object_get(object, field);
    if (value != NULL && !json_is_boolean(value)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, field,
                            "The field \"%s\" must be true or false.", field);
    }
    *flag = json_is_true(value);
    return true;
}

static bool read_ulid(json_t *object, const char *field, enum request_presence presence,
                      char out[QUARTER_ULID_LEN + 1], struct fault *fault)
{
    const json_t *value = json_object_get(object, field);
    const char *text = json_string_value(value);
    if (value == NULL && presence == REQUEST_OPTIONAL) {
        return true;
    }
    if (text == NULL || !request_is_ulid(text)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, field,
                            "The field \"%s\" must be an id of %d capitals and digits.", field,
                            QUARTER_ULID_LEN);
    }
    memcpy(out, text, QUARTER_ULID_LEN + 1);
    return true;
}

bool request_read_outcome(json_t *object, struct command *command, struct fault *fault)
{
    const char *outcome = json_string_value(json_object_get(object, "outcome"));
    /* "unrecorded" is what the day's end writes; nobody says it. */
    if (outcome == NULL || !outcome_from_code(outcome, &command->outcome) ||
        command->outcome == OUTCOME_UNRECORDED) {
        return request_fail(
            fault, PROBLEM_INVALID_FIELD, "outcome",
            "The field \"outcome\" must be resolved, follow_up, signposted, wrong_service or "
            "left.");
    }
    return true;
}

/* Whom the command means, for it may come late. */
static bool read_visitor(json_t *object, struct command *command, struct fault *fault)
{
    return read_ulid(object, "ticket", REQUEST_OPTIONAL, command->ticket_id, fault);
}

bool request_read_visitor(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"ticket", NULL};
    return request_check_fields(object, names, fault) && read_visitor(object, command, fault);
}

bool request_read_finish(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"outcome", "avoidable", "reference",
                                        "next",    "ticket",    NULL};
    return request_check_fields(object, names, fault) && read_visitor(object, command, fault) &&
           request_read_outcome(object, command, fault) &&
           request_read_code(object, "avoidable", REQUEST_OPTIONAL, command->avoidable, fault) &&
           check_text(object, "reference", REFERENCE_LETTERS_MAX, fault) &&
           read_flag(object, "next", &command->next, fault);
}

bool request_read_transfer(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"service", "counter", "person", "note", "ticket", NULL};
    if (!request_check_fields(object, names, fault) || !read_visitor(object, command, fault)) {
        return false;
    }
    const int targets = (json_object_get(object, "service") != NULL) +
                        (json_object_get(object, "counter") != NULL) +
                        (json_object_get(object, "person") != NULL);
    if (targets != 1) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "service",
                            "Exactly one of \"service\", \"counter\" and \"person\" says where "
                            "the visitor goes.");
    }
    return request_read_code(object, "service", REQUEST_OPTIONAL, command->service, fault) &&
           request_read_code(object, "counter", REQUEST_OPTIONAL, command->to_counter, fault) &&
           read_ulid(object, "person", REQUEST_OPTIONAL, command->to_person, fault) &&
           check_text(object, "note", NOTE_LETTERS_MAX, fault);
}

bool request_read_pause(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"reason", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const json_t *value = json_object_get(object, "reason");
    const char *reason = json_string_value(value);
    return value == NULL ||
           (reason != NULL && pause_reason_from_code(reason, &command->pause_reason)) ||
           request_fail(fault, PROBLEM_INVALID_FIELD, "reason",
                        "The field \"reason\" must be break, back_office, training, safeguarding "
                        "or other.");
}

bool request_read_call(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"ticket", "because", "anyway", NULL};
    if (!request_check_fields(object, names, fault) ||
        !read_ulid(object, "ticket", REQUEST_REQUIRED, command->ticket_id, fault)) {
        return false;
    }
    const char *because = json_string_value(json_object_get(object, "because"));
    if (because == NULL || !because_from_code(because, &command->because)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "because",
                            "The field \"because\" must be vulnerable, quick_question, came_back, "
                            "agreed, mistake or other.");
    }
    return read_flag(object, "anyway", &command->anyway, fault);
}

bool request_read_take_back(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"ticket", NULL};
    return request_check_fields(object, names, fault) &&
           read_ulid(object, "ticket", REQUEST_REQUIRED, command->ticket_id, fault);
}

bool request_read_undo(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"step", "ticket", NULL};
    const json_t *value = json_object_get(object, "step");
    const char *step = json_string_value(value);
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    if (value == NULL && json_object_get(object, "ticket") == NULL) {
        return true;
    }
    if (step == NULL || !step_from_code(step, &command->step)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "step",
                            "The field \"step\" must be call, start, finish, no_show, transfer, "
                            "park or take_back.");
    }
    return read_ulid(object, "ticket", REQUEST_REQUIRED, command->ticket_id, fault);
}

bool request_read_move(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"services", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const json_t *services = json_object_get(object, "services");
    if (!json_is_array(services) || json_array_size(services) > QUARTER_MOVED_MAX) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "services",
                            "The field \"services\" must be a list of at most %d codes; an empty "
                            "one brings the site's back.",
                            QUARTER_MOVED_MAX);
    }
    for (size_t i = 0; i < json_array_size(services); i++) {
        const char *code = json_string_value(json_array_get(services, i));
        if (code == NULL || !request_is_code(code)) {
            return request_fail(fault, PROBLEM_INVALID_FIELD, "services",
                                "Each service must be a code.");
        }
        memcpy(command->services[command->service_count++], code, strlen(code) + 1);
    }
    return true;
}

bool request_read_edit(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"service", "language", "needs", "class", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    for (int i = 0; names[i] != NULL; i++) {
        command->edits |= json_object_get(object, names[i]) != NULL ? 1U << i : 0;
    }
    if (command->edits == 0) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "service", "Nothing is to be changed.");
    }
    /* null: none was spoken of after all. */
    const bool no_language = json_is_null(json_object_get(object, "language"));
    return request_read_code(object, "service", REQUEST_OPTIONAL, command->service, fault) &&
           (no_language ||
            request_read_code(object, "language", REQUEST_OPTIONAL, command->language, fault)) &&
           request_read_needs(object, command, fault) && request_read_class(object, command, fault);
}

bool request_read_hold(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"minutes", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const json_t *value = json_object_get(object, "minutes");
    const json_int_t minutes = json_integer_value(value);
    if (!json_is_integer(value) ||
        (minutes != 5 && minutes != 10 && minutes != 15 && minutes != 30)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "minutes",
                            "The field \"minutes\" must be 5, 10, 15 or 30.");
    }
    command->minutes = (int32_t)minutes;
    return true;
}

static bool read_until(json_t *object, int64_t now_ms, struct command *command, struct fault *fault)
{
    const json_t *field = json_object_get(object, "until");
    if (field == NULL) {
        return true;
    }
    int64_t until_ms = 0;
    if (!json_is_string(field) || !time_text_read(json_string_value(field), &until_ms)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "until",
                            "The field \"until\" must be a time like 2026-11-24T10:45:00Z.");
    }
    if (until_ms <= now_ms || until_ms > now_ms + notice_ms) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "until",
                            "The field \"until\" must lie in the next 24 hours.");
    }
    command->until_ms = until_ms;
    return true;
}

bool request_read_notice(json_t *object, int64_t now_ms, struct command *command,
                         struct fault *fault)
{
    static const char *const names[] = {"template", "service", "minutes", "until", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const char *code = json_string_value(json_object_get(object, "template"));
    if (code == NULL || !notice_template_from_code(code, &command->notice_template)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "template",
                            "The field \"template\" must be delay, short_of_staff, service_paused, "
                            "closing_early, fire_test, system_down or wait_outside.");
    }
    const json_t *value = json_object_get(object, "minutes");
    const json_int_t minutes = json_integer_value(value);
    if (value != NULL && (!json_is_integer(value) || minutes < 1 || minutes > NOTICE_MINUTES_MAX)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "minutes",
                            "The field \"minutes\" must be a whole number from 1 to %d.",
                            NOTICE_MINUTES_MAX);
    }
    command->minutes = (int32_t)minutes;
    return request_read_code(object, "service", REQUEST_OPTIONAL, command->service, fault) &&
           read_until(object, now_ms, command, fault);
}

char *request_take_text(json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));
    return text == NULL ? NULL : strdup(text);
}
