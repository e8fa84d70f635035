/* CUPS's own IPP printer (tests/e2e/ippeveprinter.sh) and the ticket-printer program in front of it, for tests of the
 * whole. What the printer does with its jobs is a test's to say. */
#ifndef QUARTER_TESTS_PRINTER_BED_H
#define QUARTER_TESTS_PRINTER_BED_H

#include <stddef.h>
#include <sys/types.h>

/* A printer's script for a job that lasts until printer_bed_release(), or half a minute. */
#define PRINTER_BED_WAIT                                                                           \
    "n=0; while [ ! -e \"$QUARTER_PRINTER_DIR/go-on\" ] && [ $n -lt 300 ]; do sleep 0.1; "         \
    "n=$((n + 1)); done"

struct printer_bed {
    const char *format; /* what the printer takes: pwg, escpos */
    char folder[64], printer[96], socket[96], spool[96], uri[128];
};

/* The printer is started; the program is not. */
void printer_bed_open(struct printer_bed *bed, const char *format);
void printer_bed_close(struct printer_bed *bed);

/* The ticket-printer, with data as "auto", "pwg" or "escpos". */
pid_t printer_bed_program(const char *uri, const char *socket, const char *spool,
                          const char *format);
/* Its status as waitpid() tells it. */
int printer_bed_end_program(pid_t program, int signal);

void printer_bed_paper(const struct printer_bed *bed, const char *how); /* full, low, empty */
void printer_bed_stop(const struct printer_bed *bed);
void printer_bed_restart(const struct printer_bed *bed); /* where it was before */
void printer_bed_signal(const struct printer_bed *bed, int signal);

/* What the printer does with each job, as a shell script; NULL: it prints it at once. */
void printer_bed_on_job(const struct printer_bed *bed, const char *script);
/* Each job sets this state and lasts until it is released. */
void printer_bed_on_job_state(const struct printer_bed *bed, const char *reason);
void printer_bed_release(const struct printer_bed *bed);
void printer_bed_hold(const struct printer_bed *bed); /* the next jobs, after a release */

/* How many files the printer has kept whose names end so; last: the path of one of them, or NULL. */
int printer_bed_count(const struct printer_bed *bed, const char *ending, char *last, size_t size);

#endif
