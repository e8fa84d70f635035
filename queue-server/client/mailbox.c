/* One wake is owed at a time: the next is given after the main thread has found the box empty, so
 * that a main thread that is busy is not flooded with SDL events.
 *
 * An issue slot:  free -> asked -> under way -> answered -> free
 *                           |          `-> cancelled -> free (by the network thread, which
 *                           |                              stops the transfer)
 *                           `-> free (cancelled before it began) */
#include "mailbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum slot_state { SLOT_FREE, SLOT_ASKED, SLOT_UNDER_WAY, SLOT_ANSWERED, SLOT_CANCELLED };

struct slot {
    enum slot_state state;
    bool refused;
    int attempts, attempts_told;
    struct issue_request request;
    struct ticket_receipt receipt;
    struct issue_refusal refusal;
};

struct mailbox {
    pthread_mutex_t lock;
    void (*wake)(void *context);
    void *wake_context;
    bool wake_owed;
    struct site_info *site;
    bool site_from_cache;
    struct board_view *board;
    bool has_clock, has_link, online, has_pairing;
    struct client_pairing pairing;
    struct client_clock clock;
    int64_t since_ms;
    struct slot slots[CLIENT_ISSUES_MAX];
    int visit_first, visit_count; /* a ring */
    struct visit_request visits[CLIENT_VISITS_MAX];
    int print_first, print_count; /* a ring */
    struct print_end prints[CLIENT_PRINTS_MAX];
    bool has_printer;
    struct printer_told printer;
    bool has_help_wish, has_help_news;
    struct help_wish help_wish;
    enum client_help_state help_news;
};

struct mailbox *mailbox_create(void (*wake)(void *context), void *wake_context)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL)
        return NULL;
    CHECK(pthread_mutex_init(&mailbox->lock, NULL) == 0);
    mailbox->wake = wake;
    mailbox->wake_context = wake_context;
    return mailbox;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (mailbox == NULL)
        return;
    site_info_destroy(mailbox->site);
    free(mailbox->board);
    CHECK(pthread_mutex_destroy(&mailbox->lock) == 0);
    free(mailbox);
}

static void lock(struct mailbox *mailbox)
{
    CHECK(pthread_mutex_lock(&mailbox->lock) == 0);
}

static void unlock(struct mailbox *mailbox)
{
    CHECK(pthread_mutex_unlock(&mailbox->lock) == 0);
}

/* The callback runs outside the lock: it may take locks of its own. */
static void unlock_and_wake(struct mailbox *mailbox)
{
    bool wake = !mailbox->wake_owed && mailbox->wake != NULL;
    mailbox->wake_owed = true;
    unlock(mailbox);
    if (wake)
        mailbox->wake(mailbox->wake_context);
}

static struct slot *find_key(struct mailbox *mailbox, const char *key)
{
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++) {
        struct slot *slot = &mailbox->slots[i];
        if (slot->state != SLOT_FREE && strcmp(slot->request.key, key) == 0)
            return slot;
    }
    return NULL;
}

/* Its answers are private: they stay no longer than they are needed. */
static void free_slot(struct slot *slot)
{
    slot->state = SLOT_FREE;
    explicit_bzero(&slot->request, sizeof slot->request);
}

static enum status ask(struct mailbox *mailbox, const struct issue_request *request)
{
    struct slot *same = find_key(mailbox, request->key);
    if (same != NULL)
        return STATUS_CONFLICT;
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++) {
        struct slot *slot = &mailbox->slots[i];
        if (slot->state != SLOT_FREE)
            continue;
        slot->state = SLOT_ASKED;
        slot->attempts = slot->attempts_told = 0;
        slot->request = *request;
        return STATUS_OK;
    }
    return STATUS_FULL;
}

enum status mailbox_ask(struct mailbox *mailbox, const struct issue_request *request)
{
    lock(mailbox);
    enum status status = ask(mailbox, request);
    unlock(mailbox);
    return status;
}

bool mailbox_cancel(struct mailbox *mailbox, const char *key)
{
    lock(mailbox);
    struct slot *slot = find_key(mailbox, key);
    bool under_way =
        slot != NULL && (slot->state == SLOT_UNDER_WAY || slot->state == SLOT_CANCELLED);
    if (under_way)
        slot->state = SLOT_CANCELLED;
    else if (slot != NULL)
        free_slot(slot);
    unlock(mailbox);
    return under_way;
}

static enum status put_visit(struct mailbox *mailbox, const struct visit_request *request)
{
    for (int i = 0; i < mailbox->visit_count; i++) {
        int at = (mailbox->visit_first + i) % CLIENT_VISITS_MAX;
        if (strcmp(mailbox->visits[at].key, request->key) == 0)
            return STATUS_CONFLICT;
    }
    if (mailbox->visit_count == CLIENT_VISITS_MAX)
        return STATUS_FULL;
    int at = (mailbox->visit_first + mailbox->visit_count++) % CLIENT_VISITS_MAX;
    mailbox->visits[at] = *request;
    return STATUS_OK;
}

enum status mailbox_put_visit(struct mailbox *mailbox, const struct visit_request *request)
{
    lock(mailbox);
    enum status status = put_visit(mailbox, request);
    unlock(mailbox);
    return status;
}

void mailbox_wish_help(struct mailbox *mailbox, bool wanted, const char *language)
{
    lock(mailbox);
    mailbox->help_wish.wanted = wanted;
    snprintf(mailbox->help_wish.language, sizeof mailbox->help_wish.language, "%s", language);
    mailbox->has_help_wish = true;
    mailbox->has_help_news = false; /* of an older wish */
    unlock(mailbox);
}

static bool take_issue(struct mailbox *mailbox, struct client_message *message)
{
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++) {
        struct slot *slot = &mailbox->slots[i];
        if (slot->state == SLOT_ANSWERED) {
            message->type = slot->refused ? CLIENT_REFUSED : CLIENT_TICKET;
            if (slot->refused)
                message->of.refused = slot->refusal;
            else
                message->of.ticket = slot->receipt;
            free_slot(slot);
            return true;
        }
        if (slot->state == SLOT_UNDER_WAY && slot->attempts > slot->attempts_told) {
            message->type = CLIENT_RETRYING;
            memcpy(message->of.retrying.key, slot->request.key, sizeof slot->request.key);
            message->of.retrying.attempts = slot->attempts;
            slot->attempts_told = slot->attempts;
            return true;
        }
    }
    return false;
}

static bool take_news(struct mailbox *mailbox, struct client_message *message)
{
    if (mailbox->has_pairing) { /* first: what comes after it is of a server that lets us in */
        message->type = CLIENT_PAIRING;
        message->of.pairing = mailbox->pairing;
        mailbox->has_pairing = false;
    } else if (mailbox->site != NULL) {
        message->type = CLIENT_SITE;
        message->site = mailbox->site;
        message->site_from_cache = mailbox->site_from_cache;
        mailbox->site = NULL;
    } else if (mailbox->board != NULL) {
        message->type = CLIENT_BOARD;
        message->board = mailbox->board;
        mailbox->board = NULL;
    } else if (mailbox->has_clock) {
        message->type = CLIENT_CLOCK;
        message->clock = mailbox->clock;
        mailbox->has_clock = false;
    } else if (mailbox->has_help_news) {
        message->type = CLIENT_HELP;
        message->of.help = mailbox->help_news;
        mailbox->has_help_news = false;
    } else if (mailbox->has_link) {
        message->type = mailbox->online ? CLIENT_ONLINE : CLIENT_OFFLINE;
        message->of.since_ms = mailbox->since_ms;
        mailbox->has_link = false;
    } else {
        return false;
    }
    return true;
}

bool mailbox_take(struct mailbox *mailbox, struct client_message *message)
{
    *message = (struct client_message){0};
    lock(mailbox);
    bool taken = take_issue(mailbox, message) || take_news(mailbox, message);
    if (!taken)
        mailbox->wake_owed = false;
    unlock(mailbox);
    return taken;
}

void mailbox_post_site(struct mailbox *mailbox, struct site_info *site, bool from_cache)
{
    lock(mailbox);
    struct site_info *old = mailbox->site;
    mailbox->site = site;
    mailbox->site_from_cache = from_cache;
    unlock_and_wake(mailbox);
    site_info_destroy(old);
}

void mailbox_post_board(struct mailbox *mailbox, struct board_view *board)
{
    lock(mailbox);
    struct board_view *old = mailbox->board;
    mailbox->board = board;
    mailbox->has_clock = false; /* the view tells a later time */
    unlock_and_wake(mailbox);
    free(old);
}

void mailbox_post_clock(struct mailbox *mailbox, const struct client_clock *clock)
{
    lock(mailbox);
    mailbox->clock = *clock;
    mailbox->has_clock = true;
    unlock_and_wake(mailbox);
}

void mailbox_post_link(struct mailbox *mailbox, bool online, int64_t since_ms)
{
    lock(mailbox);
    mailbox->online = online;
    mailbox->since_ms = since_ms;
    mailbox->has_link = true;
    unlock_and_wake(mailbox);
}

void mailbox_post_pairing(struct mailbox *mailbox, const struct client_pairing *pairing)
{
    lock(mailbox);
    mailbox->pairing = *pairing;
    mailbox->has_pairing = true;
    unlock_and_wake(mailbox);
}

bool mailbox_first_visit(struct mailbox *mailbox, struct visit_request *request)
{
    lock(mailbox);
    bool waits = mailbox->visit_count > 0;
    if (waits)
        *request = mailbox->visits[mailbox->visit_first];
    unlock(mailbox);
    return waits;
}

void mailbox_drop_visit(struct mailbox *mailbox)
{
    lock(mailbox);
    CHECK(mailbox->visit_count > 0);
    mailbox->visit_first = (mailbox->visit_first + 1) % CLIENT_VISITS_MAX;
    mailbox->visit_count--;
    unlock(mailbox);
}

enum status mailbox_put_print(struct mailbox *mailbox, const char *print, bool printed)
{
    lock(mailbox);
    bool has_room = mailbox->print_count < CLIENT_PRINTS_MAX;
    if (has_room) {
        int at = (mailbox->print_first + mailbox->print_count++) % CLIENT_PRINTS_MAX;
        mailbox->prints[at].printed = printed;
        snprintf(mailbox->prints[at].print, sizeof mailbox->prints[at].print, "%s", print);
    }
    unlock(mailbox);
    return has_room ? STATUS_OK : STATUS_FULL;
}

bool mailbox_first_print(struct mailbox *mailbox, struct print_end *end)
{
    lock(mailbox);
    bool waits = mailbox->print_count > 0;
    if (waits)
        *end = mailbox->prints[mailbox->print_first];
    unlock(mailbox);
    return waits;
}

void mailbox_drop_print(struct mailbox *mailbox)
{
    lock(mailbox);
    CHECK(mailbox->print_count > 0);
    mailbox->print_first = (mailbox->print_first + 1) % CLIENT_PRINTS_MAX;
    mailbox->print_count--;
    unlock(mailbox);
}

void mailbox_tell_printer(struct mailbox *mailbox, const char *state, const char *reason)
{
    lock(mailbox);
    snprintf(mailbox->printer.state, sizeof mailbox->printer.state, "%s", state);
    snprintf(mailbox->printer.reason, sizeof mailbox->printer.reason, "%s", reason);
    mailbox->has_printer = true;
    unlock(mailbox);
}

bool mailbox_take_printer(struct mailbox *mailbox, struct printer_told *told)
{
    lock(mailbox);
    bool is_new = mailbox->has_printer;
    if (is_new)
        *told = mailbox->printer;
    mailbox->has_printer = false;
    unlock(mailbox);
    return is_new;
}

bool mailbox_take_help(struct mailbox *mailbox, struct help_wish *wish)
{
    lock(mailbox);
    bool is_new = mailbox->has_help_wish;
    if (is_new)
        *wish = mailbox->help_wish;
    mailbox->has_help_wish = false;
    unlock(mailbox);
    return is_new;
}

void mailbox_post_help(struct mailbox *mailbox, enum client_help_state state)
{
    lock(mailbox);
    if (!mailbox->has_help_wish) {
        mailbox->has_help_news = true;
        mailbox->help_news = state;
    }
    unlock_and_wake(mailbox);
}

bool mailbox_start_issue(struct mailbox *mailbox, int index, struct issue_request *request)
{
    lock(mailbox);
    struct slot *slot = &mailbox->slots[index];
    bool asked = slot->state == SLOT_ASKED;
    if (asked) {
        *request = slot->request;
        slot->state = SLOT_UNDER_WAY;
    }
    unlock(mailbox);
    return asked;
}

bool mailbox_end_cancelled(struct mailbox *mailbox, int index)
{
    lock(mailbox);
    struct slot *slot = &mailbox->slots[index];
    bool cancelled = slot->state == SLOT_CANCELLED;
    if (cancelled)
        free_slot(slot);
    unlock(mailbox);
    return cancelled;
}

/* A cancelled slot stays cancelled: its answer is dropped, and mailbox_end_cancelled() frees it. */
void mailbox_post_ticket(struct mailbox *mailbox, int index, const struct ticket_receipt *receipt)
{
    lock(mailbox);
    struct slot *slot = &mailbox->slots[index];
    if (slot->state == SLOT_UNDER_WAY) {
        slot->receipt = *receipt;
        slot->refused = false;
        slot->state = SLOT_ANSWERED;
    }
    unlock_and_wake(mailbox);
}

void mailbox_post_refusal(struct mailbox *mailbox, int index, const struct issue_refusal *refusal)
{
    lock(mailbox);
    struct slot *slot = &mailbox->slots[index];
    if (slot->state == SLOT_UNDER_WAY) {
        slot->refusal = *refusal;
        slot->refused = true;
        slot->state = SLOT_ANSWERED;
    }
    unlock_and_wake(mailbox);
}

void mailbox_post_retrying(struct mailbox *mailbox, int index, int attempts)
{
    lock(mailbox);
    mailbox->slots[index].attempts = attempts;
    unlock_and_wake(mailbox);
}
