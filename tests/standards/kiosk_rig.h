/* A kiosk without its shell: the real journey, the real view, a site's words, a board with waits, and a clock that is an
 * argument. What a finger touches on the page as it is laid out goes to the journey as the shell would send it. */
#ifndef QUARTER_STANDARDS_KIOSK_RIG_H
#define QUARTER_STANDARDS_KIOSK_RIG_H

#include "fault.h"
#include "gates.h"
#include "view/view.h"

/* A screen: how many pixels, how large, how high it hangs. */
struct shape {
    const char *name;
    int width, height, width_mm, bottom_mm;
};
enum { SHAPES = 4, TEXT_SIZES = 3, THEMES = 3, KIOSK_VIEWING_MM = 600 };
extern const struct shape shapes[SHAPES];

/* One way of showing a journey. */
struct look {
    int language, theme, shape, text_size;
    bool low_reach;
};

struct kiosk_rig {
    enum fault fault; /* what is made wrong on purpose */
    struct site_info *site;
    struct journey_site map;
    struct catalogue *words[QUARTER_LANGUAGES_MAX];
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *ui;
    struct board_view *board;
};

/* share: build/X/share/quarter. NULL with a line on stderr: the site cannot be read. */
struct kiosk_rig *kiosk_rig_open(const char *site_dir, const char *share);
void kiosk_rig_close(struct kiosk_rig *rig);

/* Lays the journey out into rig->ui; false: too full. focused may be NULL. */
bool kiosk_rig_lay(struct kiosk_rig *rig, const struct journey *journey, const struct look *look,
                   const char *focused, int64_t now_ms);
/* What touching an element of the page means; ACTION_NONE: nothing. */
struct journey_input kiosk_rig_touch(const struct kiosk_rig *rig, const struct journey *journey,
                                     const char *id);
struct journey_step kiosk_rig_next(const struct kiosk_rig *rig, const struct journey *journey,
                                   const struct journey_input *input, int64_t now_ms);
/* Time alone, until the journey asks whether somebody is there; when, or 0: not within five minutes. */
int64_t kiosk_rig_wait(const struct kiosk_rig *rig, struct journey *journey, int64_t now_ms);
/* A journey at rest on the welcome page: site known, doors open, server there, printer ready. */
struct journey kiosk_rig_begin(const struct kiosk_rig *rig, int64_t now_ms);
/* The server's answer to what the journey asks for: as long as a ticket gets, or an ordinary one. */
struct journey_input kiosk_rig_ticket(const struct journey *journey, bool full);

#endif
