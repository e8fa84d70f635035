/* Which topic of the hub shows which counter or kiosk. A topic is given to a code when somebody first wants to see it,
 * and stays that code's for as long as the server runs: a changed site never makes a stream show another counter. */
#ifndef QUARTER_HTTP_TOPICS_H
#define QUARTER_HTTP_TOPICS_H

#include "quarter/limits.h"

/* A site has at most 96 counters and kiosks; the rest is for those that come and go with its changes while the server
 * runs. One that was never used costs nothing but a page of memory that is never touched. */
enum { TOPICS_FIRST = 4, TOPICS_MAX = 4096 };

enum topic_kind { TOPIC_OF_COUNTER, TOPIC_OF_KIOSK };

struct topic_name {
    enum topic_kind kind;
    char code[QUARTER_CODE_MAX + 1];
};

struct topics;

struct topics *topics_create(void);
void topics_destroy(struct topics *topics); /* NULL-safe */

/* -1: no more room. Any thread. */
int topics_get(struct topics *topics, enum topic_kind kind, const char *code);
/* Topics TOPICS_FIRST and up, this many. Any thread. */
int topics_count(struct topics *topics);
/* index: from 0. */
struct topic_name topics_name(struct topics *topics, int index);

#endif
