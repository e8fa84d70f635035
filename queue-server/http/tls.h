/* The server's key and certificate: given by the operator, or made once and kept beside the data. Pages are told to trust
 * the certificate by hand; kiosks and displays know the key itself, by the pin that pairing compared. */
#ifndef QUARTER_HTTP_TLS_H
#define QUARTER_HTTP_TLS_H

#include <stddef.h>

#include "people/people.h"
#include "quarter/status.h"

enum { TLS_PIN_TEXT_MAX = 64 };

struct tls_identity {
    char *key_pem, *certificate_pem;
    unsigned char pin
        [PEOPLE_PIN_BYTES]; /* SHA-256 of the key's SubjectPublicKeyInfo (RFC 7469 section 2.4) */
};

/* The operator's own. error gets a sentence a person can act on: INVALID: not a key and the certificate of it. IO,
 * NOT_FOUND, DENIED: a file cannot be read. */
enum status tls_load(const char *key_path, const char *certificate_path,
                     struct tls_identity *identity, char *error, size_t error_size);

/* Made when there are none: a P-256 key, and a certificate that names all of names and addresses, signed with it, in
 * dir/key.pem and dir/cert.pem (mode 0600). The key stays what it is, or every device would have to be paired again; the
 * certificate is made anew when it lacks a name or soon ends. now_s: UTC. */
struct tls_names {
    const char *const *names; /* "localhost", "queue-1.example", "192.0.2.7", "2001:db8::1" */
    size_t count;
    long long now_s;
};
enum status tls_make_or_load(const char *dir, const struct tls_names *names,
                             struct tls_identity *identity, char *error, size_t error_size);
void tls_clear(struct tls_identity *identity);

/* "sha256//BASE64", as curl's --pinnedpubkey takes it. */
void tls_write_pin(const struct tls_identity *identity, char text[TLS_PIN_TEXT_MAX]);
/* TLS 1.2 and later. Lives as long as the program; not const, since libmicrohttpd takes it so. */
void *tls_priorities(void);

#endif
