/* See paper_lines.h. */
#include "paper_lines.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "quarter/log.h"

int paper_copy(const struct paper_slip *slip)
{
    return slip->copy > 0 ? slip->copy : 1;
}

static json_t *string_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *list_of(const char *const *texts, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

static json_t *ticket_words(const struct paper_slip *slip)
{
    json_t *wait = slip->has_wait ? json_pack("{s:i,s:i}", "low_min", slip->wait_low_min,
                                              "high_min", slip->wait_high_min)
                                  : json_null();
    return json_pack("{s:s,s:s,s:s,s:o,s:o,s:i,s:o,s:o}", "kind", "ticket", "number", slip->number,
                     "service", slip->service, "where", string_or_null(slip->where), "have_ready",
                     list_of(slip->have_ready, slip->have_ready_count), "ahead", slip->ahead,
                     "wait", wait, "url", string_or_null(slip->url));
}

static json_t *words_of(const struct paper_slip *slip)
{
    switch (slip->kind) {
    case PAPER_TICKET: return ticket_words(slip);
    case PAPER_SIGNPOST:
        return json_pack("{s:s,s:s,s:s,s:o}", "kind", "signpost", "title", slip->title, "text",
                         slip->text, "url", string_or_null(slip->url));
    case PAPER_TEST:
        return json_pack("{s:s,s:o}", "kind", "test", "languages",
                         list_of(slip->languages, slip->language_count));
    }
    return NULL;
}

char *paper_write_slip(const struct paper_slip *slip)
{
    json_t *print =
        json_pack("{s:s,s:i,s:s,s:s,s:s,s:s}", "ticket", slip->ticket, "copy", paper_copy(slip),
                  "language", slip->language, "direction", slip->direction, "centre", slip->centre,
                  "printed_at_local", slip->printed_at);
    json_t *words = words_of(slip);
    bool whole = print != NULL && words != NULL && json_object_update(print, words) == 0;
    json_decref(words);
    json_t *document = whole ? json_pack("{s:O}", "print", print) : NULL;
    json_decref(print);
    char *text = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;
    json_decref(document);
    return text;
}

static bool read_job(const json_t *job, struct paper_news *news)
{
    static const struct {
        const char *code;
        enum journey_job job;
    } states[] = {{"queued", JOB_PRINTING},
                  {"printing", JOB_PRINTING},
                  {"printed", JOB_PRINTED},
                  {"failed", JOB_FAILED},
                  {"unknown", JOB_UNKNOWN}};
    const char *ticket = json_string_value(json_object_get(job, "ticket"));
    const char *state = json_string_value(json_object_get(job, "state"));
    json_int_t copy = json_integer_value(json_object_get(job, "copy"));
    size_t length = ticket != NULL ? strlen(ticket) : 0;
    if (ticket == NULL || copy < 1 || copy > INT_MAX || state == NULL || length > QUARTER_ULID_LEN)
        return false;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].code, state) != 0)
            continue;
        /* Queued with a reason is held up by it: nothing comes out as long as the visitor looks. */
        bool held = strcmp(state, "queued") == 0 && json_is_string(json_object_get(job, "reason"));
        *news = (struct paper_news){
            .is_job = true, .copy = (int)copy, .job = held ? JOB_FAILED : states[i].job};
        memcpy(news->ticket, ticket, length + 1);
        return true;
    }
    return false;
}

static bool read_printer(const json_t *printer, struct paper_news *news)
{
    static const struct {
        const char *code;
        enum journey_paper paper;
    } states[] = {{"ok", PAPER_READY},       {"low", PAPER_LOW},   {"out", PAPER_OUT},
                  {"jam", PAPER_JAM},        {"open", PAPER_OPEN}, {"gone", PAPER_GONE},
                  {"unknown", PAPER_UNKNOWN}};
    const char *paper = json_string_value(json_object_get(printer, "paper"));
    for (size_t i = 0; paper != NULL && i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i].code, paper) == 0) {
            *news = (struct paper_news){.paper = states[i].paper};
            return true;
        }
    return false;
}

static const char *error_code(const json_t *document)
{
    const char *code =
        json_string_value(json_object_get(json_object_get(document, "error"), "code"));
    return code != NULL ? code : "none";
}

bool paper_read_line(const char *line, struct paper_news *news)
{
    json_t *document = json_loads(line, 0, NULL);
    const json_t *job = json_object_get(document, "job");
    const json_t *printer = json_object_get(document, "printer");
    bool told = false;
    if (job != NULL)
        told = read_job(job, news);
    else if (printer != NULL)
        told = read_printer(printer, news);
    else
        log_warning("paper", "the printer refuses or is not understood code=%s",
                    error_code(document));
    json_decref(document);
    return told;
}
