/* libFuzzer over a site's files: the input is a bundle as the journal keeps it (see site_text() in site.h), or, when it
 * does not begin like one, a site.yaml. Build with -DQUARTER_FUZZ=ON and clang; start it on a folder of bundles:
 *
 *   fuzz_site -max_len=65536 CORPUS */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/site_info.h"
#include "site/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void load(const char *text, size_t length)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    if (site_load_text(text, length, &site, report) == STATUS_OK) {
        struct site_day day;
        int64_t opening = 0;
        site_day(site, "2026-03-29", &day);
        (void)site_next_opening(site, day.ends_ms, &opening);
        for (int i = 0; i < site_rules(site)->counter_count; i++) {
            struct site_roster roster;
            (void)site_roster(site, "2026-03-29", i, &roster);
        }
        struct site_info *info = NULL;
        if (site_info_read(site_json(site), strlen(site_json(site)), &info) != STATUS_OK) {
            abort(); /* it loads, but no screen could show it */
        }
        site_info_destroy(info);
    }
    site_destroy(site);
    site_report_destroy(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char first_line[] = "quarter-site 1\n";
    if (length >= strlen(first_line) && memcmp(bytes, first_line, strlen(first_line)) == 0) {
        load((const char *)bytes, length);
        return 0;
    }
    char *bundle = malloc(length + 64);
    if (bundle == NULL) {
        return 0;
    }
    size_t used = (size_t)snprintf(bundle, 64, "%sfile site.yaml %zu\n", first_line, length);
    memcpy(bundle + used, bytes, length);
    bundle[used + length] = '\n';
    load(bundle, used + length + 1);
    free(bundle);
    return 0;
}
