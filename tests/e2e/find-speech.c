/* find-speech RECORDING LOG [speaker|headset [COMMAND]]: whether what a --sound-log says was said is in the recording.
 *
 * RECORDING is what SDL's "disk" driver wrote (16 bit, mono, SOUND_RATE). Each text of the log is made anew by COMMAND
 * (default: the programs' own) and compared with the recording at the place the log tells. One JSON object a line:
 *   {"text", "language", "source", "interrupted", "ms", "expected_ms", "correlation", "loudness"}
 * and at the end {"heard_ms", "unlogged_ms"}: how long anything sounds, and how much of it is in no line of the log.
 * correlation is null for recorded phrases. Exits with 1 when a line is not found (correlation under 0.95). */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "display/screen/sound.h"
#include "display/screen/speech.h"
#include "display/screen/speech_program.h"
#include "display/screen/wave.h"
#include "quarter/check.h"

enum { LIMIT_MS = 20000, LINE_BYTES = 65536, FADE_SAMPLES = SOUND_RATE / 1000 * SOUND_FADE_MS };

struct recording {
    int16_t *samples; /* from position 0 of the log on */
    bool *logged;
    int64_t count;
};

struct line {
    const char *text, *language, *channel, *source;
    json_int_t from, to;
    int interrupted;
};

static void read_recording(const char *path, struct recording *recording)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    CHECK(fseek(file, 0, SEEK_END) == 0);
    recording->count = ftell(file) / (long)sizeof(int16_t);
    rewind(file);
    recording->samples = malloc((size_t)recording->count * sizeof(int16_t) + 1);
    recording->logged = calloc((size_t)recording->count + 1, sizeof(bool));
    CHECK(recording->samples != NULL && recording->logged != NULL);
    CHECK(fread(recording->samples, sizeof(int16_t), (size_t)recording->count, file) ==
          (size_t)recording->count);
    fclose(file);
}

/* The log's last line tells how much the device played; what the recording holds before that is from before its start. */
static int64_t played(const char *path, const char *channel)
{
    char line[LINE_BYTES], key[64];
    json_int_t count = -1;
    snprintf(key, sizeof key, "%s_samples", channel);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        json_t *entry = json_loads(line, 0, NULL);
        (void)json_unpack(entry, "{sI}", key, &count);
        json_decref(entry);
    }
    if (file != NULL)
        fclose(file);
    return count;
}

static struct clip synthesise(const char *command, const struct line *line)
{
    struct program program;
    struct clip clip = {0};
    uint8_t *wave = NULL;
    size_t size = 0;
    char error[256] = "";
    const struct program_run run = {.input = line->text,
                                    .input_size = strlen(line->text),
                                    .limit_ms = LIMIT_MS,
                                    .output_max = SPEECH_OUTPUT_MAX,
                                    .cancel_fd = -1};
    enum status status =
        program_from(command, speech_voice(line->language, NULL), line->language, &program);
    if (status == STATUS_OK)
        status = program_run(&program, &run, &wave, &size);
    if (status == STATUS_OK)
        status = clip_from_wav(wave, size, &clip, error, sizeof error);
    if (status != STATUS_OK)
        fprintf(stderr, "find-speech: %s: %s %s\n", command, status_text(status), error);
    free(wave);
    return clip;
}

static double correlation(const int16_t *a, const int16_t *b, int64_t count)
{
    double both = 0, left = 0, right = 0;
    for (int64_t i = 0; i < count; i++) {
        both += (double)a[i] * b[i];
        left += (double)a[i] * a[i];
        right += (double)b[i] * b[i];
    }
    return left > 0 && right > 0 ? both / sqrt(left * right) : 0;
}

static double loudness(const int16_t *samples, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)samples[i] * samples[i];
    return count > 0 ? sqrt(sum / (double)count) : 0;
}

/* False: it is not there. */
static bool judge(struct recording *recording, const char *command, const struct line *line)
{
    bool inside = line->from >= 0 && line->to >= line->from && line->to <= recording->count;
    int64_t count = inside ? line->to - line->from : 0;
    bool recorded = strcmp(line->source, "phrase") == 0;
    struct clip expected = recorded ? (struct clip){0} : synthesise(command, line);
    double alike = 0;
    int64_t compared = count - (line->interrupted ? FADE_SAMPLES : 0);
    int64_t least = line->interrupted ? 0 : (int64_t)expected.count;
    if (inside && !recorded && count >= least && count <= (int64_t)expected.count)
        alike = correlation(recording->samples + line->from, expected.samples, compared);
    double loud = inside ? loudness(recording->samples + line->from, count) : 0;
    for (int64_t i = 0; i < count; i++)
        recording->logged[line->from + i] = true;
    json_t *out =
        json_pack("{ss ss ss sb sI sI so sf}", "text", line->text, "language", line->language,
                  "source", line->source, "interrupted", line->interrupted, "ms",
                  (json_int_t)(count * 1000 / SOUND_RATE), "expected_ms",
                  (json_int_t)(expected.count * 1000 / SOUND_RATE), "correlation",
                  recorded ? json_null() : json_real(alike), "loudness", loud);
    CHECK(out != NULL);
    json_dumpf(out, stdout, JSON_COMPACT | JSON_REAL_PRECISION(5));
    putchar('\n');
    json_decref(out);
    free(expected.samples);
    /* A few milliseconds before the first sound of a word are silence: nothing to compare. */
    bool nothing_yet = line->interrupted && count < SOUND_RATE / 5 &&
                       loudness(recording->samples + line->from, compared) < 1;
    return inside && (nothing_yet || (recorded ? loud > 10 : alike >= 0.95));
}

static bool judge_log(struct recording *recording, const char *path, const char *channel,
                      const char *command)
{
    char text[LINE_BYTES];
    bool found = true;
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    while (fgets(text, sizeof text, file) != NULL) {
        struct line line = {0};
        json_t *entry = json_loads(text, 0, NULL);
        if (json_unpack(entry, "{ss ss ss ss sI sI sb}", "text", &line.text, "language",
                        &line.language, "channel", &line.channel, "source", &line.source,
                        "samples_from", &line.from, "samples_to", &line.to, "interrupted",
                        &line.interrupted) == 0 &&
            strcmp(line.channel, channel) == 0)
            found = judge(recording, command, &line) && found;
        json_decref(entry);
    }
    fclose(file);
    return found;
}

static void tell_rest(const struct recording *recording)
{
    int64_t heard = 0, unlogged = 0;
    for (int64_t i = 0; i < recording->count; i++) {
        bool sounds = abs(recording->samples[i]) > 30;
        heard += sounds;
        unlogged += sounds && !recording->logged[i];
    }
    printf("{\"heard_ms\":%lld,\"unlogged_ms\":%lld}\n", (long long)(heard * 1000 / SOUND_RATE),
           (long long)(unlogged * 1000 / SOUND_RATE));
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: find-speech RECORDING LOG [speaker|headset [COMMAND]]\n");
        return 2;
    }
    const char *channel = argc > 3 ? argv[3] : "speaker";
    struct recording recording = {0};
    read_recording(argv[1], &recording);
    int16_t *all = recording.samples;
    int64_t count = played(argv[2], channel);
    if (count < 0 || count > recording.count) {
        fprintf(stderr, "find-speech: the log does not end, or is another recording's\n");
        return 2;
    }
    recording.samples += recording.count - count;
    recording.count = count;
    bool found = judge_log(&recording, argv[2], channel, argc > 4 ? argv[4] : SPEECH_COMMAND);
    tell_rest(&recording);
    free(all);
    free(recording.logged);
    return found ? 0 : 1;
}
