/* What the journal keeps beside the events: answers by key, private text, site files, projections. */
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "store/store_parts.h"

static void bind_text(struct store *store, enum statement statement, int parameter,
                      const char *text)
{
    /* Fails only for want of memory or on a wrong parameter, both our end. */
    CHECK(sqlite3_bind_text(store->statements[statement], parameter, text, -1, SQLITE_STATIC) ==
          SQLITE_OK);
}

static void bind_number(struct store *store, enum statement statement, int parameter,
                        int64_t number)
{
    CHECK(sqlite3_bind_int64(store->statements[statement], parameter, number) == SQLITE_OK);
}

static void bind_bytes(struct store *store, enum statement statement, int parameter,
                       const void *bytes, size_t size)
{
    CHECK(sqlite3_bind_blob64(store->statements[statement], parameter, bytes, size,
                              SQLITE_STATIC) == SQLITE_OK);
}

/* Steps to the one row a lookup may have. */
static enum status find_row(struct store *store, enum statement statement, const char *what)
{
    int result = sqlite3_step(store->statements[statement]);
    if (result == SQLITE_ROW)
        return STATUS_OK;
    if (result == SQLITE_DONE)
        return store_fail(&store->error, STATUS_NOT_FOUND, "no such row");
    return database_fail(store->db, what, &store->error);
}

_Static_assert(sizeof((struct store *)NULL)->fingerprint_key == crypto_shorthash_KEYBYTES,
               "SipHash");

static bool read_fingerprint_key(struct store *store, const char *hex)
{
    size_t size = 0;
    return hex &&
           sodium_hex2bin(store->fingerprint_key, sizeof store->fingerprint_key, hex, strlen(hex),
                          NULL, &size, NULL) == 0 &&
           size == sizeof store->fingerprint_key;
}

enum status answers_set_up(struct store *store)
{
    sqlite3_stmt *row = NULL;
    enum status status = database_prepare(
        store->db, "SELECT value FROM meta WHERE name = 'fingerprint_key'", &row, &store->error);
    if (status != STATUS_OK)
        return status;
    int result = sqlite3_step(row);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        status = database_fail(store->db, "read the journal", &store->error);
    else if (!read_fingerprint_key(store, (const char *)sqlite3_column_text(row, 0)))
        status = store_fail(&store->error, STATUS_CORRUPT,
                            "the journal is damaged: its fingerprint key is gone");
    sqlite3_finalize(row);
    return status;
}

/* SipHash-2-4 of both. A collision costs one comparison more: the row holds both in full. */
static int64_t fingerprint(const struct store *store, const char *actor, const char *key)
{
    unsigned char text[QUARTER_ACTOR_MAX + 1 + QUARTER_KEY_MAX + 1];
    size_t actor_size = strlen(actor) + 1, key_size = strlen(key) + 1;
    CHECK(actor_size <= QUARTER_ACTOR_MAX + 1 && key_size <= QUARTER_KEY_MAX + 1);
    memcpy(text, actor, actor_size);
    memcpy(text + actor_size, key, key_size);
    int64_t hash = 0;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "SipHash");
    crypto_shorthash((unsigned char *)&hash, text, actor_size + key_size, store->fingerprint_key);
    return hash;
}

static void bind_key(struct store *store, enum statement statement,
                     const struct keyed_request *request)
{
    bind_number(store, statement, 1, fingerprint(store, request->actor, request->key));
    bind_text(store, statement, 2, request->actor);
    bind_text(store, statement, 3, request->key);
}

/* The index of fingerprints cannot be unique. One writer looks first, then inserts. */
static enum status refuse_known_key(struct store *store, const struct keyed_request *request)
{
    const enum statement find = STATEMENT_FIND_ANSWER;
    bind_key(store, find, request);
    int result = sqlite3_step(store->statements[find]);
    enum status status = STATUS_OK;
    if (result == SQLITE_ROW)
        status =
            store_fail(&store->error, STATUS_CONFLICT, "an answer to this key is kept already");
    else if (result != SQLITE_DONE)
        status = database_fail(store->db, "look up an answer", &store->error);
    return store_finish(store, find, status);
}

enum status store_put_answer(struct store *store, const struct keyed_request *request,
                             const char *day, int64_t at_ms, const struct stored_answer *answer)
{
    CHECK(store->in_transaction);
    char mark[PRIVATE_MARK_LEN + 1];
    enum status status = refuse_known_key(store, request);
    if (status == STATUS_OK)
        status = private_mark_make(store->keys, day, request->body_hash, mark, &store->error);
    if (status == STATUS_OK) {
        const enum statement put = STATEMENT_PUT_ANSWER;
        bind_key(store, put, request);
        bind_text(store, put, 4, day);
        bind_text(store, put, 5, mark);
        bind_number(store, put, 6, answer->http_status);
        bind_number(store, put, 7, at_ms);
        bind_text(store, put, 8, answer->body ? answer->body : "");
        status = store_run(store, put, "keep an answer");
    }
    return store_put_result(store, status);
}

static enum status check_body(struct store *store, sqlite3_stmt *row, const char *body_hash)
{
    const char *day = (const char *)sqlite3_column_text(row, 0);
    const char *mark = (const char *)sqlite3_column_text(row, 1);
    if (!day || !mark)
        return store_fail(&store->error, STATUS_CORRUPT, "a kept answer is damaged");
    bool is_same = false;
    enum status status =
        private_mark_check(store->keys, day, body_hash, mark, &is_same, &store->error);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status == STATUS_OK && !is_same)
        return store_fail(&store->error, STATUS_CONFLICT, "the key came with another body");
    return status;
}

enum status store_find_answer(struct store *store, const struct keyed_request *request,
                              struct stored_answer *answer)
{
    const enum statement find = STATEMENT_FIND_ANSWER;
    bind_key(store, find, request);
    sqlite3_stmt *row = store->statements[find];
    enum status status = find_row(store, find, "look up an answer");
    if (status == STATUS_OK)
        status = check_body(store, row, request->body_hash);
    if (status == STATUS_OK) {
        answer->http_status = sqlite3_column_int(row, 2);
        answer->body = store_copy_text(row, 3);
    }
    return store_finish(store, find, status);
}

enum status store_drop_answers_before(struct store *store, int64_t at_ms)
{
    bind_number(store, STATEMENT_DROP_ANSWERS, 1, at_ms);
    enum status status = store_run(store, STATEMENT_DROP_ANSWERS, "drop old answers");
    if (status == STATUS_OK)
        status = store_run(store, STATEMENT_AGE_ANSWERS, "put answers by");
    return store_put_result(store, status);
}

static enum status put_private(struct store *store, const struct private_place *place,
                               const char *text)
{
    size_t size = strlen(text);
    if (size > QUARTER_BODY_BYTES)
        return store_fail(&store->error, STATUS_TOO_LARGE, "private text is longer than %d bytes",
                          QUARTER_BODY_BYTES);
    unsigned char nonce[PRIVATE_NONCE_BYTES];
    unsigned char *cipher = malloc(size + PRIVATE_EXTRA_BYTES);
    CHECK(cipher);
    enum status status =
        private_text_seal(store->keys, place, text, size, nonce, cipher, &store->error);
    if (status == STATUS_OK) {
        const enum statement put = STATEMENT_PUT_PRIVATE;
        bind_text(store, put, 1, place->day);
        bind_text(store, put, 2, place->ticket);
        bind_text(store, put, 3, place->kind);
        bind_bytes(store, put, 4, nonce, sizeof nonce);
        bind_bytes(store, put, 5, cipher, size + PRIVATE_EXTRA_BYTES);
        status = store_run(store, put, "keep private text");
    }
    free(cipher);
    return status;
}

enum status store_put_private(struct store *store, const char *day, const char *ticket,
                              const char *kind, const char *text)
{
    CHECK(store->in_transaction);
    const struct private_place place = {day, ticket, kind};
    return store_put_result(store, put_private(store, &place, text));
}

static enum status open_private(struct store *store, const struct private_place *place, char **text)
{
    sqlite3_stmt *row = store->statements[STATEMENT_GET_PRIVATE];
    const unsigned char *nonce = sqlite3_column_blob(row, 0), *cipher = sqlite3_column_blob(row, 1);
    size_t size = (size_t)sqlite3_column_bytes(row, 1);
    if (sqlite3_column_bytes(row, 0) != PRIVATE_NONCE_BYTES || size < PRIVATE_EXTRA_BYTES)
        return store_fail(&store->error, STATUS_CORRUPT, "private text of %s is damaged",
                          place->day);
    size_t length = size - PRIVATE_EXTRA_BYTES;
    char *opened = malloc(length + 1);
    CHECK(opened);
    enum status status =
        private_text_open(store->keys, place, nonce, cipher, size, opened, &store->error);
    if (status != STATUS_OK) {
        free(opened);
        return status;
    }
    opened[length] = '\0';
    *text = opened;
    return STATUS_OK;
}

enum status store_get_private(struct store *store, const char *day, const char *ticket,
                              const char *kind, char **text)
{
    const enum statement get = STATEMENT_GET_PRIVATE;
    const struct private_place place = {day, ticket, kind};
    bind_text(store, get, 1, day);
    bind_text(store, get, 2, ticket);
    bind_text(store, get, 3, kind);
    enum status status = find_row(store, get, "look up private text");
    if (status == STATUS_OK)
        status = open_private(store, &place, text);
    return store_finish(store, get, status);
}

enum status store_forget_day(struct store *store, const char *day)
{
    CHECK(!store->in_transaction);
    /* The key first: from here on the text is gone, whatever becomes of the rows. */
    enum status status = private_keys_forget(store->keys, day, &store->error);
    if (status != STATUS_OK)
        return status;
    bind_text(store, STATEMENT_FORGET_PRIVATE, 1, day);
    return store_run(store, STATEMENT_FORGET_PRIVATE, "forget a day");
}

enum status store_forget_days_before(struct store *store, const char *day)
{
    CHECK(!store->in_transaction);
    enum status status = private_keys_forget_before(store->keys, day, &store->error);
    if (status != STATUS_OK)
        return status;
    bind_text(store, STATEMENT_FORGET_PRIVATE_BEFORE, 1, day);
    return store_run(store, STATEMENT_FORGET_PRIVATE_BEFORE, "forget old days");
}

enum status store_put_site(struct store *store, const char *hash, const char *text, int64_t at_ms)
{
    CHECK(store->in_transaction);
    bind_text(store, STATEMENT_PUT_SITE, 1, hash);
    bind_text(store, STATEMENT_PUT_SITE, 2, text);
    bind_number(store, STATEMENT_PUT_SITE, 3, at_ms);
    return store_put_result(store, store_run(store, STATEMENT_PUT_SITE, "keep the site file"));
}

enum status store_get_site(struct store *store, const char *hash, char **text)
{
    bind_text(store, STATEMENT_GET_SITE, 1, hash);
    enum status status = find_row(store, STATEMENT_GET_SITE, "look up a site file");
    if (status == STATUS_OK)
        *text = store_copy_text(store->statements[STATEMENT_GET_SITE], 0);
    return store_finish(store, STATEMENT_GET_SITE, status);
}

enum status store_keep_site(struct store *store, const char *hash)
{
    CHECK(store->in_transaction);
    bind_text(store, STATEMENT_KEEP_SITE, 1, hash);
    return store_put_result(store, store_run(store, STATEMENT_KEEP_SITE, "keep a site for good"));
}

enum status store_drop_sites(struct store *store)
{
    CHECK(!store->in_transaction);
    int64_t first = 0;
    enum status status = store_find_newest_day(store, &first);
    if (status != STATUS_OK)
        return status;
    bind_number(store, STATEMENT_DROP_SITES, 1, first);
    return store_run(store, STATEMENT_DROP_SITES, "drop old sites");
}

/* Each day says at its opening which site is in force: nothing older has to be read. */
enum status store_last_site(struct store *store, char **text)
{
    int64_t first = 0;
    enum status status = store_find_newest_day(store, &first);
    if (status != STATUS_OK)
        return status;
    bind_number(store, STATEMENT_LAST_SITE, 1, first);
    status = find_row(store, STATEMENT_LAST_SITE, "look up the last site");
    if (status == STATUS_OK)
        *text = store_copy_text(store->statements[STATEMENT_LAST_SITE], 0);
    return store_finish(store, STATEMENT_LAST_SITE, status);
}

enum status store_put_projection(struct store *store, const char *name, int64_t through_seq,
                                 const char *body)
{
    const enum statement put = STATEMENT_PUT_PROJECTION;
    /* One that counts in events the journal does not have would skip those that come in their place. */
    CHECK(name[0] != '\0' && through_seq >= 0 && through_seq <= store->last_seq);
    if (strlen(body) > STORE_PROJECTION_BYTES)
        return store_put_result(store, store_fail(&store->error, STATUS_TOO_LARGE,
                                                  "the projection %s is longer than %d bytes", name,
                                                  STORE_PROJECTION_BYTES));
    bind_text(store, put, 1, name);
    bind_number(store, put, 2, through_seq);
    bind_text(store, put, 3, body);
    return store_put_result(store, store_run(store, put, "keep a projection"));
}

enum status store_get_projection(struct store *store, const char *name, int64_t *through_seq,
                                 char **body)
{
    const enum statement get = STATEMENT_GET_PROJECTION;
    bind_text(store, get, 1, name);
    enum status status = find_row(store, get, "look up a projection");
    if (status == STATUS_OK) {
        *through_seq = sqlite3_column_int64(store->statements[get], 0);
        *body = store_copy_text(store->statements[get], 1);
    }
    return store_finish(store, get, status);
}
