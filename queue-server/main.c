/* queue-server: the queue, its journal and its API in one program. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "http/reset_password.h"
#include "http/serve.h"
#include "simulate/command.h"
#include "site/site.h"

static void print_help(void)
{
    (void)puts("Usage: queue-server serve [OPTION]...\n"
               "       queue-server check-site DIR\n"
               "       queue-server reset-password NAME [--data DIR]\n"
               "       queue-server simulate [OPTION]...\n"
               "       queue-server --help | --version\n"
               "\n"
               "The queue of a front desk: issues tickets, calls them to counters, tells kiosks,\n"
               "displays and staff pages, and keeps a journal of everything.\n"
               "\n"
               "serve: run the server. Stops on SIGTERM or Ctrl-C.");
    serve_print_options(stdout);
    (void)puts(
        "\n"
        "check-site: say everything that is wrong in a site's folder.\n"
        "\n"
        "reset-password: a one-time password for somebody who can sign in no more, also while\n"
        "the server runs; makes an administrator of them when there is none.\n"
        "\n"
        "simulate: recorded and invented days on a virtual clock, under several policies;\n"
        "see simulate --help.\n"
        "\n"
        "Exit codes: 0 fine, 1 failed, 2 wrong usage, 78 bad configuration.");
}

static int usage(const char *what, const char *argument)
{
    (void)fprintf(stderr, "queue-server: %s%s; try --help\n", what, argument);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        (void)fputs("queue-server: no randomness from the system\n", stderr);
        return EXIT_FAILED;
    }
    if (argc < 2) {
        return usage("say what to do: serve, check-site DIR, reset-password NAME or simulate", "");
    }
    if (strcmp(argv[1], "--help") == 0) {
        print_help();
        return EXIT_FINE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("queue-server " QUARTER_VERSION);
        return EXIT_FINE;
    }
    if (strcmp(argv[1], "serve") == 0) {
        return serve_command(argc - 1, argv + 1);
    }
    if (strcmp(argv[1], "reset-password") == 0) {
        return reset_password_command(argc - 1, argv + 1);
    }
    if (strcmp(argv[1], "simulate") == 0) {
        return simulate_command(argc - 1, argv + 1);
    }
    if (strcmp(argv[1], "check-site") == 0) {
        if (argc == 3 && strcmp(argv[2], "--help") == 0) {
            print_help();
            return EXIT_FINE;
        }
        return argc == 3 ? site_check_command(argv[2], stdout)
                         : usage("check-site wants one folder", "");
    }
    return usage("unknown command or option: ", argv[1]);
}
