/* A reader of TZif files (RFC 8536): the transitions of the 64-bit block, and after the last of
 * them the rule of the footer, which is a POSIX TZ string ("GMT0BST,M3.5.0/1,M10.5.0") and holds
 * for all time to come. Debian writes transitions up to 2037 into its files, others ("slim") only
 * the footer; both are read alike. */
#include "site/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"
#include "site/schema.h"

enum {
    HEADER_BYTES = 44,
    ZONE_FILE_BYTES = 64 * 1024, /* the largest of tzdata has 4 KiB */
    TRANSITIONS_MAX = 4096,
    TYPES_MAX = 256, /* their index is one byte */
    OFFSET_MAX_S = 26 * 3600,

    DAY_S = 86400,
    FAR_DAYS = 3650000,
};

enum rule_form { RULE_JULIAN, RULE_DAY_OF_YEAR, RULE_WEEKDAY };

/* When, in a year, the clocks change: POSIX TZ's Jn, n and Mm.w.d. */
struct change_rule {
    enum rule_form form;
    int month, week, day; /* day alone for the first two forms */
    int time_s; /* after local midnight, of the time before the change; RFC 8536: -167 to 167 h */
};

struct footer {
    bool present, has_summer;
    int32_t standard_s, summer_s;
    struct change_rule to_summer, to_standard;
};

struct zone {
    size_t count;
    int64_t *at_s;        /* transitions, ascending */
    int32_t *offset_s;    /* from each on */
    int32_t first_offset; /* before the first */
    struct footer footer;
};

struct header {
    uint32_t utc_count, std_count, leap_count, time_count, type_count, char_count;
};

static bool parse_header(const unsigned char *bytes, size_t length, char *version,
                         struct header *header);
static size_t block_bytes(const struct header *header, size_t time_bytes);
static bool read_block(const unsigned char *bytes, const struct header *header, struct zone *zone);
static bool parse_footer(const char *text, struct footer *footer);
static int32_t footer_offset(const struct footer *footer, int64_t utc_s);

static bool name_is_plain(const char *name)
{
    size_t length =
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
    return length > 0 && length <= 64 && name[length] == '\0' && name[0] != '/' &&
           strstr(name, "//") == NULL;
}

enum status zone_load(const char *dir, const char *name, struct zone **zone)
{
    char path[512];
    /* No dot is allowed in a name, so it cannot climb out of the folder. */
    if (!name_is_plain(name) ||
        snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) {
        return STATUS_NOT_FOUND;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        if (file >= 0) {
            close(file);
        }
        return STATUS_NOT_FOUND;
    }
    unsigned char *bytes = malloc(ZONE_FILE_BYTES);
    CHECK(bytes != NULL);
    ssize_t length = read(file, bytes, ZONE_FILE_BYTES);
    enum status status = length < 0 ? STATUS_IO : zone_parse(bytes, (size_t)length, zone);
    free(bytes);
    close(file);
    return status;
}

enum status zone_parse(const unsigned char *bytes, size_t length, struct zone **result)
{
    char version = 0;
    struct header header;
    if (!parse_header(bytes, length, &version, &header) || version < '2') {
        return STATUS_CORRUPT; /* version 1 ends in 2037; nobody has written it for twenty years */
    }
    size_t skipped = HEADER_BYTES + block_bytes(&header, 4);
    if (skipped > length || !parse_header(bytes + skipped, length - skipped, &version, &header)) {
        return STATUS_CORRUPT;
    }
    size_t data = skipped + HEADER_BYTES;
    size_t footer = data + block_bytes(&header, 8);
    if (footer + 2 > length || bytes[footer] != '\n' || header.time_count > TRANSITIONS_MAX ||
        header.type_count == 0 || header.type_count > TYPES_MAX) {
        return STATUS_CORRUPT;
    }
    char rule[128];
    const unsigned char *start = bytes + footer + 1;
    const unsigned char *end = memchr(start, '\n', length - footer - 1);
    if (end == NULL || (size_t)(end - start) >= sizeof rule) {
        return STATUS_CORRUPT;
    }
    memcpy(rule, start, (size_t)(end - start));
    rule[end - start] = '\0';
    struct zone *zone = calloc(1, sizeof *zone);
    CHECK(zone != NULL);
    if (!read_block(bytes + data, &header, zone) ||
        (rule[0] != '\0' && !parse_footer(rule, &zone->footer))) {
        zone_destroy(zone);
        return STATUS_CORRUPT;
    }
    *result = zone;
    return STATUS_OK;
}

void zone_destroy(struct zone *zone)
{
    if (zone != NULL) {
        free(zone->at_s);
        free(zone->offset_s);
        free(zone);
    }
}

int32_t zone_offset_s(const struct zone *zone, int64_t utc_s)
{
    size_t low = 0; /* transitions at or before utc_s */
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at_s[middle] <= utc_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == zone->count && zone->footer.present) {
        return footer_offset(&zone->footer, utc_s);
    }
    return low == 0 ? zone->first_offset : zone->offset_s[low - 1];
}

/* The offset some time before and some time after are the only candidates, since no zone changes
 * twice in two days. */
int64_t zone_to_utc_s(const struct zone *zone, int64_t local_s)
{
    int32_t before = zone_offset_s(zone, local_s - DAY_S);
    int32_t after = zone_offset_s(zone, local_s + DAY_S);
    bool by_before = zone_offset_s(zone, local_s - before) == before;
    bool by_after = zone_offset_s(zone, local_s - after) == after;
    if (by_before || !by_after) {
        /* Also in a gap: the old offset lands past it, as far as the gap is wide. */
        return local_s - before;
    }
    return local_s - after;
}

void zone_each_name(const char *dir, void (*each)(void *context, const char *name), void *context)
{
    char path[512];
    char line[256];
    snprintf(path, sizeof path, "%s/tzdata.zi", dir);
    FILE *list = fopen(path, "re");
    if (list == NULL) {
        return;
    }
    /* Lines "Z NAME ..." are zones and "L TARGET NAME" their other names (zic(8)). */
    while (fgets(line, sizeof line, list) != NULL) {
        char *rest = NULL;
        char *kind = strtok_r(line, " \n", &rest);
        char *first = strtok_r(NULL, " \n", &rest);
        char *second = strtok_r(NULL, " \n", &rest);
        if (kind != NULL && first != NULL && strcmp(kind, "Z") == 0) {
            each(context, first);
        } else if (kind != NULL && second != NULL && strcmp(kind, "L") == 0) {
            each(context, second);
        }
    }
    fclose(list);
}

static uint32_t read_u32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t read_i64(const unsigned char *bytes)
{
    return (int64_t)((uint64_t)read_u32(bytes) << 32 | read_u32(bytes + 4));
}

/* RFC 8536, 3.1. */
static bool parse_header(const unsigned char *bytes, size_t length, char *version,
                         struct header *header)
{
    if (length < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0) {
        return false;
    }
    *version = (char)bytes[4];
    uint32_t *const counts[] = {&header->utc_count,  &header->std_count,  &header->leap_count,
                                &header->time_count, &header->type_count, &header->char_count};
    for (size_t i = 0; i < 6; i++) {
        *counts[i] = read_u32(bytes + 20 + 4 * i);
        if (*counts[i] > ZONE_FILE_BYTES) {
            return false;
        }
    }
    return true;
}

/* RFC 8536, 3.2. */
static size_t block_bytes(const struct header *header, size_t time_bytes)
{
    return header->time_count * (time_bytes + 1) + header->type_count * (size_t)6 +
           header->char_count + header->leap_count * (time_bytes + 4) + header->std_count +
           header->utc_count;
}

static bool read_block(const unsigned char *bytes, const struct header *header, struct zone *zone)
{
    const unsigned char *indices = bytes + header->time_count * (size_t)8;
    const unsigned char *types = indices + header->time_count;
    int32_t offsets[TYPES_MAX];
    for (size_t i = 0; i < header->type_count; i++) {
        offsets[i] = (int32_t)read_u32(types + 6 * i);
        if (offsets[i] < -OFFSET_MAX_S || offsets[i] > OFFSET_MAX_S) {
            return false;
        }
    }
    zone->first_offset = offsets[0];
    zone->count = header->time_count;
    zone->at_s = calloc(zone->count + 1, sizeof *zone->at_s);
    zone->offset_s = calloc(zone->count + 1, sizeof *zone->offset_s);
    CHECK(zone->at_s != NULL && zone->offset_s != NULL);
    for (size_t i = 0; i < zone->count; i++) {
        zone->at_s[i] = read_i64(bytes + 8 * i);
        if (indices[i] >= header->type_count || (i > 0 && zone->at_s[i] <= zone->at_s[i - 1])) {
            return false;
        }
        zone->offset_s[i] = offsets[indices[i]];
    }
    return true;
}

static bool parse_number(const char **text, int most, int *number)
{
    if (**text < '0' || **text > '9') {
        return false;
    }
    *number = 0;
    while (**text >= '0' && **text <= '9' && *number <= most) {
        *number = *number * 10 + (*(*text)++ - '0');
    }
    return *number <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool parse_clock(const char **text, int *seconds)
{
    int sign = **text == '-' ? -1 : 1;
    *text += **text == '-' || **text == '+';
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!parse_number(text, 167, &hours)) {
        return false;
    }
    if (**text == ':' && (++*text, !parse_number(text, 59, &minutes))) {
        return false;
    }
    if (**text == ':' && (++*text, !parse_number(text, 59, &rest))) {
        return false;
    }
    *seconds = sign * (hours * 3600 + minutes * 60 + rest);
    return true;
}

/* "GMT" or "<+05>" */
static bool skip_name(const char **text)
{
    const char *start = *text;
    if (**text == '<') {
        const char *end = strchr(*text, '>');
        *text = end == NULL ? start : end + 1;
        return end != NULL;
    }
    while ((**text >= 'A' && **text <= 'Z') || (**text >= 'a' && **text <= 'z')) {
        ++*text;
    }
    return *text - start >= 3;
}

static bool parse_rule(const char **text, struct change_rule *rule)
{
    *rule = (struct change_rule){.time_s = 2 * 3600};
    if (*(*text)++ != ',') {
        return false;
    }
    if (**text == 'M') {
        rule->form = RULE_WEEKDAY;
        ++*text;
        bool good = parse_number(text, 12, &rule->month) && *(*text)++ == '.' &&
                    parse_number(text, 5, &rule->week) && *(*text)++ == '.' &&
                    parse_number(text, 6, &rule->day);
        if (!good || rule->month < 1 || rule->week < 1) {
            return false;
        }
    } else {
        rule->form = **text == 'J' ? RULE_JULIAN : RULE_DAY_OF_YEAR;
        *text += **text == 'J';
        if (!parse_number(text, 365, &rule->day)) {
            return false;
        }
    }
    return **text != '/' || (++*text, parse_clock(text, &rule->time_s));
}

/* POSIX.1-2017, 8.3, TZ: offsets are what is added to local time to get UTC, hence the signs. */
static bool parse_footer(const char *text, struct footer *footer)
{
    int seconds = 0;
    footer->present = true;
    if (!skip_name(&text) || !parse_clock(&text, &seconds)) {
        return false;
    }
    footer->standard_s = -seconds;
    if (*text == '\0') {
        return true;
    }
    footer->has_summer = true;
    footer->summer_s = footer->standard_s + 3600;
    if (!skip_name(&text)) {
        return false;
    }
    if (*text != ',') {
        if (!parse_clock(&text, &seconds)) {
            return false;
        }
        footer->summer_s = -seconds;
    }
    return parse_rule(&text, &footer->to_summer) && parse_rule(&text, &footer->to_standard) &&
           *text == '\0';
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The day since 1970 on which the clocks change in a year. */
static int rule_day(const struct change_rule *rule, int year)
{
    int first = days_from_date(year, 1, 1);
    switch (rule->form) {
    case RULE_JULIAN: /* 1 to 365, never counts 29 February */
        return first + rule->day - 1 + (is_leap(year) && rule->day >= 60);
    case RULE_DAY_OF_YEAR: return first + rule->day;
    case RULE_WEEKDAY: break;
    }
    int month_start = days_from_date(year, rule->month, 1);
    int next_month = rule->month == 12 ? days_from_date(year + 1, 1, 1)
                                       : days_from_date(year, rule->month + 1, 1);
    int weekday = ((month_start + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; Sunday is 0 */
    int day = month_start + (rule->day - weekday + 7) % 7 + (rule->week - 1) * 7;
    while (day >= next_month) { /* week 5 means the last */
        day -= 7;
    }
    return day;
}

static int32_t footer_offset(const struct footer *footer, int64_t utc_s)
{
    if (!footer->has_summer) {
        return footer->standard_s;
    }
    int64_t local_s = utc_s + footer->standard_s;
    int64_t days = local_s / DAY_S - (local_s % DAY_S < 0);
    /* Far outside of any use; keeps the date arithmetic in range. */
    if (days > FAR_DAYS || days < -FAR_DAYS) {
        return footer->standard_s;
    }
    int year = 0;
    int month = 0;
    int day = 0;
    date_from_days((int)days, &year, &month, &day);
    int64_t start = (int64_t)rule_day(&footer->to_summer, year) * DAY_S + footer->to_summer.time_s -
                    footer->standard_s;
    int64_t end = (int64_t)rule_day(&footer->to_standard, year) * DAY_S +
                  footer->to_standard.time_s - footer->summer_s;
    bool summer = start < end ? utc_s >= start && utc_s < end  /* northern */
                              : utc_s >= start || utc_s < end; /* southern: over the new year */
    return summer ? footer->summer_s : footer->standard_s;
}
