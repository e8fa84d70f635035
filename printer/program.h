/* The ticket printer as a program: its options, and what it does with them. */
#ifndef QUARTER_PRINTER_PROGRAM_H
#define QUARTER_PRINTER_PROGRAM_H

#include "printer/device/ability.h"

extern const char PROGRAM_HELP[];

struct program_options {
    const char *printer; /* ipp://HOST[:PORT]/RESOURCE */
    const char *socket;
    const char *spool;
    const char *assets; /* or NULL */
    struct print_wish wish;
    const char *request_path, *picture_path; /* of --layout-only, else NULL */
};

/* An exit status. */
int program_serve(const struct program_options *options);
int program_layout_only(const struct program_options *options);

#endif
