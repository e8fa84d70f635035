/* What a screen shows, for tests: DIR/frame.png and DIR/frame.json, each written beside and renamed
 * into place, the picture first, so that whoever sees frame N in the JSON sees picture N or a later
 * one.
 *
 * {"frame":N,"page":"welcome","language":"ur","theme":"light","width":1080,"height":1920,
 *  "background":"#rrggbb","mm_per_px":0.248|null,"bottom_mm":720|null,"viewing_mm":600|null,
 *  "elements":[{"id","role","rect":[x,y,w,h],"text","detail","font_px","detail_px",
 *    "cap_px","detail_cap_px","text_ink":[x,y,w,h]|null,"detail_ink","icon_rect","fits":true,
 *    "color":"#rrggbb","detail_color","background":"#rrggbb","fill":"#rrggbb"|null,"border",
 *    "border_px","radius","icon","icon_color","qr","language","focus":n|null,"focused":bool,
 *    "pressed":bool,"disabled":bool,"touchable":bool}]}
 * Texts are without isolates and emphasis marks; background is the nearest fill under the text.
 * cap_px: how high a capital H of this size and weight is drawn; text_ink: what the glyphs cover;
 * rect is all an element may ever draw on. */
#ifndef QUARTER_SCREEN_UI_DUMP_H
#define QUARTER_SCREEN_UI_DUMP_H

#include "display/screen/layout.h"

/* Writes both files. STATUS_IO when the directory is not writable. */
enum status ui_dump_write(const char *dir, long frame, const struct ui *ui,
                          const struct ui_kit *kit, const struct canvas *canvas);
/* The JSON alone, malloc'd; NULL without memory. */
char *ui_dump_json(long frame, const struct ui *ui, const struct ui_kit *kit);

#endif
