/* What can be measured on its own: each part fills a ledger. False: it could not be done at all (why is on stderr). */
#ifndef QUARTER_STANDARDS_PARTS_H
#define QUARTER_STANDARDS_PARTS_H

#include "fault.h"
#include "ledger.h"

struct options {
    bool all;          /* every page in every way, not only all pairs */
    int every;         /* of all: only one in so many, spread out; 0: each */
    int shard, shards; /* of the pictures: which share of how many, from 1; 0: all of them */
    const char *out, *argument, *file, *site;
    enum fault fault;
    int width_mm, bottom_mm; /* of a screen that does not say; 0: not given */
};

bool part_kiosk(const struct options *options, struct ledger *ledger); /* the example site */
bool part_pages(const struct options *options, struct ledger *ledger); /* lists what is found */
bool part_sizes(const struct options *options, struct ledger *ledger); /* text sizes alone */
bool part_crowded(const struct options *options,
                  struct ledger *ledger); /* forty services, long names */
bool part_display(const struct options *options, struct ledger *ledger);
bool part_scripts(const struct options *options, struct ledger *ledger); /* time, strikes, memory */
bool part_speech(const struct options *options, struct ledger *ledger);  /* narration */
bool part_server(const struct options *options, struct ledger *ledger);  /* what it keeps */
bool part_look(const struct options *options, struct ledger *ledger);    /* a dump of a program */
bool part_show(const struct options *options);   /* one page as options->file */
bool part_sheets(const struct options *options); /* contact sheets into options->argument */
/* Against tests/golden/sheets; QUARTER_UPDATE_GOLDEN=1 writes them. */
bool part_golden(const struct options *options);

#endif
