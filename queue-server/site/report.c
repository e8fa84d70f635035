/* The list of everything wrong with a site, and the guesses at what was meant.
 *
 * Messages are kept, not printed, since files are read in the order that checking needs while
 * people want them in the order of the file. The list is bounded: a file of rubbish must not become
 * a log of rubbish. */
#include "site/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum {
    MESSAGES_MAX = 300,
    FILES_MAX = 64,
    MESSAGE_BYTES = 320,
    WORD_MAX = 48, /* longer words are not guessed at */
};

struct message {
    char *line; /* whole, as printed */
    int file;
    struct mark at;
    int order; /* of finding: keeps the sort stable */
    bool is_error;
};

struct site_report {
    int errors, warnings;
    int file_count;
    int message_count;
    char *files[FILES_MAX];
    struct message messages[MESSAGES_MAX];
};

static void add(struct site_report *report, int file, struct mark at, bool is_error,
                const char *format, va_list arguments) __attribute__((format(printf, 5, 0)));
static int compare_messages(const void *left, const void *right);
static int edit_distance(const char *left, const char *right);

struct site_report *site_report_create(void)
{
    struct site_report *report = calloc(1, sizeof *report);
    CHECK(report != NULL);
    return report;
}

void site_report_destroy(struct site_report *report)
{
    if (report == NULL) {
        return;
    }
    for (int i = 0; i < report->message_count; i++) {
        free(report->messages[i].line);
    }
    for (int i = 0; i < report->file_count; i++) {
        free(report->files[i]);
    }
    free(report);
}

int site_report_errors(const struct site_report *report)
{
    return report->errors;
}

int site_report_warnings(const struct site_report *report)
{
    return report->warnings;
}

const char *site_report_line(const struct site_report *report, size_t index)
{
    return index < (size_t)report->message_count ? report->messages[index].line : NULL;
}

void site_report_print(const struct site_report *report, FILE *out)
{
    for (int i = 0; i < report->message_count; i++) {
        fprintf(out, "%s\n", report->messages[i].line);
    }
    int unlisted = report->errors + report->warnings - report->message_count;
    if (unlisted > 0) {
        fprintf(out, "and %d more\n", unlisted);
    }
}

int report_add_file(struct site_report *report, const char *name)
{
    CHECK(report->file_count < FILES_MAX);
    char *copy = strdup(name);
    CHECK(copy != NULL);
    report->files[report->file_count] = copy;
    return report->file_count++;
}

void report_error(struct site_report *report, int file, struct mark at, const char *format, ...)
{
    report->errors++;
    va_list arguments;
    va_start(arguments, format);
    add(report, file, at, true, format, arguments);
    va_end(arguments);
}

void report_warning(struct site_report *report, int file, struct mark at, const char *format, ...)
{
    report->warnings++;
    va_list arguments;
    va_start(arguments, format);
    add(report, file, at, false, format, arguments);
    va_end(arguments);
}

struct suggestion suggestion_start(const char *wrong)
{
    return (struct suggestion){.wrong = wrong};
}

/* Near enough is a third of the word, so that 'parkng' finds 'parking' and 'xyz' finds nothing. */
void suggestion_offer(struct suggestion *suggestion, const char *known)
{
    size_t length = strlen(suggestion->wrong);
    if (length > WORD_MAX || strlen(known) > WORD_MAX) {
        return;
    }
    int near = length < 6 ? (length < 2 ? 0 : 1 + (length > 3)) : (int)(length / 3);
    if (suggestion->of_few && near < (int)(length / 2)) {
        near = (int)(length / 2);
    }
    int distance = edit_distance(suggestion->wrong, known);
    if (distance <= near && (suggestion->best == NULL || distance < suggestion->distance)) {
        suggestion->best = known;
        suggestion->distance = distance;
    }
}

const char *suggestion_words(const struct suggestion *suggestion, char buffer[SUGGESTION_BYTES])
{
    buffer[0] = '\0';
    if (suggestion->best != NULL) {
        snprintf(buffer, SUGGESTION_BYTES, "; did you mean '%s'?", suggestion->best);
    }
    return buffer;
}

/* What a message quotes comes from the file and may hold anything: control bytes become '?', and a
 * cut never leaves half a character. */
static void make_printable(char *text)
{
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        unsigned char byte = (unsigned char)text[length];
        if (byte < 0x20 || byte == 0x7f) {
            text[length] = '?';
        }
    }
    size_t tail = 0;
    while (tail < 4 && tail < length && ((unsigned char)text[length - 1 - tail] & 0xc0) == 0x80) {
        tail++;
    }
    if (length + 1 < MESSAGE_BYTES || tail >= length) {
        return;
    }
    unsigned char lead = (unsigned char)text[length - 1 - tail];
    size_t wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (tail < wanted) {
        text[length - 1 - tail] = '\0';
    }
}

/* A full list gives up its last warning for an error: whoever is told that a site does not load
 * must be told why. */
static bool make_room(struct site_report *report, bool for_error)
{
    if (report->message_count < MESSAGES_MAX) {
        return true;
    }
    int last = report->message_count - 1;
    while (for_error && last >= 0 && report->messages[last].is_error) {
        last--;
    }
    if (!for_error || last < 0) {
        return false;
    }
    free(report->messages[last].line);
    report->message_count--;
    memmove(&report->messages[last], &report->messages[last + 1],
            (size_t)(report->message_count - last) * sizeof report->messages[0]);
    return true;
}

static void add(struct site_report *report, int file, struct mark at, bool is_error,
                const char *format, va_list arguments)
{
    const char *kind = is_error ? "" : "warning: ";
    CHECK(file >= 0 && file < report->file_count);
    char text[MESSAGE_BYTES];
    /* Both callers have started it.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    vsnprintf(text, sizeof text, format, arguments);
    make_printable(text);
    struct message message = {
        .file = file, .at = at, .order = report->errors + report->warnings, .is_error = is_error};
    if (message.at.line < 1) {
        message.at = (struct mark){1, 1};
    }
    if (!make_room(report, is_error)) {
        return;
    }
    size_t size = strlen(report->files[file]) + strlen(kind) + strlen(text) + 32;
    message.line = malloc(size);
    CHECK(message.line != NULL);
    snprintf(message.line, size, "%s:%d:%d: %s%s", report->files[file], message.at.line,
             message.at.column, kind, text);
    /* Kept sorted as it grows: it is short, and a report may be read at any time. */
    int place = report->message_count++;
    while (place > 0 && compare_messages(&report->messages[place - 1], &message) > 0) {
        report->messages[place] = report->messages[place - 1];
        place--;
    }
    report->messages[place] = message;
}

static int compare_messages(const void *left, const void *right)
{
    const struct message *a = left;
    const struct message *b = right;
    const int pairs[][2] = {{a->file, b->file},
                            {a->at.line, b->at.line},
                            {a->at.column, b->at.column},
                            {a->order, b->order}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i][0] != pairs[i][1]) {
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static int least(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Damerau's distance (restricted: no edit within a swap), by the usual three rows. */
static int edit_distance(const char *left, const char *right)
{
    int rows[3][WORD_MAX + 1];
    size_t left_length = strlen(left);
    size_t right_length = strlen(right);
    int *before = rows[0];
    int *last = rows[1];
    int *now = rows[2];
    for (size_t j = 0; j <= right_length; j++) {
        last[j] = (int)j;
        before[j] = 0;
    }
    for (size_t i = 1; i <= left_length; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= right_length; j++) {
            int changed = left[i - 1] != right[j - 1];
            now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + changed);
            bool swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped && before[j - 2] + 1 < now[j]) {
                now[j] = before[j - 2] + 1;
            }
        }
        int *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[right_length];
}
