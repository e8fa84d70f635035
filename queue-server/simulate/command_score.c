/* `simulate --score-forecast`: how well waits are foretold, under each policy. */
#include <jansson.h>

#include "quarter/check.h"
#include "simulate/command_parts.h"
#include "simulate/score.h"

enum { TITLE_BYTES = 96 };

/* A table is told policy by policy, since each takes a while; JSON is one document, told at the end. */
static void tell(const struct simulate_run *run, int policy, const struct score_result *result,
                 json_t *document)
{
    const struct simulate_options *options = run->options;
    char title[TITLE_BYTES];
    (void)snprintf(title, sizeof(title), "%s%s", options->policies.choices[policy].name,
                   options->messy ? ", staff deviate" : "");
    switch (options->format) {
    case SIMULATE_TABLE:
        (void)fputs(policy == 0 ? "" : "\n", run->out);
        score_print_table(run->out, title, result);
        break;
    case SIMULATE_CSV:
        if (policy == 0) {
            score_print_csv_head(run->out);
        }
        score_print_csv(run->out, title, result);
        break;
    case SIMULATE_JSON:
        CHECK(json_array_append_new(document, score_json(title, result)) == 0);
        break;
    }
    (void)fflush(run->out);
}

static void close_document(const struct simulate_run *run, json_t *policies, bool partial)
{
    if (run->options->format == SIMULATE_JSON) {
        json_t *root =
            json_pack("{s:s, s:I, s:b, s:O}", "source", "score-forecast", "seed",
                      (json_int_t)run->options->seed, "partial", partial, "policies", policies);
        CHECK(root != NULL);
        (void)json_dumpf(root, run->out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
        (void)fputc('\n', run->out);
        json_decref(root);
    } else if (run->options->format == SIMULATE_TABLE) {
        (void)fputc('\n', run->out);
        score_print_meaning(run->out);
    }
    json_decref(policies);
}

int simulate_score(const struct simulate_run *run, const struct workload *workload,
                   const struct policy_terms *terms)
{
    const struct simulate_options *options = run->options;
    json_t *document = json_array();
    int done = 0;
    for (; done < options->policies.count; done++) {
        const struct parallel crew = simulate_crew(run, options->days, "days");
        const struct score_options score = {.workload = workload,
                                            .policy = &terms[done],
                                            .messy = options->messy,
                                            .test_days = options->days,
                                            .alarm_days = options->alarm_days,
                                            .advice_moments = options->advice_moments,
                                            .seed = options->seed,
                                            .threads = crew.threads,
                                            .stop = run->stop,
                                            .progress = crew.progress,
                                            .live = crew.live};
        struct score_result result;
        if (!score_run(&score, &result)) {
            break;
        }
        tell(run, done, &result, document);
    }
    const bool partial = done < options->policies.count;
    close_document(run, document, partial);
    if (partial) {
        (void)simulate_complain(run, SIMULATE_FAILED, "PARTIAL: stopped after %d of %d policies",
                                done, options->policies.count);
    }
    return simulate_finish(run, partial);
}
