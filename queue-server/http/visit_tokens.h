/* The unguessable part of the address a visitor's phone follows: 26 letters of base 32, 130 bits.
 *
 * Worked out from the ticket's id with a key that only this server has (keyed BLAKE2b), and not drawn: so nothing of
 * it is stored, a restart forgets none, the same request sent twice gets the same address, and a reprint hours later
 * has it too. The key lies beside the keys of private text, outside backups; a journal that got into wrong hands opens
 * nobody's visit. Pure but for the key's file. */
#ifndef QUARTER_HTTP_VISIT_TOKENS_H
#define QUARTER_HTTP_VISIT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "quarter/status.h"

enum { VISIT_TOKEN_LEN = 26, VISIT_KEY_BYTES = 32 };

struct visit_key {
    unsigned char bytes[VISIT_KEY_BYTES];
};

/* DIR/visit.key (0600), made when missing, with the folder. error gets a sentence a person can act on. */
enum status visit_key_load(const char *dir, struct visit_key *key, char *error, size_t error_size);
void visit_token_make(const struct visit_key *key, const char *ticket,
                      char token[VISIT_TOKEN_LEN + 1]);
/* Has it the form of one? */
bool visit_token_is_formed(const char *token);

#endif
