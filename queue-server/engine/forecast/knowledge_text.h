/* Knowledge as text, for the store: lines of codes and whole numbers, with a version, the journal's seq it reaches to
 * and a checksum at the end. Reading back what was written gives an equal knowledge. A text that is damaged, from
 * another version or beyond its bounds is refused whole: the caller rebuilds from the journal. */
#ifndef QUARTER_ENGINE_FORECAST_KNOWLEDGE_TEXT_H
#define QUARTER_ENGINE_FORECAST_KNOWLEDGE_TEXT_H

#include <stddef.h>

#include "engine/forecast/knowledge.h"
#include "quarter/status.h"

enum { KNOWLEDGE_TEXT_BYTES = 4 << 20 }; /* none is longer */

char *knowledge_write(const struct knowledge *knowledge, int64_t through_seq); /* free() */
/* CORRUPT: knowledge is cleared. */
enum status knowledge_read(struct knowledge *knowledge, const char *text, size_t length,
                           int64_t *through_seq);

#endif
