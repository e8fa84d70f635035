/* The report: clause, threshold, measured, verdict. A draft of what an EN 301 549 statement would say, for a person to
 * read and sign; what no machine can measure is said at its end. */
#include <stdio.h>
#include <string.h>

#include "ledger.h"

/* One row as words, the same in both forms. */
struct line {
    struct gate_terms terms;
    char threshold[64], measured[96];
    const char *verdict, *where;
    long looks;
};

static const char intro[] = "Each row is a test of `tests/standards`, named by its clause, on "
                            "pages laid out and drawn by the real view and read "
                            "back as dumps: what the dump says is held against the pixels of the "
                            "frame. This is a draft of a statement under "
                            "EN 301 549 (V3.2.1) made by machine; a person has to read it, try the "
                            "product with people, and sign.";
static const char outro[] = "Not measured by machine: whether the words are understood, whether "
                            "the translations marked as drafts are right, "
                            "the force a screen needs, glare and noise in the lobby, the clear "
                            "floor space in front of the kiosk (EN 301 549 "
                            "8.3.1, 8.3.3), tactile marks of a keypad (8.4), whether espeak-ng can "
                            "be understood in each language.";

static struct line line_of(const struct ledger *ledger, enum gate gate, const char *where)
{
    struct line line = {.terms = gate_terms(gate), .where = where};
    line.looks = ledger_looks(ledger, gate);
    const struct gate_terms *terms = &line.terms;
    const long failures = ledger_failures(ledger, gate);
    if (terms->way == HOLDS)
        snprintf(line.threshold, sizeof line.threshold, "holds everywhere");
    else
        snprintf(line.threshold, sizeof line.threshold, "%s %.4g %s",
                 terms->way == LEAST ? "at least" : "at most", terms->threshold, terms->unit);
    if (line.looks == 0)
        snprintf(line.measured, sizeof line.measured, "-");
    else if (terms->way == HOLDS)
        snprintf(line.measured, sizeof line.measured, "%ld of %ld", line.looks - failures,
                 line.looks);
    else
        snprintf(line.measured, sizeof line.measured, "%.4g %s", ledger_worst(ledger, gate),
                 terms->unit);
    line.verdict = line.looks == 0 ? "not tested" : failures == 0 ? "supports" : "does not support";
    return line;
}

static void markdown(FILE *out, const struct ledger *ledger)
{
    fprintf(out, "# Standards: what was measured\n\n%s\n\n", intro);
    fprintf(out, "| clause | what | threshold | measured (worst) | looked at | verdict |\n"
                 "|---|---|---|---|---|---|\n");
    for (int i = 0; i < GATES; i++) {
        const struct line line = line_of(ledger, (enum gate)i, "");
        fprintf(out, "| %s | %s | %s | %s | %ld | %s |\n", line.terms.clause, line.terms.what,
                line.threshold, line.measured, line.looks, line.verdict);
    }
    fprintf(out, "\n%s\n", outro);
    for (int i = 0; i < GATES; i++) {
        const enum gate gate = (enum gate)i;
        if (ledger_failures(ledger, gate) == 0)
            continue;
        fprintf(out, "\n## %s: %s (%ld)\n\n", gate_terms(gate).clause, gate_terms(gate).code,
                ledger_failures(ledger, gate));
        for (int k = 0; ledger_example(ledger, gate, k) != NULL; k++)
            fprintf(out, "- %s\n", ledger_example(ledger, gate, k));
    }
}

static void escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else
            fputc(*text, out);
    }
}

static void html_row(FILE *out, const struct line *line)
{
    const bool good = strcmp(line->verdict, "supports") == 0;
    const char *const cells[] = {line->terms.clause, line->terms.what, line->threshold,
                                 line->measured};
    fputs("<tr>", out);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        fputs("<td>", out);
        escaped(out, cells[i]);
        if (i == 3 && line->where[0] != '\0') {
            fputs("<br><small>", out);
            escaped(out, line->where);
            fputs("</small>", out);
        }
        fputs("</td>", out);
    }
    fprintf(out, "<td>%ld</td><td class=\"%s\">%s</td></tr>\n", line->looks, good ? "good" : "bad",
            line->verdict);
}

static void html(FILE *out, const struct ledger *ledger)
{
    fputs(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Standards</title>"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>\n"
        "body{font:1rem/1.5 sans-serif;color:#14213d;max-width:75rem;margin:2rem auto;padding:0 "
        "1rem}\n"
        "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.4rem "
        ".7rem;border-bottom:1px solid #d3dae6}\nsmall{color:#4a5670}.good{color:#0e7a3b}"
        ".bad{color:#b3261e;font-weight:bold}\n</style></head><body><h1>Standards: what was "
        "measured</h1>\n<p>",
        out);
    escaped(out, intro);
    fputs("</p>\n<table><thead><tr><th scope=\"col\">Clause</th><th scope=\"col\">What</th>"
          "<th scope=\"col\">Threshold</th><th scope=\"col\">Measured (worst)</th>"
          "<th scope=\"col\">Looked at</th><th scope=\"col\">Verdict</th></tr></thead><tbody>\n",
          out);
    for (int i = 0; i < GATES; i++) {
        const struct line line = line_of(ledger, (enum gate)i, ledger_where(ledger, (enum gate)i));
        html_row(out, &line);
    }
    fputs("</tbody></table>\n<p>", out);
    escaped(out, outro);
    fputs("</p>\n", out);
    for (int i = 0; i < GATES; i++) {
        const enum gate gate = (enum gate)i;
        if (ledger_failures(ledger, gate) == 0)
            continue;
        fprintf(out, "<h2>%s (%ld)</h2><ul>\n", gate_terms(gate).code,
                ledger_failures(ledger, gate));
        for (int k = 0; ledger_example(ledger, gate, k) != NULL; k++) {
            fputs("<li>", out);
            escaped(out, ledger_example(ledger, gate, k));
            fputs("</li>\n", out);
        }
        fputs("</ul>\n", out);
    }
    fputs("</body></html>\n", out);
}

bool ledger_report(const struct ledger *ledger, const char *dir)
{
    static const struct {
        const char *name;
        void (*write)(FILE *out, const struct ledger *ledger);
    } forms[] = {{"report.md", markdown}, {"report.html", html}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", dir, forms[i].name);
        FILE *out = fopen(path, "w");
        if (out == NULL) {
            perror(path);
            return false;
        }
        forms[i].write(out, ledger);
        if (fclose(out) != 0) {
            perror(path);
            return false;
        }
    }
    return true;
}
