/* What administrators do: persons, and the audit trail. */
#include <stdlib.h>
#include <string.h>

#include "http/ask_people.h"
#include "http/exchange.h"
#include "http/handlers.h"
#include "http/people_json.h"
#include "http/request_people.h"

enum MHD_Result handle_persons(struct exchange *exchange)
{
    struct people *people = exchange->house->people;
    if (people == NULL) {
        return exchange_send_problem(exchange, PROBLEM_SIGN_IN_OFF, NULL, NULL);
    }
    struct person *list = NULL;
    const size_t count = people_list_persons(people, &list);
    struct json_out out = {0};
    json_out_open(&out, '[');
    for (size_t i = 0; i < count; i++) {
        person_json_write(&out, &list[i]);
    }
    json_out_close(&out, ']');
    free(list);
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

/* Whom one can send a visitor to, as they are shown: nothing else of them. Nobody, with sign-in off. */
enum MHD_Result handle_colleagues(struct exchange *exchange)
{
    struct people *people = exchange->house->people;
    struct person *list = NULL;
    const size_t count = people != NULL ? people_list_persons(people, &list) : 0;
    struct json_out out = {0};
    json_out_open(&out, '[');
    for (size_t i = 0; i < count; i++) {
        if (list[i].disabled_ms != 0 || (list[i].roles & (ROLE_COUNTER | ROLE_MANAGER)) == 0) {
            continue;
        }
        json_out_open(&out, '{');
        json_out_key(&out, "id");
        json_out_string(&out, list[i].id);
        json_out_key(&out, "display");
        json_out_string(&out, list[i].display[0] != '\0' ? list[i].display : list[i].name);
        json_out_close(&out, '}');
    }
    json_out_close(&out, ']');
    free(list);
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

/* one_time is shown this once, and kept nowhere. */
static enum MHD_Result send_person(struct exchange *exchange, int http_status,
                                   const struct people_answer *answer)
{
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "person");
    person_json_write(&out, &answer->person);
    json_out_key(&out, "one_time");
    json_out_string_or_null(&out, answer->one_time);
    json_out_close(&out, '}');
    return exchange_send_json(exchange, http_status, json_out_take(&out));
}

static enum MHD_Result person_added(struct exchange *exchange, const struct people_answer *answer)
{
    return send_person(exchange, MHD_HTTP_CREATED, answer);
}

static enum MHD_Result person_changed(struct exchange *exchange, const struct people_answer *answer)
{
    return send_person(exchange, MHD_HTTP_OK, answer);
}

enum MHD_Result handle_person_add(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_ADD_PERSON};
    return ask_people(exchange, &request, request_read_person, person_added);
}

static enum MHD_Result to_person(struct exchange *exchange, enum people_verb verb,
                                 people_reader *read)
{
    struct people_request request = {.verb = verb, .person = exchange->match.parameter};
    return ask_people(exchange, &request, read, person_changed);
}

enum MHD_Result handle_person_change(struct exchange *exchange)
{
    return to_person(exchange, PEOPLE_CHANGE_PERSON, request_read_change);
}

enum MHD_Result handle_person_reset(struct exchange *exchange)
{
    return to_person(exchange, PEOPLE_RESET_PASSWORD, request_read_no_more);
}

enum MHD_Result handle_person_disable(struct exchange *exchange)
{
    return to_person(exchange, PEOPLE_DISABLE_PERSON, request_read_no_more);
}

enum MHD_Result handle_person_enable(struct exchange *exchange)
{
    return to_person(exchange, PEOPLE_ENABLE_PERSON, request_read_no_more);
}

/* --- the trail ------------------------------------------------------------------------------ */

/* A whole number of the query; false: it is something else. Without it, *value stays. */
static bool read_query(const struct exchange *exchange, const char *name, int64_t most,
                       int64_t *value)
{
    const char *text =
        MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, name);
    if (text == NULL) {
        return true;
    }
    const size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18 || text[digits] != '\0') {
        return false;
    }
    *value = strtoll(text, NULL, 10);
    return *value >= 1 && *value <= most;
}

static enum MHD_Result send_trail(struct exchange *exchange, const struct people_answer *answer)
{
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "entries");
    json_out_open(&out, '[');
    for (size_t i = 0; i < answer->audit_count; i++) {
        audit_json_write(&out, &answer->audit[i]);
    }
    json_out_close(&out, ']');
    json_out_close(&out, '}');
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

enum MHD_Result handle_audit(struct exchange *exchange)
{
    enum { USUAL = 100 };
    int64_t before = 0, limit = USUAL;
    if (exchange->house->people == NULL) {
        return exchange_send_problem(exchange, PROBLEM_SIGN_IN_OFF, NULL, NULL);
    }
    if (!read_query(exchange, "before", INT64_MAX, &before)) {
        return exchange_send_problem(exchange, PROBLEM_INVALID_FIELD,
                                     "The field \"before\" must be the number of an entry.",
                                     "before");
    }
    if (!read_query(exchange, "limit", PEOPLE_AUDIT_MAX, &limit)) {
        return exchange_send_problem(exchange, PROBLEM_INVALID_FIELD,
                                     "The field \"limit\" must be a number from 1 to 500.",
                                     "limit");
    }
    struct people_request request = {
        .verb = PEOPLE_LIST_AUDIT, .before = before, .limit = (int)limit};
    return errand_park(exchange, &request, send_trail);
}
