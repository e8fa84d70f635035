/* The lobby chime: two bell-like notes, made in code so that it needs no sound file and a test
 * knows every sample.
 *
 * Form: CHIME_RATE samples a second, mono, signed 16 bit. Note 1, E5 (659.255 Hz), starts at 0;
 * note 2, C5 (523.251 Hz), at CHIME_NOTE2_MS; each rises in 12 ms and decays exponentially (to 1/e
 * in 350 ms) with a third of its octave and a tenth of its twelfth on top; the whole ends after
 * CHIME_LENGTH_MS with a 40 ms fade. Peak 60 % of full scale. A recording starts with silence (the
 * device runs before the first chime). A test finds chimes in it by normalised correlation with
 * chime_samples() (> 0.9 when it is there).
 *
 * News that is no call (a longer wait) has a note: one low G4 (392 Hz) at 30 % of full scale, so that nobody who waits
 * for a chime takes it for one. */
#ifndef QUARTER_SCREEN_CHIME_H
#define QUARTER_SCREEN_CHIME_H

#include <stdbool.h>
#include <stdint.h>

#include "display/screen/sound.h"

enum {
    CHIME_RATE = SOUND_RATE,
    CHIME_LENGTH_MS = 1600,
    CHIME_NOTE2_MS = 420,
    CHIME_SAMPLES = CHIME_RATE / 1000 * CHIME_LENGTH_MS,
    NOTE_LENGTH_MS = 900,
    NOTE_SAMPLES = CHIME_RATE / 1000 * NOTE_LENGTH_MS
};

/* Writes CHIME_SAMPLES samples. */
void chime_samples(int16_t *samples);

/* Writes NOTE_SAMPLES samples. */
void note_samples(int16_t *samples);

/* Plays one on the loudspeaker after what sounds there; false: the line is full, or there is no device. Returns at
 * once. */
bool chime_play(struct sound *sound);
/* The same with the note. */
bool chime_play_note(struct sound *sound);

#endif
