/* QR codes: whole pixels a module, so that a camera and a 203 dpi head both see clean edges. */
#include <qrencode.h>
#include <string.h>

#include "display/screen/canvas.h"

enum { QUIET_MODULES = 4 }; /* ISO/IEC 18004, 6.3.8 */

enum status canvas_qr(struct canvas *canvas, struct rect rect, const char *text)
{
    static const struct colour WHITE = {255, 255, 255, 255}, BLACK = {0, 0, 0, 255};
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL) {
        return STATUS_TOO_LARGE;
    }
    const int modules = code->width + 2 * QUIET_MODULES;
    const int side = rect.w < rect.h ? rect.w : rect.h;
    const int module_px = side / modules;
    if (module_px < 1) {
        QRcode_free(code);
        return STATUS_TOO_LARGE;
    }
    const int size = module_px * modules;
    const int left = rect.x + (rect.w - size) / 2, top = rect.y + (rect.h - size) / 2;
    canvas_fill(canvas, (struct rect){left, top, size, size}, WHITE);
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width; x++) {
            if ((code->data[y * code->width + x] & 1) != 0) {
                const struct rect module = {left + (x + QUIET_MODULES) * module_px,
                                            top + (y + QUIET_MODULES) * module_px, module_px,
                                            module_px};
                canvas_fill(canvas, module, BLACK);
            }
        }
    }
    QRcode_free(code);
    return STATUS_OK;
}
