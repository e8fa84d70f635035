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
    for (int k = 0; k < FIGURES; k++) {
        const double mean = count > 0 ? sum[k] / count : 0;
        const double variance =
            count > 1 ? fmax(squares[k] - count * mean * mean, 0) * (count - 1) / count : 0;
        low[k] = whole[k] - 1.96 * sqrt(variance);
        high[k] = whole[k] + 1.96 * sqrt(variance);
    }
    memcpy(&row->low, low, sizeof(row->low));
    memcpy(&row->high, high, sizeof(row->high));
}

/* ---- Words */

static const char *const names[SCORE_PREDICTORS] = {
    [SCORE_QUEUE] = "queue length, per service",
    [SCORE_LES] = "last to enter service",
    [SCORE_FORECAST] = "forecast",
    [SCORE_LEVEL] = "forecast, adaptive level",
};

static void print_figure(FILE *out, double value, double high)
{
    fprintf(out, " %7.2f +-%5.2f", value, high - value);
}

static void print_share(FILE *out, double value, double high)
{
    fprintf(out, " %6.3f +-%5.3f", value, high - value);
}

static void print_row(FILE *out, const char *name, const struct score_row *row)
{
    const struct promise_figures *figures = &row->figures;
    const struct promise_figures *high = &row->high;
    fprintf(out, "%-26s", name);
    print_figure(out, figures->rmse_mean_min, high->rmse_mean_min);
    print_figure(out, figures->mae_median_min, high->mae_median_min);
    print_figure(out, figures->rmse_median_min, high->rmse_median_min);
    print_figure(out, figures->mae_mean_min, high->mae_mean_min);
    print_figure(out, figures->pinball_50_min, high->pinball_50_min);
    print_figure(out, figures->pinball_90_min, high->pinball_90_min);
    print_share(out, figures->coverage_50, high->coverage_50);
    print_share(out, figures->coverage_90, high->coverage_90);
    print_share(out, figures->later_than_high, high->later_than_high);
    print_figure(out, figures->width_min, high->width_min);
    fprintf(out, "\n");
}

static void print_alarms(FILE *out, const struct score_result *result)
{
    if (result->promises == 0) {
        return;
    }
    fprintf(out, "promises %lld, broken %lld (%.1f %%); announced by P(later) >= threshold:\n",
            (long long)result->promises, (long long)result->broken,
            100.0 * (double)result->broken / (double)result->promises);
    fprintf(out, "%10s %10s %12s %10s %13s %12s\n", "threshold", "announced", ">= 2 min",
            "lead, min", "false alarms", "per promise");
    for (int i = 0; i < SCORE_ALARM_LEVELS; i++) {
        const struct score_alarms *alarms = &result->alarms[i];
        fprintf(out, "%9.0f%% %10.3f %12.3f %10.1f %13.3f %12.3f%s\n",
                alarms->threshold_permille / 10.0, alarms->announced, alarms->announced_2_min,
                alarms->lead_min, alarms->false_alarms, alarms->per_promise,
                alarms->threshold_permille == PROMISE_ALARM_PERMILLE ? "  <" : "");
    }
}

void score_print_table(FILE *out, const char *title, const struct score_result *result)
{
    fprintf(out, "%s: %d days, %lld delayed walk-ins; minutes, 95 %% intervals by day\n", title,
            result->days, (long long)result->delayed);
    fprintf(out, "%-26s %15s %15s %15s %15s %15s %15s %14s %14s %14s %15s\n", "", "RMSE (mean)",
            "MAE (median)", "RMSE (median)", "MAE (mean)", "pinball 50", "pinball 90", "<= P50",
            "<= P90", "> HI", "LO-HI");
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        print_row(out, names[i], &result->rows[i]);
    }
    fprintf(out, "level at the end: %.3f\n", result->last_level);
    print_alarms(out, result);
    if (result->moments > 0) {
        fprintf(out,
                "advice at %d instants: the first gains %.2f points of the share, the best single "
                "move %.2f; regret %.2f +- %.2f; the first is the best in %.0f %%\n",
                result->moments, 100 * result->gain_first, 100 * result->gain_best,
                100 * result->regret, 100 * result->regret_half, 100 * result->first_is_best);
    }
}

static json_t *figures_json(const struct promise_figures *figures)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "rmse_mean_min",
                     figures->rmse_mean_min, "mae_median_min", figures->mae_median_min,
                     "rmse_median_min", figures->rmse_median_min, "mae_mean_min",
                     figures->mae_mean_min, "pinball_50_min", figures->pinball_50_min,
                     "pinball_90_min", figures->pinball_90_min, "coverage_50", figures->coverage_50,
                     "coverage_90", figures->coverage_90, "later_than_high",
                     figures->later_than_high, "width_min", figures->width_min);
}

static json_t *alarms_json(const struct score_result *result)
{
    json_t *list = json_array();
    for (int i = 0; result->promises > 0 && i < SCORE_ALARM_LEVELS; i++) {
        const struct score_alarms *alarms = &result->alarms[i];
        json_array_append_new(list,
                              json_pack("{s:i, s:f, s:f, s:f, s:f, s:f}", "threshold_permille",
                                        alarms->threshold_permille, "announced", alarms->announced,
                                        "announced_2_min", alarms->announced_2_min, "lead_min",
                                        alarms->lead_min, "false_alarms", alarms->false_alarms,
                                        "per_promise", alarms->per_promise));
    }
    return list;
}

json_t *score_json(const char *title, const struct score_result *result)
{
    static const char *const codes[SCORE_PREDICTORS] = {"queue_length", "last_to_enter", "forecast",
                                                        "forecast_level"};
    json_t *rows = json_array();
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        const struct score_row *row = &result->rows[i];
        json_array_append_new(rows,
                              json_pack("{s:s, s:o, s:o, s:o}", "predictor", codes[i], "value",
                                        figures_json(&row->figures), "low", figures_json(&row->low),
                                        "high", figures_json(&row->high)));
    }
    json_t *advice = result->moments > 0
                         ? json_pack("{s:i, s:f, s:f, s:f, s:f, s:f}", "moments", result->moments,
                                     "gain_first", result->gain_first, "gain_best",
                                     result->gain_best, "regret", result->regret, "regret_half",
                                     result->regret_half, "first_is_best", result->first_is_best)
                         : json_null();
    return json_pack("{s:s, s:i, s:I, s:o, s:f, s:I, s:I, s:o, s:o}", "title", title, "days",
                     result->days, "delayed", (json_int_t)result->delayed, "predictors", rows,
                     "last_level", result->last_level, "promises", (json_int_t)result->promises,
                     "broken", (json_int_t)result->broken, "alarms", alarms_json(result), "advice",
                     advice);
}

void score_print_json(FILE *out, const char *title, const struct score_result *result)
{
    json_t *document = score_json(title, result);
    CHECK(document != NULL && json_dumpf(document, out, JSON_INDENT(1)) == 0);
    fputc('\n', out);
    json_decref(document);
}
