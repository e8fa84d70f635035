/* A site, from its files to what the server asks of it: reads, checks, and keeps only what lasts -
 * rules, hours, the document for clients, the text for the journal. The YAML documents and all
 * marks are gone once a site stands. */
#include "site/site.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "quarter/check.h"
#include "site/hours.h"
#include "site/model.h"
#include "site/site_json.h"
#include "site/source.h"

struct site {
    char code[QUARTER_CODE_MAX + 1];
    char zone_name[SOURCE_NAME_BYTES + 1];
    struct rules rules;
    struct hours hours;
    struct hours_of_counter rota[QUARTER_COUNTERS_MAX];
    struct zone *zone;
    char *json;
    char *text;
    double standard_share;
    int kiosk_count, display_count;
    char kiosks[MODEL_KIOSKS_MAX][QUARTER_CODE_MAX + 1];
    char displays[MODEL_DISPLAYS_MAX][QUARTER_CODE_MAX + 1];
};

/* All there is while a site is being loaded. */
struct loading {
    struct site_report *report;
    struct sources sources;
    struct yaml_file yamls[SOURCES_MAX];
    struct text_model *texts[SOURCES_MAX]; /* by source; NULL when not read */
    int source_of[QUARTER_LANGUAGES_MAX];  /* by language; -1: no file */
    struct set sets[SET_COUNT];
    struct set answers[QUARTER_QUESTIONS_MAX]; /* SET_ANSWERS, by question */
    struct site_model model;
    struct zone *zone;
};

static void check_all(struct loading *loading);
static struct site *build(struct loading *loading);
static void loading_free(struct loading *loading);

static struct loading *loading_create(struct site_report *report)
{
    struct loading *loading = calloc(1, sizeof *loading);
    CHECK(loading != NULL);
    loading->report = report;
    struct set *week = &loading->sets[SET_WEEKDAYS];
    memcpy(week->codes, model_weekdays, sizeof model_weekdays);
    week->count = sizeof model_weekdays / sizeof model_weekdays[0];
    week->known = true;
    return loading;
}

/* NULL: the report says why. */
static struct site *check_and_build(struct loading *loading)
{
    check_all(loading);
    if (site_report_errors(loading->report) != 0) {
        return NULL;
    }
    struct site *site = build(loading);
    size_t bytes = strlen(site->json);
    if (bytes > QUARTER_SITE_BYTES) {
        report_error(loading->report, loading->sources.items[0].file, loading->model.languages_at,
                     "the words of all languages come to %zu KiB, but a screen reads at most %d "
                     "KiB; shorten 'have_ready' and the hints",
                     bytes / 1024, QUARTER_SITE_BYTES / 1024);
        site_destroy(site);
        return NULL;
    }
    return site;
}

/* Takes the loading. */
static enum status finish(struct loading *loading, struct site **site)
{
    struct site *built = check_and_build(loading);
    loading_free(loading);
    if (built == NULL) {
        return STATUS_INVALID;
    }
    *site = built;
    return STATUS_OK;
}

enum status site_load(const char *dir, struct site **site, struct site_report *report)
{
    struct loading *loading = loading_create(report);
    sources_from_folder(&loading->sources, dir, report);
    return finish(loading, site);
}

enum status site_load_text(const char *text, size_t length, struct site **site,
                           struct site_report *report)
{
    struct loading *loading = loading_create(report);
    sources_from_bundle(&loading->sources, text, length, report);
    return finish(loading, site);
}

void site_destroy(struct site *site)
{
    if (site != NULL) {
        zone_destroy(site->zone);
        free(site->json);
        free(site->text);
        free(site);
    }
}

static void print_count(FILE *out, int count, const char *noun, const char *after)
{
    fprintf(out, "%d %s%s%s", count, noun, count == 1 ? "" : "s", after);
}

int site_check_command(const char *dir, FILE *out)
{
    struct site_report *report = site_report_create();
    struct loading *loading = loading_create(report);
    sources_from_folder(&loading->sources, dir, report);
    site_destroy(check_and_build(loading));
    site_report_print(report, out);
    print_count(out, loading->model.counter_count, "counter", ", ");
    print_count(out, loading->model.service_count, "service", ", ");
    print_count(out, loading->model.language_count, "language", ": ");
    print_count(out, site_report_errors(report), "error", ", ");
    print_count(out, site_report_warnings(report), "warning", "\n");
    int code = site_report_errors(report) == 0 ? EX_OK : EX_CONFIG;
    loading_free(loading);
    site_report_destroy(report);
    return code;
}

/* checking */

struct nearest_zone {
    struct suggestion suggestion;
    char best[SOURCE_NAME_BYTES + 1];
};

static void offer_zone(void *context, const char *name)
{
    struct nearest_zone *nearest = context;
    suggestion_offer(&nearest->suggestion, name);
    if (nearest->suggestion.best == name) { /* name is gone after this call */
        snprintf(nearest->best, sizeof nearest->best, "%s", name);
        nearest->suggestion.best = nearest->best;
    }
}

static void load_zone(struct loading *loading)
{
    const struct value *zone = &loading->model.zone;
    int file = loading->sources.items[0].file;
    if (zone->at.line <= 0) {
        return;
    }
    enum status status = zone_load(ZONE_DIR, zone->text, &loading->zone);
    if (status == STATUS_NOT_FOUND) {
        struct nearest_zone nearest = {.suggestion = suggestion_start(zone->text)};
        char words[SUGGESTION_BYTES];
        zone_each_name(ZONE_DIR, offer_zone, &nearest);
        report_error(loading->report, file, zone->at, "unknown time zone '%s'%s", zone->text,
                     nearest.suggestion.best == NULL
                         ? "; write one of the package tzdata, such as Europe/London"
                         : suggestion_words(&nearest.suggestion, words));
    } else if (status != STATUS_OK) {
        report_error(loading->report, file, zone->at,
                     "the time zone '%s' cannot be read; is the package tzdata whole?", zone->text);
    }
}

static void read_text(struct loading *loading, int index)
{
    const struct source *source = &loading->sources.items[index];
    struct yaml_file *yaml = &loading->yamls[index];
    if (source->bytes == NULL ||
        !yaml_file_parse(yaml, loading->report, source->file, source->bytes, source->length)) {
        return;
    }
    struct schema_reader reader = {
        .yaml = yaml, .sets = loading->sets, .answers = loading->answers};
    struct text_model *text = calloc(1, sizeof *text);
    CHECK(text != NULL);
    schema_read(&reader, &text_shape, text);
    if (text->language.at.line > 0 && strcmp(text->language.text, source->language) != 0) {
        report_error(loading->report, source->file, text->language.at,
                     "'language' is '%s', but the file is named for '%s'; mend one of them",
                     text->language.text, source->language);
    }
    loading->texts[index] = text;
}

static int find_source(const struct loading *loading, const char *language)
{
    for (int i = 1; i < loading->sources.count; i++) {
        if (strcmp(loading->sources.items[i].language, language) == 0) {
            return i;
        }
    }
    return -1;
}

/* Reasons are defined where answers name them. */
static void gather_reasons(struct loading *loading)
{
    const struct value *reasons[QUARTER_AVOIDABLE_MAX];
    struct set *set = &loading->sets[SET_AVOIDABLE];
    const int count = site_avoidable_reasons(&loading->model, reasons, QUARTER_AVOIDABLE_MAX);
    set->known = loading->sets[SET_QUESTIONS].known || loading->model.question_count == 0;
    set->count = count < QUARTER_AVOIDABLE_MAX ? count : QUARTER_AVOIDABLE_MAX;
    for (int i = 0; i < set->count; i++) {
        set->codes[i] = reasons[i]->text;
        set->marks[i] = reasons[i]->at;
    }
}

static bool language_is_listed(const struct loading *loading, const char *code)
{
    const struct set *languages = &loading->sets[SET_LANGUAGES];
    for (int i = 0; i < languages->count; i++) {
        if (strcmp(languages->codes[i], code) == 0) {
            return true;
        }
    }
    return !languages->known; /* then all files are read, since any may be meant */
}

static void read_texts(struct loading *loading)
{
    const struct sources *sources = &loading->sources;
    for (int i = 1; i < sources->count; i++) {
        if (language_is_listed(loading, sources->items[i].language)) {
            read_text(loading, i);
        } else {
            report_warning(loading->report, sources->items[i].file, (struct mark){0},
                           "the file is not used; 'languages' in site.yaml does not list '%s'",
                           sources->items[i].language);
        }
    }
    for (int i = 0; i < loading->model.language_count; i++) {
        const struct value *language = &loading->model.languages[i];
        loading->source_of[i] = language->at.line > 0 ? find_source(loading, language->text) : -1;
        if (language->at.line > 0 && loading->source_of[i] < 0) {
            report_error(loading->report, sources->items[0].file, language->at,
                         "the language '%s' has no file text.%s.yaml; %s", language->text,
                         language->text,
                         strcmp(language->text, "en") == 0
                             ? "its words are shown wherever another language has none"
                             : "copy text.en.yaml and translate it");
        }
    }
}

static struct language_file language_file(const struct loading *loading, int source)
{
    return (struct language_file){
        .report = loading->report,
        .file = loading->sources.items[source].file,
        .code = loading->sources.items[source].language,
        .text = loading->texts[source],
    };
}

static void complete_texts(struct loading *loading)
{
    int english = find_source(loading, "en");
    bool has_english = english >= 0 && loading->texts[english] != NULL;
    struct language_file base =
        has_english ? language_file(loading, english) : (struct language_file){0};
    for (int i = 1; i < loading->sources.count; i++) {
        if (loading->texts[i] != NULL) {
            struct language_file language = language_file(loading, i);
            site_text_complete(&language, has_english ? &base : NULL, &loading->model,
                               loading->sets);
        }
    }
}

/* site.yaml. False: there is nothing of it to check. */
static bool read_settings(struct loading *loading)
{
    const struct source *first = &loading->sources.items[0];
    struct yaml_file *yaml = &loading->yamls[0];
    if (first->bytes == NULL ||
        !yaml_file_parse(yaml, loading->report, first->file, first->bytes, first->length)) {
        return false;
    }
    struct schema_reader reader = {
        .yaml = yaml, .sets = loading->sets, .answers = loading->answers};
    schema_read(&reader, &site_shape, &loading->model);
    return true;
}

static void check_all(struct loading *loading)
{
    if (loading->sources.count == 0) {
        return; /* not even a bundle, and reported */
    }
    if (read_settings(loading)) {
        struct checked_file where = {loading->report, loading->sources.items[0].file};
        site_settle_questions(&where, &loading->model, loading->answers);
        gather_reasons(loading);
        load_zone(loading);
        site_check(&where, &loading->model, loading->sets);
    }
    read_texts(loading);
    complete_texts(loading);
}

/* building */

#define COPY_CODE(target, code) snprintf(target, sizeof(target), "%s", code)

static void hash_text(const char *text, size_t length, char hash[QUARTER_HASH_LEN + 1])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    _Static_assert(QUARTER_HASH_LEN == 2 * crypto_hash_sha256_BYTES, "a hash is SHA-256 in hex");
    CHECK(sodium_init() >= 0);
    crypto_hash_sha256(digest, (const unsigned char *)text, length);
    sodium_bin2hex(hash, QUARTER_HASH_LEN + 1, digest, sizeof digest);
}

enum status site_rules_of_text(const char *text, size_t length, const char *hash,
                               struct rules *rules, struct site_report *report)
{
    char *zone = NULL;
    const enum status status = site_past_of_text(text, length, hash, rules, &zone, report);
    if (status == STATUS_OK) {
        free(zone);
    }
    return status;
}

enum status site_past_of_text(const char *text, size_t length, const char *hash,
                              struct rules *rules, char **zone, struct site_report *report)
{
    struct rules read = {0};
    struct loading *loading = loading_create(report);
    sources_from_bundle(&loading->sources, text, length, report);
    hash_text(text, length, read.hash);
    if (strcmp(read.hash, hash) != 0) {
        report_error(report, report_add_file(report, "the journalled site"), (struct mark){0},
                     "it was changed since it was applied: its hash is another");
    } else if (site_report_errors(report) == 0) {
        (void)read_settings(loading);
    }
    const bool good = site_report_errors(report) == 0;
    if (good) {
        site_build_rules(&loading->model, &read);
        *rules = read;
        *zone = strdup(loading->model.zone.at.line > 0 ? loading->model.zone.text : "");
        CHECK(*zone != NULL);
    }
    loading_free(loading);
    return good ? STATUS_OK : STATUS_INVALID;
}

static struct site *build(struct loading *loading)
{
    const struct site_model *model = &loading->model;
    struct site *site = calloc(1, sizeof *site);
    CHECK(site != NULL);
    const struct source *chosen[1 + QUARTER_LANGUAGES_MAX] = {&loading->sources.items[0]};
    const struct text_model *texts[QUARTER_LANGUAGES_MAX];
    for (int i = 0; i < model->language_count; i++) {
        chosen[1 + i] = &loading->sources.items[loading->source_of[i]];
        texts[i] = loading->texts[loading->source_of[i]];
    }
    size_t length = 0;
    site->text = sources_bundle(chosen, 1 + model->language_count, &length);
    hash_text(site->text, length, site->rules.hash);
    site_build_rules(model, &site->rules);
    site_build_hours(model, &site->hours);
    site_build_rota(model, site->rota);
    site->json = site_json_write(model, loading->sets, texts, &site->rules);
    site->zone = loading->zone;
    loading->zone = NULL;
    site->hours.zone = site->zone;
    COPY_CODE(site->code, model->site.text);
    COPY_CODE(site->zone_name, model->zone.text);
    site->standard_share = model->standard.share.real;
    site->kiosk_count = model->kiosk_count;
    site->display_count = model->display_count;
    for (int i = 0; i < model->kiosk_count; i++) {
        COPY_CODE(site->kiosks[i], model->kiosks[i].code.text);
    }
    for (int i = 0; i < model->display_count; i++) {
        COPY_CODE(site->displays[i], model->displays[i].code.text);
    }
    return site;
}

static void loading_free(struct loading *loading)
{
    for (int i = 0; i < loading->sources.count; i++) {
        yaml_file_free(&loading->yamls[i]);
        free(loading->texts[i]);
    }
    sources_free(&loading->sources);
    zone_destroy(loading->zone);
    free(loading);
}

/* asking */

const char *site_code(const struct site *site)
{
    return site->code;
}

const char *site_zone(const struct site *site)
{
    return site->zone_name;
}

const struct rules *site_rules(const struct site *site)
{
    return &site->rules;
}

const char *site_json(const struct site *site)
{
    return site->json;
}

const char *site_hash(const struct site *site)
{
    return site->rules.hash;
}

const char *site_text(const struct site *site)
{
    return site->text;
}

static bool has_code(const char (*codes)[QUARTER_CODE_MAX + 1], int count, const char *code)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

bool site_has_kiosk(const struct site *site, const char *code)
{
    return has_code(site->kiosks, site->kiosk_count, code);
}

bool site_has_display(const struct site *site, const char *code)
{
    return has_code(site->displays, site->display_count, code);
}

double site_standard_share(const struct site *site)
{
    return site->standard_share;
}

const char *site_kiosk(const struct site *site, int index)
{
    return index >= 0 && index < site->kiosk_count ? site->kiosks[index] : NULL;
}

const char *site_display(const struct site *site, int index)
{
    return index >= 0 && index < site->display_count ? site->displays[index] : NULL;
}

int32_t site_utc_offset_s(const struct site *site, int64_t utc_ms)
{
    return hours_utc_offset_s(&site->hours, utc_ms);
}

void site_local_day(const struct site *site, int64_t utc_ms, char day[QUARTER_DAY_LEN + 1])
{
    hours_local_day(&site->hours, utc_ms, day);
}

enum status site_local_to_utc(const struct site *site, const char *local, int64_t *utc_ms)
{
    return hours_local_to_utc(&site->hours, local, utc_ms);
}

enum status site_day(const struct site *site, const char *day, struct site_day *result)
{
    return hours_day(&site->hours, day, result);
}

enum status site_roster(const struct site *site, const char *day, int counter,
                        struct site_roster *roster)
{
    CHECK(counter >= 0 && counter < site->rules.counter_count);
    return hours_roster(&site->hours, &site->rota[counter], day, roster);
}

bool site_is_open(const struct site *site, int64_t utc_ms)
{
    return hours_is_open(&site->hours, utc_ms);
}

bool site_doors_open(const struct site *site, int64_t utc_ms)
{
    return hours_doors_open(&site->hours, utc_ms);
}

enum status site_next_opening(const struct site *site, int64_t utc_ms, int64_t *opening_ms)
{
    return hours_next_opening(&site->hours, utc_ms, opening_ms);
}
