/* Runs a fuzz target over folders of files, without a fuzzer: what once broke is tried with every build. CORPORA
 * names the folders, each searched with everything below it. */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX_BYTES = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static uint8_t bytes[FILE_MAX_BYTES];
static int tried;

static int try_file(const char *path, const struct stat *about, int kind)
{
    (void)about;
    if (kind != FTW_F)
        return 0;
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return 1;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    /* A copy of its very size: reading past it is seen. */
    uint8_t *copy = malloc(length > 0 ? length : 1);
    if (copy == NULL)
        return 1;
    for (size_t i = 0; i < length; i++)
        copy[i] = bytes[i];
    fprintf(stderr, "%s\n", path); /* the last one is the culprit */
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
    tried++;
    return 0;
}

int main(void)
{
    static const char *const corpora[] = {CORPORA};
    for (size_t i = 0; i < sizeof corpora / sizeof corpora[0]; i++)
        if (ftw(corpora[i], try_file, 8) != 0) {
            fprintf(stderr, "replay: %s cannot be read\n", corpora[i]);
            return 1;
        }
    printf("%d files\n", tried);
    return tried > 0 ? 0 : 1;
}
