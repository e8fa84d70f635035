/* What tests of all modules need and libc makes easy to get wrong: texts into fixtures, numbers out of texts, programs
 * without a shell, folders that go away whole. A failure ends the test program. */
#ifndef QUARTER_TESTS_TEST_KIT_H
#define QUARTER_TESTS_TEST_KIT_H

#include <stddef.h>
#include <stdint.h>

/* to: an array of `size` bytes; a text that does not fit is the test's own fault. */
void kit_set(char *to, size_t size, const char *text);
/* A whole decimal number at the start of text; what follows it is not looked at. */
int kit_number(const char *text);
/* Runs a program (found as in a shell, but without one), its output thrown away: its exit status, or -1 when it ended
 * otherwise. arguments: with the program's name first, NULL last. */
int kit_run(const char *const *arguments);
/* With all that is in it; links are not followed. A folder that is not there is gone already. */
void kit_remove_folder(const char *path);
int64_t kit_now_ms(void); /* monotonic */

#endif
