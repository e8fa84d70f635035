/* Who may ask at all. See guard.h. */
#include "http/guard.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const own_names[] = {"localhost", "127.0.0.1", "[::1]"};

static bool read_port(const char *text, uint16_t *port)
{
    const size_t digits = strspn(text, "0123456789");
    const long value = strtol(text, NULL, 10);
    if (digits < 1 || digits > 5 || text[digits] != '\0' || value > UINT16_MAX) {
        return false;
    }
    *port = (uint16_t)value;
    return true;
}

/* Whether host is the name, with any port or none. */
static bool is_named(const char *host, const char *name)
{
    const size_t length = strlen(name);
    uint16_t port = 0;
    return strncasecmp(host, name, length) == 0 &&
           (host[length] == '\0' || (host[length] == ':' && read_port(host + length + 1, &port)));
}

/* "192.0.2.7", "[2001:db8::1]", with any port or none. */
static bool is_address(const char *host)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    uint16_t port = 0;
    const bool is_v6 = host[0] == '[';
    const size_t length = strcspn(host + (is_v6 ? 1 : 0), is_v6 ? "]" : ":");
    const char *rest = host + length + (is_v6 ? 1 : 0);
    if (length == 0 || length >= sizeof(text) || (is_v6 && *rest++ != ']')) {
        return false;
    }
    memcpy(text, host + (is_v6 ? 1 : 0), length);
    text[length] = '\0';
    return inet_pton(is_v6 ? AF_INET6 : AF_INET, text, bytes) == 1 &&
           (*rest == '\0' || (*rest == ':' && read_port(rest + 1, &port)));
}

bool guard_host_is_ours(const struct guard *guard, const char *host)
{
    if (host == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof(own_names) / sizeof(own_names[0]); i++) {
        if (is_named(host, own_names[i])) {
            return true;
        }
    }
    for (size_t i = 0; guard != NULL && i < guard->name_count; i++) {
        if (is_named(host, guard->names[i])) {
            return true;
        }
    }
    return guard != NULL && guard->any_address && is_address(host);
}

bool guard_is_name(const char *text)
{
    const size_t length =
        strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    return length >= 1 && length <= 253 && text[length] == '\0' && text[0] != '.' && text[0] != '-';
}

bool guard_is_cross_site(const char *scheme, const char *host, const char *origin,
                         const char *fetch_site)
{
    if (fetch_site != NULL && strcmp(fetch_site, "same-origin") != 0 &&
        strcmp(fetch_site, "none") != 0) {
        return true; /* another port of localhost is "same-site", and still another's page */
    }
    if (origin == NULL) {
        return false;
    }
    const size_t length = strlen(scheme);
    return host == NULL || strncmp(origin, scheme, length) != 0 ||
           strncmp(origin + length, "://", 3) != 0 || strcasecmp(origin + length + 3, host) != 0;
}

bool guard_is_json(const char *content_type)
{
    static const char json[] = "application/json";
    if (content_type == NULL || strncasecmp(content_type, json, sizeof(json) - 1) != 0) {
        return false;
    }
    const char rest = content_type[sizeof(json) - 1];
    return rest == '\0' || rest == ';' || rest == ' ';
}

static bool read_ip(const char *name, uint16_t port, struct sockaddr_storage *address)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    memset(address, 0, sizeof(*address));
    if (inet_pton(AF_INET, name, &v4.sin_addr) == 1) {
        memcpy(address, &v4, sizeof(v4));
        return true;
    }
    if (inet_pton(AF_INET6, name, &v6.sin6_addr) == 1) {
        memcpy(address, &v6, sizeof(v6));
        return true;
    }
    return false;
}

bool guard_read_address(const char *text, struct sockaddr_storage *address)
{
    char name[64];
    const char *colon = strrchr(text, ':');
    uint16_t port = 0;
    if (colon == NULL || !read_port(colon + 1, &port)) {
        return false;
    }
    size_t length = (size_t)(colon - text);
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof(name)) {
        return false;
    }
    memcpy(name, text, length);
    name[length] = '\0';
    return read_ip(strcmp(name, "localhost") == 0 ? "127.0.0.1" : name, port, address);
}

bool guard_is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return address->ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

bool guard_is_every_address(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return v4.sin_addr.s_addr == htonl(INADDR_ANY);
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

void guard_write_address(const struct sockaddr_storage *address, char text[INET6_ADDRSTRLEN])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    memcpy(&v4, address, sizeof(v4));
    memcpy(&v6, address, sizeof(v6));
    const bool is_v6 = address->ss_family == AF_INET6;
    const bool is_mapped = is_v6 && IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
    const void *from = is_mapped ? (const void *)(v6.sin6_addr.s6_addr + 12)
                       : is_v6   ? (const void *)&v6.sin6_addr
                                 : (const void *)&v4.sin_addr;
    if ((!is_v6 && address->ss_family != AF_INET) ||
        inet_ntop(is_v6 && !is_mapped ? AF_INET6 : AF_INET, from, text, INET6_ADDRSTRLEN) == NULL) {
        text[0] = '\0';
    }
}
