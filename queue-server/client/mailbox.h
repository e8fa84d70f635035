/* What the main thread and the network thread hand each other, under one lock: news with one place
 * a kind, where the latest wins, and the issue requests with their answers, one slot each. Bounded
 * by its shape. */
#ifndef QUARTER_CLIENT_MAILBOX_H
#define QUARTER_CLIENT_MAILBOX_H

#include "client/client.h"

struct mailbox;

struct mailbox *mailbox_create(void (*wake)(void *context), void *wake_context);
void mailbox_destroy(struct mailbox *mailbox);

/* For the main thread. */
enum status mailbox_ask(struct mailbox *mailbox, const struct issue_request *request);
bool mailbox_cancel(struct mailbox *mailbox, const char *key); /* true: an attempt is under way */
enum status mailbox_put_visit(struct mailbox *mailbox, const struct visit_request *request);
void mailbox_wish_help(struct mailbox *mailbox, bool wanted, const char *language);
enum status mailbox_put_print(struct mailbox *mailbox, const char *print, bool printed);
void mailbox_tell_printer(struct mailbox *mailbox, const char *state, const char *reason);
bool mailbox_take(struct mailbox *mailbox, struct client_message *message);

/* For the network thread. What is posted belongs to the mailbox from then on. */
void mailbox_post_site(struct mailbox *mailbox, struct site_info *site, bool from_cache);
void mailbox_post_board(struct mailbox *mailbox, struct board_view *board);
void mailbox_post_clock(struct mailbox *mailbox, const struct client_clock *clock);
void mailbox_post_link(struct mailbox *mailbox, bool online, int64_t since_ms);
void mailbox_post_pairing(struct mailbox *mailbox, const struct client_pairing *pairing);

/* The oldest visit, which stays until it is dropped; false: none waits. */
bool mailbox_first_visit(struct mailbox *mailbox, struct visit_request *request);
void mailbox_drop_visit(struct mailbox *mailbox);

struct print_end {
    char print[QUARTER_ULID_LEN + 1];
    bool printed;
};
/* The oldest print that has ended, which stays until it is dropped; false: none waits. */
bool mailbox_first_print(struct mailbox *mailbox, struct print_end *end);
void mailbox_drop_print(struct mailbox *mailbox);

struct printer_told {
    char state[QUARTER_CODE_MAX + 1], reason[QUARTER_CODE_MAX + 1];
};
/* What was told last, once; false: nothing new. */
bool mailbox_take_printer(struct mailbox *mailbox, struct printer_told *told);

struct help_wish {
    bool wanted;
    char language[QUARTER_CODE_MAX + 1]; /* "": not told */
};
/* The last wish, once; false: none is new. */
bool mailbox_take_help(struct mailbox *mailbox, struct help_wish *wish);
/* What became of the wish taken last; forgotten when there is a newer one. */
void mailbox_post_help(struct mailbox *mailbox, enum client_help_state state);

/* Slots 0 .. CLIENT_ISSUES_MAX - 1. */
bool mailbox_start_issue(struct mailbox *mailbox, int slot, struct issue_request *request);
bool mailbox_end_cancelled(struct mailbox *mailbox, int slot); /* true: stop it; the slot is free */
void mailbox_post_ticket(struct mailbox *mailbox, int slot, const struct ticket_receipt *receipt);
void mailbox_post_refusal(struct mailbox *mailbox, int slot, const struct issue_refusal *refusal);
void mailbox_post_retrying(struct mailbox *mailbox, int slot, int attempts);

#endif
