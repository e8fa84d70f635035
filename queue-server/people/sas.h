/* The letters that a device and the server show each other while they pair (see people.h), worked out by both. */
#ifndef QUARTER_PEOPLE_SAS_H
#define QUARTER_PEOPLE_SAS_H

#include <stdbool.h>

enum { SAS_NONCE_BYTES = 32, SAS_PIN_BYTES = 32, SAS_LEN = 6 };

/* BLAKE2b-256 of nonce_d: what the device sends first. */
void sas_commit(const unsigned char nonce_d[SAS_NONCE_BYTES],
                unsigned char commitment[SAS_NONCE_BYTES]);
/* In constant time. */
bool sas_keeps_commitment(const unsigned char nonce_d[SAS_NONCE_BYTES],
                          const unsigned char commitment[SAS_NONCE_BYTES]);
/* The first 64 bits of BLAKE2b-256(nonce_d | nonce_s | pin), high byte first, modulo 24^6, in base 24, whose digits are the
 * letters A to Z without I and O: read out and typed, none is taken for a digit. Somebody in between has one guess a
 * pairing: one in 191 million. pin: SHA-256 of the SPKI of the server's key as the caller saw it; zeros without TLS. */
void sas_make(const unsigned char nonce_d[SAS_NONCE_BYTES],
              const unsigned char nonce_s[SAS_NONCE_BYTES], const unsigned char pin[SAS_PIN_BYTES],
              char sas[SAS_LEN + 1]);
/* Whether somebody typed these letters, be it in small ones or with spaces and hyphens; in constant time. */
bool sas_is_typed(const char *typed, const char sas[SAS_LEN + 1]);

#endif
