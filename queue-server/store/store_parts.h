/* What the parts of the store share; nobody else includes it. */
#ifndef QUARTER_STORE_PARTS_H
#define QUARTER_STORE_PARTS_H

#include "store/database.h"
#include "store/private_text.h"
#include "store/ulid.h"

/* Prepared once, kept as long as the store. */
enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_APPEND,
    STATEMENT_REPLAY,
    STATEMENT_PUT_ANSWER,
    STATEMENT_FIND_ANSWER,
    STATEMENT_DROP_ANSWERS,
    STATEMENT_AGE_ANSWERS,
    STATEMENT_PUT_PRIVATE,
    STATEMENT_GET_PRIVATE,
    STATEMENT_FORGET_PRIVATE,
    STATEMENT_FORGET_PRIVATE_BEFORE,
    STATEMENT_PUT_SITE,
    STATEMENT_GET_SITE,
    STATEMENT_LAST_SITE,
    STATEMENT_KEEP_SITE,
    STATEMENT_DROP_SITES,
    STATEMENT_PUT_PROJECTION,
    STATEMENT_GET_PROJECTION,
    STATEMENT_COUNT,
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct private_keys *keys;
    struct ulid_source ids;
    unsigned char fingerprint_key[16];
    int64_t last_seq, committed_seq;
    bool in_transaction;
    enum status failed; /* the first failure of this transaction; it cannot be committed any more */
    /* Pages in the write-ahead log; how many of them the last checkpoint saw; how many more make
     * the next one due even without an idle moment (fewer in tests). */
    int log_pages, folded_pages, fold_at_pages;
    struct store_error error;
};

/* Steps a statement that gives no rows, and resets it. */
enum status store_run(struct store *store, enum statement statement, const char *what);
/* Resets a statement; gives the status back. */
enum status store_finish(struct store *store, enum statement statement, enum status status);
/* Of a put: keeps the first failure of the transaction. */
enum status store_put_result(struct store *store, enum status status);
/* Column of the current row as a string of the caller's. */
char *store_copy_text(sqlite3_stmt *row, int column);
/* Where the newest day begins, which is where a replay does; 0: no day was ever opened. */
enum status store_find_newest_day(struct store *store, int64_t *seq);
/* In side_tables.c: reads the key of the answers' fingerprints. */
enum status answers_set_up(struct store *store);

#endif
