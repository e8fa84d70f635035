/* The passwords of 8 letters and more that head every published list of leaked ones, in lower case; shorter ones are
 * refused anyhow. A longer list would refuse a little more; what stops guessing is the wait after wrong tries. */
#ifndef QUARTER_PEOPLE_COMMON_PASSWORDS_H
#define QUARTER_PEOPLE_COMMON_PASSWORDS_H

#include <stdbool.h>

/* password: in lower case. */
bool common_password_is_one(const char *password);

#endif
