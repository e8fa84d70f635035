/* The print service: the kiosk's requests in, the printer's news out. One thread owns the sockets,
 * the spool and all decisions; the printer is reached only through the device's worker, so a wedged
 * printer never holds this loop.
 *
 * One JSON document a line. To the service:
 *   {"print":{"kind":"ticket","ticket","copy","language","direction":"ltr|rtl","centre","number",
 *             "service","printed_at_local","where"|null,"have_ready":[],"ahead":n|null,
 *             "wait":null|{"low_min","high_min"},"url"|null}}      "kind" may be left out
 *   {"print":{"kind":"signpost","ticket","copy","language","direction","centre",
 *             "printed_at_local","title","text","url"|null}}
 *   {"print":{"kind":"test","ticket","copy","language","direction","centre","printed_at_local",
 *             "languages":["en", ...]}}
 *       "ticket" is a ULID: the ticket's, or of the slip's own
 *   {"cancel":{"ticket","copy"}}
 * From it:
 *   {"printer":{"state":"ready|attention|stopped|gone","reasons":["media-empty"],
 *               "paper":"ok|low|out|jam|open|gone|unknown"}}
 *       once known: on joining, on each change, and every SERVICE_BEAT_MS, so that silence tells
 *       that this service is wedged
 *   {"job":{"ticket","copy","state":"queued|printing|printed|failed|unknown","reason":null|"..."}}
 *       to all, on each change; and to who asked
 *   {"error":{"code","detail"[,"ticket","copy"]}}
 *       malformed-json, line-too-long (closes), unknown-message, invalid-field, not-found,
 *       not-stored
 *
 * A print request that is refused is answered as a job too, failed with "not-valid" or
 * "spool-area-full": whoever asked waits for a state.
 *
 * The same ticket and copy asked for again is answered with its stored state and never printed
 * again; a further paper needs a further copy number. While the printer cannot print, jobs stay
 * queued, each with the reason, until it can, the kiosk cancels, or nobody can be waiting for them
 * any more (SERVICE_EXPIRY_MS). */
#ifndef QUARTER_PRINTER_SERVICE_H
#define QUARTER_PRINTER_SERVICE_H

#include "printer/device/ability.h"
#include "printer/page.h"
#include "printer/request.h"
#include "quarter/status.h"

enum {
    SERVICE_BEAT_MS = 1500,
    SERVICE_EXPIRY_MS = 30 * 60 * 1000, /* a ticket that comes out later finds nobody */
    SERVICE_DRAIN_MS = 3 * 1000,        /* on the way out, so long for a print under way */
};

struct service_config {
    const char *socket_path;
    const char *spool_folder;
    const char *printer_uri;
    struct print_wish wish;
    /* of the device; 0: its choice */
    int watch_ms, request_ms, data_ms;
    int stop_fd; /* the service ends when this becomes readable */
    /* Draws a ticket; see printer/layout. */
    enum status (*draw)(void *context, const struct print_request *request, int width_px, int dpi,
                        struct page **page);
    void *draw_context;
};

/* Runs until stop_fd is readable: OK. Anything else: it could not start (logged). */
enum status service_run(const struct service_config *config);

#endif
