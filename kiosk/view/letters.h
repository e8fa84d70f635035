/* Letters as people take them, whatever their code points: what keyboard and search need to know of the scripts of our
 * languages. Pure. */
#ifndef QUARTER_KIOSK_LETTERS_H
#define QUARTER_KIOSK_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LETTERS_UTF8_MAX = 4 };

/* The letter at text (U+FFFD for what is no UTF-8) and what follows it; at the end 0 and the end. */
const char *letters_next(const char *text, uint32_t *letter);
/* The last letter of a text, or 0. */
uint32_t letters_last(const char *text);
/* Writes a letter without an end and returns its bytes. */
size_t letters_write(uint32_t letter, char out[LETTERS_UTF8_MAX]);

/* Of a script of India: carries a vowel sign. */
bool letters_is_consonant(uint32_t letter);
/* A sign that is written on the letter before it. */
bool letters_joins(uint32_t letter);

/* What a search compares: small letters without accents; one letter for those that Arabic script, and hasty spelling in
 * the scripts of India, take for each other. 0: is passed over; ' ': ends a word. */
uint32_t letters_fold(uint32_t letter);

#endif
