/* Passwords: what may be one, its hash, and one-time passwords.
 *
 * NIST SP 800-63B 5.1.1.2: any letters, none cut off, no rules of composition, no change by the calendar; refused is
 * what is commonly tried or made of the person's own name. ASVS 2.1.1 (at least 12 letters), 2.1.2 (at least 64, at most
 * 128), 2.1.3, 2.1.4, 2.1.7, 2.1.9, 2.1.10. */
#ifndef QUARTER_PEOPLE_PASSWORDS_H
#define QUARTER_PEOPLE_PASSWORDS_H

#include <stdbool.h>

#include "people/people.h"

enum { PASSWORD_HASH_BYTES = 128 }; /* libsodium's "$argon2id$..." with its NUL */

struct password_cost {
    unsigned long long passes;
    size_t bytes;
};

/* One form for each way to type it: NFC, every space U+0020 (RFC 8265 section 4.2, OpaqueString). PASSWORD_LONG,
 * PASSWORD_LETTERS; a short one passes. */
enum people_result password_prepare(const char *typed, char password[PEOPLE_PASSWORD_BYTES + 1]);
/* Whether a prepared one may be chosen by this person: PASSWORD_SHORT, PASSWORD_COMMON. */
enum people_result password_judge(const char *password, const char *name, const char *display);

/* False: there is no memory for it at the moment. */
bool password_hash(const struct password_cost *cost, const char *password,
                   char hash[PASSWORD_HASH_BYTES]);
enum password_check { PASSWORD_RIGHT, PASSWORD_WRONG, PASSWORD_NO_MEMORY };
enum password_check password_check(const char hash[PASSWORD_HASH_BYTES], const char *password);
/* It was hashed at another cost. */
bool password_is_outdated(const struct password_cost *cost, const char hash[PASSWORD_HASH_BYTES]);

/* 12 letters that are not taken for each other, 59 bits, in groups (ASVS 2.3.1). */
void password_make_one_time(char one_time[PEOPLE_ONE_TIME_LEN + 1]);

#endif
