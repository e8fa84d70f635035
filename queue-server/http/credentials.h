/* What a request brings along to say who asks: the cookie of a session, or the token of a device. Pure. */
#ifndef QUARTER_HTTP_CREDENTIALS_H
#define QUARTER_HTTP_CREDENTIALS_H

#include <stdbool.h>

#include "people/people.h"

/* Of a Cookie header (RFC 6265 section 4.2.1). False: there is none of that name, it has not the form of a token, or there
 * are several that differ: a host beside ours may have set one of them, so none is believed. */
bool credentials_read_cookie(const char *header, const char *name,
                             char token[PEOPLE_TOKEN_LEN + 1]);
/* Of an Authorization header, "Bearer TOKEN" (RFC 6750 section 2.1). */
bool credentials_read_bearer(const char *header, char token[PEOPLE_TOKEN_LEN + 1]);

#endif
