/* Opening the file of people, and its rows. */
#include "people/records.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "people/records_schema.h"
#include "quarter/check.h"

enum statement {
    LOAD_PERSONS,
    LOAD_SESSIONS,
    LOAD_DEVICES,
    READ_VERSION,
    BEGIN,
    COMMIT,
    ROLLBACK,
    PUT_PERSON,
    PUT_SESSION,
    DROP_SESSION,
    PUT_DEVICE,
    PUT_AUDIT,
    LIST_AUDIT,
    OLDEST_AUDIT,
    TRIM_AUDIT,
    STATEMENT_COUNT,
};

static const char *const statement_sql[STATEMENT_COUNT] = {
    [LOAD_PERSONS] = "SELECT place, id, name, display, roles, language, created, disabled,"
                     " must_change, one_time_until, epoch, hash FROM person ORDER BY place",
    [LOAD_SESSIONS] = "SELECT id, person, epoch, current, former, former_until, created, seen,"
                      " address FROM session ORDER BY seen DESC",
    [LOAD_DEVICES] = "SELECT code, kind, token, paired, seen, revoked FROM device ORDER BY code",
    [READ_VERSION] = "PRAGMA data_version",
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [PUT_PERSON] = "INSERT INTO person VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
                   " ON CONFLICT(place) DO UPDATE SET name = ?3, display = ?4, roles = ?5,"
                   " language = ?6, disabled = ?8, must_change = ?9, one_time_until = ?10,"
                   " epoch = ?11, hash = ?12",
    [PUT_SESSION] = "INSERT OR REPLACE INTO session VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
    [DROP_SESSION] = "DELETE FROM session WHERE id = ?1",
    [PUT_DEVICE] = "INSERT OR REPLACE INTO device VALUES(?1,?2,?3,?4,?5,?6)",
    [PUT_AUDIT] = "INSERT INTO audit(at, actor, role, action, object, address, result)"
                  " VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [LIST_AUDIT] = "SELECT seq, at, actor, role, action, object, address, result FROM audit"
                   " WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
    [OLDEST_AUDIT] = "SELECT at FROM audit ORDER BY seq LIMIT 1",
    [TRIM_AUDIT] = "DELETE FROM audit WHERE seq <"
                   " (SELECT seq FROM audit WHERE at >= ?1 ORDER BY seq LIMIT 1)",
};

struct records {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    unsigned char key[TOKEN_KEY_BYTES];
    bool in_transaction;
    enum status failed; /* the first failure of this transaction */
    struct store_error error;
};

/* SQLite makes the log and the shared memory with the rights of the file itself. The file is only opened here when
 * it is new: closing any descriptor of a file drops this process's locks on it (fcntl(2)). */
static enum status keep_private(const char *path, struct store_error *error)
{
    struct stat about;
    if (lstat(path, &about) == 0) {
        if ((about.st_mode & 077) == 0 || chmod(path, 0600) == 0)
            return STATUS_OK;
        return store_fail(error, STATUS_DENIED,
                          "%s: others may read it, and its mode cannot be changed: %s", path,
                          strerrordesc_np(errno));
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return store_fail(error,
                          errno == ENOSPC
                              ? STATUS_FULL
                              : (errno == EACCES || errno == EROFS ? STATUS_DENIED : STATUS_IO),
                          "%s: cannot make the file of people: %s", path, strerrordesc_np(errno));
    close(fd);
    return STATUS_OK;
}

static enum status open_file(struct records *records, const char *path, const char *vfs)
{
    struct store_error *error = &records->error;
    if (!vfs) {
        enum status status = keep_private(path, error);
        if (status != STATUS_OK)
            return status;
    }
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int result = sqlite3_open_v2(path, &records->db, flags, vfs);
    if (result != SQLITE_OK)
        return store_fail(error, database_status(result), "%s: cannot open the file of people: %s",
                          path, sqlite3_errstr(result));
    sqlite3_busy_timeout(records->db, 2000);
    return STATUS_OK;
}

static enum status read_key(struct records *records)
{
    sqlite3_stmt *row = NULL;
    enum status status = STATUS_OK;
    if (sqlite3_prepare_v2(records->db, "SELECT value FROM meta WHERE name = 'key'", -1, &row,
                           NULL) != SQLITE_OK)
        return database_fail(records->db, "read the file of people", &records->error);
    int result = sqlite3_step(row);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        status = database_fail(records->db, "read the file of people", &records->error);
    else if (result == SQLITE_DONE || sqlite3_column_bytes(row, 0) != TOKEN_KEY_BYTES)
        status = store_fail(&records->error, STATUS_CORRUPT, "%s is damaged: its key is missing",
                            sqlite3_db_filename(records->db, "main"));
    else
        memcpy(records->key, sqlite3_column_blob(row, 0), TOKEN_KEY_BYTES);
    sqlite3_finalize(row);
    return status;
}

static enum status set_up(struct records *records)
{
    struct store_error *error = &records->error;
    enum status status = records_schema_refuse_unknown(records->db, error);
    if (status == STATUS_OK)
        status = database_run(records->db,
                              "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                              "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 4194304;"
                              "PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY",
                              error);
    if (status == STATUS_OK)
        status = database_rewrite_log(records->db, error);
    if (status == STATUS_OK)
        status = records_schema_prepare(records->db, error);
    for (int i = 0; i < STATEMENT_COUNT && status == STATUS_OK; i++)
        if (sqlite3_prepare_v3(records->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &records->statements[i], NULL) != SQLITE_OK)
            status = database_fail(records->db, "use the tables of people", error);
    return status == STATUS_OK ? read_key(records) : status;
}

enum status records_open(const char *path, const char *vfs, struct records **records,
                         struct store_error *error)
{
    struct records *opened = calloc(1, sizeof *opened);
    CHECK(opened);
    enum status status = open_file(opened, path, vfs);
    if (status == STATUS_OK)
        status = set_up(opened);
    if (status != STATUS_OK) {
        *error = opened->error;
        records_close(opened);
        return status;
    }
    *records = opened;
    return STATUS_OK;
}

void records_close(struct records *records)
{
    if (!records)
        return;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(records->statements[i]);
    sqlite3_close(records->db);
    sodium_memzero(records, sizeof *records);
    free(records);
}

const char *records_error(const struct records *records)
{
    return records->error.text;
}

const unsigned char *records_key(const struct records *records)
{
    return records->key;
}

/* ---- statements ---- */

static void bind_text(struct records *records, enum statement statement, int parameter,
                      const char *text)
{
    /* Fails only for want of memory or on a wrong parameter, both our end. */
    CHECK(sqlite3_bind_text(records->statements[statement], parameter, text, -1, SQLITE_STATIC) ==
          SQLITE_OK);
}

static void bind_number(struct records *records, enum statement statement, int parameter,
                        int64_t number)
{
    CHECK(sqlite3_bind_int64(records->statements[statement], parameter, number) == SQLITE_OK);
}

static void bind_hash(struct records *records, enum statement statement, int parameter,
                      const struct token_hash *hash)
{
    CHECK(sqlite3_bind_blob(records->statements[statement], parameter, hash->bytes,
                            sizeof hash->bytes, SQLITE_STATIC) == SQLITE_OK);
}

static enum status fail(struct records *records, const char *what)
{
    return database_fail(records->db, what, &records->error);
}

static void reset(struct records *records, enum statement statement)
{
    sqlite3_reset(records->statements[statement]);
    sqlite3_clear_bindings(records->statements[statement]);
}

static enum status step(struct records *records, enum statement statement, const char *what)
{
    enum status status = STATUS_OK;
    if (sqlite3_step(records->statements[statement]) != SQLITE_DONE)
        status = fail(records, what);
    reset(records, statement);
    return status;
}

static enum status put(struct records *records, enum statement statement, const char *what)
{
    CHECK(records->in_transaction);
    enum status status = step(records, statement, what);
    if (records->failed == STATUS_OK)
        records->failed = status;
    return status;
}

/* False: NULL, or too long for its field. */
static bool read_text(sqlite3_stmt *row, int column, char *to, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    if (!text || strlen(text) >= size)
        return false;
    memcpy(to, text, strlen(text) + 1);
    return true;
}

static bool read_hash(sqlite3_stmt *row, int column, struct token_hash *hash)
{
    if (sqlite3_column_bytes(row, column) != sizeof hash->bytes)
        return false;
    memcpy(hash->bytes, sqlite3_column_blob(row, column), sizeof hash->bytes);
    return true;
}

/* ---- loading ---- */

static bool read_person(sqlite3_stmt *row, int place, struct person_record *person)
{
    struct person *public = &person->public;
    public->roles = (unsigned)sqlite3_column_int(row, 4);
    public->created_ms = sqlite3_column_int64(row, 6);
    public->disabled_ms = sqlite3_column_int64(row, 7);
    public->must_change = sqlite3_column_int(row, 8) != 0;
    person->one_time_until_ms = sqlite3_column_int64(row, 9);
    person->epoch = sqlite3_column_int64(row, 10);
    return sqlite3_column_int64(row, 0) == place && place < PEOPLE_MAX &&
           (public->roles & ~(unsigned)ROLE_ALL) == 0 &&
           read_text(row, 1, public->id, sizeof public->id) &&
           read_text(row, 2, public->name, sizeof public->name) &&
           read_text(row, 3, public->display, sizeof public->display) &&
           read_text(row, 5, public->language, sizeof public->language) &&
           read_text(row, 11, person->hash, sizeof person->hash);
}

static bool give_person(const struct records_reader *reader, sqlite3_stmt *row, int number)
{
    struct person_record person = {0};
    bool is_whole = read_person(row, number, &person);
    if (is_whole)
        reader->person(reader->context, number, &person);
    sodium_memzero(&person, sizeof person);
    return is_whole;
}

static bool give_session(const struct records_reader *reader, sqlite3_stmt *row, int number)
{
    (void)number;
    struct session session = {0};
    char person[QUARTER_ULID_LEN + 1];
    session.epoch = sqlite3_column_int64(row, 2);
    session.has_former = sqlite3_column_type(row, 4) != SQLITE_NULL;
    session.former_until_ms = sqlite3_column_int64(row, 5);
    session.created_ms = sqlite3_column_int64(row, 6);
    session.seen_ms = session.saved_seen_ms = sqlite3_column_int64(row, 7);
    if (!read_text(row, 0, session.id, sizeof session.id) ||
        !read_text(row, 1, person, sizeof person) || !read_hash(row, 3, &session.current) ||
        (session.has_former && !read_hash(row, 4, &session.former)) ||
        !read_text(row, 8, session.address, sizeof session.address))
        return false;
    reader->session(reader->context, person, &session);
    return true;
}

static bool give_device(const struct records_reader *reader, sqlite3_stmt *row, int number)
{
    (void)number;
    struct device_record device = {0};
    char kind[QUARTER_CODE_MAX + 1];
    device.public.paired_ms = sqlite3_column_int64(row, 3);
    device.public.seen_ms = device.saved_seen_ms = sqlite3_column_int64(row, 4);
    device.public.revoked_ms = sqlite3_column_int64(row, 5);
    if (!read_text(row, 0, device.public.code, sizeof device.public.code) ||
        !read_text(row, 1, kind, sizeof kind) || !device_kind_find(kind, &device.public.kind) ||
        !read_hash(row, 2, &device.token))
        return false;
    reader->device(reader->context, &device);
    return true;
}

static enum status load(struct records *records, const struct records_reader *reader,
                        enum statement statement,
                        bool (*give)(const struct records_reader *, sqlite3_stmt *, int))
{
    sqlite3_stmt *row = records->statements[statement];
    enum status status = STATUS_OK;
    int number = 0, result = SQLITE_ROW;
    while (status == STATUS_OK && (result = sqlite3_step(row)) == SQLITE_ROW)
        if (!give(reader, row, number++))
            status = store_fail(&records->error, STATUS_CORRUPT,
                                "%s is damaged: row %d of \"%s\"; restore the latest backup",
                                sqlite3_db_filename(records->db, "main"), number, sqlite3_sql(row));
    if (status == STATUS_OK && result != SQLITE_DONE)
        status = fail(records, "read the file of people");
    reset(records, statement);
    return status;
}

enum status records_load(struct records *records, const struct records_reader *reader)
{
    enum status status = STATUS_OK;
    if (reader->person)
        status = load(records, reader, LOAD_PERSONS, give_person);
    if (status == STATUS_OK && reader->session)
        status = load(records, reader, LOAD_SESSIONS, give_session);
    if (status == STATUS_OK && reader->device)
        status = load(records, reader, LOAD_DEVICES, give_device);
    return status;
}

enum status records_read_version(struct records *records, int64_t *version)
{
    sqlite3_stmt *row = records->statements[READ_VERSION];
    enum status status = STATUS_OK;
    if (sqlite3_step(row) == SQLITE_ROW)
        *version = sqlite3_column_int64(row, 0);
    else
        status = fail(records, "read the file of people");
    reset(records, READ_VERSION);
    return status;
}

/* ---- transactions ---- */

enum status records_begin(struct records *records)
{
    CHECK(!records->in_transaction);
    enum status status = step(records, BEGIN, "begin to write");
    records->in_transaction = status == STATUS_OK;
    records->failed = STATUS_OK;
    return status;
}

void records_rollback(struct records *records)
{
    CHECK(records->in_transaction);
    records->in_transaction = false;
    /* SQLite has rolled back by itself after some failures. */
    if (!sqlite3_get_autocommit(records->db)) {
        sqlite3_step(records->statements[ROLLBACK]);
        reset(records, ROLLBACK);
    }
}

enum status records_commit(struct records *records)
{
    CHECK(records->in_transaction);
    enum status status = records->failed;
    if (status == STATUS_OK)
        status = step(records, COMMIT, "write");
    if (status == STATUS_OK)
        records->in_transaction = false;
    else
        records_rollback(records);
    return status;
}

/* ---- rows ---- */

enum status records_put_person(struct records *records, int place,
                               const struct person_record *person)
{
    const struct person *public = &person->public;
    bind_number(records, PUT_PERSON, 1, place);
    bind_text(records, PUT_PERSON, 2, public->id);
    bind_text(records, PUT_PERSON, 3, public->name);
    bind_text(records, PUT_PERSON, 4, public->display);
    bind_number(records, PUT_PERSON, 5, public->roles);
    bind_text(records, PUT_PERSON, 6, public->language);
    bind_number(records, PUT_PERSON, 7, public->created_ms);
    bind_number(records, PUT_PERSON, 8, public->disabled_ms);
    bind_number(records, PUT_PERSON, 9, public->must_change);
    bind_number(records, PUT_PERSON, 10, person->one_time_until_ms);
    bind_number(records, PUT_PERSON, 11, person->epoch);
    bind_text(records, PUT_PERSON, 12, person->hash);
    return put(records, PUT_PERSON, "keep a person");
}

enum status records_put_session(struct records *records, const char *person,
                                const struct session *session)
{
    bind_text(records, PUT_SESSION, 1, session->id);
    bind_text(records, PUT_SESSION, 2, person);
    bind_number(records, PUT_SESSION, 3, session->epoch);
    bind_hash(records, PUT_SESSION, 4, &session->current);
    if (session->has_former)
        bind_hash(records, PUT_SESSION, 5, &session->former);
    bind_number(records, PUT_SESSION, 6, session->former_until_ms);
    bind_number(records, PUT_SESSION, 7, session->created_ms);
    bind_number(records, PUT_SESSION, 8, session->seen_ms);
    bind_text(records, PUT_SESSION, 9, session->address);
    return put(records, PUT_SESSION, "keep a session");
}

enum status records_drop_session(struct records *records, const char *id)
{
    bind_text(records, DROP_SESSION, 1, id);
    return put(records, DROP_SESSION, "end a session");
}

enum status records_put_device(struct records *records, const struct device_record *device)
{
    bind_text(records, PUT_DEVICE, 1, device->public.code);
    bind_text(records, PUT_DEVICE, 2, device_kind_code(device->public.kind));
    bind_hash(records, PUT_DEVICE, 3, &device->token);
    bind_number(records, PUT_DEVICE, 4, device->public.paired_ms);
    bind_number(records, PUT_DEVICE, 5, device->public.seen_ms);
    bind_number(records, PUT_DEVICE, 6, device->public.revoked_ms);
    return put(records, PUT_DEVICE, "keep a device");
}

enum status records_put_audit(struct records *records, const struct audit_entry *entry)
{
    bind_number(records, PUT_AUDIT, 1, entry->at_ms);
    const char *const texts[] = {entry->actor,  entry->role,    entry->action,
                                 entry->object, entry->address, entry->result};
    for (int i = 0; i < 6; i++)
        bind_text(records, PUT_AUDIT, i + 2, texts[i]);
    return put(records, PUT_AUDIT, "write the audit trail");
}

static bool read_entry(sqlite3_stmt *row, struct audit_entry *entry)
{
    *entry = (struct audit_entry){.seq = sqlite3_column_int64(row, 0),
                                  .at_ms = sqlite3_column_int64(row, 1)};
    return read_text(row, 2, entry->actor, sizeof entry->actor) &&
           read_text(row, 3, entry->role, sizeof entry->role) &&
           read_text(row, 4, entry->action, sizeof entry->action) &&
           read_text(row, 5, entry->object, sizeof entry->object) &&
           read_text(row, 6, entry->address, sizeof entry->address) &&
           read_text(row, 7, entry->result, sizeof entry->result);
}

enum status records_list_audit(struct records *records, int64_t before, int limit,
                               struct audit_entry *entries, size_t *count)
{
    sqlite3_stmt *row = records->statements[LIST_AUDIT];
    bind_number(records, LIST_AUDIT, 1, before);
    bind_number(records, LIST_AUDIT, 2, limit);
    size_t got = 0;
    int result;
    while ((result = sqlite3_step(row)) == SQLITE_ROW)
        if (read_entry(row, &entries[got]))
            got++;
    enum status status = result == SQLITE_DONE ? STATUS_OK : fail(records, "read the audit trail");
    reset(records, LIST_AUDIT);
    if (status == STATUS_OK)
        *count = got;
    return status;
}

enum status records_trim_audit(struct records *records, int64_t before_ms, int64_t now_ms)
{
    sqlite3_stmt *row = records->statements[OLDEST_AUDIT];
    int result = sqlite3_step(row);
    bool is_due = result == SQLITE_ROW && sqlite3_column_int64(row, 0) < before_ms;
    enum status status = result == SQLITE_ROW || result == SQLITE_DONE
                             ? STATUS_OK
                             : fail(records, "read the audit trail");
    reset(records, OLDEST_AUDIT);
    if (!is_due)
        return status;
    /* First the entry, which the table takes the time from. */
    struct audit_entry entry = {.action = "audit_trim", .result = "ok", .at_ms = now_ms};
    status = records_put_audit(records, &entry);
    if (status != STATUS_OK)
        return status;
    bind_number(records, TRIM_AUDIT, 1, before_ms);
    return put(records, TRIM_AUDIT, "trim the audit trail");
}
