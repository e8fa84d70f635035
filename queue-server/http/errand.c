/* Errands to people/. See errand.h. */
#include "http/errand.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "http/exchange.h"
#include "quarter/check.h"

struct errand {
    struct MHD_Connection *connection;
    errand_finish *finish;
    struct people_answer answer;
    struct audit_entry *audit; /* the answer's own copy; NULL: none */
};

/* On the worker of people/. From the resume on, the errand belongs to libmicrohttpd's thread again. */
static void take_answer(void *context, const struct people_answer *answer)
{
    struct errand *errand = context;
    errand->answer = *answer;
    errand->answer.audit = NULL;
    if (answer->audit_count > 0) {
        errand->audit = calloc(answer->audit_count, sizeof(*errand->audit));
        CHECK(errand->audit != NULL);
        memcpy(errand->audit, answer->audit, answer->audit_count * sizeof(*errand->audit));
        errand->answer.audit = errand->audit;
    }
    MHD_resume_connection(errand->connection);
}

enum MHD_Result errand_park(struct exchange *exchange, struct people_request *request,
                            errand_finish *finish)
{
    struct errand *errand = calloc(1, sizeof(*errand));
    CHECK(errand != NULL);
    errand->connection = exchange->connection;
    errand->finish = finish;
    request->actor = exchange->caller.actor;
    request->actor_roles = exchange->caller.roles & ROLE_ALL;
    request->address = exchange->caller.address;
    exchange->errand = errand;
    exchange->stage = EXCHANGE_PARKED;
    /* Suspended first: the worker may be done before people_submit() has returned. */
    MHD_suspend_connection(exchange->connection);
    int64_t retry_ms = 0;
    const enum people_result refused =
        people_submit(exchange->house->people, request, take_answer, errand, &retry_ms);
    if (refused != PEOPLE_OK) {
        errand->answer.result = refused;
        errand->answer.retry_ms = retry_ms;
        MHD_resume_connection(exchange->connection);
    }
    return MHD_YES;
}

enum MHD_Result errand_answer(struct exchange *exchange)
{
    const struct people_answer *answer = &exchange->errand->answer;
    const enum problem_code problem = problem_of_people(answer->result);
    if (problem == PROBLEM_NONE) {
        return exchange->errand->finish(exchange, answer);
    }
    return answer->retry_ms > 0
               ? exchange_send_later(exchange, problem, (answer->retry_ms + 999) / 1000)
               : exchange_send_problem(exchange, problem, NULL, NULL);
}

void errand_destroy(struct errand *errand)
{
    if (errand != NULL) {
        free(errand->audit);
        sodium_memzero(errand, sizeof(*errand));
        free(errand);
    }
}
