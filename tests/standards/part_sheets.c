/* Contact sheets: each kind of page in every language (across) and theme (down), small enough for a README and to be
 * compared; "kiosk.png" has one picture of each kind of page. Then what these leave out: keyboards and kinds of question
 * in every language; and each page with very large text, in low reach and on a wide screen, in scripts that differ most. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crawl.h"
#include "parts.h"
#include "picture.h"
#include "quarter/check.h"

/* A sheet of one page is looked at to find what changed; the one of all pages is for people. */
enum { SHRINK_ONE = 8, SHRINK_ALL = 5, GAP = 8, ACROSS = 8, STATES_MOST = 64 };

struct sheet {
    struct canvas *canvas;
    int shrink, shape;
};

/* Each pixel is the mean of shrink x shrink of the page's. */
static void shrink_into(const struct canvas *from, struct sheet *to, int at_x, int at_y)
{
    const int side = to->shrink, n = side * side;
    for (int y = 0; y < from->height / side; y++)
        for (int x = 0; x < from->width / side; x++) {
            int sum[3] = {0, 0, 0};
            for (int k = 0; k < n; k++) {
                const struct colour c =
                    canvas_pixel(from, x * side + k % side, y * side + k / side);
                sum[0] += c.r;
                sum[1] += c.g;
                sum[2] += c.b;
            }
            const struct colour mean = {(uint8_t)(sum[0] / n), (uint8_t)(sum[1] / n),
                                        (uint8_t)(sum[2] / n), 255};
            canvas_fill(to->canvas, (struct rect){at_x + x, at_y + y, 1, 1}, mean);
        }
}

static int cell_width(const struct sheet *sheet)
{
    return shapes[sheet->shape].width / sheet->shrink + GAP;
}

static int cell_height(const struct sheet *sheet)
{
    return shapes[sheet->shape].height / sheet->shrink + GAP;
}

static struct sheet new_sheet(int shrink, int shape, int columns, int rows)
{
    struct sheet sheet = {.shrink = shrink, .shape = shape};
    CHECK(canvas_create(CANVAS_ARGB, columns * cell_width(&sheet) + GAP,
                        rows * cell_height(&sheet) + GAP, &sheet.canvas) == STATUS_OK);
    canvas_fill(sheet.canvas, sheet.canvas->clip, (struct colour){0x80, 0x88, 0x94, 255});
    return sheet;
}

static void add_picture(struct kiosk_rig *rig, const struct crawl_state *state,
                        const struct look *look, struct sheet *sheet, int column, int row)
{
    struct canvas *canvas = NULL;
    const struct shape *shape = &shapes[look->shape];
    CHECK(canvas_create(CANVAS_ARGB, shape->width, shape->height, &canvas) == STATUS_OK);
    (void)kiosk_rig_lay(rig, &state->journey, look, NULL, state->now_ms);
    (void)ui_draw(rig->ui, &rig->kit, canvas);
    shrink_into(canvas, sheet, GAP + column * cell_width(sheet), GAP + row * cell_height(sheet));
    canvas_destroy(canvas);
}

/* The first met of each kind of page. */
static int pick(const struct crawl *crawl, int picked[STATES_MOST])
{
    int count = 0;
    for (int i = 0; i < crawl->count; i++)
        if (strpbrk(crawl->states[i].name, "0123456789") == NULL && count < STATES_MOST)
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
    look->theme = (int)kind;
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

/* ---- golden ------------------------------------------------------------------------------------------------------- */

/* Software drawing gives the same picture everywhere; the grace is for another FreeType or font. */
static bool is_same(const struct canvas *canvas, const char *path)
{
    enum { APART = 32, MOST_OF_MILLION = 1000 };
    struct canvas *golden = picture_read(path);
    bool same =
        golden != NULL && golden->width == canvas->width && golden->height == canvas->height;
    long differ = 0;
    for (int y = 0; same && y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            const struct colour a = canvas_pixel(canvas, x, y), b = canvas_pixel(golden, x, y);
            differ += abs(a.r - b.r) > APART || abs(a.g - b.g) > APART || abs(a.b - b.b) > APART;
        }
    const long most = (long)canvas->width * canvas->height / (1000000 / MOST_OF_MILLION);
    if (!same || differ > most)
        printf("%s: %s (%ld pixels differ)\n", path,
               golden == NULL ? "is not there" : "is another picture", differ);
    same = same && differ <= most;
    canvas_destroy(golden);
    return same;
}

static bool finish(struct sheet *sheet, const char *dir, const char *name, bool compare)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.png", dir, name);
    bool good =
        compare ? is_same(sheet->canvas, path) : canvas_save_png(sheet->canvas, path) == STATUS_OK;
    if (!good && !compare)
        fprintf(stderr, "%s: cannot be written\n", path);
    canvas_destroy(sheet->canvas);
    return good;
}

static bool each_page(struct crawl *crawl, const char *dir, bool compare)
{
    struct kiosk_rig *rig = crawl->rig;
    int picked[STATES_MOST];
    const int count = pick(crawl, picked);
    bool good = true;
    struct sheet all = new_sheet(SHRINK_ALL, 0, ACROSS, (count + ACROSS - 1) / ACROSS);
    for (int i = 0; i < count; i++) {
        const struct crawl_state *state = &crawl->states[picked[i]];
        struct sheet sheet = new_sheet(SHRINK_ONE, 0, rig->site->language_count, THEMES);
        for (int language = 0; language < rig->site->language_count; language++)
            for (int theme = 0; theme < THEMES; theme++) {
                const struct look look = {.language = language, .theme = theme};
                add_picture(rig, state, &look, &sheet, language, theme);
            }
        const struct look first = {0};
        add_picture(rig, state, &first, &all, i % ACROSS, i / ACROSS);
        good &= finish(&sheet, dir, state->name, compare);
    }
    return finish(&all, dir, "kiosk", compare) && good;
}

static const struct crawl_state *state_named(const struct crawl *crawl, const char *name)
{
    for (int i = 0; i < crawl->count; i++)
        if (strcmp(crawl->states[i].name, name) == 0)
            return &crawl->states[i];
    return NULL;
}

static bool each_keyboard(struct crawl *crawl, const char *dir, bool compare)
{
    enum { KEYBOARDS = 3 };
    struct kiosk_rig *rig = crawl->rig;
    const struct crawl_state *found = state_named(crawl, "search");
    if (found == NULL)
        return false;
    struct crawl_state state = *found;
    struct sheet sheet = new_sheet(SHRINK_ONE, 0, rig->site->language_count, KEYBOARDS);
    for (int language = 0; language < rig->site->language_count; language++)
        for (int i = 0; i < KEYBOARDS; i++) {
            const struct look look = {.language = language};
            state.journey.keyboard = i;
            add_picture(rig, &state, &look, &sheet, language, i);
        }
    return finish(&sheet, dir, "keyboards", compare);
}

/* The first met that asks so. */
static const struct crawl_state *asking(const struct crawl *crawl, enum site_question_kind kind)
{
    const struct site_info *site = crawl->rig->site;
    for (int i = 0; i < crawl->count; i++) {
        const struct journey *journey = &crawl->states[i].journey;
        if (journey->page == PAGE_QUESTION && !journey->asking && journey->help == HELP_NONE &&
            site->questions[journey->question].kind == kind)
            return &crawl->states[i];
    }
    return NULL;
}

static bool each_question(struct crawl *crawl, const char *dir, bool compare)
{
    static const enum site_question_kind kinds[] = {SITE_QUESTION_ONE, SITE_QUESTION_SEVERAL,
                                                    SITE_QUESTION_YES_NO, SITE_QUESTION_NUMBER,
                                                    SITE_QUESTION_TEXT};
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    struct kiosk_rig *rig = crawl->rig;
    struct sheet sheet = new_sheet(SHRINK_ONE, 0, rig->site->language_count, KINDS);
    for (int i = 0; i < KINDS; i++) {
        const struct crawl_state *state = asking(crawl, kinds[i]);
        for (int language = 0; state != NULL && language < rig->site->language_count; language++) {
            const struct look look = {.language = language};
            add_picture(rig, state, &look, &sheet, language, i);
        }
    }
    return finish(&sheet, dir, "questions", compare);
}

/* Each page shown in one other way, in the scripts that differ most (one under the other). */
static bool each_way(struct crawl *crawl, const struct look *way, const char *name, const char *dir,
                     bool compare)
{
    static const char *const languages[] = {"en", "gu", "ur"};
    enum { LANGUAGES = sizeof languages / sizeof languages[0] };
    int picked[STATES_MOST];
    const int count = pick(crawl, picked);
    const int rows = (count + ACROSS - 1) / ACROSS * LANGUAGES;
    struct sheet sheet = new_sheet(SHRINK_ONE, way->shape, ACROSS, rows);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < LANGUAGES; k++) {
            struct look look = *way;
            look.language = site_info_find_language(crawl->rig->site, languages[k]);
            if (look.language >= 0)
                add_picture(crawl->rig, &crawl->states[picked[i]], &look, &sheet, i % ACROSS,
                            i / ACROSS * LANGUAGES + k);
        }
    return finish(&sheet, dir, name, compare);
}

static bool other_ways(struct crawl *crawl, const char *dir, bool compare)
{
    const struct look large = {.text_size = TEXT_SIZES - 1}, low = {.low_reach = true};
    const struct look wide = {.shape = 1};
    bool good = each_keyboard(crawl, dir, compare);
    good &= each_question(crawl, dir, compare);
    good &= each_way(crawl, &large, "large", dir, compare);
    good &= each_way(crawl, &low, "low-reach", dir, compare);
    return each_way(crawl, &wide, "wide", dir, compare) && good;
}

static bool sheets(const struct options *options, const char *dir, bool compare)
{
    struct kiosk_rig *rig = kiosk_rig_open(SITES_DIR "/customer-centre", SHARE_DIR);
    if (rig == NULL)
        return false;
    struct ledger *ways = ledger_create();
    struct crawl *crawl = crawl_site(rig, ways);
    rig->fault = options->fault;
    (void)mkdir(dir, 0777); /* is there, or writing says why not */
    bool good = each_page(crawl, dir, compare);
    good &= other_ways(crawl, dir, compare);
    ledger_destroy(ways);
    free(crawl);
    kiosk_rig_close(rig);
    return good;
}

bool part_sheets(const struct options *options)
{
    return sheets(options, options->argument, false);
}

bool part_golden(const struct options *options)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    const char *update = getenv("QUARTER_UPDATE_GOLDEN");
    return sheets(options, GOLDEN_DIR, update == NULL || strcmp(update, "1") != 0);
}
