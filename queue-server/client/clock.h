/* The server's time on a machine whose own clock may be wrong: what the server last said, carried
 * on by the monotonic clock. Plain values, no threads, no allocation. */
#ifndef QUARTER_CLIENT_CLOCK_H
#define QUARTER_CLIENT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct client_clock {
    int64_t server_ms;    /* UTC, ms since 1970, as the server said it ... */
    int64_t heard_at_ms;  /* ... at this client_monotonic_ms(); 0: never heard */
    int32_t utc_offset_s; /* the site's local time minus UTC */
};

struct client_local_time {
    int year, month, day; /* 2026, 1-12, 1-31 */
    int weekday;          /* 0 Sunday ... 6 Saturday */
    int hour, minute;
};

enum { CLIENT_HHMM_BYTES = 6 };

/* CLOCK_MONOTONIC in ms; never 0. */
int64_t client_monotonic_ms(void);

bool client_clock_is_set(const struct client_clock *clock);
/* Server time (UTC, ms) at the monotonic instant now_ms. */
int64_t client_clock_utc_ms(const struct client_clock *clock, int64_t now_ms);
/* The same instant on the centre's wall. */
struct client_local_time client_clock_local(const struct client_clock *clock, int64_t now_ms);
/* Any UTC instant on the centre's wall. The offset is today's: off by an hour across a change of
 * DST. */
struct client_local_time client_clock_localise(const struct client_clock *clock, int64_t utc_ms);
/* "10:42"; "" when the clock was never set. */
void client_clock_hhmm(const struct client_clock *clock, int64_t now_ms,
                       char out[static CLIENT_HHMM_BYTES]);

#endif
