/* What a slip says: gathered from the journey, the site and the words. */
#ifndef QUARTER_KIOSK_SLIP_H
#define QUARTER_KIOSK_SLIP_H

#include "client/clock.h"
#include "client/site_info.h"
#include "client/wire.h"
#include "display/screen/catalogue.h"
#include "journey/journey.h"
#include "paper.h"

struct slip_source {
    const struct journey *journey; /* NULL for a test page */
    const struct site_info *site;
    const struct catalogue *words;
    int language; /* of the site */
    struct client_local_time at;
};

/* The journey's ticket and service; its `copy`. */
enum status slip_print(struct paper *paper, const struct slip_source *source);
/* A ticket of the site for somebody elsewhere (paper_print_aside), as the slip of this name, in source's language; its journey is
 * not looked at. */
enum status slip_print_aside(struct paper *paper, const struct slip_source *source,
                             const char *name, const struct ticket_receipt *ticket);
/* The journey's signpost as its `slip`, `copy`. */
enum status slip_print_signpost(struct paper *paper, const struct slip_source *source);
/* A line in each of the site's languages, and what shows whether the head is whole. The slip's name
 * goes to `id`: its job's news has it. */
enum status slip_print_test(struct paper *paper, const struct slip_source *source,
                            char id[QUARTER_ULID_LEN + 1]);

#endif
