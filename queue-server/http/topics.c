/* Names of topics. See topics.h. */
#include "http/topics.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

struct topics {
    pthread_mutex_t lock;
    int count;
    struct topic_name names[TOPICS_MAX - TOPICS_FIRST];
};

struct topics *topics_create(void)
{
    struct topics *topics = calloc(1, sizeof(*topics));
    CHECK(topics != NULL);
    CHECK(pthread_mutex_init(&topics->lock, NULL) == 0);
    return topics;
}

void topics_destroy(struct topics *topics)
{
    if (topics != NULL) {
        CHECK(pthread_mutex_destroy(&topics->lock) == 0);
        free(topics);
    }
}

/* With the lock held. */
static int get(struct topics *topics, enum topic_kind kind, const char *code)
{
    for (int i = 0; i < topics->count; i++) {
        if (topics->names[i].kind == kind && strcmp(topics->names[i].code, code) == 0) {
            return TOPICS_FIRST + i;
        }
    }
    if (topics->count == TOPICS_MAX - TOPICS_FIRST) {
        return -1;
    }
    struct topic_name *name = &topics->names[topics->count];
    name->kind = kind;
    (void)snprintf(name->code, sizeof(name->code), "%s", code);
    return TOPICS_FIRST + topics->count++;
}

int topics_get(struct topics *topics, enum topic_kind kind, const char *code)
{
    CHECK(pthread_mutex_lock(&topics->lock) == 0);
    const int topic = get(topics, kind, code);
    CHECK(pthread_mutex_unlock(&topics->lock) == 0);
    return topic;
}

int topics_count(struct topics *topics)
{
    CHECK(pthread_mutex_lock(&topics->lock) == 0);
    const int count = topics->count;
    CHECK(pthread_mutex_unlock(&topics->lock) == 0);
    return count;
}

struct topic_name topics_name(struct topics *topics, int index)
{
    CHECK(pthread_mutex_lock(&topics->lock) == 0);
    CHECK(index >= 0 && index < topics->count);
    const struct topic_name name = topics->names[index];
    CHECK(pthread_mutex_unlock(&topics->lock) == 0);
    return name;
}
