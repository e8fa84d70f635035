/* The files of a site as bytes: gathered from a folder or from the journal's bundle, and bundled
 * for it. */
#ifndef QUARTER_SITE_SOURCE_H
#define QUARTER_SITE_SOURCE_H

#include "site/report.h"

enum {
    SOURCE_NAME_BYTES = 64,
    SOURCES_MAX = 1 + 32, /* site.yaml and its text files, with some that no language lists */
};

struct source {
    char name[SOURCE_NAME_BYTES];        /* "site.yaml", "text.pl.yaml" */
    char language[QUARTER_CODE_MAX + 1]; /* "pl"; "" of site.yaml */
    int file;                            /* in the report */
    size_t length;
    char *bytes; /* NULL: could not be read, and the report says so */
};

/* items[0] is site.yaml; text files follow in the order of their names. */
struct sources {
    int count;
    struct source items[SOURCES_MAX];
};

void sources_from_folder(struct sources *sources, const char *dir, struct site_report *report);
void sources_from_bundle(struct sources *sources, const char *text, size_t length,
                         struct site_report *report);
void sources_free(struct sources *sources);

/* The bundle of the given sources, in that order (see site_text() in site.h). free(). */
char *sources_bundle(const struct source *const *chosen, int count, size_t *length);

#endif
