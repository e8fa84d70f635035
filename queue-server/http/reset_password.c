/* `queue-server reset-password NAME`. See reset_password.h. */
#include "http/reset_password.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http/serve.h"
#include "people/people.h"

static int usage(const char *what)
{
    (void)fprintf(stderr, "queue-server: reset-password: %s; try --help\n", what);
    return EXIT_USAGE;
}

static int64_t now_ms(void *clock)
{
    struct timespec now;
    (void)clock;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int reset(const char *path, const char *name)
{
    const struct people_config config = {.path = path, .now_ms = now_ms};
    char one_time[PEOPLE_ONE_TIME_LEN + 1], error[512] = "";
    if (access(path, F_OK) != 0) { /* else an empty file would be made */
        (void)fprintf(stderr, "queue-server: %s: nobody was ever signed in with this data\n", path);
        return EXIT_CONFIGURATION;
    }
    const enum status status =
        people_reset_from_console(&config, name, one_time, error, sizeof(error));
    if (status == STATUS_OK) {
        (void)printf("%s signs in once with: %s\nIt is good for 72 hours, and for choosing a new "
                     "password.\n",
                     name, one_time);
        return EXIT_FINE;
    }
    (void)fprintf(stderr, "queue-server: %s\n",
                  error[0] != '\0' ? error : "nobody signs in with that name");
    return status == STATUS_NOT_FOUND ? EXIT_FAILED : EXIT_CONFIGURATION;
}

int reset_password_command(int argc, char **argv)
{
    static const struct option long_options[] = {{"data", required_argument, NULL, 'd'},
                                                 {"help", no_argument, NULL, 'h'},
                                                 {NULL, 0, NULL, 0}};
    char path[PATH_MAX];
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
    const char *data = getenv("STATE_DIRECTORY"); /* systemd.exec(5) */
    data = data != NULL ? data : "quarter-data";
    int option = 0;
    opterr = 0;
    optind = 1;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): likewise */
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (option == 'h') {
            (void)puts("Usage: queue-server reset-password NAME [--data DIR]");
            return EXIT_FINE;
        }
        if (option != 'd') {
            return usage(option == ':' ? "--data wants a folder" : "there is no such option");
        }
        data = optarg;
    }
    if (optind + 1 != argc) {
        return usage("say whose: the name they sign in with");
    }
    if (snprintf(path, sizeof(path), "%s/people.db", data) >= PATH_MAX) {
        return usage("the data folder's path is too long");
    }
    return reset(path, argv[optind]);
}
