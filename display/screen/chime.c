/* See chime.h. */
#include "display/screen/chime.h"

#include <math.h>
#include <stdlib.h>

#include "quarter/check.h"

enum { FADE_MS = 40, ATTACK_MS = 12, DECAY_MS = 350 };

/* One bell-like note, t seconds after it was struck. */
static double note_at(double hz, double t)
{
    static const double TAU = 6.283185307179586;
    if (t < 0) {
        return 0;
    }
    const double attack = fmin(t * 1000.0 / ATTACK_MS, 1.0);
    const double envelope = attack * exp(-t * 1000.0 / DECAY_MS);
    const double phase = TAU * hz * t;
    return envelope * (sin(phase) + sin(2 * phase) / 3 + sin(3 * phase) / 10);
}

/* To whole samples at `peak` of full scale, with a fade at the end. */
static void write_wave(double *wave, int count, double peak, int16_t *samples)
{
    enum { FADE_SAMPLES = CHIME_RATE / 1000 * FADE_MS };
    double loudest = 0;
    for (int i = 0; i < count; i++) {
        const int left = count - i;
        wave[i] *= left < FADE_SAMPLES ? (double)left / FADE_SAMPLES : 1.0;
        loudest = fmax(loudest, fabs(wave[i]));
    }
    for (int i = 0; i < count; i++) {
        samples[i] = (int16_t)lround(wave[i] / loudest * peak * INT16_MAX);
    }
}

void chime_samples(int16_t *samples)
{
    double *wave = malloc(CHIME_SAMPLES * sizeof(*wave));
    CHECK(wave != NULL);
    for (int i = 0; i < CHIME_SAMPLES; i++) {
        const double t = (double)i / CHIME_RATE;
        wave[i] = note_at(659.255, t) + note_at(523.251, t - CHIME_NOTE2_MS / 1000.0);
    }
    write_wave(wave, CHIME_SAMPLES, 0.6, samples);
    free(wave);
}

void note_samples(int16_t *samples)
{
    double *wave = malloc(NOTE_SAMPLES * sizeof(*wave));
    CHECK(wave != NULL);
    for (int i = 0; i < NOTE_SAMPLES; i++) {
        wave[i] = note_at(391.995, (double)i / CHIME_RATE);
    }
    write_wave(wave, NOTE_SAMPLES, 0.3, samples);
    free(wave);
}

static bool play(struct sound *sound, void (*write)(int16_t *samples), size_t count)
{
    int16_t *samples = malloc(count * sizeof(*samples));
    CHECK(samples != NULL);
    write(samples);
    const bool played = sound_play(sound, SOUND_SPEAKER, samples, count) != 0;
    free(samples);
    return played;
}

bool chime_play(struct sound *sound)
{
    return play(sound, chime_samples, CHIME_SAMPLES);
}

bool chime_play_note(struct sound *sound)
{
    return play(sound, note_samples, NOTE_SAMPLES);
}
