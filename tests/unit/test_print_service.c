/* The print service's socket: bad lines, floods, clients that do not read, two at once, another
 * service's socket. No printer is there, so every job waits and says why; printing itself is
 * test_printing's. */
#include "printer/service.h"
#include "printer/wire.h"
#include "quarter/check.h"
#include "test_kit.h"

#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define TICKET "01ARZ3NDEKTSV4RRFFQ69G5FAV"
static const char PRINT[] =
    "{\"print\":{\"ticket\":\"" TICKET "\",\"copy\":1,\"language\":\"en\",\"direction\":\"ltr\","
    "\"centre\":\"Centre\",\"number\":\"H07\",\"service\":\"Housing\",\"printed_at_local\":\"10:"
    "43\","
    "\"where\":null,\"have_ready\":[],\"ahead\":4,\"wait\":null,\"url\":null}}\n";

struct trial {
    char folder[64], socket[96], spool[96];
    struct service_config config;
    pthread_t thread;
    enum status result;
};

struct peer {
    int fd;
    char bytes[65536];
    size_t size;
};

static enum status draw(void *context, const struct print_request *request, int width_px, int dpi,
                        struct page **page)
{
    (void)context, (void)request, (void)dpi;
    return page_create(width_px, 8, page);
}

static void *run(void *context)
{
    struct trial *trial = context;
    trial->result = service_run(&trial->config);
    return NULL;
}

static struct peer *try_connect(const struct trial *trial)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", trial->socket);
    struct peer *peer = calloc(1, sizeof(*peer));
    peer->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(peer->fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return peer;
    close(peer->fd);
    free(peer);
    return NULL;
}

/* It listens once its spool is on the disk. */
static struct peer *await_connect(const struct trial *trial)
{
    struct peer *peer = NULL;
    for (int tries = 0; tries < 500 && !(peer = try_connect(trial)); tries++)
        poll(NULL, 0, 10);
    CHECK(peer != NULL);
    return peer;
}

static void leave(struct peer *peer)
{
    close(peer->fd);
    free(peer);
}

/* The next line as JSON; NULL: the service closed the connection. */
static json_t *read_line(struct peer *peer)
{
    for (;;) {
        char *end = memchr(peer->bytes, '\n', peer->size);
        if (end) {
            size_t length = (size_t)(end - peer->bytes);
            json_t *document = json_loadb(peer->bytes, length, 0, NULL);
            assert_non_null(document);
            peer->size -= length + 1;
            memmove(peer->bytes, end + 1, peer->size);
            return document;
        }
        struct pollfd wait = {.fd = peer->fd, .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 10000), 1);
        assert_true(peer->size < sizeof(peer->bytes));
        ssize_t got = recv(peer->fd, peer->bytes + peer->size, sizeof(peer->bytes) - peer->size, 0);
        if (got <= 0)
            return NULL;
        peer->size += (size_t)got;
    }
}

static json_t *read_kind(struct peer *peer, const char *kind)
{
    for (;;) {
        json_t *document = read_line(peer);
        CHECK(document != NULL);
        json_t *inner = json_incref(json_object_get(document, kind));
        json_decref(document);
        if (inner)
            return inner;
    }
}

static void say(struct peer *peer, const char *text)
{
    assert_int_equal(send(peer->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void expect_error(struct peer *peer, const char *code)
{
    json_t *error = read_kind(peer, "error");
    assert_string_equal(json_string_value(json_object_get(error, "code")), code);
    assert_true(strlen(json_string_value(json_object_get(error, "detail"))) > 5);
    json_decref(error);
}

static void expect_job(struct peer *peer, const char *state, const char *reason)
{
    json_t *job = read_kind(peer, "job");
    assert_string_equal(json_string_value(json_object_get(job, "ticket")), TICKET);
    assert_int_equal(json_integer_value(json_object_get(job, "copy")), 1);
    assert_string_equal(json_string_value(json_object_get(job, "state")), state);
    if (reason)
        assert_string_equal(json_string_value(json_object_get(job, "reason")), reason);
    else
        assert_true(json_is_null(json_object_get(job, "reason")));
    json_decref(job);
}

/* Waits until the printer is known to be away, so that what follows has one order only. */
static struct peer *join(struct trial *trial)
{
    struct peer *peer = try_connect(trial);
    assert_non_null(peer);
    json_t *printer = read_kind(peer, "printer");
    assert_string_equal(json_string_value(json_object_get(printer, "state")), "gone");
    json_decref(printer);
    return peer;
}

static int start(void **state)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    snprintf(trial->folder, sizeof(trial->folder), "/tmp/quarter-service.XXXXXX");
    assert_non_null(mkdtemp(trial->folder));
    snprintf(trial->socket, sizeof(trial->socket), "%s/printer.sock", trial->folder);
    snprintf(trial->spool, sizeof(trial->spool), "%s/spool", trial->folder);
    trial->config = (struct service_config){
        .socket_path = trial->socket,
        .spool_folder = trial->spool,
        .printer_uri = "ipp://127.0.0.1:1/ipp/print", /* tcpmux: nobody is there */
        .wish = {.paper_width_mm = 80},
        .watch_ms = 200,
        .stop_fd = eventfd(0, EFD_CLOEXEC),
        .draw = draw,
    };
    assert_int_equal(pthread_create(&trial->thread, NULL, run, trial), 0);
    leave(await_connect(trial));
    *state = trial;
    return 0;
}

static void stop(struct trial *trial)
{
    uint64_t one = 1;
    assert_int_equal(write(trial->config.stop_fd, &one, sizeof(one)), sizeof(one));
    pthread_join(trial->thread, NULL);
    close(trial->config.stop_fd);
}

static int end(void **state)
{
    struct trial *trial = *state;
    stop(trial);
    assert_int_equal(trial->result, STATUS_OK);
    assert_int_equal(access(trial->socket, F_OK), -1); /* nothing is left behind but the spool */
    kit_remove_folder(trial->folder);
    free(trial);
    return 0;
}

static void the_socket_is_for_its_owner_only(void **state)
{
    struct trial *trial = *state;
    struct stat there;
    assert_int_equal(stat(trial->socket, &there), 0);
    assert_int_equal(there.st_mode & 07777, 0600);
    assert_int_equal(stat(trial->spool, &there), 0);
    assert_int_equal(there.st_mode & 07777, 0700);
}

static void a_job_waits_and_says_why(void **state)
{
    struct peer *peer = join(*state);
    say(peer, PRINT);
    expect_job(peer, "queued", "offline");
    say(peer, PRINT); /* again: the stored state */
    expect_job(peer, "queued", "offline");
    say(peer, "{\"cancel\":{\"ticket\":\"" TICKET "\",\"copy\":1}}\n");
    expect_job(peer, "failed", "canceled");
    say(peer, PRINT);
    expect_job(peer, "failed", "canceled");
    say(peer, "{\"cancel\":{\"ticket\":\"" TICKET "\",\"copy\":1}}\n");
    expect_job(peer, "failed", "canceled");
    leave(peer);
}

/* Silence is how a kiosk knows that this program is wedged; so it is never silent. */
static void the_printers_state_is_repeated(void **state)
{
    struct peer *peer = join(*state);
    for (int i = 0; i < 2; i++) {
        json_t *printer = read_kind(peer, "printer");
        assert_string_equal(json_string_value(json_object_get(printer, "state")), "gone");
        assert_string_equal(json_string_value(json_object_get(printer, "paper")), "gone");
        json_decref(printer);
    }
    leave(peer);
}

static void every_client_hears_of_every_job(void **state)
{
    struct peer *one = join(*state);
    struct peer *other = join(*state);
    say(one, PRINT);
    expect_job(one, "queued", "offline");
    expect_job(other, "queued", "offline");
    leave(one);
    say(other, "{\"cancel\":{\"ticket\":\"" TICKET "\",\"copy\":1}}\n");
    expect_job(other, "failed", "canceled");
    leave(other);
}

static void bad_lines_are_answered_and_the_connection_kept(void **state)
{
    struct peer *peer = join(*state);
    static const struct {
        const char *line, *code;
    } rows[] = {
        {"{\n", "malformed-json"},
        {"\x01\xff\n", "malformed-json"},
        {"\"\\\xe2\x82\xac\n", "malformed-json"}, /* the reader quotes half a letter */
        {"{\"print\":{},\"print\":{}}\n", "malformed-json"},
        {"[]\n", "unknown-message"},
        {"{}\n", "unknown-message"},
        {"{\"print\":null}\n", "invalid-field"},
        {"{\"print\":{\"ticket\":\"../../../etc/cron.d/x\",\"copy\":1}}\n", "invalid-field"},
        {"{\"print\":{\"ticket\":\"" TICKET "\",\"copy\":1}}\n", "invalid-field"},
        {"{\"cancel\":{\"ticket\":\"" TICKET "\"}}\n", "invalid-field"},
        {"{\"cancel\":{\"ticket\":\"" TICKET "\",\"copy\":9}}\n", "not-found"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        say(peer, rows[i].line);
        expect_error(peer, rows[i].code);
    }
    say(peer, "\n\n"); /* nothing is nothing */
    say(peer, PRINT);
    expect_job(peer, "queued", "offline");
    leave(peer);
}

static void a_refused_request_has_a_state_too(void **state)
{
    struct peer *peer = join(*state);
    say(peer, "{\"print\":{\"ticket\":\"" TICKET "\",\"copy\":1}}\n");
    expect_error(peer, "invalid-field");
    expect_job(peer, "failed", "not-valid");
    say(peer, PRINT); /* it was not stored: asked for rightly, it is taken */
    expect_job(peer, "queued", "offline");
    say(peer, "{\"print\":{\"ticket\":\"" TICKET "\",\"copy\":1}}\n");
    expect_job(peer, "queued", "offline"); /* and what is stored keeps its state */
    leave(peer);
}

static void a_line_may_come_in_pieces_and_two_at_once(void **state)
{
    struct peer *peer = join(*state);
    char half[64];
    snprintf(half, sizeof(half), "%.40s", PRINT);
    say(peer, half);
    poll(NULL, 0, 20);
    say(peer, PRINT + 40);
    expect_job(peer, "queued", "offline");
    say(peer, "{}\n{}\n");
    expect_error(peer, "unknown-message");
    expect_error(peer, "unknown-message");
    leave(peer);
}

static void a_line_without_end_closes_only_its_own_connection(void **state)
{
    struct peer *other = join(*state);
    struct peer *peer = join(*state);
    char *line = malloc(WIRE_LINE_BYTES + 1);
    memset(line, 'x', WIRE_LINE_BYTES);
    line[WIRE_LINE_BYTES] = '\0';
    say(peer, line);
    free(line);
    expect_error(peer, "line-too-long");
    assert_null(read_line(peer));
    leave(peer);
    say(other, PRINT);
    expect_job(other, "queued", "offline");
    leave(other);
}

static void a_client_that_does_not_read_is_dropped(void **state)
{
    struct peer *deaf = join(*state);
    struct peer *peer = join(*state);
    bool dropped = false;
    for (int i = 0; i < 200000 && !dropped; i++)
        dropped = send(deaf->fd, "{}\n", 3, MSG_NOSIGNAL) < 0;
    assert_true(dropped);
    say(peer, PRINT);
    expect_job(peer, "queued", "offline");
    leave(deaf);
    leave(peer);
}

static void too_many_clients_are_turned_away(void **state)
{
    struct peer *peers[WIRE_CLIENTS_MAX];
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++)
        peers[i] = join(*state);
    struct peer *extra = try_connect(*state);
    assert_non_null(extra);
    assert_null(read_line(extra));
    leave(extra);
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++)
        leave(peers[i]);
    for (int tries = 0; tries < 100; tries++) { /* places are free again once it has noticed */
        struct peer *peer = try_connect(*state);
        assert_non_null(peer);
        json_t *line = read_line(peer);
        leave(peer);
        json_decref(line);
        if (line)
            return;
    }
    fail_msg("nobody may come in any more");
}

static void a_second_service_does_not_take_the_place_of_the_first(void **state)
{
    struct trial *first = *state;
    struct service_config second = first->config;
    second.spool_folder = first->folder; /* a spool of its own */
    assert_int_equal(service_run(&second), STATUS_BUSY);
    second.spool_folder = first->spool;
    assert_int_equal(service_run(&second), STATUS_BUSY);
    char lock[128];
    snprintf(lock, sizeof(lock), "%s/lock", first->folder);
    unlink(lock);
    leave(join(first));
}

static void jobs_outlive_the_service(void **state)
{
    struct trial *trial = *state;
    struct peer *peer = join(trial);
    say(peer, PRINT);
    expect_job(peer, "queued", "offline");
    stop(trial);
    leave(peer);
    trial->config.stop_fd = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(pthread_create(&trial->thread, NULL, run, trial), 0);
    peer = await_connect(trial);
    say(peer, PRINT);
    json_t *job = read_kind(peer, "job");
    assert_string_equal(json_string_value(json_object_get(job, "state")), "queued");
    json_decref(job);
    leave(peer);
}

static void a_dead_services_socket_is_taken_over(void **state)
{
    struct trial *trial = *state;
    struct trial second = {.config = trial->config}; /* its result is its thread's to write */
    snprintf(second.socket, sizeof(second.socket), "%s/other.sock", trial->folder);
    snprintf(second.spool, sizeof(second.spool), "%s/other", trial->folder);
    second.config.socket_path = second.socket;
    second.config.spool_folder = second.spool;
    second.config.stop_fd = eventfd(1, EFD_CLOEXEC); /* ends at once */
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", second.socket);
    assert_int_equal(bind(dead, (struct sockaddr *)&address, sizeof(address)), 0);
    close(dead);
    assert_int_equal(service_run(&second.config), STATUS_OK);

    FILE *file = fopen(second.socket, "w"); /* but never a file that is no socket */
    fclose(file);
    assert_int_equal(service_run(&second.config), STATUS_INVALID);
    assert_int_equal(unlink(second.socket), 0);
    close(second.config.stop_fd);
    char lock[128];
    snprintf(lock, sizeof(lock), "%s/lock", second.spool);
    unlink(lock);
    rmdir(second.spool);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_socket_is_for_its_owner_only),
        TEST(a_job_waits_and_says_why),
        TEST(the_printers_state_is_repeated),
        TEST(every_client_hears_of_every_job),
        TEST(bad_lines_are_answered_and_the_connection_kept),
        TEST(a_refused_request_has_a_state_too),
        TEST(a_line_may_come_in_pieces_and_two_at_once),
        TEST(a_line_without_end_closes_only_its_own_connection),
        TEST(a_client_that_does_not_read_is_dropped),
        TEST(too_many_clients_are_turned_away),
        TEST(a_second_service_does_not_take_the_place_of_the_first),
        TEST(jobs_outlive_the_service),
        TEST(a_dead_services_socket_is_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
