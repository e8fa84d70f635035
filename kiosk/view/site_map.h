/* Between the site's codes and the journey's indices: which way leads where, and what touching an element means. Element
 * ids are "back", "get-ticket", ... or have something behind them: "language-CODE", "group-CODE", "service-CODE",
 * "found-CODE" (a service, on search), "need-CODE", "answer-CODE" (of the question shown), "key-HEX" (a code point),
 * "key-back", "key-space", "ease-size" (the next one) and "ease-size-0" to "-2". */
#ifndef QUARTER_KIOSK_SITE_MAP_H
#define QUARTER_KIOSK_SITE_MAP_H

#include "client/site_info.h"
#include "journey/journey.h"

/* Groups and services beyond what a page holds are left out. Indices are those of the site's arrays. */
struct journey_site site_map(const struct site_info *site);
/* question: the journey's, -1 none. ACTION_NONE for what cannot be touched. site may be NULL (starting). */
enum journey_action site_map_action(const struct site_info *site, int question,
                                    const char *element_id, int *item);

#endif
