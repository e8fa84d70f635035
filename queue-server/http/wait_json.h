/* How long somebody waits, as the API tells it: a range and its chance, never a bare point. Of the whole wait, from when
 * the visitor joined (the booked time, if later) to the first call, so that it can be held against what was promised. */
#ifndef QUARTER_HTTP_WAIT_JSON_H
#define QUARTER_HTTP_WAIT_JSON_H

#include "engine/engine.h"
#include "http/json_out.h"

/* {"p20_s","p50_s","p90_s","low_min","high_min","within_share","as_of"}, or null when nothing is known. The minutes are
 * what people are told: P20 rounded down to 5, P90 up to 5. wait NULL: not known. */
void wait_json_write(struct json_out *out, const struct promise *wait);
/* {"low_min","high_min"} or null: where a list of hundreds is sent anew at each change. */
void wait_json_minutes(struct json_out *out, const struct promise *wait);

#endif
