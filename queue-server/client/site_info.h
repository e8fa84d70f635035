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

enum {
    SITE_GROUPS_MAX = 32,
    SITE_AREAS_MAX = 16,
    SITE_DEVICES_MAX = 32,
    SITE_HAVE_READY_MAX = 8,
    SITE_TEXT_BYTES = 1000, /* of one text in one language */
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

#endif
