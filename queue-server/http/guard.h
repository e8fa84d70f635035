/* Who may ask at all. A browser is a door to loopback and to the LAN: a page of any site can make it send requests here,
 * and DNS rebinding can make such a page look like ours. So: only our own names as Host, and nothing that changes anything
 * from another origin. */
#ifndef QUARTER_HTTP_GUARD_H
#define QUARTER_HTTP_GUARD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/relay.h"

enum { GUARD_NAMES_MAX = 32 };

/* What else than "localhost", "127.0.0.1" and "[::1]" a server on a network is called. */
struct guard {
    const char *names[GUARD_NAMES_MAX]; /* borrowed */
    size_t name_count;
    /* An address is no name that an attacker could rebind: a page got by ours is from us. */
    bool any_address;
    struct relays relays;
};

/* One of our own names, with any port or none. guard NULL: loopback's alone. host NULL is none. */
bool guard_host_is_ours(const struct guard *guard, const char *host);
/* "queue.example", "queue-1": what --host may be. */
bool guard_is_name(const char *text);
/* Judged by Origin and Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/); NULL: not sent, as by programs. scheme:
 * "http" or "https", how our own pages are asked for. */
bool guard_is_cross_site(const char *scheme, const char *host, const char *origin,
                         const char *fetch_site);
/* "application/json", with or without parameters. */
bool guard_is_json(const char *content_type);

/* "127.0.0.1:8080", "[::1]:0", "localhost:8080". false: not an address and port. */
bool guard_read_address(const char *text, struct sockaddr_storage *address);
bool guard_is_loopback(const struct sockaddr_storage *address);
/* "0.0.0.0", "[::]": all of a machine's addresses. */
bool guard_is_every_address(const struct sockaddr_storage *address);
/* As people write it: "192.0.2.7", "2001:db8::1"; one that is IPv4 inside IPv6 as IPv4. "" when it is neither. */
void guard_write_address(const struct sockaddr_storage *address, char text[INET6_ADDRSTRLEN]);

#endif
