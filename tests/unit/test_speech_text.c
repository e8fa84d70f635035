/* From what is shown to what is said, and the parts that need no sound: commands, phrases, WAV files. */
#include <SDL.h>
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

#include "display/screen/phrases.h"
#include "display/screen/sound.h"
#include "display/screen/speech.h"
#include "display/screen/speech_program.h"
#include "quarter/check.h"

static void marks_are_seen_but_not_said(void **state)
{
    (void)state;
    static const struct {
        const char *shown, *said;
    } texts[] = {
        {"Get my ticket", "Get my ticket"},
        {"", ""},
        {"  two\n\tlines \xc2\xa0 ", "two lines"},
        {"Please sit in the \x02"
         "blue area\x03.",
         "Please sit in the blue area."},
        {"\xe2\x80\xa2  Your passport", "Your passport"},
        {"\xe2\x81\xa8H07\xe2\x81\xa9 \xe2\x80\x8f\xd9\x86", "H07 \xd9\x86"},
        {"A 17", "A17"},
        {"Ticket A 17, counter 3", "Ticket A17, counter 3"},
        {"HB 07", "HB07"},
        {"A 17th of May", "A17th of May"}, /* nothing of ours says so */
        {"A 7", "A 7"},                    /* no ticket has one figure */
        {"ABC 17", "ABC 17"},
        {"Room 12", "Room 12"},
        {"\xc2\xad\xe2\x80\xa2", ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[256];
        assert_int_equal(speech_plain(texts[i].shown, out, sizeof out), strlen(texts[i].said));
        assert_string_equal(out, texts[i].said);
    }
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    const char *text = "\xe0\xaa\x95\xe0\xaa\x95\xe0\xaa\x95"; /* three letters of three bytes */
    for (size_t size = 1; size <= 10; size++) {
        char out[16];
        memset(out, 'x', sizeof out);
        assert_int_equal(speech_plain(text, out, size), (size - 1) / 3 * 3);
        assert_int_equal(out[(size - 1) / 3 * 3], '\0');
    }
}

static void a_stand_in_is_known_as_one(void **state)
{
    (void)state;
    bool stand_in = false;
    assert_string_equal(speech_voice("so", &stand_in), "om");
    assert_true(stand_in);
    assert_string_equal(speech_voice("en", &stand_in), "en-gb");
    assert_false(stand_in);
    stand_in = true;
    assert_string_equal(speech_voice("gu", &stand_in), "gu");
    assert_false(stand_in);
    assert_string_equal(speech_voice("so", NULL), "om");
}

static void a_command_is_words(void **state)
{
    (void)state;
    struct program program;
    assert_int_equal(program_from("  say -v VOICE\t--model=/m/LANGUAGE-VOICE.onnx ; rm $HOME ",
                                  "om", "so", &program),
                     STATUS_OK);
    static const char *const words[] = {"say", "-v", "om",   "--model=/m/so-om.onnx",
                                        ";",   "rm", "$HOME"};
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(program.words[i], words[i]);
    assert_null(program.words[7]);
    assert_int_equal(program_from("", "v", "l", &program), STATUS_INVALID);
    assert_int_equal(program_from(" \n ", "v", "l", &program), STATUS_INVALID);
    /* A language without a name ends no command too late. */
    char *tight = strdup("say VOICE");
    CHECK(tight != NULL);
    assert_int_equal(program_from(tight, "", "", &program), STATUS_OK);
    assert_string_equal(program.words[1], "");
    assert_null(program.words[2]);
    free(tight);
    char many[2 * PROGRAM_WORDS_MAX + 3] = "";
    for (int i = 0; i <= PROGRAM_WORDS_MAX; i++)
        memcpy(many + 2 * i, "x ", 3);
    assert_int_equal(program_from(many, "v", "l", &program), STATUS_INVALID);
    many[2 * PROGRAM_WORDS_MAX] = '\0';
    assert_int_equal(program_from(many, "v", "l", &program), STATUS_OK);
    char *large = malloc(PROGRAM_BYTES + 10);
    CHECK(large != NULL);
    for (int length = PROGRAM_BYTES - 20; length < PROGRAM_BYTES + 9; length++) {
        memset(large, 'y', (size_t)length);
        memcpy(large + length - 5, "VOICE", 6);
        int fits = length - 5 + 8 < PROGRAM_BYTES;
        assert_int_equal(program_from(large, "12345678", "l", &program),
                         fits ? STATUS_OK : STATUS_INVALID);
    }
    free(large);
}

/* ---- WAV files ---------------------------------------------------------------------------------------------------- */

static size_t put(uint8_t *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
    return bytes;
}

/* 16 bit, of `frames` frames. */
static size_t make_wave(uint8_t *out, uint32_t rate, uint32_t channels, uint32_t frames)
{
    size_t at = 0;
    uint32_t bytes = frames * channels * 2;
    memcpy(out, "RIFF....WAVEfmt ", 16);
    put(out + 4, bytes + 36, 4);
    at = 16;
    at += put(out + at, 16, 4);
    at += put(out + at, 1, 2);
    at += put(out + at, channels, 2);
    at += put(out + at, rate, 4);
    at += put(out + at, rate * channels * 2, 4);
    at += put(out + at, channels * 2, 2);
    at += put(out + at, 16, 2);
    memcpy(out + at, "data", 4);
    at += 4;
    at += put(out + at, bytes, 4);
    for (uint32_t i = 0; i < frames * channels; i++)
        at += put(out + at, 5000, 2);
    return at;
}

static enum status read_wave(const uint8_t *bytes, size_t size)
{
    struct clip clip = {0};
    char error[256] = "";
    enum status status = clip_from_wav(bytes, size, &clip, error, sizeof error);
    assert_true((status == STATUS_OK) == (clip.samples != NULL));
    assert_true((status == STATUS_OK) == (error[0] == '\0'));
    free(clip.samples);
    return status;
}

static void waves_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 20];
    assert_int_equal(read_wave(bytes, make_wave(bytes, 22050, 1, 2205)), STATUS_OK);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 22050, 1, 0)), STATUS_CORRUPT);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 1, 1, 100)), STATUS_CORRUPT);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 3999, 1, 100)), STATUS_CORRUPT);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 4000, 1, 100)), STATUS_OK);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 4000000, 1, 100)), STATUS_CORRUPT);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 48000, 200, 10)), STATUS_CORRUPT);
    assert_int_equal(read_wave(bytes, make_wave(bytes, 4000, 1, 121 * 4000)), STATUS_CORRUPT);
    assert_int_equal(read_wave(bytes, 0), STATUS_CORRUPT);
}

/* Cut anywhere, and with any byte wrong: an answer, never a crash. */
static void broken_waves_break_nothing(void **state)
{
    (void)state;
    uint8_t bytes[2048], spoilt[2048];
    size_t size = make_wave(bytes, 22050, 2, 400);
    for (size_t length = 0; length < size; length += length < 60 ? 1 : 37)
        (void)read_wave(bytes, length);
    for (size_t at = 0; at < 48; at++)
        for (unsigned value = 0; value < 256; value += 17) {
            memcpy(spoilt, bytes, size);
            spoilt[at] = (uint8_t)value;
            (void)read_wave(spoilt, size);
        }
}

static size_t largest;

static void *count_malloc(size_t size)
{
    largest = size > largest ? size : largest;
    return malloc(size);
}

static void *count_realloc(void *old, size_t size)
{
    largest = size > largest ? size : largest;
    return realloc(old, size);
}

/* As espeak-ng writes it to a pipe; a small kiosk has no 2 GiB to give, and would be silent. */
static void what_a_wave_announces_takes_no_room(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 16];
    size_t size = make_wave(bytes, 22050, 1, 2205);
    put(bytes + 4, 0x7ffff024, 4);
    put(bytes + 40, 0x7ffff000, 4);
    assert_int_equal(SDL_SetMemoryFunctions(count_malloc, calloc, count_realloc, free), 0);
    largest = 0;
    assert_int_equal(read_wave(bytes, size), STATUS_OK);
    assert_in_range(largest, 1, 1 << 20);
}

/* ---- phrases ------------------------------------------------------------------------------------------------------ */

static char folder[64];

/* Each file's length tells which it is: 100 ms for the first, 200 for the second ... */
static void write_phrases(const char *tsv, int files)
{
    static uint8_t bytes[1 << 18];
    char path[128];
    snprintf(path, sizeof path, "%s/en", folder);
    (void)mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/en/phrases.tsv", folder);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(tsv, file) >= 0 && fclose(file) == 0);
    for (int i = 1; i <= files; i++) {
        snprintf(path, sizeof path, "%s/en/%d.wav", folder, i);
        file = fopen(path, "wb");
        size_t size = make_wave(bytes, SOUND_RATE, 1, (uint32_t)i * SOUND_RATE / 10);
        CHECK(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
    }
}

/* -1: not recorded. */
static int say_in(struct phrases *phrases, const char *language, const char *text)
{
    struct clip clip = {0};
    if (!phrases_say(phrases, language, text, -1, &clip))
        return -1;
    free(clip.samples);
    return (int)(clip.count / (SOUND_RATE / 1000));
}

static int length_ms(struct phrases *phrases, const char *text)
{
    return say_in(phrases, "en", text);
}

static void the_fewest_phrases_cover_a_text(void **state)
{
    (void)state;
    write_phrases("# a comment\n\n"
                  "1.wav\tTicket\r\n"
                  "2.wav\tcounter\n"
                  "3.wav\tcounter 3\n"
                  "4.wav\tH\n"
                  "5.wav\t0\n"
                  "6.wav\t7\n"
                  "7.wav\t3\n"
                  "8.wav\tB04\n"
                  "9.wav\tWe are closed now.\n"
                  "1.wav\tone two three\n"
                  "2.wav\tfour\n"
                  "3.wav\tfive\n"
                  "4.wav\tone two\n"
                  "5.wav\tthree four five\n",
                  9);
    struct phrases *phrases = phrases_create(folder);
    assert_true(phrases_any(phrases));
    assert_int_equal(length_ms(phrases, "Ticket"), 100);
    assert_int_equal(length_ms(phrases, "TICKET!"), 100);
    assert_int_equal(length_ms(phrases, "we are closed, now"), 900);
    /* Ticket, H, 0, 7, "counter 3": five files, four pauses */
    assert_int_equal(length_ms(phrases, "Ticket H07, counter 3."),
                     100 + 400 + 500 + 600 + 300 + 4 * PHRASES_PAUSE_MS);
    /* Two in all, although three go further with the first. */
    assert_int_equal(length_ms(phrases, "one two three four five"), 400 + 500 + PHRASES_PAUSE_MS);
    assert_int_equal(length_ms(phrases, "B04"), 800);
    assert_int_equal(length_ms(phrases, "counter 7"), 200 + 600 + PHRASES_PAUSE_MS);
    assert_int_equal(length_ms(phrases, "Ticket X07"), -1); /* no X */
    assert_int_equal(length_ms(phrases, "Tickets"), -1);
    assert_int_equal(length_ms(phrases, ""), -1);
    assert_int_equal(length_ms(phrases, " ... "), -1);
    assert_int_equal(say_in(phrases, "gu", "Ticket"), -1); /* nothing recorded */
    assert_int_equal(say_in(phrases, "../en", "Ticket"), -1);
    phrases_destroy(phrases);
}

static void bad_lines_and_files_are_left_out(void **state)
{
    (void)state;
    write_phrases("no tab\n\tno file\n1.wav\t\n../en/1.wav\tout\n/etc/passwd\tout\n"
                  "missing.wav\tmissing\n1.wav\tgood\nphrases.tsv\trubbish\n",
                  1);
    struct phrases *phrases = phrases_create(folder);
    assert_int_equal(length_ms(phrases, "good"), 100);
    assert_int_equal(length_ms(phrases, "out"), -1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(length_ms(phrases, "missing"), -1);
        assert_int_equal(length_ms(phrases, "rubbish"), -1);
        assert_int_equal(length_ms(phrases, "good rubbish"), -1);
    }
    phrases_destroy(phrases);
    phrases = phrases_create("/nowhere/at/all");
    assert_false(phrases_any(phrases));
    assert_int_equal(length_ms(phrases, "good"), -1);
    phrases_destroy(phrases);
    phrases = phrases_create(NULL);
    assert_int_equal(length_ms(phrases, "good"), -1);
    phrases_destroy(phrases);
}

static void long_texts_and_lists_are_bounded(void **state)
{
    (void)state;
    char *tsv = malloc(PHRASES_FILE_MAX + 64), text[8192];
    CHECK(tsv != NULL);
    int at = 0;
    for (int i = 0; i < PHRASES_MAX + 10; i++)
        at += snprintf(tsv + at, 64, "1.wav\tword%d\n", i);
    write_phrases(tsv, 1);
    struct phrases *phrases = phrases_create(folder);
    assert_int_equal(length_ms(phrases, "word0"), 100);
    assert_int_equal(length_ms(phrases, "word2050"), -1);
    for (at = 0; at < (int)sizeof text - 7;)
        at += snprintf(text + at, 8, "word0 ");
    assert_int_equal(length_ms(phrases, text), -1);
    phrases_destroy(phrases);
    memset(tsv, '#', PHRASES_FILE_MAX + 1);
    tsv[PHRASES_FILE_MAX + 1] = '\0';
    write_phrases(tsv, 1);
    phrases = phrases_create(folder);
    assert_int_equal(length_ms(phrases, "word0"), -1);
    phrases_destroy(phrases);
    free(tsv);
}

static void clear_up(void)
{
    char path[128];
    for (int i = 0; i < 10; i++) {
        snprintf(path, sizeof path, "%s/en/%d.wav", folder, i);
        (void)unlink(path);
    }
    snprintf(path, sizeof path, "%s/en/phrases.tsv", folder);
    (void)unlink(path);
    snprintf(path, sizeof path, "%s/en", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/quarter-phrases[*]-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    (void)atexit(clear_up);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_seen_but_not_said),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(a_stand_in_is_known_as_one),
        cmocka_unit_test(a_command_is_words),
        cmocka_unit_test(waves_that_cannot_be_are_refused),
        cmocka_unit_test(broken_waves_break_nothing),
        cmocka_unit_test(what_a_wave_announces_takes_no_room),
        cmocka_unit_test(the_fewest_phrases_cover_a_text),
        cmocka_unit_test(bad_lines_and_files_are_left_out),
        cmocka_unit_test(long_texts_and_lists_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
