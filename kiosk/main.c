/* kiosk: the touch screen at which visitors take their tickets. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "client/client.h"
#include "display/screen/window.h"

enum { EXIT_USAGE = 2 };

static const char help[] =
    "Usage: kiosk --server URL --kiosk CODE [OPTION]...\n"
    "Shows visitors the way to a ticket.\n\n"
    "  --server URL            the queue server, such as http://127.0.0.1:8080; a server with\n"
    "                          sign-in lets the kiosk in when an administrator has typed the\n"
    "                          letters that it shows on the Admin page\n"
    "  --server-key KEY        the key of an https server, sha256//BASE64, as the server says it\n"
    "                          when it starts (default: learned when the letters are typed); a\n"
    "                          server with another key is told nothing\n"
    "  --kiosk CODE            which of the site's kiosks this is, e.g. kiosk-1\n"
    "  --printer-socket PATH   where ticket-printer listens; without it nothing is printed\n"
    "  --touch DEVICE          this touchscreen only (default: every one there is)\n"
    "  --calibration MATRIX    touch to screen, 'A B C D E F' as libinput has it (default: as in\n"
    "                          input.conf)\n"
    "  --setup                 begins with the staff's pages: touch, keypad, scanner, printer; so\n"
    "                          does holding the clock for 8 s while nobody is served\n"
    "  --scanner VENDOR:PRODUCT\n"
    "                          this keyboard is a scanner, besides those in input.conf; eight\n"
    "                          in all; may be given several times\n"
    "  --cache DIR             keeps the site for starts without the server\n"
    "  --state DIR             keeps input.conf (calibration, keypads, scanners) and, in\n"
    "                          pairing-kiosk-CODE, the server's key and the kiosk's token\n"
    "                          (default: that of --cache; with neither, all is forgotten at the\n"
    "                          end)\n"
    "  --speech CMD            speaks: text in, WAV out; VOICE and LANGUAGE in it are replaced;\n"
    "                          off: recorded phrases only\n"
    "                          (default: espeak-ng -v VOICE -s 150 --stdout)\n"
    "  --phrases DIR           recorded phrases, DIR/LANGUAGE/phrases.tsv; they go first\n"
    "  --headset-device NAME   the sound device of the headset's socket (default: as the\n"
    "                          loudspeaker)\n"
    "  --sound-log FILE        writes what is said, for tests; it holds private things\n"
    "  --language CODE         shown before a visitor chooses (default: the site's first)\n"
    "  --theme NAME            light, dark or contrast (default: the site's, else light)\n"
    "  --windowed              in a window, not full screen; arrow keys, Enter, Backspace and F1\n"
    "                          stand for a keypad's\n"
    "  --size WxH              pixels, e.g. 1080x1920 (default: the whole screen)\n"
    "  --assets DIR            locale/ and icons/ (default: $QUARTER_ASSETS, else\n"
    "                          ../share/quarter)\n"
    "  --dump-ui DIR           writes frame.png and frame.json after each changed frame\n"
    "  --help, --version\n\n"
    "Exit codes: 0 fine, 1 failed, 2 wrong usage, 78 bad configuration.\n";

static int refuse(const char *what, const char *which)
{
    fprintf(stderr, "kiosk: %s%s; try --help\n", what, which);
    return EXIT_USAGE;
}

static const struct option known[] = {
    {"server", required_argument, NULL, 's'},
    {"server-key", required_argument, NULL, 'K'},
    {"kiosk", required_argument, NULL, 'k'},
    {"touch", required_argument, NULL, 't'},
    {"calibration", required_argument, NULL, 'm'},
    {"scanner", required_argument, NULL, 'b'},
    {"cache", required_argument, NULL, 'c'},
    {"state", required_argument, NULL, 'e'},
    {"printer-socket", required_argument, NULL, 'p'},
    {"speech", required_argument, NULL, 'y'},
    {"phrases", required_argument, NULL, 'r'},
    {"headset-device", required_argument, NULL, 'x'},
    {"sound-log", required_argument, NULL, 'o'},
    {"dump-ui", required_argument, NULL, 'd'},
    {"assets", required_argument, NULL, 'a'},
    {"language", required_argument, NULL, 'l'},
    {"theme", required_argument, NULL, 'T'},
    {"size", required_argument, NULL, 'S'},
    {"windowed", no_argument, NULL, 'w'},
    {"setup", no_argument, NULL, 'u'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {0},
};

/* Where an option's text goes as it is; NULL: it is no such option. */
static const char **text_of(struct app_options *options, int option)
{
    switch (option) {
    case 's': return &options->server;
    case 'k': return &options->kiosk;
    case 't': return &options->touch;
    case 'c': return &options->cache;
    case 'e': return &options->state;
    case 'p': return &options->printer_socket;
    case 'y': return &options->voice.speech;
    case 'r': return &options->voice.phrases;
    case 'x': return &options->voice.headset;
    case 'o': return &options->voice.log;
    case 'd': return &options->dump_ui;
    case 'a': return &options->assets;
    case 'l': return &options->language;
    default: return NULL;
    }
}

/* NULL: fine; else what is wrong with the value. */
static const char *take_value(struct app_options *options, int option, const char *value)
{
    switch (option) {
    case 'm':
        options->given.calibrated =
            calibration_parse(value, &options->given.calibration) == STATUS_OK;
        return options->given.calibrated ? NULL : "--calibration takes six numbers, not ";
    case 'b':
        if (options->given.scanner_count == INPUT_CONF_SCANNERS_MAX)
            return "there is room for eight scanners, and none for --scanner ";
        return device_id_parse(value, &options->given.scanners[options->given.scanner_count++])
                   ? NULL
                   : "--scanner takes VENDOR:PRODUCT, such as 0c2e:0b61, not ";
    case 'K':
        options->server_key = value;
        return client_is_server_key(value)
                   ? NULL
                   : "--server-key takes sha256// and 44 letters, as the server says it, not ";
    case 'T':
        options->theme_given = theme_kind_from_name(value, &options->theme);
        return options->theme_given ? NULL : "--theme takes light, dark or contrast, not ";
    case 'S':
        return window_read_size(value, &options->width, &options->height)
                   ? NULL
                   : "--size takes WIDTHxHEIGHT, such as 1080x1920, not ";
    default: return "unknown option ";
    }
}

int main(int argc, char **argv)
{
    struct app_options options = {0};
    opterr = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet */
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        const char **text = text_of(&options, option);
        const char *wrong = NULL;
        if (text != NULL)
            *text = optarg;
        else if (option == 'w')
            options.windowed = true;
        else if (option == 'u')
            options.setup = true;
        else if (option == 'h')
            return fputs(help, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        else if (option == 'v')
            return puts("kiosk " QUARTER_VERSION) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        else if (option == ':')
            return refuse("a value is missing after ", argv[optind - 1]);
        else if (option == '?')
            return refuse("unknown option ", argv[optind - 1]);
        else
            wrong = take_value(&options, option, optarg);
        if (wrong != NULL)
            return refuse(wrong, optarg);
    }
    if (optind != argc)
        return refuse("not understood: ", argv[optind]);
    if (options.server == NULL || options.kiosk == NULL)
        return refuse("--server and --kiosk are needed", "");
    return app_run(&options);
}
