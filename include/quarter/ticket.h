/* The life of a ticket: the only place that says which state follows which.
 *
 *   waiting -> called -> serving -> closed        waiting -> left        serving -> parked -> waiting
 *              called -> no_show -> waiting (revived)                               parked -> serving (taken back)
 *              serving -> waiting (transfer)                                        parked -> left
 *
 * Undo and merge are compensating events; nothing is rewritten. An undone step takes the ticket back to the state
 * before it, whatever the table says. */
#ifndef QUARTER_TICKET_H
#define QUARTER_TICKET_H

#include <stdbool.h>

#define TICKET_STATE_LIST(X)                                                                       \
    X(WAITING, "waiting")                                                                          \
    X(CALLED, "called")                                                                            \
    X(SERVING, "serving")                                                                          \
    X(PARKED, "parked")                                                                            \
    X(CLOSED, "closed")                                                                            \
    X(NO_SHOW, "no_show")                                                                          \
    X(LEFT, "left")

enum ticket_state {
#define X(name, code) TICKET_##name,
    TICKET_STATE_LIST(X)
#undef X
};

/* How a visit ended, as staff say it. UNRECORDED: the day was closed over it. */
#define OUTCOME_LIST(X)                                                                            \
    X(RESOLVED, "resolved")                                                                        \
    X(FOLLOW_UP, "follow_up")                                                                      \
    X(SIGNPOSTED, "signposted")                                                                    \
    X(WRONG_SERVICE, "wrong_service")                                                              \
    X(LEFT, "left")                                                                                \
    X(UNRECORDED, "unrecorded")

enum outcome {
#define X(name, code) OUTCOME_##name,
    OUTCOME_LIST(X)
#undef X
};

#define TICKET_CLASS_LIST(X)                                                                       \
    X(NORMAL, "normal")                                                                            \
    X(ASSISTED, "assisted")                                                                        \
    X(APPOINTMENT, "appointment")                                                                  \
    X(URGENT, "urgent")                                                                            \
    X(TRANSFER, "transfer")

enum ticket_class {
#define X(name, code) CLASS_##name,
    TICKET_CLASS_LIST(X)
#undef X
};

/* Implemented in queue-server/engine/ticket.c (library `ticket`, which needs nothing else). */
bool ticket_may_become(enum ticket_state from, enum ticket_state to);
const char *ticket_state_code(enum ticket_state state);
const char *outcome_code(enum outcome outcome);
bool outcome_from_code(const char *code, enum outcome *outcome); /* false: no such code */
const char *ticket_class_code(enum ticket_class ticket_class);
bool ticket_class_from_code(const char *code, enum ticket_class *ticket_class);

#endif
