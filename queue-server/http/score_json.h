/* How true forecasts were, as JSON: GET /api/forecast/score. What cannot be known yet is null, never zero. */
#ifndef QUARTER_HTTP_SCORE_JSON_H
#define QUARTER_HTTP_SCORE_JSON_H

#include "http/json_out.h"
#include "http/waits.h"

/* waits NULL: no forecast was made yet. */
void score_json_write(struct json_out *out, const struct waits *waits);
/* {"today","recent"} of the same. */
void score_json_days(struct json_out *out, const struct waits *waits);

#endif
