/* A device that asks to be let in: the letters, the key, the token, and all that can go wrong. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/mailbox.h"
#include "client/pairing.h"
#include "client/post.h"
#include "pairing_house.h"
#include "test_kit.h"

static void without_sign_in_nothing_is_asked(void **state)
{
    struct house *house = *state;
    struct client_message message;
    house->sign_in = false;
    house_start_client(house, fake_server_url(house->server), NULL);
    house_wait_for_board(house);
    (void)house_wait_for(house, CLIENT_ONLINE);
    while (client_poll(house->client, &message)) {
        assert_true(message.type != CLIENT_PAIRING);
        client_message_clear(&message);
    }
    assert_int_equal(house_count(house, &house->asked), 0);
    assert_int_equal(house_count(house, &house->with_token), 0);
}

static void it_is_let_in_and_stays_so_over_a_start(void **state)
{
    struct house *house = *state;
    struct stat file;
    char path[160];
    house_start_client(house, fake_server_url(house->server), NULL);
    house_get_let_in(house);
    assert_string_equal(house->kind, "display");
    assert_string_equal(house->code, "lobby");
    house_kept_path(house, path);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_false(house_kept(house).has_key);
    assert_string_equal(house_kept(house).token, house->token);
    house_stop_client(house);
    house_start_client(house, fake_server_url(house->server), NULL);
    house_wait_for_board(house);
    assert_int_equal(house_count(house, &house->asked), 1);
}

static void a_revoked_device_asks_anew_and_loses_no_ticket(void **state)
{
    struct house *house = *state;
    struct issue_request request = {.key = "key-of-a-visit", .service = "housing_options"};
    house_start_client(house, fake_server_url(house->server), NULL);
    house_get_let_in(house);
    house_let_go(house);
    assert_int_equal(client_issue(house->client, &request), STATUS_OK);
    struct client_pairing shown = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_string_equal(house_kept(house).token, "");
    assert_true(house_type_letters(house, shown.letters));
    struct client_message message = house_wait_for(house, CLIENT_TICKET);
    assert_string_equal(message.of.ticket.key, "key-of-a-visit");
    assert_string_equal(house->ticket_key, "key-of-a-visit");
    assert_string_equal(house_kept(house).token, house->token);
}

static void letters_that_are_over_are_followed_by_new_ones(void **state)
{
    struct house *house = *state;
    house_start_client(house, fake_server_url(house->server), NULL);
    struct client_pairing first = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    house_fail(house, PART_FETCH, FAULT_OVER);
    struct client_pairing second = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_string_not_equal(first.letters, second.letters);
    assert_false(house_type_letters(house, first.letters));
    assert_true(house_type_letters(house, second.letters));
    house_wait_for_board(house);
}

static void every_step_may_fail_in_every_way(void **state)
{
    struct house *house = *state;
    house_start_client(house, fake_server_url(house->server), NULL);
    for (int part = PART_ASK; part < PART_COUNT; part++)
        for (int fault = FAULT_CLOSE; fault < FAULT_COUNT; fault++) {
            struct client_pairing shown = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
            int fetched = house_count(house, &house->fetched);
            house_fail(house, (enum part)part, (enum fault)fault);
            if (part == PART_FETCH && fault <= FAULT_429) { /* the letters stand */
                while (house_count(house, &house->fetched) < fetched + 2)
                    (void)poll(NULL, 0, 10);
                assert_true(house_type_letters(house, shown.letters));
                house_wait_for_board(house);
                house_let_go(house);
                house_stop_client(house);
                house_start_client(house, fake_server_url(house->server), NULL);
                continue;
            }
            if (part != PART_FETCH) { /* to meet the fault, it has to begin anew */
                house_stop_client(house);
                house_start_client(house, fake_server_url(house->server), NULL);
            }
        }
    house_get_let_in(house);
}

static void the_letters_bind_the_key_and_the_key_is_kept(void **state)
{
    struct house *house = *state;
    const char *url = house_start_tls(house);
    house_start_client(house, url, NULL);
    house_get_let_in(house);
    assert_int_equal(house_count(house, &house->denied),
                     0); /* nothing was sent before the letters */
    assert_true(house_kept(house).has_key);
    assert_memory_equal(house_kept(house).key, house->pin, sizeof house->pin);
    house_stop_client(house);
    house_start_client(house, url, NULL);
    house_wait_for_board(house);
    house_let_go(house);
    house_stop_client(house);
    house_start_client(house, url, NULL);
    house_get_let_in(house); /* by the key that is known */
    assert_memory_equal(house_kept(house).key, house->pin, sizeof house->pin);
}

static void somebody_in_between_shows_other_letters(void **state)
{
    struct house *house = *state;
    const char *url = house_start_tls(house);
    tls_front_pin(house->front, 1, house->pin); /* the server's own key; the one shown is another */
    house_start_client(house, url, NULL);
    struct client_pairing shown = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_int_equal(strlen(house->letters), SAS_LEN);
    assert_false(house_type_letters(house, shown.letters));
    assert_int_equal(house_count(house, &house->with_token) + house_count(house, &house->denied),
                     0);
}

static void a_key_that_changes_while_it_pairs_makes_new_letters(void **state)
{
    struct house *house = *state;
    house_start_client(house, house_start_tls(house), NULL);
    struct client_pairing first = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    house_lock(house);
    tls_front_pin(house->front, 1, house->pin);
    house_unlock(house);
    tls_front_show(house->front, 1);
    struct client_pairing second = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_string_not_equal(first.letters, second.letters);
    assert_true(house_type_letters(house, second.letters));
    house_wait_for_board(house);
    assert_memory_equal(house_kept(house).key, house->pin, sizeof house->pin);
}

static void a_server_of_another_key_is_told_nothing(void **state)
{
    struct house *house = *state;
    house_start_client(house, house_start_tls(house), NULL);
    house_get_let_in(house);
    struct issue_request request = {.key = "key-of-a-visit", .service = "housing_options"};
    tls_front_show(house->front, 1);
    (void)house_wait_for_state(house, CLIENT_PAIRING_OTHER_KEY);
    int served = house_count(house, &house->served), denied = house_count(house, &house->denied);
    assert_int_equal(client_issue(house->client, &request), STATUS_OK);
    struct client_message message = house_wait_for(house, CLIENT_RETRYING);
    assert_string_equal(message.of.retrying.key, "key-of-a-visit");
    assert_int_equal(house_count(house, &house->served), served);
    assert_int_equal(house_count(house, &house->denied), denied);
    assert_int_equal(house_count(house, &house->asked), 1);
    house_stop_client(house);
    house_start_client(house, tls_front_url(house->front), NULL); /* nor after a start */
    (void)house_wait_for_state(house, CLIENT_PAIRING_OTHER_KEY);
    tls_front_show(house->front, 0);
    (void)house_wait_for_state(house, CLIENT_PAIRING_NONE);
    house_wait_for_board(house);
    assert_int_equal(house_count(house, &house->asked), 1);
}

static void a_key_given_beforehand_is_the_only_one(void **state)
{
    struct house *house = *state;
    const char *url = house_start_tls(house);
    char right[SERVER_KEY_TEXT_BYTES], wrong[SERVER_KEY_TEXT_BYTES];
    unsigned char other[SERVER_KEY_BYTES];
    tls_front_pin(house->front, 1, other);
    server_key_write(house->pin, right);
    server_key_write(other, wrong);
    house_start_client(house, url, wrong);
    (void)house_wait_for_state(house, CLIENT_PAIRING_OTHER_KEY);
    assert_int_equal(house_count(house, &house->denied) + house_count(house, &house->asked), 0);
    house_stop_client(house);
    house_start_client(house, url, right);
    house_get_let_in(house);
    house_stop_client(house);
    house_start_client(house, url,
                       wrong); /* it counts more than what is kept, and the token is not told */
    (void)house_wait_for_state(house, CLIENT_PAIRING_OTHER_KEY);
    house_stop_client(house);
    house_lock(house);
    house->sign_in = false;
    house_unlock(house);
    house_start_client(house, url, right); /* and with it a server that pairs nobody serves */
    house_wait_for_board(house);
}

static void a_server_that_pairs_nobody_needs_its_key_given(void **state)
{
    struct house *house = *state;
    house->sign_in = false;
    house_start_client(house, house_start_tls(house), NULL);
    (void)house_wait_for_state(house, CLIENT_PAIRING_KEY_NEEDED);
    assert_int_equal(house_count(house, &house->served), 0);
    house_lock(house);
    house->sign_in = true;
    house_unlock(house);
    house_get_let_in(house);
}

static void sign_in_that_was_turned_off_ends_the_asking(void **state)
{
    struct house *house = *state;
    house_start_client(house, fake_server_url(house->server), NULL);
    (void)house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    house_lock(house);
    house->sign_in = false;
    house_unlock(house);
    (void)house_wait_for_state(house, CLIENT_PAIRING_NONE);
    house_wait_for_board(house);
}

static void another_code_than_its_own_does_not_let_it_in(void **state)
{
    struct house *house = *state;
    kit_set(house->grants, sizeof house->grants, "hall");
    house_start_client(house, fake_server_url(house->server), NULL);
    struct client_pairing shown = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_string_equal(shown.let_in_as, "");
    assert_true(house_type_letters(house, shown.letters));
    shown = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_string_equal(shown.let_in_as, "hall");
    house_lock(house);
    house->grants[0] = '\0';
    house_unlock(house);
    assert_true(house_type_letters(house, shown.letters));
    shown = house_wait_for_state(house, CLIENT_PAIRING_NONE);
    assert_string_equal(shown.let_in_as, "");
}

static void a_token_got_through_tls_is_not_told_without(void **state)
{
    struct house *house = *state;
    house_start_client(house, house_start_tls(house), NULL);
    house_get_let_in(house);
    assert_true(house_count(house, &house->with_token) > 0);
    house_stop_client(house); /* what it asked last may still be on its way to the other address */
    house_start_client(house, house_start_elsewhere(house), NULL);
    (void)house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_int_equal(house_count(house, &house->with_token_elsewhere), 0);
}

static void a_damaged_file_is_as_good_as_none(void **state)
{
    struct house *house = *state;
    char path[160], name[CLIENT_KEPT_BYTES], bytes[1024];
    struct credentials credentials = {.has_key = true, .token = "abcdefghijklmnopqrstuvwxyz-_0123"};
    client_kept_name("display", "lobby", name);
    house_kept_path(house, path);
    assert_int_equal(credentials_load(house->keep_dir, name, &credentials), STATUS_NOT_FOUND);
    assert_int_equal(credentials_store(house->keep_dir, name, &credentials), STATUS_OK);
    struct credentials read = house_kept(house);
    assert_memory_equal(&read, &credentials, sizeof read);
    FILE *file = fopen(path, "r+e");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_in_range(length, 100, sizeof bytes - 1);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(fseek(file, (long)i, SEEK_SET), 0);
        assert_int_not_equal(fputc(bytes[i] ^ 1, file), EOF);
        assert_int_equal(fflush(file), 0);
        assert_int_equal(credentials_load(house->keep_dir, name, &read), STATUS_CORRUPT);
        assert_int_equal(fseek(file, (long)i, SEEK_SET), 0);
        assert_int_not_equal(fputc(bytes[i], file), EOF);
    }
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(truncate(path, (off_t)(length - 1 - i)), 0);
        assert_int_equal(credentials_load(house->keep_dir, name, &read), STATUS_CORRUPT);
    }
    house_start_client(house, fake_server_url(house->server), NULL);
    house_get_let_in(house);
    assert_string_equal(house_kept(house).token, house->token);
}

static void options_that_cannot_work_are_refused(void **state)
{
    static const char key[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    (void)state;
    struct client *client = NULL;
    struct client_options options = {.base_url = "https://127.0.0.1:1", .board_id = "lobby"};
    assert_int_equal(client_create(&options, &client), STATUS_INVALID); /* no way to its key */
    options.server_key = "sha256//short";
    assert_int_equal(client_create(&options, &client), STATUS_INVALID);
    options.server_key = key;
    options.base_url = "http://127.0.0.1:1";
    assert_int_equal(client_create(&options, &client), STATUS_INVALID);
    options.server_key = NULL;
    options.kind = "kiosk";
    options.board_id = NULL;
    assert_int_equal(client_create(&options, &client), STATUS_INVALID);
    assert_true(client_is_server_key(key));
    assert_false(client_is_server_key(key + 1));
    assert_false(client_is_server_key("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;"));
    assert_false(client_is_server_key("sha256//"));
}

/* One turn of a network thread that does nothing but pair, at a time of our own. */
static void drive(CURLM *multi, struct pairing *pairing, int64_t now_ms)
{
    int running = 0, left = 0;
    const CURLMsg *message;
    pairing_look(pairing, now_ms);
    assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        void *owner = NULL;
        enum pairing_step step;
        struct credentials granted;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&owner);
        assert_true(pairing_ended(pairing, owner, result, &step, &granted));
    }
    assert_int_equal(curl_multi_poll(multi, NULL, 0, 20, NULL), CURLM_OK);
}

static void letters_run_out_by_the_devices_own_time_too(void **state)
{
    struct house *house = *state;
    struct access access = {.agent = "test"};
    struct client_message message = {0};
    struct mailbox *mailbox = mailbox_create(NULL, NULL);
    CURLM *multi = curl_multi_init();
    const struct pairing_config config = {.mailbox = mailbox,
                                          .multi = multi,
                                          .access = &access,
                                          .base_url = fake_server_url(house->server),
                                          .kind = "display",
                                          .code = "lobby",
                                          .ask_every_ms = 50};
    struct pairing *pairing = pairing_create(&config);
    assert_non_null(pairing);
    pairing_start(pairing, client_monotonic_ms());
    do
        drive(multi, pairing, client_monotonic_ms());
    while (!mailbox_take(mailbox, &message) || message.of.pairing.state != CLIENT_PAIRING_SHOWS);
    int64_t until_ms = message.of.pairing.until_ms;
    assert_in_range(until_ms - client_monotonic_ms(), 1, QUARTER_PAIRING_MIN * 60000);
    while (pairing_due_ms(pairing) == POST_NEVER) /* a fetch may be under way */
        drive(multi, pairing, client_monotonic_ms());
    pairing_look(pairing, until_ms);
    assert_true(mailbox_take(mailbox, &message));
    assert_int_equal(message.of.pairing.state, CLIENT_PAIRING_ASKS);
    assert_string_equal(message.of.pairing.letters, "");
    pairing_destroy(pairing);
    curl_multi_cleanup(multi);
    mailbox_destroy(mailbox);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, house_set_up, house_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_sign_in_nothing_is_asked),
        TEST(it_is_let_in_and_stays_so_over_a_start),
        TEST(a_revoked_device_asks_anew_and_loses_no_ticket),
        TEST(letters_that_are_over_are_followed_by_new_ones),
        TEST(every_step_may_fail_in_every_way),
        TEST(the_letters_bind_the_key_and_the_key_is_kept),
        TEST(somebody_in_between_shows_other_letters),
        TEST(a_key_that_changes_while_it_pairs_makes_new_letters),
        TEST(a_server_of_another_key_is_told_nothing),
        TEST(a_key_given_beforehand_is_the_only_one),
        TEST(a_server_that_pairs_nobody_needs_its_key_given),
        TEST(sign_in_that_was_turned_off_ends_the_asking),
        TEST(another_code_than_its_own_does_not_let_it_in),
        TEST(a_token_got_through_tls_is_not_told_without),
        TEST(a_damaged_file_is_as_good_as_none),
        TEST(options_that_cannot_work_are_refused),
        TEST(letters_run_out_by_the_devices_own_time_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
