/* Where on the screen a raw reading of a touch panel lies. Six floats, as libinput's calibration
 * matrix: both axes run from 0 to 1, x' = a x + b y + c, y' = d x + e y + f. A portrait screen
 * whose panel was mounted sideways is one too: "0 -1 1 1 0 0" turns a quarter clockwise. */
#ifndef QUARTER_KIOSK_CALIBRATION_H
#define QUARTER_KIOSK_CALIBRATION_H

#include <stdint.h>

#include "quarter/status.h"

struct calibration {
    double m[6];
};

/* What the driver says an axis reads from end to end. */
struct axis_range {
    int32_t least, most;
};

struct panel {
    struct axis_range x, y;
    struct calibration calibration;
    int width_px, height_px;
    int32_t
        palm_major; /* a contact larger than this is a palm, in the panel's units; 0: cannot tell */
};

/* A touch of the guided page: where on the panel (0 to 1, uncalibrated), and where on the screen the
 * cross was. */
struct calibration_sample {
    double u, v;
    double x, y;
};

enum { CALIBRATION_SAMPLES_MIN = 3 };

struct calibration calibration_identity(void);
/* Least squares over the samples. STATUS_INVALID: too few, or the touches lie on a line, or the matrix
 * would map the screen to one. */
enum status calibration_fit(const struct calibration_sample *samples, int count,
                            struct calibration *calibration);
/* The worst distance between a cross and where its touch now lands, px. */
double calibration_worst_px(const struct calibration *calibration,
                            const struct calibration_sample *samples, int count, int width_px,
                            int height_px);
/* "a b c d e f", separated by blanks or commas. STATUS_INVALID: not six finite numbers, or a matrix
 * that maps the screen to a line. */
enum status calibration_parse(const char *text, struct calibration *calibration);

/* How far along its axis a reading lies: 0 to 1. */
double panel_along(struct axis_range range, int32_t raw);
/* Always inside the screen. */
void panel_to_screen(const struct panel *panel, int32_t raw_x, int32_t raw_y, int *x, int *y);

#endif
