/* The numbers of a day, one run per prefix: which are used, which are set aside for a device.
 *
 *   1 .. reserved_from-1      given out by the server, lowest first
 *   reserved_from .. last     given out in blocks to devices, from the top down
 *   last+1 .. 999             when the first range is used up, so that a busy day never stops;
 *                             blocks for devices continue from 999 down for the same reason */
#ifndef QUARTER_ENGINE_NUMBERS_H
#define QUARTER_ENGINE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/rules.h"

struct number_block {
    int32_t first, last;
    char device[QUARTER_CODE_MAX + 1];
};

struct number_run {
    char prefix[QUARTER_PREFIX_MAX + 1];
    uint64_t used[(QUARTER_NUMBER_TOP + 64) / 64],
        reserved[(QUARTER_NUMBER_TOP + 64) / 64]; /* bit n: number n */
    int block_count, block_capacity;
    struct number_block *blocks;
};

struct numbers {
    int run_count, run_capacity;
    struct number_run *runs;
};

/* What could be given out next; 0 and false: used up. */
int32_t numbers_next(const struct numbers *numbers, const char *prefix, const struct rules *rules);
bool numbers_next_block(const struct numbers *numbers, const char *prefix,
                        const struct rules *rules, int32_t *first, int32_t *last);
/* Is the number set aside for this device, and not used yet? */
bool numbers_held_by(const struct numbers *numbers, const char *prefix, int32_t number,
                     const char *device);

void numbers_use(struct numbers *numbers, const char *prefix, int32_t number);
void numbers_reserve(struct numbers *numbers, const char *prefix, int32_t first, int32_t last,
                     const char *device);
void numbers_clear(struct numbers *numbers);

#endif
