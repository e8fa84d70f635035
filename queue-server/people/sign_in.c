/* Checking a password, and what a wrong one costs. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "people/names.h"
#include "people/people_parts.h"
#include "quarter/log.h"

/* Whoever gave the right password is the one who did it; else it was somebody, at that person's name. */
static void note(struct people *people, const struct job *job, int place, const char *result)
{
    struct audit_entry entry = {.action = "sign_in", .at_ms = people_now(people)};
    if (place >= 0)
        snprintf(entry.object, sizeof entry.object, "person:%s", people->persons[place].public.id);
    if (strcmp(result, people_result_code(PEOPLE_OK)) == 0) {
        memcpy(entry.actor, entry.object, sizeof entry.actor);
        roles_write(people->persons[place].public.roles, entry.role);
    }
    memcpy(entry.address, job->prefix, sizeof entry.address);
    snprintf(entry.result, sizeof entry.result, "%s", result);
    people_note(people, &entry);
}

static void count(struct people *people, const struct job *job, const char *name, bool is_right)
{
    const struct address *address = job->has_address ? &job->address : NULL;
    int64_t now_ms = people_now(people);
    pthread_mutex_lock(&people->lock);
    if (is_right)
        lockout_note_right(people->lockout, name, address, now_ms);
    else
        lockout_note_wrong(people->lockout, name, address, now_ms);
    pthread_mutex_unlock(&people->lock);
}

/* For a name that nobody has the same work is done on a hash that nothing fits. */
static enum password_check check(const struct people *people, int place, const char *typed)
{
    char password[PEOPLE_PASSWORD_BYTES + 1] = "";
    if (password_prepare(typed, password) != PEOPLE_OK)
        password[0] = '\0'; /* nobody's */
    const char *hash = place >= 0 ? people->persons[place].hash : people->nobodys_hash;
    enum password_check found = password_check(hash, password);
    sodium_memzero(password, sizeof password);
    return found;
}

enum people_result sign_in_check(struct people *people, const struct job *job,
                                 const char *typed_name, const char *password, int *place,
                                 int64_t *retry_ms)
{
    char prepared[PEOPLE_NAME_BYTES + 1];
    bool is_name = name_prepare(typed_name, prepared);
    const char *name = is_name ? prepared : typed_name;
    pthread_mutex_lock(&people->lock);
    *retry_ms = lockout_wait_ms(people->lockout, name, job->has_address ? &job->address : NULL,
                                people_now(people));
    pthread_mutex_unlock(&people->lock);
    if (*retry_ms > 0)
        return PEOPLE_WAIT;
    int found = is_name ? people_find_name(people, name) : -1;
    switch (check(people, found, password)) {
    case PASSWORD_RIGHT:
        if (people->persons[found].public.disabled_ms == 0)
            break;
        count(people, job, name, false);
        note(people, job, found, "not-let-in"); /* the trail only: outside, it is a wrong one */
        return PEOPLE_WRONG_PASSWORD;
    case PASSWORD_NO_MEMORY:
        log_warning("people", "no memory to check a password mib=%zu", people->cost.bytes >> 20);
        return PEOPLE_TOO_BUSY;
    case PASSWORD_WRONG:
        count(people, job, name, false);
        note(people, job, found, people_result_code(PEOPLE_WRONG_PASSWORD));
        return PEOPLE_WRONG_PASSWORD;
    }
    count(people, job, name, true);
    *place = found;
    return PEOPLE_OK;
}

/* The console may have been quicker, whose word is not to be written over. Within a transaction. */
static bool is_as_read(struct people *people)
{
    int64_t version = 0;
    return records_read_version(people->records, &version) == STATUS_OK &&
           version == people->version;
}

/* The cost was raised since: only now is the password at hand. Nobody is kept waiting if it cannot be stored. */
static void keep_up(struct people *people, int place, const char *typed)
{
    struct person_record record = people->persons[place];
    char password[PEOPLE_PASSWORD_BYTES + 1];
    if (!password_is_outdated(&people->cost, record.hash) ||
        password_prepare(typed, password) != PEOPLE_OK)
        return;
    bool is_hashed = password_hash(&people->cost, password, record.hash);
    sodium_memzero(password, sizeof password);
    if (!is_hashed || records_begin(people->records) != STATUS_OK)
        return;
    if (!is_as_read(people)) {
        records_rollback(people->records);
        return;
    }
    (void)records_put_person(people->records, place, &record);
    if (records_commit(people->records) != STATUS_OK)
        return;
    pthread_mutex_lock(&people->lock);
    people->persons[place] = record;
    pthread_mutex_unlock(&people->lock);
}

enum people_result sign_in_run(struct people *people, const struct job *job,
                               struct people_answer *answer)
{
    const char *name = job->request.name ? job->request.name : "";
    const char *password = job->request.password ? job->request.password : "";
    int place = -1;
    enum people_result result =
        sign_in_check(people, job, name, password, &place, &answer->retry_ms);
    if (result != PEOPLE_OK)
        return result;
    const struct person_record *record = &people->persons[place];
    int64_t now_ms = people_now(people);
    if (record->one_time_until_ms != 0 && now_ms >= record->one_time_until_ms) {
        note(people, job, place, people_result_code(PEOPLE_ONE_TIME_OVER));
        return PEOPLE_ONE_TIME_OVER;
    }
    keep_up(people, place, password);
    pthread_mutex_lock(&people->lock);
    result = people_begin_session(people, place, record->epoch, job->prefix, now_ms, answer);
    pthread_mutex_unlock(&people->lock);
    note(people, job, place, people_result_code(result));
    return result;
}
