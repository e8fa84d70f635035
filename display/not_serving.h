/* What a kiosk or display shows while it cannot serve, for staff: the server does not let it in yet, or the site's file
 * does not name it. The pages are the UI kit's; here they are filled from what the client knows. */
#ifndef QUARTER_DISPLAY_NOT_SERVING_H
#define QUARTER_DISPLAY_NOT_SERVING_H

#include "client/client.h"
#include "display/screen/window.h"

struct not_serving {
    const char *what;              /* "kiosk" or "display", as its option is called too */
    const char *code;              /* as it was started */
    const char *folder;            /* where the known key is kept; NULL: nowhere */
    const char *server_key;        /* given at start, so none is kept; NULL: not given */
    const struct catalogue *words; /* NULL: English */
    const char *clock;             /* "10:42"; "" not shown */
    int size_px;                   /* of its texts, on a screen whose shorter side has 1080 px */
    const struct window *window;
};

void not_serving_lay_pairing(const struct not_serving *device, const struct client_pairing *pairing,
                             int64_t now_ms, struct ui *ui);
/* named: those that the site's file has. */
void not_serving_lay_unnamed(const struct not_serving *device, const struct site_device *named,
                             int count, struct ui *ui);

#endif
