/* Tokens: 32 bytes of chance in base64url, which a browser or a device keeps. The server keeps their hashes. */
#ifndef QUARTER_PEOPLE_TOKENS_H
#define QUARTER_PEOPLE_TOKENS_H

#include <stdbool.h>

#include "people/people.h"

enum { TOKEN_BYTES = 32, TOKEN_KEY_BYTES = 32 };

/* BLAKE2b-256. Of 256 random bits a plain hash is enough: there is nothing to guess. */
struct token_hash {
    unsigned char bytes[TOKEN_BYTES];
};

void token_make(char token[PEOPLE_TOKEN_LEN + 1]);
/* False: it has not the form of a token, which only has one. */
bool token_hash(const char *token, struct token_hash *hash);
/* One that whoever has the key can work out again: keyed BLAKE2b-256 of purpose and text. */
void token_derive(const unsigned char key[TOKEN_KEY_BYTES], const char *purpose, const char *text,
                  char token[PEOPLE_TOKEN_LEN + 1]);

#endif
