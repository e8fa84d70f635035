/* See report.h. */
#include "simulate/report.h"

#include <math.h>

const char *report_number(double value, int decimals, char *text, size_t size)
{
    if (isnan(value)) {
        (void)snprintf(text, size, "unknown");
    } else {
        (void)snprintf(text, size, "%.*f", decimals, value);
    }
    return text;
}
