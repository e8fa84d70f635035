/* The forecast's score as JSON. See score_json.h. */
#include "http/score_json.h"

static void write_count(struct json_out *out, const char *key, int64_t value)
{
    json_out_key(out, key);
    json_out_integer(out, value);
}

static void write_share(struct json_out *out, const char *key, double share, int64_t of)
{
    json_out_key(out, key);
    if (of > 0) {
        json_out_number(out, share);
    } else {
        json_out_null(out);
    }
}

static void write_figures(struct json_out *out, const struct promise_score *score, int days)
{
    struct promise_figures figures;
    if (score->count + score->broken == 0) {
        json_out_null(out);
        return;
    }
    promise_score_figures(score, &figures);
    json_out_open(out, '{');
    write_count(out, "days", days);
    write_count(out, "promises", score->count);
    write_share(out, "coverage_50", figures.coverage_50, score->count);
    write_share(out, "coverage_90", figures.coverage_90, score->count);
    write_share(out, "later_than_high", figures.later_than_high, score->count);
    write_share(out, "pinball_50_min", figures.pinball_50_min, score->count);
    write_share(out, "pinball_90_min", figures.pinball_90_min, score->count);
    write_share(out, "rmse_min", figures.rmse_median_min, score->count);
    write_share(out, "mae_min", figures.mae_median_min, score->count);
    write_share(out, "width_min", figures.width_min, score->count);
    write_count(out, "broken", score->broken);
    write_count(out, "announced_before", score->announced);
    write_share(out, "announced_share", figures.announced_share, score->broken);
    write_count(out, "alarms", score->alarms);
    write_count(out, "false_alarms", score->false_alarms);
    write_share(out, "false_alarm_share", figures.false_alarm_share, score->alarms);
    json_out_close(out, '}');
}

static void write_days(struct json_out *out, const struct scorer_figures *figures)
{
    json_out_key(out, "today");
    write_figures(out, &figures->today, 1);
    json_out_key(out, "recent");
    write_figures(out, &figures->recent, figures->days);
}

void score_json_days(struct json_out *out, const struct waits *waits)
{
    static const struct scorer_figures none;
    json_out_open(out, '{');
    write_days(out, waits != NULL ? &waits->figures : &none);
    json_out_close(out, '}');
}

void score_json_write(struct json_out *out, const struct waits *waits)
{
    static const struct scorer_figures none;
    const struct scorer_figures *figures = waits != NULL ? &waits->figures : &none;
    json_out_open(out, '{');
    json_out_key(out, "day");
    json_out_string_or_null(out, figures->day);
    json_out_key(out, "level");
    if (waits != NULL) {
        json_out_number(out, figures->level.level);
    } else {
        json_out_null(out);
    }
    write_count(out, "outcomes", figures->level.outcomes);
    write_days(out, figures);
    write_count(out, "learned_events", waits != NULL ? waits->through_seq : 0);
    write_count(out, "events", waits != NULL ? waits->journal_seq : 0);
    json_out_close(out, '}');
}
