/* What a visit's slip says: gathered from the journey, the site and the words. */
#ifndef QUARTER_KIOSK_SLIP_H
#define QUARTER_KIOSK_SLIP_H

#include "client/clock.h"
#include "client/site_info.h"
#include "display/screen/catalogue.h"
#include "journey/journey.h"
#include "paper.h"

struct slip_source {
    const struct journey *journey; /* done: its ticket and service */
    const struct site_info *site;
    const struct catalogue *words;
    int language; /* of the site */
    struct client_local_time at;
};

enum status slip_print(struct paper *paper, const struct slip_source *source);

#endif
