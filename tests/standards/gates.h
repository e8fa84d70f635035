/* The checks of one page: of its dump alone, and of its dump against its frame. Each notes what it measured in a ledger. */
#ifndef QUARTER_STANDARDS_GATES_H
#define QUARTER_STANDARDS_GATES_H

#include "dump.h"
#include "ledger.h"

/* A page as it is judged. Where the dump does not say how large the screen is, the caller's figures count. */
struct page_seen {
    const struct dump *dump;
    const struct canvas *frame; /* NULL: only what the dump says is judged */
    bool display;               /* read from afar, touched by nobody */
    bool low_reach;
    bool invented; /* a site made up to be long: its words are not judged */
    double mm_per_px;
    int bottom_mm, viewing_mm;
};

void gates_reading(struct ledger *ledger, const struct page_seen *page);  /* letters: 5.1.4 */
void gates_touching(struct ledger *ledger, const struct page_seen *page); /* 2.5.5, 8.3.2 */
void gates_layout(struct ledger *ledger, const struct page_seen *page);   /* whole, apart */
void gates_keys(struct ledger *ledger, const struct page_seen *page);     /* 2.4.3 */
void gates_words(struct ledger *ledger, const struct page_seen *page);    /* GOV.UK */
/* On the frame. */
void gates_ink(struct ledger *ledger, const struct page_seen *page);
void gates_contrast(struct ledger *ledger, const struct page_seen *page);
/* One element with focus against the same frame without it: only its surroundings are looked at. */
void gates_focus(struct ledger *ledger, const struct page_seen *page, const struct canvas *focused,
                 const struct dump_element *element);

/* All of the above but gates_focus. */
void gates_page(struct ledger *ledger, const struct page_seen *page);

/* The bar at the bottom of a kiosk's page. */
bool gates_is_bar(const char *id);
/* Pixels between two rectangles that lie apart; negative: they overlap. */
int gates_distance(struct rect a, struct rect b);

#endif
