/* The printer. libcups blocks, so all of it runs on one worker thread of this module; the program's
 * loop posts a job, a cancellation, and polls messages. Every request has a deadline (10 s; 60 s
 * for a page's data). The printer's state is asked for every 1.5 s, and beside a request in which
 * it has not moved for so long: what happens to it, or that it has gone, is known within 5 s, in
 * the middle of a job too.
 *
 * A job of ours that a crash or a lost connection has left there without its document is cancelled,
 * as soon as that can be seen: it would keep all others from being printed (see sweep.h).
 *
 * One job at a time: after device_print, its messages end with one that is `over`; only then may
 * the next be given. */
#ifndef QUARTER_DEVICE_DEVICE_H
#define QUARTER_DEVICE_DEVICE_H

#include "printer/device/ability.h"
#include "printer/device/reasons.h"
#include "printer/page.h"
#include "quarter/status.h"

#include <stdbool.h>

enum { DEVICE_NAME_BYTES = 64 };

struct device_job_name {
    char text[DEVICE_NAME_BYTES];
};

struct device_config {
    const char *uri; /* ipp://HOST[:PORT]/RESOURCE or ipps:// */
    struct print_wish wish;
    int watch_ms;   /* between looks at the printer; 0: 1500 */
    int request_ms; /* the longest a request may take; 0: 10 s */
    int data_ms;    /* ... one that brings a page; 0: 60 s */
    /* Jobs that an earlier run may have left at the printer without a document: they are cancelled
     * there. Copied; the last SWEEP_NAMES_MAX count. */
    const struct device_job_name *earlier;
    size_t earlier_count;
    /* Called on the worker thread when there is something to poll. */
    void (*wake)(void *context);
    void *context;
};

enum device_outcome {
    DEVICE_UNDER_WAY, /* reason: what holds it up, or "" */
    DEVICE_NOT_TAKEN, /* over: the printer surely has nothing of it (unreachable, busy); try again
                         later */
    DEVICE_PRINTED,
    DEVICE_FAILED,  /* over: refused, aborted or cancelled */
    DEVICE_UNKNOWN, /* over: may be on paper or not */
};

struct device_message {
    enum { DEVICE_CONDITION, DEVICE_JOB } kind;
    struct printer_condition condition;
    int width_px, dpi; /* with a condition: the page to draw; 0 until the printer has been asked */
    char name[DEVICE_NAME_BYTES];
    enum device_outcome outcome;
    char reason[PRINTER_REASON_BYTES];
};

struct print_device;

/* INVALID: not an IPP URI. */
enum status device_create(const struct device_config *config, struct print_device **device);
/* Waits for the worker, at most 5 s. A job under way is left to the printer. */
void device_destroy(struct print_device *device);

/* Takes the page when OK. `name` becomes the printer's job name: never a visitor's data. BUSY: a
 * job is under way. */
enum status device_print(struct print_device *device, struct page *page_take, const char *name);
/* Asks the printer to give up the job under way, if it has that name; the outcome comes as its
 * message. */
void device_cancel(struct print_device *device, const char *name);
/* The next message; false: none. */
bool device_poll(struct print_device *device, struct device_message *message);

#endif
