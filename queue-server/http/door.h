/* Who is connected, and what each still owes or is owed. libmicrohttpd ends a connection that is silent, but not one that
 * sends a byte of its request's head now and then: some hundreds of those would keep everybody else out. And when the
 * server stops, what was done should also be answered. */
#ifndef QUARTER_HTTP_DOOR_H
#define QUARTER_HTTP_DOOR_H

#include <stddef.h>
#include <stdint.h>

struct door;
struct guest;

struct door *door_create(int head_ms); /* how long the head of a request may take to arrive */
void door_destroy(struct door *door);  /* when all guests have left */

/* Any thread. A guest comes with a connected socket, which stays open until door_leave() was called. */
struct guest *door_enter(struct door *door, int socket);
void door_leave(struct door *door, struct guest *guest);
/* The head of a request is there; its answer is out. */
void door_asked(struct door *door, struct guest *guest);
void door_answered(struct door *door, struct guest *guest);

/* Shows out who has not said for head_ms what he wants; returns how many. To be called now and then. */
size_t door_patrol(struct door *door);
/* Waits, but no longer than most_ms, until nobody is owed an answer. */
void door_wait_for_answers(struct door *door, int most_ms);

#endif
