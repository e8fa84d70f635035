/* Who may ask at all. A browser on this machine is a door to loopback: a page of any site can make it send requests
 * here, and DNS rebinding can make such a page look like ours. So: only our own names as Host, and nothing that changes
 * anything from another origin. */
#ifndef QUARTER_HTTP_GUARD_H
#define QUARTER_HTTP_GUARD_H

#include <netinet/in.h>
#include <stdbool.h>

/* "localhost", "127.0.0.1" or "[::1]", with any port or none. NULL is no host. */
bool guard_host_is_ours(const char *host);
/* Judged by Origin and Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/); NULL: not sent, as by programs. */
bool guard_is_cross_site(const char *host, const char *origin, const char *fetch_site);
/* "application/json", with or without parameters. */
bool guard_is_json(const char *content_type);

/* "127.0.0.1:8080", "[::1]:0", "localhost:8080". false: not an address and port. */
bool guard_read_address(const char *text, struct sockaddr_storage *address);
bool guard_is_loopback(const struct sockaddr_storage *address);

#endif
