/* What a phone is told in words: the names of the site, its services, areas and counters, in each language, as JSON that is
 * put into a visit's view as it is. Taken once from each site's document. */
#ifndef QUARTER_HTTP_VISIT_NAMES_H
#define QUARTER_HTTP_VISIT_NAMES_H

#include <jansson.h>

#include "quarter/limits.h"
#include "site/site.h"

struct visit_names {
    char hash[QUARTER_HASH_LEN + 1];       /* of the site; "": of none yet */
    char public_url[QUARTER_URL_MAX + 1];  /* without a slash at the end; "": none */
    char public_host[QUARTER_URL_MAX + 1]; /* of it, with the port if it has one */
    char *site, *languages;                /* JSON */
    json_t *services, *counters;           /* code -> string that holds JSON */
};

/* Of another site than it has; else nothing is done. */
void visit_names_take(struct visit_names *names, const struct site *site);
void visit_names_free(struct visit_names *names);
/* JSON; "null" when there is no such service or counter. */
const char *visit_names_of(const json_t *table, const char *code);

#endif
