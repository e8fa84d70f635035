/* Speech by a program of the tests' own, into a recording: what the log says is what is heard, whatever the program
 * does. */
#include <SDL.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "display/screen/speech.h"
#include "quarter/check.h"
#include "sound_kit.h"
#include "test_kit.h"

enum { SAID_MAX = 128 };

struct said {
    char text[128], language[16], source[16], channel[16];
    int64_t from, to;
    bool interrupted;
};

struct stage {
    struct sound *sound;
    struct speech *speech;
    char folder[64], log[96], note[96];
    struct said said[SAID_MAX];
    int count;
    struct recording recording;
};

/* mode: of the fake voice; "none": there is no such program; "": the usual one. */
static struct stage begin(const char *mode, const char *phrases, int limit_ms)
{
    struct stage stage = {0};
    char error[256], command[512];
    sound_kit_begin();
    snprintf(stage.folder, sizeof stage.folder, "/tmp/quarter-speech-XXXXXX");
    CHECK(mkdtemp(stage.folder) != NULL);
    snprintf(stage.log, sizeof stage.log, "%s/log", stage.folder);
    snprintf(stage.note, sizeof stage.note, "%s/note", stage.folder);
    snprintf(command, sizeof command, "%s %s %s", FAKE_VOICE, mode, stage.note);
    CHECK(sound_create(&(struct sound_options){0}, &stage.sound, error, sizeof error) == STATUS_OK);
    const struct speech_options options = {.sound = stage.sound,
                                           .command = strcmp(mode, "none") == 0
                                                          ? "/nowhere/at/all VOICE"
                                                      : mode[0] == '\0' ? NULL
                                                                        : command,
                                           .phrases_dir = phrases,
                                           .log_path = stage.log,
                                           .limit_ms = limit_ms,
                                           .rest_ms = strcmp(mode, "until") == 0 ? 50 : 0};
    if (speech_create(&options, &stage.speech, error, sizeof error) != STATUS_OK)
        fail_msg("%s", error);
    return stage;
}

static bool say(struct stage *stage, const char *text)
{
    return speech_say(stage->speech, &(struct utterance){.text = text, .language = "en"});
}

static void wait_silent(struct stage *stage)
{
    for (int64_t end = kit_now_ms() + 20000; speech_busy(stage->speech); usleep(1000))
        if (kit_now_ms() > end)
            fail_msg("still speaking");
}

static void read_log(struct stage *stage)
{
    char line[4096];
    int64_t samples = -1;
    FILE *file = fopen(stage->log, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        json_t *entry = json_loads(line, 0, NULL);
        assert_non_null(entry);
        const char *text = NULL, *language = NULL, *source = NULL, *channel = NULL;
        json_int_t from = 0, to = 0, at = 0, all = 0;
        int interrupted = 0;
        if (json_unpack(entry, "{sI}", "speaker_samples", &all) == 0) {
            samples = all;
        } else {
            struct said *said = &stage->said[stage->count++];
            assert_int_equal(json_unpack(entry, "{sI ss ss ss ss sI sI sb}", "at_ms", &at, "text",
                                         &text, "language", &language, "source", &source, "channel",
                                         &channel, "samples_from", &from, "samples_to", &to,
                                         "interrupted", &interrupted),
                             0);
            snprintf(said->text, sizeof said->text, "%s", text);
            snprintf(said->language, sizeof said->language, "%s", language);
            snprintf(said->source, sizeof said->source, "%s", source);
            snprintf(said->channel, sizeof said->channel, "%s", channel);
            said->from = from;
            said->to = to;
            said->interrupted = interrupted;
        }
        json_decref(entry);
    }
    (void)fclose(file);
    assert_int_equal(samples, stage->recording.count); /* the log tells where the recording began */
}

/* Ends the speech; log and recording can be looked at. */
static void finish(struct stage *stage)
{
    speech_destroy(stage->speech);
    stage->recording = sound_kit_end(stage->sound, SOUND_SPEAKER);
    read_log(stage);
}

static void end(struct stage *stage)
{
    char gate[128];
    sound_kit_free(&stage->recording);
    (void)unlink(stage->log);
    (void)unlink(stage->note);
    snprintf(gate, sizeof gate, "%s.open", stage->note);
    (void)unlink(gate);
    (void)rmdir(stage->folder);
}

/* ---- what is said is heard ---------------------------------------------------------------------------------------- */

static void what_the_log_says_is_heard(void **state)
{
    (void)state;
    struct stage stage = begin("tone 300", NULL, 0);
    assert_true(say(&stage, "a first"));
    assert_true(say(&stage, "c  \x02third\x03\xe2\x81\xa9"));
    assert_true(speech_busy(stage.speech));
    wait_silent(&stage);
    finish(&stage);
    assert_int_equal(stage.count, 2);
    assert_string_equal(stage.said[0].text, "a first");
    assert_string_equal(stage.said[1].text, "c third");
    assert_string_equal(stage.said[0].language, "en");
    assert_string_equal(stage.said[0].source, "synthesis");
    assert_string_equal(stage.said[0].channel, "speaker");
    for (int i = 0; i < 2; i++) {
        const struct said *said = &stage.said[i];
        assert_false(said->interrupted);
        assert_in_range(said->to - said->from, 300 * 48 - 500, 300 * 48 + 500);
        assert_true(sound_kit_is_tone(&stage.recording, said->from, said->to, i == 0 ? 400 : 600));
    }
    assert_true(stage.said[1].from >= stage.said[0].to);
    assert_true(sound_kit_loudness(&stage.recording, 0, stage.said[0].from) < 1);
    assert_true(sound_kit_loudness(&stage.recording, stage.said[0].to, stage.said[1].from) < 1);
    end(&stage);
}

static void open_gate(const struct stage *stage)
{
    char path[128];
    snprintf(path, sizeof path, "%s.open", stage->note);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    (void)fclose(file);
}

static void what_matters_more_goes_before_what_waits(void **state)
{
    (void)state;
    struct stage stage = begin("gate", NULL, 60000);
    const char *const texts[] = {"a", "b", "c", "d", "e"};
    const int priorities[] = {0, 0, 5, 0, 5};
    for (int i = 0; i < 5; i++) {
        const struct utterance utterance = {
            .text = texts[i], .language = "en", .priority = priorities[i]};
        assert_true(speech_say(stage.speech, &utterance));
        while (i == 0 && access(stage.note, F_OK) != 0)
            usleep(1000); /* the first is being made: it waits for the gate */
    }
    open_gate(&stage);
    wait_silent(&stage);
    finish(&stage);
    char order[6] = "";
    for (int i = 0; i < stage.count; i++)
        order[i] = stage.said[i].text[0];
    assert_string_equal(order, "acebd");
    end(&stage);
}

/* Some of what is queued sounds. Counted from then on, for silence is played as well. */
static void wait_heard(const struct stage *stage)
{
    while (sound_pending_ms(stage->sound, SOUND_SPEAKER) == 0)
        usleep(1000);
    const int64_t queued = sound_played(stage->sound, SOUND_SPEAKER);
    while (sound_played(stage->sound, SOUND_SPEAKER) < queued + 2048)
        usleep(1000);
}

/* However busy the machine is: what sounds when the hush comes has faded so soon after it. */
enum { FADE = SOUND_RATE / 1000 * SOUND_FADE_MS };

static void hushing_is_at_once(void **state)
{
    (void)state;
    struct stage stage = begin("tone 100000", NULL, 0);
    assert_true(say(&stage, "a long story"));
    assert_true(say(&stage, "b that nobody hears"));
    wait_heard(&stage);
    speech_hush(stage.speech);
    const int64_t hushed = sound_played(stage.sound, SOUND_SPEAKER);
    speech_hush(stage.speech);
    wait_silent(&stage);
    finish(&stage);
    assert_int_equal(stage.count, 1);
    assert_true(stage.said[0].interrupted);
    assert_true(stage.said[0].to <= hushed + FADE);
    assert_true(
        sound_kit_loudness(&stage.recording, stage.said[0].to, (int64_t)stage.recording.count) < 1);
    end(&stage);
}

static void speech_goes_on_after_a_hush(void **state)
{
    (void)state;
    struct stage stage = begin("tone 100", NULL, 0);
    speech_hush(stage.speech); /* nothing is being said */
    for (int i = 0; i < 20; i++) {
        assert_true(say(&stage, "a"));
        if (i % 3 == 0)
            usleep((useconds_t)(i * 700));
        speech_hush(stage.speech);
    }
    assert_true(say(&stage, "d last"));
    wait_silent(&stage);
    finish(&stage);
    assert_true(stage.count >= 1);
    const struct said *last = &stage.said[stage.count - 1];
    assert_string_equal(last->text, "d last");
    assert_false(last->interrupted);
    assert_true(sound_kit_is_tone(&stage.recording, last->from, last->to, 700));
    end(&stage);
}

static void the_line_is_bounded(void **state)
{
    (void)state;
    struct stage stage = begin("tone 60000", NULL, 0);
    int taken = 0;
    assert_false(say(&stage, ""));
    assert_false(say(&stage, " \xe2\x80\xa2 \n"));
    while (taken <= SPEECH_LINE_MAX + 1 && say(&stage, "a"))
        taken++;
    assert_in_range(taken, SPEECH_LINE_MAX, SPEECH_LINE_MAX + 1);
    finish(&stage); /* in the midst of it */
    end(&stage);
}

static void *speak_and_hush(void *context)
{
    struct stage *stage = context;
    for (int i = 0; i < 30; i++) {
        (void)say(stage, "a");
        (void)speech_busy(stage->speech);
        if (i % 7 == 6)
            speech_hush(stage->speech);
    }
    return NULL;
}

static void many_threads_may_speak(void **state)
{
    (void)state;
    struct stage stage = begin("tone 30", NULL, 0);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, speak_and_hush, &stage), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    wait_silent(&stage);
    finish(&stage);
    for (int i = 1; i < stage.count; i++)
        assert_true(stage.said[i].from >= stage.said[i - 1].to);
    end(&stage);
}

static void tell(void *context)
{
    const int *fd = context;
    assert_int_equal(write(*fd, "x", 1), 1);
}

/* Once for each time it falls silent, even when nothing could be heard. */
static void silence_is_told(void **state)
{
    (void)state;
    char error[256], command[256], byte = 0;
    struct sound *sound = NULL;
    struct speech *speech = NULL;
    int told[2];
    assert_int_equal(pipe(told), 0);
    sound_kit_begin();
    assert_int_equal(sound_create(&(struct sound_options){0}, &sound, error, sizeof error),
                     STATUS_OK);
    snprintf(command, sizeof command, "%s rubbish", FAKE_VOICE);
    const struct speech_options options = {
        .sound = sound, .command = command, .done = tell, .done_context = &told[1]};
    assert_int_equal(speech_create(&options, &speech, error, sizeof error), STATUS_OK);
    for (int i = 0; i < 2; i++) {
        assert_true(speech_say(speech, &(struct utterance){.text = "a", .language = "en"}));
        assert_int_equal(read(told[0], &byte, 1), 1);
        assert_false(speech_busy(speech));
    }
    speech_destroy(speech);
    sound_destroy(sound);
    close(told[0]);
    close(told[1]);
}

/* ---- programs that misbehave -------------------------------------------------------------------------------------- */

static bool lives(pid_t pid)
{
    return kill(pid, 0) == 0 || errno != ESRCH;
}

static void read_ids(const char *path, int ids[2])
{
    for (int64_t limit = kit_now_ms() + 10000; kit_now_ms() < limit; usleep(1000)) {
        FILE *file = fopen(path, "r");
        int found = file != NULL ? fscanf(file, "%d %d", &ids[0], &ids[1]) : 0;
        if (file != NULL)
            (void)fclose(file);
        if (found == 2)
            return;
    }
    fail_msg("the program did not start");
}

/* An orphan is reaped by init, which takes its time. */
static void assert_gone(int id)
{
    char path[64], state = 'X';
    for (int64_t limit = kit_now_ms() + 5000; lives(id) && kit_now_ms() < limit; usleep(1000)) {
        snprintf(path, sizeof path, "/proc/%d/stat", id);
        FILE *file = fopen(path, "r");
        if (file == NULL || fscanf(file, "%*d %*s %c", &state) != 1)
            state = 'X';
        if (file != NULL)
            (void)fclose(file);
        if (state == 'Z' || state == 'X')
            return;
    }
    assert_false(lives(id));
}

static void a_program_that_hangs_is_ended_with_its_children(void **state)
{
    (void)state;
    struct stage stage = begin("hang", NULL, 2000); /* time to start, however busy the machine is */
    int ids[2] = {0};
    int64_t began = kit_now_ms();
    assert_true(say(&stage, "a"));
    read_ids(stage.note, ids);
    wait_silent(&stage);
    assert_true(kit_now_ms() - began >= 1900);
    assert_gone(ids[0]);
    assert_gone(ids[1]);
    finish(&stage);
    assert_int_equal(stage.count, 0);
    end(&stage);
}

static void a_hush_ends_a_program_that_hangs(void **state)
{
    (void)state;
    struct stage stage = begin("hang", NULL, 60000);
    int ids[2] = {0};
    assert_true(say(&stage, "a"));
    read_ids(stage.note, ids);
    int64_t began = kit_now_ms();
    speech_hush(stage.speech);
    wait_silent(&stage);
    assert_true(kit_now_ms() - began < 20000); /* of 60 s */
    assert_gone(ids[0]);
    assert_gone(ids[1]);
    finish(&stage);
    end(&stage);
}

static void a_program_that_does_not_end_is_ended(void **state)
{
    (void)state;
    struct stage stage = begin("late", NULL, 300);
    assert_true(say(&stage, "a"));
    wait_silent(&stage);
    finish(&stage);
    assert_int_equal(stage.count, 0);
    end(&stage);
}

/* It has said it all, and hangs then: a key does not wait for that either. */
static void a_hush_ends_a_program_that_does_not_end(void **state)
{
    (void)state;
    struct stage stage = begin("late", NULL, 120000);
    assert_true(say(&stage, "a"));
    usleep(300000); /* most often its output is closed by now */
    speech_hush(stage.speech);
    wait_silent(&stage);
    finish(&stage);
    end(&stage);
}

static void wait_able(struct stage *stage, bool able)
{
    for (int64_t limit = kit_now_ms() + 20000; speech_able(stage->speech) != able; usleep(1000))
        if (kit_now_ms() > limit)
            fail_msg("it does not notice");
}

/* Nobody is offered what cannot be heard; a program that was mended is found without being asked to speak. */
static void it_knows_whether_it_can_speak(void **state)
{
    (void)state;
    struct stage stage = begin("none", NULL, 0);
    assert_false(speech_able(stage.speech)); /* before anybody tried */
    finish(&stage);
    end(&stage);
    stage = begin("tone 10", NULL, 0);
    assert_true(speech_able(stage.speech));
    finish(&stage);
    end(&stage);
    stage = begin("until", NULL, 0);
    assert_true(speech_able(stage.speech));
    for (int i = 0; i < SPEECH_FAILS_MAX; i++)
        assert_true(say(&stage, "a"));
    wait_able(&stage, false);
    open_gate(&stage);
    wait_able(&stage, true);
    finish(&stage);
    assert_int_equal(stage.count, 0); /* trying is not heard */
    end(&stage);
}

static void bad_programs_are_silent_and_end(void **state)
{
    (void)state;
    static const char *const modes[] = {"crash", "fail",    "silent", "rubbish",
                                        "half",  "unknown", "huge",   "none"};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct stage stage = begin(modes[i], NULL, 10000);
        int64_t began = kit_now_ms();
        assert_true(say(&stage, "a"));
        wait_silent(&stage);
        assert_true(kit_now_ms() - began < 9000);
        finish(&stage);
        assert_int_equal(stage.count, 0);
        assert_true(sound_kit_loudness(&stage.recording, 0, (int64_t)stage.recording.count) < 1);
        end(&stage);
    }
}

static void a_program_that_does_not_listen_may_speak(void **state)
{
    (void)state;
    struct stage stage = begin("deaf", NULL, 0);
    char text[SPEECH_TEXT_BYTES];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_true(say(&stage, text));
    wait_silent(&stage);
    finish(&stage);
    assert_int_equal(stage.count, 1);
    assert_true(sound_kit_is_tone(&stage.recording, stage.said[0].from, stage.said[0].to, 400));
    end(&stage);
}

static int lines_of(const char *path)
{
    FILE *file = fopen(path, "r");
    int lines = 0;
    for (int c; file != NULL && (c = fgetc(file)) != EOF;)
        lines += c == '\n';
    if (file != NULL)
        (void)fclose(file);
    return lines;
}

/* Nobody waits for a broken program at every word. */
static void a_broken_program_is_left_alone_for_a_while(void **state)
{
    (void)state;
    struct stage stage = begin("hang", NULL, 200);
    int64_t began = kit_now_ms();
    for (int i = 0; i < 20; i++)
        assert_true(say(&stage, "a"));
    wait_silent(&stage);
    assert_true(kit_now_ms() - began >= (int64_t)SPEECH_FAILS_MAX * 200);
    assert_in_range(lines_of(stage.note), 0, SPEECH_FAILS_MAX);
    finish(&stage);
    assert_int_equal(stage.count, 0);
    end(&stage);
}

static void any_form_of_sound_is_converted(void **state)
{
    (void)state;
    static const char *const forms[] = {"wave 8000 1 8",   "wave 11025 2 16", "wave 16000 1 32",
                                        "wave 22050 1 16", "wave 44100 2 16", "wave 48000 1 16",
                                        "wave 96000 6 32"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct stage stage = begin(forms[i], NULL, 0);
        assert_true(say(&stage, "b"));
        wait_silent(&stage);
        finish(&stage);
        assert_int_equal(stage.count, 1);
        const struct said *said = &stage.said[0];
        assert_in_range(said->to - said->from, 300 * 48 * 97 / 100, 300 * 48 * 103 / 100);
        assert_true(sound_kit_is_tone(&stage.recording, said->from, said->to, 500));
        end(&stage);
    }
}

static void options_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct sound *sound = NULL;
    struct speech *speech = NULL;
    char error[256] = "";
    sound_kit_begin();
    assert_int_equal(sound_create(&(struct sound_options){0}, &sound, error, sizeof error),
                     STATUS_OK);
    struct speech_options options = {.sound = sound, .command = " \t "};
    assert_int_equal(speech_create(&options, &speech, error, sizeof error), STATUS_INVALID);
    assert_non_null(strstr(error, "no command"));
    options = (struct speech_options){.sound = sound, .log_path = "/nowhere/at/all"};
    assert_int_equal(speech_create(&options, &speech, error, sizeof error), STATUS_INVALID);
    assert_non_null(strstr(error, "/nowhere/at/all"));
    assert_null(speech);
    sound_destroy(sound);
}

/* ---- recorded phrases --------------------------------------------------------------------------------------------- */

/* "Ticket" and "7" are recorded, as 300 ms of 1000 Hz. */
static void record(char *folder)
{
    char path[128], command[512];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/en", folder);
    CHECK(mkdir(path, 0700) == 0);
    snprintf(command, sizeof command, "echo g | %s wave 44100 2 16 > %s/en/g.wav", FAKE_VOICE,
             folder);
    CHECK(kit_run((const char *const[]){"sh", "-c", command, NULL}) == 0);
    snprintf(path, sizeof path, "%s/en/phrases.tsv", folder);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    fputs("g.wav\tTicket\ng.wav\t7\n", file);
    CHECK(fclose(file) == 0);
}

static void phrases_win_over_the_program(void **state)
{
    (void)state;
    char folder[] = "/tmp/quarter-phrases-XXXXXX";
    record(folder);
    struct stage stage = begin("tone 300", folder, 0);
    assert_true(say(&stage, "Ticket 77"));
    assert_true(say(&stage, "a ticket"));
    wait_silent(&stage);
    finish(&stage);
    assert_int_equal(stage.count, 2);
    assert_string_equal(stage.said[0].source, "phrase");
    assert_string_equal(stage.said[1].source, "synthesis");
    assert_in_range(stage.said[0].to - stage.said[0].from, 3 * 300 * 48, 3 * 400 * 48);
    assert_true(sound_kit_is_tone(&stage.recording, stage.said[0].from,
                                  stage.said[0].from + 250 * 48, 1000));
    assert_true(sound_kit_is_tone(&stage.recording, stage.said[1].from, stage.said[1].to, 400));
    end(&stage);
    kit_remove_folder(folder);
}

/* Somebody puts the file there, or mends it: no need to start anew. */
static void a_phrase_that_was_mended_is_said(void **state)
{
    (void)state;
    char folder[] = "/tmp/quarter-phrases-XXXXXX", from[64], to[64];
    record(folder);
    snprintf(from, sizeof from, "%s/en/g.wav", folder);
    snprintf(to, sizeof to, "%s/en/away.wav", folder);
    assert_int_equal(rename(from, to), 0);
    struct stage stage = begin("tone 300", folder, 0);
    assert_true(speech_able(stage.speech));
    for (int i = 0; i < 2; i++) {
        assert_true(say(&stage, "Ticket 77"));
        wait_silent(&stage);
        assert_int_equal(i == 0 ? rename(to, from) : 0, 0);
    }
    finish(&stage);
    assert_int_equal(stage.count, 2);
    assert_string_equal(stage.said[0].source, "synthesis");
    assert_string_equal(stage.said[1].source, "phrase");
    end(&stage);
    kit_remove_folder(folder);
}

/* At whatever moment the hush comes: nothing begins after it. */
static void what_is_hushed_while_it_is_made_is_not_heard(void **state)
{
    (void)state;
    char folder[] = "/tmp/quarter-phrases-XXXXXX";
    record(folder);
    struct stage stage = begin("tone 300", folder, 0);
    int64_t hushed[60];
    for (int i = 0; i < 60; i++) {
        assert_true(say(&stage, "Ticket 777777777777777777777777"));
        usleep((useconds_t)(i % 20 * 200));
        speech_hush(stage.speech);
        hushed[i] = sound_played(stage.sound, SOUND_SPEAKER);
        wait_silent(&stage);
    }
    finish(&stage);
    for (int i = 0, at = 0; i < stage.count; i++) {
        assert_true(stage.said[i].interrupted);
        while (at < 60 && hushed[at] < stage.said[i].from)
            at++;
        assert_true(at < 60 && stage.said[i].to <= hushed[at] + FADE);
    }
    end(&stage);
    kit_remove_folder(folder);
}

/* ---- a device that takes its time --------------------------------------------------------------------------------- */

static atomic_bool slow_device, opening, hushed, waited_in_vain;

/* Stands before SDL's own, for the whole program. */
SDL_AudioDeviceID SDL_OpenAudioDevice(const char *device, int iscapture,
                                      const SDL_AudioSpec *desired, SDL_AudioSpec *obtained,
                                      int allowed_changes)
{
    SDL_AudioDeviceID (*open)(const char *, int, const SDL_AudioSpec *, SDL_AudioSpec *, int);
    void *symbol = dlsym(RTLD_NEXT, "SDL_OpenAudioDevice");
    CHECK(symbol != NULL);
    memcpy(&open, &symbol, sizeof open);
    if (device != NULL && slow_device) {
        opening = true;
        for (int64_t end = kit_now_ms() + 15000; !hushed && kit_now_ms() < end;)
            usleep(1000);
        waited_in_vain = !hushed;
    }
    return open(device, iscapture, desired, obtained, allowed_changes);
}

/* A headset's device that is looked for again may take seconds to open or to fail; the kiosk's fingers do not wait. */
static void a_slow_device_holds_nobody_up(void **state)
{
    (void)state;
    struct sound *sound = NULL;
    struct speech *speech = NULL;
    char error[256], command[512];
    sound_kit_begin();
    const struct sound_options devices = {.headset = "/nowhere/at/all"};
    assert_int_equal(sound_create(&devices, &sound, error, sizeof error), STATUS_OK);
    snprintf(command, sizeof command, "%s tone 100 /dev/null", FAKE_VOICE);
    const struct speech_options options = {.sound = sound, .command = command};
    assert_int_equal(speech_create(&options, &speech, error, sizeof error), STATUS_OK);
    slow_device = true;
    const struct utterance secret = {.text = "a", .language = "en", .channel = SOUND_HEADSET};
    for (int64_t end = kit_now_ms() + 20000; !opening; usleep(10000)) { /* not at every word */
        assert_true(kit_now_ms() < end);
        (void)speech_say(speech, &secret);
    }
    speech_hush(speech);
    hushed = true;
    speech_destroy(speech);
    slow_device = false;
    assert_false(waited_in_vain);
    struct recording recording = sound_kit_end(sound, SOUND_SPEAKER);
    sound_kit_free(&recording);
}

/* The real thing, where it is installed: every language of the example site has a voice that is heard. */
static void espeak_speaks_nine_languages(void **state)
{
    (void)state;
    static const struct {
        const char *language, *text;
    } said[] = {{"en", "Ticket H07, counter 3."},   {"gu", "ટિકિટ H07, કાઉન્ટર 3."},
                {"pa", "ਟਿਕਟ H07, ਕਾਊਂਟਰ 3।"},       {"ur", "ٹکٹ H07، کاؤنٹر 3۔"},
                {"hi", "टिकट H07, काउंटर 3।"},       {"bn", "টিকিট H07, কাউন্টার 3।"},
                {"pl", "Bilet H07, stanowisko 3."}, {"so", "Tigidhka H07, miiska 3."},
                {"ar", "التذكرة H07، الشباك 3."}};
    enum { LANGUAGES = sizeof said / sizeof said[0] };
    if (access("/usr/bin/espeak-ng", X_OK) != 0)
        skip();
    struct stage stage = begin("", NULL, 0);
    for (int i = 0; i < LANGUAGES; i++)
        assert_true(speech_say(
            stage.speech, &(struct utterance){.text = said[i].text, .language = said[i].language}));
    wait_silent(&stage);
    finish(&stage);
    assert_int_equal(stage.count, LANGUAGES);
    for (int i = 0; i < LANGUAGES; i++) {
        assert_string_equal(stage.said[i].text, said[i].text);
        assert_in_range(stage.said[i].to - stage.said[i].from, 48000, 48000 * 8);
        assert_true(sound_kit_loudness(&stage.recording, stage.said[i].from, stage.said[i].to) >
                    500);
    }
    end(&stage);
}

int main(void)
{
    sound_kit_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_log_says_is_heard),
        cmocka_unit_test(what_matters_more_goes_before_what_waits),
        cmocka_unit_test(hushing_is_at_once),
        cmocka_unit_test(speech_goes_on_after_a_hush),
        cmocka_unit_test(the_line_is_bounded),
        cmocka_unit_test(many_threads_may_speak),
        cmocka_unit_test(silence_is_told),
        cmocka_unit_test(a_program_that_hangs_is_ended_with_its_children),
        cmocka_unit_test(a_hush_ends_a_program_that_hangs),
        cmocka_unit_test(a_program_that_does_not_end_is_ended),
        cmocka_unit_test(a_hush_ends_a_program_that_does_not_end),
        cmocka_unit_test(it_knows_whether_it_can_speak),
        cmocka_unit_test(bad_programs_are_silent_and_end),
        cmocka_unit_test(a_program_that_does_not_listen_may_speak),
        cmocka_unit_test(a_broken_program_is_left_alone_for_a_while),
        cmocka_unit_test(any_form_of_sound_is_converted),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(phrases_win_over_the_program),
        cmocka_unit_test(a_phrase_that_was_mended_is_said),
        cmocka_unit_test(what_is_hushed_while_it_is_made_is_not_heard),
        cmocka_unit_test(a_slow_device_holds_nobody_up),
        cmocka_unit_test(espeak_speaks_nine_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
