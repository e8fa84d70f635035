/* Whatever is in the files, loading ends with a site or with errors, and never harms: the example cut at every byte,
 * every byte changed, lines shuffled, rubbish. The sanitizers watch. The seed is printed when something fails. */
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

enum { NASTY_BYTES = 200 * 1024, FILE_BYTES = 64 * 1024 };

struct files {
    char site[FILE_BYTES], english[FILE_BYTES];
    size_t site_length, english_length;
    size_t stride; /* of "every byte": each is a whole loading, and the example is long */
    int edits;
};

enum { EXAMPLE_STRIDE = 17 };

static size_t read_into(char *buffer, const char *path)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t length = fread(buffer, 1, FILE_BYTES, file);
    assert_in_range(length, 100, FILE_BYTES - 1);
    fclose(file);
    buffer[length] = '\0';
    return length;
}

static struct files *files_of(const char *dir, size_t stride, int edits)
{
    char path[128];
    struct files *files = calloc(1, sizeof *files);
    assert_non_null(files);
    files->stride = stride;
    files->edits = edits;
    snprintf(path, sizeof path, "%s/site.yaml", dir);
    files->site_length = read_into(files->site, path);
    snprintf(path, sizeof path, "%s/text.en.yaml", dir);
    files->english_length = read_into(files->english, path);
    /* English alone: the other files would be read anew for each byte. */
    char *languages = strstr(files->site, "languages: [en,");
    assert_non_null(languages);
    char *end = strchr(languages, ']');
    memset(languages + strlen("languages: [en"), ' ',
           (size_t)(end - languages) - strlen("languages: [en"));
    for (char *at = files->site; (at = strstr(at, "languages: [en, ")) != NULL; at++) {
        end = strchr(at, ']');
        memset(at + strlen("languages: [en"), ' ', (size_t)(end - at) - strlen("languages: [en"));
    }
    return files;
}

static int read_example(void **state)
{
    *state = files_of("assets/sites/customer-centre", EXAMPLE_STRIDE, 500);
    return 0;
}

/* Small, with every kind of question and effect. */
static int read_triage(void **state)
{
    *state = files_of("tests/unit/sites/triage", 1, 1500);
    return 0;
}

static int free_files(void **state)
{
    free(*state);
    return 0;
}

/* Loads the two files, of exactly these lengths and no byte more. True: a site. */
static bool try_files(const char *site_yaml, size_t site_length, const char *english,
                      size_t english_length)
{
    static const char format[] = "quarter-site 1\nfile site.yaml %zu\n";
    const size_t size = site_length + english_length + 128;
    char *bundle = malloc(size);
    assert_non_null(bundle);
    size_t at = (size_t)snprintf(bundle, size, format, site_length);
    memcpy(bundle + at, site_yaml, site_length);
    at += site_length;
    at += (size_t)snprintf(bundle + at, size - at, "\nfile text.en.yaml %zu\n", english_length);
    memcpy(bundle + at, english, english_length);
    at += english_length;
    bundle[at++] = '\n';
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    enum status status = site_load_text(bundle, at, &site, report);
    bool loaded = status == STATUS_OK;
    assert_true(loaded || status == STATUS_INVALID);
    assert_int_equal(loaded, site != NULL);
    assert_int_equal(loaded, site_report_errors(report) == 0);
    assert_true(loaded || site_report_line(report, 0) != NULL);
    if (loaded) {
        /* And kiosks can read it: nothing loads that leaves every screen without words. */
        struct site_info *info = NULL;
        assert_int_equal(site_info_read(site_json(site), strlen(site_json(site)), &info),
                         STATUS_OK);
        site_info_destroy(info);
    }
    site_destroy(site);
    site_report_destroy(report);
    free(bundle);
    return loaded;
}

static void the_unchanged_files_load(void **state)
{
    const struct files *files = *state;
    assert_true(try_files(files->site, files->site_length, files->english, files->english_length));
}

static void cut_at_every_byte(void **state)
{
    const struct files *files = *state;
    int loaded = 0;
    for (size_t i = 0; i < files->site_length; i += files->stride) {
        loaded += try_files(files->site, i, files->english, 40);
    }
    for (size_t i = 0; i < files->english_length; i += files->stride) {
        loaded += try_files(files->site, 100, files->english, i);
    }
    assert_int_equal(loaded, 0);
}

static uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return *random >> 33;
}

static void any_byte_changed(void **state)
{
    const struct files *files = *state;
    static const char signs[] = "\0\xff:-[]{}&*!|>'\"%@`#?,\n\t 9aZ\xe2\x80\xae";
    char *copy = malloc(files->site_length);
    assert_non_null(copy);
    uint64_t random = 7;
    for (size_t i = 0; i < files->site_length; i += files->stride) {
        memcpy(copy, files->site, files->site_length);
        copy[i] = signs[next_random(&random) % (sizeof signs - 1)];
        try_files(copy, files->site_length, files->english, files->english_length);
    }
    free(copy);
}

/* Several edits at once, of the kinds that people make: a piece left out, doubled, moved, or overwritten. */
static size_t edit(char *text, size_t length, uint64_t *random)
{
    size_t edits = 1 + next_random(random) % 6;
    for (size_t i = 0; i < edits && length > 64; i++) {
        size_t size = 1 + next_random(random) % 40;
        size_t from = next_random(random) % (length - size);
        size_t to = next_random(random) % (length - size);
        switch (next_random(random) % 3) {
        case 0:
            memmove(text + from, text + from + size, length - from - size);
            length -= size;
            break;
        case 1: memmove(text + to, text + from, size); break;
        default:
            if (length + size < FILE_BYTES) {
                memmove(text + from + size, text + from, length - from);
                length += size;
            }
            break;
        }
    }
    return length;
}

static void edited_at_random(void **state)
{
    const struct files *files = *state;
    char *site = malloc(FILE_BYTES);
    char *english = malloc(FILE_BYTES);
    assert_non_null(site);
    assert_non_null(english);
    uint64_t random = 2026;
    for (int i = 0; i < files->edits; i++) {
        memcpy(site, files->site, files->site_length);
        memcpy(english, files->english, files->english_length);
        size_t site_length = edit(site, files->site_length, &random);
        size_t english_length =
            i % 3 == 0 ? edit(english, files->english_length, &random) : files->english_length;
        try_files(site, site_length, english, english_length);
    }
    free(site);
    free(english);
}

static void rubbish(void **state)
{
    (void)state;
    static const char signs[] = "site:services [groups]{,}\n  - &*!|>'\"%@`#?\t\0\xff\xc2\x80";
    char text[2000];
    uint64_t random = 11;
    for (int i = 0; i < 1500; i++) {
        size_t length = next_random(&random) % sizeof text;
        for (size_t j = 0; j < length; j++) {
            text[j] = signs[next_random(&random) % (sizeof signs - 1)];
        }
        assert_false(try_files(text, length, text, length / 2));
    }
}

/* Things that make a parser slow or deep; each within the file's bound. */
static void nasty_shapes_end_soon(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "[",   "{",       "- ",          "? ",        "a: ",          "a:\n ",
        "[a,", "{a: b, ", "'",           "\"\\u0041", "&a ",          "!!a ",
        "|\n", "--- \n",  "%YAML 1.1\n", "# \n",      "\xef\xbb\xbf", "a: 1\n"};
    char *text = malloc(NASTY_BYTES);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t size = strlen(pieces[i]);
        size_t length = 0;
        while (length + size < NASTY_BYTES) {
            memcpy(text + length, pieces[i], size);
            length += size;
        }
        assert_false(try_files(text, length, "language: en\n", 13));
    }
    free(text);
}

/* A journal's text cut anywhere. */
static void bundles_cut_at_every_byte(void **state)
{
    (void)state;
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load("tests/unit/sites/good", &site, report), STATUS_OK);
    site_report_destroy(report);
    size_t length = strlen(site_text(site));
    for (size_t i = 0; i < length; i++) {
        char *cut = malloc(i + 1); /* just so long: reading past it is seen */
        assert_non_null(cut);
        memcpy(cut, site_text(site), i);
        struct site *other = NULL;
        report = site_report_create();
        assert_int_equal(site_load_text(cut, i, &other, report), STATUS_INVALID);
        site_report_destroy(report);
        free(cut);
    }
    site_destroy(site);
}

int main(void)
{
    const struct CMUnitTest of_any_site[] = {
        cmocka_unit_test(the_unchanged_files_load),
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(any_byte_changed),
        cmocka_unit_test(edited_at_random),
    };
    const struct CMUnitTest of_none[] = {
        cmocka_unit_test(rubbish),
        cmocka_unit_test(nasty_shapes_end_soon),
        cmocka_unit_test(bundles_cut_at_every_byte),
    };
    int failed = cmocka_run_group_tests_name("mutations_of_the_example", of_any_site, read_example,
                                             free_files);
    failed +=
        cmocka_run_group_tests_name("mutations_of_triage", of_any_site, read_triage, free_files);
    failed += cmocka_run_group_tests_name("mutations_of_nothing", of_none, NULL, NULL);
    return failed;
}
