/* Those who wait, in one line per service, class, set of binding needs, counter they were sent to and end of a hold, each
 * ordered by (leg_from, order of issue): what a policy looks at. Whom a counter may call is the same for all in a line but for how long they have
 * waited, so that a decision looks at a line's head and at one more at most. Heads are kept at hand; a line is a treap
 * with subtree counts, so that leaving from the middle, a late arrival, a place in line and "the first who came at or
 * after T" are O(log n). Only lines with somebody in them exist. https://en.wikipedia.org/wiki/Treap; priorities are a
 * hash of the ticket's index, so that every run is the same. */
#ifndef QUARTER_ENGINE_POLICY_LINES_H
#define QUARTER_ENGINE_POLICY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quarter/limits.h"
#include "quarter/ticket.h"

enum { LINE_NOBODY = -1 };

/* A ticket as a policy sees it. `ticket` is its index: the order of issue. */
struct waiter {
    int64_t leg_from_ms;
    int32_t ticket;
    int32_t service;
    enum ticket_class ticket_class;
    uint32_t needs; /* that bind */
    int32_t only;   /* counter + 1: called there and nowhere else; 0: anywhere */
    int64_t held_until_ms;
};

struct line {
    int64_t head_leg_from_ms;
    int64_t held_until_ms; /* nobody of it is called before */
    int32_t head;          /* ticket */
    int32_t length;
    enum ticket_class ticket_class;
    uint32_t needs;
    int32_t only;
    uint32_t root; /* node */
};

/* Lines move when others come or go: a pointer to one is good until the next change. */
struct service_lines {
    int waiting;
    int sent; /* of those, to a counter */
    int line_count, line_capacity;
    struct line *lines; /* in no order */
};

struct line_node;

struct lines {
    int waiting;
    uint64_t services_waiting; /* bit i: somebody waits for service i (of the first 64) */
    uint64_t services_sent;    /* likewise, who was sent to a counter, whether or not it offers i */
    int service_count;
    struct service_lines *services;
    struct line_node *nodes; /* of ticket i at i + 1; node 0 is the empty tree */
    size_t node_capacity;
};

/* Room for so many; keeps what is there. */
void lines_grow(struct lines *lines, int services, size_t tickets);
void lines_insert(struct lines *lines, const struct waiter *waiter);
void lines_remove(struct lines *lines, const struct waiter *waiter); /* CHECKs that it waits */
void lines_free(struct lines *lines);

/* NULL: nobody waits there. */
const struct line *lines_find(const struct lines *lines, const struct waiter *waiter);
/* The ticket at a place, from 0. */
int32_t line_at(const struct lines *lines, const struct line *line, int place);
/* How many stand before (leg_from_ms, ticket); also the place of the first who does not. */
int line_before(const struct lines *lines, const struct line *line, int64_t leg_from_ms,
                int32_t ticket);
/* The first who came at or after an instant; LINE_NOBODY: none. */
int32_t line_first_from(const struct lines *lines, const struct line *line, int64_t leg_from_ms);
/* How many stand before the first for whom `stands` is false; it is true for all before and false for all after. */
typedef bool line_test(int64_t leg_from_ms, int32_t ticket, const void *context);
int line_partition(const struct lines *lines, const struct line *line, line_test *stands,
                   const void *context);
int64_t lines_leg_from(const struct lines *lines, int32_t ticket); /* of one that waits */
void lines_check(const struct lines *lines);                       /* O(n), for tests */

#endif
