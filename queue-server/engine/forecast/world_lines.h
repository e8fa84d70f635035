/* The lines of a world: those who wait, by service, class and needs, each ordered by (leg_from, joined). Lists through the
 * tickets themselves, so that joining, leaving and finding the first cost O(1); booked visitors are put in from the
 * back. Beside its head a line keeps a cursor at the first who has waited at most the standard, which only ever moves
 * on. Only world.c uses this. */
#ifndef QUARTER_ENGINE_FORECAST_WORLD_LINES_H
#define QUARTER_ENGINE_FORECAST_WORLD_LINES_H

#include "engine/forecast/world.h"

enum { WORLD_PLAIN_WORDS = (QUARTER_SERVICES_MAX * TICKET_CLASSES + 63) / 64 };

/* Plain lines, those of no needs. */
struct world_line_set {
    uint64_t plain[WORLD_PLAIN_WORDS];
};

struct world_line {
    int32_t head, tail;
    int32_t rescue;         /* the first who may not be late yet; WORLD_NOBODY: all are */
    int32_t next, previous; /* of this service's lines with needs in which somebody stands */
    uint32_t needs;
    int16_t service;
    uint8_t ticket_class;
};

struct world_lines {
    const struct policy_terms *policy; /* borrowed from the desk, like needs */
    const struct need_terms *needs;
    struct world_ticket *tickets; /* the world's; moves only between runs */
    /* Line service * TICKET_CLASSES + class is that of no needs: bit i % 64 of plain[i / 64], whether somebody stands in
     * line i. Those with needs follow, found through `slots`, and by service. */
    struct world_line *lines;
    uint64_t plain[WORLD_PLAIN_WORDS];
    int plain_words;
    uint64_t services_with_needs;        /* in whose lines with needs somebody stands */
    int32_t first[QUARTER_SERVICES_MAX]; /* such line of each service; WORLD_NOBODY */
    int32_t *slots; /* line or WORLD_NOBODY, by a hash; slot_count is a power of 2 */
    int32_t line_count, line_capacity, plain_count, slot_count;
    int32_t joined;
    int64_t oldest_ms; /* leg_from of the first of all whom the last choice looked at */
};

void world_lines_free(struct world_lines *lines);
void world_lines_reset(struct world_lines *lines, int service_count);

/* The plain lines of the services given. */
struct world_line_set world_lines_of(uint64_t services);

void world_lines_join(struct world_lines *lines, int32_t ticket, uint32_t needs);
void world_lines_leave(struct world_lines *lines, int32_t ticket);
/* Whom a counter calls; WORLD_NOBODY. Tickets that have left come off their lines, and count in *vanished_watched. */
int32_t world_lines_choose(struct world_lines *lines, const struct world_counter *counter,
                           const struct world_line_set *set, int64_t now_ms,
                           int32_t *vanished_watched);
/* `called` was called at this counter: notes it with each who came before and could have been. */
void world_lines_note_slips(struct world_lines *lines, const struct world_counter *counter,
                            const struct world_line_set *set, const struct world_ticket *called,
                            int64_t now_ms);
/* Those who wait, of the services given; callable: whom the counter may call (NULL: all). */
int32_t world_lines_list(const struct world_lines *lines, uint64_t services,
                         const struct world_counter *counter, int64_t now_ms, int32_t *tickets,
                         int32_t max);

#endif
