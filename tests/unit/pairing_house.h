/* A server that pairs devices, and one device, for tests of the client: real sockets, and TLS when it is asked for. The
 * server keeps to the protocol of people/people.h and works its letters out by itself. */
#ifndef QUARTER_TESTS_PAIRING_HOUSE_H
#define QUARTER_TESTS_PAIRING_HOUSE_H

#include <pthread.h>

#include "client/client.h"
#include "client/credentials.h"
#include "fake_server.h"
#include "people/sas.h"
#include "tls_front.h"

enum { HOUSE_TOKEN_LEN = 43 };

/* What a step of the protocol answers instead of the right thing, the next time it is asked. */
enum fault {
    FAULT_NONE,
    FAULT_CLOSE,
    FAULT_503,
    FAULT_429,
    FAULT_GARBAGE,
    FAULT_OVER,
    FAULT_COUNT
};
enum part { PART_ASK, PART_REVEAL, PART_FETCH, PART_COUNT };

struct house {
    pthread_mutex_t lock;
    bool sign_in;                     /* else it lets everybody do everything, and pairs nobody */
    unsigned char pin[SAS_PIN_BYTES]; /* of its key; zeros without TLS */
    unsigned char commitment[SAS_NONCE_BYTES], nonce_s[SAS_NONCE_BYTES];
    char letters[SAS_LEN + 1];           /* "": nothing is revealed */
    char kind[40], code[40], grants[40]; /* grants: the code it lets the device in as */
    char token[HOUSE_TOKEN_LEN + 1];     /* of the device; "": none */
    bool approved;
    enum fault fault;
    enum part fault_at;
    int asked, fetched, served, denied;
    int with_token; /* requests that brought any, of whatever kind */
    int with_token_elsewhere;
    char ticket_key[160];
    struct fake_server *server, *elsewhere; /* elsewhere: NULL, or at a second address */
    struct tls_front *front;
    struct client *client;
    int woken;
    char keep_dir[40];
};

/* cmocka's set-up and tear-down: *state is a house with sign-in on and no device yet. */
int house_set_up(void **state);
int house_tear_down(void **state);

/* Its members may be read and changed while it is locked. */
void house_lock(struct house *house);
void house_unlock(struct house *house);
int house_count(struct house *house, const int *counter); /* of its counters */
/* From now on it has TLS, too; pin is its first key's. The URL. */
const char *house_start_tls(struct house *house);
/* It has a second address, without TLS, at which nobody has asked anything yet. The URL. */
const char *house_start_elsewhere(struct house *house);
/* The next answer of that part is wrong. */
void house_fail(struct house *house, enum part part, enum fault fault);

/* The administrator: false: they are not the letters that the server knows. */
bool house_type_letters(struct house *house, const char *letters);
void house_let_go(struct house *house); /* the device, from now on unknown */

/* The device. server_key may be NULL. */
void house_start_client(struct house *house, const char *url, const char *server_key);
void house_stop_client(struct house *house);
/* Takes messages until one is of the type; the others are dropped. Fails the test when none comes. */
struct client_message house_wait_for(struct house *house, enum client_message_type type);
struct client_pairing house_wait_for_state(struct house *house, enum client_pairing_state state);
void house_wait_for_board(struct house *house);
/* The whole of it, from letters to a board. */
void house_get_let_in(struct house *house);
/* What it keeps: where, and what is there. */
void house_kept_path(const struct house *house, char path[160]);
struct credentials house_kept(const struct house *house);

#endif
