/* Clients of the print service; see wire.h. */
#include "printer/wire.h"

#include "quarter/check.h"
#include "quarter/log.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct client {
    int fd;      /* -1: free */
    bool ending; /* closed once what it is owed has been sent */
    size_t in_size;
    char in[WIRE_LINE_BYTES];
    char *out;
    size_t out_size;
};

struct wire {
    int listener;
    struct sockaddr_un address;
    struct wire_handler handler;
    struct client clients[WIRE_CLIENTS_MAX];
};

static enum status bind_socket(int fd, const struct sockaddr_un *address);
static bool somebody_listens(const struct sockaddr_un *address);
static void accept_client(struct wire *wire);
static void read_client(struct wire *wire, int index);
static void take_lines(struct wire *wire, int index);
static void take_line(struct wire *wire, int index, const char *line, size_t length);
static void write_client(struct client *client);
static void queue_bytes(struct client *client, const char *bytes, size_t size);
static void drop(struct client *client, const char *why);

enum status wire_listen(const char *path, const struct wire_handler *handler, struct wire **wire)
{
    struct wire *made = calloc(1, sizeof(*made));
    if (!made)
        return STATUS_FULL;
    made->handler = *handler;
    made->address.sun_family = AF_UNIX;
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++)
        made->clients[i].fd = -1;
    enum status status = STATUS_INVALID;
    made->listener = -1;
    if (strlen(path) < sizeof(made->address.sun_path)) {
        memcpy(made->address.sun_path, path, strlen(path) + 1);
        made->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        status = made->listener < 0 ? STATUS_IO : bind_socket(made->listener, &made->address);
    }
    if (status == STATUS_OK && listen(made->listener, WIRE_CLIENTS_MAX) != 0)
        status = STATUS_IO;
    if (status != STATUS_OK) {
        if (made->listener >= 0)
            close(made->listener);
        free(made);
        return status;
    }
    *wire = made;
    return STATUS_OK;
}

void wire_close(struct wire *wire)
{
    if (!wire)
        return;
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++)
        if (wire->clients[i].fd >= 0) {
            write_client(&wire->clients[i]);
            drop(&wire->clients[i], NULL);
        }
    close(wire->listener);
    unlink(wire->address.sun_path);
    free(wire);
}

size_t wire_poll_set(const struct wire *wire, struct pollfd set[WIRE_POLL_MAX])
{
    size_t count = 0;
    set[count++] = (struct pollfd){.fd = wire->listener, .events = POLLIN};
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++) {
        const struct client *client = &wire->clients[i];
        if (client->fd < 0)
            continue;
        short events = client->out_size ? POLLOUT : 0;
        if (!client->ending)
            events |= POLLIN;
        set[count++] = (struct pollfd){.fd = client->fd, .events = events};
    }
    return count;
}

void wire_serve(struct wire *wire, const struct pollfd *set, size_t count)
{
    for (size_t s = 0; s < count; s++) {
        if (set[s].revents == 0)
            continue;
        if (set[s].fd == wire->listener) {
            accept_client(wire);
            continue;
        }
        for (int i = 0; i < WIRE_CLIENTS_MAX; i++) {
            struct client *client = &wire->clients[i];
            if (client->fd != set[s].fd)
                continue;
            if (set[s].revents & (POLLIN | POLLHUP | POLLERR))
                read_client(wire, i);
            if (client->fd >= 0 && client->out_size)
                write_client(client);
            break;
        }
    }
}

void wire_send(struct wire *wire, int client, const json_t *document)
{
    CHECK(client >= 0 && client < WIRE_CLIENTS_MAX);
    char *text = json_dumps(document, JSON_COMPACT);
    CHECK(text);
    queue_bytes(&wire->clients[client], text, strlen(text));
    queue_bytes(&wire->clients[client], "\n", 1);
    free(text);
    write_client(&wire->clients[client]);
}

void wire_broadcast(struct wire *wire, const json_t *document)
{
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++)
        if (wire->clients[i].fd >= 0)
            wire_send(wire, i, document);
}

void wire_send_error(struct wire *wire, int client, const char *code, const char *detail)
{
    json_t *document = json_pack("{s:{s:s, s:s}}", "error", "code", code, "detail", detail);
    CHECK(document);
    wire_send(wire, client, document);
    json_decref(document);
}

/* The socket is never open to others, not even for a moment: bind makes it under the umask. */
static enum status bind_socket(int fd, const struct sockaddr_un *address)
{
    struct stat there;
    if (lstat(address->sun_path, &there) == 0) {
        if (!S_ISSOCK(there.st_mode))
            return STATUS_INVALID;
        if (somebody_listens(address))
            return STATUS_BUSY;
        unlink(address->sun_path);
    }
    mode_t before = umask(0177);
    int result = bind(fd, (const struct sockaddr *)address, sizeof(*address));
    umask(before);
    return result == 0 ? STATUS_OK : STATUS_IO;
}

static bool somebody_listens(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return true;
    bool answered =
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno == EAGAIN;
    close(fd);
    return answered;
}

static void accept_client(struct wire *wire)
{
    int fd = accept4(wire->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    for (int i = 0; i < WIRE_CLIENTS_MAX; i++)
        if (wire->clients[i].fd < 0) {
            wire->clients[i].fd = fd;
            wire->clients[i].ending = false;
            wire->handler.joined(wire->handler.context, i);
            return;
        }
    log_warning("printer", "refused a client: %d are connected", WIRE_CLIENTS_MAX);
    close(fd);
}

static void read_client(struct wire *wire, int index)
{
    struct client *client = &wire->clients[index];
    if (client->ending) {
        drop(client, NULL); /* it hung up before it read the error */
        return;
    }
    ssize_t got =
        recv(client->fd, client->in + client->in_size, sizeof(client->in) - client->in_size, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        drop(client, NULL);
        return;
    }
    client->in_size += (size_t)got;
    take_lines(wire, index);
    if (client->fd >= 0 && !client->ending && client->in_size == sizeof(client->in)) {
        /* Where the next document begins can no longer be known. */
        wire_send_error(wire, index, "line-too-long", "A line may be at most 16 KiB long.");
        client->ending = true;
        if (client->out_size == 0)
            drop(client, "line too long");
    }
}

static void take_lines(struct wire *wire, int index)
{
    struct client *client = &wire->clients[index];
    size_t from = 0;
    for (size_t at = 0; at < client->in_size; at++) {
        if (client->in[at] != '\n')
            continue;
        take_line(wire, index, client->in + from, at - from);
        if (client->fd < 0)
            return;
        from = at + 1;
    }
    memmove(client->in, client->in + from, client->in_size - from);
    client->in_size -= from;
}

static void take_line(struct wire *wire, int index, const char *line, size_t length)
{
    if (length == 0)
        return;
    json_error_t error;
    json_t *document = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (document) {
        wire->handler.received(wire->handler.context, index, document);
    } else {
        char
            detail[64]; /* not jansson's own words: they quote the line, even half a letter of it */
        snprintf(detail, sizeof(detail), "Not a JSON document, at byte %d.", error.position);
        wire_send_error(wire, index, "malformed-json", detail);
    }
    json_decref(document);
}

static void write_client(struct client *client)
{
    if (client->fd < 0 || client->out_size == 0)
        return;
    ssize_t sent = send(client->fd, client->out, client->out_size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            client->ending =
                true; /* reading will find it gone; not dropped here, callers still hold it */
        return;
    }
    memmove(client->out, client->out + sent, client->out_size - (size_t)sent);
    client->out_size -= (size_t)sent;
    if (client->ending && client->out_size == 0)
        drop(client, "line too long");
}

static void queue_bytes(struct client *client, const char *bytes, size_t size)
{
    if (client->fd < 0 || client->ending)
        return;
    char *bigger = client->out_size + size <= WIRE_UNSENT_BYTES
                       ? realloc(client->out, client->out_size + size)
                       : NULL;
    if (!bigger) {
        drop(client, "it does not read");
        return;
    }
    memcpy(bigger + client->out_size, bytes, size);
    client->out = bigger;
    client->out_size += size;
}

static void drop(struct client *client, const char *why)
{
    if (why)
        log_warning("printer", "closed a client: %s", why);
    close(client->fd);
    free(client->out);
    client->out = NULL;
    client->out_size = client->in_size = 0;
    client->fd = -1;
}
