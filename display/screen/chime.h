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

#include "quarter/status.h"

enum {
    CHIME_RATE = 48000,
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

struct chime;

/* Opens the sound device through SDL (SDL_AUDIODRIVER=disk with SDL_DISKAUDIOFILE=PATH writes raw
 * samples to a file). STATUS_UNAVAILABLE without one: the display goes on silently and says so.
 * error: why. */
enum status chime_create(struct chime **chime, char *error, unsigned error_size);
void chime_destroy(struct chime *chime);
/* Plays one after what still plays; at most 8 wait in line, further ones are dropped (false).
 * Returns at once. */
bool chime_play(struct chime *chime);
/* The same with the note. */
bool chime_play_note(struct chime *chime);
int chime_pending_ms(const struct chime *chime); /* how long what is queued will take */

#endif
