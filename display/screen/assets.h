/* Where the installed files are: --assets DIR, else $QUARTER_ASSETS, else <dir of the
 * executable>/../share/quarter. Part of the library `catalogue`, so that the server finds them the
 * same way. */
#ifndef QUARTER_SCREEN_ASSETS_H
#define QUARTER_SCREEN_ASSETS_H

#include <stddef.h>

#include "quarter/status.h"

/* option: the argument of --assets, or NULL. STATUS_NOT_FOUND when there is no such directory (dir
 * holds what was looked for, so that the message can name it), STATUS_TOO_LARGE. */
enum status assets_find(const char *option, char *dir, size_t size);

#endif
