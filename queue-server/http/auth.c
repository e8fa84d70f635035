/* Who asks, and whether they may. See auth.h. */
#include "http/auth.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/credentials.h"
#include "http/exchange.h"
#include "http/guard.h"
#include "quarter/check.h"

bool auth_is_mutating(const struct exchange *exchange)
{
    return strcmp(exchange->method, "GET") != 0 && strcmp(exchange->method, "HEAD") != 0;
}

static bool is_for_anyone(const struct exchange *exchange)
{
    return exchange->match.route == NULL || (exchange->match.route->roles & ROLE_ANYONE) != 0;
}

/* --- who it is ------------------------------------------------------------------------------ */

static void be(struct caller *caller, enum caller_kind kind, unsigned roles, const char *prefix,
               const char *name)
{
    caller->kind = kind;
    caller->roles = roles;
    (void)snprintf(caller->actor, sizeof(caller->actor), "%s%s", prefix, name);
}

static void resolve_device(struct exchange *exchange, const char *authorization)
{
    struct caller *caller = &exchange->caller;
    char token[PEOPLE_TOKEN_LEN + 1];
    caller->has_lost_token =
        !credentials_read_bearer(authorization, token) ||
        people_check_device(exchange->house->people, token, &caller->device) != PEOPLE_OK;
    if (!caller->has_lost_token) {
        be(caller, CALLER_DEVICE,
           caller->device.kind == DEVICE_MACHINE ? ROLE_MACHINE : ROLE_DEVICE,
           "device:", caller->device.code);
    }
    sodium_memzero(token, sizeof(token));
}

/* What somebody does keeps the session awake; what a page asks by itself does not. */
static bool resolve_person(struct exchange *exchange)
{
    struct caller *caller = &exchange->caller;
    const struct house *house = exchange->house;
    if (!credentials_read_cookie(exchange_header(exchange, MHD_HTTP_HEADER_COOKIE), house->cookie,
                                 caller->token)) {
        return false;
    }
    struct people_session *session = calloc(1, sizeof(*session));
    CHECK(session != NULL);
    const bool is_use = auth_is_mutating(exchange) && !is_for_anyone(exchange);
    if (people_check_session(house->people, caller->token, is_use, session) != PEOPLE_OK) {
        free(session);
        return false;
    }
    caller->session = session;
    be(caller, CALLER_PERSON, session->person.roles | ROLE_SIGNED_IN,
       "person:", session->person.id);
    return true;
}

/* A relay on this machine speaks for others: what any of the usual ones adds gives it away. */
static bool is_passed_on(const struct exchange *exchange)
{
    static const char *const marks[] = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
                                        "X-Real-IP",       "Forwarded",        "Via"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (exchange_header(exchange, marks[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool comes_from_loopback(struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct sockaddr_storage address = {0};
    if (info == NULL || info->client_addr == NULL) {
        return false;
    }
    const size_t size = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                 : sizeof(struct sockaddr_in);
    memcpy(&address, info->client_addr, size);
    guard_write_address(&address, exchange->caller.address);
    return guard_is_loopback(&address);
}

struct relayed {
    const struct relays *relays;
    char peer[INET6_ADDRSTRLEN];
    char *caller;
};

/* In the order of the lines: a relay may add its own after those that were sent to it. */
static enum MHD_Result read_relayed(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    const struct relayed *relayed = context;
    (void)kind;
    if (value != NULL && strcasecmp(name, "X-Forwarded-For") == 0) {
        relays_read(relayed->relays, relayed->peer, value, relayed->caller);
    }
    return MHD_YES;
}

/* What those behind a relay cost counts for each of them. */
static void look_behind_relay(struct exchange *exchange)
{
    const struct guard *guard = exchange->house->guard;
    struct relayed relayed = {.relays = &guard->relays, .caller = exchange->caller.address};
    if (relays_have(relayed.relays, relayed.caller)) {
        memcpy(relayed.peer, relayed.caller, sizeof(relayed.peer));
        (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, read_relayed,
                                        &relayed);
    }
}

void auth_resolve(struct exchange *exchange)
{
    struct caller *caller = &exchange->caller;
    const struct house *house = exchange->house;
    const char *host = exchange_header(exchange, MHD_HTTP_HEADER_HOST);
    const bool is_local = comes_from_loopback(exchange) && !is_passed_on(exchange);
    look_behind_relay(exchange);
    caller->is_public =
        !guard_host_is_ours(house->guard, host) && visits_is_public_host(house->visits, host);
    if (caller->is_public) {
        return;
    }
    if (house->people == NULL) {
        if (is_local) {
            be(caller, CALLER_LOCAL, ROLE_LOCAL, "", "local");
        }
        return;
    }
    const char *authorization = exchange_header(exchange, MHD_HTTP_HEADER_AUTHORIZATION);
    if (authorization != NULL) {
        resolve_device(exchange, authorization);
    } else if (!resolve_person(exchange) && is_local) {
        be(caller, CALLER_NOBODY, ROLE_MACHINE, "", "");
    }
}

void caller_clear(struct caller *caller)
{
    if (caller->session != NULL) {
        sodium_memzero(caller->session, sizeof(*caller->session));
        free(caller->session);
    }
    sodium_memzero(caller, sizeof(*caller));
}

/* --- whether they may ----------------------------------------------------------------------- */

static enum problem_code judge_host(const struct exchange *exchange)
{
    if (exchange->caller.is_public) {
        return visits_is_public_path(exchange->path) ? PROBLEM_NONE : PROBLEM_WRONG_HOST;
    }
    return guard_host_is_ours(exchange->house->guard,
                              exchange_header(exchange, MHD_HTTP_HEADER_HOST))
               ? PROBLEM_NONE
               : PROBLEM_WRONG_HOST;
}

/* "{board}" and "{kiosk}" name a device: its own, where a device asks. */
static bool names_another_device(const struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    return exchange->caller.kind == CALLER_DEVICE &&
           (strstr(route->pattern, "{board}") != NULL ||
            strstr(route->pattern, "{kiosk}") != NULL) &&
           !auth_may_act_for_device(exchange, exchange->match.parameter);
}

static enum problem_code judge_roles(const struct exchange *exchange)
{
    const struct caller *caller = &exchange->caller;
    if ((exchange->match.route->roles & (caller->roles | ROLE_ANYONE)) != 0) {
        return names_another_device(exchange) ? PROBLEM_NOT_ALLOWED : PROBLEM_NONE;
    }
    if (caller->kind != CALLER_NOBODY || exchange->house->people == NULL) {
        return PROBLEM_NOT_ALLOWED;
    }
    return caller->has_lost_token ? PROBLEM_UNKNOWN_DEVICE : PROBLEM_SIGN_IN_NEEDED;
}

/* What relays the public address to us ends its TLS, and may put our own name for it as Host: neither makes its pages
 * another site. */
static bool is_cross_site(const struct exchange *exchange)
{
    const char *origin = exchange_header(exchange, MHD_HTTP_HEADER_ORIGIN);
    if (visits_is_public_path(exchange->path) &&
        visits_is_public_origin(exchange->house->visits, origin)) {
        origin = NULL;
    }
    /* Where we speak http on loopback, a relay may speak https for us to our own pages. */
    const bool is_https =
        exchange->house->is_tls || (origin != NULL && strncmp(origin, "https:", 6) == 0);
    return guard_is_cross_site(is_https ? "https" : "http",
                               exchange_header(exchange, MHD_HTTP_HEADER_HOST), origin,
                               exchange_header(exchange, "Sec-Fetch-Site"));
}

static enum problem_code judge_change(const struct exchange *exchange)
{
    const struct caller *caller = &exchange->caller;
    if (is_cross_site(exchange)) {
        return PROBLEM_CROSS_SITE;
    }
    if (!guard_is_json(exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE))) {
        return PROBLEM_UNSUPPORTED_MEDIA_TYPE;
    }
    /* What anyone may do needs no session, so that nothing can be done with somebody else's. */
    if (caller->kind == CALLER_PERSON && !is_for_anyone(exchange) &&
        !people_csrf_matches(caller->session, exchange_header(exchange, "X-Quarter-CSRF"))) {
        return PROBLEM_CSRF;
    }
    return PROBLEM_NONE;
}

enum problem_code auth_judge(const struct exchange *exchange)
{
    enum problem_code problem = judge_host(exchange);
    if (problem != PROBLEM_NONE) {
        return problem;
    }
    if (exchange->match.route == NULL) {
        return exchange->match.allow[0] != '\0' ? PROBLEM_METHOD_NOT_ALLOWED : PROBLEM_NOT_FOUND;
    }
    problem = judge_roles(exchange);
    if (problem == PROBLEM_NONE && auth_is_mutating(exchange)) {
        problem = judge_change(exchange);
    }
    return problem;
}

bool auth_is_bound_to_counter(const struct exchange *exchange)
{
    return exchange->caller.kind == CALLER_PERSON && (exchange->caller.roles & ROLE_MANAGER) == 0 &&
           strncmp(exchange->match.route->pattern, "/api/counters/{counter}/", 24) == 0;
}

bool auth_may_act_for_device(const struct exchange *exchange, const char *code)
{
    return exchange->caller.kind != CALLER_DEVICE || code[0] == '\0' ||
           strcmp(exchange->caller.device.code, code) == 0;
}

/* --- the trail ------------------------------------------------------------------------------ */

/* "callNext" -> "call_next" */
static void write_action(const char *operation, char action[QUARTER_CODE_MAX + 1])
{
    size_t used = 0;
    for (; *operation != '\0' && used + 2 < QUARTER_CODE_MAX; operation++) {
        if (isupper((unsigned char)*operation)) {
            action[used++] = '_';
        }
        action[used++] = (char)tolower((unsigned char)*operation);
    }
    action[used] = '\0';
}

/* "{counter}" and "3" -> "counter:3" */
static void write_object(const struct exchange *exchange, char object[QUARTER_ACTOR_MAX + 1])
{
    const char *brace = strchr(exchange->match.route->pattern, '{');
    object[0] = '\0';
    if (brace != NULL) {
        (void)snprintf(object, QUARTER_ACTOR_MAX + 1, "%.*s:%.*s", (int)strcspn(brace + 1, "*}"),
                       brace + 1, QUARTER_CODE_MAX, exchange->match.parameter);
    }
}

/* What could not be understood is not worth remembering, and the parameter may be anything. */
static bool is_worth_noting(const struct exchange *exchange, enum problem_code problem)
{
    const int http_status = problem == PROBLEM_NONE ? 200 : problem_get(problem)->http_status;
    const char *parameter = exchange->match.parameter;
    return http_status < 500 && http_status != 400 && http_status != 415 && http_status != 422 &&
           (parameter[0] == '\0' || request_is_code(parameter) || request_is_ulid(parameter));
}

void auth_note(const struct exchange *exchange, enum problem_code problem)
{
    const struct caller *caller = &exchange->caller;
    if (caller->kind != CALLER_PERSON || is_for_anyone(exchange) || !auth_is_mutating(exchange) ||
        !is_worth_noting(exchange, problem)) {
        return;
    }
    struct audit_entry entry = {0};
    (void)snprintf(entry.actor, sizeof(entry.actor), "%s", caller->actor);
    roles_write(caller->roles & ROLE_ALL, entry.role);
    write_action(exchange->match.route->operation, entry.action);
    write_object(exchange, entry.object);
    (void)snprintf(entry.address, sizeof(entry.address), "%s", caller->address);
    (void)snprintf(entry.result, sizeof(entry.result), "%s",
                   problem == PROBLEM_NONE ? "ok" : problem_get(problem)->code);
    people_audit(exchange->house->people, &entry);
}

/* --- what outlasts a request ---------------------------------------------------------------- */

struct pass {
    struct people *people;
    unsigned roles; /* of the route */
    char session[QUARTER_ULID_LEN + 1];
    struct device device; /* when session is "" */
};

struct pass *pass_create(const struct exchange *exchange)
{
    const struct caller *caller = &exchange->caller;
    if (is_for_anyone(exchange) ||
        (caller->kind != CALLER_PERSON && caller->kind != CALLER_DEVICE)) {
        return NULL;
    }
    struct pass *pass = calloc(1, sizeof(*pass));
    CHECK(pass != NULL);
    pass->people = exchange->house->people;
    pass->roles = exchange->match.route->roles;
    pass->device = caller->device;
    if (caller->kind == CALLER_PERSON) {
        memcpy(pass->session, caller->session->id, sizeof(pass->session));
    }
    return pass;
}

const char *pass_is_over(void *context)
{
    const struct pass *pass = context;
    struct people_session session;
    if (pass->session[0] == '\0') {
        return people_device_lives(pass->people, &pass->device) ? NULL : "device";
    }
    if (people_find_session(pass->people, pass->session, &session) != PEOPLE_OK) {
        return "session";
    }
    return ((session.person.roles | ROLE_SIGNED_IN) & pass->roles) != 0 ? NULL : "role";
}

void pass_destroy(void *pass)
{
    free(pass);
}
