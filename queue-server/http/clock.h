/* Engine time: UTC as it was at the start plus CLOCK_BOOTTIME (which counts through suspend), slewed towards the
 * system's UTC by at most 500 ppm and never stepped, so that waits stay true while NTP, DST or an operator
 * moves the wall clock. Any thread may read one.
 *
 * A clock is implausible while it stands before the program's build date or before the journal's last event:
 * a box without a battery wakes up in 1970. No day is opened then. As long as it is implausible it follows the
 * system's clock directly, since nothing can have been journalled by it.
 *
 * Demo and training: with start_ms set, time starts there (or at the journal's last event, if later), runs
 * `speed` times as fast, is always plausible, and ignores the system's UTC. */
#ifndef QUARTER_HTTP_CLOCK_H
#define QUARTER_HTTP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock_ports {
    int64_t (*boottime_ns)(void *context);
    int64_t (*utc_ns)(void *context);
    void *context;
};

struct clock_config {
    struct clock_ports ports; /* boottime_ns NULL: the system's */
    int64_t start_ms;         /* 0: the system's UTC */
    int speed;                /* 0: 1; only with start_ms */
    int64_t build_ms;         /* the build's date */
};

enum { CLOCK_BOOT_ID_LEN = 36 };

struct clock;

struct clock *clock_create(const struct clock_config *config);
void clock_destroy(struct clock *clock);

/* UTC in ms; never runs backwards, and never before the floor. */
int64_t clock_now_ms(struct clock *clock);
/* The journal's last `at`: set once, after it was read. */
void clock_set_floor(struct clock *clock, int64_t at_ms);
bool clock_is_plausible(struct clock *clock);
int clock_speed(const struct clock *clock);
const char *clock_boot_id(const struct clock *clock); /* the kernel's; "" where it has none */

#endif
