/* The network thread: one curl multi handle with the board's stream, the site and the issue
 * requests in it. */
#ifndef QUARTER_CLIENT_NETWORK_H
#define QUARTER_CLIENT_NETWORK_H

#include "client/client.h"
#include "mailbox.h"

struct network;

/* Starts the thread. `mailbox` is borrowed and must outlive it; strings are copied. */
enum status network_start(const struct client_options *options, struct mailbox *mailbox,
                          struct network **out);
/* Stops and joins the thread, whatever is in flight. */
void network_stop(struct network *network);
/* There is something new in the mailbox. Any thread. */
void network_wakeup(struct network *network);

#endif
