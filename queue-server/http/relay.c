/* Who is behind a relay. See relay.h. */
#include "http/relay.h"

#include <stdio.h>
#include <string.h>

bool relays_have(const struct relays *relays, const char *text)
{
    struct address address;
    if (!address_read(text, &address)) {
        return false;
    }
    for (size_t i = 0; i < relays->count; i++) {
        const struct address *each = &relays->list[i];
        if (each->is_v4 == address.is_v4 &&
            memcmp(each->bytes, address.bytes, sizeof(address.bytes)) == 0) {
            return true;
        }
    }
    return false;
}

bool relays_add(struct relays *relays, const char *text)
{
    static const unsigned char none[ADDRESS_BYTES];
    struct address address;
    if (relays->count == RELAYS_MAX || strchr(text, '%') != NULL || !address_read(text, &address) ||
        memcmp(address.bytes, none, sizeof(none)) == 0) {
        return false;
    }
    relays->list[relays->count++] = address;
    return true;
}

/* "192.0.2.7", "192.0.2.7:4711", "[2001:db8::1]:4711", "2001:db8::1" -> the address alone; false: it is none. */
static bool read_item(const char *item, size_t length, char text[INET6_ADDRSTRLEN])
{
    const bool in_brackets = length > 0 && item[0] == '[';
    const char *from = item + (in_brackets ? 1 : 0);
    const char *end = item + length;
    const char *colon = memchr(item, ':', length);
    if (in_brackets) {
        end = memchr(item, ']', length);
    } else if (colon != NULL && memchr(colon + 1, ':', (size_t)(end - colon - 1)) == NULL) {
        end = colon;
    }
    struct address address;
    if (end == NULL || (size_t)(end - from) >= INET6_ADDRSTRLEN) {
        return false;
    }
    memcpy(text, from, (size_t)(end - from));
    text[end - from] = '\0';
    return address_read(text, &address);
}

void relays_read(const struct relays *relays, const char *peer, const char *line,
                 char caller[INET6_ADDRSTRLEN])
{
    for (const char *item = line; *item != '\0';) {
        item += strspn(item, ", \t");
        const size_t length = strcspn(item, ", \t");
        char text[INET6_ADDRSTRLEN];
        if (length > 0 && !read_item(item, length, text)) {
            (void)snprintf(caller, INET6_ADDRSTRLEN, "%s", peer);
        } else if (length > 0 && !relays_have(relays, text)) {
            memcpy(caller, text, sizeof(text));
        }
        item += length;
    }
}
