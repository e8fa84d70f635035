/* SDL loads ALSA's library when it needs it, and nothing of ours is linked to it: the same library is asked for by name.
 * See alsa_quiet.h. */
#include "display/screen/alsa_quiet.h"

#include <SDL.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "quarter/log.h"

/* alsa/error.h */
typedef void alsa_handler(const char *file, int line, const char *function, int error,
                          const char *format, ...);

static void tell(const char *file, int line, const char *function, int error, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));

static void tell(const char *file, int line, const char *function, int error, const char *format,
                 ...)
{
    char text[256];
    va_list values;
    (void)file;
    (void)line;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    log_debug("sound", "alsa function=%s error=%d what=\"%s\"", function, error, text);
}

static void set_handler(void *library, alsa_handler *handler)
{
    int (*set)(alsa_handler *) = NULL;
    void *symbol = dlsym(library, "snd_lib_error_set_handler");
    if (symbol == NULL)
        return;
    memcpy(&set, &symbol, sizeof set);
    (void)set(handler);
}

void *alsa_quiet_begin(void)
{
    const char *driver = SDL_getenv("SDL_AUDIODRIVER");
    if (driver != NULL && driver[0] != '\0' && strstr(driver, "alsa") == NULL)
        return NULL;
    void *library = dlopen("libasound.so.2", RTLD_LAZY | RTLD_LOCAL);
    if (library != NULL)
        set_handler(library, tell);
    return library;
}

void alsa_quiet_end(void *library)
{
    if (library == NULL)
        return;
    set_handler(library, NULL);
    (void)dlclose(library);
}
