/* Who may reach the server, as the command line says: over which names, with sign-in or without, with TLS or without. On
 * loopback both are off unless asked for; on a network both are on, and cannot be switched off. */
#ifndef QUARTER_HTTP_ACCESS_H
#define QUARTER_HTTP_ACCESS_H

#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "http/guard.h"
#include "http/tls.h"
#include "quarter/status.h"

enum { ACCESS_HOSTS_MAX = 16, ACCESS_NAMES_MAX = 48 };

struct access_options {
    const char *sign_in, *tls;     /* "on", "off"; NULL: as the address says */
    const char *certificate, *key; /* files; NULL: made once */
    const char *hosts[ACCESS_HOSTS_MAX];
    size_t host_count;
    struct relays relays;
};

struct access {
    bool has_sign_in, has_tls, is_loopback;
    struct guard guard;
    struct tls_identity tls; /* with has_tls, once it was opened */
    /* its own */
    char machine[256]; /* this machine's name; "": none */
    char addresses[ACCESS_NAMES_MAX][INET6_ADDRSTRLEN];
    size_t address_count;
};

/* One of `--sign-in`, `--tls`, `--tls-cert`, `--tls-key`, `--host`, `--relay`, by its letter 'S', 'T', 'C', 'K', 'H', 'R'. NULL: fine;
 * else what is wrong with the value. */
const char *access_read_option(struct access_options *options, int letter, const char *value);
/* DENIED: the options make no sense together, or leave a network unguarded; error says why, and what to do. */
enum status access_decide(const struct access_options *options,
                          const struct sockaddr_storage *address, struct access *access,
                          char *error, size_t error_size);
/* Reads the key and the certificate, or makes them in data/tls. Names are borrowed from the options. */
enum status access_open(const struct access_options *options, const char *data,
                        struct access *access, char *error, size_t error_size);
void access_close(struct access *access);

/* "https://queue-1:8443": where a person reaches the server. */
void access_write_url(const struct access_options *options, const struct access *access,
                      const struct sockaddr_storage *address, unsigned port, char url[400]);
void access_print_options(FILE *out);

#endif
