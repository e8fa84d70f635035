/* WAV files of any rate, channels and sample form -> what sound.h plays. */
#ifndef QUARTER_SCREEN_WAVE_H
#define QUARTER_SCREEN_WAVE_H

#include <stddef.h>
#include <stdint.h>

#include "quarter/status.h"

/* SOUND_RATE samples a second, mono; freed by the caller. */
struct clip {
    int16_t *samples;
    size_t count;
};

/* STATUS_CORRUPT: no WAV file, empty, or a rate or length that cannot be; error: which. Streamed files, whose header
 * cannot know their length (espeak-ng --stdout), are fine. */
enum status clip_from_wav(const void *bytes, size_t size, struct clip *clip, char *error,
                          size_t error_size);

/* Overwrites it, for it may be private words, and frees it. */
void clip_wipe(struct clip *clip);

#endif
