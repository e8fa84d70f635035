/* What a request about persons comes to. Nothing here touches the disk or the tables: the change is given back, to
 * be written first. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "people/names.h"
#include "people/people_parts.h"
#include "quarter/check.h"
#include "store/ulid.h"

static const char *text_of(const char *text)
{
    return text ? text : "";
}

/* The person that a request names, to be changed. */
static enum people_result take_person(const struct people *people, const struct job *job,
                                      struct change *change)
{
    int place = people_find_id(people, text_of(job->request.person));
    if (place < 0)
        return PEOPLE_UNKNOWN_PERSON;
    change->place = place;
    change->person = people->persons[place];
    change->has_person = true;
    snprintf(change->object, sizeof change->object, "person:%s", change->person.public.id);
    return PEOPLE_OK;
}

bool people_set_one_time(const struct password_cost *cost, struct person_record *record,
                         int64_t now_ms, char one_time[PEOPLE_ONE_TIME_LEN + 1])
{
    password_make_one_time(one_time);
    if (!password_hash(cost, one_time, record->hash))
        return false;
    record->public.must_change = true;
    record->one_time_until_ms = now_ms + ONE_TIME_MS;
    record->epoch++;
    return true;
}

/* One's own: judged, hashed. */
static enum people_result set_password(const struct people *people, const char *typed,
                                       struct person_record *record)
{
    char password[PEOPLE_PASSWORD_BYTES + 1] = "";
    enum people_result result = password_prepare(typed, password);
    if (result == PEOPLE_OK)
        result = password_judge(password, record->public.name, record->public.display);
    if (result == PEOPLE_OK && !password_hash(&people->cost, password, record->hash))
        result = PEOPLE_TOO_BUSY;
    sodium_memzero(password, sizeof password);
    if (result == PEOPLE_OK) {
        record->public.must_change = false;
        record->one_time_until_ms = 0;
        record->epoch++;
    }
    return result;
}

static enum people_result set_display(struct person *person, const char *typed)
{
    return name_prepare_display(typed, person->display) ? PEOPLE_OK : PEOPLE_BAD_DISPLAY_NAME;
}

static enum people_result set_language(struct person *person, const char *language)
{
    if (!name_is_language(language))
        return PEOPLE_BAD_CODE;
    snprintf(person->language, sizeof person->language, "%s", language);
    return PEOPLE_OK;
}

static bool are_roles(unsigned roles)
{
    return roles != 0 && (roles & ~(unsigned)ROLE_ALL) == 0;
}

/* Somebody new of that name. */
static enum people_result make_person(const struct people *people, const struct job *job,
                                      unsigned roles, struct change *change)
{
    const struct people_request *request = &job->request;
    struct person *person = &change->person.public;
    if (people->person_count == PEOPLE_MAX)
        return PEOPLE_TOO_MANY_PEOPLE;
    if (!name_prepare(text_of(request->name), person->name))
        return PEOPLE_BAD_NAME;
    if (people_find_name(people, person->name) >= 0)
        return PEOPLE_NAME_TAKEN;
    if (!are_roles(roles))
        return PEOPLE_BAD_ROLES;
    bool has_display = request->display && request->display[0] != '\0';
    enum people_result result = set_display(person, has_display ? request->display : request->name);
    if (result == PEOPLE_OK)
        result = set_language(person, text_of(request->language));
    if (result != PEOPLE_OK)
        return result;
    person->created_ms = people_now(people);
    person->roles = roles;
    ulid_make(person->created_ms, person->id);
    change->place = people->person_count;
    change->has_person = true;
    snprintf(change->object, sizeof change->object, "person:%s", person->id);
    return PEOPLE_OK;
}

enum people_result decide_add_person(struct people *people, const struct job *job,
                                     struct change *change, struct people_answer *answer)
{
    enum people_result result = make_person(people, job, job->request.roles, change);
    if (result == PEOPLE_OK &&
        !people_set_one_time(&people->cost, &change->person, people_now(people), answer->one_time))
        result = PEOPLE_TOO_BUSY;
    return result;
}

enum people_result decide_set_up(struct people *people, const struct job *job,
                                 struct change *change, struct people_answer *answer)
{
    int64_t now_ms = people_now(people);
    const struct address *address = job->has_address ? &job->address : NULL;
    pthread_mutex_lock(&people->lock);
    answer->retry_ms = lockout_wait_ms(people->lockout, NULL, address, now_ms);
    enum people_result result = PEOPLE_WAIT;
    if (answer->retry_ms == 0)
        result = people_lacks_admin(people)
                     ? set_up_try(&people->set_up, text_of(job->request.code), now_ms)
                     : PEOPLE_SET_UP_OVER;
    if (result == PEOPLE_WRONG_SET_UP_CODE)
        lockout_note_wrong(people->lockout, NULL, address, now_ms);
    if (result == PEOPLE_SET_UP_OVER)
        set_up_close(&people->set_up);
    pthread_mutex_unlock(&people->lock);
    if (result == PEOPLE_OK)
        result = make_person(people, job, (job->request.roles & ROLE_ALL) | ROLE_ADMIN, change);
    if (result == PEOPLE_OK)
        result = set_password(people, text_of(job->request.password), &change->person);
    return result;
}

enum people_result decide_change_password(struct people *people, const struct job *job,
                                          struct change *change, struct people_answer *answer)
{
    enum people_result result = take_person(people, job, change);
    if (result != PEOPLE_OK)
        return result;
    const char *password = text_of(job->request.password);
    int place = -1;
    result =
        sign_in_check(people, job, change->person.public.name, password, &place, &answer->retry_ms);
    if (result != PEOPLE_OK)
        return result;
    CHECK(place == change->place);
    /* The same one again would make a one-time password the person's own. */
    if (strcmp(password, text_of(job->request.new_password)) == 0)
        return PEOPLE_PASSWORD_SAME;
    return set_password(people, text_of(job->request.new_password), &change->person);
}

enum people_result decide_change_person(struct people *people, const struct job *job,
                                        struct change *change, struct people_answer *answer)
{
    (void)answer;
    const struct people_request *request = &job->request;
    enum people_result result = take_person(people, job, change);
    struct person *person = &change->person.public;
    if (result == PEOPLE_OK && request->display)
        result = set_display(person, request->display);
    if (result == PEOPLE_OK && request->language)
        result = set_language(person, request->language);
    if (result != PEOPLE_OK || request->roles == 0)
        return result;
    if (!are_roles(request->roles))
        return PEOPLE_BAD_ROLES;
    bool was_admin = person->roles & ROLE_ADMIN;
    if (was_admin && !(request->roles & ROLE_ADMIN) && person->disabled_ms == 0 &&
        people_count_admins(people, change->place) == 0)
        return PEOPLE_LAST_ADMIN;
    person->roles = request->roles;
    return PEOPLE_OK;
}

enum people_result decide_reset_password(struct people *people, const struct job *job,
                                         struct change *change, struct people_answer *answer)
{
    enum people_result result = take_person(people, job, change);
    if (result == PEOPLE_OK &&
        !people_set_one_time(&people->cost, &change->person, people_now(people), answer->one_time))
        result = PEOPLE_TOO_BUSY;
    return result;
}

enum people_result decide_disable_person(struct people *people, const struct job *job,
                                         struct change *change, struct people_answer *answer)
{
    (void)answer;
    enum people_result result = take_person(people, job, change);
    if (result != PEOPLE_OK || change->person.public.disabled_ms != 0)
        return result;
    if ((change->person.public.roles & ROLE_ADMIN) &&
        people_count_admins(people, change->place) == 0)
        return PEOPLE_LAST_ADMIN;
    change->person.public.disabled_ms = people_now(people);
    change->person.epoch++;
    return PEOPLE_OK;
}

enum people_result decide_enable_person(struct people *people, const struct job *job,
                                        struct change *change, struct people_answer *answer)
{
    enum people_result result = decide_reset_password(people, job, change, answer);
    change->person.public.disabled_ms = 0;
    return result;
}
