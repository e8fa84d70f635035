/* A report as a table for people, as CSV with a line for each policy and group, and as JSON. See report.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/report_math.h"

/* The widest figure is a wait of days with its interval; the longest code is a service's. */
enum { CELL_BYTES = 64, LABEL_WIDTH = 34, CELL_WIDTH = 25, DAYS_SHOWN = 31 };

static const double minute_ms = 60000.0;

/* One of the figures of a row, with its scale in tables and its name in all of them. */
struct column {
    const char *label, *key;
    struct report_figure (*of)(const struct report_row *row);
    double scale; /* in tables: shares are per cent there */
    int decimals;
};

static struct report_figure plain(double value)
{
    return (struct report_figure){.value = value, .low = (double)NAN, .high = (double)NAN};
}

static struct report_figure of_within(const struct report_row *row)
{
    return row->within;
}

static struct report_figure of_strict(const struct report_row *row)
{
    return row->within_strict;
}

static struct report_figure of_mean(const struct report_row *row)
{
    return row->mean_min;
}

static struct report_figure of_p50(const struct report_row *row)
{
    return row->p50_min;
}

static struct report_figure of_p90(const struct report_row *row)
{
    return row->p90_min;
}

static struct report_figure of_p95(const struct report_row *row)
{
    return row->p95_min;
}

static struct report_figure of_max(const struct report_row *row)
{
    return plain(row->max_min);
}

static struct report_figure of_excess(const struct report_row *row)
{
    return row->excess_min;
}

static struct report_figure of_left(const struct report_row *row)
{
    return row->left_share;
}

static struct report_figure of_passed_late(const struct report_row *row)
{
    return row->passed_late;
}

static struct report_figure of_slips_mean(const struct report_row *row)
{
    return row->slips_mean;
}

static struct report_figure of_slips_max(const struct report_row *row)
{
    return plain(row->slips_max);
}

static struct report_figure of_overtaken(const struct report_row *row)
{
    return plain(row->overtaken_max_min);
}

static const struct column columns[] = {
    {"called within # min, %", "within", of_within, 100, 1},
    {"  strict: of all who came, %", "within_strict", of_strict, 100, 1},
    {"wait, mean, min", "mean_min", of_mean, 1, 2},
    {"  P50", "p50_min", of_p50, 1, 1},
    {"  P90", "p90_min", of_p90, 1, 1},
    {"  P95", "p95_min", of_p95, 1, 1},
    {"  longest", "max_min", of_max, 1, 1},
    {"E[(wait - #)+], min", "excess_min", of_excess, 1, 2},
    {"left, %", "left_share", of_left, 100, 1},
    {"passed over after # min, %", "passed_late", of_passed_late, 100, 2},
    {"slips, mean", "slips_mean", of_slips_mean, 1, 2},
    {"  most", "slips_max", of_slips_max, 1, 0},
    {"largest overtaking, min", "overtaken_max_min", of_overtaken, 1, 1},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

const char *report_number(double value, int decimals, char *text, size_t size)
{
    if (isnan(value)) {
        (void)snprintf(text, size, "unknown");
    } else {
        (void)snprintf(text, size, "%.*f", decimals, value);
    }
    return text;
}

/* "85.9 (84.1 to 87.6)" */
static const char *cell(struct report_figure figure, double scale, int decimals,
                        char text[CELL_BYTES])
{
    (void)report_number(scale * figure.value, decimals, text, CELL_BYTES);
    if (!isnan(figure.low) && !isnan(figure.value)) {
        const size_t length = strlen(text);
        (void)snprintf(text + length, CELL_BYTES - length, " (%.*f to %.*f)", decimals,
                       scale * figure.low, decimals, scale * figure.high);
    }
    return text;
}

/* ---- Table */

/* '#' in a label: the standard, in minutes. */
static void print_label(const char *label, double standard_min, FILE *out)
{
    char text[CELL_BYTES];
    const char *at = strchr(label, '#');
    if (at == NULL) {
        (void)snprintf(text, sizeof(text), "%s", label);
    } else {
        (void)snprintf(text, sizeof(text), "%.*s%g%s", (int)(at - label), label, standard_min,
                       at + 1);
    }
    (void)fprintf(out, "%-*s", LABEL_WIDTH, text);
}

static void print_heads(const struct report *report, const char *title, int from, FILE *out)
{
    (void)fprintf(out, "%-*s", LABEL_WIDTH, title);
    for (int i = from; i < report_policy_count(report); i++) {
        (void)fprintf(out, " %*s", CELL_WIDTH, report_policy_name(report, i));
    }
    (void)fputc('\n', out);
}

static void print_counts(const struct report_row *rows, int count, FILE *out)
{
    static const char *const labels[] = {"visits", "  served", "  left",
                                         "    of those called in vain", "bookings that never came"};
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        (void)fprintf(out, "%-*s", LABEL_WIDTH, labels[i]);
        for (int j = 0; j < count; j++) {
            const int64_t values[] = {rows[j].visits, rows[j].served, rows[j].left,
                                      rows[j].no_shows, rows[j].missed};
            (void)fprintf(out, " %*lld", CELL_WIDTH, (long long)values[i]);
        }
        (void)fputc('\n', out);
    }
}

static void print_all(const struct report *report, FILE *out)
{
    const int count = report_policy_count(report);
    struct report_row rows[REPORT_POLICIES_MAX];
    const double standard_min = (double)report_terms(report)->standard_ms / minute_ms;
    for (int i = 0; i < count; i++) {
        report_row(report, i, REPORT_ALL, 0, &rows[i]);
    }
    print_heads(report, "everybody", 0, out);
    for (int i = 0; i < COLUMNS; i++) {
        print_label(columns[i].label, standard_min, out);
        for (int j = 0; j < count; j++) {
            char text[CELL_BYTES];
            (void)fprintf(
                out, " %*s", CELL_WIDTH,
                cell(columns[i].of(&rows[j]), columns[i].scale, columns[i].decimals, text));
        }
        (void)fputc('\n', out);
    }
    print_counts(rows, count, out);
}

static void print_paired(const struct report *report, FILE *out)
{
    const int count = report_policy_count(report);
    struct report_paired paired[REPORT_POLICIES_MAX];
    if (count < 2) {
        return;
    }
    for (int i = 1; i < count; i++) {
        report_compare(report, i, 0, &paired[i]);
    }
    static const char *const labels[] = {"called within, points", "  strict",
                                         "mean wait, min",        "  P90 of a day",
                                         "  P95 of a day",        "E[(wait - standard)+], min"};
    char title[CELL_BYTES];
    (void)snprintf(title, sizeof(title), "less %s, day by day", report_policy_name(report, 0));
    (void)fputc('\n', out);
    print_heads(report, title, 1, out);
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        (void)fprintf(out, "%-*s", LABEL_WIDTH, labels[i]);
        for (int j = 1; j < count; j++) {
            const struct report_figure figures[] = {paired[j].within,   paired[j].within_strict,
                                                    paired[j].mean_min, paired[j].p90_min,
                                                    paired[j].p95_min,  paired[j].excess_min};
            char text[CELL_BYTES];
            (void)fprintf(out, " %*s", CELL_WIDTH, cell(figures[i], i < 2 ? 100 : 1, 2, text));
        }
        (void)fputc('\n', out);
    }
}

static void print_group(const struct report *report, int policy, enum report_group group,
                        const char *title, FILE *out)
{
    char text[3][CELL_BYTES];
    (void)fprintf(out, "\n%s, %s\n", report_policy_name(report, policy), title);
    (void)fprintf(out, "  %-*s %7s %*s %*s %8s %8s %8s %8s %8s\n", QUARTER_CODE_MAX, "", "visits",
                  CELL_WIDTH, "within, %", CELL_WIDTH, "wait, mean, min", "P50", "P90", "P95",
                  "longest", "left, %");
    for (int i = 0; i < report_group_count(report, policy, group); i++) {
        struct report_row row;
        report_row(report, policy, group, i, &row);
        (void)fprintf(out, "  %-*s %7lld %*s %*s", QUARTER_CODE_MAX,
                      report_group_name(report, policy, group, i), (long long)row.visits,
                      CELL_WIDTH, cell(row.within, 100, 1, text[0]), CELL_WIDTH,
                      cell(row.mean_min, 1, 1, text[1]));
        const double values[] = {row.p50_min.value, row.p90_min.value, row.p95_min.value,
                                 row.max_min, 100 * row.left_share.value};
        for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
            (void)fprintf(out, " %8s", report_number(values[j], 1, text[2], CELL_BYTES));
        }
        (void)fputc('\n', out);
    }
}

static void print_days(const struct report *report, FILE *out)
{
    const int days =
        report_policy_count(report) == 0 ? 0 : report_group_count(report, 0, REPORT_DAY);
    (void)fputc('\n', out);
    print_heads(report, "called within, %, by day", 0, out);
    for (int day = 0; day < days && day < DAYS_SHOWN; day++) {
        (void)fprintf(out, "%-*s", LABEL_WIDTH, report_group_name(report, 0, REPORT_DAY, day));
        for (int i = 0; i < report_policy_count(report); i++) {
            struct report_row row;
            char text[CELL_BYTES];
            report_row(report, i, REPORT_DAY, day, &row);
            (void)fprintf(out, " %*s", CELL_WIDTH,
                          report_number(100 * row.within.value, 1, text, sizeof(text)));
        }
        (void)fputc('\n', out);
    }
    if (days > DAYS_SHOWN) {
        (void)fprintf(out, "... and %d more days (all of them with --format csv or json)\n",
                      days - DAYS_SHOWN);
    }
}

/* '#': the standard, in minutes. */
static const char *const meanings[] = {
    "What the words mean",
    "  called within # min: of all but those who told us within # min that they leave, and",
    "    no-shows called within # min. A wait counts from the arrival, or from the appointment",
    "    of whoever is on time, to the first call.",
    "  strict: of all who came; who leaves was not called in time.",
    "  waits: of those served. E[(wait - #)+]: the minutes beyond #, on average over all of them.",
    "  left: before they were served, whether they told us or not. transfer: second legs.",
    "  passed over: the share of those served who had waited over # min already when somebody",
    "    who came later was called.",
    "  slips: how many who came later were called first; overtaking: by how much later.",
    "  (a to b): 95 % intervals over days (Student's t; quantiles: Woodruff). None: less than",
    "    two days tell.",
    "A policy that calls more within # min may let others wait longer: its price is in P95 and",
    "passed over.",
};

static void print_meanings(double standard_min, FILE *out)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        (void)fputc('\n', out);
        for (const char *at = meanings[i]; *at != '\0'; at++) {
            if (*at == '#') {
                (void)fprintf(out, "%g", standard_min);
            } else {
                (void)fputc(*at, out);
            }
        }
    }
    (void)fputc('\n', out);
}

void report_write_table(const struct report *report, FILE *out)
{
    print_all(report, out);
    print_paired(report, out);
    for (int i = 0; i < report_policy_count(report); i++) {
        print_group(report, i, REPORT_CLASS, "by class", out);
        print_group(report, i, REPORT_SERVICE, "by service", out);
    }
    print_days(report, out);
    print_meanings((double)report_terms(report)->standard_ms / minute_ms, out);
}

/* ---- CSV */

static void print_field(const char *text, FILE *out)
{
    if (strpbrk(text, ",\"\n\r") == NULL) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void print_value(double value, FILE *out)
{
    if (isnan(value)) {
        (void)fputc(',', out);
    } else {
        (void)fprintf(out, ",%.6g", value);
    }
}

static const char *const group_names[] = {[REPORT_ALL] = "all",
                                          [REPORT_CLASS] = "class",
                                          [REPORT_SERVICE] = "service",
                                          [REPORT_DAY] = "day"};

static void print_line(const struct report *report, int policy, enum report_group group, int index,
                       FILE *out)
{
    struct report_row row;
    report_row(report, policy, group, index, &row);
    print_field(report_policy_name(report, policy), out);
    (void)fprintf(out, ",%s,", group_names[group]);
    print_field(report_group_name(report, policy, group, index), out);
    (void)fprintf(out, ",%d,%lld,%lld,%lld,%lld,%lld,", row.days, (long long)row.visits,
                  (long long)row.counted, (long long)row.served, (long long)row.left,
                  (long long)row.no_shows);
    if (row.missed >= 0) {
        (void)fprintf(out, "%lld", (long long)row.missed);
    }
    for (int i = 0; i < COLUMNS; i++) {
        const struct report_figure figure = columns[i].of(&row);
        print_value(figure.value, out);
        print_value(figure.low, out);
        print_value(figure.high, out);
    }
    (void)fputc('\n', out);
}

void report_write_csv(const struct report *report, FILE *out)
{
    (void)fprintf(out, "policy,group,name,days,visits,counted,served,left,no_shows,missed");
    for (int i = 0; i < COLUMNS; i++) {
        (void)fprintf(out, ",%s,%s_low,%s_high", columns[i].key, columns[i].key, columns[i].key);
    }
    (void)fputc('\n', out);
    for (int policy = 0; policy < report_policy_count(report); policy++) {
        for (int group = REPORT_ALL; group <= REPORT_DAY; group++) {
            const int count = report_group_count(report, policy, (enum report_group)group);
            for (int i = 0; i < count; i++) {
                print_line(report, policy, (enum report_group)group, i, out);
            }
        }
    }
}

/* ---- JSON */

static json_t *json_number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *json_figure(struct report_figure figure)
{
    return json_pack("{s:o, s:o, s:o}", "value", json_number(figure.value), "low",
                     json_number(figure.low), "high", json_number(figure.high));
}

static json_t *json_row(const struct report *report, int policy, enum report_group group, int index)
{
    struct report_row row;
    report_row(report, policy, group, index, &row);
    json_t *object = json_pack(
        "{s:s, s:i, s:I, s:I, s:I, s:I, s:I, s:o}", "name",
        report_group_name(report, policy, group, index), "days", row.days, "visits",
        (json_int_t)row.visits, "counted", (json_int_t)row.counted, "served",
        (json_int_t)row.served, "left", (json_int_t)row.left, "no_shows", (json_int_t)row.no_shows,
        "missed", row.missed >= 0 ? json_integer((json_int_t)row.missed) : json_null());
    CHECK(object != NULL);
    for (int i = 0; i < COLUMNS; i++) {
        CHECK(json_object_set_new(object, columns[i].key, json_figure(columns[i].of(&row))) == 0);
    }
    return object;
}

static json_t *json_group(const struct report *report, int policy, enum report_group group)
{
    json_t *list = json_array();
    CHECK(list != NULL);
    for (int i = 0; i < report_group_count(report, policy, group); i++) {
        CHECK(json_array_append_new(list, json_row(report, policy, group, i)) == 0);
    }
    return list;
}

static json_t *json_paired(const struct report *report)
{
    json_t *list = json_array();
    CHECK(list != NULL);
    for (int i = 1; i < report_policy_count(report); i++) {
        struct report_paired paired;
        report_compare(report, i, 0, &paired);
        json_t *object =
            json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "policy",
                      report_policy_name(report, i), "less", report_policy_name(report, 0), "days",
                      paired.days, "within", json_figure(paired.within), "within_strict",
                      json_figure(paired.within_strict), "mean_min", json_figure(paired.mean_min),
                      "p90_min", json_figure(paired.p90_min), "p95_min",
                      json_figure(paired.p95_min), "excess_min", json_figure(paired.excess_min));
        CHECK(object != NULL && json_array_append_new(list, object) == 0);
    }
    return list;
}

json_t *report_json(const struct report *report)
{
    json_t *policies = json_array();
    CHECK(policies != NULL);
    for (int i = 0; i < report_policy_count(report); i++) {
        json_t *object = json_pack(
            "{s:s, s:o, s:o, s:o, s:o}", "policy", report_policy_name(report, i), "all",
            json_row(report, i, REPORT_ALL, 0), "classes", json_group(report, i, REPORT_CLASS),
            "services", json_group(report, i, REPORT_SERVICE), "days",
            json_group(report, i, REPORT_DAY));
        CHECK(object != NULL && json_array_append_new(policies, object) == 0);
    }
    json_t *root = json_pack("{s:f, s:s, s:o, s:o}", "standard_min",
                             (double)report_terms(report)->standard_ms / minute_ms, "interval",
                             "95 %, Student's t over days", "policies", policies, "paired",
                             json_paired(report));
    CHECK(root != NULL);
    return root;
}
