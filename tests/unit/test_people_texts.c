/* What people type, and what comes from the network: names, passwords, codes, tokens, addresses. */
// clang-format off
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sodium.h>
#include <string.h>

#include "people/address.h"
#include "people/base32.h"
#include "people/names.h"
#include "people/passwords.h"
#include "people/sas.h"
#include "people/tokens.h"
#include "people/unicode.h"

static void assert_name(const char *typed, const char *expected)
{
    char name[PEOPLE_NAME_BYTES + 1] = "";
    bool is_name = name_prepare(typed, name);
    if (!expected) {
        assert_false(is_name);
        return;
    }
    assert_true(is_name);
    assert_string_equal(name, expected);
}

static void the_same_name_typed_otherwise_is_the_same(void **state)
{
    (void)state;
    assert_name("Ada", "ada");
    assert_name("zo\u00eb", "zo\u00eb");
    assert_name("ZOE\u0308", "zo\u00eb");             /* composed */
    assert_name("Ng\u0302\u0323o", "n\u011d\u0323o"); /* the lower mark does not stand between */
    assert_name("\u1100\u1161\u11a8\u1100", "\uac01\u1100"); /* Hangul by its algorithm */
    assert_name("\u0413\u0435\u043e\u0440\u0433\u0438\u0439",
                "\u0433\u0435\u043e\u0440\u0433\u0438\u0439");
    assert_name("\u212bsa", "\u00e5sa"); /* the Angstrom sign is a letter A with a ring */
    assert_name("\u0958\u0915", "\u0915\u093c\u0915"); /* excluded from composition */
    assert_name("\u0a97\u0aa3\u0ac7\u0ab6", "\u0a97\u0aa3\u0ac7\u0ab6");
    assert_name("j.smith-2_a@example.org", "j.smith-2_a@example.org");
}

static void what_is_no_name_is_refused(void **state)
{
    (void)state;
    assert_name("", NULL);
    assert_name("a", NULL);
    assert_name(".ada", NULL);
    assert_name("ada lovelace", NULL);
    assert_name("ada\n", NULL);
    assert_name("a\u200bda", NULL);
    assert_name("<script>", NULL);
    assert_name("ad\xc3", NULL);         /* cut off */
    assert_name("ad\xc0\x80", NULL);     /* NUL the long way */
    assert_name("ad\xed\xa0\x80", NULL); /* half a surrogate */
    assert_name("ad\xf4\x90\x80\x80", NULL);
    char longest[70];
    memset(longest, 'a', sizeof longest);
    longest[64] = '\0';
    assert_name(longest, longest);
    longest[64] = 'a';
    longest[65] = '\0';
    assert_name(longest, NULL);
}

static void a_display_name_hides_nothing(void **state)
{
    (void)state;
    char display[PEOPLE_NAME_BYTES + 1];
    assert_true(name_prepare_display("  Ada  L. \u00a0", display));
    assert_string_equal(display, "Ada  L.");
    assert_true(name_prepare_display("\u0645\u06cc\u200c\u0631\u0648\u0645",
                                     display)); /* a joiner within */
    assert_false(name_prepare_display("   ", display));
    assert_false(name_prepare_display("eve\u202eada", display));
    assert_false(name_prepare_display("eve\x1b[31m", display));
    assert_false(name_prepare_display("eve\u2028ada", display));
}

static void assert_password(const char *typed, enum people_result expected)
{
    char password[PEOPLE_PASSWORD_BYTES + 1];
    enum people_result result = password_prepare(typed, password);
    if (result == PEOPLE_OK)
        result = password_judge(password, "ada.lovelace", "Ada Lovelace");
    if (result != expected)
        print_error("\"%s\" gives %s\n", typed, people_result_code(result));
    assert_int_equal(result, expected);
}

static void passwords_are_judged_by_length_and_habit(void **state)
{
    (void)state;
    assert_password("k7#pQ2xzR-m", PEOPLE_PASSWORD_SHORT);
    assert_password("k7#pQ2xzR-m9", PEOPLE_OK);
    assert_password("all small letters", PEOPLE_OK); /* no rules of composition */
    assert_password("\u0441\u043b\u043e\u043d \u0438 \u043c\u044b \u0438 \u044f", PEOPLE_OK);
    assert_password("PassWord1234", PEOPLE_PASSWORD_COMMON);
    assert_password("FootballFootball", PEOPLE_PASSWORD_COMMON);
    assert_password("1234567890.2026!", PEOPLE_PASSWORD_COMMON);
    assert_password("football in the rain", PEOPLE_OK);
    assert_password("lkjihgfedcba", PEOPLE_PASSWORD_COMMON);
    assert_password("zzzzzzzzzzzz", PEOPLE_PASSWORD_COMMON);
    assert_password("Ada.Lovelace1", PEOPLE_PASSWORD_COMMON);
    assert_password("ada lovelace2024!", PEOPLE_PASSWORD_COMMON);
    assert_password("ada.lovelace wrote it", PEOPLE_OK);
    assert_password("tab\there too", PEOPLE_PASSWORD_LETTERS);
    assert_password("not\xff utf-8 at all", PEOPLE_PASSWORD_LETTERS);
    char longest[1100];
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = (char)('a' + i * i % 23);
    longest[128] = '\0';
    assert_password(longest, PEOPLE_OK);
    longest[128] = 'a';
    longest[129] = '\0';
    assert_password(longest, PEOPLE_PASSWORD_LONG);
    longest[129] = 'a';
    longest[1099] = '\0';
    assert_password(longest, PEOPLE_PASSWORD_LONG);
}

static void a_password_has_one_form_and_one_hash(void **state)
{
    (void)state;
    const struct password_cost cost = {1, 8192}, dearer = {2, 16384};
    char one[PEOPLE_PASSWORD_BYTES + 1], other[PEOPLE_PASSWORD_BYTES + 1];
    assert_int_equal(password_prepare("caf\u00e9\u00a0au lait", one), PEOPLE_OK);
    assert_int_equal(password_prepare("cafe\u0301 au\u3000lait", other), PEOPLE_OK);
    assert_string_equal(one, other);
    char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES], none[PASSWORD_HASH_BYTES] = "";
    assert_true(password_hash(&cost, one, hash));
    assert_true(password_hash(&cost, one, again));
    assert_string_not_equal(hash, again); /* salted */
    assert_true(strncmp(hash, "$argon2id$", 10) == 0);
    assert_int_equal(password_check(hash, other), PASSWORD_RIGHT);
    assert_int_equal(password_check(hash, "caf"), PASSWORD_WRONG);
    assert_int_equal(password_check(none, one), PASSWORD_WRONG);
    assert_false(password_is_outdated(&cost, hash));
    assert_true(password_is_outdated(&dearer, hash));
}

static void one_time_passwords_are_for_reading_aloud(void **state)
{
    (void)state;
    char one[PEOPLE_ONE_TIME_LEN + 1], other[PEOPLE_ONE_TIME_LEN + 1];
    password_make_one_time(one);
    password_make_one_time(other);
    assert_string_not_equal(one, other);
    assert_int_equal(strlen(one), PEOPLE_ONE_TIME_LEN);
    assert_int_equal(strspn(one, "abcdefghjkmnpqrstuvwxyz23456789-"), PEOPLE_ONE_TIME_LEN);
    assert_true(one[4] == '-' && one[9] == '-');
}

static void codes_are_read_as_they_are_typed(void **state)
{
    (void)state;
    char text[16];
    base32_write((const unsigned char *)"foobar", 9,
                 text); /* RFC 4648 section 10, without its padding */
    assert_string_equal(text, "MZXW6YTBO");
    assert_true(base32_read_typed("mzx w6-ytb0", 9, text));
    assert_string_equal(text, "MZXW6YTBO");
    assert_true(base32_read_typed("1801ab", 6, text));
    assert_string_equal(text, "IBOIAB");
    assert_false(base32_read_typed("MZXW6", 6, text));
    assert_false(base32_read_typed("MZXW6YT", 6, text));
    assert_false(base32_read_typed("MZXW69", 6, text));
    assert_false(base32_read_typed("MZXW\xc3\xa9", 6, text));
    assert_false(base32_read_typed("", 6, text));
}

static void the_letters_depend_on_all_three(void **state)
{
    (void)state;
    unsigned char nonce_d[32] = {1}, nonce_s[32] = {2}, pin[32] = {3};
    char sas[SAS_LEN + 1], other[SAS_LEN + 1];
    sas_make(nonce_d, nonce_s, pin, sas);
    assert_string_equal(sas, "XRUFEZ"); /* worked out apart */
    unsigned char *const parts[] = {nonce_d, nonce_s, pin};
    for (int i = 0; i < 3; i++) {
        parts[i][31] ^= 1;
        sas_make(nonce_d, nonce_s, pin, other);
        assert_string_not_equal(sas, other);
        parts[i][31] ^= 1;
    }
    char typed[2 * SAS_LEN + 2] = " ";
    for (size_t i = 0; i < SAS_LEN; i++) {
        typed[2 * i + 1] = (char)tolower(sas[i]);
        typed[2 * i + 2] = '-';
    }
    assert_true(sas_is_typed(sas, sas) && sas_is_typed(typed, sas));
    typed[1] = typed[1] == 'a' ? 'b' : 'a';
    assert_false(sas_is_typed(typed, sas) || sas_is_typed("", sas));
    typed[1] = sas[0];
    typed[2 * SAS_LEN] = sas[0];
    assert_false(sas_is_typed(typed, sas)); /* one too many */
    unsigned char commitment[32];
    sas_commit(nonce_d, commitment);
    assert_true(sas_keeps_commitment(nonce_d, commitment));
    assert_false(sas_keeps_commitment(nonce_s, commitment));
}

static void a_token_has_one_form(void **state)
{
    (void)state;
    char token[PEOPLE_TOKEN_LEN + 1], other[PEOPLE_TOKEN_LEN + 2];
    struct token_hash hash, again;
    token_make(token);
    assert_int_equal(strlen(token), PEOPLE_TOKEN_LEN);
    assert_true(token_hash(token, &hash));
    assert_true(token_hash(token, &again));
    assert_memory_equal(&hash, &again, sizeof hash);
    token_make(other);
    assert_string_not_equal(token, other);

    memset(other, 'A', PEOPLE_TOKEN_LEN + 1);
    other[PEOPLE_TOKEN_LEN + 1] = '\0';
    assert_false(token_hash(other, &hash)); /* one too many */
    other[PEOPLE_TOKEN_LEN] = '\0';
    assert_true(token_hash(other, &hash));
    other[PEOPLE_TOKEN_LEN - 1] = 'B'; /* the bits that no byte has */
    assert_false(token_hash(other, &hash));
    other[PEOPLE_TOKEN_LEN - 1] = '\0';
    assert_false(token_hash(other, &hash));
    static const char wrong[] = "+/=. \x80";
    for (size_t i = 0; i < strlen(wrong); i++) {
        memset(other, 'A', PEOPLE_TOKEN_LEN);
        other[PEOPLE_TOKEN_LEN] = '\0';
        other[7] = wrong[i];
        assert_false(token_hash(other, &hash));
    }
}

static void assert_prefix(const char *text, const char *expected)
{
    struct address address;
    char prefix[PEOPLE_ADDRESS_MAX] = "";
    assert_int_equal(address_read(text, &address), expected != NULL);
    if (!expected)
        return;
    address_write_prefix(&address, prefix);
    assert_string_equal(prefix, expected);
}

static void addresses_are_kept_as_prefixes(void **state)
{
    (void)state;
    assert_prefix("192.0.2.77", "192.0.2.0/24");
    assert_prefix("::ffff:192.0.2.77", "192.0.2.0/24");
    assert_prefix("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48");
    assert_prefix("fe80::1%eth0", "fe80::/48");
    assert_prefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff::/48");
    assert_prefix("192.0.2", NULL);
    assert_prefix("", NULL);
    assert_prefix("192.0.2.77 and more than any address has room for in its text", NULL);
}

static void codes_have_small_letters(void **state)
{
    (void)state;
    assert_true(name_is_code("kiosk-1"));
    assert_false(name_is_code(""));
    assert_false(name_is_code("Kiosk"));
    assert_false(name_is_code("../x"));
    assert_false(name_is_code("abcdefghijklmnopqrstuvwxyz0123456"));
    assert_true(name_is_language("zh-Hant"));
    assert_true(name_is_language(""));
    assert_false(name_is_language("en_GB\n"));
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_name_typed_otherwise_is_the_same),
        cmocka_unit_test(what_is_no_name_is_refused),
        cmocka_unit_test(a_display_name_hides_nothing),
        cmocka_unit_test(passwords_are_judged_by_length_and_habit),
        cmocka_unit_test(a_password_has_one_form_and_one_hash),
        cmocka_unit_test(one_time_passwords_are_for_reading_aloud),
        cmocka_unit_test(codes_are_read_as_they_are_typed),
        cmocka_unit_test(the_letters_depend_on_all_three),
        cmocka_unit_test(a_token_has_one_form),
        cmocka_unit_test(addresses_are_kept_as_prefixes),
        cmocka_unit_test(codes_have_small_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
