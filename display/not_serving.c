/* See not_serving.h. */
#include "display/not_serving.h"

#include <stdio.h>
#include <string.h>

#include "display/screen/pairing_page.h"
#include "display/screen/unnamed.h"

enum { PATH_BYTES = 4096 };

static enum pairing_page_kind page_of(enum client_pairing_state state)
{
    switch (state) {
    case CLIENT_PAIRING_SHOWS: return PAIRING_PAGE_LETTERS;
    case CLIENT_PAIRING_OTHER_KEY: return PAIRING_PAGE_OTHER_KEY;
    case CLIENT_PAIRING_KEY_NEEDED: return PAIRING_PAGE_KEY_NEEDED;
    case CLIENT_PAIRING_NONE:
    case CLIENT_PAIRING_ASKS: break;
    }
    return PAIRING_PAGE_WAITS;
}

void not_serving_lay_pairing(const struct not_serving *device, const struct client_pairing *pairing,
                             int64_t now_ms, struct ui *ui)
{
    const bool keeps_key = device->folder != NULL && device->server_key == NULL;
    char name[CLIENT_KEPT_BYTES], path[PATH_BYTES];
    if (keeps_key) {
        client_kept_name(device->what, device->code, name);
        snprintf(path, sizeof path, "%s/%s", device->folder, name);
    }
    const struct pairing_page page = {.kind = page_of(pairing->state),
                                      .is_display = strcmp(device->what, "display") == 0,
                                      .code = device->code,
                                      .letters = pairing->letters,
                                      .let_in_as = pairing->let_in_as,
                                      .kept = keeps_key ? path : NULL,
                                      .minutes_left =
                                          pairing_page_minutes(pairing->until_ms, now_ms),
                                      .words = device->words,
                                      .clock = device->clock,
                                      .size_px = device->size_px,
                                      .width = window_width(device->window),
                                      .height = window_height(device->window)};
    pairing_page_lay(&page, window_kit(device->window), ui);
}

void not_serving_lay_unnamed(const struct not_serving *device, const struct site_device *named,
                             int count, struct ui *ui)
{
    const char *codes[SITE_DEVICES_MAX];
    for (int i = 0; i < count; i++)
        codes[i] = named[i].code;
    const struct unnamed unnamed = {.what = device->what,
                                    .code = device->code,
                                    .codes = codes,
                                    .code_count = count,
                                    .words = device->words,
                                    .clock = device->clock,
                                    .size_px = device->size_px,
                                    .width = window_width(device->window),
                                    .height = window_height(device->window)};
    unnamed_lay(&unnamed, window_kit(device->window), ui);
}
