/* Which page, and how generously: tries the densities from the roomiest until everything fits. */
#include "view/view.h"

#include <math.h>

#include "view/view_parts.h"

enum { NORMAL_FROM = 3 };

/* Large text starts at the top and ends where normal text does: nothing smaller than 42 (EN 301 549, 5.1.4). */
static const struct density densities[] = {
    {54, 64, 88, 124, 44, 28, 176, true, true},  {54, 64, 88, 124, 32, 20, 160, false, true},
    {50, 58, 78, 112, 24, 16, 140, false, true}, {42, 50, 68, 96, 48, 36, 184, true, true},
    {42, 50, 68, 96, 40, 24, 176, true, true},   {42, 50, 68, 96, 32, 20, 150, true, true},
    {42, 50, 68, 96, 28, 16, 140, false, true},  {42, 46, 60, 76, 20, 16, 120, false, true},
    {42, 42, 50, 60, 16, 12, 104, false, true},  {42, 42, 50, 60, 12, 9, 100, false, false},
};
enum { DENSITIES = sizeof densities / sizeof densities[0] };

static int scaled(double scale, int nominal)
{
    return (int)lround(nominal * scale);
}

static struct density scale_density(const struct density *d, double scale)
{
    return (struct density){scaled(scale, d->small),
                            scaled(scale, d->body),
                            scaled(scale, d->title),
                            scaled(scale, d->large),
                            scaled(scale, d->pad),
                            scaled(scale, d->gap),
                            scaled(scale, d->button),
                            d->hints,
                            d->cards};
}

const char *kiosk_view_page(const struct journey *journey)
{
    return journey->asking ? "still-there" : journey_page_code(journey->page);
}

static void lay_page(struct view *v)
{
    if (v->j->asking) {
        page_question(v);
        return;
    }
    switch (v->j->page) {
    case PAGE_STARTING: page_starting(v); break;
    case PAGE_WELCOME: page_welcome(v); break;
    case PAGE_CLOSED: page_closed(v); break;
    case PAGE_SERVICES: page_services(v); break;
    case PAGE_GROUP: page_group(v); break;
    case PAGE_LANGUAGES: page_languages(v); break;
    case PAGE_READY: page_ready(v); break;
    case PAGE_GETTING: page_getting(v); break;
    case PAGE_DONE: page_done(v); break;
    case PAGE_PROBLEM: page_problem(v); break;
    case PAGE_SEARCH:
    case PAGE_QUESTION:
    case PAGE_SIGNPOST:
    case PAGE_EASE:
    case PAGE_NEEDS: break;
    }
}

bool kiosk_view_lay(const struct kiosk_content *content, const struct ui_kit *kit, struct ui *ui)
{
    bool wide = content->width > content->height;
    double across = content->width / (wide ? 1920.0 : 1080.0);
    double down = content->height / (wide ? 1080.0 : 1920.0);
    double scale = across < down ? across : down;
    const struct ui_page page = {.name = kiosk_view_page(content->journey),
                                 .language = content->language,
                                 .theme = content->theme,
                                 .width = content->width,
                                 .height = content->height};
    struct view v;
    int i = content->journey->text_size > 0 ? 0 : NORMAL_FROM;
    do {
        v = (struct view){.ui = ui,
                          .kit = kit,
                          .c = content,
                          .j = content->journey,
                          .scale = scale,
                          .wide = wide,
                          .d = scale_density(&densities[i], scale),
                          .last_try = i == DENSITIES - 1};
        ui_begin(ui, &page);
        view_header(&v);
        lay_page(&v);
    } while (v.overflow && ++i < DENSITIES);
    return !v.overflow;
}
