/* What the store's tests share: a forgetful disk with a store on it, and sample events. */
#ifndef QUARTER_TESTS_STORE_KIT_H
#define QUARTER_TESTS_STORE_KIT_H

#include "forgetful_vfs.h"
#include "store/store.h"

enum { KIT_EVENT_TYPES = EVENT_TYPES };

struct kit {
    struct forgetful_disk *disk;
    char dir[32], keys[48];
    struct store_config config;
    struct store *store; /* NULL when closed */
    char error[400];
};

void kit_set_up(struct kit *kit, uint64_t seed);
void kit_tear_down(struct kit *kit);
enum status kit_open(struct kit *kit); /* with checkpoints so often that tests meet them */
void kit_close(struct kit *kit);

/* An event of each type, all its fields set, different for each number. */
struct event kit_event(enum event_type type, int number);
/* Field by field, but seq and id. */
bool kit_same_event(const struct event *one, const struct event *other);

/* splitmix64 */
uint64_t kit_random(uint64_t *state);

#endif
