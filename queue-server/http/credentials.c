/* Who asks, as the headers say. See credentials.h. */
#include "http/credentials.h"

#include <string.h>
#include <strings.h>

/* base64url (RFC 4648 section 5) of a token's length, and nothing after it but `end`. */
static bool is_token(const char *text, size_t length)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return length == PEOPLE_TOKEN_LEN && strspn(text, letters) >= length;
}

static void keep(const char *text, char token[PEOPLE_TOKEN_LEN + 1])
{
    memcpy(token, text, PEOPLE_TOKEN_LEN);
    token[PEOPLE_TOKEN_LEN] = '\0';
}

bool credentials_read_cookie(const char *header, const char *name, char token[PEOPLE_TOKEN_LEN + 1])
{
    const size_t name_length = strlen(name);
    const char *found = NULL;
    for (const char *at = header; at != NULL && *at != '\0';) {
        at += strspn(at, "; \t");
        const size_t length = strcspn(at, ";");
        if (length > name_length && at[name_length] == '=' && strncmp(at, name, name_length) == 0) {
            const char *value = at + name_length + 1;
            const size_t value_length = strcspn(value, "; \t");
            if (!is_token(value, value_length) ||
                (found != NULL && memcmp(found, value, PEOPLE_TOKEN_LEN) != 0)) {
                return false;
            }
            found = value;
        }
        at += length;
    }
    if (found != NULL) {
        keep(found, token);
    }
    return found != NULL;
}

bool credentials_read_bearer(const char *header, char token[PEOPLE_TOKEN_LEN + 1])
{
    static const char scheme[] = "Bearer ";
    if (header == NULL || strncasecmp(header, scheme, sizeof(scheme) - 1) != 0) {
        return false;
    }
    const char *value = header + sizeof(scheme) - 1;
    value += strspn(value, " ");
    if (!is_token(value, strlen(value))) {
        return false;
    }
    keep(value, token);
    return true;
}
