/* What a centre may write into its site, kiosks and displays can read: a site that loads here and is refused there
 * would leave every screen without words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/site_info.h"
#include "site/site.h"

#define LETTER "\xe0\xa4\x85" /* of Hindi: three bytes */

#define WIDE_LETTER "\xf0\x9d\x90\x80" /* four bytes */

/* How much of everything a site has. */
struct extent {
    int languages, letters;
    const char *phone;
    bool triage; /* as much of it as there may be */
};

static void repeat(FILE *out, const char *text, int count)
{
    for (int i = 0; i < count; i++) {
        fputs(text, out);
    }
}

static void write_triage(FILE *out)
{
    fputs("signposts:\n", out);
    for (int i = 0; i < QUARTER_SIGNPOSTS_MAX; i++) {
        fprintf(out, "  - {code: p%d, print: true, url: \"https://", i);
        repeat(out, "a", QUARTER_URL_MAX - (int)strlen("https://"));
        fputs("\"}\n", out);
    }
    fputs("questions:\n", out);
    for (int i = 0; i < QUARTER_QUESTIONS_MAX; i++) {
        fprintf(out, "  - {code: q%d, kind: one, answers: [{code: a0, signpost: p%d}", i, i);
        for (int j = 1; j < QUARTER_ANSWER_CHOICES_MAX; j++) {
            fprintf(out, ", {code: a%d, avoidable: r%d}", j,
                    (i * (QUARTER_ANSWER_CHOICES_MAX - 1) + j) % QUARTER_AVOIDABLE_MAX);
        }
        fputs("]}\n", out);
    }
}

/* 64 services in 8 groups. */
static void write_settings(FILE *out, const struct extent *extent)
{
    fputs("site: big\nzone: Europe/London\nlanguages: [en", out);
    for (int i = 1; i < extent->languages; i++) {
        fprintf(out, ", l%d", i);
    }
    fputs("]\nstandard: {wait_min: 15, share: 0.9}\npolicy: fifo\nhours:\n", out);
    fputs("  mon: {open: \"09:00\", close: \"17:00\"}\n  tue: closed\n  wed: closed\n", out);
    fputs("  thu: closed\n  fri: closed\n  sat: closed\n  sun: closed\nclosures:\n", out);
    for (int i = 0; i < QUARTER_CLOSURES_MAX; i++) {
        fprintf(out, "  - \"%d-%02d-%02d\"\n", 2026 + i / 28, 12, 1 + i % 28);
    }
    fputs("day_end: \"20:00\"\nnumbers: {last: 999, reserved_from: 900, block: 5}\nservices:\n",
          out);
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
        fprintf(out, "  - {code: s%d, prefix: H, typical_min: 5", i);
        if (extent->triage) {
            fprintf(out, ", ask: first, questions: [q%d], scan: [\"%016d\"]",
                    i % QUARTER_QUESTIONS_MAX, i);
        }
        fputs("}\n", out);
    }
    fputs("groups:\n", out);
    for (int i = 0; i < 8; i++) {
        fprintf(out, "  - {code: g%d, services: [", i);
        for (int j = 0; j < 8; j++) {
            fprintf(out, "%ss%d", j == 0 ? "" : ", ", 8 * i + j);
        }
        fputs("]}\n", out);
    }
    fputs("counters:\n  - {code: \"1\", languages: [en], services: [s0", out);
    for (int i = 1; i < QUARTER_SERVICES_MAX; i++) {
        fprintf(out, ", s%d", i);
    }
    fprintf(out, "]}\ncontact: {phone: \"%s\"}\n", extent->phone);
    if (extent->triage) {
        write_triage(out);
    }
}

static void write_triage_words(FILE *out)
{
    fputs("signposts:\n", out);
    for (int i = 0; i < QUARTER_SIGNPOSTS_MAX; i++) {
        fprintf(out, "  p%d: {title: T, text: ", i);
        repeat(out, WIDE_LETTER, 300);
        fputs("}\n", out);
    }
    fputs("questions:\n", out);
    for (int i = 0; i < QUARTER_QUESTIONS_MAX; i++) {
        fprintf(out, "  q%d: {title: T, answers: {", i);
        for (int j = 0; j < QUARTER_ANSWER_CHOICES_MAX; j++) {
            fprintf(out, "%sa%d: ", j == 0 ? "" : ", ", j);
            repeat(out, WIDE_LETTER, QUARTER_NAME_LETTERS);
        }
        fputs("}}\n", out);
    }
}

static void write_service(FILE *out, int service, const struct extent *extent)
{
    const int letters = extent->letters;
    fprintf(out, "  s%d:\n    name: ", service);
    repeat(out, LETTER, letters < QUARTER_NAME_LETTERS ? letters : QUARTER_NAME_LETTERS);
    fputs("\n", out);
    for (int i = 0; i < QUARTER_ALSO_MAX && extent->triage; i++) {
        fputs(i == 0 ? "    also:\n      - " : "      - ", out);
        repeat(out, WIDE_LETTER, 20); /* of 40: a file is bounded, too */
        fputs("\n", out);
    }
    fputs("    have_ready:\n", out);
    for (int i = 0; i < 8; i++) {
        fputs("      - ", out);
        repeat(out, LETTER, letters);
        fputs("\n", out);
    }
}

static void write_words(FILE *out, int language, const struct extent *extent)
{
    if (language == 0) {
        fputs("language: en\nautonym: English\ndirection: ltr\nname: Big\ngroups:\n", out);
        for (int i = 0; i < 8; i++) {
            fprintf(out, "  g%d: {name: Group}\n", i);
        }
        fputs("counters: {\"1\": Counter 1}\nservices:\n", out);
        for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
            write_service(out, i, extent);
        }
        if (extent->triage) {
            write_triage_words(out);
        }
    } else {
        fprintf(out, "language: l%d\nautonym: L\ndirection: ltr\n", language);
    }
}

static void add_file(FILE *bundle, const char *name, const char *text, size_t length)
{
    fprintf(bundle, "file %s %zu\n", name, length);
    fwrite(text, 1, length, bundle);
    fputc('\n', bundle);
}

/* The text of such a site; of its languages only English has words. */
static char *write_bundle(const struct extent *extent, size_t *length)
{
    char *bundle = NULL;
    FILE *out = open_memstream(&bundle, length);
    assert_non_null(out);
    fputs("quarter-site 1\n", out);
    for (int i = -1; i < extent->languages; i++) {
        char name[32] = "site.yaml";
        char *text = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&text, &size);
        assert_non_null(file);
        if (i < 0) {
            write_settings(file, extent);
        } else {
            write_words(file, i, extent);
            snprintf(name, sizeof name, i == 0 ? "text.en.yaml" : "text.l%d.yaml", i);
        }
        assert_int_equal(fclose(file), 0);
        add_file(out, name, text, size);
        free(text);
    }
    assert_int_equal(fclose(out), 0);
    return bundle;
}

static enum status load(struct extent extent, struct site **site, struct site_report *report)
{
    size_t length = 0;
    char *bundle = write_bundle(&extent, &length);
    enum status status = site_load_text(bundle, length, site, report);
    free(bundle);
    return status;
}

static void a_site_at_its_limits_is_read_by_clients(void **state)
{
    (void)state;
    static const char phone[] = "٠١٢٣٤٥٦٧٨٩ ٠١٢٣٤٥٦٧٨٩ ٠١٢٣٤٥٦٧";
    struct site *site = NULL;
    struct site_info *info = NULL;
    struct site_report *report = site_report_create();
    if (load((struct extent){16, 20, phone, false}, &site, report) != STATUS_OK) {
        fail_msg("%s", site_report_line(report, 0));
    }
    assert_int_equal(site_info_read(site_json(site), strlen(site_json(site)), &info), STATUS_OK);
    assert_int_equal(info->language_count, 16);
    assert_int_equal(info->service_count, QUARTER_SERVICES_MAX);
    assert_int_equal(info->services[63].have_ready_count, 8);
    assert_int_equal(info->closure_count, QUARTER_CLOSURES_MAX);
    assert_string_equal(info->closures[127], "2030-12-16");
    assert_string_equal(info->phone, phone);
    site_info_destroy(info);
    site_destroy(site);
    site_report_destroy(report);
}

static void triage_at_its_limits_is_read_by_clients(void **state)
{
    (void)state;
    struct site *site = NULL;
    struct site_info *info = NULL;
    struct site_report *report = site_report_create();
    if (load((struct extent){2, 20, "1", true}, &site, report) != STATUS_OK) {
        fail_msg("%s", site_report_line(report, 0));
    }
    assert_int_equal(site_info_read(site_json(site), strlen(site_json(site)), &info), STATUS_OK);
    assert_int_equal(info->question_count, QUARTER_QUESTIONS_MAX);
    assert_int_equal(info->signpost_count, QUARTER_SIGNPOSTS_MAX);
    assert_int_equal(info->avoidable_count, QUARTER_AVOIDABLE_MAX);
    const struct site_question *last = &info->questions[QUARTER_QUESTIONS_MAX - 1];
    assert_int_equal(last->answer_count, QUARTER_ANSWER_CHOICES_MAX);
    assert_int_equal(strlen(site_info_text(info, &last->answers[7].name, "l1")),
                     4 * QUARTER_NAME_LETTERS);
    const struct site_signpost *signpost = &info->signposts[last->answers[0].signpost];
    assert_int_equal(strlen(signpost->url), QUARTER_URL_MAX);
    const char *text = site_info_text(info, &signpost->text, "l1");
    assert_int_equal(strlen(text), 4 * 300);
    assert_memory_equal(text, WIDE_LETTER WIDE_LETTER, 8);
    assert_int_equal(info->services[63].also_count, QUARTER_ALSO_MAX);
    assert_int_equal(strlen(info->services[63].scan[0]), QUARTER_SCAN_MAX);
    assert_int_equal(info->services[63].questions[0], 63 % QUARTER_QUESTIONS_MAX);
    site_info_destroy(info);
    site_destroy(site);
    site_report_destroy(report);
}

static struct site_info *info_of(const char *dir)
{
    struct site *site = NULL;
    struct site_info *info = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load(dir, &site, report), STATUS_OK);
    assert_int_equal(site_info_read(site_json(site), strlen(site_json(site)), &info), STATUS_OK);
    site_report_destroy(report);
    site_destroy(site);
    return info;
}

static int letters_of(const char *text)
{
    int letters = 0;
    for (; *text != '\0'; text++) {
        letters += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return letters;
}

/* tests/unit/sites/many is what kiosk and display are drawn with at their limits: it must be at them. */
static void the_site_of_many_has_names_of_sixty_letters(void **state)
{
    (void)state;
    struct site_info *info = info_of("tests/unit/sites/many");
    assert_int_equal(info->service_count, 40);
    for (int language = 0; language < info->language_count; language++) {
        for (int i = 0; i < info->service_count; i++) {
            assert_int_equal(letters_of(info->services[i].name.in[language]), QUARTER_NAME_LETTERS);
        }
        for (int i = 0; i < info->questions[0].answer_count; i++) {
            assert_int_equal(letters_of(info->questions[0].answers[i].name.in[language]),
                             QUARTER_NAME_LETTERS);
        }
    }
    site_info_destroy(info);
}

/* The services that most visitors come for: a tile of their own, or "I'm not sure", and nothing asked before the
 * ticket. */
static void the_example_asks_most_visitors_nothing_first(void **state)
{
    (void)state;
    static const char *const most_used[] = {"council_tax", "general", "housing_benefit", "payments",
                                            "parking"};
    struct site_info *info = info_of("assets/sites/customer-centre");
    assert_string_equal(info->unsure, "general");
    for (size_t i = 0; i < sizeof most_used / sizeof most_used[0]; i++) {
        const struct site_service *service = site_info_find_service(info, most_used[i]);
        bool alone = strcmp(most_used[i], info->unsure) == 0;
        for (int j = 0; j < info->group_count; j++) {
            alone = alone || (info->groups[j].service_count == 1 &&
                              &info->services[info->groups[j].services[0]] == service);
        }
        assert_true(alone);
        assert_false(service->ask_first);
    }
    site_info_destroy(info);
}

static void the_example_helps_everybody_to_find_and_prepare(void **state)
{
    (void)state;
    struct site_info *info = info_of("assets/sites/customer-centre");
    int asking = 0;
    for (int i = 0; i < info->service_count; i++) {
        asking += info->services[i].question_count > 0;
        for (int language = 0; language < info->language_count; language++) {
            assert_non_null(info->services[i].also[0].in[language]);
        }
    }
    assert_true(asking >= 8);
    assert_true(info->signpost_count >= 5);
    assert_int_equal(site_info_find_kiosk(info, "kiosk-1")->width_mm, 268);
    assert_int_equal(site_info_find_kiosk(info, "kiosk-1")->bottom_mm, 720);
    assert_int_equal(site_info_find_kiosk(info, "kiosk-1")->viewing_mm, 0);
    assert_int_equal(site_info_find_display(info, "lobby")->width_mm, 1210);
    assert_int_equal(site_info_find_display(info, "lobby")->viewing_mm, 5000);
    site_info_destroy(info);
}

static void more_words_than_clients_read_are_refused(void **state)
{
    (void)state;
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(load((struct extent){16, 90, "1", false}, &site, report), STATUS_INVALID);
    assert_null(site);
    assert_int_equal(site_report_errors(report), 1);
    bool told = false;
    for (size_t i = 0; site_report_line(report, i) != NULL; i++) {
        told |= strstr(site_report_line(report, i), "at most 1024 KiB") != NULL;
    }
    assert_true(told);
    site_report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_at_its_limits_is_read_by_clients),
        cmocka_unit_test(triage_at_its_limits_is_read_by_clients),
        cmocka_unit_test(the_site_of_many_has_names_of_sixty_letters),
        cmocka_unit_test(the_example_asks_most_visitors_nothing_first),
        cmocka_unit_test(the_example_helps_everybody_to_find_and_prepare),
        cmocka_unit_test(more_words_than_clients_read_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
