/* Intervals and words of the score. See score.h. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "quarter/check.h"
#include "simulate/score_parts.h"

/* ---- Intervals */

enum { FIGURES = sizeof(struct promise_figures) / sizeof(double) };

static void as_array(const struct promise_figures *figures, double values[FIGURES])
{
    memcpy(values, figures, sizeof(*figures));
}

/* Efron's jackknife over days: leave each out in turn. */
void score_jackknife(const struct promise_score *days, int count, struct score_row *row)
{
    struct promise_score all = {0};
    for (int i = 0; i < count; i++) {
        promise_score_merge(&all, &days[i]);
    }
    promise_score_figures(&all, &row->figures);
    double sum[FIGURES] = {0};
    double squares[FIGURES] = {0};
    for (int i = 0; i < count; i++) {
        struct promise_score others = {0};
        for (int j = 0; j < count; j++) {
            if (j != i) {
                promise_score_merge(&others, &days[j]);
            }
        }
        struct promise_figures figures;
        promise_score_figures(&others, &figures);
        double values[FIGURES];
        as_array(&figures, values);
        for (int k = 0; k < FIGURES; k++) {
            sum[k] += values[k];
            squares[k] += values[k] * values[k];
        }
    }
    double whole[FIGURES];
    double low[FIGURES];
    double high[FIGURES];
    as_array(&row->figures, whole);
    const bool known = all.count > 0;
    for (int k = 0; k < FIGURES; k++) {
        const double mean = count > 0 ? sum[k] / count : 0;
        const double variance = fmax(squares[k] - count * mean * mean, 0) * (count - 1) / count;
        const double half = known && count > 1 ? 1.96 * sqrt(variance) : (double)NAN;
        whole[k] = known ? whole[k] : (double)NAN;
        low[k] = whole[k] - half;
        high[k] = whole[k] + half;
    }
    memcpy(&row->figures, whole, sizeof(row->figures));
    memcpy(&row->low, low, sizeof(row->low));
    memcpy(&row->high, high, sizeof(row->high));
}

/* ---- What is told, by column: the first of struct promise_figures, in its order */

static const struct column {
    const char *code, *title;
    bool share; /* else minutes */
    bool tail;  /* nothing that a single number foretells has one */
} columns[] = {
    {"rmse_mean_min", "RMSE (mean)", false, false},
    {"mae_median_min", "MAE (median)", false, false},
    {"rmse_median_min", "RMSE (median)", false, false},
    {"mae_mean_min", "MAE (mean)", false, false},
    {"pinball_50_min", "pinball 50", false, false},
    {"pinball_90_min", "pinball 90", false, true},
    {"coverage_50", "<= P50", true, true},
    {"coverage_90", "<= P90", true, true},
    {"later_than_high", "> HI", true, true},
    {"width_min", "LO-HI", false, true},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static const struct predictor {
    const char *code, *name;
    bool is_point;
} predictors[SCORE_PREDICTORS] = {
    [SCORE_QUEUE] = {"queue_length", "queue length, per service", true},
    [SCORE_LES] = {"last_to_enter", "last to enter service", true},
    [SCORE_FORECAST] = {"forecast", "forecast", false},
    [SCORE_LEVEL] = {"forecast_level", "forecast, adaptive level", false},
};

struct told {
    double value, low, high; /* NAN: not known */
};

static struct told told_of(const struct score_result *result, int predictor, int column)
{
    double values[FIGURES];
    double low[FIGURES];
    double high[FIGURES];
    const struct score_row *row = &result->rows[predictor];
    as_array(&row->figures, values);
    as_array(&row->low, low);
    as_array(&row->high, high);
    return (struct told){values[column], low[column], high[column]};
}

static bool is_told(int predictor, int column)
{
    return !predictors[predictor].is_point || !columns[column].tail;
}

/* ---- As a table */

static void print_told(FILE *out, const struct score_result *result, int predictor, int column)
{
    const struct told told = told_of(result, predictor, column);
    char text[32] = "-";
    if (is_told(predictor, column) && isnan(told.value)) {
        (void)snprintf(text, sizeof(text), "unknown");
    } else if (is_told(predictor, column)) {
        const int digits = columns[column].share ? 3 : 2;
        const int length = snprintf(text, sizeof(text), "%.*f", digits, told.value);
        if (!isnan(told.high) && length > 0 && (size_t)length < sizeof(text)) {
            (void)snprintf(text + length, sizeof(text) - (size_t)length, " +-%.*f", digits,
                           told.high - told.value);
        }
    }
    (void)fprintf(out, " %14s", text);
}

static void print_known(FILE *out, int width, int digits, double value)
{
    if (isnan(value)) {
        (void)fprintf(out, " %*s", width, "unknown");
    } else {
        (void)fprintf(out, " %*.*f", width, digits, value);
    }
}

static void print_alarms(FILE *out, const struct score_result *result)
{
    if (result->promises == 0) {
        return;
    }
    (void)fprintf(out,
                  "promises %lld, broken %lld (%.1f %%); announced by P(later) >= threshold:\n",
                  (long long)result->promises, (long long)result->broken,
                  100.0 * (double)result->broken / (double)result->promises);
    (void)fprintf(out, "%10s %10s %12s %10s %13s %12s\n", "threshold", "announced", ">= 2 min",
                  "lead, min", "false alarms", "per promise");
    for (int i = 0; i < SCORE_ALARM_LEVELS; i++) {
        const struct score_alarms *alarms = &result->alarms[i];
        (void)fprintf(out, "%9.0f%%", alarms->threshold_permille / 10.0);
        print_known(out, 10, 3, alarms->announced);
        print_known(out, 12, 3, alarms->announced_2_min);
        print_known(out, 10, 1, alarms->lead_min);
        print_known(out, 13, 3, alarms->false_alarms);
        print_known(out, 12, 3, alarms->per_promise);
        (void)fputs(alarms->threshold_permille == PROMISE_ALARM_PERMILLE ? "  <\n" : "\n", out);
    }
}

void score_print_table(FILE *out, const char *policy, const struct score_result *result)
{
    (void)fprintf(out, "%s: %d days, %lld delayed walk-ins; minutes, 95 %% intervals by day\n",
                  policy, result->days, (long long)result->delayed);
    (void)fprintf(out, "%-26s", "");
    for (int i = 0; i < COLUMNS; i++) {
        (void)fprintf(out, " %14s", columns[i].title);
    }
    (void)fputc('\n', out);
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        (void)fprintf(out, "%-26s", predictors[i].name);
        for (int j = 0; j < COLUMNS; j++) {
            print_told(out, result, i, j);
        }
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "level at the end: %.3f\n", result->last_level);
    print_alarms(out, result);
    if (result->moments > 0) {
        (void)fprintf(out,
                      "advice at %d instants: the first gains %.2f points of the share, the best "
                      "single move %.2f; the first is the best in %.0f %%; regret %.2f",
                      result->moments, 100 * result->gain_first, 100 * result->gain_best,
                      100 * result->first_is_best, 100 * result->regret);
        if (!isnan(result->regret_half)) {
            (void)fprintf(out, " +-%.2f", 100 * result->regret_half);
        }
        (void)fputc('\n', out);
    }
}

void score_print_meaning(FILE *out)
{
    (void)fputs("RMSE, MAE: how far the forecast lay from the wait; pinball: the loss of a "
                "quantile (Koenker); <= P90: share that\nwaited no longer than P90 (aim .9); "
                "> HI: longer than the range they were told, LO-HI: how wide that was.\n",
                out);
}

/* ---- As rows */

void score_print_csv_head(FILE *out)
{
    (void)fputs("policy,days,delayed,predictor,figure,value,low,high\n", out);
}

static void print_field(FILE *out, double value)
{
    (void)fputc(',', out);
    if (!isnan(value)) {
        (void)fprintf(out, "%.6g", value);
    }
}

void score_print_csv(FILE *out, const char *policy, const struct score_result *result)
{
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
            if (is_told(i, j)) {
                const struct told told = told_of(result, i, j);
                (void)fprintf(out, "\"%s\",%d,%lld,%s,%s", policy, result->days,
                              (long long)result->delayed, predictors[i].code, columns[j].code);
                print_field(out, told.value);
                print_field(out, told.low);
                print_field(out, told.high);
                (void)fputc('\n', out);
            }
        }
    }
}

/* ---- As JSON */

static void put(json_t *object, const char *name, json_t *value)
{
    CHECK(json_object_set_new(object, name, value) == 0);
}

static void put_real(json_t *object, const char *name, double value)
{
    put(object, name, isnan(value) ? json_null() : json_real(value));
}

static json_t *predictor_json(const struct score_result *result, int predictor)
{
    json_t *object = json_pack("{s:s}", "predictor", predictors[predictor].code);
    for (int i = 0; i < COLUMNS; i++) {
        if (is_told(predictor, i)) {
            const struct told told = told_of(result, predictor, i);
            json_t *figure = json_object();
            put_real(figure, "value", told.value);
            put_real(figure, "low", told.low);
            put_real(figure, "high", told.high);
            put(object, columns[i].code, figure);
        }
    }
    return object;
}

static json_t *alarms_json(const struct score_result *result)
{
    json_t *list = json_array();
    for (int i = 0; result->promises > 0 && i < SCORE_ALARM_LEVELS; i++) {
        const struct score_alarms *alarms = &result->alarms[i];
        json_t *row = json_pack("{s:i}", "threshold_permille", alarms->threshold_permille);
        put_real(row, "announced", alarms->announced);
        put_real(row, "announced_2_min", alarms->announced_2_min);
        put_real(row, "lead_min", alarms->lead_min);
        put_real(row, "false_alarms", alarms->false_alarms);
        put_real(row, "per_promise", alarms->per_promise);
        CHECK(json_array_append_new(list, row) == 0);
    }
    return list;
}

static json_t *advice_json(const struct score_result *result)
{
    if (result->moments == 0) {
        return json_null();
    }
    json_t *advice = json_pack("{s:i}", "moments", result->moments);
    put_real(advice, "gain_first", result->gain_first);
    put_real(advice, "gain_best", result->gain_best);
    put_real(advice, "regret", result->regret);
    put_real(advice, "regret_half", result->regret_half);
    put_real(advice, "first_is_best", result->first_is_best);
    return advice;
}

json_t *score_json(const char *policy, const struct score_result *result)
{
    json_t *rows = json_array();
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        CHECK(json_array_append_new(rows, predictor_json(result, i)) == 0);
    }
    json_t *score = json_pack("{s:s, s:i, s:I, s:o, s:o, s:o}", "policy", policy, "days",
                              result->days, "delayed", (json_int_t)result->delayed, "predictors",
                              rows, "alarms", alarms_json(result), "advice", advice_json(result));
    CHECK(score != NULL);
    put_real(score, "last_level", result->last_level);
    put(score, "promises", json_integer((json_int_t)result->promises));
    put(score, "broken", json_integer((json_int_t)result->broken));
    return score;
}
