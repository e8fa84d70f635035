/* A page of a running program, from the folder of its --dump-ui: judged as any other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates.h"
#include "parts.h"
#include "picture.h"
#include "quarter/check.h"

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t used = 0, room = 0;
    if (file == NULL)
        return NULL;
    while (!feof(file) && !ferror(file)) {
        room = used + 65536;
        text = realloc(text, room + 1);
        CHECK(text != NULL);
        used += fread(text + used, 1, room - used, file);
    }
    fclose(file);
    text[used] = '\0';
    return text;
}

static double first_known(double dumped, double given)
{
    return dumped > 0 ? dumped : given;
}

bool part_look(const struct options *options, struct ledger *ledger)
{
    enum { KIOSK_VIEWING = 600 };
    char path[1024];
    const char *dir = options->argument != NULL ? options->argument : ".";
    snprintf(path, sizeof path, "%s/frame.json", dir);
    char *json = read_text(path);
    struct dump *dump = json != NULL ? dump_read(json) : NULL;
    free(json);
    snprintf(path, sizeof path, "%s/frame.png", dir);
    struct canvas *canvas = picture_read(path);
    const bool read = dump != NULL && canvas != NULL && canvas->width == dump->width &&
                      canvas->height == dump->height;
    if (read) {
        const double given = (double)options->width_mm / dump->width;
        const struct page_seen page = {
            .dump = dump,
            .frame = canvas,
            .mm_per_px = first_known(dump->mm_per_px, given),
            .bottom_mm = (int)first_known(dump->bottom_mm, options->bottom_mm),
            .viewing_mm = (int)first_known(dump->viewing_mm, KIOSK_VIEWING)};
        ledger_place(ledger, "%s %s %s", dump->page, dump->language, dump->theme);
        gates_page(ledger, &page);
    } else {
        fprintf(stderr, "%s: no frame.json and frame.png of one size\n", dir);
    }
    canvas_destroy(canvas);
    dump_destroy(dump);
    return read;
}
