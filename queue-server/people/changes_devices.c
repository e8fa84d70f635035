/* What a request about devices comes to. */
#include <stdio.h>
#include <string.h>

#include "people/names.h"
#include "people/people_parts.h"

static int find_code(const struct people *people, const char *code)
{
    for (int i = 0; i < people->device_count; i++)
        if (strcmp(people->devices[i].public.code, code) == 0)
            return i;
    return -1;
}

static void let_in(const char *code, int64_t now_ms, struct change *change)
{
    memcpy(change->device.public.code, code, strlen(code) + 1);
    change->device.public.paired_ms = now_ms;
    token_make(change->token);
    (void)token_hash(change->token, &change->device.token);
    change->has_device = true;
}

enum people_result decide_approve_pairing(struct people *people, const struct job *job,
                                          struct change *change, struct people_answer *answer)
{
    (void)answer;
    const char *code = job->request.code ? job->request.code : "";
    int64_t now_ms = people_now(people);
    if (!name_is_code(code))
        return PEOPLE_BAD_CODE;
    int place = find_code(people, code);
    if (place < 0 && people->device_count == PEOPLE_DEVICES_MAX)
        return PEOPLE_TOO_MANY_DEVICES;
    snprintf(change->object, sizeof change->object, "device:%s", code);
    if (place >= 0 && people->devices[place].public.kind == DEVICE_MACHINE &&
        people->devices[place].public.revoked_ms == 0)
        return PEOPLE_DEVICE_TAKEN; /* a device may be paired anew, but no machine be cut off by a slip */
    struct device *device = &change->device.public;
    pthread_mutex_lock(&people->lock);
    struct asking *asking = NULL;
    enum people_result result =
        pairings_match(&people->pairings, job->request.pairing,
                       job->request.sas ? job->request.sas : "", now_ms, &asking);
    if (result == PEOPLE_OK) {
        asking->public.until_ms = now_ms + PAIRING_FETCH_MS; /* stays while it is written */
        device->kind = asking->public.kind;
    }
    pthread_mutex_unlock(&people->lock);
    if (result != PEOPLE_OK)
        return result;
    let_in(code, now_ms, change);
    return PEOPLE_OK;
}

enum people_result decide_add_machine(struct people *people, const struct job *job,
                                      struct change *change, struct people_answer *answer)
{
    (void)answer;
    const char *code = job->request.code ? job->request.code : "";
    if (!name_is_code(code))
        return PEOPLE_BAD_CODE;
    snprintf(change->object, sizeof change->object, "device:%s", code);
    int place = find_code(people, code);
    if (place < 0 && people->device_count == PEOPLE_DEVICES_MAX)
        return PEOPLE_TOO_MANY_DEVICES;
    if (place >= 0 && people->devices[place].public.revoked_ms == 0)
        return PEOPLE_DEVICE_TAKEN;
    change->device.public.kind = DEVICE_MACHINE;
    let_in(code, people_now(people), change);
    return PEOPLE_OK;
}

enum people_result decide_revoke_device(struct people *people, const struct job *job,
                                        struct change *change, struct people_answer *answer)
{
    (void)answer;
    int place = find_code(people, job->request.code ? job->request.code : "");
    if (place < 0)
        return PEOPLE_UNKNOWN_DEVICE;
    pthread_mutex_lock(&people->lock); /* lookups write when it was seen */
    change->device = people->devices[place];
    pthread_mutex_unlock(&people->lock);
    if (change->device.public.revoked_ms == 0)
        change->device.public.revoked_ms = people_now(people);
    change->device.is_dirty = false;
    change->has_device = true;
    snprintf(change->object, sizeof change->object, "device:%s", change->device.public.code);
    return PEOPLE_OK;
}
