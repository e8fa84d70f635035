/* Commitment and short authentication string. */
#include "people/sas.h"

#include <sodium.h>
#include <stdint.h>

static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";

void sas_commit(const unsigned char nonce_d[SAS_NONCE_BYTES],
                unsigned char commitment[SAS_NONCE_BYTES])
{
    crypto_generichash(commitment, SAS_NONCE_BYTES, nonce_d, SAS_NONCE_BYTES, NULL, 0);
}

bool sas_keeps_commitment(const unsigned char nonce_d[SAS_NONCE_BYTES],
                          const unsigned char commitment[SAS_NONCE_BYTES])
{
    unsigned char made[SAS_NONCE_BYTES];
    sas_commit(nonce_d, made);
    return sodium_memcmp(made, commitment, sizeof made) == 0;
}

void sas_make(const unsigned char nonce_d[SAS_NONCE_BYTES],
              const unsigned char nonce_s[SAS_NONCE_BYTES], const unsigned char pin[SAS_PIN_BYTES],
              char sas[SAS_LEN + 1])
{
    unsigned char hash[32];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, nonce_d, SAS_NONCE_BYTES);
    crypto_generichash_update(&state, nonce_s, SAS_NONCE_BYTES);
    crypto_generichash_update(&state, pin, SAS_PIN_BYTES);
    crypto_generichash_final(&state, hash, sizeof hash);
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof value; i++)
        value = value << 8 | hash[i];
    for (size_t i = SAS_LEN; i-- > 0; value /= sizeof letters - 1)
        sas[i] = letters[value % (sizeof letters - 1)];
    sas[SAS_LEN] = '\0';
}

bool sas_is_typed(const char *typed, const char sas[SAS_LEN + 1])
{
    char plain[SAS_LEN] = {0};
    size_t used = 0;
    for (; *typed != '\0'; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        if (used == SAS_LEN)
            return false;
        plain[used++] = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
    }
    return sodium_memcmp(plain, sas, SAS_LEN) == 0;
}
