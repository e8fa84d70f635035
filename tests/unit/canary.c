/* Faults made on purpose: a build whose sanitizer does not stop at them was not built with it. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int shared; /* raced on purpose */

static void *add_many(void *argument)
{
    for (int i = 0; i < 100000; i++)
        shared += *(const int *)argument;
    return NULL;
}

static int overflow_heap(int index)
{
    char *bytes = malloc(16);
    if (bytes == NULL)
        return 1;
    memset(bytes, 1, 16);
    const int value = bytes[index];
    free(bytes);
    return value;
}

static int overflow_integer(int one)
{
    return INT_MAX + one > 0;
}

static int race(int one)
{
    pthread_t first, second;
    pthread_create(&first, NULL, add_many, &one);
    pthread_create(&second, NULL, add_many, &one);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    return shared > 0;
}

int main(int argc, char **argv)
{
    const char *fault = argc > 1 ? argv[1] : "";
    int result = 0;
    if (strcmp(fault, "heap") == 0)
        result = overflow_heap(15 + argc);
    else if (strcmp(fault, "integer") == 0)
        result = overflow_integer(argc - 1);
    else if (strcmp(fault, "race") == 0)
        result = race(argc - 1);
    else
        fprintf(stderr, "usage: canary heap|integer|race\n");
    printf("survived %s: %d\n", fault, result);
    return 0;
}
