/* A peer's address: whom it counts as, and how little of it is kept. */
#ifndef QUARTER_PEOPLE_ADDRESS_H
#define QUARTER_PEOPLE_ADDRESS_H

#include <stdbool.h>

#include "people/people.h"

enum { ADDRESS_BYTES = 16 };

struct address {
    bool is_v4;
    unsigned char bytes[ADDRESS_BYTES]; /* an IPv4 one in the first four */
};

/* "192.0.2.7", "2001:db8::1", also "::ffff:192.0.2.7" and with "%eth0". False: it is none. */
bool address_read(const char *text, struct address *address);
/* "192.0.2.0/24", "2001:db8:1::/48": tells where from, not who (GDPR 5(1)(c)). */
void address_write_prefix(const struct address *address, char prefix[PEOPLE_ADDRESS_MAX]);
/* Cut to what one subscriber has: an IPv4 address, an IPv6 /64 (RFC 6177). */
void address_cut(struct address *address);

#endif
