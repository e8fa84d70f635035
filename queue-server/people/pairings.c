/* Asked -> revealed -> approved -> gone; each state has its time. */
#include "people/pairings.h"

#include <sodium.h>
#include <string.h>

#include "quarter/check.h"

void pairings_drop(struct asking *asking)
{
    sodium_memzero(asking, sizeof *asking);
}

void pairings_tidy(struct pairings *pairings, int64_t now_ms)
{
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++)
        if (pairings->list[i].public.number != 0 && now_ms >= pairings->list[i].public.until_ms)
            pairings_drop(&pairings->list[i]);
}

/* Approved ones were let in by an admin, and are nobody's to push out before they have fetched their token. */
static bool is_open(const struct asking *asking)
{
    return asking->public.number != 0 && asking->public.state != PAIRING_APPROVED;
}

static int count_from(const struct pairings *pairings, const struct address *from)
{
    int count = 0;
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++)
        count +=
            is_open(&pairings->list[i]) && memcmp(&pairings->list[i].from, from, sizeof *from) == 0;
    return count;
}

static struct asking *find_free(struct pairings *pairings)
{
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++)
        if (pairings->list[i].public.number == 0)
            return &pairings->list[i];
    return NULL;
}

/* The one that was let in first of those who have their tokens; NULL: there is none. */
static struct asking *push_out_fetched(struct pairings *pairings)
{
    struct asking *found = NULL;
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
        struct asking *asking = &pairings->list[i];
        if (asking->is_fetched && (!found || asking->public.until_ms < found->public.until_ms))
            found = asking;
    }
    if (found)
        pairings_drop(found);
    return found;
}

/* The newest of whoever has the most; NULL: nobody has much more than who asks. */
static struct asking *push_out(struct pairings *pairings, const struct address *from)
{
    struct asking *found = NULL;
    int most = count_from(pairings, from) + 2;
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
        struct asking *asking = &pairings->list[i];
        int count = is_open(asking) ? count_from(pairings, &asking->from) : 0;
        if (count > most ||
            (count == most && (!found || asking->public.number > found->public.number))) {
            most = count;
            found = asking;
        }
    }
    if (found)
        pairings_drop(found);
    return found;
}

struct asking *pairings_ask(struct pairings *pairings, enum device_kind kind,
                            const unsigned char commitment[SAS_NONCE_BYTES],
                            const struct address *from, int64_t now_ms)
{
    struct address whose = {0};
    if (from) {
        whose = *from;
        address_cut(&whose);
    }
    pairings_tidy(pairings, now_ms);
    struct asking *asking = find_free(pairings);
    if (!asking)
        asking = push_out_fetched(pairings);
    if (!asking)
        asking = push_out(pairings, &whose);
    if (!asking)
        return NULL;
    *asking = (struct asking){.public = {.number = ++pairings->last_number,
                                         .kind = kind,
                                         .state = PAIRING_ASKED,
                                         .asked_ms = now_ms,
                                         .until_ms = now_ms + PAIRING_REVEAL_MS},
                              .from = whose};
    memcpy(asking->commitment, commitment, SAS_NONCE_BYTES);
    return asking;
}

struct asking *pairings_find(struct pairings *pairings, const char *id, int64_t now_ms)
{
    pairings_tidy(pairings, now_ms);
    if (strnlen(id, PEOPLE_TOKEN_LEN + 1) != PEOPLE_TOKEN_LEN)
        return NULL;
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++)
        if (pairings->list[i].public.number != 0 &&
            sodium_memcmp(pairings->list[i].public.id, id, PEOPLE_TOKEN_LEN) == 0)
            return &pairings->list[i];
    return NULL;
}

enum people_result pairings_reveal(struct asking *asking,
                                   const unsigned char nonce_d[SAS_NONCE_BYTES],
                                   const unsigned char pin[SAS_PIN_BYTES], int64_t now_ms)
{
    if (!sas_keeps_commitment(nonce_d, asking->commitment)) {
        pairings_drop(asking);
        return PEOPLE_WRONG_REVEAL;
    }
    if (asking->public.state != PAIRING_ASKED) /* the answer was lost: the same again */
        return PEOPLE_OK;
    sas_make(nonce_d, asking->nonce_s, pin, asking->sas);
    asking->public.state = PAIRING_REVEALED;
    asking->public.until_ms = now_ms + PAIRING_APPROVE_MS;
    return PEOPLE_OK;
}

enum people_result pairings_match(struct pairings *pairings, int number, const char *typed,
                                  int64_t now_ms, struct asking **asking)
{
    pairings_tidy(pairings, now_ms);
    struct asking *found = NULL;
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++)
        if (number > 0 && pairings->list[i].public.number == number)
            found = &pairings->list[i];
    if (!found || found->public.state != PAIRING_REVEALED)
        return PEOPLE_PAIRING_OVER;
    if (!sas_is_typed(typed, found->sas)) {
        if (++found->wrong < PAIRING_TRIES)
            return PEOPLE_WRONG_PAIRING_CODE;
        pairings_drop(found);
        return PEOPLE_PAIRING_OVER;
    }
    *asking = found;
    return PEOPLE_OK;
}

void pairings_approve(struct asking *asking, const char *code, const char *token, int64_t now_ms)
{
    CHECK(asking->public.state == PAIRING_REVEALED);
    asking->public.state = PAIRING_APPROVED;
    asking->public.until_ms = now_ms + PAIRING_FETCH_MS;
    memcpy(asking->token, token, PEOPLE_TOKEN_LEN + 1);
    memcpy(asking->code, code, strlen(code) + 1);
}
