/* What the parts of people share; nobody else includes it. */
#ifndef QUARTER_PEOPLE_PARTS_H
#define QUARTER_PEOPLE_PARTS_H

#include <pthread.h>

#include "people/lockout.h"
#include "people/pairings.h"
#include "people/people.h"
#include "people/records.h"
#include "people/set_up.h"
#include "people/trail.h"

enum { ONE_TIME_MS = 72 * 3600 * 1000, RETRY_MS = 1000 };

/* A request with its own strings, waiting. */
struct job {
    struct job *next;
    struct people_request request;
    char actor[QUARTER_ACTOR_MAX + 1];
    struct address address;
    bool has_address;
    char prefix[PEOPLE_ADDRESS_MAX];
    people_done *done;
    void *context;
};

struct job_queue {
    struct job *first, **last;
    int count;
};

/* Whoever is signed in goes before whoever wants to be: no flood of sign-ins keeps an administrator out. */
enum queue { QUEUE_STAFF, QUEUE_SIGN_IN, QUEUES };

/* What is being written behind, copied out of the tables so that no lookup waits for the disk. */
enum { BATCH_SESSIONS = 64, BATCH_ENTRIES = 128 };
struct batch {
    struct session sessions[BATCH_SESSIONS];
    char persons[BATCH_SESSIONS][QUARTER_ULID_LEN + 1];
    struct device_record devices[PEOPLE_DEVICES_MAX];
    struct audit_entry entries[BATCH_ENTRIES];
    size_t session_count, device_count, entry_count;
};

struct people {
    int64_t (*now_ms)(void *clock);
    void *clock;
    struct password_cost cost;
    unsigned char pin[PEOPLE_PIN_BYTES];
    char nobodys_hash[PASSWORD_HASH_BYTES]; /* what a name that nobody has is checked against */

    pthread_mutex_t lock; /* of all down to the next line */
    pthread_cond_t wake;
    struct job_queue queues[QUEUES];
    /* Of persons and devices the worker is the only one to write, so it may read them without the lock, but for when
     * a device was seen. */
    struct person_record *persons; /* PEOPLE_MAX places */
    struct device_record devices[PEOPLE_DEVICES_MAX];
    int person_count, device_count;
    struct lockout *lockout;
    struct sessions sessions;
    struct set_up set_up;
    struct trail trail;
    struct pairings pairings;
    char set_up_code[PEOPLE_CODE_LEN + 1]; /* until it was taken */
    bool is_stopping, devices_dirty;

    /* The worker's own. */
    bool has_worker;
    bool is_failing; /* the last writing behind failed */
    pthread_t worker;
    struct records *records;
    int64_t version;   /* of the file */
    int64_t tidied_ms; /* monotonic */
    int64_t trimmed_ms;
    struct batch batch;
};

/* people.c */
int64_t people_now(const struct people *people);
int people_find_id(const struct people *people, const char *id);     /* -1 */
int people_find_name(const struct people *people, const char *name); /* -1 */
/* Enabled, with a password of their own; but for that place (-1: none is left out). */
int people_count_admins(const struct people *people, int but);
bool people_lacks_admin(const struct people *people); /* nobody enabled is one */
enum status people_reload(struct people *people);     /* persons, as they are in the file */
void people_note(struct people *people, const struct audit_entry *entry);

/* people_sessions.c; under the lock */
bool people_session_lives(const struct people *people, const struct session *session);
void people_show_session(const struct people *people, const struct session *session,
                         struct people_session *shown);
/* A session for the person of that place, if the epoch is still the person's. */
enum people_result people_begin_session(struct people *people, int place, int64_t epoch,
                                        const char *prefix, int64_t now_ms,
                                        struct people_answer *answer);

/* worker.c */
enum status worker_start(struct people *people);
void worker_stop(struct people *people);
void worker_wake(struct people *people); /* under the lock or not */
bool worker_write_behind(struct people *people);

/* jobs.c; on the worker */
void job_run(struct people *people, struct job *job);
void job_free(struct job *job);

/* sign_in.c: checks a password as people_submit() describes, counts and notes it. place: only on OK. */
enum people_result sign_in_check(struct people *people, const struct job *job,
                                 const char *typed_name, const char *password, int *place,
                                 int64_t *retry_ms);
enum people_result sign_in_run(struct people *people, const struct job *job,
                               struct people_answer *answer);

/* What a request that changes something came to; written in one transaction with its entry in the trail. */
struct change {
    bool has_person, has_device;
    int place;
    struct person_record person;
    struct device_record device;
    char token[PEOPLE_TOKEN_LEN + 1]; /* of the device */
    char object[QUARTER_ACTOR_MAX + 1];
};
typedef enum people_result decide_change(struct people *people, const struct job *job,
                                         struct change *change, struct people_answer *answer);
/* changes_persons.c, changes_devices.c */
decide_change decide_set_up, decide_change_password, decide_add_person, decide_change_person,
    decide_reset_password, decide_disable_person, decide_enable_person, decide_approve_pairing,
    decide_revoke_device, decide_add_machine;

/* What a hash costs here: the config's, or ours where that is 0. */
struct password_cost people_cost(const struct people_config *config);

/* A one-time password for the record; false: no memory to hash it. Ends its sessions. */
bool people_set_one_time(const struct password_cost *cost, struct person_record *record,
                         int64_t now_ms, char one_time[PEOPLE_ONE_TIME_LEN + 1]);

#endif
