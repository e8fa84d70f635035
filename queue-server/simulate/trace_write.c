/* Writes trace folders. See trace_write.h. */
#include "simulate/trace_write.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "quarter/check.h"

static const double longest_patience_s = 172800; /* as long as the reader takes */

static enum status open_file(const char *folder, const char *name, FILE **file)
{
    char path[PATH_MAX];
    const int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return STATUS_IO;
    }
    *file = fopen(path, "we");
    return *file == NULL ? STATUS_IO : STATUS_OK;
}

static enum status close_file(FILE *file)
{
    const bool failed = ferror(file) != 0;
    return fclose(file) != 0 || failed ? STATUS_IO : STATUS_OK;
}

static json_t *codes_of(uint64_t bits, const char *codes, size_t stride)
{
    json_t *list = json_array();
    for (; bits != 0; bits &= bits - 1) {
        const size_t at = (size_t)__builtin_ctzll(bits);
        CHECK(json_array_append_new(list, json_string(codes + at * stride)) == 0);
    }
    return list;
}

static double seconds(int64_t ms)
{
    return (double)ms / 1000.0;
}

static json_t *counter_json(const struct trace_site *site, int index)
{
    const struct world_counter *counter = &site->counters[index];
    CHECK(counter->break_count <= 1 && counter->needs == 0);
    const struct world_break none = {0, 0};
    const struct world_break *pause = counter->break_count == 1 ? &counter->breaks[0] : &none;
    json_t *json = json_pack(
        "{s:s, s:o, s:o, s:f, s:f, s:f, s:f}", "id", site->counter_codes[index], "skills",
        codes_of(counter->services, site->services[0].code, sizeof(site->services[0])), "languages",
        codes_of(counter->languages, site->languages[0], sizeof(site->languages[0])),
        "break_start_s", seconds(pause->from_ms), "break_len_s", seconds(pause->length_ms),
        "open_s", seconds(counter->opens_ms), "close_s", seconds(counter->closes_ms));
    CHECK(json != NULL);
    return json;
}

static json_t *site_document(const struct trace_site *site)
{
    json_t *services = json_array();
    json_t *counters = json_array();
    json_t *languages = json_array();
    for (int i = 0; i < site->service_count; i++) {
        const struct trace_service *service = &site->services[i];
        json_t *row =
            json_pack("{s:s, s:f, s:f, s:f}", "name", service->code, "share", service->share,
                      "mean_min", service->mean_ms / 60000.0, "cv", service->cv);
        CHECK(json_array_append_new(services, row) == 0);
    }
    for (int i = 0; i < site->counter_count; i++) {
        CHECK(json_array_append_new(counters, counter_json(site, i)) == 0);
    }
    for (int i = 0; i < site->language_count; i++) {
        CHECK(json_array_append_new(languages, json_string(site->languages[i])) == 0);
    }
    json_t *root =
        json_pack("{s:o, s:o, s:o, s:f, s:f, s:f}", "services", services, "counters", counters,
                  "languages", languages, "doors_close_s", seconds(site->doors_close_ms),
                  "sl_target", site->target, "sl_seconds", seconds(site->standard_ms));
    CHECK(root != NULL);
    return root;
}

enum status trace_write_site(const char *folder, const struct trace_site *site)
{
    FILE *file = NULL;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return STATUS_IO;
    }
    const enum status status = open_file(folder, "site.json", &file);
    if (status != STATUS_OK) {
        return status;
    }
    json_t *root = site_document(site);
    (void)json_dumpf(root, file, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    (void)fputc('\n', file);
    json_decref(root);
    return close_file(file);
}

static const struct trace_booking *booking_of(const struct trace_day *day, int32_t id)
{
    for (int32_t i = 0; i < day->booking_count; i++) {
        if (day->bookings[i].id == id) {
            return &day->bookings[i];
        }
    }
    return NULL;
}

static double patience_s(const struct world_visit *visit)
{
    const double patience = seconds(visit->leaves_ms - visit->leg_from_ms);
    return patience < longest_patience_s ? patience : longest_patience_s;
}

static void write_visit(FILE *file, const struct trace_site *site, const struct trace_day *day,
                        const struct world_visit *visit)
{
    const struct trace_booking *booking = booking_of(day, visit->id);
    const bool transfers = visit->next_service >= 0;
    int priority = visit->ticket_class == CLASS_URGENT     ? 2
                   : visit->ticket_class == CLASS_ASSISTED ? 1
                                                           : 0;
    priority = booking == NULL ? priority : booking->priority;
    (void)fprintf(file, "%.3f,%s,%s,%d,%.3f,%.3f,%.3f,%d,0,%d,%s,%.3f\n",
                  seconds(visit->arrives_ms), site->services[visit->service].code,
                  site->languages[visit->language], priority,
                  booking == NULL ? -1.0 : seconds(booking->appointment_ms),
                  seconds(visit->service_ms), patience_s(visit), visit->id, visit->silent ? 1 : 0,
                  transfers ? site->services[visit->next_service].code : "",
                  transfers ? seconds(visit->next_service_ms) : 0.0);
}

/* Who never came has no service time; 0 says so. */
static void write_missed(FILE *file, const struct trace_site *site,
                         const struct trace_booking *booking)
{
    (void)fprintf(file, "-1,%s,%s,%d,%.3f,0,0,%d,1,0,,0\n", site->services[booking->service].code,
                  site->languages[booking->language], booking->priority,
                  seconds(booking->appointment_ms), booking->id);
}

enum status trace_write_day(const char *folder, int number, const struct trace_site *site,
                            const struct trace_day *day)
{
    FILE *file = NULL;
    char name[32];
    (void)snprintf(name, sizeof(name), "day_%04d.csv", number);
    const enum status status = open_file(folder, name, &file);
    if (status != STATUS_OK) {
        return status;
    }
    (void)fputs("arrive_s,service,language,priority,appointment_s,service_s,patience_s,id,no_show,"
                "silent,next_service,next_service_s\n",
                file);
    for (int32_t i = 0; i < day->booking_count; i++) {
        if (day->bookings[i].arrives_ms < 0) {
            write_missed(file, site, &day->bookings[i]);
        }
    }
    for (int32_t i = 0; i < day->count; i++) {
        write_visit(file, site, day, &day->visits[i]);
    }
    return close_file(file);
}
