/* The kiosk's pages, all of them, in nine languages, three themes, four screens, three text sizes, with and without low
 * reach. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "matrix.h"
#include "parts.h"

/* Somebody waits for hours of it: how far it is, once a minute. */
struct progress {
    int done, all;
    int64_t began_s, told_s;
};

static int64_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void tell_progress(const struct options *options, struct progress *progress,
                          const struct ledger *ledger)
{
    enum { EVERY_S = 60 };
    const int64_t at_s = now_s(), gone_s = at_s - progress->began_s;
    progress->done++;
    if (at_s - progress->told_s < EVERY_S || progress->done == progress->all)
        return;
    progress->told_s = at_s;
    fprintf(stderr, "share %d of %d: %d of %d pictures, %ld failures, about %d minutes left\n",
            options->shards > 0 ? options->shard : 1, options->shards > 0 ? options->shards : 1,
            progress->done, progress->all, ledger_all_failures(ledger),
            (int)(gone_s * (progress->all - progress->done) / progress->done / 60) + 1);
}

/* Neighbours go to different shards, since a page that is slow is slow in most of its ways. */
static bool is_taken(const struct options *options, int row)
{
    const unsigned spread = (unsigned)row * 2654435761u / 65536;
    if (options->every > 1 && spread % (unsigned)options->every != 0)
        return false;
    return options->shards <= 1 || row % options->shards + 1 == options->shard;
}

static void judge_rows(const struct options *options, struct crawl *crawl, struct ledger *ledger)
{
    int count = 0;
    const int languages = crawl->rig->site->language_count;
    struct matrix_row *rows = matrix_rows(crawl->count, languages, options->all, &count);
    struct progress progress = {.began_s = now_s()};
    progress.told_s = progress.began_s;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%d pages, %d languages: %d pictures, %ld pairs missing\n", crawl->count, languages,
           count, matrix_missing_pairs(rows, count, crawl->count, languages));
    for (int i = 0; i < count; i++)
        progress.all += is_taken(options, i);
    for (int i = 0; i < count; i++) {
        if (!is_taken(options, i))
            continue;
        matrix_judge(crawl, rows[i].state, &rows[i].look, ledger);
        tell_progress(options, &progress, ledger);
    }
    free(rows);
}

static void judge_sizes(const struct options *options, struct crawl *crawl, bool crowded,
                        struct ledger *ledger)
{
    struct growth growth = {0};
    const int languages = crawl->rig->site->language_count;
    for (int i = 0; i < crawl->count; i++)
        for (int language = 0; language < languages; language++)
            for (int shape = 0; shape < 2; shape++)
                if (options->all || (i + language) % 3 == 0)
                    matrix_judge_sizes(crawl->rig, &crawl->states[i], language, shape, &growth,
                                       ledger);
    ledger_place(ledger, "%d of %d", growth.grown, growth.pages);
    if (!crowded && growth.pages > 0) /* pages full of sixty-letter names have no room to grow */
        ledger_measure(ledger, GATE_GROWS_SHARE, 100.0 * growth.grown / growth.pages, "all pages");
}

static bool judge_site(const struct options *options, const char *site, bool crowded,
                       struct ledger *ledger)
{
    struct kiosk_rig *rig = kiosk_rig_open(site, SHARE_DIR);
    if (rig == NULL)
        return false;
    const bool first = options->shards <= 1 || options->shard == 1;
    struct ledger *ways = ledger_create(); /* the first share notes what is no picture, once */
    struct crawl *crawl = crawl_site(rig, first ? ledger : ways);
    crawl->invented = crowded;
    judge_rows(options, crawl, ledger);
    if (first)
        judge_sizes(options, crawl, crowded, ledger);
    ledger_destroy(ways);
    free(crawl);
    kiosk_rig_close(rig);
    return true;
}

bool part_kiosk(const struct options *options, struct ledger *ledger)
{
    return judge_site(options, SITES_DIR "/customer-centre", false, ledger);
}

bool part_crowded(const struct options *options, struct ledger *ledger)
{
    return judge_site(options, TEST_SITES_DIR "/many", true, ledger);
}

bool part_sizes(const struct options *options, struct ledger *ledger)
{
    struct kiosk_rig *rig = kiosk_rig_open(SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    struct ledger *ways = ledger_create();
    struct crawl *crawl = crawl_site(rig, ways);
    ledger_destroy(ways);
    rig->fault = options->fault;
    judge_sizes(options, crawl, false, ledger);
    free(crawl);
    kiosk_rig_close(rig);
    return true;
}

bool part_pages(const struct options *options, struct ledger *ledger)
{
    struct kiosk_rig *rig = kiosk_rig_open(
        options->site != NULL ? options->site : SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    rig->fault = options->fault;
    struct crawl *crawl = crawl_site(rig, ledger);
    for (int i = 0; i < crawl->count; i++) {
        const struct crawl_state *state = &crawl->states[i];
        printf("%-20s %2d touches, from %s by %s\n", state->name, state->touches,
               state->from >= 0 ? crawl->states[state->from].name : "-", state->via);
    }
    free(crawl);
    kiosk_rig_close(rig);
    return true;
}
