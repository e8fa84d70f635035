/* People as JSON. See people_json.h. */
#include "http/people_json.h"

static void write_text(struct json_out *out, const char *key, const char *text)
{
    json_out_key(out, key);
    json_out_string(out, text);
}

static void write_roles(struct json_out *out, unsigned roles)
{
    json_out_key(out, "roles");
    json_out_open(out, '[');
    for (unsigned role = 1; role <= ROLE_ALL; role <<= 1) {
        if ((roles & role) != 0) {
            json_out_string(out, role_code(role));
        }
    }
    json_out_close(out, ']');
}

/* What both the person's own page and the administrator's say. */
static void write_members(struct json_out *out, const struct person *person)
{
    write_text(out, "id", person->id);
    write_text(out, "name", person->name);
    write_text(out, "display", person->display);
    write_roles(out, person->roles);
    write_text(out, "language", person->language);
    json_out_key(out, "must_change");
    json_out_bool(out, person->must_change);
}

static void write_session(struct json_out *out, const struct people_session *session,
                          int64_t now_ms)
{
    const int64_t ends_ms =
        session->idle_ms < session->until_ms ? session->idle_ms : session->until_ms;
    json_out_key(out, "person");
    json_out_open(out, '{');
    write_members(out, &session->person);
    json_out_close(out, '}');
    write_text(out, "csrf", session->csrf);
    json_out_key(out, "idle_s");
    json_out_integer(out, ends_ms > now_ms ? (ends_ms - now_ms) / 1000 : 0);
    json_out_key(out, "until");
    json_out_time(out, session->until_ms);
}

char *session_document(const struct exchange *exchange, const struct people_session *session)
{
    const struct house *house = exchange->house;
    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "sign_in");
    json_out_bool(&out, house->people != NULL);
    json_out_key(&out, "needs_set_up");
    json_out_bool(&out, house->people != NULL && people_needs_set_up(house->people));
    if (session != NULL) {
        write_session(&out, session, house->people_now(house->people_now_context));
    } else {
        static const char *const none[] = {"person", "csrf", "idle_s", "until"};
        for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
            json_out_key(&out, none[i]);
            json_out_null(&out);
        }
    }
    json_out_close(&out, '}');
    return json_out_take(&out);
}

void person_json_write(struct json_out *out, const struct person *person)
{
    json_out_open(out, '{');
    write_members(out, person);
    json_out_key(out, "disabled");
    json_out_bool(out, person->disabled_ms != 0);
    json_out_key(out, "created_at");
    json_out_time(out, person->created_ms);
    json_out_close(out, '}');
}

void device_json_write(struct json_out *out, const struct device *device)
{
    json_out_open(out, '{');
    write_text(out, "code", device->code);
    write_text(out, "kind", device_kind_code(device->kind));
    json_out_key(out, "paired_at");
    json_out_time(out, device->paired_ms);
    json_out_key(out, "seen_at");
    json_out_time_or_null(out, device->seen_ms);
    json_out_key(out, "revoked");
    json_out_bool(out, device->revoked_ms != 0);
    json_out_close(out, '}');
}

void audit_json_write(struct json_out *out, const struct audit_entry *entry)
{
    json_out_open(out, '{');
    json_out_key(out, "seq");
    json_out_integer(out, entry->seq);
    json_out_key(out, "at");
    json_out_time(out, entry->at_ms);
    write_text(out, "actor", entry->actor);
    write_text(out, "role", entry->role);
    write_text(out, "action", entry->action);
    write_text(out, "object", entry->object);
    write_text(out, "address", entry->address);
    write_text(out, "result", entry->result);
    json_out_close(out, '}');
}
