/* Keys by day. The files are few and small; what matters is that a key is on disk before anything
 * is sealed under it, and gone from there when its day is forgotten. */
#include "store/private_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"

enum { KEY_BYTES = 32 };
_Static_assert(KEY_BYTES == crypto_secretbox_KEYBYTES, "secretbox key");
_Static_assert(KEY_BYTES == crypto_generichash_KEYBYTES, "BLAKE2b key");
_Static_assert((int)PRIVATE_NONCE_BYTES == crypto_secretbox_NONCEBYTES, "secretbox nonce");
_Static_assert((int)PRIVATE_EXTRA_BYTES == crypto_secretbox_MACBYTES, "secretbox tag");

struct private_keys {
    char *dir;
    int dir_fd, lock_fd;
    /* The last key used: nearly always today's. */
    char day[QUARTER_DAY_LEN + 1];
    unsigned char key[KEY_BYTES];
};

struct key_name {
    char text[QUARTER_DAY_LEN + 16];
};

static enum status fail_errno(const struct private_keys *keys, const char *what,
                              struct store_error *error)
{
    int reason = errno;
    bool is_full = reason == ENOSPC || reason == EDQUOT;
    bool is_denied = reason == EACCES || reason == EPERM || reason == EROFS;
    return store_fail(error,
                      is_full     ? STATUS_FULL
                      : is_denied ? STATUS_DENIED
                                  : STATUS_IO,
                      "%s: cannot %s: %s", keys->dir, what, strerrordesc_np(reason));
}

/* One program writes a journal: two would each believe their own state. The lock sits here and not
 * on the database because closing any descriptor of that file would drop SQLite's own locks
 * (fcntl(2), "Record locks"). */
static enum status take_lock(struct private_keys *keys, struct store_error *error)
{
    keys->lock_fd =
        openat(keys->dir_fd, "writer.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (keys->lock_fd < 0)
        return fail_errno(keys, "make the lock file", error);
    if (flock(keys->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return STATUS_OK;
    if (errno == EWOULDBLOCK)
        return store_fail(error, STATUS_BUSY,
                          "%s: another queue-server is running on this data; stop it first",
                          keys->dir);
    return fail_errno(keys, "lock the folder", error);
}

/* A folder whose own entry is lost in a power cut would take the keys in it along. */
static enum status keep_dir_entry(const struct private_keys *keys, struct store_error *error)
{
    int parent = openat(keys->dir_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = STATUS_OK;
    if (parent < 0 || fsync(parent) != 0)
        status = fail_errno(keys, "keep the folder of the keys", error);
    if (parent >= 0)
        close(parent);
    return status;
}

static enum status open_dir(struct private_keys *keys, struct store_error *error)
{
    bool is_new = mkdir(keys->dir, 0700) == 0;
    if (!is_new && errno != EEXIST)
        return fail_errno(keys, "make the folder of the keys", error);
    keys->dir_fd = open(keys->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keys->dir_fd < 0)
        return fail_errno(keys, "open the folder of the keys", error);
    return is_new ? keep_dir_entry(keys, error) : STATUS_OK;
}

enum status private_keys_open(const char *dir, struct private_keys **keys,
                              struct store_error *error)
{
    CHECK(sodium_init() >= 0);
    struct private_keys *opened = calloc(1, sizeof *opened);
    CHECK(opened);
    opened->dir = strdup(dir);
    CHECK(opened->dir);
    opened->dir_fd = opened->lock_fd = -1;
    sodium_mlock(opened->key, sizeof opened->key); /* best effort: out of the swap file */

    enum status status = open_dir(opened, error);
    if (status == STATUS_OK)
        status = take_lock(opened, error);
    if (status != STATUS_OK) {
        private_keys_close(opened);
        return status;
    }
    *keys = opened;
    return STATUS_OK;
}

void private_keys_close(struct private_keys *keys)
{
    if (!keys)
        return;
    sodium_munlock(keys->key, sizeof keys->key); /* wipes it too */
    if (keys->lock_fd >= 0)
        close(keys->lock_fd);
    if (keys->dir_fd >= 0)
        close(keys->dir_fd);
    free(keys->dir);
    free(keys);
}

/* The day becomes a file's name: nothing but a date may pass. */
static enum status name_key(const char *day, struct key_name *name, struct store_error *error)
{
    static const char form[] = "dddd-dd-dd";
    size_t i = 0;
    while (form[i] != '\0' && (form[i] == 'd' ? day[i] >= '0' && day[i] <= '9' : day[i] == '-'))
        i++;
    if (form[i] != '\0' || day[i] != '\0')
        return store_fail(error, STATUS_INVALID, "private text needs a day as YYYY-MM-DD");
    snprintf(name->text, sizeof name->text, "%s.key", day);
    return STATUS_OK;
}

static bool write_key(int fd, const unsigned char key[KEY_BYTES])
{
    errno = ENOSPC; /* a short write sets none */
    return write(fd, key, KEY_BYTES) == KEY_BYTES && fsync(fd) == 0;
}

/* Written under another name first: after a power cut DAY.key is whole or not there. */
static enum status make_key(struct private_keys *keys, const struct key_name *name,
                            unsigned char key[KEY_BYTES], struct store_error *error)
{
    static const char draft[] = "new.key";
    if (unlinkat(keys->dir_fd, draft, 0) != 0 && errno != ENOENT)
        return fail_errno(keys, "clear a half-made key", error);
    int fd =
        openat(keys->dir_fd, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail_errno(keys, "make the day's key", error);
    randombytes_buf(key, KEY_BYTES);
    enum status status = STATUS_OK;
    if (!write_key(fd, key))
        status = fail_errno(keys, "write the day's key", error);
    if (close(fd) != 0 && status == STATUS_OK)
        status = fail_errno(keys, "write the day's key", error);
    if (status == STATUS_OK &&
        (renameat(keys->dir_fd, draft, keys->dir_fd, name->text) != 0 || fsync(keys->dir_fd) != 0))
        status = fail_errno(keys, "keep the day's key", error);
    if (status != STATUS_OK)
        unlinkat(keys->dir_fd, draft, 0);
    return status;
}

static enum status read_key(struct private_keys *keys, const struct key_name *name,
                            unsigned char key[KEY_BYTES], struct store_error *error)
{
    int fd = openat(keys->dir_fd, name->text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return store_fail(error, STATUS_NOT_FOUND,
                          "%s/%s is gone: that day's private text was forgotten", keys->dir,
                          name->text);
    if (fd < 0)
        return fail_errno(keys, "open a day's key", error);
    unsigned char bytes[KEY_BYTES + 1];
    ssize_t got = read(fd, bytes, sizeof bytes);
    enum status status = STATUS_OK;
    if (got < 0)
        status = fail_errno(keys, "read a day's key", error);
    else if (got != KEY_BYTES)
        status = store_fail(error, STATUS_CORRUPT, "%s/%s is damaged: it should hold %d bytes",
                            keys->dir, name->text, KEY_BYTES);
    else
        memcpy(key, bytes, KEY_BYTES);
    sodium_memzero(bytes, sizeof bytes);
    close(fd);
    return status;
}

/* Leaves the day's key in keys->key. */
static enum status use_day(struct private_keys *keys, const char *day, bool may_make,
                           struct store_error *error)
{
    struct key_name name;
    enum status status = name_key(day, &name, error);
    if (status != STATUS_OK || strcmp(day, keys->day) == 0)
        return status;
    keys->day[0] = '\0';
    status = read_key(keys, &name, keys->key, error);
    if (status == STATUS_NOT_FOUND && may_make)
        status = make_key(keys, &name, keys->key, error);
    if (status == STATUS_OK)
        memcpy(keys->day, day, QUARTER_DAY_LEN + 1);
    return status;
}

/* Overwriting is a best effort: a journalling or flash file system may keep the old block for a
 * while. */
static void overwrite_key(const struct private_keys *keys, const struct key_name *name)
{
    int fd = openat(keys->dir_fd, name->text, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return;
    unsigned char noise[KEY_BYTES];
    randombytes_buf(noise, sizeof noise);
    (void)!write_key(fd, noise);
    close(fd);
}

enum status private_keys_forget(struct private_keys *keys, const char *day,
                                struct store_error *error)
{
    struct key_name name;
    enum status status = name_key(day, &name, error);
    if (status != STATUS_OK)
        return status;
    if (strcmp(day, keys->day) == 0) {
        keys->day[0] = '\0';
        sodium_memzero(keys->key, sizeof keys->key);
    }
    overwrite_key(keys, &name);
    if (unlinkat(keys->dir_fd, name.text, 0) != 0 && errno != ENOENT)
        return fail_errno(keys, "destroy a day's key", error);
    if (fsync(keys->dir_fd) != 0)
        return fail_errno(keys, "destroy a day's key", error);
    return STATUS_OK;
}

/* "2026-11-24.key" */
static bool is_key_before(const char *file, const char *day)
{
    return strlen(file) == QUARTER_DAY_LEN + strlen(".key") &&
           strcmp(file + QUARTER_DAY_LEN, ".key") == 0 && strncmp(file, day, QUARTER_DAY_LEN) < 0;
}

enum status private_keys_forget_before(struct private_keys *keys, const char *day,
                                       struct store_error *error)
{
    struct key_name name;
    enum status status = name_key(day, &name, error);
    if (status != STATUS_OK)
        return status;
    int fd = openat(keys->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        status = fail_errno(keys, "list the keys", error);
        if (fd >= 0)
            close(fd);
        return status;
    }
    const struct dirent *entry;
    while (status == STATUS_OK &&
           (entry = readdir(dir))) { // NOLINT(concurrency-mt-unsafe): own DIR
        if (!is_key_before(entry->d_name, day))
            continue;
        char old[QUARTER_DAY_LEN + 1] = "";
        memcpy(old, entry->d_name, QUARTER_DAY_LEN);
        status = private_keys_forget(keys, old, error);
    }
    closedir(dir);
    return status;
}

/* The NULs between the parts keep ("ab", "c") and ("a", "bc") apart. */
static void derive_key(const struct private_keys *keys, const struct private_place *place,
                       unsigned char key[KEY_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, keys->key, sizeof keys->key, KEY_BYTES);
    const char *parts[] = {place->day, place->ticket, place->kind};
    for (int i = 0; i < 3; i++)
        crypto_generichash_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    crypto_generichash_final(&state, key, KEY_BYTES);
    sodium_memzero(&state, sizeof state);
}

enum status private_text_seal(struct private_keys *keys, const struct private_place *place,
                              const char *text, size_t size,
                              unsigned char nonce[PRIVATE_NONCE_BYTES], unsigned char *cipher,
                              struct store_error *error)
{
    enum status status = use_day(keys, place->day, true, error);
    if (status != STATUS_OK)
        return status;
    unsigned char key[KEY_BYTES];
    derive_key(keys, place, key);
    randombytes_buf(nonce, PRIVATE_NONCE_BYTES);
    crypto_secretbox_easy(cipher, (const unsigned char *)text, size, nonce, key);
    sodium_memzero(key, sizeof key);
    return STATUS_OK;
}

enum status private_text_open(struct private_keys *keys, const struct private_place *place,
                              const unsigned char nonce[PRIVATE_NONCE_BYTES],
                              const unsigned char *cipher, size_t size, char *text,
                              struct store_error *error)
{
    enum status status = use_day(keys, place->day, false, error);
    if (status != STATUS_OK)
        return status;
    unsigned char key[KEY_BYTES];
    derive_key(keys, place, key);
    if (crypto_secretbox_open_easy((unsigned char *)text, cipher, size, nonce, key) != 0)
        status = store_fail(error, STATUS_CORRUPT,
                            "private text of %s is damaged or not of this ticket", place->day);
    sodium_memzero(key, sizeof key);
    return status;
}

/* The name of the key, then the mark itself: both of a key derived for marks alone (no text has a
 * place without a ticket). */
enum { MARK_KEY_NAME_BYTES = 8, MARK_BYTES = PRIVATE_MARK_LEN / 2 };

static void make_mark(const struct private_keys *keys, const char *day, const char *text,
                      char mark[PRIVATE_MARK_LEN + 1])
{
    unsigned char key[KEY_BYTES], name[crypto_generichash_BYTES_MIN], bytes[MARK_BYTES];
    const struct private_place place = {day, "", "mark"};
    derive_key(keys, &place, key);
    crypto_generichash(name, sizeof name, NULL, 0, key, sizeof key);
    memcpy(bytes, name, MARK_KEY_NAME_BYTES);
    crypto_generichash(bytes + MARK_KEY_NAME_BYTES, sizeof bytes - MARK_KEY_NAME_BYTES,
                       (const unsigned char *)text, strlen(text), key, sizeof key);
    sodium_bin2hex(mark, PRIVATE_MARK_LEN + 1, bytes, sizeof bytes);
    sodium_memzero(key, sizeof key);
}

enum status private_mark_make(struct private_keys *keys, const char *day, const char *text,
                              char mark[PRIVATE_MARK_LEN + 1], struct store_error *error)
{
    enum status status = use_day(keys, day, true, error);
    if (status == STATUS_OK)
        make_mark(keys, day, text, mark);
    return status;
}

enum status private_mark_check(struct private_keys *keys, const char *day, const char *text,
                               const char *mark, bool *is_same, struct store_error *error)
{
    enum status status = use_day(keys, day, false, error);
    if (status != STATUS_OK)
        return status;
    char expected[PRIVATE_MARK_LEN + 1];
    make_mark(keys, day, text, expected);
    /* Made anew since: after a backup without its keys was restored, or the day was forgotten. */
    if (strncmp(mark, expected, (size_t)2 * MARK_KEY_NAME_BYTES) != 0)
        return store_fail(error, STATUS_NOT_FOUND, "%s: the key of a mark of %s is gone", keys->dir,
                          day);
    *is_same = strcmp(mark, expected) == 0;
    return STATUS_OK;
}
