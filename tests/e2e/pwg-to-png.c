/* pwg-to-png JOB.pwg OUT.png: what a printer was sent, as a picture, through CUPS's own raster reader. The end-to-end
 * test compares it with the expected ticket dot by dot. Prints "WIDTHxHEIGHT DPI". */
#include "printer/device/raster.h"
#include "printer/layout/page_png.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("Usage: pwg-to-png JOB.pwg OUT.png\n", stderr);
        return 2;
    }
    int file = open(argv[1], O_RDONLY | O_CLOEXEC);
    struct page *page = NULL;
    int dpi = 0;
    enum status status = file < 0 ? STATUS_NOT_FOUND : raster_decode(file, &page, &dpi);
    if (file >= 0)
        close(file);
    if (status == STATUS_OK)
        status = page_save_png(page, argv[2]);
    if (status == STATUS_OK)
        printf("%dx%d %d\n", page->width_px, page->height_px, dpi);
    else
        fprintf(stderr, "pwg-to-png: %s: %s\n", argv[1], status_text(status));
    page_destroy(page);
    return status == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
