/* See notice_json.h. */
#include "http/notice_json.h"

void notice_json_write(struct json_out *out, const struct event_notice_posted *notice)
{
    json_out_open(out, '{');
    json_out_key(out, "id");
    json_out_string(out, notice->notice);
    json_out_key(out, "template");
    json_out_string(out, notice_template_code(notice->notice_template));
    json_out_key(out, "service");
    json_out_string_or_null(out, notice->service[0] != '\0' ? notice->service : NULL);
    json_out_key(out, "minutes");
    if (notice->minutes > 0) {
        json_out_integer(out, notice->minutes);
    } else {
        json_out_null(out);
    }
    json_out_key(out, "until");
    json_out_time_or_null(out, notice->until_ms);
    json_out_close(out, '}');
}
