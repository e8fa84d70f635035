/* Each way in which questions, signposts and other names can be wrong: the small site tests/unit/sites/triage with one
 * piece of it replaced, and all that is then said. Run from the project's root. */
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
#include "triage_mutations.h"

#define TRIAGE "tests/unit/sites/triage"

enum { FILE_BYTES = 16 * 1024 };

static const char *const names[] = {"site.yaml", "text.en.yaml", "text.pl.yaml"};
static void add_file(FILE *bundle, int index, const struct mutation *mutation)
{
    char path[128];
    char text[FILE_BYTES];
    snprintf(path, sizeof path, TRIAGE "/%s", names[index]);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    if (mutation == NULL || (int)mutation->file != index) {
        fprintf(bundle, "file %s %zu\n%s\n", names[index], length, text);
        return;
    }
    const char *place = strstr(text, mutation->from);
    if (place == NULL) {
        fail_msg("%s does not hold '%s'", path, mutation->from);
    }
    fprintf(bundle, "file %s %zu\n%.*s%s%s\n", names[index],
            length - strlen(mutation->from) + strlen(mutation->to), (int)(place - text), text,
            mutation->to, place + strlen(mutation->from));
}

static enum status load(const struct mutation *mutation, struct site **site,
                        struct site_report *report)
{
    char *text = NULL;
    size_t length = 0;
    FILE *bundle = open_memstream(&text, &length);
    assert_non_null(bundle);
    fputs("quarter-site 1\n", bundle);
    for (int i = 0; i < FILES; i++) {
        add_file(bundle, i, mutation);
    }
    assert_int_equal(fclose(bundle), 0);
    enum status status = site_load_text(text, length, site, report);
    free(text);
    return status;
}

static char *told(const struct site_report *report)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    site_report_print(report, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static bool as_expected(const char *text, const char *wanted)
{
    size_t length = strlen(wanted);
    const bool open = length >= 3 && strcmp(wanted + length - 3, "...") == 0;
    return open ? strncmp(text, wanted, length - 3) == 0 : strcmp(text, wanted) == 0;
}

static void each_fault_is_told_with_its_place(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof mutations / sizeof mutations[0]; i++) {
        struct site *site = NULL;
        struct site_report *report = site_report_create();
        const bool loads = load(&mutations[i], &site, report) == STATUS_OK;
        char *text = told(report);
        assert_int_equal(loads, site_report_errors(report) == 0);
        if (!as_expected(text, mutations[i].told)) {
            print_error("'%s' instead of '%s' is told as\n%sbut should be\n%s\n", mutations[i].to,
                        mutations[i].from, text, mutations[i].told);
            wrong++;
        }
        free(text);
        site_destroy(site);
        site_report_destroy(report);
    }
    assert_int_equal(wrong, 0);
}

/* What kiosks get of the unchanged site. */
static struct site_info *info_of_triage(void)
{
    struct site *site = NULL;
    struct site_info *info = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(load(NULL, &site, report), STATUS_OK);
    assert_int_equal(site_info_read(site_json(site), strlen(site_json(site)), &info), STATUS_OK);
    site_destroy(site);
    site_report_destroy(report);
    return info;
}

static void clients_get_questions_with_their_effects(void **state)
{
    (void)state;
    struct site_info *info = info_of_triage();
    assert_int_equal(info->question_count, 5);
    const struct site_question *about = &info->questions[site_info_find_question(info, "about")];
    assert_int_equal(about->kind, SITE_QUESTION_ONE);
    assert_string_equal(site_info_text(info, &about->title, "pl"), "Czego to dotyczy?");
    assert_string_equal(site_info_text(info, &about->hint, "en"), "so that we can help");
    assert_int_equal(about->answer_count, 4);
    assert_int_equal(about->answers[0].service, -1);
    assert_int_equal(about->answers[0].signpost, -1);
    assert_int_equal(about->answers[0].ticket_class, CLASS_NORMAL);
    assert_int_equal(about->answers[0].needs, 0);
    assert_string_equal(about->answers[0].avoidable, "");
    assert_string_equal(info->services[about->answers[1].service].code, "parking");
    assert_int_equal(about->answers[2].signpost, site_info_find_signpost(info, "online"));
    assert_string_equal(about->answers[2].avoidable, "wrong_place");
    assert_int_equal(about->answers[3].ticket_class, CLASS_URGENT);
    assert_int_equal(about->answers[3].needs, 1);
    assert_int_equal(site_info_find_answer(about, "tonight"), 3);
    assert_int_equal(site_info_find_answer(about, "never"), -1);
    assert_int_equal(info->avoidable_count, 2);
    assert_string_equal(info->avoidable[0], "wrong_place");
    assert_string_equal(info->avoidable[1], "chasing");
    const struct site_signpost *online = &info->signposts[0];
    assert_string_equal(online->url, "https://www.example.gov.uk/bill");
    assert_true(online->print);
    assert_string_equal(site_info_text(info, &online->title, "pl"), "W internecie");
    assert_string_equal(site_info_text(info, &online->text, NULL), "All bills are online.");
    site_info_destroy(info);
}

/* However the file names them, and with words for both. */
static void yes_comes_before_no(void **state)
{
    (void)state;
    struct site_info *info = info_of_triage();
    const struct site_question *children = &info->questions[1];
    assert_int_equal(children->kind, SITE_QUESTION_YES_NO);
    assert_int_equal(children->answer_count, 2);
    assert_string_equal(children->answers[0].code, "yes");
    assert_string_equal(children->answers[1].code, "no");
    assert_int_equal(children->answers[0].ticket_class, CLASS_ASSISTED);
    assert_int_equal(children->answers[1].ticket_class, CLASS_NORMAL);
    assert_string_equal(site_info_text(info, &children->answers[0].name, "en"), "Yes, with me");
    assert_string_equal(site_info_text(info, &children->answers[0].name, "pl"), "Tak, ze mną");
    assert_string_equal(site_info_text(info, &children->answers[1].name, "en"), "No");
    assert_string_equal(site_info_text(info, &children->answers[1].name, "pl"), "Nie");
    site_info_destroy(info);
}

static void clients_get_what_each_service_asks(void **state)
{
    (void)state;
    struct site_info *info = info_of_triage();
    const struct site_service *housing = site_info_find_service(info, "housing");
    const struct site_service *parking = site_info_find_service(info, "parking");
    assert_true(housing->ask_first);
    assert_int_equal(housing->question_count, 3);
    assert_string_equal(info->questions[housing->questions[2]].code, "papers");
    assert_false(parking->ask_first);
    const struct site_question *reference = &info->questions[parking->questions[0]];
    assert_int_equal(reference->kind, SITE_QUESTION_NUMBER);
    assert_int_equal(reference->digits, 8);
    assert_int_equal(info->questions[4].letters, 200);
    assert_int_equal(parking->also_count, 2);
    assert_string_equal(parking->also[1].in[0], "ticket");
    assert_string_equal(parking->also[0].in[1], "mandat");
    assert_null(parking->also[1].in[1]); /* Polish has one name: English ones do not stand in */
    assert_int_equal(site_info_scanned_service(info, "pcn 4711"), 1);
    assert_int_equal(site_info_scanned_service(info, "P/1"), 1);
    assert_int_equal(site_info_scanned_service(info, "HB"), 0);
    assert_int_equal(site_info_scanned_service(info, "H"), -1);
    assert_int_equal(site_info_scanned_service(info, ""), -1);
    site_info_destroy(info);
}

/* A server of another version, or one that errs: refused whole, rather than a page that leads nowhere. */
static void documents_that_lead_nowhere_are_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"kind\":\"several\"", "\"kind\":\"many\""},
        {"\"kind\":\"number\"", "\"kind\":\"one\""},
        {"\"kind\":\"one\"", "\"kind\":\"several\""},
        {"\"kind\":\"one\"", "\"kind\":\"yes_no\""},
        {"\"kind\":\"one\"", "\"kind\":\"text\",\"letters\":9"},
        {"\"digits\":8", "\"digits\":null"},
        {"\"digits\":8", "\"digits\":21"},
        {"\"letters\":200", "\"letters\":\"many\""},
        {"\"code\":\"no\"", "\"code\":\"maybe\""},
        {"\"service\":\"parking\"", "\"service\":\"cinema\""},
        {"\"service\":\"parking\"", "\"service\":7"},
        {"\"service\":\"parking\",\"signpost\":null",
         "\"service\":\"parking\",\"signpost\":\"online\""},
        {"\"signpost\":\"online\"", "\"signpost\":\"offline\""},
        {"\"class\":\"urgent\"", "\"class\":\"royal\""},
        {"\"class\":\"urgent\"", "\"class\":[]"},
        {"\"needs\":[\"interpreter\"],\"avoidable\"", "\"needs\":[\"magic\"],\"avoidable\""},
        {"\"needs\":[\"interpreter\"],\"avoidable\"", "\"needs\":[7],\"avoidable\""},
        {"\"avoidable\":\"chasing\"", "\"avoidable\":\"not a code\""},
        {"\"avoidable_reasons\":[", "\"avoidable_reasons\":[\"not a code\","},
        {"\"avoidable_reasons\":[", "\"avoidable_reasons\":[1,"},
        {"\"questions\":[\"about\"", "\"questions\":[\"unheard_of\""},
        {"\"questions\":[\"about\"", "\"questions\":[\"about\",\"story\""},
        {"\"questions\":[{", "\"questions\":[7,{"},
        {"\"signposts\":[{", "\"signposts\":[{},{"},
        {"\"scan\":[\"HB\"]", "\"scan\":[\"\"]"},
        {"\"scan\":[\"HB\"]", "\"scan\":[\"ABCDEFGHIJKLMNOPQ\"]"},
        {"\"scan\":[\"HB\"]", "\"scan\":[\"A\",\"B\",\"C\",\"D\",\"E\"]"},
        {"\"also\":{\"en\":[]", "\"also\":{\"en\":7"},
        {"\"width_mm\":null", "\"width_mm\":-1"},
    };
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(load(NULL, &site, report), STATUS_OK);
    const char *json = site_json(site);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct site_info *info = NULL;
        const char *place = strstr(json, changes[i][0]);
        if (place == NULL) {
            fail_msg("the document does not hold %s", changes[i][0]);
        }
        char *text = NULL;
        size_t length = 0;
        FILE *out = open_memstream(&text, &length);
        assert_non_null(out);
        fprintf(out, "%.*s%s%s", (int)(place - json), json, changes[i][1],
                place + strlen(changes[i][0]));
        assert_int_equal(fclose(out), 0);
        if (site_info_read(text, length, &info) != STATUS_INVALID) {
            fail_msg("read although it has %s", changes[i][1]);
        }
        free(text);
    }
    site_destroy(site);
    site_report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_told_with_its_place),
        cmocka_unit_test(clients_get_questions_with_their_effects),
        cmocka_unit_test(yes_comes_before_no),
        cmocka_unit_test(clients_get_what_each_service_asks),
        cmocka_unit_test(documents_that_lead_nowhere_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
