/* What the server keeps of a visitor, in its files and in what it tells, measured on the real program: a visit with typed
 * answers, then the same data folder on later days, until the answers are gone; and a backup taken before. */
#include <curl/curl.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "parts.h"
#include "quarter/check.h"
#include "store/store.h"
#include "test_kit.h"

#define SECRET  "qzx leak under the sink"
#define DAY     "2026-11-24"
#define SERVICE "repairs"

enum {
    PATH_BYTES = 256,
    ANSWER_BYTES = 1 << 18,
    START_MS = 20000,
    STREAM_MS = 1500,
    TIDY_MS = 3000,
    DAY_S = 86400,
    SEARCHED_DAYS = 36,
    KEY_BYTES = 32
};
extern char **environ;

struct house {
    char folder[64], data[80], backup[80], log[80], url[64];
    pid_t program;
    enum fault fault;
    int keys_used; /* idempotency keys */
    char ticket[64], counter[32];
};

/* ---- the program -------------------------------------------------------------------------------------------------- */

/* Ten minutes to eleven on the day so many days after the visit's, as the server's --clock wants it. */
static void clock_after(int days, char *text, size_t size)
{
    struct tm date = {.tm_year = 2026 - 1900, .tm_mon = 10, .tm_mday = 24 + days, .tm_hour = 12};
    const time_t noon = timegm(&date);
    gmtime_r(&noon, &date);
    strftime(text, size, "%Y-%m-%dT10:40", &date);
}

static bool find_url(struct house *house)
{
    char line[512];
    FILE *log = fopen(house->log, "r");
    bool found = false;
    while (log != NULL && !found && fgets(line, sizeof line, log) != NULL) {
        const char *at = strstr(line, "listening on http://127.0.0.1:");
        if (at == NULL)
            continue;
        snprintf(house->url, sizeof house->url, "%s", at + strlen("listening on "));
        house->url[strcspn(house->url, "\n")] = '\0';
        found = true;
    }
    if (log != NULL)
        fclose(log);
    return found;
}

static bool start(struct house *house, int days)
{
    char now[32];
    posix_spawn_file_actions_t actions;
    clock_after(days, now, sizeof now);
    unlink(house->log);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, house->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    char *const arguments[] = {(char[]){"queue-server"},
                               (char[]){"serve"},
                               (char[]){"--site"},
                               (char[]){SITES_DIR "/customer-centre"},
                               (char[]){"--data"},
                               house->data,
                               (char[]){"--listen"},
                               (char[]){"127.0.0.1:0"},
                               (char[]){"--clock"},
                               now,
                               NULL};
    const bool spawned =
        posix_spawn(&house->program, QUEUE_SERVER, &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    for (int waited = 0; spawned && waited < START_MS; waited += 20) {
        if (find_url(house))
            return true;
        poll(NULL, 0, 20);
    }
    fprintf(stderr, "%s does not start; see %s\n", QUEUE_SERVER, house->log);
    return false;
}

static void stop(struct house *house)
{
    if (house->program > 0) {
        kill(house->program, SIGTERM);
        waitpid(house->program, NULL, 0);
    }
    house->program = 0;
}

/* ---- what it tells ------------------------------------------------------------------------------------------------ */

struct text {
    char *bytes;
    size_t length;
};

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
    struct text *text = context;
    const size_t more = size * count;
    if (text->length + more >= ANSWER_BYTES)
        return 0;
    memcpy(text->bytes + text->length, bytes, more);
    text->length += more;
    text->bytes[text->length] = '\0';
    return more;
}

/* The answer's body, to be freed; empty for a refusal; of a stream, what it tells within STREAM_MS. body NULL: GET. */
static char *ask(struct house *house, const char *path, const char *body)
{
    char url[PATH_BYTES], key[64];
    struct text text = {calloc(1, ANSWER_BYTES), 0};
    CURL *curl = curl_easy_init();
    CHECK(text.bytes != NULL && curl != NULL);
    snprintf(url, sizeof url, "%s%s", house->url, path);
    snprintf(key, sizeof key, "Idempotency-Key: standards-%d", ++house->keys_used);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, key);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, strstr(path, "/stream") ? (long)STREAM_MS : 10000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &text);
    if (body != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L); /* a refusal tells nothing */
    (void)curl_easy_perform(
        curl); /* nothing came: the text is empty, which no row takes for good */
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return text.bytes;
}

/* A counter that offers the service. */
static void find_counter(struct house *house)
{
    char *text = ask(house, "/api/site", NULL);
    json_t *site = json_loads(text, 0, NULL);
    size_t i, k;
    json_t *counter, *service;
    json_array_foreach(json_object_get(site, "counters"), i, counter)
    {
        json_array_foreach(json_object_get(counter, "services"), k, service)
        {
            if (strcmp(json_string_value(service), SERVICE) == 0)
                snprintf(house->counter, sizeof house->counter, "%s",
                         json_string_value(json_object_get(counter, "code")));
        }
    }
    json_decref(site);
    free(text);
}

static void visit(struct house *house)
{
    char path[PATH_BYTES];
    find_counter(house);
    char *text = ask(house, "/api/tickets",
                     "{\"service\":\"" SERVICE
                     "\",\"language\":\"ur\",\"needs\":[],\"answers\":{\"home_about\":\"repair\","
                     "\"repair_what\":\"waiting\",\"repair_details\":\"" SECRET "\"}}");
    json_t *ticket = json_loads(text, 0, NULL);
    const char *id = json_string_value(json_object_get(ticket, "id"));
    snprintf(house->ticket, sizeof house->ticket, "%s", id != NULL ? id : "none");
    json_decref(ticket);
    free(text);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/api/counters/%s/%s", house->counter,
                 i == 0 ? "open" : "next");
        free(ask(house, path, "{}"));
    }
}

/* Whoever serves reads the answers; nobody else does: no screen, no phone page, no list of figures. */
static void tells_only_staff(struct house *house, struct ledger *ledger)
{
    char counter[PATH_BYTES], ticket[PATH_BYTES];
    snprintf(counter, sizeof counter, "/api/counters/%s/stream", house->counter);
    snprintf(ticket, sizeof ticket, "/api/tickets/%s", house->ticket);
    char *staff = ask(house, counter, NULL);
    ledger_hold(ledger, GATE_GDPR_PUBLIC, strstr(staff, SECRET) != NULL,
                "not even who serves reads what was typed");
    free(staff);
    const char *const others[] = {"/api/boards/lobby",
                                  "/api/boards/lobby/stream",
                                  "/api/boards/kiosk-1",
                                  "/api/site",
                                  "/api/events/stream",
                                  "/api/counters",
                                  "/api/forecast",
                                  "/api/floor",
                                  "/api/manager/stream",
                                  "/api/today.csv",
                                  "/metrics",
                                  "/api/advice",
                                  "/api/forecast/score",
                                  ticket};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char *text = ask(house, others[i], NULL);
        const bool told = strstr(text, SECRET) != NULL ||
                          (house->fault == FAULT_TELLS && strstr(text, house->ticket) != NULL);
        ledger_hold(ledger, GATE_GDPR_PUBLIC, text[0] != '\0' && !told,
                    text[0] == '\0' ? "%s tells nothing" : "%s tells what was typed", others[i]);
        free(text);
    }
}

/* ---- what it keeps ------------------------------------------------------------------------------------------------ */

static bool file_has(const char *path, size_t size, const void *wanted, size_t wanted_size)
{
    FILE *file = size > 0 ? fopen(path, "rb") : NULL;
    if (file == NULL)
        return false;
    char *bytes = malloc(size);
    CHECK(bytes != NULL);
    const size_t got = fread(bytes, 1, size, file);
    const bool has = memmem(bytes, got, wanted, wanted_size) != NULL;
    free(bytes);
    fclose(file);
    return has;
}

/* How many files of the folder and of those in it hold the bytes; the last goes to where[PATH_BYTES]. */
static int files_with(const char *folder, const void *bytes, size_t size, char *where)
{
    int found = 0;
    DIR *dir = opendir(folder);
    CHECK(dir != NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[PATH_BYTES];
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        CHECK(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < PATH_BYTES);
        if (lstat(path, &about) != 0)
            continue; /* gone meanwhile */
        if (S_ISDIR(about.st_mode)) {
            found += files_with(path, bytes, size, where);
        } else if (S_ISREG(about.st_mode) && file_has(path, (size_t)about.st_size, bytes, size)) {
            found++;
            memcpy(where, path, sizeof path);
        }
    }
    closedir(dir);
    return found;
}

static void is_not_in_files(const struct house *house, struct ledger *ledger, const char *when)
{
    char where[PATH_BYTES] = "";
    /* The search would find it: the ticket's id is there. */
    ledger_hold(ledger, GATE_GDPR_PLAIN,
                files_with(house->data, house->ticket, strlen(house->ticket), where) > 0,
                "%s: the journal does not know the visit", when);
    ledger_hold(ledger, GATE_GDPR_PLAIN,
                files_with(house->folder, SECRET, strlen(SECRET), where) == 0,
                "%s: what was typed can be read in %s", when, where);
}

static bool key_path_is_there(const struct house *house, char *path, size_t size)
{
    snprintf(path, size, "%s/keys/" DAY ".key", house->data);
    return access(path, F_OK) == 0;
}

static bool copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    char bytes[65536];
    size_t got = 0;
    while (in != NULL && out != NULL && (got = fread(bytes, 1, sizeof bytes, in)) > 0)
        fwrite(bytes, 1, got, out);
    if (in != NULL)
        fclose(in);
    return out != NULL && fclose(out) == 0 && in != NULL;
}

/* The database as it was on the day, read with the keys that are there now. */
static bool backup_tells(const struct house *house)
{
    char keys[PATH_BYTES], error[256] = "", *text = NULL;
    struct store *store = NULL;
    snprintf(keys, sizeof keys, "%s/keys", house->data);
    const struct store_config config = {.path = house->backup, .key_dir = keys};
    if (store_open(&config, &store, error, sizeof error) != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", house->backup, error);
        return true;
    }
    const bool tells =
        store_get_private(store, DAY, house->ticket, "answers", &text) == STATUS_OK &&
        strstr(text, SECRET) != NULL;
    free(text);
    store_close(store);
    return tells;
}

/* Opens the centre on later days, until the key to the answers is gone; how long they could be read, in days. */
static bool days_kept(struct house *house, int *days)
{
    char key[PATH_BYTES];
    for (*days = 0; *days < SEARCHED_DAYS; (*days)++) {
        if (*days > 0 && *days < 28)
            continue; /* far from its end */
        if (!start(house, *days + 1))
            return false;
        bool gone = false;
        for (int waited = 0; !gone && waited < (*days < 28 ? 500 : TIDY_MS); waited += 50) {
            poll(NULL, 0, 50);
            gone = !key_path_is_there(house, key, sizeof key);
        }
        stop(house);
        if (gone && house->fault != FAULT_HOARDS)
            return true;
    }
    return true;
}

static bool measure(struct house *house, struct ledger *ledger)
{
    char path[PATH_BYTES], where[PATH_BYTES] = "";
    unsigned char key[KEY_BYTES];
    int days;
    if (!start(house, 0))
        return false;
    visit(house);
    tells_only_staff(house, ledger);
    is_not_in_files(house, ledger, "while it is served");
    if (house->fault == FAULT_LEAKS) {
        FILE *leak = fopen(house->log, "a");
        CHECK(leak != NULL);
        fputs(SECRET, leak);
        fclose(leak);
    }
    is_not_in_files(house, ledger, "when it is served");
    stop(house);
    is_not_in_files(house, ledger, "when the server has ended");
    snprintf(path, sizeof path, "%s/journal.db", house->data);
    if (!copy_file(path, house->backup) || !key_path_is_there(house, path, sizeof path))
        return false;
    FILE *file = fopen(path, "rb");
    const bool read = file != NULL && fread(key, 1, KEY_BYTES, file) == KEY_BYTES;
    if (file != NULL)
        fclose(file);
    ledger_hold(ledger, GATE_GDPR_GONE, read && backup_tells(house),
                "the answers were never kept, so nothing can be said of their end");
    if (!days_kept(house, &days))
        return false;
    ledger_measure(ledger, GATE_GDPR_DAYS, days, "after the day of the visit");
    ledger_hold(ledger, GATE_GDPR_GONE, house->fault != FAULT_KEEPS && !backup_tells(house),
                "a backup can still be read");
    ledger_hold(ledger, GATE_GDPR_GONE, files_with(house->data, key, KEY_BYTES, where) == 0,
                "the key is still in %s", where);
    is_not_in_files(house, ledger, "when it was forgotten");
    return true;
}

bool part_server(const struct options *options, struct ledger *ledger)
{
    struct house house = {.fault = options->fault, .folder = "/tmp/quarter-kept.XXXXXX"};
    if (mkdtemp(house.folder) == NULL) {
        perror(house.folder);
        return false;
    }
    snprintf(house.data, sizeof house.data, "%s/data", house.folder);
    snprintf(house.backup, sizeof house.backup, "%s/backup.db", house.folder);
    snprintf(house.log, sizeof house.log, "%s/server.log", house.folder);
    ledger_place(ledger, "a visit with typed answers");
    const bool done = measure(&house, ledger);
    stop(&house);
    if (done)
        kit_remove_folder(house.folder);
    return done;
}
