/* See announcer.h. */
#include "display/announcer.h"

#include <stdlib.h>
#include <string.h>

#include "display/board/spoken.h"
#include "display/screen/chime.h"
#include "display/screen/speech.h"
#include "quarter/check.h"
#include "quarter/log.h"

struct announcer {
    struct announcer_options options;
    struct sound *sound;
    struct speech *speech;
    struct spoken_words words;
    struct catalogue *catalogues[QUARTER_LANGUAGES_MAX];
    int64_t until_ms; /* what is said now may take so long */
};

enum status announcer_create(const struct announcer_options *options, struct announcer **made)
{
    char error[256] = "";
    struct announcer *announcer = calloc(1, sizeof *announcer);
    CHECK(announcer != NULL);
    announcer->options = *options;
    enum status status =
        sound_create(&(struct sound_options){0}, &announcer->sound, error, sizeof error);
    if (status == STATUS_OK) {
        const struct speech_options speech = {.sound = announcer->sound,
                                              .command = options->speech,
                                              .phrases_dir = options->phrases,
                                              .log_path = options->log,
                                              .done = options->done,
                                              .done_context = options->context};
        status = speech_create(&speech, &announcer->speech, error, sizeof error);
    }
    if (status == STATUS_OK) {
        *made = announcer;
        return status;
    }
    log_warning("display", "calls will not be heard why=\"%s\"", error);
    announcer_destroy(announcer);
    return status;
}

static void close_words(struct announcer *announcer)
{
    for (int i = 0; i < QUARTER_LANGUAGES_MAX; i++) {
        catalogue_destroy(announcer->catalogues[i]);
        announcer->catalogues[i] = NULL;
        announcer->words.in[i] = NULL;
    }
}

void announcer_destroy(struct announcer *announcer)
{
    if (announcer == NULL)
        return;
    speech_destroy(announcer->speech);
    sound_destroy(announcer->sound);
    close_words(announcer);
    free(announcer);
}

void announcer_take_site(struct announcer *announcer, const struct site_info *site)
{
    if (announcer == NULL)
        return;
    close_words(announcer);
    announcer->words.site = site;
    for (int i = 0; i < site->language_count; i++) {
        char error[256];
        if (catalogue_open(announcer->options.assets, site->languages[i].code,
                           &announcer->catalogues[i], error, sizeof error) != STATUS_OK)
            log_warning("display",
                        "calls in this language use English words language=%s why=\"%s\"",
                        site->languages[i].code, error);
        announcer->words.in[i] = announcer->catalogues[i];
    }
}

static void say(struct announcer *announcer, const struct spoken_line *lines, int count)
{
    for (int i = 0; i < count; i++) {
        const struct utterance utterance = {
            .text = lines[i].text, .language = lines[i].language, .channel = SOUND_SPEAKER};
        if (!speech_say(announcer->speech, &utterance))
            log_warning("display", "a line was not spoken language=%s", lines[i].language);
    }
}

void announcer_call(struct announcer *announcer, const struct board_call *call, int64_t now_ms)
{
    struct spoken_line lines[SPOKEN_LINES_MAX];
    if (announcer == NULL)
        return;
    speech_hush(announcer->speech); /* sound and picture name the same call */
    if (!chime_play(announcer->sound))
        log_warning("display", "a chime was dropped number=%s", call->number);
    say(announcer, lines, spoken_call(&announcer->words, call, lines));
    announcer->until_ms = now_ms + ANNOUNCER_CALL_MS;
}

void announcer_delays(struct announcer *announcer, const struct board_picture *picture,
                      int64_t now_ms)
{
    struct spoken_line lines[SPOKEN_LINES_MAX];
    if (announcer == NULL)
        return;
    if (!chime_play_note(announcer->sound))
        log_warning("display", "a note was dropped");
    for (int i = 0; i < picture->delay_count; i++)
        if (picture->delays[i].fresh)
            say(announcer, lines, spoken_delay(&announcer->words, &picture->delays[i], lines));
    announcer->until_ms = now_ms + ANNOUNCER_DELAYS_MS;
}

bool announcer_is_busy(const struct announcer *announcer, int64_t now_ms)
{
    return announcer != NULL && now_ms < announcer->until_ms && speech_busy(announcer->speech);
}
