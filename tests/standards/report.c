/* The report: clause, threshold, measured, verdict. A draft of what an EN 301 549 statement would say, for a person to
 * read and sign; what no machine can measure is said at its end. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ledger.h"

/* One row as words, the same in both forms. */
struct line {
    struct gate_terms terms;
    char threshold[64], measured[96];
    const char *verdict, *where;
    long looks;
};

/* `x` is code in both forms. */
static const char title[] = "Accessibility statement, draft: what was measured";
static const char *const intro[] = {
    "Product: Quarter " QUARTER_VERSION
    " (kiosk, lobby display, staff web pages, queue server), as "
    "built; the example site `customer-centre`, its nine languages, three themes and three sizes "
    "of "
    "text, portrait and landscape, and a made-up site of forty services with long names.",
    "Standard: EN 301 549 V3.2.1 (2021-03), which takes in WCAG 2.1 A and AA; beside it single "
    "criteria of WCAG 2.2 and AAA, UK GDPR Article 5, the GOV.UK content rules, and rules of our "
    "own, each named in its row.",
    "Method: each row is a test of `tests/standards`. Kiosk and display: every page that a journey "
    "can reach is laid out and drawn by the programs' own view and read back as a dump, and what "
    "the dump says is held against the pixels of the frame. Server: the real program, its files "
    "and "
    "answers. Rows about recordings and browsers: the real programs, by `tests/e2e`. \"Looked at\" "
    "counts single comparisons; the measured value is the worst of them, with the place where it "
    "was found. 0.697 degrees are what EN 301 549 itself calls 0.7 (7.3 mm at 600 mm, table 5.1).",
    "Verdicts: \"supports\": each look held. \"does not support\": at least one did not; all kept "
    "examples follow the table. \"not measured\": nobody looked in this run, and nothing is "
    "claimed."};
static const char *const outro[] = {
    "Not measured by machine, and for a person to try: whether the words are understood; whether "
    "the translations marked as drafts are right; the force a screen needs (EN 301 549 5.5.1, "
    "8.4.2);"
    " glare and noise in the lobby; the clear floor space in front of the kiosk (8.3.4); "
    "tactile marks of a keypad (8.4.1); the loudness of a headset at the ear (8.2.1); whether "
    "espeak-ng can be understood in each language (it has no Somali voice: Oromo's stands in).",
    "This is made by a machine and is no statement yet: a person has to read it, try the product "
    "with the people it is for, and sign."};
enum { INTRO_LINES = sizeof intro / sizeof intro[0], OUTRO_LINES = sizeof outro / sizeof outro[0] };

static struct line line_of(const struct ledger *ledger, enum gate gate, const char *where)
{
    struct line line = {.terms = gate_terms(gate), .where = where};
    line.looks = ledger_looks(ledger, gate);
    const struct gate_terms *terms = &line.terms;
    const long failures = ledger_failures(ledger, gate);
    if (terms->way == HOLDS)
        snprintf(line.threshold, sizeof line.threshold, "holds at every look");
    else
        snprintf(line.threshold, sizeof line.threshold, "%s %.4g %s",
                 terms->way == LEAST ? "at least" : "at most", terms->threshold, terms->unit);
    if (line.looks == 0)
        snprintf(line.measured, sizeof line.measured, "nothing");
    else if (terms->way == HOLDS)
        snprintf(line.measured, sizeof line.measured, "%ld of %ld", line.looks - failures,
                 line.looks);
    else
        snprintf(line.measured, sizeof line.measured, "%.4g %s", ledger_worst(ledger, gate),
                 terms->unit);
    line.verdict = line.looks == 0 ? "not measured"
                   : failures == 0 ? "supports"
                                   : "does not support";
    return line;
}

static void today(char *text, size_t size)
{
    struct tm date;
    const time_t now = time(NULL);
    gmtime_r(&now, &date);
    strftime(text, size, "Measured on %Y-%m-%d.", &date);
}

/* How many gates have the verdict. */
static void summary(const struct ledger *ledger, char *text, size_t size)
{
    int held = 0, failed = 0, unknown = 0;
    for (int i = 0; i < GATES; i++) {
        const bool looked = ledger_looks(ledger, (enum gate)i) > 0;
        const bool fails = ledger_failures(ledger, (enum gate)i) > 0;
        held += looked && !fails;
        failed += fails;
        unknown += !looked;
    }
    snprintf(text, size, "%d rows: %d support, %d do not support, %d not measured.", (int)GATES,
             held, failed, unknown);
}

static void markdown(FILE *out, const struct ledger *ledger)
{
    char day[64], sum[128];
    today(day, sizeof day);
    summary(ledger, sum, sizeof sum);
    fprintf(out, "# %s\n\n%s %s\n\n", title, day, sum);
    for (size_t i = 0; i < INTRO_LINES; i++)
        fprintf(out, "%s\n\n", intro[i]);
    fprintf(out, "| clause | what | threshold | measured (worst) | looked at | verdict |\n"
                 "|---|---|---|---|---|---|\n");
    for (int i = 0; i < GATES; i++) {
        const struct line line = line_of(ledger, (enum gate)i, "");
        fprintf(out, "| %s | %s | %s | %s | %ld | %s |\n", line.terms.clause, line.terms.what,
                line.threshold, line.measured, line.looks, line.verdict);
    }
    for (size_t i = 0; i < OUTRO_LINES; i++)
        fprintf(out, "\n%s\n", outro[i]);
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

/* A paragraph; what stands between backticks is code. */
static void paragraph(FILE *out, const char *text)
{
    bool code = false;
    fputs("<p>", out);
    for (const char *at = text; *at != '\0';) {
        const size_t length = strcspn(at, "`");
        char part[1024];
        snprintf(part, sizeof part, "%.*s", (int)length, at);
        escaped(out, part);
        at += length;
        if (*at == '`') {
            fputs(code ? "</code>" : "<code>", out);
            code = !code;
            at++;
        }
    }
    fputs("</p>\n", out);
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
    fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Accessibility "
          "statement, draft</title>"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>\n"
          "body{font:1rem/1.5 sans-serif;color:#14213d;max-width:75rem;margin:2rem auto;padding:0 "
          "1rem}\n"
          "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.4rem "
          ".7rem;border-bottom:1px solid #d3dae6}\nsmall{color:#4a5670}.good{color:#0e7a3b}"
          ".bad{color:#b3261e;font-weight:bold}\n</style></head><body>",
          out);
    char day[64], sum[128], first[256];
    today(day, sizeof day);
    summary(ledger, sum, sizeof sum);
    snprintf(first, sizeof first, "%s %s", day, sum);
    fprintf(out, "<h1>%s</h1>\n", title);
    paragraph(out, first);
    for (size_t i = 0; i < INTRO_LINES; i++)
        paragraph(out, intro[i]);
    fputs("<table><thead><tr><th scope=\"col\">Clause</th><th scope=\"col\">What</th>"
          "<th scope=\"col\">Threshold</th><th scope=\"col\">Measured (worst)</th>"
          "<th scope=\"col\">Looked at</th><th scope=\"col\">Verdict</th></tr></thead><tbody>\n",
          out);
    for (int i = 0; i < GATES; i++) {
        const struct line line = line_of(ledger, (enum gate)i, ledger_where(ledger, (enum gate)i));
        html_row(out, &line);
    }
    fputs("</tbody></table>\n", out);
    for (size_t i = 0; i < OUTRO_LINES; i++)
        paragraph(out, outro[i]);
    for (int i = 0; i < GATES; i++) {
        const enum gate gate = (enum gate)i;
        if (ledger_failures(ledger, gate) == 0)
            continue;
        fprintf(out, "<h2>%s: %s (%ld)</h2><ul>\n", gate_terms(gate).clause, gate_terms(gate).code,
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
