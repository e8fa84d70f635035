/* What the forecast is told of the day so far, when it is time to look at the rest of it. */
#ifndef QUARTER_HTTP_DAY_LOOK_H
#define QUARTER_HTTP_DAY_LOOK_H

#include "http/scene.h"
#include "http/view_source.h"

/* Sets so_far of a scene that was taken at source.now_ms, and marks who of its tickets waits for the second time; not
 * for each scene, since a day of thousands takes a ms to count. source: as of that very moment. */
void day_look_take(struct scene *scene, const struct view_source *source);

#endif
