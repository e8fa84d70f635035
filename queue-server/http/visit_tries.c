/* How many wrong tokens an address may try. The rule is that of wrong passwords by address (people/lockout.h): 30, and
 * one more each two seconds. */
#include "http/visit_tries.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "people/lockout.h"
#include "quarter/check.h"

struct visit_tries {
    pthread_mutex_t lock;
    struct lockout *lockout;
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct visit_tries *visit_tries_create(void)
{
    struct visit_tries *tries = calloc(1, sizeof(*tries));
    CHECK(tries != NULL);
    tries->lockout = lockout_create();
    CHECK(pthread_mutex_init(&tries->lock, NULL) == 0);
    return tries;
}

void visit_tries_destroy(struct visit_tries *tries)
{
    if (tries != NULL) {
        lockout_destroy(tries->lockout);
        CHECK(pthread_mutex_destroy(&tries->lock) == 0);
        free(tries);
    }
}

bool visit_tries_note(struct visit_tries *tries, const char *text)
{
    struct address address;
    if (text == NULL || !address_read(text, &address)) {
        return true;
    }
    address_cut(&address);
    CHECK(pthread_mutex_lock(&tries->lock) == 0);
    const int64_t now_ms = monotonic_ms();
    const bool may_try = lockout_wait_ms(tries->lockout, NULL, &address, now_ms) == 0;
    if (may_try) {
        lockout_note_wrong(tries->lockout, NULL, &address, now_ms);
    }
    CHECK(pthread_mutex_unlock(&tries->lock) == 0);
    return may_try;
}
