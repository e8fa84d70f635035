/* Who may call: what a member of staff may be, and who else calls without being one. The one enum of roles: what each
 * may call is the router's table (http/routes.c). A person may hold several roles. */
#ifndef QUARTER_PEOPLE_ROLES_H
#define QUARTER_PEOPLE_ROLES_H

#include <stdbool.h>
#include <stddef.h>

/* What persons are given, and the trail writes down. */
#define ROLE_LIST(X)                                                                               \
    X(GREETER, "greeter", 1)                                                                       \
    X(COUNTER, "counter", 2)                                                                       \
    X(MANAGER, "manager", 4)                                                                       \
    X(ADMIN, "admin", 8)

enum role {
#define X(name, code, bit) ROLE_##name = (bit),
    ROLE_LIST(X)
#undef X
        ROLE_DEVICE = 16, /* a paired kiosk, display or printer */
    ROLE_MACHINE =
        32, /* a program on the server's own machine, or one with a token: metrics, events */
    ROLE_ANYONE = 64,     /* no sign-in needed */
    ROLE_SIGNED_IN = 128, /* any person, also one who must change the password first */
};

enum {
    ROLE_ALL = 15,    /* of a person */
    ROLE_LOCAL = 255, /* with sign-in off, whoever calls from this machine is everybody */
    ROLE_TEXT_MAX = 40,
};

/* 0: there is no such role. */
unsigned role_find(const char *code);
/* One bit; "" for anything else. */
const char *role_code(unsigned role);
/* "counter,manager"; "" for none. */
void roles_write(unsigned roles, char text[ROLE_TEXT_MAX]);

#endif
