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
}
