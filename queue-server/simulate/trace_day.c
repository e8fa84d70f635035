/* One day_*.csv of a trace folder. Seconds after opening; no quotes; LF or CRLF; blank lines do not count.
 *
 *   arrive_s (-1: never came), service, language, priority (0 normal, 1 assisted, 2 urgent), appointment_s (-1: none),
 *   service_s, patience_s (from the later of arrival and appointment), id, no_show, silent (leaves without a word),
 *   next_service (empty: none), next_service_s */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/trace_parts.h"
#include "site/report.h"

enum column {
    ARRIVE,
    SERVICE,
    LANGUAGE,
    PRIORITY,
    APPOINTMENT,
    SERVICE_TIME,
    PATIENCE,
    ID,
    NO_SHOW,
    SILENT,
    NEXT_SERVICE,
    NEXT_SERVICE_TIME,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    "arrive_s",   "service", "language", "priority", "appointment_s", "service_s",
    "patience_s", "id",      "no_show",  "silent",   "next_service",  "next_service_s"};

enum {
    LONGEST_S = 172800,
    ROWS_MAX = QUARTER_TICKETS_MAX,
    TEXT_BYTES = 40,
    /* Of the staffed time. A busy Monday brings a little more work than there is time for, and the impatient leave: of
     * 1000 days of the reference workload the worst brought 1.10. From 1.25 on a day is not busy, it is wrong. */
    LOAD_PERMILLE_MAX = 1250,
};

struct row_id {
    int32_t id;
    int line;
};

struct reading {
    const char *file;
    int line;
    const struct trace_site *site;
    struct trace_day *day;
    struct trace_faults *faults;
    struct row_id *ids;
    int32_t rows;
    int64_t work_ms[QUARTER_SERVICES_MAX];
};

static const char *sanitised(const char *text, char buffer[TEXT_BYTES])
{
    size_t i = 0;
    for (; text[i] != '\0' && i < TEXT_BYTES - 1; i++) {
        const unsigned char byte = (unsigned char)text[i];
        buffer[i] = (char)(byte < 0x20 || byte == 0x7f ? '?' : byte);
    }
    buffer[i] = '\0';
    return buffer;
}

/* Seconds, to ms. -1 only where `none` allows it. */
static bool read_time(const struct reading *reading, char *const *fields, enum column column,
                      bool none, int64_t *ms)
{
    const char *text = fields[column];
    const char *name = column_names[column];
    char shown[TEXT_BYTES];
    char *end = NULL;
    errno = 0;
    const double seconds = strtod(text, &end);
    if (text[0] == '\0') {
        trace_fault(reading->faults, reading->file, reading->line, "%s is missing", name);
        return false;
    }
    /* strtod also takes hexadecimal, blanks before, "inf" and "nan" */
    if (text[strspn(text, "0123456789.eE+-")] != '\0' || *end != '\0' || errno != 0 ||
        !isfinite(seconds)) {
        trace_fault(reading->faults, reading->file, reading->line, "%s is not a number: '%s'", name,
                    sanitised(text, shown));
        return false;
    }
    if (none && seconds == -1) {
        *ms = -1;
        return true;
    }
    if (seconds < 0 || seconds > LONGEST_S) {
        trace_fault(reading->faults, reading->file, reading->line, "%s is %s: '%s'", name,
                    seconds < 0 ? "negative" : "more than two days", sanitised(text, shown));
        return false;
    }
    *ms = llround(seconds * 1000);
    return true;
}

static bool read_whole(const struct reading *reading, char *const *fields, enum column column,
                       int most, int *value)
{
    const char *text = fields[column];
    char shown[TEXT_BYTES];
    char *end = NULL;
    errno = 0;
    const long number = strtol(text, &end, 10);
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
        number > most) {
        trace_fault(reading->faults, reading->file, reading->line,
                    "%s has to be a whole number from 0 to %d: '%s'", column_names[column], most,
                    sanitised(text, shown));
        return false;
    }
    *value = (int)number;
    return true;
}

static bool read_service(const struct reading *reading, char *const *fields, enum column column,
                         int16_t *service)
{
    const char *text = fields[column];
    const int found = trace_find_service(reading->site, text);
    if (found < 0) {
        char words[SUGGESTION_BYTES];
        char shown[TEXT_BYTES];
        struct suggestion suggestion = suggestion_start(sanitised(text, shown));
        for (int i = 0; i < reading->site->service_count; i++) {
            suggestion_offer(&suggestion, reading->site->services[i].code);
        }
        if (text[0] == '\0') {
            trace_fault(reading->faults, reading->file, reading->line, "%s is missing",
                        column_names[column]);
        } else {
            trace_fault(reading->faults, reading->file, reading->line, "%s: unknown service '%s'%s",
                        column_names[column], shown, suggestion_words(&suggestion, words));
        }
        return false;
    }
    *service = (int16_t)found;
    return true;
}

static bool read_language(const struct reading *reading, char *const *fields, int16_t *language)
{
    const char *text = fields[LANGUAGE];
    const int found = trace_find_language(reading->site, text);
    if (found < 0) {
        char shown[TEXT_BYTES];
        if (text[0] == '\0') {
            trace_fault(reading->faults, reading->file, reading->line, "language is missing");
        } else {
            trace_fault(
                reading->faults, reading->file, reading->line,
                "unknown language '%s': no counter speaks it, and \"languages\" of site.json "
                "does not list it",
                sanitised(text, shown));
        }
        return false;
    }
    *language = (int16_t)found;
    return true;
}

static bool read_next_leg(const struct reading *reading, char *const *fields,
                          struct world_visit *visit)
{
    bool fine = true;
    visit->next_service = -1;
    if (fields[NEXT_SERVICE][0] != '\0') {
        fine = read_service(reading, fields, NEXT_SERVICE, &visit->next_service);
    }
    return read_time(reading, fields, NEXT_SERVICE_TIME, false, &visit->next_service_ms) && fine;
}

/* Do arrival, appointment and no_show agree? */
static bool makes_sense(const struct reading *reading, bool no_show, int64_t arrives_ms,
                        int64_t appointment_ms)
{
    const char *reason = NULL;
    if (!no_show && arrives_ms < 0) {
        reason = "arrive_s is negative, and no_show is 0";
    } else if (no_show && arrives_ms >= 0) {
        reason = "no_show is 1, and arrive_s says that the visitor came";
    } else if (no_show && appointment_ms < 0) {
        reason = "no_show is 1, and there is no appointment";
    }
    if (reason != NULL) {
        trace_fault(reading->faults, reading->file, reading->line, "%s", reason);
    }
    return reason == NULL;
}

static void read_row(struct reading *reading, char *const *fields)
{
    struct world_visit visit = {.next_service = -1};
    int64_t appointment_ms = -1;
    int64_t patience_ms = 0;
    int priority = 0;
    int id = 0;
    int no_show = 0;
    int silent = 0;
    bool fine = read_time(reading, fields, ARRIVE, true, &visit.arrives_ms);
    fine &= read_service(reading, fields, SERVICE, &visit.service);
    fine &= read_language(reading, fields, &visit.language);
    fine &= read_whole(reading, fields, PRIORITY, 2, &priority);
    fine &= read_time(reading, fields, APPOINTMENT, true, &appointment_ms);
    fine &= read_time(reading, fields, SERVICE_TIME, false, &visit.service_ms);
    fine &= read_time(reading, fields, PATIENCE, false, &patience_ms);
    fine &= read_whole(reading, fields, ID, INT32_MAX, &id);
    fine &= read_whole(reading, fields, NO_SHOW, 1, &no_show);
    fine &= read_whole(reading, fields, SILENT, 1, &silent);
    fine &= read_next_leg(reading, fields, &visit);
    fine = fine && makes_sense(reading, no_show == 1, visit.arrives_ms, appointment_ms);
    if (!fine) {
        return;
    }
    struct trace_day *day = reading->day;
    reading->ids[reading->rows++] = (struct row_id){.id = id, .line = reading->line};
    if (appointment_ms >= 0) {
        day->bookings[day->booking_count++] =
            (struct trace_booking){.appointment_ms = appointment_ms,
                                   .arrives_ms = visit.arrives_ms,
                                   .id = id,
                                   .service = visit.service,
                                   .language = visit.language,
                                   .priority = (uint8_t)priority};
    }
    if (no_show == 1) {
        day->missed++;
        return;
    }
    trace_classify(&visit, appointment_ms, priority);
    visit.id = id;
    visit.silent = silent == 1;
    visit.leaves_ms = visit.leg_from_ms + patience_ms;
    day->visits[day->count++] = visit;
    reading->work_ms[visit.service] += visit.service_ms;
    if (visit.next_service >= 0) {
        reading->work_ms[visit.next_service] += visit.next_service_ms;
    }
}

/* Cuts a line at its commas; returns how many fields it has, at most COLUMNS + 1. */
static int split(char *line, char *fields[COLUMNS + 1])
{
    int count = 0;
    for (char *field = line; field != NULL && count <= COLUMNS; count++) {
        char *comma = strchr(field, ',');
        fields[count] = field;
        if (comma != NULL) {
            *comma++ = '\0';
        }
        field = comma;
    }
    return count;
}

static bool read_header(const struct reading *reading, char *line)
{
    char *fields[COLUMNS + 1];
    const int count = split(line, fields);
    for (int i = 0; i < COLUMNS; i++) {
        char shown[TEXT_BYTES];
        if (i >= count || strcmp(fields[i], column_names[i]) != 0) {
            trace_fault(reading->faults, reading->file, reading->line,
                        "column %d of the header is '%s', not '%s'", i + 1,
                        i < count ? sanitised(fields[i], shown) : "", column_names[i]);
            return false;
        }
    }
    if (count > COLUMNS) {
        trace_fault(reading->faults, reading->file, reading->line,
                    "the header has more than %d columns", COLUMNS);
        return false;
    }
    return true;
}

static void read_line(struct reading *reading, char *line)
{
    char *fields[COLUMNS + 1];
    const int count = split(line, fields);
    if (count > COLUMNS) {
        trace_fault(reading->faults, reading->file, reading->line, "has more than %d columns",
                    COLUMNS);
        return;
    }
    if (count < COLUMNS) {
        trace_fault(reading->faults, reading->file, reading->line, "has %d columns instead of %d",
                    count, COLUMNS);
        return;
    }
    read_row(reading, fields);
}

static void read_lines(struct reading *reading, char *text)
{
    bool header = false;
    for (char *line = text; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        reading->line++;
        if (end != NULL) {
            *end++ = '\0';
        }
        const size_t length = strlen(line);
        if (length > 0 && line[length - 1] == '\r') {
            line[length - 1] = '\0';
        }
        if (line[0] == '\0') {
            line = end;
            continue;
        }
        if (!header && !read_header(reading, line)) {
            return; /* every row would be wrong too */
        }
        if (header) {
            read_line(reading, line);
        }
        header = true;
        line = end;
    }
}

static int by_id(const void *a, const void *b)
{
    const struct row_id *x = a;
    const struct row_id *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id)
                          : (x->line > y->line) - (x->line < y->line);
}

/* Equal arrivals keep the order of their rows. */
static int by_arrival(const void *a, const void *b, void *context)
{
    const struct world_visit *visits = context;
    const int32_t x = *(const int32_t *)a;
    const int32_t y = *(const int32_t *)b;
    return visits[x].arrives_ms != visits[y].arrives_ms
               ? (visits[x].arrives_ms > visits[y].arrives_ms) * 2 - 1
               : (x > y) - (x < y);
}

static void sort_visits(struct trace_day *day)
{
    const size_t count = (size_t)day->count;
    int32_t *order = malloc((count + 1) * sizeof(*order));
    struct world_visit *sorted = malloc((count + 1) * sizeof(*sorted));
    CHECK(order != NULL && sorted != NULL);
    for (int32_t i = 0; i < day->count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof(*order), by_arrival, day->visits);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = day->visits[order[i]];
    }
    free(order);
    free(day->visits);
    day->visits = sorted;
}

static int64_t staffed_ms(const struct trace_site *site, int service)
{
    int64_t all_ms = 0;
    for (int i = 0; i < site->counter_count; i++) {
        const struct world_counter *counter = &site->counters[i];
        if (service >= 0 && (counter->services >> service & 1) == 0) {
            continue;
        }
        all_ms += counter->closes_ms - counter->opens_ms;
        for (int j = 0; j < counter->break_count; j++) {
            all_ms -= counter->breaks[j].length_ms;
        }
    }
    return all_ms;
}

static bool is_overload(int64_t work_ms, int64_t staffed)
{
    return work_ms > staffed / 1000 * LOAD_PERMILLE_MAX;
}

static void check_load(const struct reading *reading)
{
    static const double hour_ms = 3600000;
    int64_t work_ms = 0;
    for (int i = 0; i < reading->site->service_count; i++) {
        const int64_t mine_ms = staffed_ms(reading->site, i);
        work_ms += reading->work_ms[i];
        if (is_overload(reading->work_ms[i], mine_ms)) {
            trace_fault(reading->faults, reading->file, 0,
                        "load over capacity: %.1f h of '%s' for %.1f h of counters that offer it",
                        (double)reading->work_ms[i] / hour_ms, reading->site->services[i].code,
                        (double)mine_ms / hour_ms);
        }
    }
    const int64_t all_ms = staffed_ms(reading->site, -1);
    if (is_overload(work_ms, all_ms)) {
        trace_fault(reading->faults, reading->file, 0,
                    "load over capacity: %.1f h of service for %.1f h of staffed counters",
                    (double)work_ms / hour_ms, (double)all_ms / hour_ms);
    }
}

static void check_day(const struct reading *reading)
{
    qsort(reading->ids, (size_t)reading->rows, sizeof(*reading->ids), by_id);
    for (int32_t i = 1; i < reading->rows; i++) {
        const struct row_id *row = &reading->ids[i];
        if (row->id == reading->ids[i - 1].id) {
            trace_fault(reading->faults, reading->file, row->line, "id %d is that of line %d, too",
                        row->id, reading->ids[i - 1].line);
        }
    }
    check_load(reading);
}

void trace_read_day(const char *path, const struct trace_site *site, struct trace_day *day,
                    struct trace_faults *faults)
{
    size_t length = 0;
    char *text = trace_read_file(path, &length, faults);
    if (text == NULL) {
        return;
    }
    size_t lines = 1;
    for (size_t i = 0; i < length; i++) {
        lines += text[i] == '\n';
    }
    if (lines > ROWS_MAX) {
        trace_fault(faults, path, 0, "has %zu lines; at most %d are possible", lines, ROWS_MAX);
        free(text);
        return;
    }
    struct reading reading = {.file = path, .site = site, .day = day, .faults = faults};
    const int before = faults->count;
    day->visits = calloc(lines, sizeof(*day->visits));
    day->bookings = calloc(lines, sizeof(*day->bookings));
    reading.ids = calloc(lines, sizeof(*reading.ids));
    CHECK(day->visits != NULL && day->bookings != NULL && reading.ids != NULL);
    read_lines(&reading, text);
    if (reading.line == 0) {
        trace_fault(faults, path, 1, "is empty");
    } else if (faults->count == before && day->count == 0) {
        trace_fault(faults, path, reading.line, "nobody comes on this day");
    }
    check_day(&reading);
    sort_visits(day);
    free(reading.ids);
    free(text);
}
