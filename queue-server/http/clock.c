/* Engine time. See clock.h. Nanoseconds inside, because 500 ppm of a millisecond is 500 ns. */
#include "http/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "quarter/check.h"

static const int64_t ns_per_ms = 1000000;
static const int64_t slew_divisor = 2000; /* 1/2000 = 500 ppm, what adjtime(3) allows itself */

struct clock {
    struct clock_ports ports;
    pthread_mutex_t lock;
    bool demo;
    int speed;
    int64_t build_ns;
    char boot_id[CLOCK_BOOT_ID_LEN + 1];
    /* under the lock */
    int64_t time_ns;      /* engine time at the last reading, before the floor */
    int64_t boottime_ns;  /* at the last reading */
    int64_t slew_rest_ns; /* elapsed time whose share of slew was too small to give out */
    int64_t floor_ns;
};

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    CHECK(clock_gettime(id, &now) == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t system_boottime(void *context)
{
    (void)context;
    return read_clock(CLOCK_BOOTTIME);
}

static int64_t system_utc(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static void read_boot_id(char boot_id[CLOCK_BOOT_ID_LEN + 1])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    boot_id[0] = '\0';
    if (file == NULL) {
        return;
    }
    if (fgets(boot_id, CLOCK_BOOT_ID_LEN + 1, file) == NULL) {
        boot_id[0] = '\0';
    }
    (void)fclose(file);
}

struct clock *clock_create(const struct clock_config *config)
{
    struct clock *clock = calloc(1, sizeof(*clock));
    CHECK(clock != NULL);
    clock->ports = config->ports;
    if (clock->ports.boottime_ns == NULL) {
        clock->ports = (struct clock_ports){system_boottime, system_utc, NULL};
    }
    CHECK(pthread_mutex_init(&clock->lock, NULL) == 0);
    clock->demo = config->start_ms != 0;
    clock->speed = clock->demo && config->speed > 0 ? config->speed : 1;
    clock->build_ns = config->build_ms * ns_per_ms;
    clock->boottime_ns = clock->ports.boottime_ns(clock->ports.context);
    clock->time_ns =
        clock->demo ? config->start_ms * ns_per_ms : clock->ports.utc_ns(clock->ports.context);
    read_boot_id(clock->boot_id);
    return clock;
}

void clock_destroy(struct clock *clock)
{
    if (clock == NULL) {
        return;
    }
    (void)pthread_mutex_destroy(&clock->lock);
    free(clock);
}

static bool is_plausible(const struct clock *clock)
{
    return clock->demo || (clock->time_ns >= clock->build_ns && clock->time_ns >= clock->floor_ns);
}

/* How far to lean towards the system's UTC for `elapsed` ns of real time. */
static int64_t slew(struct clock *clock, int64_t elapsed)
{
    const int64_t apart = clock->ports.utc_ns(clock->ports.context) - clock->time_ns;
    clock->slew_rest_ns += elapsed;
    int64_t most = clock->slew_rest_ns / slew_divisor;
    clock->slew_rest_ns %= slew_divisor;
    if (apart > most) {
        return most;
    }
    return apart < -most ? -most : apart;
}

static void advance(struct clock *clock)
{
    const int64_t boottime = clock->ports.boottime_ns(clock->ports.context);
    const int64_t elapsed = boottime - clock->boottime_ns;
    clock->boottime_ns = boottime;
    if (!is_plausible(clock)) {
        clock->time_ns = clock->ports.utc_ns(clock->ports.context);
        return;
    }
    clock->time_ns += elapsed * clock->speed;
    if (!clock->demo) {
        clock->time_ns += slew(clock, elapsed);
    }
}

int64_t clock_now_ms(struct clock *clock)
{
    CHECK(pthread_mutex_lock(&clock->lock) == 0);
    advance(clock);
    const int64_t now = clock->time_ns > clock->floor_ns ? clock->time_ns : clock->floor_ns;
    CHECK(pthread_mutex_unlock(&clock->lock) == 0);
    return now / ns_per_ms;
}

void clock_set_floor(struct clock *clock, int64_t at_ms)
{
    CHECK(pthread_mutex_lock(&clock->lock) == 0);
    clock->floor_ns = at_ms * ns_per_ms;
    if (clock->demo && clock->time_ns < clock->floor_ns) {
        clock->time_ns = clock->floor_ns;
    }
    CHECK(pthread_mutex_unlock(&clock->lock) == 0);
}

bool clock_is_plausible(struct clock *clock)
{
    CHECK(pthread_mutex_lock(&clock->lock) == 0);
    advance(clock);
    const bool plausible = is_plausible(clock);
    CHECK(pthread_mutex_unlock(&clock->lock) == 0);
    return plausible;
}

int clock_speed(const struct clock *clock)
{
    return clock->speed;
}

const char *clock_boot_id(const struct clock *clock)
{
    return clock->boot_id;
}
