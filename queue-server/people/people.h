/* Who may do what: members of staff and their passwords, their sessions, paired devices, and the trail of who did
 * what, when. All of it lies in one SQLite file (people.db, mode 0600) beside the journal, with a connection of its
 * own.
 *
 * Threads. What this header calls quick may be called from any thread, touches memory alone (microseconds, one
 * mutex) and is written to the disk behind the caller's back, at once unless the disk is slow or full; a power cut
 * within that moment loses a sign-in, a renewal or a sign-out, never more. Everything else is a request
 * (people_submit): one worker takes them in turn, since a password costs 64 MiB of memory and some 100 ms, and
 * answers when the change is on disk. It alone uses the connection. No more than PEOPLE_QUEUE wait of each kind,
 * sign-ins and the rest: more are refused.
 *
 * Time is config.now_ms, called from any of these threads: UTC in ms, which should go on over restarts and never run
 * backwards; not a demo's sped-up time. All `_ms` instants are of it.
 *
 * Secrets (passwords, tokens, codes) are kept as Argon2id or BLAKE2b hashes only, and never logged. Where this
 * follows a clause it says so: OWASP ASVS 4.0.3 ("ASVS 2.1.2"), NIST SP 800-63B (2017). */
#ifndef QUARTER_PEOPLE_PEOPLE_H
#define QUARTER_PEOPLE_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "people/result.h"
#include "people/roles.h"
#include "quarter/limits.h"
#include "quarter/status.h"

enum {
    PEOPLE_NAME_BYTES = 256, /* 64 letters of at most 4 bytes, of a name */
    PEOPLE_PASSWORD_BYTES = 512,
    PEOPLE_LANGUAGE_MAX = 16,
    PEOPLE_ADDRESS_MAX = 48,  /* "2001:db8:1::/48" */
    PEOPLE_TOKEN_LEN = 43,    /* 32 bytes in base64url (RFC 4648 section 5), unpadded */
    PEOPLE_CODE_LEN = 11,     /* "ABCDE-23456": the set-up code, in letters of RFC 4648 section 6 */
    PEOPLE_ONE_TIME_LEN = 14, /* "abcd-efgh-jkmn" */
    PEOPLE_SAS_LEN = 6,       /* what a device's screen shows while it pairs: likewise */
    PEOPLE_NONCE_BYTES = 32,
    PEOPLE_PIN_BYTES = 32,

    PEOPLE_MAX = 1000,
    PEOPLE_DEVICES_MAX = 256,
    PEOPLE_SESSIONS_MAX = 1024, /* the one unused longest ends for the next */
    PEOPLE_SESSIONS_EACH = 16,  /* of a person, likewise */
    PEOPLE_PAIRINGS_MAX = 8,
    PEOPLE_QUEUE = 32,
    PEOPLE_AUDIT_MAX = 500, /* rows of one answer */
    PEOPLE_AUDIT_DAYS = 400,
};

struct people;

struct people_config {
    const char *path; /* of people.db, made when missing */
    const char *vfs;  /* NULL: SQLite's default; tests name one that forgets what was not synced */
    int64_t (*now_ms)(void *clock);
    void *clock;
    /* 0: 30. A session ends after so long without use (NIST SP 800-63B 4.2.3, ASVS 3.3.2). */
    int idle_min;
    /* 0: 600. And so long after sign-in, in use or not. */
    int absolute_min;
    /* SHA-256 of the SPKI of the server's key (RFC 7469 2.4); zeros without TLS. */
    unsigned char pin[PEOPLE_PIN_BYTES];
    /* Argon2id; 0: 3 passes over 64 MiB, which a box of 1 GiB can spare once (ASVS 2.4.1). Tests take less. */
    unsigned long long hash_passes;
    size_t hash_bytes;
    bool without_worker; /* for tests: requests wait until people_work() */
};

/* error (may be NULL) gets a sentence a person can act on. CORRUPT: damaged, newer than this program, or another
 * program's. DENIED, FULL, IO, BUSY as the disk says. */
enum status people_open(const struct people_config *config, struct people **people, char *error,
                        size_t error_size);
/* Answers what waits with TOO_BUSY, writes what is behind, ends the worker. Requests that come later are refused as
 * TOO_BUSY; what is quick goes on, but is not written any more. */
void people_stop(struct people *people);
/* Stops first, if need be. Other threads must have ended what they ask. NULL is fine. */
void people_close(struct people *people);

/* With without_worker: does all that waits, requests and writes, on this thread. False: something could not be stored,
 * and is kept for the next time. */
bool people_work(struct people *people);

/* ---- Set-up: the first administrator ---- */

/* Nobody can administer yet: the page asks for the set-up code. Quick. */
bool people_needs_set_up(struct people *people);
/* The code to print, once, right after people_open(); false: there is none to print. It is made at each start as
 * long as nobody can administer, is good for one use and one hour, and is kept as a hash only, in memory.
 * PEOPLE_SET_UP takes it in any case of letters, with or without its hyphen. */
bool people_take_set_up_code(struct people *people, char code[PEOPLE_CODE_LEN + 1]);

/* ---- Persons ---- */

struct person {
    char id[QUARTER_ULID_LEN + 1];
    char name[PEOPLE_NAME_BYTES + 1]; /* to sign in with: lower case, NFC (RFC 8265 section 3.3) */
    char display[PEOPLE_NAME_BYTES + 1]; /* to be shown */
    unsigned roles;                      /* bits of enum role */
    char language[PEOPLE_LANGUAGE_MAX + 1];
    int64_t created_ms, disabled_ms; /* disabled_ms 0: not disabled */
    bool must_change;                /* has a one-time password, or none of the person's own yet */
};

/* All of them by name, the disabled too. free(). Quick. */
size_t people_list_persons(struct people *people, struct person **list);
/* UNKNOWN_PERSON. Quick. */
enum people_result people_find_person(struct people *people, const char *id, struct person *person);

/* ---- Sessions: all of it quick ---- */

struct people_session {
    char id[QUARTER_ULID_LEN + 1]; /* names it in lists; it is no secret */
    struct person
        person; /* as it is now; roles are 0 while must_change, so that nothing but a change is allowed */
    char csrf[PEOPLE_TOKEN_LEN +
              1]; /* what X-Quarter-CSRF has to say; the same as long as the session lives */
    char address[PEOPLE_ADDRESS_MAX]; /* prefix it was signed in from */
    int64_t created_ms, seen_ms;
    int64_t idle_ms, until_ms; /* it ends at the earlier of the two; idle_ms moves with use */
};

/* Whose session is it? is_use: the person did something, so that the idle time starts anew; false for streams and
 * for pages that ask by themselves. NO_SESSION: forged, stale, ended, or of a person who is disabled. About 1 us. */
enum people_result people_check_session(struct people *people, const char *token, bool is_use,
                                        struct people_session *session);
/* The same by its id, which is no secret: for what outlasts a token, as a stream does. Never counts as use. */
enum people_result people_find_session(struct people *people, const char *id,
                                       struct people_session *session);
/* In constant time; header NULL: false. */
bool people_csrf_matches(const struct people_session *session, const char *header);
/* A new token for a session (ASVS 3.2.1): counts as use. The old one goes on until 60 s after the new one was first
 * seen, so that neither parallel tabs nor a lost answer sign anybody out; asked again with the old one, the answer
 * is the same new one. until_ms does not move: at the absolute end the password is needed. */
enum people_result people_renew_session(struct people *people, const char *token,
                                        char fresh[PEOPLE_TOKEN_LEN + 1],
                                        struct people_session *session);
/* A person's own, newest first (ASVS 3.3.4): at most PEOPLE_SESSIONS_EACH; csrf is left empty. */
size_t people_list_sessions(struct people *people, const char *person,
                            struct people_session list[PEOPLE_SESSIONS_EACH]);
/* UNKNOWN_SESSION: this person has no such session (any more). */
enum people_result people_end_session(struct people *people, const char *person,
                                      const char *session);

/* ---- Devices ---- */

#define DEVICE_KIND_LIST(X)                                                                        \
    X(KIOSK, "kiosk")                                                                              \
    X(DISPLAY, "display")                                                                          \
    X(PRINTER, "printer")                                                                          \
    X(MACHINE, "machine") /* a program elsewhere, which reads; it is not paired but added */

enum device_kind {
#define X(name, code) DEVICE_##name,
    DEVICE_KIND_LIST(X)
#undef X
};

const char *device_kind_code(enum device_kind kind);
bool device_kind_find(const char *code, enum device_kind *kind);

struct device {
    char code[QUARTER_CODE_MAX + 1];
    enum device_kind kind;
    int64_t paired_ms, seen_ms, revoked_ms; /* 0: never */
};

/* By code, the revoked too. free(). Quick. */
size_t people_list_devices(struct people *people, struct device **list);
/* Whose token is it? UNKNOWN_DEVICE: nobody's, or revoked. Quick, about 1 us. */
enum people_result people_check_device(struct people *people, const char *token,
                                       struct device *device);

/* By code, for what outlasts a request: is it paired, and as this one since then? Then it is seen. Quick. */
bool people_device_lives(struct people *people, const struct device *device);

/* Pairing, by a short authentication string as in ZRTP (RFC 6189 sections 4.4.1 and 4.5): the device sends
 * BLAKE2b-256(nonce_d), gets nonce_s, and only then reveals nonce_d; its screen shows sas.h's letters of both nonces
 * and of the pin of the key that it saw, and an admin types them where the server compares them with its own. Who
 * sits in between had to fix his nonces before he knew the other's: he is right once in 2^30. */
enum pairing_state { PAIRING_ASKED, PAIRING_REVEALED, PAIRING_APPROVED };

struct pairing {
    char id[PEOPLE_TOKEN_LEN +
            1]; /* known to the device alone, which asks with it; a list leaves it empty */
    int number; /* names it for admins */
    char code[QUARTER_CODE_MAX +
              1]; /* what the device says it is called; an admin may call it otherwise */
    enum device_kind kind;
    enum pairing_state state;
    char address[PEOPLE_ADDRESS_MAX];
    int64_t asked_ms,
        until_ms; /* 1 min to reveal, 10 min to be approved, 10 min to fetch the token */
};

/* What a device asks with. */
struct pairing_ask {
    enum device_kind kind;
    const char *code;    /* its own */
    const char *address; /* the peer's, "192.0.2.7"; NULL: not known */
    unsigned char commitment[PEOPLE_NONCE_BYTES];
};

/* BAD_CODE, TOO_MANY_PAIRINGS: an address may hold all places until others ask. Quick. */
enum people_result people_ask_pairing(struct people *people, const struct pairing_ask *ask,
                                      struct pairing *pairing,
                                      unsigned char nonce_s[PEOPLE_NONCE_BYTES]);
/* PAIRING_OVER; WRONG_REVEAL: it is not what was committed to, and the pairing is over. Quick. */
enum people_result people_reveal_pairing(struct people *people, const char *id,
                                         const unsigned char nonce_d[PEOPLE_NONCE_BYTES]);
/* What the device asks until it is approved: PAIRING_WAITS, PAIRING_OVER, or OK with its token and code, again and
 * again until until_ms, since an answer may be lost, unless somebody else needs the place. Quick. */
enum people_result people_fetch_pairing(struct people *people, const char *id,
                                        char token[PEOPLE_TOKEN_LEN + 1], struct device *device);
/* Revealed and not approved yet, for admins: the oldest first. Quick. */
size_t people_list_pairings(struct people *people, struct pairing list[PEOPLE_PAIRINGS_MAX]);

/* ---- Audit trail ---- */

/* Codes only, no words of people: actor "person:ULID", "device:CODE", "local", "console" or "" (nobody signed in). */
struct audit_entry {
    char actor[QUARTER_ACTOR_MAX + 1];
    char role[ROLE_TEXT_MAX];           /* roles_write() of what the actor was then */
    char action[QUARTER_CODE_MAX + 1];  /* "sign_in", "change_person", "call" */
    char object[QUARTER_ACTOR_MAX + 1]; /* "person:ULID", "counter:3", "ticket:ULID" */
    char address[PEOPLE_ADDRESS_MAX];   /* people_audit() keeps its /24 or /48 only */
    char result[QUARTER_CODE_MAX + 1];  /* "ok" or a problem's code */
    int64_t seq, at_ms;                 /* set by people_audit() */
};

/* Quick. Requests below leave their own entries, wrong passwords too (ASVS 7.2.1), but not tries that were made to
 * wait. When the disk takes nothing for long the oldest unwritten are kept and later ones counted: an entry
 * "audit_lost" tells how many. */
void people_audit(struct people *people, const struct audit_entry *entry);

/* ---- Requests ---- */

/* What each takes of the request, and what it gives back beside the result. */
enum people_verb {
    /* name, password -> person, token, session */
    PEOPLE_SIGN_IN,
    /* code, name, display (may be ""), password, language, roles beside admin -> person, token, session */
    PEOPLE_SET_UP,
    /* person, session, password (the one so far), new_password -> person. Ends the person's other sessions; the one
     * it came from should be renewed (ASVS 3.2.1) */
    PEOPLE_CHANGE_PASSWORD,
    /* name, display (may be ""), roles, language -> person, one_time */
    PEOPLE_ADD_PERSON,
    /* person, and of display, roles, language what is to change -> person */
    PEOPLE_CHANGE_PERSON,
    /* person -> person, one_time. Ends all sessions */
    PEOPLE_RESET_PASSWORD,
    /* person -> person. Ends all sessions */
    PEOPLE_DISABLE_PERSON,
    /* person -> person, one_time */
    PEOPLE_ENABLE_PERSON,
    /* pairing, sas, code -> device. The device of that code so far, if any, is let go. DEVICE_TAKEN: it is a machine */
    PEOPLE_APPROVE_PAIRING,
    /* code -> device */
    PEOPLE_REVOKE_DEVICE,
    /* code -> device, token, to be shown once. DEVICE_TAKEN: something else of that name is let in */
    PEOPLE_ADD_MACHINE,
    /* before, limit -> audit */
    PEOPLE_LIST_AUDIT,
};

/* Strings are borrowed during people_submit() only. What a verb does not name is ignored. */
struct people_request {
    enum people_verb verb;
    const char *actor; /* for the trail; NULL: "" */
    unsigned actor_roles;
    const char *address; /* the peer's, "192.0.2.7" or "2001:db8::1"; NULL is never made to wait */
    const char *name, *display, *language;
    const char *password, *new_password;
    const char *person, *session; /* ULIDs; NULL session: none is spared */
    const char *code;             /* set-up code, or a device's code */
    int pairing;                  /* its number */
    const char *sas; /* off the screen, in any case of letters; the third wrong one ends it */
    unsigned roles;  /* CHANGE_PERSON: 0 leaves them */
    /* LIST_AUDIT: newest first, seq < before (0: from the newest), at most limit (0: PEOPLE_AUDIT_MAX). */
    int64_t before;
    int limit;
};

struct people_answer {
    enum people_result result;
    int64_t retry_ms; /* WAIT, TOO_BUSY: not before (Retry-After) */
    struct person person;
    /* To be shown once; good for 72 h, and for a change of password only (ASVS 2.3.1). */
    char one_time[PEOPLE_ONE_TIME_LEN + 1];
    char token[PEOPLE_TOKEN_LEN + 1]; /* SIGN_IN, SET_UP: for the cookie; ADD_MACHINE */
    struct people_session session;    /* SIGN_IN, SET_UP */
    struct device device;
    const struct audit_entry *audit; /* newest first; until done() returns */
    size_t audit_count;
};

/* Called once, on the worker's thread, with no lock held; must not wait. answer is gone when it returns. It may
 * submit. */
typedef void people_done(void *context, const struct people_answer *answer);

/* OK: done() will be called. TOO_BUSY or WAIT: refused at once, *retry_ms (may be NULL) says how long, and done() is
 * not called.
 *
 * Sign-in, and CHANGE_PASSWORD's password so far. A name: the fifth wrong password in a row makes the next try wait
 * 1 s, the sixth 2 s, then 4 ... 60 s, never longer, and never for ever, since anybody may type a colleague's name
 * (some 65 tries in the first hour: ASVS 2.2.1 allows 100; NIST SP 800-63B 5.2.2 would end at 100 in all). A try
 * that waits is not looked at. Wrong tries from an address that the name signed in from, since the start, are
 * counted by themselves: a stranger keeps nobody out there. An address (IPv6: its /64) has 30 wrong tries and gets one back each 2 s; right ones
 * cost nothing, so that a whole office behind one address signs in at nine. Names nobody has cost the same time, the
 * same waits and the same words. */
enum people_result people_submit(struct people *people, const struct people_request *request,
                                 people_done *done, void *context, int64_t *retry_ms);

/* ---- The operator's console ---- */

/* `queue-server reset-password NAME --people FILE`: who can read the file may do it, the server running or not. A
 * one-time password for the person of that sign-in name, who is enabled and made admin when nobody else is one any
 * more; ends the person's sessions (in a running server within 5 s). NOT_FOUND: nobody signs in with that name.
 * error as of people_open(). */
enum status people_reset_from_console(const struct people_config *config, const char *name,
                                      char one_time[PEOPLE_ONE_TIME_LEN + 1], char *error,
                                      size_t error_size);

#endif
