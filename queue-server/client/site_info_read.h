/* What site_info.c and site_info_triage.c share: reading parts of GET /api/site into a site_info. */
#ifndef QUARTER_CLIENT_SITE_INFO_READ_H
#define QUARTER_CLIENT_SITE_INFO_READ_H

#include "client/site_info.h"
#include "edge.h"

typedef bool (*site_read_member_fn)(struct site_info *site, const json_t *object, int index);

/* The words of a string that is not too long; NULL. They live as long as the document. */
const char *site_words(const json_t *value);
/* An object of words by language; one that is missing is empty. */
bool site_read_text(const struct site_info *site, const json_t *object, const char *name,
                    struct site_text *out);
/* An array of objects; *count grows with each that was read. */
bool site_read_each(struct site_info *site, const json_t *document, const char *name, size_t most,
                    int *count, site_read_member_fn read_member);

/* Signposts, questions, reasons, and which service asks what. Languages, services and needs are
 * there already. */
bool site_read_triage(struct site_info *site, const json_t *document);

#endif
