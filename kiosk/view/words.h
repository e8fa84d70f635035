/* Phrases with values in them, in the language of a catalogue. Each fills out (cut to size) and returns it. */
#ifndef QUARTER_KIOSK_WORDS_H
#define QUARTER_KIOSK_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "client/clock.h"
#include "client/site_info.h"
#include "display/screen/catalogue.h"

enum { WORDS_BYTES = 1200 };

/* "interpreter" -> "Interpreter"; NULL: a need this kiosk has no words for. */
const char *words_need(const struct catalogue *words, const char *code);
/* 0 Sunday ... 6 Saturday. */
const char *words_weekday(const struct catalogue *words, int weekday);
/* "We call you in about 10 to 15 minutes." */
char *words_call_in(const struct catalogue *words, int low_min, int high_min, char *out,
                    size_t size);
/* "4 people before you" */
char *words_people(const struct catalogue *words, int people, char *out, size_t size);
/* "Please sit in the blue area." with the area emphasised. */
char *words_where(const struct catalogue *words, const char *area, char *out, size_t size);
/* "We open again on Monday at 09:00." clock and next_open_ms as of the board; "" when not known. */
char *words_next_open(const struct catalogue *words, const struct client_clock *clock,
                      int64_t now_ms, int64_t next_open_ms, char *out, size_t size);
/* "09:00 to 17:00" */
char *words_hours(const struct catalogue *words, const struct site_hours *hours, char *out,
                  size_t size);
/* One pattern with one value: {name} -> value. */
char *words_one(const struct catalogue *words, const char *pattern, const char *name,
                const char *value, char *out, size_t size);
/* Items joined for the eye: "a  •  b  •  c". */
char *words_list(const char *const *items, int count, char *out, size_t size);
/* "Tuesday 24 November, 10:43", for the slip. */
char *words_moment(const struct catalogue *words, const struct client_local_time *at, char *out,
                   size_t size);

/* "More (2 of 3)": a pattern with {sheet} and {sheets}. */
char *words_of_sheets(const struct catalogue *words, const char *pattern, int sheet, int sheets,
                      char out[WORDS_BYTES]);

/* What the shortest wait means, which is never left out; else what follows from any: it may change. */
const char *words_of_change(const struct catalogue *words, int low_min, int high_min);

#endif
