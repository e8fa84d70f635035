/* See sites.h. */
#include "sites.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "random.h"

enum { FILE_BYTES = 16384, SERVICES = 8, NEEDS = 4, COUNTERS = 6 };

struct text {
    char bytes[FILE_BYTES];
    size_t length;
};

static const char *const service_codes[SERVICES] = {"housing", "repairs", "tax",    "parking",
                                                    "bins",    "care",    "badges", "general"};
static const char *const need_codes[NEEDS] = {"interpreter", "bsl", "private_room", "step_free"};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text->bytes + text->length, FILE_BYTES - text->length, format, arguments);
    va_end(arguments);
    CHECK(size >= 0 && (size_t)size < FILE_BYTES - text->length);
    text->length += (size_t)size;
}

/* What a site is made of. */
struct draft {
    uint64_t random;
    int services[SERVICES], service_count;
    int need_count, counter_count;
    bool polish;
};

static void choose(struct draft *draft)
{
    draft->service_count = 2 + (int)sim_pick(&draft->random, 4);
    const int first = (int)sim_pick(&draft->random, SERVICES);
    for (int i = 0; i < draft->service_count; i++) {
        draft->services[i] = (first + i) % SERVICES;
    }
    draft->need_count = (int)sim_pick(&draft->random, NEEDS + 1);
    draft->counter_count = 1 + (int)sim_pick(&draft->random, COUNTERS);
    draft->polish = sim_pick(&draft->random, 2) == 0;
}

static void write_hours(struct text *text, uint64_t *random)
{
    static const char *const hours[][4] = {
        {"09:00", "16:45", "17:00", "20:00"}, {"09:00", "16:45", "17:00", "20:00"},
        {"00:00", "23:30", "23:50", "23:59"}, {"00:30", "04:30", "05:00", "06:00"},
        {"12:00", "23:00", "23:30", "23:30"}, {"08:00", "12:00", "12:00", "12:00"},
    };
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const size_t which = sim_pick(random, sizeof hours / sizeof hours[0]);
    const bool weekend = sim_pick(random, 4) != 0;
    add(text, "hours:\n");
    for (int i = 0; i < 7; i++) {
        if (i >= 5 && !weekend) {
            add(text, "  %s: closed\n", days[i]);
        } else {
            add(text, "  %s: {open: \"%s\", doors: \"%s\", close: \"%s\"}\n", days[i],
                hours[which][0], hours[which][1], hours[which][2]);
        }
    }
    add(text, "day_end: \"%s\"\n", hours[which][3]);
}

static void write_policy(struct text *text, uint64_t *random)
{
    static const char *const names[] = {"fifo", "strict", "headstart", "rescue", "apq"};
    static const int standards[] = {15, 15, 5, 30};
    const int standard = standards[sim_pick(random, 4)];
    add(text, "standard: {wait_min: %d, share: 0.9}\n", standard);
    if (sim_pick(random, 3) != 0) {
        add(text, "policy: {name: rescue, rescue_min: %d",
            (int)sim_pick(random, (uint32_t)standard + 1));
        add(text, ", limit_min: %d}\n", standard + (int)sim_pick(random, 40));
    } else {
        add(text, "policy: %s\n", names[sim_pick(random, 5)]);
    }
    if (sim_pick(random, 2) == 0) {
        static const char *const classes[] = {"assisted", "appointment", "urgent", "transfer"};
        for (int i = 0; i < 4; i++) {
            add(text, "%s%s: %d", i == 0 ? "promises: {" : ", ", classes[i],
                1 + (int)sim_pick(random, (uint32_t)standard));
        }
        add(text, "}\n");
    }
}

static void write_counter(struct text *text, struct draft *draft, int counter)
{
    uint64_t *random = &draft->random;
    add(text, "  - {code: \"%d\", services: [", counter + 1);
    int listed = 0;
    for (int i = 0; i < draft->service_count; i++) {
        /* Each service somewhere. */
        if (i % draft->counter_count == counter || sim_pick(random, 3) == 0) {
            add(text, "%s%s", listed++ == 0 ? "" : ", ", service_codes[draft->services[i]]);
        }
    }
    if (listed == 0) {
        add(text, "%s", service_codes[draft->services[0]]);
    }
    add(text, "], languages: [en%s]", draft->polish && sim_pick(random, 2) == 0 ? ", pl" : "");
    listed = 0;
    for (int i = 0; i < draft->need_count; i++) {
        if (sim_pick(random, 2) == 0) {
            add(text, "%s%s", listed++ == 0 ? ", needs: [" : ", ", need_codes[i]);
        }
    }
    add(text, "%s", listed == 0 ? "" : "]");
    if (sim_pick(random, 4) == 0) {
        add(text, ", days: [mon, wed, sun]");
    }
    add(text, "}\n");
}

static void write_site(struct text *text, struct draft *draft, int number)
{
    static const char *const zones[] = {"Europe/London", "Europe/London", "America/St_Johns",
                                        "Pacific/Apia", "UTC"};
    static const int numbers[][3] = {{12, 8, 2}, {99, 80, 5}, {999, 900, 10}, {99, 50, 3}};
    uint64_t *random = &draft->random;
    const size_t range = sim_pick(random, 4);
    add(text, "site: site-%d\nzone: %s\nlanguages: [en%s]\n", number, zones[sim_pick(random, 5)],
        draft->polish ? ", pl" : "");
    write_policy(text, random);
    write_hours(text, random);
    add(text, "numbers: {last: %d, reserved_from: %d, block: %d}\n", numbers[range][0],
        numbers[range][1], numbers[range][2]);
    for (int i = 0; i < draft->need_count; i++) {
        const bool hard = sim_pick(random, 2) == 0;
        add(text, "%s  - {code: %s, hard: %s", i == 0 ? "needs:\n" : "", need_codes[i],
            hard ? "true" : "false");
        if (!hard) {
            add(text, ", relax_after_min: %d", (int)sim_pick(random, 20));
        }
        add(text, "}\n");
    }
    add(text, "services:\n");
    for (int i = 0; i < draft->service_count; i++) {
        add(text, "  - {code: %s, prefix: %c, typical_min: 10}\n",
            service_codes[draft->services[i]], "ABCA"[sim_pick(random, 4)]);
    }
    add(text, "groups:\n  - {code: all, services: [");
    for (int i = 0; i < draft->service_count; i++) {
        add(text, "%s%s", i == 0 ? "" : ", ", service_codes[draft->services[i]]);
    }
    add(text, "]}\ncounters:\n");
    for (int i = 0; i < draft->counter_count; i++) {
        write_counter(text, draft, i);
    }
    add(text, "kiosks:\n  - {code: kiosk-1, orientation: portrait}\n"
              "  - {code: kiosk-2, orientation: portrait}\n");
}

static void write_english(struct text *text, const struct draft *draft)
{
    add(text, "language: en\nautonym: English\ndirection: ltr\nname: Centre\n"
              "groups:\n  all: {name: All}\nservices:\n");
    for (int i = 0; i < draft->service_count; i++) {
        add(text, "  %s: {name: Service %d}\n", service_codes[draft->services[i]], i);
    }
    add(text, "counters:\n");
    for (int i = 0; i < draft->counter_count; i++) {
        add(text, "  \"%d\": Counter %d\n", i + 1, i + 1);
    }
    for (int i = 0; i < draft->need_count; i++) {
        add(text, "%s  %s: Need %d\n", i == 0 ? "needs:\n" : "", need_codes[i], i);
    }
}

static void bundle(struct text *all, const char *name, const struct text *text)
{
    add(all, "file %s %zu\n%s\n", name, text->length, text->bytes);
}

static struct site *make(int number)
{
    struct draft draft = {.random = sim_seed(0x517e, (uint64_t)number)};
    struct text site = {.length = 0};
    struct text english = {.length = 0};
    struct text polish = {.length = 0};
    struct text all = {.length = 0};
    choose(&draft);
    write_site(&site, &draft, number);
    write_english(&english, &draft);
    add(&polish, "language: pl\nautonym: Polski\ndirection: ltr\n");
    add(&all, "quarter-site 1\n");
    bundle(&all, "site.yaml", &site);
    bundle(&all, "text.en.yaml", &english);
    if (draft.polish) {
        bundle(&all, "text.pl.yaml", &polish);
    }
    struct site *made = NULL;
    struct site_report *report = site_report_create();
    if (site_load_text(all.bytes, all.length, &made, report) != STATUS_OK) {
        fprintf(stderr, "%s\n", site.bytes);
        site_report_print(report, stderr);
        CHECK(false);
    }
    site_report_destroy(report);
    return made;
}

const struct site *sim_sites_get(struct sim_sites *sites, int number)
{
    CHECK(number >= 0 && number < SIM_SITES);
    if (sites->loaded[number] == NULL) {
        sites->loaded[number] = make(number);
    }
    return sites->loaded[number];
}

void sim_sites_free(struct sim_sites *sites)
{
    for (int i = 0; i < SIM_SITES; i++) {
        site_destroy(sites->loaded[i]);
    }
    *sites = (struct sim_sites){0};
}
