/* Why the queue refused a command: the stable `type` of a problem document (RFC 9457), as
 * "/problems/CODE", its HTTP status, and the English sentence a person reads. */
#ifndef QUARTER_REFUSAL_H
#define QUARTER_REFUSAL_H

#define REFUSAL_LIST(X)                                                                            \
    X(UNKNOWN_SERVICE, "unknown-service", 404, "This centre has no such service.")                 \
    X(UNKNOWN_COUNTER, "unknown-counter", 404, "This centre has no such counter.")                 \
    X(UNKNOWN_TICKET, "unknown-ticket", 404, "There is no such ticket today.")                     \
    X(UNKNOWN_LANGUAGE, "unknown-language", 422, "This centre does not offer that language.")      \
    X(UNKNOWN_NEED, "unknown-need", 422, "This centre does not know that need.")                   \
    X(DAY_CLOSED, "day-closed", 409,                                                               \
      "The day is closed: no new tickets and no calls until it opens.")                            \
    X(SERVICE_RETIRED, "service-retired", 409, "This service is not offered any more.")            \
    X(NUMBERS_USED_UP, "numbers-used-up", 409, "All numbers of this service are used up today.")   \
    X(NUMBER_NOT_RESERVED, "number-not-reserved", 409,                                             \
      "That number was not reserved for this device, or is used already.")                         \
    X(COUNTER_NOT_OPEN, "counter-not-open", 409, "This counter is not open. Open it first.")       \
    X(COUNTER_OPEN_ALREADY, "counter-open-already", 409, "This counter is open already.")          \
    X(COUNTER_BUSY, "counter-busy", 409,                                                           \
      "This counter is with a visitor. Finish the visit first.")                                   \
    X(NO_TICKET_HERE, "no-ticket-here", 409, "There is nobody at this counter.")                   \
    X(NOT_CALLED, "not-called", 409, "The visitor at this counter is being served already.")       \
    X(NOT_SERVING, "not-serving", 409, "The visit has not started yet. Start it first.")           \
    X(SAME_SERVICE, "same-service", 409, "The visitor is being served for that service already.")  \
    X(RECALL_FIRST, "recall-first", 409, "Call the visitor once more before closing as not here.") \
    X(STATE_CONFLICT, "state-conflict", 409, "That cannot be done in this ticket's state.")        \
    X(TOO_MANY_TICKETS, "too-many-tickets", 409, "This day holds no more tickets.")                \
    X(DAY_OPEN_ALREADY, "day-open-already", 409, "The day is open already. Close it first.")       \
    X(DAY_OVER, "day-over", 409, "A later day has been opened already. Check the clock.")          \
    X(TOO_MANY_VISITS, "too-many-visits", 429, "This kiosk has recorded too many visits today.")   \
    X(TOO_MANY_HELP_CALLS, "too-many-help-calls", 409, "Too many kiosks call for help already.")   \
    X(NO_HELP_CALL, "no-help-call", 409, "Nobody calls for help at this kiosk any more.")          \
    X(NOT_WAITING, "not-waiting", 409,                                                             \
      "This visitor is not waiting any more: somebody called them, or they left.")                 \
    X(NOT_PARKED, "not-parked", 409, "This visitor is not parked any more.")                       \
    X(NOT_A_NO_SHOW, "not-a-no-show", 409, "This visitor was not closed as not here.")             \
    X(LACKS_NEED, "lacks-need", 409,                                                               \
      "This counter does not have what the visitor needs. Call them anyway if you agreed how.")    \
    X(NOTHING_TO_UNDO, "nothing-to-undo", 409, "There is nothing to undo at this counter.")        \
    X(TOO_LATE_TO_UNDO, "too-late-to-undo", 409,                                                   \
      "That was more than five minutes ago: it stays as it is.")                                   \
    X(DEALT_WITH_SINCE, "dealt-with-since", 409,                                                   \
      "Somebody else has dealt with this visitor since: it stays as it is.")                       \
    X(SAME_COUNTER, "same-counter", 409, "The visitor is at that counter already.")                \
    X(NOBODY_THERE, "nobody-there", 409,                                                           \
      "Nobody is at that counter. Choose another one, or a service.")                              \
    X(PERSON_NOT_HERE, "person-not-here", 409, "That colleague is not at a counter now.")          \
    X(PERSON_BUSY, "person-busy", 409,                                                             \
      "You are with a visitor at another counter. Finish there first.")                            \
    X(TOO_MANY_NOTICES, "too-many-notices", 409,                                                   \
      "Six notices are shown already. Withdraw one first.")                                        \
    X(TOO_MANY_CODES, "too-many-codes", 409,                                                       \
      "Too many services or counters came and went today. Apply this site after the day's end.")

enum refusal {
    REFUSAL_NONE,
#define X(name, code, http_status, sentence) REFUSAL_##name,
    REFUSAL_LIST(X)
#undef X
};

/* Implemented in queue-server/engine/refusal.c (library `ticket`). */
const char *refusal_code(enum refusal refusal); /* "none" for REFUSAL_NONE */

#endif
