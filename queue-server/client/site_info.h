/* The centre as GET /api/site describes it: codes, words in every language, hours, settings. Read
 * once, checked and bounded, then constant: any thread may read it. It owns all its strings;
 * destroy it whole. */
#ifndef QUARTER_CLIENT_SITE_INFO_H
#define QUARTER_CLIENT_SITE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quarter/limits.h"
#include "quarter/status.h"
#include "quarter/ticket.h"

enum {
    SITE_GROUPS_MAX = 32,
    SITE_AREAS_MAX = 16,
    SITE_DEVICES_MAX = 32,
    SITE_HAVE_READY_MAX = 8,
    SITE_TEXT_BYTES = 1200, /* of one text in one language */
    SITE_JSON_BYTES = QUARTER_SITE_BYTES,
};

/* Words by language: in[i] is in site_info.languages[i]; NULL where the server had none. Read with
 * site_info_text(). */
struct site_text {
    const char *in[QUARTER_LANGUAGES_MAX];
};

struct site_language {
    char code[QUARTER_CODE_MAX + 1];
    const char *name; /* of itself in itself: "اردو" */
    bool rtl;
    bool draft; /* machine-made words, not yet read by a person */
};

struct site_group {
    char code[QUARTER_CODE_MAX + 1];
    struct site_text name, hint;
    int service_count;
    int services[QUARTER_SERVICES_MAX]; /* indices into site_info.services */
};

struct site_service {
    char code[QUARTER_CODE_MAX + 1];
    char prefix[QUARTER_PREFIX_MAX + 1];
    char area[QUARTER_CODE_MAX + 1]; /* "": none */
    struct site_text name, hint;
    int have_ready_count; /* the most in any language */
    struct site_text have_ready[SITE_HAVE_READY_MAX];
    /* What else people call it, for the search. Languages have different numbers of other names and
     * none stands for another: read also[i].in[language] itself, NULL past a language's last. */
    int also_count; /* the most in any language */
    struct site_text also[QUARTER_ALSO_MAX];
    bool ask_first;     /* its questions come before "ready"; else they are offered there */
    int question_count; /* 0-3, in the order asked */
    int questions[QUARTER_SERVICE_QUESTIONS_MAX]; /* indices into site_info.questions */
    int scan_count;
    char scan[QUARTER_SCANS_MAX][QUARTER_SCAN_MAX + 1]; /* what its scanned codes begin with */
};

enum site_question_kind {
    SITE_QUESTION_ONE,     /* of its answers; at least two */
    SITE_QUESTION_SEVERAL, /* of its answers; none is an answer too */
    SITE_QUESTION_YES_NO,  /* answers[0] is "yes", answers[1] "no" */
    SITE_QUESTION_NUMBER,  /* typed: digits */
    SITE_QUESTION_TEXT,    /* typed: letters; private */
};

/* What follows from an answer. At most one of service and signpost is there, and never of an answer
 * to "several". */
struct site_answer {
    char code[QUARTER_CODE_MAX + 1];
    struct site_text name; /* there for yes and no, too */
    int service;           /* goes on there instead, asking that one's questions; -1: stays */
    int signpost;          /* ends there, without a queue; -1: does not */
    enum ticket_class ticket_class; /* CLASS_ASSISTED or CLASS_URGENT; CLASS_NORMAL: as it was */
    uint32_t needs;                 /* bit i: asks for site_info.needs[i] */
    char avoidable[QUARTER_CODE_MAX + 1]; /* why the visit could have been avoided; "": no reason */
};

struct site_question {
    char code[QUARTER_CODE_MAX + 1];
    enum site_question_kind kind;
    struct site_text title, hint;
    int digits;       /* of NUMBER: at most so many; else 0 */
    int letters;      /* of TEXT: at most so many; else 0 */
    int answer_count; /* 0 where one types */
    struct site_answer answers[QUARTER_ANSWER_CHOICES_MAX];
};

/* An answer that needs no queue. */
struct site_signpost {
    char code[QUARTER_CODE_MAX + 1];
    struct site_text title, text;
    const char *url; /* https://..., to be shown as a QR code; "": none */
    bool print;      /* may be taken along on paper */
};

struct site_area {
    char code[QUARTER_CODE_MAX + 1];
    struct site_text name;
};

struct site_need {
    char code[QUARTER_CODE_MAX + 1];
    bool hard;
};

struct site_counter {
    char code[QUARTER_CODE_MAX + 1];
    char kind[QUARTER_CODE_MAX + 1]; /* "counter" or "room" */
    struct site_text name;           /* "Counter 3", "Room 2" */
};

struct site_hours {
    bool open;                                 /* at all on that day */
    char open_at[6], doors_at[6], close_at[6]; /* "09:00" local; doors: last tickets */
};

struct site_device {
    char code[QUARTER_CODE_MAX + 1];
    char orientation[QUARTER_CODE_MAX + 1]; /* "portrait", "landscape" or "" */
    char theme[QUARTER_CODE_MAX + 1];       /* "light", "dark", "contrast" or "" */
    int width_mm;                           /* of the visible picture; 0: not known, as below */
    int bottom_mm;  /* of a kiosk: its picture's lower edge above the floor */
    int viewing_mm; /* of a display: read from so far away */
};

struct site_info {
    char hash[QUARTER_HASH_LEN + 1];
    char site[QUARTER_CODE_MAX + 1];
    struct site_text name;
    const char *zone;
    int language_count;
    struct site_language languages[QUARTER_LANGUAGES_MAX];
    int group_count;
    struct site_group groups[SITE_GROUPS_MAX];
    int service_count;
    struct site_service services[QUARTER_SERVICES_MAX];
    int question_count, signpost_count;
    struct site_question questions[QUARTER_QUESTIONS_MAX];
    struct site_signpost signposts[QUARTER_SIGNPOSTS_MAX];
    int avoidable_count; /* the reasons that answers give */
    char avoidable[QUARTER_AVOIDABLE_MAX][QUARTER_CODE_MAX + 1];
    char unsure[QUARTER_CODE_MAX + 1]; /* the service behind "I'm not sure"; "": none */
    int area_count;
    struct site_area areas[SITE_AREAS_MAX];
    int need_count;
    struct site_need needs[QUARTER_NEEDS_MAX];
    int counter_count;
    struct site_counter counters[QUARTER_COUNTERS_MAX];
    struct site_hours hours[7]; /* 0 Sunday ... 6 Saturday, as client_local_time.weekday */
    int closure_count;
    char closures[QUARTER_CLOSURES_MAX][QUARTER_DAY_LEN + 1];
    int standard_wait_min;   /* 15 */
    const char *phone, *web; /* "" when none */
    char brand[8];           /* "#0b4f6c", or "" */
    int kiosk_count;
    struct site_device kiosks[SITE_DEVICES_MAX];
    int display_count;
    struct site_device displays[SITE_DEVICES_MAX];
    const char *public_url; /* "" when none */
};

/* STATUS_INVALID (a sentence why goes to the log), STATUS_TOO_LARGE; *out only on STATUS_OK, to be
 * destroyed. */
enum status site_info_read(const char *json, size_t length, struct site_info **out);
void site_info_destroy(struct site_info *site);

/* The text in `language` (NULL: the first), else English, else the first there is, else "". Never
 * NULL; lives as long as the site. */
const char *site_info_text(const struct site_info *site, const struct site_text *text,
                           const char *language);

/* Lookups by code; NULL (or -1): the site has none such. */
int site_info_find_language(const struct site_info *site, const char *code);
const struct site_group *site_info_find_group(const struct site_info *site, const char *code);
const struct site_service *site_info_find_service(const struct site_info *site, const char *code);
const struct site_area *site_info_find_area(const struct site_info *site, const char *code);
const struct site_counter *site_info_find_counter(const struct site_info *site, const char *code);
const struct site_device *site_info_find_kiosk(const struct site_info *site, const char *code);
const struct site_device *site_info_find_display(const struct site_info *site, const char *code);
int site_info_find_question(const struct site_info *site, const char *code);
int site_info_find_signpost(const struct site_info *site, const char *code);
int site_info_find_answer(const struct site_question *question, const char *code);

/* The service whose codes begin as the scanned one does, the longest beginning first; -1: none.
 * Letters match in either case. */
int site_info_scanned_service(const struct site_info *site, const char *scanned);

#endif
