#include "store_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { BODY_MAX = 6000 };

static int event_count(int k)
{
    return 1 + k % 3;
}

int script_events_before(int k)
{
    int count = 0;
    for (int i = 0; i < k; i++)
        count += event_count(i);
    return count;
}

static struct event event_of(int number)
{
    return kit_event((enum event_type)(number % KIT_EVENT_TYPES), number);
}

static bool has_answer(int k)
{
    return k % 4 != 3;
}

static bool has_private(int k)
{
    return k % 3 == 0;
}

static bool has_site(int k)
{
    return k % 5 == 0;
}

/* One name, replaced again and again: the last one that is there counts. */
static bool has_projection(int k)
{
    return k % 4 != 1;
}

/* Some bodies fill more than a page. */
static void write_body(int k, char body[BODY_MAX])
{
    int size = k % 6 == 5 ? BODY_MAX - 1 : 100 + 40 * k;
    memset(body, 'a' + k % 26, (size_t)size);
    body[size] = '\0';
    body[snprintf(body, BODY_MAX, "{\"transaction\": %d, \"filled\": \"", k)] = '-';
}

static enum status put_sides(struct store *store, int k)
{
    char name[QUARTER_HASH_LEN + 1], body[BODY_MAX];
    snprintf(name, sizeof name, "%064d", k);
    write_body(k, body);
    enum status status = STATUS_OK;
    if (has_answer(k)) {
        struct stored_answer answer = {.http_status = 200 + k, .body = body};
        char key[QUARTER_KEY_MAX + 1];
        snprintf(key, sizeof key, "%08x-key-%d", (unsigned)k * 2654435761U, k);
        const struct keyed_request request = {"local", key, name};
        status = store_put_answer(store, &request, "2026-11-24", 1000 + k, &answer);
    }
    if (status == STATUS_OK && has_private(k))
        status = store_put_private(store, "2026-11-24", name + QUARTER_HASH_LEN - QUARTER_ULID_LEN,
                                   "answers", body);
    if (status == STATUS_OK && has_site(k))
        status = store_put_site(store, name, body, 1000 + k);
    if (status == STATUS_OK && has_projection(k))
        status = store_put_projection(store, "knowledge", store_last_seq(store), body);
    return status;
}

enum status script_run_transaction(struct store *store, int k)
{
    enum status status = store_begin(store);
    if (status != STATUS_OK)
        return status;
    for (int i = 0; status == STATUS_OK && i < event_count(k); i++) {
        struct event event = event_of(script_events_before(k) + i);
        status = store_append(store, &event);
    }
    if (status == STATUS_OK)
        status = put_sides(store, k);
    /* A failed put is committed on purpose: the store has to refuse it. */
    enum status committed = store_commit(store);
    CHECK(status == STATUS_OK || committed == status);
    return committed;
}

struct reading {
    int count;
    char last_id[QUARTER_ULID_LEN + 1];
    const char *complaint;
};

static enum status read_one(void *context, const struct event *event, const char *body)
{
    struct reading *reading = context;
    struct event expected = event_of(reading->count);
    if (event->seq != reading->count + 1)
        reading->complaint = "a hole in seq";
    else if (strcmp(event->id, reading->last_id) <= 0)
        reading->complaint = "identifiers run backwards";
    else if (!kit_same_event(event, &expected) || body[0] != '{')
        reading->complaint = "another event than was appended";
    memcpy(reading->last_id, event->id, sizeof reading->last_id);
    reading->count++;
    return reading->complaint ? STATUS_CONFLICT : STATUS_OK;
}

static bool sides_agree(struct store *store, int k, bool is_there)
{
    enum status expected = is_there ? STATUS_OK : STATUS_NOT_FOUND;
    char name[QUARTER_HASH_LEN + 1], body[BODY_MAX], key[QUARTER_KEY_MAX + 1];
    snprintf(name, sizeof name, "%064d", k);
    snprintf(key, sizeof key, "%08x-key-%d", (unsigned)k * 2654435761U, k);
    write_body(k, body);
    bool agree = true;
    char *text = NULL;
    if (has_answer(k)) {
        struct stored_answer answer = {0};
        const struct keyed_request request = {"local", key, name};
        agree = store_find_answer(store, &request, &answer) == expected;
        if (agree && is_there)
            agree = answer.http_status == 200 + k && strcmp(answer.body, body) == 0;
        free(answer.body);
    }
    if (agree && has_private(k)) {
        agree = store_get_private(store, "2026-11-24", name + QUARTER_HASH_LEN - QUARTER_ULID_LEN,
                                  "answers", &text) == expected &&
                (!is_there || strcmp(text, body) == 0);
        free(text);
        text = NULL;
    }
    if (agree && has_site(k)) {
        agree = store_get_site(store, name, &text) == expected &&
                (!is_there || strcmp(text, body) == 0);
        free(text);
    }
    return agree;
}

/* The projection of the last of `count` transactions that has one, or none. */
static bool projection_agrees(struct store *store, int count)
{
    int last = count - 1;
    while (last >= 0 && !has_projection(last))
        last--;
    char *text = NULL, body[BODY_MAX];
    int64_t through_seq = 0;
    enum status status = store_get_projection(store, "knowledge", &through_seq, &text);
    bool agree = status == (last >= 0 ? STATUS_OK : STATUS_NOT_FOUND);
    if (agree && last >= 0) {
        write_body(last, body);
        agree = through_seq == script_events_before(last + 1) && strcmp(text, body) == 0;
    }
    free(text);
    return agree;
}

static const char *read_journal(struct kit *kit, struct reading *reading)
{
    struct store_reader *reader = NULL;
    if (store_reader_open(&kit->config, &reader) != STATUS_OK)
        return "no reader could be opened";
    const char *complaint = NULL;
    if (store_read_after(reader, 0, 100000, read_one, reading) != STATUS_OK)
        complaint = reading->complaint ? reading->complaint : "the journal could not be read";
    else if (store_reader_check(reader) != STATUS_OK)
        complaint = "the file is damaged";
    store_reader_close(reader);
    return complaint;
}

int script_count_transactions(struct kit *kit, const char **complaint)
{
    struct reading reading = {0};
    *complaint = read_journal(kit, &reading);
    if (*complaint)
        return -1;
    int count = 0;
    while (count < SCRIPT_TRANSACTIONS && script_events_before(count + 1) <= reading.count)
        count++;
    if (script_events_before(count) != reading.count) {
        *complaint = "half a transaction";
        return -1;
    }
    if (store_last_seq(kit->store) != reading.count) {
        *complaint = "store_last_seq disagrees with the rows";
        return -1;
    }
    for (int k = 0; k < SCRIPT_TRANSACTIONS; k++)
        if (!sides_agree(kit->store, k, k < count)) {
            *complaint = "answers, private text or sites disagree with the events";
            return -1;
        }
    if (!projection_agrees(kit->store, count)) {
        *complaint = "the projection disagrees with the events";
        return -1;
    }
    return count;
}
