/* What a printer's state means for a ticket, from IPP's printer-state and printer-state-reasons
 * (RFC 8011, 5.4.11-12). Pure. */
#ifndef QUARTER_DEVICE_REASONS_H
#define QUARTER_DEVICE_REASONS_H

#include <stdbool.h>
#include <stddef.h>

#define PRINTER_LEVEL_LIST(X)                                                                      \
    X(UNKNOWN, "unknown") /* not asked yet */                                                      \
    X(READY, "ready")                                                                              \
    X(ATTENTION, "attention") /* prints, but wants care: paper is low */                           \
    X(STOPPED, "stopped")     /* answers, and cannot print */                                      \
    X(GONE, "gone")           /* does not answer */

enum printer_level {
#define X(name, code) PRINTER_##name,
    PRINTER_LEVEL_LIST(X)
#undef X
};

/* What a visitor may count on, as far as the printer can tell. */
#define PRINTER_PAPER_LIST(X)                                                                      \
    X(UNKNOWN, "unknown") /* nothing is said to be wrong, but it could not tell */                 \
    X(OK, "ok")                                                                                    \
    X(LOW, "low")                                                                                  \
    X(OUT, "out")                                                                                  \
    X(JAM, "jam")                                                                                  \
    X(OPEN, "open") /* cover or door */                                                            \
    X(GONE, "gone") /* away, or stopped by anything else: nothing will come out */

enum printer_paper {
#define X(name, code) PRINTER_PAPER_##name,
    PRINTER_PAPER_LIST(X)
#undef X
};

enum { PRINTER_REASONS_MAX = 8, PRINTER_REASON_BYTES = 48 };

struct printer_condition {
    enum printer_level level;
    enum printer_paper paper;
    size_t reason_count;
    /* IPP keywords without -report, -warning, -error; the one that stops most first */
    char reasons[PRINTER_REASONS_MAX][PRINTER_REASON_BYTES];
};

const char *printer_level_code(enum printer_level level);
const char *printer_paper_code(enum printer_paper paper);

/* From what the printer said: `stopped` is printer-state 5, reasons as they came
 * ("media-empty-report", "none"). Its paper is OK when it says nothing of it; see
 * printer_condition_doubt. */
struct printer_condition printer_condition_from(bool stopped, bool accepting, size_t count,
                                                const char *const *reasons);
/* Of a printer that has no sensors, or cannot tell what they say (a raw CUPS queue): saying nothing
 * of its paper means nothing. */
void printer_condition_doubt(struct printer_condition *condition);
struct printer_condition printer_condition_of(enum printer_level level, const char *reason);
bool printer_condition_equal(const struct printer_condition *one,
                             const struct printer_condition *other);

/* The reason a visitor and the staff should hear first, or "". */
const char *printer_condition_reason(const struct printer_condition *condition);

#endif
