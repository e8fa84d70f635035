/* The set-up code, which makes the first administrator. Pure: no lock, no clock, no disk. */
#ifndef QUARTER_PEOPLE_SET_UP_H
#define QUARTER_PEOPLE_SET_UP_H

#include <stdbool.h>
#include <stdint.h>

#include "people/people.h"

enum {
    SET_UP_LETTERS = 10, /* 50 bits */
    SET_UP_MS = 3600000,
    SET_UP_TRIES = 1000, /* all addresses together: one chance in 10^12 */
};

struct set_up {
    bool is_open;
    unsigned char hash[32]; /* BLAKE2b-256 of the letters */
    int64_t until_ms;
    int wrong;
};

/* A new code. */
void set_up_open(struct set_up *set_up, int64_t now_ms, char code[PEOPLE_CODE_LEN + 1]);
/* OK, WRONG_SET_UP_CODE, SET_UP_OVER. A right one can be tried again: set_up_close() once it is used. */
enum people_result set_up_try(struct set_up *set_up, const char *typed, int64_t now_ms);
void set_up_close(struct set_up *set_up);

#endif
