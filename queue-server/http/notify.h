/* Tells systemd how the service is (sd_notify(3)), by hand: one datagram. Without systemd all of it does nothing. */
#ifndef QUARTER_HTTP_NOTIFY_H
#define QUARTER_HTTP_NOTIFY_H

#include <stdint.h>

void notify_send(const char *state); /* "READY=1" */
/* How often WATCHDOG=1 is due, half of what the unit allows; 0: never. */
int64_t notify_watchdog_ms(void);

#endif
