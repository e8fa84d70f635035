/* The face of the library: a mailbox and a network thread behind one handle. */
#include "client/client.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "credentials.h"
#include "edge.h"
#include "mailbox.h"
#include "network.h"
#include "quarter/check.h"

struct client {
    struct mailbox *mailbox;
    struct network *network;
    bool has_device;
};

static bool is_http_url(const char *text, bool *tls)
{
    CURLU *url = curl_url();
    char *scheme = NULL;
    bool right = url != NULL && text != NULL &&
                 curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                 curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                 (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    *tls = right && strcmp(scheme, "https") == 0;
    curl_free(scheme);
    curl_url_cleanup(url);
    return right;
}

static bool is_code_or_empty(const char *text)
{
    return text[0] == '\0' || edge_is_code(text);
}

static bool are_right(const struct client_options *options)
{
    bool tls = false;
    bool streams = options->board_id != NULL && options->board_id[0] != '\0';
    if (!is_http_url(options->base_url, &tls) || (streams && !edge_is_code(options->board_id)) ||
        (options->kind != NULL &&
         (!streams || !edge_is_code(options->kind) || strlen(options->kind) > QUARTER_CODE_MAX ||
          strlen(options->board_id) > QUARTER_CODE_MAX)))
        return false;
    return options->server_key != NULL ? tls && client_is_server_key(options->server_key)
                                       : !tls || options->kind != NULL;
}

enum status client_create(const struct client_options *options, struct client **out)
{
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return STATUS_UNAVAILABLE;
    enum status status = STATUS_INVALID;
    struct client *client = NULL;
    if (!are_right(options))
        goto cleanup;
    status = STATUS_FULL;
    client = calloc(1, sizeof *client);
    if (client == NULL)
        goto cleanup;
    client->mailbox = mailbox_create(options->wake, options->wake_context);
    if (client->mailbox == NULL)
        goto cleanup;
    client->has_device = options->board_id != NULL && options->board_id[0] != '\0';
    status = network_start(options, client->mailbox, &client->network);
    if (status != STATUS_OK)
        goto cleanup;
    *out = client;
    return STATUS_OK;
cleanup:
    if (client != NULL)
        mailbox_destroy(client->mailbox);
    free(client);
    curl_global_cleanup();
    return status;
}

void client_destroy(struct client *client)
{
    if (client == NULL)
        return;
    network_stop(client->network);
    mailbox_destroy(client->mailbox);
    free(client);
    curl_global_cleanup();
}

/* As the server will check it: 8-128 bytes of visible ASCII. */
static bool is_key(const char *key)
{
    size_t length = strnlen(key, QUARTER_KEY_MAX + 1);
    for (size_t i = 0; i < length && i <= QUARTER_KEY_MAX; i++)
        if (key[i] <= ' ' || key[i] > '~')
            return false;
    return length >= QUARTER_KEY_MIN && length <= QUARTER_KEY_MAX;
}

static bool is_right_answer(const struct issue_answer *answer)
{
    if (!edge_is_code(answer->question) || answer->choice_count < 0 ||
        answer->choice_count > QUARTER_ANSWER_CHOICES_MAX ||
        (!answer->is_list && answer->choice_count > 1))
        return false;
    for (int i = 0; i < answer->choice_count; i++)
        if (!edge_is_code(answer->choices[i]))
            return false;
    return true;
}

static bool is_right(const struct issue_request *request)
{
    if (!is_key(request->key) || !edge_is_code(request->service) ||
        !is_code_or_empty(request->language) || !is_code_or_empty(request->device) ||
        request->need_count < 0 || request->need_count > QUARTER_NEEDS_MAX ||
        request->answer_count < 0 || request->answer_count > QUARTER_ANSWERS_MAX)
        return false;
    for (int i = 0; i < request->need_count; i++)
        if (!edge_is_code(request->needs[i]))
            return false;
    if (!is_code_or_empty(request->avoidable) || !is_code_or_empty(request->ticket_class))
        return false;
    for (int i = 0; i < request->answer_count; i++)
        if (!is_right_answer(&request->answers[i]))
            return false;
    char *body = wire_write_issue(request); /* the rest: are the answers UTF-8? */
    bool right = body != NULL && strlen(body) <= QUARTER_BODY_BYTES;
    free(body);
    return right;
}

enum status client_issue(struct client *client, const struct issue_request *request)
{
    if (!is_right(request))
        return STATUS_INVALID;
    enum status status = mailbox_ask(client->mailbox, request);
    if (status == STATUS_OK)
        network_wakeup(client->network);
    return status;
}

void client_cancel(struct client *client, const char *key)
{
    if (mailbox_cancel(client->mailbox, key))
        network_wakeup(client->network);
}

enum status client_visit(struct client *client, const struct visit_request *request)
{
    if (!is_key(request->key) || !edge_is_code(request->kind) || !edge_is_code(request->service) ||
        !is_code_or_empty(request->signpost) || !is_code_or_empty(request->language) ||
        !is_code_or_empty(request->device) || !is_code_or_empty(request->avoidable))
        return STATUS_INVALID;
    enum status status = mailbox_put_visit(client->mailbox, request);
    if (status == STATUS_OK)
        network_wakeup(client->network);
    return status;
}

enum status client_help(struct client *client, bool wanted, const char *language)
{
    if (!client->has_device || !is_code_or_empty(language) || strlen(language) > QUARTER_CODE_MAX)
        return STATUS_INVALID;
    mailbox_wish_help(client->mailbox, wanted, language);
    network_wakeup(client->network);
    return STATUS_OK;
}

enum status client_print_done(struct client *client, const char *print, bool printed)
{
    if (!edge_is_code(print) || strlen(print) > QUARTER_ULID_LEN)
        return STATUS_INVALID;
    enum status status = mailbox_put_print(client->mailbox, print, printed);
    if (status == STATUS_OK)
        network_wakeup(client->network);
    return status;
}

enum status client_printer(struct client *client, const char *state, const char *reason)
{
    if (!client->has_device || !is_code_or_empty(state) || strlen(state) > QUARTER_CODE_MAX ||
        !is_code_or_empty(reason) || strlen(reason) > QUARTER_CODE_MAX)
        return STATUS_INVALID;
    mailbox_tell_printer(client->mailbox, state, reason);
    network_wakeup(client->network);
    return STATUS_OK;
}

bool client_poll(struct client *client, struct client_message *message)
{
    return mailbox_take(client->mailbox, message);
}

void client_message_clear(struct client_message *message)
{
    site_info_destroy(message->site);
    free(message->board);
    message->site = NULL;
    message->board = NULL;
}

bool client_is_server_key(const char *text)
{
    unsigned char key[SERVER_KEY_BYTES];
    return server_key_read(text, key);
}

void client_kept_name(const char *kind, const char *code, char out[CLIENT_KEPT_BYTES])
{
    _Static_assert((int)CLIENT_KEPT_BYTES == (int)CREDENTIALS_NAME_BYTES, "one name, one size");
    credentials_name(kind, code, out);
}

void client_new_key(char out[static CLIENT_KEY_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[(CLIENT_KEY_BYTES - 1) / 2];
    CHECK(getrandom(bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes); /* <= 256: never short */
    for (size_t i = 0; i < sizeof bytes; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    out[CLIENT_KEY_BYTES - 1] = '\0';
}
