/* Every page in every way of showing it, or in so many that each two values of any two of (page, language, theme, screen,
 * text size, low reach) come together at least once. */
#ifndef QUARTER_STANDARDS_MATRIX_H
#define QUARTER_STANDARDS_MATRIX_H

#include "crawl.h"

struct matrix_row {
    int state;
    struct look look;
};

/* Rows to be freed; *count of them. Pairwise: every page in every language, the rest chosen so that all pairs are met;
 * else all there are. */
struct matrix_row *matrix_rows(int states, int languages, bool all, int *count);
/* How many pairs of values no row has; 0 is right. */
long matrix_missing_pairs(const struct matrix_row *rows, int count, int states, int languages);

/* Lays out, draws, dumps and judges one row. */
void matrix_judge(struct crawl *crawl, int state, const struct look *look, struct ledger *ledger);
/* The three text sizes of a page against each other. */
struct growth {
    int pages, grown;
};
void matrix_judge_sizes(struct kiosk_rig *rig, const struct crawl_state *state, int language,
                        int shape, struct growth *growth, struct ledger *ledger);

#endif
