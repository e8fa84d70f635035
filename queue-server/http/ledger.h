/* The queue and its journal, kept as one: what changes in the engine is in the transaction that is under way, and the
 * engine is rebuilt from the journal when that transaction fails. Owned by one thread (the desk's). */
#ifndef QUARTER_HTTP_LEDGER_H
#define QUARTER_HTTP_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "http/desk.h"
#include "http/rota.h"
#include "http/study.h"
#include "http/ticket_json.h"
#include "http/view_source.h"

struct ledger;

/* Opens the journal, replays it, and journals the site when it is a new one. */
enum status ledger_open(const struct desk_config *config, struct ledger **ledger, char *error,
                        size_t error_size);
void ledger_close(struct ledger *ledger);

/* Another site from now on, in the middle of a day too: journalled, and its text kept. Outside a batch; both are
 * borrowed until the next one or the end. Not OK: the old one is in force still, and error says why. */
enum status ledger_change_site(struct ledger *ledger, const struct site *site,
                               const struct rules *rules, char *error, size_t error_size);

/* One batch: begin, perform each, commit. After a failure the rest of the batch need not be performed. */
enum status ledger_begin(struct ledger *ledger);
/* Decides and evolves one command and writes what came of it. Sets the job's problem or http_status and body. Not OK:
 * the batch is lost. */
enum status ledger_perform(struct ledger *ledger, struct desk_job *job);
/* Makes the batch durable, or undoes it and rebuilds the engine. OK also when there was nothing to write. */
enum status ledger_commit(struct ledger *ledger);
void ledger_undo(struct ledger *ledger);

/* False when the journal could not be read back after a failure: nothing works until ledger_repair() has. */
bool ledger_is_whole(const struct ledger *ledger);
bool ledger_repair(struct ledger *ledger);

/* Answers a job that only reads: DESK_TICKET, DESK_FIND, DESK_COUNTERS, DESK_FORECAST, DESK_SCORE. */
void ledger_read(struct ledger *ledger, struct desk_job *job);

/* Events of the batch that was committed last. */
size_t ledger_event_count(const struct ledger *ledger);
/* Did the last committed batch open a day? Then it is time for ledger_tidy(). */
bool ledger_opened_day(const struct ledger *ledger);
int64_t ledger_last_seq(const struct ledger *ledger);
/* Drops what is kept only 30 days: answers by key, private text and the keys to it. */
void ledger_tidy(struct ledger *ledger);
/* When no command has come for some tens of ms. */
void ledger_idle(struct ledger *ledger);

const struct engine *ledger_engine(const struct ledger *ledger);
const struct day_notes *ledger_notes(const struct ledger *ledger);
/* By the rota, and whoever works although it says otherwise: view_source.rostered. */
uint64_t ledger_rostered(struct ledger *ledger, int64_t now_ms);
const struct rota *ledger_rota(struct ledger *ledger); /* of the engine's day, or of today */
/* What is shown is written from this. */
struct view_source ledger_view(const struct ledger *ledger, int64_t now_ms);

/* The newest forecast, from which waits are told; borrowed until the next call. NULL: none. */
void ledger_set_waits(struct ledger *ledger, const struct waits *waits);
void ledger_set_today(struct ledger *ledger, const struct waits_today *today); /* likewise */
/* What was kept of all that was learned; the caller's. NULL: nothing. */
struct study_kept *ledger_load_kept(struct ledger *ledger);
/* Outside a batch. What cannot be stored is learned again one day. */
void ledger_keep(struct ledger *ledger, const struct study_kept *kept);
/* What is known of the ticket at this counter that is no code; good until the next call for that counter. */
const struct private_texts *ledger_texts_at(struct ledger *ledger, int counter);

#endif
