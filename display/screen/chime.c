/* See chime.h. */
#include "display/screen/chime.h"

#include <SDL.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "quarter/check.h"

enum { WAITING_MAX = 8, DEVICE_SAMPLES = 1024, FADE_MS = 40, ATTACK_MS = 12, DECAY_MS = 350 };

struct chime {
    SDL_AudioDeviceID device;
    int16_t samples[CHIME_SAMPLES];
    int16_t note[NOTE_SAMPLES];
};

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

enum status chime_create(struct chime **chime, char *error, unsigned error_size)
{
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) {
        (void)snprintf(error, error_size, "no sound: %s", SDL_GetError());
        return STATUS_UNAVAILABLE;
    }
    const SDL_AudioSpec wanted = {
        .freq = CHIME_RATE, .format = AUDIO_S16SYS, .channels = 1, .samples = DEVICE_SAMPLES};
    const SDL_AudioDeviceID device = SDL_OpenAudioDevice(NULL, 0, &wanted, NULL, 0);
    if (device == 0) {
        (void)snprintf(error, error_size, "no sound device: %s", SDL_GetError());
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
        return STATUS_UNAVAILABLE;
    }
    struct chime *made = malloc(sizeof(*made));
    CHECK(made != NULL);
    made->device = device;
    chime_samples(made->samples);
    note_samples(made->note);
    *chime = made;
    return STATUS_OK;
}

void chime_destroy(struct chime *chime)
{
    if (chime != NULL) {
        SDL_CloseAudioDevice(chime->device);
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
        free(chime);
    }
}

static bool play(struct chime *chime, const int16_t *samples, Uint32 size)
{
    const Uint32 waiting = SDL_GetQueuedAudioSize(chime->device);
    if (waiting > (WAITING_MAX - 1) * sizeof(chime->samples) ||
        SDL_QueueAudio(chime->device, samples, size) != 0) {
        return false;
    }
    SDL_PauseAudioDevice(chime->device, 0);
    return true;
}

bool chime_play(struct chime *chime)
{
    return play(chime, chime->samples, sizeof(chime->samples));
}

bool chime_play_note(struct chime *chime)
{
    return play(chime, chime->note, sizeof(chime->note));
}

int chime_pending_ms(const struct chime *chime)
{
    return (int)(SDL_GetQueuedAudioSize(chime->device) / sizeof(int16_t) * 1000 / CHIME_RATE);
}
