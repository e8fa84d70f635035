/* One YAML file of a site as a document in which every node knows its place, after everything that
 * has no business in such a file has been reported: bytes that are not UTF-8, control and
 * bidirectional control characters, anchors and aliases, tags, deep nesting, a second document,
 * syntax errors. */
#ifndef QUARTER_SITE_YAML_READER_H
#define QUARTER_SITE_YAML_READER_H

#include <yaml.h>

#include "site/report.h"

enum {
    YAML_FILE_BYTES = 256 * 1024, /* a large centre's file needs a tenth of it */
    YAML_DEPTH_MAX = 12,
    EXCERPT_BYTES = 64,
};

struct yaml_file {
    struct site_report *report;
    int file;           /* in the report */
    bool loaded;        /* document is there */
    bool raw_bidi_seen; /* and reported, where it stands */
    yaml_document_t document;
};

/* file: from report_add_file(). False: there is no document to go on with, and the report says why. */
bool yaml_file_parse(struct yaml_file *yaml, struct site_report *report, int file,
                     const char *bytes, size_t length);
void yaml_file_free(struct yaml_file *yaml);

yaml_node_t *yaml_file_root(struct yaml_file *yaml);
yaml_node_t *yaml_file_node(struct yaml_file *yaml, int id);
struct mark yaml_mark(const yaml_node_t *node);

/* True for U+200E, U+200F, U+061C, U+202A-E and U+2066-9. Screens isolate numbers and names
 * themselves; in a file these can make a text look like another (CVE-2021-42574). U+200C and U+200D
 * stay: Indic and Persian words need them. */
bool is_bidi_control(uint32_t code_point);

/* Decodes the character at *text and steps over it. 0 at the end, and UINT32_MAX (one byte on)
 * where it is not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF). */
uint32_t utf8_next(const char **text, const char *end);

/* At most EXCERPT_BYTES - 1 bytes of a text from a file, whole characters, for a message. Returns
 * buffer. */
const char *excerpt(const char *text, char buffer[EXCERPT_BYTES]);

#endif
