/* Private text: keys by day, the sealing under them, and marks of texts that are not kept. Knows files and cryptography, no SQL.
 *
 * A day's key is 32 random bytes in DIR/DAY.key (0600), on disk before it is first used. Each text
 * is sealed with XSalsa20-Poly1305 (libsodium's secretbox) under a key of its own, derived from the
 * day's key and the text's place by keyed BLAKE2b. So a cipher moved to another ticket fails to
 * open, by the cipher's own check: a place kept as a prefix in the plain text would do it only as
 * long as nobody forgets to compare it. */
#ifndef QUARTER_STORE_PRIVATE_TEXT_H
#define QUARTER_STORE_PRIVATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "quarter/status.h"
#include "store/database.h"

enum { PRIVATE_NONCE_BYTES = 24, PRIVATE_EXTRA_BYTES = 16, PRIVATE_MARK_LEN = 64 };

struct private_keys;

struct private_place {
    const char *day, *ticket, *kind;
};

/* dir is made when missing. BUSY: another program holds it (one program writes a journal). */
enum status private_keys_open(const char *dir, struct private_keys **keys,
                              struct store_error *error);
void private_keys_close(struct private_keys *keys);
/* Destroys the day's key; OK also when there is none. */
enum status private_keys_forget(struct private_keys *keys, const char *day,
                                struct store_error *error);
/* Destroys the keys of all earlier days; the first failure ends it. */
enum status private_keys_forget_before(struct private_keys *keys, const char *day,
                                       struct store_error *error);

/* cipher has room for size + PRIVATE_EXTRA_BYTES. Makes the day's key when there is none. */
enum status private_text_seal(struct private_keys *keys, const struct private_place *place,
                              const char *text, size_t size,
                              unsigned char nonce[PRIVATE_NONCE_BYTES], unsigned char *cipher,
                              struct store_error *error);
/* text has room for size - PRIVATE_EXTRA_BYTES. NOT_FOUND: the key is gone. CORRUPT: damaged, or of
 * another place. */
enum status private_text_open(struct private_keys *keys, const struct private_place *place,
                              const unsigned char nonce[PRIVATE_NONCE_BYTES],
                              const unsigned char *cipher, size_t size, char *text,
                              struct store_error *error);

/* By a mark (hex) a text is known again that is not kept itself. It is keyed with the day's key, so
 * that without it nobody can try guesses at the text, and names that key. Makes the day's key when
 * there is none. */
enum status private_mark_make(struct private_keys *keys, const char *day, const char *text,
                              char mark[PRIVATE_MARK_LEN + 1], struct store_error *error);
/* NOT_FOUND: nobody can tell any more, since the key it was made with is gone. */
enum status private_mark_check(struct private_keys *keys, const char *day, const char *text,
                               const char *mark, bool *is_same, struct store_error *error);

#endif
