/* See voice.h. */
#include "voice.h"

#include <stdlib.h>
#include <string.h>

#include "display/screen/chime.h"
#include "display/screen/speech.h"
#include "quarter/check.h"
#include "quarter/log.h"

struct voice {
    struct sound *sound;
    struct speech *speech;
    struct narrator narrator;
    struct narration narration; /* scratch: too large for a stack */
};

enum status voice_create(const struct voice_options *options, struct voice **made)
{
    char error[256] = "";
    struct voice *voice = calloc(1, sizeof *voice);
    CHECK(voice != NULL);
    *made = NULL;
    const struct sound_options sound = {.headset = options->headset,
                                        .changed = options->wake,
                                        .changed_context = options->wake_context};
    if (sound_create(&sound, &voice->sound, error, sizeof error) != STATUS_OK) {
        log_warning("kiosk", "nothing will be heard why=\"%s\"", error);
        voice_destroy(voice);
        return STATUS_OK;
    }
    const struct speech_options speech = {.sound = voice->sound,
                                          .command = options->speech,
                                          .phrases_dir = options->phrases,
                                          .log_path = options->log,
                                          .done = options->wake,
                                          .done_context = options->wake_context};
    enum status status = speech_create(&speech, &voice->speech, error, sizeof error);
    if (status != STATUS_OK) {
        log_error("kiosk", "no speech: %s", error);
        voice_destroy(voice);
        return status;
    }
    *made = voice;
    return STATUS_OK;
}

void voice_destroy(struct voice *voice)
{
    if (voice == NULL)
        return;
    speech_destroy(voice->speech);
    sound_destroy(voice->sound);
    explicit_bzero(voice, sizeof *voice);
    free(voice);
}

static void say(struct voice *voice, const struct narration_source *source)
{
    const struct narration *narration = &voice->narration;
    if (narration->hush)
        speech_hush(voice->speech);
    for (int i = 0; i < narration->count; i++) {
        const struct utterance utterance = {
            .text = narration->lines[i].text,
            .language = narration->lines[i].language,
            .channel = source->headset ? SOUND_HEADSET : SOUND_SPEAKER,
        };
        (void)speech_say(voice->speech,
                         &utterance); /* what the line cannot hold is too much to hear */
    }
}

void voice_show(struct voice *voice, const struct narration_source *source)
{
    if (voice == NULL)
        return;
    narrator_look(&voice->narrator, source, &voice->narration);
    say(voice, source);
}

void voice_repeat(struct voice *voice, const struct narration_source *source)
{
    if (voice == NULL)
        return;
    narrator_repeat(&voice->narrator, source, &voice->narration);
    say(voice, source);
}

void voice_hush(struct voice *voice)
{
    if (voice != NULL)
        speech_hush(voice->speech);
}

void voice_forget(struct voice *voice)
{
    if (voice == NULL)
        return;
    speech_hush(voice->speech);
    explicit_bzero(&voice->narration, sizeof voice->narration);
}

void voice_note(struct voice *voice)
{
    if (voice != NULL && !chime_play_note(voice->sound))
        log_warning("kiosk", "a note was dropped");
}

bool voice_speaks(struct voice *voice, bool headset)
{
    return voice != NULL && speech_able(voice->speech) &&
           sound_ready(voice->sound, headset ? SOUND_HEADSET : SOUND_SPEAKER);
}

bool voice_busy(struct voice *voice)
{
    return voice != NULL && speech_busy(voice->speech);
}
