/* A line is a ring of clips that a device's callback empties. The callback takes the one lock for as long as it copies a
 * buffer; nothing is opened, closed or waited for under it. Opening a device, or failing to, can take seconds: a thread of
 * its own, the keeper, looks after devices that went away, so that nobody who plays or asks ever waits for one. */
#include "display/screen/sound.h"

#include <SDL.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "display/screen/alsa_quiet.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    DEVICE_SAMPLES = 1024,
    FADE_SAMPLES = SOUND_RATE / 1000 * SOUND_FADE_MS,
    LOOK_MS = 500, /* the keeper's round */
    OPEN_AGAIN_MS = 2000,
    PATIENCE_MS = 3000, /* a device that plays nothing for so long hangs ... */
    CRAWL = 4,          /* ... as one does that is so many times as slow as it should be */
    LINES = 2,
};

struct playing {
    int16_t *samples; /* NULL: over */
    size_t count, at;
    size_t end; /* how far it sounds: all of it, or to where it has faded away */
    struct sound_span span;
    bool started, stopping;
};

struct line {
    struct sound *sound;
    char *name;
    bool own;                 /* has a device of its own */
    SDL_AudioDeviceID device; /* the keeper's, while there is one */
    int64_t opened_ms;        /* likewise: the last try */
    bool ready;               /* under the lock, as what follows: there is a device */
    uint64_t first, next;     /* sequence numbers: what is not over lies in [first, next) */
    struct playing clips[SOUND_CLIPS_MAX];
    int64_t played;
};

struct sound {
    struct sound_options options; /* but for the names */
    void *alsa;
    pthread_t keeper;
    bool kept; /* the keeper runs */
    pthread_mutex_t lock;
    pthread_cond_t over;
    pthread_cond_t end; /* of the keeper */
    bool ended;
    struct line lines[LINES];
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the callback ------------------------------------------------------------------------------------------------- */

static struct playing *clip_at(struct line *line, uint64_t sequence)
{
    return &line->clips[sequence % SOUND_CLIPS_MAX];
}

static void end_clip(struct line *line, struct playing *clip, int64_t at)
{
    clip->span.to = at;
    if (!clip->started)
        clip->span.from = at;
    clip->span.interrupted = clip->at < clip->count;
    explicit_bzero(clip->samples, clip->count * sizeof *clip->samples); /* may be private words */
    free(clip->samples);
    clip->samples = NULL;
    while (line->first < line->next && clip_at(line, line->first)->samples == NULL)
        line->first++;
    pthread_cond_broadcast(&line->sound->over);
}

/* What is left is short and goes down to silence. */
static void begin_fade(struct playing *clip)
{
    size_t left = clip->count - clip->at;
    size_t fade = left < FADE_SAMPLES ? left : FADE_SAMPLES;
    for (size_t i = 0; i < fade; i++) {
        int32_t loud = clip->samples[clip->at + i];
        clip->samples[clip->at + i] = (int16_t)(loud * (int32_t)(fade - i) / (int32_t)fade);
    }
    clip->end = clip->at + fade; /* once: a device's buffer may be shorter than the fade */
    clip->stopping = true;
}

static size_t fill_from(struct line *line, struct playing *clip, int16_t *out, size_t room)
{
    if (!clip->started)
        clip->span.from = line->played;
    clip->started = true;
    size_t count = clip->end - clip->at < room ? clip->end - clip->at : room;
    memcpy(out, clip->samples + clip->at, count * sizeof *out);
    clip->at += count;
    line->played += (int64_t)count;
    if (clip->at == clip->end)
        end_clip(line, clip, line->played);
    return count;
}

static void fill(void *context, Uint8 *bytes, int size)
{
    struct line *line = context;
    int16_t *out = (int16_t *)(void *)bytes;
    size_t room = (size_t)size / sizeof *out;
    memset(bytes, 0, (size_t)size);
    pthread_mutex_lock(&line->sound->lock);
    while (room > 0 && line->first < line->next) {
        size_t filled = fill_from(line, clip_at(line, line->first), out, room);
        out += filled;
        room -= filled;
    }
    line->played += (int64_t)room;
    pthread_mutex_unlock(&line->sound->lock);
}

/* ---- devices ------------------------------------------------------------------------------------------------------ */

static bool open_device(struct line *line)
{
    const SDL_AudioSpec wanted = {.freq = SOUND_RATE,
                                  .format = AUDIO_S16SYS,
                                  .channels = 1,
                                  .samples = DEVICE_SAMPLES,
                                  .callback = fill,
                                  .userdata = line};
    line->device = SDL_OpenAudioDevice(line->name, 0, &wanted, NULL, 0);
    line->opened_ms = now_ms(); /* now: it may have taken longer than the pause before the next */
    if (line->device != 0)
        SDL_PauseAudioDevice(line->device, 0);
    return line->device != 0;
}

/* What waits for a device that is away shall not be heard when it comes back. */
static bool note_ready(struct line *line, bool ready)
{
    pthread_mutex_lock(&line->sound->lock);
    bool news = line->ready != ready;
    line->ready = ready;
    for (uint64_t i = line->first; !ready && i < line->next; i++)
        if (clip_at(line, i)->samples != NULL)
            end_clip(line, clip_at(line, i), line->played);
    pthread_mutex_unlock(&line->sound->lock);
    return news;
}

/* A device that was pulled out is looked for again and again. */
static void look_after(struct line *line)
{
    const struct sound_options *options = &line->sound->options;
    bool ready = line->device != 0 && SDL_GetAudioDeviceStatus(line->device) != SDL_AUDIO_STOPPED;
    bool news = note_ready(line, ready);
    if (!ready && now_ms() >= line->opened_ms + OPEN_AGAIN_MS) {
        if (line->device != 0)
            SDL_CloseAudioDevice(line->device);
        ready = open_device(line);
        news = note_ready(line, ready) || news;
    }
    if (!news)
        return;
    log_info("sound", "device %s name=\"%s\"", ready ? "is back" : "is away",
             line->name == NULL ? "default" : line->name);
    if (options->changed != NULL)
        options->changed(options->changed_context);
}

/* False: it is time to end. */
static bool sleep_a_while(struct sound *sound)
{
    int64_t until = now_ms() + LOOK_MS;
    const struct timespec end = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
    pthread_mutex_lock(&sound->lock);
    for (int waited = 0; !sound->ended && waited != ETIMEDOUT;)
        waited = pthread_cond_timedwait(&sound->end, &sound->lock, &end);
    bool going_on = !sound->ended;
    pthread_mutex_unlock(&sound->lock);
    return going_on;
}

static void *keep(void *context)
{
    struct sound *sound = context;
    while (sleep_a_while(sound))
        for (int i = 0; i < LINES; i++)
            if (sound->lines[i].own)
                look_after(&sound->lines[i]);
    SDL_TLSCleanup(); /* its errors are kept by thread */
    return NULL;
}

static struct line *line_of(struct sound *sound, enum sound_channel channel)
{
    return channel == SOUND_HEADSET && sound->lines[SOUND_HEADSET].own
               ? &sound->lines[SOUND_HEADSET]
               : &sound->lines[SOUND_SPEAKER];
}

static void init_locks(struct sound *sound)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&sound->over, &monotonic);
    pthread_cond_init(&sound->end, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&sound->lock, NULL);
}

static void open_line(struct line *line, const char *whose)
{
    if (!line->own)
        return;
    line->ready = open_device(line);
    if (!line->ready)
        log_warning("sound", "the %s's device is not there yet name=\"%s\" why=\"%s\"", whose,
                    line->name == NULL ? "default" : line->name, SDL_GetError());
}

static void start_keeper(struct sound *sound)
{
    sigset_t all, before; /* signals are the main thread's */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    sound->kept = pthread_create(&sound->keeper, NULL, keep, sound) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    CHECK(sound->kept);
}

enum status sound_create(const struct sound_options *options, struct sound **made, char *error,
                         size_t error_size)
{
    void *alsa = alsa_quiet_begin();
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) {
        (void)snprintf(error, error_size, "no sound: %s", SDL_GetError());
        alsa_quiet_end(alsa);
        return STATUS_UNAVAILABLE;
    }
    struct sound *sound = calloc(1, sizeof *sound);
    CHECK(sound != NULL);
    sound->options = *options;
    sound->alsa = alsa;
    init_locks(sound);
    const char *const names[LINES] = {options->speaker, options->headset};
    for (int i = 0; i < LINES; i++) {
        struct line *line = &sound->lines[i];
        *line = (struct line){.sound = sound, .first = 1, .next = 1};
        line->own = i == SOUND_SPEAKER || names[i] != NULL;
        line->name = names[i] != NULL ? strdup(names[i]) : NULL;
        open_line(line, i == SOUND_SPEAKER ? "loudspeaker" : "headset");
    }
    start_keeper(sound);
    *made = sound;
    return STATUS_OK;
}

void sound_end(struct sound *sound)
{
    pthread_mutex_lock(&sound->lock);
    sound->ended = true;
    pthread_cond_signal(&sound->end);
    pthread_mutex_unlock(&sound->lock);
    if (sound->kept)
        pthread_join(sound->keeper, NULL);
    sound->kept = false;
    for (int i = 0; i < LINES; i++) {
        (void)note_ready(&sound->lines[i], false);
        if (sound->lines[i].device != 0)
            SDL_CloseAudioDevice(sound->lines[i].device);
        sound->lines[i].device = 0;
    }
}

void sound_destroy(struct sound *sound)
{
    if (sound == NULL)
        return;
    sound_end(sound);
    for (int i = 0; i < LINES; i++) {
        struct line *line = &sound->lines[i];
        for (int clip = 0; clip < SOUND_CLIPS_MAX; clip++)
            free(line->clips[clip].samples);
        free(line->name);
    }
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
    alsa_quiet_end(sound->alsa);
    pthread_cond_destroy(&sound->over);
    pthread_cond_destroy(&sound->end);
    pthread_mutex_destroy(&sound->lock);
    free(sound);
}

/* ---- clips: numbered by line and sequence ------------------------------------------------------------------------- */

static uint64_t number_of(const struct line *line, uint64_t sequence)
{
    return sequence * LINES + (uint64_t)(line - line->sound->lines);
}

/* NULL: not remembered. */
static struct playing *find_clip(struct sound *sound, uint64_t clip, struct line **line)
{
    uint64_t sequence = clip / LINES;
    *line = &sound->lines[clip % LINES];
    bool known =
        sequence >= 1 && sequence < (*line)->next && (*line)->next - sequence <= SOUND_CLIPS_MAX;
    return known ? clip_at(*line, sequence) : NULL;
}

bool sound_ready(struct sound *sound, enum sound_channel channel)
{
    pthread_mutex_lock(&sound->lock);
    bool ready = line_of(sound, channel)->ready;
    pthread_mutex_unlock(&sound->lock);
    return ready;
}

uint64_t sound_play(struct sound *sound, enum sound_channel channel, const int16_t *samples,
                    size_t count)
{
    struct line *line = line_of(sound, channel);
    uint64_t number = 0;
    if (count == 0 || count > (size_t)SOUND_RATE * SOUND_CLIP_MOST_S)
        return 0;
    int16_t *copy = malloc(count * sizeof *copy);
    CHECK(copy != NULL);
    memcpy(copy, samples, count * sizeof *copy);
    pthread_mutex_lock(&sound->lock);
    if (line->ready && line->next - line->first < SOUND_CLIPS_MAX) {
        *clip_at(line, line->next) =
            (struct playing){.samples = copy, .count = count, .end = count};
        copy = NULL;
        number = number_of(line, line->next++);
    }
    pthread_mutex_unlock(&sound->lock);
    free(copy);
    return number;
}

void sound_stop(struct sound *sound, uint64_t number)
{
    struct line *line = NULL;
    pthread_mutex_lock(&sound->lock);
    struct playing *clip = find_clip(sound, number, &line);
    if (clip != NULL && clip->samples != NULL) {
        if (!clip->started)
            end_clip(line, clip, line->played);
        else if (!clip->stopping)
            begin_fade(clip);
    }
    pthread_mutex_unlock(&sound->lock);
}

static int pending_ms(struct line *line)
{
    size_t left = 0;
    for (uint64_t i = line->first; i < line->next; i++) {
        const struct playing *clip = clip_at(line, i);
        left += clip->samples == NULL ? 0 : clip->end - clip->at;
    }
    return (int)((left * 1000 + SOUND_RATE - 1) / SOUND_RATE);
}

/* Until something is over, or it is time to look again. */
static void wait_for_news(struct sound *sound, int64_t until_ms)
{
    const struct timespec end = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    (void)pthread_cond_timedwait(&sound->over, &sound->lock, &end);
}

bool sound_wait(struct sound *sound, uint64_t number, struct sound_span *span)
{
    struct line *line = NULL;
    pthread_mutex_lock(&sound->lock);
    struct playing *clip = find_clip(sound, number, &line);
    int64_t played = clip == NULL ? 0 : line->played, moved_ms = now_ms();
    const int64_t last_ms =
        clip == NULL ? 0 : moved_ms + (int64_t)CRAWL * pending_ms(line) + PATIENCE_MS;
    while (clip != NULL && clip->samples != NULL && now_ms() < moved_ms + PATIENCE_MS &&
           now_ms() < last_ms) {
        const int64_t hangs_ms = moved_ms + PATIENCE_MS;
        wait_for_news(sound, hangs_ms < last_ms ? hangs_ms : last_ms);
        if (line->played != played) {
            played = line->played;
            moved_ms = now_ms();
        }
        clip = find_clip(sound, number, &line);
    }
    if (clip != NULL && clip->samples != NULL)
        end_clip(line, clip, line->played);
    if (clip != NULL)
        *span = clip->span;
    pthread_mutex_unlock(&sound->lock);
    return clip != NULL;
}

int sound_pending_ms(struct sound *sound, enum sound_channel channel)
{
    pthread_mutex_lock(&sound->lock);
    int pending = pending_ms(line_of(sound, channel));
    pthread_mutex_unlock(&sound->lock);
    return pending;
}

int64_t sound_played(struct sound *sound, enum sound_channel channel)
{
    pthread_mutex_lock(&sound->lock);
    int64_t played = line_of(sound, channel)->played;
    pthread_mutex_unlock(&sound->lock);
    return played;
}
