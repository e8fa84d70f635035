/* The Plural-Forms rule of a .po header, "nplurals=3; plural=(n==1 ? 0 : ...);": parsed once into a
 * small program, so that a file from outside is never trusted beyond its bounds. The operators are
 * those gettext allows:
 * ?: || && == != < > <= >= + - * / % ! ( ), the number n and decimal constants. */
#ifndef QUARTER_SCREEN_PLURAL_H
#define QUARTER_SCREEN_PLURAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLURAL_STEPS_MAX = 128, PLURAL_FORMS_MAX = 8 };

struct plural_step {
    uint8_t op; /* an enum op of plural.c */
    uint32_t value;
};

struct plural_rule {
    unsigned forms;
    size_t count;
    struct plural_step steps[PLURAL_STEPS_MAX];
};

/* header: the text of msgid "". A header without the rule counts as English. False: malformed or
 * too long. */
bool plural_parse(const char *header, struct plural_rule *rule);
/* The form for n, always below rule->forms; a rule that divides by 0 or answers too high gives form
 * 0. */
unsigned plural_form(const struct plural_rule *rule, unsigned long n);

#endif
