/* What pairing agreed, kept over a start: the server's key and this device's token, in a small file that only its owner
 * can read. A damaged file is as good as none: the device pairs anew. */
#ifndef QUARTER_CLIENT_CREDENTIALS_H
#define QUARTER_CLIENT_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "client/server_key.h"
#include "quarter/limits.h"
#include "quarter/status.h"

enum { CREDENTIALS_TOKEN_MIN = 20, CREDENTIALS_TOKEN_MAX = 128, CREDENTIALS_NAME_BYTES = 80 };

struct credentials {
    bool has_key; /* false: paired without TLS */
    unsigned char key[SERVER_KEY_BYTES];
    char token[CREDENTIALS_TOKEN_MAX + 1]; /* "": none, or not any more */
};

/* As a token is written: base64url (RFC 4648 section 5). */
bool credentials_is_token(const char *text);
/* The file's name in its folder: several devices may share one. kind, code: as the device asks to be let in. */
void credentials_name(const char *kind, const char *code, char name[CREDENTIALS_NAME_BYTES]);
/* STATUS_NOT_FOUND: none; STATUS_CORRUPT: damaged. */
enum status credentials_load(const char *dir, const char *name, struct credentials *out);
enum status credentials_store(const char *dir, const char *name,
                              const struct credentials *credentials);

#endif
