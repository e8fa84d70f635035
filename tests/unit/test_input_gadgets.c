/* Keypads, scanners, headsets and palms on devices that umockdev plays: what they are taken for, what
 * they tell, and that another configuration or a learning mode counts at once. */
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "input/keymap.h"
#include "input_bed.h"

static const struct device_id keypad_id = {0x2047, 0x0977}, scanner_id = {0x0c2e, 0x0b61};

static void expect_key(struct bed *bed, enum keypad_key key)
{
    assert_int_equal(bed_next(bed, INPUT_EVENT_KEY).key, key);
}

static void type(struct bed *bed, const char *node, const char *digits)
{
    uint16_t codes[BED_KEYS_MAX];
    size_t count = 0;
    for (; *digits != '\0'; digits++) {
        assert_true(count < BED_KEYS_MAX - 1);
        codes[count++] = (uint16_t)(*digits == '0' ? KEY_0 : KEY_1 + (*digits - '1'));
    }
    codes[count++] = KEY_ENTER;
    bed_keys(bed, node, codes, count);
}

static void wait_ms(int ms)
{
    poll(NULL, 0, ms);
}

/* With this device only. The thread wakes the caller's own bed: it cannot be given back by value. */
static void start_with(struct bed *bed, const char *name, const char *node)
{
    *bed = bed_make();
    bed_plug(bed, name, node);
    const struct input_options options = bed_options(bed);
    bed_listen(bed, &options);
}

static void start_keypad(struct bed *bed)
{
    start_with(bed, "devices/keypad", BED_KEYPAD);
    bed_wait_for(bed, (struct input_devices){.keypads = 1});
}

static void start_keypad_and_scanner(struct bed *bed, const struct input_conf *conf)
{
    *bed = bed_make();
    bed_plug(bed, "devices/keypad", BED_KEYPAD);
    bed_plug(bed, "devices/scanner", BED_SCANNER);
    struct input_options options = bed_options(bed);
    options.conf = *conf;
    bed_listen(bed, &options);
}

static struct input_conf conf_with_scanner(void)
{
    struct input_conf conf = input_conf_default();
    assert_true(conf_add_scanner(&conf, scanner_id));
    return conf;
}

/* The thread takes all orders at one go: where the devices are what the configuration makes of them, the mode is in force,
 * too. */
static void order(struct bed *bed, enum input_mode mode, const struct input_conf *conf,
                  struct input_devices then)
{
    input_set_mode(bed->input, mode);
    input_configure(bed->input, conf);
    bed_wait_for(bed, then);
}

static void put_headset(struct bed *bed, bool in)
{
    bed_put(bed, BED_HEADSET, EV_SW, SW_HEADPHONE_INSERT, in);
    bed_put(bed, BED_HEADSET, EV_SYN, SYN_REPORT, 0);
}

static void a_keyboard_is_a_keypad(void **state)
{
    (void)state;
    struct bed bed;
    start_keypad(&bed);
    const uint16_t trembling[] = {KEY_DOWN, KEY_DOWN};
    bed_keys(&bed, BED_KEYPAD, trembling, 2);
    bed_key(&bed, BED_KEYPAD, KEY_ENTER);
    bed_key(&bed, BED_KEYPAD, KEY_F1);
    bed_key(&bed, BED_KEYPAD, KEY_UP);
    bed_key(&bed, BED_KEYPAD, KEY_BACKSPACE);
    expect_key(&bed, KEYPAD_NEXT);
    expect_key(&bed, KEYPAD_SELECT);
    expect_key(&bed, KEYPAD_REPEAT);
    expect_key(&bed, KEYPAD_PREVIOUS);
    expect_key(&bed, KEYPAD_BACK);
    bed_expect_silence(&bed);
    bed_stop(&bed);
}

static void strikes_are_told_apart_on_the_wire_too(void **state)
{
    (void)state;
    struct bed bed;
    start_keypad(&bed);
    bed_key(&bed, BED_KEYPAD, KEY_DOWN);
    expect_key(&bed, KEYPAD_NEXT);
    wait_ms(300);
    bed_key(&bed, BED_KEYPAD, KEY_DOWN);
    wait_ms(300);
    bed_key(&bed, BED_KEYPAD, KEY_DOWN);
    expect_key(&bed, KEYPAD_NEXT);
    bed_expect_silence(&bed);
    bed_stop(&bed);
}

static void a_desktops_keyboard_stays_the_desktops(void **state)
{
    (void)state;
    struct bed bed = bed_make();
    bed_plug(&bed, "devices/keypad", BED_KEYPAD);
    bed_plug(&bed, "touchscreen", BED_MULTI);
    struct input_options options = bed_options(&bed);
    options.no_keyboards = true;
    bed_listen(&bed, &options);
    bed_wait_for(&bed, (struct input_devices){.touchscreens = 1});
    struct input_conf conf = input_conf_default();
    assert_true(keymap_set(&conf, keypad_id, KEY_F5, KEYPAD_SELECT)); /* but this one is named */
    input_configure(bed.input, &conf);
    bed_wait_for(&bed, (struct input_devices){.touchscreens = 1, .keypads = 1});
    bed_key(&bed, BED_KEYPAD, KEY_F5);
    expect_key(&bed, KEYPAD_SELECT);
    bed_stop(&bed);
}

static void lose_the_end_of_a_scan(struct bed *bed)
{
    static const struct input_event events[] = {
        {.type = EV_KEY, .code = KEY_1, .value = 1}, {.type = EV_SYN, .code = SYN_REPORT},
        {.type = EV_KEY, .code = KEY_1, .value = 0}, {.type = EV_SYN, .code = SYN_REPORT},
        {.type = EV_SYN, .code = SYN_DROPPED},       {.type = EV_SYN, .code = SYN_REPORT}};
    bed_write(bed, BED_SCANNER, events, sizeof events / sizeof events[0]);
}

static void a_scanner_is_one_only_when_named(void **state)
{
    (void)state;
    struct bed bed;
    start_with(&bed, "devices/scanner", BED_SCANNER);
    bed_wait_for(&bed, (struct input_devices){.keypads = 1});
    type(&bed, BED_SCANNER, "0042"); /* and till then its Enter chooses nothing */
    bed_key(&bed, BED_SCANNER, KEY_A);
    const struct input_conf conf = conf_with_scanner();
    input_configure(bed.input, &conf);
    bed_wait_for(&bed, (struct input_devices){.scanners = 1});
    bed_expect_silence(&bed);
    type(&bed, BED_SCANNER, "0042");
    struct input_message message = bed_next(&bed, INPUT_EVENT_SCAN);
    assert_false(message.scan.unreadable);
    assert_string_equal(message.scan.text, "0042");
    bed_key(&bed, BED_SCANNER, KEY_1); /* breaks off: told without another key */
    message = bed_next(&bed, INPUT_EVENT_SCAN);
    assert_true(message.scan.unreadable);
    assert_string_equal(message.scan.text, "");
    lose_the_end_of_a_scan(&bed);
    message = bed_next(&bed, INPUT_EVENT_SCAN);
    assert_true(message.scan.unreadable);
    /* What follows at once is lost as well; orders are taken when that is over. */
    const struct input_conf none = input_conf_default();
    order(&bed, INPUT_FOR_VISITORS, &none, (struct input_devices){.keypads = 1});
    order(&bed, INPUT_FOR_VISITORS, &conf, (struct input_devices){.scanners = 1});
    type(&bed, BED_SCANNER, "7");
    assert_string_equal(bed_next(&bed, INPUT_EVENT_SCAN).scan.text, "7");
    bed_stop(&bed);
}

static void a_headset_in_its_socket_is_told_also_when_it_was_in_before(void **state)
{
    (void)state;
    struct bed bed;
    start_with(&bed, "devices/headset", BED_HEADSET);
    bed_wait_for(&bed, (struct input_devices){.headsets = 1});
    bed_expect_silence(&bed);
    put_headset(&bed, true);
    assert_true(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    put_headset(&bed, false);
    assert_false(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    put_headset(&bed, true);
    assert_true(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    bed_unplug(&bed, BED_HEADSET); /* the socket with the headset in it */
    assert_false(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    bed_stop(&bed);
}

static void a_keypads_own_socket_is_one_too(void **state)
{
    (void)state;
    struct bed bed;
    start_keypad(&bed);
    bed_key(&bed, BED_KEYPAD, KEY_F15);
    assert_true(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    bed_key(&bed, BED_KEYPAD, KEY_F16);
    assert_false(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    bed_stop(&bed);
}

/* Else it would be plugged in for ever: nothing tells of it any more. */
static void a_socket_whose_keys_mean_something_else_is_empty(void **state)
{
    (void)state;
    struct bed bed;
    start_keypad(&bed);
    bed_key(&bed, BED_KEYPAD, KEY_F15);
    assert_true(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    struct input_conf conf = input_conf_default();
    assert_true(keymap_set(&conf, (struct device_id){0, 0}, KEY_F16, KEYPAD_BACK));
    input_configure(bed.input, &conf);
    assert_false(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    bed_stop(&bed);
}

static void plugging_in_and_pulling_out_is_told(void **state)
{
    (void)state;
    struct bed bed;
    start_with(&bed, "touchscreen", BED_MULTI);
    struct input_message message = bed_next(&bed, INPUT_EVENT_DEVICES);
    assert_int_equal(message.devices.touchscreens, 1);
    bed_plug(&bed, "devices/keypad", BED_KEYPAD);
    while (message.devices.keypads == 0)
        message = bed_next(&bed, INPUT_EVENT_DEVICES);
    bed_finger(&bed, 1, 1000, 1000);
    assert_int_equal(bed_next(&bed, INPUT_EVENT_TOUCH).touch.kind, TOUCH_DOWN);
    bed_unplug(&bed, BED_KEYPAD); /* a finger on the glass is no business of the keypad's */
    while (message.devices.keypads == 1)
        message = bed_next(&bed, INPUT_EVENT_DEVICES);
    assert_int_equal(message.devices.touchscreens, 1);
    bed_finger(&bed, -1, 0, 0);
    assert_int_equal(bed_next(&bed, INPUT_EVENT_TOUCH).touch.kind, TOUCH_UP);
    bed_stop(&bed);
}

static void a_panel_that_knows_sizes_leaves_palms_out(void **state)
{
    (void)state;
    struct bed bed;
    start_with(&bed, "touch/palms", BED_PALMS);
    bed_wait_for(&bed, (struct input_devices){.touchscreens = 1});
    for (int i = 0; i < 2; i++) { /* 10 units a millimetre: 401 are 40.1 mm */
        bed_put(&bed, BED_PALMS, EV_ABS, ABS_MT_SLOT, 0);
        bed_put(&bed, BED_PALMS, EV_ABS, ABS_MT_TRACKING_ID, i + 1);
        bed_put(&bed, BED_PALMS, EV_ABS, ABS_MT_POSITION_X, 1000 + i * 1000);
        bed_put(&bed, BED_PALMS, EV_ABS, ABS_MT_POSITION_Y, 500);
        bed_put(&bed, BED_PALMS, EV_ABS, ABS_MT_TOUCH_MAJOR, i == 0 ? 401 : 399);
        bed_put(&bed, BED_PALMS, EV_SYN, SYN_REPORT, 0);
        bed_put(&bed, BED_PALMS, EV_ABS, ABS_MT_TRACKING_ID, -1);
        bed_put(&bed, BED_PALMS, EV_SYN, SYN_REPORT, 0);
    }
    struct input_message message = bed_next(&bed, INPUT_EVENT_TOUCH);
    assert_int_equal(message.touch.kind, TOUCH_DOWN);
    assert_in_range(message.touch.x, 1995, 2005);
    assert_int_equal(bed_next(&bed, INPUT_EVENT_TOUCH).touch.kind, TOUCH_UP);
    bed_stop(&bed);
}

static void another_calibration_counts_from_the_next_touch(void **state)
{
    (void)state;
    struct bed bed;
    start_with(&bed, "touchscreen", BED_MULTI);
    bed_wait_for(&bed, (struct input_devices){.touchscreens = 1});
    bed_finger(&bed, 1, 1024, 3072);
    assert_in_range(bed_next(&bed, INPUT_EVENT_TOUCH).touch.x, 1022, 1026);
    bed_finger(&bed, -1, 0, 0);
    assert_int_equal(bed_next(&bed, INPUT_EVENT_TOUCH).touch.kind, TOUCH_UP);
    struct input_conf conf = input_conf_default();
    conf.calibration = (struct calibration){{-1, 0, 1, 0, -1, 1}};
    input_configure(bed.input, &conf);
    input_set_mode(bed.input, INPUT_LEARN_KEYS); /* touches stay touches */
    for (int x = 0, tracking = 2; x < 3000;
         tracking++) { /* the order may come after a touch or two */
        bed_finger(&bed, tracking, 1024, 3072);
        struct input_message message = bed_next(&bed, INPUT_EVENT_TOUCH);
        x = message.touch.x;
        assert_true(message.touch.u > 0.24 && message.touch.u < 0.26);
        bed_finger(&bed, -1, 0, 0);
        assert_int_equal(bed_next(&bed, INPUT_EVENT_TOUCH).touch.kind, TOUCH_UP);
    }
    bed_stop(&bed);
}

static void every_key_can_be_learnt(void **state)
{
    (void)state;
    struct bed bed;
    struct input_conf conf = input_conf_default();
    start_keypad_and_scanner(&bed, &conf);
    const struct input_conf with_scanner = conf_with_scanner();
    order(&bed, INPUT_LEARN_KEYS, &with_scanner,
          (struct input_devices){.keypads = 1, .scanners = 1});
    bed_key(&bed, BED_KEYPAD, KEY_F20);
    struct input_message message = bed_next(&bed, INPUT_EVENT_LEARN);
    assert_int_equal(message.learn.code, KEY_F20);
    assert_string_equal(message.learn.key_name, "KEY_F20");
    assert_true(device_id_equal(message.learn.device, keypad_id));
    assert_string_equal(message.learn.device_name, "Quarter test keypad");
    bed_key(&bed, BED_KEYPAD, KEY_DOWN); /* one that means something already */
    assert_int_equal(bed_next(&bed, INPUT_EVENT_LEARN).learn.code, KEY_DOWN);
    assert_true(keymap_set(&conf, keypad_id, KEY_F20, KEYPAD_BACK));
    order(&bed, INPUT_FOR_VISITORS, &conf, (struct input_devices){.keypads = 2});
    wait_ms(600); /* so long the same key is a double strike */
    bed_key(&bed, BED_KEYPAD, KEY_F20);
    expect_key(&bed, KEYPAD_BACK);
    bed_stop(&bed);
}

/* A key that tells of the headset tells of it to whoever learns it, too: it may stay as it is then. */
static void a_headset_is_told_while_keys_are_learnt(void **state)
{
    (void)state;
    struct bed bed;
    const struct input_conf none = input_conf_default(), with_scanner = conf_with_scanner();
    start_keypad_and_scanner(&bed, &none);
    bed_wait_for(&bed, (struct input_devices){.keypads = 2});
    bed_key(&bed, BED_KEYPAD, KEY_F15);
    assert_true(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    order(&bed, INPUT_LEARN_KEYS, &with_scanner,
          (struct input_devices){.keypads = 1, .scanners = 1});
    bed_key(&bed, BED_KEYPAD, KEY_F16);
    bool learnt = false, out = false;
    for (struct input_message message; !learnt || !out;) { /* in either order */
        if (!input_poll(bed.input, &message)) {
            bed_await_wake(&bed);
            continue;
        }
        learnt = learnt || (message.kind == INPUT_EVENT_LEARN && message.learn.code == KEY_F16);
        out = out || (message.kind == INPUT_EVENT_HEADSET && !message.headset_in);
    }
    bed_stop(&bed);
}

static void a_scanner_is_found_by_scanning_anything(void **state)
{
    (void)state;
    struct bed bed;
    const struct input_conf none = input_conf_default(), with_scanner = conf_with_scanner();
    start_keypad_and_scanner(&bed, &with_scanner);
    bed_wait_for(&bed, (struct input_devices){.keypads = 1, .scanners = 1});
    order(&bed, INPUT_LEARN_SCANNER, &none, (struct input_devices){.keypads = 2});
    bed_key(&bed, BED_KEYPAD, KEY_DOWN); /* the keypad still leads through the page */
    expect_key(&bed, KEYPAD_NEXT);
    type(&bed, BED_SCANNER, "1234");
    struct input_message message = bed_next(&bed, INPUT_EVENT_LEARN);
    assert_true(device_id_equal(message.learn.device, scanner_id));
    assert_int_equal(message.learn.code, 0);
    assert_string_equal(message.learn.text, "1234");
    bed_expect_silence(&bed);
    bed_stop(&bed);
}

/* Polls as soon as it is woken, on the input's own thread: the first time only when it may. */
struct hasty {
    struct bed *bed;
    atomic_bool armed;
    sem_t woken, may;
    enum input_event_kind heard[4];
    int count;
};

static void poll_at_once(void *context)
{
    struct hasty *hasty = context;
    struct input_message message;
    eventfd_write(hasty->bed->woken_fd, 1);
    if (!atomic_load(&hasty->armed))
        return;
    sem_post(&hasty->woken);
    sem_wait(&hasty->may);
    while (hasty->count < 4 && input_poll(hasty->bed->input, &message))
        hasty->heard[hasty->count++] = message.kind;
}

static void a_headset_that_went_is_told_before_the_key_after_it(void **state)
{
    (void)state;
    struct bed bed = bed_make();
    struct hasty hasty = {.bed = &bed};
    sem_init(&hasty.woken, 0, 0);
    sem_init(&hasty.may, 0, 0);
    bed_plug(&bed, "devices/keypad", BED_KEYPAD);
    struct input_options options = bed_options(&bed);
    options.wake = poll_at_once;
    options.wake_context = &hasty;
    bed_listen(&bed, &options);
    bed_wait_for(&bed, (struct input_devices){.keypads = 1});
    bed_key(&bed, BED_KEYPAD, KEY_F15);
    assert_true(bed_next(&bed, INPUT_EVENT_HEADSET).headset_in);
    atomic_store(&hasty.armed, true);
    bed_key(&bed, BED_KEYPAD, KEY_UP);
    sem_wait(&hasty.woken); /* both of these are read at one go */
    bed_key(&bed, BED_KEYPAD, KEY_F16);
    bed_key(&bed, BED_KEYPAD, KEY_DOWN);
    for (int i = 0; i < 8; i++)
        sem_post(&hasty.may);
    sem_wait(&hasty.woken); /* of the second key */
    bed_stop(&bed);
    assert_int_equal(hasty.count, 3);
    assert_int_equal(hasty.heard[0], INPUT_EVENT_KEY);
    assert_int_equal(hasty.heard[1], INPUT_EVENT_HEADSET);
    assert_int_equal(hasty.heard[2], INPUT_EVENT_KEY);
    sem_destroy(&hasty.woken);
    sem_destroy(&hasty.may);
}

static void a_crowd_of_keys_never_hides_the_headset(void **state)
{
    (void)state;
    struct bed bed = bed_make();
    bed_plug(&bed, "devices/keypad", BED_KEYPAD);
    bed_plug(&bed, "devices/headset", BED_HEADSET);
    struct input_options options = bed_options(&bed);
    bed_listen(&bed, &options);
    bed_wait_for(&bed, (struct input_devices){.keypads = 1, .headsets = 1});
    put_headset(&bed, true);
    for (int i = 0; i < 400; i++) {
        bed_key(&bed, BED_KEYPAD, i % 2 == 0 ? KEY_UP : KEY_DOWN);
        bed_await_wake(&bed); /* a pty holds 4 KiB, and cuts events at its end */
    }
    bool in = false;
    struct input_message message;
    while (input_poll(bed.input, &message))
        in = in || (message.kind == INPUT_EVENT_HEADSET && message.headset_in);
    assert_true(in);
    bed_stop(&bed);
}

int main(int argc, char **argv)
{
    (void)argc;
    bed_under_umockdev(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_keyboard_is_a_keypad),
        cmocka_unit_test(strikes_are_told_apart_on_the_wire_too),
        cmocka_unit_test(a_desktops_keyboard_stays_the_desktops),
        cmocka_unit_test(a_scanner_is_one_only_when_named),
        cmocka_unit_test(a_headset_in_its_socket_is_told_also_when_it_was_in_before),
        cmocka_unit_test(a_keypads_own_socket_is_one_too),
        cmocka_unit_test(a_socket_whose_keys_mean_something_else_is_empty),
        cmocka_unit_test(plugging_in_and_pulling_out_is_told),
        cmocka_unit_test(a_panel_that_knows_sizes_leaves_palms_out),
        cmocka_unit_test(another_calibration_counts_from_the_next_touch),
        cmocka_unit_test(every_key_can_be_learnt),
        cmocka_unit_test(a_headset_is_told_while_keys_are_learnt),
        cmocka_unit_test(a_scanner_is_found_by_scanning_anything),
        cmocka_unit_test(a_headset_that_went_is_told_before_the_key_after_it),
        cmocka_unit_test(a_crowd_of_keys_never_hides_the_headset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
