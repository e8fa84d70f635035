/* Pairing a device, and whoever sits in between; tokens of devices. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people/sas.h"
#include "test_people_kit.h"

enum { MIN_MS = 60000 };

static const unsigned char servers_pin[PEOPLE_PIN_BYTES] = "the key of the server";

static int set_up(void **state)
{
    static struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_close(&kit);
    memcpy(kit.config.pin, servers_pin, sizeof servers_pin);
    people_kit_open(&kit);
    people_kit_make_admin(&kit, NULL);
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    people_kit_tear_down(*state);
    return 0;
}

/* What a device does: it keeps to the protocol, and shows letters of the key that it saw. */
struct gadget {
    unsigned char nonce[PEOPLE_NONCE_BYTES];
    struct pairing pairing;
    char shows[PEOPLE_SAS_LEN + 1];
};

static enum people_result ask_from(struct people_kit *kit, struct gadget *gadget,
                                   enum device_kind kind, const char *address)
{
    unsigned char nonce_s[PEOPLE_NONCE_BYTES];
    struct pairing_ask ask = {.kind = kind, .code = "kiosk-7", .address = address};
    randombytes_buf(gadget->nonce, sizeof gadget->nonce);
    sas_commit(gadget->nonce, ask.commitment);
    enum people_result result = people_ask_pairing(kit->people, &ask, &gadget->pairing, nonce_s);
    if (result == PEOPLE_OK)
        sas_make(gadget->nonce, nonce_s, servers_pin, gadget->shows);
    return result;
}

static enum people_result ask(struct people_kit *kit, struct gadget *gadget, enum device_kind kind)
{
    return ask_from(kit, gadget, kind, "192.0.2.9");
}

static void reveal(struct people_kit *kit, struct gadget *gadget)
{
    assert_int_equal(people_reveal_pairing(kit->people, gadget->pairing.id, gadget->nonce),
                     PEOPLE_OK);
}

static enum people_result approve(struct people_kit *kit, const struct gadget *gadget,
                                  const char *typed, const char *code)
{
    return people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_APPROVE_PAIRING,
                                                        .pairing = gadget->pairing.number,
                                                        .sas = typed,
                                                        .code = code})
        .result;
}

static void pair(struct people_kit *kit, const char *code, enum device_kind kind,
                 char token[PEOPLE_TOKEN_LEN + 1])
{
    struct gadget gadget;
    struct device device;
    assert_int_equal(ask(kit, &gadget, kind), PEOPLE_OK);
    reveal(kit, &gadget);
    assert_int_equal(approve(kit, &gadget, gadget.shows, code), PEOPLE_OK);
    assert_int_equal(people_fetch_pairing(kit->people, gadget.pairing.id, token, &device),
                     PEOPLE_OK);
    assert_string_equal(device.code, code);
    assert_int_equal(device.kind, kind);
}

static enum people_result check(struct people_kit *kit, const char *token)
{
    struct device device;
    return people_check_device(kit->people, token, &device);
}

static void a_device_is_let_in_by_what_it_shows(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadget;
    struct pairing list[PEOPLE_PAIRINGS_MAX];
    char token[PEOPLE_TOKEN_LEN + 1], again[PEOPLE_TOKEN_LEN + 1];
    struct device device;
    assert_int_equal(ask(kit, &gadget, DEVICE_DISPLAY), PEOPLE_OK);
    assert_int_equal(people_list_pairings(kit->people, list), 0); /* it has to reveal first */
    assert_int_equal(approve(kit, &gadget, gadget.shows, "lobby"), PEOPLE_PAIRING_OVER);
    reveal(kit, &gadget);
    reveal(kit, &gadget); /* the answer was lost */
    assert_int_equal(people_list_pairings(kit->people, list), 1);
    assert_int_equal(list[0].kind, DEVICE_DISPLAY);
    assert_string_equal(list[0].address, "192.0.2.0/24");
    assert_string_equal(list[0].id, ""); /* whoever has it could fetch the token */
    assert_int_equal(people_fetch_pairing(kit->people, gadget.pairing.id, token, &device),
                     PEOPLE_PAIRING_WAITS);
    char typed[16];
    snprintf(typed, sizeof typed, "%.3s %.3s", gadget.shows, gadget.shows + 3);
    for (char *letter = typed; *letter; letter++)
        *letter = (char)(*letter >= 'A' && *letter <= 'Z' ? *letter + 32 : *letter);
    assert_int_equal(approve(kit, &gadget, typed, "Lobby!"), PEOPLE_BAD_CODE);
    assert_int_equal(approve(kit, &gadget, typed, "lobby"), PEOPLE_OK);
    assert_int_equal(people_list_pairings(kit->people, list), 0);
    assert_int_equal(people_fetch_pairing(kit->people, gadget.pairing.id, token, &device),
                     PEOPLE_OK);
    assert_int_equal(people_fetch_pairing(kit->people, gadget.pairing.id, again, &device),
                     PEOPLE_OK);
    assert_string_equal(token, again);
    kit->now_ms += MIN_MS;
    assert_int_equal(people_check_device(kit->people, token, &device), PEOPLE_OK);
    assert_string_equal(device.code, "lobby");
    assert_int_equal(device.kind, DEVICE_DISPLAY);
    assert_int_equal(device.seen_ms, kit->now_ms);
    kit->now_ms += 10 * MIN_MS;
    assert_int_equal(people_fetch_pairing(kit->people, gadget.pairing.id, token, &device),
                     PEOPLE_PAIRING_OVER);
}

/* A slip of the pen cuts off no program that watches from elsewhere; a device is paired anew as before. */
static void a_machine_keeps_its_name(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadget;
    char token[PEOPLE_TOKEN_LEN + 1];
    const struct people_request add = {.verb = PEOPLE_ADD_MACHINE, .code = "monitor"};
    struct people_answer machine = people_kit_ask(kit, &add);
    assert_int_equal(machine.result, PEOPLE_OK);
    assert_int_equal(ask(kit, &gadget, DEVICE_DISPLAY), PEOPLE_OK);
    reveal(kit, &gadget);
    assert_int_equal(approve(kit, &gadget, gadget.shows, "monitor"), PEOPLE_DEVICE_TAKEN);
    assert_int_equal(check(kit, machine.token), PEOPLE_OK);
    assert_int_equal(approve(kit, &gadget, gadget.shows, "lobby"), PEOPLE_OK);
    pair(kit, "lobby", DEVICE_DISPLAY, token);
    assert_int_equal(check(kit, token), PEOPLE_OK);
}

static void three_wrong_codes_end_it(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadget;
    char wrong[PEOPLE_SAS_LEN + 1];
    assert_int_equal(ask(kit, &gadget, DEVICE_KIOSK), PEOPLE_OK);
    reveal(kit, &gadget);
    memcpy(wrong, gadget.shows, sizeof wrong);
    wrong[5] = wrong[5] == 'A' ? 'C' : 'A';
    assert_int_equal(approve(kit, &gadget, wrong, "kiosk-1"), PEOPLE_WRONG_PAIRING_CODE);
    assert_int_equal(approve(kit, &gadget, "", "kiosk-1"), PEOPLE_WRONG_PAIRING_CODE);
    assert_int_equal(approve(kit, &gadget, "no letters", "kiosk-1"), PEOPLE_PAIRING_OVER);
    assert_int_equal(approve(kit, &gadget, gadget.shows, "kiosk-1"), PEOPLE_PAIRING_OVER);
}

/* With a key of his own before the device: what its screen shows is not what the server works out. */
static void who_sits_in_between_shows_other_letters(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadget;
    unsigned char nonce_s[PEOPLE_NONCE_BYTES];
    struct pairing_ask ask = {.kind = DEVICE_KIOSK, .code = "kiosk-1"};
    const unsigned char his_pin[PEOPLE_PIN_BYTES] = "the key of somebody else";
    randombytes_buf(gadget.nonce, sizeof gadget.nonce);
    sas_commit(gadget.nonce, ask.commitment);
    assert_int_equal(people_ask_pairing(kit->people, &ask, &gadget.pairing, nonce_s), PEOPLE_OK);
    sas_make(gadget.nonce, nonce_s, his_pin, gadget.shows);
    reveal(kit, &gadget);
    assert_int_equal(approve(kit, &gadget, gadget.shows, "kiosk-1"), PEOPLE_WRONG_PAIRING_CODE);
}

static void a_device_is_held_to_what_it_committed_to(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadget;
    assert_int_equal(ask(kit, &gadget, DEVICE_KIOSK), PEOPLE_OK);
    gadget.nonce[0] ^= 1;
    assert_int_equal(people_reveal_pairing(kit->people, gadget.pairing.id, gadget.nonce),
                     PEOPLE_WRONG_REVEAL);
    gadget.nonce[0] ^= 1;
    assert_int_equal(people_reveal_pairing(kit->people, gadget.pairing.id, gadget.nonce),
                     PEOPLE_PAIRING_OVER);
    assert_int_equal(people_reveal_pairing(kit->people, "not an id", gadget.nonce),
                     PEOPLE_PAIRING_OVER);
}

static void each_step_has_its_time(void **state)
{
    struct people_kit *kit = *state;
    struct gadget slow, late;
    assert_int_equal(ask(kit, &slow, DEVICE_KIOSK), PEOPLE_OK);
    assert_int_equal(ask(kit, &late, DEVICE_KIOSK), PEOPLE_OK);
    kit->now_ms += MIN_MS - 1;
    reveal(kit, &late);
    kit->now_ms += 1;
    assert_int_equal(people_reveal_pairing(kit->people, slow.pairing.id, slow.nonce),
                     PEOPLE_PAIRING_OVER);
    kit->now_ms += 10 * MIN_MS - 1;
    assert_int_equal(approve(kit, &late, late.shows, "kiosk-1"), PEOPLE_PAIRING_OVER);
}

static void eight_may_ask_at_once(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadgets[PEOPLE_PAIRINGS_MAX + 1];
    for (int i = 0; i < PEOPLE_PAIRINGS_MAX; i++)
        assert_int_equal(ask(kit, &gadgets[i], DEVICE_KIOSK), PEOPLE_OK);
    assert_int_equal(ask(kit, &gadgets[PEOPLE_PAIRINGS_MAX], DEVICE_KIOSK),
                     PEOPLE_TOO_MANY_PAIRINGS);
    reveal(kit, &gadgets[3]);
    kit->now_ms += MIN_MS; /* those who only asked are gone */
    assert_int_equal(ask(kit, &gadgets[PEOPLE_PAIRINGS_MAX], DEVICE_KIOSK), PEOPLE_OK);
    assert_int_equal(approve(kit, &gadgets[3], gadgets[3].shows, "kiosk-1"), PEOPLE_OK);
}

static void who_has_its_token_makes_room(void **state)
{
    struct people_kit *kit = *state;
    struct gadget gadgets[PEOPLE_PAIRINGS_MAX], ninth, tenth;
    char token[PEOPLE_TOKEN_LEN + 1];
    struct device device;
    for (int i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
        char code[16];
        snprintf(code, sizeof code, "kiosk-%d", i + 1);
        assert_int_equal(ask(kit, &gadgets[i], DEVICE_KIOSK), PEOPLE_OK);
        reveal(kit, &gadgets[i]);
        assert_int_equal(approve(kit, &gadgets[i], gadgets[i].shows, code), PEOPLE_OK);
        kit->now_ms++;
    }
    assert_int_equal(ask(kit, &ninth, DEVICE_KIOSK), PEOPLE_TOO_MANY_PAIRINGS);
    for (int i = 3; i >= 2; i--)
        assert_int_equal(people_fetch_pairing(kit->people, gadgets[i].pairing.id, token, &device),
                         PEOPLE_OK);
    assert_int_equal(ask(kit, &ninth, DEVICE_KIOSK), PEOPLE_OK); /* the third's place */
    assert_int_equal(people_fetch_pairing(kit->people, gadgets[2].pairing.id, token, &device),
                     PEOPLE_PAIRING_OVER);
    assert_int_equal(people_fetch_pairing(kit->people, gadgets[3].pairing.id, token, &device),
                     PEOPLE_OK);
    assert_int_equal(people_check_device(kit->people, token, &device), PEOPLE_OK);
    /* Who was let out again before it came for its token has no use for its place. */
    assert_int_equal(people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_REVOKE_DEVICE,
                                                                  .code = "kiosk-1"})
                         .result,
                     PEOPLE_OK);
    assert_int_equal(people_fetch_pairing(kit->people, gadgets[0].pairing.id, token, &device),
                     PEOPLE_PAIRING_OVER);
    assert_int_equal(ask(kit, &tenth, DEVICE_KIOSK), PEOPLE_OK); /* and not the fourth's */
    assert_int_equal(people_fetch_pairing(kit->people, gadgets[3].pairing.id, token, &device),
                     PEOPLE_OK);
    for (int i = 4; i < PEOPLE_PAIRINGS_MAX; i++)
        assert_int_equal(people_fetch_pairing(kit->people, gadgets[i].pairing.id, token, &device),
                         PEOPLE_OK);
}

static void who_floods_keeps_nobody_out(void **state)
{
    struct people_kit *kit = *state;
    static const char *const floods[] = {"2001:db8::1", "2001:db8::2", "2001:db8::3"};
    struct gadget flood[PEOPLE_PAIRINGS_MAX], first, second, third;
    for (int i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
        assert_int_equal(ask_from(kit, &flood[i], DEVICE_KIOSK, floods[i % 3]), PEOPLE_OK);
        reveal(kit, &flood[i]); /* holds its place for ten minutes */
    }
    assert_int_equal(approve(kit, &flood[7], flood[7].shows, "kiosk-7"), PEOPLE_OK);
    assert_int_equal(ask_from(kit, &first, DEVICE_KIOSK, "192.0.2.1"), PEOPLE_OK);
    reveal(kit, &first);
    assert_int_equal(ask_from(kit, &second, DEVICE_DISPLAY, NULL), PEOPLE_OK);
    reveal(kit, &second);
    /* Whoever has most gets no more, and what it began first goes on, as does what was approved. */
    assert_int_equal(ask_from(kit, &third, DEVICE_KIOSK, "2001:db8::4"), PEOPLE_TOO_MANY_PAIRINGS);
    assert_int_equal(approve(kit, &flood[6], flood[6].shows, "kiosk-6"), PEOPLE_PAIRING_OVER);
    assert_int_equal(approve(kit, &flood[5], flood[5].shows, "kiosk-6"), PEOPLE_PAIRING_OVER);
    assert_int_equal(approve(kit, &flood[0], flood[0].shows, "kiosk-6"), PEOPLE_OK);
    assert_int_equal(approve(kit, &first, first.shows, "kiosk-1"), PEOPLE_OK);
    assert_int_equal(approve(kit, &second, second.shows, "lobby"), PEOPLE_OK);
    char token[PEOPLE_TOKEN_LEN + 1];
    struct device device;
    assert_int_equal(people_fetch_pairing(kit->people, flood[7].pairing.id, token, &device),
                     PEOPLE_OK);
}

static void a_revoked_device_is_nobody(void **state)
{
    struct people_kit *kit = *state;
    char token[PEOPLE_TOKEN_LEN + 1], other[PEOPLE_TOKEN_LEN + 1];
    pair(kit, "kiosk-1", DEVICE_KIOSK, token);
    pair(kit, "lobby", DEVICE_DISPLAY, other);
    const struct people_request revoke = {.verb = PEOPLE_REVOKE_DEVICE, .code = "kiosk-1"};
    assert_int_equal(people_kit_ask(kit, &revoke).result, PEOPLE_OK);
    assert_int_equal(check(kit, token), PEOPLE_UNKNOWN_DEVICE);
    assert_int_equal(check(kit, other), PEOPLE_OK);
    people_kit_close(kit);
    people_kit_open(kit);
    assert_int_equal(check(kit, token), PEOPLE_UNKNOWN_DEVICE);
    assert_int_equal(check(kit, other), PEOPLE_OK);
    struct device *list = NULL;
    assert_int_equal(people_list_devices(kit->people, &list), 2);
    assert_string_equal(list[0].code, "kiosk-1");
    assert_int_equal(list[0].revoked_ms, kit->now_ms);
    assert_int_equal(list[1].revoked_ms, 0);
    free(list);
    const struct people_request unknown = {.verb = PEOPLE_REVOKE_DEVICE, .code = "kiosk-9"};
    assert_int_equal(people_kit_ask(kit, &unknown).result, PEOPLE_UNKNOWN_DEVICE);
}

static void a_new_device_takes_its_predecessors_place(void **state)
{
    struct people_kit *kit = *state;
    char old[PEOPLE_TOKEN_LEN + 1], fresh[PEOPLE_TOKEN_LEN + 1];
    pair(kit, "kiosk-1", DEVICE_KIOSK, old);
    const struct people_request revoke = {.verb = PEOPLE_REVOKE_DEVICE, .code = "kiosk-1"};
    assert_int_equal(people_kit_ask(kit, &revoke).result, PEOPLE_OK);
    pair(kit, "kiosk-1", DEVICE_PRINTER, fresh);
    assert_int_equal(check(kit, old), PEOPLE_UNKNOWN_DEVICE);
    assert_int_equal(check(kit, fresh), PEOPLE_OK);
    struct device *list = NULL;
    assert_int_equal(people_list_devices(kit->people, &list), 1);
    assert_int_equal(list[0].kind, DEVICE_PRINTER);
    free(list);
}

static void when_it_was_seen_outlives_a_restart(void **state)
{
    struct people_kit *kit = *state;
    char token[PEOPLE_TOKEN_LEN + 1];
    struct device device;
    pair(kit, "kiosk-1", DEVICE_KIOSK, token);
    kit->now_ms += 60 * MIN_MS;
    assert_int_equal(check(kit, token), PEOPLE_OK);
    int64_t seen_ms = kit->now_ms;
    people_kit_close(kit);
    people_kit_open(kit);
    struct device *list = NULL;
    people_list_devices(kit->people, &list);
    assert_int_equal(list[0].seen_ms, seen_ms);
    free(list);
    assert_int_equal(people_check_device(kit->people, token, &device), PEOPLE_OK);
    kit->now_ms += MIN_MS; /* a stream that stays open is a device that is there */
    assert_true(people_device_lives(kit->people, &device));
    people_list_devices(kit->people, &list);
    assert_int_equal(list[0].seen_ms, kit->now_ms);
    free(list);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(a_device_is_let_in_by_what_it_shows),
        WITH_KIT(a_machine_keeps_its_name),
        WITH_KIT(three_wrong_codes_end_it),
        WITH_KIT(who_sits_in_between_shows_other_letters),
        WITH_KIT(a_device_is_held_to_what_it_committed_to),
        WITH_KIT(each_step_has_its_time),
        WITH_KIT(eight_may_ask_at_once),
        WITH_KIT(who_has_its_token_makes_room),
        WITH_KIT(who_floods_keeps_nobody_out),
        WITH_KIT(a_revoked_device_is_nobody),
        WITH_KIT(a_new_device_takes_its_predecessors_place),
        WITH_KIT(when_it_was_seen_outlives_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
