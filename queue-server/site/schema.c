/* The one reader behind all tables: keys, types and values of a mapping against its shape.
 *
 * It never stops at an error: a value that is wrong is reported and left out, and the rest is read,
 * so that one run shows all there is to mend. */
#include "site/schema.h"

#include <string.h>

#include "quarter/check.h"
#include "quarter/limits.h"
#include "site/value.h"

enum { FIELDS_MAX = 32 }; /* of a shape */

static void read_field(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                       void *target);
static void read_map(struct schema_reader *reader, const struct shape *shape, yaml_node_t *node,
                     void *target);
static void read_list(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                      char *target);
static void read_table(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                       char *target);
static void read_references(struct schema_reader *reader, const struct field *field,
                            yaml_node_t *node, struct references *references);
static int resolve(struct schema_reader *reader, enum set_name name, struct mark at,
                   const char *code, bool *guessed);

#define ERROR(reader, at, ...)                                                                     \
    report_error((reader)->yaml->report, (reader)->yaml->file, at, __VA_ARGS__)

void schema_read(struct schema_reader *reader, const struct shape *shape, void *target)
{
    yaml_node_t *root = yaml_file_root(reader->yaml);
    if (root->type != YAML_MAPPING_NODE) {
        ERROR(reader, yaml_mark(root), "a %s file is a mapping: lines of 'key: value'",
              shape->noun);
        return;
    }
    read_map(reader, shape, root, target);
    for (int i = 0; i < reader->late_count; i++) {
        struct value *value = reader->late[i].value;
        bool guessed = false;
        value->number = resolve(reader, reader->late[i].set, value->at, value->text, &guessed);
    }
}

static struct set *set_of(struct schema_reader *reader, enum set_name name)
{
    return name == SET_ANSWERS ? &reader->answers[reader->question] : &reader->sets[name];
}

static const char *node_words(const yaml_node_t *node)
{
    switch (node->type) {
    case YAML_SEQUENCE_NODE: return "a list";
    case YAML_MAPPING_NODE: return "a mapping";
    case YAML_SCALAR_NODE: return "a single value";
    case YAML_NO_NODE: break;
    }
    return "nothing";
}

static bool node_is_null(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) {
        return false;
    }
    const char *text = (const char *)node->data.scalar.value;
    return *text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

/* The text of a scalar, or NULL: a null byte, which an escape can put there, would hide what
 * follows. */
static const char *scalar_text(const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    return node->type == YAML_SCALAR_NODE && strlen(text) == node->data.scalar.length ? text : NULL;
}

static const char *key_text(struct schema_reader *reader, const yaml_node_t *key)
{
    const char *text = key->type == YAML_SCALAR_NODE ? scalar_text(key) : NULL;
    if (text == NULL) {
        ERROR(reader, yaml_mark(key), "a key must be a word, not %s", node_words(key));
    }
    return text;
}

static const struct field *find_field(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

static const char *article(const char *noun)
{
    return strchr("aeiou", noun[0]) != NULL ? "an" : "a";
}

/* The field that was most likely meant, or NULL. */
static const struct field *report_unknown_key(struct schema_reader *reader,
                                              const struct shape *shape, struct mark at,
                                              const char *name)
{
    char shown[EXCERPT_BYTES];
    char words[SUGGESTION_BYTES];
    char known[WANTED_BYTES];
    struct suggestion suggestion = suggestion_start(name);
    for (size_t i = 0; i < shape->field_count; i++) {
        suggestion_offer(&suggestion, shape->fields[i].name);
    }
    excerpt(name, shown);
    if (suggestion.best != NULL) {
        ERROR(reader, at, "unknown key '%s' of %s %s%s", shown, article(shape->noun), shape->noun,
              suggestion_words(&suggestion, words));
        return find_field(shape, suggestion.best);
    }
    ERROR(reader, at, "unknown key '%s' of %s %s; it may have %s", shown, article(shape->noun),
          shape->noun, shape_keys(shape, known));
    return NULL;
}

/* Finds the value of each of the shape's fields, or NULL; reports unknown keys and those that stand twice. A key that
 * looks like a slip of the pen is reported and then read as the one that was meant. */
static void find_values(struct schema_reader *reader, const struct shape *shape, yaml_node_t *node,
                        yaml_node_t **values)
{
    int lines[FIELDS_MAX] = {0}; /* where each field's own key stands */
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *key = yaml_file_node(reader->yaml, pair->key);
        struct mark at = yaml_mark(key);
        const char *name = key_text(reader, key);
        if (name == NULL) {
            continue;
        }
        const struct field *field = find_field(shape, name);
        const struct field *meant =
            field != NULL ? field : report_unknown_key(reader, shape, at, name);
        if (meant == NULL) {
            continue;
        }
        size_t index = (size_t)(meant - shape->fields);
        if (field != NULL && lines[index] != 0) {
            ERROR(reader, at, "the key '%s' stands here twice; the first is in line %d", name,
                  lines[index]);
        } else if (field != NULL || values[index] == NULL) {
            lines[index] = field != NULL ? at.line : 0;
            values[index] = yaml_file_node(reader->yaml, pair->value);
        }
    }
}

static void read_map(struct schema_reader *reader, const struct shape *shape, yaml_node_t *node,
                     void *target)
{
    struct mark at = yaml_mark(node);
    yaml_node_t *values[FIELDS_MAX] = {NULL};
    CHECK(shape->field_count <= FIELDS_MAX);
    memcpy(target, &at, sizeof at); /* every struct that a shape fills begins with its mark */
    find_values(reader, shape, node, values);
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *field = &shape->fields[i];
        if (values[i] != NULL && !node_is_null(values[i])) {
            read_field(reader, field, values[i], target);
        } else if ((field->flags & FIELD_REQUIRED) != 0) {
            char wanted[WANTED_BYTES];
            ERROR(reader, values[i] != NULL ? yaml_mark(values[i]) : at,
                  "this %s has no '%s'; add it: %s", shape->noun, field->name,
                  value_wanted(field, wanted));
        } else if (field->kind == KIND_LIST && field->set != SET_NONE) {
            set_of(reader, field->set)->known =
                true; /* known to be none: what refers to one is wrong */
        }
    }
}

static bool expect(struct schema_reader *reader, const struct field *field, const yaml_node_t *node,
                   yaml_node_type_t type)
{
    if (node->type == type) {
        return true;
    }
    char wanted[WANTED_BYTES];
    ERROR(reader, yaml_mark(node), "'%s' must be %s, not %s", field->name,
          value_wanted(field, wanted), node_words(node));
    return false;
}

/* The index of a code in a set, or -1. */
static int find_member(const struct set *set, const char *code)
{
    for (int i = 0; i < set->count; i++) {
        if (strcmp(set->codes[i], code) == 0) {
            return i;
        }
    }
    return -1;
}

/* False: the code is taken. */
static bool define_code(struct schema_reader *reader, const struct field *field,
                        const struct value *value)
{
    struct set *set = set_of(reader, field->set);
    int earlier = find_member(set, value->text);
    if (earlier >= 0) {
        ERROR(reader, value->at, "the %s '%s' stands here twice; the first is in line %d",
              set_noun(field->set), value->text, set->marks[earlier].line);
        return false;
    }
    CHECK(set->count < REFERENCES_MAX);
    set->codes[set->count] = value->text;
    set->marks[set->count] = value->at;
    set->count++;
    return true;
}

/* ": housing, parking ..." as far as it fits. */
static void list_codes(const struct set *set, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (int i = 0; i < set->count; i++) {
        size_t needed = strlen(set->codes[i]) + 2;
        if (used + needed + sizeof " ..." > size) {
            snprintf(buffer + used, size - used, " ...");
            return;
        }
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", i == 0 ? ": " : ", ",
                                 set->codes[i]);
    }
}

/* The member a code refers to, or -1. An unknown code is reported, and then taken as the one that was most likely
 * meant, so that one slip of the pen is one message and not also all that would follow from it. */
static int resolve(struct schema_reader *reader, enum set_name name, struct mark at,
                   const char *code, bool *guessed)
{
    const struct set *set = set_of(reader, name);
    int member = find_member(set, code);
    *guessed = false;
    if (member >= 0 || !set->known) {
        return member;
    }
    char shown[EXCERPT_BYTES];
    char words[SUGGESTION_BYTES];
    char known[128];
    struct suggestion suggestion = suggestion_start(code);
    for (int i = 0; i < set->count; i++) {
        suggestion_offer(&suggestion, set->codes[i]);
    }
    excerpt(code, shown);
    if (suggestion.best == NULL) {
        list_codes(set, known, sizeof known);
        ERROR(reader, at, "unknown %s '%s'; %s has %s%s", set_noun(name), shown,
              name == SET_WEEKDAYS  ? "a week"
              : name == SET_ANSWERS ? "that question"
                                    : "site.yaml",
              set->count == 0 ? "none" : "these", known);
        return -1;
    }
    ERROR(reader, at, "unknown %s '%s'%s", set_noun(name), shown,
          suggestion_words(&suggestion, words));
    *guessed = true;
    return find_member(set, suggestion.best);
}

static void read_scalar(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                        struct value *target)
{
    target->at.line = -1; /* until it is found good: there, but wrong */
    if (!expect(reader, field, node, YAML_SCALAR_NODE)) {
        return;
    }
    struct value value = {.at = yaml_mark(node), .text = scalar_text(node)};
    char problem[VALUE_PROBLEM_BYTES];
    if (value.text == NULL) {
        ERROR(reader, value.at, "'%s' holds a null character; leave it out", field->name);
        return;
    }
    if (!value_parse(field, &value, reader->yaml->raw_bidi_seen, problem)) {
        ERROR(reader, value.at, "%s", problem);
        return;
    }
    bool guessed = false;
    if (field->kind == KIND_REFERENCE && (field->flags & FIELD_LATE) != 0) {
        CHECK(reader->late_count < LATE_MAX);
        reader->late[reader->late_count].set = field->set;
        reader->late[reader->late_count++].value = target;
        value.number = -1;
    } else if (field->kind == KIND_REFERENCE) {
        value.number = resolve(reader, field->set, value.at, value.text, &guessed);
    } else if (field->kind == KIND_CODE && field->set != SET_NONE &&
               !define_code(reader, field, &value)) {
        return;
    }
    *target = value;
}

static void read_field(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                       void *target)
{
    char *place = (char *)target + field->offset;
    struct mark at = yaml_mark(node);
    if (field->mark_offset != 0) {
        memcpy((char *)target + field->mark_offset, &at, sizeof at);
    }
    if (field->kind == KIND_MAP) {
        bool closed = (field->flags & FIELD_OR_CLOSED) != 0 && node->type == YAML_SCALAR_NODE &&
                      strcmp((const char *)node->data.scalar.value, "closed") == 0;
        if (closed) {
            memcpy(place, &at, sizeof at);
        } else if ((field->flags & FIELD_OR_FIRST) != 0 && node->type == YAML_SCALAR_NODE) {
            struct field first = field->shape->fields[0];
            first.name = field->name;
            memcpy(place, &at, sizeof at);
            read_field(reader, &first, node, place);
        } else if (expect(reader, field, node, YAML_MAPPING_NODE)) {
            read_map(reader, field->shape, node, place);
        }
    } else if (field->kind == KIND_LIST) {
        if ((field->flags & FIELD_OR_ONE) != 0 && node->type == YAML_MAPPING_NODE) {
            const int one = 1;
            read_field(reader, field->item, node, place);
            memcpy((char *)target + field->count_offset, &one, sizeof one);
        } else if (expect(reader, field, node, YAML_SEQUENCE_NODE)) {
            read_list(reader, field, node, target);
        }
    } else if (field->kind == KIND_TABLE) {
        if (expect(reader, field, node, YAML_MAPPING_NODE)) {
            read_table(reader, field, node, place);
        }
    } else if (field->kind == KIND_REFERENCES) {
        struct references *references = (struct references *)(void *)place;
        if (expect(reader, field, node, YAML_SEQUENCE_NODE)) {
            read_references(reader, field, node, references);
        } else {
            references->faulty = true;
        }
    } else {
        read_scalar(reader, field, node, (struct value *)(void *)place);
    }
}

/* A member of a set keeps the index of its place in the list, even one whose code is bad: placeholders hold it. */
static void read_list(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                      char *target)
{
    struct set *set = field->set == SET_NONE ? NULL : set_of(reader, field->set);
    int count = 0;
    bool whole = true;
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
        yaml_node_t *value = yaml_file_node(reader->yaml, *item);
        if (count == field->max) {
            ERROR(reader, yaml_mark(value), "'%s' has too many entries; at most %d", field->name,
                  field->max);
            whole = false;
            break;
        }
        if (field->set == SET_QUESTIONS) {
            reader->question = count;
        }
        read_field(reader, field->item, value,
                   target + field->offset + (size_t)count * field->stride);
        count++;
        if (set != NULL && set->count < count) {
            set->codes[set->count] = "";
            set->marks[set->count] = yaml_mark(value);
            set->count++;
            whole = false;
        }
    }
    if (set != NULL) {
        set->known = whole;
    }
    if (count < field->min) {
        ERROR(reader, yaml_mark(node), "'%s' is empty; it needs at least %d", field->name,
              field->min);
    }
    memcpy(target + field->count_offset, &count, sizeof count);
}

static void read_table(struct schema_reader *reader, const struct field *field, yaml_node_t *node,
                       char *target)
{
    int lines[REFERENCES_MAX] = {0};
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *key = yaml_file_node(reader->yaml, pair->key);
        struct mark at = yaml_mark(key);
        const char *code = key_text(reader, key);
        bool guessed = false;
        int member = code == NULL ? -1 : resolve(reader, field->set, at, code, &guessed);
        if (member < 0) {
            continue;
        }
        if (lines[member] != 0 && !guessed) {
            ERROR(reader, at, "the %s '%s' stands here twice; the first is in line %d",
                  set_noun(field->set), code, lines[member]);
        }
        if (lines[member] != 0) {
            continue;
        }
        lines[member] = guessed ? 0 : at.line;
        if (field->set == SET_QUESTIONS) {
            reader->question = member;
        }
        yaml_node_t *value = yaml_file_node(reader->yaml, pair->value);
        if (!node_is_null(value)) {
            read_field(reader, field->item, value, target + (size_t)member * field->stride);
        }
    }
}

static void read_references(struct schema_reader *reader, const struct field *field,
                            yaml_node_t *node, struct references *references)
{
    references->at = yaml_mark(node);
    if (node->data.sequence.items.start == node->data.sequence.items.top && field->min > 0) {
        ERROR(reader, references->at, "'%s' is empty; name at least one %s", field->name,
              set_noun(field->set));
    }
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
        yaml_node_t *value = yaml_file_node(reader->yaml, *item);
        struct mark at = yaml_mark(value);
        const char *code = scalar_text(value);
        if (code == NULL) {
            ERROR(reader, at, "'%s' lists codes of %ss, not %s", field->name, set_noun(field->set),
                  node_words(value));
            references->faulty = true;
            continue;
        }
        bool guessed = false;
        int member = resolve(reader, field->set, at, code, &guessed);
        if (member < 0) {
            references->faulty = true;
            continue;
        }
        uint64_t bit = UINT64_C(1) << member;
        if ((references->bits & bit) != 0) {
            if (!guessed) {
                ERROR(reader, at, "the %s '%s' stands in this list twice", set_noun(field->set),
                      code);
            }
            continue;
        }
        references->bits |= bit;
        references->members[references->count] = (uint8_t)member;
        references->marks[references->count++] = at;
    }
}

const char *set_noun(enum set_name set)
{
    static const char *const nouns[SET_COUNT] = {
        [SET_NONE] = "code",
        [SET_LANGUAGES] = "language",
        [SET_AREAS] = "area",
        [SET_NEEDS] = "need",
        [SET_SERVICES] = "service",
        [SET_GROUPS] = "group",
        [SET_COUNTERS] = "counter",
        [SET_SCREENS] = "kiosk or display",
        [SET_WEEKDAYS] = "weekday",
        [SET_SIGNPOSTS] = "signpost",
        [SET_QUESTIONS] = "question",
        [SET_ANSWERS] = "answer",
        [SET_AVOIDABLE] = "avoidable reason",
    };
    return nouns[set];
}
