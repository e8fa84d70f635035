/* SDL reads the file and converts it; what it is given, and what it would make, is bounded here. */
#include "display/screen/wave.h"

#include <SDL.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/sound.h"
#include "quarter/check.h"

enum { RIFF_BYTES = 12, CHUNK_BYTES = 8 };
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

static uint32_t read_size(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Who streams does not know how much will come: espeak-ng announces 2 GiB, and SDL would make room for them before it
 * reads, which a small kiosk has not got. A copy whose last part is said to be as long as it is. */
static uint8_t *with_true_sizes(const void *bytes, size_t size)
{
    uint8_t *copy = malloc(size);
    CHECK(copy != NULL);
    memcpy(copy, bytes, size);
    for (size_t at = RIFF_BYTES; at + CHUNK_BYTES <= size;) {
        uint8_t *told = copy + at + 4;
        uint32_t length = read_size(told);
        size_t left = size - at - CHUNK_BYTES;
        for (int i = 0; length > left && i < 4; i++)
            told[i] = (uint8_t)(left >> 8 * i);
        if (length > left)
            break;
        at += CHUNK_BYTES + (size_t)length + (length & 1);
    }
    return copy;
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
    uint8_t *copy = with_true_sizes(bytes, size);
    SDL_RWops *file = SDL_RWFromConstMem(copy, (int)size);
    bool read = file != NULL && SDL_LoadWAV_RW(file, 1, &spec, &sound, &length) != NULL;
    explicit_bzero(copy, size);
    free(copy);
    if (!read) {
        (void)snprintf(error, error_size, "no WAV file: %s", SDL_GetError());
        return STATUS_CORRUPT;
    }
    bool fine = can_be(&spec, length) && convert(&spec, sound, length, clip);
    if (sound != NULL)
        explicit_bzero(sound, length);
    SDL_FreeWAV(sound);
    if (fine)
        return STATUS_OK;
    (void)snprintf(error, error_size,
                   "a WAV file of %u bytes at %d Hz in %d channels is not for us", (unsigned)length,
                   spec.freq, spec.channels);
    return STATUS_CORRUPT;
}

void clip_wipe(struct clip *clip)
{
    if (clip->samples != NULL)
        explicit_bzero(clip->samples, clip->count * sizeof *clip->samples);
    free(clip->samples);
    *clip = (struct clip){0};
}
