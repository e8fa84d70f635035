/* The unguessable part of a visit's address. See visit_tokens.h. */
#include "http/visit_tokens.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "people/base32.h"
#include "quarter/check.h"

static const char key_name[] = "visit.key";
static const char new_name[] = "visit.key.new";

static enum status say(char *error, size_t size, const char *dir, const char *what)
{
    (void)snprintf(error, size, "%s/%s: cannot %s: %s", dir, key_name, what,
                   strerrordesc_np(errno));
    return STATUS_IO;
}

/* NOT_FOUND: there is none, or only the beginning of one, which opened no visit yet. */
static enum status read_key(int dir, struct visit_key *key)
{
    const int fd = openat(dir, key_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    const ssize_t got = read(fd, key->bytes, sizeof(key->bytes));
    (void)close(fd);
    return got == (ssize_t)sizeof(key->bytes) ? STATUS_OK : got < 0 ? STATUS_IO : STATUS_NOT_FOUND;
}

/* Written whole under another name first: a power cut leaves either no key or this one. */
static bool write_key(int dir, const struct visit_key *key)
{
    const int fd =
        openat(dir, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return false;
    }
    const bool written =
        write(fd, key->bytes, sizeof(key->bytes)) == (ssize_t)sizeof(key->bytes) && fsync(fd) == 0;
    (void)close(fd);
    return written && renameat(dir, new_name, dir, key_name) == 0 && fsync(dir) == 0;
}

enum status visit_key_load(const char *dir, struct visit_key *key, char *error, size_t error_size)
{
    CHECK(sodium_init() >= 0);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return say(error, error_size, dir, "make the folder of the keys");
    }
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return say(error, error_size, dir, "open the folder of the keys");
    }
    enum status status = read_key(fd, key);
    if (status == STATUS_IO) {
        (void)say(error, error_size, dir, "be read");
    } else if (status == STATUS_NOT_FOUND) {
        randombytes_buf(key->bytes, sizeof(key->bytes));
        status = write_key(fd, key) ? STATUS_OK : say(error, error_size, dir, "be made");
    }
    (void)close(fd);
    return status;
}

void visit_token_make(const struct visit_key *key, const char *ticket,
                      char token[VISIT_TOKEN_LEN + 1])
{
    unsigned char hash[crypto_generichash_BYTES]; /* 256 bits, of which 130 are shown */
    CHECK(crypto_generichash(hash, sizeof(hash), (const unsigned char *)ticket, strlen(ticket),
                             key->bytes, sizeof(key->bytes)) == 0);
    base32_write(hash, VISIT_TOKEN_LEN, token);
}

bool visit_token_is_formed(const char *token)
{
    return strlen(token) == VISIT_TOKEN_LEN &&
           strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == VISIT_TOKEN_LEN;
}
