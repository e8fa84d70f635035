/* kiosk: the touch screen at which visitors take their tickets. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "display/screen/window.h"

enum { EXIT_USAGE = 2 };

static const char help[] =
    "Usage: kiosk --server URL --kiosk CODE [options]\n"
    "Shows visitors the way to a ticket.\n\n"
    "  --server URL            the queue server, such as http://127.0.0.1:8080\n"
    "  --kiosk CODE            which of the site's kiosks this is\n"
    "  --printer-socket PATH   where ticket-printer listens; without it nothing is printed\n"
    "  --touch DEVICE          this touchscreen only (default: every one there is)\n"
    "  --calibration 'A B C D E F'  touch to screen, as libinput's matrix (default: 1 0 0 0 1 0)\n"
    "  --cache DIR             keeps the site for starts without the server\n"
    "  --language CODE         shown before a visitor chooses (default: the site's first)\n"
    "  --theme light|dark|contrast\n"
    "  --size WxH, --windowed  instead of the whole screen\n"
    "  --assets DIR            locale/ and icons/; default $QUARTER_ASSETS, else ../share/quarter\n"
    "  --dump-ui DIR           writes frame.png and frame.json after each changed frame\n"
    "  --help, --version\n";

static int refuse(const char *what, const char *which)
{
    fprintf(stderr, "kiosk: %s%s; try --help\n", what, which);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"server", required_argument, NULL, 's'},
        {"kiosk", required_argument, NULL, 'k'},
        {"touch", required_argument, NULL, 't'},
        {"calibration", required_argument, NULL, 'm'},
        {"cache", required_argument, NULL, 'c'},
        {"printer-socket", required_argument, NULL, 'p'},
        {"dump-ui", required_argument, NULL, 'd'},
        {"assets", required_argument, NULL, 'a'},
        {"language", required_argument, NULL, 'l'},
        {"theme", required_argument, NULL, 'T'},
        {"size", required_argument, NULL, 'S'},
        {"windowed", no_argument, NULL, 'w'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    struct app_options options = {.calibration = calibration_identity()};
    opterr = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet */
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        switch (option) {
        case 's': options.server = optarg; break;
        case 'k': options.kiosk = optarg; break;
        case 't': options.touch = optarg; break;
        case 'c': options.cache = optarg; break;
        case 'p': options.printer_socket = optarg; break;
        case 'd': options.dump_ui = optarg; break;
        case 'a': options.assets = optarg; break;
        case 'l': options.language = optarg; break;
        case 'w': options.windowed = true; break;
        case 'm':
            if (calibration_parse(optarg, &options.calibration) != STATUS_OK)
                return refuse("--calibration takes six numbers, not ", optarg);
            break;
        case 'T':
            options.theme_given = theme_kind_from_name(optarg, &options.theme);
            if (!options.theme_given)
                return refuse("--theme takes light, dark or contrast, not ", optarg);
            break;
        case 'S':
            if (!window_read_size(optarg, &options.width, &options.height))
                return refuse("--size takes WIDTHxHEIGHT, such as 1080x1920, not ", optarg);
            break;
        case 'h': fputs(help, stdout); return EXIT_SUCCESS;
        case 'v': puts("kiosk " QUARTER_VERSION); return EXIT_SUCCESS;
        case ':': return refuse("a value is missing after ", argv[optind - 1]);
        default: return refuse("unknown option ", argv[optind - 1]);
        }
    }
    if (optind != argc)
        return refuse("not understood: ", argv[optind]);
    if (options.server == NULL || options.kiosk == NULL)
        return refuse("--server and --kiosk are needed", "");
    return app_run(&options);
}
