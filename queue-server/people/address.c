/* Addresses, read and cut. */
#include "people/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool address_read(const char *text, struct address *address)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    char host[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "%");
    if (length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    unsigned char bytes[ADDRESS_BYTES] = {0};
    bool is_v4 = inet_pton(AF_INET, host, bytes) == 1;
    if (!is_v4 && inet_pton(AF_INET6, host, bytes) != 1)
        return false;
    if (!is_v4 && memcmp(bytes, mapped, sizeof mapped) == 0) {
        is_v4 = true;
        memmove(bytes, bytes + sizeof mapped, 4);
        memset(bytes + 4, 0, sizeof bytes - 4);
    }
    address->is_v4 = is_v4;
    memcpy(address->bytes, bytes, sizeof bytes);
    return true;
}

void address_write_prefix(const struct address *address, char prefix[PEOPLE_ADDRESS_MAX])
{
    size_t kept = address->is_v4 ? 3 : 6;
    unsigned char bytes[ADDRESS_BYTES] = {0};
    memcpy(bytes, address->bytes, kept);
    char host[INET6_ADDRSTRLEN] = "";
    inet_ntop(address->is_v4 ? AF_INET : AF_INET6, bytes, host, sizeof host);
    snprintf(prefix, PEOPLE_ADDRESS_MAX, "%.42s/%d", host, (int)kept * 8);
}

void address_cut(struct address *address)
{
    if (!address->is_v4)
        memset(address->bytes + 8, 0, 8);
}
