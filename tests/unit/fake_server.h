/* An HTTP server of a hundred lines on a loopback port, for tests of the client: what it answers is
 * up to the test, down to the raw bytes and the moment the socket dies. One request a connection,
 * one thread a connection. */
#ifndef QUARTER_TESTS_FAKE_SERVER_H
#define QUARTER_TESTS_FAKE_SERVER_H

#include <stdbool.h>

struct fake_request {
    char method[8], path[128], key[160], if_none_match[160], authorization[200];
    char body[20000];
};

struct fake_server;

/* Writes the answer to fd, or nothing; the connection is closed when it returns. Runs on the
 * connection's thread. */
typedef void (*fake_answer_fn)(void *context, struct fake_server *server, int fd,
                               const struct fake_request *request);

struct fake_server *fake_server_start(fake_answer_fn answer, void *context);
const char *fake_server_url(const struct fake_server *server);
/* Hangs up on everybody and joins all threads. */
void fake_server_stop(struct fake_server *server);

void fake_send(int fd, const char *text);
/* Head with Content-Length and body. */
void fake_send_json(int fd, const char *status_line, const char *body);
/* Returns when the peer hangs up or the server stops. */
void fake_hold(struct fake_server *server, int fd);

#endif
