/* What every page has: header, bar, and beside the page what happens next to it: a notice, a call for help. The bar's
 * five places never move; what would do nothing now is greyed, not gone. */
#include <stdio.h>

#include "view/view_parts.h"

enum { UPRIGHT_BAR = 196, WIDE_BAR = 124, PLACES = 5 };

struct bar_button {
    const char *id, *icon, *msgid;
};

static struct bar_button bar_button(const struct view *v, int place)
{
    const struct bar_button buttons[PLACES] = {
        {"back", "back", "Back"},
        {"language", "globe", "Language"},
        {"ease", "text-size", CATALOGUE_MARK("Easier")},
        {"listen", v->j->listening ? "listen-on" : "listen", "Listen"},
        {"help", v->j->help != HELP_NONE ? "person" : "help", "Help"}};
    return buttons[place];
}

struct bar_style {
    int size_px;
    bool beside;           /* icon and word */
    int edges[PLACES + 1]; /* where the places begin, from the start side */
};

enum { BAR_INSET = 3, BAR_PADDING = 4 };

static struct ui_element bar_face(const struct view *v, int place, int size_px, bool beside)
{
    struct bar_button button = bar_button(v, place);
    return (struct ui_element){.id = button.id,
                               .role = UI_BUTTON,
                               .padding_px = view_px(v, BAR_PADDING),
                               .padding_y_px = view_px(v, beside ? 8 : 14),
                               .radius = view_px(v, 16),
                               .text = view_say(v, button.msgid),
                               .size_px = size_px,
                               .align = beside ? TEXT_START : TEXT_CENTRE,
                               .icon = button.icon,
                               .icon_px = view_px(v, beside ? 56 : 64),
                               .icon_place = beside ? UI_ICON_START : UI_ICON_ABOVE};
}

static int face_width(const struct view *v, const struct ui_element *face, bool beside)
{
    return view_natural_width(v, face) + (beside ? face->icon_px + SPACE_GAP : 0);
}

/* Five equal places, or, where a word needs more than a fifth, each as wide as its word and a share of what is left. */
static bool bar_edges(const struct view *v, struct bar_style *style)
{
    int width = v->c->width, sum = 0;
    int around = 2 * (view_px(v, BAR_PADDING) + view_px(v, BAR_INSET) + 1);
    int wanted[PLACES];
    bool equal = true;
    for (int i = 0; i < PLACES; i++) {
        struct ui_element face = bar_face(v, i, style->size_px, style->beside);
        wanted[i] = face_width(v, &face, style->beside) + around;
        sum += wanted[i];
        equal = equal && wanted[i] <= width / PLACES;
    }
    int spare = (width - sum) / PLACES;
    for (int i = 0; i < PLACES; i++)
        style->edges[i + 1] =
            equal ? width * (i + 1) / PLACES : style->edges[i] + wanted[i] + spare;
    style->edges[PLACES] = width;
    return sum <= width;
}

/* The words are as large as all five can be, but not larger than the visitor wants them. */
static struct bar_style bar_style(const struct view *v)
{
    static const double types[] = {1.5, 1.25, 1};
    struct bar_style style = {0};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        style.size_px = (int)(view_px(v, TYPE_KIOSK_SMALL) * types[i]);
        if (types[i] > v->type)
            continue;
        style.beside = v->wide;
        if (bar_edges(v, &style))
            return style;
        style.beside = false;
        if (v->wide && bar_edges(v, &style))
            return style;
    }
    return style;
}

static struct ui_element bar_element(const struct view *v, int place, const struct bar_style *style)
{
    struct ui_element element = bar_face(v, place, style->size_px, style->beside);
    int inset = view_px(v, BAR_INSET) + 1; /* neighbours are at least 1 mm apart */
    bool on = (place == 3 && v->j->listening) || (place == 4 && v->j->help != HELP_NONE);
    element.rect.x = style->edges[place] + inset;
    element.rect.w = style->edges[place + 1] - style->edges[place] - 2 * inset;
    if (on) {
        element.fill = TOKEN_TINT;
        element.border = TOKEN_BRAND;
        element.border_px = view_most(view_px(v, LINE_PX), 1);
    }
    if (style->beside) /* in the middle */
        element.padding_px =
            view_most((element.rect.w - face_width(v, &element, true)) / 2, element.padding_px);
    return element;
}

static int bar_height(const struct view *v)
{
    struct bar_style style = bar_style(v);
    int height = view_px(v, style.beside ? WIDE_BAR : v->wide ? 150 : UPRIGHT_BAR);
    int around = 2 * (view_px(v, BAR_INSET) + 1) + view_most(view_px(v, LINE_PX), 1);
    for (int i = 0; i < PLACES; i++) {
        struct ui_element element = bar_element(v, i, &style);
        height = view_most(height, view_wanted(v, &element) + around);
    }
    return height;
}

static void lay_header(struct view *v)
{
    int margin = view_px(v, SPACE_MARGIN);
    int clock_w = view_px(v, (int)(180 * v->type));
    struct rect line = {margin, view_px(v, v->wide ? 24 : 44), v->c->width - 2 * margin,
                        view_px(v, v->wide ? 64 : 84)};
    struct ui_element name = {.id = "centre",
                              .role = UI_TEXT,
                              .rect = {line.x, line.y, line.w - clock_w, line.h},
                              .text = v->c->site ? view_site_say(v, &v->c->site->name) : "",
                              .size_px = v->d.small,
                              .weight = TEXT_BOLD,
                              .ink = TOKEN_BRAND};
    if (view_natural_width(v, &name) > name.rect.w)
        name.size_px = view_px(v, TYPE_KIOSK_SMALL);
    /* Nastaliq takes more height than the line of the clock: the header grows round its middle. */
    line.h = view_most(line.h, view_wanted(v, &name));
    name.rect.h = line.h;
    v->body.x = margin;
    v->body.w = line.w;
    bool last = v->cramped && v->d.breaks;
    if ((v->reach.y > 0 && !v->d.cards) || last) { /* the page needs it all */
        v->body.y = view_px(v, 40);
        return;
    }
    v->body.y = line.y + line.h + view_px(v, v->wide ? 12 : 32);
    if (v->c->site != NULL)
        view_add(v, name);
    view_add(v, (struct ui_element){.id = "clock",
                                    .role = UI_CLOCK,
                                    .rect = {line.x + line.w - clock_w, line.y, clock_w, line.h},
                                    .text = v->c->clock,
                                    .size_px = v->d.small,
                                    .align = TEXT_END,
                                    .ink = TOKEN_SOFT});
}

static const char *notice_words(const struct view *v)
{
    switch (v->j->notice) {
    case NOTICE_NONE: break;
    case NOTICE_SCAN_UNKNOWN:
        return view_say(v, "We do not know this code. Please choose on the screen.");
    case NOTICE_SLIPS_USED: return view_say(v, "You have three slips now. No more can be printed.");
    }
    return NULL;
}

static void lay_notice(struct view *v)
{
    const char *words = notice_words(v);
    if (words == NULL)
        return;
    struct column column = column_of(v->body);
    column_add(v, &column, view_note(v, "notice", words, "info"));
    column_skip(&column, v->d.gap);
    v->body.h -= column.y - v->body.y;
    v->body.y = column.y;
}

/* ---- help --------------------------------------------------------------------------------------------------------- */

static const char *help_words(const struct view *v, enum journey_help help)
{
    switch (help) {
    case HELP_NONE: break;
    case HELP_CALLING: return view_say(v, "We are calling a member of staff.");
    case HELP_CALLED: return view_say(v, "We have called a member of staff. Please wait here.");
    case HELP_ANSWERED: return view_say(v, "A member of staff is coming to help you.");
    case HELP_FAILED: return view_say(v, "We could not reach anybody. Please ask at a counter.");
    }
    return "";
}

static struct ui_element help_text(const struct view *v, enum journey_help help)
{
    struct ui_element text = view_text(v, "help-state", help_words(v, help), v->d.small);
    text.role = UI_ALERT;
    text.icon = help == HELP_FAILED ? "alert" : help == HELP_ANSWERED ? "check" : "person";
    text.icon_px = view_px(v, 56);
    text.icon_place = UI_ICON_START;
    text.weight = TEXT_BOLD;
    return text;
}

static struct ui_element help_button(struct view *v)
{
    struct ui_element button = view_plain_button(v, "help-cancel", view_say(v, "No help needed"));
    button.size_px = v->d.small;
    button.rect.h = view_px(v, TOUCH_MIN_PX);
    button.padding_px = v->d.pad / 2;
    return button;
}

/* What help has to say so wide: as high as the longest of it, and whether its words hold. News of help comes unasked:
 * the panel stays as it is, so that nothing moves under a finger on its way. */
struct help_need {
    int height;
    bool holds;
};

static struct help_need help_need(const struct view *v, int width)
{
    static const enum journey_help all[] = {HELP_CALLING, HELP_CALLED, HELP_ANSWERED, HELP_FAILED};
    struct help_need need = {.holds = true};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct ui_element text = help_text(v, all[i]);
        text.rect.w = width;
        need.height = view_most(need.height, view_most(view_wanted(v, &text), text.icon_px));
        need.holds = need.holds && view_holds_words(v, &text);
    }
    return need;
}

/* A quiet panel over the bar; the words beside the way to call it off where both hold, else above it. */
static void place_help(struct view *v, struct ui_element *text, struct ui_element *button)
{
    int pad = view_most(v->d.pad / 2, view_px(v, 14)), between = v->d.gap / 2;
    struct rect inside = {v->body.x + pad, 0, v->body.w - 2 * pad, 0};
    int wide = view_least(view_natural_width(v, button) + 2 * button->padding_px, inside.w / 2);
    int left = inside.w - wide - v->d.gap;
    button->rect = inside;
    button->rect.w = wide;
    struct help_need need = help_need(v, left);
    bool beside = view_holds_words(v, button) && need.holds && left > inside.w / 2;
    if (!beside) {
        button->rect.w = inside.w;
        need = help_need(v, inside.w);
    }
    int touch = view_most(view_px(v, TOUCH_MIN_PX), view_wanted(v, button));
    int height = beside ? view_most(need.height, touch) : need.height + between + touch;
    v->help = (struct rect){v->body.x, v->bar.y - height - 2 * pad - view_px(v, 16), v->body.w,
                            height + 2 * pad};
    int top = v->help.y + pad;
    bool offered = journey_offers(v->j, ACTION_HELP_CANCEL);
    text->rect = (struct rect){inside.x, top, beside && offered ? left : inside.w,
                               offered && !beside ? need.height : height};
    button->rect.h = beside ? height : touch;
    button->rect.x = inside.x + inside.w - button->rect.w;
    button->rect.y = top + height - button->rect.h;
}

/* Where the bar stands higher, the words go under it, where nobody has to touch anything. */
static bool place_help_below(struct view *v, struct ui_element *text, struct ui_element *button)
{
    int pad = view_most(v->d.pad / 2, view_px(v, 14)), low = v->bar.y + v->bar.h;
    text->rect = (struct rect){v->body.x + pad, low + view_px(v, 16) + pad, v->body.w - 2 * pad, 0};
    text->rect.h = help_need(v, text->rect.w).height;
    v->help = (struct rect){v->body.x, low + view_px(v, 16), v->body.w, text->rect.h + 2 * pad};
    button->rect.x = v->body.x;
    button->rect.w = v->body.w;
    button->rect.h = view_most(view_px(v, TOUCH_MIN_PX), view_wanted(v, button));
    button->rect.y = v->bar.y - button->rect.h - view_px(v, 16);
    return v->help.y + v->help.h + view_px(v, 16) <= v->c->height;
}

/* What stands beside the page; returns where it begins, which is the same whatever there is to say. */
static int place_beside(struct view *v, struct ui_element *text, struct ui_element *button)
{
    if (place_help_below(v, text, button))
        return button->rect.y;
    place_help(v, text, button);
    return v->help.y;
}

static void lay_help(struct view *v)
{
    if (v->j->help == HELP_NONE)
        return;
    struct ui_element text = help_text(v, v->j->help), button = help_button(v);
    place_beside(v, &text, &button);
    struct ui_element card = view_plain_card(v, "help-card");
    card.rect = v->help;
    card.fill = TOKEN_TINT;
    card.border = TOKEN_BRAND;
    view_add(v, card);
    view_add(v, text);
    if (journey_offers(v->j, ACTION_HELP_CANCEL))
        view_add(v, button);
}

/* ---- together ----------------------------------------------------------------------------------------------------- */

void view_frame(struct view *v)
{
    int height = bar_height(v);
    v->bar = (struct rect){0, v->reach.y + v->reach.h - height, v->c->width, height};
    lay_header(v);
    int bottom = v->bar.y - view_px(v, v->wide ? 16 : 32);
    if (v->j->help != HELP_NONE) {
        struct ui_element text = help_text(v, v->j->help), button = help_button(v);
        bottom = view_least(bottom, place_beside(v, &text, &button) - view_px(v, 16));
    }
    v->body.h = bottom - v->body.y;
    lay_notice(v);
}

void view_bar(struct view *v)
{
    struct bar_style style = bar_style(v);
    struct rect bar = v->bar;
    int rule = view_most(view_px(v, LINE_PX), 1), inset = view_px(v, BAR_INSET) + 1;
    lay_help(v);
    view_add(v, (struct ui_element){.id = "bar", .role = UI_CARD, .rect = bar, .fill = TOKEN_CARD});
    view_add(v, (struct ui_element){.id = "bar-line",
                                    .role = UI_LINE,
                                    .rect = {0, bar.y, bar.w, rule},
                                    .fill = TOKEN_LINE});
    bool lifted = bar.y + bar.h < v->c->height;
    if (lifted) /* for those who reach no lower */
        view_add(v, (struct ui_element){.id = "bar-end",
                                        .role = UI_LINE,
                                        .rect = {0, bar.y + bar.h - rule, bar.w, rule},
                                        .fill = TOKEN_LINE});
    for (int i = 0; i < PLACES; i++) {
        char id[VIEW_ID_BYTES];
        snprintf(id, sizeof id, "bar-line-%d", i);
        struct rect line = {style.edges[i] - rule / 2, bar.y + rule, rule,
                            bar.h - (lifted ? 2 : 1) * rule};
        if (i > 0)
            view_add(v, (struct ui_element){
                            .id = id, .role = UI_LINE, .rect = line, .fill = TOKEN_LINE});
        struct ui_element button = bar_element(v, i, &style);
        button.rect.y = bar.y + rule + inset;
        button.rect.h = bar.h - (lifted ? 2 : 1) * rule - 2 * inset;
        view_add(v, button);
    }
}
