/* A site: what one centre is and offers, read from DIR/site.yaml (codes and settings) and
 * DIR/text.LANG.yaml (its words, one file a language). Loading checks everything and reports every
 * error of every file at once, each with file, line and column, so that whoever edits a site mends
 * it in one go.
 *
 * A loaded site never changes: any number of threads may read one. Whoever loads it destroys it,
 * after its last reader. All instants are UTC milliseconds since 1970; days are "YYYY-MM-DD" in the
 * site's zone. */
#ifndef QUARTER_SITE_SITE_H
#define QUARTER_SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/rules.h"
#include "quarter/status.h"

struct site;

/* What was found wrong, sorted by file, line and column. Errors keep a site from loading; warnings
 * (missing words) do not. At most a few hundred messages are kept, and errors rather than warnings;
 * the counts count them all. */
struct site_report;

struct site_report *site_report_create(void);
void site_report_destroy(struct site_report *report);
int site_report_errors(const struct site_report *report);
int site_report_warnings(const struct site_report *report);
/* "FILE:LINE:COLUMN: what is wrong; a suggestion" (a warning says "warning: " first). NULL past the
 * last. */
const char *site_report_line(const struct site_report *report, size_t index);
void site_report_print(const struct site_report *report, FILE *out); /* all lines */

/* INVALID: the report says why (unreadable files too). The report must be a fresh one. */
enum status site_load(const char *dir, struct site **site, struct site_report *report);
/* Loads what site_text() gave, as site_load() does files. */
enum status site_load_text(const char *text, size_t length, struct site **site,
                           struct site_report *report);
void site_destroy(struct site *site);
/* The rules of a site that was in force once: of what site_text() gave then, with this hash. It was checked when it was
 * applied, by the program of that time, so only its site.yaml is read, and held to no check that may have come since:
 * a journal must be readable for ever. INVALID: it is damaged, and the report says where. */
enum status site_rules_of_text(const char *text, size_t length, const char *hash,
                               struct rules *rules, struct site_report *report);
/* Likewise, with the name of its time zone ("" when it had none that could be read): free(). */
enum status site_past_of_text(const char *text, size_t length, const char *hash,
                              struct rules *rules, char **zone, struct site_report *report);

/* `queue-server check-site DIR`: prints every message and a closing line ("12 counters, 14
 * services, 9 languages: 0 errors, 0 warnings"). Returns the exit code: 0, or 78 (EX_CONFIG) when
 * the site would not load. */
int site_check_command(const char *dir, FILE *out);

/* All borrowed from the site. */
const char *site_code(const struct site *site); /* the site id of exports */
const char *site_zone(const struct site *site); /* "Europe/London" */
double site_standard_share(
    const struct site *site); /* of visitors to be called within the standard, 0.9 say */
const struct rules *site_rules(const struct site *site);
/* The document of GET /api/site, every text in every language. */
const char *site_json(const struct site *site);
/* SHA-256 of site_text(), in hex; also in the rules and the document. */
const char *site_hash(const struct site *site);
/* The whole site as one text for the journal: a line "quarter-site 1", then for each file a line
 * "file NAME BYTES", its bytes as they are, and a line break. site.yaml comes first, then the text
 * files in the languages' order. */
const char *site_text(const struct site *site);

bool site_has_kiosk(const struct site *site, const char *code);
bool site_has_display(const struct site *site, const char *code);
/* In the file's order, from 0; NULL past the last. */
const char *site_kiosk(const struct site *site, int index);
const char *site_display(const struct site *site, int index);

/* Time at the site. */
int32_t site_utc_offset_s(const struct site *site, int64_t utc_ms); /* local time minus UTC */
void site_local_day(const struct site *site, int64_t utc_ms, char day[QUARTER_DAY_LEN + 1]);
/* "2026-11-24T10:40" or "2026-11-24T10:40:30", local. A time that the clocks skip is taken as later
 * by what they skip; of a time that comes twice the first is meant. INVALID: not such a time. */
enum status site_local_to_utc(const struct site *site, const char *local, int64_t *utc_ms);

/* What a day of the calendar is like. On a closed day only ends_ms is set. */
struct site_day {
    bool open;
    int64_t opens_ms;
    int64_t doors_ms;  /* the last tickets are given out before this instant */
    int64_t closes_ms; /* who has a ticket is served until here, and after */
    int64_t ends_ms;   /* what still waits then is closed as left */
};
/* INVALID: no such day. */
enum status site_day(const struct site *site, const char *day, struct site_day *result);

/* When a counter is staffed on a day, by the site file: the hours it is given there, within the centre's own of that
 * day. A promise of the file, not of the staff: whoever works then opens the counter, and may at any other time. */
enum { SITE_BREAKS_MAX = 4 }; /* of a counter in a day */

struct site_break {
    int64_t from_ms, to_ms; /* to_ms is the first instant after it */
};

struct site_roster {
    bool on_duty; /* false: nothing below is set */
    int64_t from_ms, to_ms;
    int break_count;
    struct site_break breaks
        [SITE_BREAKS_MAX]; /* in order of time, apart from each other, within from_ms to to_ms */
};
/* counter: its index in site_rules(). INVALID: no such day. */
enum status site_roster(const struct site *site, const char *day, int counter,
                        struct site_roster *roster);

bool site_is_open(const struct site *site, int64_t utc_ms);    /* between opening and closing */
bool site_doors_open(const struct site *site, int64_t utc_ms); /* tickets are given out */
/* The first opening after this instant. NOT_FOUND: none within 400 days. */
enum status site_next_opening(const struct site *site, int64_t utc_ms, int64_t *opening_ms);

#endif
