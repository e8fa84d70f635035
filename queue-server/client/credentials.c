/* The file is text, so that IT can see which key a device trusts (the same that the server prints):
 *
 *   quarter-pairing 1
 *   key sha256//...      or: key none
 *   token ...            or: token none
 *   check HEX            BLAKE2b-256 of all bytes before this line
 *
 * The hash finds what a failing disk or an editor did; it is no seal, for whoever can write the file could write the
 * hash. */
#include "credentials.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kept_file.h"
#include "quarter/check.h"

enum { FILE_BYTES = 1024, HASH_BYTES = 32, HASH_HEX = 2 * HASH_BYTES };

bool credentials_is_token(const char *text)
{
    size_t length =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    return text[length] == '\0' && length >= CREDENTIALS_TOKEN_MIN &&
           length <= CREDENTIALS_TOKEN_MAX;
}

void credentials_name(const char *kind, const char *code, char name[CREDENTIALS_NAME_BYTES])
{
    int length = snprintf(name, CREDENTIALS_NAME_BYTES, "pairing-%s-%s", kind, code);
    CHECK(length > 0 && length < CREDENTIALS_NAME_BYTES);
}

static void hash(const char *text, size_t length, char hex[HASH_HEX + 1])
{
    unsigned char bytes[HASH_BYTES];
    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)text, length, NULL, 0);
    sodium_bin2hex(hex, HASH_HEX + 1, bytes, sizeof bytes);
}

static size_t write_text(const struct credentials *credentials, char text[FILE_BYTES])
{
    char key[SERVER_KEY_TEXT_BYTES] = "none", check[HASH_HEX + 1];
    if (credentials->has_key)
        server_key_write(credentials->key, key);
    int length = snprintf(text, FILE_BYTES, "quarter-pairing 1\nkey %s\ntoken %s\n", key,
                          credentials->token[0] == '\0' ? "none" : credentials->token);
    CHECK(length > 0 && length + HASH_HEX + 16 < FILE_BYTES);
    hash(text, (size_t)length, check);
    length += snprintf(text + length, FILE_BYTES - (size_t)length, "check %s\n", check);
    return (size_t)length;
}

/* Reads what it would write, and nothing else: so the two are compared. */
static bool read_text(const char *text, size_t length, struct credentials *out)
{
    struct credentials read = {0};
    char key[SERVER_KEY_TEXT_BYTES], token[CREDENTIALS_TOKEN_MAX + 1] = "", again[FILE_BYTES];
    if (strlen(text) != length ||
        sscanf(text, "quarter-pairing 1\nkey %52s\ntoken %128s\n", key, token) != 2)
        return false;
    read.has_key = strcmp(key, "none") != 0;
    if (read.has_key && !server_key_read(key, read.key))
        return false;
    if (strcmp(token, "none") != 0) {
        if (!credentials_is_token(token))
            return false;
        memcpy(read.token, token, sizeof read.token);
    }
    bool same = write_text(&read, again) == length && memcmp(again, text, length) == 0;
    if (same)
        *out = read;
    sodium_memzero(again, sizeof again);
    sodium_memzero(token, sizeof token);
    sodium_memzero(&read, sizeof read);
    return same;
}

enum status credentials_load(const char *dir, const char *name, struct credentials *out)
{
    char *bytes = NULL, text[FILE_BYTES];
    size_t length = 0;
    enum status status = kept_file_read(dir, name, FILE_BYTES - 1, &bytes, &length);
    if (status != STATUS_OK)
        return status;
    memcpy(text, bytes, length);
    text[length] = '\0';
    sodium_memzero(bytes, length);
    free(bytes);
    status = read_text(text, length, out) ? STATUS_OK : STATUS_CORRUPT;
    sodium_memzero(text, sizeof text);
    return status;
}

enum status credentials_store(const char *dir, const char *name,
                              const struct credentials *credentials)
{
    char text[FILE_BYTES];
    size_t length = write_text(credentials, text);
    enum status status = kept_file_replace(dir, name, text, length);
    sodium_memzero(text, sizeof text);
    return status;
}
