/* What the operator of the box may do at its console, with the server running or not. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "people/names.h"
#include "people/people_parts.h"
#include "quarter/check.h"

struct search {
    char name[PEOPLE_NAME_BYTES + 1];
    int place; /* -1: not found */
    int other_admins;
    struct person_record record;
};

static void look(void *context, int place, const struct person_record *person)
{
    struct search *search = context;
    if (strcmp(person->public.name, search->name) == 0) {
        search->place = place;
        search->record = *person;
    } else if ((person->public.roles & ROLE_ADMIN) && person->public.disabled_ms == 0) {
        search->other_admins++;
    }
}

static enum status reset(struct records *records, const struct people_config *config,
                         struct search *search, char *one_time)
{
    const struct password_cost cost = people_cost(config);
    int64_t now_ms = config->now_ms(config->clock);
    const struct records_reader reader = {.person = look, .context = search};
    enum status status = records_load(records, &reader);
    if (status != STATUS_OK)
        return status;
    if (search->place < 0)
        return STATUS_NOT_FOUND;
    struct person *person = &search->record.public;
    if (!people_set_one_time(&cost, &search->record, now_ms, one_time))
        return STATUS_UNAVAILABLE;
    if (search->other_admins == 0) {
        person->roles |= ROLE_ADMIN;
        person->disabled_ms = 0;
    }
    (void)records_put_person(records, search->place, &search->record);
    struct audit_entry entry = {
        .actor = "console", .action = "reset_password", .result = "ok", .at_ms = now_ms};
    snprintf(entry.object, sizeof entry.object, "person:%s", person->id);
    (void)records_put_audit(records, &entry);
    return STATUS_OK;
}

static enum status reset_in_file(struct records *records, const struct people_config *config,
                                 struct search *search, char *one_time, struct store_error *why)
{
    enum status status = records_begin(records);
    if (status == STATUS_OK) {
        status = reset(records, config, search, one_time);
        if (status == STATUS_OK)
            status = records_commit(records);
        else
            records_rollback(records);
    }
    if (status == STATUS_NOT_FOUND)
        return store_fail(why, status, "nobody signs in as \"%s\"", search->name);
    if (status == STATUS_UNAVAILABLE)
        return store_fail(why, status, "there is no memory to hash a password");
    if (status != STATUS_OK)
        store_fail(why, status, "%s", records_error(records));
    return status;
}

enum status people_reset_from_console(const struct people_config *config, const char *name,
                                      char one_time[PEOPLE_ONE_TIME_LEN + 1], char *error,
                                      size_t error_size)
{
    CHECK(sodium_init() >= 0);
    struct store_error why = {""};
    struct search search = {.place = -1};
    struct records *records = NULL;
    struct stat about;
    char fresh[PEOPLE_ONE_TIME_LEN + 1];
    enum status status = STATUS_OK;
    if (!name_prepare(name, search.name))
        status = store_fail(&why, STATUS_NOT_FOUND, "\"%s\" is not a name to sign in with", name);
    else if (!config->vfs &&
             stat(config->path, &about) != 0) /* a wrong path must not make a new file */
        status = store_fail(&why, STATUS_NOT_FOUND, "%s: %s", config->path, strerrordesc_np(errno));
    else
        status = records_open(config->path, config->vfs, &records, &why);
    if (status == STATUS_OK)
        status = reset_in_file(records, config, &search, fresh, &why);
    if (status == STATUS_OK)
        memcpy(one_time, fresh, sizeof fresh);
    else if (error)
        snprintf(error, error_size, "%s", why.text);
    records_close(records);
    sodium_memzero(&search, sizeof search);
    sodium_memzero(fresh, sizeof fresh);
    return status;
}
