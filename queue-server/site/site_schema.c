/* What site.yaml and text.LANG.yaml may hold, as tables. To add a key: a member in model.h, a row
 * here, and its place in the document of GET /api/site (site_json.c). */
#include "site/model.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SHAPE(word, rows)                                                                          \
    {                                                                                              \
        .noun = (word), .field_count = COUNT(rows), .fields = (rows)                               \
    }
#define AT(type, member) .offset = offsetof(struct type, member)
/* A list in a struct: its values, their number and their distance. */
#define LIST_OF(type, member, counter)                                                             \
    AT(type, member), .stride = sizeof(((struct type *)0)->member[0]),                             \
                      .count_offset = offsetof(struct type, counter)
/* A table in a text file, with its mark. */
#define TABLE_OF(member)                                                                           \
    AT(text_model, member), .stride = sizeof(((struct text_model *)0)->member[0]),                 \
                            .mark_offset = offsetof(struct text_model, member##_at)

static const char *const policies[] = {
#define X(name, code) code,
    POLICY_LIST(X)
#undef X
        NULL};
static const char *const counter_kinds[] = {"counter", "room", NULL};
static const char *const orientations[] = {"portrait", "landscape", NULL};
static const char *const themes[] = {"light", "dark", "contrast", NULL};
static const char *const question_kinds[] = {"one", "several", "yes_no", "number", "text", NULL};
static const char *const answer_classes[] = {"assisted", "urgent", NULL};
static const char *const ask_times[] = {"first", "later", NULL};
static const char *const directions[] = {"ltr", "rtl", NULL};

const char *const model_weekdays[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* site.yaml */

static const struct field day_fields[] = {
    {"open", KIND_TIME, FIELD_REQUIRED, AT(model_day, open)},
    {"doors", KIND_TIME, 0, AT(model_day, doors)},
    {"close", KIND_TIME, FIELD_REQUIRED, AT(model_day, close)},
};
static const struct shape day_shape = SHAPE("day", day_fields);

static const struct field week_fields[] = {
    {"mon", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[0]),
     .shape = &day_shape},
    {"tue", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[1]),
     .shape = &day_shape},
    {"wed", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[2]),
     .shape = &day_shape},
    {"thu", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[3]),
     .shape = &day_shape},
    {"fri", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[4]),
     .shape = &day_shape},
    {"sat", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[5]),
     .shape = &day_shape},
    {"sun", KIND_MAP, FIELD_REQUIRED | FIELD_OR_CLOSED, AT(model_hours, days[6]),
     .shape = &day_shape},
};
static const struct shape week_shape = SHAPE("week", week_fields);

static const struct field standard_fields[] = {
    {"wait_min", KIND_INTEGER, FIELD_REQUIRED, AT(model_standard, wait_min), .min = 1, .max = 240},
    {"share", KIND_SHARE, FIELD_REQUIRED, AT(model_standard, share)},
};
static const struct shape standard_shape = SHAPE("standard", standard_fields);

static const struct field numbers_fields[] = {
    {"last", KIND_INTEGER, FIELD_REQUIRED, AT(model_numbers, last), .min = 9,
     .max = QUARTER_NUMBER_TOP},
    {"reserved_from", KIND_INTEGER, FIELD_REQUIRED, AT(model_numbers, reserved_from), .min = 2,
     .max = QUARTER_NUMBER_TOP},
    {"block", KIND_INTEGER, FIELD_REQUIRED, AT(model_numbers, block), .min = 1,
     .max = QUARTER_NUMBER_TOP},
};
static const struct shape numbers_shape = SHAPE("numbers part", numbers_fields);

static const struct field theme_fields[] = {
    {"brand", KIND_COLOUR, FIELD_REQUIRED, AT(model_theme, brand)},
};
static const struct shape theme_shape = SHAPE("theme", theme_fields);

static const struct field contact_fields[] = {
    {"phone", KIND_TEXT, 0, AT(model_contact, phone), .max = 30},
    {"web", KIND_TEXT, 0, AT(model_contact, web), .max = 60},
};
static const struct shape contact_shape = SHAPE("contact", contact_fields);

static const struct field policy_fields[] = {
    {"name", KIND_CHOICE, FIELD_REQUIRED, AT(model_policy, name), .choices = policies},
    {"rescue_min", KIND_INTEGER, 0, AT(model_policy, rescue_min), .min = 0, .max = 240},
    {"limit_min", KIND_INTEGER, 0, AT(model_policy, limit_min), .min = 1, .max = 1440},
};
static const struct shape policy_shape = SHAPE("policy", policy_fields);

static const struct field promises_fields[] = {
    {"assisted", KIND_INTEGER, 0, AT(model_promises, assisted), .min = 1, .max = 240},
    {"appointment", KIND_INTEGER, 0, AT(model_promises, appointment), .min = 1, .max = 240},
    {"urgent", KIND_INTEGER, 0, AT(model_promises, urgent), .min = 1, .max = 240},
    {"transfer", KIND_INTEGER, 0, AT(model_promises, transfer), .min = 1, .max = 240},
};
static const struct shape promises_shape = SHAPE("promises part", promises_fields);

static const struct field closure_item = {"closures", KIND_DATE, .offset = 0};
static const struct field language_item = {"languages", KIND_CODE, .set = SET_LANGUAGES};
static const struct field area_item = {"areas", KIND_CODE, .set = SET_AREAS};

static const struct field need_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_need, code), .set = SET_NEEDS},
    {"hard", KIND_BOOL, FIELD_REQUIRED, AT(model_need, hard)},
    {"relax_after_min", KIND_INTEGER, 0, AT(model_need, relax_after_min), .min = 0, .max = 240},
};
static const struct shape need_shape = SHAPE("need", need_fields);
static const struct field need_item = {"needs", KIND_MAP, .shape = &need_shape};

static const struct field signpost_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_signpost, code), .set = SET_SIGNPOSTS},
    {"url", KIND_URL, 0, AT(model_signpost, url)},
    {"print", KIND_BOOL, 0, AT(model_signpost, print)},
};
static const struct shape signpost_shape = SHAPE("signpost", signpost_fields);
static const struct field signpost_item = {"signposts", KIND_MAP, .shape = &signpost_shape};

static const struct field answer_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_answer, code), .set = SET_ANSWERS},
    {"service", KIND_REFERENCE, FIELD_LATE, AT(model_answer, service), .set = SET_SERVICES},
    {"signpost", KIND_REFERENCE, 0, AT(model_answer, signpost), .set = SET_SIGNPOSTS},
    {"class", KIND_CHOICE, 0, AT(model_answer, ticket_class), .choices = answer_classes},
    {"needs", KIND_REFERENCES, 0, AT(model_answer, needs), .min = 1, .set = SET_NEEDS},
    {"avoidable", KIND_CODE, 0, AT(model_answer, avoidable)},
};
static const struct shape answer_shape = SHAPE("answer", answer_fields);
static const struct field answer_item = {"answers", KIND_MAP, .shape = &answer_shape};

static const struct field question_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_question, code), .set = SET_QUESTIONS},
    {"kind", KIND_CHOICE, FIELD_REQUIRED, AT(model_question, kind), .choices = question_kinds},
    {"digits", KIND_INTEGER, 0, AT(model_question, digits), .min = 1,
     .max = QUARTER_ANSWER_DIGITS_MAX},
    {"letters", KIND_INTEGER, 0, AT(model_question, letters), .min = 1,
     .max = QUARTER_ANSWER_LETTERS_MAX},
    {"answers", KIND_LIST, 0, LIST_OF(model_question, answers, answer_count),
     .max = QUARTER_ANSWER_CHOICES_MAX, .set = SET_ANSWERS, .item = &answer_item,
     .mark_offset = offsetof(struct model_question, answers_at)},
};
static const struct shape question_shape = SHAPE("question", question_fields);
static const struct field question_item = {"questions", KIND_MAP, .shape = &question_shape};

static const struct field scan_item = {"scan", KIND_SCAN, .offset = 0};

static const struct field service_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_service, code), .set = SET_SERVICES},
    {"prefix", KIND_PREFIX, FIELD_REQUIRED, AT(model_service, prefix)},
    {"area", KIND_REFERENCE, 0, AT(model_service, area), .set = SET_AREAS},
    {"typical_min", KIND_INTEGER, FIELD_REQUIRED, AT(model_service, typical_min), .min = 1,
     .max = 240},
    {"questions", KIND_REFERENCES, 0, AT(model_service, questions), .set = SET_QUESTIONS},
    {"ask", KIND_CHOICE, 0, AT(model_service, ask), .choices = ask_times},
    {"scan", KIND_LIST, 0, LIST_OF(model_service, scan, scan_count), .max = QUARTER_SCANS_MAX,
     .item = &scan_item},
};
static const struct shape service_shape = SHAPE("service", service_fields);
static const struct field service_item = {"services", KIND_MAP, .shape = &service_shape};

static const struct field group_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_group, code), .set = SET_GROUPS},
    {"services", KIND_REFERENCES, FIELD_REQUIRED, AT(model_group, services), .min = 1,
     .set = SET_SERVICES},
};
static const struct shape group_shape = SHAPE("group", group_fields);
static const struct field group_item = {"groups", KIND_MAP, .shape = &group_shape};

static const struct field break_fields[] = {
    {"at", KIND_TIME, FIELD_REQUIRED, AT(model_break, start)},
    {"min", KIND_INTEGER, FIELD_REQUIRED, AT(model_break, minutes), .min = 1, .max = 240},
};
static const struct shape break_shape = SHAPE("break", break_fields);
static const struct field break_item = {"break", KIND_MAP, .shape = &break_shape};

static const struct field counter_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_counter, code), .set = SET_COUNTERS},
    {"kind", KIND_CHOICE, 0, AT(model_counter, kind), .choices = counter_kinds},
    {"services", KIND_REFERENCES, FIELD_REQUIRED, AT(model_counter, services), .min = 1,
     .set = SET_SERVICES},
    {"languages", KIND_REFERENCES, FIELD_REQUIRED, AT(model_counter, languages), .min = 1,
     .set = SET_LANGUAGES},
    {"needs", KIND_REFERENCES, 0, AT(model_counter, needs), .set = SET_NEEDS},
    {"days", KIND_REFERENCES, 0, AT(model_counter, days), .min = 1, .set = SET_WEEKDAYS},
    {"from", KIND_TIME, 0, AT(model_counter, from)},
    {"to", KIND_TIME, 0, AT(model_counter, to)},
    {"break", KIND_LIST, FIELD_OR_ONE, LIST_OF(model_counter, breaks, break_count),
     .max = SITE_BREAKS_MAX, .item = &break_item},
};
static const struct shape counter_shape = SHAPE("counter", counter_fields);
static const struct field counter_item = {"counters", KIND_MAP, .shape = &counter_shape};

static const struct field kiosk_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_screen, code), .set = SET_SCREENS},
    {"orientation", KIND_CHOICE, FIELD_REQUIRED, AT(model_screen, orientation),
     .choices = orientations},
    {"theme", KIND_CHOICE, 0, AT(model_screen, theme), .choices = themes},
    {"width_mm", KIND_INTEGER, 0, AT(model_screen, width_mm), .min = 100, .max = 3000},
    {"bottom_mm", KIND_INTEGER, 0, AT(model_screen, bottom_mm), .min = 0, .max = 2500},
    {"groups", KIND_REFERENCES, 0, AT(model_screen, groups), .min = 1, .set = SET_GROUPS},
};
static const struct shape kiosk_shape = SHAPE("kiosk", kiosk_fields);
static const struct field kiosk_item = {"kiosks", KIND_MAP, .shape = &kiosk_shape};

static const struct field display_fields[] = {
    {"code", KIND_CODE, FIELD_REQUIRED, AT(model_screen, code), .set = SET_SCREENS},
    {"theme", KIND_CHOICE, 0, AT(model_screen, theme), .choices = themes},
    {"width_mm", KIND_INTEGER, 0, AT(model_screen, width_mm), .min = 100, .max = 10000},
    {"viewing_mm", KIND_INTEGER, 0, AT(model_screen, viewing_mm), .min = 500, .max = 20000},
};
static const struct shape display_shape = SHAPE("display", display_fields);
static const struct field display_item = {"displays", KIND_MAP, .shape = &display_shape};

/* What defines codes stands before what refers to them. */
static const struct field site_fields[] = {
    {"site", KIND_CODE, FIELD_REQUIRED, AT(site_model, site)},
    {"zone", KIND_TEXT, FIELD_REQUIRED, AT(site_model, zone), .max = 64},
    {"languages", KIND_LIST, FIELD_REQUIRED, LIST_OF(site_model, languages, language_count),
     .min = 1, .max = QUARTER_LANGUAGES_MAX, .set = SET_LANGUAGES, .item = &language_item,
     .mark_offset = offsetof(struct site_model, languages_at)},
    {"standard", KIND_MAP, FIELD_REQUIRED, AT(site_model, standard), .shape = &standard_shape},
    {"policy", KIND_MAP, FIELD_OR_FIRST, AT(site_model, policy), .shape = &policy_shape},
    {"promises", KIND_MAP, 0, AT(site_model, promises), .shape = &promises_shape},
    {"hours", KIND_MAP, FIELD_REQUIRED, AT(site_model, hours), .shape = &week_shape},
    {"closures", KIND_LIST, 0, LIST_OF(site_model, closures, closure_count),
     .max = QUARTER_CLOSURES_MAX, .item = &closure_item},
    {"day_end", KIND_TIME, FIELD_REQUIRED, AT(site_model, day_end)},
    {"numbers", KIND_MAP, FIELD_REQUIRED, AT(site_model, numbers), .shape = &numbers_shape},
    {"areas", KIND_LIST, 0, LIST_OF(site_model, areas, area_count), .max = MODEL_AREAS_MAX,
     .set = SET_AREAS, .item = &area_item},
    {"needs", KIND_LIST, 0, LIST_OF(site_model, needs, need_count), .max = QUARTER_NEEDS_MAX,
     .set = SET_NEEDS, .item = &need_item},
    {"signposts", KIND_LIST, 0, LIST_OF(site_model, signposts, signpost_count),
     .max = QUARTER_SIGNPOSTS_MAX, .set = SET_SIGNPOSTS, .item = &signpost_item},
    {"questions", KIND_LIST, 0, LIST_OF(site_model, questions, question_count),
     .max = QUARTER_QUESTIONS_MAX, .set = SET_QUESTIONS, .item = &question_item},
    {"services", KIND_LIST, FIELD_REQUIRED, LIST_OF(site_model, services, service_count), .min = 1,
     .max = QUARTER_SERVICES_MAX, .set = SET_SERVICES, .item = &service_item},
    {"groups", KIND_LIST, FIELD_REQUIRED, LIST_OF(site_model, groups, group_count), .min = 1,
     .max = MODEL_GROUPS_MAX, .set = SET_GROUPS, .item = &group_item},
    {"counters", KIND_LIST, FIELD_REQUIRED, LIST_OF(site_model, counters, counter_count), .min = 1,
     .max = QUARTER_COUNTERS_MAX, .set = SET_COUNTERS, .item = &counter_item},
    {"unsure", KIND_REFERENCE, 0, AT(site_model, unsure), .set = SET_SERVICES},
    {"kiosks", KIND_LIST, 0, LIST_OF(site_model, kiosks, kiosk_count), .max = MODEL_KIOSKS_MAX,
     .item = &kiosk_item},
    {"displays", KIND_LIST, 0, LIST_OF(site_model, displays, display_count),
     .max = MODEL_DISPLAYS_MAX, .item = &display_item},
    {"theme", KIND_MAP, 0, AT(site_model, theme), .shape = &theme_shape},
    {"contact", KIND_MAP, 0, AT(site_model, contact), .shape = &contact_shape},
    {"public_url", KIND_URL, 0, AT(site_model, public_url)},
};
const struct shape site_shape = SHAPE("site", site_fields);

/* text.LANG.yaml */

/* Names are drawn large: those of groups, services and answers on tiles, a counter's and an area's on a board. A
 * signpost's text is a page's. */
enum {
    CENTRE_LETTERS = 60,
    ALSO_LETTERS = 40,
    QUESTION_LETTERS = 100,
    SIGNPOST_TITLE_LETTERS = 80,
    SIGNPOST_LETTERS = 300,
    HINT_LETTERS = 90,
    READY_LETTERS = 90,
    PLACE_LETTERS = 32,
    NEED_LETTERS = 60,
    AVOIDABLE_LETTERS = 80,
};

static const struct field group_words_fields[] = {
    {"name", KIND_TEXT, 0, AT(model_words, name), .max = QUARTER_NAME_LETTERS},
    {"hint", KIND_TEXT, 0, AT(model_words, hint), .max = HINT_LETTERS},
};
static const struct shape group_words_shape = SHAPE("group", group_words_fields);
static const struct field group_words = {"groups", KIND_MAP, .shape = &group_words_shape};

static const struct field ready_item = {"have_ready", KIND_TEXT, .max = READY_LETTERS};
static const struct field also_item = {"also", KIND_TEXT, .max = ALSO_LETTERS};
static const struct field service_words_fields[] = {
    {"name", KIND_TEXT, 0, AT(model_words, name), .max = QUARTER_NAME_LETTERS},
    {"hint", KIND_TEXT, 0, AT(model_words, hint), .max = HINT_LETTERS},
    {"have_ready", KIND_LIST, 0, LIST_OF(model_words, have_ready, have_ready_count),
     .max = MODEL_HAVE_READY_MAX, .item = &ready_item,
     .mark_offset = offsetof(struct model_words, have_ready_at)},
    {"also", KIND_LIST, 0, LIST_OF(model_words, also, also_count), .max = QUARTER_ALSO_MAX,
     .item = &also_item, .mark_offset = offsetof(struct model_words, also_at)},
};
static const struct shape service_words_shape = SHAPE("service", service_words_fields);
static const struct field service_words = {"services", KIND_MAP, .shape = &service_words_shape};

static const struct field area_words = {"areas", KIND_TEXT, .max = PLACE_LETTERS};
static const struct field counter_words = {"counters", KIND_TEXT, .max = PLACE_LETTERS};
static const struct field need_words = {"needs", KIND_TEXT, .max = NEED_LETTERS};

static const struct field answer_words = {"answers", KIND_TEXT, .max = QUARTER_NAME_LETTERS};
static const struct field question_words_fields[] = {
    {"title", KIND_TEXT, 0, AT(model_question_words, title), .max = QUESTION_LETTERS},
    {"hint", KIND_TEXT, 0, AT(model_question_words, hint), .max = HINT_LETTERS},
    {"answers", KIND_TABLE, 0, AT(model_question_words, answers), .set = SET_ANSWERS,
     .item = &answer_words, .stride = sizeof(struct value),
     .mark_offset = offsetof(struct model_question_words, answers_at)},
};
static const struct shape question_words_shape = SHAPE("question", question_words_fields);
static const struct field question_words = {"questions", KIND_MAP, .shape = &question_words_shape};

static const struct field signpost_words_fields[] = {
    {"title", KIND_TEXT, 0, AT(model_signpost_words, title), .max = SIGNPOST_TITLE_LETTERS},
    {"text", KIND_TEXT, 0, AT(model_signpost_words, text), .max = SIGNPOST_LETTERS},
};
static const struct shape signpost_words_shape = SHAPE("signpost", signpost_words_fields);
static const struct field signpost_words = {"signposts", KIND_MAP, .shape = &signpost_words_shape};

static const struct field avoidable_words = {"avoidable", KIND_TEXT, .max = AVOIDABLE_LETTERS};

static const struct field yes_no_fields[] = {
    {"yes", KIND_TEXT, 0, AT(model_yes_no, answers[0]), .max = QUARTER_NAME_LETTERS},
    {"no", KIND_TEXT, 0, AT(model_yes_no, answers[1]), .max = QUARTER_NAME_LETTERS},
};
static const struct shape yes_no_shape = SHAPE("yes_no part", yes_no_fields);

static const struct field text_fields[] = {
    {"language", KIND_CODE, FIELD_REQUIRED, AT(text_model, language)},
    {"autonym", KIND_TEXT, FIELD_REQUIRED, AT(text_model, autonym), .max = 30},
    {"direction", KIND_CHOICE, FIELD_REQUIRED, AT(text_model, direction), .choices = directions},
    {"draft", KIND_BOOL, 0, AT(text_model, draft)},
    {"name", KIND_TEXT, 0, AT(text_model, name), .max = CENTRE_LETTERS},
    {"groups", KIND_TABLE, 0, TABLE_OF(groups), .set = SET_GROUPS, .item = &group_words},
    {"services", KIND_TABLE, 0, TABLE_OF(services), .set = SET_SERVICES, .item = &service_words},
    {"areas", KIND_TABLE, 0, TABLE_OF(areas), .set = SET_AREAS, .item = &area_words},
    {"counters", KIND_TABLE, 0, TABLE_OF(counters), .set = SET_COUNTERS, .item = &counter_words},
    {"needs", KIND_TABLE, 0, TABLE_OF(needs), .set = SET_NEEDS, .item = &need_words},
    {"yes_no", KIND_MAP, 0, AT(text_model, yes_no), .shape = &yes_no_shape},
    {"questions", KIND_TABLE, 0, TABLE_OF(questions), .set = SET_QUESTIONS,
     .item = &question_words},
    {"signposts", KIND_TABLE, 0, TABLE_OF(signposts), .set = SET_SIGNPOSTS,
     .item = &signpost_words},
    {"avoidable", KIND_TABLE, 0, TABLE_OF(avoidable), .set = SET_AVOIDABLE,
     .item = &avoidable_words},
};
const struct shape text_shape = SHAPE("text", text_fields);
