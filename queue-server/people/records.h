/* The file of people: its tables, and rows to and from them. One connection, owned by one thread at a time.
 *
 * WAL, synchronous=FULL, as the journal: what records_commit() returned OK for is on disk. */
#ifndef QUARTER_PEOPLE_RECORDS_H
#define QUARTER_PEOPLE_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "people/passwords.h"
#include "people/people.h"
#include "people/sessions.h"
#include "people/tokens.h"
#include "store/database.h"

struct person_record {
    struct person public;
    char hash[PASSWORD_HASH_BYTES]; /* of the password */
    int64_t one_time_until_ms;      /* 0: it is no one-time password */
    int64_t epoch;                  /* each change that ends the person's sessions adds one */
};

struct device_record {
    struct device public;
    struct token_hash token;
    int64_t saved_seen_ms;
    bool is_dirty;
};

struct records;

/* The file is made with mode 0600, or brought to it: a hash of a password is nobody else's business. */
enum status records_open(const char *path, const char *vfs, struct records **records,
                         struct store_error *error);
void records_close(struct records *records);
const char *records_error(const struct records *records); /* of the last call that failed */
/* The secret that sessions' tokens are renewed with; made with the file. */
const unsigned char *records_key(const struct records *records);

/* Rows in the order they were made (places count from 0), sessions with the id of their person. */
struct records_reader {
    void (*person)(void *context, int place, const struct person_record *person);
    void (*session)(void *context, const char *person, const struct session *session);
    void (*device)(void *context, const struct device_record *device);
    void *context;
};
/* A NULL function: that table is left. CORRUPT: a row is damaged. */
enum status records_load(struct records *records, const struct records_reader *reader);
/* Changes when another connection (the operator's console) wrote to the file. */
enum status records_read_version(struct records *records, int64_t *version);

/* As store_begin() and store_commit(): after a put that failed, commit rolls back and tells that failure again. */
enum status records_begin(struct records *records);
enum status records_commit(struct records *records);
void records_rollback(struct records *records);

/* Made anew or replaced. CONFLICT: the name is another's. */
enum status records_put_person(struct records *records, int place,
                               const struct person_record *person);
enum status records_put_session(struct records *records, const char *person,
                                const struct session *session);
enum status records_drop_session(struct records *records, const char *id);
enum status records_put_device(struct records *records, const struct device_record *device);
enum status records_put_audit(struct records *records, const struct audit_entry *entry);

/* Newest first, seq < before. */
enum status records_list_audit(struct records *records, int64_t before, int limit,
                               struct audit_entry *entries, size_t *count);
/* Drops entries before that instant, and leaves one that says so (at now_ms). Inside a transaction. Younger ones than
 * PEOPLE_AUDIT_DAYS the table itself refuses to lose, as it refuses every update. */
enum status records_trim_audit(struct records *records, int64_t before_ms, int64_t now_ms);

#endif
