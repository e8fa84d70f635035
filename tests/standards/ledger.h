/* What was measured against which clause: one row a gate, with the worst value seen, where, how often it was looked at
 * and how often it failed. Rows of several runs are kept as JSON in one folder and put together for the report. */
#ifndef QUARTER_STANDARDS_LEDGER_H
#define QUARTER_STANDARDS_LEDGER_H

#include <stdbool.h>

enum ledger_way {
    LEAST, /* measured must be at least the threshold */
    MOST,  /* ... at most */
    HOLDS, /* it is so or not: no figure */
};

/* name, clause, way, threshold, unit, what in words. The name is the gate's for good: tests are called by it. Those whose
 * name begins with "e2e-" are noted by tests/e2e (measures.mjs), all others by the parts. */
#define GATE_LIST(X)                                                                               \
    X(CAP_KIOSK, "5.1.4-kiosk", "EN 301 549 5.1.4", LEAST, 0.697, "degrees",                       \
      "Kiosk: height of a capital letter from 600 mm; 0.7 degrees are 7.3 mm")                     \
    X(CAP_CALLS, "5.1.4-calls", "EN 301 549 5.1.4", LEAST, 0.697, "degrees",                       \
      "Display: calls from the site's distance; 61 mm at 5 m")                                     \
    X(CAP_WAITS, "5.1.4-waits", "EN 301 549 5.1.4", LEAST, 0.697, "degrees",                       \
      "Display: waits, seen from 3 m of 5 m")                                                      \
    X(CAP_NOTICES, "5.1.4-notices", "EN 301 549 5.1.4", LEAST, 0.697, "degrees",                   \
      "Display: notices and all other words, seen from 2 m of 5 m")                                \
    X(TARGET, "2.5.5-target", "WCAG 2.5.5, Tiresias", LEAST, 20, "mm",                             \
      "Touch targets: the shorter side")                                                           \
    X(GAP, "2.5.5-gap", "WCAG 2.5.5, Tiresias", LEAST, 1, "mm", "Gap between touch targets")       \
    X(TEXT_CONTRAST, "1.4.3-text", "WCAG 1.4.3", LEAST, 4.5, ": 1",                                \
      "Contrast of text, sampled from the frame")                                                  \
    X(HIGH_CONTRAST, "1.4.6-text", "WCAG 1.4.6", LEAST, 7, ": 1",                                  \
      "Contrast of text in the high-contrast theme, sampled from the frame")                       \
    X(CONTROL_CONTRAST, "1.4.11-controls", "WCAG 1.4.11", LEAST, 3, ": 1",                         \
      "Contrast of controls and icons to what is round them, sampled from the frame")              \
    X(FOCUS_CONTRAST, "1.4.11-focus", "WCAG 1.4.11, 2.4.7", LEAST, 3, ": 1",                       \
      "Contrast of the focus ring, focused against not focused, on all four sides")                \
    X(REACH_HIGH, "8.3.2-high", "EN 301 549 8.3.2", MOST, 1200, "mm",                              \
      "Highest edge of a touch target above the floor")                                            \
    X(REACH_LOW, "8.3.2-low", "EN 301 549 8.3.2", LEAST, 380, "mm",                                \
      "Lowest edge of a touch target above the floor")                                             \
    X(LOW_REACH_HIGH, "8.3.2-low-reach-high", "EN 301 549 8.3.2", MOST, 1100, "mm",                \
      "Low reach: highest edge of a touch target")                                                 \
    X(LOW_REACH_LOW, "8.3.2-low-reach-low", "EN 301 549 8.3.2", LEAST, 800, "mm",                  \
      "Low reach: lowest edge of a touch target")                                                  \
    X(WHOLE, "whole", "WCAG 1.4.10; own rule: nothing is cut off", HOLDS, 0, "",                   \
      "Every text whole, in letters its fonts have, inside its element and the screen")            \
    X(APART, "apart", "WCAG 1.4.12; own rule: nothing overlaps", HOLDS, 0, "",                     \
      "No element lies over another, no ink over other ink or over an edge")                       \
    X(INK, "ink", "Own rule: dumps are true", HOLDS, 0, "",                                        \
      "Each pixel of the frame is what the dump says: ink where it claims some, none elsewhere")   \
    X(GROWS_SHARE, "1.4.4-text-grows", "WCAG 1.4.4", LEAST, 90, "%",                               \
      "Pages, in all languages, that show larger text when asked to (the others are full)")        \
    X(GROWS, "1.4.4-text-size", "WCAG 1.4.4", HOLDS, 0, "",                                        \
      "Larger text sizes make no text smaller than the smallest was")                              \
    X(WAY_OUT, "way-out", "GOV.UK, WCAG 2.1.2", HOLDS, 0, "",                                      \
      "From every page one touch leads away, and some touches back to the start")                  \
    X(ONE_FINGER, "5.9-one-finger", "EN 301 549 5.9, 5.5.1", HOLDS, 0, "",                         \
      "Every page is reached and every button works with single touches")                          \
    X(FOCUS_ORDER, "2.4.3-focus-order", "WCAG 2.4.3, 2.1.1", HOLDS, 0, "",                         \
      "The keypad reaches every button once, in reading order, the bar last")                      \
    X(ONE_THING, "govuk-one-thing", "GOV.UK content", HOLDS, 0, "",                                \
      "One question a page: one heading, unique ids")                                              \
    X(SENTENCE, "govuk-sentence", "GOV.UK content", MOST, 25, "words", "Longest English sentence") \
    X(PLAIN, "govuk-plain-words", "GOV.UK content", HOLDS, 0, "",                                  \
      "No system words, no codes, \"Continue\" and not \"Next\"")                                  \
    X(NOT_SURE, "govuk-not-sure", "GOV.UK content", HOLDS, 0, "",                                  \
      "\"I'm not sure\" is an answer wherever something is asked (in a full search: one page "     \
      "back)")                                                                                     \
    X(THREE_TOUCHES, "three-touches", "Own rule: three touches", MOST, 3, "touches",               \
      "From rest to a ticket for the five most used services")                                     \
    X(DOUBLE_IGNORED, "5.8-double-strike", "EN 301 549 5.8", HOLDS, 0, "",                         \
      "A second strike after 0.49 s is ignored, after 0.51 s it counts (touch and keypad)")        \
    X(KEY_REPEAT, "5.7-key-repeat", "EN 301 549 5.7", HOLDS, 0, "",                                \
      "A held key does nothing more")                                                              \
    X(TIME_GIVEN, "2.2.1-time-to-answer", "WCAG 2.2.1, EN 301 549 5.1.3", LEAST, 20, "s",          \
      "Time given to answer \"Are you still there?\"")                                             \
    X(TIME_EXTENDED, "2.2.1-extended", "WCAG 2.2.1", LEAST, 10, "times",                           \
      "How often a visitor may ask for more time, on every page")                                  \
    X(TIME_SENSES, "2.2.1-two-senses", "WCAG 2.2.1", HOLDS, 0, "",                                 \
      "By sight: the question is shown, wherever time runs out")                                   \
    X(TIME_SPOKEN, "2.2.1-time-spoken", "WCAG 2.2.1, EN 301 549 5.1.3", HOLDS, 0, "",              \
      "By ear: whoever listens hears the question, wherever time runs out, in each language")      \
    X(FLASHES, "2.3.1-flashes", "WCAG 2.3.1", MOST, 3, "a second",                                 \
      "Flashes of any part of a frame")                                                            \
    X(MOVES, "2.2.2-moves", "WCAG 2.2.2", MOST, 5, "s", "Longest movement that nobody asked for")  \
    X(CALL_STAYS, "deaf-call-stays", "Deaf visitors", HOLDS, 0, "",                                \
      "Every call is on the frame, or on its turn of the pages, as long as it is valid")           \
    X(RECALL, "deaf-recall", "Deaf visitors", HOLDS, 0, "",                                        \
      "A recall repeats sound and picture, and they name the same call")                           \
    X(FORGOTTEN, "gdpr-forgotten", "UK GDPR 5(1)(c),(e)", HOLDS, 0, "",                            \
      "Nothing a visitor typed or chose is left in the kiosk once it rests")                       \
    X(GDPR_PUBLIC, "gdpr-public", "UK GDPR 5(1)(c),(f)", HOLDS, 0, "",                             \
      "What was typed is told to who serves the visit and to no screen, stream or figure")         \
    X(GDPR_PLAIN, "gdpr-plain", "UK GDPR 5(1)(f)", HOLDS, 0, "",                                   \
      "What was typed can be read in no file of the server, journal and log included")             \
    X(GDPR_DAYS, "gdpr-days", "UK GDPR 5(1)(e)", MOST, 30, "days",                                 \
      "How long after the visit typed answers can be read by anybody (the schedule: 30 days)")     \
    X(GDPR_GONE, "gdpr-gone", "UK GDPR 5(1)(e)", HOLDS, 0, "",                                     \
      "After that they are gone, from a backup of the database too")                               \
    X(SPOKEN, "5.1.3-spoken", "EN 301 549 5.1.3.1, 5.1.6", HOLDS, 0, "",                           \
      "Every page is spoken: title, words, choices; every button when it is reached")              \
    X(SPOKEN_REPEAT, "5.1.3.4-repeat", "EN 301 549 5.1.3.4-5", HOLDS, 0, "",                       \
      "Speech is repeated on request, and what is said stops when a key leads elsewhere")          \
    X(SPOKEN_PRIVATE, "5.1.3.9-private", "EN 301 549 5.1.3.9", HOLDS, 0, "",                       \
      "What a visitor types is spoken into a headset only")                                        \
    X(SPOKEN_LANGUAGE, "5.1.3.14-language", "EN 301 549 5.1.3.14-16", HOLDS, 0, "",                \
      "Speech is in the screen's language; errors and the ticket are spoken")                      \
    X(TIME_HEARD, "e2e-2.2.1-time-heard", "WCAG 2.2.1", HOLDS, 0, "",                              \
      "By ear: a note sounds for everybody when time runs out, found in a kiosk's recording")      \
    X(VISIT_HEARD, "e2e-5.1.3-visit", "EN 301 549 5.1.3.1, 5.1.6", HOLDS, 0, "",                   \
      "A whole visit by keypad and ear, in each language; what is said is found in a recording")   \
    X(PRIVATE_HEARD, "e2e-5.1.3.9-headset", "EN 301 549 5.1.3.9", HOLDS, 0, "",                    \
      "Figures that are typed sound in the headset and not in the loudspeaker, by recording")      \
    X(CALLS_HEARD, "e2e-deaf-recall", "Deaf and blind visitors", HOLDS, 0, "",                     \
      "Each call and recall sounds, is said and is shown, and all three name the same call")       \
    X(WEB_AXE, "e2e-web-axe", "WCAG 2.2 A and AA", MOST, 0, "violations",                          \
      "Staff web pages: what axe-core finds on any state of them, light and dark, both ways")      \
    X(WEB_KEYBOARD, "e2e-web-keyboard", "WCAG 2.1.1", HOLDS, 0, "",                                \
      "Staff web pages: a day at a counter by keyboard alone")

enum gate {
#define X(name, code, clause, way, threshold, unit, what) GATE_##name,
    GATE_LIST(X)
#undef X
        GATES
};

struct gate_terms {
    const char *code, *clause;
    enum ledger_way way;
    double threshold;
    const char *unit, *what;
};
struct gate_terms gate_terms(enum gate gate);

struct ledger;
struct ledger *ledger_create(void);
void ledger_destroy(struct ledger *ledger);

/* Notes one measurement; `where` is printf-like and says which page and element. */
void ledger_measure(struct ledger *ledger, enum gate gate, double measured, const char *where, ...)
    __attribute__((format(printf, 4, 5)));
/* One look at a gate without a figure. */
void ledger_hold(struct ledger *ledger, enum gate gate, bool holds, const char *where, ...)
    __attribute__((format(printf, 4, 5)));
/* What all later `where`s begin with: the page and the way it is shown. */
void ledger_place(struct ledger *ledger, const char *place, ...)
    __attribute__((format(printf, 2, 3)));

long ledger_looks(const struct ledger *ledger, enum gate gate);
long ledger_failures(const struct ledger *ledger, enum gate gate);
double ledger_worst(const struct ledger *ledger, enum gate gate);
const char *ledger_where(const struct ledger *ledger, enum gate gate); /* of the worst; "" */
/* The failures that were kept, from 0; NULL: no more. */
const char *ledger_example(const struct ledger *ledger, enum gate gate, int index);
long ledger_all_failures(const struct ledger *ledger);
/* Rows with looks, worst value and the failures that were kept. */
void ledger_print(const struct ledger *ledger);

/* DIR/PART.json; false: could not be written or read. Reading adds to what is there. */
bool ledger_save(const struct ledger *ledger, const char *dir, const char *part);
bool ledger_load(struct ledger *ledger, const char *path);
/* DIR/report.md and DIR/report.html. */
bool ledger_report(const struct ledger *ledger, const char *dir);

#endif
