/* A site's folder as kiosks and displays see it, without a server in between. */
#ifndef QUARTER_TESTS_SITE_KIT_H
#define QUARTER_TESTS_SITE_KIT_H

#include "client/site_info.h"

/* NULL with a line on stderr: it cannot be read. site_info_destroy() it. */
struct site_info *site_kit_read(const char *dir);
/* The same, where that would be the test's own fault. */
struct site_info *site_kit_open(const char *dir);

#endif
