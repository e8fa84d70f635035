/* The set-up code, which makes the first administrator. Pure: no lock, no clock, no disk. */
#ifndef QUARTER_PEOPLE_SET_UP_H
#define QUARTER_PEOPLE_SET_UP_H

#include <stdbool.h>
#include <stdint.h>

#include "people/people.h"

enum {
    /* 50 bits. Each wrong try is written into the trail, so there are some hundred a second at most whoever guesses, and
     * one chance in 10^8 in that hour: there is no end to tries that anybody could bring about for the owner. */
    SET_UP_LETTERS = 10,
    SET_UP_MS = 3600000,
};

struct set_up {
    bool is_open;
    unsigned char hash[32]; /* BLAKE2b-256 of the letters */
    int64_t until_ms;
};

/* A new code. */
void set_up_open(struct set_up *set_up, int64_t now_ms, char code[PEOPLE_CODE_LEN + 1]);
/* OK, WRONG_SET_UP_CODE, SET_UP_OVER. A right one can be tried again: set_up_close() once it is used. */
enum people_result set_up_try(struct set_up *set_up, const char *typed, int64_t now_ms);
void set_up_close(struct set_up *set_up);

#endif
