/* Icons from ASSETS/icons/NAME.svg, drawn at any size and tinted. Those that point somewhere (back,
 * forward) are flipped in right-to-left pages. One thread. Drawn sizes are kept, within bounds. */
#ifndef QUARTER_SCREEN_ICONS_H
#define QUARTER_SCREEN_ICONS_H

#include "display/screen/canvas.h"

struct icons;

struct icons *icons_create(const char *assets_dir);
void icons_destroy(struct icons *icons);
/* STATUS_NOT_FOUND: no such icon; STATUS_CORRUPT: not an SVG. Nothing is drawn then. */
enum status icons_draw(struct icons *icons, struct canvas *canvas, struct rect box,
                       const char *name, bool rtl, struct colour colour);

#endif
