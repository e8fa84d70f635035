/* The IPP requests of a ticket printer (RFC 8011), over libcups. Each opens its own connection and
 * ends by the guard's deadline or soon after its stop flag is set; all of them block, so only the
 * device's worker thread calls them. */
#ifndef QUARTER_DEVICE_IPP_H
#define QUARTER_DEVICE_IPP_H

#include "printer/device/ability.h"
#include "quarter/status.h"

#include <stdatomic.h>
#include <stdint.h>

struct ipp_target {
    char uri[512];
    char host[256];
    char resource[256];
    int port;
    bool tls;
};

struct ipp_guard {
    const atomic_bool *stop;
    int64_t deadline_ms; /* of ipp_now_ms */
    /* Called each time the printer has neither taken nor said anything for IPP_STALL_MS; may ask it something else
     * meanwhile, on a connection of its own. NULL: nobody wants to know. */
    void (*stalled)(void *context);
    void *context;
};

enum { IPP_STALL_MS = 1500 };

/* INVALID: not ipp:// or ipps:// with a host. */
enum status ipp_target_parse(const char *uri, struct ipp_target *target);

int64_t ipp_now_ms(void); /* monotonic */

/* Outcomes of all of them: OK; UNAVAILABLE: could not be reached, or said nothing, before anything
 * was asked of it; TIMEOUT: the request left, its answer did not come; BUSY: asks to try later;
 * NOT_FOUND: no such job; DENIED: refused, `why` (PRINTER_REASON_BYTES) is its IPP status. */
enum status ipp_ask_printer(const struct ipp_target *target, const struct ipp_guard *guard,
                            const struct print_wish *wish, struct printer_condition *condition,
                            struct printer_ability *ability /* NULL: not asked for */);

struct ipp_job {
    const char *name;
    enum print_format format; /* PWG or ESCPOS */
    int paper_width_mm;
    int page_height_px;
    const char *data;
    size_t size;
};

enum status ipp_create_job(const struct ipp_target *target, const struct ipp_guard *guard,
                           const struct printer_ability *ability, const struct ipp_job *job,
                           int *job_id, char *why);
enum status ipp_send_document(const struct ipp_target *target, const struct ipp_guard *guard,
                              int job_id, const struct ipp_job *job, char *why);
enum status ipp_print_job(const struct ipp_target *target, const struct ipp_guard *guard,
                          const struct printer_ability *ability, const struct ipp_job *job,
                          int *job_id, char *why);
enum status ipp_ask_job(const struct ipp_target *target, const struct ipp_guard *guard, int job_id,
                        struct job_report *report);
/* Our user's unfinished jobs, at most ABILITY_JOBS_MAX. */
enum status ipp_list_jobs(const struct ipp_target *target, const struct ipp_guard *guard,
                          struct listed_job *jobs, size_t *count);
enum status ipp_cancel_job(const struct ipp_target *target, const struct ipp_guard *guard,
                           int job_id);

#endif
