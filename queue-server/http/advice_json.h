/* What would happen if ..., as JSON. */
#ifndef QUARTER_HTTP_ADVICE_JSON_H
#define QUARTER_HTTP_ADVICE_JSON_H

#include "engine/forecast/advice.h"
#include "http/json_out.h"
#include "http/scene.h"

/* {"as_of","within_share","p95_s","mean_s","passed_standard","left"}: of everybody who waits or comes until the day's
 * end; null when there is nobody to wait. */
void outlook_json_write(struct json_out *out, const struct outlook *outlook, int64_t as_of_ms);
/* The document of GET /api/advice. Codes are the scene's. */
void advice_json_write(struct json_out *out, const struct advice *advice,
                       const struct scene *scene);
/* The document of POST /api/what-if: all moves made together. */
void what_if_json_write(struct json_out *out, const struct scene *scene, const struct move *moves,
                        int count, const struct outlook *nothing, const struct move_effect *effect);

/* "open", "pause", "shift_break" */
const char *move_code(enum move_type type);
bool move_from_code(const char *code, enum move_type *type);

#endif
