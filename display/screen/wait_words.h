/* A range of minutes as people say it: "10 to 25 minutes", "5 minutes or less". On tickets, screens and pages it is
 * said with these words and no others. The minutes come from the server, which alone rounds them. */
#ifndef QUARTER_SCREEN_WAIT_WORDS_H
#define QUARTER_SCREEN_WAIT_WORDS_H

#include <stdbool.h>

#include "display/screen/catalogue.h"

enum { WAIT_WORDS_BYTES = 256, WAIT_SOON_MIN = 5 };

/* Fills out (cut to size) and returns it. */
char *wait_words(const struct catalogue *words, int low_min, int high_min, char *out, size_t size);
/* The call may come at any moment: whoever is told this range has to stay near. */
bool wait_is_soon(int low_min, int high_min);

#endif
