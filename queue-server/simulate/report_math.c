/* See report_math.h. */
#include "simulate/report_math.h"

#include <math.h>

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
    if (count < 2 || isnan(ratio)) {
        return (double)NAN;
    }
    double squares = 0;
    double below = 0;
    for (int i = 0; i < count; i++) {
        const double residual = days[i].above - ratio * days[i].below;
        squares += residual * residual;
        below += days[i].below;
    }
    return report_t975(count - 1) * sqrt(squares * count / (count - 1)) / below;
}

struct report_figure report_ratio_figure(const struct day_total *days, int count)
{
    const double value = report_ratio(days, count);
    const double half = report_ratio_half(days, count);
    return (struct report_figure){.value = value, .low = value - half, .high = value + half};
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
