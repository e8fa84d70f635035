/* Who may call what: every route that the router has, asked by everybody there is. What is expected is written down here
 * once more, by operation, and not read off the router's table: a role that slips into a route fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/routes.h"
#include "http_people.h"
#include "http_rig.h"

/* g greeter, c counter, m manager, a admin, d device, x a program on this machine or one with a token, s anybody who signed in; * anyone. */
static const struct {
    const char *who, *operations;
} expected[] = {
    {"dcgms", " getSite "},
    {"dgm", " issueTicket recordVisit "},
    {"dcgm", " getTicket leaveQueue cancelHelp getBoard streamBoard "},
    {"d", " callHelp tellPrintDone putDeviceState reserveNumbers "},
    {"cgm",
     " unparkTicket reviveTicket editTicket holdTicket unholdTicket answerHelp printAtKiosk "
     "listCounters listColleagues streamCounter getFloor streamFloor findTickets getForecast "
     "getForecastScore "},
    {"gm", " postNotice withdrawNotice "},
    {"cm", " openCounter pauseCounter closeCounter callNext recallTicket startServing finishVisit "
           "markNoShow transferVisit callTicket parkVisit takeVisitBack undoStep "},
    {"m", " moveCounter streamManager getToday getAdvice tryMoves openDay closeDay "},
    {"x", " streamEvents getMetrics "},
    {"s", " renewSession signOut listSessions endSession changePassword "},
    {"a", " listPersons addPerson changePerson resetPassword disablePerson enablePerson "
          "listDevices revokeDevice addMachine listPairings approvePairing listAudit "},
    {"*", " getWords getVisit streamVisit holdVisit unholdVisit leaveVisit getSession signIn setUp "
          "askPairing revealPairing fetchPairing getOpenApi getHealth getCounterChoicePage "
          "getCounterPage getVisitPage getWebFile getFloorPage getManagerPage getSignInPage "
          "getSetUpPage getPasswordPage getAdminPage "},
};

static const char *who_may(const struct route *route)
{
    char word[80];
    (void)snprintf(word, sizeof(word), " %s ", route->operation);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        if (strstr(expected[i].operations, word) != NULL) {
            return expected[i].who;
        }
    }
    fail_msg("%s: say in test_http_roles.c who may call it", route->operation);
    return "";
}

/* A path of the route's, about things that there are not. */
static void path_of(const struct route *route, const char *device, char path[200])
{
    static const char *const values[][2] = {{"{counter}", "1"},
                                            {"{language}", "en"},
                                            {"{path*}", "style.css"},
                                            {"{ticket}", "01JDTEST000000000000000001"},
                                            {"{notice}", "01JDTEST000000000000000001"},
                                            {"{print}", "01JDTEST000000000000000001"},
                                            {"{person}", "01JDTEST000000000000000001"},
                                            {"{session}", "01JDTEST000000000000000001"},
                                            {"{token}", "AAAAAAAAAAAAAAAAAAAAAAAAAA"},
                                            {"{pairing}", "999"},
                                            {"{code}", "nobody"},
                                            {"{id}", "nobody"}};
    const char *brace = strchr(route->pattern, '{');
    (void)snprintf(path, 200, "%s", route->pattern);
    if (brace == NULL) {
        return;
    }
    const size_t length = strcspn(brace, "}") + 1;
    const char *value = NULL;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (strncmp(brace, values[i][0], length) == 0) {
            value = values[i][1];
        }
    }
    if (strncmp(brace, "{board}", length) == 0 || strncmp(brace, "{kiosk}", length) == 0) {
        value = device;
    }
    if (value == NULL) {
        fail_msg("%s: say in test_http_roles.c what its parameter may be", route->operation);
    }
    (void)snprintf(path, 200, "%.*s%s%s", (int)(brace - route->pattern), route->pattern, value,
                   brace + length);
}

/* 0: let in; else the problem's code. A stream is asked for its head only, or it would never end. */
static void knock(struct rig *rig, const struct badge *badge, const struct route *route,
                  const char *path, char code[60])
{
    const bool is_stream = strstr(route->pattern, "/stream") != NULL;
    const bool reads = strcmp(route->method, "GET") == 0;
    struct reply reply =
        badge_ask(rig, badge, is_stream ? "HEAD" : route->method, path, reads ? NULL : "{}");
    const char *type = rig_text(reply.json, "type");
    static const char *const doors[] = {"sign-in-needed", "unknown-device", "not-allowed", "csrf"};
    code[0] = '\0';
    for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
        if (strncmp(type, "/problems/", 10) == 0 && strcmp(type + 10, doors[i]) == 0) {
            (void)snprintf(code, 60, "%s", doors[i]);
        }
    }
    if (is_stream && (reply.status == 401 || reply.status == 403)) {
        (void)snprintf(code, 60, "%ld", reply.status);
    }
    reply_free(&reply);
}

struct caller_of_test {
    const char *name;
    const char *roles; /* of the letters above */
    const char *shut;  /* what others hear */
    struct badge badge;
};

static void check(struct rig *rig, const struct caller_of_test *caller, const struct route *route)
{
    char path[200], code[60];
    const char *who = who_may(route);
    const bool may = who[0] == '*' || strpbrk(who, caller->roles) != NULL;
    path_of(route, "kiosk-1", path);
    knock(rig, &caller->badge, route, path, code);
    const bool is_stream = strstr(route->pattern, "/stream") != NULL;
    const char *shut =
        is_stream ? (strcmp(caller->shut, "not-allowed") == 0 ? "403" : "401") : caller->shut;
    if (strcmp(code, may ? "" : shut) != 0) {
        fail_msg("%s %s asked by %s: \"%s\", not \"%s\"", route->method, path, caller->name, code,
                 may ? "" : shut);
    }
}

/* Another device's name is refused where the route names one. */
static void check_own_code(struct rig *rig, const struct badge *device, const struct route *route)
{
    char path[200], code[60];
    const bool names_one =
        strstr(route->pattern, "{board}") != NULL || strstr(route->pattern, "{kiosk}") != NULL;
    if (names_one && strchr(who_may(route), 'd') != NULL) {
        path_of(route, "kiosk-2", path);
        knock(rig, device, route, path, code);
        assert_string_not_equal(code, "");
    }
}

/* Whoever has a cookie is asked for more, with all that changes anything. */
static void check_csrf(struct rig *rig, const struct badge *badge, const struct route *route)
{
    char path[200], code[60];
    if (strcmp(route->method, "GET") == 0 || who_may(route)[0] == '*' ||
        strpbrk(who_may(route), "cgmas") == NULL) {
        return;
    }
    struct badge without = *badge, wrong = *badge;
    without.csrf[0] = '\0';
    wrong.csrf[20] = wrong.csrf[20] == 'A' ? 'B' : 'A';
    path_of(route, "kiosk-1", path);
    knock(rig, &without, route, path, code);
    assert_string_equal(code, "csrf");
    knock(rig, &wrong, route, path, code);
    assert_string_equal(code, "csrf");
}

enum {
    GREETER,
    COUNTER,
    MANAGER,
    ADMIN,
    ALL,
    MUST_CHANGE,
    KIOSK,
    REVOKED,
    FORGED,
    STALE,
    MACHINE,
    MONITOR,
    RELAYED,
    CALLERS
};

static void fill(struct rig *rig, struct caller_of_test callers[CALLERS])
{
    static const struct caller_of_test empty[CALLERS] = {
        [GREETER] = {.name = "greeter", .roles = "gs", .shut = "not-allowed"},
        [COUNTER] = {.name = "counter", .roles = "cs", .shut = "not-allowed"},
        [MANAGER] = {.name = "manager", .roles = "ms", .shut = "not-allowed"},
        [ADMIN] = {.name = "admin", .roles = "as", .shut = "not-allowed"},
        [ALL] = {.name = "all", .roles = "gcmas", .shut = "not-allowed"},
        [MUST_CHANGE] = {.name = "must_change", .roles = "s", .shut = "not-allowed"},
        [KIOSK] = {.name = "kiosk-1", .roles = "d", .shut = "not-allowed"},
        [REVOKED] = {.name = "revoked", .roles = "", .shut = "unknown-device"},
        [FORGED] = {.name = "forged", .roles = "x", .shut = "sign-in-needed"},
        [STALE] = {.name = "stale", .roles = "x", .shut = "sign-in-needed"},
        [MACHINE] = {.name = "machine", .roles = "x", .shut = "sign-in-needed"},
        [MONITOR] = {.name = "monitor", .roles = "x", .shut = "not-allowed"},
        [RELAYED] = {.name = "relayed", .roles = "", .shut = "sign-in-needed"},
    };
    memcpy(callers, empty, sizeof(empty));
    const struct badge *admin = &callers[ADMIN].badge;
    badge_set_up(rig, &callers[ADMIN].badge, "[]");
    badge_hire(rig, admin, "gus", "[\"greeter\"]", false, &callers[GREETER].badge);
    badge_hire(rig, admin, "con", "[\"counter\"]", false, &callers[COUNTER].badge);
    badge_hire(rig, admin, "max", "[\"manager\"]", false, &callers[MANAGER].badge);
    badge_hire(rig, admin, "all", "[\"greeter\",\"counter\",\"manager\",\"admin\"]", false,
               &callers[ALL].badge);
    badge_hire(rig, admin, "new", "[\"manager\",\"admin\"]", true, &callers[MUST_CHANGE].badge);
    badge_hire(rig, admin, "old", "[\"manager\"]", false, &callers[STALE].badge);
    badge_expect(rig, &callers[STALE].badge, "POST", "/api/session/end", "{}", "204");
    badge_pair(rig, admin, "kiosk", "kiosk-1", &callers[KIOSK].badge);
    badge_pair(rig, admin, "kiosk", "kiosk-2", &callers[REVOKED].badge);
    badge_expect(rig, admin, "POST", "/api/devices/kiosk-2/revoke", "{}", "200");
    badge_add_machine(rig, admin, "monitor", &callers[MONITOR].badge);
    (void)snprintf(callers[FORGED].badge.cookie, sizeof(callers[FORGED].badge.cookie),
                   "Cookie: quarter=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    (void)snprintf(callers[RELAYED].badge.cookie, sizeof(callers[RELAYED].badge.cookie),
                   "X-Forwarded-For: 192.0.2.1");
}

static void every_route_lets_in_whom_it_should(void **state)
{
    struct rig *rig = *state;
    static struct caller_of_test callers[CALLERS];
    fill(rig, callers);
    const struct route *last = NULL;
    for (size_t i = 0; i < routes_count(); i++) {
        const struct route *route = routes_get(i);
        if (strcmp(route->operation, "signOut") == 0) {
            last = route;
            continue; /* comes last: it works */
        }
        for (size_t who = 0; who < CALLERS; who++) {
            check(rig, &callers[who], route);
        }
        check_own_code(rig, &callers[KIOSK].badge, route);
        check_csrf(rig, &callers[ALL].badge, route);
    }
    assert_non_null(last);
    check_csrf(rig, &callers[ALL].badge, last);
    for (size_t who = 0; who < CALLERS; who++) {
        check(rig, &callers[who], last);
    }
    badge_expect(rig, &callers[ALL].badge, "GET", "/api/floor", NULL, "sign-in-needed");
}

/* Without sign-in this machine may everything, and a stranger whom a relay on it lets through may nothing: it may well put
 * our own name as Host. */
static void a_relay_makes_nobody_local(void **state)
{
    struct rig *rig = *state;
    static const char *const marks[] = {"X-Forwarded-For: 192.0.2.1", "x-forwarded-for;",
                                        "Forwarded: for=192.0.2.1",   "Via: 1.1 relay",
                                        "X-Real-IP: 192.0.2.1",       "X-Forwarded-Proto: https",
                                        "X-Forwarded-Host: queue"};
    const struct caller_of_test local = {.name = "local", .roles = "gcmasdx", .shut = ""};
    for (size_t i = 0; i < routes_count(); i++) {
        const struct route *route = routes_get(i);
        check(rig, &local, route);
        for (size_t mark = 0; mark < sizeof(marks) / sizeof(marks[0]); mark++) {
            struct caller_of_test stranger = {
                .name = marks[mark], .roles = "", .shut = "not-allowed"};
            (void)snprintf(stranger.badge.cookie, sizeof(stranger.badge.cookie), "%s", marks[mark]);
            check(rig, &stranger, route);
        }
    }
}

static int set_up_local(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    rig_start(&rig);
    *state = &rig;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_route_lets_in_whom_it_should, badge_rig_set_up,
                                        rig_tear_down),
        cmocka_unit_test_setup_teardown(a_relay_makes_nobody_local, set_up_local, rig_tear_down),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
