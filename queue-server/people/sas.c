/* Commitment and short authentication string. */
#include "people/sas.h"

#include <sodium.h>

#include "people/base32.h"

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
    base32_write(hash, SAS_LEN, sas);
}
