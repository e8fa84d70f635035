/* Devices that ask to be let in (the protocol stands in people.h). Pure: no lock, no clock, no disk. */
#ifndef QUARTER_PEOPLE_PAIRINGS_H
#define QUARTER_PEOPLE_PAIRINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "people/address.h"
#include "people/people.h"
#include "people/sas.h"

enum {
    PAIRING_REVEAL_MS = 60000,
    PAIRING_APPROVE_MS = QUARTER_PAIRING_MIN * 60000,
    PAIRING_FETCH_MS = 600000,
    PAIRING_TRIES = 3,
};

struct asking {
    struct pairing public; /* number 0: a free place */
    unsigned char commitment[SAS_NONCE_BYTES], nonce_s[SAS_NONCE_BYTES];
    char sas[SAS_LEN + 1];
    struct address from; /* cut to whom it counts as; zeros: not known */
    int wrong;
    bool is_fetched;                  /* its device has the token, unless that answer was lost */
    char token[PEOPLE_TOKEN_LEN + 1]; /* approved: until the device fetched it */
    char code[QUARTER_CODE_MAX + 1];
};

struct pairings {
    int last_number;
    struct asking list[PEOPLE_PAIRINGS_MAX];
};

/* Lets go of what is past its time. The others below do so first. */
void pairings_tidy(struct pairings *pairings, int64_t now_ms);
/* NULL: all places are taken. The caller makes id, nonce_s and address (as a prefix). from NULL: not known. Who has fetched
 * its token makes room first. Anybody may ask: whoever holds at least two places more than `from` does loses the newest, so that one address that floods keeps
 * nobody else out, and loses nobody else what was begun. */
struct asking *pairings_ask(struct pairings *pairings, enum device_kind kind,
                            const unsigned char commitment[SAS_NONCE_BYTES],
                            const struct address *from, int64_t now_ms);
struct asking *pairings_find(struct pairings *pairings, const char *id, int64_t now_ms);
enum people_result pairings_reveal(struct asking *asking,
                                   const unsigned char nonce_d[SAS_NONCE_BYTES],
                                   const unsigned char pin[SAS_PIN_BYTES], int64_t now_ms);
/* What an admin typed; OK: it is what the device shows. The third wrong one ends it (PAIRING_OVER). */
enum people_result pairings_match(struct pairings *pairings, int number, const char *typed,
                                  int64_t now_ms, struct asking **asking);
void pairings_approve(struct asking *asking, const char *code, const char *token, int64_t now_ms);
void pairings_drop(struct asking *asking);

#endif
