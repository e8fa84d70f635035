/* Recorded phrases: DIR/LANGUAGE/phrases.tsv names a WAV file of that folder and, after a tab, what it says:
 *
 *     ticket.wav<TAB>Ticket
 *     h.wav<TAB>H
 *     0.wav<TAB>0
 *     counter-3.wav<TAB>counter 3
 *
 * A text is said by phrases when they cover it whole; the fewest win, so "counter 3" goes before "counter" and "3". Words
 * are compared without case (of Latin letters) and punctuation. A number's letters and digits are covered one by one where
 * nothing covers it whole. Lines that begin with # and empty ones are left out.
 *
 * A set belongs to one thread. WAV files of any rate, channels and sample form become sound.h's samples. */
#ifndef QUARTER_SCREEN_PHRASES_H
#define QUARTER_SCREEN_PHRASES_H

#include <stdbool.h>

#include "display/screen/wave.h"

enum {
    PHRASES_MAX = 2048,         /* a language */
    PHRASES_FILE_MAX = 1 << 20, /* phrases.tsv, bytes */
    PHRASES_PAUSE_MS = 60,      /* between two of them */
    PHRASES_REST_MS = 30000,
};

struct phrases;

/* What DIR holds is read a language at a time, when it is first spoken. dir NULL: no phrases. */
struct phrases *phrases_create(const char *dir);
void phrases_destroy(struct phrases *phrases);
/* Some language has any. */
bool phrases_any(const struct phrases *phrases);
/* True: all of text is recorded in that language, and clip has it. cancel_fd becomes readable: stop, and false.
 * What is wrong with a file is logged once, and it is left out until the file has changed or PHRASES_REST_MS are over. */
bool phrases_say(struct phrases *phrases, const char *language, const char *text, int cancel_fd,
                 struct clip *clip);

#endif
