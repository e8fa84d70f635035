/* Who is connected. See door.h. */
#include "http/door.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "http/inbox.h"
#include "quarter/check.h"

struct guest {
    struct guest *next, *previous;
    int socket;
    int64_t waits_since_ms; /* for a head, monotonic */
    bool is_owed;
    bool is_shown_out;
};

struct door {
    int head_ms;
    pthread_mutex_t lock;
    pthread_cond_t all_answered;
    /* under the lock */
    struct guest *guests;
    size_t owed;
};

struct door *door_create(int head_ms)
{
    struct door *door = calloc(1, sizeof(*door));
    CHECK(door != NULL);
    door->head_ms = head_ms;
    CHECK(pthread_mutex_init(&door->lock, NULL) == 0);
    pthread_condattr_t attributes;
    CHECK(pthread_condattr_init(&attributes) == 0);
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&door->all_answered, &attributes) == 0);
    CHECK(pthread_condattr_destroy(&attributes) == 0);
    return door;
}

void door_destroy(struct door *door)
{
    if (door == NULL) {
        return;
    }
    CHECK(door->guests == NULL);
    (void)pthread_cond_destroy(&door->all_answered);
    (void)pthread_mutex_destroy(&door->lock);
    free(door);
}

static void lock(struct door *door)
{
    CHECK(pthread_mutex_lock(&door->lock) == 0);
}

static void unlock(struct door *door)
{
    CHECK(pthread_mutex_unlock(&door->lock) == 0);
}

struct guest *door_enter(struct door *door, int socket)
{
    struct guest *guest = calloc(1, sizeof(*guest));
    CHECK(guest != NULL);
    guest->socket = socket;
    guest->waits_since_ms = inbox_monotonic_ms();
    lock(door);
    guest->next = door->guests;
    if (door->guests != NULL) {
        door->guests->previous = guest;
    }
    door->guests = guest;
    unlock(door);
    return guest;
}

/* With the lock held. */
static void settle(struct door *door, struct guest *guest)
{
    if (guest->is_owed && --door->owed == 0) {
        CHECK(pthread_cond_broadcast(&door->all_answered) == 0);
    }
    guest->is_owed = false;
}

void door_leave(struct door *door, struct guest *guest)
{
    lock(door);
    settle(door, guest);
    if (guest->previous != NULL) {
        guest->previous->next = guest->next;
    } else {
        door->guests = guest->next;
    }
    if (guest->next != NULL) {
        guest->next->previous = guest->previous;
    }
    unlock(door);
    free(guest);
}

void door_asked(struct door *door, struct guest *guest)
{
    lock(door);
    door->owed += !guest->is_owed;
    guest->is_owed = true;
    unlock(door);
}

void door_answered(struct door *door, struct guest *guest)
{
    lock(door);
    settle(door, guest);
    guest->waits_since_ms = inbox_monotonic_ms();
    unlock(door);
}

size_t door_patrol(struct door *door)
{
    const int64_t latest_ms = inbox_monotonic_ms() - door->head_ms;
    size_t shown_out = 0;
    lock(door);
    for (struct guest *guest = door->guests; guest != NULL; guest = guest->next) {
        if (!guest->is_owed && !guest->is_shown_out && guest->waits_since_ms <= latest_ms) {
            /* Closing is libmicrohttpd's: it reads the end of the connection, and the guest leaves. */
            (void)shutdown(guest->socket, SHUT_RDWR);
            guest->is_shown_out = true;
            shown_out++;
        }
    }
    unlock(door);
    return shown_out;
}

void door_wait_for_answers(struct door *door, int most_ms)
{
    const int64_t until_ms = inbox_monotonic_ms() + most_ms;
    const struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                                   .tv_nsec = (long)(until_ms % 1000) * 1000000};
    int result = 0;
    lock(door);
    while (door->owed > 0 && result != ETIMEDOUT) {
        result = pthread_cond_timedwait(&door->all_answered, &door->lock, &until);
        CHECK(result == 0 || result == ETIMEDOUT);
    }
    unlock(door);
}
