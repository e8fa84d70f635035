/* Every page there is, found by touching every button of every page found, as a visitor could, and by letting happen what
 * can happen meanwhile: tickets, refusals, no paper, no answer, nobody there. Pages come in by themselves: what the view
 * can show and the journey can reach is judged, and nothing else needs to know of it. */
#ifndef QUARTER_STANDARDS_CRAWL_H
#define QUARTER_STANDARDS_CRAWL_H

#include "kiosk_rig.h"

enum { CRAWL_STATES_MAX = 600, CRAWL_EDGES_MAX = 24000, CRAWL_VIA_BYTES = 80 };

/* A page in the fullest way it was met. */
struct crawl_state {
    struct journey journey;
    int64_t now_ms;
    uint64_t signature;
    size_t words;               /* bytes of text on it */
    int from;                   /* first met from that state ... */
    char via[CRAWL_VIA_BYTES];  /* ... by touching or hearing this */
    char name[CRAWL_VIA_BYTES]; /* unique: "ready", "ready-2", ... */
    int touches;                /* fewest touches from rest; -1: only by an event */
    bool leads_home, leads_on;
};

struct crawl {
    struct kiosk_rig *rig;
    bool invented; /* the site's words are nobody's: they are not judged as words */
    int count;
    struct crawl_state states[CRAWL_STATES_MAX];
    int edge_count;
    struct {
        int from, to;
    } edges[CRAWL_EDGES_MAX]; /* by touches alone */
};

/* Notes in the ledger what it learns on its way: one finger, ways out. Destroy with free(). */
struct crawl *crawl_site(struct kiosk_rig *rig, struct ledger *ledger);

#endif
