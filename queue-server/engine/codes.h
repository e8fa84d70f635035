/* A list of codes (services, counters, languages, needs) whose indices stay what they are until it
 * is cleared. A code that a new site file no longer knows is retired, never removed. */
#ifndef QUARTER_ENGINE_CODES_H
#define QUARTER_ENGINE_CODES_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/limits.h"

struct code_entry {
    char code[QUARTER_CODE_MAX + 1];
    bool retired;
};

struct codes {
    int count, capacity;
    struct code_entry *entries;
    int32_t *slots; /* open addressing: index + 1, 0 free; capacity * 2 of them */
};

uint32_t code_hash(const char *text); /* FNV-1a */

int codes_find(const struct codes *codes, const char *code); /* -1: none */
int codes_intern(struct codes *codes, const char *code);     /* a new one is appended as retired */
void codes_retire_all(struct codes *codes);
void codes_clear(struct codes *codes);
void codes_free(struct codes *codes);

#endif
