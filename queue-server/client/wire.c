/* Reads and writes the documents of the API that a kiosk and a display meet. A board view is filled
 * in a fresh heap copy and handed over only when the whole of it was right: it is tens of
 * kilobytes, too much for a stack. */
#include "client/wire.h"

#include <stdlib.h>
#include <string.h>

#include "edge.h"

enum { YEAR_S = 366 * 86400 };

/* Days since 1970-01-01; http://howardhinnant.github.io/date_algorithms.html#days_from_civil */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = year / 400; /* years before 0 are refused by the caller */
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool read_digits(const char **text, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (**text - '0');
    }
    *out = value;
    return true;
}

static bool read_mark(const char **text, char mark)
{
    return *(*text)++ == mark;
}

static int read_fraction_ms(const char **text)
{
    int ms = 0;
    if (**text != '.')
        return 0;
    (*text)++;
    for (int scale = 100; **text >= '0' && **text <= '9'; (*text)++, scale /= 10)
        ms += (**text - '0') * scale;
    return ms;
}

bool wire_read_time(const char *text, int64_t *utc_ms)
{
    int year, month, day, hour, minute, second;
    if (!read_digits(&text, 4, &year) || !read_mark(&text, '-') || !read_digits(&text, 2, &month) ||
        !read_mark(&text, '-') || !read_digits(&text, 2, &day) || !read_mark(&text, 'T') ||
        !read_digits(&text, 2, &hour) || !read_mark(&text, ':') ||
        !read_digits(&text, 2, &minute) || !read_mark(&text, ':') ||
        !read_digits(&text, 2, &second))
        return false;
    int ms = read_fraction_ms(&text);
    if (strcmp(text, "Z") != 0 || year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 ||
        hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t days = days_from_civil(year, month, day);
    *utc_ms = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms;
    return true;
}

static bool read_number(const json_t *object, char out[static QUARTER_NUMBER_MAX + 1])
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char *text = json_string_value(json_object_get(object, "number"));
    return text != NULL && text[0] != '\0' && text[strspn(text, allowed)] == '\0' &&
           edge_string(object, "number", out, QUARTER_NUMBER_MAX + 1);
}

static bool read_minutes(const json_t *object, int32_t *low_min, int32_t *high_min)
{
    return edge_int32(object, "low_min", 0, YEAR_S, low_min) &&
           edge_int32(object, "high_min", *low_min > 1 ? *low_min : 1, YEAR_S, high_min);
}

static bool read_wait_value(const json_t *wait, struct wait_range *out)
{
    *out = (struct wait_range){0};
    if (wait == NULL || json_is_null(wait))
        return true;
    bool right = json_is_object(wait) && edge_int32(wait, "p20_s", 0, YEAR_S, &out->p20_s) &&
                 edge_int32(wait, "p50_s", out->p20_s, YEAR_S, &out->p50_s) &&
                 edge_int32(wait, "p90_s", out->p50_s, YEAR_S, &out->p90_s) &&
                 read_minutes(wait, &out->low_min, &out->high_min) &&
                 edge_time_maybe(wait, "as_of", &out->as_of_ms);
    out->known = right && out->high_min <= WIRE_WAIT_MAX_MIN;
    return right;
}

static bool read_wait(const json_t *object, struct wait_range *out)
{
    return read_wait_value(json_object_get(object, "wait"), out);
}

static bool read_delayed(const json_t *object, struct wait_delay *out)
{
    *out = (struct wait_delay){0};
    const json_t *delayed = json_object_get(object, "delayed");
    if (delayed == NULL || json_is_null(delayed))
        return true;
    bool right = json_is_object(delayed) && edge_time(delayed, "since", &out->since_ms) &&
                 read_minutes(delayed, &out->low_min, &out->high_min);
    out->known = right && out->high_min <= WIRE_WAIT_MAX_MIN;
    return right;
}

static bool read_call(const json_t *object, struct board_call *out)
{
    return json_is_object(object) &&
           edge_int32(object, "announcement", 1, INT32_MAX, &out->announcement) &&
           edge_int32(object, "recalls", 0, INT32_MAX, &out->recalls) &&
           edge_time(object, "called_at", &out->called_at_ms) &&
           edge_code(object, "ticket", out->ticket, sizeof out->ticket) &&
           read_number(object, out->number) &&
           edge_code(object, "counter", out->counter, sizeof out->counter) &&
           edge_code_maybe(object, "language", out->language, sizeof out->language);
}

static bool read_calls(const json_t *document, struct board_view *view)
{
    const json_t *array;
    if (!edge_array(document, "calls", WIRE_CALLS_MAX, &array, &view->call_count))
        return false;
    for (int i = 0; i < view->call_count; i++)
        if (!read_call(json_array_get(array, (size_t)i), &view->calls[i]))
            return false;
    return true;
}

/* {"bsl": {...} or null, ...} */
static bool read_need_waits(const json_t *object, struct board_service *out)
{
    json_t *waits = json_object_get(object, "waits_by_need");
    const char *need;
    json_t *wait;
    out->need_wait_count = 0;
    if (waits == NULL || json_is_null(waits))
        return true;
    if (!json_is_object(waits) || json_object_size(waits) > QUARTER_NEEDS_MAX)
        return false;
    json_object_foreach(waits, need, wait)
    {
        struct need_wait *it = &out->need_waits[out->need_wait_count++];
        if (!edge_is_code(need) || strlen(need) > QUARTER_CODE_MAX ||
            !read_wait_value(wait, &it->wait))
            return false;
        memcpy(it->need, need, strlen(need) + 1);
    }
    return true;
}

static bool read_services(const json_t *document, struct board_view *view)
{
    const json_t *array;
    if (!edge_array(document, "services", QUARTER_SERVICES_MAX, &array, &view->service_count))
        return false;
    for (int i = 0; i < view->service_count; i++) {
        const json_t *object = json_array_get(array, (size_t)i);
        struct board_service *out = &view->services[i];
        if (!json_is_object(object) ||
            !edge_code(object, "service", out->service, sizeof out->service) ||
            !edge_int32(object, "waiting", 0, INT32_MAX, &out->waiting) ||
            !edge_int32(object, "ahead", 0, INT32_MAX, &out->ahead) ||
            !read_wait(object, &out->wait) || !read_delayed(object, &out->delayed) ||
            !read_need_waits(object, out))
            return false;
    }
    return true;
}

static bool add_notice_text(struct board_notice *notice, const char *language, const json_t *text)
{
    if (notice->language_count == QUARTER_LANGUAGES_MAX || !edge_is_code(language) ||
        strlen(language) > QUARTER_CODE_MAX)
        return false;
    int i = notice->language_count;
    if (!edge_copy(text, notice->texts[i], sizeof notice->texts[i]))
        return false;
    memcpy(notice->languages[i], language, strlen(language) + 1);
    notice->language_count++;
    return true;
}

/* What is null is not told. */
static bool read_template(const json_t *value, struct board_notice *out)
{
    const json_t *minutes = json_object_get(value, "minutes");
    return edge_code(value, "template", out->template_code, sizeof out->template_code) &&
           edge_code_maybe(value, "service", out->service, sizeof out->service) &&
           (minutes == NULL || json_is_null(minutes) ||
            edge_int32(value, "minutes", 0, INT32_MAX, &out->minutes));
}

/* {"template": "delay", ..} or {"text": {"en": "...", "ur": "..."}}; a bare string is taken for English. */
static bool read_notice(const json_t *value, struct board_notice *out)
{
    if (json_is_string(value))
        return add_notice_text(out, "en", value);
    if (json_object_get(value, "template") != NULL)
        return read_template(value, out);
    json_t *texts = json_object_get(value, "text");
    const char *language;
    json_t *text;
    if (!json_is_object(texts) || json_object_size(texts) == 0)
        return false;
    json_object_foreach(texts, language, text)
    {
        if (!add_notice_text(out, language, text))
            return false;
    }
    return true;
}

static bool read_notices(const json_t *document, struct board_view *view)
{
    const json_t *array;
    if (!edge_array(document, "notices", WIRE_NOTICES_MAX, &array, &view->notice_count))
        return false;
    for (int i = 0; i < view->notice_count; i++)
        if (!read_notice(json_array_get(array, (size_t)i), &view->notices[i]))
            return false;
    return true;
}

static bool read_help(const json_t *document, struct board_help *out)
{
    const json_t *help = json_object_get(document, "help");
    *out = (struct board_help){0};
    if (help == NULL || json_is_null(help))
        return true;
    out->called = json_is_object(help) && edge_time(help, "since", &out->since_ms) &&
                  edge_time_maybe(help, "answered_at", &out->answered_at_ms);
    return out->called;
}

static bool read_receipt(const json_t *document, struct ticket_receipt *out)
{
    return edge_code(document, "id", out->id, sizeof out->id) &&
           read_number(document, out->number) &&
           edge_code(document, "service", out->service, sizeof out->service) &&
           edge_code_maybe(document, "language", out->language, sizeof out->language) &&
           edge_code(document, "state", out->state, sizeof out->state) &&
           edge_int32(document, "ahead", 0, INT32_MAX, &out->ahead) &&
           read_wait(document, &out->wait) &&
           edge_time(document, "issued_at", &out->issued_at_ms) &&
           edge_string_maybe(document, "url", out->url, sizeof out->url);
}

static bool read_prints(const json_t *document, struct board_view *view)
{
    const json_t *array;
    if (!edge_array(document, "prints", WIRE_PRINTS_MAX, &array, &view->print_count))
        return false;
    for (int i = 0; i < view->print_count; i++) {
        const json_t *object = json_array_get(array, (size_t)i);
        struct board_print *out = &view->prints[i];
        if (!json_is_object(object) || !edge_code(object, "id", out->id, sizeof out->id) ||
            !read_receipt(json_object_get(object, "ticket"), &out->ticket))
            return false;
    }
    return true;
}

static bool read_view(const json_t *document, struct board_view *view)
{
    return edge_int64(document, "version", 0, INT64_MAX, &view->version) &&
           edge_time(document, "now", &view->clock.server_ms) &&
           edge_int32(document, "utc_offset_s", -86400, 86400, &view->clock.utc_offset_s) &&
           edge_string_maybe(document, "day", view->day, sizeof view->day) &&
           edge_bool(document, "open", &view->open) &&
           edge_time_maybe(document, "next_open", &view->next_open_ms) &&
           edge_string_maybe(document, "site_hash", view->site_hash, sizeof view->site_hash) &&
           edge_int32(document, "announcement", 0, INT32_MAX, &view->announcement) &&
           read_calls(document, view) && read_services(document, view) &&
           read_notices(document, view) && read_prints(document, view) &&
           read_help(document, &view->help);
}

enum status wire_read_board(const char *json, size_t length, int64_t heard_at_ms,
                            struct board_view *out)
{
    if (length > WIRE_BOARD_BYTES)
        return STATUS_TOO_LARGE;
    json_t *document = edge_parse(json, length);
    struct board_view *view = calloc(1, sizeof *view);
    enum status status = STATUS_INVALID;
    if (document != NULL && view != NULL && read_view(document, view)) {
        view->clock.heard_at_ms = heard_at_ms;
        *out = *view;
        status = STATUS_OK;
    }
    free(view);
    json_decref(document);
    return status;
}

enum status wire_read_beat(const char *json, size_t length, int64_t *now_ms)
{
    if (length > WIRE_RECEIPT_BYTES)
        return STATUS_TOO_LARGE;
    json_t *document = edge_parse(json, length);
    bool right = document != NULL && edge_time(document, "now", now_ms);
    json_decref(document);
    return right ? STATUS_OK : STATUS_INVALID;
}

enum status wire_read_receipt(const char *json, size_t length, struct ticket_receipt *out)
{
    if (length > WIRE_RECEIPT_BYTES)
        return STATUS_TOO_LARGE;
    json_t *document = edge_parse(json, length);
    struct ticket_receipt receipt = {0};
    bool right = document != NULL && read_receipt(document, &receipt);
    if (right) {
        (void)edge_bool(document, "nobody_serves", &receipt.nobody_serves); /* false unless said */
        *out = receipt;
    }
    json_decref(document);
    return right ? STATUS_OK : STATUS_INVALID;
}

void wire_read_problem(const char *json, size_t length, struct issue_refusal *out)
{
    static const char prefix[] = "/problems/";
    out->code[0] = out->detail[0] = '\0';
    json_t *document = length > WIRE_RECEIPT_BYTES ? NULL : edge_parse(json, length);
    if (document == NULL)
        return;
    const char *type = json_string_value(json_object_get(document, "type"));
    if (type != NULL && strncmp(type, prefix, sizeof prefix - 1) == 0) {
        const char *code = type + sizeof prefix - 1;
        if (edge_is_code(code) && strlen(code) < sizeof out->code)
            memcpy(out->code, code, strlen(code) + 1);
    }
    (void)edge_string(document, "detail", out->detail, sizeof out->detail);
    json_decref(document);
}

/* Sets a member unless the text is empty; false: out of memory or not UTF-8. */
static bool set_text(json_t *object, const char *name, const char *text)
{
    return text[0] == '\0' || json_object_set_new(object, name, json_string(text)) == 0;
}

/* Nothing was answered: nothing is sent. */
static bool set_answer(json_t *answers, const struct issue_answer *answer)
{
    if (!answer->is_list || answer->choice_count == 0)
        return set_text(answers, answer->question,
                        answer->choice_count > 0 ? answer->choices[0] : answer->text);
    json_t *codes = json_array();
    bool right = true;
    for (int i = 0; i < answer->choice_count && right; i++)
        right = json_array_append_new(codes, json_string(answer->choices[i])) == 0;
    right = right && json_object_set(answers, answer->question, codes) == 0;
    json_decref(codes);
    return right;
}

static char *write_object(json_t *body, bool right)
{
    char *text = right ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

char *wire_write_visit(const struct visit_request *request)
{
    json_t *body = json_object();
    bool right = set_text(body, "kind", request->kind) &&
                 set_text(body, "service", request->service) &&
                 set_text(body, "signpost", request->signpost) &&
                 set_text(body, "language", request->language) &&
                 set_text(body, "device", request->device) &&
                 set_text(body, "avoidable", request->avoidable);
    return write_object(body, right);
}

char *wire_write_help(const char *device, const char *language)
{
    json_t *body = json_object();
    bool right = set_text(body, "device", device) && set_text(body, "language", language);
    return write_object(body, right);
}

char *wire_write_print_done(bool printed)
{
    json_t *body = json_object();
    return write_object(body, set_text(body, "state", printed ? "printed" : "failed"));
}

char *wire_write_device_state(const char *device, const char *printer, const char *reason)
{
    json_t *body = json_object();
    json_t *reasons = json_array();
    json_t *told = json_object();
    bool right = set_text(body, "code", device) && set_text(told, "state", printer) &&
                 (reason[0] == '\0' || json_array_append_new(reasons, json_string(reason)) == 0) &&
                 json_object_set(told, "reasons", reasons) == 0 &&
                 (printer[0] != '\0' ? json_object_set(body, "printer", told)
                                     : json_object_set_new(body, "printer", json_null())) == 0;
    json_decref(told);
    json_decref(reasons);
    return write_object(body, right);
}

char *wire_write_issue(const struct issue_request *request)
{
    json_t *body = json_object();
    json_t *needs = json_array();
    json_t *answers = json_object();
    bool right = set_text(body, "service", request->service) &&
                 set_text(body, "language", request->language) &&
                 set_text(body, "device", request->device) &&
                 set_text(body, "avoidable", request->avoidable) &&
                 set_text(body, "class", request->ticket_class);
    for (int i = 0; i < request->need_count && right; i++)
        right = json_array_append_new(needs, json_string(request->needs[i])) == 0;
    for (int i = 0; i < request->answer_count && right; i++)
        right = set_answer(answers, &request->answers[i]);
    if (request->need_count > 0)
        right = right && json_object_set(body, "needs", needs) == 0;
    if (request->answer_count > 0)
        right = right && json_object_set(body, "answers", answers) == 0;
    json_decref(needs);
    json_decref(answers);
    return write_object(body, right);
}

static const struct wait_range *find_need_wait(const struct board_service *service,
                                               const char *need)
{
    for (int i = 0; i < service->need_wait_count; i++)
        if (strcmp(service->need_waits[i].need, need) == 0)
            return &service->need_waits[i].wait;
    return NULL;
}

const struct wait_range *board_wait_with_needs(const struct board_service *service,
                                               const char *const *needs, int need_count)
{
    const struct wait_range *wait = &service->wait;
    int restricting = 0;
    for (int i = 0; i < need_count; i++) {
        const struct wait_range *found = find_need_wait(service, needs[i]);
        if (found == NULL)
            continue;
        wait = found;
        restricting++;
    }
    return restricting < 2 ? wait : NULL;
}

const char *board_notice_text(const struct board_notice *notice, const char *language)
{
    const char *english = NULL;
    for (int i = 0; i < notice->language_count; i++) {
        if (strcmp(notice->languages[i], language) == 0)
            return notice->texts[i];
        if (strcmp(notice->languages[i], "en") == 0)
            english = notice->texts[i];
    }
    if (english != NULL)
        return english;
    return notice->language_count > 0 ? notice->texts[0] : "";
}
