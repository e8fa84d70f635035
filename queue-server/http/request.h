/* Reads the bodies of requests: what comes from outside is checked once, here. Strict on purpose: a field that is
 * not known is an error, since a misspelt "need" that is silently dropped harms a visitor. Bounds: 16 KiB, depth 8,
 * valid UTF-8, no duplicate keys, the lengths of quarter/limits.h. */
#ifndef QUARTER_HTTP_REQUEST_H
#define QUARTER_HTTP_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "http/problem.h"
#include "http/what_if.h"
#include "quarter/limits.h"

enum { FAULT_DETAIL_MAX = 200 };

/* Why a request was turned down; code is PROBLEM_NONE while all is well. */
struct fault {
    enum problem_code code;
    char field[QUARTER_CODE_MAX + 1];
    char detail[FAULT_DETAIL_MAX + 1];
};

/* The body as an object (an empty body is an empty one); NULL: fault says why. The caller json_decref()s it. */
json_t *request_object(const char *body, size_t length, struct fault *fault);

/* Each fills its fields of the command; false: fault says why. */
bool request_read_issue(json_t *object, int64_t now_ms, struct command *command,
                        struct fault *fault);
bool request_read_visit(json_t *object, struct command *command, struct fault *fault);
bool request_read_help(json_t *object, struct command *command, struct fault *fault);
bool request_read_reserve(json_t *object, struct command *command, struct fault *fault);
bool request_read_visitor(json_t *object, struct command *command, struct fault *fault);
bool request_read_finish(json_t *object, struct command *command, struct fault *fault);
bool request_read_transfer(json_t *object, struct command *command, struct fault *fault);
bool request_read_pause(json_t *object, struct command *command, struct fault *fault);
bool request_read_call(json_t *object, struct command *command, struct fault *fault);
bool request_read_take_back(json_t *object, struct command *command, struct fault *fault);
bool request_read_undo(json_t *object, struct command *command, struct fault *fault);
bool request_read_move(json_t *object, struct command *command, struct fault *fault);
bool request_read_edit(json_t *object, struct command *command, struct fault *fault);
bool request_read_hold(json_t *object, struct command *command, struct fault *fault);
bool request_read_notice(json_t *object, int64_t now_ms, struct command *command,
                         struct fault *fault);
bool request_read_what_if(json_t *object, struct what_if *what_if, struct fault *fault);
bool request_read_nothing(json_t *object, struct fault *fault); /* {} */

/* The visit's free answers as JSON, checked by request_read_issue() before; NULL when none. The caller frees. */
char *request_take_answers(json_t *object);
/* The words of a note or a reference, checked before; NULL when none. The caller frees. */
char *request_take_text(json_t *object, const char *field);

bool request_key_is_valid(const char *key);
/* SHA-256 in hex over method, path and the body in a canonical form, so that spaces and the order of fields
 * make no other request. */
void request_hash(const char *method, const char *path, json_t *object,
                  char hash[QUARTER_HASH_LEN + 1]);

/* [a-z0-9_-], 1 to 32 bytes. */
bool request_is_code(const char *text);
/* A ULID in capitals, as the server writes them. */
bool request_is_ulid(const char *text);

#endif
