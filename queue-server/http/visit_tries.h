/* How many wrong tokens an address may try. See visits_find(). Any thread. */
#ifndef QUARTER_HTTP_VISIT_TRIES_H
#define QUARTER_HTTP_VISIT_TRIES_H

#include <stdbool.h>

struct visit_tries;

struct visit_tries *visit_tries_create(void);
void visit_tries_destroy(struct visit_tries *tries); /* NULL-safe */
/* Notes one more. false: it is one too many. address: as text, or NULL: not known. */
bool visit_tries_note(struct visit_tries *tries, const char *address);

#endif
