/* The reader of .mo files: right on good ones, calm on damaged ones; and the nine catalogues that
 * are shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/screen/catalogue.h"
#include "display/screen/plural.h"

static const char *const LANGUAGES[] = {"en", "gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};
enum { LANGUAGE_COUNT = sizeof(LANGUAGES) / sizeof(LANGUAGES[0]), MO_BYTES = 1024 };

#define POLISH                                                                                     \
    "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
#define ARABIC                                                                                     \
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 "  \
    "? 4 : 5);"

/* Writes a .mo file of four messages, in either byte order; returns its size. */
static size_t make_mo(uint8_t *out, bool swapped)
{
    static const struct {
        const char *id, *text;
        size_t id_length, text_length;
    } MESSAGES[] = {
        {"", "Plural-Forms: " POLISH "\n", 0, sizeof("Plural-Forms: " POLISH "\n") - 1},
        {"Back", "Wstecz", 4, 6},
        {"Counter {number}", "Stanowisko {number}", 16, 19},
        {"{count} ticket\0{count} tickets", "{count} bilet\0{count} bilety\0{count} biletów", 30,
         45},
    };
    enum { COUNT = sizeof(MESSAGES) / sizeof(MESSAGES[0]), HEADER = 28 };
    uint32_t words[7 + 4 * COUNT] = {0x950412de, 0, COUNT, HEADER, HEADER + 8 * COUNT, 0, 0};
    size_t at = HEADER + 16 * COUNT;
    for (size_t i = 0; i < COUNT; i++) {
        words[7 + 2 * i] = (uint32_t)MESSAGES[i].id_length;
        words[8 + 2 * i] = (uint32_t)at;
        memcpy(out + at, MESSAGES[i].id, MESSAGES[i].id_length + 1);
        at += MESSAGES[i].id_length + 1;
        words[7 + 2 * COUNT + 2 * i] = (uint32_t)MESSAGES[i].text_length;
        words[8 + 2 * COUNT + 2 * i] = (uint32_t)at;
        memcpy(out + at, MESSAGES[i].text, MESSAGES[i].text_length + 1);
        at += MESSAGES[i].text_length + 1;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const uint32_t word = swapped ? __builtin_bswap32(words[i]) : words[i];
        memcpy(out + 4 * i, &word, 4);
    }
    return at;
}

static struct catalogue *open_made(bool swapped)
{
    uint8_t bytes[MO_BYTES];
    char error[128] = "";
    struct catalogue *catalogue = NULL;
    const size_t size = make_mo(bytes, swapped);
    assert_int_equal(catalogue_from_bytes(bytes, size, "pl", &catalogue, error, sizeof(error)),
                     STATUS_OK);
    return catalogue;
}

static void both_byte_orders_are_read(void **state)
{
    (void)state;
    for (int swapped = 0; swapped < 2; swapped++) {
        struct catalogue *catalogue = open_made(swapped == 1);
        assert_int_equal(catalogue_count(catalogue), 3);
        assert_string_equal(catalogue_text(catalogue, "Back"), "Wstecz");
        assert_string_equal(catalogue_text(catalogue, "No such words"), "No such words");
        assert_string_equal(catalogue_text(catalogue, ""), catalogue_text(catalogue, ""));
        catalogue_destroy(catalogue);
    }
    assert_string_equal(catalogue_text(NULL, "Back"), "Back");
}

static void plural_forms_follow_the_rule(void **state)
{
    (void)state;
    struct catalogue *catalogue = open_made(false);
    static const struct {
        unsigned long n;
        const char *text;
    } CASES[] = {{1, "{count} bilet"},   {2, "{count} bilety"},   {4, "{count} bilety"},
                 {5, "{count} biletów"}, {12, "{count} biletów"}, {22, "{count} bilety"},
                 {0, "{count} biletów"}, {112, "{count} biletów"}};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        assert_string_equal(
            catalogue_plural(catalogue, "{count} ticket", "{count} tickets", CASES[i].n),
            CASES[i].text);
    }
    assert_string_equal(catalogue_plural(catalogue, "one", "many", 1), "one");
    assert_string_equal(catalogue_plural(NULL, "one", "many", 2), "many");
    const struct catalogue_message message = catalogue_message(catalogue, 2);
    assert_string_equal(message.plural_id, "{count} tickets");
    assert_int_equal(message.forms, 3);
    assert_null(catalogue_message(catalogue, 0).plural_id);
    catalogue_destroy(catalogue);
}

static void plural_rules_of_our_languages(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        unsigned long n;
        unsigned form;
    } CASES[] = {
        {"Plural-Forms: nplurals=2; plural=(n != 1);\n", 0, 1},
        {"Plural-Forms: nplurals=2; plural=(n != 1);\n", 1, 0},
        {"Plural-Forms: nplurals=2; plural=(n > 1);\n", 0, 0},
        {"Plural-Forms: nplurals=2; plural=n>1;\n", 2, 1},
        {"Plural-Forms: nplurals=1; plural=0;\n", 7, 0},
        {"Plural-Forms: " ARABIC "\n", 0, 0},
        {"Plural-Forms: " ARABIC "\n", 2, 2},
        {"Plural-Forms: " ARABIC "\n", 103, 3},
        {"Plural-Forms: " ARABIC "\n", 11, 4},
        {"Plural-Forms: " ARABIC "\n", 100, 5},
        {"no rule at all\n", 1, 0},
        {"no rule at all\n", 3, 1},
        {"Plural-Forms: nplurals=3; plural=!(n-1)?0:n*2+1-1>=6/2%5||n<=0?2:1;", 1, 0},
        {"Plural-Forms: nplurals=3; plural=!(n-1)?0:n*2+1-1>=6/2%5||n<=0?2:1;", 2, 2},
        {"Plural-Forms: nplurals=2; plural=n/0;", 1, 0}, /* a division by 0 is form 0 */
        {"Plural-Forms: nplurals=2; plural=9;", 1, 0},   /* so is a form that is not there */
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct plural_rule rule;
        assert_true(plural_parse(CASES[i].header, &rule));
        assert_int_equal(plural_form(&rule, CASES[i].n), CASES[i].form);
    }
}

static void malformed_plural_rules_are_refused(void **state)
{
    (void)state;
    static const char *const RULES[] = {
        "Plural-Forms: nplurals=2;",
        "Plural-Forms: nplurals=0; plural=0;",
        "Plural-Forms: nplurals=99; plural=0;",
        "Plural-Forms: nplurals=2; plural=;",
        "Plural-Forms: nplurals=2; plural=(n;",
        "Plural-Forms: nplurals=2; plural=n ? 1;",
        "Plural-Forms: nplurals=2; plural=n +;",
        "Plural-Forms: nplurals=2; plural=m;",
        "Plural-Forms: nplurals=2; plural=n n;",
        "Plural-Forms: nplurals=2; plural=99999999999999999999;",
    };
    struct plural_rule rule;
    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
        assert_false(plural_parse(RULES[i], &rule));
    }
    char deep[4096] = "Plural-Forms: nplurals=2; plural=";
    memset(deep + strlen(deep), '(', 2000);
    assert_false(plural_parse(deep, &rule));
    char longer[4096] = "Plural-Forms: nplurals=2; plural=n";
    for (int i = 0; i < 500; i++) {
        memcpy(longer + strlen(longer), "+n", 3);
    }
    assert_false(plural_parse(longer, &rule));
}

/* Reads all there is, so that the address sanitizer sees every byte that would be touched. */
static size_t read_all(const struct catalogue *catalogue)
{
    size_t bytes = 0;
    for (size_t i = 0; i < catalogue_count(catalogue); i++) {
        const struct catalogue_message message = catalogue_message(catalogue, i);
        const char *text = message.text;
        for (size_t form = 0; form < message.forms; form++) {
            bytes += strlen(text) + 1;
            text += strlen(text) + 1;
        }
        for (unsigned long n = 0; n < 12; n++) {
            bytes += strlen(catalogue_plural(catalogue, message.id, "x", n));
        }
    }
    return bytes;
}

static void open_damaged(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    char error[128] = "";
    struct catalogue *catalogue = NULL;
    if (catalogue_from_bytes(exact, size, "pl", &catalogue, error, sizeof(error)) == STATUS_OK) {
        (void)read_all(catalogue);
        catalogue_destroy(catalogue);
    } else {
        assert_null(catalogue);
        assert_true(error[0] != '\0');
    }
    free(exact);
}

static void truncated_anywhere_it_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[MO_BYTES];
    const size_t size = make_mo(bytes, false);
    for (size_t length = 0; length < size; length++) {
        struct catalogue *catalogue = NULL;
        char error[128];
        uint8_t *exact = malloc(length + 1);
        assert_non_null(exact);
        memcpy(exact, bytes, length);
        assert_int_equal(
            catalogue_from_bytes(exact, length, "pl", &catalogue, error, sizeof(error)),
            STATUS_CORRUPT);
        free(exact);
    }
}

static void any_byte_changed_it_stays_within_its_bounds(void **state)
{
    (void)state;
    static const uint8_t VALUES[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    uint8_t bytes[MO_BYTES];
    const size_t size = make_mo(bytes, false);
    for (size_t at = 0; at < size; at++) {
        const uint8_t was = bytes[at];
        for (size_t v = 0; v < sizeof(VALUES); v++) {
            bytes[at] = VALUES[v];
            open_damaged(bytes, size);
        }
        bytes[at] = was;
    }
}

static void places_are_filled_by_name(void **state)
{
    (void)state;
    const struct catalogue_value values[] = {
        {"number", "H07", false}, {"counter", "Room 2", false}, {"bold", "x", true}};
    char out[128];
    assert_int_equal(
        catalogue_format(NULL, out, sizeof(out), "{number}, go to {counter}.", values, 3), 18);
    assert_string_equal(out, "H07, go to Room 2.");
    (void)catalogue_format(NULL, out, sizeof(out), "{counter} {number} {number}", values, 3);
    assert_string_equal(out, "Room 2 H07 H07");
    (void)catalogue_format(NULL, out, sizeof(out), "{unknown} {{number} {", values, 3);
    assert_string_equal(out, "{unknown} {number} {");
    (void)catalogue_format(NULL, out, sizeof(out), "a {bold} b", values, 3);
    assert_string_equal(out, "a \x02x\x03 b");
}

static void values_are_isolated_in_right_to_left_languages(void **state)
{
    (void)state;
    uint8_t bytes[MO_BYTES];
    const size_t size = make_mo(bytes, false);
    struct catalogue *urdu = NULL;
    char out[64], error[64];
    assert_int_equal(catalogue_from_bytes(bytes, size, "ur", &urdu, error, sizeof(error)),
                     STATUS_OK);
    assert_true(catalogue_is_rtl(urdu));
    const struct catalogue_value value = {"number", "H07", false};
    (void)catalogue_format(urdu, out, sizeof(out), "{number}!", &value, 1);
    assert_string_equal(out, "\u2068H07\u2069!");
    catalogue_destroy(urdu);
}

static void formatting_is_cut_between_characters(void **state)
{
    (void)state;
    const struct catalogue_value value = {"x", "żółć", false};
    for (size_t size = 0; size < 12; size++) {
        char out[12];
        memset(out, '#', sizeof(out));
        assert_int_equal(catalogue_format(NULL, out, size, "a{x}", &value, 1), 9);
        if (size > 0) {
            const size_t length = strlen(out);
            assert_true(length < size);
            assert_true(length == 0 || length == 1 || length % 2 == 1); /* "a" and whole letters */
        }
    }
}

/* The set of {places} of a text, as a sorted bag: their hash summed. */
static unsigned long places_of(const char *text)
{
    unsigned long sum = 0;
    for (const char *open = strchr(text, '{'); open != NULL; open = strchr(open + 1, '{')) {
        unsigned long hash = 5381;
        for (const char *p = open; *p != '\0' && *p != '}'; p++) {
            hash = hash * 33 + (unsigned char)*p;
        }
        sum += hash;
    }
    return sum;
}

/* "Two choices" needs no figure in a language that has a form for two and nothing else. */
static bool is_of_one_number(const struct catalogue *catalogue,
                             const struct catalogue_message *message, const char *form)
{
    int numbers = 0;
    for (unsigned long n = 0; message->plural_id != NULL && n <= 1000; n++) {
        numbers += catalogue_plural(catalogue, message->id, message->plural_id, n) == form;
    }
    return numbers == 1;
}

static void same_places(const struct catalogue *catalogue, const struct catalogue_message *message)
{
    const char *text = message->text;
    for (size_t form = 0; form < message->forms; form++) {
        const bool in_words = places_of(text) == 0 && is_of_one_number(catalogue, message, text);
        if (!in_words && places_of(text) != places_of(message->id)) {
            fail_msg("%s: the places of \"%s\" are not those of \"%s\"",
                     catalogue_language(catalogue), text, message->id);
        }
        text += strlen(text) + 1;
    }
}

static void shipped_catalogues_say_everything(void **state)
{
    (void)state;
    struct catalogue *english = NULL;
    char error[512];
    assert_int_equal(catalogue_open(QUARTER_SHARE, "en", &english, error, sizeof(error)),
                     STATUS_OK);
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct catalogue *other = NULL;
        if (catalogue_open(QUARTER_SHARE, LANGUAGES[l], &other, error, sizeof(error)) !=
            STATUS_OK) {
            fail_msg("%s", error);
        }
        size_t forms = 0;
        for (size_t i = 0; i < catalogue_count(other); i++) {
            const struct catalogue_message message = catalogue_message(other, i);
            same_places(other, &message);
            if (message.plural_id != NULL) {
                assert_true(forms == 0 || forms == message.forms);
                forms = message.forms;
            }
        }
        for (size_t i = 0; i < catalogue_count(english); i++) {
            const char *id = catalogue_message(english, i).id;
            if (catalogue_text(other, id) == id) {
                fail_msg("%s does not say \"%s\"", LANGUAGES[l], id);
            }
        }
        assert_int_equal(catalogue_count(other), catalogue_count(english));
        catalogue_destroy(other);
    }
    catalogue_destroy(english);
}

static void missing_file_is_named(void **state)
{
    (void)state;
    struct catalogue *catalogue = NULL;
    char error[256];
    assert_int_equal(catalogue_open("/nowhere", "xx", &catalogue, error, sizeof(error)),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(error, "/nowhere/locale/xx/quarter.mo"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_are_read),
        cmocka_unit_test(plural_forms_follow_the_rule),
        cmocka_unit_test(plural_rules_of_our_languages),
        cmocka_unit_test(malformed_plural_rules_are_refused),
        cmocka_unit_test(truncated_anywhere_it_is_refused),
        cmocka_unit_test(any_byte_changed_it_stays_within_its_bounds),
        cmocka_unit_test(places_are_filled_by_name),
        cmocka_unit_test(values_are_isolated_in_right_to_left_languages),
        cmocka_unit_test(formatting_is_cut_between_characters),
        cmocka_unit_test(shipped_catalogues_say_everything),
        cmocka_unit_test(missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
