/* The one place that owns sound devices. What is to be heard is handed over as clips, which sound one after the other,
 * each channel its own line: chime and speech share the line of the loudspeaker, so that they never overlap.
 *
 * Two channels, because what is private may go into a headset only. Where the headset has a device of its own (a keypad
 * with a jack is a USB sound card) it is named; else both channels are one device and one line, as a jack that mutes the
 * loudspeaker is.
 *
 * Any thread may call anything but create and destroy. SDL_AUDIODRIVER=disk with SDL_DISKAUDIOFILE=PATH writes the raw
 * samples to a file (a device's name then is its file). Positions count samples since the device's first callback;
 * a recording begins with up to a few buffers more: its length less sound_played() after sound_end() is how many. */
#ifndef QUARTER_SCREEN_SOUND_H
#define QUARTER_SCREEN_SOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quarter/status.h"

enum {
    SOUND_RATE = 48000, /* mono, signed 16 bit */
    SOUND_CLIPS_MAX = 16,
    SOUND_CLIP_MOST_S = 120,
    SOUND_FADE_MS = 5, /* how long a clip takes to stop: less clicks */
};

enum sound_channel { SOUND_SPEAKER, SOUND_HEADSET };

struct sound;

struct sound_options {
    const char *speaker; /* name of the device; NULL: the system's */
    const char *headset; /* NULL: the speaker's device */
    /* From another thread: a device came or went; ask sound_ready. May be NULL */
    void (*changed)(void *context);
    void *changed_context;
};

/* STATUS_UNAVAILABLE where there is no sound at all to speak to (error: why): go on silently and say so. A device that is
 * not there yet, or went away, is looked for again every few seconds, and that is said in the log. */
enum status sound_create(const struct sound_options *options, struct sound **sound, char *error,
                         size_t error_size);
/* Closes the devices: silence, and sound_played() is final. Nothing is played any more. */
void sound_end(struct sound *sound);
void sound_destroy(struct sound *sound);

/* There is a device. Returns at once, as all but sound_create, sound_end and sound_wait do. */
bool sound_ready(struct sound *sound, enum sound_channel channel);
/* Queues a copy behind what still sounds. Gives the clip's number, from 1; 0: nothing to play, longer than
 * SOUND_CLIP_MOST_S, too many clips in line, or no device. What waits when a device goes away is over. */
uint64_t sound_play(struct sound *sound, enum sound_channel channel, const int16_t *samples,
                    size_t count);
/* Ends a clip that sounds, within SOUND_FADE_MS and the device's buffer; drops one that waits. */
void sound_stop(struct sound *sound, uint64_t clip);

/* Where a clip that is over was heard. */
struct sound_span {
    int64_t from, to; /* samples; equal: nothing of it */
    bool interrupted;
};
/* Waits until a clip is over. It never waits much longer than what is queued takes, even if the device hangs.
 * Only the last SOUND_CLIPS_MAX clips are remembered; one that is not was over long ago: false. */
bool sound_wait(struct sound *sound, uint64_t clip, struct sound_span *span);

int sound_pending_ms(struct sound *sound,
                     enum sound_channel channel); /* how long what is queued takes */
int64_t sound_played(struct sound *sound, enum sound_channel channel); /* samples so far */

#endif
