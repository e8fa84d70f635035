/* Tickets that somebody at a desk sent to a kiosk's printer. They travel down the kiosk's board, to the same spool as
 * its own, until it says what became of them; one that nobody has taken for two minutes has failed, for whoever asked
 * has found another way by then.
 *
 * Nothing of it is journalled: a server that restarts prints nothing late. The desk's thread owns it. */
#ifndef QUARTER_HTTP_PRINTS_H
#define QUARTER_HTTP_PRINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "http/desk.h"
#include "http/device_states.h"
#include "http/json_out.h"
#include "http/view_source.h"

enum {
    PRINTS_MAX = 64,         /* remembered, of all kiosks */
    PRINTS_EACH_MAX = 4,     /* that wait at one kiosk */
    PRINTS_WAIT_MS = 120000, /* of real time, as long as paper takes */
};

struct prints;

/* devices: told of each kiosk's newest print; may be NULL. */
struct prints *prints_create(struct device_states *devices);
void prints_destroy(struct prints *prints); /* NULL-safe */

/* DESK_PRINT (command.device, command.ticket_id, key) and DESK_PRINT_DONE (command.notice: the print's id,
 * command.device: whose it has to be, "": anybody's; printed). Sets the job's problem or its answer. */
void prints_perform(struct prints *prints, const struct view_source *source, struct desk_job *job);
/* true: some have waited too long, and are shown no more. */
bool prints_tidy(struct prints *prints, int64_t now_ms, int64_t monotonic_ms);
/* "prints":[...]: what that kiosk is to print now; device NULL: a display, which prints nothing. */
void prints_write(const struct prints *prints, struct json_out *out,
                  const struct view_source *source, const char *device);

#endif
