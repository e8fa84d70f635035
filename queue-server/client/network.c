/* Everything here runs on the network thread but network_start/stop/wakeup. The loop: look at the
 * mailbox, begin what is due, let curl work, deal with what ended, sleep until something happens or
 * is due. No state is shared but the mailbox and the stop flag. */
#include "network.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "errands.h"
#include "exchange.h"
#include "pairing.h"
#include "post.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "site_cache.h"
#include "sse.h"

enum {
    NEVER = POST_NEVER,
    STREAM_SETTLED_MS = 2000, /* a stream that lived so long does not flap: back-off starts anew */
    POLL_MAX_MS = 60000,
};

/* due_at_ms: when the next attempt begins; NEVER while one is under way, or with nothing to do. */
struct stream {
    CURL *easy;
    struct curl_slist *headers;
    struct sse *sse;
    struct backoff backoff;
    int64_t due_at_ms, begun_at_ms, heard_at_ms;
    bool viewed; /* this connection has brought a view */
};

struct site_fetch {
    struct exchange exchange;
    struct backoff backoff;
    int64_t due_at_ms;
    bool again; /* a newer hash was named while one was under way */
    char have[QUARTER_HASH_LEN + 1], named[QUARTER_HASH_LEN + 1];
};

enum link_state { LINK_UNKNOWN, LINK_UP, LINK_DOWN };

struct network {
    struct mailbox *mailbox;
    CURLM *multi;
    pthread_t thread;
    atomic_bool stop;
    char *board_url, *site_url, *tickets_url, *cache_dir, *agent;
    char *keep_dir, *keep_name; /* keep_name NULL: this client never pairs */
    struct access access;
    struct pairing *pairing; /* NULL: likewise */
    bool denied;             /* a request was answered 401 */
    int silence_ms;
    enum link_state link;
    int64_t last_sign_ms; /* of life: monotonic */
    int32_t utc_offset_s;
    bool has_offset;
    struct stream stream;
    struct site_fetch site;
    struct post issues[CLIENT_ISSUES_MAX];
    struct errands *errands;
};

static void stream_end(struct network *network);

/* the link */

static void link_up(struct network *network)
{
    network->last_sign_ms = client_monotonic_ms();
    if (network->link == LINK_UP)
        return;
    network->link = LINK_UP;
    log_info("client", "the server is heard");
    mailbox_post_link(network->mailbox, true, network->last_sign_ms);
}

static void link_down(struct network *network, const char *why)
{
    if (network->link == LINK_DOWN)
        return;
    network->link = LINK_DOWN;
    log_warning("client", "the server is not heard, trying on why=\"%s\"", why);
    mailbox_post_link(network->mailbox, false, network->last_sign_ms);
}

/* how it gets in */

static bool is_pairing(const struct network *network)
{
    return network->pairing != NULL && pairing_is_under_way(network->pairing);
}

/* A transfer got as far as an answer, and with TLS that is one of the pinned key. */
static void heard_known_key(struct network *network)
{
    if (network->pairing != NULL && !is_pairing(network))
        pairing_heard_key(network->pairing, true);
}

static void keep(struct network *network)
{
    if (network->keep_dir == NULL) {
        log_warning("client", "what pairing agreed is forgotten at the end: there is no folder");
        return;
    }
    enum status status =
        credentials_store(network->keep_dir, network->keep_name, &network->access.credentials);
    if (status != STATUS_OK)
        log_error("client", "what pairing agreed cannot be kept folder=%s why=\"%s\"",
                  network->keep_dir, status_text(status));
}

/* What an earlier start learned counts if it is about such a server: a token that was got through
 * TLS is never told without, nor to another key than it was got from. */
static void recall(struct network *network)
{
    struct credentials *now = &network->access.credentials, kept;
    if (network->keep_dir == NULL || network->keep_name == NULL)
        return;
    enum status status = credentials_load(network->keep_dir, network->keep_name, &kept);
    if (status == STATUS_NOT_FOUND)
        return;
    if (status != STATUS_OK) {
        log_warning("client", "what pairing agreed is of no use, pairing anew why=\"%s\"",
                    status_text(status));
    } else if (kept.has_key != network->access.tls ||
               (now->has_key && memcmp(now->key, kept.key, sizeof kept.key) != 0)) {
        log_warning("client", "paired with another server than this, pairing anew");
    } else {
        *now = kept;
    }
    explicit_bzero(&kept, sizeof kept);
}

/* Everything that is under way would be denied, too; it begins anew when the device is let in. */
static void access_denied(struct network *network)
{
    int64_t now_ms = client_monotonic_ms();
    char *token = network->access.credentials.token;
    network->denied = false;
    if (network->pairing == NULL || is_pairing(network))
        return;
    if (token[0] != '\0') {
        log_warning("client", "the server does not know this device any more, pairing anew");
        explicit_bzero(token, sizeof network->access.credentials.token);
        keep(network);
    }
    stream_end(network);
    if (network->board_url != NULL)
        network->stream.due_at_ms = now_ms;
    exchange_end(&network->site.exchange, network->multi);
    network->site.due_at_ms = now_ms;
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++)
        post_pause(&network->issues[i], network->multi, now_ms);
    errands_pause(network->errands, now_ms);
    pairing_start(network->pairing, now_ms);
}

static void pairing_done(struct network *network, enum pairing_step step,
                         const struct credentials *granted)
{
    if (step != PAIRING_GRANTED)
        return;
    network->access.credentials = *granted;
    keep(network);
    network->stream.backoff.ms = network->site.backoff.ms = 0;
}

/* Every answer says something of this: 401, or that the known key was shown. */
static void judge_access(struct network *network, CURL *easy, CURLcode result)
{
    long http = 0;
    if (network->pairing == NULL || is_pairing(network))
        return;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &http);
    if (result == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        pairing_heard_key(network->pairing, false);
    else if (http != 0)
        heard_known_key(network);
    if (http == 401)
        network->denied = true;
}

/* the site */

static void site_offer_cached(struct network *network)
{
    struct site_info *site = NULL;
    if (network->cache_dir == NULL)
        return;
    enum status status = site_cache_load(network->cache_dir, &site);
    if (status == STATUS_OK) {
        memcpy(network->site.have, site->hash, sizeof network->site.have);
        mailbox_post_site(network->mailbox, site, true);
    } else if (status != STATUS_NOT_FOUND) {
        log_warning("client", "the cached site is of no use why=\"%s\"", status_text(status));
    }
}

/* Each hash is asked for once, so that a server whose views and site disagree is not asked twenty
 * times a second. */
static void site_named(struct network *network, const char *hash)
{
    struct site_fetch *site = &network->site;
    if (hash[0] == '\0' || strcmp(hash, site->have) == 0 || strcmp(hash, site->named) == 0)
        return;
    snprintf(site->named, sizeof site->named, "%s", hash);
    if (site->exchange.easy != NULL)
        site->again = true;
    else
        site->due_at_ms = client_monotonic_ms();
}

static void site_begin(struct network *network, int64_t now_ms)
{
    struct site_fetch *site = &network->site;
    struct exchange_request request = {
        .url = network->site_url,
        .access = &network->access,
        .if_none = site->have[0] == '\0' ? NULL : site->have,
        .limit = SITE_JSON_BYTES,
        .owner = &site->exchange,
    };
    bool begun = exchange_begin(&site->exchange, network->multi, &request);
    site->due_at_ms = begun ? NEVER : now_ms + backoff_next_ms(&site->backoff);
}

static bool site_take(struct network *network, const char *json, size_t length)
{
    struct site_info *site = NULL;
    if (json == NULL || site_info_read(json, length, &site) != STATUS_OK)
        return false;
    memcpy(network->site.have, site->hash, sizeof network->site.have);
    log_info("client", "site hash=%s", site->hash);
    mailbox_post_site(network->mailbox, site, false);
    if (network->cache_dir != NULL) {
        enum status status = site_cache_store(network->cache_dir, json, length);
        if (status != STATUS_OK)
            log_warning("client", "the site cannot be cached why=\"%s\"", status_text(status));
    }
    return true;
}

static void site_ended(struct network *network, CURLcode result)
{
    struct site_fetch *site = &network->site;
    long http = exchange_http_status(&site->exchange, result);
    bool right = http == 304 ||
                 (http == 200 && site_take(network, site->exchange.answer, site->exchange.length));
    if (network->board_url == NULL) {
        if (right)
            link_up(network);
        else
            link_down(network, curl_easy_strerror(result));
    }
    if (right)
        site->backoff.ms = 0;
    else
        log_debug("client", "no site http=%ld why=\"%s\"", http, curl_easy_strerror(result));
    exchange_end(&site->exchange, network->multi);
    int64_t now_ms = client_monotonic_ms();
    if (!right)
        site->due_at_ms = now_ms + backoff_next_ms(&site->backoff);
    else if (site->again)
        site->due_at_ms = now_ms;
    site->again = false;
}

/* the stream */

static enum status stream_view(struct network *network, const char *json, size_t length)
{
    struct board_view *view = malloc(sizeof *view);
    if (view == NULL)
        return STATUS_FULL;
    enum status status = wire_read_board(json, length, client_monotonic_ms(), view);
    if (status != STATUS_OK) {
        log_warning("client", "a board view cannot be read why=\"%s\"", status_text(status));
        free(view);
        return status;
    }
    network->utc_offset_s = view->clock.utc_offset_s;
    network->has_offset = true;
    network->stream.viewed = true;
    site_named(network, view->site_hash);
    heard_known_key(
        network); /* before the view, so that who waits for the one misses not the other */
    mailbox_post_board(network->mailbox, view);
    link_up(network);
    return STATUS_OK;
}

static enum status stream_beat(struct network *network, const char *json, size_t length)
{
    struct client_clock clock = {.heard_at_ms = client_monotonic_ms(),
                                 .utc_offset_s = network->utc_offset_s};
    enum status status = wire_read_beat(json, length, &clock.server_ms);
    if (status != STATUS_OK)
        return status;
    network->last_sign_ms = clock.heard_at_ms;
    if (network->has_offset)
        mailbox_post_clock(network->mailbox, &clock);
    return STATUS_OK;
}

static enum status on_event(void *context, const char *type, const char *data, size_t length)
{
    struct network *network = context;
    enum status status = STATUS_OK;
    if (strcmp(type, "view") == 0)
        status = stream_view(network, data, length);
    else if (strcmp(type, "beat") == 0)
        status = stream_beat(network, data, length);
    else
        return STATUS_OK; /* of a later server; no sign that this stream's own events still come */
    network->stream.heard_at_ms = client_monotonic_ms();
    return status;
}

static size_t on_stream_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct network *network = context;
    long http = 0;
    const char *type = NULL;
    curl_easy_getinfo(network->stream.easy, CURLINFO_RESPONSE_CODE, &http);
    curl_easy_getinfo(network->stream.easy, CURLINFO_CONTENT_TYPE, &type);
    if (http != 200 || type == NULL || strncmp(type, "text/event-stream", 17) != 0)
        return 0;
    return sse_feed(network->stream.sse, bytes, size * count) == STATUS_OK ? size * count : 0;
}

static bool stream_set_up(struct network *network)
{
    struct stream *stream = &network->stream;
    stream->easy = curl_easy_init();
    stream->headers = curl_slist_append(NULL, "Accept: text/event-stream");
    return stream->easy != NULL && stream->headers != NULL &&
           exchange_add_token(&stream->headers, &network->access) &&
           exchange_prepare(stream->easy, network->board_url, &network->access, stream) &&
           curl_easy_setopt(stream->easy, CURLOPT_HTTPHEADER, stream->headers) == CURLE_OK &&
           curl_easy_setopt(stream->easy, CURLOPT_WRITEFUNCTION, on_stream_bytes) == CURLE_OK &&
           curl_easy_setopt(stream->easy, CURLOPT_WRITEDATA, network) == CURLE_OK &&
           curl_multi_add_handle(network->multi, stream->easy) == CURLM_OK;
}

static void stream_end(struct network *network)
{
    struct stream *stream = &network->stream;
    if (stream->easy != NULL)
        (void)curl_multi_remove_handle(network->multi, stream->easy);
    curl_easy_cleanup(stream->easy);
    curl_slist_free_all(stream->headers);
    stream->easy = NULL;
    stream->headers = NULL;
}

static void stream_failed(struct network *network, const char *why)
{
    struct stream *stream = &network->stream;
    int64_t now_ms = client_monotonic_ms();
    if (stream->viewed && now_ms - stream->begun_at_ms >= STREAM_SETTLED_MS)
        stream->backoff.ms = 0;
    stream_end(network);
    stream->due_at_ms = now_ms + backoff_next_ms(&stream->backoff);
    link_down(network, why);
}

static void stream_begin(struct network *network, int64_t now_ms)
{
    struct stream *stream = &network->stream;
    stream->due_at_ms = NEVER;
    stream->begun_at_ms = stream->heard_at_ms = now_ms;
    stream->viewed = false;
    sse_reset(stream->sse);
    if (!stream_set_up(network))
        stream_failed(network, "out of memory");
}

static void stream_ended(struct network *network, CURLcode result)
{
    long http = 0;
    char why[96];
    curl_easy_getinfo(network->stream.easy, CURLINFO_RESPONSE_CODE, &http);
    snprintf(why, sizeof why, "%s, status %ld",
             http == 404          ? "it has no such kiosk or display"
             : http == 401        ? "it does not know this device"
             : result == CURLE_OK ? "the stream ended"
                                  : curl_easy_strerror(result),
             http);
    if (http == 404 &&
        network->site.exchange.easy == NULL) /* the site may have changed meanwhile */
        network->site.due_at_ms = client_monotonic_ms();
    stream_failed(network, why);
}

/* issue requests */

static int slot_of(const struct network *network, const struct post *issue)
{
    return (int)(issue - network->issues);
}

static void issue_begin(struct network *network, struct post *issue)
{
    if (!post_begin(issue, network->multi, network->tickets_url, &network->access))
        mailbox_post_retrying(network->mailbox, slot_of(network, issue), issue->attempts);
}

static bool issue_take_ticket(struct network *network, struct post *issue, long http)
{
    struct ticket_receipt receipt;
    const struct exchange *exchange = &issue->exchange;
    if (exchange->answer == NULL ||
        wire_read_receipt(exchange->answer, exchange->length, &receipt) != STATUS_OK) {
        log_warning("client", "a ticket's answer cannot be read");
        return false;
    }
    memcpy(receipt.key, issue->key, sizeof receipt.key);
    receipt.repeated = http == 200;
    mailbox_post_ticket(network->mailbox, slot_of(network, issue), &receipt);
    return true;
}

static void issue_take_refusal(struct network *network, struct post *issue, long http)
{
    struct issue_refusal refusal = {.http_status = (int)http};
    memcpy(refusal.key, issue->key, sizeof refusal.key);
    if (issue->exchange.answer != NULL)
        wire_read_problem(issue->exchange.answer, issue->exchange.length, &refusal);
    log_warning("client", "a ticket was refused status=%ld code=%s", http, refusal.code);
    mailbox_post_refusal(network->mailbox, slot_of(network, issue), &refusal);
}

static void issue_ended(struct network *network, struct post *issue, CURLcode result)
{
    long http = 0;
    enum post_verdict verdict = post_judge(issue, result, &http);
    bool ended = verdict == POST_REFUSED ||
                 (verdict == POST_ANSWERED && issue_take_ticket(network, issue, http));
    if (verdict == POST_REFUSED)
        issue_take_refusal(network, issue, http);
    if (network->board_url == NULL && http != 0)
        link_up(network);
    if (ended) {
        post_reset(issue, network->multi);
    } else {
        post_retry(issue, network->multi, http);
        mailbox_post_retrying(network->mailbox, slot_of(network, issue), issue->attempts);
    }
}

/* A cancelled slot is freed before asked ones are looked at, so that it can be used again at once. */
static void issues_look(struct network *network, int64_t now_ms)
{
    struct issue_request request;
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++) {
        struct post *issue = &network->issues[i];
        if (mailbox_end_cancelled(network->mailbox, i))
            post_reset(issue, network->multi);
        if (!mailbox_start_issue(network->mailbox, i, &request))
            continue;
        char *body = wire_write_issue(&request);
        CHECK(body != NULL); /* client_issue() has checked the request */
        post_start(issue, body, request.key, now_ms);
        explicit_bzero(&request, sizeof request); /* the answers are private */
    }
}

/* the loop */

static bool is_due(int64_t due_at_ms, int64_t now_ms)
{
    return due_at_ms != NEVER && due_at_ms <= now_ms;
}

static void begin_due(struct network *network, int64_t now_ms)
{
    if (is_due(network->site.due_at_ms, now_ms))
        site_begin(network, now_ms);
    if (is_due(network->stream.due_at_ms, now_ms))
        stream_begin(network, now_ms);
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++)
        if (post_is_due(&network->issues[i], now_ms))
            issue_begin(network, &network->issues[i]);
}

static void watch_silence(struct network *network, int64_t now_ms)
{
    if (network->stream.easy != NULL && now_ms - network->stream.heard_at_ms >= network->silence_ms)
        stream_failed(network, "silence");
}

static void deal_with_ended(struct network *network)
{
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(network->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        void *owner = NULL;
        CURLcode result = message->data.result; /* the message dies with its handle */
        bool heard = false;
        enum pairing_step step;
        struct credentials granted;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&owner);
        judge_access(network, message->easy_handle, result);
        if (network->pairing != NULL &&
            pairing_ended(network->pairing, owner, result, &step, &granted))
            pairing_done(network, step, &granted);
        else if (owner == &network->stream)
            stream_ended(network, result);
        else if (owner == &network->site.exchange)
            site_ended(network, result);
        else if (errands_ended(network->errands, owner, result, &heard) && heard &&
                 network->board_url == NULL)
            link_up(network);
        for (int i = 0; i < CLIENT_ISSUES_MAX; i++)
            if (owner == &network->issues[i].exchange)
                issue_ended(network, &network->issues[i], result);
    }
    if (network->denied)
        access_denied(network);
}

static void sooner(int64_t *earliest_ms, int64_t due_at_ms)
{
    if (due_at_ms != NEVER && due_at_ms < *earliest_ms)
        *earliest_ms = due_at_ms;
}

static int sleep_ms(const struct network *network)
{
    int64_t now_ms = client_monotonic_ms();
    int64_t earliest_ms = now_ms + POLL_MAX_MS;
    if (is_pairing(network)) {
        sooner(&earliest_ms, pairing_due_ms(network->pairing));
        return earliest_ms > now_ms ? (int)(earliest_ms - now_ms) : 0;
    }
    sooner(&earliest_ms, network->site.due_at_ms);
    sooner(&earliest_ms, network->stream.due_at_ms);
    if (network->stream.easy != NULL)
        sooner(&earliest_ms, network->stream.heard_at_ms + network->silence_ms);
    sooner(&earliest_ms, errands_due_ms(network->errands));
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++)
        sooner(&earliest_ms, network->issues[i].due_at_ms);
    return earliest_ms > now_ms ? (int)(earliest_ms - now_ms) : 0;
}

static void *run(void *context)
{
    struct network *network = context;
    sigset_t
        broken_pipe; /* a peer that hangs up in the middle of TLS (curl_easy_setopt's NOSIGNAL) */
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    CHECK(pthread_sigmask(SIG_BLOCK, &broken_pipe, NULL) == 0);
    site_offer_cached(network);
    while (!atomic_load(&network->stop)) {
        int64_t now_ms = client_monotonic_ms();
        int running = 0;
        issues_look(network, now_ms);
        if (is_pairing(network)) {
            pairing_look(network->pairing, now_ms);
        } else {
            errands_look(network->errands, now_ms);
            watch_silence(network, now_ms);
            begin_due(network, now_ms);
        }
        CHECK(curl_multi_perform(network->multi, &running) == CURLM_OK);
        deal_with_ended(network);
        CURLMcode polled = curl_multi_poll(network->multi, NULL, 0, sleep_ms(network), NULL);
        CHECK(polled == CURLM_OK || polled == CURLM_OUT_OF_MEMORY);
    }
    return NULL;
}

static void network_free(struct network *network)
{
    stream_end(network);
    sse_destroy(network->stream.sse);
    exchange_end(&network->site.exchange, network->multi);
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++)
        post_reset(&network->issues[i], network->multi);
    errands_destroy(network->errands);
    pairing_destroy(network->pairing);
    if (network->multi != NULL)
        (void)curl_multi_cleanup(network->multi);
    free(network->board_url);
    free(network->site_url);
    free(network->tickets_url);
    free(network->cache_dir);
    free(network->agent);
    free(network->keep_dir);
    free(network->keep_name);
    explicit_bzero(network, sizeof *network); /* the token */
    free(network);
}

static char *url_of(const char *base, const char *path, const char *board_id, const char *end)
{
    char *url = NULL;
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/')
        length--;
    return asprintf(&url, "%.*s%s%s%s", (int)length, base, path, board_id, end) < 0 ? NULL : url;
}

/* False: out of memory. */
static bool copy_options(struct network *network, const struct client_options *options)
{
    bool streams = options->board_id != NULL && options->board_id[0] != '\0';
    network->site_url = url_of(options->base_url, "/api/site", "", "");
    network->tickets_url = url_of(options->base_url, "/api/tickets", "", "");
    if (streams)
        network->board_url =
            url_of(options->base_url, "/api/boards/", options->board_id, "/stream");
    if (options->cache_dir != NULL)
        network->cache_dir = strdup(options->cache_dir);
    network->agent = strdup(options->agent == NULL ? "quarter" : options->agent);
    network->silence_ms = options->silence_ms > 0 ? options->silence_ms : CLIENT_SILENCE_MS;
    return network->site_url != NULL && network->tickets_url != NULL && network->agent != NULL &&
           (network->board_url != NULL || !streams) &&
           (network->cache_dir != NULL || options->cache_dir == NULL);
}

/* Who it is and whom it knows. False: out of memory. */
static bool make_access(struct network *network, const struct client_options *options)
{
    struct access *access = &network->access;
    access->agent = network->agent;
    access->tls = strncasecmp(options->base_url, "https:", 6) == 0;
    if (options->server_key != NULL)
        access->credentials.has_key = server_key_read(options->server_key, access->credentials.key);
    if (options->kind == NULL)
        return true;
    network->keep_name = malloc(CREDENTIALS_NAME_BYTES);
    if (options->keep_dir != NULL)
        network->keep_dir = strdup(options->keep_dir);
    if (network->keep_name == NULL || (options->keep_dir != NULL && network->keep_dir == NULL))
        return false;
    credentials_name(options->kind, options->board_id, network->keep_name);
    recall(network);
    char *base_url = url_of(options->base_url, "", "", "");
    if (base_url == NULL)
        return false;
    network->pairing = pairing_create(&(struct pairing_config){
        .mailbox = network->mailbox,
        .multi = network->multi,
        .access = access,
        .base_url = base_url,
        .kind = options->kind,
        .code = options->board_id,
        .ask_every_ms = options->pairing_ms > 0 ? options->pairing_ms : CLIENT_PAIRING_MS});
    free(base_url);
    return network->pairing != NULL;
}

/* False: out of memory. */
static bool make_errands(struct network *network, const struct client_options *options)
{
    bool has_device = options->board_id != NULL && options->board_id[0] != '\0';
    char *base_url = url_of(options->base_url, "", "", "");
    if (base_url == NULL)
        return false;
    network->errands =
        errands_create(&(struct errands_config){.mailbox = network->mailbox,
                                                .multi = network->multi,
                                                .access = &network->access,
                                                .base_url = base_url,
                                                .device = has_device ? options->board_id : NULL});
    free(base_url);
    return network->errands != NULL;
}

enum status network_start(const struct client_options *options, struct mailbox *mailbox,
                          struct network **out)
{
    struct network *network = calloc(1, sizeof *network);
    if (network == NULL)
        return STATUS_FULL;
    int64_t now_ms = client_monotonic_ms();
    network->mailbox = mailbox;
    network->last_sign_ms = now_ms;
    for (int i = 0; i < CLIENT_ISSUES_MAX; i++)
        network->issues[i].due_at_ms = NEVER;
    network->multi = curl_multi_init();
    network->stream.sse = sse_create(WIRE_BOARD_BYTES, on_event, network);
    if (!copy_options(network, options) || network->multi == NULL || network->stream.sse == NULL ||
        !make_access(network, options) || !make_errands(network, options)) {
        network_free(network);
        return STATUS_FULL;
    }
    network->site.due_at_ms = now_ms;
    network->stream.due_at_ms = network->board_url == NULL ? NEVER : now_ms;
    if (network->access.tls && !network->access.credentials.has_key)
        pairing_start(network->pairing, now_ms); /* client_create() has seen to it that it can */
    if (pthread_create(&network->thread, NULL, run, network) != 0) {
        network_free(network);
        return STATUS_UNAVAILABLE;
    }
    *out = network;
    return STATUS_OK;
}

void network_stop(struct network *network)
{
    atomic_store(&network->stop, true);
    network_wakeup(network);
    CHECK(pthread_join(network->thread, NULL) == 0);
    network_free(network);
}

void network_wakeup(struct network *network)
{
    (void)curl_multi_wakeup(network->multi);
}
