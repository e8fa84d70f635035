/* Whether somebody holds a finger on one spot for long, as staff do on the clock to set a kiosk up. Pure. */
#ifndef QUARTER_KIOSK_HOLD_H
#define QUARTER_KIOSK_HOLD_H

#include <stdbool.h>
#include <stdint.h>

enum { HOLD_MS = 8000 };

/* All zero: nobody holds anything. */
struct hold {
    bool held;
    int64_t since_ms;
};

/* A finger came down, or moved: on the spot or beside it. Sliding off and back on starts anew. */
void hold_finger(struct hold *hold, bool down, bool on_spot, int64_t at_ms);
void hold_end(struct hold *hold);             /* lifted, or lost */
int64_t hold_due_ms(const struct hold *hold); /* INT64_MAX: nobody holds */
/* True once: it was held for long enough. */
bool hold_take(struct hold *hold, int64_t now_ms);

#endif
