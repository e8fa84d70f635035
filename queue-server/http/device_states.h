/* How kiosks and displays are, beside what they call for: who follows its board just now, and what each told of its
 * printer. Nothing of it is journalled: after a start everybody tells anew.
 *
 * A table behind a mutex; any thread. A code is known from its first stream or report on. */
#ifndef QUARTER_HTTP_DEVICE_STATES_H
#define QUARTER_HTTP_DEVICE_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/clock.h"
#include "people/people.h"
#include "quarter/limits.h"

enum {
    DEVICE_STATES_MAX = 256, /* a site has at most 64; the rest is for those that came and went */
    DEVICE_REASONS_MAX = 8,
};

/* As the printer's own process tells it: "stopped" prints nothing until somebody helps, "gone" does not answer. */
enum printer_state { PRINTER_READY, PRINTER_ATTENTION, PRINTER_STOPPED, PRINTER_GONE };

struct printer_report {
    enum printer_state state;
    int reason_count;
    char reasons[DEVICE_REASONS_MAX][QUARTER_CODE_MAX + 1]; /* codes, e.g. "media-low" */
};

/* A ticket that somebody at a desk sent to this kiosk's printer, the newest. */
enum print_state { PRINT_WAITING, PRINT_PRINTED, PRINT_FAILED };

struct print_report {
    char id[QUARTER_ULID_LEN + 1];
    char number[QUARTER_NUMBER_MAX + 1]; /* of the ticket */
    enum print_state state;
    int64_t since_ms;
};

struct device_state {
    char code[QUARTER_CODE_MAX + 1];
    enum device_kind kind;
    int connected;   /* streams of its board that are open */
    int64_t seen_ms; /* when it last came, went or told something; 0: never */
    bool has_printer, has_print;
    struct printer_report printer; /* with has_printer */
    struct print_report print;     /* with has_print */
};

struct device_states;

/* changed(context): something that is shown is another; called without the lock, on the thread that changed it. */
struct device_states *device_states_create(struct clock *clock, void (*changed)(void *context),
                                           void *context);
void device_states_destroy(struct device_states *states); /* NULL-safe */

/* A stream of its board was opened. Its place, for the end of that stream; -1: no more room, nothing is told of it. */
int device_states_join(struct device_states *states, enum device_kind kind, const char *code);
void device_states_leave(struct device_states *states, int place); /* -1: nothing */

/* report NULL: it has no printer. false: no more room. */
bool device_states_set_printer(struct device_states *states, enum device_kind kind,
                               const char *code, const struct printer_report *report);
/* report NULL: nothing is being printed for anybody. */
bool device_states_set_print(struct device_states *states, const char *kiosk,
                             const struct print_report *report);

/* false: never heard of; *state is then all 0 but for code and kind. */
bool device_states_get(struct device_states *states, enum device_kind kind, const char *code,
                       struct device_state *state);

const char *printer_state_code(enum printer_state state); /* "ready", "attention", ... */
bool printer_state_from_code(const char *code, enum printer_state *state);
const char *print_state_code(enum print_state state); /* "waiting", "printed", "failed" */

#endif
