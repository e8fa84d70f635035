/* The table of routes, and finding one. See routes.h. */
#include "http/routes.h"

#include <stdio.h>
#include <string.h>

#include "http/handlers.h"
#include "quarter/check.h"

enum {
    FLOOR = ROLE_STAFF | ROLE_GREETER | ROLE_MANAGER,
    ISSUERS = ROLE_DEVICE | ROLE_GREETER | ROLE_MANAGER,
    READERS = ROLE_DEVICE | FLOOR,
};

/* clang-format off */
static const struct route table[] = {
    {"GET",  "/api/site",                         READERS,      handle_site,           0, "getSite"},
    {"GET",  "/api/words/{language}",             ROLE_ANYONE,  handle_words,          0, "getWords"},
    {"POST", "/api/tickets",                      ISSUERS,      handle_issue,          COMMAND_ISSUE, "issueTicket"},
    {"GET",  "/api/tickets/{ticket}",             READERS,      handle_ticket,         0, "getTicket"},
    {"POST", "/api/tickets/{ticket}/leave",       ISSUERS,      handle_leave,          COMMAND_LEAVE, "leaveQueue"},
    {"POST", "/api/numbers",                      ROLE_DEVICE,  handle_numbers,        COMMAND_RESERVE_NUMBERS, "reserveNumbers"},
    {"GET",  "/api/boards/{board}",               READERS,      handle_board,          0, "getBoard"},
    {"GET",  "/api/boards/{board}/stream",        READERS,      handle_board_stream,   0, "streamBoard"},
    {"GET",  "/api/counters",                     FLOOR,        handle_counters,       0, "listCounters"},
    {"GET",  "/api/counters/{counter}/stream",    FLOOR,        handle_counter_stream, 0, "streamCounter"},
    {"POST", "/api/counters/{counter}/open",      FLOOR,        handle_counter,        COMMAND_OPEN_COUNTER, "openCounter"},
    {"POST", "/api/counters/{counter}/close",     FLOOR,        handle_counter,        COMMAND_CLOSE_COUNTER, "closeCounter"},
    {"POST", "/api/counters/{counter}/next",      FLOOR,        handle_counter,        COMMAND_NEXT, "callNext"},
    {"POST", "/api/counters/{counter}/recall",    FLOOR,        handle_counter,        COMMAND_RECALL, "recallTicket"},
    {"POST", "/api/counters/{counter}/start",     FLOOR,        handle_counter,        COMMAND_START, "startServing"},
    {"POST", "/api/counters/{counter}/finish",    FLOOR,        handle_counter,        COMMAND_FINISH, "finishVisit"},
    {"POST", "/api/counters/{counter}/no-show",   FLOOR,        handle_counter,        COMMAND_NO_SHOW, "markNoShow"},
    {"POST", "/api/day/open",                     ROLE_MANAGER, handle_day,            COMMAND_OPEN_DAY, "openDay"},
    {"POST", "/api/day/close",                    ROLE_MANAGER, handle_day,            COMMAND_CLOSE_DAY, "closeDay"},
    {"GET",  "/api/events/stream",                ROLE_MACHINE, handle_event_stream,   0, "streamEvents"},
    {"GET",  "/api/openapi.json",                 ROLE_ANYONE,  handle_openapi,        0, "getOpenApi"},
    {"GET",  "/metrics",                          ROLE_MACHINE, handle_metrics,        0, "getMetrics"},
    {"GET",  "/healthz",                          ROLE_ANYONE,  handle_health,         0, "getHealth"},
    {"GET",  "/",                                 ROLE_ANYONE,  handle_choose_page,    0, "getCounterChoicePage"},
    {"GET",  "/counter/{counter}",                ROLE_ANYONE,  handle_counter_page,   0, "getCounterPage"},
    {"GET",  "/web/{path*}",                      ROLE_ANYONE,  handle_web_file,       0, "getWebFile"},
};
/* clang-format on */

size_t routes_count(void)
{
    return sizeof(table) / sizeof(table[0]);
}

const struct route *routes_get(size_t index)
{
    CHECK(index < routes_count());
    return &table[index];
}

/* Does the path fit the pattern? Sets the parameter, which is never empty nor too long. */
static bool fits(const char *pattern, const char *path, char parameter[ROUTE_PARAMETER_MAX + 1])
{
    parameter[0] = '\0';
    while (*pattern != '\0' && *pattern != '{') {
        if (*pattern++ != *path++) {
            return false;
        }
    }
    if (*pattern == '\0') {
        return *path == '\0';
    }
    const char *after = strchr(pattern, '}');
    CHECK(after != NULL);
    const size_t length = after[-1] == '*' ? strlen(path) : strcspn(path, "/");
    if (length == 0 || length > ROUTE_PARAMETER_MAX || strcmp(after + 1, path + length) != 0) {
        return false;
    }
    memcpy(parameter, path, length);
    parameter[length] = '\0';
    return true;
}

static void allow(struct route_match *match, const char *method)
{
    const size_t used = strlen(match->allow);
    (void)snprintf(match->allow + used, sizeof(match->allow) - used, "%s%s", used > 0 ? ", " : "",
                   strcmp(method, "GET") == 0 ? "GET, HEAD" : method);
}

void routes_match(const char *method, const char *path, struct route_match *match)
{
    *match = (struct route_match){0};
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (size_t i = 0; i < routes_count(); i++) {
        char parameter[ROUTE_PARAMETER_MAX + 1];
        if (!fits(table[i].pattern, path, parameter)) {
            continue;
        }
        allow(match, table[i].method);
        if (strcmp(table[i].method, wanted) == 0) {
            match->route = &table[i];
            memcpy(match->parameter, parameter, sizeof(parameter));
            return;
        }
    }
}
