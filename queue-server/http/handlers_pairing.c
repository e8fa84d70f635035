/* Devices: how they come in, and how an administrator lets them in and out. */
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "http/ask_people.h"
#include "http/exchange.h"
#include "http/handlers.h"
#include "http/people_json.h"
#include "http/request_people.h"

/* --- the device's side ---------------------------------------------------------------------- */

enum MHD_Result handle_pair(struct exchange *exchange)
{
    struct fault fault = {0};
    struct pairing_ask ask = {.address = exchange->caller.address};
    struct pairing pairing;
    unsigned char nonce[PEOPLE_NONCE_BYTES];
    char hex[2 * PEOPLE_NONCE_BYTES + 1];
    json_t *object = ask_object(exchange);
    if (object == NULL) {
        return MHD_YES;
    }
    const bool fine = request_read_pair(object, &ask, &fault);
    const enum people_result result =
        fine ? people_ask_pairing(exchange->house->people, &ask, &pairing, nonce) : PEOPLE_OK;
    json_decref(object);
    if (!fine) {
        return exchange_send_fault(exchange, &fault);
    }
    if (result != PEOPLE_OK) {
        return exchange_send_problem(exchange, problem_of_people(result), NULL, NULL);
    }
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "id");
    json_out_string(&out, pairing.id);
    json_out_key(&out, "nonce");
    json_out_string(&out, sodium_bin2hex(hex, sizeof(hex), nonce, sizeof(nonce)));
    json_out_key(&out, "until");
    json_out_time(&out, pairing.until_ms);
    json_out_close(&out, '}');
    return exchange_send_json(exchange, MHD_HTTP_CREATED, json_out_take(&out));
}

enum MHD_Result handle_pair_reveal(struct exchange *exchange)
{
    struct fault fault = {0};
    unsigned char nonce[PEOPLE_NONCE_BYTES];
    json_t *object = ask_object(exchange);
    if (object == NULL) {
        return MHD_YES;
    }
    const bool fine = request_read_reveal(object, nonce, &fault);
    json_decref(object);
    if (!fine) {
        return exchange_send_fault(exchange, &fault);
    }
    const enum people_result result =
        people_reveal_pairing(exchange->house->people, exchange->match.parameter, nonce);
    return result == PEOPLE_OK
               ? exchange_send_nothing(exchange)
               : exchange_send_problem(exchange, problem_of_people(result), NULL, NULL);
}

enum MHD_Result handle_pair_fetch(struct exchange *exchange)
{
    char token[PEOPLE_TOKEN_LEN + 1];
    struct device device;
    if (!ask_nothing(exchange)) {
        return MHD_YES;
    }
    const enum people_result result =
        people_fetch_pairing(exchange->house->people, exchange->match.parameter, token, &device);
    if (problem_of_people(result) != PROBLEM_NONE) {
        return exchange_send_problem(exchange, problem_of_people(result), NULL, NULL);
    }
    struct json_out out = {0};
    json_out_open(&out, '{');
    if (result == PEOPLE_OK) {
        json_out_key(&out, "token");
        json_out_string(&out, token);
        json_out_key(&out, "code");
        json_out_string(&out, device.code);
    }
    json_out_close(&out, '}');
    return exchange_send_json(exchange, result == PEOPLE_OK ? MHD_HTTP_OK : MHD_HTTP_ACCEPTED,
                              json_out_take(&out));
}

/* --- the administrator's -------------------------------------------------------------------- */

enum MHD_Result handle_devices(struct exchange *exchange)
{
    struct people *people = exchange->house->people;
    if (people == NULL) {
        return exchange_send_problem(exchange, PROBLEM_SIGN_IN_OFF, NULL, NULL);
    }
    struct device *list = NULL;
    const size_t count = people_list_devices(people, &list);
    struct json_out out = {0};
    json_out_open(&out, '[');
    for (size_t i = 0; i < count; i++) {
        device_json_write(&out, &list[i]);
    }
    json_out_close(&out, ']');
    free(list);
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

static enum MHD_Result send_device(struct exchange *exchange, const struct people_answer *answer)
{
    struct json_out out = {0};
    device_json_write(&out, &answer->device);
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

enum MHD_Result handle_device_revoke(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_REVOKE_DEVICE,
                                     .code = exchange->match.parameter};
    return ask_people(exchange, &request, request_read_no_more, send_device);
}

static enum MHD_Result machine_added(struct exchange *exchange, const struct people_answer *answer)
{
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "device");
    device_json_write(&out, &answer->device);
    json_out_key(&out, "token");
    json_out_string(&out, answer->token);
    json_out_close(&out, '}');
    return exchange_send_json(exchange, MHD_HTTP_CREATED, json_out_take(&out));
}

/* A program has no screen to show letters on: its token is made here, and carried to it. */
enum MHD_Result handle_machine_add(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_ADD_MACHINE};
    return ask_people(exchange, &request, request_read_machine, machine_added);
}

enum MHD_Result handle_pairings(struct exchange *exchange)
{
    struct people *people = exchange->house->people;
    struct pairing list[PEOPLE_PAIRINGS_MAX];
    if (people == NULL) {
        return exchange_send_problem(exchange, PROBLEM_SIGN_IN_OFF, NULL, NULL);
    }
    const size_t count = people_list_pairings(people, list);
    struct json_out out = {0};
    json_out_open(&out, '[');
    for (size_t i = 0; i < count; i++) {
        json_out_open(&out, '{');
        json_out_key(&out, "pairing");
        json_out_integer(&out, list[i].number);
        json_out_key(&out, "code");
        json_out_string(&out, list[i].code);
        json_out_key(&out, "kind");
        json_out_string(&out, device_kind_code(list[i].kind));
        json_out_key(&out, "asked_at");
        json_out_time(&out, list[i].asked_ms);
        json_out_key(&out, "until");
        json_out_time(&out, list[i].until_ms);
        json_out_close(&out, '}');
    }
    json_out_close(&out, ']');
    return exchange_send_json(exchange, MHD_HTTP_OK, json_out_take(&out));
}

enum MHD_Result handle_pairing_approve(struct exchange *exchange)
{
    struct people_request request = {.verb = PEOPLE_APPROVE_PAIRING};
    const char *number = exchange->match.parameter;
    const size_t digits = strspn(number, "0123456789");
    if (number[digits] != '\0' || digits > 9) {
        return exchange_send_problem(exchange, problem_of_people(PEOPLE_PAIRING_OVER), NULL, NULL);
    }
    request.pairing = (int)strtol(number, NULL, 10);
    return ask_people(exchange, &request, request_read_approval, send_device);
}
