/* The server's public key, as a device knows it: SHA-256 of its SubjectPublicKeyInfo (RFC 7469 section 2.4), written as
 * libcurl has it, "sha256//BASE64". A key that is known is pinned: names and authorities do not count. */
#ifndef QUARTER_CLIENT_SERVER_KEY_H
#define QUARTER_CLIENT_SERVER_KEY_H

#include <curl/curl.h>
#include <stdbool.h>

enum { SERVER_KEY_BYTES = 32, SERVER_KEY_TEXT_BYTES = 53 };

/* False: not "sha256//" and 32 bytes in base 64. */
bool server_key_read(const char *text, unsigned char key[SERVER_KEY_BYTES]);
void server_key_write(const unsigned char key[SERVER_KEY_BYTES], char text[SERVER_KEY_TEXT_BYTES]);
/* The key that the peer of an ended transfer has shown to own; the transfer had CURLOPT_CERTINFO and a connection of its
 * own. False: there was none. */
bool server_key_of_peer(CURL *easy, unsigned char key[SERVER_KEY_BYTES]);

#endif
