/* Bodies of requests about people and devices. See request_people.h. */
#include "http/request_people.h"

#include <sodium.h>
#include <string.h>

#include "http/request_parts.h"

static bool read_text(json_t *object, const char *field, enum request_presence presence,
                      const char **text, struct fault *fault)
{
    const json_t *value = NULL;
    if (!request_find_field(object, field, presence, &value, fault)) {
        return false;
    }
    if (value == NULL) {
        return true;
    }
    /* "\u0000" would hide what comes after it. */
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, field, "The field \"%s\" must be a text.",
                            field);
    }
    *text = json_string_value(value);
    return true;
}

static bool read_roles(json_t *object, enum request_presence presence, unsigned *roles,
                       struct fault *fault)
{
    const json_t *list = json_object_get(object, "roles");
    if (list == NULL && presence == REQUEST_OPTIONAL) {
        return true;
    }
    if (!json_is_array(list)) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, "roles",
                            "The field \"roles\" must be a list of roles.");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_string_value(json_array_get(list, i));
        const unsigned role = code != NULL ? role_find(code) : 0;
        if (role == 0) {
            return request_fail(fault, PROBLEM_INVALID_FIELD, "roles",
                                "A role is greeter, counter, manager or admin.");
        }
        *roles |= role;
    }
    return true;
}

bool request_read_sign_in(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"name", "password", NULL};
    return request_check_fields(object, names, fault) &&
           read_text(object, "name", REQUEST_REQUIRED, &request->name, fault) &&
           read_text(object, "password", REQUEST_REQUIRED, &request->password, fault);
}

bool request_read_set_up(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"code",     "name",  "display", "password",
                                        "language", "roles", NULL};
    request->display = "";
    return request_check_fields(object, names, fault) &&
           read_text(object, "code", REQUEST_REQUIRED, &request->code, fault) &&
           read_text(object, "name", REQUEST_REQUIRED, &request->name, fault) &&
           read_text(object, "display", REQUEST_OPTIONAL, &request->display, fault) &&
           read_text(object, "password", REQUEST_REQUIRED, &request->password, fault) &&
           read_text(object, "language", REQUEST_OPTIONAL, &request->language, fault) &&
           read_roles(object, REQUEST_OPTIONAL, &request->roles, fault);
}

bool request_read_password(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"password", "new_password", NULL};
    return request_check_fields(object, names, fault) &&
           read_text(object, "password", REQUEST_REQUIRED, &request->password, fault) &&
           read_text(object, "new_password", REQUEST_REQUIRED, &request->new_password, fault);
}

bool request_read_person(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"name", "display", "roles", "language", NULL};
    request->display = "";
    return request_check_fields(object, names, fault) &&
           read_text(object, "name", REQUEST_REQUIRED, &request->name, fault) &&
           read_text(object, "display", REQUEST_OPTIONAL, &request->display, fault) &&
           read_roles(object, REQUEST_REQUIRED, &request->roles, fault) &&
           read_text(object, "language", REQUEST_OPTIONAL, &request->language, fault);
}

bool request_read_change(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"display", "roles", "language", NULL};
    if (!request_check_fields(object, names, fault) ||
        !read_text(object, "display", REQUEST_OPTIONAL, &request->display, fault) ||
        !read_roles(object, REQUEST_OPTIONAL, &request->roles, fault) ||
        !read_text(object, "language", REQUEST_OPTIONAL, &request->language, fault)) {
        return false;
    }
    /* To people/ no roles mean that they stay. */
    if (json_object_get(object, "roles") != NULL && request->roles == 0) {
        fault->code = problem_of_people(PEOPLE_BAD_ROLES);
        return false;
    }
    return true;
}

bool request_read_approval(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"letters", "code", NULL};
    return request_check_fields(object, names, fault) &&
           read_text(object, "letters", REQUEST_REQUIRED, &request->sas, fault) &&
           read_text(object, "code", REQUEST_REQUIRED, &request->code, fault);
}

bool request_read_machine(json_t *object, struct people_request *request, struct fault *fault)
{
    static const char *const names[] = {"code", NULL};
    return request_check_fields(object, names, fault) &&
           read_text(object, "code", REQUEST_REQUIRED, &request->code, fault);
}

bool request_read_no_more(json_t *object, struct people_request *request, struct fault *fault)
{
    (void)request;
    return request_read_nothing(object, fault);
}

static bool read_hex(json_t *object, const char *field, unsigned char bytes[PEOPLE_NONCE_BYTES],
                     struct fault *fault)
{
    const char *text = "";
    size_t length = 0;
    if (!read_text(object, field, REQUEST_REQUIRED, &text, fault)) {
        return false;
    }
    if (strlen(text) != 2 * (size_t)PEOPLE_NONCE_BYTES ||
        sodium_hex2bin(bytes, PEOPLE_NONCE_BYTES, text, strlen(text), NULL, &length, NULL) != 0 ||
        length != PEOPLE_NONCE_BYTES) {
        return request_fail(fault, PROBLEM_INVALID_FIELD, field,
                            "The field \"%s\" must be 64 hexadecimal digits.", field);
    }
    return true;
}

bool request_read_pair(json_t *object, struct pairing_ask *ask, struct fault *fault)
{
    static const char *const names[] = {"kind", "code", "commitment", NULL};
    const char *kind = NULL;
    if (!request_check_fields(object, names, fault) ||
        !read_text(object, "kind", REQUEST_REQUIRED, &kind, fault) ||
        !read_text(object, "code", REQUEST_REQUIRED, &ask->code, fault) ||
        !read_hex(object, "commitment", ask->commitment, fault)) {
        return false;
    }
    return (device_kind_find(kind, &ask->kind) && ask->kind != DEVICE_MACHINE) ||
           request_fail(fault, PROBLEM_INVALID_FIELD, "kind",
                        "A device is a kiosk, a display or a printer.");
}

bool request_read_reveal(json_t *object, unsigned char nonce[PEOPLE_NONCE_BYTES],
                         struct fault *fault)
{
    static const char *const names[] = {"nonce", NULL};
    return request_check_fields(object, names, fault) && read_hex(object, "nonce", nonce, fault);
}
