/* Numbers are what people compare on their tickets, so a number used twice in a day is the worst of
 * our bugs: numbers_use() and numbers_reserve() check it, always. */
#include "engine/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

static const struct number_run *find_run(const struct numbers *numbers, const char *prefix)
{
    for (int i = 0; i < numbers->run_count; i++) {
        if (strcmp(numbers->runs[i].prefix, prefix) == 0) {
            return &numbers->runs[i];
        }
    }
    return NULL;
}

static struct number_run *intern_run(struct numbers *numbers, const char *prefix)
{
    CHECK(numbers->run_count == 0 || numbers->runs != NULL);
    for (int i = 0; i < numbers->run_count; i++) {
        if (strcmp(numbers->runs[i].prefix, prefix) == 0) {
            return &numbers->runs[i];
        }
    }
    if (numbers->run_count == numbers->run_capacity) {
        numbers->run_capacity = numbers->run_capacity == 0 ? 8 : numbers->run_capacity * 2;
        numbers->runs =
            realloc(numbers->runs, (size_t)numbers->run_capacity * sizeof(*numbers->runs));
        CHECK(numbers->runs != NULL);
    }
    CHECK(strlen(prefix) <= QUARTER_PREFIX_MAX);
    struct number_run *run = &numbers->runs[numbers->run_count++];
    *run = (struct number_run){0};
    memcpy(run->prefix, prefix, strlen(prefix));
    return run;
}

static bool bit(const uint64_t *bits, int32_t number)
{
    return (bits[number / 64] >> (number % 64) & 1) != 0;
}

static void set_bit(uint64_t *bits, int32_t number)
{
    bits[number / 64] |= UINT64_C(1) << (number % 64);
}

/* run may be NULL: nothing of that prefix was given out yet */
static bool is_free(const struct number_run *run, int32_t number)
{
    return run == NULL || (!bit(run->used, number) && !bit(run->reserved, number));
}

/* The lowest free number of first..last, 0 when there is none; whole words of taken numbers are
 * skipped. */
static int32_t lowest_free(const struct number_run *run, int32_t first, int32_t last)
{
    if (run == NULL) {
        return first <= last ? first : 0;
    }
    for (int32_t number = first; number <= last; number++) {
        if (number % 64 == 0 &&
            (run->used[number / 64] | run->reserved[number / 64]) == UINT64_MAX) {
            number += 63;
        } else if (is_free(run, number)) {
            return number;
        }
    }
    return 0;
}

/* The highest run of `size` free numbers within first..last. */
static bool highest_block(const struct number_run *run, int32_t first, int32_t last, int32_t size,
                          int32_t *block_first)
{
    int32_t length = 0;
    for (int32_t number = last; number >= first; number--) {
        length = is_free(run, number) ? length + 1 : 0;
        if (length == size) {
            *block_first = number;
            return true;
        }
    }
    return false;
}

static int32_t last_of(const struct rules *rules)
{
    return rules->last_number < 0                    ? 0
           : rules->last_number > QUARTER_NUMBER_TOP ? QUARTER_NUMBER_TOP
                                                     : rules->last_number;
}

/* First number that is only given out in blocks; last + 1 when the site reserves none. */
static int32_t reserved_from(const struct rules *rules)
{
    int32_t last = last_of(rules);
    return rules->reserved_from < 1 || rules->reserved_from > last ? last + 1
                                                                   : rules->reserved_from;
}

int32_t numbers_next(const struct numbers *numbers, const char *prefix, const struct rules *rules)
{
    const struct number_run *run = find_run(numbers, prefix);
    int32_t number = lowest_free(run, 1, reserved_from(rules) - 1);
    return number != 0 ? number : lowest_free(run, last_of(rules) + 1, QUARTER_NUMBER_TOP);
}

bool numbers_next_block(const struct numbers *numbers, const char *prefix,
                        const struct rules *rules, int32_t *first, int32_t *last)
{
    const struct number_run *run = find_run(numbers, prefix);
    int32_t size = rules->reserved_block;
    int32_t found = 0;
    if (size < 1 || (!highest_block(run, reserved_from(rules), last_of(rules), size, &found) &&
                     !highest_block(run, last_of(rules) + 1, QUARTER_NUMBER_TOP, size, &found))) {
        return false;
    }
    *first = found;
    *last = found + size - 1;
    return true;
}

bool numbers_held_by(const struct numbers *numbers, const char *prefix, int32_t number,
                     const char *device)
{
    const struct number_run *run = find_run(numbers, prefix);
    if (run == NULL || number < 1 || number > QUARTER_NUMBER_TOP || bit(run->used, number)) {
        return false;
    }
    for (int i = 0; i < run->block_count; i++) {
        const struct number_block *block = &run->blocks[i];
        if (number >= block->first && number <= block->last) {
            return strcmp(block->device, device) == 0;
        }
    }
    return false;
}

void numbers_use(struct numbers *numbers, const char *prefix, int32_t number)
{
    CHECK(number >= 1 && number <= QUARTER_NUMBER_TOP);
    struct number_run *run = intern_run(numbers, prefix);
    CHECK(!bit(run->used, number));
    set_bit(run->used, number);
}

void numbers_reserve(struct numbers *numbers, const char *prefix, int32_t first, int32_t last,
                     const char *device)
{
    CHECK(first >= 1 && first <= last && last <= QUARTER_NUMBER_TOP &&
          strlen(device) <= QUARTER_CODE_MAX);
    struct number_run *run = intern_run(numbers, prefix);
    CHECK(run != NULL);
    for (int32_t number = first; number <= last; number++) {
        CHECK(is_free(run, number));
        set_bit(run->reserved, number);
    }
    if (run->block_count == run->block_capacity) {
        run->block_capacity = run->block_capacity == 0 ? 4 : run->block_capacity * 2;
        run->blocks = realloc(run->blocks, (size_t)run->block_capacity * sizeof(*run->blocks));
        CHECK(run->blocks != NULL);
    }
    struct number_block *block = &run->blocks[run->block_count++];
    *block = (struct number_block){.first = first, .last = last};
    memcpy(block->device, device, strlen(device));
}

void numbers_clear(struct numbers *numbers)
{
    for (int i = 0; i < numbers->run_count; i++) {
        free(numbers->runs[i].blocks);
    }
    free(numbers->runs);
    *numbers = (struct numbers){0};
}
