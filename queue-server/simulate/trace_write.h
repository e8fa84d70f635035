/* Days as files that trace.h reads back, and the reference simulator too. */
#ifndef QUARTER_SIMULATE_TRACE_WRITE_H
#define QUARTER_SIMULATE_TRACE_WRITE_H

#include "simulate/trace.h"

/* Makes the folder where it is missing, and site.json in it. What site.json has no words for - needs, more than one
 * break, speeds - must not be in the site. IO: errno says why. */
enum status trace_write_site(const char *folder, const struct trace_site *site);
/* day_NNNN.csv, number counted from 1; replaces what is there. */
enum status trace_write_day(const char *folder, int number, const struct trace_site *site,
                            const struct trace_day *day);

#endif
