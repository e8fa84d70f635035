/* What is no code: what visitors typed and colleagues noted. Kept sealed beside the events, and read for whoever serves.
 * See ledger.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/ledger_parts.h"
#include "quarter/check.h"
#include "quarter/log.h"

static void forget_texts(struct texts_at *kept)
{
    free(kept->texts.answers);
    free(kept->texts.note);
    *kept = (struct texts_at){0};
}

void ledger_forget_texts(struct ledger *ledger)
{
    for (size_t i = 0; i < QUARTER_COUNTERS_MAX; i++) {
        forget_texts(&ledger->at_counter[i]);
    }
}

/* What was read of this ticket is not all there is any more. */
static void forget_texts_of(struct ledger *ledger, const char *ticket)
{
    for (size_t i = 0; i < QUARTER_COUNTERS_MAX; i++) {
        if (strcmp(ledger->at_counter[i].ticket, ticket) == 0) {
            forget_texts(&ledger->at_counter[i]);
        }
    }
}

enum status ledger_keep_text(struct ledger *ledger, const struct desk_job *job)
{
    const enum command_type type = job->command.type;
    const char *kind = type == COMMAND_ISSUE      ? "answers"
                       : type == COMMAND_TRANSFER ? "note"
                       : type == COMMAND_FINISH   ? "reference"
                                                  : NULL;
    const enum event_type about = type == COMMAND_ISSUE      ? EVENT_TICKET_ISSUED
                                  : type == COMMAND_TRANSFER ? EVENT_TICKET_TRANSFERRED
                                                             : EVENT_TICKET_CLOSED;
    for (size_t i = 0; kind != NULL && i < ledger->decision.count; i++) {
        const struct event *event = &ledger->decision.events[i];
        if (event->type == about) {
            forget_texts_of(ledger, event->ticket);
            return store_put_private(ledger->store, engine_day(ledger->engine), event->ticket, kind,
                                     job->private_text);
        }
    }
    return STATUS_OK;
}

static char *read_text(struct ledger *ledger, struct texts_at *kept, const char *kind)
{
    char *text = NULL;
    const enum status status =
        store_get_private(ledger->store, engine_day(ledger->engine), kept->ticket, kind, &text);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        log_warning("desk", "a visitor's private text cannot be read: %s",
                    store_error(ledger->store));
        kept->ticket[0] = '\0'; /* tried again for the next view */
    }
    return text;
}

const struct private_texts *ledger_texts_at(struct ledger *ledger, int counter_index)
{
    CHECK(counter_index >= 0 && counter_index < QUARTER_COUNTERS_MAX);
    const struct engine *engine = ledger->engine;
    const struct counter *counter = engine_counter(engine, counter_index);
    struct texts_at *kept = &ledger->at_counter[counter_index];
    const char *ticket =
        counter->ticket >= 0 ? engine_ticket(engine, (size_t)counter->ticket)->id : "";
    if (strcmp(kept->ticket, ticket) == 0) {
        return &kept->texts;
    }
    forget_texts(kept);
    (void)snprintf(kept->ticket, sizeof(kept->ticket), "%s", ticket);
    if (ticket[0] != '\0') {
        kept->texts.answers = read_text(ledger, kept, "answers");
    }
    if (kept->ticket[0] != '\0') {
        kept->texts.note = read_text(ledger, kept, "note");
    }
    return &kept->texts;
}
