/* One end of an IPP conversation for little printers in tests: a request read whole, an answer written. */
#ifndef QUARTER_TESTS_IPP_PEER_H
#define QUARTER_TESTS_IPP_PEER_H

#include <cups/cups.h>
#include <stdbool.h>

struct peer_bytes {
    unsigned char bytes[65536];
    size_t size;
};

/* Reads one request; *body is where the IPP begins. False: the peer is gone. */
bool peer_read(int fd, struct peer_bytes *buffer, size_t *body);
ipp_t *peer_parse(const unsigned char *bytes, size_t size); /* ippDelete it */
ipp_t *peer_response(ipp_status_t status, int request_id);
void peer_answer(int fd, ipp_t *response); /* sends and frees it */

#endif
