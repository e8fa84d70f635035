/* See report_math.h. */
#include "simulate/report_math.h"

#include <math.h>
#include <string.h>

enum { SORT_BITS = 11, SORT_DIGITS = 1 << SORT_BITS };

double report_t975(int degrees)
{
    static const double table[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060,
                                   2.2622,  2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199,
                                   2.1098,  2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
                                   2.0595,  2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
    if (degrees < 1) {
        return (double)NAN;
    }
    if (degrees <= (int)(sizeof(table) / sizeof(table[0]))) {
        return table[degrees - 1];
    }
    /* Cornish and Fisher's expansion: Abramowitz, Stegun 26.7.5; right to 4 digits from 30 degrees on */
    const double z = 1.959963985;
    const double n = degrees;
    return z + (pow(z, 3) + z) / (4 * n) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * n * n);
}

double report_ratio(const struct day_total *days, int count)
{
    double above = 0;
    double below = 0;
    for (int i = 0; i < count; i++) {
        above += days[i].above;
        below += days[i].below;
    }
    return below > 0 ? above / below : (double)NAN;
}

double report_ratio_half(const struct day_total *days, int count)
{
    const double ratio = report_ratio(days, count);
    double squares = 0;
    double below = 0;
    int telling = 0;
    for (int i = 0; i < count; i++) {
        const double residual = days[i].above - ratio * days[i].below;
        squares += residual * residual;
        below += days[i].below;
        telling += days[i].below > 0;
    }
    return telling < 2 ? (double)NAN
                       : report_t975(telling - 1) * sqrt(squares * telling / (telling - 1)) / below;
}

struct report_figure report_ratio_figure(const struct day_total *days, int count)
{
    const double value = report_ratio(days, count);
    const double half = report_ratio_half(days, count);
    return (struct report_figure){.value = value, .low = value - half, .high = value + half};
}

struct report_figure report_share_figure(const struct day_total *days, int count)
{
    struct report_figure figure = report_ratio_figure(days, count);
    if (isnan(figure.low) || (figure.value > 0 && figure.value < 1)) {
        return figure;
    }
    double below = 0;
    for (int i = 0; i < count; i++) {
        below += days[i].below;
    }
    const double doubt = 1 - pow(0.025, 1 / below);
    figure.low = figure.value > 0 ? 1 - doubt : 0;
    figure.high = figure.value > 0 ? 1 : doubt;
    return figure;
}

double report_quantile(const double *sorted, int64_t count, double p)
{
    if (count == 0) {
        return (double)NAN;
    }
    const double rank = (double)(count - 1) * p;
    const int64_t low = (int64_t)rank;
    const int64_t high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - (double)low);
}

/* By the digit that starts at bit `shift`; false: all have the same there. */
static bool sort_by_digit(const uint32_t *from, uint32_t *to, int64_t count, int shift)
{
    int64_t place[SORT_DIGITS] = {0};
    for (int64_t i = 0; i < count; i++) {
        place[from[i] >> shift & (SORT_DIGITS - 1)]++;
    }
    if (place[from[0] >> shift & (SORT_DIGITS - 1)] == count) {
        return false;
    }
    int64_t before = 0;
    for (int i = 0; i < SORT_DIGITS; i++) {
        const int64_t mine = place[i];
        place[i] = before;
        before += mine;
    }
    for (int64_t i = 0; i < count; i++) {
        to[place[from[i] >> shift & (SORT_DIGITS - 1)]++] = from[i];
    }
    return true;
}

void report_sort_ms(uint32_t *ms, uint32_t *spare, int64_t count)
{
    for (int shift = 0; count > 0 && shift < 32; shift += SORT_BITS) {
        if (sort_by_digit(ms, spare, count, shift)) {
            memcpy(ms, spare, (size_t)count * sizeof(*ms));
        }
    }
}

struct report_figure report_mean_figure(const double *values, int count)
{
    struct report_figure figure = {.value = (double)NAN, .low = (double)NAN, .high = (double)NAN};
    if (count == 0) {
        return figure;
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += values[i];
    }
    figure.value = sum / count;
    if (count < 2) {
        return figure;
    }
    double squares = 0;
    for (int i = 0; i < count; i++) {
        squares += (values[i] - figure.value) * (values[i] - figure.value);
    }
    const double half = report_t975(count - 1) * sqrt(squares / (count - 1) / count);
    figure.low = figure.value - half;
    figure.high = figure.value + half;
    return figure;
}
