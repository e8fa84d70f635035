/* Runs a program once: text in, bytes out, within a time and a size, and nothing of it left behind. */
#ifndef QUARTER_SCREEN_SPEECH_PROGRAM_H
#define QUARTER_SCREEN_SPEECH_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quarter/status.h"

enum { PROGRAM_WORDS_MAX = 32, PROGRAM_BYTES = 4096 };

/* A command's words, with what replaces VOICE and LANGUAGE wherever they stand in one. */
struct program {
    char text[PROGRAM_BYTES];
    char *words[PROGRAM_WORDS_MAX + 1];
};

/* Words are parted by white space; there is no quoting and no shell. STATUS_INVALID: no word, or too much of them. */
enum status program_from(const char *command, const char *voice, const char *language,
                         struct program *program);

/* There is something to run of that name, in a folder or on the PATH. */
bool program_exists(const struct program *program);

struct program_run {
    const char *input;
    size_t input_size;
    int limit_ms;
    size_t output_max;
    int cancel_fd; /* becomes readable: stop */
};

/* Everything the program wrote to its standard output is *output, to be freed, if it ended with 0.
 * STATUS_NOT_FOUND: there is no such program. STATUS_IO: it crashed, or ended with an error. STATUS_TIMEOUT,
 * STATUS_TOO_LARGE: killed, with its children. STATUS_BUSY: cancelled. */
enum status program_run(const struct program *program, const struct program_run *run,
                        uint8_t **output, size_t *size);

#endif
