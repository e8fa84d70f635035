/* Raw panel readings to pixels; see calibration.h. */
#include "input/calibration.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct calibration calibration_identity(void)
{
    return (struct calibration){{1, 0, 0, 0, 1, 0}};
}

static bool is_a_map(const struct calibration *calibration)
{
    const double *m = calibration->m;
    for (int i = 0; i < 6; i++)
        if (!isfinite(m[i]))
            return false;
    return fabs(m[0] * m[4] - m[1] * m[3]) > 1e-6;
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
    if (!is_a_map(&read))
        return STATUS_INVALID;
    *calibration = read;
    return STATUS_OK;
}

/* Cramer's rule; false: no single solution. */
static bool solve(double a[3][3], const double b[3], double x[3])
{
    double determinant = a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
                         a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
                         a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    /* Touches all within about a hundredth of the panel from one line tell nothing across it. */
    if (!(fabs(determinant) > 1e-3))
        return false;
    for (int i = 0; i < 3; i++) {
        double c[3][3];
        memcpy(c, a, sizeof c);
        for (int row = 0; row < 3; row++)
            c[row][i] = b[row];
        x[i] = (c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1]) -
                c[0][1] * (c[1][0] * c[2][2] - c[1][2] * c[2][0]) +
                c[0][2] * (c[1][0] * c[2][1] - c[1][1] * c[2][0])) /
               determinant;
    }
    return true;
}

enum status calibration_fit(const struct calibration_sample *samples, int count,
                            struct calibration *calibration)
{
    double normal[3][3] = {{0}}, across[3] = {0}, down[3] = {0};
    struct calibration fitted;
    if (count < CALIBRATION_SAMPLES_MIN)
        return STATUS_INVALID;
    for (int i = 0; i < count; i++) {
        const double at[3] = {samples[i].u, samples[i].v, 1};
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++)
                normal[row][column] += at[row] * at[column];
            across[row] += at[row] * samples[i].x;
            down[row] += at[row] * samples[i].y;
        }
    }
    if (!solve(normal, across, fitted.m) || !solve(normal, down, fitted.m + 3) ||
        !is_a_map(&fitted))
        return STATUS_INVALID;
    *calibration = fitted;
    return STATUS_OK;
}

double calibration_worst_px(const struct calibration *calibration,
                            const struct calibration_sample *samples, int count, int width_px,
                            int height_px)
{
    const double *m = calibration->m;
    double worst = 0;
    for (int i = 0; i < count; i++) {
        const struct calibration_sample *s = &samples[i];
        double dx = (m[0] * s->u + m[1] * s->v + m[2] - s->x) * width_px;
        double dy = (m[3] * s->u + m[4] * s->v + m[5] - s->y) * height_px;
        worst = fmax(worst, hypot(dx, dy));
    }
    return worst;
}

double panel_along(struct axis_range range, int32_t raw)
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
    double u = panel_along(panel->x, raw_x);
    double v = panel_along(panel->y, raw_y);
    *x = to_pixel(m[0] * u + m[1] * v + m[2], panel->width_px);
    *y = to_pixel(m[3] * u + m[4] * v + m[5], panel->height_px);
}
