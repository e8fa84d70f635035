/* Relays (reverse proxies) that the operator named: what one of them says of whom it asks for is believed, so that those
 * behind it do not share one budget of wrong tries and of places to pair. Everybody else may say what they like. */
#ifndef QUARTER_HTTP_RELAY_H
#define QUARTER_HTTP_RELAY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "people/address.h"

enum { RELAYS_MAX = 8 };

struct relays {
    struct address list[RELAYS_MAX];
    size_t count;
};

/* "192.0.2.9", "2001:db8::9". false: it is no address of one machine, or there are enough. */
bool relays_add(struct relays *relays, const char *text);
bool relays_have(const struct relays *relays, const char *address);

/* One line of X-Forwarded-For, of which there may be several, taken in their order; caller begins as the peer, a relay.
 * Afterwards it is the right-most address that is no relay's: what stands left of it was sent by whoever has it. What is
 * no address there ("unknown") leaves the peer's. */
void relays_read(const struct relays *relays, const char *peer, const char *line,
                 char caller[INET6_ADDRSTRLEN]);

#endif
