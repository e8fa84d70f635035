/* libFuzzer over input.conf: whatever is read is bounded, and written again it reads the same.
 * Build with -DQUARTER_FUZZ=ON and clang; start it on a folder of files:
 *
 *   fuzz_input_conf -max_len=4096 tests/fuzz/corpus/input_conf */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "input/keymap.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static char text[INPUT_CONF_BYTES], again[INPUT_CONF_BYTES]; /* too large for a stack */
    struct input_conf conf, read;
    char error[INPUT_CONF_ERROR_BYTES] = "";
    enum status status = input_conf_parse((const char *)bytes, length, &conf, error);
    CHECK(status == STATUS_OK || status == STATUS_INVALID);
    CHECK((status == STATUS_OK) == (error[0] == '\0'));
    CHECK(conf.scanner_count >= 0 && conf.scanner_count <= INPUT_CONF_SCANNERS_MAX);
    CHECK(conf.key_count >= 0 && conf.key_count <= INPUT_CONF_KEYS_MAX);
    size_t written = input_conf_print(&conf, text);
    CHECK(input_conf_parse(text, written, &read, error) == STATUS_OK);
    CHECK(input_conf_print(&read, again) == written && memcmp(text, again, written) == 0);
    for (int i = 0; i < conf.key_count; i++)
        CHECK(keymap_find(&read, conf.keys[i].device, conf.keys[i].code) == conf.keys[i].key);
    return 0;
}
