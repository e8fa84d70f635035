/* How the network thread's requests get in: by whom, to which server, with which token. */
#ifndef QUARTER_CLIENT_ACCESS_H
#define QUARTER_CLIENT_ACCESS_H

#include <stdbool.h>

#include "client/credentials.h"

struct access {
    const char *agent;
    bool tls; /* the server's URL is https */
    struct credentials
        credentials; /* tls without a key: nothing but the first step of pairing may be sent */
};

#endif
