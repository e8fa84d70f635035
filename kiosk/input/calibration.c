/* Raw panel readings to pixels; see calibration.h. */
#include "input/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct calibration calibration_identity(void)
{
    return (struct calibration){{1, 0, 0, 0, 1, 0}};
}

enum status calibration_parse(const char *text, struct calibration *calibration)
{
    struct calibration read;
    const char *at = text;
    for (int i = 0; i < 6; i++) {
        at += strspn(at, " \t,");
        char *end = NULL;
        read.m[i] = strtod(at, &end);
        if (end == at || !isfinite(read.m[i]))
            return STATUS_INVALID;
        at = end;
    }
    if (at[strspn(at, " \t")] != '\0')
        return STATUS_INVALID;
    double determinant = read.m[0] * read.m[4] - read.m[1] * read.m[3];
    if (fabs(determinant) < 1e-6)
        return STATUS_INVALID;
    *calibration = read;
    return STATUS_OK;
}

static double along(struct axis_range range, int32_t raw)
{
    double span = (double)range.most - range.least;
    return span > 0 ? ((double)raw - range.least) / span : 0;
}

static int to_pixel(double share, int size_px)
{
    double px = floor(share * size_px);
    if (!(px > 0))
        return 0;
    return px < size_px ? (int)px : size_px - 1;
}

void panel_to_screen(const struct panel *panel, int32_t raw_x, int32_t raw_y, int *x, int *y)
{
    const double *m = panel->calibration.m;
    double u = along(panel->x, raw_x);
    double v = along(panel->y, raw_y);
    *x = to_pixel(m[0] * u + m[1] * v + m[2], panel->width_px);
    *y = to_pixel(m[3] * u + m[4] * v + m[5], panel->height_px);
}
