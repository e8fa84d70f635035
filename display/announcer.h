/* The display's voice: the sound device, the chime and the speech, with the site's words in all its languages. Main
 * thread. NULL is a display without sound: nothing is heard, nothing fails. */
#ifndef QUARTER_DISPLAY_ANNOUNCER_H
#define QUARTER_DISPLAY_ANNOUNCER_H

#include <stdbool.h>
#include <stdint.h>

#include "client/site_info.h"
#include "client/wire.h"
#include "display/board/board.h"
#include "quarter/status.h"

/* How long the next call waits at most. A call takes about 7 s to chime and to be said in two languages, and is only cut
 * off when speech and sound, which end what hangs (see speech.h), have not done so; many delays may take longer than a call
 * may wait. */
enum { ANNOUNCER_CALL_MS = 30000, ANNOUNCER_DELAYS_MS = 15000 };

struct announcer;

struct announcer_options {
    const char *assets;          /* for the words */
    const char *speech;          /* a command; "off": chimes only; NULL: the usual one */
    const char *phrases;         /* recorded ones, or NULL */
    const char *log;             /* of what was said, or NULL */
    void (*done)(void *context); /* from another thread: it has just fallen silent */
    void *context;
};

/* STATUS_UNAVAILABLE: no sound device. STATUS_INVALID: options that cannot be. Both are said in the log. */
enum status announcer_create(const struct announcer_options *options, struct announcer **announcer);
void announcer_destroy(struct announcer *announcer);

/* site is borrowed until the next one. */
void announcer_take_site(struct announcer *announcer, const struct site_info *site);
/* Chimes and says it; what is still being said is cut off (the caller waits while announcer_is_busy). */
void announcer_call(struct announcer *announcer, const struct board_call *call, int64_t now_ms);
/* The note, and every delay that is fresh. */
void announcer_delays(struct announcer *announcer, const struct board_picture *picture,
                      int64_t now_ms);
/* Something is being said, and not for too long: no other call should come on top meanwhile. */
bool announcer_is_busy(const struct announcer *announcer, int64_t now_ms);

#endif
