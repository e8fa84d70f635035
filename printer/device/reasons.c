/* printer-state-reasons read for a ticket printer; see reasons.h. */
#include "printer/device/reasons.h"

#include "quarter/check.h"

#include <stdio.h>
#include <string.h>

/* In the order in which somebody should hear of them. Any other keyword stops the printer if it
 * came as an -error, wants care as a -warning, and else is only told (RFC 8011, 5.4.12). */
static const struct {
    const char *keyword;
    enum printer_level level;
    enum printer_paper paper;
} known[] = {
    {"media-empty", PRINTER_STOPPED, PRINTER_PAPER_OUT},
    {"media-needed", PRINTER_STOPPED, PRINTER_PAPER_OUT},
    {"media-jam", PRINTER_STOPPED, PRINTER_PAPER_JAM},
    {"cover-open", PRINTER_STOPPED, PRINTER_PAPER_OPEN},
    {"door-open", PRINTER_STOPPED, PRINTER_PAPER_OPEN},
    {"interlock-open", PRINTER_STOPPED, PRINTER_PAPER_OPEN},
    {"offline", PRINTER_STOPPED, PRINTER_PAPER_GONE},
    {"connecting-to-device", PRINTER_STOPPED, PRINTER_PAPER_GONE},
    {"timed-out", PRINTER_STOPPED, PRINTER_PAPER_GONE},
    {"paused", PRINTER_STOPPED, PRINTER_PAPER_GONE},
    {"moving-to-paused", PRINTER_STOPPED, PRINTER_PAPER_GONE},
    {"spool-area-full", PRINTER_STOPPED, PRINTER_PAPER_GONE},
    {"media-low", PRINTER_ATTENTION, PRINTER_PAPER_LOW},
};
enum { KNOWN_COUNT = sizeof(known) / sizeof(known[0]) };

struct reason {
    char keyword[PRINTER_REASON_BYTES];
    enum printer_level level;
    size_t rank;
};

static bool read_reason(const char *text, struct reason *reason);
static enum printer_paper paper_of(const struct printer_condition *condition);
static void insert(struct reason *list, size_t *count, const struct reason *reason);

const char *printer_level_code(enum printer_level level)
{
    switch (level) {
#define X(name, code)                                                                              \
    case PRINTER_##name: return code;
        PRINTER_LEVEL_LIST(X)
#undef X
    }
    CHECK(false && "a known level");
    return "";
}

const char *printer_paper_code(enum printer_paper paper)
{
    switch (paper) {
#define X(name, code)                                                                              \
    case PRINTER_PAPER_##name: return code;
        PRINTER_PAPER_LIST(X)
#undef X
    }
    CHECK(false && "a known state of paper");
    return "";
}

struct printer_condition printer_condition_from(bool stopped, bool accepting, size_t count,
                                                const char *const *reasons)
{
    struct reason list[PRINTER_REASONS_MAX];
    size_t used = 0;
    struct reason reason;
    for (size_t i = 0; i < count; i++)
        if (read_reason(reasons[i], &reason))
            insert(list, &used, &reason);
    if (used == 0 && (stopped || !accepting)) {
        bool read = read_reason("paused", &reason);
        CHECK(read);
        insert(list, &used, &reason);
    }

    struct printer_condition condition = {.level = PRINTER_READY, .reason_count = used};
    if (stopped || !accepting)
        condition.level = PRINTER_STOPPED;
    for (size_t i = 0; i < used; i++) {
        memcpy(condition.reasons[i], list[i].keyword, PRINTER_REASON_BYTES);
        if (list[i].level > condition.level)
            condition.level = list[i].level;
    }
    condition.paper = paper_of(&condition);
    return condition;
}

void printer_condition_doubt(struct printer_condition *condition)
{
    if (condition->paper == PRINTER_PAPER_OK)
        condition->paper = PRINTER_PAPER_UNKNOWN;
}

struct printer_condition printer_condition_of(enum printer_level level, const char *reason)
{
    struct printer_condition condition = {.level = level};
    if (reason[0]) {
        condition.reason_count = 1;
        snprintf(condition.reasons[0], PRINTER_REASON_BYTES, "%s", reason);
    }
    condition.paper = paper_of(&condition);
    return condition;
}

bool printer_condition_equal(const struct printer_condition *one,
                             const struct printer_condition *other)
{
    if (one->level != other->level || one->paper != other->paper ||
        one->reason_count != other->reason_count)
        return false;
    for (size_t i = 0; i < one->reason_count; i++)
        if (strcmp(one->reasons[i], other->reasons[i]) != 0)
            return false;
    return true;
}

const char *printer_condition_reason(const struct printer_condition *condition)
{
    return condition->reason_count ? condition->reasons[0] : "";
}

/* What to do first: an open cover makes every sensor talk; a jam may look as if paper was out. */
static enum printer_paper paper_of(const struct printer_condition *condition)
{
    enum printer_paper paper = PRINTER_PAPER_OK;
    for (size_t i = 0; i < condition->reason_count; i++)
        for (size_t k = 0; k < KNOWN_COUNT; k++)
            if (strcmp(condition->reasons[i], known[k].keyword) == 0 && known[k].paper > paper &&
                known[k].paper != PRINTER_PAPER_GONE)
                paper = known[k].paper;
    bool explained = paper > PRINTER_PAPER_LOW;
    if (condition->level == PRINTER_GONE || (condition->level == PRINTER_STOPPED && !explained))
        return PRINTER_PAPER_GONE;
    return condition->level == PRINTER_UNKNOWN ? PRINTER_PAPER_UNKNOWN : paper;
}

static bool read_reason(const char *text, struct reason *reason)
{
    static const struct {
        const char *suffix;
        enum printer_level level;
    } suffixes[] = {
        {"-report", PRINTER_READY},
        {"-warning", PRINTER_ATTENTION},
        {"-error", PRINTER_STOPPED},
    };
    size_t length = strlen(text);
    /* The keyword goes to other programs: only what a keyword may be (RFC 8011, 5.1.4). */
    if (length >= PRINTER_REASON_BYTES ||
        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != length)
        return false;
    *reason = (struct reason){.level = PRINTER_READY, .rank = KNOWN_COUNT};
    memcpy(reason->keyword, text, length + 1);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t tail = strlen(suffixes[i].suffix);
        if (length > tail && strcmp(text + length - tail, suffixes[i].suffix) == 0) {
            reason->keyword[length - tail] = '\0';
            reason->level = suffixes[i].level;
        }
    }
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (strcmp(reason->keyword, known[i].keyword) == 0) {
            reason->level = known[i].level;
            reason->rank = i;
        }
    return reason->keyword[0] && strcmp(reason->keyword, "none") != 0;
}

/* Keeps the list sorted by level, then rank, without doubles; when it is full the least goes. */
static void insert(struct reason *list, size_t *count, const struct reason *reason)
{
    size_t at = 0;
    for (size_t i = 0; i < *count; i++)
        if (strcmp(list[i].keyword, reason->keyword) == 0)
            return;
    while (at < *count && (list[at].level > reason->level ||
                           (list[at].level == reason->level && list[at].rank <= reason->rank)))
        at++;
    if (at == PRINTER_REASONS_MAX)
        return;
    size_t kept = *count < PRINTER_REASONS_MAX ? *count : PRINTER_REASONS_MAX - 1;
    memmove(&list[at + 1], &list[at], (kept - at) * sizeof(list[0]));
    list[at] = *reason;
    *count = kept + 1;
}
