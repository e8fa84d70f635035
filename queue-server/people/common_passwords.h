/* The passwords of 8 letters and more that head every published list of leaked ones, in lower case: what is made of
 * shorter ones is refused less often. A longer list would refuse a little more; what stops guessing is the wait after wrong tries. */
#ifndef QUARTER_PEOPLE_COMMON_PASSWORDS_H
#define QUARTER_PEOPLE_COMMON_PASSWORDS_H

#include <stdbool.h>

/* The word alone, twice, or with what everybody puts after it. Both in lower case. */
bool common_password_is_made_of(const char *password, const char *word);
/* Is it made of one of the list? */
bool common_password_is_one(const char *password);

#endif
