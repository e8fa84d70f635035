/* See site_kit.h. */
#include "site_kit.h"

#include <stdio.h>
#include <string.h>

#include "quarter/check.h"
#include "site/site.h"

struct site_info *site_kit_read(const char *dir)
{
    struct site *site = NULL;
    struct site_info *info = NULL;
    struct site_report *report = site_report_create();
    if (site_load(dir, &site, report) == STATUS_OK) {
        const char *json = site_json(site);
        if (site_info_read(json, strlen(json), &info) != STATUS_OK)
            info = NULL;
    }
    if (info == NULL)
        fprintf(stderr, "%s: this site cannot be read (queue-server check-site says why)\n", dir);
    site_destroy(site);
    site_report_destroy(report);
    return info;
}

struct site_info *site_kit_open(const char *dir)
{
    struct site_info *info = site_kit_read(dir);
    CHECK(info != NULL);
    return info;
}
