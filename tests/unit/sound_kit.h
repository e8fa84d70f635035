/* For tests that listen: a sound device that writes to a file of its own, and measures of what is in it. */
#ifndef QUARTER_TESTS_SOUND_KIT_H
#define QUARTER_TESTS_SOUND_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "display/screen/sound.h"

/* Samples by the positions that sound_span tells. */
struct recording {
    int16_t *all, *samples; /* samples: where position 0 is */
    size_t count;
};

/* Once, first of all: SDL's disk driver, faster than real time, into a folder of its own. */
void sound_kit_start(void);
/* A new recording. */
void sound_kit_begin(void);
const char *sound_kit_path(enum sound_channel channel);
/* Destroys sound and reads what the channel's device recorded. */
struct recording sound_kit_end(struct sound *sound, enum sound_channel channel);
struct recording sound_kit_read(const char *path); /* position 0 is the file's first sample */
void sound_kit_free(struct recording *recording);

int16_t *sound_kit_tone(double hz, size_t count);
/* Energy of one frequency in samples[from..to), by Goertzel's algorithm. */
double sound_kit_energy(const int16_t *samples, int from, int to, double hz);
/* Root of the mean square. */
double sound_kit_loudness(const struct recording *recording, int64_t from, int64_t to);
/* Loud, and nearly all of it at hz. */
bool sound_kit_is_tone(const struct recording *recording, int64_t from, int64_t to, double hz);

#endif
