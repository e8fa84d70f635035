/* The HTTP server. See server.h. */
#include "http/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http/door.h"
#include "http/exchange.h"
#include "http/inbox.h"
#include "http/site_watch.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    THREADS = 2,
    POOL_BYTES = 8 * 1024, /* a connection: its headers in, its answer's headers out */
    STACK_BYTES = 256 * 1024,
    /* the streams, and calls beside them; each thread has half, and not exactly half of what comes */
    CONNECTIONS_MAX = 1600,
    IDLE_S = 15, /* of a connection that neither sends nor takes anything */
    VANISHED_S =
        60, /* until one whose peer confirms nothing is over: a stream's beats keep it from being idle */
    UPLOAD_MS = 10000, /* for a whole body */
    HEAD_MS = 20000,   /* for the head of a request: past IDLE_S, it meets only dribblers */
    PARTING_MS = 1000, /* for the last answers, when the server stops */
    GRACE_MS = 10000,  /* after that we still listen, to answer; then no more */
    /* Of a body that is too large: read to its end, since closing on unread bytes resets the connection and the client
     * may never see the answer. Past this, we stop listening. */
    DRAIN_BYTES = 8 << 20,
    SEND_BUFFER =
        64 * 1024, /* of the kernel, a connection: what a stream that never reads can pile up */
    BACKLOG = 512,
};

struct server {
    struct house house;
    const struct site_edition *first; /* the forecast's thread begins with its zone and rules */
    struct site_watch *watch;         /* NULL: the site's folder is not watched */
    struct MHD_Daemon *daemon;
    unsigned idle_s;
    int socket;
    uint16_t port;
    struct guard guard;
    const struct tls_identity *tls; /* borrowed; NULL: none */
    atomic_bool is_leaving;         /* nobody new is let in */
};

/* --- one request ---------------------------------------------------------------------------- */

static struct guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    CHECK(info != NULL && info->socket_context != NULL);
    return info->socket_context;
}

static struct exchange *begin(const struct house *house, struct MHD_Connection *connection,
                              const char *url, const char *method)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));
    CHECK(exchange != NULL);
    exchange->house = house;
    exchange->edition = site_book_hold(house->sites);
    exchange->connection = connection;
    exchange->method = method; /* lives as long as the request */
    exchange->started_ms = inbox_monotonic_ms();
    if (strlen(url) < sizeof(exchange->path)) {
        memcpy(exchange->path, url, strlen(url) + 1);
    }
    door_asked(house->door, guest_of(connection));
    routes_match(method, exchange->path, &exchange->match);
    return exchange;
}

static int64_t age_ms(const struct exchange *exchange)
{
    return inbox_monotonic_ms() - exchange->started_ms;
}

static void take_body(struct exchange *exchange, const char *data, size_t size)
{
    exchange->body_total += size;
    if (exchange->body_total > QUARTER_BODY_BYTES) {
        return; /* read and thrown away, so that the client hears the answer */
    }
    if (exchange->body_length + size > exchange->body_capacity) {
        size_t capacity = exchange->body_capacity == 0 ? 512 : exchange->body_capacity;
        while (capacity < exchange->body_length + size) {
            capacity *= 2;
        }
        char *body = realloc(exchange->body, capacity);
        CHECK(body != NULL);
        exchange->body = body;
        exchange->body_capacity = capacity;
    }
    memcpy(exchange->body + exchange->body_length, data, size);
    exchange->body_length += size;
}

static enum MHD_Result receive(struct exchange *exchange, const char *data, size_t *size)
{
    take_body(exchange, data, *size);
    *size = 0;
    const bool is_late = age_ms(exchange) > exchange->house->upload_ms + GRACE_MS;
    /* libmicrohttpd takes no answer in the middle of an upload: the connection is dropped. */
    return is_late || exchange->body_total > DRAIN_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result answer(struct exchange *exchange)
{
    if (exchange->stage == EXCHANGE_PARKED) {
        return exchange_finish(exchange);
    }
    auth_resolve(exchange);
    const enum problem_code problem = auth_judge(exchange);
    if (problem != PROBLEM_NONE) {
        if (problem == PROBLEM_NOT_ALLOWED) {
            auth_note(exchange, problem);
        }
        return exchange_send_problem(exchange, problem, NULL, NULL);
    }
    if (exchange->body_total > QUARTER_BODY_BYTES) {
        return exchange_send_problem(exchange, PROBLEM_BODY_TOO_LARGE, NULL, NULL);
    }
    if (exchange->body_total > 0 && age_ms(exchange) > exchange->house->upload_ms) {
        return exchange_send_problem(exchange, PROBLEM_TIMEOUT, NULL, NULL);
    }
    return exchange->match.route->handler(exchange);
}

/* A body announced as far too large is not even begun. */
static bool is_hopeless(const struct exchange *exchange)
{
    const char *length = exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length != NULL && strtoull(length, NULL, 10) > DRAIN_BYTES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_size, void **state)
{
    const struct house *house = context;
    (void)version;
    if (*state == NULL) {
        struct exchange *exchange = begin(house, connection, url, method);
        *state = exchange;
        return is_hopeless(exchange)
                   ? exchange_send_problem(exchange, PROBLEM_BODY_TOO_LARGE, NULL, NULL)
                   : MHD_YES;
    }
    struct exchange *exchange = *state;
    if (exchange->stage == EXCHANGE_ANSWERED) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        return receive(exchange, upload_data, upload_size);
    }
    return answer(exchange);
}

static void completed(void *context, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code)
{
    const struct house *house = context;
    (void)code;
    exchange_destroy(*state);
    *state = NULL;
    door_answered(house->door, guest_of(connection));
}

/* Not MHD_quiesce_daemon(), whose threads and ours may both take the socket from the same epoll set: it ends the
 * process then (0.9.75). */
static enum MHD_Result let_in(void *context, const struct sockaddr *address, socklen_t size)
{
    const struct server *server = context;
    (void)address;
    (void)size;
    return atomic_load(&server->is_leaving) ? MHD_NO : MHD_YES;
}

static void came_or_went(void *context, struct MHD_Connection *connection, void **guest,
                         enum MHD_ConnectionNotificationCode code)
{
    const struct house *house = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        door_leave(house->door, *guest);
        *guest = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    CHECK(info != NULL);
    *guest = door_enter(house->door, info->connect_fd);
}

/* Paths stay as they were sent: none of ours needs an escape, and what is never unescaped hides nothing. */
static size_t keep_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void log_microhttpd(void *context, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static void log_microhttpd(void *context, const char *format, va_list arguments)
{
    char line[256];
    (void)context;
    (void)vsnprintf(line, sizeof(line), format, arguments);
    line[strcspn(line, "\n")] = '\0';
    log_debug("http", "%s", line);
}

/* --- the server ----------------------------------------------------------------------------- */

static enum status say(char *error, size_t size, enum status status, const char *what)
{
    (void)snprintf(error, size, "%s: %s", what, strerrordesc_np(errno));
    return status;
}

static enum status open_socket(struct server *server, const struct sockaddr_storage *listen_on,
                               char *error, size_t error_size)
{
    const int on = 1, send_buffer = SEND_BUFFER;
    const unsigned vanished_ms = VANISHED_S * 1000;
    struct sockaddr_storage address = *listen_on;
    socklen_t size =
        address.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    server->socket = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->socket < 0) {
        return say(error, error_size, STATUS_IO, "no socket can be made");
    }
    (void)setsockopt(server->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    /* Accepted connections inherit both. */
    (void)setsockopt(server->socket, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof(send_buffer));
    (void)setsockopt(server->socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &vanished_ms,
                     sizeof(vanished_ms));
    if (bind(server->socket, (const struct sockaddr *)&address, size) != 0 ||
        listen(server->socket, BACKLOG) != 0) {
        return say(error, error_size, STATUS_UNAVAILABLE,
                   "--listen: the address cannot be listened on");
    }
    CHECK(getsockname(server->socket, (struct sockaddr *)&address, &size) == 0);
    if (address.ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &address, sizeof(v6));
        server->port = ntohs(v6.sin6_port);
    } else {
        struct sockaddr_in v4;
        memcpy(&v4, &address, sizeof(v4));
        server->port = ntohs(v4.sin_port);
    }
    return STATUS_OK;
}

static enum status start_daemon(struct server *server, char *error, size_t error_size)
{
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                           MHD_USE_ERROR_LOG | (server->tls != NULL ? MHD_USE_TLS : 0U);
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->tls != NULL ? server->tls->key_pem : NULL},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->tls != NULL ? server->tls->certificate_pem : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, tls_priorities()},
        {MHD_OPTION_END, 0, NULL}};
    static const struct MHD_OptionItem no_tls[] = {{MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(
        flags, 0, let_in, server, handle, &server->house, MHD_OPTION_EXTERNAL_LOGGER,
        log_microhttpd, NULL, MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)THREADS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, server->idle_s,
        MHD_OPTION_NOTIFY_COMPLETED, completed, &server->house, MHD_OPTION_NOTIFY_CONNECTION,
        came_or_went, &server->house, MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL,
        MHD_OPTION_ARRAY, server->tls != NULL ? tls : no_tls, MHD_OPTION_END);
    return server->daemon != NULL ? STATUS_OK
                                  : say(error, error_size, STATUS_IO, "HTTP cannot be started");
}

static enum status open_sites(struct server *server, const struct server_config *config,
                              char *error, size_t error_size)
{
    const enum status status = site_book_create(config->site, config->policy, &server->house.sites);
    if (status != STATUS_OK) {
        (void)snprintf(error, error_size, "there is no policy \"%s\"", config->policy);
        return status;
    }
    server->house.topics = topics_create();
    server->first = site_book_hold(server->house.sites);
    return STATUS_OK;
}

/* --- a changed site ------------------------------------------------------------------------- */

/* Somebody waits for the desk. */
struct waiting_for {
    struct desk_job *job;
    sem_t done;
};

static void tell_done(void *context)
{
    struct waiting_for *waiting = context;
    CHECK(sem_post(&waiting->done) == 0);
}

/* On the watch's thread. */
static bool apply_site(void *context, struct site *site)
{
    struct server *server = context;
    struct waiting_for waiting = {.job = desk_job_create(DESK_SITE)};
    CHECK(sem_init(&waiting.done, 0, 0) == 0);
    waiting.job->edition = site_book_prepare(server->house.sites, site);
    waiting.job->done = tell_done;
    waiting.job->context = &waiting;
    enum problem_code problem = desk_submit(server->house.desk, waiting.job);
    if (problem == PROBLEM_NONE) {
        while (sem_wait(&waiting.done) != 0) {
            CHECK(errno == EINTR);
        }
        problem = waiting.job->problem;
    }
    if (problem != PROBLEM_NONE) {
        log_error("site", "the changed site is not in force; the running one goes on: %s",
                  waiting.job->detail[0] != '\0' ? waiting.job->detail
                                                 : problem_get(problem)->sentence);
    }
    desk_job_destroy(waiting.job);
    CHECK(sem_destroy(&waiting.done) == 0);
    return problem == PROBLEM_NONE;
}

/* Likewise. */
static void tell_site_errors(void *context, int errors)
{
    struct server *server = context;
    metrics_set_site_errors(server->house.metrics, errors);
    desk_poke(server->house.desk);
}

static enum status watch_site(struct server *server, const struct server_config *config,
                              char *error, size_t error_size)
{
    if (config->site_dir == NULL) {
        return STATUS_OK;
    }
    const struct site_watch_config watch = {.dir = config->site_dir,
                                            .hash = site_hash(config->site),
                                            .settle_ms = config->settle_ms,
                                            .apply = apply_site,
                                            .tell = tell_site_errors,
                                            .context = server};
    return site_watch_start(&watch, &server->watch) == STATUS_OK
               ? STATUS_OK
               : say(error, error_size, STATUS_IO, "the site's folder cannot be watched");
}

void server_reload_site(struct server *server)
{
    if (server->watch != NULL) {
        site_watch_poke(server->watch);
    }
}

/* On whichever thread heard of it, after the server answers and before the desk is destroyed. */
static void tell_devices(void *context)
{
    struct server *server = context;
    desk_poke(server->house.desk);
}

static void patrol(void *door)
{
    const size_t shown_out = door_patrol(door);
    if (shown_out > 0) {
        log_info("http", "ended connections that asked for nothing count=%zu", shown_out);
    }
}

static enum status open_house(struct server *server, const struct server_config *config,
                              char *error, size_t error_size)
{
    struct house *house = &server->house;
    house->assets_dir = config->assets_dir;
    house->clock = clock_create(&config->clock);
    house->metrics = metrics_create();
    house->devices = device_states_create(house->clock, tell_devices, server);
    house->door = door_create(config->head_ms > 0 ? config->head_ms : HEAD_MS);
    enum status status = static_files_open(config->assets_dir, &house->files, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    if (!config->no_forecast) {
        house->forecasts = forecast_thread_create(&(struct forecast_config){
            .study = {.store = config->store, .site = config->site, .rules = &server->first->rules},
            .metrics = house->metrics});
    }
    const struct visits_config visits = {
        .key_dir = config->store.key_dir, .clock = house->clock, .beat_ms = config->beat_ms};
    status = visits_create(&visits, &house->visits, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    const struct desk_config desk = {.store = config->store,
                                     .site = config->site,
                                     .rules = &server->first->rules,
                                     .sites = house->sites,
                                     .topics = house->topics,
                                     .devices = house->devices,
                                     .people = house->people,
                                     .visits = house->visits,
                                     .clock = house->clock,
                                     .metrics = house->metrics,
                                     .forecasts = house->forecasts};
    status = desk_create(&desk, &house->desk, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    status = event_feed_open(&config->store, &house->events);
    if (status != STATUS_OK) {
        (void)snprintf(error, error_size, "the journal cannot be read: %s", status_text(status));
        return status;
    }
    visits_start(house->visits, desk_poke, house->desk);
    const struct hub_config hub = {.topic_count = TOPICS_MAX,
                                   .beat_ms = config->beat_ms,
                                   .clock = house->clock,
                                   .wanted = desk_poke,
                                   .wanted_context = house->desk,
                                   .each_beat = patrol,
                                   .beat_context = house->door};
    house->hub = hub_create(&hub);
    desk_start(house->desk, house->hub);
    return STATUS_OK;
}

static int64_t people_now(void *clock)
{
    return clock_now_ms(clock);
}

/* Who is signed in outlasts a demo's day, so their time is the system's. */
static enum status open_people(struct server *server, const struct server_config *config,
                               char *error, size_t error_size)
{
    struct house *house = &server->house;
    house->is_tls = config->tls != NULL;
    house->cookie = house->is_tls ? "__Host-quarter" : "quarter";
    house->guard = &server->guard;
    house->people_clock = clock_create(&(struct clock_config){.build_ms = config->clock.build_ms});
    if (config->people.path == NULL) {
        return STATUS_OK;
    }
    struct people_config people = config->people;
    if (people.now_ms == NULL) {
        people.now_ms = people_now;
        people.clock = house->people_clock;
    }
    house->people_now = people.now_ms;
    house->people_now_context = people.clock;
    if (config->tls != NULL) {
        memcpy(people.pin, config->tls->pin, sizeof(people.pin));
    }
    return people_open(&people, &house->people, error, error_size);
}

/* Whoever may listen to a network has to know who asks. */
static enum status judge_address(const struct server_config *config, char *error, size_t error_size)
{
    if (config->people.path == NULL && !guard_is_loopback(config->listen)) {
        (void)snprintf(error, error_size, "%s", SERVER_LOOPBACK_ONLY);
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

enum status server_start(const struct server_config *config, struct server **server, char *error,
                         size_t error_size)
{
    enum status status = judge_address(config, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    struct server *started = calloc(1, sizeof(*started));
    CHECK(started != NULL);
    started->socket = -1;
    started->idle_s = config->idle_s > 0 ? config->idle_s : IDLE_S;
    started->house.upload_ms = config->upload_ms > 0 ? config->upload_ms : UPLOAD_MS;
    started->tls = config->tls;
    started->guard = config->guard;
    status = open_sites(started, config, error, error_size);
    if (status == STATUS_OK) {
        status = open_socket(started, config->listen, error, error_size);
    }
    if (status == STATUS_OK) {
        status = open_people(started, config, error, error_size);
    }
    if (status == STATUS_OK) {
        status = open_house(started, config, error, error_size);
    }
    if (status == STATUS_OK) {
        status = start_daemon(started, error, error_size);
    }
    if (status == STATUS_OK) {
        status = watch_site(started, config, error, error_size);
    }
    if (status != STATUS_OK) {
        server_stop(started);
        return status;
    }
    *server = started;
    return STATUS_OK;
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

bool server_take_set_up_code(struct server *server, char code[PEOPLE_CODE_LEN + 1])
{
    return server->house.people != NULL && people_take_set_up_code(server->house.people, code);
}

bool server_is_alive(const struct server *server)
{
    return desk_is_alive(server->house.desk);
}

/* No suspended connection may be left for MHD_stop_daemon(): the desk and the forecast's thread resume the parked ones,
 * the hub the streams. */
void server_stop(struct server *server)
{
    if (server == NULL) {
        return;
    }
    struct house *house = &server->house;
    site_watch_stop(server->watch); /* the desk still answers it */
    atomic_store(&server->is_leaving, true);
    if (house->desk != NULL) {
        desk_stop(house->desk);
    }
    if (house->forecasts != NULL) {
        forecast_thread_stop(house->forecasts);
    }
    if (house->hub != NULL) {
        hub_stop(house->hub);
    }
    visits_stop(house->visits);
    if (house->people != NULL) {
        people_stop(house->people);
    }
    if (server->daemon != NULL) {
        door_wait_for_answers(house->door, PARTING_MS); /* it drops what is not yet written */
        MHD_stop_daemon(server->daemon);                /* and closes the socket */
        server->socket = -1;
    }
    if (server->socket >= 0) {
        (void)close(server->socket);
    }
    hub_destroy(house->hub);
    desk_destroy(house->desk);
    visits_destroy(house->visits);
    forecast_thread_destroy(house->forecasts);
    people_close(house->people);
    clock_destroy(house->people_clock);
    event_feed_close(house->events);
    static_files_close(house->files);
    metrics_destroy(house->metrics);
    door_destroy(house->door);
    clock_destroy(house->clock);
    topics_destroy(house->topics);
    device_states_destroy(house->devices);
    if (server->first != NULL) {
        site_book_release(house->sites, server->first);
    }
    site_book_destroy(house->sites);
    free(server);
}
