/* Which page, and how generously: tries sizes and densities from the roomiest until everything fits. */
#include "view/view.h"

#include <math.h>

#include "view/view_parts.h"

enum { TYPES = 3, SCALES_MAX = 4, REACH_TOP_MM = 1100, REACH_LOW_MM = 800, USUAL_BOTTOM_MM = 750 };

/* Of the 21.5" screen of 1080x1920 that the nominal sizes are for, at which 42 px have capitals of 7.3 mm (EN 301 549, 5.1.4). */
#define NOMINAL_MM_PER_PX 0.248
#define VIEWING_MM        600

static const double types[TYPES] = {1, 1.25, 1.5};

/* Nothing smaller than 42. Sheets come before smaller type than was asked for; broken words come last. */
static const struct density normal[] = {
    {42, 50, 68, 96, 48, 36, 184, true, true, false, false},
    {42, 50, 68, 96, 40, 24, 176, true, true, false, false},
    {42, 50, 68, 96, 32, 20, 150, true, true, false, false},
    {42, 50, 68, 96, 28, 16, 140, false, true, false, false},
    {42, 46, 60, 76, 20, 16, 120, false, true, false, false},
    {42, 42, 50, 60, 16, 12, 104, false, true, false, false},
    {42, 46, 60, 76, 24, 16, 120, false, true, true, false},
    {42, 42, 50, 60, 12, 9, 100, false, false, false, false},
    {42, 42, 50, 60, 12, 9, 100, false, false, true, true},
};
static const struct density enlarged[] = {
    {42, 50, 68, 96, 40, 24, 160, true, true, false, false},
    {42, 50, 64, 84, 28, 16, 130, false, true, false, false},
    {42, 46, 54, 70, 20, 14, 116, false, true, true, false},
    {42, 42, 48, 56, 12, 9, 90, false, false, true, true},
};

static int scaled(double scale, int nominal)
{
    return (int)lround(nominal * scale);
}

/* Larger words need larger buttons, but not as much more room round them. */
static struct density scale_density(const struct density *d, double scale, double type)
{
    struct density all = *d;
    all.small = scaled(scale * type, d->small);
    all.body = scaled(scale * type, d->body);
    all.title = scaled(scale * type, d->title);
    all.large = scaled(scale * type, d->large);
    all.pad = scaled(scale, d->pad);
    all.gap = scaled(scale, d->gap);
    all.button = scaled(scale * sqrt(type), d->button);
    return all;
}

const char *kiosk_view_page(const struct journey *journey)
{
    return journey->asking ? "still-there" : journey_page_code(journey->page);
}

static void lay_page(struct view *v)
{
    if (v->j->asking) {
        page_still_there(v);
        return;
    }
    switch (v->j->page) {
    case PAGE_STARTING: page_starting(v); break;
    case PAGE_WELCOME: page_welcome(v); break;
    case PAGE_CLOSED: page_closed(v); break;
    case PAGE_SERVICES: page_services(v); break;
    case PAGE_GROUP: page_group(v); break;
    case PAGE_SEARCH: page_search(v); break;
    case PAGE_QUESTION: page_question(v); break;
    case PAGE_SIGNPOST: page_signpost(v); break;
    case PAGE_LANGUAGES: page_languages(v); break;
    case PAGE_EASE: page_ease(v); break;
    case PAGE_READY: page_ready(v); break;
    case PAGE_NEEDS: page_needs(v); break;
    case PAGE_GETTING: page_getting(v); break;
    case PAGE_DONE: page_done(v); break;
    case PAGE_PROBLEM: page_problem(v); break;
    }
}

static double mm_per_px(const struct kiosk_content *c)
{
    return c->device != NULL ? (double)c->device->width_mm / c->width : 0;
}

/* Of the nominal sizes: first so that words are as large as on that screen, whatever this one measures; then in steps as
 * much smaller as the picture is. */
static int find_scales(const struct kiosk_content *c, double scales[SCALES_MAX])
{
    bool wide = c->width > c->height;
    double across = c->width / (wide ? 1920.0 : 1080.0);
    double down = c->height / (wide ? 1080.0 : 1920.0);
    double fitting = across < down ? across : down;
    double mm = mm_per_px(c);
    double legible = mm > 0 ? NOMINAL_MM_PER_PX / mm : 0;
    int count = 0;
    for (int i = 0; i < SCALES_MAX - 1 && legible > fitting * 1.02; i++) {
        scales[count++] = legible;
        legible = fitting * pow(legible / fitting, 0.6);
    }
    scales[count++] = fitting;
    return count;
}

/* Where hands reach from a wheelchair (EN 301 549, 8.3.2), while the visitor asks for it. */
static struct rect reach_of(const struct kiosk_content *c, double scale)
{
    struct rect all = {0, 0, c->width, c->height};
    double mm = mm_per_px(c) > 0 ? mm_per_px(c) : NOMINAL_MM_PER_PX / scale;
    int bottom =
        c->device != NULL && c->device->bottom_mm > 0 ? c->device->bottom_mm : USUAL_BOTTOM_MM;
    if (!c->journey->low_reach)
        return all;
    int top = c->height - (int)((REACH_TOP_MM - bottom) / mm);
    int low = c->height - (int)((REACH_LOW_MM - bottom) / mm);
    all.y = view_least(view_most(top, 0), c->height);
    all.h = view_least(view_most(low, all.y), c->height) - all.y;
    return all;
}

struct attempt {
    double scale, type;
    const struct density *density;
    bool reach; /* hands can reach all of it */
    bool cramped, last;
};

static bool lay(const struct kiosk_content *c, const struct ui_kit *kit, struct ui *ui,
                const struct attempt *attempt)
{
    const struct ui_page page = {.name = kiosk_view_page(c->journey),
                                 .language = c->language,
                                 .theme = c->theme,
                                 .width = c->width,
                                 .height = c->height,
                                 .mm_per_px = mm_per_px(c),
                                 .bottom_mm = c->device != NULL ? c->device->bottom_mm : 0,
                                 .viewing_mm = VIEWING_MM};
    struct view v = {.ui = ui,
                     .kit = kit,
                     .c = c,
                     .j = c->journey,
                     .scale = attempt->scale,
                     .type = attempt->type,
                     .wide = c->width > c->height,
                     .d = scale_density(attempt->density, attempt->scale, attempt->type),
                     .reach = {0, 0, c->width, c->height},
                     .cramped = attempt->cramped,
                     .last_try = attempt->last};
    if (attempt->reach)
        v.reach = reach_of(c, attempt->scale);
    ui_begin(ui, &page);
    view_frame(&v);
    if (!v.overflow || v.last_try)
        lay_page(&v);
    view_bar(&v);
    return !v.overflow;
}

/* In the size that was asked for, or the next smaller one; hands reach it in any size before they do not. */
bool kiosk_view_lay(const struct kiosk_content *content, const struct ui_kit *kit, struct ui *ui)
{
    double scales[SCALES_MAX];
    int scale_count = find_scales(content, scales);
    for (int reach = content->journey->low_reach; reach >= 0; reach--) {
        for (int s = 0; s < scale_count; s++) {
            for (int t = content->journey->text_size; t >= 0; t--) {
                const struct density *density = t > 0 ? enlarged : normal;
                size_t count =
                    t > 0 ? sizeof enlarged / sizeof enlarged[0] : sizeof normal / sizeof normal[0];
                for (size_t d = 0; d < count; d++) {
                    bool cramped = s + 1 == scale_count && t == 0;
                    const struct attempt attempt = {.scale = scales[s],
                                                    .type = types[t],
                                                    .density = &density[d],
                                                    .reach = reach == 1,
                                                    .cramped = cramped,
                                                    .last =
                                                        cramped && reach == 0 && d + 1 == count};
                    if (lay(content, kit, ui, &attempt))
                        return true;
                }
            }
        }
    }
    return false;
}
