/* Collects what is wrong with a site's files. One thread at a time. See site.h for the public part. */
#ifndef QUARTER_SITE_REPORT_H
#define QUARTER_SITE_REPORT_H

#include "site/site.h"

/* Where something was written: counted from 1, columns in characters. line 0: not written at all. */
struct mark {
    int line, column;
};

/* Names a file for the messages that follow with the number it returns; the order of names is the
 * order in which the report lists files. */
int report_add_file(struct site_report *report, const char *name);

void report_error(struct site_report *report, int file, struct mark at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void report_warning(struct site_report *report, int file, struct mark at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The name that was most likely meant by `wrong`, or NULL when none is near. Feed the known ones
 * one by one. */
struct suggestion {
    const char *wrong;
    const char *best;
    int distance; /* of best, in edits; a swap of neighbours is one */
    bool of_few;  /* one of some few words must be meant: half of the word may be wrong */
};
struct suggestion suggestion_start(const char *wrong);
void suggestion_offer(struct suggestion *suggestion, const char *known);
/* "; did you mean 'housing'?" or "" in a buffer the caller gives. Returns the buffer. */
enum { SUGGESTION_BYTES = 96 };
const char *suggestion_words(const struct suggestion *suggestion, char buffer[SUGGESTION_BYTES]);

#endif
