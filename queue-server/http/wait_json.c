/* Waits as JSON. See wait_json.h. */
#include "http/wait_json.h"

#include "engine/forecast/promise.h"

static void write_minutes(struct json_out *out, const struct promise *wait)
{
    json_out_key(out, "low_min");
    json_out_integer(out, promise_low_min(wait->p20_s));
    json_out_key(out, "high_min");
    json_out_integer(out, promise_high_min(wait->p90_s));
}

void wait_json_write(struct json_out *out, const struct promise *wait)
{
    if (wait == NULL || !wait->known) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "p20_s");
    json_out_integer(out, wait->p20_s);
    json_out_key(out, "p50_s");
    json_out_integer(out, wait->p50_s);
    json_out_key(out, "p90_s");
    json_out_integer(out, wait->p90_s);
    write_minutes(out, wait);
    json_out_key(out, "within_share");
    json_out_permille(out, wait->within_permille);
    json_out_key(out, "as_of");
    json_out_time(out, wait->as_of_ms);
    json_out_close(out, '}');
}

void wait_json_minutes(struct json_out *out, const struct promise *wait)
{
    if (wait == NULL || !wait->known) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    write_minutes(out, wait);
    json_out_close(out, '}');
}
