/* What may be a name. */
#ifndef QUARTER_PEOPLE_NAMES_H
#define QUARTER_PEOPLE_NAMES_H

#include <stdbool.h>

#include "people/people.h"

/* A sign-in name as it is kept and compared: lower case, NFC (after RFC 8265 section 3.3, without its mapping of
 * widths). False: it has not 2 to 64 letters, digits or . - _ @, the first of them a letter or a digit. */
bool name_prepare(const char *typed, char name[PEOPLE_NAME_BYTES + 1]);
/* A name to be shown: NFC, without spaces around it. False: not 1 to 64 letters, or with ones that are not seen but
 * the joiners that some scripts need: who turns the direction of a line could pass for somebody else (UTS 39). */
bool name_prepare_display(const char *typed, char display[PEOPLE_NAME_BYTES + 1]);
/* [a-z0-9_-], 1 to QUARTER_CODE_MAX. */
bool name_is_code(const char *text);
/* As a code, with capitals too ("zh-Hant"), up to PEOPLE_LANGUAGE_MAX; "" is fine. */
bool name_is_language(const char *text);

#endif
