/* See ipp_peer.h. */
#include "ipp_peer.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quarter/check.h"

static void *attend(void *context)
{
    struct peer_door *door = context;
    while (!atomic_load(&door->stop)) {
        struct pollfd wait = {.fd = door->listener, .events = POLLIN};
        if (poll(&wait, 1, 20) <= 0)
            continue;
        int fd = accept(door->listener, NULL, NULL);
        if (fd < 0)
            continue;
        door->converse(door->context, fd);
        close(fd);
    }
    return NULL;
}

void peer_door_open(struct peer_door *door)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    door->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(door->listener, (struct sockaddr *)&address, size) == 0);
    CHECK(listen(door->listener, 16) == 0);
    CHECK(getsockname(door->listener, (struct sockaddr *)&address, &size) == 0);
    door->port = ntohs(address.sin_port);
    atomic_init(&door->stop, false);
    CHECK(pthread_create(&door->thread, NULL, attend, door) == 0);
}

void peer_door_stop(struct peer_door *door)
{
    atomic_store(&door->stop, true);
    CHECK(pthread_join(door->thread, NULL) == 0);
}

void peer_door_close(struct peer_door *door)
{
    close(door->listener);
}

static ssize_t put(void *context, ipp_uchar_t *bytes, size_t size)
{
    struct peer_bytes *buffer = context;
    if (buffer->size + size > sizeof(buffer->bytes))
        return -1;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
    return (ssize_t)size;
}

void peer_answer(int fd, ipp_t *response)
{
    struct peer_bytes *buffer = calloc(1, sizeof(*buffer));
    while (ippWriteIO(buffer, put, 1, NULL, response) != IPP_STATE_DATA)
        ;
    char head[128];
    snprintf(head, sizeof(head),
             "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %zu\r\n\r\n",
             buffer->size);
    (void)!send(fd, head, strlen(head), MSG_NOSIGNAL);
    (void)!send(fd, buffer->bytes, buffer->size, MSG_NOSIGNAL);
    free(buffer);
    ippDelete(response);
}

ipp_t *peer_response(ipp_status_t status, int request_id)
{
    ipp_t *response = ippNew();
    ippSetStatusCode(response, status);
    ippSetRequestId(response, request_id);
    ippSetVersion(response, 2, 0);
    ippAddString(response, IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", NULL, "utf-8");
    ippAddString(response, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE, "attributes-natural-language", NULL,
                 "en");
    return response;
}

struct reader {
    const unsigned char *bytes;
    size_t left;
};

static ssize_t take(void *context, ipp_uchar_t *bytes, size_t size)
{
    struct reader *reader = context;
    size_t taken = size < reader->left ? size : reader->left;
    memcpy(bytes, reader->bytes, taken);
    reader->bytes += taken;
    reader->left -= taken;
    return (ssize_t)taken;
}

ipp_t *peer_parse(const unsigned char *bytes, size_t size)
{
    struct reader reader = {bytes, size};
    ipp_t *request = ippNew();
    ipp_state_t state;
    do {
        state = ippReadIO(&reader, take, 1, NULL, request);
    } while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR);
    return request;
}

/* Reads one request whole; false: the peer is gone. */
bool peer_read(int fd, struct peer_bytes *buffer, size_t *body)
{
    char *end = NULL;
    size_t wanted = 0;
    buffer->size = 0;
    while (!end || buffer->size < wanted) {
        if (buffer->size == sizeof(buffer->bytes) - 1)
            return false;
        ssize_t got =
            recv(fd, buffer->bytes + buffer->size, sizeof(buffer->bytes) - 1 - buffer->size, 0);
        if (got <= 0)
            return false;
        buffer->size += (size_t)got;
        buffer->bytes[buffer->size] = '\0';
        if (!end && (end = strstr((char *)buffer->bytes, "\r\n\r\n"))) {
            const char *length = strcasestr((char *)buffer->bytes, "Content-Length:");
            *body = (size_t)(end + 4 - (char *)buffer->bytes);
            wanted = *body + (length ? strtoul(length + 15, NULL, 10) : 0);
        }
    }
    return true;
}
