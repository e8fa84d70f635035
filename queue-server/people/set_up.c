/* The set-up code: shown once, kept as a hash. */
#include "people/set_up.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "people/base32.h"

static void hash_letters(const char letters[SET_UP_LETTERS + 1], unsigned char hash[32])
{
    crypto_generichash(hash, 32, (const unsigned char *)letters, SET_UP_LETTERS, NULL, 0);
}

void set_up_open(struct set_up *set_up, int64_t now_ms, char code[PEOPLE_CODE_LEN + 1])
{
    unsigned char bytes[(SET_UP_LETTERS * 5 + 7) / 8];
    char letters[SET_UP_LETTERS + 1];
    randombytes_buf(bytes, sizeof bytes);
    base32_write(bytes, SET_UP_LETTERS, letters);
    *set_up = (struct set_up){.is_open = true, .until_ms = now_ms + SET_UP_MS};
    hash_letters(letters, set_up->hash);
    snprintf(code, PEOPLE_CODE_LEN + 1, "%.5s-%.5s", letters, letters + 5);
    sodium_memzero(letters, sizeof letters);
    sodium_memzero(bytes, sizeof bytes);
}

enum people_result set_up_try(struct set_up *set_up, const char *typed, int64_t now_ms)
{
    if (!set_up->is_open || now_ms >= set_up->until_ms) {
        set_up_close(set_up);
        return PEOPLE_SET_UP_OVER;
    }
    char letters[SET_UP_LETTERS + 1] = "";
    unsigned char hash[32] = {0};
    if (base32_read_typed(typed, SET_UP_LETTERS, letters))
        hash_letters(letters, hash);
    return sodium_memcmp(hash, set_up->hash, sizeof hash) == 0 ? PEOPLE_OK
                                                               : PEOPLE_WRONG_SET_UP_CODE;
}

void set_up_close(struct set_up *set_up)
{
    sodium_memzero(set_up, sizeof *set_up);
}
