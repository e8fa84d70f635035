/* Contact sheets: each kind of page in every language (across) and theme (down), small enough for a README and to be
 * compared; "kiosk.png" has one picture of each kind of page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crawl.h"
#include "parts.h"
#include "quarter/check.h"

enum { SHRINK = 5, GAP = 8, ACROSS = 8 };

/* Mean of SHRINK x SHRINK pixels. */
static void shrink(const struct canvas *from, struct canvas *to, int at_x, int at_y)
{
    for (int y = 0; y < from->height / SHRINK; y++)
        for (int x = 0; x < from->width / SHRINK; x++) {
            int sum[3] = {0, 0, 0};
            for (int k = 0; k < SHRINK * SHRINK; k++) {
                const struct colour c =
                    canvas_pixel(from, x * SHRINK + k % SHRINK, y * SHRINK + k / SHRINK);
                sum[0] += c.r;
                sum[1] += c.g;
                sum[2] += c.b;
            }
            const int n = SHRINK * SHRINK;
            const struct colour mean = {(uint8_t)(sum[0] / n), (uint8_t)(sum[1] / n),
                                        (uint8_t)(sum[2] / n), 255};
            canvas_fill(to, (struct rect){at_x + x, at_y + y, 1, 1}, mean);
        }
}

static void add_picture(struct kiosk_rig *rig, const struct crawl_state *state,
                        const struct look *look, struct canvas *sheet, int at_x, int at_y)
{
    struct canvas *canvas = NULL;
    const struct shape *shape = &shapes[look->shape];
    CHECK(canvas_create(CANVAS_ARGB, shape->width, shape->height, &canvas) == STATUS_OK);
    (void)kiosk_rig_lay(rig, &state->journey, look, NULL, state->now_ms);
    (void)ui_draw(rig->ui, &rig->kit, canvas);
    shrink(canvas, sheet, at_x, at_y);
    canvas_destroy(canvas);
}

static struct canvas *new_sheet(int columns, int rows)
{
    struct canvas *sheet = NULL;
    const int width = shapes[0].width / SHRINK + GAP, height = shapes[0].height / SHRINK + GAP;
    CHECK(canvas_create(CANVAS_ARGB, columns * width + GAP, rows * height + GAP, &sheet) ==
          STATUS_OK);
    canvas_fill(sheet, sheet->clip, (struct colour){0x80, 0x88, 0x94, 255});
    return sheet;
}

static int left_of(int column)
{
    return GAP + column * (shapes[0].width / SHRINK + GAP);
}

static int top_of(int row)
{
    return GAP + row * (shapes[0].height / SHRINK + GAP);
}

static bool save(struct canvas *sheet, const char *dir, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.png", dir, name);
    const bool saved = canvas_save_png(sheet, path) == STATUS_OK;
    if (!saved)
        fprintf(stderr, "%s: cannot be written\n", path);
    canvas_destroy(sheet);
    return saved;
}

/* The first met of each kind of page. */
static int pick(const struct crawl *crawl, int picked[64])
{
    int count = 0;
    for (int i = 0; i < crawl->count; i++)
        if (strpbrk(crawl->states[i].name, "0123456789") == NULL && count < 64)
            picked[count++] = i;
    return count;
}

/* "ready-2 ur dark wide size 2 low reach", as a failure names it. */
static bool read_place(const struct crawl *crawl, const char *place, int *state, struct look *look)
{
    char page[CRAWL_VIA_BYTES], language[16], theme[16], shape[16], rest[32] = "";
    enum theme_kind kind;
    if (sscanf(place, "%79s %15s %15s %15s size %d %31[a-z ]", page, language, theme, shape,
               &look->text_size, rest) < 5 ||
        !theme_kind_from_name(theme, &kind))
        return false;
    look->theme = kind;
    look->language = site_info_find_language(crawl->rig->site, language);
    look->low_reach = strcmp(rest, "low reach") == 0;
    for (look->shape = SHAPES - 1; look->shape > 0; look->shape--)
        if (strcmp(shapes[look->shape].name, shape) == 0)
            break;
    for (*state = crawl->count - 1; *state >= 0; (*state)--)
        if (strcmp(crawl->states[*state].name, page) == 0)
            break;
    return *state >= 0 && look->language >= 0;
}

bool part_show(const struct options *options)
{
    struct kiosk_rig *rig = kiosk_rig_open(
        options->site != NULL ? options->site : SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    struct ledger *ways = ledger_create();
    struct crawl *crawl = crawl_site(rig, ways);
    struct canvas *canvas = NULL;
    struct look look = {0};
    int state = 0;
    bool good = read_place(crawl, options->argument, &state, &look);
    if (good) {
        const struct shape *shape = &shapes[look.shape];
        CHECK(canvas_create(CANVAS_ARGB, shape->width, shape->height, &canvas) == STATUS_OK);
        (void)kiosk_rig_lay(rig, &crawl->states[state].journey, &look, NULL,
                            crawl->states[state].now_ms);
        (void)ui_draw(rig->ui, &rig->kit, canvas);
        good = canvas_save_png(canvas, options->file) == STATUS_OK;
    } else {
        fprintf(stderr, "no such place: %s\n", options->argument);
    }
    canvas_destroy(canvas);
    ledger_destroy(ways);
    free(crawl);
    kiosk_rig_close(rig);
    return good;
}

bool part_sheets(const struct options *options)
{
    struct kiosk_rig *rig = kiosk_rig_open(SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    struct ledger *ways = ledger_create();
    struct crawl *crawl = crawl_site(rig, ways);
    ledger_destroy(ways);
    int picked[64];
    const int count = pick(crawl, picked);
    bool good = true;
    (void)mkdir(options->argument, 0777); /* is there, or saving says why not */
    struct canvas *all = new_sheet(ACROSS, (count + ACROSS - 1) / ACROSS);
    for (int i = 0; i < count; i++) {
        const struct crawl_state *state = &crawl->states[picked[i]];
        struct canvas *sheet = new_sheet(rig->site->language_count, THEMES);
        for (int language = 0; language < rig->site->language_count; language++)
            for (int theme = 0; theme < THEMES; theme++) {
                const struct look look = {.language = language, .theme = theme};
                add_picture(rig, state, &look, sheet, left_of(language), top_of(theme));
            }
        const struct look first = {0};
        add_picture(rig, state, &first, all, left_of(i % ACROSS), top_of(i / ACROSS));
        good &= save(sheet, options->argument, state->name);
    }
    good &= save(all, options->argument, "kiosk");
    free(crawl);
    kiosk_rig_close(rig);
    return good;
}
