/* `queue-server serve`: from the command line to a running server, and back down on SIGTERM. */
#ifndef QUARTER_HTTP_SERVE_H
#define QUARTER_HTTP_SERVE_H

#include <stdio.h>

/* The arguments from "serve" on. Returns the exit code: 0, 1 (failed), 2 (usage), 78 (configuration). */
int serve_command(int argc, char **argv);
void serve_print_options(FILE *out);

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CONFIGURATION = 78 };

#endif
