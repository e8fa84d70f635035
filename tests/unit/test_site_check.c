/* What people read when a site is wrong: each folder in tests/unit/sites is a small site with faults, and its
 * expected.txt is what `check-site` prints of it. Run from the project's root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site/site.h"
#include "test_kit.h"

#define SITES "tests/unit/sites"

enum { OUTPUT_BYTES = 128 * 1024 };

static char *checked(const char *dir, int *code)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    *code = site_check_command(dir, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *whole_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        fail_msg("%s is missing", path);
    }
    char *text = calloc(1, OUTPUT_BYTES);
    assert_non_null(text);
    assert_true(fread(text, 1, OUTPUT_BYTES - 1, file) < OUTPUT_BYTES - 1);
    fclose(file);
    return text;
}

static int is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void each_faulty_site_is_told_as_expected(void **state)
{
    (void)state;
    struct dirent **cases = NULL;
    int count = scandir(SITES, &cases, is_case, alphasort);
    int wrong = 0;
    assert_true(count > 40);
    for (int i = 0; i < count; i++) {
        char dir[512];
        char path[600];
        int code = 0;
        snprintf(dir, sizeof dir, SITES "/%s", cases[i]->d_name);
        snprintf(path, sizeof path, "%s/expected.txt", dir);
        char *text = checked(dir, &code);
        char *expected = whole_file(path);
        if (strcmp(text, expected) != 0) {
            print_error("%s differs from expected.txt:\n%s\n", dir, text);
            wrong++;
        }
        bool good = strstr(expected, ": 0 errors") != NULL;
        assert_int_equal(code, good ? 0 : 78);
        free(expected);
        free(text);
        free(cases[i]);
    }
    free(cases);
    assert_int_equal(wrong, 0);
}

static void the_example_site_is_without_fault(void **state)
{
    (void)state;
    int code = -1;
    char *text = checked("assets/sites/customer-centre", &code);
    assert_string_equal(text, "12 counters, 14 services, 9 languages: 0 errors, 0 warnings\n");
    assert_int_equal(code, 0);
    free(text);
}

static void the_report_is_sorted_by_file_and_line(void **state)
{
    (void)state;
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load(SITES "/unknown-references", &site, report), STATUS_INVALID);
    assert_null(site);
    int last = 0;
    bool in_text = false;
    for (size_t i = 0; site_report_line(report, i) != NULL; i++) {
        const char *line = site_report_line(report, i);
        bool text = strstr(line, "text.en.yaml:") != NULL;
        int number = (int)strtol(strstr(line, ".yaml:") + strlen(".yaml:"), NULL, 10);
        assert_true(text || !in_text); /* site.yaml first */
        assert_true(text != in_text || number >= last);
        in_text = text;
        last = number;
    }
    assert_true(in_text);
    site_report_destroy(report);
}

/* files that are no files */

struct folder {
    char path[64];
};

static int make_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    kit_set(folder->path, sizeof folder->path, "/tmp/quarter-site-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) == NULL;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    kit_remove_folder(folder->path);
    free(folder);
    return 0;
}

static void expect_first_line(const struct folder *folder, const char *what)
{
    int code = 0;
    char *text = checked(folder->path, &code);
    char expected[256];
    snprintf(expected, sizeof expected, "%s/site.yaml:1:1: the file cannot be read: %s\n",
             folder->path, what);
    assert_int_equal(code, 78);
    assert_memory_equal(text, expected, strlen(expected));
    free(text);
}

static void a_missing_folder_is_told(void **state)
{
    (void)state;
    int code = 0;
    char *text = checked("/nowhere/at/all", &code);
    assert_non_null(strstr(
        text, "/nowhere/at/all/site.yaml:1:1: the file cannot be read: there is no such file\n"));
    assert_int_equal(code, 78);
    free(text);
}

static void a_pipe_does_not_block(void **state)
{
    struct folder *folder = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/site.yaml", folder->path);
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_first_line(folder, "it is not a plain file");
}

static void a_folder_is_not_read(void **state)
{
    struct folder *folder = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/site.yaml", folder->path);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_first_line(folder, "it is not a plain file");
}

static void write_site(const struct folder *folder, const char *bytes, size_t length, off_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/site.yaml", folder->path);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fflush(file);
    assert_int_equal(ftruncate(fileno(file), size), 0);
    fclose(file);
}

static void a_huge_file_is_not_read(void **state)
{
    write_site(*state, "site: x\n", 8, (off_t)1 << 33);
    expect_first_line(*state, "it is larger than 256 KiB");
}

static void a_binary_file_is_not_read(void **state)
{
    write_site(*state, "site: x\n", 8, 1000);
    expect_first_line(*state, "it is not a text file (it holds null bytes)");
}

static void a_flood_of_errors_is_counted_but_not_listed(void **state)
{
    enum { FLOOD_BYTES = 60000 };
    char *text = calloc(1, FLOOD_BYTES);
    assert_non_null(text);
    size_t used = 0;
    for (int i = 0; i < 2000; i++) {
        used += (size_t)snprintf(text + used, FLOOD_BYTES - used, "unknown_%d: 1\n", i);
    }
    write_site(*state, text, used, (off_t)used);
    free(text);
    int code = 0;
    char *output = checked(((struct folder *)*state)->path, &code);
    assert_int_equal(code, 78);
    assert_true(strlen(output) < (size_t)100 * 1024);
    assert_non_null(strstr(output, "\nand 1710 more\n"));
    assert_non_null(strstr(output, ": 2010 errors, 0 warnings\n"));
    free(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_faulty_site_is_told_as_expected),
        cmocka_unit_test(the_example_site_is_without_fault),
        cmocka_unit_test(the_report_is_sorted_by_file_and_line),
        cmocka_unit_test(a_missing_folder_is_told),
        cmocka_unit_test_setup_teardown(a_pipe_does_not_block, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_is_not_read, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_huge_file_is_not_read, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_binary_file_is_not_read, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_flood_of_errors_is_counted_but_not_listed, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests_name("site_check", tests, NULL, NULL);
}
