/* A fixed row of transactions and the question what of it a journal holds, for the sweeps over
 * power cuts and faults. */
#ifndef QUARTER_TESTS_STORE_SCRIPT_H
#define QUARTER_TESTS_STORE_SCRIPT_H

#include "store_kit.h"

enum { SCRIPT_TRANSACTIONS = 16 };

/* Transaction k: some events, and for some k an answer, private text, a site file and a
 * projection. */
enum status script_run_transaction(struct store *store, int k);
/* How many events the transactions before k have together. */
int script_events_before(int k);
/* How many transactions, from the first, are there whole, with nothing else: -1 when there is no
 * such number; complaint then says what is wrong. */
int script_count_transactions(struct kit *kit, const char **complaint);

#endif
