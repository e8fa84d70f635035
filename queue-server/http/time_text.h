/* Instants as RFC 3339 in UTC with milliseconds: "2026-11-24T10:42:07.123Z". */
#ifndef QUARTER_HTTP_TIME_TEXT_H
#define QUARTER_HTTP_TIME_TEXT_H

#include <stdbool.h>
#include <stdint.h>

enum { TIME_TEXT_LEN = 24 };

/* For the years 1970 to 9999. */
void time_text_write(int64_t utc_ms, char text[static TIME_TEXT_LEN + 1]);
/* The fraction may be missing, or have one to nine digits; the zone must be "Z". false: not such an instant. */
bool time_text_read(const char *text, int64_t *utc_ms);

#endif
