/* libFuzzer over the headers that say who asks and from where: the first byte chooses which reader gets the rest. What is
 * taken for a token has a token's form and stood in the header; what is taken for one of our names begins with one.
 *
 *   fuzz_headers -max_len=4096 tests/fuzz/corpus/headers */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/credentials.h"
#include "http/guard.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_token(const char *header, const char *token)
{
    CHECK(strlen(token) == PEOPLE_TOKEN_LEN);
    CHECK(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          PEOPLE_TOKEN_LEN);
    CHECK(strstr(header, token) != NULL);
}

static void check_cookie(const char *header)
{
    static const char *const names[] = {"quarter", "__Host-quarter"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char token[PEOPLE_TOKEN_LEN + 1] = "", twice[2 * 5000];
        if (!credentials_read_cookie(header, names[i], token)) {
            continue;
        }
        check_token(header, token);
        CHECK(strstr(header, names[i]) != NULL);
        /* The same cookie said twice is the same; one more that differs makes none of it true. */
        const size_t size = strlen(header);
        if (size > 4500) {
            continue;
        }
        memcpy(twice, header, size);
        memcpy(twice + size, "; ", 2);
        memcpy(twice + size + 2, header, size + 1);
        CHECK(credentials_read_cookie(twice, names[i], token));
        char *other = strstr(twice + size, token);
        CHECK(other != NULL);
        while (other != NULL) {
            other[3] = other[3] == 'x' ? 'y' : 'x';
            other = strstr(other, token);
        }
        CHECK(!credentials_read_cookie(twice, names[i], token));
    }
}

static void check_host(const char *host)
{
    static const char *const own[] = {"localhost", "127.0.0.1", "[::1]", "queue.example"};
    const struct guard guard = {.names = {"queue.example"}, .name_count = 1};
    bool begins = false;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        begins |= strncasecmp(host, own[i], strlen(own[i])) == 0;
    }
    CHECK(!guard_host_is_ours(&guard, host) || begins);
    CHECK(!guard_host_is_ours(NULL, host) || guard_host_is_ours(&guard, host));
    const struct guard network = {.any_address = true};
    CHECK(!guard_host_is_ours(&network, host) ||
          strspn(host, "0123456789abcdefABCDEF.:[]%localhstLOCALHST") == strlen(host));
}

static void check_origin(const char *text)
{
    const char *space = strchr(text, ' ');
    if (space == NULL) {
        return;
    }
    char *host = strndup(text, (size_t)(space - text));
    CHECK(host != NULL);
    const char *origin = space + 1;
    const bool plain = !guard_is_cross_site("http", host, origin, NULL);
    const bool secure = !guard_is_cross_site("https", host, origin, NULL);
    CHECK(!(plain && secure));
    CHECK(!plain || strlen(origin) == strlen("http://") + strlen(host));
    CHECK(guard_is_cross_site("http", host, origin, "cross-site"));
    free(host);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    char *text = strndup((const char *)bytes + 1, length - 1);
    CHECK(text != NULL);
    char token[PEOPLE_TOKEN_LEN + 1] = "";
    switch (bytes[0] % 4) {
    case 0: check_cookie(text); break;
    case 1:
        if (credentials_read_bearer(text, token)) {
            check_token(text, token);
            CHECK(strncasecmp(text, "bearer ", 7) == 0);
        }
        break;
    case 2: check_host(text); break;
    default: check_origin(text); break;
    }
    free(text);
    return 0;
}
