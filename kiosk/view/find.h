/* Finds services by what people call them: a letter of the name is enough to begin with, accents and hasty spelling do
 * not matter, and English words are found on every page. Pure. */
#ifndef QUARTER_KIOSK_FIND_H
#define QUARTER_KIOSK_FIND_H

#include "client/site_info.h"

/* Writes the services (indices of the site) that match what was typed, the best first, and returns how many; all of
 * them in the site's order while nothing is typed. Every word typed must be found: at the start of a word of the name
 * (best), of another name, of the English ones or of the hint; then inside a word; then but for one letter. */
int find_services(const struct site_info *site, const char *language, const char *typed,
                  int found[QUARTER_SERVICES_MAX]);

#endif
