/* Devices and their pairing as the rest of the program sees them: the tables behind the lock. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "people/names.h"
#include "people/people_parts.h"
#include "quarter/check.h"

enum { SAVE_SEEN_MS = 600000 };

_Static_assert((int)PEOPLE_NONCE_BYTES == SAS_NONCE_BYTES, "nonces");
_Static_assert((int)PEOPLE_PIN_BYTES == SAS_PIN_BYTES, "pin");
_Static_assert((int)PEOPLE_SAS_LEN == SAS_LEN, "letters");

static const char *const kinds[] = {
#define X(name, code) code,
    DEVICE_KIND_LIST(X)
#undef X
};

const char *device_kind_code(enum device_kind kind)
{
    return kinds[kind];
}

bool device_kind_find(const char *code, enum device_kind *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i], code) == 0) {
            *kind = (enum device_kind)i;
            return true;
        }
    return false;
}

static int by_code(const void *one, const void *other)
{
    return strcmp(((const struct device *)one)->code, ((const struct device *)other)->code);
}

size_t people_list_devices(struct people *people, struct device **list)
{
    pthread_mutex_lock(&people->lock);
    size_t count = (size_t)people->device_count;
    struct device *copy = calloc(count + 1, sizeof *copy);
    CHECK(copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = people->devices[i].public;
    pthread_mutex_unlock(&people->lock);
    qsort(copy, count, sizeof *copy, by_code);
    *list = copy;
    return count;
}

static struct device_record *find_device(struct people *people, const struct token_hash *hash)
{
    for (int i = 0; i < people->device_count; i++) {
        struct device_record *device = &people->devices[i];
        if (device->public.revoked_ms == 0 &&
            memcmp(device->token.bytes, hash->bytes, sizeof hash->bytes) == 0)
            return device;
    }
    return NULL;
}

/* With the lock held. */
static void note_seen(struct people *people, struct device_record *device)
{
    int64_t now_ms = people_now(people);
    if (now_ms > device->public.seen_ms)
        device->public.seen_ms = now_ms;
    if (device->public.seen_ms - device->saved_seen_ms < SAVE_SEEN_MS)
        return;
    device->saved_seen_ms = device->public.seen_ms;
    device->is_dirty = people->devices_dirty = true;
    worker_wake(people);
}

enum people_result people_check_device(struct people *people, const char *token,
                                       struct device *device)
{
    struct token_hash hash;
    if (!token_hash(token, &hash))
        return PEOPLE_UNKNOWN_DEVICE;
    pthread_mutex_lock(&people->lock);
    struct device_record *found = find_device(people, &hash);
    if (found) {
        note_seen(people, found);
        *device = found->public;
    }
    pthread_mutex_unlock(&people->lock);
    return found ? PEOPLE_OK : PEOPLE_UNKNOWN_DEVICE;
}

bool people_device_lives(struct people *people, const struct device *device)
{
    bool lives = false;
    pthread_mutex_lock(&people->lock);
    for (int i = 0; i < people->device_count && !lives; i++) {
        struct device_record *known = &people->devices[i];
        lives = known->public.revoked_ms == 0 && known->public.paired_ms == device->paired_ms &&
                strcmp(known->public.code, device->code) == 0;
        if (lives) /* its stream asks at each beat */
            note_seen(people, known);
    }
    pthread_mutex_unlock(&people->lock);
    return lives;
}

enum people_result people_ask_pairing(struct people *people, const struct pairing_ask *ask,
                                      struct pairing *pairing,
                                      unsigned char nonce_s[PEOPLE_NONCE_BYTES])
{
    int64_t now_ms = people_now(people);
    struct address peer;
    if (!name_is_code(ask->code))
        return PEOPLE_BAD_CODE;
    bool has_peer = ask->address && address_read(ask->address, &peer);
    pthread_mutex_lock(&people->lock);
    struct asking *asking = pairings_ask(&people->pairings, ask->kind, ask->commitment,
                                         has_peer ? &peer : NULL, now_ms);
    if (asking) {
        token_make(asking->public.id);
        memcpy(asking->public.code, ask->code, strlen(ask->code) + 1);
        randombytes_buf(asking->nonce_s, sizeof asking->nonce_s);
        if (has_peer)
            address_write_prefix(&peer, asking->public.address);
        *pairing = asking->public;
        memcpy(nonce_s, asking->nonce_s, sizeof asking->nonce_s);
    }
    pthread_mutex_unlock(&people->lock);
    return asking ? PEOPLE_OK : PEOPLE_TOO_MANY_PAIRINGS;
}

enum people_result people_reveal_pairing(struct people *people, const char *id,
                                         const unsigned char nonce_d[PEOPLE_NONCE_BYTES])
{
    int64_t now_ms = people_now(people);
    pthread_mutex_lock(&people->lock);
    struct asking *asking = pairings_find(&people->pairings, id, now_ms);
    enum people_result result =
        asking ? pairings_reveal(asking, nonce_d, people->pin, now_ms) : PEOPLE_PAIRING_OVER;
    pthread_mutex_unlock(&people->lock);
    return result;
}

enum people_result people_fetch_pairing(struct people *people, const char *id,
                                        char token[PEOPLE_TOKEN_LEN + 1], struct device *device)
{
    int64_t now_ms = people_now(people);
    enum people_result result = PEOPLE_PAIRING_OVER;
    struct token_hash hash;
    pthread_mutex_lock(&people->lock);
    struct asking *asking = pairings_find(&people->pairings, id, now_ms);
    if (asking && asking->public.state != PAIRING_APPROVED) {
        result = PEOPLE_PAIRING_WAITS;
    } else if (asking && token_hash(asking->token, &hash)) {
        /* Not if it was revoked, or another one has taken its place, before it came for it. */
        const struct device_record *found = find_device(people, &hash);
        if (found) {
            memcpy(token, asking->token, PEOPLE_TOKEN_LEN + 1);
            *device = found->public;
            asking->is_fetched = true;
            result = PEOPLE_OK;
        } else {
            pairings_drop(asking);
        }
    }
    pthread_mutex_unlock(&people->lock);
    return result;
}

size_t people_list_pairings(struct people *people, struct pairing list[PEOPLE_PAIRINGS_MAX])
{
    int64_t now_ms = people_now(people);
    size_t count = 0;
    pthread_mutex_lock(&people->lock);
    pairings_tidy(&people->pairings, now_ms);
    for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
        const struct pairing *public = &people->pairings.list[i].public;
        if (public->number == 0 || public->state != PAIRING_REVEALED)
            continue;
        size_t at = count++;
        for (; at > 0 && list[at - 1].number > public->number; at--)
            list[at] = list[at - 1];
        list[at] = *public;
        memset(list[at].id, 0, sizeof list[at].id);
    }
    pthread_mutex_unlock(&people->lock);
    return count;
}
