/* standards PART [OPTIONS]: measures one part and keeps what it found in --out; `report` puts the parts together; `verdict
 * GATE` says whether one gate held. Exit: 0 every gate held, 1 some did not, 2 usage,
 * 3 it could not be measured. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "quarter/check.h"

static int usage(FILE *out)
{
    fputs(
        "usage: standards kiosk|crowded|display|scripts|speech|server [--all [--every N]] [--shard "
        "I/N] [--fault NAME] [--out DIR]\n"
        "       standards report [--out DIR]\n"
        "       standards verdict GATE [--out DIR]\n"
        "       standards gates\n"
        "       standards look DIR [--width-mm N --bottom-mm N] (a folder of --dump-ui)\n"
        "       standards show PLACE FILE.png [--site DIR]      (a place as failures name it)\n"
        "       standards sheets DIR                            (contact sheets of every page)\n"
        "       standards golden                                (those against "
        "tests/golden/sheets)\n",
        out);
    return out == stdout ? 0 : 2;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static struct ledger *load_all(const char *dir)
{
    struct ledger *ledger = ledger_create();
    DIR *folder = opendir(dir);
    if (folder == NULL) {
        fprintf(stderr, "%s: %s\n", dir, strerror(errno));
        return ledger;
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        if (ends_with(entry->d_name, ".json"))
            (void)ledger_load(ledger, path);
    }
    closedir(folder);
    return ledger;
}

static int verdict(const struct options *options)
{
    struct ledger *ledger = load_all(options->out);
    int result = 2;
    for (int i = 0; i < GATES; i++) {
        const enum gate gate = (enum gate)i;
        const struct gate_terms terms = gate_terms(gate);
        if (strcmp(terms.code, options->argument) != 0)
            continue;
        const long looks = ledger_looks(ledger, gate), failures = ledger_failures(ledger, gate);
        printf("%s, %s: %ld looks, %ld failures\n", terms.clause, terms.what, looks, failures);
        for (int k = 0; ledger_example(ledger, gate, k) != NULL; k++)
            printf("  %s\n", ledger_example(ledger, gate, k));
        result = looks == 0 ? 3 : failures == 0 ? 0 : 1; /* what nobody looked at has not held */
    }
    ledger_destroy(ledger);
    return result == 2 ? usage(stderr) : result;
}

static int report(const struct options *options)
{
    struct ledger *ledger = load_all(options->out);
    const bool written = ledger_report(ledger, options->out);
    long untested = 0;
    for (int i = 0; i < GATES; i++)
        untested += ledger_looks(ledger, (enum gate)i) == 0;
    const long failures = ledger_all_failures(ledger);
    ledger_print(ledger);
    printf("%d gates, %ld not measured, %ld failures: %s/report.html\n", (int)GATES, untested,
           failures, options->out);
    ledger_destroy(ledger);
    return written && failures == 0 && untested == 0 ? 0 : 1;
}

static int measure(const struct options *options, const char *name,
                   bool (*part)(const struct options *options, struct ledger *ledger))
{
    struct ledger *ledger = ledger_create();
    const bool done = part(options, ledger);
    ledger_print(ledger);
    const bool kept =
        (strcmp(name, "look") != 0 && strcmp(name, "pages") != 0 && strcmp(name, "sizes") != 0) ||
        options->fault != FAULT_NONE;
    char file[64];
    if (options->shards > 1)
        snprintf(file, sizeof file, "%s-%d-of-%d", name, options->shard, options->shards);
    else
        snprintf(file, sizeof file, "%s", name);
    const bool saved = done && (!kept || ledger_save(ledger, options->out, file));
    const long failures = ledger_all_failures(ledger);
    ledger_destroy(ledger);
    return !saved ? 3 : failures == 0 ? 0 : 1;
}

static enum fault fault_named(const char *name)
{
    static const char *const names[] = {"",
#define X(fault, code, gate, part) code,
                                        FAULT_LIST(X)
#undef X
    };
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return (enum fault)i;
    fprintf(stderr, "no fault is called %s\n", name);
    exit(2);
}

/* "2/4": the second of four shares. */
static bool read_shard(const char *text, struct options *options)
{
    char *end;
    options->shard = (int)strtol(text, &end, 10);
    options->shards = *end == '/' ? (int)strtol(end + 1, &end, 10) : 0;
    return *end == '\0' && options->shard >= 1 && options->shard <= options->shards;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    for (int i = 2; i < argc; i++) {
        const bool more = i + 1 < argc;
        if (strcmp(argv[i], "--all") == 0)
            options->all = true;
        else if (strcmp(argv[i], "--every") == 0 && more)
            options->every = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--shard") == 0 && more) {
            if (!read_shard(argv[++i], options))
                return false;
        } else if (strcmp(argv[i], "--out") == 0 && more)
            options->out = argv[++i];
        else if (strcmp(argv[i], "--width-mm") == 0 && more)
            options->width_mm = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--bottom-mm") == 0 && more)
            options->bottom_mm = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--fault") == 0 && more)
            options->fault = fault_named(argv[++i]);
        else if (strcmp(argv[i], "--site") == 0 && more)
            options->site = argv[++i];
        else if (argv[i][0] != '-' && options->argument == NULL)
            options->argument = argv[i];
        else if (argv[i][0] != '-' && options->file == NULL)
            options->file = argv[i];
        else
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*part)(const struct options *options, struct ledger *ledger);
    } parts[] = {{"kiosk", part_kiosk},   {"crowded", part_crowded}, {"display", part_display},
                 {"pages", part_pages},   {"sizes", part_sizes},     {"scripts", part_scripts},
                 {"speech", part_speech}, {"server", part_server},   {"look", part_look}};
    struct options options = {.out = STANDARDS_DIR};
    if (argc < 2 || !read_options(argc, argv, &options))
        return usage(stderr);
    if (strcmp(argv[1], "--help") == 0)
        return usage(stdout);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            return measure(&options, parts[i].name, parts[i].part);
    if (strcmp(argv[1], "report") == 0)
        return report(&options);
    if (strcmp(argv[1], "verdict") == 0 && options.argument != NULL)
        return verdict(&options);
    if (strcmp(argv[1], "show") == 0 && options.file != NULL)
        return part_show(&options) ? 0 : 1;
    if (strcmp(argv[1], "sheets") == 0 && options.argument != NULL)
        return part_sheets(&options) ? 0 : 1;
    if (strcmp(argv[1], "golden") == 0)
        return part_golden(&options) ? 0 : 1;
    if (strcmp(argv[1], "gates") == 0) {
        for (int i = 0; i < GATES; i++)
            printf("%s\n", gate_terms((enum gate)i).code);
        return 0;
    }
    return usage(stderr);
}
