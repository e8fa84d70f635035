/* Checks a print request; see request.h. Unknown members are ignored, so that a newer kiosk can say
 * more. */
#include "printer/request.h"

#include <string.h>

enum { MINUTES_A_DAY = 24 * 60 };

struct text_field {
    const char *key;
    char *into;
    size_t size;
    bool required;
};

static enum status parse_frame(const json_t *print, struct print_request *request,
                               const char **why);
static bool parse_kind(const json_t *print, enum request_kind *kind);
static enum status parse_ticket(const json_t *print, struct print_request *request,
                                const char **why);
static enum status parse_signpost(const json_t *print, struct print_request *request,
                                  const char **why);
static enum status parse_languages(const json_t *print, struct print_request *request);
static enum status copy_texts(const json_t *object, const struct text_field *fields, size_t count,
                              const char **why);
static enum status copy_text(const json_t *object, const char *key, char *into, size_t size,
                             bool required);
static enum status parse_ready(const json_t *print, struct print_request *request);
static enum status parse_wait(const json_t *print, struct print_request *request);
static enum status parse_ahead(const json_t *print, struct print_request *request);
static bool is_number(const char *text);
static bool is_language(const char *text);
static bool is_url(const char *text);
static bool is_printable(const char *text);
static bool is_absent(const json_t *value);

enum status request_parse(const json_t *print, struct print_request *request, const char **why)
{
    struct print_request made = {0};
    enum status status = request_parse_identity(print, made.ticket, &made.copy, why);
    if (status == STATUS_OK)
        status = parse_frame(print, &made, why);
    if (status != STATUS_OK)
        return status;
    switch (made.kind) {
    case REQUEST_TICKET: status = parse_ticket(print, &made, why); break;
    case REQUEST_SIGNPOST: status = parse_signpost(print, &made, why); break;
    case REQUEST_TEST:
        *why = "languages";
        status = parse_languages(print, &made);
        break;
    }
    if (status == STATUS_OK)
        *request = made;
    return status;
}

enum status request_parse_identity(const json_t *object, char ticket[QUARTER_ULID_LEN + 1],
                                   int *copy, const char **why)
{
    if (*why = "an object is expected", !json_is_object(object))
        return STATUS_INVALID;
    const char *text = json_string_value(json_object_get(object, "ticket"));
    if (*why = "ticket", !text || !request_is_ulid(text))
        return STATUS_INVALID;
    const json_t *number = json_object_get(object, "copy");
    json_int_t value = json_integer_value(number);
    if (*why = "copy", !json_is_integer(number) || value < 1 || value > REQUEST_COPY_MAX)
        return STATUS_INVALID;
    memcpy(ticket, text, QUARTER_ULID_LEN + 1);
    *copy = (int)value;
    return STATUS_OK;
}

bool request_is_ulid(const char *text)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    return strlen(text) == QUARTER_ULID_LEN && strspn(text, alphabet) == QUARTER_ULID_LEN &&
           text[0] <= '7';
}

/* What every slip has. */
static enum status parse_frame(const json_t *print, struct print_request *request, const char **why)
{
    const struct text_field texts[] = {
        {"language", request->language, sizeof(request->language), true},
        {"centre", request->centre, sizeof(request->centre), true},
        {"printed_at_local", request->printed_at, sizeof(request->printed_at), true},
        {"url", request->url, sizeof(request->url), false},
    };
    if (*why = "kind", !parse_kind(print, &request->kind))
        return STATUS_INVALID;
    if (copy_texts(print, texts, sizeof(texts) / sizeof(texts[0]), why) != STATUS_OK)
        return STATUS_INVALID;
    const char *direction = json_string_value(json_object_get(print, "direction"));
    *why = "direction";
    if (!direction || (strcmp(direction, "ltr") != 0 && strcmp(direction, "rtl") != 0))
        return STATUS_INVALID;
    request->right_to_left = strcmp(direction, "rtl") == 0;
    if (*why = "language", !is_language(request->language))
        return STATUS_INVALID;
    if (*why = "url", request->url[0] && !is_url(request->url))
        return STATUS_INVALID;
    return STATUS_OK;
}

/* An older kiosk only has tickets, and does not say so. */
static bool parse_kind(const json_t *print, enum request_kind *kind)
{
    static const char *const codes[] = {
        [REQUEST_TICKET] = "ticket", [REQUEST_SIGNPOST] = "signpost", [REQUEST_TEST] = "test"};
    const json_t *value = json_object_get(print, "kind");
    const char *code = is_absent(value) ? codes[REQUEST_TICKET] : json_string_value(value);
    for (size_t i = 0; code && i < sizeof(codes) / sizeof(codes[0]); i++)
        if (strcmp(code, codes[i]) == 0) {
            *kind = (enum request_kind)i;
            return true;
        }
    return false;
}

static enum status parse_ticket(const json_t *print, struct print_request *request,
                                const char **why)
{
    const struct text_field texts[] = {
        {"number", request->number, sizeof(request->number), true},
        {"service", request->service, sizeof(request->service), true},
        {"where", request->where, sizeof(request->where), false},
    };
    if (copy_texts(print, texts, sizeof(texts) / sizeof(texts[0]), why) != STATUS_OK)
        return STATUS_INVALID;
    if (*why = "number", !is_number(request->number))
        return STATUS_INVALID;
    if (*why = "have_ready", parse_ready(print, request))
        return STATUS_INVALID;
    if (*why = "ahead", parse_ahead(print, request))
        return STATUS_INVALID;
    if (*why = "wait", parse_wait(print, request))
        return STATUS_INVALID;
    return STATUS_OK;
}

static enum status parse_signpost(const json_t *print, struct print_request *request,
                                  const char **why)
{
    const struct text_field texts[] = {
        {"title", request->title, sizeof(request->title), true},
        {"text", request->text, sizeof(request->text), true},
    };
    return copy_texts(print, texts, sizeof(texts) / sizeof(texts[0]), why);
}

static enum status parse_languages(const json_t *print, struct print_request *request)
{
    const json_t *list = json_object_get(print, "languages");
    if (!json_is_array(list) || json_array_size(list) > QUARTER_LANGUAGES_MAX)
        return STATUS_INVALID;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_string_value(json_array_get(list, i));
        if (!code || strlen(code) >= REQUEST_LANGUAGE_BYTES || !is_language(code))
            return STATUS_INVALID;
        memcpy(request->languages[i], code, strlen(code) + 1);
    }
    request->language_count = json_array_size(list);
    return STATUS_OK;
}

static bool is_absent(const json_t *value)
{
    return !value || json_is_null(value);
}

static enum status copy_texts(const json_t *object, const struct text_field *fields, size_t count,
                              const char **why)
{
    for (size_t i = 0; i < count; i++) {
        *why = fields[i].key;
        if (copy_text(object, fields[i].key, fields[i].into, fields[i].size, fields[i].required))
            return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* A string, without control characters, that fits whole: a cut name would be a wrong name. */
static enum status copy_text(const json_t *object, const char *key, char *into, size_t size,
                             bool required)
{
    const json_t *value = json_object_get(object, key);
    if (is_absent(value))
        return required ? STATUS_INVALID : STATUS_OK;
    const char *text = json_string_value(value);
    if (!text || strlen(text) >= size || !is_printable(text) || (required && !text[0]))
        return STATUS_INVALID;
    memcpy(into, text, strlen(text) + 1);
    return STATUS_OK;
}

static bool is_printable(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
    return true;
}

static enum status parse_ready(const json_t *print, struct print_request *request)
{
    const json_t *list = json_object_get(print, "have_ready");
    if (is_absent(list))
        return STATUS_OK;
    if (!json_is_array(list) || json_array_size(list) > REQUEST_READY_MAX)
        return STATUS_INVALID;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text || !text[0] || strlen(text) >= REQUEST_TEXT_BYTES || !is_printable(text))
            return STATUS_INVALID;
        memcpy(request->have_ready[i], text, strlen(text) + 1);
    }
    request->have_ready_count = json_array_size(list);
    return STATUS_OK;
}

static enum status parse_ahead(const json_t *print, struct print_request *request)
{
    const json_t *ahead = json_object_get(print, "ahead");
    request->ahead = REQUEST_AHEAD_UNKNOWN;
    if (is_absent(ahead))
        return STATUS_OK;
    json_int_t value = json_integer_value(ahead);
    if (!json_is_integer(ahead) || value < 0 || value > QUARTER_TICKETS_MAX)
        return STATUS_INVALID;
    request->ahead = (int)value;
    return STATUS_OK;
}

static enum status parse_wait(const json_t *print, struct print_request *request)
{
    const json_t *wait = json_object_get(print, "wait");
    if (is_absent(wait))
        return STATUS_OK;
    const json_t *low = json_object_get(wait, "low_min");
    const json_t *high = json_object_get(wait, "high_min");
    json_int_t from = json_integer_value(low);
    json_int_t to = json_integer_value(high);
    if (!json_is_integer(low) || !json_is_integer(high) || from < 0 || to < from ||
        to > MINUTES_A_DAY)
        return STATUS_INVALID;
    request->has_wait = true;
    request->wait_low_min = (int)from;
    request->wait_high_min = (int)to;
    return STATUS_OK;
}

static bool is_number(const char *text)
{
    size_t letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    size_t digits = strspn(text + letters, "0123456789");
    return letters <= QUARTER_PREFIX_MAX && digits >= 1 && text[letters + digits] == '\0';
}

/* "en", "pa", "zh-Hant": it also names a catalogue's folder, so nothing else may pass. */
static bool is_language(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t first = strspn(text, letters);
    if (first < 2 || first > 3)
        return false;
    const char *rest = text + first;
    while (*rest == '-') {
        size_t part = strspn(rest + 1, letters);
        if (part == 0)
            return false;
        rest += 1 + part;
    }
    return *rest == '\0';
}

static bool is_url(const char *text)
{
    return (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) &&
           !strpbrk(text, " \"<>\\");
}
