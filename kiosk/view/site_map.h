/* Between the site's codes and the journey's indices: which way leads where, and what touching an element means. Element
 * ids are "back", "get-ticket", ... or "language-CODE", "group-CODE", "service-CODE", "need-CODE". */
#ifndef QUARTER_KIOSK_SITE_MAP_H
#define QUARTER_KIOSK_SITE_MAP_H

#include "client/site_info.h"
#include "journey/journey.h"

/* Groups and services beyond what a page holds are left out. Indices are those of the site's arrays. */
struct journey_site site_map(const struct site_info *site);
/* ACTION_NONE for what cannot be touched. site may be NULL (starting). */
enum journey_action site_map_action(const struct site_info *site, const char *element_id,
                                    int *item);

#endif
