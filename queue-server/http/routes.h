/* The one table of what the server answers to: method, path, who may call it, what does it. The OpenAPI document and
 * the tests are walked against it. */
#ifndef QUARTER_HTTP_ROUTES_H
#define QUARTER_HTTP_ROUTES_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/engine.h"
#include "people/roles.h"

enum { ROUTE_PARAMETER_MAX = 96 };

struct exchange;
struct route;
typedef enum MHD_Result route_handler(struct exchange *exchange);

struct route {
    const char *method; /* "GET" also answers HEAD */
    /* "/api/tickets/{ticket}/leave": one parameter at most; "{path*}" at the end takes all that follows */
    const char *pattern;
    route_handler *handler;
    unsigned roles;            /* bits of enum role: any of them may call */
    enum command_type command; /* of the routes that change something */
    const char *operation;     /* operationId in the OpenAPI document */
};

size_t routes_count(void);
const struct route *routes_get(size_t index);

struct route_match {
    const struct route *route;               /* NULL: none */
    char parameter[ROUTE_PARAMETER_MAX + 1]; /* "" when the pattern has none */
    char allow[32]; /* the methods this path takes; "" when there is no such path */
};
void routes_match(const char *method, const char *path, struct route_match *match);

#endif
