/* What the lobby hears of calls and delays: the words of the example site, and the order of chime and speech in a
 * recording. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "display/announcer.h"
#include "display/board/spoken.h"
#include "display/screen/chime.h"
#include "quarter/check.h"
#include "site_kit.h"
#include "sound_kit.h"

struct lobby_words {
    struct site_info *site;
    struct catalogue *in[QUARTER_LANGUAGES_MAX];
    struct spoken_words words;
};

static struct lobby_words begin(void)
{
    struct lobby_words lobby = {.site = site_kit_open("assets/sites/customer-centre")};
    char error[256];
    lobby.words.site = lobby.site;
    for (int i = 0; i < lobby.site->language_count; i++) {
        if (catalogue_open(QUARTER_SHARE, lobby.site->languages[i].code, &lobby.in[i], error,
                           sizeof error) != STATUS_OK)
            fail_msg("%s", error);
        lobby.words.in[i] = lobby.in[i];
    }
    return lobby;
}

static void end(struct lobby_words *lobby)
{
    for (int i = 0; i < QUARTER_LANGUAGES_MAX; i++)
        catalogue_destroy(lobby->in[i]);
    site_info_destroy(lobby->site);
}

static struct board_call call_of(const char *number, const char *counter, const char *language)
{
    struct board_call call = {.announcement = 1};
    snprintf(call.number, sizeof call.number, "%s", number);
    snprintf(call.counter, sizeof call.counter, "%s", counter);
    snprintf(call.language, sizeof call.language, "%s", language);
    return call;
}

static void a_call_is_said_in_two_languages(void **state)
{
    (void)state;
    struct lobby_words lobby = begin();
    struct spoken_line lines[SPOKEN_LINES_MAX];
    const struct site_counter *counter = &lobby.site->counters[0];
    char wanted[256];
    for (int i = 0; i < lobby.site->language_count; i++) {
        const char *code = lobby.site->languages[i].code;
        bool english = strcmp(code, "en") == 0;
        const struct board_call call = call_of("H07", counter->code, code);
        int count = spoken_call(&lobby.words, &call, lines);
        assert_int_equal(count, english ? 1 : 2);
        assert_string_equal(lines[0].language, code);
        assert_string_equal(lines[count - 1].language, "en");
        snprintf(wanted, sizeof wanted, "Ticket H07, %s.",
                 site_info_text(lobby.site, &counter->name, "en"));
        assert_string_equal(lines[count - 1].text, wanted);
        assert_non_null(strstr(lines[0].text, "H07"));
        assert_non_null(strstr(lines[0].text, site_info_text(lobby.site, &counter->name, code)));
        if (!english)
            assert_string_not_equal(lines[0].text, lines[1].text);
    }
    end(&lobby);
}

static void what_is_not_known_is_said_all_the_same(void **state)
{
    (void)state;
    struct lobby_words lobby = begin();
    struct spoken_line lines[SPOKEN_LINES_MAX];
    struct board_call call = call_of("H07", "nowhere", "");
    assert_int_equal(spoken_call(&lobby.words, &call, lines), 1);
    assert_string_equal(lines[0].text, "Ticket H07, nowhere."); /* better its code than nothing */
    call = call_of("H07", "nowhere", "tlh");
    assert_int_equal(spoken_call(&lobby.words, &call, lines), 1);
    assert_string_equal(lines[0].language, "en");
    const struct spoken_words nothing = {.site = NULL};
    assert_int_equal(spoken_call(&nothing, &call, lines), 0);
    assert_int_equal(spoken_delay(&nothing, &(struct board_delay){0}, lines), 0);
    end(&lobby);
}

static void a_delay_is_said_as_it_is_shown(void **state)
{
    (void)state;
    struct lobby_words lobby = begin();
    struct spoken_line lines[SPOKEN_LINES_MAX];
    const struct board_delay delay = {.service = 1, .low_min = 25, .high_min = 40};
    char wanted[512];
    assert_int_equal(spoken_delay(&lobby.words, &delay, lines),
                     1); /* the site's first is English */
    snprintf(wanted, sizeof wanted,
             "%s: longer wait than we said. Now about 25 to 40 minutes in all. We are sorry.",
             site_info_text(lobby.site, &lobby.site->services[1].name, "en"));
    assert_string_equal(lines[0].text, wanted);
    end(&lobby);
}

/* ---- in sound ----------------------------------------------------------------------------------------------------- */

struct said {
    char text[256], language[16];
    int64_t from, to;
    bool interrupted;
};

struct stage {
    struct lobby_words lobby;
    struct announcer *announcer;
    char log[64];
};

static struct stage open_stage(const char *mode)
{
    struct stage stage = {.lobby = begin()};
    char command[512];
    sound_kit_begin();
    snprintf(stage.log, sizeof stage.log, "/tmp/quarter-announcer-XXXXXX");
    close(mkstemp(stage.log));
    snprintf(command, sizeof command, "%s %s /dev/null", FAKE_VOICE, mode);
    const struct announcer_options options = {
        .assets = QUARTER_SHARE, .speech = mode[0] == '\0' ? "off" : command, .log = stage.log};
    assert_int_equal(announcer_create(&options, &stage.announcer), STATUS_OK);
    announcer_take_site(stage.announcer, stage.lobby.site);
    return stage;
}

static void wait_silent(const struct stage *stage)
{
    while (announcer_is_busy(stage->announcer, 0))
        usleep(1000);
}

static int close_stage(struct stage *stage, struct said *said, int most,
                       struct recording *recording)
{
    char line[2048];
    int count = 0;
    json_int_t samples = -1;
    announcer_destroy(stage->announcer);
    FILE *file = fopen(stage->log, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL && count < most) {
        json_t *entry = json_loads(line, 0, NULL);
        const char *text = NULL, *language = NULL;
        json_int_t from = 0, to = 0;
        int interrupted = 0;
        if (json_unpack(entry, "{ss ss sI sI sb}", "text", &text, "language", &language,
                        "samples_from", &from, "samples_to", &to, "interrupted",
                        &interrupted) == 0) {
            struct said *one = &said[count++];
            snprintf(one->text, sizeof one->text, "%s", text);
            snprintf(one->language, sizeof one->language, "%s", language);
            one->from = from;
            one->to = to;
            one->interrupted = interrupted;
        } else {
            assert_int_equal(json_unpack(entry, "{sI}", "speaker_samples", &samples), 0);
        }
        json_decref(entry);
    }
    (void)fclose(file);
    (void)unlink(stage->log);
    end(&stage->lobby);
    *recording = sound_kit_read(sound_kit_path(SOUND_SPEAKER));
    assert_true(samples >= 0 && (size_t)samples <= recording->count);
    recording->samples += recording->count - (size_t)samples;
    recording->count = (size_t)samples;
    return count;
}

static double likeness(const struct recording *recording, int64_t at)
{
    static int16_t chime[CHIME_SAMPLES];
    double both = 0, a = 0, b = 0;
    if (at < 0 || at + CHIME_SAMPLES > (int64_t)recording->count)
        return 0;
    chime_samples(chime);
    for (int i = 0; i < CHIME_SAMPLES; i++) {
        both += (double)recording->samples[at + i] * chime[i];
        a += (double)recording->samples[at + i] * recording->samples[at + i];
        b += (double)chime[i] * chime[i];
    }
    return a > 0 ? both / sqrt(a * b) : 0;
}

static void the_chime_comes_first_and_nothing_overlaps(void **state)
{
    (void)state;
    struct stage stage = open_stage("tone 200");
    struct said said[8];
    struct recording recording;
    const struct board_call call = call_of("H07", "1", "pl");
    announcer_call(stage.announcer, &call, 0);
    assert_true(announcer_is_busy(stage.announcer, 0));
    wait_silent(&stage);
    assert_int_equal(close_stage(&stage, said, 8, &recording), 2);
    assert_string_equal(said[0].language, "pl");
    assert_string_equal(said[1].language, "en");
    /* Right behind the chime, or later when the voice was slow. */
    double best = 0;
    for (int64_t at = 0; at <= said[0].from - CHIME_SAMPLES; at++)
        if (recording.samples[at] != 0 || recording.samples[at + 1] != 0) {
            for (int64_t near = at - 8; near <= at; near++)
                best = fmax(best, likeness(&recording, near));
            break;
        }
    assert_true(best > 0.999);
    assert_true(said[1].from >= said[0].to);
    assert_true(sound_kit_loudness(&recording, said[0].from, said[0].to) > 500);
    assert_true(sound_kit_loudness(&recording, said[1].from, said[1].to) > 500);
    sound_kit_free(&recording);
}

/* Sound and picture name the same call: what is left of the last one is not said. */
static void another_call_cuts_the_last_one_off(void **state)
{
    (void)state;
    struct stage stage =
        open_stage("tone 90000"); /* far longer than this takes on a busy machine */
    struct said said[8];
    struct recording recording;
    const struct board_call first = call_of("H07", "1", "en");
    const struct board_call second = call_of("B04", "2", "en");
    announcer_call(stage.announcer, &first, 0);
    usleep(300000); /* it is on its way, or it sounds */
    assert_true(announcer_is_busy(stage.announcer, ANNOUNCER_CALL_MS - 1));
    assert_false(announcer_is_busy(stage.announcer, ANNOUNCER_CALL_MS)); /* nobody waits for ever */
    announcer_call(stage.announcer, &second, 0);
    wait_silent(&stage);
    int count = close_stage(&stage, said, 8, &recording);
    assert_in_range(count, 1, 2);
    assert_true(count == 1 || said[0].interrupted);
    assert_non_null(strstr(said[count - 1].text, "B04"));
    assert_false(said[count - 1].interrupted);
    sound_kit_free(&recording);
}

static void only_fresh_delays_are_said(void **state)
{
    (void)state;
    struct stage stage = open_stage("tone 100");
    struct said said[8];
    struct recording recording;
    static struct board_picture picture = {
        .delay_count = 3,
        .delays = {{.service = 0, .low_min = 20, .high_min = 30, .fresh = true},
                   {.service = 1, .low_min = 20, .high_min = 30, .fresh = false},
                   {.service = 2, .low_min = 45, .high_min = 60, .fresh = true}}};
    announcer_delays(stage.announcer, &picture, 0);
    assert_false(announcer_is_busy(stage.announcer, ANNOUNCER_DELAYS_MS)); /* a call comes sooner */
    wait_silent(&stage);
    assert_int_equal(close_stage(&stage, said, 8, &recording), 2);
    assert_non_null(strstr(said[0].text, "20 to 30 minutes"));
    assert_non_null(strstr(said[1].text, "45 to 60 minutes"));
    assert_true(said[0].from >= NOTE_SAMPLES);
    /* the note, a G4, is somewhere before the first word */
    assert_true(sound_kit_energy(recording.samples, 0, (int)said[0].from, 391.995) >
                1e4 * sound_kit_energy(recording.samples, 0, (int)said[0].from, 659.255));
    assert_true(sound_kit_loudness(&recording, 0, said[0].from) > 10);
    sound_kit_free(&recording);
}

/* So much more has come out of the device; it holds a few buffers that are not in the file yet. */
static void wait_recorded(size_t samples)
{
    struct stat file = {0};
    CHECK(stat(sound_kit_path(SOUND_SPEAKER), &file) == 0);
    const off_t end = file.st_size + (off_t)((samples + 4096) * sizeof(int16_t));
    while (file.st_size < end && stat(sound_kit_path(SOUND_SPEAKER), &file) == 0)
        usleep(1000);
}

static void without_speech_there_is_the_chime(void **state)
{
    (void)state;
    struct stage stage = open_stage("");
    struct said said[8];
    struct recording recording;
    const struct board_call call = call_of("H07", "1", "en");
    announcer_call(stage.announcer, &call, 0);
    wait_silent(&stage);
    wait_recorded(CHIME_SAMPLES);
    assert_int_equal(close_stage(&stage, said, 8, &recording), 0);
    assert_true(sound_kit_loudness(&recording, 0, (int64_t)recording.count) > 10);
    sound_kit_free(&recording);
}

static void no_sound_is_no_failure(void **state)
{
    (void)state;
    announcer_call(NULL, NULL, 0);
    announcer_delays(NULL, NULL, 0);
    announcer_take_site(NULL, NULL);
    assert_false(announcer_is_busy(NULL, 0));
    announcer_destroy(NULL);
    struct announcer *announcer = NULL;
    const struct announcer_options options = {.assets = QUARTER_SHARE, .speech = " "};
    sound_kit_begin();
    assert_int_equal(announcer_create(&options, &announcer), STATUS_INVALID);
    assert_null(announcer);
}

int main(void)
{
    sound_kit_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_said_in_two_languages),
        cmocka_unit_test(what_is_not_known_is_said_all_the_same),
        cmocka_unit_test(a_delay_is_said_as_it_is_shown),
        cmocka_unit_test(the_chime_comes_first_and_nothing_overlaps),
        cmocka_unit_test(another_call_cuts_the_last_one_off),
        cmocka_unit_test(only_fresh_delays_are_said),
        cmocka_unit_test(without_speech_there_is_the_chime),
        cmocka_unit_test(no_sound_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
