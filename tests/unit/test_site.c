/* A loaded site as the server sees it: rules, document, text for the journal, hours; and what is near to a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "site/report.h"
#include "site/site.h"

#define EXAMPLE "assets/sites/customer-centre"
#define SMALL   "tests/unit/sites/good"
#define PATCHY  "tests/unit/sites/missing-words"

static struct site *load(const char *dir)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    if (site_load(dir, &site, report) != STATUS_OK) {
        site_report_print(report, stdout);
        fail_msg("%s does not load", dir);
    }
    site_report_destroy(report);
    return site;
}

static json_t *document(const struct site *site)
{
    json_error_t error;
    json_t *json = json_loads(site_json(site), JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        fail_msg("not JSON: %s", error.text);
    }
    return json;
}

static void rules_say_who_serves_what(void **state)
{
    (void)state;
    struct site *site = load(SMALL);
    const struct rules *rules = site_rules(site);
    assert_int_equal(rules->policy.rule, POLICY_FIFO);
    assert_int_equal(rules->service_count, 2);
    assert_string_equal(rules->services[0].code, "housing");
    assert_string_equal(rules->services[0].prefix, "H");
    assert_string_equal(rules->services[1].code, "parking");
    assert_int_equal(rules->counter_count, 2);
    assert_string_equal(rules->counters[0].code, "1");
    assert_int_equal(rules->counters[0].services, 3);
    assert_int_equal(rules->counters[0].languages, 1);
    assert_string_equal(rules->counters[1].code, "room-1");
    assert_int_equal(rules->counters[1].services, 1);
    assert_int_equal(rules->counters[1].languages, 3);
    assert_int_equal(rules->language_count, 2);
    assert_string_equal(rules->languages[1], "pl");
    assert_int_equal(rules->need_count, 2);
    assert_string_equal(rules->needs[1].code, "bsl");
    assert_int_equal(rules->last_number, 99);
    assert_int_equal(rules->reserved_from, 80);
    assert_int_equal(rules->reserved_block, 5);
    assert_string_equal(rules->hash, site_hash(site));
    site_destroy(site);
}

/* Each object of an array has these members. */
static void expect_members(const json_t *array, const char *const *members, size_t count)
{
    size_t index = 0;
    json_t *item = NULL;
    assert_true(json_array_size(array) > 0);
    json_array_foreach(array, index, item)
    {
        for (size_t i = 0; i < count; i++) {
            if (json_object_get(item, members[i]) == NULL) {
                fail_msg("a member '%s' is missing", members[i]);
            }
        }
    }
}

static void the_document_has_the_agreed_shape(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    json_t *json = document(site);
    static const char *const whole[] = {"hash",
                                        "site",
                                        "name",
                                        "zone",
                                        "languages",
                                        "groups",
                                        "services",
                                        "areas",
                                        "needs",
                                        "counters",
                                        "hours",
                                        "closures",
                                        "standard",
                                        "contact",
                                        "theme",
                                        "kiosks",
                                        "displays",
                                        "public_url",
                                        "unsure",
                                        "policy",
                                        "questions",
                                        "signposts",
                                        "avoidable_reasons",
                                        "avoidable_names"};
    static const char *const languages[] = {"code", "name", "direction", "draft"};
    static const char *const groups[] = {"code", "name", "hint", "services"};
    static const char *const services[] = {"code", "prefix",     "area",        "name",
                                           "hint", "have_ready", "typical_min", "also",
                                           "ask",  "questions",  "scan"};
    static const char *const counters[] = {"code",  "kind", "name", "services", "languages",
                                           "needs", "days", "from", "to",       "breaks"};
    static const char *const kiosks[] = {"code", "orientation", "theme", "groups"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        assert_non_null(json_object_get(json, whole[i]));
    }
    assert_int_equal(json_object_size(json), sizeof whole / sizeof whole[0]);
    expect_members(json_object_get(json, "languages"), languages, 4);
    expect_members(json_object_get(json, "groups"), groups, 4);
    expect_members(json_object_get(json, "services"), services, 11);
    expect_members(json_object_get(json, "counters"), counters, 10);
    expect_members(json_object_get(json, "kiosks"), kiosks, 4);
    assert_string_equal(json_string_value(json_object_get(json, "hash")), site_hash(site));
    assert_true(json_is_null(json_object_get(json, "public_url")));
    const json_t *hours = json_object_get(json, "hours");
    assert_true(json_is_null(json_object_get(hours, "sun")));
    assert_string_equal(json_string_value(json_object_get(json_object_get(hours, "wed"), "open")),
                        "10:00");
    assert_string_equal(json_string_value(json_object_get(json_object_get(hours, "mon"), "doors")),
                        "16:45");
    assert_non_null(strstr(site_json(site), "\"standard\":{\"wait_min\":15,\"share\":0.9}"));
    json_decref(json);
    site_destroy(site);
}

/* Walks the whole document: an object with a member "en" is a text and must have every language. */
static int expect_all_languages(json_t *value, const json_t *languages)
{
    int texts = 0;
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            texts += expect_all_languages(json_array_get(value, i), languages);
        }
    } else if (json_is_object(value)) {
        bool text = json_object_get(value, "en") != NULL;
        for (size_t i = 0; text && i < json_array_size(languages); i++) {
            const char *code =
                json_string_value(json_object_get(json_array_get(languages, i), "code"));
            const json_t *words = json_object_get(value, code);
            assert_non_null(words);
            assert_true(json_is_array(words) || json_string_length(words) > 0);
        }
        texts += text;
        const char *key = NULL;
        json_t *member = NULL;
        json_object_foreach(value, key, member)
        {
            texts += expect_all_languages(member, languages);
        }
    }
    return texts;
}

static void every_text_has_every_language(void **state)
{
    (void)state;
    static const char *const dirs[] = {EXAMPLE, SMALL, PATCHY};
    static const int least[] = {1 + 2 * 8 + 3 * 14 + 3 + 12 + 6, 12, 12};
    for (size_t i = 0; i < 3; i++) {
        struct site *site = load(dirs[i]);
        json_t *json = document(site);
        assert_true(expect_all_languages(json, json_object_get(json, "languages")) >= least[i]);
        json_decref(json);
        site_destroy(site);
    }
}

static void missing_words_are_shown_in_english(void **state)
{
    (void)state;
    struct site *site = load(PATCHY);
    json_t *json = document(site);
    const json_t *parking = json_array_get(json_object_get(json, "services"), 1);
    const json_t *housing = json_array_get(json_object_get(json, "services"), 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(parking, "name"), "pl")),
                        "Parking permits");
    const json_t *ready = json_object_get(json_object_get(housing, "have_ready"), "pl");
    assert_string_equal(json_string_value(json_array_get(ready, 1)), "proof of rent");
    assert_string_equal(json_string_value(json_object_get(json_object_get(housing, "name"), "pl")),
                        "Pomoc mieszkaniowa");
    json_decref(json);
    site_destroy(site);
}

static void all_but_english_are_marked_as_drafts(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    json_t *json = document(site);
    size_t index = 0;
    json_t *language = NULL;
    json_array_foreach(json_object_get(json, "languages"), index, language)
    {
        bool english = strcmp(json_string_value(json_object_get(language, "code")), "en") == 0;
        assert_int_equal(json_is_true(json_object_get(language, "draft")), !english);
    }
    assert_int_equal(index, 9);
    json_decref(json);
    site_destroy(site);
}

static void the_journals_text_loads_as_the_same_site(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    struct site *again = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load_text(site_text(site), strlen(site_text(site)), &again, report),
                     STATUS_OK);
    assert_string_equal(site_text(again), site_text(site));
    assert_string_equal(site_hash(again), site_hash(site));
    assert_string_equal(site_json(again), site_json(site));
    assert_memory_equal(site_rules(again), site_rules(site), sizeof(struct rules));
    site_report_destroy(report);
    site_destroy(again);
    site_destroy(site);
}

static char *changed(const char *text, const char *from, const char *to);

static void hash_of(const char *text, char hex[2 * crypto_hash_sha256_BYTES + 1])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(hex, 2 * crypto_hash_sha256_BYTES + 1, digest, sizeof digest);
}

static enum status rules_of(const char *text, const char *hash, struct rules *rules)
{
    struct site_report *report = site_report_create();
    enum status status = site_rules_of_text(text, strlen(text), hash, rules, report);
    assert_true((status == STATUS_OK) == (site_report_errors(report) == 0));
    site_report_destroy(report);
    return status;
}

/* Whatever today's checks say of it: words that are too long by now, or a service that nobody serves. */
static void the_journals_text_has_rules_for_ever(void **state)
{
    (void)state;
    struct site *site = load(SMALL);
    struct rules rules;
    char hash[2 * crypto_hash_sha256_BYTES + 1];
    assert_int_equal(rules_of(site_text(site), site_hash(site), &rules), STATUS_OK);
    assert_memory_equal(&rules, site_rules(site), sizeof rules);
    static const char *const pairs[][2] = {
        {"draft: ", "dreft: "},
        {"services: [housing, parking]", "services: [housing         ]"},
        {"quarter-site 1", "quarter-site 2"}};
    static const enum status expected[] = {STATUS_OK, STATUS_OK, STATUS_INVALID};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct site *other = NULL;
        struct site_report *report = site_report_create();
        char *text = changed(site_text(site), pairs[i][0], pairs[i][1]);
        assert_int_equal(site_load_text(text, strlen(text), &other, report), STATUS_INVALID);
        assert_int_equal(rules_of(text, site_hash(site), &rules), STATUS_INVALID);
        hash_of(text, hash);
        assert_int_equal(rules_of(text, hash, &rules), expected[i]);
        free(text);
        site_report_destroy(report);
    }
    site_destroy(site);
}

static void the_hash_is_that_of_the_text(void **state)
{
    (void)state;
    struct site *site = load(SMALL);
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * crypto_hash_sha256_BYTES + 1];
    crypto_hash_sha256(digest, (const unsigned char *)site_text(site), strlen(site_text(site)));
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    assert_string_equal(hex, site_hash(site));
    site_destroy(site);
}

/* Replaces the first occurrence; both have one length, so that the bundle's own lengths stay right. */
static char *changed(const char *text, const char *from, const char *to)
{
    char *copy = strdup(text);
    char *place = strstr(copy, from);
    assert_non_null(place);
    assert_int_equal(strlen(from), strlen(to));
    for (size_t i = 0; to[i] != '\0'; i++) {
        place[i] = to[i];
    }
    return copy;
}

static void any_changed_byte_changes_the_hash(void **state)
{
    (void)state;
    struct site *site = load(SMALL);
    struct site *other = NULL;
    struct site_report *report = site_report_create();
    char *text = changed(site_text(site), "Zezwolenia", "ZEZWOLENIA");
    assert_int_equal(site_load_text(text, strlen(text), &other, report), STATUS_OK);
    assert_string_not_equal(site_hash(other), site_hash(site));
    free(text);
    site_report_destroy(report);
    site_destroy(other);
    site_destroy(site);
}

static void a_damaged_text_is_refused_with_a_reason(void **state)
{
    (void)state;
    struct site *site = load(SMALL);
    static const char *const pairs[][2] = {{"quarter-site 1", "quarter-site 2"},
                                           {"file site.yaml", "file sitf.yaml"},
                                           {"file text.en", "file ../../en"},
                                           {"policy: fifo", "policy: fifi"},
                                           {"file site.yaml ", "file site.yamlx"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct site *other = NULL;
        struct site_report *report = site_report_create();
        size_t same = strlen(pairs[i][0]);
        char to[32];
        snprintf(to, sizeof to, "%-*.*s", (int)same, (int)same, pairs[i][1]);
        char *text = changed(site_text(site), pairs[i][0], to);
        assert_int_equal(site_load_text(text, strlen(text), &other, report), STATUS_INVALID);
        assert_null(other);
        assert_true(site_report_errors(report) > 0);
        free(text);
        site_report_destroy(report);
    }
    site_destroy(site);
}

static void boards_are_known_by_their_codes(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    assert_true(site_has_kiosk(site, "kiosk-1"));
    assert_true(site_has_display(site, "lobby"));
    assert_false(site_has_kiosk(site, "lobby"));
    assert_false(site_has_display(site, ""));
    assert_string_equal(site_code(site), "customer-centre");
    assert_string_equal(site_zone(site), "Europe/London");
    site_destroy(site);
}

static void the_example_is_open_on_a_tuesday_in_november(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    int64_t at = 0;
    int64_t opening = 0;
    char day[QUARTER_DAY_LEN + 1];
    struct site_day times;
    assert_int_equal(site_local_to_utc(site, "2026-11-24T10:40", &at), STATUS_OK);
    assert_int_equal(at, INT64_C(1795516800000));
    assert_true(site_is_open(site, at));
    assert_true(site_doors_open(site, at));
    assert_int_equal(site_utc_offset_s(site, at), 0);
    site_local_day(site, at, day);
    assert_string_equal(day, "2026-11-24");
    assert_int_equal(site_next_opening(site, at, &opening), STATUS_OK);
    assert_int_equal(opening - at, (23 * 60 + 20) * 60 * 1000); /* Wednesday, 10:00 */
    assert_int_equal(site_day(site, "2026-12-28", &times), STATUS_OK);
    assert_false(times.open);
    site_destroy(site);
}

static const char *nearest(const char *wrong, const char *a, const char *b)
{
    struct suggestion suggestion = suggestion_start(wrong);
    suggestion_offer(&suggestion, a);
    suggestion_offer(&suggestion, b);
    return suggestion.best;
}

static void suggestions_are_near_or_none(void **state)
{
    (void)state;
    assert_string_equal(nearest("housng", "parking", "housing"), "housing");
    assert_string_equal(nearest("parkign", "parking", "housing"), "parking");
    assert_string_equal(nearest("bleu", "blue", "green"), "blue");
    assert_string_equal(nearest("council-tax", "council_tax", "payments"), "council_tax");
    assert_null(nearest("xyz", "abc", "housing"));
    assert_null(nearest("a", "b", "c"));
    assert_null(nearest("", "a", "en"));
    assert_null(nearest("a_word_that_is_much_longer_than_any_code_could_ever_be", "a_word", "b"));
}

static void no_warning_takes_the_place_of_an_error(void **state)
{
    (void)state;
    struct site_report *report = site_report_create();
    int file = report_add_file(report, "site.yaml");
    for (int i = 1; i <= 500; i++) {
        report_warning(report, file, (struct mark){i, 1}, "no words");
    }
    report_error(report, file, (struct mark){7, 2}, "no counter");
    report_warning(report, file, (struct mark){8, 1}, "no words either");
    assert_string_equal(site_report_line(report, 7), "site.yaml:7:2: no counter");
    size_t kept = 0;
    while (site_report_line(report, kept) != NULL) {
        kept++;
    }
    for (int i = 1; i <= 500; i++) {
        report_error(report, file, (struct mark){i, 3}, "wrong");
    }
    for (size_t i = 0; i < kept; i++) {
        assert_null(strstr(site_report_line(report, i), "warning"));
    }
    assert_null(site_report_line(report, kept));
    assert_int_equal(site_report_errors(report), 501);
    assert_int_equal(site_report_warnings(report), 501);
    site_report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_say_who_serves_what),
        cmocka_unit_test(the_document_has_the_agreed_shape),
        cmocka_unit_test(every_text_has_every_language),
        cmocka_unit_test(missing_words_are_shown_in_english),
        cmocka_unit_test(all_but_english_are_marked_as_drafts),
        cmocka_unit_test(the_journals_text_loads_as_the_same_site),
        cmocka_unit_test(the_journals_text_has_rules_for_ever),
        cmocka_unit_test(the_hash_is_that_of_the_text),
        cmocka_unit_test(any_changed_byte_changes_the_hash),
        cmocka_unit_test(a_damaged_text_is_refused_with_a_reason),
        cmocka_unit_test(boards_are_known_by_their_codes),
        cmocka_unit_test(the_example_is_open_on_a_tuesday_in_november),
        cmocka_unit_test(suggestions_are_near_or_none),
        cmocka_unit_test(no_warning_takes_the_place_of_an_error),
    };
    return cmocka_run_group_tests_name("site", tests, NULL, NULL);
}
