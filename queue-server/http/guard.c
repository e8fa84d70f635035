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

bool guard_host_is_ours(const char *host)
{
    for (size_t i = 0; host != NULL && i < sizeof(own_names) / sizeof(own_names[0]); i++) {
        const size_t length = strlen(own_names[i]);
        if (strncasecmp(host, own_names[i], length) == 0) {
            const char *rest = host + length;
            uint16_t port = 0;
            return *rest == '\0' || (*rest == ':' && read_port(rest + 1, &port));
        }
    }
    return false;
}

bool guard_is_cross_site(const char *host, const char *origin, const char *fetch_site)
{
    if (fetch_site != NULL && strcmp(fetch_site, "same-origin") != 0 &&
        strcmp(fetch_site, "none") != 0) {
        return true; /* another port of localhost is "same-site", and still another's page */
    }
    if (origin == NULL) {
        return false;
    }
    static const char scheme[] = "http://";
    return host == NULL || strncmp(origin, scheme, sizeof(scheme) - 1) != 0 ||
           strcasecmp(origin + sizeof(scheme) - 1, host) != 0;
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
