/* Advice as JSON. See advice_json.h. */
#include "http/advice_json.h"

#include <math.h>
#include <string.h>

#include "quarter/check.h"

static const int64_t minute_ms = 60000;

static const char *const codes[] = {
    [MOVE_OPEN] = "open", [MOVE_PAUSE] = "pause", [MOVE_SHIFT_BREAK] = "shift_break"};
enum { MOVE_TYPES = sizeof(codes) / sizeof(codes[0]) };

const char *move_code(enum move_type type)
{
    CHECK((unsigned)type < MOVE_TYPES);
    return codes[type];
}

bool move_from_code(const char *code, enum move_type *type)
{
    for (int i = 0; i < MOVE_TYPES; i++) {
        if (strcmp(codes[i], code) == 0) {
            *type = (enum move_type)i;
            return true;
        }
    }
    return false;
}

static void write_number(struct json_out *out, const char *key, double value)
{
    json_out_key(out, key);
    json_out_number(out, value);
}

static void write_seconds(struct json_out *out, const char *key, double value)
{
    json_out_key(out, key);
    json_out_integer(out, llround(value));
}

static void write_outlook(struct json_out *out, const struct outlook *outlook)
{
    write_number(out, "within_share", outlook->within_share);
    write_seconds(out, "p95_s", outlook->p95_s);
    write_seconds(out, "mean_s", outlook->mean_s);
    write_number(out, "passed_standard", outlook->passed_standard);
    write_number(out, "left", outlook->left);
}

void outlook_json_write(struct json_out *out, const struct outlook *outlook, int64_t as_of_ms)
{
    if (!outlook->known) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "as_of");
    json_out_time(out, as_of_ms);
    write_outlook(out, outlook);
    json_out_close(out, '}');
}

static void write_services(struct json_out *out, const struct scene *scene, uint64_t services)
{
    json_out_open(out, '[');
    for (int i = 0; i < scene->names.service_count; i++) {
        if ((services >> i & 1U) != 0) {
            json_out_string(out, scene->names.services[i]);
        }
    }
    json_out_close(out, ']');
}

/* "move", "counter", and of its kind "services" or "minutes"; the others are null. */
static void write_move(struct json_out *out, const struct scene *scene, const struct move *move)
{
    CHECK(move->counter >= 0 && move->counter < scene->names.counter_count);
    const uint64_t services =
        move->services != 0 ? move->services : scene->snapshot.counters[move->counter].services;
    json_out_key(out, "move");
    json_out_string(out, move_code(move->type));
    json_out_key(out, "counter");
    json_out_string(out, scene->names.counters[move->counter]);
    json_out_key(out, "services");
    if (move->type == MOVE_OPEN) {
        write_services(out, scene, services);
    } else {
        json_out_null(out);
    }
    json_out_key(out, "minutes");
    if (move->type == MOVE_OPEN) {
        json_out_null(out);
    } else {
        json_out_integer(out, move->by_ms / minute_ms);
    }
}

/* Where nobody is to come, nothing is known of a move; 0 would be an answer. */
static void write_no_effect(struct json_out *out)
{
    static const char *const keys[] = {"within_share", "p95_s",      "mean_s",   "passed_standard",
                                       "left",         "gain_share", "gain_low", "gain_high"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_out_key(out, keys[i]);
        json_out_null(out);
    }
}

static void write_effect(struct json_out *out, const struct move_effect *effect)
{
    if (effect->outlook.known) {
        write_outlook(out, &effect->outlook);
        write_number(out, "gain_share", effect->gain_share);
        write_number(out, "gain_low", effect->gain_low);
        write_number(out, "gain_high", effect->gain_high);
    } else {
        write_no_effect(out);
    }
    json_out_key(out, "runs");
    json_out_integer(out, effect->runs);
}

void advice_json_write(struct json_out *out, const struct advice *advice, const struct scene *scene)
{
    json_out_open(out, '{');
    json_out_key(out, "as_of");
    json_out_time(out, advice->as_of_ms);
    json_out_key(out, "runs");
    json_out_integer(out, advice->runs);
    json_out_key(out, "nothing");
    outlook_json_write(out, &advice->nothing, advice->as_of_ms);
    json_out_key(out, "moves");
    json_out_open(out, '[');
    for (int i = 0; i < advice->move_count; i++) {
        json_out_open(out, '{');
        write_move(out, scene, &advice->moves[i].move);
        write_effect(out, &advice->moves[i]);
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
    json_out_close(out, '}');
}

void what_if_json_write(struct json_out *out, const struct scene *scene, const struct move *moves,
                        int count, const struct outlook *nothing, const struct move_effect *effect)
{
    json_out_open(out, '{');
    json_out_key(out, "as_of");
    json_out_time(out, scene->now_ms);
    json_out_key(out, "runs");
    json_out_integer(out, effect->runs);
    json_out_key(out, "nothing");
    outlook_json_write(out, nothing, scene->now_ms);
    json_out_key(out, "moves");
    json_out_open(out, '[');
    for (int i = 0; i < count; i++) {
        json_out_open(out, '{');
        write_move(out, scene, &moves[i]);
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
    json_out_key(out, "effect");
    json_out_open(out, '{');
    write_effect(out, effect);
    json_out_close(out, '}');
    json_out_close(out, '}');
}
