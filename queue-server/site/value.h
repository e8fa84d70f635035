/* Single values of a site file: what each kind must look like, and how to say so. */
#ifndef QUARTER_SITE_VALUE_H
#define QUARTER_SITE_VALUE_H

#include "site/schema.h"

enum { WANTED_BYTES = 256, VALUE_PROBLEM_BYTES = 320 };

/* "a whole number from 1 to 240", "a list", ... Returns buffer. */
const char *value_wanted(const struct field *field, char buffer[WANTED_BYTES]);

/* The names of a shape's fields: "open, doors, close". Returns buffer. */
const char *shape_keys(const struct shape *shape, char buffer[WANTED_BYTES]);

/* Checks value->text and sets what the kind has besides. False: problem says what is wrong.
 * References and definitions of codes are only checked in form. bidi_reported: the file's direction
 * signs were told already. */
bool value_parse(const struct field *field, struct value *value, bool bidi_reported,
                 char problem[VALUE_PROBLEM_BYTES]);

#endif
