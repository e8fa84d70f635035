/* What the handlers of people and devices begin with. See ask_people.h. */
#include "http/ask_people.h"

json_t *ask_object(struct exchange *exchange)
{
    struct fault fault = {0};
    if (exchange->house->people == NULL) {
        (void)exchange_send_problem(exchange, PROBLEM_SIGN_IN_OFF, NULL, NULL);
        return NULL;
    }
    json_t *object = request_object(exchange->body, exchange->body_length, &fault);
    if (object == NULL) {
        (void)exchange_send_fault(exchange, &fault);
    }
    return object;
}

bool ask_nothing(struct exchange *exchange)
{
    struct fault fault = {0};
    json_t *object = ask_object(exchange);
    if (object == NULL) {
        return false;
    }
    const bool fine = request_read_nothing(object, &fault);
    json_decref(object);
    if (!fine) {
        (void)exchange_send_fault(exchange, &fault);
    }
    return fine;
}

enum MHD_Result ask_people(struct exchange *exchange, struct people_request *request,
                           people_reader *read, errand_finish *finish)
{
    struct fault fault = {0};
    json_t *object = ask_object(exchange);
    if (object == NULL) {
        return MHD_YES;
    }
    const bool fine = read(object, request, &fault);
    const enum MHD_Result result =
        fine ? errand_park(exchange, request, finish) : exchange_send_fault(exchange, &fault);
    json_decref(object);
    return result;
}
