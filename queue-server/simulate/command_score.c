/* `simulate --score-forecast`: how well waits are foretold, under each policy. */
#include "simulate/command_parts.h"
#include "simulate/score.h"

enum { TITLE_BYTES = 96 };

static void tell(const struct simulate_run *run, int policy, const struct score_result *result)
{
    const struct simulate_options *options = run->options;
    char title[TITLE_BYTES];
    (void)snprintf(title, sizeof(title), "%s%s", options->policies.choices[policy].name,
                   options->messy ? ", staff deviate" : "");
    (void)fputs(policy == 0 ? "" : "\n", run->out);
    score_print_table(run->out, title, result);
}

int simulate_score(const struct simulate_run *run, const struct workload *workload,
                   const struct policy_terms *terms)
{
    const struct simulate_options *options = run->options;
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
        tell(run, done, &result);
    }
    if (done < options->policies.count) {
        (void)simulate_complain(run, SIMULATE_FAILED, "PARTIAL: stopped after %d of %d policies",
                                done, options->policies.count);
    }
    return simulate_finish(run, done < options->policies.count);
}
