/* The table of routes, and finding one. See routes.h. */
#include "http/routes.h"

#include <stdio.h>
#include <string.h>

#include "http/handlers.h"
#include "quarter/check.h"

enum {
    COUNTERS = ROLE_COUNTER | ROLE_MANAGER, /* who is only COUNTER commands the own counter */
    GREETERS = ROLE_GREETER | ROLE_MANAGER,
    FLOOR = COUNTERS | GREETERS,
    ISSUERS = ROLE_DEVICE | GREETERS,
    READERS = ROLE_DEVICE | FLOOR,
    KNOWN = READERS | ROLE_SIGNED_IN, /* what the lobby can read anyhow */
};

/* clang-format off */
static const struct route table[] = {
    {"GET",  "/api/site",                         handle_site,           KNOWN,        0, "getSite"},
    {"GET",  "/api/words/{language}",             handle_words,          ROLE_ANYONE,  0, "getWords"},
    {"POST", "/api/tickets",                      handle_issue,          ISSUERS,      COMMAND_ISSUE, "issueTicket"},
    {"GET",  "/api/tickets/{ticket}",             handle_ticket,         READERS,      0, "getTicket"},
    {"POST", "/api/tickets/{ticket}/leave",       handle_ticket_command, READERS,      COMMAND_LEAVE, "leaveQueue"},
    {"POST", "/api/tickets/{ticket}/unpark",      handle_ticket_command, FLOOR,        COMMAND_UNPARK, "unparkTicket"},
    {"POST", "/api/tickets/{ticket}/revive",      handle_ticket_command, FLOOR,        COMMAND_REVIVE, "reviveTicket"},
    {"POST", "/api/tickets/{ticket}/edit",        handle_ticket_command, FLOOR,        COMMAND_EDIT, "editTicket"},
    {"POST", "/api/tickets/{ticket}/hold",        handle_ticket_command, FLOOR,        COMMAND_HOLD, "holdTicket"},
    {"POST", "/api/tickets/{ticket}/unhold",      handle_ticket_command, FLOOR,        COMMAND_UNHOLD, "unholdTicket"},
    {"POST", "/api/notices",                      handle_notice,         GREETERS,     COMMAND_POST_NOTICE, "postNotice"},
    {"POST", "/api/notices/{notice}/withdraw",    handle_notice_end,     GREETERS,     COMMAND_WITHDRAW_NOTICE, "withdrawNotice"},
    {"POST", "/api/visits",                       handle_visit,          ISSUERS,      COMMAND_RECORD_VISIT, "recordVisit"},
    {"GET",  "/api/visits/{token}",               handle_visit_view,     ROLE_ANYONE,  0, "getVisit"},
    {"GET",  "/api/visits/{token}/stream",        handle_visit_stream,   ROLE_ANYONE,  0, "streamVisit"},
    {"POST", "/api/visits/{token}/hold",          handle_visit_step,     ROLE_ANYONE,  COMMAND_HOLD, "holdVisit"},
    {"POST", "/api/visits/{token}/unhold",        handle_visit_step,     ROLE_ANYONE,  COMMAND_UNHOLD, "unholdVisit"},
    {"POST", "/api/visits/{token}/leave",         handle_visit_step,     ROLE_ANYONE,  COMMAND_LEAVE, "leaveVisit"},
    {"POST", "/api/help",                         handle_help,           ROLE_DEVICE,  COMMAND_CALL_HELP, "callHelp"},
    {"POST", "/api/help/{kiosk}/answer",          handle_help_end,       FLOOR,        COMMAND_ANSWER_HELP, "answerHelp"},
    {"POST", "/api/help/{kiosk}/cancel",          handle_help_end,       READERS,      COMMAND_CANCEL_HELP, "cancelHelp"},
    {"POST", "/api/kiosks/{kiosk}/print",         handle_print,          FLOOR,        0, "printAtKiosk"},
    {"POST", "/api/prints/{print}/done",          handle_print_done,     ROLE_DEVICE,  0, "tellPrintDone"},
    {"PUT",  "/api/devices/self/state",           handle_device_state,   ROLE_DEVICE,  0, "putDeviceState"},
    {"POST", "/api/numbers",                      handle_numbers,        ROLE_DEVICE,  COMMAND_RESERVE_NUMBERS, "reserveNumbers"},
    {"GET",  "/api/boards/{board}",               handle_board,          READERS,      0, "getBoard"},
    {"GET",  "/api/boards/{board}/stream",        handle_board_stream,   READERS,      0, "streamBoard"},
    {"GET",  "/api/counters",                     handle_counters,       FLOOR,        0, "listCounters"},
    {"GET",  "/api/colleagues",                   handle_colleagues,     FLOOR,        0, "listColleagues"},
    {"GET",  "/api/counters/{counter}/stream",    handle_counter_stream, FLOOR,        0, "streamCounter"},
    {"POST", "/api/counters/{counter}/open",      handle_counter,        COUNTERS,     COMMAND_OPEN_COUNTER, "openCounter"},
    {"POST", "/api/counters/{counter}/pause",     handle_counter,        COUNTERS,     COMMAND_PAUSE_COUNTER, "pauseCounter"},
    {"POST", "/api/counters/{counter}/close",     handle_counter,        COUNTERS,     COMMAND_CLOSE_COUNTER, "closeCounter"},
    {"POST", "/api/counters/{counter}/next",      handle_counter,        COUNTERS,     COMMAND_NEXT, "callNext"},
    {"POST", "/api/counters/{counter}/recall",    handle_counter,        COUNTERS,     COMMAND_RECALL, "recallTicket"},
    {"POST", "/api/counters/{counter}/start",     handle_counter,        COUNTERS,     COMMAND_START, "startServing"},
    {"POST", "/api/counters/{counter}/finish",    handle_counter,        COUNTERS,     COMMAND_FINISH, "finishVisit"},
    {"POST", "/api/counters/{counter}/no-show",   handle_counter,        COUNTERS,     COMMAND_NO_SHOW, "markNoShow"},
    {"POST", "/api/counters/{counter}/transfer",  handle_counter,        COUNTERS,     COMMAND_TRANSFER, "transferVisit"},
    {"POST", "/api/counters/{counter}/call",      handle_counter,        COUNTERS,     COMMAND_CALL, "callTicket"},
    {"POST", "/api/counters/{counter}/park",      handle_counter,        COUNTERS,     COMMAND_PARK, "parkVisit"},
    {"POST", "/api/counters/{counter}/take-back", handle_counter,        COUNTERS,     COMMAND_TAKE_BACK, "takeVisitBack"},
    {"POST", "/api/counters/{counter}/undo",      handle_counter,        COUNTERS,     COMMAND_UNDO, "undoStep"},
    {"POST", "/api/counters/{counter}/move",      handle_counter,        ROLE_MANAGER, COMMAND_MOVE, "moveCounter"},
    {"GET",  "/api/floor",                        handle_floor,          FLOOR,        0, "getFloor"},
    {"GET",  "/api/floor/stream",                 handle_floor_stream,   FLOOR,        0, "streamFloor"},
    {"GET",  "/api/manager/stream",               handle_manager_stream, ROLE_MANAGER, 0, "streamManager"},
    {"GET",  "/api/today.csv",                    handle_today,          ROLE_MANAGER, 0, "getToday"},
    {"GET",  "/api/find",                         handle_find,           FLOOR,        0, "findTickets"},
    {"GET",  "/api/forecast",                     handle_forecast,       FLOOR,        0, "getForecast"},
    {"GET",  "/api/forecast/score",               handle_score,          FLOOR,        0, "getForecastScore"},
    {"GET",  "/api/advice",                       handle_advice,         ROLE_MANAGER, 0, "getAdvice"},
    {"POST", "/api/what-if",                      handle_what_if,        ROLE_MANAGER, 0, "tryMoves"},
    {"POST", "/api/day/open",                     handle_day,            ROLE_MANAGER, COMMAND_OPEN_DAY, "openDay"},
    {"POST", "/api/day/close",                    handle_day,            ROLE_MANAGER, COMMAND_CLOSE_DAY, "closeDay"},
    {"GET",  "/api/events/stream",                handle_event_stream,   ROLE_MACHINE, 0, "streamEvents"},
    {"GET",  "/api/session",                       handle_session,        ROLE_ANYONE,   0, "getSession"},
    {"POST", "/api/session",                       handle_sign_in,        ROLE_ANYONE,   0, "signIn"},
    {"POST", "/api/session/renew",                 handle_session_renew,  ROLE_SIGNED_IN, 0, "renewSession"},
    {"POST", "/api/session/end",                   handle_sign_out,       ROLE_SIGNED_IN, 0, "signOut"},
    {"GET",  "/api/sessions",                      handle_sessions,       ROLE_SIGNED_IN, 0, "listSessions"},
    {"POST", "/api/sessions/{session}/end",        handle_session_end,    ROLE_SIGNED_IN, 0, "endSession"},
    {"POST", "/api/setup",                         handle_set_up,         ROLE_ANYONE,   0, "setUp"},
    {"POST", "/api/password",                      handle_password,       ROLE_SIGNED_IN, 0, "changePassword"},
    {"GET",  "/api/persons",                       handle_persons,        ROLE_ADMIN,    0, "listPersons"},
    {"POST", "/api/persons",                       handle_person_add,     ROLE_ADMIN,    0, "addPerson"},
    {"POST", "/api/persons/{person}/change",       handle_person_change,  ROLE_ADMIN,    0, "changePerson"},
    {"POST", "/api/persons/{person}/reset-password",handle_person_reset,  ROLE_ADMIN,    0, "resetPassword"},
    {"POST", "/api/persons/{person}/disable",      handle_person_disable, ROLE_ADMIN,    0, "disablePerson"},
    {"POST", "/api/persons/{person}/enable",       handle_person_enable,  ROLE_ADMIN,    0, "enablePerson"},
    {"GET",  "/api/devices",                       handle_devices,        ROLE_ADMIN,    0, "listDevices"},
    {"POST", "/api/devices/{code}/revoke",         handle_device_revoke,  ROLE_ADMIN,    0, "revokeDevice"},
    {"POST", "/api/machines",                      handle_machine_add,    ROLE_ADMIN,    0, "addMachine"},
    {"GET",  "/api/pairings",                      handle_pairings,       ROLE_ADMIN,    0, "listPairings"},
    {"POST", "/api/pairings/{pairing}/approve",    handle_pairing_approve,ROLE_ADMIN,    0, "approvePairing"},
    {"GET",  "/api/audit",                         handle_audit,          ROLE_ADMIN,    0, "listAudit"},
    {"POST", "/api/pair",                          handle_pair,           ROLE_ANYONE,   0, "askPairing"},
    {"POST", "/api/pair/{id}/reveal",              handle_pair_reveal,    ROLE_ANYONE,   0, "revealPairing"},
    {"POST", "/api/pair/{id}/fetch",               handle_pair_fetch,     ROLE_ANYONE,   0, "fetchPairing"},
    {"GET",  "/api/openapi.json",                 handle_openapi,        ROLE_ANYONE,  0, "getOpenApi"},
    {"GET",  "/metrics",                          handle_metrics,        ROLE_MACHINE, 0, "getMetrics"},
    {"GET",  "/healthz",                          handle_health,         ROLE_ANYONE,  0, "getHealth"},
    {"GET",  "/",                                 handle_choose_page,    ROLE_ANYONE,  0, "getCounterChoicePage"},
    {"GET",  "/floor",                            handle_page,           ROLE_ANYONE,  0, "getFloorPage"},
    {"GET",  "/manager",                          handle_manager_page,   ROLE_ANYONE,  0, "getManagerPage"},
    {"GET",  "/counter/{counter}",                handle_counter_page,   ROLE_ANYONE,  0, "getCounterPage"},
    {"GET",  "/t/{token}",                        handle_visit_page,     ROLE_ANYONE,  0, "getVisitPage"},
    {"GET",  "/sign-in",                           handle_page,           ROLE_ANYONE,  0, "getSignInPage"},
    {"GET",  "/setup",                             handle_page,           ROLE_ANYONE,  0, "getSetUpPage"},
    {"GET",  "/password",                          handle_page,           ROLE_ANYONE,  0, "getPasswordPage"},
    {"GET",  "/admin",                             handle_page,           ROLE_ANYONE,  0, "getAdminPage"},
    {"GET",  "/web/{path*}",                      handle_web_file,       ROLE_ANYONE,  0, "getWebFile"},
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
