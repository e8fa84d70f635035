/* Files of a site, read whole and bounded. A folder may hold anything under these names (a pipe, a
 * huge file, a folder); only plain files of a bearable size are read. */
#include "site/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"
#include "site/yaml_reader.h"

#define BUNDLE_FIRST_LINE "quarter-site 1\n"
#define FILE_LINE         "file "

static const char *read_whole(const char *path, struct source *source);
static int is_text_file(const struct dirent *entry);
static bool language_of(const char *name, char language[QUARTER_CODE_MAX + 1]);

static struct source *add_source(struct sources *sources, const char *name)
{
    CHECK(sources->count < SOURCES_MAX);
    struct source *source = &sources->items[sources->count++];
    *source = (struct source){.file = -1};
    snprintf(source->name, sizeof source->name, "%s", name);
    language_of(name, source->language);
    return source;
}

void sources_from_folder(struct sources *sources, const char *dir, struct site_report *report)
{
    struct dirent **entries = NULL;
    int found = scandir(dir, &entries, is_text_file, alphasort);
    found = found < 0 ? 0 : found; /* no such folder: then site.yaml cannot be read either */
    const char *slash = dir[0] != '\0' && dir[strlen(dir) - 1] == '/' ? "" : "/";
    sources->count = 0;
    for (int i = -1; i < found; i++) {
        const char *name = i < 0 ? "site.yaml" : entries[i]->d_name;
        char path[4096];
        snprintf(path, sizeof path, "%s%s%s", dir, slash, name);
        if (sources->count == SOURCES_MAX) {
            report_error(report, sources->items[0].file, (struct mark){0},
                         "the folder holds more than %d text files", SOURCES_MAX - 1);
            break;
        }
        struct source *source = add_source(sources, name);
        source->file = report_add_file(report, path);
        const char *problem = read_whole(path, source);
        if (problem != NULL) {
            report_error(report, source->file, (struct mark){0}, "the file cannot be read: %s",
                         problem);
        }
    }
    for (int i = 0; i < found; i++) {
        free(entries[i]);
    }
    free(entries);
}

/* "file NAME BYTES\n": where the bytes begin, or NULL. */
static const char *parse_file_line(const char *at, const char *end, char name[SOURCE_NAME_BYTES],
                                   size_t *length)
{
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    char line[SOURCE_NAME_BYTES + 32];
    if (line_end == NULL || (size_t)(line_end - at) >= sizeof line) {
        return NULL;
    }
    memcpy(line, at, (size_t)(line_end - at));
    line[line_end - at] = '\0';
    char *space = strrchr(line, ' ');
    size_t prefix = strlen(FILE_LINE);
    if (strlen(line) != (size_t)(line_end - at) || strncmp(line, FILE_LINE, prefix) != 0 ||
        (size_t)(space - line) < prefix) {
        return NULL;
    }
    *space = '\0';
    size_t digits = strspn(space + 1, "0123456789");
    size_t name_length = strlen(line + prefix);
    if (digits == 0 || digits > 7 || space[1 + digits] != '\0' || name_length == 0 ||
        name_length >= SOURCE_NAME_BYTES) {
        return NULL;
    }
    *length = strtoul(space + 1, NULL, 10);
    memcpy(name, line + prefix, name_length + 1);
    /* The bytes, and the line break that follows them. */
    return *length < (size_t)(end - line_end - 1) ? line_end + 1 : NULL;
}

void sources_from_bundle(struct sources *sources, const char *text, size_t length,
                         struct site_report *report)
{
    const char *end = text + length;
    size_t first = strlen(BUNDLE_FIRST_LINE);
    bool good = length >= first && memcmp(text, BUNDLE_FIRST_LINE, first) == 0;
    const char *at = good ? text + first : end;
    sources->count = 0;
    while (good && at < end) {
        char name[SOURCE_NAME_BYTES];
        char language[QUARTER_CODE_MAX + 1];
        size_t bytes = 0;
        const char *start = parse_file_line(at, end, name, &bytes);
        good = start != NULL && sources->count < SOURCES_MAX && start[bytes] == '\n' &&
               (sources->count == 0 ? strcmp(name, "site.yaml") == 0 : language_of(name, language));
        if (good) {
            struct source *source = add_source(sources, name);
            source->file = report_add_file(report, name);
            source->length = bytes;
            source->bytes = malloc(bytes + 1);
            CHECK(source->bytes != NULL);
            memcpy(source->bytes, start, bytes);
            at = start + bytes + 1;
        }
    }
    if (!good || sources->count == 0) {
        report_error(report, report_add_file(report, "the journalled site"), (struct mark){0},
                     "this is not a site's text as the journal keeps it");
    }
}

void sources_free(struct sources *sources)
{
    for (int i = 0; i < sources->count; i++) {
        free(sources->items[i].bytes);
    }
    sources->count = 0;
}

char *sources_bundle(const struct source *const *chosen, int count, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    CHECK(out != NULL);
    fputs(BUNDLE_FIRST_LINE, out);
    for (int i = 0; i < count; i++) {
        fprintf(out, FILE_LINE "%s %zu\n", chosen[i]->name, chosen[i]->length);
        fwrite(chosen[i]->bytes, 1, chosen[i]->length, out);
        fputc('\n', out);
    }
    CHECK(fclose(out) == 0);
    return text;
}

/* NULL, or why it could not be read. */
static const char *read_whole(const char *path, struct source *source)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return errno == ENOENT   ? "there is no such file"
               : errno == EACCES ? "its permissions do not allow it"
                                 : "it could not be opened";
    }
    struct stat about;
    const char *problem = NULL;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        problem = "it is not a plain file";
    } else if (about.st_size > YAML_FILE_BYTES) {
        problem = "it is larger than 256 KiB";
    }
    size_t used = 0;
    char *bytes = problem == NULL ? malloc(YAML_FILE_BYTES + 1) : NULL;
    CHECK(problem != NULL || bytes != NULL);
    while (problem == NULL && used <= YAML_FILE_BYTES) {
        ssize_t got = read(file, bytes + used, YAML_FILE_BYTES + 1 - used);
        if (got < 0 && errno != EINTR) {
            problem = "reading failed";
        } else if (got == 0) {
            break;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    close(file);
    if (problem == NULL && used > YAML_FILE_BYTES) {
        problem = "it grew past 256 KiB while it was read";
    }
    if (problem != NULL) {
        free(bytes);
        return problem;
    }
    /* A bundle says where a file ends by its length, and the journal keeps texts: no null bytes. */
    if (memchr(bytes, '\0', used) != NULL) {
        free(bytes);
        return "it is not a text file (it holds null bytes)";
    }
    source->bytes = bytes;
    source->length = used;
    return NULL;
}

/* "text.pl.yaml" -> "pl" */
static bool language_of(const char *name, char language[QUARTER_CODE_MAX + 1])
{
    static const char start[] = "text.";
    static const char tail[] = ".yaml";
    size_t length = strlen(name);
    size_t around = sizeof start + sizeof tail - 2;
    language[0] = '\0';
    if (length <= around || length - around > QUARTER_CODE_MAX ||
        strncmp(name, start, sizeof start - 1) != 0 ||
        strcmp(name + length - (sizeof tail - 1), tail) != 0) {
        return false;
    }
    size_t code = length - around;
    memcpy(language, name + sizeof start - 1, code);
    language[code] = '\0';
    return strspn(language, "abcdefghijklmnopqrstuvwxyz0123456789_-") == code;
}

static int is_text_file(const struct dirent *entry)
{
    char language[QUARTER_CODE_MAX + 1];
    return language_of(entry->d_name, language) ? 1 : 0;
}
