/* display: shows a lobby who is called and how long the waits are. See app.h. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/client.h"
#include "display/app.h"
#include "display/screen/speech.h"
#include "display/screen/window.h"

static const char HELP[] =
    "Usage: display --display CODE [OPTION]...\n"
    "Shows the calls and waits of a centre in its lobby, chimes and speaks.\n\n"
    "  --display CODE   which of the site's displays this is, e.g. lobby\n"
    "  --server URL     the queue server; default http://127.0.0.1:8080. A server with sign-in "
    "lets\n"
    "                   the display in when an administrator has typed the letters that it shows\n"
    "                   on the Admin page\n"
    "  --server-key KEY the key of an https server, sha256//BASE64, as the server says it when it\n"
    "                   starts; default: learned when the letters are typed. A server with "
    "another\n"
    "                   key is told nothing\n"
    "  --language CODE  language of the screen; default: the site's first\n"
    "  --theme NAME     light, dark or contrast; default: the site's for this display, else dark\n"
    "  --windowed       in a window, not full screen\n"
    "  --size WxH       pixels, e.g. 1920x1080 or 1080x1920; default: the whole screen\n"
    "  --mute           no sound at all\n"
    "  --speech CMD     says calls with this program: text in, WAV out; VOICE and LANGUAGE in it\n"
    "                   are replaced. off: no words. Default: " SPEECH_COMMAND "\n"
    "  --phrases DIR    recorded phrases, DIR/LANGUAGE/phrases.tsv; they go before the program\n"
    "  --sound-log FILE writes what was said, a JSON object a line (for tests)\n"
    "  --cache DIR      keep the site's words here for a start without the server and, in\n"
    "                   pairing-display-CODE, the server's key and the display's token\n"
    "  --dump-ui DIR    write frame.png and frame.json after each changed frame\n"
    "  --assets DIR     locale/, icons/; default $QUARTER_ASSETS, else ../share/quarter\n"
    "  --help, --version\n\n"
    "Exit codes: 0 fine, 1 failed, 2 wrong usage, 78 bad configuration.\n";

static int refuse(const char *what, const char *which)
{
    fprintf(stderr, "display: %s%s; try --help\n", what, which);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"server", required_argument, NULL, 's'},
        {"display", required_argument, NULL, 'd'},
        {"language", required_argument, NULL, 'l'},
        {"theme", required_argument, NULL, 't'},
        {"windowed", no_argument, NULL, 'w'},
        {"size", required_argument, NULL, 'z'},
        {"mute", no_argument, NULL, 'm'},
        {"speech", required_argument, NULL, 'S'},
        {"phrases", required_argument, NULL, 'P'},
        {"sound-log", required_argument, NULL, 'L'},
        {"cache", required_argument, NULL, 'c'},
        {"dump-ui", required_argument, NULL, 'u'},
        {"assets", required_argument, NULL, 'a'},
        {"server-key", required_argument, NULL, 'k'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    struct app_options options = {.server = "http://127.0.0.1:8080"};
    opterr = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        switch (option) {
        case 's': options.server = optarg; break;
        case 'd': options.display = optarg; break;
        case 'l': options.language = optarg; break;
        case 'c': options.cache_dir = optarg; break;
        case 'u': options.dump_dir = optarg; break;
        case 'a': options.assets = optarg; break;
        case 'w': options.windowed = true; break;
        case 'm': options.mute = true; break;
        case 'S': options.speech = optarg; break;
        case 'P': options.phrases = optarg; break;
        case 'L': options.sound_log = optarg; break;
        case 'k':
            options.server_key = optarg;
            if (!client_is_server_key(optarg))
                return refuse("--server-key takes sha256// and 44 letters, not ", optarg);
            break;
        case 't':
            options.has_theme = theme_kind_from_name(optarg, &options.theme);
            if (!options.has_theme)
                return refuse("no such theme: ", optarg);
            break;
        case 'z':
            if (!window_read_size(optarg, &options.width, &options.height))
                return refuse("--size takes WIDTHxHEIGHT, not ", optarg);
            break;
        case 'h': fputs(HELP, stdout); return EXIT_FINE;
        case 'v': puts("display " QUARTER_VERSION); return EXIT_FINE;
        case ':': return refuse("a value is missing after ", argv[optind - 1]);
        default: return refuse("unknown option ", argv[optind - 1]);
        }
    }
    if (argc != optind)
        return refuse("not understood: ", argv[optind]);
    if (options.display == NULL)
        return refuse("--display is needed", "");
    return app_run(&options);
}
