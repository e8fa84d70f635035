/* Reads a printer's attributes; see ability.h. What comes from the printer is bounded here. */
#include "printer/device/ability.h"

#include "printer/device/escpos.h"
#include "quarter/check.h"

#include <cups/pwg.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WANTED_DPI = 203, HUNDREDTHS_AN_INCH = 2540, WIDTH_TOLERANCE = 500 };

/* The attributes of one job, each NULL when it did not come. */
struct job_group {
    ipp_attribute_t *id, *name, *state, *reasons, *documents;
};

static void add_to_group(struct job_group *group, ipp_attribute_t *attribute);
static bool read_listed_job(const struct job_group *group, struct listed_job *job);
static bool lacks_document(const struct job_group *group);
static bool has_keyword(ipp_t *answer, const char *name, const char *value);
static bool has_integer(ipp_t *answer, const char *name, int value);
static bool senses_paper(ipp_t *answer);
static int read_dpi(ipp_t *answer);
static void read_media(ipp_t *answer, struct printer_ability *ability);
static void read_media_names(ipp_t *answer, struct printer_ability *ability);
static bool read_media_size(ipp_t *entry, bool bare, struct media_size *size);
static int member_integer(ipp_t *collection, const char *name, int otherwise);
static bool member_range(ipp_t *collection, const char *name, int *from, int *to);
static const struct media_size *find_custom(const struct printer_ability *ability, int width);
static const struct media_size *find_nearest(const struct printer_ability *ability, int width,
                                             int length);

struct printer_condition ability_read_condition(ipp_t *answer)
{
    const char *reasons[32];
    ipp_attribute_t *list = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    size_t count = 0;
    for (int i = 0; list && i < ippGetCount(list) && count < 32; i++) {
        reasons[count] = ippGetString(list, i, NULL);
        if (reasons[count])
            count++;
    }
    ipp_attribute_t *state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
    ipp_attribute_t *accepting =
        ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    return printer_condition_from(state && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED,
                                  !accepting || ippGetBoolean(accepting, 0), count, reasons);
}

bool print_format_parse(const char *code, enum print_format *format)
{
#define X(name, text, mime)                                                                        \
    if (strcmp(code, text) == 0) {                                                                 \
        *format = PRINT_FORMAT_##name;                                                             \
        return true;                                                                               \
    }
    PRINT_FORMAT_LIST(X)
#undef X
    return false;
}

const char *print_format_mime(enum print_format format)
{
    switch (format) {
#define X(name, code, mime)                                                                        \
    case PRINT_FORMAT_##name: return mime;
        PRINT_FORMAT_LIST(X)
#undef X
    }
    CHECK(false && "a known format");
    return NULL;
}

struct printer_ability ability_read(ipp_t *answer, const struct print_wish *wish)
{
    struct printer_ability ability = {.dpi = read_dpi(answer)};
    bool black = has_keyword(answer, "pwg-raster-document-type-supported", "black_1");
    bool grey = has_keyword(answer, "pwg-raster-document-type-supported", "sgray_8");
    bool pwg =
        has_keyword(answer, "document-format-supported", "image/pwg-raster") && (black || grey);
    bool raw =
        has_keyword(answer, "document-format-supported", print_format_mime(PRINT_FORMAT_ESCPOS));
    ability.format = wish->format;
    if (wish->format == PRINT_FORMAT_AUTO)
        ability.format = pwg ? PRINT_FORMAT_PWG : PRINT_FORMAT_ESCPOS;
    ability.usable = ability.format == PRINT_FORMAT_PWG ? pwg : raw;
    if (ability.format == PRINT_FORMAT_ESCPOS)
        ability.dpi = wish->escpos_dpi ? wish->escpos_dpi : ESCPOS_DPI;
    ability.senses_paper = pwg || senses_paper(answer);
    ability.type = black ? RASTER_BLACK_1 : RASTER_SGRAY_8;
    ability.create_job = has_integer(answer, "operations-supported", IPP_OP_CREATE_JOB) &&
                         has_integer(answer, "operations-supported", IPP_OP_SEND_DOCUMENT);
    ability.media_col = has_keyword(answer, "media-col-supported", "media-size");
    ability.width_px = ability_dots(wish->paper_width_mm, ability.dpi);
    read_media(answer, &ability);
    return ability;
}

struct job_report ability_read_job(ipp_t *answer)
{
    struct job_report report = {.phase = JOB_WAITS};
    ipp_attribute_t *state = ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
    switch (state ? ippGetInteger(state, 0) : IPP_JSTATE_PENDING) {
    case IPP_JSTATE_PROCESSING:
    case IPP_JSTATE_STOPPED: report.phase = JOB_PRINTS; break;
    case IPP_JSTATE_CANCELED: report.phase = JOB_CANCELED; break;
    case IPP_JSTATE_ABORTED: report.phase = JOB_ABORTED; break;
    case IPP_JSTATE_COMPLETED: report.phase = JOB_COMPLETED; break;
    default: break;
    }
    ipp_attribute_t *reasons = ippFindAttribute(answer, "job-state-reasons", IPP_TAG_KEYWORD);
    for (int i = 0; reasons && i < ippGetCount(reasons) && !report.reason[0]; i++) {
        const char *keyword = ippGetString(reasons, i, NULL);
        /* These repeat the state itself. */
        if (keyword && strcmp(keyword, "none") != 0 && strcmp(keyword, "job-printing") != 0 &&
            strcmp(keyword, "job-incoming") != 0 &&
            strcmp(keyword, "job-completed-successfully") != 0 &&
            strlen(keyword) < sizeof(report.reason) &&
            strspn(keyword, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == strlen(keyword))
            memcpy(report.reason, keyword, strlen(keyword) + 1);
    }
    report.lacks_document = lacks_document(&(struct job_group){
        .state = state,
        .reasons = reasons,
        .documents = ippFindAttribute(answer, "number-of-documents", IPP_TAG_INTEGER),
    });
    return report;
}

size_t ability_read_jobs(ipp_t *answer, struct listed_job *jobs)
{
    size_t count = 0;
    struct job_group group = {0};
    ipp_attribute_t *attribute = ippFirstAttribute(answer);
    for (; attribute; attribute = ippNextAttribute(answer)) {
        if (ippGetGroupTag(attribute) == IPP_TAG_JOB) {
            add_to_group(&group, attribute);
            continue;
        }
        /* A separator: one job ends. */
        if (count < ABILITY_JOBS_MAX && read_listed_job(&group, &jobs[count]))
            count++;
        group = (struct job_group){0};
    }
    if (count < ABILITY_JOBS_MAX && read_listed_job(&group, &jobs[count]))
        count++;
    return count;
}

int ability_dots(int paper_width_mm, int dpi)
{
    int printable_mm = paper_width_mm >= 80 ? paper_width_mm - 8 : paper_width_mm - 10;
    /* 203 dpi is 8 dots a millimetre (203.2); whole bytes, as thermal heads have. */
    int dots = (printable_mm * dpi * 10 + 253) / 254;
    return (dots + 7) / 8 * 8;
}

void ability_add_media(const struct printer_ability *ability, int paper_width_mm,
                       int page_height_px, ipp_t *request)
{
    int width = paper_width_mm * 100;
    int length = (page_height_px * HUNDREDTHS_AN_INCH + ability->dpi - 1) / ability->dpi;
    const struct media_size *custom = ability->media_col ? find_custom(ability, width) : NULL;
    if (!custom) {
        const struct media_size *nearest = find_nearest(ability, width, length);
        if (nearest)
            ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL, nearest->name);
        return;
    }
    length += custom->top + custom->bottom;
    if (length < custom->length_from)
        length = custom->length_from;
    if (length > custom->length_to)
        length = custom->length_to;
    ipp_t *size = ippNew();
    ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", custom->width);
    ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", length);
    ipp_t *media = ippNew();
    ippAddCollection(media, IPP_TAG_ZERO, "media-size", size);
    ippAddInteger(media, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-left-margin", custom->left);
    ippAddInteger(media, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-right-margin", custom->right);
    ippAddInteger(media, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-top-margin", custom->top);
    ippAddInteger(media, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-bottom-margin", custom->bottom);
    ippAddCollection(request, IPP_TAG_JOB, "media-col", media);
    ippDelete(media);
    ippDelete(size);
}

static void add_to_group(struct job_group *group, ipp_attribute_t *attribute)
{
    const struct {
        const char *name;
        ipp_tag_t tag, other_tag;
        ipp_attribute_t **place;
    } rows[] = {
        {"job-id", IPP_TAG_INTEGER, IPP_TAG_INTEGER, &group->id},
        {"job-name", IPP_TAG_NAME, IPP_TAG_NAMELANG, &group->name},
        {"job-state", IPP_TAG_ENUM, IPP_TAG_ENUM, &group->state},
        {"job-state-reasons", IPP_TAG_KEYWORD, IPP_TAG_KEYWORD, &group->reasons},
        {"number-of-documents", IPP_TAG_INTEGER, IPP_TAG_INTEGER, &group->documents},
    };
    const char *name = ippGetName(attribute);
    ipp_tag_t tag = ippGetValueTag(attribute);
    for (size_t i = 0; name && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(name, rows[i].name) == 0 && (tag == rows[i].tag || tag == rows[i].other_tag))
            *rows[i].place = attribute;
}

static bool read_listed_job(const struct job_group *group, struct listed_job *job)
{
    const char *name = group->name ? ippGetString(group->name, 0, NULL) : NULL;
    if (!name || strlen(name) >= sizeof(job->name) || !group->id || ippGetInteger(group->id, 0) < 1)
        return false;
    *job = (struct listed_job){
        .id = ippGetInteger(group->id, 0),
        .lacks_document = lacks_document(group),
    };
    memcpy(job->name, name, strlen(name) + 1);
    return true;
}

/* RFC 8011, 5.3.7-8: a job waits for its document in pending or pending-held, with one of the two
 * reasons. Some printers give no reason; as we never ask for a job to be held, a held one that gives
 * none has no document yet, unless the printer counts one. */
static bool lacks_document(const struct job_group *group)
{
    int state = group->state ? ippGetInteger(group->state, 0) : 0;
    if (state != IPP_JSTATE_PENDING && state != IPP_JSTATE_HELD)
        return false;
    if (group->reasons && (ippContainsString(group->reasons, "job-incoming") ||
                           ippContainsString(group->reasons, "job-data-insufficient")))
        return true;
    if (group->documents)
        return ippGetInteger(group->documents, 0) == 0;
    return state == IPP_JSTATE_HELD &&
           (!group->reasons || ippContainsString(group->reasons, "none"));
}

static bool has_keyword(ipp_t *answer, const char *name, const char *value)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_ZERO);
    return attribute && ippContainsString(attribute, value);
}

static bool has_integer(ipp_t *answer, const char *name, int value)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_ZERO);
    return attribute && ippContainsInteger(attribute, value);
}

/* Told by printers that look what they have loaded (PWG 5100.13, 5.6.10), and by no queue that only
 * passes bytes on. */
static bool senses_paper(ipp_t *answer)
{
    return ippFindAttribute(answer, "printer-input-tray", IPP_TAG_ZERO) != NULL;
}

/* 203 dpi, or what the printer has that is nearest to it. */
static int read_dpi(ipp_t *answer)
{
    ipp_attribute_t *list =
        ippFindAttribute(answer, "pwg-raster-document-resolution-supported", IPP_TAG_RESOLUTION);
    if (!list)
        list = ippFindAttribute(answer, "printer-resolution-supported", IPP_TAG_RESOLUTION);
    int best = 0;
    for (int i = 0; list && i < ippGetCount(list); i++) {
        int y;
        ipp_res_t units;
        int x = ippGetResolution(list, i, &y, &units);
        if (units == IPP_RES_PER_CM) {
            x = x * 254 / 100;
            y = y * 254 / 100;
        }
        if (x == y && x >= 100 && x <= 1200 &&
            (best == 0 || abs(x - WANTED_DPI) < abs(best - WANTED_DPI)))
            best = x;
    }
    return best ? best : WANTED_DPI;
}

static void read_media(ipp_t *answer, struct printer_ability *ability)
{
    static const struct {
        const char *name;
        bool bare;
    } lists[] = {{"media-col-database", false}, {"media-size-supported", true}};
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        ipp_attribute_t *list = ippFindAttribute(answer, lists[l].name, IPP_TAG_BEGIN_COLLECTION);
        for (int i = 0; list && i < ippGetCount(list); i++)
            if (ability->media_count < ABILITY_MEDIA_MAX &&
                read_media_size(ippGetCollection(list, i), lists[l].bare,
                                &ability->media[ability->media_count]))
                ability->media_count++;
    }
    read_media_names(answer, ability);
}

static void read_media_names(ipp_t *answer, struct printer_ability *ability)
{
    ipp_attribute_t *list = ippFindAttribute(answer, "media-supported", IPP_TAG_ZERO);
    for (int i = 0; list && i < ippGetCount(list); i++) {
        const char *name = ippGetString(list, i, NULL);
        /* "custom_min_..." and "custom_max_..." are bounds, not sizes. */
        const pwg_media_t *known =
            name && strncmp(name, "custom_m", 8) != 0 && strlen(name) < ABILITY_NAME_BYTES
                ? pwgMediaForPWG(name)
                : NULL;
        if (!known || ability->media_count == ABILITY_MEDIA_MAX)
            continue;
        struct media_size *size = &ability->media[ability->media_count++];
        *size = (struct media_size){
            .width = known->width, .length_from = known->length, .length_to = known->length};
        snprintf(size->name, sizeof(size->name), "%s", name);
    }
}

static bool read_media_size(ipp_t *entry, bool bare, struct media_size *size)
{
    ipp_t *dimensions = entry;
    if (!bare) {
        ipp_attribute_t *member = ippFindAttribute(entry, "media-size", IPP_TAG_BEGIN_COLLECTION);
        dimensions = member ? ippGetCollection(member, 0) : NULL;
    }
    if (!dimensions)
        return false;
    *size = (struct media_size){0};
    int width_from;
    int width_to;
    if (!member_range(dimensions, "x-dimension", &width_from, &width_to) ||
        !member_range(dimensions, "y-dimension", &size->length_from, &size->length_to))
        return false;
    size->width = width_to;
    if (!bare) {
        size->left = member_integer(entry, "media-left-margin", 0);
        size->right = member_integer(entry, "media-right-margin", 0);
        size->top = member_integer(entry, "media-top-margin", 0);
        size->bottom = member_integer(entry, "media-bottom-margin", 0);
    }
    return true;
}

static int member_integer(ipp_t *collection, const char *name, int otherwise)
{
    ipp_attribute_t *member = ippFindAttribute(collection, name, IPP_TAG_INTEGER);
    int value = member ? ippGetInteger(member, 0) : otherwise;
    return value < 0 || value > 10000 ? otherwise : value;
}

static bool member_range(ipp_t *collection, const char *name, int *from, int *to)
{
    ipp_attribute_t *member = ippFindAttribute(collection, name, IPP_TAG_ZERO);
    if (!member)
        return false;
    if (ippGetValueTag(member) == IPP_TAG_RANGE) {
        *from = ippGetRange(member, 0, to);
    } else if (ippGetValueTag(member) == IPP_TAG_INTEGER) {
        *from = *to = ippGetInteger(member, 0);
    } else {
        return false;
    }
    return *from >= 0 && *to >= *from;
}

/* A roll: the paper's width, any length between two. */
static const struct media_size *find_custom(const struct printer_ability *ability, int width)
{
    const struct media_size *best = NULL;
    for (size_t i = 0; i < ability->media_count; i++) {
        const struct media_size *size = &ability->media[i];
        if (size->length_to > size->length_from && abs(size->width - width) <= WIDTH_TOLERANCE &&
            (!best || abs(size->width - width) < abs(best->width - width)))
            best = size;
    }
    return best;
}

/* Among the named sizes: the nearest width, then the shortest that the ticket fits on, else the
 * longest. */
static const struct media_size *find_nearest(const struct printer_ability *ability, int width,
                                             int length)
{
    const struct media_size *best = NULL;
    long best_cost = LONG_MAX;
    for (size_t i = 0; i < ability->media_count; i++) {
        const struct media_size *size = &ability->media[i];
        if (!size->name[0])
            continue;
        long over = (long)size->length_to - length;
        long cost = labs((long)size->width - width) * 1000 + (over >= 0 ? over : -over * 10);
        if (cost < best_cost) {
            best = size;
            best_cost = cost;
        }
    }
    return best;
}
