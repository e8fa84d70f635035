/* A stream of a test. See http_stream.h. */
#include "http_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

/* Takes whole chunks (RFC 9112, 7.1) off the raw bytes. */
static void take_chunks(struct listener *listener)
{
    for (;;) {
        char *end = memmem(listener->raw, listener->raw_length, "\r\n", 2);
        if (end == NULL) {
            return;
        }
        const size_t head = (size_t)(end - listener->raw) + 2;
        const size_t size = strtoul(listener->raw, NULL, 16);
        if (listener->raw_length < head + size + 2) {
            return;
        }
        listener->text = realloc(listener->text, listener->length + size + 1);
        assert_non_null(listener->text);
        memcpy(listener->text + listener->length, listener->raw + head, size);
        listener->length += size;
        listener->text[listener->length] = '\0';
        listener->raw_length -= head + size + 2;
        memmove(listener->raw, listener->raw + head + size + 2, listener->raw_length);
        listener->ended |= size == 0;
    }
}

static bool receive(struct listener *listener)
{
    struct pollfd wait = {.fd = listener->fd, .events = POLLIN};
    assert_true(listener->raw_length < sizeof(listener->raw));
    if (poll(&wait, 1, PATIENCE_MS) != 1) {
        fail_msg("nothing came on a stream");
    }
    const ssize_t count = read(listener->fd, listener->raw + listener->raw_length,
                               sizeof(listener->raw) - listener->raw_length);
    if (count <= 0) {
        listener->ended = true;
        return false;
    }
    listener->raw_length += (size_t)count;
    return true;
}

void listener_open(struct listener *listener, const struct rig *rig, const char *path,
                   const char *last_id)
{
    char header[80];
    (void)snprintf(header, sizeof(header), "Last-Event-ID: %s", last_id != NULL ? last_id : "");
    listener_open_with(listener, rig, path, last_id != NULL ? header : NULL);
}

void listener_open_with(struct listener *listener, const struct rig *rig, const char *path,
                        const char *header)
{
    char request[600];
    memset(listener, 0, sizeof(*listener));
    listener->fd = rig_connect(rig);
    (void)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n%s%s\r\n",
                   path, (unsigned)rig->port, header != NULL ? header : "",
                   header != NULL ? "\r\n" : "");
    assert_int_equal(write(listener->fd, request, strlen(request)), strlen(request));
    char *end = NULL;
    while (end == NULL) {
        assert_true(receive(listener));
        end = memmem(listener->raw, listener->raw_length, "\r\n\r\n", 4);
    }
    assert_non_null(memmem(listener->raw, listener->raw_length, "HTTP/1.1 200", 12));
    assert_non_null(
        memmem(listener->raw, listener->raw_length, "Content-Type: text/event-stream", 31));
    const size_t head = (size_t)(end - listener->raw) + 4;
    listener->raw_length -= head;
    memmove(listener->raw, listener->raw + head, listener->raw_length);
    take_chunks(listener);
}

void listener_close(struct listener *listener)
{
    free(listener->text);
    assert_int_equal(close(listener->fd), 0);
}

static void parse(char *text, struct heard *heard)
{
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "event: ", 7) == 0) {
            (void)snprintf(heard->event, sizeof(heard->event), "%s", line + 7);
        } else if (strncmp(line, "id: ", 4) == 0) {
            (void)snprintf(heard->id, sizeof(heard->id), "%s", line + 4);
        } else if (strncmp(line, "data: ", 6) == 0) {
            heard->data = json_loads(line + 6, JSON_REJECT_DUPLICATES, NULL);
            assert_non_null(heard->data);
        } else {
            fail_msg("a line that is none of ours: %s", line);
        }
    }
}

bool listener_next(struct listener *listener, struct heard *heard)
{
    *heard = (struct heard){0};
    char *end = NULL;
    while (end == NULL) {
        end = listener->text != NULL ? strstr(listener->text, "\n\n") : NULL;
        if (end == NULL) {
            if (listener->ended || !receive(listener)) {
                return false;
            }
            take_chunks(listener);
        }
    }
    *end = '\0';
    const size_t used = (size_t)(end - listener->text) + 2;
    parse(listener->text, heard);
    listener->length -= used;
    memmove(listener->text, listener->text + used, listener->length + 1);
    return true;
}

bool listener_next_of(struct listener *listener, const char *event, struct heard *heard)
{
    while (listener_next(listener, heard)) {
        if (strcmp(heard->event, event) == 0) {
            return true;
        }
        heard_free(heard);
    }
    return false;
}

void heard_free(struct heard *heard)
{
    json_decref(heard->data);
    *heard = (struct heard){0};
}
