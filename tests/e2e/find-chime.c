/* find-chime RECORDING [CHANNELS [note]]: where the lobby chime (or the note) sounds in a raw 16-bit recording at
 * CHIME_RATE, as SDL's "disk" sound driver writes it. Prints one line "MILLISECONDS CORRELATION" each (normalised correlation over
 * 0.9 with chime_samples(), the first place of each) and exits with 1 when there is none. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/chime.h"
#include "quarter/check.h"

enum {
    STEP = 8,
    GLANCE = 509,
    MOST_SAMPLES = CHIME_RATE * 600
}; /* compared at every 8th sample, found to the sample after that */

static size_t read_recording(const char *path, int channels, int16_t **samples)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    int16_t *all = malloc(sizeof(*all) * MOST_SAMPLES);
    CHECK(all != NULL);
    size_t count = 0;
    int16_t frame[8];
    while (count < MOST_SAMPLES &&
           fread(frame, sizeof(*frame), (size_t)channels, file) == (size_t)channels)
        all[count++] = frame[0];
    fclose(file);
    *samples = all;
    return count;
}

static double correlation(const int16_t *recording, const int16_t *chime, size_t count, size_t step)
{
    double both = 0, left = 0, right = 0;
    for (size_t i = 0; i < count; i += step) {
        both += (double)recording[i] * chime[i];
        left += (double)recording[i] * recording[i];
        right += (double)chime[i] * chime[i];
    }
    return left > 0 && right > 0 ? both / sqrt(left * right) : 0;
}

int main(int argc, char **argv)
{
    const int channels = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1;
    if (argc < 2 || channels < 1 || channels > 8) {
        fprintf(stderr, "usage: find-chime RECORDING [CHANNELS [note]]\n");
        return 2;
    }
    static int16_t chime[CHIME_SAMPLES];
    const bool note = argc > 3 && strcmp(argv[3], "note") == 0;
    const size_t length = note ? NOTE_SAMPLES : CHIME_SAMPLES;
    note ? note_samples(chime) : chime_samples(chime);
    int16_t *recording = NULL;
    const size_t count = read_recording(argv[1], channels, &recording);
    int found = 0;
    for (size_t at = 0; at + length <= count;) {
        if (recording[at] == 0 && recording[at + CHIME_RATE / 100] == 0) {
            at += CHIME_RATE / 200; /* silence */
            continue;
        }
        /* Most of a recording is speech: a few samples tell that it is no chime. */
        if (correlation(recording + at, chime, length, GLANCE) < 0.6 ||
            correlation(recording + at, chime, length, STEP) < 0.9) {
            at++;
            continue;
        }
        printf("%zu %.4f\n", at * 1000 / CHIME_RATE, correlation(recording + at, chime, length, 1));
        found++;
        at += length;
    }
    free(recording);
    return found > 0 ? 0 : 1;
}
