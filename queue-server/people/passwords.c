/* Passwords, judged and hashed. */
#include "people/passwords.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "people/common_passwords.h"
#include "people/unicode.h"
#include "quarter/check.h"

enum { LETTERS_MIN = 12, LETTERS_MAX = 128 };
_Static_assert((int)PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "hash text");
_Static_assert((int)PEOPLE_PASSWORD_BYTES >= 4 * LETTERS_MAX, "room for every letter");

enum people_result password_prepare(const char *typed, char password[PEOPLE_PASSWORD_BYTES + 1])
{
    /* Composing shortens: what decomposed has too many bytes may do. Beyond twice it is nobody's password. */
    if (strlen(typed) > 2 * (size_t)PEOPLE_PASSWORD_BYTES)
        return PEOPLE_PASSWORD_LONG;
    struct unicode_text text;
    enum people_result result = PEOPLE_OK;
    if (!unicode_read(typed, &text))
        result = PEOPLE_PASSWORD_LETTERS;
    for (size_t i = 0; result == PEOPLE_OK && i < text.count; i++) {
        enum unicode_kind kind = unicode_kind(text.points[i]);
        if (kind == UNICODE_SPACE)
            text.points[i] = ' ';
        else if (kind == UNICODE_CONTROL && text.points[i] < 0xa0)
            result = PEOPLE_PASSWORD_LETTERS;
    }
    if (result == PEOPLE_OK && (!unicode_compose(&text) || text.count > LETTERS_MAX ||
                                !unicode_write(&text, password, PEOPLE_PASSWORD_BYTES + 1)))
        result = PEOPLE_PASSWORD_LONG;
    sodium_memzero(&text, sizeof text);
    return result;
}

/* "aaaaaaaaaaaa", "abcdefghijkl", "lkjihgfedcba" */
static bool is_one_step(const struct unicode_text *text)
{
    int64_t step = (int64_t)text->points[1] - (int64_t)text->points[0];
    if (step < -1 || step > 1)
        return false;
    for (size_t i = 2; i < text->count; i++)
        if ((int64_t)text->points[i] - (int64_t)text->points[i - 1] != step)
            return false;
    return true;
}

static bool lowered(const char *from, struct unicode_text *text, char *to, size_t size)
{
    if (!unicode_read(from, text))
        return false;
    unicode_lower(text);
    return unicode_write(text, to, size);
}

enum people_result password_judge(const char *password, const char *name, const char *display)
{
    struct unicode_text text, other;
    char low[PEOPLE_PASSWORD_BYTES * 2], shown[PEOPLE_NAME_BYTES * 2];
    enum people_result result = PEOPLE_OK;
    if (!lowered(password, &text, low, sizeof low) || text.count < LETTERS_MIN)
        result = PEOPLE_PASSWORD_SHORT;
    else if (is_one_step(&text) || common_password_is_one(low) ||
             common_password_is_made_of(low, name) ||
             (lowered(display, &other, shown, sizeof shown) &&
              common_password_is_made_of(low, shown)))
        result = PEOPLE_PASSWORD_COMMON;
    sodium_memzero(&text, sizeof text);
    sodium_memzero(low, sizeof low);
    return result;
}

bool password_hash(const struct password_cost *cost, const char *password,
                   char hash[PASSWORD_HASH_BYTES])
{
    return crypto_pwhash_str(hash, password, strlen(password), cost->passes, cost->bytes) == 0;
}

enum password_check password_check(const char hash[PASSWORD_HASH_BYTES], const char *password)
{
    /* libsodium says "wrong" and "no memory" alike, but for errno. Who has the right one must not be told that it is
     * wrong. */
    errno = 0;
    if (crypto_pwhash_str_verify(hash, password, strlen(password)) == 0)
        return PASSWORD_RIGHT;
    return errno == ENOMEM ? PASSWORD_NO_MEMORY : PASSWORD_WRONG;
}

bool password_is_outdated(const struct password_cost *cost, const char hash[PASSWORD_HASH_BYTES])
{
    return crypto_pwhash_str_needs_rehash(hash, cost->passes, cost->bytes) != 0;
}

void password_make_one_time(char one_time[PEOPLE_ONE_TIME_LEN + 1])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < PEOPLE_ONE_TIME_LEN; i++)
        one_time[i] = i % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
    one_time[PEOPLE_ONE_TIME_LEN] = '\0';
}
