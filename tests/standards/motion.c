/* See motion.h. The frame is looked at in cells; each remembers when it last turned lighter or darker. */
#include "motion.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { CELL = 24, CELLS_MOST = 16384, TURNS = 16, CHAIN_MS = 500, SECOND_MS = 1000 };

struct cell {
    double light;
    int last_way; /* -1 darker, 1 lighter, 0 never turned */
    int turns;
    int64_t turned_ms[TURNS]; /* newest last */
};

struct motion {
    bool seen;
    int64_t moved_ms, since_ms;
    double most_flashes, longest_s;
    struct cell cells[CELLS_MOST];
};

struct motion *motion_create(void)
{
    struct motion *motion = calloc(1, sizeof *motion);
    CHECK(motion != NULL);
    return motion;
}

void motion_destroy(struct motion *motion)
{
    free(motion);
}

double motion_flashes(const struct motion *motion)
{
    return motion->most_flashes;
}

double motion_longest_s(const struct motion *motion)
{
    return motion->longest_s;
}

/* sRGB to linear, within 1 %. */
static double channel_light(uint8_t value)
{
    const double c = value / 255.0;
    return c * c * (0.2 * c + 0.8);
}

static double light_of(const struct canvas *canvas, int x0, int y0)
{
    enum { SPARSE = 3 };
    double sum = 0;
    int count = 0;
    for (int y = y0; y < y0 + CELL && y < canvas->height; y += SPARSE)
        for (int x = x0; x < x0 + CELL && x < canvas->width; x += SPARSE, count++) {
            const struct colour c = canvas_pixel(canvas, x, y);
            sum += 0.2126 * channel_light(c.r) + 0.7152 * channel_light(c.g) +
                   0.0722 * channel_light(c.b);
        }
    return count > 0 ? sum / count : 0;
}

static void see_cell(struct motion *motion, struct cell *cell, double light, int64_t now_ms)
{
    const double change = light - cell->light;
    const bool counts = change >= 0.1 || change <= -0.1;
    const int way = change > 0 ? 1 : -1;
    if (!counts)
        return; /* slow changes add up until they do */
    cell->light = light;
    if (way == cell->last_way)
        return;
    cell->last_way = way;
    if (cell->turns == TURNS) {
        memmove(cell->turned_ms, cell->turned_ms + 1, (TURNS - 1) * sizeof cell->turned_ms[0]);
        cell->turns--;
    }
    cell->turned_ms[cell->turns++] = now_ms;
    int within = 0;
    for (int i = 0; i < cell->turns; i++)
        within += now_ms - cell->turned_ms[i] < SECOND_MS;
    const double flashes = within / 2.0; /* there and back */
    motion->most_flashes = flashes > motion->most_flashes ? flashes : motion->most_flashes;
}

void motion_see(struct motion *motion, const struct canvas *canvas, int64_t now_ms)
{
    int index = 0;
    for (int y = 0; y < canvas->height; y += CELL)
        for (int x = 0; x < canvas->width; x += CELL, index++) {
            CHECK(index < CELLS_MOST);
            const double light = light_of(canvas, x, y);
            if (motion->seen)
                see_cell(motion, &motion->cells[index], light, now_ms);
            else
                motion->cells[index].light = light;
        }
    if (!motion->seen || now_ms - motion->moved_ms > CHAIN_MS)
        motion->since_ms = now_ms;
    motion->seen = true;
    motion->moved_ms = now_ms;
    const double moving_s = (double)(now_ms - motion->since_ms) / SECOND_MS;
    motion->longest_s = moving_s > motion->longest_s ? moving_s : motion->longest_s;
}
