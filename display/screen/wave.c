/* SDL reads the file and converts it; what it is given, and what it would make, is bounded here. */
#include "display/screen/wave.h"

#include <SDL.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/sound.h"
#include "quarter/check.h"

enum { RATE_LEAST = 4000, RATE_MOST = 192000, CHANNELS_MOST = 8, CONVERT_BYTES_MOST = 1 << 28 };

/* Bytes of sound a second -> whether the clip's length is one that can be. */
static bool can_be(const SDL_AudioSpec *spec, Uint32 length)
{
    if (spec->freq < RATE_LEAST || spec->freq > RATE_MOST || spec->channels < 1 ||
        spec->channels > CHANNELS_MOST)
        return false;
    double frames = (double)length / (SDL_AUDIO_BITSIZE(spec->format) / 8 * spec->channels);
    return frames >= 1 && frames / spec->freq <= SOUND_CLIP_MOST_S;
}

/* Whole, not as a stream: SDL's streams lose the last few hundredths of a second when they resample. */
static bool convert(const SDL_AudioSpec *spec, const Uint8 *bytes, Uint32 length, struct clip *clip)
{
    SDL_AudioCVT converter;
    const Uint32 frame = (Uint32)(SDL_AUDIO_BITSIZE(spec->format) / 8 * spec->channels);
    const int needed = SDL_BuildAudioCVT(&converter, spec->format, spec->channels, spec->freq,
                                         AUDIO_S16SYS, 1, SOUND_RATE);
    length = length / frame * frame;
    if (needed < 0 || (double)length * converter.len_mult > CONVERT_BYTES_MOST)
        return false;
    converter.len = (int)length;
    converter.buf = malloc((size_t)length * (size_t)converter.len_mult);
    CHECK(converter.buf != NULL);
    memcpy(converter.buf, bytes, length);
    if (needed == 0)
        converter.len_cvt = converter.len;
    if ((needed > 0 && SDL_ConvertAudio(&converter) != 0) || converter.len_cvt < 2) {
        free(converter.buf);
        return false;
    }
    *clip = (struct clip){(int16_t *)(void *)converter.buf,
                          (size_t)converter.len_cvt / sizeof *clip->samples};
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
