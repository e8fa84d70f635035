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

static void repeat(FILE *out, const char *text, int count)
{
    for (int i = 0; i < count; i++) {
        fputs(text, out);
    }
}

/* 64 services in 8 groups. */
static void write_settings(FILE *out, int languages, const char *phone)
{
    fputs("site: big\nzone: Europe/London\nlanguages: [en", out);
    for (int i = 1; i < languages; i++) {
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
        fprintf(out, "  - {code: s%d, prefix: H, typical_min: 5}\n", i);
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
    fprintf(out, "]}\ncontact: {phone: \"%s\"}\n", phone);
}

static void write_service(FILE *out, int service, int letters)
{
    fprintf(out, "  s%d:\n    name: ", service);
    repeat(out, LETTER, letters < QUARTER_NAME_LETTERS ? letters : QUARTER_NAME_LETTERS);
    fputs("\n    have_ready:\n", out);
    for (int i = 0; i < 8; i++) {
        fputs("      - ", out);
        repeat(out, LETTER, letters);
        fputs("\n", out);
    }
}

static void write_words(FILE *out, int language, int letters)
{
    if (language == 0) {
        fputs("language: en\nautonym: English\ndirection: ltr\nname: Big\ngroups:\n", out);
        for (int i = 0; i < 8; i++) {
            fprintf(out, "  g%d: {name: Group}\n", i);
        }
        fputs("counters: {\"1\": Counter 1}\nservices:\n", out);
        for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
            write_service(out, i, letters);
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

/* The text of a site with so many languages, of which only English has words, so many letters each. */
static char *write_bundle(int languages, int letters, const char *phone, size_t *length)
{
    char *bundle = NULL;
    FILE *out = open_memstream(&bundle, length);
    assert_non_null(out);
    fputs("quarter-site 1\n", out);
    for (int i = -1; i < languages; i++) {
        char name[32] = "site.yaml";
        char *text = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&text, &size);
        assert_non_null(file);
        if (i < 0) {
            write_settings(file, languages, phone);
        } else {
            write_words(file, i, letters);
            snprintf(name, sizeof name, i == 0 ? "text.en.yaml" : "text.l%d.yaml", i);
        }
        assert_int_equal(fclose(file), 0);
        add_file(out, name, text, size);
        free(text);
    }
    assert_int_equal(fclose(out), 0);
    return bundle;
}

static enum status load(int languages, int letters, const char *phone, struct site **site,
                        struct site_report *report)
{
    size_t length = 0;
    char *bundle = write_bundle(languages, letters, phone, &length);
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
    if (load(16, 20, phone, &site, report) != STATUS_OK) {
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

static void more_words_than_clients_read_are_refused(void **state)
{
    (void)state;
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(load(16, 90, "1", &site, report), STATUS_INVALID);
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
        cmocka_unit_test(more_words_than_clients_read_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
