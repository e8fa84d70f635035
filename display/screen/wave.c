/* SDL reads the file and converts it; what it is given, and what it would make, is bounded here. */
#include "display/screen/wave.h"

#include <SDL.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/sound.h"
#include "quarter/check.h"

enum { RATE_LEAST = 4000, RATE_MOST = 192000, CHANNELS_MOST = 8, PIECE_BYTES = 1 << 16 };

/* Bytes of sound a second -> whether the clip's length is one that can be. */
static bool can_be(const SDL_AudioSpec *spec, Uint32 length)
{
    if (spec->freq < RATE_LEAST || spec->freq > RATE_MOST || spec->channels < 1 ||
        spec->channels > CHANNELS_MOST)
        return false;
    double frames = (double)length / (SDL_AUDIO_BITSIZE(spec->format) / 8 * spec->channels);
    return frames >= 1 && frames / spec->freq <= SOUND_CLIP_MOST_S;
}

static bool convert(const SDL_AudioSpec *spec, const Uint8 *bytes, Uint32 length, struct clip *clip)
{
    SDL_AudioStream *stream =
        SDL_NewAudioStream(spec->format, spec->channels, spec->freq, AUDIO_S16SYS, 1, SOUND_RATE);
    if (stream == NULL)
        return false;
    /* In pieces of whole frames: the stream's own buffers stay small. */
    Uint32 frame = (Uint32)(SDL_AUDIO_BITSIZE(spec->format) / 8 * spec->channels);
    Uint32 piece = PIECE_BYTES / frame * frame;
    bool fine = true;
    for (Uint32 at = 0; fine && at + frame <= length; at += piece) {
        Uint32 left = (length - at) / frame * frame;
        fine = SDL_AudioStreamPut(stream, bytes + at, (int)(left < piece ? left : piece)) == 0;
    }
    fine = fine && SDL_AudioStreamFlush(stream) == 0;
    int size = fine ? SDL_AudioStreamAvailable(stream) : 0;
    int16_t *samples = size > 0 ? malloc((size_t)size) : NULL;
    CHECK(size <= 0 || samples != NULL);
    fine = size > 0 && SDL_AudioStreamGet(stream, samples, size) == size;
    SDL_FreeAudioStream(stream);
    if (!fine) {
        free(samples);
        return false;
    }
    *clip = (struct clip){samples, (size_t)size / sizeof *samples};
    return true;
}

enum status clip_from_wav(const void *bytes, size_t size, struct clip *clip, char *error,
                          size_t error_size)
{
    SDL_AudioSpec spec = {0};
    Uint8 *sound = NULL;
    Uint32 length = 0;
    if (size == 0 || size > INT_MAX) {
        (void)snprintf(error, error_size, "no sound in %zu bytes", size);
        return STATUS_CORRUPT;
    }
    SDL_RWops *file = SDL_RWFromConstMem(bytes, (int)size);
    if (file == NULL || SDL_LoadWAV_RW(file, 1, &spec, &sound, &length) == NULL) {
        (void)snprintf(error, error_size, "no WAV file: %s", SDL_GetError());
        return STATUS_CORRUPT;
    }
    bool fine = can_be(&spec, length) && convert(&spec, sound, length, clip);
    SDL_FreeWAV(sound);
    if (fine)
        return STATUS_OK;
    (void)snprintf(error, error_size,
                   "a WAV file of %u bytes at %d Hz in %d channels is not for us", (unsigned)length,
                   spec.freq, spec.channels);
    return STATUS_CORRUPT;
}
