/* Codes come in with every command and event, so finding one must not depend on how many there are. */
#include "engine/codes.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

static void put_slot(struct codes *codes, int index)
{
    uint32_t mask = (uint32_t)codes->capacity * 2 - 1;
    uint32_t at = code_hash(codes->entries[index].code) & mask;
    while (codes->slots[at] != 0) {
        at = (at + 1) & mask;
    }
    codes->slots[at] = index + 1;
}

static void grow(struct codes *codes)
{
    codes->capacity = codes->capacity == 0 ? 16 : codes->capacity * 2;
    size_t capacity = (size_t)codes->capacity;
    codes->entries = realloc(codes->entries, capacity * sizeof(*codes->entries));
    free(codes->slots);
    codes->slots = calloc(capacity * 2, sizeof(*codes->slots));
    CHECK(codes->entries != NULL && codes->slots != NULL);
    for (int i = 0; i < codes->count; i++) {
        put_slot(codes, i);
    }
}

uint32_t code_hash(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return hash;
}

int codes_find(const struct codes *codes, const char *code)
{
    if (codes->count == 0) {
        return -1;
    }
    uint32_t mask = (uint32_t)codes->capacity * 2 - 1;
    for (uint32_t at = code_hash(code) & mask; codes->slots[at] != 0; at = (at + 1) & mask) {
        int index = codes->slots[at] - 1;
        if (strcmp(codes->entries[index].code, code) == 0) {
            return index;
        }
    }
    return -1;
}

int codes_intern(struct codes *codes, const char *code)
{
    int found = codes_find(codes, code);
    if (found >= 0) {
        return found;
    }
    CHECK(code[0] != '\0' && strlen(code) <= QUARTER_CODE_MAX);
    if (codes->count == codes->capacity) {
        grow(codes);
    }
    struct code_entry *entry = &codes->entries[codes->count];
    *entry = (struct code_entry){.retired = true};
    memcpy(entry->code, code, strlen(code));
    put_slot(codes, codes->count);
    return codes->count++;
}

void codes_retire_all(struct codes *codes)
{
    for (int i = 0; i < codes->count; i++) {
        codes->entries[i].retired = true;
    }
}

void codes_clear(struct codes *codes)
{
    codes->count = 0;
    if (codes->slots != NULL) {
        memset(codes->slots, 0, (size_t)codes->capacity * 2 * sizeof(*codes->slots));
    }
}

void codes_free(struct codes *codes)
{
    free(codes->entries);
    free(codes->slots);
    *codes = (struct codes){0};
}
