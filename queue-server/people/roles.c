/* Roles and their codes. */
#include "people/roles.h"

#include <stdio.h>
#include <string.h>

#include "quarter/check.h"

static const struct {
    const char *code;
    unsigned bit;
} roles[] = {
#define X(name, text, value) {text, value},
    ROLE_LIST(X)
#undef X
};

enum { ROLES = sizeof roles / sizeof roles[0] };

unsigned role_find(const char *code)
{
    for (size_t i = 0; i < ROLES; i++)
        if (strcmp(code, roles[i].code) == 0)
            return roles[i].bit;
    return 0;
}

const char *role_code(unsigned role)
{
    for (size_t i = 0; i < ROLES; i++)
        if (role == roles[i].bit)
            return roles[i].code;
    return "";
}

void roles_write(unsigned held, char text[ROLE_TEXT_MAX])
{
    CHECK((held & ~(unsigned)ROLE_ALL) == 0);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ROLES; i++)
        if (held & roles[i].bit)
            used += (size_t)snprintf(text + used, ROLE_TEXT_MAX - used, "%s%s", used ? "," : "",
                                     roles[i].code);
}
