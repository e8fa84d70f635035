/* The device's pure parts: what a printer's words mean, what it can take, what became of a job, a
 * page as raster. */
#include "printer/device/ability.h"
#include "printer/device/follow.h"
#include "printer/device/ipp.h"
#include "printer/device/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct print_wish PWG_80 = {PRINT_FORMAT_PWG, 80, 203};

static void reasons_lose_their_severity_and_sort_by_it(void **state)
{
    (void)state;
    static const char *const said[] = {"media-low-report",          "none",
                                       "marker-waste-full-warning", "cover-open-error",
                                       "media-empty-report",        "media-empty-error"};
    struct printer_condition condition = printer_condition_from(false, true, 6, said);
    assert_int_equal(condition.level, PRINTER_STOPPED);
    assert_int_equal(condition.reason_count, 4);
    assert_string_equal(condition.reasons[0], "media-empty");
    assert_string_equal(condition.reasons[1], "cover-open");
    assert_string_equal(condition.reasons[2], "media-low");
    assert_string_equal(condition.reasons[3], "marker-waste-full");
    assert_string_equal(printer_condition_reason(&condition), "media-empty");
}

static void each_reason_has_its_level(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        bool stopped, accepting;
        enum printer_level level;
        const char *reason;
    } rows[] = {
        {"none", false, true, PRINTER_READY, ""},
        {"none", true, true, PRINTER_STOPPED, "paused"},
        {"none", false, false, PRINTER_STOPPED, "paused"},
        {"media-empty-report", false, true, PRINTER_STOPPED, "media-empty"},
        {"media-needed-warning", false, true, PRINTER_STOPPED, "media-needed"},
        {"media-low", false, true, PRINTER_ATTENTION, "media-low"},
        {"door-open", false, true, PRINTER_STOPPED, "door-open"},
        {"media-jam-error", true, true, PRINTER_STOPPED, "media-jam"},
        {"offline-report", false, true, PRINTER_STOPPED, "offline"},
        {"paused", true, true, PRINTER_STOPPED, "paused"},
        {"connecting-to-device", false, true, PRINTER_STOPPED, "connecting-to-device"},
        {"timed-out", false, true, PRINTER_STOPPED, "timed-out"},
        {"fuser-hot-report", false, true, PRINTER_READY, "fuser-hot"},
        {"fuser-hot-warning", false, true, PRINTER_ATTENTION, "fuser-hot"},
        {"fuser-hot-error", false, true, PRINTER_STOPPED, "fuser-hot"},
        {"Evil\n{}", false, true, PRINTER_READY, ""},
        {"-error", false, true, PRINTER_READY, "-error"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct printer_condition condition =
            printer_condition_from(rows[i].stopped, rows[i].accepting, 1, &rows[i].said);
        assert_int_equal(condition.level, rows[i].level);
        assert_string_equal(printer_condition_reason(&condition), rows[i].reason);
    }
}

static void the_paper_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *said[2];
        bool stopped;
        const char *paper, *doubted;
    } rows[] = {
        {{"none"}, false, "ok", "unknown"},
        {{"media-low-warning"}, false, "low", "low"},
        {{"media-empty-report"}, false, "out", "out"},
        {{"media-needed-error"}, true, "out", "out"},
        {{"media-jam-error"}, true, "jam", "jam"},
        {{"media-empty-error", "media-jam-error"}, true, "jam", "jam"},
        {{"cover-open-error", "media-empty-error"}, true, "open", "open"},
        {{"interlock-open"}, false, "open", "open"},
        {{"door-open-report"}, false, "open", "open"},
        {{"paused"}, true, "gone", "gone"},
        {{"none"}, true, "gone", "gone"},
        {{"offline-report"}, false, "gone", "gone"},
        {{"connecting-to-device"}, false, "gone", "gone"},
        {{"fuser-hot-error"}, false, "gone", "gone"},
        {{"fuser-hot-error", "media-low"}, false, "gone", "gone"},
        {{"fuser-hot-warning"}, false, "ok", "unknown"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct printer_condition condition =
            printer_condition_from(rows[i].stopped, true, rows[i].said[1] ? 2 : 1, rows[i].said);
        assert_string_equal(printer_paper_code(condition.paper), rows[i].paper);
        printer_condition_doubt(&condition);
        assert_string_equal(printer_paper_code(condition.paper), rows[i].doubted);
    }
    struct printer_condition gone = printer_condition_of(PRINTER_GONE, "offline");
    assert_string_equal(printer_paper_code(gone.paper), "gone");
    struct printer_condition known = printer_condition_of(PRINTER_READY, "");
    struct printer_condition doubted = known;
    printer_condition_doubt(&doubted);
    assert_false(printer_condition_equal(&known, &doubted)); /* so it is told */
}

static void many_reasons_keep_the_gravest(void **state)
{
    (void)state;
    char words[20][24];
    const char *said[20];
    for (int i = 0; i < 20; i++) {
        snprintf(words[i], sizeof(words[i]), i == 19 ? "media-jam-error" : "x%d-report", i);
        said[i] = words[i];
    }
    struct printer_condition condition = printer_condition_from(false, true, 20, said);
    assert_int_equal(condition.reason_count, PRINTER_REASONS_MAX);
    assert_string_equal(condition.reasons[0], "media-jam");
}

static ipp_t *roll_printer(int from, int to)
{
    ipp_t *answer = ippNew();
    static const char *const types[] = {"sgray_8", "black_1"};
    static const int operations[] = {IPP_OP_PRINT_JOB, IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT};
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", NULL,
                 "image/pwg-raster");
    ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "pwg-raster-document-type-supported", 2,
                  NULL, types);
    ippAddResolution(answer, IPP_TAG_PRINTER, "pwg-raster-document-resolution-supported",
                     IPP_RES_PER_INCH, 203, 203);
    ippAddIntegers(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported", 3, operations);
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-col-supported", NULL,
                 "media-size");
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-supported", NULL,
                 "om_80x200_80x200mm");
    ipp_t *size = ippNew();
    ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", 8000);
    ippAddRange(size, IPP_TAG_ZERO, "y-dimension", from, to);
    ipp_t *entry = ippNew();
    ippAddCollection(entry, IPP_TAG_ZERO, "media-size", size);
    ippAddInteger(entry, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-left-margin", 400);
    ippAddInteger(entry, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-right-margin", 400);
    ippAddCollection(answer, IPP_TAG_PRINTER, "media-col-database", entry);
    ippDelete(entry);
    ippDelete(size);
    return answer;
}

static int asked_length(const struct printer_ability *ability, int page_height_px, int *left)
{
    ipp_t *request = ippNew();
    ability_add_media(ability, 80, page_height_px, request);
    ipp_attribute_t *media = ippFindAttribute(request, "media-col", IPP_TAG_BEGIN_COLLECTION);
    assert_non_null(media);
    ipp_t *col = ippGetCollection(media, 0);
    ipp_t *size =
        ippGetCollection(ippFindAttribute(col, "media-size", IPP_TAG_BEGIN_COLLECTION), 0);
    assert_int_equal(ippGetInteger(ippFindAttribute(size, "x-dimension", IPP_TAG_INTEGER), 0),
                     8000);
    int length = ippGetInteger(ippFindAttribute(size, "y-dimension", IPP_TAG_INTEGER), 0);
    *left = ippGetInteger(ippFindAttribute(col, "media-left-margin", IPP_TAG_INTEGER), 0);
    ippDelete(request);
    return length;
}

static void a_roll_is_asked_for_the_tickets_length(void **state)
{
    (void)state;
    ipp_t *answer = roll_printer(3000, 60000);
    struct printer_ability ability = ability_read(answer, &PWG_80);
    ippDelete(answer);
    assert_true(ability.usable);
    assert_true(ability.create_job);
    assert_int_equal(ability.type, RASTER_BLACK_1);
    assert_int_equal(ability.dpi, 203);
    assert_int_equal(ability.width_px, 576);
    int left;
    assert_int_equal(asked_length(&ability, 812, &left), 10160);
    assert_int_equal(left, 400);
    assert_int_equal(asked_length(&ability, 8, &left), 3000);
    assert_int_equal(asked_length(&ability, 16000, &left), 60000);
}

static void fixed_sizes_get_the_nearest(void **state)
{
    (void)state;
    static const char *const media[] = {"iso_a4_210x297mm", "om_80x100_80x100mm",
                                        "om_80x200_80x200mm", "om_58x200_58x200mm"};
    ipp_t *answer = ippNew();
    ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-supported", 4, NULL, media);
    struct printer_ability ability = ability_read(answer, &PWG_80);
    ippDelete(answer);
    assert_false(ability.usable);
    static const struct {
        int height_px;
        const char *media;
    } rows[] = {
        {400, "om_80x100_80x100mm"}, {1200, "om_80x200_80x200mm"}, {3000, "om_80x200_80x200mm"}};
    for (size_t i = 0; i < 3; i++) {
        ipp_t *request = ippNew();
        ability_add_media(&ability, 80, rows[i].height_px, request);
        ipp_attribute_t *chosen = ippFindAttribute(request, "media", IPP_TAG_KEYWORD);
        assert_non_null(chosen);
        assert_string_equal(ippGetString(chosen, 0, NULL), rows[i].media);
        ippDelete(request);
    }
    ipp_t *nothing = ippNew();
    ability = ability_read(nothing, &PWG_80);
    ability_add_media(&ability, 80, 400, nothing);
    assert_null(ippFirstAttribute(nothing));
    ippDelete(nothing);
}

/* What each kind of printer offers, and what of it is used. */
static void the_format_is_what_is_wished_for_or_offered(void **state)
{
    (void)state;
    enum { RASTER = 1, RAW = 2, TYPES = 4, TRAY = 8 };
    static const struct {
        unsigned offers;
        enum print_format wished, format;
        bool usable, senses;
    } rows[] = {
        {RASTER | TYPES | TRAY, PRINT_FORMAT_AUTO, PRINT_FORMAT_PWG, true, true},
        {RASTER | TYPES | RAW | TRAY, PRINT_FORMAT_AUTO, PRINT_FORMAT_PWG, true, true},
        {RASTER | TYPES | RAW | TRAY, PRINT_FORMAT_ESCPOS, PRINT_FORMAT_ESCPOS, true, true},
        {RASTER | TYPES | TRAY, PRINT_FORMAT_ESCPOS, PRINT_FORMAT_ESCPOS, false, true},
        {RAW | TRAY, PRINT_FORMAT_AUTO, PRINT_FORMAT_ESCPOS, true, true},
        {RAW | TRAY, PRINT_FORMAT_PWG, PRINT_FORMAT_PWG, false, true},
        /* a raw CUPS queue names every format that cupsd has heard of */
        {RASTER | RAW, PRINT_FORMAT_AUTO, PRINT_FORMAT_ESCPOS, true, false},
        {RASTER | RAW, PRINT_FORMAT_PWG, PRINT_FORMAT_PWG, false, false},
        {0, PRINT_FORMAT_AUTO, PRINT_FORMAT_ESCPOS, false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *formats[3] = {"application/octet-stream"};
        int count = 1;
        if (rows[i].offers & RASTER)
            formats[count++] = "image/pwg-raster";
        if (rows[i].offers & RAW)
            formats[count++] = "application/vnd.cups-raw";
        ipp_t *answer = ippNew();
        ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", count,
                      NULL, formats);
        if (rows[i].offers & TYPES)
            ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
                         "pwg-raster-document-type-supported", NULL, "sgray_8");
        if (rows[i].offers & TRAY)
            ippAddOctetString(answer, IPP_TAG_PRINTER, "printer-input-tray", "type=other;", 11);
        ippAddResolution(answer, IPP_TAG_PRINTER, "printer-resolution-supported", IPP_RES_PER_INCH,
                         300, 300);
        struct print_wish wish = {rows[i].wished, 58, 0};
        struct printer_ability ability = ability_read(answer, &wish);
        assert_int_equal(ability.format, rows[i].format);
        assert_int_equal(ability.usable, rows[i].usable);
        assert_int_equal(ability.senses_paper, rows[i].senses);
        bool escpos = ability.format == PRINT_FORMAT_ESCPOS;
        assert_int_equal(ability.dpi, escpos ? 203 : 300);
        if (escpos)
            assert_int_equal(ability.width_px, 384);
        ippDelete(answer);
    }
}

static void the_heads_of_receipt_printers(void **state)
{
    (void)state;
    assert_int_equal(ability_dots(80, 203), 576);
    assert_int_equal(ability_dots(58, 203), 384);
    assert_int_equal(ability_dots(80, 180), 512); /* TM-T88 */
    ipp_t *answer = ippNew();
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", NULL,
                 "application/vnd.cups-raw");
    struct print_wish wish = {PRINT_FORMAT_AUTO, 80, 180};
    struct printer_ability ability = ability_read(answer, &wish);
    assert_int_equal(ability.dpi, 180);
    assert_int_equal(ability.width_px, 512);
    ippDelete(answer);
}

static void the_resolution_nearest_to_203_is_taken(void **state)
{
    (void)state;
    static const int offered[] = {600, 180, 300};
    ipp_t *answer = ippNew();
    ippAddResolutions(answer, IPP_TAG_PRINTER, "pwg-raster-document-resolution-supported", 3,
                      IPP_RES_PER_INCH, offered, offered);
    struct printer_ability ability = ability_read(answer, &PWG_80);
    assert_int_equal(ability.dpi, 180);
    ippDelete(answer);
    assert_int_equal(ability_dots(80, 203), 576);
    assert_int_equal(ability_dots(58, 203), 384);
    assert_int_equal(ability_dots(80, 300) % 8, 0);
}

static struct job_report report(enum job_phase phase, const char *reason)
{
    struct job_report made = {.phase = phase};
    snprintf(made.reason, sizeof(made.reason), "%s", reason);
    return made;
}

static void a_job_ends_as_the_printer_says(void **state)
{
    (void)state;
    static const struct {
        enum job_phase phase;
        const char *said;
        enum follow_verdict verdict;
        const char *reason;
    } rows[] = {
        {JOB_WAITS, "", FOLLOW_ON, ""},
        {JOB_PRINTS, "", FOLLOW_ON, ""},
        {JOB_COMPLETED, "", FOLLOW_PRINTED, ""},
        {JOB_ABORTED, "aborted-by-system", FOLLOW_FAILED, "aborted-by-system"},
        {JOB_ABORTED, "", FOLLOW_FAILED, "aborted"},
        {JOB_CANCELED, "", FOLLOW_FAILED, "canceled"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct follow follow;
        char reason[PRINTER_REASON_BYTES];
        follow_start(&follow, 1000);
        struct job_report said = report(rows[i].phase, rows[i].said);
        assert_int_equal(follow_answered(&follow, &said, "", 1300, reason), rows[i].verdict);
        assert_string_equal(reason, rows[i].reason);
    }
}

static void it_is_asked_ever_less_often(void **state)
{
    (void)state;
    struct follow follow;
    char reason[PRINTER_REASON_BYTES];
    struct job_report prints = report(JOB_PRINTS, "");
    follow_start(&follow, 0);
    int64_t now = follow.next_ask_ms;
    assert_int_equal(now, FOLLOW_PAUSE_FIRST_MS);
    int asked = 0;
    for (; now < 60000; now = follow.next_ask_ms, asked++)
        assert_int_equal(follow_answered(&follow, &prints, "", now, reason), FOLLOW_ON);
    assert_in_range(asked, 25, 45);
    assert_int_equal(follow.pause_ms, FOLLOW_PAUSE_MOST_MS);
}

static void silence_and_standstill_end_as_unknown(void **state)
{
    (void)state;
    struct follow follow;
    char reason[PRINTER_REASON_BYTES];
    struct job_report prints = report(JOB_PRINTS, "");
    follow_start(&follow, 0);
    assert_int_equal(follow_unanswered(&follow, false, FOLLOW_SILENCE_MS - 1, reason), FOLLOW_ON);
    assert_int_equal(follow_unanswered(&follow, false, FOLLOW_SILENCE_MS, reason), FOLLOW_UNKNOWN);
    assert_string_equal(reason, "offline");
    follow_start(&follow, 0);
    assert_int_equal(follow_unanswered(&follow, true, 1, reason), FOLLOW_UNKNOWN);
    assert_string_equal(reason, "job-lost");
    follow_start(&follow, 0);
    assert_int_equal(follow_answered(&follow, &prints, "", FOLLOW_IDLE_MS - 1, reason), FOLLOW_ON);
    assert_int_equal(follow_answered(&follow, &prints, "", FOLLOW_IDLE_MS, reason), FOLLOW_UNKNOWN);
    assert_string_equal(reason, "timed-out");
}

static void a_job_cut_off_waits_only_a_moment_for_the_rest(void **state)
{
    (void)state;
    struct follow follow;
    char reason[PRINTER_REASON_BYTES];
    struct job_report whole = report(JOB_WAITS, "");
    struct job_report lacking = report(JOB_WAITS, "");
    lacking.lacks_document = true;
    follow_start(&follow, 1000);
    follow_cut_off(&follow);
    int64_t then = 1000 + FOLLOW_CUT_MS;
    assert_int_equal(follow_answered(&follow, &lacking, "", then - 1, reason), FOLLOW_ON);
    assert_int_equal(follow_answered(&follow, &whole, "", then, reason), FOLLOW_ON);
    assert_int_equal(follow_answered(&follow, &lacking, "", then, reason), FOLLOW_UNKNOWN);
    assert_string_equal(reason, "interrupted");
    follow_start(&follow, 1000); /* nothing was lost: the printer takes its time */
    assert_int_equal(follow_answered(&follow, &lacking, "", then, reason), FOLLOW_ON);
}

static void without_paper_it_waits_and_says_why(void **state)
{
    (void)state;
    struct follow follow;
    char reason[PRINTER_REASON_BYTES];
    struct job_report prints = report(JOB_PRINTS, "");
    follow_start(&follow, 0);
    assert_int_equal(follow_answered(&follow, &prints, "media-empty", 1000, reason), FOLLOW_ON);
    assert_string_equal(reason, "media-empty");
    int64_t later = 1000 + FOLLOW_IDLE_MS * 3;
    assert_int_equal(follow_answered(&follow, &prints, "media-empty", later, reason), FOLLOW_ON);
    /* paper is back: the clock for standing still starts again */
    assert_int_equal(follow_answered(&follow, &prints, "", later + 1, reason), FOLLOW_ON);
    assert_string_equal(reason, "");
    follow_start(&follow, 0);
    follow_answered(&follow, &prints, "media-empty", 0, reason);
    assert_int_equal(follow_answered(&follow, &prints, "media-empty", FOLLOW_HELD_MS, reason),
                     FOLLOW_UNKNOWN);
}

static void a_cancelled_job_ends_soon(void **state)
{
    (void)state;
    struct follow follow;
    char reason[PRINTER_REASON_BYTES];
    struct job_report prints = report(JOB_PRINTS, "");
    follow_start(&follow, 0);
    follow_cancelled(&follow, true, 5000);
    assert_int_equal(follow.next_ask_ms, 5000 + FOLLOW_PAUSE_FIRST_MS);
    assert_int_equal(follow_answered(&follow, &prints, "media-empty", 6000, reason), FOLLOW_ON);
    assert_int_equal(
        follow_answered(&follow, &prints, "media-empty", 5000 + FOLLOW_CANCEL_MS, reason),
        FOLLOW_FAILED); /* accepted, and without paper nothing came out */
    assert_string_equal(reason, "canceled");
    follow_start(&follow, 0);
    follow_cancelled(&follow, false, 5000);
    assert_int_equal(follow_answered(&follow, &prints, "", 5000 + FOLLOW_CANCEL_MS, reason),
                     FOLLOW_UNKNOWN);
}

static void a_page_comes_back_from_raster_dot_by_dot(void **state)
{
    (void)state;
    static const int widths[] = {576, 384, 13};
    for (size_t w = 0; w < 3; w++)
        for (int type = RASTER_BLACK_1; type <= RASTER_SGRAY_8; type++) {
            struct page *page;
            assert_int_equal(page_create(widths[w], 301, &page), STATUS_OK);
            unsigned seed = 7;
            for (int y = 0; y < 301; y++)
                for (int x = 0; x < widths[w]; x++) {
                    seed = seed * 1103515245u + 12345u;
                    if (y % 40 > 20 ? (seed >> 16) & 1 : y % 40 == 3)
                        page_set_black(page, x, y);
                }
            char *bytes;
            size_t size;
            assert_int_equal(raster_encode(page, (enum raster_type)type, 203, &bytes, &size),
                             STATUS_OK);
            assert_memory_equal(bytes, "RaS2PwgRaster", 14);
            FILE *file = tmpfile();
            assert_int_equal(fwrite(bytes, 1, size, file), size);
            rewind(file);
            struct page *back;
            int dpi;
            assert_int_equal(raster_decode(fileno(file), &back, &dpi), STATUS_OK);
            assert_true(page_equal(page, back));
            assert_int_equal(dpi, 203);
            fclose(file);
            free(bytes);
            page_destroy(page);
            page_destroy(back);
        }
}

static void what_is_no_raster_is_refused(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    fputs("RaS2 and then nothing of the kind", file);
    rewind(file);
    struct page *page = NULL;
    assert_int_equal(raster_decode(fileno(file), &page, NULL), STATUS_CORRUPT);
    assert_null(page);
    fclose(file);
}

static void printers_addresses_are_checked(void **state)
{
    (void)state;
    struct ipp_target target;
    assert_int_equal(ipp_target_parse("ipp://printer.local:8631/ipp/print", &target), STATUS_OK);
    assert_string_equal(target.host, "printer.local");
    assert_int_equal(target.port, 8631);
    assert_string_equal(target.resource, "/ipp/print");
    assert_int_equal(ipp_target_parse("ipps://10.0.0.7/ipp/print", &target), STATUS_OK);
    assert_true(target.tls);
    assert_int_equal(target.port, 631);
    static const char *const bad[] = {"",       "printer",     "http://printer/ipp",
                                      "ipp://", "file:///etc", "ipp://u:p@printer/ipp"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(ipp_target_parse(bad[i], &target), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_lose_their_severity_and_sort_by_it),
        cmocka_unit_test(each_reason_has_its_level),
        cmocka_unit_test(many_reasons_keep_the_gravest),
        cmocka_unit_test(a_roll_is_asked_for_the_tickets_length),
        cmocka_unit_test(fixed_sizes_get_the_nearest),
        cmocka_unit_test(the_paper_is_told_apart),
        cmocka_unit_test(the_format_is_what_is_wished_for_or_offered),
        cmocka_unit_test(the_heads_of_receipt_printers),
        cmocka_unit_test(the_resolution_nearest_to_203_is_taken),
        cmocka_unit_test(a_job_ends_as_the_printer_says),
        cmocka_unit_test(it_is_asked_ever_less_often),
        cmocka_unit_test(silence_and_standstill_end_as_unknown),
        cmocka_unit_test(a_job_cut_off_waits_only_a_moment_for_the_rest),
        cmocka_unit_test(without_paper_it_waits_and_says_why),
        cmocka_unit_test(a_cancelled_job_ends_soon),
        cmocka_unit_test(a_page_comes_back_from_raster_dot_by_dot),
        cmocka_unit_test(what_is_no_raster_is_refused),
        cmocka_unit_test(printers_addresses_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
