/* Learning from the journal. See study.h. */
#include "http/study.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/knowledge_text.h"
#include "engine/forecast/learner.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "site/zone.h"

enum {
    STEP_EVENTS = 256,
    KEEP_EVENTS =
        200000, /* while catching up with years, kept this often: a restart goes on from there */
};

struct study {
    struct study_config config;
    struct store_reader *reader; /* NULL: could not be opened yet */
    struct knowledge *knowledge;
    struct learner *learner;
    struct scorer *scorer;
    struct zone
        *zone; /* of the site in force where the journal is read; NULL: the configured site's */
    int64_t through_seq, kept_seq;
    bool complained; /* of a journal that cannot be read */
};

void study_kept_destroy(struct study_kept *kept)
{
    if (kept != NULL) {
        free(kept->knowledge);
        free(kept->score);
        free(kept);
    }
}

static struct local_time local_time_at(void *context, int64_t at_ms)
{
    static const int64_t day_ms = INT64_C(24) * 3600 * 1000, quarter_ms = 900000;
    const struct study *study = context;
    const int32_t offset_s = study->zone != NULL ? zone_offset_s(study->zone, at_ms / 1000)
                                                 : site_utc_offset_s(study->config.site, at_ms);
    const int64_t local_ms = at_ms + INT64_C(1000) * offset_s;
    const int64_t days = local_ms / day_ms; /* since 1970-01-01, a Thursday */
    return (struct local_time){.weekday = (int)((days + 3) % 7),
                               .quarter = (int)(local_ms % day_ms / quarter_ms)};
}

/* false: nothing usable was kept. */
static bool read_kept(struct study *study, const struct study_kept *kept)
{
    int64_t knowledge_seq = 0, score_seq = 0;
    if (kept == NULL || kept->knowledge == NULL || kept->score == NULL) {
        return false;
    }
    if (knowledge_read(study->knowledge, kept->knowledge, strlen(kept->knowledge),
                       &knowledge_seq) != STATUS_OK ||
        scorer_read(study->scorer, kept->score, &score_seq) != STATUS_OK ||
        knowledge_seq != score_seq) {
        log_warning("forecast", "what was learned cannot be read; it is learned again");
        return false;
    }
    study->through_seq = study->kept_seq = knowledge_seq;
    return true;
}

static void forget(struct study *study)
{
    scorer_destroy(study->scorer);
    study->scorer = scorer_create();
    knowledge_clear(study->knowledge);
    study->through_seq = study->kept_seq = 0;
}

struct study *study_create(const struct study_config *config, const struct study_kept *kept)
{
    struct study *study = calloc(1, sizeof(*study));
    CHECK(study != NULL);
    study->config = *config;
    study->knowledge = knowledge_create();
    study->scorer = scorer_create();
    if (!read_kept(study, kept)) {
        forget(study);
    }
    study->learner = learner_create(study->knowledge, study->through_seq, local_time_at, study);
    learner_set_rules(study->learner, config->rules);
    return study;
}

void study_destroy(struct study *study)
{
    if (study == NULL) {
        return;
    }
    learner_destroy(study->learner);
    knowledge_destroy(study->knowledge);
    scorer_destroy(study->scorer);
    zone_destroy(study->zone);
    store_reader_close(study->reader);
    free(study);
}

/* What happens is told by the clocks of the site that was in force then. zone: NULL for the configured site's; taken. */
static void set_past(struct study *study, const struct rules *rules, struct zone *zone)
{
    learner_set_rules(study->learner, rules);
    zone_destroy(study->zone);
    study->zone = zone;
}

/* Without its rules some is not learned, no more. */
static void follow_site(struct study *study, const char *hash)
{
    if (strcmp(hash, study->config.rules->hash) == 0) {
        set_past(study, study->config.rules, NULL);
        return;
    }
    char *text = NULL, *name = NULL;
    if (store_reader_get_site(study->reader, hash, &text) != STATUS_OK) {
        return;
    }
    struct rules rules;
    struct zone *zone = NULL;
    struct site_report *report = site_report_create();
    if (site_past_of_text(text, strlen(text), hash, &rules, &name, report) == STATUS_OK) {
        if (zone_load(ZONE_DIR, name, &zone) != STATUS_OK) {
            log_warning("forecast", "the time zone of a former site cannot be read zone=%s", name);
        }
        set_past(study, &rules, zone);
        free(name);
    }
    site_report_destroy(report);
    free(text);
}

struct reading {
    struct study *study;
    int count;
};

static enum status take_row(void *context, const struct event *event, const char *body)
{
    struct reading *reading = context;
    struct study *study = reading->study;
    (void)body;
    if (event->type == EVENT_SITE_APPLIED) {
        follow_site(study, event->body.site.hash);
    }
    learner_take(study->learner, event);
    scorer_take(study->scorer, event);
    study->through_seq = event->seq;
    reading->count++;
    return STATUS_OK;
}

static bool complain(struct study *study, enum status status)
{
    if (!study->complained) {
        log_error("forecast", "the journal cannot be read on, so nothing more is learned: %s",
                  study->reader != NULL ? store_reader_error(study->reader) : status_text(status));
    }
    study->complained = true;
    return true;
}

bool study_step(struct study *study, int64_t journal_seq)
{
    struct reading reading = {.study = study};
    if (study->through_seq >
        journal_seq) { /* kept of a journal that went on further than this one */
        forget(study);
        learner_restart(study->learner, 0);
    }
    if (study->through_seq == journal_seq) {
        return true;
    }
    enum status status = STATUS_OK;
    if (study->reader == NULL) {
        status = store_reader_open(&study->config.store, &study->reader);
    }
    if (status == STATUS_OK) {
        status =
            store_read_after(study->reader, study->through_seq, STEP_EVENTS, take_row, &reading);
    }
    if (status != STATUS_OK) {
        return complain(study, status);
    }
    study->complained = false;
    return reading.count < STEP_EVENTS || study->through_seq >= journal_seq;
}

int64_t study_through_seq(const struct study *study)
{
    return study->through_seq;
}

const struct knowledge *study_knowledge(const struct study *study)
{
    return study->knowledge;
}

const struct scorer *study_scorer(const struct study *study)
{
    return study->scorer;
}

struct study_kept *study_take_kept(struct study *study, bool caught_up)
{
    const int64_t unkept = study->through_seq - study->kept_seq;
    if (unkept == 0 || (!caught_up && unkept < KEEP_EVENTS) || !learner_at_rest(study->learner) ||
        !scorer_at_rest(study->scorer)) {
        return NULL;
    }
    struct study_kept *kept = calloc(1, sizeof(*kept));
    CHECK(kept != NULL);
    kept->through_seq = study->kept_seq = study->through_seq;
    kept->knowledge = knowledge_write(study->knowledge, kept->through_seq);
    kept->score = scorer_write(study->scorer, kept->through_seq);
    return kept;
}
