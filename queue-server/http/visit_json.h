/* A visit as its own phone sees it. Codes and names, nothing that tells who it is. */
#ifndef QUARTER_HTTP_VISIT_JSON_H
#define QUARTER_HTTP_VISIT_JSON_H

#include <stdbool.h>

#include "http/json_out.h"
#include "http/view_source.h"
#include "http/visit_names.h"

/* So long after a visit has ended its address still tells that it has. */
static const int64_t visit_linger_ms = 900000;

/* false: it ended too long ago. */
bool visit_is_told(const struct ticket *ticket, int64_t now_ms);
/* The members of the view's object after "version" and "now". */
void visit_json_write(struct json_out *out, const struct view_source *source,
                      const struct visit_names *names, const struct ticket *ticket);
/* The answer to what the visitor did: {"state","held_until"} */
void visit_json_step(struct json_out *out, const struct view_source *source,
                     const struct ticket *ticket);

#endif
