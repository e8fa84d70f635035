#include "sound_kit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/check.h"

static const double PI = 3.14159265358979;

/* One folder a run: the tests of one binary run one after the other. */
static char folder[64], paths[2][96];

static void clear_up(void)
{
    (void)unlink(paths[0]);
    (void)unlink(paths[1]);
    (void)rmdir(folder);
}

void sound_kit_start(void)
{
    snprintf(folder, sizeof folder, "/tmp/quarter-sound-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(paths[0], sizeof paths[0], "%s/speaker", folder);
    snprintf(paths[1], sizeof paths[1], "%s/headset", folder);
    (void)atexit(clear_up);
    /* NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet */
    (void)setenv("SDL_AUDIODRIVER", "disk", 1);
    (void)setenv("SDL_DISKAUDIOFILE", paths[0], 1);
    (void)setenv("SDL_DISKAUDIODELAY", "1", 1);
    /* NOLINTEND(concurrency-mt-unsafe) */
}

void sound_kit_begin(void)
{
    (void)unlink(paths[0]);
    (void)unlink(paths[1]);
}

const char *sound_kit_path(enum sound_channel channel)
{
    return paths[channel];
}

struct recording sound_kit_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    CHECK(fseek(file, 0, SEEK_END) == 0);
    struct recording recording = {.count = (size_t)ftell(file) / sizeof(int16_t)};
    rewind(file);
    recording.all = recording.samples = malloc(recording.count * sizeof(int16_t) + 1);
    CHECK(recording.all != NULL);
    CHECK(fread(recording.all, sizeof(int16_t), recording.count, file) == recording.count);
    (void)fclose(file);
    return recording;
}

/* The device runs a little before its first callback: the recording is longer by that. */
struct recording sound_kit_end(struct sound *sound, enum sound_channel channel)
{
    sound_end(sound);
    struct recording recording = sound_kit_read(paths[channel]);
    const size_t played = (size_t)sound_played(sound, channel);
    CHECK(recording.count >= played);
    recording.samples += recording.count - played;
    recording.count = played;
    sound_destroy(sound);
    return recording;
}

void sound_kit_free(struct recording *recording)
{
    free(recording->all);
    *recording = (struct recording){0};
}

int16_t *sound_kit_tone(double hz, size_t count)
{
    int16_t *tone = malloc(count * sizeof *tone);
    CHECK(tone != NULL);
    for (size_t i = 0; i < count; i++)
        tone[i] = (int16_t)lround(8000 * sin(2 * PI * hz * (double)i / SOUND_RATE));
    return tone;
}

double sound_kit_energy(const int16_t *samples, int from, int to, double hz)
{
    const double step = 2 * cos(2 * PI * hz / SOUND_RATE);
    double a = 0, b = 0;
    for (int i = from; i < to; i++) {
        const double next = samples[i] + step * a - b;
        b = a;
        a = next;
    }
    return a * a + b * b - step * a * b;
}

double sound_kit_loudness(const struct recording *recording, int64_t from, int64_t to)
{
    double sum = 0;
    CHECK(from >= 0 && to <= (int64_t)recording->count);
    for (int64_t i = from; i < to; i++)
        sum += (double)recording->samples[i] * recording->samples[i];
    return to > from ? sqrt(sum / (double)(to - from)) : 0;
}

bool sound_kit_is_tone(const struct recording *recording, int64_t from, int64_t to, double hz)
{
    const double count = (double)(to - from);
    const double loudness = sound_kit_loudness(recording, from, to);
    /* A pure tone of length n and power p has n * n * p / 2 at its frequency. */
    const double all = loudness * loudness * count * count / 2;
    return loudness > 500 &&
           sound_kit_energy(recording->samples, (int)from, (int)to, hz) > 0.9 * all;
}
