/* An assertion that stays on in release builds: for our own bugs, never for a peer's or an operator's fault. */
#ifndef QUARTER_CHECK_H
#define QUARTER_CHECK_H

#include <stdio.h>
#include <stdlib.h>

static inline _Noreturn void check_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: bug: %s does not hold\n", file, line, what);
    abort();
}

#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#endif
