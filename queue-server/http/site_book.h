/* The site in force, which changes while the server runs, and those that somebody still reads: a request keeps the one
 * it began with until it is answered. Counted, since a site that was replaced is freed by whoever read it last, on
 * whatever thread that is. */
#ifndef QUARTER_HTTP_SITE_BOOK_H
#define QUARTER_HTTP_SITE_BOOK_H

#include <stdbool.h>

#include "site/site.h"

struct site_edition {
    const struct site *site;
    struct rules rules; /* the site's, or with another policy */
    /* the book's own */
    struct site_edition *self; /* readers have it as const */
    struct site *owned;        /* NULL: borrowed */
    int readers;
};

struct site_book;

/* policy: the name that overrides each site's, borrowed; NULL: none. INVALID: there is no such policy. The first site is
 * borrowed until the book is destroyed, and never freed by it. */
enum status site_book_create(const struct site *first, const char *policy, struct site_book **book);
void site_book_destroy(struct site_book *book); /* nobody reads any more; NULL-safe */

/* The current one, until it is released. Any thread. */
const struct site_edition *site_book_hold(struct site_book *book);
void site_book_release(struct site_book *book, const struct site_edition *edition);

/* An edition that is not in force yet; takes the site. */
struct site_edition *site_book_prepare(const struct site_book *book, struct site *site);
void site_edition_discard(struct site_edition *edition); /* of a prepared one, with its site */
/* In force from now on; takes the edition. One thread: the desk's. */
void site_book_turn(struct site_book *book, struct site_edition *edition);

#endif
