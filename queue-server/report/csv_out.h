/* Writes CSV as RFC 4180 has it: cells parted by commas, rows ended by CR LF, UTF-8. Made to be opened in a spreadsheet: a
 * text that one would take for a formula gets an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection). */
#ifndef QUARTER_REPORT_CSV_OUT_H
#define QUARTER_REPORT_CSV_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_out {
    char *data; /* always ends in '\0' once something was written */
    size_t length, capacity;
    bool inside; /* a row has begun */
};

void csv_out_free(struct csv_out *out);
char *csv_out_take(struct csv_out *out); /* the caller frees; out is empty after */

void csv_out_text(struct csv_out *out, const char *text); /* a cell; "" or NULL: an empty one */
void csv_out_integer(struct csv_out *out, int64_t value);
void csv_out_empty(struct csv_out *out);
void csv_out_end_row(struct csv_out *out);

#endif
