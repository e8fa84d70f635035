/* Sockets and threads of the in-test HTTP server. Everything that fails here fails the test. */
#include "fake_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quarter/check.h"

enum { CONNECTIONS_MAX = 2048, HEAD_MAX = 8192 };

struct connection {
    struct fake_server *server;
    pthread_t thread;
    int fd;
};

struct fake_server {
    fake_answer_fn answer;
    void *context;
    int listener, stopped; /* an eventfd that becomes readable at the end */
    char url[64];
    pthread_t thread;
    int count;
    struct connection connections[CONNECTIONS_MAX];
};

/* False: the peer or the test ended first. */
static bool wait_readable(const struct fake_server *server, int fd)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN},
                            {.fd = server->stopped, .events = POLLIN}};
    CHECK(poll(fds, 2, -1) > 0);
    return fds[1].revents == 0;
}

static bool read_more(const struct fake_server *server, int fd, char *buffer, size_t *length,
                      size_t size)
{
    if (*length + 1 >= size || !wait_readable(server, fd))
        return false;
    ssize_t got = recv(fd, buffer + *length, size - 1 - *length, 0);
    if (got <= 0)
        return false;
    *length += (size_t)got;
    buffer[*length] = '\0';
    return true;
}

static void copy_header(const char *head, const char *name, char *out, size_t size)
{
    size_t length = strlen(name);
    out[0] = '\0';
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':')
            snprintf(out, size, "%.*s", (int)strcspn(line + 4 + length, "\r"), line + 4 + length);
}

static bool read_request(const struct fake_server *server, int fd, struct fake_request *request)
{
    char buffer[sizeof request->body + HEAD_MAX];
    size_t length = 0;
    char *end = NULL;
    buffer[0] = '\0';
    while ((end = strstr(buffer, "\r\n\r\n")) == NULL)
        if (!read_more(server, fd, buffer, &length, sizeof buffer))
            return false;
    CHECK(sscanf(buffer, "%7s %127s", request->method, request->path) == 2);
    char size_text[16];
    copy_header(buffer, "Content-Length", size_text, sizeof size_text);
    copy_header(buffer, "Idempotency-Key", request->key, sizeof request->key);
    copy_header(buffer, "If-None-Match", request->if_none_match, sizeof request->if_none_match);
    copy_header(buffer, "Authorization", request->authorization, sizeof request->authorization);
    size_t body = (size_t)strtoul(size_text, NULL, 10);
    size_t head = (size_t)(end + 4 - buffer);
    CHECK(body < sizeof request->body);
    while (length < head + body)
        if (!read_more(server, fd, buffer, &length, sizeof buffer))
            return false;
    memcpy(request->body, buffer + head, body);
    request->body[body] = '\0';
    return true;
}

static void *serve(void *context)
{
    struct connection *connection = context;
    struct fake_request *request = calloc(1, sizeof *request);
    CHECK(request != NULL);
    if (read_request(connection->server, connection->fd, request))
        connection->server->answer(connection->server->context, connection->server, connection->fd,
                                   request);
    free(request);
    close(connection->fd);
    return NULL;
}

static void *accept_all(void *context)
{
    struct fake_server *server = context;
    while (wait_readable(server, server->listener)) {
        int fd = accept(server->listener, NULL, NULL);
        CHECK(fd >= 0 && server->count < CONNECTIONS_MAX);
        struct connection *connection = &server->connections[server->count++];
        *connection = (struct connection){.server = server, .fd = fd};
        CHECK(pthread_create(&connection->thread, NULL, serve, connection) == 0);
    }
    return NULL;
}

struct fake_server *fake_server_start(fake_answer_fn answer, void *context)
{
    struct fake_server *server = calloc(1, sizeof *server);
    CHECK(server != NULL);
    server->answer = answer;
    server->context = context;
    server->stopped = eventfd(0, 0);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    CHECK(bind(server->listener, (struct sockaddr *)&address, size) == 0);
    CHECK(listen(server->listener, 64) == 0);
    CHECK(getsockname(server->listener, (struct sockaddr *)&address, &size) == 0);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(pthread_create(&server->thread, NULL, accept_all, server) == 0);
    return server;
}

const char *fake_server_url(const struct fake_server *server)
{
    return server->url;
}

void fake_server_stop(struct fake_server *server)
{
    CHECK(eventfd_write(server->stopped, 1) == 0);
    CHECK(pthread_join(server->thread, NULL) == 0);
    for (int i = 0; i < server->count; i++)
        CHECK(pthread_join(server->connections[i].thread, NULL) == 0);
    close(server->listener);
    close(server->stopped);
    free(server);
}

void fake_send(int fd, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the client hung up: its right */
        text += sent;
        length -= (size_t)sent;
    }
}

void fake_send_json(int fd, const char *status_line, const char *body)
{
    char head[256];
    snprintf(head, sizeof head,
             "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n",
             status_line, strlen(body));
    fake_send(fd, head);
    fake_send(fd, body);
}

void fake_hold(struct fake_server *server, int fd)
{
    char byte;
    while (wait_readable(server, fd))
        if (recv(fd, &byte, 1, 0) <= 0)
            return;
}
