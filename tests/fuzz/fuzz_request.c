/* libFuzzer over the bodies of requests: the first byte chooses which reader gets the rest. What is accepted must keep its
 * promises: bounded fields, answers that fit the journal, a hash that does not depend on how the JSON was written.
 * Build with -DQUARTER_FUZZ=ON and clang; start it on a folder of bodies:
 *
 *   fuzz_request -max_len=20000 CORPUS */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/find.h"
#include "http/request.h"
#include "http/request_people.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const int64_t now_ms = INT64_C(1795516800000);

static void check_hash(json_t *object)
{
    char hash[QUARTER_HASH_LEN + 1], again[QUARTER_HASH_LEN + 1];
    struct fault fault = {0};
    char *text = json_dumps(object, JSON_INDENT(1));
    CHECK(text != NULL);
    if (strlen(text) <= QUARTER_BODY_BYTES) { /* spaces may have made it too long */
        json_t *copy = request_object(text, strlen(text), &fault);
        CHECK(copy != NULL);
        request_hash("POST", "/api/tickets", object, hash);
        request_hash("POST", "/api/tickets", copy, again);
        CHECK(strcmp(hash, again) == 0);
        json_decref(copy);
    }
    free(text);
}

static bool read_as(uint8_t kind, json_t *object, struct command *command, struct fault *fault)
{
    static struct what_if what_if;
    switch (kind % 8) {
    case 0: return request_read_issue(object, now_ms, command, fault);
    case 1: return request_read_reserve(object, command, fault);
    case 2: return request_read_finish(object, command, fault);
    case 3: return request_read_transfer(object, command, fault);
    case 4: what_if = (struct what_if){0}; return request_read_what_if(object, &what_if, fault);
    case 6: return request_read_visit(object, command, fault);
    case 7: return request_read_help(object, command, fault);
    default: return request_read_nothing(object, fault);
    }
}

/* The number of GET /api/find, of a house in which nobody is. */
static void find(const uint8_t *bytes, size_t length)
{
    char number[64] = "";
    memcpy(number, bytes, length < sizeof(number) - 1 ? length : sizeof(number) - 1);
    if (!find_is_number(number)) {
        return;
    }
    CHECK(strlen(number) <= QUARTER_NUMBER_MAX);
    struct json_out out = {0};
    struct engine *engine = engine_create();
    find_write(&out, &(struct view_source){.engine = engine}, number);
    json_t *document = json_loads(out.data, 0, NULL);
    CHECK(document != NULL && json_integer_value(json_object_get(document, "total")) == 0);
    json_decref(document);
    engine_destroy(engine);
    json_out_free(&out);
}

/* About people and devices: strings are the object's own, whole and in UTF-8. */
static bool read_as_people(uint8_t kind, json_t *object, struct fault *fault)
{
    static people_reader *const readers[] = {
        request_read_sign_in, request_read_set_up,   request_read_password, request_read_person,
        request_read_change,  request_read_approval, request_read_no_more};
    struct people_request request = {0};
    struct pairing_ask ask = {0};
    unsigned char nonce[PEOPLE_NONCE_BYTES];
    switch (kind % 9) {
    case 7: return request_read_pair(object, &ask, fault);
    case 8: return request_read_reveal(object, nonce, fault);
    default: break;
    }
    const bool fine = readers[kind % 9](object, &request, fault);
    CHECK(!fine || (request.roles & ~(unsigned)ROLE_ALL) == 0);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct fault fault = {0};
    struct command command = {0};
    if (length == 0) {
        return 0;
    }
    find(bytes, length);
    json_t *object = request_object((const char *)bytes + 1, length - 1, &fault);
    CHECK((object == NULL) == (fault.code != PROBLEM_NONE));
    if (object == NULL) {
        return 0;
    }
    check_hash(object);
    if (bytes[0] >= 128) {
        const bool fine = read_as_people(bytes[0], object, &fault);
        CHECK(fine == (fault.code == PROBLEM_NONE));
        json_decref(object);
        return 0;
    }
    if (read_as(bytes[0], object, &command, &fault)) {
        CHECK(fault.code == PROBLEM_NONE && command.occurred_at_ms <= now_ms);
        if (bytes[0] % 6 == 0) {
            char *answers = request_take_answers(object);
            CHECK(request_is_code(command.service));
            CHECK(answers == NULL || strlen(answers) <= QUARTER_BODY_BYTES);
            free(answers);
        }
    } else {
        char *problem = problem_json(fault.code, fault.detail, fault.field);
        json_t *document = json_loads(problem, 0, NULL);
        CHECK(document != NULL); /* whatever was sent, the answer is JSON in UTF-8 */
        json_decref(document);
        free(problem);
    }
    json_decref(object);
    return 0;
}
