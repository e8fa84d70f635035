/* Keypads and their configuration, without a device: which strikes count, what keys mean, what
 * input.conf may hold. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/input-event-codes.h>

#include "input/keymap.h"

static const struct device_id storm = {0x2047, 0x0977}, other = {0x1234, 0x5678};

/* ---- strikes ------------------------------------------------------------------------------------ */

static bool strike(struct keypad *keypad, uint16_t code, enum keypad_key key, int64_t at_ms)
{
    bool counts = keypad_feed(keypad, code, 1, key, at_ms);
    assert_false(keypad_feed(keypad, code, 2, key, at_ms + 10)); /* the kernel's repeat */
    assert_false(keypad_feed(keypad, code, 0, key, at_ms + 20));
    return counts;
}

/* EN 301 549, 5.8. */
static void the_same_key_counts_again_after_half_a_second(void **state)
{
    (void)state;
    struct keypad keypad = {0};
    assert_true(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 1000));
    assert_false(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 1490));
    assert_true(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 1510));
    assert_false(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 2010));
    assert_true(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 2011));
}

static void another_key_counts_at_once(void **state)
{
    (void)state;
    struct keypad keypad = {0};
    assert_true(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 0));
    assert_true(strike(&keypad, KEY_ENTER, KEYPAD_SELECT, 50));
    assert_true(strike(&keypad, KEY_DOWN, KEYPAD_NEXT, 100));
}

/* EN 301 549, 5.7. */
static void a_key_held_down_counts_once(void **state)
{
    (void)state;
    struct keypad keypad = {0};
    assert_true(keypad_feed(&keypad, KEY_DOWN, 1, KEYPAD_NEXT, 0));
    for (int64_t at = 250; at < 5000; at += 33)
        assert_false(keypad_feed(&keypad, KEY_DOWN, 2, KEYPAD_NEXT, at));
}

static void an_unnamed_scanner_chooses_nothing(void **state)
{
    (void)state;
    struct keypad keypad = {0};
    for (int i = 0; i < 8; i++)
        assert_false(strike(&keypad, (uint16_t)(KEY_1 + i), KEYPAD_NONE, 1000 + i * 10));
    assert_false(strike(&keypad, KEY_ENTER, KEYPAD_SELECT, 1080));
    assert_true(strike(&keypad, KEY_ENTER, KEYPAD_SELECT, 1400));
}

/* ---- meanings ----------------------------------------------------------------------------------- */

static void a_keys_own_line_wins_over_any_devices_and_that_over_what_is_known(void **state)
{
    (void)state;
    struct input_conf conf = input_conf_default();
    assert_int_equal(keymap_find(&conf, storm, KEY_DOWN), KEYPAD_NEXT);
    assert_int_equal(keymap_find(&conf, storm, KEY_A), KEYPAD_NONE);
    assert_true(keymap_set(&conf, (struct device_id){0, 0}, KEY_DOWN, KEYPAD_BACK));
    assert_int_equal(keymap_find(&conf, storm, KEY_DOWN), KEYPAD_BACK);
    assert_true(keymap_set(&conf, storm, KEY_DOWN, KEYPAD_NONE));
    assert_int_equal(keymap_find(&conf, storm, KEY_DOWN), KEYPAD_NONE);
    assert_int_equal(keymap_find(&conf, other, KEY_DOWN), KEYPAD_BACK);
    assert_true(keymap_names(&conf, storm));
    assert_false(keymap_names(&conf, other));
    keymap_forget(&conf, storm);
    assert_int_equal(keymap_find(&conf, storm, KEY_DOWN), KEYPAD_BACK);
}

static void the_keys_everybody_has_mean_something_from_the_start(void **state)
{
    (void)state;
    static const struct {
        uint16_t code;
        enum keypad_key key;
    } wanted[] = {
        {KEY_UP, KEYPAD_PREVIOUS}, {KEY_LEFT, KEYPAD_PREVIOUS},  {KEY_DOWN, KEYPAD_NEXT},
        {KEY_RIGHT, KEYPAD_NEXT},  {KEY_ENTER, KEYPAD_SELECT},   {KEY_BACKSPACE, KEYPAD_BACK},
        {KEY_F1, KEYPAD_REPEAT},   {KEY_F15, KEYPAD_HEADSET_IN}, {KEY_F16, KEYPAD_HEADSET_OUT}};
    const struct input_conf conf = input_conf_default();
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_int_equal(keymap_find(&conf, other, wanted[i].code), wanted[i].key);
}

/* ---- input.conf --------------------------------------------------------------------------------- */

static enum status parse(const char *text, struct input_conf *conf, char *error)
{
    error[0] = '\0';
    return input_conf_parse(text, strlen(text), conf, error);
}

static void a_file_says_what_there_is(void **state)
{
    (void)state;
    struct input_conf conf;
    char error[INPUT_CONF_ERROR_BYTES];
    assert_int_equal(parse("# ours\n"
                           "calibration 0 -1 1 1 0 0\r\n"
                           "  scanner 0c2e:0b61   # at the door\n"
                           "\n"
                           "keymap 2047:0977 KEY_F1 = next\n"
                           "keymap *:* KEY_TAB = back\n"
                           "keymap 2047:0977 183 = headset-in",
                           &conf, error),
                     STATUS_OK);
    assert_true(conf.calibrated);
    assert_true(conf.calibration.m[1] < -0.5 && conf.calibration.m[2] > 0.5);
    assert_true(conf_names_scanner(&conf, (struct device_id){0x0c2e, 0x0b61}));
    assert_int_equal(keymap_find(&conf, storm, KEY_F1), KEYPAD_NEXT);
    assert_int_equal(keymap_find(&conf, other, KEY_F1), KEYPAD_REPEAT);
    assert_int_equal(keymap_find(&conf, other, KEY_TAB), KEYPAD_BACK);
    assert_int_equal(keymap_find(&conf, storm, KEY_F13), KEYPAD_HEADSET_IN);
}

static void a_wrong_line_is_named_and_the_others_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *line, *error;
    } wrong[] = {
        {"calibration 1 0 0 0 1", "six numbers"},
        {"calibration 1 0 0 2 0 0", "six numbers"},
        {"calibration 1 0 0 0 1 nan", "six numbers"},
        {"scanner 0c2e", "vendor:product"},
        {"scanner 0c2e:12345", "vendor:product"},
        {"scanner -1:2", "vendor:product"},
        {"keymap 2047:0977 KEY_FI = next", "no key is called KEY_FI"},
        {"keymap 2047:0977 0 = next", "no key is called 0"},
        {"keymap 2047:0977 9999 = next", "no key is called 9999"},
        {"keymap 2047:0977 KEY_F1 = nxt", "not nxt"},
        {"keymap 2047:0977 KEY_F1 next", "keymap 2047:0977 KEY_F1 = next"},
        {"keymap 2047:0977 KEY_F1 = next back", "keymap 2047:0977 KEY_F1 = next"},
        {"keymap any KEY_F1 = next", "not any"},
        {"keyboard 1", "not keyboard"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[512], error[INPUT_CONF_ERROR_BYTES];
        struct input_conf conf;
        snprintf(text, sizeof text, "scanner 1:2\n%s\nkeymap *:* KEY_Z = back\n", wrong[i].line);
        assert_int_equal(parse(text, &conf, error), STATUS_INVALID);
        assert_ptr_equal(strstr(error, "line 2: "), error);
        if (strstr(error, wrong[i].error) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", error, wrong[i].error);
        assert_true(conf_names_scanner(&conf, (struct device_id){1, 2}));
        assert_int_equal(keymap_find(&conf, other, KEY_Z), KEYPAD_BACK);
        assert_false(conf.calibrated);
    }
}

/* Some scanners do not say what they are: learnt as such, they are kept as such. */
static void a_scanner_without_a_name_is_kept(void **state)
{
    (void)state;
    struct input_conf conf = input_conf_default(), read = input_conf_default();
    char text[INPUT_CONF_BYTES], error[INPUT_CONF_ERROR_BYTES];
    assert_true(conf_add_scanner(&conf, (struct device_id){0, 0}));
    size_t length = input_conf_print(&conf, text);
    assert_int_equal(input_conf_parse(text, length, &read, error), STATUS_OK);
    assert_true(conf_names_scanner(&read, (struct device_id){0, 0}));
    assert_false(conf_names_scanner(&read, (struct device_id){1, 2})); /* it is not any */
}

/* The command line counts as long as the program runs, and is no business of the file's. */
static void what_was_given_is_not_kept(void **state)
{
    (void)state;
    struct input_conf file = input_conf_default();
    const struct input_given given = {.calibrated = true,
                                      .calibration = {{2, 0, 0, 0, 2, 0}},
                                      .scanners = {{1, 2}, {3, 4}},
                                      .scanner_count = 2};
    assert_true(conf_add_scanner(&file, (struct device_id){3, 4})); /* in the file as well */
    struct input_conf now = file;
    assert_true(input_conf_give(&now, &given));
    assert_true(now.calibrated);
    assert_int_equal(now.scanner_count, 2);
    assert_true(conf_add_scanner(&now, (struct device_id){5, 6})); /* learnt */
    struct input_conf kept = input_conf_keep(&now, &given, &file);
    assert_false(kept.calibrated);
    assert_int_equal(kept.scanner_count, 2);
    assert_true(conf_names_scanner(&kept, (struct device_id){3, 4}));
    assert_true(conf_names_scanner(&kept, (struct device_id){5, 6}));
    now.calibration.m[2] = 0.1; /* calibrated anew, by hand */
    kept = input_conf_keep(&now, &given, &file);
    assert_true(kept.calibrated);
    assert_memory_equal(&kept.calibration, &now.calibration, sizeof now.calibration);
    for (uint16_t i = 0; file.scanner_count < INPUT_CONF_SCANNERS_MAX; i++)
        assert_true(conf_add_scanner(&file, (struct device_id){9, i}));
    assert_false(input_conf_give(&file, &given)); /* a ninth */
}

static void too_many_and_too_long_are_said_so(void **state)
{
    (void)state;
    char text[8192] = "", error[INPUT_CONF_ERROR_BYTES];
    struct input_conf conf;
    for (int i = 0; i <= INPUT_CONF_SCANNERS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "scanner 1:%x\n", i + 1);
    assert_int_equal(parse(text, &conf, error), STATUS_INVALID);
    assert_string_equal(error, "line 9: there are too many scanners");
    text[0] = '\0';
    for (int i = 0; i <= INPUT_CONF_KEYS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "keymap *:* %d = none\n", i + 1);
    assert_int_equal(parse(text, &conf, error), STATUS_INVALID);
    assert_string_equal(error, "line 65: there are too many keys");
    memset(text, 'x', 300);
    text[300] = '\0';
    assert_int_equal(parse(text, &conf, error), STATUS_INVALID);
    assert_non_null(strstr(error, "line 1"));
    assert_int_equal(input_conf_parse("scanner 1:2\0", 12, &conf, error), STATUS_INVALID);
}

static void what_is_printed_is_what_is_read(void **state)
{
    (void)state;
    char text[INPUT_CONF_BYTES], again[INPUT_CONF_BYTES], error[INPUT_CONF_ERROR_BYTES];
    struct input_conf conf = input_conf_default(), read;
    conf.calibrated = true;
    conf.calibration = (struct calibration){{1.0123456, -0.00123, 0.25, 1e-7, 0.98765, -3}};
    for (int i = 0; i < INPUT_CONF_SCANNERS_MAX; i++)
        assert_true(conf_add_scanner(&conf, (struct device_id){0xffff, (uint16_t)(i + 1)}));
    for (int i = 0; i < INPUT_CONF_KEYS_MAX; i++) /* the longest names, and some without one */
        assert_true(keymap_set(&conf, i % 2 == 0 ? storm : (struct device_id){0, 0},
                               (uint16_t)(0x240 + i), KEYPAD_HEADSET_OUT));
    size_t length = input_conf_print(&conf, text);
    assert_int_equal(length, strlen(text));
    assert_int_equal(input_conf_parse(text, length, &read, error), STATUS_OK);
    assert_int_equal(read.key_count, INPUT_CONF_KEYS_MAX);
    assert_int_equal(read.scanner_count, INPUT_CONF_SCANNERS_MAX);
    input_conf_print(&read, again);
    assert_string_equal(again, text);
}

static void a_configuration_is_saved_whole_or_not_at_all(void **state)
{
    (void)state;
    char base[] = "/tmp/quarter-input-XXXXXX", folder[64], path[96], error[INPUT_CONF_ERROR_BYTES];
    struct input_conf conf, read;
    assert_non_null(mkdtemp(base));
    snprintf(folder, sizeof folder, "%s/state", base);
    snprintf(path, sizeof path, "%s/input.conf", folder);
    assert_int_equal(input_conf_load(folder, &conf, error), STATUS_OK); /* none yet */
    assert_int_equal(conf.key_count, 0);
    assert_true(keymap_set(&conf, storm, KEY_F5, KEYPAD_SELECT));
    assert_int_equal(input_conf_save(folder, &conf, error), STATUS_OK);
    assert_int_equal(input_conf_load(folder, &read, error), STATUS_OK);
    assert_int_equal(keymap_find(&read, storm, KEY_F5), KEYPAD_SELECT);
    /* The new file cannot be written: the old one stays. */
    char fresh[128];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    assert_int_equal(mkdir(fresh, 0700), 0);
    assert_true(keymap_set(&conf, storm, KEY_F6, KEYPAD_BACK));
    assert_int_equal(input_conf_save(folder, &conf, error), STATUS_UNAVAILABLE);
    assert_non_null(strstr(error, "input.conf"));
    assert_int_equal(input_conf_load(folder, &read, error), STATUS_OK);
    assert_int_equal(keymap_find(&read, storm, KEY_F6), KEYPAD_NONE);
    rmdir(fresh);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0); /* a folder where the file should be */
    assert_int_equal(input_conf_load(folder, &read, error), STATUS_UNAVAILABLE);
    rmdir(path);
    rmdir(folder);
    rmdir(base);
}

/* A disk that fills up in the middle takes what still fits and calls that no error. */
static void a_disk_that_is_full_is_named(void **state)
{
    (void)state;
    char base[] = "/tmp/quarter-conf-XXXXXX", error[INPUT_CONF_ERROR_BYTES], path[128];
    const struct input_conf conf = input_conf_default();
    struct rlimit before;
    assert_non_null(mkdtemp(base));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit little = {.rlim_cur = 16, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    errno = 0;
    enum status status = input_conf_save(base, &conf, error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, STATUS_UNAVAILABLE);
    assert_non_null(strstr(error, strerrordesc_np(ENOSPC)));
    snprintf(path, sizeof path, "%s/input.conf.new", base);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(rmdir(base), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_key_counts_again_after_half_a_second),
        cmocka_unit_test(another_key_counts_at_once),
        cmocka_unit_test(a_key_held_down_counts_once),
        cmocka_unit_test(an_unnamed_scanner_chooses_nothing),
        cmocka_unit_test(a_keys_own_line_wins_over_any_devices_and_that_over_what_is_known),
        cmocka_unit_test(the_keys_everybody_has_mean_something_from_the_start),
        cmocka_unit_test(a_file_says_what_there_is),
        cmocka_unit_test(a_wrong_line_is_named_and_the_others_are_taken),
        cmocka_unit_test(a_scanner_without_a_name_is_kept),
        cmocka_unit_test(what_was_given_is_not_kept),
        cmocka_unit_test(too_many_and_too_long_are_said_so),
        cmocka_unit_test(what_is_printed_is_what_is_read),
        cmocka_unit_test(a_configuration_is_saved_whole_or_not_at_all),
        cmocka_unit_test(a_disk_that_is_full_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
