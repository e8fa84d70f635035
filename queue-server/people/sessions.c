/* Sessions: tokens found by their hashes, times, renewal. */
#include "people/sessions.h"

#include <string.h>

#include "quarter/check.h"

static uint64_t mark_of(const struct token_hash *hash)
{
    uint64_t mark = 0;
    memcpy(&mark, hash->bytes, sizeof mark);
    return mark ? mark : 1;
}

static size_t place_of(const struct sessions *sessions, const struct session *session)
{
    CHECK(session >= sessions->list && session < sessions->list + SESSION_PLACES);
    return (size_t)(session - sessions->list);
}

static void differ(struct sessions *sessions, struct session *session)
{
    session->is_dirty = true;
    sessions->is_dirty = true;
}

static void forget_former(struct sessions *sessions, struct session *session)
{
    session->has_former = false;
    session->former_until_ms = 0;
    memset(&session->former, 0, sizeof session->former);
    sessions->former_marks[place_of(sessions, session)] = 0;
    differ(sessions, session);
}

void sessions_end(struct sessions *sessions, struct session *session)
{
    CHECK(session->state == SESSION_LIVE);
    forget_former(sessions, session);
    sessions->current_marks[place_of(sessions, session)] = 0;
    memset(&session->current, 0, sizeof session->current);
    session->state = session->has_row ? SESSION_ENDED : SESSION_FREE;
    session->is_dirty = session->has_row;
}

bool sessions_is_over(const struct sessions *sessions, const struct session *session,
                      int64_t now_ms)
{
    return now_ms >= session->seen_ms + sessions->idle_ms ||
           now_ms >= session->created_ms + sessions->absolute_ms;
}

static struct session *find_free(struct sessions *sessions)
{
    for (size_t i = 0; i < SESSION_PLACES; i++)
        if (sessions->list[i].state == SESSION_FREE)
            return &sessions->list[i];
    return NULL;
}

/* person -1: of anybody. */
static int count_live(struct sessions *sessions, int person, struct session **stalest)
{
    int live = 0;
    *stalest = NULL;
    for (size_t i = 0; i < SESSION_PLACES; i++) {
        struct session *session = &sessions->list[i];
        if (session->state != SESSION_LIVE || (person >= 0 && session->person != person))
            continue;
        live++;
        if (!*stalest || session->seen_ms < (*stalest)->seen_ms)
            *stalest = session;
    }
    return live;
}

struct session *sessions_begin(struct sessions *sessions, int person, int64_t now_ms)
{
    struct session *stalest = NULL;
    if (count_live(sessions, person, &stalest) >= PEOPLE_SESSIONS_EACH)
        sessions_end(sessions, stalest);
    if (count_live(sessions, -1, &stalest) >= PEOPLE_SESSIONS_MAX)
        sessions_end(sessions, stalest);
    struct session *session = find_free(sessions);
    if (!session)
        return NULL;
    *session = (struct session){.state = SESSION_LIVE,
                                .person = person,
                                .created_ms = now_ms,
                                .seen_ms = now_ms,
                                .saved_seen_ms = now_ms};
    differ(sessions, session);
    return session;
}

void sessions_restore(struct sessions *sessions, const struct session *stored)
{
    struct session *session = find_free(sessions);
    if (!session)
        return;
    *session = *stored;
    session->state = SESSION_LIVE;
    session->has_row = true;
    session->is_dirty = false;
    size_t place = place_of(sessions, session);
    sessions->current_marks[place] = mark_of(&session->current);
    sessions->former_marks[place] = session->has_former ? mark_of(&session->former) : 0;
}

void sessions_set_token(struct sessions *sessions, struct session *session,
                        const struct token_hash *hash)
{
    session->current = *hash;
    differ(sessions, session);
    sessions->current_marks[place_of(sessions, session)] = mark_of(hash);
}

static struct session *find_mark(struct sessions *sessions, const uint64_t *marks,
                                 const struct token_hash *hash, bool is_former)
{
    uint64_t mark = mark_of(hash);
    for (size_t i = 0; i < SESSION_PLACES; i++) {
        if (marks[i] != mark)
            continue;
        struct session *session = &sessions->list[i];
        const struct token_hash *own = is_former ? &session->former : &session->current;
        /* How long a comparison of hashes takes tells nothing of a token. */
        if (memcmp(own->bytes, hash->bytes, sizeof hash->bytes) == 0)
            return session;
    }
    return NULL;
}

struct session *sessions_find(struct sessions *sessions, const struct token_hash *hash,
                              int64_t now_ms, bool *is_former)
{
    *is_former = false;
    struct session *session = find_mark(sessions, sessions->current_marks, hash, false);
    if (!session) {
        session = find_mark(sessions, sessions->former_marks, hash, true);
        *is_former = session != NULL;
    }
    if (!session)
        return NULL;
    if (sessions_is_over(sessions, session, now_ms)) {
        sessions_end(sessions, session);
        return NULL;
    }
    if (*is_former && now_ms >= session->former_until_ms) {
        forget_former(sessions, session);
        return NULL;
    }
    if (!*is_former && session->has_former && session->former_until_ms == INT64_MAX) {
        session->former_until_ms = now_ms + SESSION_GRACE_MS;
        differ(sessions, session);
    }
    return session;
}

void sessions_note_use(struct sessions *sessions, struct session *session, int64_t now_ms)
{
    if (now_ms <= session->seen_ms)
        return;
    session->seen_ms = now_ms;
    if (now_ms - session->saved_seen_ms >= SESSION_SAVE_SEEN_MS) {
        session->saved_seen_ms = now_ms;
        differ(sessions, session);
    }
}

void sessions_rotate(struct sessions *sessions, struct session *session,
                     const struct token_hash *fresh, int64_t now_ms)
{
    size_t place = place_of(sessions, session);
    session->former = session->current;
    session->has_former = true;
    session->former_until_ms = INT64_MAX;
    sessions->former_marks[place] = mark_of(&session->former);
    sessions_set_token(sessions, session, fresh);
    sessions_note_use(sessions, session, now_ms);
}
