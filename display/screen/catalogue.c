/* The .mo format: GNU gettext manual, "The Format of GNU MO Files". Everything is checked once,
 * when the file is opened: afterwards every string is known to lie inside and to end, and look-up
 * is a binary search (the format sorts msgids). The file's own hash table is not used. */
#include "display/screen/catalogue.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/screen/assets.h"
#include "display/screen/plural.h"

enum {
    FILE_BYTES_MAX = 4 * 1024 * 1024,
    HEADER_BYTES = 28,
    LANGUAGE_BYTES = 16,
    PATH_BYTES = 4096
};

struct message {
    const char *id;
    size_t id_length; /* with the plural id behind the first 0, if any */
    const char *text;
    size_t text_length;
};

struct catalogue {
    char language[LANGUAGE_BYTES];
    uint8_t *bytes; /* the file and one 0 */
    size_t size;
    bool swapped;
    size_t count;
    struct message *messages;
    size_t first; /* 1 when the header (msgid "") is there: it sorts first */
    struct plural_rule plural;
};

static enum status read_file(const char *path, uint8_t **bytes, size_t *size, char *error,
                             size_t error_size);
static enum status parse(struct catalogue *catalogue, char *error, size_t error_size);
static const struct message *find(const struct catalogue *catalogue, const char *msgid);

enum status catalogue_open(const char *assets_dir, const char *language,
                           struct catalogue **catalogue, char *error, size_t error_size)
{
    char path[PATH_BYTES];
    const int length =
        snprintf(path, sizeof(path), "%s/locale/%s/quarter.mo", assets_dir, language);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        (void)snprintf(error, error_size, "the path of the locale folder is too long");
        return STATUS_TOO_LARGE;
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum status status = read_file(path, &bytes, &size, error, error_size);
    if (status != STATUS_OK) {
        return status;
    }
    char why[128];
    status = catalogue_from_bytes(bytes, size, language, catalogue, why, sizeof(why));
    if (status != STATUS_OK) {
        (void)snprintf(error, error_size, "%s: %s", path, why);
    }
    free(bytes);
    return status;
}

enum status catalogue_from_bytes(const void *bytes, size_t size, const char *language,
                                 struct catalogue **catalogue, char *error, size_t error_size)
{
    if (size > FILE_BYTES_MAX) {
        (void)snprintf(error, error_size, "larger than 4 MiB");
        return STATUS_TOO_LARGE;
    }
    struct catalogue *made = calloc(1, sizeof(*made));
    uint8_t *copy = malloc(size + 1);
    if (made == NULL || copy == NULL) {
        free(made);
        free(copy);
        (void)snprintf(error, error_size, "out of memory");
        return STATUS_FULL;
    }
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    copy[size] = 0;
    made->bytes = copy;
    made->size = size;
    (void)snprintf(made->language, sizeof(made->language), "%s", language);
    const enum status status = parse(made, error, error_size);
    if (status != STATUS_OK) {
        catalogue_destroy(made);
        return status;
    }
    *catalogue = made;
    return STATUS_OK;
}

void catalogue_destroy(struct catalogue *catalogue)
{
    if (catalogue != NULL) {
        free(catalogue->messages);
        free(catalogue->bytes);
        free(catalogue);
    }
}

const char *catalogue_language(const struct catalogue *catalogue)
{
    return catalogue != NULL ? catalogue->language : "en";
}

bool catalogue_is_rtl(const struct catalogue *catalogue)
{
    static const char *const RTL[] = {"ur", "ar", "fa", "ps"};
    const char *language = catalogue_language(catalogue);
    for (size_t i = 0; i < sizeof(RTL) / sizeof(RTL[0]); i++) {
        if (strncmp(language, RTL[i], 2) == 0) {
            return true;
        }
    }
    return false;
}

const char *catalogue_text(const struct catalogue *catalogue, const char *msgid)
{
    const struct message *message = find(catalogue, msgid);
    return message != NULL && message->text_length > 0 ? message->text : msgid;
}

const char *catalogue_plural(const struct catalogue *catalogue, const char *msgid,
                             const char *msgid_plural, unsigned long n)
{
    const struct message *message = find(catalogue, msgid);
    if (message == NULL || message->text_length == 0) {
        return n == 1 ? msgid : msgid_plural;
    }
    const char *form = message->text, *end = message->text + message->text_length;
    for (unsigned skip = plural_form(&catalogue->plural, n); skip > 0; skip--) {
        const char *next = form + strlen(form) + 1;
        if (next > end) {
            return message->text; /* fewer forms than the header says */
        }
        form = next;
    }
    return form;
}

size_t catalogue_count(const struct catalogue *catalogue)
{
    return catalogue != NULL ? catalogue->count - catalogue->first : 0;
}

struct catalogue_message catalogue_message(const struct catalogue *catalogue, size_t index)
{
    const struct message *message = &catalogue->messages[catalogue->first + index];
    struct catalogue_message result = {.id = message->id, .text = message->text, .forms = 1};
    if (strlen(message->id) < message->id_length) {
        result.plural_id = message->id + strlen(message->id) + 1;
    }
    for (size_t i = 0; i < message->text_length; i++) {
        result.forms += message->text[i] == '\0';
    }
    return result;
}

static enum status read_file(const char *path, uint8_t **bytes, size_t *size, char *error,
                             size_t error_size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)snprintf(error, error_size, "%s: %s", path, strerrordesc_np(errno));
        return STATUS_NOT_FOUND;
    }
    uint8_t *buffer = malloc(FILE_BYTES_MAX + 1);
    const size_t length = buffer != NULL ? fread(buffer, 1, FILE_BYTES_MAX + 1, file) : 0;
    const bool failed = buffer == NULL || ferror(file) != 0;
    (void)fclose(file);
    if (failed) {
        free(buffer);
        (void)snprintf(error, error_size, "%s: cannot be read", path);
        return STATUS_IO;
    }
    *bytes = buffer;
    *size = length;
    return STATUS_OK;
}

static uint32_t number_at(const struct catalogue *catalogue, size_t offset)
{
    uint32_t value;
    memcpy(&value, catalogue->bytes + offset, sizeof(value));
    return catalogue->swapped ? __builtin_bswap32(value) : value;
}

/* One entry of a string table: length and offset; false when it points outside or does not end in
 * 0. */
static bool string_at(const struct catalogue *catalogue, size_t entry, const char **text,
                      size_t *length)
{
    const size_t bytes = number_at(catalogue, entry), offset = number_at(catalogue, entry + 4);
    if (offset >= catalogue->size || bytes >= catalogue->size - offset ||
        catalogue->bytes[offset + bytes] != 0) {
        return false;
    }
    *text = (const char *)catalogue->bytes + offset;
    *length = bytes;
    return true;
}

static enum status corrupt(char *error, size_t error_size, const char *what)
{
    (void)snprintf(error, error_size, "not a usable .mo file: %s", what);
    return STATUS_CORRUPT;
}

static enum status parse(struct catalogue *catalogue, char *error, size_t error_size)
{
    static const uint32_t MAGIC = 0x950412de;
    if (catalogue->size < HEADER_BYTES) {
        return corrupt(error, error_size, "too short");
    }
    if (number_at(catalogue, 0) != MAGIC) {
        catalogue->swapped = true;
        if (number_at(catalogue, 0) != MAGIC) {
            return corrupt(error, error_size, "wrong magic number");
        }
    }
    if (number_at(catalogue, 4) >> 16 != 0) {
        return corrupt(error, error_size, "unknown revision");
    }
    const size_t count = number_at(catalogue, 8);
    const size_t ids = number_at(catalogue, 12), texts = number_at(catalogue, 16);
    if (count > catalogue->size / 16 || ids > catalogue->size || texts > catalogue->size ||
        catalogue->size - ids < count * 8 || catalogue->size - texts < count * 8) {
        return corrupt(error, error_size, "its tables lie outside");
    }
    catalogue->messages = calloc(count + 1, sizeof(*catalogue->messages));
    if (catalogue->messages == NULL) {
        return STATUS_FULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct message *message = &catalogue->messages[i];
        if (!string_at(catalogue, ids + i * 8, &message->id, &message->id_length) ||
            !string_at(catalogue, texts + i * 8, &message->text, &message->text_length)) {
            return corrupt(error, error_size, "a string lies outside");
        }
        if (i > 0 && strcmp(message[-1].id, message->id) >= 0) {
            return corrupt(error, error_size, "its messages are not sorted");
        }
    }
    catalogue->count = count;
    catalogue->first = count > 0 && catalogue->messages[0].id[0] == '\0' ? 1 : 0;
    const char *header = catalogue->first == 1 ? catalogue->messages[0].text : "";
    if (!plural_parse(header, &catalogue->plural)) {
        return corrupt(error, error_size, "its plural rule is malformed");
    }
    return STATUS_OK;
}

static const struct message *find(const struct catalogue *catalogue, const char *msgid)
{
    size_t low = 0, high = catalogue != NULL ? catalogue->count : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(msgid, catalogue->messages[middle].id);
        if (order == 0) {
            return &catalogue->messages[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
