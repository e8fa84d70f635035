/* What the ledger is made of. Private to ledger.c, ledger_commands.c and ledger_texts.c. */
#ifndef QUARTER_HTTP_LEDGER_PARTS_H
#define QUARTER_HTTP_LEDGER_PARTS_H

#include "http/ledger.h"

/* Reading private text means decrypting it; a view is built up to 20 times a second. */
struct texts_at {
    char ticket[QUARTER_ULID_LEN + 1];
    struct private_texts texts;
};

struct ledger {
    const struct site *site;
    const struct rules *rules;
    struct clock *clock;
    struct metrics *metrics;
    struct store *store;
    struct engine *engine; /* NULL: could not be rebuilt */
    struct decision decision;
    struct day_notes notes;
    struct rota rota;
    const struct waits *waits; /* NULL: nothing is known of waits */
    const struct waits_today *today;
    struct today *figures; /* of the journal as the engine is */
    const struct visits *visits;
    bool changed; /* the transaction under way wrote something */
    bool evolved; /* ... and the engine is ahead of the journal */
    bool opened_day;
    bool site_is_kept; /* for good: something of the record refers to the site in force */
    size_t event_count;
    struct texts_at at_counter[QUARTER_COUNTERS_MAX];
};

/* The clock, or the journal's last event where that is later. */
int64_t ledger_now_ms(const struct ledger *ledger);

/* Whether this is of the record: somebody may ask years later what the service was called then. */
bool ledger_refers_to_site(const struct event *event);
/* After the event, that the site in force then is kept; before the next site, that it need not be. */
bool ledger_site_is_kept_after(const struct event *event, bool is_kept);

/* The job's text, of the ticket that its command was about, beside what was decided. */
enum status ledger_keep_text(struct ledger *ledger, const struct desk_job *job);
void ledger_forget_texts(struct ledger *ledger); /* those that were read */

#endif
