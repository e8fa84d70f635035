/* A program that speaks badly, for the tests of speech. fake_voice MODE [ARGUMENT...]: what it says is a tone whose pitch
 * follows from the first letter of its text, 400 Hz for "a", 100 Hz more for each after it.
 *
 *   tone MS FILE     says it for so long; adds its text to FILE
 *   until FILE       fails until FILE.open is there, and then says it for 300 ms
 *   wave RATE CHANNELS BITS   the same for 300 ms in another form (8: unsigned; 32: float)
 *   deaf             closes its input unread, and says it
 *   hang FILE        starts a child that holds the output open, adds both their ids to FILE, and never ends
 *   gate FILE        makes FILE, waits until FILE.open is there, and then says it for 300 ms
 *   late             says it, closes its output, and never ends
 *   crash, fail, silent, rubbish, huge, half */
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/check.h"
#include "test_kit.h"

static void put_to(FILE *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc((int)(value >> (8 * i) & 0xff), out);
}

static void put(uint32_t value, int bytes)
{
    put_to(stdout, value, bytes);
}

/* As espeak-ng does it when it streams: it does not know how much will come. */
static void header(int rate, int channels, int bits)
{
    int frame = channels * bits / 8;
    fputs("RIFF", stdout);
    put(0x7ffff024, 4);
    fputs("WAVEfmt ", stdout);
    put(16, 4);
    put(bits == 32 ? 3 : 1, 2);
    put((uint32_t)channels, 2);
    put((uint32_t)rate, 4);
    put((uint32_t)(rate * frame), 4);
    put((uint32_t)frame, 2);
    put((uint32_t)bits, 2);
    fputs("data", stdout);
    put(0x7ffff000, 4);
}

static void sample(FILE *out, double value, int bits)
{
    float real = (float)value;
    uint32_t raw = 0;
    memcpy(&raw, &real, sizeof raw);
    if (bits == 8)
        put_to(out, (uint32_t)lround(128 + 100 * value), 1);
    else if (bits == 16)
        put_to(out, (uint32_t)(int32_t)lround(16000 * value), 2);
    else
        put_to(out, raw, 4);
}

/* Worked out for a second at most, in which its waves are whole, and said again: a busy machine would take so long over a
 * long story that it is ended as a program that hangs. */
static void tone(char letter, int ms, int rate, int channels, int bits)
{
    double hz = 400 + 100.0 * (letter - 'a');
    char *second = NULL;
    size_t size = 0;
    const int count = rate / 1000 * ms;
    FILE *out = open_memstream(&second, &size);
    CHECK(out != NULL);
    for (int i = 0; i < rate && i < count; i++)
        for (int channel = 0; channel < channels; channel++)
            sample(out, 0.5 * sin(2 * 3.14159265358979 * hz * i / rate), bits);
    CHECK(fclose(out) == 0);
    header(rate, channels, bits);
    size_t left = (size_t)count * (size_t)(channels * bits / 8);
    for (size_t part; left > 0; left -= part) {
        part = left < size ? left : size;
        (void)fwrite(second, 1, part, stdout); /* nobody may listen any more */
    }
    fflush(stdout);
    free(second);
}

static char listen_to(char *text, size_t size)
{
    size_t length = fread(text, 1, size - 1, stdin);
    text[length] = '\0';
    return text[0];
}

static void hang(const char *path)
{
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    FILE *file = fopen(path, "a");
    CHECK(file != NULL && child > 0);
    fprintf(file, "%d %d\n", (int)getpid(), (int)child);
    fclose(file);
    for (;;)
        pause();
}

static int fails_until(const char *path, char letter)
{
    char open[512];
    snprintf(open, sizeof open, "%s.open", path);
    if (access(open, F_OK) != 0)
        return 3;
    tone(letter, 300, 22050, 1, 16);
    return 0;
}

static void wait_at_gate(const char *path)
{
    char open[512];
    snprintf(open, sizeof open, "%s.open", path);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    fclose(file);
    while (access(open, F_OK) != 0)
        usleep(1000);
}

static int misbehave(const char *mode)
{
    if (strcmp(mode, "crash") == 0)
        raise(SIGKILL);
    if (strcmp(mode, "rubbish") == 0)
        for (unsigned i = 0, x = 7; i < 5000; i++, x = x * 1103515245 + 12345)
            putchar((int)(x >> 16 & 0xff));
    if (strcmp(mode, "half") == 0)
        fputs("RIFF\x24\x10\0\0WAVEfm", stdout);
    if (strcmp(mode, "huge") == 0) {
        static const char zeros[65536];
        header(22050, 1, 16);
        for (;;)
            (void)fwrite(zeros, 1, sizeof zeros, stdout);
    }
    return strcmp(mode, "fail") == 0 ? 3 : 0;
}

int main(int argc, char **argv)
{
    static char text[65536];
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "deaf") == 0) {
        close(STDIN_FILENO);
        usleep(20000);
        tone('a', 300, 22050, 1, 16);
        return 0;
    }
    if (strcmp(mode, "hang") == 0 && argc > 2)
        hang(argv[2]);
    char letter = listen_to(text, sizeof text);
    if (strcmp(mode, "until") == 0 && argc > 2)
        return fails_until(argv[2], letter);
    if (strcmp(mode, "gate") == 0 && argc > 2) {
        wait_at_gate(argv[2]);
        tone(letter, 300, 22050, 1, 16);
        return 0;
    }
    if (strcmp(mode, "tone") == 0 && argc > 3) {
        FILE *file = fopen(argv[3], "a");
        CHECK(file != NULL);
        fprintf(file, "%s\n", text);
        fclose(file);
        tone(letter, kit_number(argv[2]), 22050, 1, 16);
        return 0;
    }
    if (strcmp(mode, "wave") == 0 && argc > 4) {
        tone(letter, 300, kit_number(argv[2]), kit_number(argv[3]), kit_number(argv[4]));
        return 0;
    }
    if (strcmp(mode, "late") == 0) {
        tone(letter, 100, 22050, 1, 16);
        fclose(stdout);
        for (;;)
            pause();
    }
    return misbehave(mode);
}
