/* From bytes to a YAML document, with every oddity told by line and column.
 *
 * libyaml is asked twice: first for its events, which show what a loaded document hides (anchors,
 * tags, a second document) and let us stop at a depth of our choosing; then for the document.
 * Refusing anchors makes alias bombs and documents that contain themselves impossible, so that
 * later code may walk the tree without a guard. */
#include "site/yaml_reader.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { CHARACTER_ERRORS_MAX = 10 }; /* a file; a binary file has thousands */

static char *clean_copy(struct yaml_file *yaml, const char *bytes, size_t length);
static bool check_events(struct yaml_file *yaml, const char *bytes, size_t length);
static bool load_document(struct yaml_file *yaml, const char *bytes, size_t length);
static void report_syntax(struct yaml_file *yaml, const yaml_parser_t *parser);

bool yaml_file_parse(struct yaml_file *yaml, struct site_report *report, int file,
                     const char *bytes, size_t length)
{
    *yaml = (struct yaml_file){.report = report, .file = file};
    if (length > YAML_FILE_BYTES) {
        report_error(report, file, (struct mark){0},
                     "the file is too large (%zu bytes); at most %d are read", length,
                     YAML_FILE_BYTES);
        return false;
    }
    char *clean = clean_copy(yaml, bytes, length);
    yaml->loaded = check_events(yaml, clean, length) && load_document(yaml, clean, length);
    free(clean);
    if (yaml->loaded && yaml_file_root(yaml) == NULL) {
        report_error(report, file, (struct mark){0}, "the file is empty");
        yaml_file_free(yaml);
    }
    return yaml->loaded;
}

void yaml_file_free(struct yaml_file *yaml)
{
    if (yaml->loaded) {
        yaml_document_delete(&yaml->document);
        yaml->loaded = false;
    }
}

yaml_node_t *yaml_file_root(struct yaml_file *yaml)
{
    return yaml_document_get_root_node(&yaml->document);
}

yaml_node_t *yaml_file_node(struct yaml_file *yaml, int id)
{
    yaml_node_t *node = yaml_document_get_node(&yaml->document, id);
    CHECK(node != NULL);
    return node;
}

static struct mark mark_of(yaml_mark_t mark)
{
    return (struct mark){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

struct mark yaml_mark(const yaml_node_t *node)
{
    return mark_of(node->start_mark);
}

bool is_bidi_control(uint32_t code_point)
{
    return code_point == 0x061c || code_point == 0x200e || code_point == 0x200f ||
           (code_point >= 0x202a && code_point <= 0x202e) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

uint32_t utf8_next(const char **text, const char *end)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)*text;
    size_t room = (size_t)(end - *text);
    if (room == 0) {
        return 0;
    }
    size_t more = at[0] < 0x80 ? 0 : at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : 1;
    uint32_t code_point = more == 0 ? at[0] : at[0] & (0x3fU >> more);
    bool good = at[0] < 0x80 || (at[0] >= 0xc2 && at[0] <= 0xf4 && more < room);
    for (size_t i = 1; good && i <= more; i++) {
        good = (at[i] & 0xc0) == 0x80;
        code_point = code_point << 6 | (at[i] & 0x3f);
    }
    if (!good || code_point < least[more] || code_point > 0x10ffff ||
        (code_point >= 0xd800 && code_point <= 0xdfff)) {
        *text += 1;
        return UINT32_MAX;
    }
    *text += more + 1;
    return code_point;
}

const char *excerpt(const char *text, char buffer[EXCERPT_BYTES])
{
    const char *end = text + strlen(text);
    const char *at = text;
    const char *fits = text; /* as far as still leaves room for the dots */
    const size_t room = EXCERPT_BYTES - 1;
    while (at < end) {
        utf8_next(&at, end);
        if ((size_t)(at - text) <= room - 3) {
            fits = at;
        }
    }
    bool whole = (size_t)(end - text) <= room;
    snprintf(buffer, EXCERPT_BYTES, "%.*s%s", (int)((whole ? end : fits) - text), text,
             whole ? "" : "...");
    return buffer;
}

static void check_character(struct yaml_file *yaml, uint32_t character, struct mark at,
                            unsigned char byte, int *found)
{
    bool control =
        (character < 0x20 && character != '\n' && character != '\r' && character != '\t') ||
        (character >= 0x7f && character < 0xa0) || character == 0xfffe || character == 0xffff;
    bool bidi = is_bidi_control(character);
    bool unreadable = character == UINT32_MAX;
    yaml->raw_bidi_seen = yaml->raw_bidi_seen || bidi;
    if ((!control && !bidi && !unreadable) || ++*found > CHARACTER_ERRORS_MAX) {
        return;
    }
    if (unreadable) {
        report_error(yaml->report, yaml->file, at,
                     "this is not UTF-8 (byte 0x%02x); save the file as UTF-8", byte);
    } else if (bidi) {
        report_error(yaml->report, yaml->file, at,
                     "the invisible direction sign U+%04X; leave it out, the screens set "
                     "directions themselves",
                     (unsigned)character);
    } else {
        report_error(yaml->report, yaml->file, at, "the control character U+%04X; leave it out",
                     (unsigned)character);
    }
}

/* Reports bad characters where they stand and gives a copy of the same length without those that
 * libyaml stops at, so that the rest of the file is still read. */
static char *clean_copy(struct yaml_file *yaml, const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);
    CHECK(copy != NULL);
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    struct mark at = {1, 1};
    int found = 0;
    const char *end = copy + length;
    const char *next = copy;
    if (length >= 3 && memcmp(copy, "\xef\xbb\xbf", 3) == 0) {
        next += 3; /* a byte order mark, as some editors write */
    }
    while (next < end) {
        char *here = copy + (next - copy);
        uint32_t character = utf8_next(&next, end);
        check_character(yaml, character, at, (unsigned char)*here, &found);
        bool stops_libyaml = character == UINT32_MAX ||
                             (character < 0x20 && character != '\n' && character != '\r') ||
                             (character >= 0x7f && character < 0xa0) || character == 0xfffe ||
                             character == 0xffff;
        if (stops_libyaml && character != '\t') {
            memset(here, '?', (size_t)(next - here));
        }
        at.column++;
        bool line_ends = character == '\n' || (character == '\r' && (next == end || *next != '\n'));
        if (line_ends) {
            at = (struct mark){at.line + 1, 1};
        }
    }
    if (found > CHARACTER_ERRORS_MAX) {
        report_error(yaml->report, yaml->file, at,
                     "%d more characters that do not belong in this file",
                     found - CHARACTER_ERRORS_MAX);
    }
    return copy;
}

static void parser_start(yaml_parser_t *parser, const char *bytes, size_t length)
{
    CHECK(yaml_parser_initialize(parser) == 1);
    /* Never UTF-16, whatever the first bytes look like. */
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)bytes, length);
}

/* What a site file must not use. False: do not read on. */
static bool check_event(struct yaml_file *yaml, const yaml_event_t *event, int *depth,
                        int *documents)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    struct mark at = mark_of(event->start_mark);
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        ++*depth;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        ++*depth;
    } else if (event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT) {
        --*depth;
    } else if (event->type == YAML_ALIAS_EVENT) {
        anchor = event->data.alias.anchor;
    } else if (event->type == YAML_DOCUMENT_START_EVENT && ++*documents > 1) {
        report_error(yaml->report, yaml->file, at,
                     "a second document begins here; a site file holds one");
        return false;
    }
    if (anchor != NULL) {
        report_error(yaml->report, yaml->file, at,
                     "anchors (&) and aliases (*) are not used here; write the value "
                     "out, or put it in quotes if the sign belongs to it");
        return false;
    }
    if (tag != NULL) {
        report_error(yaml->report, yaml->file, at, "tags (!) are not used here; leave it out");
        return false;
    }
    if (*depth > YAML_DEPTH_MAX) {
        report_error(yaml->report, yaml->file, at,
                     "nested too deeply; no site needs more than %d levels", YAML_DEPTH_MAX);
        return false;
    }
    return true;
}

static bool check_events(struct yaml_file *yaml, const char *bytes, size_t length)
{
    yaml_parser_t parser;
    parser_start(&parser, bytes, length);
    bool good = true;
    bool ended = false;
    int depth = 0;
    int documents = 0;
    while (good && !ended) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) != 1) {
            report_syntax(yaml, &parser);
            good = false;
            break;
        }
        good = check_event(yaml, &event, &depth, &documents);
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return good;
}

static bool load_document(struct yaml_file *yaml, const char *bytes, size_t length)
{
    yaml_parser_t parser;
    parser_start(&parser, bytes, length);
    bool good = yaml_parser_load(&parser, &yaml->document) == 1;
    if (!good) {
        report_syntax(yaml, &parser);
    }
    yaml_parser_delete(&parser);
    return good;
}

/* libyaml's words are for those who know the grammar; beside them goes what usually is the matter. */
static const struct {
    const char *problem;
    const char *advice;
} advices[] = {
    {"mapping values are not allowed",
     "check the indentation, and put a text that holds ': ' in quotes"},
    {"could not find expected ':'", "a key is followed by a colon and a space"},
    {"did not find expected key", "check the indentation of this line and the one before"},
    {"did not find expected '-'", "check the indentation of this line and the one before"},
    {"block sequence entries are not allowed", "start the list on a line of its own"},
    {"did not find expected ',' or ']'", "a list in [ ] is not closed, or misses a comma"},
    {"did not find expected ',' or '}'", "a mapping in { } is not closed, or misses a comma"},
    {"found unexpected end of stream", "a quotation mark is not closed"},
    {"found character that cannot start any token",
     "indent with spaces, not tabs, and put a text that begins with "
     "a sign such as @ or % in quotes"},
    {"found unknown escape character", "in double quotes a backslash has to be doubled"},
    {"found a tab character", "indent with spaces, not tabs"},
};

static void report_syntax(struct yaml_file *yaml, const yaml_parser_t *parser)
{
    const char *problem = parser->problem == NULL ? "out of memory" : parser->problem;
    const char *advice = NULL;
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
        if (strncmp(problem, advices[i].problem, strlen(advices[i].problem)) == 0) {
            advice = advices[i].advice;
            break;
        }
    }
    report_error(yaml->report, yaml->file, mark_of(parser->problem_mark),
                 "this is not YAML (%s)%s%s", problem, advice == NULL ? "" : "; ",
                 advice == NULL ? "" : advice);
}
