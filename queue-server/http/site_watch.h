/* Watches the folder of the site file, and the links that lead to it. When something in it was written, and nothing more
 * was for a second, the site is read anew: a good one is handed over, a bad one leaves the running site as it is, and all
 * its errors are logged, but not the same ones twice in a row. One that is good but could not be applied (the disk was
 * full, say) is offered again after some minutes. A thread of its own, since reading and checking a site takes some ms. */
#ifndef QUARTER_HTTP_SITE_WATCH_H
#define QUARTER_HTTP_SITE_WATCH_H

#include "site/site.h"

enum { SITE_WATCH_SETTLE_MS = 1000 };

struct site_watch_config {
    const char *dir;  /* copied */
    const char *hash; /* of the site in force; copied */
    int settle_ms;    /* 0: SITE_WATCH_SETTLE_MS */
    /* A site that is another than the one in force; it is the callee's. True: it is in force now. On the watch's
     * thread. */
    bool (*apply)(void *context, struct site *site);
    /* After each time it was read: how many errors keep it from being in force; 0: it is. Likewise; NULL: not told. */
    void (*tell)(void *context, int errors);
    void *context;
};

struct site_watch;

/* IO: the kernel gives no watch. A folder that is not there (yet) is waited for. */
enum status site_watch_start(const struct site_watch_config *config, struct site_watch **watch);
/* Reads the site now, whether or not anything was seen to be written, and logs its errors anew (SIGHUP). Any thread. */
void site_watch_poke(struct site_watch *watch);
void site_watch_stop(struct site_watch *watch); /* NULL-safe */

#endif
