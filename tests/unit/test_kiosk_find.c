/* Letters, on-screen keyboards and the search by name: what a visitor types, as visitors type it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "site_kit.h"
#include "view/find.h"
#include "view/keyboards.h"
#include "view/letters.h"

static int set_up(void **state)
{
    *state = site_kit_open(SITE_DIR);
    return 0;
}

static int tear_down(void **state)
{
    site_info_destroy(*state);
    return 0;
}

/* A little site with names of its own, so that the example site may change its words. */
static struct site_info *small_site(void)
{
    static struct site_info site;
    memset(&site, 0, sizeof site);
    site.language_count = 3;
    snprintf(site.languages[0].code, sizeof site.languages[0].code, "en");
    snprintf(site.languages[1].code, sizeof site.languages[1].code, "pl");
    snprintf(site.languages[2].code, sizeof site.languages[2].code, "hi");
    static const struct {
        const char *name[3], *also[3], *hint;
    } services[] = {
        {{"Council Tax", "Podatek lokalny", "काउंसिल टैक्स"}, {"rates", "czynsz", NULL}, "your bill"},
        {{"Parking permits", "Parkowanie i zezwolenia", "पार्किंग"}, {"car", "auto", NULL}, "fines"},
        {{"Bins and waste", "Śmieci i odpady", "कूड़ा"}, {"rubbish", "kosz", NULL}, "collection"},
        {{"Carers", "Opiekunowie", "देखभाल"}, {"parent's help", NULL, NULL}, "tax credits"},
    };
    site.service_count = 4;
    for (int i = 0; i < 4; i++) {
        site.services[i].also_count = 1;
        for (int l = 0; l < 3; l++) {
            site.services[i].name.in[l] = services[i].name[l];
            site.services[i].also[0].in[l] = services[i].also[l];
        }
        site.services[i].hint.in[0] = services[i].hint;
    }
    return &site;
}

static void expect_found(const char *language, const char *typed, const char *wanted)
{
    int found[QUARTER_SERVICES_MAX];
    char text[QUARTER_SERVICES_MAX * 4] = "";
    int count = find_services(small_site(), language, typed, found);
    for (int i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d", found[i]);
    if (strcmp(text, wanted) != 0)
        fail_msg("'%s' in %s: found %s, not %s", typed, language, text, wanted);
}

static void nothing_typed_shows_everything(void **state)
{
    (void)state;
    expect_found("en", "", "0123");
    expect_found("en", "  ", "0123");
}

static void the_start_of_any_word_finds_the_best_first(void **state)
{
    (void)state;
    expect_found("en", "c", "0312"); /* Council, Carers; car; collection */
    expect_found("en", "tax", "03"); /* a name before a hint */
    expect_found("en", "TAX", "03");
    expect_found("en", "p", "13"); /* Parking; parent's */
    expect_found("en", "parents", "3");
    expect_found("en", "tax council", "0");
    expect_found("en", "tax parking", "");
    expect_found("en", "xyz", "");
}

static void other_names_are_found(void **state)
{
    (void)state;
    expect_found("en", "rub", "2");
    expect_found("en", "rates", "0");
    expect_found("pl", "kosz", "2");
}

static void accents_and_case_do_not_matter(void **state)
{
    (void)state;
    expect_found("pl", "smieci", "2");
    expect_found("pl", "ŚMIE", "2");
    expect_found("hi", "कुडा", "2"); /* short u, no dot: still rubbish */
}

static void english_is_found_on_every_page(void **state)
{
    (void)state;
    expect_found("pl", "rubbish", "2");
    expect_found("hi", "park", "1");
    expect_found("hi", "tax", "03"); /* its hint has no Hindi words */
}

static void a_part_of_a_word_and_one_wrong_letter_are_found_last(void **state)
{
    (void)state;
    expect_found("en", "king", "1");
    expect_found("en", "concil", "0");
    expect_found("en", "parkign", "1");
    expect_found("en", "rubish", "2");
    expect_found("en", "rubbbish", "2");
    expect_found("en", "in", ""); /* too little to be looked for inside words */
}

static void the_search_never_reads_past_broken_text(void **state)
{
    (void)state;
    int found[QUARTER_SERVICES_MAX];
    static const char *const broken[] = {"\xe0", "\xe0\xa4", "\xff\xfe", "a\xc3", "\xf0\x9f\x98"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char *typed = strdup(broken[i]); /* the end of the text is the end of its memory */
        assert_non_null(typed);
        (void)find_services(small_site(), "en", typed, found);
        (void)letters_last(typed);
        free(typed);
    }
    char lots[4000];
    memset(lots, 'a', sizeof lots);
    lots[sizeof lots - 1] = '\0';
    (void)find_services(small_site(), "en", lots, found);
}

static void every_service_of_the_site_is_found_by_its_own_name_first(void **state)
{
    const struct site_info *site = *state;
    int found[QUARTER_SERVICES_MAX];
    for (int language = 0; language < site->language_count; language++) {
        const char *code = site->languages[language].code;
        for (int i = 0; i < site->service_count; i++) {
            const char *name = site_info_text(site, &site->services[i].name, code);
            int count = find_services(site, code, name, found);
            if (count == 0 || found[0] != i)
                fail_msg("%s in %s: %d found", name, code, count);
        }
    }
}

/* ---- keyboards ---------------------------------------------------------------------------------------------------- */

static bool can_type(const char *language, uint32_t letter)
{
    for (int k = 0; k < keyboards_count(language); k++) {
        const struct keyboard *keyboard = keyboards_get(language, k);
        for (int row = 0; row <= keyboard->rows; row++) {
            for (int behind = 0; behind < 2; behind++) {
                uint32_t keys[KEYBOARD_ROW_KEYS_MAX];
                static const char *const ka[] = {"क", "ਕ", "ક", "ক"};
                for (size_t i = 0; i < 4; i++) {
                    int count = keyboard_keys(keyboard, row, behind ? ka[i] : "", keys);
                    for (int n = 0; n < count; n++)
                        if (keys[n] == letter || letters_fold(keys[n]) == letters_fold(letter))
                            return true;
                }
            }
        }
    }
    return false;
}

static void every_name_of_the_site_can_be_typed(void **state)
{
    const struct site_info *site = *state;
    for (int language = 0; language < site->language_count; language++) {
        const char *code = site->languages[language].code;
        for (int i = 0; i < site->service_count; i++) {
            const char *at = site_info_text(site, &site->services[i].name, code);
            while (*at != '\0') {
                uint32_t letter;
                at = letters_next(at, &letter);
                uint32_t folded = letters_fold(letter);
                if (folded != 0 && folded != ' ' && !can_type(code, letter))
                    fail_msg("%s: no key for U+%04X", code, (unsigned)letter);
            }
        }
    }
}

static void keyboards_hold_their_rows_and_no_key_twice(void **state)
{
    const struct site_info *site = *state;
    for (int language = 0; language < site->language_count; language++) {
        const char *code = site->languages[language].code;
        assert_in_range(keyboards_count(code), 2, 3);
        assert_ptr_equal(keyboards_get(code, 0), keyboards_get(code, keyboards_count(code)));
        for (int k = 0; k < keyboards_count(code); k++) {
            const struct keyboard *keyboard = keyboards_get(code, k);
            uint32_t all[(KEYBOARD_ROWS_MAX + 1) * KEYBOARD_ROW_KEYS_MAX];
            int count = 0;
            assert_in_range(keyboard->rows, 1, KEYBOARD_ROWS_MAX);
            for (int row = 0; row <= keyboard->rows; row++) {
                int keys = keyboard_keys(keyboard, row, "", all + count);
                assert_true(row < keyboard->rows ? keys > 0 : keys <= KEYBOARD_EXTRA_MAX);
                count += keys;
            }
            for (int i = 0; i < count; i++)
                for (int j = i + 1; j < count; j++)
                    if (all[i] == all[j])
                        fail_msg("%s %s: U+%04X twice", code, keyboard->sign, (unsigned)all[i]);
        }
    }
}

static void vowel_signs_come_behind_consonants_only(void **state)
{
    (void)state;
    uint32_t keys[KEYBOARD_ROW_KEYS_MAX];
    const struct keyboard *keyboard = keyboards_get("hi", 0);
    assert_int_equal(keyboard_keys(keyboard, 0, "", keys), 12);
    assert_int_equal(keys[1], 0x906); /* the letter aa */
    assert_int_equal(keyboard_keys(keyboard, 0, "क", keys), 12);
    assert_int_equal(keys[1], 0x93e); /* its sign */
    keyboard_keys(keyboard, 0, "का", keys);
    assert_int_equal(keys[1], 0x906);
    keyboard_keys(keyboard, 0, "ज\u093c", keys); /* with its dot: a consonant still */
    assert_int_equal(keys[1], 0x93e);
    keyboard_keys(keyboards_get("en", 0), 0, "क", keys);
    assert_int_equal(keys[0], 'q');
}

static void signs_hang_on_a_dotted_circle(void **state)
{
    (void)state;
    char label[KEYBOARD_LABEL_BYTES];
    assert_string_equal(keyboard_label('a', label), "a");
    assert_string_equal(keyboard_label(0x93e, label), "\u25cc\u093e");
    assert_string_equal(keyboard_label(0x915, label), "\u0915");
    assert_string_equal(keyboard_label(0x10348, label), "\xf0\x90\x8d\x88");
}

static void letters_are_read_as_they_are_written(void **state)
{
    (void)state;
    static const uint32_t letters[] = {'a', 0x105, 0x915, 0x6cc, 0x10348};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        char text[LETTERS_UTF8_MAX + 1] = "";
        uint32_t read;
        size_t length = letters_write(letters[i], text);
        assert_ptr_equal(letters_next(text, &read), text + length);
        assert_int_equal(read, letters[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_typed_shows_everything),
        cmocka_unit_test(the_start_of_any_word_finds_the_best_first),
        cmocka_unit_test(other_names_are_found),
        cmocka_unit_test(accents_and_case_do_not_matter),
        cmocka_unit_test(english_is_found_on_every_page),
        cmocka_unit_test(a_part_of_a_word_and_one_wrong_letter_are_found_last),
        cmocka_unit_test(the_search_never_reads_past_broken_text),
        cmocka_unit_test(every_service_of_the_site_is_found_by_its_own_name_first),
        cmocka_unit_test(every_name_of_the_site_can_be_typed),
        cmocka_unit_test(keyboards_hold_their_rows_and_no_key_twice),
        cmocka_unit_test(vowel_signs_come_behind_consonants_only),
        cmocka_unit_test(signs_hang_on_a_dotted_circle),
        cmocka_unit_test(letters_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
