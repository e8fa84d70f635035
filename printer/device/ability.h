/* What a printer can take, out of its answer to Get-Printer-Attributes, and what of it a ticket
 * uses. No I/O. */
#ifndef QUARTER_DEVICE_ABILITY_H
#define QUARTER_DEVICE_ABILITY_H

#include "printer/device/raster.h"
#include "printer/device/reasons.h"

#include <cups/cups.h>

enum { ABILITY_MEDIA_MAX = 64, ABILITY_NAME_BYTES = 96, ABILITY_JOBS_MAX = 32 };

/* Sizes in hundredths of a millimetre, as IPP has them. Lengths from == to: a fixed size. */
struct media_size {
    char name[ABILITY_NAME_BYTES]; /* "": only by its dimensions */
    int width, length_from, length_to;
    int left, right, top, bottom; /* margins */
};

#define PRINT_FORMAT_LIST(X)                                                                       \
    X(AUTO, "auto", NULL) /* what the printer offers; PWG raster before ESC/POS */                 \
    X(PWG, "pwg", "image/pwg-raster")                                                              \
    X(ESCPOS, "escpos", "application/vnd.cups-raw") /* sent as it is: the queue must not touch it */

enum print_format {
#define X(name, code, mime) PRINT_FORMAT_##name,
    PRINT_FORMAT_LIST(X)
#undef X
};

/* What whoever set the printer up says of it. */
struct print_wish {
    enum print_format format;
    int paper_width_mm;
    int escpos_dpi; /* of the head: 180 or 203; 0: 203. A raw queue does not know it */
};

struct printer_ability {
    bool usable;              /* takes the format that was wanted */
    enum print_format format; /* PWG or ESCPOS */
    bool senses_paper;        /* it can tell whether it has some */
    bool
        create_job; /* Create-Job and Send-Document: the job's id is known before its data leaves */
    bool media_col; /* takes media-col with media-size */
    enum raster_type type;
    int dpi;
    int width_px; /* of the page to send */
    size_t media_count;
    struct media_size media[ABILITY_MEDIA_MAX];
};

enum job_phase { JOB_WAITS, JOB_PRINTS, JOB_COMPLETED, JOB_ABORTED, JOB_CANCELED };

struct job_report {
    enum job_phase phase;
    bool lacks_document;               /* created, and its document is not, or not all, there */
    char reason[PRINTER_REASON_BYTES]; /* a telling job-state-reason, or "" */
};

/* One of the answer to Get-Jobs. */
struct listed_job {
    int id;
    bool lacks_document;
    char name[ABILITY_NAME_BYTES];
};

struct printer_condition ability_read_condition(ipp_t *answer);
struct printer_ability ability_read(ipp_t *answer, const struct print_wish *wish);
/* "auto", "pwg", "escpos"; false: another word. */
bool print_format_parse(const char *code, enum print_format *format);
const char *print_format_mime(enum print_format format); /* NULL for AUTO */
struct job_report ability_read_job(ipp_t *answer);
/* How many; jobs without a name or an id, and those beyond ABILITY_JOBS_MAX, are left out. */
size_t ability_read_jobs(ipp_t *answer, struct listed_job *jobs);

/* The dots across the printable width of a roll: 80 mm paper prints 72 mm (576 dots at 203 dpi), 58
 * mm prints 48 mm (384 dots). */
int ability_dots(int paper_width_mm, int dpi);

/* Adds `media-col` with a custom length, or `media` with the nearest size, or nothing if the
 * printer names no media. */
void ability_add_media(const struct printer_ability *ability, int paper_width_mm,
                       int page_height_px, ipp_t *request);

#endif
