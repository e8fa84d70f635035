/* One JSON document a line over a UNIX stream socket (mode 0600), for several clients, without ever
 * blocking: long lines, floods and clients that do not read are bounded and cost only themselves.
 * The service decides what the lines mean. */
#ifndef QUARTER_PRINTER_WIRE_H
#define QUARTER_PRINTER_WIRE_H

#include "quarter/status.h"

#include <jansson.h>
#include <poll.h>
#include <stddef.h>

enum {
    WIRE_CLIENTS_MAX = 16,
    WIRE_LINE_BYTES = 16 * 1024,
    WIRE_UNSENT_BYTES = 256 * 1024, /* a client that lets more pile up is dropped */
    WIRE_POLL_MAX = WIRE_CLIENTS_MAX + 1,
};

struct wire;

struct wire_handler {
    void *context;
    void (*joined)(void *context, int client);
    void (*received)(void *context, int client, const json_t *document);
};

/* Takes over a socket file that nobody listens on any more. BUSY: somebody does; INVALID: the path
 * is too long or no socket. */
enum status wire_listen(const char *path, const struct wire_handler *handler, struct wire **wire);
/* Sends what it can at once, closes all, removes the socket file. */
void wire_close(struct wire *wire);

size_t wire_poll_set(const struct wire *wire, struct pollfd set[WIRE_POLL_MAX]);
/* After poll(): reads, calls the handler, writes. A malformed line is answered with {"error"}, a
 * too long one ends the connection. */
void wire_serve(struct wire *wire, const struct pollfd *set, size_t count);

void wire_send(struct wire *wire, int client, const json_t *document);
void wire_broadcast(struct wire *wire, const json_t *document);
/* {"error":{"code":CODE,"detail":DETAIL}} */
void wire_send_error(struct wire *wire, int client, const char *code, const char *detail);

#endif
