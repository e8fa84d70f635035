/* The site that the journal kept: what a server goes on with when the site's folder cannot be used at a restart. Whoever
 * mistyped a line should find a counter that says so in the morning, not a hall without numbers. */
#ifndef QUARTER_HTTP_LAST_SITE_H
#define QUARTER_HTTP_LAST_SITE_H

#include "site/site.h"
#include "store/store.h"

/* The site that was in force last; the caller destroys it. Nothing is made where there is no journal. NOT_FOUND: no
 * journal, or no site in it. INVALID: this program cannot use that site; why is logged line by line. Else as
 * store_open(); error gets a sentence a person can act on. */
enum status last_site_load(const struct store_config *config, struct site **site, char *error,
                           size_t error_size);

#endif
