/* The site that the journal kept. See last_site.h. */
#include "http/last_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/log.h"

/* The journal's text was checked when it was applied, but a newer program may ask for more. */
static enum status read_text(const char *text, struct site **site, char *error, size_t error_size)
{
    struct site_report *report = site_report_create();
    const enum status status = site_load_text(text, strlen(text), site, report);
    const char *line = NULL;
    for (size_t i = 0; status != STATUS_OK && (line = site_report_line(report, i)) != NULL; i++) {
        log_error("site", "in the journal: %s", line);
    }
    if (status != STATUS_OK) {
        (void)snprintf(error, error_size, "the site that the journal kept cannot be used either");
    }
    site_report_destroy(report);
    return status;
}

enum status last_site_load(const struct store_config *config, struct site **site, char *error,
                           size_t error_size)
{
    struct store *store = NULL;
    char *text = NULL;
    if (access(config->path, F_OK) != 0) {
        (void)snprintf(error, error_size, "there is no journal yet to go on from");
        return STATUS_NOT_FOUND;
    }
    enum status status = store_open(config, &store, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    status = store_last_site(store, &text);
    if (status == STATUS_OK) {
        status = read_text(text, site, error, error_size);
    } else {
        (void)snprintf(error, error_size, "no site is to be had from the journal: %s",
                       store_error(store));
    }
    free(text);
    store_close(store);
    return status;
}
