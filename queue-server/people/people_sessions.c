/* Sessions as the rest of the program sees them: the table behind the lock. */
#include <sodium.h>
#include <string.h>

#include "people/people_parts.h"
#include "store/ulid.h"

bool people_session_lives(const struct people *people, const struct session *session)
{
    const struct person_record *person = &people->persons[session->person];
    return session->epoch == person->epoch && person->public.disabled_ms == 0;
}

void people_show_session(const struct people *people, const struct session *session,
                         struct people_session *shown)
{
    memcpy(shown->id, session->id, sizeof shown->id);
    memcpy(shown->csrf, session->csrf, sizeof shown->csrf);
    memcpy(shown->address, session->address, sizeof shown->address);
    shown->person = people->persons[session->person].public;
    if (shown->person.must_change)
        shown->person.roles = 0;
    shown->created_ms = session->created_ms;
    shown->seen_ms = session->seen_ms;
    shown->idle_ms = session->seen_ms + people->sessions.idle_ms;
    shown->until_ms = session->created_ms + people->sessions.absolute_ms;
}

/* NULL: no session, or not any more. */
static struct session *find(struct people *people, const char *token, int64_t now_ms,
                            bool *is_former)
{
    struct token_hash hash;
    if (!token_hash(token, &hash))
        return NULL;
    struct session *session = sessions_find(&people->sessions, &hash, now_ms, is_former);
    if (session && !people_session_lives(people, session)) {
        sessions_end(&people->sessions, session);
        session = NULL;
    }
    return session;
}

enum people_result people_begin_session(struct people *people, int place, int64_t epoch,
                                        const char *prefix, int64_t now_ms,
                                        struct people_answer *answer)
{
    const struct person_record *person = &people->persons[place];
    if (person->epoch != epoch || person->public.disabled_ms != 0)
        return PEOPLE_WRONG_PASSWORD;
    struct session *session = sessions_begin(&people->sessions, place, now_ms);
    if (!session)
        return PEOPLE_NOT_STORED;
    session->epoch = epoch;
    ulid_make(now_ms, session->id);
    token_derive(records_key(people->records), "csrf", session->id, session->csrf);
    memcpy(session->address, prefix, strlen(prefix) + 1);
    struct token_hash hash = {0};
    token_make(answer->token);
    (void)token_hash(answer->token, &hash);
    sessions_set_token(&people->sessions, session, &hash);
    people_show_session(people, session, &answer->session);
    answer->person = person->public;
    return PEOPLE_OK;
}

enum people_result people_check_session(struct people *people, const char *token, bool is_use,
                                        struct people_session *session)
{
    int64_t now_ms = people_now(people);
    bool is_former = false;
    pthread_mutex_lock(&people->lock);
    struct session *found = find(people, token, now_ms, &is_former);
    if (found && is_use)
        sessions_note_use(&people->sessions, found, now_ms);
    if (found)
        people_show_session(people, found, session);
    if (people->sessions.is_dirty)
        worker_wake(people);
    pthread_mutex_unlock(&people->lock);
    return found ? PEOPLE_OK : PEOPLE_NO_SESSION;
}

bool people_csrf_matches(const struct people_session *session, const char *header)
{
    return header && strnlen(header, PEOPLE_TOKEN_LEN + 1) == PEOPLE_TOKEN_LEN &&
           sodium_memcmp(session->csrf, header, PEOPLE_TOKEN_LEN) == 0;
}

enum people_result people_find_session(struct people *people, const char *id,
                                       struct people_session *session)
{
    int64_t now_ms = people_now(people);
    enum people_result result = PEOPLE_NO_SESSION;
    pthread_mutex_lock(&people->lock);
    for (size_t i = 0; i < SESSION_PLACES; i++) {
        const struct session *found = &people->sessions.list[i];
        if (found->state == SESSION_LIVE && strcmp(found->id, id) == 0 &&
            people_session_lives(people, found) &&
            !sessions_is_over(&people->sessions, found, now_ms)) {
            people_show_session(people, found, session);
            result = PEOPLE_OK;
            break;
        }
    }
    pthread_mutex_unlock(&people->lock);
    return result;
}

/* The next token follows from the last and a secret of ours: who asks twice, since an answer was lost or another tab
 * was as quick, gets the same one, although only hashes are kept. */
static bool rotate(struct people *people, struct session *session, const char *fresh,
                   bool is_former, int64_t now_ms)
{
    struct token_hash hash = {0};
    (void)token_hash(fresh, &hash);
    if (is_former)
        return sodium_memcmp(hash.bytes, session->current.bytes, sizeof hash.bytes) == 0;
    sessions_rotate(&people->sessions, session, &hash, now_ms);
    return true;
}

enum people_result people_renew_session(struct people *people, const char *token,
                                        char fresh[PEOPLE_TOKEN_LEN + 1],
                                        struct people_session *session)
{
    int64_t now_ms = people_now(people);
    bool is_former = false;
    char next[PEOPLE_TOKEN_LEN + 1];
    pthread_mutex_lock(&people->lock);
    struct session *found = find(people, token, now_ms, &is_former);
    if (found) {
        token_derive(records_key(people->records), "renew", token, next);
        if (!rotate(people, found, next, is_former, now_ms))
            found = NULL;
    }
    if (found) {
        sessions_note_use(&people->sessions, found, now_ms);
        people_show_session(people, found, session);
        memcpy(fresh, next, sizeof next);
    }
    worker_wake(people);
    pthread_mutex_unlock(&people->lock);
    return found ? PEOPLE_OK : PEOPLE_NO_SESSION;
}

/* One of this person's that is not over. */
static bool is_of(const struct people *people, const struct session *session, int place,
                  int64_t now_ms)
{
    return session->state == SESSION_LIVE && session->person == place &&
           people_session_lives(people, session) &&
           !sessions_is_over(&people->sessions, session, now_ms);
}

size_t people_list_sessions(struct people *people, const char *person,
                            struct people_session list[PEOPLE_SESSIONS_EACH])
{
    int64_t now_ms = people_now(people);
    size_t count = 0;
    pthread_mutex_lock(&people->lock);
    int place = people_find_id(people, person);
    for (size_t i = 0; place >= 0 && i < SESSION_PLACES && count < PEOPLE_SESSIONS_EACH; i++) {
        const struct session *session = &people->sessions.list[i];
        if (!is_of(people, session, place, now_ms))
            continue;
        size_t at = count++;
        for (; at > 0 && list[at - 1].created_ms < session->created_ms; at--)
            list[at] = list[at - 1];
        people_show_session(people, session, &list[at]);
        list[at].csrf[0] = '\0';
    }
    pthread_mutex_unlock(&people->lock);
    return count;
}

enum people_result people_end_session(struct people *people, const char *person, const char *id)
{
    int64_t now_ms = people_now(people);
    enum people_result result = PEOPLE_UNKNOWN_SESSION;
    pthread_mutex_lock(&people->lock);
    int place = people_find_id(people, person);
    for (size_t i = 0; place >= 0 && i < SESSION_PLACES; i++) {
        struct session *session = &people->sessions.list[i];
        if (is_of(people, session, place, now_ms) && strcmp(session->id, id) == 0) {
            sessions_end(&people->sessions, session);
            result = PEOPLE_OK;
        }
    }
    worker_wake(people);
    pthread_mutex_unlock(&people->lock);
    return result;
}
