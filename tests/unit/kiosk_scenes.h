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
    bool fits; /* of the last lay */
};

struct stage *stage_open(void);
void stage_close(struct stage *stage);
void stage_theme(struct stage *stage, enum theme_kind kind);
/* Lays a scene into stage->ui. */
void stage_lay(struct stage *stage, const struct scene *scene, int language, int width, int height,
               bool large_text, const char *pressed);
/* Draws what was laid; destroy the canvas. */
struct canvas *stage_draw(struct stage *stage);

#endif
