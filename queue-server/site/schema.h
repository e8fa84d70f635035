/* Reads a YAML document into structs by tables: what a mapping may hold is data (struct shape), and
 * one reader checks every key, type and value against it and stores it where the table says.
 *
 * Codes are kept in sets (all services, all areas ...). Fields are read in the table's order, not
 * the file's, so a table lists what defines codes before what refers to them. */
#ifndef QUARTER_SITE_SCHEMA_H
#define QUARTER_SITE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "quarter/limits.h"
#include "site/yaml_reader.h"

/* One value as written. at.line is 0 when it was not, and below when it was wrong (and reported);
 * what else is set depends on the kind of its field. The text belongs to the document. */
struct value {
    struct mark at;
    const char *text;
    int number;  /* INTEGER, BOOL, TIME in minutes, DATE in days since 1970, CHOICE, REFERENCE */
    double real; /* SHARE */
};

enum { REFERENCES_MAX = 64 };

/* A list of codes that refer to members of a set, in the order written. */
struct references {
    struct mark at;
    bool faulty; /* some could not be read, and were reported */
    int count;
    uint64_t bits;
    uint8_t members[REFERENCES_MAX];
    struct mark marks[REFERENCES_MAX];
};

enum set_name {
    SET_NONE,
    SET_LANGUAGES,
    SET_AREAS,
    SET_NEEDS,
    SET_SERVICES,
    SET_GROUPS,
    SET_COUNTERS,
    SET_WEEKDAYS, /* mon to sun, known from the start */
    SET_SCREENS,  /* kiosks and displays: both are asked for by code at /api/boards */
    SET_SIGNPOSTS,
    SET_QUESTIONS,
    SET_AVOIDABLE, /* the reasons that answers name */
    SET_ANSWERS,   /* of the question that is being read: each has a set of its own */
    SET_COUNT,
};

struct set {
    /* false: the list that defines it is missing or faulty; what refers to it is not judged */
    bool known;
    int count;
    const char *codes[REFERENCES_MAX]; /* "" for a member whose code could not be read */
    struct mark marks[REFERENCES_MAX];
};

enum field_kind {
    KIND_CODE,       /* defines a member of `set`, unless SET_NONE */
    KIND_TEXT,       /* one line of at most max letters */
    KIND_INTEGER,    /* min to max */
    KIND_SHARE,      /* above 0, at most 1 */
    KIND_BOOL,       /* true or false */
    KIND_TIME,       /* "09:30" */
    KIND_DATE,       /* "2026-12-25" */
    KIND_COLOUR,     /* "#0b4f6c" */
    KIND_PREFIX,     /* one to three capitals */
    KIND_URL,        /* https:// */
    KIND_SCAN,       /* what a scanned code begins with: visible ASCII */
    KIND_CHOICE,     /* one of `choices` */
    KIND_REFERENCE,  /* a member of `set` */
    KIND_REFERENCES, /* a list of members of `set`: struct references */
    KIND_MAP,        /* `shape`; its struct begins with a struct mark */
    KIND_LIST,       /* at most max values, each like `item`, `stride` apart */
    KIND_TABLE,      /* a mapping from members of `set` to values like `item`, `stride` apart */
};

enum field_flag {
    FIELD_REQUIRED = 1,
    FIELD_OR_CLOSED = 2, /* the word `closed` may stand instead of the mapping */
    FIELD_OR_FIRST = 4,  /* the first value of the mapping may stand instead of it */
    FIELD_OR_ONE = 8,    /* a list's only entry may stand instead of it */
    FIELD_LATE = 16,     /* a REFERENCE to what is defined further down the table */
};

struct shape;

struct field {
    const char *name;
    enum field_kind kind;
    unsigned flags;
    size_t offset; /* of the value, list or table in the struct that the shape fills */
    int min, max;
    enum set_name set;
    const char *const *choices; /* ends with NULL */
    const struct shape *shape;
    const struct field *item;
    size_t stride;
    size_t count_offset; /* of a LIST's int */
    size_t mark_offset;  /* of a LIST's or TABLE's struct mark; 0: not kept */
};

struct shape {
    const char *noun; /* "service": for messages */
    size_t field_count;
    const struct field *fields;
};

enum { LATE_MAX = QUARTER_QUESTIONS_MAX * QUARTER_ANSWER_CHOICES_MAX };

struct schema_reader {
    struct yaml_file *yaml;
    struct set *sets;    /* SET_COUNT of them */
    struct set *answers; /* QUARTER_QUESTIONS_MAX of them: SET_ANSWERS, by question */
    int question;        /* the one being read */
    int late_count;
    struct {
        enum set_name set;
        struct value *value;
    } late[LATE_MAX]; /* resolved when the whole file is read */
};

/* Fills target, which the caller has zeroed. What is wrong goes to the report. */
void schema_read(struct schema_reader *reader, const struct shape *shape, void *target);

const char *set_noun(enum set_name set); /* "service" */

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back (H. Hinnant,
 * "chrono-compatible low-level date algorithms"). */
int days_from_date(int year, int month, int day);
void date_from_days(int days, int *year, int *month, int *day);
bool parse_date(const char *text, int *days); /* "YYYY-MM-DD", a day that exists, of any year */
bool parse_time(const char *text, int *minutes);

#endif
