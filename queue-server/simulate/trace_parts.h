/* What the readers of a trace folder share. Only trace_*.c use this. */
#ifndef QUARTER_SIMULATE_TRACE_PARTS_H
#define QUARTER_SIMULATE_TRACE_PARTS_H

#include "simulate/trace.h"

/* line 0: the file as a whole. */
void trace_fault(struct trace_faults *faults, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A whole file as text with a NUL behind it, without a byte order mark; NULL after a fault. */
char *trace_read_file(const char *path, size_t *length, struct trace_faults *faults);

/* site.json. What it could not read it leaves out, after a fault. */
void trace_read_site(const char *path, struct trace_site *site, struct trace_faults *faults);

int trace_find_service(const struct trace_site *site, const char *code);  /* -1: none */
int trace_find_language(const struct trace_site *site, const char *code); /* likewise */
/* -1: no more fit, or it is no code. */
int trace_add_language(struct trace_site *site, const char *code);
/* [A-Za-z0-9_-], 1 to QUARTER_CODE_MAX of them. */
bool trace_is_code(const char *text);

/* One day_*.csv. */
void trace_read_day(const char *path, const struct trace_site *site, struct trace_day *day,
                    struct trace_faults *faults);

#endif
