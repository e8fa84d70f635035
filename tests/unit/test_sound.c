/* The sound device into files (SDL's disk driver, faster than real time): chime, clips, and where they were heard. */
#include <SDL.h>
#include <dlfcn.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "display/screen/chime.h"
#include "quarter/check.h"
#include "sound_kit.h"

static Uint16 buffer_samples;      /* of the devices; 0: as they are wanted */
static atomic_bool no_device;      /* none can be opened, and one that was is gone */
static atomic_bool hold_open;      /* opening one takes for ever */
static atomic_bool opening_device; /* it does so now */

/* Stands before SDL's own, for the whole program. */
SDL_AudioDeviceID SDL_OpenAudioDevice(const char *device, int iscapture,
                                      const SDL_AudioSpec *desired, SDL_AudioSpec *obtained,
                                      int allowed_changes)
{
    SDL_AudioDeviceID (*open)(const char *, int, const SDL_AudioSpec *, SDL_AudioSpec *, int);
    void *symbol = dlsym(RTLD_NEXT, "SDL_OpenAudioDevice");
    SDL_AudioSpec spec = *desired;
    CHECK(symbol != NULL);
    memcpy(&open, &symbol, sizeof open);
    opening_device = true;
    while (hold_open)
        usleep(1000);
    opening_device = false;
    if (no_device)
        return 0;
    if (buffer_samples != 0)
        spec.samples = buffer_samples;
    return open(device, iscapture, &spec, obtained, allowed_changes);
}

SDL_AudioStatus SDL_GetAudioDeviceStatus(SDL_AudioDeviceID device)
{
    SDL_AudioStatus (*status)(SDL_AudioDeviceID) = NULL;
    void *symbol = dlsym(RTLD_NEXT, "SDL_GetAudioDeviceStatus");
    CHECK(symbol != NULL);
    memcpy(&status, &symbol, sizeof status);
    return no_device ? SDL_AUDIO_STOPPED : status(device);
}

static struct sound *open_sound(const char *headset)
{
    struct sound *sound = NULL;
    char error[256];
    sound_kit_begin();
    const struct sound_options options = {.headset = headset};
    if (sound_create(&options, &sound, error, sizeof error) != STATUS_OK)
        fail_msg("%s", error);
    return sound;
}

static uint64_t play_tone(struct sound *sound, enum sound_channel channel, double hz, int length_ms)
{
    size_t count = (size_t)length_ms * SOUND_RATE / 1000;
    int16_t *tone = sound_kit_tone(hz, count);
    uint64_t clip = sound_play(sound, channel, tone, count);
    free(tone);
    return clip;
}

static void the_chime_is_two_soft_notes(void **state)
{
    (void)state;
    int16_t *samples = malloc(CHIME_SAMPLES * sizeof(*samples));
    assert_non_null(samples);
    chime_samples(samples);
    const int second = CHIME_RATE / 1000 * CHIME_NOTE2_MS;
    assert_true(sound_kit_energy(samples, 0, second, 659.255) >
                50 * sound_kit_energy(samples, 0, second, 523.251));
    assert_true(sound_kit_energy(samples, second, 2 * second, 523.251) >
                sound_kit_energy(samples, second, 2 * second, 659.255));
    int peak = 0;
    for (int i = 0; i < CHIME_SAMPLES; i++) {
        peak = abs(samples[i]) > peak ? abs(samples[i]) : peak;
    }
    assert_true(abs(peak - INT16_MAX * 6 / 10) < 10);
    assert_true(abs(samples[0]) < 50 &&
                abs(samples[CHIME_SAMPLES - 1]) < 50); /* no click at either end */
    free(samples);
}

/* Normalised correlation of the recording at `at` with the chime. */
static double likeness(const int16_t *recording, const int16_t *chime)
{
    CHECK(recording != NULL && chime != NULL);
    double product = 0, a = 0, b = 0;
    for (int i = 0; i < CHIME_SAMPLES; i++) {
        product += (double)recording[i] * chime[i];
        a += (double)recording[i] * recording[i];
        b += (double)chime[i] * chime[i];
    }
    return a > 0 ? product / sqrt(a * b) : 0;
}

/* Softer and lower, and whoever looks for chimes does not find one in it. */
static void the_note_is_no_chime(void **state)
{
    (void)state;
    int16_t *chime = malloc(CHIME_SAMPLES * sizeof(*chime));
    int16_t *note = calloc(CHIME_SAMPLES, sizeof(*note));
    CHECK(chime != NULL && note != NULL);
    chime_samples(chime);
    note_samples(note);
    int peak = 0;
    for (int i = 0; i < NOTE_SAMPLES; i++) {
        peak = abs(note[i]) > peak ? abs(note[i]) : peak;
    }
    assert_in_range(peak, INT16_MAX * 29 / 100, INT16_MAX * 31 / 100);
    assert_true(abs(note[0]) < 200 && abs(note[NOTE_SAMPLES - 1]) < 200);
    assert_true(fabs(likeness(note, chime)) < 0.3);
    free(note);
    free(chime);
}

static void the_chime_is_found_in_a_recording(void **state)
{
    (void)state;
    struct sound *sound = open_sound(NULL);
    assert_int_equal(sound_pending_ms(sound, SOUND_SPEAKER), 0);
    assert_true(chime_play(sound));
    struct sound_span span = {0};
    assert_true(sound_wait(sound, 2, &span)); /* the first of the loudspeaker's line */
    assert_int_equal(span.to - span.from, CHIME_SAMPLES);
    assert_false(span.interrupted);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    int16_t *wanted = malloc(CHIME_SAMPLES * sizeof *wanted);
    CHECK(wanted != NULL);
    chime_samples(wanted);
    assert_true((size_t)span.to <= recording.count);
    assert_true(likeness(recording.samples + span.from, wanted) > 0.9999);
    free(wanted);
    sound_kit_free(&recording);
}

static void clips_sound_one_after_the_other(void **state)
{
    (void)state;
    struct sound *sound = open_sound(NULL);
    uint64_t first = play_tone(sound, SOUND_SPEAKER, 440, 300);
    uint64_t second = play_tone(sound, SOUND_HEADSET, 880, 200); /* no device of its own */
    assert_true(first != 0 && second != 0 && first != second);
    struct sound_span a = {0}, b = {0};
    assert_true(sound_wait(sound, second, &b));
    assert_true(sound_wait(sound, first, &a));
    assert_int_equal(a.to - a.from, 300 * SOUND_RATE / 1000);
    assert_int_equal(b.from, a.to);
    assert_int_equal(b.to - b.from, 200 * SOUND_RATE / 1000);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    assert_true(sound_kit_is_tone(&recording, a.from, a.to, 440));
    assert_true(sound_kit_is_tone(&recording, b.from, b.to, 880));
    assert_true(sound_kit_loudness(&recording, 0, a.from) < 1);
    assert_true(sound_kit_loudness(&recording, b.to, (int64_t)recording.count) < 1);
    sound_kit_free(&recording);
}

/* However busy the machine is: a second of what was queued before is heard by now. Positions count silence as well. */
static void wait_a_second_of_it(struct sound *sound)
{
    const int64_t queued = sound_played(sound, SOUND_SPEAKER);
    while (sound_played(sound, SOUND_SPEAKER) < queued + SOUND_RATE)
        usleep(1000);
}

/* The last millisecond before the end is far softer than what came before the fade. */
static void assert_no_click(const struct recording *recording, const struct sound_span *span)
{
    assert_true(sound_kit_loudness(recording, span->to - 48, span->to) <
                sound_kit_loudness(recording, span->to - 2400, span->to - 480) / 4);
}

static void a_stopped_clip_fades_and_lets_the_next_one_sound(void **state)
{
    (void)state;
    struct sound *sound = open_sound(NULL);
    while (sound_played(sound, SOUND_SPEAKER) < SOUND_RATE)
        usleep(1000); /* silence: as a busy machine has it before anything is queued */
    uint64_t endless = play_tone(sound, SOUND_SPEAKER, 440, SOUND_CLIP_MOST_S * 1000);
    uint64_t waiting = play_tone(sound, SOUND_SPEAKER, 660, 100);
    uint64_t last = play_tone(sound, SOUND_SPEAKER, 880, 100);
    wait_a_second_of_it(sound);
    sound_stop(sound, waiting); /* never heard */
    sound_stop(sound, endless);
    sound_stop(sound, endless);
    struct sound_span span = {0}, never = {0}, after = {0};
    assert_true(sound_wait(sound, endless, &span));
    assert_true(span.interrupted);
    assert_true(sound_wait(sound, waiting, &never));
    assert_true(never.interrupted && never.from == never.to);
    assert_true(sound_wait(sound, last, &after));
    assert_false(after.interrupted);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    assert_true(sound_kit_is_tone(&recording, after.from, after.to, 880));
    assert_no_click(&recording, &span);
    sound_kit_free(&recording);
}

/* Its buffers are shorter than the fade, which then takes several of them: what lies behind it is never heard. */
static void a_clip_ends_where_it_has_faded_whatever_the_buffer(void **state)
{
    (void)state;
    buffer_samples = 64;
    struct sound *sound = open_sound(NULL);
    buffer_samples = 0;
    uint64_t clip = play_tone(sound, SOUND_SPEAKER, 440, 10000);
    wait_a_second_of_it(sound);
    sound_stop(sound, clip);
    const int64_t stopped = sound_played(sound, SOUND_SPEAKER);
    struct sound_span span = {0};
    assert_true(sound_wait(sound, clip, &span));
    assert_true(span.interrupted);
    assert_true(span.to <= stopped + SOUND_RATE / 1000 * SOUND_FADE_MS);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    assert_no_click(&recording, &span);
    assert_true(sound_kit_loudness(&recording, span.to, (int64_t)recording.count) < 1);
    sound_kit_free(&recording);
}

static void the_line_is_bounded(void **state)
{
    (void)state;
    struct sound *sound = open_sound(NULL);
    uint64_t clips[SOUND_CLIPS_MAX] = {0};
    int count = 0;
    int16_t sample = 0;
    assert_int_equal(sound_play(sound, SOUND_SPEAKER, &sample, 0), 0);
    assert_int_equal(
        sound_play(sound, SOUND_SPEAKER, &sample, (size_t)SOUND_RATE * SOUND_CLIP_MOST_S + 1), 0);
    const size_t length = (size_t)SOUND_RATE * SOUND_CLIP_MOST_S;
    int16_t *tone = sound_kit_tone(440, length);
    while (count < SOUND_CLIPS_MAX &&
           (clips[count] = sound_play(sound, SOUND_SPEAKER, tone, length)) != 0)
        count++;
    assert_int_equal(count, SOUND_CLIPS_MAX);
    assert_int_equal(sound_play(sound, SOUND_SPEAKER, tone, 100), 0);
    free(tone);
    assert_true(sound_pending_ms(sound, SOUND_SPEAKER) > 60000);
    for (int i = count - 1; i >= 0; i--)
        sound_stop(sound, clips[i]);
    struct sound_span span = {0};
    assert_true(sound_wait(sound, clips[0], &span));
    assert_int_equal(sound_pending_ms(sound, SOUND_SPEAKER), 0);
    assert_true(play_tone(sound, SOUND_SPEAKER, 440, 10) != 0);
    assert_false(sound_wait(sound, clips[0], &span)); /* forgotten */
    assert_false(sound_wait(sound, 0, &span));
    assert_false(sound_wait(sound, 1 << 20, &span));
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    sound_kit_free(&recording);
}

/* What is private never comes out of the loudspeaker: a headset with a device of its own, and one that is away. */
static void the_headset_has_a_line_of_its_own(void **state)
{
    (void)state;
    struct sound *sound = open_sound(sound_kit_path(SOUND_HEADSET));
    struct sound_span quiet = {0}, loud = {0};
    uint64_t secret = play_tone(sound, SOUND_HEADSET, 440, 500);
    uint64_t open = play_tone(sound, SOUND_SPEAKER, 880, 200);
    assert_true(sound_wait(sound, secret, &quiet));
    assert_true(sound_wait(sound, open, &loud));
    assert_true(sound_played(sound, SOUND_HEADSET) >= quiet.to);
    struct recording speaker = sound_kit_end(sound, SOUND_SPEAKER);
    struct recording headset = sound_kit_read(sound_kit_path(SOUND_HEADSET));
    assert_true(sound_kit_is_tone(&speaker, loud.from, loud.to, 880));
    assert_true(sound_kit_energy(speaker.samples, 0, (int)speaker.count, 440) <
                sound_kit_energy(speaker.samples, 0, (int)speaker.count, 880) / 1000);
    assert_true(sound_kit_energy(headset.samples, 0, (int)headset.count, 440) >
                1000 * sound_kit_energy(headset.samples, 0, (int)headset.count, 880));
    sound_kit_free(&speaker);
    sound_kit_free(&headset);

    sound = open_sound("/nowhere/at/all");
    assert_int_equal(play_tone(sound, SOUND_HEADSET, 440, 100), 0);
    assert_true(play_tone(sound, SOUND_SPEAKER, 880, 10) != 0);
    speaker = sound_kit_end(sound, SOUND_SPEAKER);
    sound_kit_free(&speaker);
}

static atomic_int changes;

static void count_change(void *context)
{
    (void)context;
    changes++;
}

static void wait_ready(struct sound *sound, bool ready)
{
    while (sound_ready(sound, SOUND_SPEAKER) != ready)
        usleep(1000);
}

/* The kiosk starts without it, and speaks once it is plugged in; what was to be said meanwhile is over. */
static void a_device_comes_and_goes(void **state)
{
    (void)state;
    struct sound *sound = NULL;
    struct sound_span span = {0};
    char error[256] = "";
    sound_kit_begin();
    const struct sound_options options = {.changed = count_change};
    no_device = true;
    changes = 0;
    assert_int_equal(sound_create(&options, &sound, error, sizeof error), STATUS_OK);
    assert_false(sound_ready(sound, SOUND_SPEAKER));
    assert_int_equal(play_tone(sound, SOUND_SPEAKER, 440, 100), 0);
    no_device = false;
    wait_ready(sound, true);
    uint64_t clip = play_tone(sound, SOUND_SPEAKER, 440, 100);
    assert_true(clip != 0 && sound_wait(sound, clip, &span));
    assert_false(span.interrupted);
    clip = play_tone(sound, SOUND_SPEAKER, 440, SOUND_CLIP_MOST_S * 1000);
    no_device = true;
    wait_ready(sound, false);
    assert_true(sound_wait(sound, clip, &span));
    assert_true(span.interrupted);
    assert_int_equal(sound_pending_ms(sound, SOUND_SPEAKER), 0);
    no_device = false;
    wait_ready(sound, true);
    while (changes < 2) /* told just after; away and back within one look is told once */
        usleep(1000);
    sound_destroy(sound); /* the recording may have begun anew */
}

/* Pulled out long after it was opened, so that the keeper tries at once to open it again. */
static void a_device_that_goes_late_is_told_too(void **state)
{
    enum { LONG_AFTER_MS = 2500 };
    (void)state;
    struct sound *sound = NULL;
    char error[256] = "";
    sound_kit_begin();
    const struct sound_options options = {.changed = count_change};
    changes = 0;
    assert_int_equal(sound_create(&options, &sound, error, sizeof error), STATUS_OK);
    assert_true(sound_ready(sound, SOUND_SPEAKER));
    usleep(LONG_AFTER_MS * 1000);
    assert_int_equal(changes, 0);
    no_device = true;
    wait_ready(sound, false);
    while (changes < 1) /* told just after */
        usleep(1000);
    no_device = false;
    wait_ready(sound, true);
    while (changes < 2)
        usleep(1000);
    sound_destroy(sound); /* likewise */
}

/* Opening a device, or failing to, can take seconds: who plays and who asks does not wait for it. */
static void a_slow_device_keeps_nobody_waiting(void **state)
{
    (void)state;
    struct sound *sound = NULL;
    char error[256] = "";
    sound_kit_begin();
    no_device = true;
    assert_int_equal(sound_create(&(struct sound_options){0}, &sound, error, sizeof error),
                     STATUS_OK);
    hold_open = true;
    while (!opening_device)
        usleep(1000);
    assert_false(sound_ready(sound, SOUND_SPEAKER));
    assert_int_equal(play_tone(sound, SOUND_SPEAKER, 440, 100), 0);
    assert_int_equal(sound_pending_ms(sound, SOUND_SPEAKER), 0);
    assert_true(opening_device); /* all the while */
    no_device = false;
    hold_open = false;
    wait_ready(sound, true);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    sound_kit_free(&recording);
}

/* On a busy machine a device falls behind; as long as it plays, what it plays is waited for. */
static void a_device_that_falls_behind_is_heard_out(void **state)
{
    enum { LENGTH_MS = 2000, BUFFER_MS = 70 }; /* of 21 ms of sound */
    (void)state;
    char delay[16];
    (void)snprintf(delay, sizeof delay, "%d", BUFFER_MS);
    (void)setenv("SDL_DISKAUDIODELAY", delay,
                 1); /* NOLINT(concurrency-mt-unsafe): as yet no thread */
    struct sound *sound = open_sound(NULL);
    (void)setenv("SDL_DISKAUDIODELAY", "1", 1); /* NOLINT(concurrency-mt-unsafe): none reads it */
    const uint64_t clip = play_tone(sound, SOUND_SPEAKER, 440, LENGTH_MS);
    struct sound_span span = {0};
    assert_true(sound_wait(sound, clip, &span));
    assert_false(span.interrupted);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    sound_kit_free(&recording);
}

int main(void)
{
    sound_kit_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chime_is_two_soft_notes),
        cmocka_unit_test(the_note_is_no_chime),
        cmocka_unit_test(the_chime_is_found_in_a_recording),
        cmocka_unit_test(clips_sound_one_after_the_other),
        cmocka_unit_test(a_stopped_clip_fades_and_lets_the_next_one_sound),
        cmocka_unit_test(a_clip_ends_where_it_has_faded_whatever_the_buffer),
        cmocka_unit_test(the_line_is_bounded),
        cmocka_unit_test(the_headset_has_a_line_of_its_own),
        cmocka_unit_test(a_device_comes_and_goes),
        cmocka_unit_test(a_device_that_goes_late_is_told_too),
        cmocka_unit_test(a_slow_device_keeps_nobody_waiting),
        cmocka_unit_test(a_device_that_falls_behind_is_heard_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
