/* escpos-to-png JOB.prn OUT.png [WIDTH-MM]: what a receipt printer was sent, as the paper it would bring out. More than one
 * cut piece goes to OUT.png, OUT.png.2, ... Prints "WIDTHxHEIGHT" of each; fails if anything but slips came out. */
#include "escpos_reader.h"
#include "printer/device/ability.h"
#include "printer/device/escpos.h"
#include "printer/layout/page_png.h"
#include "test_kit.h"

#include <stdio.h>
#include <stdlib.h>

enum { JOB_BYTES_MAX = 16 * 1024 * 1024 };

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fputs("Usage: escpos-to-png JOB.prn OUT.png [WIDTH-MM]\n", stderr);
        return 2;
    }
    FILE *file = fopen(argv[1], "rb");
    char *bytes = malloc(JOB_BYTES_MAX);
    if (!file || !bytes) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    size_t size = fread(bytes, 1, JOB_BYTES_MAX, file);
    fclose(file);
    int width_mm = argc == 4 ? kit_number(argv[3]) : 80;
    struct escpos_paper paper = escpos_read(bytes, size, ability_dots(width_mm, ESCPOS_DPI));
    free(bytes);
    bool good = paper.count > 0 && paper.cuts == paper.count && paper.rubbish == 0 &&
                paper.letters == 0 && paper.too_wide == 0 && paper.lacking == 0;
    for (size_t i = 0; i < paper.count; i++) {
        char path[4096];
        snprintf(path, sizeof(path), i == 0 ? "%s" : "%s.%zu", argv[2], i + 1);
        good = page_save_png(paper.pieces[i], path) == STATUS_OK && good;
        printf("%dx%d\n", paper.pieces[i]->width_px, paper.pieces[i]->height_px);
    }
    if (!good)
        fprintf(stderr,
                "escpos-to-png: %s: pieces=%zu cuts=%zu rubbish=%d letters=%d lacking=%zu\n",
                argv[1], paper.count, paper.cuts, paper.rubbish, paper.letters, paper.lacking);
    escpos_paper_free(&paper);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
