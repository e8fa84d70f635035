/* A barcode scanner types what it read like a keyboard of the US, in one burst that Enter ends. Pure.
 *
 * Rubbish is told once a burst and dropped whole: half a code that happens to be some other code is
 * worse than none. */
#ifndef QUARTER_KIOSK_SCANNER_H
#define QUARTER_KIOSK_SCANNER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SCANNER_TEXT_MAX = 64,
    SCANNER_GAP_MS = 100, /* between two keys of a burst; longer is somebody typing, or a fault */
    SCANNER_SILENCE_MS = 200, /* whatever comes later is another burst */
};

enum scanner_result { SCANNER_NOTHING, SCANNER_TEXT, SCANNER_UNREADABLE };

struct scanner {
    enum { SCANNER_IDLE, SCANNER_READING, SCANNER_SPOILED } state;
    char text[SCANNER_TEXT_MAX + 1];
    int length;
    unsigned held;   /* modifiers, a bit each */
    int64_t last_ms; /* of the burst's last key */
};

/* All zero: idle. One EV_KEY event; SCANNER_TEXT: text is printable ASCII, not empty, until the next
 * call. */
enum scanner_result scanner_feed(struct scanner *scanner, uint16_t code, int32_t value,
                                 int64_t at_ms);
/* Time has passed: a burst that broke off is over. */
enum scanner_result scanner_tick(struct scanner *scanner, int64_t now_ms);
int64_t scanner_due_ms(const struct scanner *scanner); /* INT64_MAX: nothing to wait for */
/* The kernel dropped events: what is being read has holes. */
enum scanner_result scanner_lose(struct scanner *scanner);

#endif
