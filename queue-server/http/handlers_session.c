/* Signing in and out, the set-up, and one's own password and sessions. */
#include <stdlib.h>
#include <string.h>

#include "http/ask_people.h"
#include "http/exchange.h"
#include "http/handlers.h"
#include "http/people_json.h"
#include "http/request_people.h"
#include "quarter/check.h"

static enum MHD_Result send_session(struct exchange *exchange, int http_status,
                                    const struct people_session *session)
{
    return exchange_send_json(exchange, http_status, session_document(exchange, session));
}

enum MHD_Result handle_session(struct exchange *exchange)
{
    return send_session(exchange, MHD_HTTP_OK, exchange->caller.session);
}

static enum MHD_Result signed_in(struct exchange *exchange, const struct people_answer *answer)
{
    /* The same browser's session so far would only lie about. */
    const struct people_session *former = exchange->caller.session;
    if (former != NULL) {
        (void)people_end_session(exchange->house->people, former->person.id, former->id);
    }
    exchange_set_cookie(exchange, answer->token);
    return send_session(exchange, MHD_HTTP_CREATED, &answer->session);
}

enum MHD_Result handle_sign_in(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_SIGN_IN};
    return ask_people(exchange, &request, request_read_sign_in, signed_in);
}

enum MHD_Result handle_set_up(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_SET_UP};
    return ask_people(exchange, &request, request_read_set_up, signed_in);
}

/* A session that was just found may have ended since. */
static enum MHD_Result send_renewed(struct exchange *exchange)
{
    char fresh[PEOPLE_TOKEN_LEN + 1];
    struct people_session session;
    if (people_renew_session(exchange->house->people, exchange->caller.token, fresh, &session) !=
        PEOPLE_OK) {
        return exchange_send_problem(exchange, PROBLEM_SIGN_IN_NEEDED, NULL, NULL);
    }
    exchange_set_cookie(exchange, fresh);
    return send_session(exchange, MHD_HTTP_OK, &session);
}

static enum MHD_Result password_changed(struct exchange *exchange,
                                        const struct people_answer *answer)
{
    (void)answer;
    return send_renewed(exchange);
}

enum MHD_Result handle_password(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_CHANGE_PASSWORD};
    if (exchange->caller.session != NULL) {
        request.person = exchange->caller.session->person.id;
        request.session = exchange->caller.session->id;
    }
    return ask_people(exchange, &request, request_read_password, password_changed);
}

enum MHD_Result handle_session_renew(struct exchange *exchange)
{
    return ask_nothing(exchange) ? send_renewed(exchange) : MHD_YES;
}

enum MHD_Result handle_sign_out(struct exchange *exchange)
{
    if (!ask_nothing(exchange)) {
        return MHD_YES;
    }
    const struct people_session *session = exchange->caller.session;
    (void)people_end_session(exchange->house->people, session->person.id, session->id);
    auth_note(exchange, PROBLEM_NONE);
    exchange_set_cookie(exchange, NULL);
    return exchange_send_nothing(exchange);
}

enum MHD_Result handle_sessions(struct exchange *exchange)
{
    if (exchange->caller.session == NULL) {
        return exchange_send_problem(exchange, PROBLEM_SIGN_IN_OFF, NULL, NULL);
    }
    const struct people_session *own = exchange->caller.session;
    struct people_session *list = calloc(PEOPLE_SESSIONS_EACH, sizeof(*list));
    CHECK(list != NULL);
    const size_t count = people_list_sessions(exchange->house->people, own->person.id, list);
    struct json_out out = {0};
    json_out_open(&out, '[');
    for (size_t i = 0; i < count; i++) {
        json_out_open(&out, '{');
        json_out_key(&out, "id");
        json_out_string(&out, list[i].id);
        json_out_key(&out, "created_at");
        json_out_time(&out, list[i].created_ms);
        json_out_key(&out, "seen_at");
        json_out_time(&out, list[i].seen_ms);
        json_out_key(&out, "address");
        json_out_string(&out, list[i].address);
        json_out_key(&out, "this");
        json_out_bool(&out, strcmp(list[i].id, own->id) == 0);
        json_out_close(&out, '}');
    }
    json_out_close(&out, ']');
    free(list);
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

enum MHD_Result handle_session_end(struct exchange *exchange)
{
    if (!ask_nothing(exchange)) {
        return MHD_YES;
    }
    const struct people_session *own = exchange->caller.session;
    const enum people_result result =
        people_end_session(exchange->house->people, own->person.id, exchange->match.parameter);
    const enum problem_code problem = problem_of_people(result);
    auth_note(exchange, problem);
    if (problem != PROBLEM_NONE) {
        return exchange_send_problem(exchange, problem, NULL, NULL);
    }
    if (strcmp(own->id, exchange->match.parameter) == 0) {
        exchange_set_cookie(exchange, NULL);
    }
    return exchange_send_nothing(exchange);
}
