/* A lobby to look at: the example site's words, a board that a test fills, and a canvas to draw on. */
#ifndef QUARTER_TESTS_DISPLAY_STAGE_H
#define QUARTER_TESTS_DISPLAY_STAGE_H

#include "display/view/lobby.h"

enum { STAGE_LANGUAGES = 9 };
extern const char *const stage_languages[STAGE_LANGUAGES];

struct stage {
    struct site_info *site;
    struct text_engine *text;
    struct icons *icons;
    struct catalogue *words[STAGE_LANGUAGES];
    struct theme theme;
    struct ui *ui;
    struct board *board;
    struct board_view *view;
    int64_t now_ms;
};

struct stage *stage_create(void);
void stage_destroy(struct stage *stage);

/* Starts anew: an open centre at 10:42 with people waiting for everything and nobody called. */
void stage_reset(struct stage *stage);
/* Calls without a sound, as at a start; the last one is the newest. */
void stage_call(struct stage *stage, const char *number, const char *counter, const char *language);
void stage_wait(struct stage *stage, const char *service, int low_s, int median_s, int high_s);
/* What is delayed before the first stage_show was told before the start; after it, it is news. */
void stage_delay(struct stage *stage, const char *service, int low_min, int high_min);
/* service NULL, minutes 0: not told. */
void stage_template(struct stage *stage, const char *code, const char *service, int minutes);
void stage_notice(struct stage *stage, const char *english, const char *urdu, const char *gujarati);
/* Hands the view to the board; lit: the newest call has its turn just now. */
void stage_show(struct stage *stage, bool lit);

/* Time passes, and a beat has just come. */
void stage_wait_for(struct stage *stage, int ms);

/* Draws it; the canvas is the caller's. *faults: texts that did not fit or lack glyphs. */
struct canvas *stage_draw(struct stage *stage, int language, enum theme_kind theme, int width,
                          int height, int *faults);

#endif
