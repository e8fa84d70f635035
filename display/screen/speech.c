/* One thread takes utterances out of the line, makes sound of each and waits until it was heard. Hushing raises the
 * generation: what was made for an older one is thrown away, wherever it is.
 *
 * A program that fails again and again is broken: it is tried on its own, without being heard, until it speaks. */
#include "display/screen/speech.h"

#include <SDL.h>
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "display/screen/phrases.h"
#include "display/screen/speech_program.h"
#include "quarter/check.h"
#include "quarter/limits.h"
#include "quarter/log.h"

struct job {
    char text[SPEECH_TEXT_BYTES];
    char language[QUARTER_CODE_MAX + 1];
    enum sound_channel channel;
    int priority;
};

struct speech {
    struct speech_options options;
    char *command; /* NULL: off */
    struct phrases *phrases;
    bool recorded; /* there are phrases */
    FILE *log;
    int hush_fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t news;
    /* below: under the lock */
    bool quit, speaking;
    bool broken; /* the program: not there, or it failed too often */
    uint64_t generation;
    uint64_t clip; /* what sounds; 0: nothing */
    int count;
    struct job line[SPEECH_LINE_MAX];
    /* below: the thread's own */
    struct job job;
    int fails;
    int64_t rest_until_ms;
    enum status last_failure;
    char stand_in[QUARTER_CODE_MAX + 1]; /* the language last said to have a stand-in's voice */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- making sound ------------------------------------------------------------------------------------------------- */

static void tell_stand_in(struct speech *speech, const char *language, const char *voice)
{
    if (strcmp(speech->stand_in, language) == 0)
        return;
    snprintf(speech->stand_in, sizeof speech->stand_in, "%s", language);
    log_warning("speech", "no voice for this language, another one stands in language=%s voice=%s",
                language, voice);
}

static void set_broken(struct speech *speech, bool broken)
{
    pthread_mutex_lock(&speech->lock);
    bool news = speech->broken != broken;
    speech->broken = broken;
    pthread_mutex_unlock(&speech->lock);
    if (news && speech->options.done != NULL)
        speech->options.done(speech->options.done_context);
}

static int64_t rest_ms(const struct speech *speech)
{
    return speech->options.rest_ms > 0 ? speech->options.rest_ms : SPEECH_REST_MS;
}

/* Said when it begins to fail and when that changes, not at every word. */
static void count_failure(struct speech *speech, enum status status, const char *why)
{
    if (speech->fails == 0 || status != speech->last_failure)
        log_warning("speech", "the program does not speak status=\"%s\" why=\"%s\" command=\"%s\"",
                    status_text(status), why, speech->command);
    speech->last_failure = status;
    speech->fails++;
    if (speech->fails < SPEECH_FAILS_MAX && status != STATUS_NOT_FOUND)
        return;
    speech->rest_until_ms = now_ms() + rest_ms(speech);
    set_broken(speech, true);
}

static enum status synthesise(struct speech *speech, const struct job *job, struct clip *clip)
{
    bool stand_in = false;
    const char *voice = speech_voice(job->language, &stand_in);
    struct program *program = malloc(sizeof *program);
    CHECK(program != NULL);
    uint8_t *wave = NULL;
    size_t size = 0;
    char error[256] = "";
    if (stand_in)
        tell_stand_in(speech, job->language, voice);
    enum status status = program_from(speech->command, voice, job->language, program);
    const struct program_run run = {
        .input = job->text,
        .input_size = strlen(job->text),
        .limit_ms = speech->options.limit_ms > 0 ? speech->options.limit_ms : SPEECH_LIMIT_MS,
        .output_max = SPEECH_OUTPUT_MAX,
        .cancel_fd = speech->hush_fd};
    if (status == STATUS_OK)
        status = program_run(program, &run, &wave, &size);
    if (status == STATUS_OK)
        status = clip_from_wav(wave, size, clip, error, sizeof error);
    if (status == STATUS_OK && speech->fails > 0) {
        log_info("speech", "the program speaks again");
        speech->fails = 0;
        set_broken(speech, false);
    } else if (status != STATUS_OK && status != STATUS_BUSY) {
        count_failure(speech, status, error);
    }
    free(wave);
    free(program);
    return status;
}

static bool make_clip(struct speech *speech, const struct job *job, struct clip *clip,
                      const char **source)
{
    *source = "phrase";
    if (phrases_say(speech->phrases, job->language, job->text, speech->hush_fd, clip))
        return true;
    *source = "synthesis";
    return speech->command != NULL && now_ms() >= speech->rest_until_ms &&
           synthesise(speech, job, clip) == STATUS_OK;
}

/* ---- the thread --------------------------------------------------------------------------------------------------- */

static void write_log(struct speech *speech, const struct job *job, const char *source,
                      int64_t at_ms, const struct sound_span *span)
{
    if (speech->log == NULL)
        return;
    json_t *line = json_pack("{sI ss ss ss ss sI sI sb}", "at_ms", (json_int_t)at_ms, "text",
                             job->text, "language", job->language, "channel",
                             job->channel == SOUND_HEADSET ? "headset" : "speaker", "source",
                             source, "samples_from", (json_int_t)span->from, "samples_to",
                             (json_int_t)span->to, "interrupted", span->interrupted);
    if (line == NULL) /* not UTF-8 */
        return;
    (void)json_dumpf(line, speech->log, JSON_COMPACT);
    json_decref(line);
    (void)fputc('\n', speech->log);
    (void)fflush(speech->log);
}

static void write_end(struct speech *speech)
{
    struct sound *sound = speech->options.sound;
    if (speech->log != NULL)
        (void)fprintf(speech->log, "{\"speaker_samples\":%lld,\"headset_samples\":%lld}\n",
                      (long long)sound_played(sound, SOUND_SPEAKER),
                      (long long)sound_played(sound, SOUND_HEADSET));
}

/* False: it was hushed before it sounded. */
static bool begin_clip(struct speech *speech, uint64_t generation, enum sound_channel channel,
                       const struct clip *clip, uint64_t *number)
{
    pthread_mutex_lock(&speech->lock);
    bool wanted = speech->generation == generation && !speech->quit;
    *number = wanted ? sound_play(speech->options.sound, channel, clip->samples, clip->count) : 0;
    speech->clip = *number;
    pthread_mutex_unlock(&speech->lock);
    return *number != 0;
}

static void speak(struct speech *speech, const struct job *job, uint64_t generation)
{
    struct clip clip = {0};
    struct sound_span span;
    const char *source = NULL;
    uint64_t number = 0;
    if (!sound_ready(speech->options.sound, job->channel) ||
        !make_clip(speech, job, &clip, &source))
        return;
    int64_t at_ms = now_ms();
    bool begun = begin_clip(speech, generation, job->channel, &clip, &number);
    clip_wipe(&clip);
    if (begun && sound_wait(speech->options.sound, number, &span) && span.to > span.from)
        write_log(speech, job, source, at_ms, &span);
}

/* Under the lock. Nothing is left to say. */
static void fall_silent(struct speech *speech)
{
    speech->speaking = false;
    explicit_bzero(&speech->job, sizeof speech->job);
    pthread_mutex_unlock(&speech->lock);
    if (speech->options.done != NULL)
        speech->options.done(speech->options.done_context);
    pthread_mutex_lock(&speech->lock);
}

/* Under the lock. Until there is something to do; true: only to try a broken program. */
static bool await_news(struct speech *speech)
{
    while (!speech->quit && speech->count == 0) {
        const int64_t until = speech->rest_until_ms;
        const struct timespec end = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
        if (!speech->broken)
            pthread_cond_wait(&speech->news, &speech->lock);
        else if (pthread_cond_timedwait(&speech->news, &speech->lock, &end) == ETIMEDOUT)
            return !speech->quit && speech->count == 0;
    }
    return false;
}

enum turn { TURN_QUIT, TURN_SPEAK, TURN_TRY };

/* Takes the first of the line. */
static enum turn next_turn(struct speech *speech, uint64_t *generation)
{
    eventfd_t hushes;
    pthread_mutex_lock(&speech->lock);
    speech->clip = 0;
    if (speech->speaking && speech->count == 0)
        fall_silent(speech);
    bool only_tries = await_news(speech);
    enum turn turn = speech->quit ? TURN_QUIT : only_tries ? TURN_TRY : TURN_SPEAK;
    if (turn == TURN_SPEAK) {
        speech->job = speech->line[0];
        speech->count--;
        memmove(speech->line, speech->line + 1, (size_t)speech->count * sizeof speech->line[0]);
        explicit_bzero(&speech->line[speech->count], sizeof speech->line[0]);
        speech->speaking = true;
        *generation = speech->generation;
    }
    (void)eventfd_read(speech->hush_fd, &hushes); /* meant for what came before */
    pthread_mutex_unlock(&speech->lock);
    return turn;
}

/* Whether it speaks now; nobody hears it. */
static void try_program(struct speech *speech)
{
    const struct job job = {.text = "1", .language = "en"};
    struct clip clip = {0};
    if (synthesise(speech, &job, &clip) == STATUS_OK)
        free(clip.samples);
}

static void *run(void *context)
{
    struct speech *speech = context;
    uint64_t generation = 0;
    for (enum turn turn; (turn = next_turn(speech, &generation)) != TURN_QUIT;) {
        if (turn == TURN_SPEAK)
            speak(speech, &speech->job, generation);
        else
            try_program(speech);
    }
    SDL_TLSCleanup(); /* its errors are kept by thread */
    return NULL;
}

/* ---- the outside -------------------------------------------------------------------------------------------------- */

static enum status open_parts(struct speech *speech, char *error, size_t error_size)
{
    const struct speech_options *options = &speech->options;
    const char *command = options->command != NULL ? options->command : SPEECH_COMMAND;
    struct program *program = malloc(sizeof *program);
    CHECK(program != NULL);
    enum status status = program_from(command, "en", "en", program);
    bool found = status == STATUS_OK && program_exists(program);
    free(program);
    if (status != STATUS_OK) {
        (void)snprintf(error, error_size, "no command to speak with: \"%s\"", command);
        return status;
    }
    if (strcmp(command, "off") != 0) {
        speech->command = strdup(command);
        if (!found)
            count_failure(speech, STATUS_NOT_FOUND, "there is no such program");
    }
    speech->phrases = phrases_create(options->phrases_dir);
    speech->recorded = phrases_any(speech->phrases);
    if (options->log_path != NULL && (speech->log = fopen(options->log_path, "we")) == NULL) {
        char why[128];
        (void)snprintf(error, error_size, "%s cannot be written: %s", options->log_path,
                       strerror_r(errno, why, sizeof why));
        return STATUS_INVALID;
    }
    speech->hush_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return speech->hush_fd < 0 ? STATUS_IO : STATUS_OK;
}

static void close_parts(struct speech *speech)
{
    if (speech->hush_fd >= 0)
        close(speech->hush_fd);
    if (speech->log != NULL)
        (void)fclose(speech->log);
    phrases_destroy(speech->phrases);
    pthread_cond_destroy(&speech->news);
    pthread_mutex_destroy(&speech->lock);
    free(speech->command);
    explicit_bzero(speech, sizeof *speech);
    free(speech);
}

enum status speech_create(const struct speech_options *options, struct speech **made, char *error,
                          size_t error_size)
{
    CHECK(options->sound != NULL);
    struct speech *speech = calloc(1, sizeof *speech);
    CHECK(speech != NULL);
    speech->options = *options;
    speech->options.done = NULL; /* nothing is told before it exists */
    speech->hush_fd = -1;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&speech->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&speech->lock, NULL);
    enum status status = open_parts(speech, error, error_size);
    if (status != STATUS_OK) {
        close_parts(speech);
        return status;
    }
    speech->options.done = options->done;
    sigset_t all, before; /* signals are the main thread's */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&speech->thread, NULL, run, speech);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    CHECK(failed == 0);
    *made = speech;
    return STATUS_OK;
}

void speech_destroy(struct speech *speech)
{
    if (speech == NULL)
        return;
    speech_hush(speech);
    pthread_mutex_lock(&speech->lock);
    speech->quit = true;
    pthread_cond_signal(&speech->news);
    pthread_mutex_unlock(&speech->lock);
    pthread_join(speech->thread, NULL);
    sound_end(speech->options.sound);
    write_end(speech);
    close_parts(speech);
}

bool speech_say(struct speech *speech, const struct utterance *utterance)
{
    struct job *job = malloc(sizeof *job);
    CHECK(job != NULL);
    *job = (struct job){.channel = utterance->channel, .priority = utterance->priority};
    snprintf(job->language, sizeof job->language, "%s", utterance->language);
    bool taken = speech_plain(utterance->text, job->text, sizeof job->text) > 0;
    pthread_mutex_lock(&speech->lock);
    taken = taken && speech->count < SPEECH_LINE_MAX;
    if (taken) {
        int place = speech->count++;
        for (; place > 0 && speech->line[place - 1].priority < job->priority; place--)
            speech->line[place] = speech->line[place - 1];
        speech->line[place] = *job;
        pthread_cond_signal(&speech->news);
    }
    pthread_mutex_unlock(&speech->lock);
    explicit_bzero(job, sizeof *job);
    free(job);
    return taken;
}

void speech_hush(struct speech *speech)
{
    if (speech == NULL)
        return;
    pthread_mutex_lock(&speech->lock);
    explicit_bzero(speech->line, (size_t)speech->count * sizeof speech->line[0]);
    speech->count = 0;
    speech->generation++;
    if (speech->clip != 0)
        sound_stop(speech->options.sound, speech->clip);
    (void)eventfd_write(speech->hush_fd, 1);
    pthread_mutex_unlock(&speech->lock);
}

bool speech_able(struct speech *speech)
{
    if (speech == NULL)
        return false;
    pthread_mutex_lock(&speech->lock);
    bool able = speech->recorded || (speech->command != NULL && !speech->broken);
    pthread_mutex_unlock(&speech->lock);
    return able;
}

bool speech_busy(struct speech *speech)
{
    if (speech == NULL)
        return false;
    pthread_mutex_lock(&speech->lock);
    bool busy = speech->speaking || speech->count > 0;
    pthread_mutex_unlock(&speech->lock);
    return busy;
}
