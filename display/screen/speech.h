/* What is said aloud. Utterances are handed over and spoken one after the other by a thread of its own: a recorded phrase
 * where there is one (phrases.h), else what a program makes of the text. Nothing here blocks its caller.
 *
 * The program is started anew for every utterance, without a shell: the words of the command, with VOICE and LANGUAGE
 * replaced, the text on its standard input, a WAV file expected on its standard output. It gets SPEECH_LIMIT_MS and
 * SPEECH_OUTPUT_MAX; then it is killed with all it started. One that is not there, or fails SPEECH_FAILS_MAX times in a
 * row, is broken, so that nobody waits for it at every word; it is tried again, unheard, each SPEECH_REST_MS.
 *
 * What was said may be private: its text and its sound are overwritten as soon as it was heard, or hushed.
 *
 * Any thread may call anything but create and destroy. */
#ifndef QUARTER_SCREEN_SPEECH_H
#define QUARTER_SCREEN_SPEECH_H

#include <stdbool.h>
#include <stddef.h>

#include "display/screen/sound.h"

#define SPEECH_COMMAND "espeak-ng -v VOICE -s 150 --stdout"

enum {
    SPEECH_LINE_MAX = 96,     /* utterances that wait */
    SPEECH_TEXT_BYTES = 1024, /* of one utterance; a longer text is cut between characters */
    SPEECH_LIMIT_MS = 5000,
    SPEECH_OUTPUT_MAX = 16 << 20,
    SPEECH_FAILS_MAX = 3,
    SPEECH_REST_MS = 30000,
};

struct utterance {
    const char *text;     /* as shown: emphasis marks, isolates and bullets are left out */
    const char *language; /* "gu" */
    enum sound_channel channel;
    int priority; /* higher ones go before lower ones that wait; equals keep their order */
};

struct speech;

struct speech_options {
    struct sound *sound;     /* borrowed, outlives the speech; its devices are closed with it */
    const char *command;     /* NULL: SPEECH_COMMAND; "off": recorded phrases only */
    const char *phrases_dir; /* DIR/LANGUAGE/phrases.tsv; NULL: none */
    const char *log_path; /* a JSON object a line, for tests; it holds what was said. NULL: none */
    int limit_ms;         /* 0: SPEECH_LIMIT_MS */
    int rest_ms;          /* 0: SPEECH_REST_MS */
    /* From the speech thread: nothing is left to say, or speech_able() has changed. May be NULL */
    void (*done)(void *context);
    void *done_context;
};

/* STATUS_INVALID: an empty command, or a log that cannot be written; error: why. */
enum status speech_create(const struct speech_options *options, struct speech **speech, char *error,
                          size_t error_size);
/* Silences it first. The log ends with {"speaker_samples", "headset_samples"}: what the devices played in all. */
void speech_destroy(struct speech *speech);

/* False: the line is full, or there is nothing to say in it. */
bool speech_say(struct speech *speech, const struct utterance *utterance);
/* Stops what sounds and forgets what waits, at once: any key does this (EN 301 549, 5.1.3.5). NULL: nothing to do. */
void speech_hush(struct speech *speech);
/* There are recorded phrases, or a program that is not broken. Whether there is a device: sound_ready(). NULL: false. */
bool speech_able(struct speech *speech);
/* Something sounds or waits. NULL: false. */
bool speech_busy(struct speech *speech);

/* The program's voice for a language. eSpeak NG has none for Somali: Oromo's, written most alike, stands in for it
 * (*stand_in, which may be NULL), until somebody records phrases. */
const char *speech_voice(const char *language, bool *stand_in);
/* A text as it is to be spoken: without marks, isolates and bullets, white space made single, "A 17" made "A17" (which is
 * else read "uh seventeen"). Returns its length. */
size_t speech_plain(const char *text, char *out, size_t size);

#endif
