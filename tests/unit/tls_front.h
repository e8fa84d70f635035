/* TLS in front of a server that speaks plain HTTP on loopback, with a key of its own: what a server with TLS is, and what
 * somebody in between is. For tests of the client. */
#ifndef QUARTER_TESTS_TLS_FRONT_H
#define QUARTER_TESTS_TLS_FRONT_H

#include <stdbool.h>

struct tls_front;

/* behind: "http://127.0.0.1:PORT". Two keys are made; the first is shown. */
struct tls_front *tls_front_start(const char *behind);
void tls_front_stop(struct tls_front *front);
const char *tls_front_url(const struct tls_front *front); /* "https://127.0.0.1:PORT" */
/* SHA-256 of the SPKI of key 0 or 1. */
void tls_front_pin(const struct tls_front *front, int key, unsigned char pin[32]);
/* Which key new connections meet. Those there are, are hung up. */
void tls_front_show(struct tls_front *front, int key);
int tls_front_handshakes(struct tls_front *front); /* that both sides finished */

#endif
