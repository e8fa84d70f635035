/* ticket-printer: prints tickets for kiosks that ask over a UNIX socket. See program.h and
 * service.h. */
#include "printer/program.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static int refuse(const char *what, const char *which)
{
    fprintf(stderr, "ticket-printer: %s%s; try --help\n", what, which);
    return EXIT_USAGE;
}

static bool read_number(const char *text, int least, int most, int *number)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || end == text || value < least || value > most)
        return false;
    *number = (int)value;
    return true;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"printer", required_argument, NULL, 'p'},
        {"socket", required_argument, NULL, 's'},
        {"spool", required_argument, NULL, 'd'},
        {"format", required_argument, NULL, 'f'},
        {"width-mm", required_argument, NULL, 'w'},
        {"dpi", required_argument, NULL, 'r'},
        {"assets", required_argument, NULL, 'a'},
        {"layout-only", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    struct program_options options = {.wish = {.paper_width_mm = 80, .escpos_dpi = 203}};
    bool layout_only = false;
    opterr = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        switch (option) {
        case 'p': options.printer = optarg; break;
        case 's': options.socket = optarg; break;
        case 'd': options.spool = optarg; break;
        case 'a': options.assets = optarg; break;
        case 'l': layout_only = true; break;
        case 'f':
            if (!print_format_parse(optarg, &options.wish.format))
                return refuse("--format takes auto, pwg or escpos, not ", optarg);
            break;
        case 'w':
            if (!read_number(optarg, 50, 120, &options.wish.paper_width_mm))
                return refuse("--width-mm takes 50 to 120, not ", optarg);
            break;
        case 'r':
            if (!read_number(optarg, 100, 300, &options.wish.escpos_dpi))
                return refuse("--dpi takes 100 to 300, not ", optarg);
            break;
        case 'h': fputs(PROGRAM_HELP, stdout); return EXIT_SUCCESS;
        case 'v': puts("ticket-printer " QUARTER_VERSION); return EXIT_SUCCESS;
        case ':': return refuse("a value is missing after ", argv[optind - 1]);
        default: return refuse("unknown option ", argv[optind - 1]);
        }
    }
    if (layout_only) {
        if (argc - optind != 2)
            return refuse("--layout-only takes REQUEST.json and OUT.png", "");
        options.request_path = argv[optind];
        options.picture_path = argv[optind + 1];
        return program_layout_only(&options);
    }
    if (argc != optind)
        return refuse("not understood: ", argv[optind]);
    if (!options.printer || !options.socket || !options.spool)
        return refuse("--printer, --socket and --spool are needed", "");
    return program_serve(&options);
}
