/* See wait_words.h. The higher number decides the words' form: it stands next to them. */
#include "display/screen/wait_words.h"

#include <stdio.h>

char *wait_words(const struct catalogue *words, int low_min, int high_min, char *out, size_t size)
{
    char low[16], high[16];
    const unsigned long form = high_min > 0 ? (unsigned long)high_min : 0;
    const char *pattern;
    snprintf(low, sizeof low, "%d", low_min);
    snprintf(high, sizeof high, "%d", high_min);
    if (low_min <= 0)
        pattern =
            catalogue_plural(words, "{count} minute or less", "{count} minutes or less", form);
    else if (low_min < high_min)
        pattern =
            catalogue_plural(words, "{low} to {high} minute", "{low} to {high} minutes", form);
    else
        pattern = catalogue_plural(words, "{count} minute", "{count} minutes", form);
    const struct catalogue_value values[] = {{.name = "low", .text = low},
                                             {.name = "high", .text = high},
                                             {.name = "count", .text = high}};
    (void)catalogue_format(words, out, size, pattern, values, 3);
    return out;
}

bool wait_is_soon(int low_min, int high_min)
{
    return low_min <= 0 && high_min <= WAIT_SOON_MIN;
}
