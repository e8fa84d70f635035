/* Tokens, their text and their hash. */
#include "people/tokens.h"

#include <sodium.h>
#include <string.h>

#include "quarter/check.h"

_Static_assert((int)PEOPLE_TOKEN_LEN + 1 ==
                   sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "text of a token");

static void write_token(const unsigned char bytes[TOKEN_BYTES], char token[PEOPLE_TOKEN_LEN + 1])
{
    sodium_bin2base64(token, PEOPLE_TOKEN_LEN + 1, bytes, TOKEN_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void token_make(char token[PEOPLE_TOKEN_LEN + 1])
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    write_token(bytes, token);
    sodium_memzero(bytes, sizeof bytes);
}

bool token_hash(const char *token, struct token_hash *hash)
{
    /* The alphabet is looked at here: libsodium 1.0.18 takes bytes over 0x7f for letters. What it does see is that
     * the last letter's two bits too many are 0. */
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char bytes[TOKEN_BYTES];
    size_t got = 0;
    if (strnlen(token, PEOPLE_TOKEN_LEN + 1) != PEOPLE_TOKEN_LEN ||
        strspn(token, letters) != PEOPLE_TOKEN_LEN ||
        sodium_base642bin(bytes, sizeof bytes, token, PEOPLE_TOKEN_LEN, NULL, &got, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        got != sizeof bytes)
        return false;
    crypto_generichash(hash->bytes, sizeof hash->bytes, bytes, sizeof bytes, NULL, 0);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

void token_derive(const unsigned char key[TOKEN_KEY_BYTES], const char *purpose, const char *text,
                  char token[PEOPLE_TOKEN_LEN + 1])
{
    unsigned char bytes[TOKEN_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, TOKEN_KEY_BYTES, sizeof bytes);
    /* With its NUL, so that ("ab", "c") and ("a", "bc") differ. */
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, bytes, sizeof bytes);
    write_token(bytes, token);
    sodium_memzero(bytes, sizeof bytes);
}
