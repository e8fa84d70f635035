/* Little printers for tests: who answers the door, a request read whole, an answer written. */
#ifndef QUARTER_TESTS_IPP_PEER_H
#define QUARTER_TESTS_IPP_PEER_H

#include <cups/cups.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct peer_bytes {
    unsigned char bytes[65536];
    size_t size;
};

/* Takes one connection after the other, on a port of its own, on a thread of its own. */
struct peer_door {
    int listener, port;
    pthread_t thread;
    atomic_bool stop;
    void (*converse)(void *context, int fd); /* until it returns; the door closes fd */
    void *context;
};

/* converse and context are set before. */
void peer_door_open(struct peer_door *door);
void peer_door_stop(struct peer_door *door);  /* what the thread wrote can be read from here on */
void peer_door_close(struct peer_door *door); /* after peer_door_stop() */

/* Reads one request; *body is where the IPP begins. False: the peer is gone. */
bool peer_read(int fd, struct peer_bytes *buffer, size_t *body);
ipp_t *peer_parse(const unsigned char *bytes, size_t size); /* ippDelete it */
ipp_t *peer_response(ipp_status_t status, int request_id);
void peer_answer(int fd, ipp_t *response); /* sends and frees it */

#endif
