/* Small sites, each made from its number: other zones and hours (through midnight and over the days when clocks
 * change), numbers that run out, needs, languages, counters and policies, so that a run that changes its site meets what
 * a real one would. They are true site files, read by the server's own reader. */
#ifndef QUARTER_TESTS_SIM_SITES_H
#define QUARTER_TESTS_SIM_SITES_H

#include "site/site.h"

enum { SIM_SITES = 64 };

struct sim_sites {
    struct site *loaded[SIM_SITES]; /* NULL: not needed yet */
};

const struct site *sim_sites_get(struct sim_sites *sites, int number);
void sim_sites_free(struct sim_sites *sites);

#endif
