/* The kiosk's voice: sound device, speech and narrator in one, so that the shell has one thing to feed. Main thread.
 *
 *   voice_show(voice, &source);    after every shown picture and every change of the focus
 *   voice_repeat(voice, &source);  the repeat key
 *   voice_hush(voice);             at every key and touch, before it is acted upon; EFFECT_HUSH
 *   voice_note(voice);             "Are you still there?" appears: heard by everybody, listening or not (WCAG 2.2.1)
 *
 * Nothing here waits for a device or a program. Without a sound device nothing is heard, until there is one. NULL is a
 * voice without any sound. */
#ifndef QUARTER_KIOSK_VOICE_H
#define QUARTER_KIOSK_VOICE_H

#include "narration.h"

struct voice;

struct voice_options {
    const char *speech;  /* --speech: a command, "off", or NULL: the usual one */
    const char *phrases; /* --phrases DIR, or NULL */
    const char *log;     /* --sound-log FILE, or NULL */
    const char *headset; /* --headset-device NAME, or NULL: the loudspeaker's */
    /* From another thread: it has fallen silent, or voice_speaks has changed. May be NULL */
    void (*wake)(void *context);
    void *wake_context;
};

/* STATUS_INVALID: options that cannot be (said in the log). No sound is no error: then *voice is NULL. */
enum status voice_create(const struct voice_options *options, struct voice **voice);
void voice_destroy(struct voice *voice);

void voice_show(struct voice *voice, const struct narration_source *source);
void voice_repeat(struct voice *voice, const struct narration_source *source);
void voice_hush(struct voice *voice);
void voice_forget(struct voice *voice); /* hushes, and overwrites what was to be said */
void voice_note(struct voice *voice);
/* What is shown would be heard now: there is a device (of the headset, where one is plugged in) and something to speak
 * with. NULL: false. */
bool voice_speaks(struct voice *voice, bool headset);
bool voice_busy(struct voice *voice); /* something is being said: a time-out may wait for it */

#endif
