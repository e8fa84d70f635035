/* A site while it is being loaded: every value with the place where it was written, for the checks
 * that need several of them. Gone once the site stands. Texts belong to the YAML documents. */
#ifndef QUARTER_SITE_MODEL_H
#define QUARTER_SITE_MODEL_H

#include "quarter/limits.h"
#include "site/hours.h"
#include "site/schema.h"

enum {
    MODEL_GROUPS_MAX = 8, /* tiles on a kiosk's page */
    MODEL_AREAS_MAX = 16,
    MODEL_KIOSKS_MAX = 32,
    MODEL_DISPLAYS_MAX = 32,
    MODEL_HAVE_READY_MAX = 8,
};

struct model_day {
    struct mark at;
    struct value open, doors, close; /* open.at.line 0: closed that day */
};

struct model_need {
    struct mark at;
    struct value code, hard, relax_after_min;
};

struct model_signpost {
    struct mark at;
    struct value code, url, print;
};

struct model_answer {
    struct mark at;
    struct value code, service, signpost, ticket_class, avoidable;
    struct references needs;
};

struct model_question {
    struct mark at;
    struct value code, kind, digits, letters; /* kind.number: an enum question_kind */
    struct mark answers_at;
    int answer_count; /* a yes_no question has both, once site_settle_questions() has seen it */
    struct model_answer answers[QUARTER_ANSWER_CHOICES_MAX];
};

/* In the order of the schema's choices. */
enum question_kind {
    QUESTION_ONE,
    QUESTION_SEVERAL,
    QUESTION_YES_NO,
    QUESTION_NUMBER,
    QUESTION_TEXT,
};

struct model_service {
    struct mark at;
    struct value code, prefix, area, typical_min, ask;
    struct references questions;
    int scan_count;
    struct value scan[QUARTER_SCANS_MAX];
};

struct model_group {
    struct mark at;
    struct value code;
    struct references services;
};

struct model_break {
    struct mark at;
    struct value start, minutes;
};

struct model_counter {
    struct mark at;
    struct value code, kind, from, to;
    struct references services, languages, needs, days; /* days none given: all */
    int break_count;
    struct model_break breaks[SITE_BREAKS_MAX];
};

struct model_screen { /* a kiosk or a display */
    struct mark at;
    struct value code, orientation, theme, width_mm, bottom_mm, viewing_mm;
    struct references groups; /* a kiosk's; none: all */
};

struct model_policy {
    struct mark at;
    struct value name, rescue_min, limit_min;
};

struct model_promises { /* minutes, by class; normal is the standard itself */
    struct mark at;
    struct value assisted, appointment, urgent, transfer;
};

struct model_standard {
    struct mark at;
    struct value wait_min, share;
};

struct model_hours {
    struct mark at;
    struct model_day days[7];
};

struct model_numbers {
    struct mark at;
    struct value last, reserved_from, block;
};

struct model_theme {
    struct mark at;
    struct value brand;
};

struct model_contact {
    struct mark at;
    struct value phone, web;
};

struct site_model {
    struct mark at;
    struct value site, zone, day_end, unsure, public_url;
    struct model_standard standard;
    struct model_policy policy;
    struct model_promises promises;
    struct model_hours hours;
    struct model_numbers numbers;
    struct model_theme theme;
    struct model_contact contact;
    int closure_count, language_count, area_count, need_count, service_count, group_count,
        counter_count, kiosk_count, display_count, question_count, signpost_count;
    struct value closures[QUARTER_CLOSURES_MAX];
    struct mark languages_at;
    struct value languages[QUARTER_LANGUAGES_MAX];
    struct value areas[MODEL_AREAS_MAX];
    struct model_need needs[QUARTER_NEEDS_MAX];
    struct model_signpost signposts[QUARTER_SIGNPOSTS_MAX];
    struct model_question questions[QUARTER_QUESTIONS_MAX];
    struct model_service services[QUARTER_SERVICES_MAX];
    struct model_group groups[MODEL_GROUPS_MAX];
    struct model_counter counters[QUARTER_COUNTERS_MAX];
    struct model_screen kiosks[MODEL_KIOSKS_MAX];
    struct model_screen displays[MODEL_DISPLAYS_MAX];
};

struct model_words { /* of a group or a service */
    struct mark at;
    struct value name, hint;
    struct mark have_ready_at;
    int have_ready_count;
    struct value have_ready[MODEL_HAVE_READY_MAX];
    struct mark also_at;
    int also_count;
    struct value also[QUARTER_ALSO_MAX];
};

struct model_question_words {
    struct mark at;
    struct value title, hint;
    struct mark answers_at;
    struct value answers[QUARTER_ANSWER_CHOICES_MAX];
};

struct model_signpost_words {
    struct mark at;
    struct value title, text;
};

struct model_yes_no { /* the answers to all yes_no questions that have no others */
    struct mark at;
    struct value answers[2]; /* yes, no */
};

struct text_model { /* one text file */
    struct mark at;
    struct value language, autonym, direction, draft, name;
    struct mark groups_at, services_at, areas_at, counters_at, needs_at, questions_at, signposts_at,
        avoidable_at;
    struct model_yes_no yes_no;
    struct model_words groups[MODEL_GROUPS_MAX];
    struct model_words services[QUARTER_SERVICES_MAX];
    struct value areas[MODEL_AREAS_MAX];
    struct value counters[QUARTER_COUNTERS_MAX];
    struct value needs[QUARTER_NEEDS_MAX];
    struct model_question_words questions[QUARTER_QUESTIONS_MAX];
    struct model_signpost_words signposts[QUARTER_SIGNPOSTS_MAX];
    struct value avoidable[QUARTER_AVOIDABLE_MAX]; /* by SET_AVOIDABLE; staff read them */
};

extern const struct shape site_shape, text_shape;
extern const char *const model_weekdays[7]; /* "mon" ... */

/* What lasts of a model that stood all checks (site_rules.c). Both are zeroed by the caller. Minutes of the policy that
 * are not given are those of policy_default_terms, which are made for a standard of 15 min, stretched in proportion to
 * this site's: a standard of 30 min rescues within 16 min and passes nobody over after 60. */
void site_build_rules(const struct site_model *model, struct rules *rules);
void site_build_hours(const struct site_model *model, struct hours *hours);
void site_build_rota(const struct site_model *model, struct hours_of_counter *counters);

/* What no single value shows: hours in order, everything served, numbers that fit (site_check.c).
 * zone is NULL when it could not be read. */
struct checked_file {
    struct site_report *report;
    int file;
};
void site_check(const struct checked_file *where, const struct site_model *model,
                const struct set *sets);
/* The part of it about who is on duty when (site_check_rota.c). */
void site_check_rota(const struct checked_file *where, const struct site_model *model);
/* And the part about questions and where their answers lead (site_check_triage.c, site_check_routes.c). */
void site_check_triage(const struct checked_file *where, const struct site_model *model,
                       const struct set *sets);
void site_check_routes(const struct checked_file *where, const struct site_model *model,
                       const struct set *sets);
/* Gives each yes_no question its answers yes and no, in this order, whether it names them or not, and takes answers from
 * where one types. answers: a set for each question. */
void site_settle_questions(const struct checked_file *where, struct site_model *model,
                           struct set *answers);
/* The reasons why visits could have been avoided that answers name, each once; at most `most` are given. Returns how
 * many there are. */
int site_avoidable_reasons(const struct site_model *model, const struct value **reasons, int most);

/* One language of a site. base is English; missing words are warned about and filled in from it,
 * and what English itself must have is an error (site_text.c). base is NULL for English, and when
 * English could not be read. */
struct language_file {
    struct site_report *report;
    int file;
    const char *code;
    struct text_model *text;
};
void site_text_complete(const struct language_file *language, const struct language_file *base,
                        const struct site_model *model, const struct set *sets);
/* The part of it about questions, signposts and other names (site_text_triage.c). */
void site_text_complete_triage(const struct language_file *language,
                               const struct language_file *base, const struct site_model *model,
                               const struct set *sets);
enum word_need { WORD_OPTIONAL, WORD_NEEDED };
/* what: "the name of the group 'housing'"; nearest, next: the best places in the file to name, if they are there. */
void site_text_complete_word(const struct language_file *language, struct value *word,
                             const struct value *english, enum word_need need, struct mark at,
                             const char *what);
struct mark site_text_place(struct mark nearest, struct mark next, struct mark last);

#endif
