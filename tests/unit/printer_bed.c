/* See printer_bed.h. */
#include "printer_bed.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_kit.h"

enum { PATH_BYTES = 160 };
extern char **environ;

/* NULL: one argument less. */
static void run_script(const struct printer_bed *bed, const char *verb, const char *first,
                       const char *second)
{
    const char *const arguments[] = {PRINTER_SCRIPT, verb, bed->printer, first, second, NULL};
    assert_int_equal(kit_run(arguments), 0);
}

static void path_of(const struct printer_bed *bed, const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s", bed->printer, name);
}

static void read_text(const struct printer_bed *bed, const char *name, char *text, size_t size)
{
    char path[PATH_BYTES];
    path_of(bed, name, path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, (int)size, file));
    text[strcspn(text, "\n")] = '\0';
    fclose(file);
}

void printer_bed_open(struct printer_bed *bed, const char *format)
{
    bed->format = format;
    snprintf(bed->folder, sizeof bed->folder, "/tmp/quarter-printer.XXXXXX");
    assert_non_null(mkdtemp(bed->folder));
    snprintf(bed->printer, sizeof bed->printer, "%s/printer", bed->folder);
    snprintf(bed->socket, sizeof bed->socket, "%s/socket", bed->folder);
    snprintf(bed->spool, sizeof bed->spool, "%s/spool", bed->folder);
    run_script(bed, "start", "0", format);
    read_text(bed, "uri", bed->uri, sizeof bed->uri);
}

void printer_bed_close(struct printer_bed *bed)
{
    printer_bed_stop(bed);
    kit_remove_folder(bed->folder);
}

pid_t printer_bed_program(const char *uri, const char *socket, const char *spool,
                          const char *format)
{
    pid_t program = 0;
    const char *const arguments[] = {"ticket-printer", "--printer", uri,    "--socket",
                                     socket,           "--spool",   spool,  "--assets",
                                     ASSETS,           "--format",  format, NULL};
    /* posix_spawn() changes no argument; its type is older than const. */
    assert_int_equal(posix_spawn(&program, TICKET_PRINTER, NULL, NULL,
                                 (char *const *)(uintptr_t)arguments, environ),
                     0);
    return program;
}

int printer_bed_end_program(pid_t program, int signal)
{
    int result = 0;
    assert_int_equal(kill(program, signal), 0);
    assert_int_equal(waitpid(program, &result, 0), program);
    return result;
}

void printer_bed_paper(const struct printer_bed *bed, const char *how)
{
    run_script(bed, "paper", how, NULL);
}

void printer_bed_stop(const struct printer_bed *bed)
{
    run_script(bed, "stop", NULL, NULL);
}

void printer_bed_restart(const struct printer_bed *bed)
{
    char port[16];
    snprintf(port, sizeof port, "%d", kit_number(strrchr(bed->uri, ':') + 1));
    run_script(bed, "start", port, bed->format);
}

void printer_bed_signal(const struct printer_bed *bed, int signal)
{
    char pid[32];
    read_text(bed, "pid", pid, sizeof pid);
    assert_int_equal(kill((pid_t)kit_number(pid), signal), 0);
}

void printer_bed_on_job(const struct printer_bed *bed, const char *script)
{
    char path[PATH_BYTES];
    path_of(bed, "on-job", path);
    (void)unlink(path); /* its text may be running */
    if (script == NULL)
        return;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
}

void printer_bed_on_job_state(const struct printer_bed *bed, const char *reason)
{
    char script[256];
    snprintf(script, sizeof script,
             "echo 'STATE: +%s' >&2; " PRINTER_BED_WAIT "; echo 'STATE: -%s' >&2", reason, reason);
    printer_bed_on_job(bed, script);
}

void printer_bed_release(const struct printer_bed *bed)
{
    char path[PATH_BYTES];
    path_of(bed, "go-on", path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

void printer_bed_hold(const struct printer_bed *bed)
{
    char path[PATH_BYTES];
    path_of(bed, "go-on", path);
    assert_int_equal(unlink(path), 0);
}

int printer_bed_count(const struct printer_bed *bed, const char *ending, char *last, size_t size)
{
    char path[PATH_BYTES];
    int count = 0;
    path_of(bed, "jobs", path);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length > strlen(ending) &&
            strcmp(entry->d_name + length - strlen(ending), ending) == 0) {
            count++;
            if (last != NULL)
                snprintf(last, size, "%s/%s", path, entry->d_name);
        }
    }
    closedir(dir);
    return count;
}
