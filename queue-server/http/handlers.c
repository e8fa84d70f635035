/* What each route does. See handlers.h. */
#include "http/handlers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/exchange.h"
#include "http/find.h"
#include "http/json_out.h"
#include "http/words.h"
#include "quarter/check.h"
#include "quarter/log.h"

/* --- documents ------------------------------------------------------------------------------ */

enum MHD_Result handle_site(struct exchange *exchange)
{
    const struct site *site = exchange->edition->site;
    char etag[QUARTER_HASH_LEN + 3];
    (void)snprintf(etag, sizeof(etag), "\"%s\"", site_hash(site));
    return exchange_send_document(exchange, site_json(site), etag);
}

enum MHD_Result handle_openapi(struct exchange *exchange)
{
    const struct static_files *files = exchange->house->files;
    return exchange_send_document(exchange, static_files_openapi(files),
                                  static_files_openapi_etag(files));
}

static bool site_speaks(const struct site *site, const char *language)
{
    const struct rules *rules = site_rules(site);
    for (int i = 0; i < rules->language_count; i++) {
        if (strcmp(rules->languages[i], language) == 0) {
            return true;
        }
    }
    return false;
}

enum MHD_Result handle_words(struct exchange *exchange)
{
    const char *language = exchange->match.parameter;
    if (!site_speaks(exchange->edition->site, language)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND, NULL, NULL);
    }
    return exchange_send_json(exchange, MHD_HTTP_OK,
                              words_json(exchange->house->assets_dir, language));
}

enum MHD_Result handle_metrics(struct exchange *exchange)
{
    const struct house *house = exchange->house;
    return exchange_send_text(
        exchange, "text/plain; version=0.0.4; charset=utf-8",
        metrics_text(house->metrics, hub_stream_count(house->hub), clock_now_ms(house->clock)));
}

enum MHD_Result handle_health(struct exchange *exchange)
{
    const struct house *house = exchange->house;
    if (!desk_is_well(house->desk)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_STORED,
                                     "The journal takes no writes just now.", NULL);
    }
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "status");
    json_out_string(&out, "ok");
    json_out_key(&out, "version");
    json_out_string(&out, QUARTER_VERSION);
    json_out_key(&out, "now");
    json_out_time(&out, clock_now_ms(house->clock));
    json_out_key(&out, "clock_plausible");
    json_out_bool(&out, clock_is_plausible(house->clock));
    json_out_key(&out, "boot_id");
    json_out_string(&out, clock_boot_id(house->clock));
    json_out_key(&out, "site_hash");
    json_out_string(&out, site_hash(exchange->edition->site));
    json_out_key(&out, "site_errors");
    json_out_integer(&out, metrics_site_errors(house->metrics));
    json_out_close(&out, '}');
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

/* --- commands ------------------------------------------------------------------------------- */

typedef bool body_reader(json_t *object, const struct exchange *exchange, struct desk_job *job,
                         struct fault *fault);

/* A kiosk acts for itself; displays and printers ask for nothing of the queue's. */
static bool check_device(const struct exchange *exchange, const struct desk_job *job,
                         struct fault *fault)
{
    if (auth_may_act_for_device(exchange, job->command.device) &&
        (exchange->caller.kind != CALLER_DEVICE || exchange->caller.device.kind == DEVICE_KIOSK)) {
        return true;
    }
    *fault = (struct fault){.code = PROBLEM_NOT_ALLOWED};
    return false;
}

/* Checks key and body, then hands the command to the desk. */
static enum MHD_Result command(struct exchange *exchange, struct desk_job *job, body_reader *read)
{
    struct fault fault = {0};
    const char *key = exchange_header(exchange, "Idempotency-Key");
    if (key == NULL || !request_key_is_valid(key)) {
        desk_job_destroy(job);
        return exchange_send_problem(exchange, PROBLEM_KEY_REQUIRED, NULL, NULL);
    }
    json_t *object = request_object(exchange->body, exchange->body_length, &fault);
    const bool fine = object != NULL && read(object, exchange, job, &fault) &&
                      check_device(exchange, job, &fault);
    if (fine) {
        job->command.type = exchange->match.route->command;
        job->is_bound_to_counter = auth_is_bound_to_counter(exchange);
        (void)snprintf(job->command.actor, sizeof(job->command.actor), "%s",
                       exchange->caller.actor);
        (void)snprintf(job->key, sizeof(job->key), "%s", key);
        request_hash(exchange->method, exchange->path, object, job->body_hash);
    }
    json_decref(object);
    if (!fine) {
        desk_job_destroy(job);
        return exchange_send_fault(exchange, &fault);
    }
    return exchange_park(exchange, job);
}

/* Somebody booked for tomorrow has no place in today's queue. */
static bool is_of_today(const struct site *site, int64_t now_ms, int64_t at_ms)
{
    char today[QUARTER_DAY_LEN + 1];
    char day[QUARTER_DAY_LEN + 1];
    site_local_day(site, now_ms, today);
    site_local_day(site, at_ms, day);
    return strcmp(day, today) == 0;
}

static bool read_issue(json_t *object, const struct exchange *exchange, struct desk_job *job,
                       struct fault *fault)
{
    const int64_t now_ms = clock_now_ms(exchange->house->clock);
    if (!request_read_issue(object, now_ms, &job->command, fault)) {
        return false;
    }
    const int64_t appointment_ms = job->command.appointment_ms;
    if (appointment_ms != 0 && !is_of_today(exchange->edition->site, now_ms, appointment_ms)) {
        *fault = (struct fault){.code = PROBLEM_INVALID_FIELD,
                                .field = "appointment_at",
                                .detail = "The field \"appointment_at\" is not of today."};
        return false;
    }
    job->private_text = request_take_answers(object);
    return true;
}

static bool read_visit(json_t *object, const struct exchange *exchange, struct desk_job *job,
                       struct fault *fault)
{
    (void)exchange;
    return request_read_visit(object, &job->command, fault);
}

static bool read_help(json_t *object, const struct exchange *exchange, struct desk_job *job,
                      struct fault *fault)
{
    if (!request_read_help(object, &job->command, fault)) {
        return false;
    }
    if (!site_has_kiosk(exchange->edition->site, job->command.device)) {
        *fault = (struct fault){.code = PROBLEM_INVALID_FIELD,
                                .field = "device",
                                .detail = "This centre has no kiosk of that name."};
        return false;
    }
    return true;
}

static bool read_reserve(json_t *object, const struct exchange *exchange, struct desk_job *job,
                         struct fault *fault)
{
    (void)exchange;
    return request_read_reserve(object, &job->command, fault);
}

static bool read_counter_command(json_t *object, const struct exchange *exchange,
                                 struct desk_job *job, struct fault *fault)
{
    struct command *command = &job->command;
    switch ((int)exchange->match.route->command) {
    case COMMAND_FINISH:
        job->private_text = request_take_text(object, "reference");
        return request_read_finish(object, command, fault);
    case COMMAND_TRANSFER:
        job->private_text = request_take_text(object, "note");
        return request_read_transfer(object, command, fault);
    case COMMAND_RECALL:
    case COMMAND_START:
    case COMMAND_NO_SHOW:
    case COMMAND_PARK: return request_read_visitor(object, command, fault);
    case COMMAND_PAUSE_COUNTER: return request_read_pause(object, command, fault);
    case COMMAND_CALL: return request_read_call(object, command, fault);
    case COMMAND_TAKE_BACK: return request_read_take_back(object, command, fault);
    case COMMAND_UNDO: return request_read_undo(object, command, fault);
    case COMMAND_MOVE: return request_read_move(object, command, fault);
    default: return request_read_nothing(object, fault);
    }
}

static bool read_ticket_command(json_t *object, const struct exchange *exchange,
                                struct desk_job *job, struct fault *fault)
{
    switch ((int)exchange->match.route->command) {
    case COMMAND_EDIT: return request_read_edit(object, &job->command, fault);
    case COMMAND_HOLD: return request_read_hold(object, &job->command, fault);
    default: return request_read_nothing(object, fault);
    }
}

static bool read_notice(json_t *object, const struct exchange *exchange, struct desk_job *job,
                        struct fault *fault)
{
    return request_read_notice(object, clock_now_ms(exchange->house->clock), &job->command, fault);
}

static bool read_nothing(json_t *object, const struct exchange *exchange, struct desk_job *job,
                         struct fault *fault)
{
    (void)exchange;
    (void)job;
    return request_read_nothing(object, fault);
}

enum MHD_Result handle_issue(struct exchange *exchange)
{
    return command(exchange, desk_job_create(DESK_COMMAND), read_issue);
}

enum MHD_Result handle_visit(struct exchange *exchange)
{
    return command(exchange, desk_job_create(DESK_COMMAND), read_visit);
}

enum MHD_Result handle_help(struct exchange *exchange)
{
    return command(exchange, desk_job_create(DESK_COMMAND), read_help);
}

/* Answered or taken back: a kiosk that the site no longer has may still call. */
enum MHD_Result handle_help_end(struct exchange *exchange)
{
    if (!request_is_code(exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND, NULL, NULL);
    }
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    (void)snprintf(job->command.device, sizeof(job->command.device), "%.*s", QUARTER_CODE_MAX,
                   exchange->match.parameter);
    return command(exchange, job, read_nothing);
}

enum MHD_Result handle_numbers(struct exchange *exchange)
{
    return command(exchange, desk_job_create(DESK_COMMAND), read_reserve);
}

enum MHD_Result handle_day(struct exchange *exchange)
{
    return command(exchange, desk_job_create(DESK_COMMAND), read_nothing);
}

enum MHD_Result handle_counter(struct exchange *exchange)
{
    if (!request_is_code(exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_UNKNOWN_COUNTER, NULL, NULL);
    }
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    (void)snprintf(job->command.counter, sizeof(job->command.counter), "%.*s", QUARTER_CODE_MAX,
                   exchange->match.parameter);
    return command(exchange, job, read_counter_command);
}

static struct desk_job *ticket_job(struct exchange *exchange, enum desk_verb verb)
{
    struct desk_job *job = desk_job_create(verb);
    (void)snprintf(job->command.ticket_id, sizeof(job->command.ticket_id), "%.*s", QUARTER_ULID_LEN,
                   exchange->match.parameter);
    return job;
}

enum MHD_Result handle_ticket_command(struct exchange *exchange)
{
    if (!request_is_ulid(exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_UNKNOWN_TICKET, NULL, NULL);
    }
    return command(exchange, ticket_job(exchange, DESK_COMMAND), read_ticket_command);
}

enum MHD_Result handle_ticket_job(struct exchange *exchange, struct desk_job *job)
{
    return command(exchange, job, read_ticket_command);
}

enum MHD_Result handle_notice(struct exchange *exchange)
{
    return command(exchange, desk_job_create(DESK_COMMAND), read_notice);
}

enum MHD_Result handle_notice_end(struct exchange *exchange)
{
    if (!request_is_ulid(exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND, NULL, NULL);
    }
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    (void)snprintf(job->command.notice, sizeof(job->command.notice), "%.*s", QUARTER_ULID_LEN,
                   exchange->match.parameter);
    return command(exchange, job, read_nothing);
}

/* --- reading -------------------------------------------------------------------------------- */

enum MHD_Result handle_ticket(struct exchange *exchange)
{
    if (!request_is_ulid(exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_UNKNOWN_TICKET, NULL, NULL);
    }
    return exchange_park(exchange, ticket_job(exchange, DESK_TICKET));
}

static bool is_board(const struct exchange *exchange)
{
    const struct site *site = exchange->edition->site;
    const char *code = exchange->match.parameter;
    return site_has_kiosk(site, code) || site_has_display(site, code);
}

/* A kiosk that got no topic of its own sees what displays see, which is all but its own call for help. */
static int board_topic(const struct exchange *exchange)
{
    const char *code = exchange->match.parameter;
    if (!site_has_kiosk(exchange->edition->site, code)) {
        return TOPIC_BOARD;
    }
    const int topic = topics_get(exchange->house->topics, TOPIC_OF_KIOSK, code);
    if (topic < 0) {
        log_warning("http",
                    "too many kiosks and counters came and went, so that this one does not hear "
                    "whether its calls for help are answered; start the server again kiosk=%s",
                    code);
        return TOPIC_BOARD;
    }
    return topic;
}

static enum MHD_Result send_no_board(struct exchange *exchange)
{
    return exchange_send_problem(exchange, PROBLEM_NOT_FOUND,
                                 "This centre has no kiosk or display of that name.", NULL);
}

enum MHD_Result handle_board(struct exchange *exchange)
{
    if (!is_board(exchange)) {
        return send_no_board(exchange);
    }
    struct desk_job *job = desk_job_create(DESK_BOARD);
    job->topic = board_topic(exchange);
    return exchange_park(exchange, job);
}

enum MHD_Result handle_counters(struct exchange *exchange)
{
    return exchange_park(exchange, desk_job_create(DESK_COUNTERS));
}

enum MHD_Result handle_floor(struct exchange *exchange)
{
    return exchange_park(exchange, desk_job_create(DESK_FLOOR));
}

enum MHD_Result handle_today(struct exchange *exchange)
{
    return exchange_park(exchange, desk_job_create(DESK_TODAY));
}

enum MHD_Result handle_find(struct exchange *exchange)
{
    const char *number =
        MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, "number");
    if (number == NULL || !find_is_number(number)) {
        return exchange_send_problem(
            exchange, PROBLEM_INVALID_FIELD,
            "The field \"number\" must be a ticket's number, or part of one.", "number");
    }
    struct desk_job *job = desk_job_create(DESK_FIND);
    (void)snprintf(job->find, sizeof(job->find), "%s", number);
    return exchange_park(exchange, job);
}

/* --- forecasts ------------------------------------------------------------------------------ */

enum MHD_Result handle_forecast(struct exchange *exchange)
{
    return exchange_park(exchange, desk_job_create(DESK_FORECAST));
}

enum MHD_Result handle_score(struct exchange *exchange)
{
    return exchange_park(exchange, desk_job_create(DESK_SCORE));
}

enum MHD_Result handle_advice(struct exchange *exchange)
{
    return exchange_park(exchange, desk_job_create(DESK_ADVICE));
}

/* It changes nothing, so it needs no key. */
enum MHD_Result handle_what_if(struct exchange *exchange)
{
    struct fault fault = {0};
    struct what_if *what_if = calloc(1, sizeof(*what_if));
    CHECK(what_if != NULL);
    json_t *object = request_object(exchange->body, exchange->body_length, &fault);
    const bool fine = object != NULL && request_read_what_if(object, what_if, &fault);
    json_decref(object);
    if (!fine) {
        free(what_if);
        return exchange_send_fault(exchange, &fault);
    }
    struct desk_job *job = desk_job_create(DESK_WHAT_IF);
    job->what_if = what_if;
    return exchange_park(exchange, job);
}

static bool has_counter(const struct site *site, const char *code)
{
    const struct rules *rules = site_rules(site);
    for (int i = 0; i < rules->counter_count; i++) {
        if (strcmp(rules->counters[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

/* --- streams -------------------------------------------------------------------------------- */

static enum MHD_Result stream(struct exchange *exchange, const struct stream_request *request)
{
    struct stream_request lasting = *request;
    lasting.pass = pass_create(exchange);
    if (lasting.pass != NULL) {
        lasting.is_over = pass_is_over;
        lasting.destroy = pass_destroy;
        lasting.whose = exchange->caller.actor;
    }
    bool has_enough = false;
    struct MHD_Response *response =
        hub_join(exchange->house->hub, &lasting, exchange->connection, &has_enough);
    if (has_enough) {
        return exchange_send_problem(exchange, PROBLEM_TOO_MANY_STREAMS, NULL, NULL);
    }
    if (response == NULL) {
        return exchange_send_problem(exchange, PROBLEM_TOO_BUSY,
                                     "The server has no room for another stream just now.", NULL);
    }
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream") ==
          MHD_YES);
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") == MHD_YES);
    exchange_let_go_of_site(exchange); /* a stream lasts for days, a site until the next one */
    return exchange_send(exchange, MHD_HTTP_OK, response);
}

static void forget_device(void *devices, int place)
{
    device_states_leave(devices, place);
}

enum MHD_Result handle_board_stream(struct exchange *exchange)
{
    if (!is_board(exchange)) {
        return send_no_board(exchange);
    }
    struct device_states *devices = exchange->house->devices;
    const char *code = exchange->match.parameter;
    const enum device_kind kind =
        site_has_kiosk(exchange->edition->site, code) ? DEVICE_KIOSK : DEVICE_DISPLAY;
    /* Staff who look at its board do not make it be there. */
    const int place =
        exchange->caller.kind == CALLER_PERSON ? -1 : device_states_join(devices, kind, code);
    return stream(exchange, &(struct stream_request){.topic = board_topic(exchange),
                                                     .left = forget_device,
                                                     .left_context = devices,
                                                     .place = place});
}

enum MHD_Result handle_floor_stream(struct exchange *exchange)
{
    return stream(exchange, &(struct stream_request){.topic = TOPIC_FLOOR});
}

enum MHD_Result handle_manager_stream(struct exchange *exchange)
{
    return stream(exchange, &(struct stream_request){.topic = TOPIC_MANAGER});
}

enum MHD_Result handle_counter_stream(struct exchange *exchange)
{
    if (!has_counter(exchange->edition->site, exchange->match.parameter)) {
        return exchange_send_problem(exchange, PROBLEM_UNKNOWN_COUNTER, NULL, NULL);
    }
    const int topic =
        topics_get(exchange->house->topics, TOPIC_OF_COUNTER, exchange->match.parameter);
    if (topic < 0) {
        log_warning("http", "too many kiosks and counters came and went; start the server again");
        return exchange_send_problem(exchange, PROBLEM_TOO_BUSY,
                                     "Too many counters came and went since the server was "
                                     "started. Ask for it to be started again.",
                                     NULL);
    }
    return stream(exchange, &(struct stream_request){.topic = topic});
}

/* A reader that is ahead of the journal (restored from a backup, say) would miss all that happens until it has caught
 * up. The newest event may be read a moment before the hub has announced it. */
static bool is_ahead(const struct exchange *exchange, int64_t cursor)
{
    const struct house *house = exchange->house;
    return cursor > hub_serial(house->hub, TOPIC_EVENTS) && !event_feed_has(house->events, cursor);
}

/* Last-Event-ID says what the reader has; without it, it starts with what happens from now on. */
enum MHD_Result handle_event_stream(struct exchange *exchange)
{
    struct stream_request request = {.topic = TOPIC_EVENTS,
                                     .cursor = hub_serial(exchange->house->hub, TOPIC_EVENTS),
                                     .fetch = event_feed_fetch,
                                     .fetch_context = exchange->house->events};
    const char *last = exchange_header(exchange, "Last-Event-ID");
    if (last != NULL) {
        const size_t digits = strspn(last, "0123456789");
        if (digits == 0 || digits > 18 || last[digits] != '\0') {
            return exchange_send_problem(exchange, PROBLEM_INVALID_FIELD,
                                         "Last-Event-ID must be the number of an event.",
                                         "Last-Event-ID");
        }
        request.cursor = strtoll(last, NULL, 10);
        if (is_ahead(exchange, request.cursor)) {
            return exchange_send_problem(exchange, PROBLEM_INVALID_FIELD,
                                         "Last-Event-ID is past the end of the journal. Read it "
                                         "again from the start, from event 0.",
                                         "Last-Event-ID");
        }
    }
    return stream(exchange, &request);
}

/* --- pages ---------------------------------------------------------------------------------- */

static enum MHD_Result send_file(struct exchange *exchange, const char *name)
{
    struct static_file file;
    if (static_files_find(exchange->house->files, name, &file) != STATUS_OK) {
        return exchange_send_problem(exchange, PROBLEM_NOT_FOUND, NULL, NULL);
    }
    static char nothing[] = "";
    struct MHD_Response *response = NULL;
    int http_status = MHD_HTTP_OK;
    if (exchange_has_etag(exchange, file.etag)) {
        (void)close(file.fd);
        http_status = MHD_HTTP_NOT_MODIFIED;
        response = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    } else {
        response = MHD_create_response_from_fd(file.size, file.fd); /* takes the descriptor */
    }
    CHECK(response != NULL);
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, file.type) == MHD_YES);
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, file.etag) == MHD_YES);
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache") == MHD_YES);
    return exchange_send(exchange, http_status, response);
}

enum MHD_Result handle_choose_page(struct exchange *exchange)
{
    return send_file(exchange, "choose.html");
}

enum MHD_Result handle_manager_page(struct exchange *exchange)
{
    return send_file(exchange, "manager.html");
}

enum MHD_Result handle_counter_page(struct exchange *exchange)
{
    return has_counter(exchange->edition->site, exchange->match.parameter)
               ? send_file(exchange, "counter.html")
               : exchange_send_problem(exchange, PROBLEM_UNKNOWN_COUNTER, NULL, NULL);
}

/* It holds nothing but how to ask: whether the token is one, the page finds out. */
enum MHD_Result handle_visit_page(struct exchange *exchange)
{
    return send_file(exchange, "visit.html");
}

/* A page of the route's own name: "/sign-in" is sign-in.html. */
enum MHD_Result handle_page(struct exchange *exchange)
{
    char name[ROUTE_PARAMETER_MAX];
    (void)snprintf(name, sizeof(name), "%s.html", exchange->match.route->pattern + 1);
    return send_file(exchange, name);
}

enum MHD_Result handle_web_file(struct exchange *exchange)
{
    return send_file(exchange, exchange->match.parameter);
}
