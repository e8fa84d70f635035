/* libFuzzer over the keys of a keyboard, read as a scanner's burst and as a keypad's strikes at once: each 4 bytes
 * are one event (code, value, milliseconds since the last). A code is printable, not empty and not too long; rubbish
 * is told once; a key counts again only after half a second.
 * Build with -DQUARTER_FUZZ=ON and clang; start it on a folder of recordings:
 *
 *   fuzz_scanner tests/fuzz/corpus/scanner */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "input/keymap.h"
#include "input/scanner.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { RECORD = 4, VALUE_TICK = 4, VALUE_LOSE = 5 };

static void check_result(const struct scanner *scanner, enum scanner_result result)
{
    if (result != SCANNER_TEXT)
        return;
    size_t length = strlen(scanner->text);
    CHECK(length > 0 && length <= SCANNER_TEXT_MAX);
    for (size_t i = 0; i < length; i++)
        CHECK(scanner->text[i] >= ' ' && scanner->text[i] <= '~');
    CHECK(scanner->state == SCANNER_IDLE);
}

static enum scanner_result feed_scanner(struct scanner *scanner, uint16_t code, int32_t value,
                                        int64_t now_ms)
{
    if (value == VALUE_TICK)
        return scanner_tick(scanner, now_ms);
    if (value == VALUE_LOSE)
        return scanner_lose(scanner);
    return scanner_feed(scanner, code, value, now_ms);
}

struct strikes {
    struct keypad keypad;
    bool any;
    uint16_t code;
    int64_t at_ms;
};

static void feed_keypad(struct strikes *strikes, const struct input_conf *conf, uint16_t code,
                        int32_t value, int64_t now_ms)
{
    enum keypad_key key = keymap_find(conf, (struct device_id){1, 2}, code);
    if (!keypad_feed(&strikes->keypad, code, value, key, now_ms))
        return;
    CHECK(value == 1 && key != KEYPAD_NONE);
    CHECK(!strikes->any || strikes->code != code || now_ms - strikes->at_ms > KEYPAD_DOUBLE_MS);
    strikes->any = true;
    strikes->code = code;
    strikes->at_ms = now_ms;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct input_conf conf = input_conf_default();
    struct scanner scanner = {0};
    struct strikes strikes = {0};
    int64_t now_ms = 1000;
    for (size_t at = 0; at + RECORD <= length; at += RECORD) {
        uint16_t code = (uint16_t)(bytes[at] | (bytes[at + 1] & 3) << 8);
        int32_t value = bytes[at + 2] % 6;
        now_ms += bytes[at + 3] < 250 ? bytes[at + 3] : (bytes[at + 3] - 249) * INT64_C(1000);
        enum scanner_result result = feed_scanner(&scanner, code, value, now_ms);
        check_result(&scanner, result);
        CHECK(scanner.length >= 0 && scanner.length <= SCANNER_TEXT_MAX);
        CHECK((scanner.state == SCANNER_IDLE) == (scanner_due_ms(&scanner) == INT64_MAX));
        feed_keypad(&strikes, &conf, code, value, now_ms);
    }
    (void)scanner_tick(&scanner, now_ms + SCANNER_SILENCE_MS + 1);
    CHECK(scanner.state == SCANNER_IDLE);
    return 0;
}
