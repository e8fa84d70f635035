/* Every page of the kiosk in the states worth looking at, on the example site: for the layout test and the pictures. */
#ifndef QUARTER_TESTS_KIOSK_SCENES_H
#define QUARTER_TESTS_KIOSK_SCENES_H

#include "view/view.h"

struct scene {
    const char *name;
    bool golden; /* a picture of it is kept */
    void (*set)(struct journey *journey, struct board_view *board, const struct site_info *site);
};

extern const struct scene scenes[];
extern const int scene_count;

/* The site, the words and the fonts, once for all scenes. */
struct stage {
    struct site_info *site;
    struct catalogue *words[QUARTER_LANGUAGES_MAX];
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *ui;
    struct journey journey;
    struct board_view board;
    bool fits;    /* of the last lay */
    char *filled; /* names of stage_fill */
};

struct stage *stage_open(void);
void stage_close(struct stage *stage);
void stage_theme(struct stage *stage, enum theme_kind kind);
/* How a scene is looked at. */
struct stage_look {
    int language;
    int width, height;
    int text_size;
    bool low_reach;
    int sheet;
    const char *pressed, *focused;
    const struct site_device *device; /* NULL: size and height of the screen are not known */
};
/* Lays a scene into stage->ui. */
void stage_lay(struct stage *stage, const struct scene *scene, const struct stage_look *look);
const struct scene *stage_scene(const char *name);
/* The same site with 40 services in eight groups and names of 60 letters, in every language. */
void stage_fill(struct stage *stage);
/* Draws what was laid; destroy the canvas. */
struct canvas *stage_draw(struct stage *stage);

#endif
