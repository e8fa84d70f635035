/* Opening, and who there is. Requests are in jobs.c, the thread that does them in worker.c. */
#include "people/people.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people/people_parts.h"
#include "quarter/check.h"

enum { IDLE_MIN = 30, ABSOLUTE_MIN = 600, HASH_PASSES = 3, HASH_BYTES = 64 << 20 };

int64_t people_now(const struct people *people)
{
    return people->now_ms(people->clock);
}

/* ---- opening ---- */

static void restore_person(void *context, int place, const struct person_record *person)
{
    struct people *people = context;
    people->persons[place] = *person;
    if (place >= people->person_count)
        people->person_count = place + 1;
}

static void restore_session(void *context, const char *person, const struct session *stored)
{
    struct people *people = context;
    struct session session = *stored;
    session.person = people_find_id(people, person);
    if (session.person < 0)
        return;
    token_derive(records_key(people->records), "csrf", session.id, session.csrf);
    sessions_restore(&people->sessions, &session);
}

static void restore_device(void *context, const struct device_record *device)
{
    struct people *people = context;
    if (people->device_count < PEOPLE_DEVICES_MAX)
        people->devices[people->device_count++] = *device;
}

enum status people_reload(struct people *people)
{
    const struct records_reader reader = {.person = restore_person, .context = people};
    pthread_mutex_lock(&people->lock);
    enum status status = records_load(people->records, &reader);
    pthread_mutex_unlock(&people->lock);
    return status;
}

struct password_cost people_cost(const struct people_config *config)
{
    return (struct password_cost){config->hash_passes ? config->hash_passes : HASH_PASSES,
                                  config->hash_bytes ? config->hash_bytes : HASH_BYTES};
}

static struct people *create(const struct people_config *config)
{
    struct people *people = calloc(1, sizeof *people);
    CHECK(people);
    people->persons = calloc(PEOPLE_MAX, sizeof *people->persons);
    CHECK(people->persons);
    people->now_ms = config->now_ms;
    people->clock = config->clock;
    memcpy(people->pin, config->pin, sizeof people->pin);
    people->cost = people_cost(config);
    people->sessions.idle_ms = (config->idle_min ? config->idle_min : IDLE_MIN) * INT64_C(60000);
    people->sessions.absolute_ms =
        (config->absolute_min ? config->absolute_min : ABSOLUTE_MIN) * INT64_C(60000);
    for (int i = 0; i < QUEUES; i++)
        people->queues[i].last = &people->queues[i].first;
    people->lockout = lockout_create();
    CHECK(pthread_mutex_init(&people->lock, NULL) == 0);
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0 &&
          pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
          pthread_cond_init(&people->wake, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
    return people;
}

static void destroy(struct people *people)
{
    records_close(people->records);
    lockout_destroy(people->lockout);
    pthread_cond_destroy(&people->wake);
    pthread_mutex_destroy(&people->lock);
    sodium_memzero(people->persons, PEOPLE_MAX * sizeof *people->persons);
    free(people->persons);
    sodium_memzero(people, sizeof *people);
    free(people);
}

static enum status load_all(struct people *people, struct store_error *error)
{
    const struct records_reader reader = {restore_person, restore_session, restore_device, people};
    enum status status = records_read_version(people->records, &people->version);
    if (status == STATUS_OK)
        status = records_load(people->records, &reader);
    if (status != STATUS_OK)
        return store_fail(error, status, "%s", records_error(people->records));
    char chance[PEOPLE_TOKEN_LEN + 1];
    token_make(chance);
    if (!password_hash(&people->cost, chance, people->nobodys_hash))
        return store_fail(error, STATUS_UNAVAILABLE,
                          "there is no memory to check a password with (%zu MiB)",
                          people->cost.bytes >> 20);
    return STATUS_OK;
}

enum status people_open(const struct people_config *config, struct people **people, char *error,
                        size_t error_size)
{
    CHECK(sodium_init() >= 0);
    struct store_error why = {""};
    struct people *opened = create(config);
    enum status status = records_open(config->path, config->vfs, &opened->records, &why);
    if (status == STATUS_OK)
        status = load_all(opened, &why);
    if (status == STATUS_OK && people_lacks_admin(opened))
        set_up_open(&opened->set_up, people_now(opened), opened->set_up_code);
    if (status == STATUS_OK && !config->without_worker) {
        status = worker_start(opened);
        if (status != STATUS_OK)
            store_fail(&why, status, "no thread for signing in could be started");
    }
    if (status == STATUS_OK)
        *people = opened;
    else
        destroy(opened);
    if (status != STATUS_OK && error)
        snprintf(error, error_size, "%s", why.text);
    return status;
}

void people_stop(struct people *people)
{
    worker_stop(people);
}

void people_close(struct people *people)
{
    if (!people)
        return;
    worker_stop(people);
    destroy(people);
}

/* ---- who there is ---- */

int people_find_id(const struct people *people, const char *id)
{
    for (int i = 0; i < people->person_count; i++)
        if (strcmp(people->persons[i].public.id, id) == 0)
            return i;
    return -1;
}

int people_find_name(const struct people *people, const char *name)
{
    for (int i = 0; i < people->person_count; i++)
        if (strcmp(people->persons[i].public.name, name) == 0)
            return i;
    return -1;
}

static bool is_admin(const struct person_record *record)
{
    return (record->public.roles & ROLE_ADMIN) && record->public.disabled_ms == 0;
}

int people_count_admins(const struct people *people, int but)
{
    int admins = 0;
    for (int i = 0; i < people->person_count; i++)
        if (i != but && is_admin(&people->persons[i]) && !people->persons[i].public.must_change)
            admins++;
    return admins;
}

bool people_lacks_admin(const struct people *people)
{
    for (int i = 0; i < people->person_count; i++)
        if (is_admin(&people->persons[i]))
            return false;
    return true;
}

bool people_needs_set_up(struct people *people)
{
    pthread_mutex_lock(&people->lock);
    bool needs = people_lacks_admin(people);
    pthread_mutex_unlock(&people->lock);
    return needs;
}

bool people_take_set_up_code(struct people *people, char code[PEOPLE_CODE_LEN + 1])
{
    pthread_mutex_lock(&people->lock);
    bool has = people->set_up_code[0] != '\0';
    if (has)
        memcpy(code, people->set_up_code, PEOPLE_CODE_LEN + 1);
    sodium_memzero(people->set_up_code, sizeof people->set_up_code);
    pthread_mutex_unlock(&people->lock);
    return has;
}

static int by_name(const void *one, const void *other)
{
    return strcmp(((const struct person *)one)->name, ((const struct person *)other)->name);
}

size_t people_list_persons(struct people *people, struct person **list)
{
    pthread_mutex_lock(&people->lock);
    size_t count = (size_t)people->person_count;
    struct person *copy = calloc(count + 1, sizeof *copy);
    CHECK(copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = people->persons[i].public;
    pthread_mutex_unlock(&people->lock);
    qsort(copy, count, sizeof *copy, by_name);
    *list = copy;
    return count;
}

enum people_result people_find_person(struct people *people, const char *id, struct person *person)
{
    pthread_mutex_lock(&people->lock);
    int place = people_find_id(people, id);
    if (place >= 0)
        *person = people->persons[place].public;
    pthread_mutex_unlock(&people->lock);
    return place >= 0 ? PEOPLE_OK : PEOPLE_UNKNOWN_PERSON;
}

/* ---- the trail ---- */

void people_note(struct people *people, const struct audit_entry *entry)
{
    pthread_mutex_lock(&people->lock);
    trail_add(&people->trail, entry);
    worker_wake(people);
    pthread_mutex_unlock(&people->lock);
}

void people_audit(struct people *people, const struct audit_entry *entry)
{
    struct audit_entry kept = *entry;
    struct address address;
    if (address_read(entry->address, &address))
        address_write_prefix(&address, kept.address);
    else
        kept.address[0] = '\0';
    kept.at_ms = people_now(people);
    people_note(people, &kept);
}
