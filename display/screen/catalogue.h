/* Interface words: a small re-entrant reader of gettext's .mo files. (libintl keeps one language a
 * process and goes silent in the C locale; the server speaks nine at once.) Needs libc only. A
 * catalogue is read-only once open and may be shared by threads. A NULL catalogue is English as
 * written in the source. */
#ifndef QUARTER_SCREEN_CATALOGUE_H
#define QUARTER_SCREEN_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "quarter/status.h"

/* Around a value that is to be drawn bold (see text.h). Plain channels strip them. */
#define CATALOGUE_EMPHASIS_START "\x02"
#define CATALOGUE_EMPHASIS_END   "\x03"

/* Marks a string in a table as one to translate (xgettext finds it); catalogue_text looks it up
 * later. */
#define CATALOGUE_MARK(text) text

struct catalogue;

/* Reads ASSETS/locale/LANGUAGE/quarter.mo. STATUS_NOT_FOUND, STATUS_CORRUPT, STATUS_TOO_LARGE (over
 * 4 MiB); error says which file and what is wrong with it. */
enum status catalogue_open(const char *assets_dir, const char *language,
                           struct catalogue **catalogue, char *error, size_t error_size);
/* The same from bytes, which are copied. Both byte orders; every offset is checked. */
enum status catalogue_from_bytes(const void *bytes, size_t size, const char *language,
                                 struct catalogue **catalogue, char *error, size_t error_size);
void catalogue_destroy(struct catalogue *catalogue);

const char *catalogue_language(const struct catalogue *catalogue); /* "en" for NULL */
bool catalogue_is_rtl(const struct catalogue *catalogue);

/* The translation, or msgid itself. Good as long as the catalogue and msgid are. */
const char *catalogue_text(const struct catalogue *catalogue, const char *msgid);
const char *catalogue_plural(const struct catalogue *catalogue, const char *msgid,
                             const char *msgid_plural, unsigned long n);

/* Named places in a pattern: "Counter {number}"; "{{" is a brace. */
struct catalogue_value {
    const char *name, *text;
    bool emphasis; /* wrapped in the emphasis marks */
};

/* Fills out (always ended, cut between characters) and returns the length it would need, as
 * snprintf. In right-to-left languages each value is wrapped in isolates (U+2068, U+2069), so that
 * "H07" and "10-15" keep their order. A place without a value stays as it is written. */
size_t catalogue_format(const struct catalogue *catalogue, char *out, size_t size,
                        const char *pattern, const struct catalogue_value *values, size_t count);

/* All messages, for the web pages: plural_id is NULL unless the message has forms; the i-th form is
 * the i-th string behind text (each ended by 0). The header (msgid "") is not counted. */
struct catalogue_message {
    const char *id, *plural_id, *text;
    size_t forms;
};
size_t catalogue_count(const struct catalogue *catalogue);
struct catalogue_message catalogue_message(const struct catalogue *catalogue, size_t index);

#endif
