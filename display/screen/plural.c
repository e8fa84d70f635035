/* A recursive-descent parser into postfix steps, and a stack machine that runs them. Short circuits
 * are not needed: no operator has effects, and a division by 0 only spoils its own branch. */
#include "display/screen/plural.h"

#include <stdlib.h>
#include <string.h>

enum op {
    OP_N,
    OP_NUMBER,
    OP_NOT,
    OP_MUL,
    OP_DIV,
    OP_MOD,
    OP_ADD,
    OP_SUB,
    OP_LT,
    OP_GT,
    OP_LE,
    OP_GE,
    OP_EQ,
    OP_NE,
    OP_AND,
    OP_OR,
    OP_CHOOSE
};

enum { DEPTH_MAX = 32, NUMBER_MAX = 1000000 };

struct parser {
    const char *at;
    struct plural_rule *rule;
    int depth;
    bool bad;
};

/* Binary operators from loosest to tightest; longer signs first within a level. */
static const struct binary {
    const char *sign;
    int level;
    enum op op;
} BINARIES[] = {
    {"||", 0, OP_OR}, {"&&", 1, OP_AND}, {"==", 2, OP_EQ}, {"!=", 2, OP_NE}, {"<=", 3, OP_LE},
    {">=", 3, OP_GE}, {"<", 3, OP_LT},   {">", 3, OP_GT},  {"+", 4, OP_ADD}, {"-", 4, OP_SUB},
    {"*", 5, OP_MUL}, {"/", 5, OP_DIV},  {"%", 5, OP_MOD},
};
enum { LEVELS = 6 };

static void parse_choice(struct parser *parser);

bool plural_parse(const char *header, struct plural_rule *rule)
{
    *rule = (struct plural_rule){0};
    const char *line = strstr(header, "Plural-Forms:");
    const char *nplurals = line != NULL ? strstr(line, "nplurals=") : NULL;
    const char *plural = nplurals != NULL ? strstr(nplurals, "plural=") : NULL;
    const char *text = "n!=1;";
    rule->forms = 2;
    if (line != NULL) {
        if (plural == NULL) {
            return false;
        }
        const unsigned long forms = strtoul(nplurals + strlen("nplurals="), NULL, 10);
        if (forms < 1 || forms > PLURAL_FORMS_MAX) {
            return false;
        }
        rule->forms = (unsigned)forms;
        text = plural + strlen("plural=");
    }
    struct parser parser = {.at = text, .rule = rule};
    parse_choice(&parser);
    while (*parser.at == ' ') {
        parser.at++;
    }
    return !parser.bad && (*parser.at == ';' || *parser.at == '\n' || *parser.at == '\0');
}

static unsigned long compute(enum op op, unsigned long a, unsigned long b, bool *failed)
{
    switch (op) {
    case OP_MUL: return a * b;
    case OP_DIV:
    case OP_MOD:
        if (b == 0) {
            *failed = true;
            return 0;
        }
        return op == OP_DIV ? a / b : a % b;
    case OP_ADD: return a + b;
    case OP_SUB: return a - b;
    case OP_LT: return a < b;
    case OP_GT: return a > b;
    case OP_LE: return a <= b;
    case OP_GE: return a >= b;
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_AND: return a != 0 && b != 0;
    case OP_OR: return a != 0 || b != 0;
    case OP_N:
    case OP_NUMBER:
    case OP_NOT:
    case OP_CHOOSE: break;
    }
    return 0;
}

/* The parser only makes programs that never underflow and leave one value; DEPTH_MAX and the step
 * bound keep the stack below PLURAL_STEPS_MAX. */
unsigned plural_form(const struct plural_rule *rule, unsigned long n)
{
    unsigned long stack[PLURAL_STEPS_MAX] = {0};
    size_t top = 0;
    bool failed = false;
    for (size_t i = 0; i < rule->count; i++) {
        const enum op op = (enum op)rule->steps[i].op;
        if (op == OP_N || op == OP_NUMBER) {
            stack[top++] = op == OP_N ? n : rule->steps[i].value;
        } else if (op == OP_NOT) {
            stack[top - 1] = stack[top - 1] == 0;
        } else if (op == OP_CHOOSE) {
            top -= 2;
            stack[top - 1] = stack[top - 1] != 0 ? stack[top] : stack[top + 1];
        } else {
            top--;
            stack[top - 1] = compute(op, stack[top - 1], stack[top], &failed);
        }
    }
    return !failed && top == 1 && stack[0] < rule->forms ? (unsigned)stack[0] : 0;
}

static void emit(struct parser *parser, enum op op, uint32_t value)
{
    if (parser->rule->count == PLURAL_STEPS_MAX) {
        parser->bad = true;
        return;
    }
    parser->rule->steps[parser->rule->count++] = (struct plural_step){(uint8_t)op, value};
}

static bool accept(struct parser *parser, const char *sign)
{
    while (*parser->at == ' ' || *parser->at == '\t') {
        parser->at++;
    }
    if (strncmp(parser->at, sign, strlen(sign)) != 0) {
        return false;
    }
    parser->at += strlen(sign);
    return true;
}

static void parse_unary(struct parser *parser)
{
    if (parser->bad || ++parser->depth > DEPTH_MAX) {
        parser->bad = true;
        return;
    }
    if (accept(parser, "!")) {
        parse_unary(parser);
        emit(parser, OP_NOT, 0);
    } else if (accept(parser, "(")) {
        parse_choice(parser);
        parser->bad |= !accept(parser, ")");
    } else if (accept(parser, "n")) {
        emit(parser, OP_N, 0);
    } else if (*parser->at >= '0' && *parser->at <= '9') {
        char *end;
        const unsigned long value = strtoul(parser->at, &end, 10);
        parser->bad |= value > NUMBER_MAX;
        parser->at = end;
        emit(parser, OP_NUMBER, (uint32_t)value);
    } else {
        parser->bad = true;
    }
    parser->depth--;
}

static const struct binary *accept_binary(struct parser *parser, int level)
{
    for (size_t i = 0; i < sizeof(BINARIES) / sizeof(BINARIES[0]); i++) {
        if (BINARIES[i].level == level && accept(parser, BINARIES[i].sign)) {
            return &BINARIES[i];
        }
    }
    return NULL;
}

static void parse_binary(struct parser *parser, int level)
{
    if (level == LEVELS) {
        parse_unary(parser);
        return;
    }
    parse_binary(parser, level + 1);
    const struct binary *binary;
    while (!parser->bad && (binary = accept_binary(parser, level)) != NULL) {
        parse_binary(parser, level + 1);
        emit(parser, binary->op, 0);
    }
}

static void parse_choice(struct parser *parser)
{
    if (++parser->depth > DEPTH_MAX) {
        parser->bad = true;
        return;
    }
    parse_binary(parser, 0);
    if (!parser->bad && accept(parser, "?")) {
        parse_choice(parser);
        parser->bad |= !accept(parser, ":");
        if (!parser->bad) {
            parse_choice(parser);
            emit(parser, OP_CHOOSE, 0);
        }
    }
    parser->depth--;
}
