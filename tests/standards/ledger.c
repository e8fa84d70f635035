/* See ledger.h. */
#include "ledger.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "quarter/check.h"

enum { KEPT = 40, PLACE_BYTES = 160, PART_BYTES = 240, WHERE_BYTES = 480 };

struct row {
    long looks, failures;
    double worst;
    char where[WHERE_BYTES];
    int kept;
    char examples[KEPT][WHERE_BYTES]; /* failures, each said once */
};

struct ledger {
    char place[PLACE_BYTES];
    struct row rows[GATES];
};

struct gate_terms gate_terms(enum gate gate)
{
    static const struct gate_terms terms[GATES] = {
#define X(name, code, clause, way, threshold, unit, what)                                          \
    [GATE_##name] = {code, clause, way, threshold, unit, what},
        GATE_LIST(X)
#undef X
    };
    return terms[gate];
}

struct ledger *ledger_create(void)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    CHECK(ledger != NULL);
    return ledger;
}

void ledger_destroy(struct ledger *ledger)
{
    free(ledger);
}

void ledger_place(struct ledger *ledger, const char *place, ...)
{
    va_list args;
    va_start(args, place);
    vsnprintf(ledger->place, sizeof ledger->place, place, args);
    va_end(args);
}

static void keep_example(struct row *row, const char *where)
{
    for (int i = 0; i < row->kept; i++)
        if (strcmp(row->examples[i], where) == 0)
            return;
    if (row->kept < KEPT)
        snprintf(row->examples[row->kept++], WHERE_BYTES, "%s", where);
}

/* What was cut to fit must not end within a letter. */
static void mend_end(char *text)
{
    size_t length = strlen(text), start = length;
    while (start > 0 && (text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || (text[start - 1] & 0x80) == 0)
        return;
    const unsigned char lead = (unsigned char)text[start - 1];
    const size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (length - (start - 1) < wanted)
        text[start - 1] = '\0';
}

static void note(struct ledger *ledger, enum gate gate, bool right, const char *where)
{
    struct row *row = &ledger->rows[gate];
    row->looks++;
    if (right)
        return;
    row->failures++;
    keep_example(row, where);
}

static bool is_worse(enum ledger_way way, double measured, double worst)
{
    return way == LEAST ? measured < worst : measured > worst;
}

/* What is told is rounded, and what is told is what counts. */
static bool reaches(const struct gate_terms *terms, double measured)
{
    const double slack = terms->threshold * 0.0005;
    return terms->way == LEAST ? measured >= terms->threshold - slack
                               : measured <= terms->threshold + slack;
}

void ledger_measure(struct ledger *ledger, enum gate gate, double measured, const char *where, ...)
{
    const struct gate_terms terms = gate_terms(gate);
    struct row *row = &ledger->rows[gate];
    char what[PART_BYTES], whole[WHERE_BYTES];
    va_list args;
    va_start(args, where);
    vsnprintf(what, sizeof what, where, args);
    va_end(args);
    mend_end(what);
    CHECK(terms.way != HOLDS);
    const bool right = reaches(&terms, measured);
    snprintf(whole, sizeof whole, "%s: %s: %.4g %s", ledger->place, what, measured, terms.unit);
    if (row->looks == 0 || is_worse(terms.way, measured, row->worst)) {
        row->worst = measured;
        memcpy(row->where, whole, sizeof whole);
    }
    note(ledger, gate, right, whole);
}

void ledger_hold(struct ledger *ledger, enum gate gate, bool holds, const char *where, ...)
{
    char what[PART_BYTES], whole[WHERE_BYTES] = "";
    CHECK(gate_terms(gate).way == HOLDS);
    if (!holds) {
        va_list args;
        va_start(args, where);
        vsnprintf(what, sizeof what, where, args);
        va_end(args);
        mend_end(what);
        snprintf(whole, sizeof whole, "%s: %s", ledger->place, what);
        mend_end(whole);
    }
    note(ledger, gate, holds, whole);
}

long ledger_looks(const struct ledger *ledger, enum gate gate)
{
    return ledger->rows[gate].looks;
}

long ledger_failures(const struct ledger *ledger, enum gate gate)
{
    return ledger->rows[gate].failures;
}

double ledger_worst(const struct ledger *ledger, enum gate gate)
{
    return ledger->rows[gate].worst;
}

const char *ledger_where(const struct ledger *ledger, enum gate gate)
{
    return ledger->rows[gate].where;
}

const char *ledger_example(const struct ledger *ledger, enum gate gate, int index)
{
    const struct row *row = &ledger->rows[gate];
    return index < row->kept ? row->examples[index] : NULL;
}

long ledger_all_failures(const struct ledger *ledger)
{
    long sum = 0;
    for (int i = 0; i < GATES; i++)
        sum += ledger->rows[i].failures;
    return sum;
}

void ledger_print(const struct ledger *ledger)
{
    for (int i = 0; i < GATES; i++) {
        const struct gate_terms terms = gate_terms((enum gate)i);
        const struct row *row = &ledger->rows[i];
        if (row->looks == 0)
            continue;
        printf("%-22s %8ld looks %6ld failures", terms.code, row->looks, row->failures);
        if (terms.way != HOLDS)
            printf("  worst %.4g %s (%s %.4g) at %s", row->worst, terms.unit,
                   terms.way == LEAST ? "at least" : "at most", terms.threshold, row->where);
        printf("\n");
        for (int k = 0; k < row->kept; k++)
            printf("    %s\n", row->examples[k]);
    }
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static json_t *row_json(const struct row *row)
{
    json_t *examples = json_array();
    for (int i = 0; i < row->kept; i++)
        json_array_append_new(examples,
                              json_stringn_nocheck(row->examples[i], strlen(row->examples[i])));
    json_t *object = json_object();
    json_object_set_new(object, "looks", json_integer(row->looks));
    json_object_set_new(object, "failures", json_integer(row->failures));
    json_object_set_new(object, "worst", json_real(row->worst));
    json_object_set_new(object, "where", json_stringn_nocheck(row->where, strlen(row->where)));
    json_object_set_new(object, "examples", examples);
    return object;
}

bool ledger_save(const struct ledger *ledger, const char *dir, const char *part)
{
    char path[1024];
    json_t *root = json_object();
    for (int i = 0; i < GATES; i++)
        if (ledger->rows[i].looks > 0)
            json_object_set_new(root, gate_terms((enum gate)i).code, row_json(&ledger->rows[i]));
    (void)mkdir(dir, 0777); /* is there already, or the next line says why not */
    snprintf(path, sizeof path, "%s/%s.json", dir, part);
    bool saved = json_dump_file(root, path, JSON_INDENT(1)) == 0;
    if (!saved)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    json_decref(root);
    return saved;
}

static void add_row(struct ledger *ledger, enum gate gate, const json_t *object)
{
    struct row *row = &ledger->rows[gate];
    const struct gate_terms terms = gate_terms(gate);
    const double worst = json_number_value(json_object_get(object, "worst"));
    const char *where = json_string_value(json_object_get(object, "where"));
    if (terms.way != HOLDS && (row->looks == 0 || is_worse(terms.way, worst, row->worst))) {
        row->worst = worst;
        snprintf(row->where, sizeof row->where, "%s", where != NULL ? where : "");
    }
    row->looks += (long)json_integer_value(json_object_get(object, "looks"));
    row->failures += (long)json_integer_value(json_object_get(object, "failures"));
    const json_t *examples = json_object_get(object, "examples");
    for (size_t i = 0; i < json_array_size(examples); i++)
        keep_example(row, json_string_value(json_array_get(examples, i)));
}

bool ledger_load(struct ledger *ledger, const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (root == NULL) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        return false;
    }
    for (int i = 0; i < GATES; i++) {
        const json_t *object = json_object_get(root, gate_terms((enum gate)i).code);
        if (object != NULL)
            add_row(ledger, (enum gate)i, object);
    }
    json_decref(root);
    return true;
}
