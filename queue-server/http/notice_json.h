/* A notice as answers and boards tell it. */
#ifndef QUARTER_HTTP_NOTICE_JSON_H
#define QUARTER_HTTP_NOTICE_JSON_H

#include "engine/event.h"
#include "http/json_out.h"

void notice_json_write(struct json_out *out, const struct event_notice_posted *notice);

#endif
