/* PNG files as canvases. */
#ifndef QUARTER_STANDARDS_PICTURE_H
#define QUARTER_STANDARDS_PICTURE_H

#include "display/screen/canvas.h"

/* NULL: not there, or no picture. */
struct canvas *picture_read(const char *path);

#endif
