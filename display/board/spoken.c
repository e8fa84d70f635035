/* See spoken.h. */
#include "display/board/spoken.h"

#include <stdio.h>
#include <string.h>

#include "display/screen/wait_words.h"

/* The languages to speak: the first, and the one everybody is thought to know. */
static int languages(const struct spoken_words *words, int first,
                     int spoken[static SPOKEN_LINES_MAX])
{
    int english = site_info_find_language(words->site, "en");
    int common = english >= 0 ? english : 0;
    int count = 0;
    if (first >= 0 && first < words->site->language_count)
        spoken[count++] = first;
    if (count == 0 || common != first)
        spoken[count++] = common;
    return count;
}

static void say_call(const struct spoken_words *words, int language, const struct board_call *call,
                     struct spoken_line *line)
{
    const struct site_language *in = &words->site->languages[language];
    const struct catalogue *catalogue = words->in[language];
    const struct site_counter *counter = site_info_find_counter(words->site, call->counter);
    const char *name = counter == NULL ? "" : site_info_text(words->site, &counter->name, in->code);
    const struct catalogue_value values[] = {
        {.name = "number", .text = call->number},
        {.name = "counter", .text = name[0] == '\0' ? call->counter : name},
    };
    snprintf(line->language, sizeof line->language, "%s", in->code);
    (void)catalogue_format(catalogue, line->text, sizeof line->text,
                           catalogue_text(catalogue, "Ticket {number}, {counter}."), values, 2);
}

int spoken_call(const struct spoken_words *words, const struct board_call *call,
                struct spoken_line lines[static SPOKEN_LINES_MAX])
{
    int spoken[SPOKEN_LINES_MAX];
    if (words->site == NULL || words->site->language_count == 0)
        return 0;
    int count = languages(words, site_info_find_language(words->site, call->language), spoken);
    for (int i = 0; i < count; i++)
        say_call(words, spoken[i], call, &lines[i]);
    return count;
}

int spoken_delay(const struct spoken_words *words, const struct board_delay *delay,
                 struct spoken_line lines[static SPOKEN_LINES_MAX])
{
    int spoken[SPOKEN_LINES_MAX];
    if (words->site == NULL || words->site->language_count == 0)
        return 0;
    int count = languages(words, 0, spoken);
    for (int i = 0; i < count; i++) {
        char wait[WAIT_WORDS_BYTES];
        const struct site_language *in = &words->site->languages[spoken[i]];
        const struct catalogue *catalogue = words->in[spoken[i]];
        const struct site_service *service = &words->site->services[delay->service];
        const struct catalogue_value values[] = {
            {.name = "service", .text = site_info_text(words->site, &service->name, in->code)},
            {.name = "wait",
             .text = wait_words(catalogue, delay->low_min, delay->high_min, wait, sizeof wait)},
        };
        snprintf(lines[i].language, sizeof lines[i].language, "%s", in->code);
        (void)catalogue_format(
            catalogue, lines[i].text, sizeof lines[i].text,
            catalogue_text(
                catalogue,
                "{service}: longer wait than we said. Now about {wait} in all. We are sorry."),
            values, 2);
    }
    return count;
}
