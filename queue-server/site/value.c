/* Kinds of single values, each a row of a table: what it must be, in words, and the function that
 * reads it. */
#include "site/value.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "quarter/limits.h"

typedef bool parse_function(const struct field *field, struct value *value);

static bool parse_code(const struct field *field, struct value *value);
static bool parse_integer(const struct field *field, struct value *value);
static bool parse_share(const struct field *field, struct value *value);
static bool parse_bool(const struct field *field, struct value *value);
static bool parse_time_value(const struct field *field, struct value *value);
static bool parse_date_value(const struct field *field, struct value *value);
static bool parse_colour(const struct field *field, struct value *value);
static bool parse_prefix(const struct field *field, struct value *value);
static bool parse_url(const struct field *field, struct value *value);
static bool parse_scan(const struct field *field, struct value *value);
static bool parse_choice(const struct field *field, struct value *value);
static bool parse_text(const struct field *field, struct value *value, bool bidi_reported,
                       char *problem);

static const struct {
    const char *wanted; /* NULL: depends on the field */
    parse_function *parse;
} kinds[] = {
    [KIND_CODE] = {"a code of at most 32 signs from a-z, 0-9, _ and -", parse_code},
    [KIND_TEXT] = {NULL, NULL},
    [KIND_INTEGER] = {NULL, parse_integer},
    [KIND_SHARE] = {"a share above 0 and at most 1, such as 0.9", parse_share},
    [KIND_BOOL] = {"true or false", parse_bool},
    [KIND_TIME] = {"a time of day such as \"09:30\"", parse_time_value},
    [KIND_DATE] = {"a date that exists, such as \"2026-12-25\"", parse_date_value},
    [KIND_COLOUR] = {"a colour such as \"#0b4f6c\"", parse_colour},
    [KIND_PREFIX] = {"one to three capital letters A-Z", parse_prefix},
    [KIND_URL] = {"an address that begins with https://", parse_url},
    [KIND_SCAN] = {"what scanned codes begin with: 1 to 16 letters, digits and signs", parse_scan},
    [KIND_CHOICE] = {NULL, parse_choice},
    [KIND_REFERENCE] = {"the code of one that is listed in site.yaml", parse_code},
    [KIND_REFERENCES] = {NULL, NULL},
    [KIND_MAP] = {NULL, NULL},
    [KIND_LIST] = {"a list", NULL},
    [KIND_TABLE] = {"a mapping of 'code: words'", NULL},
};

const char *shape_keys(const struct shape *shape, char buffer[WANTED_BYTES])
{
    size_t used = 0;
    for (size_t i = 0; i < shape->field_count && used < WANTED_BYTES; i++) {
        used += (size_t)snprintf(buffer + used, WANTED_BYTES - used, "%s%s", i == 0 ? "" : ", ",
                                 shape->fields[i].name);
    }
    return buffer;
}

const char *value_wanted(const struct field *field, char buffer[WANTED_BYTES])
{
    char keys[WANTED_BYTES];
    if (field->kind == KIND_LIST && (field->flags & FIELD_OR_ONE) != 0) {
        snprintf(buffer, WANTED_BYTES, "a mapping with %s, or a list of such",
                 shape_keys(field->item->shape, keys));
    } else if (kinds[field->kind].wanted != NULL) {
        snprintf(buffer, WANTED_BYTES, "%s", kinds[field->kind].wanted);
    } else if (field->kind == KIND_INTEGER) {
        snprintf(buffer, WANTED_BYTES, "a whole number from %d to %d", field->min, field->max);
    } else if (field->kind == KIND_TEXT) {
        snprintf(buffer, WANTED_BYTES, "a text of at most %d letters", field->max);
    } else if (field->kind == KIND_REFERENCES) {
        snprintf(buffer, WANTED_BYTES, "a list of %s codes", set_noun(field->set));
    } else if (field->kind == KIND_MAP && (field->flags & FIELD_OR_FIRST) != 0) {
        char first[WANTED_BYTES];
        value_wanted(&field->shape->fields[0], first);
        snprintf(buffer, WANTED_BYTES, "%.*s, or a mapping with %.*s", WANTED_BYTES / 2 - 16, first,
                 WANTED_BYTES / 2 - 16, shape_keys(field->shape, keys));
    } else if (field->kind == KIND_MAP) {
        snprintf(buffer, WANTED_BYTES, "a mapping with %s%s", shape_keys(field->shape, keys),
                 (field->flags & FIELD_OR_CLOSED) != 0 ? ", or the word 'closed'" : "");
    } else {
        size_t used = 0;
        CHECK(field->choices != NULL);
        for (const char *const *choice = field->choices; *choice != NULL && used < WANTED_BYTES;
             choice++) {
            used += (size_t)snprintf(buffer + used, WANTED_BYTES - used, "%s%s",
                                     used == 0 ? "" : " or ", *choice);
        }
    }
    return buffer;
}

bool value_parse(const struct field *field, struct value *value, bool bidi_reported,
                 char problem[VALUE_PROBLEM_BYTES])
{
    if (field->kind == KIND_TEXT) {
        return parse_text(field, value, bidi_reported, problem);
    }
    if (kinds[field->kind].parse(field, value)) {
        return true;
    }
    char shown[EXCERPT_BYTES];
    char wanted[WANTED_BYTES];
    char words[SUGGESTION_BYTES];
    struct suggestion suggestion = suggestion_start(value->text);
    suggestion.of_few = true;
    for (const char *const *choice = field->choices; choice != NULL && *choice != NULL; choice++) {
        suggestion_offer(&suggestion, *choice);
    }
    snprintf(problem, VALUE_PROBLEM_BYTES, "'%s' is '%s'; it must be %s%s", field->name,
             excerpt(value->text, shown), value_wanted(field, wanted),
             suggestion_words(&suggestion, words));
    return false;
}

static bool parse_code(const struct field *field, struct value *value)
{
    (void)field;
    size_t length = strspn(value->text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return length > 0 && length <= QUARTER_CODE_MAX && value->text[length] == '\0' &&
           value->text[0] != '-' && value->text[0] != '_';
}

static bool parse_integer(const struct field *field, struct value *value)
{
    size_t digits = strspn(value->text, "0123456789");
    if (digits == 0 || digits > 9 || value->text[digits] != '\0') {
        return false;
    }
    value->number = (int)strtol(value->text, NULL, 10);
    return value->number >= field->min && value->number <= field->max;
}

/* Digits and a point, read without strtod(), which would ask the locale what a point is. */
static bool parse_share(const struct field *field, struct value *value)
{
    (void)field;
    const char *text = value->text;
    double real = 0.0;
    double unit = 1.0;
    size_t whole = strspn(text, "0123456789");
    size_t length = strlen(text);
    if (whole == 0 || length > 9 || (text[whole] != '.' && text[whole] != '\0')) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (i == whole) {
            continue;
        }
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        real = real * 10.0 + (text[i] - '0');
        unit *= i > whole ? 10.0 : 1.0;
    }
    value->real = real / unit;
    return value->real > 0.0 && value->real <= 1.0;
}

static bool parse_bool(const struct field *field, struct value *value)
{
    (void)field;
    value->number = strcmp(value->text, "true") == 0;
    return value->number == 1 || strcmp(value->text, "false") == 0;
}

static bool two_digits(const char *text, int *number)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    *number = (text[0] - '0') * 10 + (text[1] - '0');
    return true;
}

bool parse_time(const char *text, int *minutes)
{
    int hour = 0;
    int minute = 0;
    if (strlen(text) != 5 || text[2] != ':' || !two_digits(text, &hour) ||
        !two_digits(text + 3, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    *minutes = hour * 60 + minute;
    return true;
}

bool parse_date(const char *text, int *days)
{
    int century = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    if (strlen(text) != QUARTER_DAY_LEN || text[4] != '-' || text[7] != '-' ||
        !two_digits(text, &century) || !two_digits(text + 2, &year) ||
        !two_digits(text + 5, &month) || !two_digits(text + 8, &day)) {
        return false;
    }
    year += century * 100;
    if (month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    /* A day past the month's end comes back as one of the next month. */
    *days = days_from_date(year, month, day);
    int same_year = 0;
    int same_month = 0;
    int same_day = 0;
    date_from_days(*days, &same_year, &same_month, &same_day);
    return same_month == month && same_day == day;
}

static bool parse_time_value(const struct field *field, struct value *value)
{
    (void)field;
    return parse_time(value->text, &value->number);
}

static bool parse_date_value(const struct field *field, struct value *value)
{
    (void)field;
    return parse_date(value->text, &value->number);
}

static bool parse_colour(const struct field *field, struct value *value)
{
    (void)field;
    return value->text[0] == '#' && strspn(value->text + 1, "0123456789abcdefABCDEF") == 6 &&
           value->text[7] == '\0';
}

static bool parse_prefix(const struct field *field, struct value *value)
{
    (void)field;
    size_t length = strspn(value->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return length > 0 && length <= QUARTER_PREFIX_MAX && value->text[length] == '\0';
}

/* Only its form: visible ASCII, and something after the scheme. */
static bool parse_url(const struct field *field, struct value *value)
{
    (void)field;
    const char *text = value->text;
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~' || text[i] == '"' || text[i] == '<' || text[i] == '>') {
            return false;
        }
    }
    return length > 8 && length <= QUARTER_URL_MAX && strncmp(text, "https://", 8) == 0 &&
           text[8] != '/';
}

/* As scanners type it: visible ASCII. */
static bool parse_scan(const struct field *field, struct value *value)
{
    (void)field;
    size_t length = strlen(value->text);
    for (size_t i = 0; i < length; i++) {
        if (value->text[i] <= ' ' || value->text[i] > '~') {
            return false;
        }
    }
    return length > 0 && length <= QUARTER_SCAN_MAX;
}

static bool parse_choice(const struct field *field, struct value *value)
{
    for (int i = 0; field->choices[i] != NULL; i++) {
        if (strcmp(field->choices[i], value->text) == 0) {
            value->number = i;
            return true;
        }
    }
    return false;
}

/* One line that can be drawn: counted in code points, which for Indic scripts is more than a reader
 * would count; the limits leave room for that. */
static bool parse_text(const struct field *field, struct value *value, bool bidi_reported,
                       char *problem)
{
    const char *end = value->text + strlen(value->text);
    const char *at = value->text;
    int letters = 0;
    bool blank = true;
    const char *wrong = NULL;
    while (at < end && wrong == NULL) {
        uint32_t letter = utf8_next(&at, end);
        letters++;
        blank = blank && (letter == ' ' || letter == 0xa0);
        if (letter == '\n' || letter == '\r' || letter == 0x2028 || letter == 0x2029 ||
            letter == 0x85) {
            wrong = "has a line break; write it in one line, without | or >";
        } else if (letter < 0x20 || (letter >= 0x7f && letter < 0xa0) || letter == UINT32_MAX ||
                   letter == 0xfeff) {
            wrong = "has a character that cannot be shown; leave it out";
        } else if (is_bidi_control(letter) && !bidi_reported) {
            wrong = "has an invisible direction sign; leave it out, the screens set directions "
                    "themselves";
        }
    }
    if (wrong == NULL && blank) {
        wrong = "is empty; write the words, or leave the key out";
    }
    if (wrong == NULL && (value->text[0] == ' ' || end[-1] == ' ')) {
        wrong = "begins or ends with a space; leave it out";
    }
    if (wrong != NULL) {
        snprintf(problem, VALUE_PROBLEM_BYTES, "'%s' %s", field->name, wrong);
        return false;
    }
    if (letters > field->max) {
        char shown[EXCERPT_BYTES];
        snprintf(problem, VALUE_PROBLEM_BYTES,
                 "'%s' is too long (%d letters, at most %d fit): '%s'", field->name, letters,
                 field->max, excerpt(value->text, shown));
        return false;
    }
    return true;
}

int days_from_date(int year, int month, int day)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_from_days(int days, int *year, int *month, int *day)
{
    days += 719468;
    int era = (days >= 0 ? days : days - 146096) / 146097;
    int day_of_era = days - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153; /* from March */
    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month + (shifted_month < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}
