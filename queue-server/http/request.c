/* Bodies of requests. See request.h. */
#include "http/request.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/advice_json.h"
#include "http/request_parts.h"
#include "http/time_text.h"
#include "quarter/check.h"

enum {
    DEPTH_MAX = 8,
    LATE_NUMBER_MAX = 9999,
};

/* A device's clock may be a little ahead of ours; later than this it "happened" in the future. */
static const int64_t ahead_ms = 5000;
/* What is handed over late is of the same day. */
static const int64_t behind_ms = INT64_C(24) * 3600 * 1000;

/* Copies at most `size - 1` bytes and never cuts a UTF-8 sequence in two. */
static void copy_cut(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80U) {
            length--;
        }
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

bool request_fail(struct fault *fault, enum problem_code code, const char *field,
                  const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fault->code = code;
    copy_cut(fault->field, sizeof(fault->field), field);
    (void)vsnprintf(fault->detail, sizeof(fault->detail), format, arguments);
    va_end(arguments);
    return false;
}

/* Counted before parsing, so that a tower of brackets never reaches the recursive parser. */
static bool is_too_deep(const char *body, size_t length)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        if (in_string) {
            if (body[i] == '\\') {
                i++; /* whatever follows is part of the string */
            } else if (body[i] == '"') {
                in_string = false;
            }
        } else if (body[i] == '"') {
            in_string = true;
        } else if (body[i] == '{' || body[i] == '[') {
            depth++;
        } else if (body[i] == '}' || body[i] == ']') {
            depth--;
        }
        if (depth > DEPTH_MAX) {
            return true;
        }
    }
    return false;
}

json_t *request_object(const char *body, size_t length, struct fault *fault)
{
    if (length > QUARTER_BODY_BYTES) {
        (void)request_fail(fault, PROBLEM_BODY_TOO_LARGE, "", "%s", "");
        return NULL;
    }
    if (length == 0) {
        json_t *empty = json_object();
        CHECK(empty != NULL);
        return empty;
    }
    if (is_too_deep(body, length)) {
        (void)request_fail(fault, PROBLEM_MALFORMED_JSON, "",
                           "The JSON is nested deeper than %d levels.", DEPTH_MAX);
        return NULL;
    }
    json_error_t error;
    json_t *object = json_loadb(body, length, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL) {
        (void)request_fail(fault, PROBLEM_MALFORMED_JSON, "",
                           "The request is not valid JSON (line %d, column %d).", error.line,
                           error.column);
        return NULL;
    }
    if (!json_is_object(object)) {
        (void)request_fail(fault, PROBLEM_MALFORMED_JSON, "", "The request must be a JSON object.");
        json_decref(object);
        return NULL;
    }
    return object;
}

bool request_is_code(const char *text)
{
    const size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return length >= 1 && length <= QUARTER_CODE_MAX && text[length] == '\0';
}

bool request_is_ulid(const char *text)
{
    const size_t length = strspn(text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    return length == QUARTER_ULID_LEN && text[length] == '\0';
}

bool request_key_is_valid(const char *key)
{
    const size_t length = strlen(key);
    if (length < QUARTER_KEY_MIN || length > QUARTER_KEY_MAX) {
        return false;
    }
    for (const char *at = key; *at != '\0'; at++) {
        if (*at < '!' || *at > '~') {
            return false;
        }
    }
    return true;
}

/* Only the named fields may be there; the list ends with NULL. */
bool request_check_fields(json_t *object, const char *const *names, struct fault *fault)
{
    bool fine = true;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, key) != 0) {
            name++;
        }
        if (*name == NULL) {
            fine =
                request_fail(fault, PROBLEM_INVALID_FIELD, key, "This request has no such field.");
            break;
        }
    }
    return fine;
}

bool request_find_field(json_t *object, const char *field, enum request_presence presence,
                        const json_t **value, struct fault *fault)
{
    *value = json_object_get(object, field);
    return *value != NULL || presence == REQUEST_OPTIONAL ||
           request_fail(fault, PROBLEM_INVALID_FIELD, field, "The field \"%s\" is missing.", field);
}

bool request_read_code(json_t *object, const char *field, enum request_presence presence,
                       char out[QUARTER_CODE_MAX + 1], struct fault *fault)
{
    const json_t *value = NULL;
    if (!request_find_field(object, field, presence, &value, fault)) {
        return false;
    }
    if (value == NULL) {
        return true;
    }
    const char *text = json_string_value(value);
    if (text == NULL || !request_is_code(text)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, field,
                            "The field \"%s\" must be a code: 1 to %d of a-z, 0-9, _ and -.", field,
                            QUARTER_CODE_MAX);
    }
    copy_cut(out, QUARTER_CODE_MAX + 1, text);
    return true;
}

bool request_read_needs(json_t *object, struct command *command, struct fault *fault)
{
    const json_t *needs = json_object_get(object, "needs");
    if (needs == NULL) {
        return true;
    }
    if (!json_is_array(needs) || json_array_size(needs) > QUARTER_NEEDS_MAX) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "needs",
                            "The field \"needs\" must be a list of at most %d codes.",
                            QUARTER_NEEDS_MAX);
    }
    for (size_t i = 0; i < json_array_size(needs); i++) {
        const char *need = json_string_value(json_array_get(needs, i));
        if (need == NULL || !request_is_code(need)) {
            return request_fail(fault, PROBLEM_INVALID_FIELD, "needs", "Each need must be a code.");
        }
        for (int before = 0; before < command->need_count; before++) {
            if (strcmp(command->needs[before], need) == 0) {
                return request_fail(fault, PROBLEM_INVALID_FIELD, "needs",
                                    "A need is listed twice.");
            }
        }
        copy_cut(command->needs[command->need_count], QUARTER_CODE_MAX + 1, need);
        command->need_count++;
    }
    return true;
}

/* Of several that could be chosen: each once. */
static bool is_choice_of_codes(const json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) > QUARTER_ANSWER_CHOICES_MAX) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *code = json_string_value(json_array_get(value, i));
        if (code == NULL || !request_is_code(code)) {
            return false;
        }
        for (size_t before = 0; before < i; before++) {
            if (strcmp(json_string_value(json_array_get(value, before)), code) == 0) {
                return false;
            }
        }
    }
    return true;
}

static bool check_answers(json_t *object, struct fault *fault)
{
    json_t *answers = json_object_get(object, "answers");
    if (answers == NULL) {
        return true;
    }
    if (!json_is_object(answers) || json_object_size(answers) > QUARTER_ANSWERS_MAX) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "answers",
                            "The field \"answers\" must be an object of at most %d answers.",
                            QUARTER_ANSWERS_MAX);
    }
    const char *key;
    json_t *value;
    json_object_foreach(answers, key, value)
    {
        const bool is_text =
            json_is_string(value) && json_string_length(value) <= QUARTER_ANSWER_BYTES;
        if (!request_is_code(key) || (!is_text && !is_choice_of_codes(value))) {
            return request_fail(
                fault, PROBLEM_INVALID_FIELD, "answers",
                "Each answer must be text of at most %d bytes, or a list of at most %d "
                "different codes, under a code.",
                QUARTER_ANSWER_BYTES, QUARTER_ANSWER_CHOICES_MAX);
        }
    }
    return true;
}

static bool read_number(json_t *object, struct command *command, struct fault *fault)
{
    const json_t *number = json_object_get(object, "number");
    if (number == NULL) {
        return true;
    }
    const json_int_t value = json_integer_value(number);
    if (!json_is_integer(number) || value < 1 || value > LATE_NUMBER_MAX) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "number",
                            "The field \"number\" must be a whole number from 1 to %d.",
                            LATE_NUMBER_MAX);
    }
    command->number = (int32_t)value;
    return true;
}

static bool read_occurred_at(json_t *object, int64_t now_ms, struct command *command,
                             struct fault *fault)
{
    const json_t *field = json_object_get(object, "occurred_at");
    if (field == NULL) {
        return true;
    }
    if (command->number == 0) { /* or anybody could claim to have come earlier than the rest */
        return request_fail(
            fault, PROBLEM_INVALID_FIELD, "occurred_at",
            "The field \"occurred_at\" is only for a ticket with a reserved number.");
    }
    int64_t at_ms = 0;
    if (!json_is_string(field) || !time_text_read(json_string_value(field), &at_ms)) {
        return request_fail(
            fault, PROBLEM_INVALID_FIELD, "occurred_at",
            "The field \"occurred_at\" must be a time like 2026-11-24T10:42:07.123Z.");
    }
    if (at_ms > now_ms + ahead_ms) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "occurred_at",
                            "The field \"occurred_at\" lies in the future.");
    }
    if (at_ms < now_ms - behind_ms) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "occurred_at",
                            "The field \"occurred_at\" lies more than a day back.");
    }
    command->occurred_at_ms = at_ms < now_ms ? at_ms : now_ms;
    return true;
}

/* The classes that somebody can say; the others come by themselves. */
bool request_read_class(json_t *object, struct command *command, struct fault *fault)
{
    const json_t *field = json_object_get(object, "class");
    if (field == NULL) {
        return true;
    }
    const char *code = json_string_value(field);
    if (code == NULL || !ticket_class_from_code(code, &command->ticket_class) ||
        (command->ticket_class != CLASS_NORMAL && command->ticket_class != CLASS_ASSISTED &&
         command->ticket_class != CLASS_URGENT)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "class",
                            "The field \"class\" must be normal, assisted or urgent.");
    }
    return true;
}

static bool read_appointment_at(json_t *object, int64_t now_ms, struct command *command,
                                struct fault *fault)
{
    const json_t *field = json_object_get(object, "appointment_at");
    if (field == NULL) {
        return true;
    }
    int64_t at_ms = 0;
    if (!json_is_string(field) || !time_text_read(json_string_value(field), &at_ms)) {
        return request_fail(
            fault, PROBLEM_INVALID_FIELD, "appointment_at",
            "The field \"appointment_at\" must be a time like 2026-11-24T10:45:00Z.");
    }
    if (at_ms > now_ms + behind_ms || at_ms < now_ms - behind_ms) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "appointment_at",
                            "The field \"appointment_at\" is not of today.");
    }
    command->appointment_ms = at_ms;
    return true;
}

bool request_read_issue(json_t *object, int64_t now_ms, struct command *command,
                        struct fault *fault)
{
    static const char *const names[] = {"service",        "language",    "needs",  "answers",
                                        "number",         "occurred_at", "device", "class",
                                        "appointment_at", "avoidable",   NULL};
    return request_check_fields(object, names, fault) &&
           request_read_code(object, "service", REQUEST_REQUIRED, command->service, fault) &&
           request_read_code(object, "language", REQUEST_OPTIONAL, command->language, fault) &&
           request_read_code(object, "device", REQUEST_OPTIONAL, command->device, fault) &&
           request_read_code(object, "avoidable", REQUEST_OPTIONAL, command->avoidable, fault) &&
           request_read_needs(object, command, fault) && check_answers(object, fault) &&
           read_number(object, command, fault) &&
           read_occurred_at(object, now_ms, command, fault) &&
           request_read_class(object, command, fault) &&
           read_appointment_at(object, now_ms, command, fault);
}

bool request_read_visit(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"kind",   "service",   "signpost", "language",
                                        "device", "avoidable", "outcome",  NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const char *kind = json_string_value(json_object_get(object, "kind"));
    if (kind == NULL || !visit_kind_from_code(kind, &command->visit_kind)) {
        return request_fail(
            fault, PROBLEM_INVALID_FIELD, "kind",
            "The field \"kind\" must be signposted, self_served or resolved_at_door.");
    }
    if (command->visit_kind == VISIT_RESOLVED_AT_DOOR) {
        if (!request_read_outcome(object, command, fault)) {
            return false;
        }
    } else if (json_object_get(object, "outcome") != NULL) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "outcome",
                            "The field \"outcome\" is for what was resolved at the door.");
    }
    return request_read_code(object, "service", REQUEST_REQUIRED, command->service, fault) &&
           request_read_code(object, "signpost", REQUEST_OPTIONAL, command->signpost, fault) &&
           request_read_code(object, "language", REQUEST_OPTIONAL, command->language, fault) &&
           request_read_code(object, "device", REQUEST_OPTIONAL, command->device, fault) &&
           request_read_code(object, "avoidable", REQUEST_OPTIONAL, command->avoidable, fault);
}

bool request_read_help(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"device", "language", NULL};
    return request_check_fields(object, names, fault) &&
           request_read_code(object, "device", REQUEST_REQUIRED, command->device, fault) &&
           request_read_code(object, "language", REQUEST_OPTIONAL, command->language, fault);
}

bool request_read_reserve(json_t *object, struct command *command, struct fault *fault)
{
    static const char *const names[] = {"device", "service", NULL};
    return request_check_fields(object, names, fault) &&
           request_read_code(object, "device", REQUEST_REQUIRED, command->device, fault) &&
           request_read_code(object, "service", REQUEST_REQUIRED, command->service, fault);
}

static bool read_move_services(json_t *object, struct what_if_move *move, struct fault *fault)
{
    const json_t *services = json_object_get(object, "services");
    if (services == NULL) {
        return true;
    }
    if (move->type != MOVE_OPEN || !json_is_array(services) ||
        json_array_size(services) > QUARTER_SERVICES_MAX) {
        return request_fail(
            fault, PROBLEM_INVALID_FIELD, "services",
            "The field \"services\" must be a list of codes, and is for \"open\" only.");
    }
    for (size_t i = 0; i < json_array_size(services); i++) {
        const char *code = json_string_value(json_array_get(services, i));
        if (code == NULL || !request_is_code(code)) {
            return request_fail(fault, PROBLEM_INVALID_FIELD, "services",
                                "Each service must be a code.");
        }
        copy_cut(move->services[move->service_count++], QUARTER_CODE_MAX + 1, code);
    }
    return true;
}

static bool read_move_minutes(json_t *object, struct what_if_move *move, struct fault *fault)
{
    const json_t *minutes = json_object_get(object, "minutes");
    const json_int_t value = json_integer_value(minutes);
    const json_int_t least = move->type == MOVE_SHIFT_BREAK ? -WHAT_IF_MINUTES_MAX : 1;
    if (move->type == MOVE_OPEN) {
        return minutes == NULL ||
               request_fail(
                   fault, PROBLEM_INVALID_FIELD, "minutes",
                   "The field \"minutes\" is not for \"open\", which lasts to the day's end.");
    }
    if (!json_is_integer(minutes) || value < least || value > WHAT_IF_MINUTES_MAX || value == 0) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "minutes",
                            "The field \"minutes\" must be a whole number from %d to %d%s.",
                            (int)least, WHAT_IF_MINUTES_MAX, least < 0 ? ", and not 0" : "");
    }
    move->minutes = (int32_t)value;
    return true;
}

static bool read_move(json_t *object, struct what_if_move *move, struct fault *fault)
{
    static const char *const names[] = {"move", "counter", "services", "minutes", NULL};
    if (!json_is_object(object)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "moves", "Each move must be an object.");
    }
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const char *code = json_string_value(json_object_get(object, "move"));
    if (code == NULL || !move_from_code(code, &move->type)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "move",
                            "The field \"move\" must be open, pause or shift_break.");
    }
    return request_read_code(object, "counter", REQUEST_REQUIRED, move->counter, fault) &&
           read_move_services(object, move, fault) && read_move_minutes(object, move, fault);
}

bool request_read_what_if(json_t *object, struct what_if *what_if, struct fault *fault)
{
    static const char *const names[] = {"moves", NULL};
    if (!request_check_fields(object, names, fault)) {
        return false;
    }
    const json_t *moves = json_object_get(object, "moves");
    const size_t count = json_array_size(moves);
    if (!json_is_array(moves) || count < 1 || count > WHAT_IF_MOVES_MAX) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "moves",
                            "The field \"moves\" must be a list of 1 to %d moves.",
                            WHAT_IF_MOVES_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_move(json_array_get(moves, i), &what_if->moves[i], fault)) {
            return false;
        }
        what_if->count++;
    }
    return true;
}

bool request_read_nothing(json_t *object, struct fault *fault)
{
    static const char *const names[] = {NULL};
    return request_check_fields(object, names, fault);
}

char *request_take_answers(json_t *object)
{
    const json_t *answers = json_object_get(object, "answers");
    if (answers == NULL || json_object_size(answers) == 0) {
        return NULL;
    }
    char *text = json_dumps(answers, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK(text != NULL);
    return text;
}

void request_hash(const char *method, const char *path, json_t *object,
                  char hash[QUARTER_HASH_LEN + 1])
{
    char *body = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK(body != NULL);
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256_init(&state);
    /* The final '\0' of each part keeps two parts from being read as others. */
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)method, strlen(method) + 1);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)path, strlen(path) + 1);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)body, strlen(body));
    (void)crypto_hash_sha256_final(&state, digest);
    (void)sodium_bin2hex(hash, QUARTER_HASH_LEN + 1, digest, sizeof(digest));
    free(body);
}
