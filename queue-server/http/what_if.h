/* A what-if as it was asked: moves by their codes. See engine/forecast/advice.h for what they mean. */
#ifndef QUARTER_HTTP_WHAT_IF_H
#define QUARTER_HTTP_WHAT_IF_H

#include "engine/forecast/advice.h"

enum { WHAT_IF_MOVES_MAX = 8, WHAT_IF_MINUTES_MAX = 480 };

struct what_if_move {
    enum move_type type;
    char counter[QUARTER_CODE_MAX + 1];
    int service_count; /* of MOVE_OPEN; 0: the counter's own */
    char services[QUARTER_SERVICES_MAX][QUARTER_CODE_MAX + 1];
    int32_t minutes; /* MOVE_PAUSE: how long; MOVE_SHIFT_BREAK: by how much, negative: earlier */
};

struct what_if {
    int count;
    struct what_if_move moves[WHAT_IF_MOVES_MAX];
};

#endif
