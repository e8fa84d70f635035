/* What moves and flashes, seen on frames as they change (WCAG 2.2.2, 2.3.1). */
#ifndef QUARTER_STANDARDS_MOTION_H
#define QUARTER_STANDARDS_MOTION_H

#include "display/screen/canvas.h"

struct motion;
struct motion *motion_create(void);
void motion_destroy(struct motion *motion);

/* A frame that differs from the one before; times only grow. */
void motion_see(struct motion *motion, const struct canvas *canvas, int64_t now_ms);
/* The most flashes within one second that any small part of the frame made; one flash is there and back by a tenth of
 * the full light (WCAG 2.2, general flash, without the grace it gives to small areas). */
double motion_flashes(const struct motion *motion);
/* The longest run of frames less than half a second apart. */
double motion_longest_s(const struct motion *motion);

#endif
