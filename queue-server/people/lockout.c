/* Tables of fingerprints; each is sets of a few entries, the stalest of which goes for the next. */
#include "people/lockout.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { SETS = 512, WAYS = 8 };

struct entry {
    uint64_t mark; /* 0: free */
    int64_t last_ms;
    /* Of a name: wrong tries in a row. Of an address: wrong tries not given back yet, since last_ms. */
    int64_t wrong;
};

struct table {
    struct entry sets[SETS][WAYS];
};

struct lockout {
    unsigned char key[crypto_shorthash_KEYBYTES]; /* nobody can aim at a set */
    struct table names, addresses;
    struct table pairs; /* a name and an address it has signed in from: counted by itself */
};

struct lockout *lockout_create(void)
{
    CHECK(sodium_init() >= 0);
    struct lockout *lockout = calloc(1, sizeof *lockout);
    CHECK(lockout);
    randombytes_buf(lockout->key, sizeof lockout->key);
    return lockout;
}

void lockout_destroy(struct lockout *lockout)
{
    free(lockout);
}

static uint64_t mark_of(const struct lockout *lockout, const void *bytes, size_t size)
{
    uint64_t mark = 0;
    _Static_assert(sizeof mark == crypto_shorthash_BYTES, "SipHash");
    crypto_shorthash((unsigned char *)&mark, bytes, size, lockout->key);
    return mark ? mark : 1;
}

static uint64_t name_mark(const struct lockout *lockout, const char *name)
{
    return mark_of(lockout, name, strlen(name));
}

static uint64_t address_mark(const struct lockout *lockout, const struct address *address)
{
    struct address cut = *address;
    address_cut(&cut);
    return mark_of(lockout, cut.bytes, sizeof cut.bytes);
}

static uint64_t pair_mark(const struct lockout *lockout, const char *name,
                          const struct address *address)
{
    uint64_t marks[] = {name_mark(lockout, name), address_mark(lockout, address)};
    return mark_of(lockout, marks, sizeof marks);
}

static const struct entry *find(const struct table *table, uint64_t mark)
{
    const struct entry *set = table->sets[mark % SETS];
    for (int way = 0; way < WAYS; way++)
        if (set[way].mark == mark)
            return &set[way];
    return NULL;
}

/* Found, or in place of the stalest of its set. */
static struct entry *take(struct table *table, uint64_t mark, int64_t now_ms)
{
    struct entry *set = table->sets[mark % SETS];
    struct entry *stalest = set;
    for (int way = 0; way < WAYS; way++) {
        if (set[way].mark == mark)
            return &set[way];
        if (set[way].last_ms < stalest->last_ms) /* a free one is as stale as can be */
            stalest = &set[way];
    }
    *stalest = (struct entry){.mark = mark, .last_ms = now_ms};
    return stalest;
}

/* Either way: a clock that was set back a day must not make anybody wait for a day. */
static int64_t elapsed(const struct entry *entry, int64_t now_ms)
{
    return now_ms > entry->last_ms ? now_ms - entry->last_ms : entry->last_ms - now_ms;
}

static int64_t name_wait_ms(const struct entry *entry, int64_t now_ms)
{
    int64_t passed = elapsed(entry, now_ms);
    if (entry->wrong < LOCKOUT_FREE_TRIES || passed >= LOCKOUT_FORGET_MS)
        return 0;
    int64_t doublings = entry->wrong - LOCKOUT_FREE_TRIES;
    int64_t wait = doublings < 6 ? INT64_C(1000) << doublings : LOCKOUT_WAIT_MAX_MS;
    return passed >= wait ? 0 : wait - passed;
}

static int64_t address_wrong(const struct entry *entry, int64_t now_ms)
{
    int64_t back = elapsed(entry, now_ms) / LOCKOUT_ADDRESS_REFILL_MS;
    return back >= entry->wrong ? 0 : entry->wrong - back;
}

static int64_t address_wait_ms(const struct entry *entry, int64_t now_ms)
{
    if (address_wrong(entry, now_ms) < LOCKOUT_ADDRESS_TRIES)
        return 0;
    return LOCKOUT_ADDRESS_REFILL_MS - elapsed(entry, now_ms) % LOCKOUT_ADDRESS_REFILL_MS;
}

static bool is_known_pair(const struct lockout *lockout, const char *name,
                          const struct address *address)
{
    return name && address && find(&lockout->pairs, pair_mark(lockout, name, address));
}

int64_t lockout_wait_ms(const struct lockout *lockout, const char *name,
                        const struct address *address, int64_t now_ms)
{
    const struct entry *by_name = is_known_pair(lockout, name, address)
                                      ? find(&lockout->pairs, pair_mark(lockout, name, address))
                                  : name ? find(&lockout->names, name_mark(lockout, name))
                                         : NULL;
    int64_t wait = by_name ? name_wait_ms(by_name, now_ms) : 0;
    const struct entry *by_address =
        address ? find(&lockout->addresses, address_mark(lockout, address)) : NULL;
    int64_t other = by_address ? address_wait_ms(by_address, now_ms) : 0;
    return wait > other ? wait : other;
}

static void count_name(struct entry *entry, int64_t now_ms)
{
    if (elapsed(entry, now_ms) >= LOCKOUT_FORGET_MS)
        entry->wrong = 0;
    entry->wrong++;
    entry->last_ms = now_ms;
}

static void count_address(struct entry *entry, int64_t now_ms)
{
    /* What is not a whole try yet goes on counting. */
    int64_t left = address_wrong(entry, now_ms);
    int64_t rest = left == 0 ? 0 : elapsed(entry, now_ms) % LOCKOUT_ADDRESS_REFILL_MS;
    entry->wrong = left + 1;
    entry->last_ms = now_ms - rest;
}

void lockout_note_wrong(struct lockout *lockout, const char *name, const struct address *address,
                        int64_t now_ms)
{
    if (is_known_pair(lockout, name, address))
        count_name(take(&lockout->pairs, pair_mark(lockout, name, address), now_ms), now_ms);
    else if (name)
        count_name(take(&lockout->names, name_mark(lockout, name), now_ms), now_ms);
    if (address)
        count_address(take(&lockout->addresses, address_mark(lockout, address), now_ms), now_ms);
}

static void forgive_name(struct lockout *lockout, const char *name)
{
    uint64_t mark = name_mark(lockout, name);
    struct entry *set = lockout->names.sets[mark % SETS];
    for (int way = 0; way < WAYS; way++)
        if (set[way].mark == mark)
            set[way] = (struct entry){0};
}

void lockout_note_right(struct lockout *lockout, const char *name, const struct address *address,
                        int64_t now_ms)
{
    /* What strangers tried goes on to count for strangers, whose guesses it would pay for otherwise. */
    if (!is_known_pair(lockout, name, address))
        forgive_name(lockout, name);
    if (address) {
        struct entry *pair = take(&lockout->pairs, pair_mark(lockout, name, address), now_ms);
        pair->wrong = 0;
        pair->last_ms = now_ms;
    }
}
