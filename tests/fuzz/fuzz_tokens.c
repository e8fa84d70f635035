/* libFuzzer over what strangers send to people: tokens, codes that are typed, names, passwords, addresses. The first
 * byte says which; the rest is the text. What is taken has one form: taken again it is the same. Build with
 * -DQUARTER_FUZZ=ON and clang; start it on a folder of texts:
 *
 * fuzz_tokens tests/fuzz/corpus/tokens */
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "people/address.h"
#include "people/base32.h"
#include "people/names.h"
#include "people/passwords.h"
#include "people/tokens.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Whatever bytes a token decodes to, no other text does. */
static void try_token(const char *text)
{
    struct token_hash hash;
    if (!token_hash(text, &hash))
        return;
    unsigned char bytes[TOKEN_BYTES];
    char again[PEOPLE_TOKEN_LEN + 1];
    CHECK(sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, NULL, NULL,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0);
    sodium_bin2base64(again, sizeof again, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    CHECK(strcmp(again, text) == 0);
}

static void try_code(const char *text)
{
    char code[11], again[11];
    if (!base32_read_typed(text, 10, code))
        return;
    CHECK(strlen(code) == 10 && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == 10);
    CHECK(base32_read_typed(code, 10, again) && strcmp(code, again) == 0);
}

static void try_name(const char *text)
{
    char name[PEOPLE_NAME_BYTES + 1], again[PEOPLE_NAME_BYTES + 1];
    if (name_prepare(text, name))
        CHECK(name_prepare(name, again) && strcmp(name, again) == 0);
    if (name_prepare_display(text, name))
        CHECK(name_prepare_display(name, again) && strcmp(name, again) == 0);
}

static void try_password(const char *text)
{
    char password[PEOPLE_PASSWORD_BYTES + 1], again[PEOPLE_PASSWORD_BYTES + 1];
    if (password_prepare(text, password) != PEOPLE_OK)
        return;
    CHECK(password_prepare(password, again) == PEOPLE_OK && strcmp(password, again) == 0);
    (void)password_judge(password, "ada", "Ada L.");
}

static void try_address(const char *text)
{
    struct address address;
    char prefix[PEOPLE_ADDRESS_MAX], again[PEOPLE_ADDRESS_MAX];
    if (!address_read(text, &address))
        return;
    address_write_prefix(&address, prefix);
    CHECK(strlen(prefix) < sizeof prefix);
    *strchr(prefix, '/') = '\0';
    CHECK(address_read(prefix, &address));
    address_write_prefix(&address, again);
    CHECK(strncmp(again, prefix, strlen(prefix)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static void (*const tries[])(const char *) = {try_token, try_code, try_name, try_password,
                                                  try_address};
    if (sodium_init() < 0 || length < 1)
        return 0;
    char *text = malloc(length); /* of its very size: reading past it is seen */
    CHECK(text);
    memcpy(text, bytes + 1, length - 1);
    text[length - 1] = '\0';
    tries[bytes[0] % 5](text);
    free(text);
    return 0;
}
