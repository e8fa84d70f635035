/* What a member of staff may be. A person may hold several roles; what each may call is the router's table. */
#ifndef QUARTER_PEOPLE_ROLES_H
#define QUARTER_PEOPLE_ROLES_H

#include <stdbool.h>
#include <stddef.h>

#define ROLE_LIST(X)                                                                               \
    X(GREETER, "greeter", 1)                                                                       \
    X(COUNTER, "counter", 2)                                                                       \
    X(MANAGER, "manager", 4)                                                                       \
    X(ADMIN, "admin", 8)

enum role {
#define X(name, code, bit) ROLE_##name = (bit),
    ROLE_LIST(X)
#undef X
};

enum { ROLE_ALL = 15, ROLE_TEXT_MAX = 40 };

/* 0: there is no such role. */
unsigned role_find(const char *code);
/* One bit; "" for anything else. */
const char *role_code(unsigned role);
/* "counter,manager"; "" for none. */
void roles_write(unsigned roles, char text[ROLE_TEXT_MAX]);

#endif
