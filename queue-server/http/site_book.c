/* Which site is in force. See site_book.h. */
#include "http/site_book.h"

#include <pthread.h>
#include <stdlib.h>

#include "engine/policy/rank.h"
#include "quarter/check.h"

struct site_book {
    bool overrides;
    enum policy_rule rule; /* when it does */
    pthread_mutex_t lock;
    struct site_edition *current; /* under the lock, as are all counts */
};

static struct site_edition *make_edition(const struct site_book *book, const struct site *site)
{
    struct site_edition *edition = calloc(1, sizeof(*edition));
    CHECK(edition != NULL);
    edition->site = site;
    edition->self = edition;
    edition->rules = *site_rules(site);
    if (book->overrides) {
        edition->rules.policy.rule = book->rule;
    }
    return edition;
}

enum status site_book_create(const struct site *first, const char *policy, struct site_book **book)
{
    struct site_book *created = calloc(1, sizeof(*created));
    CHECK(created != NULL);
    created->overrides = policy != NULL;
    if (policy != NULL && !policy_from_code(policy, &created->rule)) {
        free(created);
        return STATUS_INVALID;
    }
    CHECK(pthread_mutex_init(&created->lock, NULL) == 0);
    created->current = make_edition(created, first);
    created->current->readers = 1; /* the book itself */
    *book = created;
    return STATUS_OK;
}

void site_edition_discard(struct site_edition *edition)
{
    if (edition != NULL) {
        site_destroy(edition->owned);
        free(edition);
    }
}

void site_book_destroy(struct site_book *book)
{
    if (book == NULL) {
        return;
    }
    CHECK(book->current->readers == 1);
    site_edition_discard(book->current);
    CHECK(pthread_mutex_destroy(&book->lock) == 0);
    free(book);
}

static void lock(struct site_book *book)
{
    CHECK(pthread_mutex_lock(&book->lock) == 0);
}

static void unlock(struct site_book *book)
{
    CHECK(pthread_mutex_unlock(&book->lock) == 0);
}

const struct site_edition *site_book_hold(struct site_book *book)
{
    lock(book);
    struct site_edition *edition = book->current;
    edition->readers++;
    unlock(book);
    return edition;
}

/* With the lock held: what is to be freed without it, or NULL. */
static struct site_edition *drop(struct site_edition *edition)
{
    CHECK(edition->readers > 0);
    return --edition->readers == 0 ? edition : NULL;
}

void site_book_release(struct site_book *book, const struct site_edition *edition)
{
    lock(book);
    struct site_edition *dropped = drop(edition->self);
    unlock(book);
    site_edition_discard(dropped);
}

struct site_edition *site_book_prepare(const struct site_book *book, struct site *site)
{
    struct site_edition *edition = make_edition(book, site);
    edition->owned = site;
    return edition;
}

void site_book_turn(struct site_book *book, struct site_edition *edition)
{
    edition->readers = 1;
    lock(book);
    struct site_edition *dropped = drop(book->current);
    book->current = edition;
    unlock(book);
    site_edition_discard(dropped);
}
