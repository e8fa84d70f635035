/* A text is cut into words; the fewest phrases that cover them are found from the end of the text to its start. */
#include "display/screen/phrases.h"

#include <dirent.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "display/screen/sound.h"
#include "display/screen/wave.h"
#include "quarter/check.h"
#include "quarter/limits.h"
#include "quarter/log.h"

enum {
    LANGUAGES_MAX = QUARTER_LANGUAGES_MAX,
    PATH_BYTES = 4096,
    KEY_BYTES = 1024,
    WORDS_MAX = 192, /* of one text */
    WAV_BYTES_MAX = 16 << 20,
};

struct phrase {
    char *key; /* its words, in small letters, one space between */
    char *file;
    bool bad; /* could not be read, which was said in the log ... */
    struct timespec
        bad_change; /* ... when the file had last changed then; 0: it was not there ... */
    int64_t bad_ms; /* ... and when it was tried */
};

struct set {
    char language[QUARTER_CODE_MAX + 1];
    int count;
    struct phrase *phrases; /* sorted by key */
};

struct phrases {
    char *dir;
    int count;
    struct set sets[LANGUAGES_MAX];
};

/* ---- words -------------------------------------------------------------------------------------------------------- */

struct words {
    char text[KEY_BYTES]; /* one after the other, each ended by a space */
    int count;
    size_t start[WORDS_MAX + 1]; /* [count]: the end */
};

/* Length of a mark that parts words, at text; 0: none. Latin, Arabic and Indic full stops and commas, dashes, bullets. */
static size_t mark_at(const char *text)
{
    static const char *const marks[] = {"،", "؛", "؟", "۔", "।", "॥", "–",
                                        "—", "…", "•", "“", "”", "’", "\xc2\xa0"};
    if (strchr(" \t\r\n.,:;!?()\"/", *text) != NULL)
        return 1;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "H07" is a number as tickets have them, "12" a number: a phrase for the whole, or one for each sign. */
static bool is_number(const char *word, size_t length)
{
    size_t letters = 0;
    while (letters < length && letters < 2 && is_upper(word[letters]))
        letters++;
    for (size_t i = letters; i < length; i++)
        if (!is_digit(word[i]))
            return false;
    return length > letters;
}

static bool put_word(struct words *words, const char *word, size_t length)
{
    size_t at = words->start[words->count];
    if (words->count == WORDS_MAX || at + length + 2 > sizeof words->text)
        return false;
    for (size_t i = 0; i < length; i++)
        words->text[at + i] = (char)(is_upper(word[i]) ? word[i] + ('a' - 'A') : word[i]);
    words->text[at + length] = ' ';
    words->start[++words->count] = at + length + 1;
    return true;
}

/* False: too long to be a phrase. */
static bool cut(const char *text, bool spell, struct words *words)
{
    words->count = 0;
    words->start[0] = 0;
    for (const char *at = text; *at != '\0';) {
        size_t mark = mark_at(at), length = 0;
        if (mark > 0) {
            at += mark;
            continue;
        }
        while (at[length] != '\0' && mark_at(at + length) == 0)
            length++;
        bool signs = spell && is_number(at, length);
        for (size_t i = 0; signs && i < length; i++)
            if (!put_word(words, at + i, 1))
                return false;
        if (!signs && !put_word(words, at, length))
            return false;
        at += length;
    }
    return words->count > 0;
}

/* ---- phrases.tsv -------------------------------------------------------------------------------------------------- */

static int by_key(const void *left, const void *right)
{
    const struct phrase *a = left;
    const struct phrase *b = right;
    return strcmp(a->key, b->key);
}

/* A phrase may be about a whole number ("H07") or one sign, so that it is kept under its signs: "h 0 7". */
static bool read_line(char *line, struct phrase *phrase)
{
    struct words words;
    char *tab = strchr(line, '\t');
    if (tab == NULL || tab == line)
        return false;
    *tab = '\0';
    if (line[0] == '/' || strstr(line, "..") != NULL || !cut(tab + 1, true, &words))
        return false;
    size_t length = words.start[words.count] - 1;
    *phrase = (struct phrase){.key = strndup(words.text, length), .file = strdup(line)};
    CHECK(phrase->key != NULL && phrase->file != NULL);
    return true;
}

static void read_lines(const char *path, char *text, struct set *set)
{
    int number = 0;
    set->phrases = calloc(PHRASES_MAX, sizeof *set->phrases);
    CHECK(set->phrases != NULL);
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        number++;
        line[strcspn(line, "\r")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (set->count == PHRASES_MAX) {
            log_warning("speech", "%s:%d: more than %d phrases; the rest is left out", path, number,
                        PHRASES_MAX);
            break;
        }
        if (read_line(line, &set->phrases[set->count]))
            set->count++;
        else
            log_warning("speech", "%s:%d: needs FILE<tab>TEXT, the file in this folder", path,
                        number);
    }
    qsort(set->phrases, (size_t)set->count, sizeof *set->phrases, by_key);
}

/* NULL: not there, or not readable (said, unless it is just not there). */
static char *read_file(const char *path, size_t most, size_t *size)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return NULL;
    char *bytes = malloc(most + 1);
    CHECK(bytes != NULL);
    *size = fread(bytes, 1, most + 1, file);
    bool whole = ferror(file) == 0 && *size <= most;
    fclose(file);
    if (!whole) {
        log_warning("speech", "%s cannot be read, or is larger than %zu bytes", path, most);
        free(bytes);
        return NULL;
    }
    bytes[*size] = '\0';
    return bytes;
}

static bool path_of(const struct phrases *phrases, const char *language, const char *file,
                    char path[static PATH_BYTES])
{
    int length = snprintf(path, PATH_BYTES, "%s/%s/%s", phrases->dir, language, file);
    return length > 0 && length < PATH_BYTES;
}

/* A language that has no phrases has an empty set. NULL: too many languages. */
static struct set *set_of(struct phrases *phrases, const char *language)
{
    for (int i = 0; i < phrases->count; i++)
        if (strcmp(phrases->sets[i].language, language) == 0)
            return &phrases->sets[i];
    if (phrases->count == LANGUAGES_MAX || strchr(language, '/') != NULL || language[0] == '.')
        return NULL;
    char path[PATH_BYTES];
    size_t size = 0;
    struct set *set = &phrases->sets[phrases->count++];
    snprintf(set->language, sizeof set->language, "%s", language);
    char *text = path_of(phrases, language, "phrases.tsv", path)
                     ? read_file(path, PHRASES_FILE_MAX, &size)
                     : NULL;
    if (text != NULL) {
        read_lines(path, text, set);
        log_info("speech", "recorded phrases language=%s count=%d", language, set->count);
    }
    free(text);
    return set;
}

/* ---- covering a text ---------------------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct timespec change_of(const struct phrases *phrases, const struct set *set,
                                 const struct phrase *phrase)
{
    char path[PATH_BYTES];
    struct stat file = {0};
    if (path_of(phrases, set->language, phrase->file, path) && stat(path, &file) == 0)
        return file.st_ctim;
    return (struct timespec){0};
}

/* It is tried again when somebody may have mended it; what was wrong for a moment mends itself. */
static bool rests(const struct phrases *phrases, const struct set *set, const struct phrase *phrase)
{
    if (!phrase->bad)
        return false;
    const struct timespec change = change_of(phrases, set, phrase);
    return change.tv_sec == phrase->bad_change.tv_sec &&
           change.tv_nsec == phrase->bad_change.tv_nsec &&
           now_ms() < phrase->bad_ms + PHRASES_REST_MS;
}

static struct phrase *find(const struct phrases *phrases, const struct set *set,
                           const struct words *words, int from, int to)
{
    char key[KEY_BYTES];
    size_t length = words->start[to] - words->start[from] - 1;
    memcpy(key, words->text + words->start[from], length);
    key[length] = '\0';
    struct phrase wanted = {.key = key};
    struct phrase *found =
        bsearch(&wanted, set->phrases, (size_t)set->count, sizeof *set->phrases, by_key);
    return found == NULL || rests(phrases, set, found) ? NULL : found;
}

/* Fills cover with the fewest phrases that say all words; 0: they do not. */
static int cover_words(const struct phrases *phrases, const struct set *set,
                       const struct words *words, struct phrase *cover[static WORDS_MAX])
{
    int fewest[WORDS_MAX + 1], next[WORDS_MAX + 1] = {0};
    struct phrase *with[WORDS_MAX + 1] = {0};
    fewest[words->count] = 0;
    for (int from = words->count - 1; from >= 0; from--) {
        fewest[from] = WORDS_MAX + 1;
        for (int to = from + 1; to <= words->count; to++) {
            struct phrase *phrase =
                fewest[to] + 1 < fewest[from] ? find(phrases, set, words, from, to) : NULL;
            if (phrase == NULL)
                continue;
            fewest[from] = fewest[to] + 1;
            next[from] = to;
            with[from] = phrase;
        }
    }
    int count = 0;
    for (int at = 0; fewest[0] <= WORDS_MAX && at < words->count; at = next[at]) {
        CHECK(with[at] != NULL);
        cover[count++] = with[at];
    }
    return count;
}

static bool read_phrase(const struct phrases *phrases, const struct set *set, struct phrase *phrase,
                        struct clip *clip)
{
    char path[PATH_BYTES], error[256] = "it is not there";
    size_t size = 0;
    char *bytes = path_of(phrases, set->language, phrase->file, path)
                      ? read_file(path, WAV_BYTES_MAX, &size)
                      : NULL;
    bool read = bytes != NULL && clip_from_wav(bytes, size, clip, error, sizeof error) == STATUS_OK;
    free(bytes);
    if (!read) {
        struct timespec change = change_of(phrases, set, phrase);
        bool told = phrase->bad && change.tv_sec == phrase->bad_change.tv_sec &&
                    change.tv_nsec == phrase->bad_change.tv_nsec;
        if (!told)
            log_warning("speech", "%s/%s/%s: %s", phrases->dir, set->language, phrase->file, error);
        phrase->bad_change = change;
        phrase->bad_ms = now_ms();
    }
    phrase->bad = !read;
    return read;
}

static bool append(struct clip *whole, const struct clip *part)
{
    size_t pause = whole->count == 0 ? 0 : (size_t)SOUND_RATE / 1000 * PHRASES_PAUSE_MS;
    size_t count = whole->count + pause + part->count;
    if (count > (size_t)SOUND_RATE * SOUND_CLIP_MOST_S)
        return false;
    int16_t *samples = malloc(count * sizeof *samples); /* realloc would leave a copy behind */
    CHECK(samples != NULL);
    if (whole->count > 0)
        memcpy(samples, whole->samples, whole->count * sizeof *samples);
    memset(samples + whole->count, 0, pause * sizeof *samples);
    memcpy(samples + whole->count + pause, part->samples, part->count * sizeof *samples);
    clip_wipe(whole);
    *whole = (struct clip){samples, count};
    return true;
}

/* ---- the set ------------------------------------------------------------------------------------------------------ */

struct phrases *phrases_create(const char *dir)
{
    struct phrases *phrases = calloc(1, sizeof *phrases);
    CHECK(phrases != NULL);
    phrases->dir = dir != NULL ? strdup(dir) : NULL;
    return phrases;
}

void phrases_destroy(struct phrases *phrases)
{
    if (phrases == NULL)
        return;
    for (int i = 0; i < phrases->count; i++) {
        for (int j = 0; j < phrases->sets[i].count; j++) {
            free(phrases->sets[i].phrases[j].key);
            free(phrases->sets[i].phrases[j].file);
        }
        free(phrases->sets[i].phrases);
    }
    free(phrases->dir);
    free(phrases);
}

bool phrases_any(const struct phrases *phrases)
{
    char path[PATH_BYTES];
    DIR *dir = phrases->dir != NULL ? opendir(phrases->dir) : NULL;
    bool any = false;
    if (dir == NULL)
        return false;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is read by one thread */
    for (const struct dirent *entry = NULL; !any && (entry = readdir(dir)) != NULL;)
        any = entry->d_name[0] != '.' && path_of(phrases, entry->d_name, "phrases.tsv", path) &&
              access(path, F_OK) == 0;
    closedir(dir);
    return any;
}

static bool is_cancelled(int cancel_fd)
{
    struct pollfd cancel = {.fd = cancel_fd, .events = POLLIN};
    return poll(&cancel, 1, 0) > 0;
}

bool phrases_say(struct phrases *phrases, const char *language, const char *text, int cancel_fd,
                 struct clip *clip)
{
    struct words words;
    struct phrase *cover[WORDS_MAX];
    struct set *set = phrases->dir == NULL ? NULL : set_of(phrases, language);
    if (set == NULL || set->count == 0 || !cut(text, true, &words))
        return false;
    struct clip whole = {0};
    int count = cover_words(phrases, set, &words, cover);
    bool said = count > 0;
    for (int i = 0; said && i < count; i++) {
        struct clip part = {0};
        said = !is_cancelled(cancel_fd) && read_phrase(phrases, set, cover[i], &part) &&
               append(&whole, &part);
        clip_wipe(&part);
    }
    explicit_bzero(&words, sizeof words);
    if (said)
        *clip = whole;
    else
        clip_wipe(&whole);
    return said;
}
