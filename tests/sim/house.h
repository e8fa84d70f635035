/* A centre's machine as the simulation knows it: a disk that forgets what was not synced, clocks that somebody may set,
 * and the server's own ledger (queue and journal, http/ledger.h) that is started, stopped, killed and cut off. */
#ifndef QUARTER_TESTS_SIM_HOUSE_H
#define QUARTER_TESTS_SIM_HOUSE_H

#include "forgetful_vfs.h"
#include "http/clock.h"
#include "http/ledger.h"
#include "http/metrics.h"
#include "site/site.h"
#include "store/store.h"

struct house {
    struct forgetful_disk *disk;
    char dir[48], keys[64];
    struct store_config store;
    struct metrics *metrics;
    const struct site *site; /* of the next start */
    struct clock *clock;
    struct ledger *ledger;       /* NULL: the server is down */
    struct store_reader *reader; /* NULL: not opened since the last start */
    /* What time it is: in truth, since the machine started, and by how much its UTC is wrong. */
    int64_t true_ms, booted_ms, wall_off_ms;
    char error[400];
};

/* The parent of all runs makes and removes the folder for keys; dir is unique to a process. */
void house_set_up(struct house *house, uint64_t seed, const char *dir, int64_t true_ms);
void house_tear_down(struct house *house);

enum status house_start(struct house *house);
void house_stop(struct house *house); /* in good order, but for the disk's faults */
void house_restart_machine(struct house *house,
                           enum forgetful_keep keep); /* after a cut or now; down */

/* One batch of the desk: begin, perform each, commit. False: everybody hears that nothing was stored. performed gets how
 * many events each job made, in order, as far as they came. */
struct house_batch {
    struct desk_job **jobs;
    int count;
    bool stored;
    int64_t events; /* of the whole batch, as far as it came */
    bool all_performed;
};
void house_run(struct house *house, struct house_batch *batch);

int64_t house_now_ms(struct house *house); /* engine time; the server is up */

#endif
