/* `queue-server simulate`. See command.h. */
#include "simulate/command.h"

#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include "simulate/command_parts.h"

static volatile sig_atomic_t stop_flag = 0;

static void stop(int number)
{
    (void)number;
    stop_flag = 1;
}

/* Once: a second Ctrl-C ends the program where it is. */
static void stop_on(int number)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

struct parallel simulate_crew(const struct simulate_run *run, int jobs, const char *noun)
{
    const bool terminal = isatty(STDERR_FILENO) == 1;
    stop_on(SIGINT);
    stop_on(SIGTERM);
    const int threads = run->options->threads;
    return (struct parallel){.jobs = jobs,
                             .threads = threads > 0 ? threads : parallel_default_threads(),
                             .stop = run->stop,
                             .progress = terminal || run->options->progress ? run->err : NULL,
                             .live = terminal,
                             .noun = noun};
}

int simulate_complain(const struct simulate_run *run, int code, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    (void)fputs("queue-server: ", run->err);
    (void)vfprintf(run->err, format, values);
    (void)fputc('\n', run->err);
    va_end(values);
    return code;
}

int simulate_finish(const struct simulate_run *run, bool partial)
{
    if (fflush(run->out) != 0 || ferror(run->out) != 0) {
        return simulate_complain(run, SIMULATE_FAILED, "the result could not be written");
    }
    return partial ? SIMULATE_FAILED : SIMULATE_FINE;
}

int simulate_command(int argc, char **argv)
{
    struct simulate_options options;
    const int code = simulate_read_options(argc, argv, &options, stdout, stderr);
    if (code >= 0) {
        return code;
    }
    const struct simulate_run run = {
        .options = &options, .stop = &stop_flag, .out = stdout, .err = stderr};
    return options.task == SIMULATE_QUEUE ? simulate_queue(&run) : simulate_days(&run);
}
