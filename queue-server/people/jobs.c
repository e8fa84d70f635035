/* Requests: taken in, and done on the worker. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people/names.h"
#include "people/people_parts.h"
#include "quarter/check.h"
#include "quarter/log.h"

/* Beyond every limit that a string of a request has: cut here it is refused there all the same. */
enum { STRING_MAX = 2048 };

static const struct {
    const char *action; /* in the trail; NULL: notes for itself, or nothing */
    decide_change *decide;
} verbs[] = {
    [PEOPLE_SIGN_IN] = {NULL, NULL},
    [PEOPLE_SET_UP] = {"set_up", decide_set_up},
    [PEOPLE_CHANGE_PASSWORD] = {"change_password", decide_change_password},
    [PEOPLE_ADD_PERSON] = {"add_person", decide_add_person},
    [PEOPLE_CHANGE_PERSON] = {"change_person", decide_change_person},
    [PEOPLE_RESET_PASSWORD] = {"reset_password", decide_reset_password},
    [PEOPLE_DISABLE_PERSON] = {"disable_person", decide_disable_person},
    [PEOPLE_ENABLE_PERSON] = {"enable_person", decide_enable_person},
    [PEOPLE_APPROVE_PAIRING] = {"approve_pairing", decide_approve_pairing},
    [PEOPLE_REVOKE_DEVICE] = {"revoke_device", decide_revoke_device},
    [PEOPLE_ADD_MACHINE] = {"add_machine", decide_add_machine},
    [PEOPLE_LIST_AUDIT] = {NULL, NULL},
};

/* ---- taking in ---- */

static void own(const char **string)
{
    if (!*string)
        return;
    *string = strndup(*string, STRING_MAX);
    CHECK(*string);
}

/* Each of the strings in turn. */
static const char **string_of(struct people_request *request, size_t number)
{
    const char **const strings[] = {
        &request->name,     &request->display,      &request->language,
        &request->password, &request->new_password, &request->person,
        &request->session,  &request->code,         &request->sas,
    };
    return number < sizeof strings / sizeof strings[0] ? strings[number] : NULL;
}

static struct job *job_create(const struct people_request *request, people_done *done,
                              void *context)
{
    struct job *job = calloc(1, sizeof *job);
    CHECK(job);
    job->request = *request;
    job->done = done;
    job->context = context;
    const char **string;
    for (size_t i = 0; (string = string_of(&job->request, i)); i++)
        own(string);
    snprintf(job->actor, sizeof job->actor, "%s", request->actor ? request->actor : "");
    job->has_address = request->address && address_read(request->address, &job->address);
    if (job->has_address)
        address_write_prefix(&job->address, job->prefix);
    job->request.actor = job->actor;
    job->request.address = NULL;
    return job;
}

void job_free(struct job *job)
{
    const char **string;
    for (size_t i = 0; (string = string_of(&job->request, i)); i++) {
        char *text = NULL;
        memcpy(&text, string, sizeof text); /* they are our own here, and not const */
        if (text)
            sodium_memzero(text, strlen(text));
        free(text);
    }
    sodium_memzero(job, sizeof *job);
    free(job);
}

/* What would only be told to wait need not wait for that. */
static int64_t wait_already(struct people *people, const struct people_request *request,
                            int64_t now_ms)
{
    if (request->verb != PEOPLE_SIGN_IN && request->verb != PEOPLE_SET_UP)
        return 0;
    char name[PEOPLE_NAME_BYTES + 1];
    const char *counted = NULL;
    if (request->verb == PEOPLE_SIGN_IN && request->name)
        counted = name_prepare(request->name, name) ? name : request->name;
    struct address address;
    bool has_address = request->address && address_read(request->address, &address);
    pthread_mutex_lock(&people->lock);
    int64_t wait = lockout_wait_ms(people->lockout, counted, has_address ? &address : NULL, now_ms);
    pthread_mutex_unlock(&people->lock);
    return wait;
}

enum people_result people_submit(struct people *people, const struct people_request *request,
                                 people_done *done, void *context, int64_t *retry_ms)
{
    int64_t wait = wait_already(people, request, people_now(people));
    if (wait > 0) {
        if (retry_ms)
            *retry_ms = wait;
        return PEOPLE_WAIT;
    }
    bool is_sign_in = request->verb == PEOPLE_SIGN_IN || request->verb == PEOPLE_SET_UP;
    struct job_queue *queue = &people->queues[is_sign_in ? QUEUE_SIGN_IN : QUEUE_STAFF];
    pthread_mutex_lock(&people->lock);
    if (request->verb == PEOPLE_SET_UP &&
        !people->set_up.is_open) { /* worth no entry, and no wait */
        pthread_mutex_unlock(&people->lock);
        return PEOPLE_SET_UP_OVER;
    }
    bool is_full = queue->count >= PEOPLE_QUEUE || people->is_stopping;
    if (!is_full) {
        struct job *job = job_create(request, done, context);
        *queue->last = job;
        queue->last = &job->next;
        queue->count++;
        worker_wake(people);
    }
    pthread_mutex_unlock(&people->lock);
    if (is_full && retry_ms)
        *retry_ms = RETRY_MS;
    return is_full ? PEOPLE_TOO_BUSY : PEOPLE_OK;
}

/* ---- doing ---- */

static void fill_entry(const struct people *people, const struct job *job, const char *object,
                       enum people_result result, struct audit_entry *entry)
{
    *entry = (struct audit_entry){.at_ms = people_now(people)};
    memcpy(entry->actor, job->actor, sizeof entry->actor);
    roles_write(job->request.actor_roles & ROLE_ALL, entry->role);
    snprintf(entry->action, sizeof entry->action, "%s", verbs[job->request.verb].action);
    snprintf(entry->object, sizeof entry->object, "%s", object);
    memcpy(entry->address, job->prefix, sizeof entry->address);
    snprintf(entry->result, sizeof entry->result, "%s", people_result_code(result));
}

static void apply_device(struct people *people, const struct device_record *device)
{
    int place = 0;
    while (place < people->device_count &&
           strcmp(people->devices[place].public.code, device->public.code) != 0)
        place++;
    if (place == people->device_count)
        people->device_count++;
    people->devices[place] = *device;
}

/* A change of one's own password ends the person's sessions but the one it came from. */
static void spare_session(struct people *people, const struct job *job, const struct change *change)
{
    for (size_t i = 0; job->request.session && i < SESSION_PLACES; i++) {
        struct session *session = &people->sessions.list[i];
        if (session->state == SESSION_LIVE && session->person == change->place &&
            session->epoch == change->person.epoch - 1 &&
            strcmp(session->id, job->request.session) == 0) {
            session->epoch = change->person.epoch;
            session->is_dirty = people->sessions.is_dirty = true;
        }
    }
}

/* It is on the disk: now everybody may see it. Under the lock. */
static enum people_result apply(struct people *people, const struct job *job,
                                const struct change *change, struct people_answer *answer)
{
    if (change->has_person) {
        people->persons[change->place] = change->person;
        if (change->place == people->person_count)
            people->person_count++;
        answer->person = change->person.public;
    }
    if (change->has_device) {
        apply_device(people, &change->device);
        answer->device = change->device.public;
    }
    int64_t now_ms = people_now(people);
    if (job->request.verb == PEOPLE_CHANGE_PASSWORD)
        spare_session(people, job, change);
    if (job->request.verb == PEOPLE_SET_UP) {
        set_up_close(&people->set_up);
        return people_begin_session(people, change->place, change->person.epoch, job->prefix,
                                    now_ms, answer);
    }
    if (job->request.verb == PEOPLE_ADD_MACHINE)
        memcpy(answer->token, change->token, sizeof answer->token);
    if (job->request.verb == PEOPLE_APPROVE_PAIRING)
        for (size_t i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
            struct asking *asking = &people->pairings.list[i];
            if (asking->public.number == job->request.pairing &&
                asking->public.state == PAIRING_REVEALED)
                pairings_approve(asking, change->device.public.code, change->token, now_ms);
        }
    return PEOPLE_OK;
}

/* Within the transaction nobody at the console can change what the decision rests on. */
static enum status refresh(struct people *people)
{
    int64_t version = people->version;
    enum status status = records_read_version(people->records, &version);
    if (status == STATUS_OK && version != people->version)
        status = people_reload(people);
    if (status == STATUS_OK)
        people->version = version;
    return status;
}

static enum people_result decide_and_put(struct people *people, const struct job *job,
                                         struct change *change, struct people_answer *answer)
{
    if (refresh(people) != STATUS_OK)
        return PEOPLE_NOT_STORED;
    enum people_result result = verbs[job->request.verb].decide(people, job, change, answer);
    if (result == PEOPLE_WAIT || result == PEOPLE_TOO_BUSY)
        return result;
    if (result == PEOPLE_OK && change->has_person)
        (void)records_put_person(people->records, change->place, &change->person);
    if (result == PEOPLE_OK && change->has_device)
        (void)records_put_device(people->records, &change->device);
    struct audit_entry entry;
    fill_entry(people, job, change->object, result, &entry);
    if (result == PEOPLE_OK && job->request.verb == PEOPLE_SET_UP) { /* whom the code made */
        memcpy(entry.actor, entry.object, sizeof entry.actor);
        roles_write(change->person.public.roles, entry.role);
    }
    (void)records_put_audit(people->records, &entry);
    return result;
}

static enum people_result run_change(struct people *people, const struct job *job,
                                     struct people_answer *answer)
{
    struct change change = {0};
    enum status status = records_begin(people->records);
    enum people_result result = PEOPLE_NOT_STORED;
    if (status == STATUS_OK) {
        result = decide_and_put(people, job, &change, answer);
        status = records_commit(people->records);
    }
    if (status != STATUS_OK) {
        log_error("people", "could not be stored action=%s why=%s", verbs[job->request.verb].action,
                  records_error(people->records));
        sodium_memzero(answer, sizeof *answer);
        if (result != PEOPLE_WAIT && result != PEOPLE_TOO_BUSY)
            result = PEOPLE_NOT_STORED;
    }
    if (result == PEOPLE_OK) {
        pthread_mutex_lock(&people->lock);
        result = apply(people, job, &change, answer);
        pthread_mutex_unlock(&people->lock);
    }
    sodium_memzero(&change, sizeof change);
    return result;
}

static enum people_result list_audit(struct people *people, const struct people_request *request,
                                     struct audit_entry *entries, struct people_answer *answer)
{
    int limit =
        request->limit > 0 && request->limit < PEOPLE_AUDIT_MAX ? request->limit : PEOPLE_AUDIT_MAX;
    int64_t before = request->before > 0 ? request->before : INT64_MAX;
    answer->audit = entries;
    return records_list_audit(people->records, before, limit, entries, &answer->audit_count) ==
                   STATUS_OK
               ? PEOPLE_OK
               : PEOPLE_NOT_STORED;
}

void job_run(struct people *people, struct job *job)
{
    struct people_answer answer = {0};
    struct audit_entry *entries = NULL;
    if (job->request.verb == PEOPLE_SIGN_IN) {
        (void)refresh(people);
        answer.result = sign_in_run(people, job, &answer);
    } else if (job->request.verb == PEOPLE_LIST_AUDIT) {
        entries = calloc(PEOPLE_AUDIT_MAX, sizeof *entries);
        CHECK(entries);
        answer.result = list_audit(people, &job->request, entries, &answer);
    } else {
        enum people_result result = run_change(people, job, &answer);
        answer.result = result;
        if (result != PEOPLE_OK)
            sodium_memzero(answer.one_time, sizeof answer.one_time);
    }
    if (answer.result == PEOPLE_TOO_BUSY && answer.retry_ms == 0)
        answer.retry_ms = RETRY_MS;
    job->done(job->context, &answer);
    sodium_memzero(&answer, sizeof answer);
    free(entries);
    job_free(job);
}
