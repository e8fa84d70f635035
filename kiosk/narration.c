/* See narration.h. Only ids that mean something to the ear are known here: the bar, keys, the field. */
#include "narration.h"

#include <stdio.h>
#include <string.h>

#include "quarter/check.h"

static const uint64_t FNV_START = 14695981039346656037U;

/* A part of text that is spoken in one go. */
enum { LABEL_BYTES = NARRATION_TEXT_BYTES };

/* ---- hashes: what was said is remembered, not kept ---------------------------------------------------------------- */

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 1099511628211U;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; text != NULL && *text != '\0'; text++)
        hash = hash_byte(hash, (unsigned char)*text);
    return hash_byte(hash, 0);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digits(const char *text)
{
    for (; *text != '\0'; text++)
        if (is_digit(*text))
            return true;
    return false;
}

/* ---- kinds of elements -------------------------------------------------------------------------------------------- */

static bool is_one_of(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; id != NULL && i < count; i++)
        if (strcmp(id, ids[i]) == 0)
            return true;
    return false;
}

static bool is_bar(const char *id)
{
    static const char *const ids[] = {"back", "language", "ease", "listen", "help"};
    return is_one_of(id, ids, sizeof ids / sizeof ids[0]);
}

static bool is_key(const char *id)
{
    static const char *const ids[] = {"keyboard", "clear"};
    return is_one_of(id, ids, sizeof ids / sizeof ids[0]) ||
           (id != NULL && strncmp(id, "key-", 4) == 0);
}

/* A key whose name tells what is typed. */
static bool is_letter(const char *id)
{
    static const char *const others[] = {"key-back", "key-space"};
    return id != NULL && strncmp(id, "key-", 4) == 0 &&
           !is_one_of(id, others, sizeof others / sizeof others[0]);
}

/* The frame of every page, and what is spoken by other rules. */
static bool is_frame(const char *id)
{
    static const char *const ids[] = {"centre", "clock", "typed"};
    return is_one_of(id, ids, sizeof ids / sizeof ids[0]);
}

static bool is_read(const struct ui_element *element)
{
    bool words = element->role == UI_TEXT || element->role == UI_HEADING ||
                 element->role == UI_NUMBER || element->role == UI_ALERT;
    return words && element->text != NULL && element->text[0] != '\0' && !is_frame(element->id);
}

static bool is_choice(const struct ui_element *element)
{
    return element->role == UI_BUTTON && element->focus > 0 && !element->disabled &&
           !is_bar(element->id) && !is_key(element->id);
}

static int count_choices(const struct ui *ui)
{
    int count = 0;
    for (size_t i = 0; i < ui_count(ui); i++)
        count += is_choice(ui_element(ui, i));
    return count;
}

/* ---- lines -------------------------------------------------------------------------------------------------------- */

/* Where to cut a text that is too long for a line: at its last space that fits, else between characters. */
static size_t cut_at(const char *text)
{
    size_t most = NARRATION_TEXT_BYTES - 1;
    if (strlen(text) <= most)
        return strlen(text);
    size_t cut = most;
    while (cut > 0 && text[cut] != ' ')
        cut--;
    for (cut = cut > 0 ? cut : most; cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80;)
        cut--;
    return cut;
}

static void add_line(struct narration *out, const char *language, const char *text)
{
    while (*text != '\0' && out->count < NARRATION_LINES_MAX) {
        struct narration_line *line = &out->lines[out->count++];
        size_t length = cut_at(text);
        snprintf(line->language, sizeof line->language, "%s", language);
        memcpy(line->text, text, length);
        line->text[length] = '\0';
        text += length;
    }
}

static const char *page_language(const struct narration_source *source)
{
    return ui_page(source->ui)->language;
}

static const char *language_of(const struct narration_source *source,
                               const struct ui_element *element)
{
    return element->language != NULL && element->language[0] != '\0' ? element->language
                                                                     : page_language(source);
}

static void add_words(struct narration *out, const struct narration_source *source,
                      const char *msgid)
{
    add_line(out, page_language(source), catalogue_text(source->words, msgid));
}

static void add_count(struct narration *out, const struct narration_source *source, const char *one,
                      const char *many, size_t count)
{
    char text[NARRATION_TEXT_BYTES], figure[24];
    snprintf(figure, sizeof figure, "%zu", count);
    const struct catalogue_value value = {.name = "count", .text = figure};
    (void)catalogue_format(source->words, text, sizeof text,
                           catalogue_plural(source->words, one, many, (unsigned long)count), &value,
                           1);
    add_line(out, page_language(source), text);
}

static void add_choice_count(struct narration *out, const struct narration_source *source,
                             int count)
{
    if (count > 0)
        add_count(out, source, "{count} choice", "{count} choices", (size_t)count);
}

/* ---- one element -------------------------------------------------------------------------------------------------- */

/* Buttons that are a sign alone, to the eye. */
static const char *name_of(const struct narration_source *source, const struct ui_element *element)
{
    static const struct {
        const char *id, *msgid;
    } names[] = {
        {"clear", CATALOGUE_MARK("Clear")},
        {"key-back", CATALOGUE_MARK("Delete the last letter")},
    };
    if (element->text != NULL && element->text[0] != '\0')
        return element->text;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(element->id, names[i].id) == 0)
            return catalogue_text(source->words, names[i].msgid);
    return "";
}

static bool is_private_key(const struct narration_source *source, const char *id)
{
    return source->typed_is_private && !source->headset && is_letter(id);
}

static void add_element(struct narration *out, const struct narration_source *source,
                        const struct ui_element *element)
{
    char text[2 * LABEL_BYTES];
    if (is_private_key(source, element->id)) {
        add_words(out, source, "a key");
        return;
    }
    bool detail = element->detail != NULL && element->detail[0] != '\0';
    snprintf(text, sizeof text, "%s%s%s", name_of(source, element), detail ? ". " : "",
             detail ? element->detail : "");
    add_line(out, language_of(source, element), text);
}

static const char *state_of(const struct ui_element *element)
{
    const char *icon = element->icon != NULL ? element->icon : "";
    if (element->disabled)
        return CATALOGUE_MARK("not available now");
    if (strcmp(icon, "ticked") == 0 || strcmp(icon, "check") == 0)
        return CATALOGUE_MARK("ticked");
    return strcmp(icon, "unticked") == 0 ? CATALOGUE_MARK("not ticked") : NULL;
}

static void add_state(struct narration *out, const struct narration_source *source,
                      const struct ui_element *element)
{
    const char *state = state_of(element);
    if (state != NULL)
        add_words(out, source, state);
}

/* "2 of 8", among the choices in the order the keys reach them. */
static void add_place(struct narration *out, const struct narration_source *source,
                      const struct ui_element *element)
{
    char text[NARRATION_TEXT_BYTES], place[12], count[12];
    int before = 0, all = count_choices(source->ui);
    if (!is_choice(element) || all < 2)
        return;
    for (size_t i = 0; i < ui_count(source->ui); i++) {
        const struct ui_element *other = ui_element(source->ui, i);
        before += is_choice(other) && other->focus < element->focus;
    }
    snprintf(place, sizeof place, "%d", before + 1);
    snprintf(count, sizeof count, "%d", all);
    const struct catalogue_value values[] = {{.name = "place", .text = place},
                                             {.name = "count", .text = count}};
    (void)catalogue_format(source->words, text, sizeof text,
                           catalogue_text(source->words, "{place} of {count}"), values, 2);
    add_line(out, page_language(source), text);
}

static const struct ui_element *focused_element(const struct narration_source *source)
{
    return source->focused != NULL ? ui_find(source->ui, source->focused) : NULL;
}

static void add_focus(struct narration *out, const struct narration_source *source)
{
    const struct ui_element *element = focused_element(source);
    if (element == NULL)
        return;
    add_element(out, source, element);
    add_state(out, source, element);
    add_place(out, source, element);
}

/* ---- what is typed ------------------------------------------------------------------------------------------------ */

static size_t letters_in(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static const char *last_letter(const char *text)
{
    const char *last = text;
    for (const char *at = text; *at != '\0'; at++)
        if (((unsigned char)*at & 0xc0) != 0x80)
            last = at;
    return last;
}

static bool may_tell(const struct narration_source *source)
{
    return !source->typed_is_private || source->headset;
}

static void add_typed(struct narration *out, const struct narration_source *source)
{
    if (source->typed == NULL)
        return;
    if (source->typed[0] == '\0')
        add_words(out, source, "Nothing typed");
    else if (may_tell(source))
        add_line(out, page_language(source), source->typed);
    else
        add_count(out, source, "{count} letter typed", "{count} letters typed",
                  letters_in(source->typed));
}

/* One more letter is echoed alone; anything else says what stands there now. */
static void add_typing(struct narration *out, const struct narration_source *source,
                       size_t letters_before)
{
    const char *last = last_letter(source->typed);
    if (!may_tell(source) || letters_in(source->typed) != letters_before + 1)
        add_typed(out, source);
    else if (strcmp(last, " ") == 0)
        add_words(out, source, "Space");
    else
        add_line(out, page_language(source), last);
}

/* ---- pages -------------------------------------------------------------------------------------------------------- */

static void add_role(struct narration *out, const struct narration_source *source,
                     enum ui_role role, bool only)
{
    for (size_t i = 0; i < ui_count(source->ui); i++) {
        const struct ui_element *element = ui_element(source->ui, i);
        bool wanted =
            only ? element->role == role : element->role != UI_ALERT && element->role != UI_HEADING;
        if (is_read(element) && wanted)
            add_line(out, language_of(source, element), element->text);
    }
}

static void add_choices(struct narration *out, const struct narration_source *source)
{
    for (size_t i = 0; i < ui_count(source->ui); i++) {
        const struct ui_element *element = ui_element(source->ui, i);
        if (!is_choice(element))
            continue;
        add_element(out, source, element);
        add_state(out, source, element);
    }
}

/* Something that keys can reach. */
static bool has_focus(const struct ui *ui)
{
    for (size_t i = 0; i < ui_count(ui); i++)
        if (ui_element(ui, i)->focus > 0)
            return true;
    return false;
}

static void add_page(struct narration *out, const struct narration_source *source, bool hint)
{
    add_role(out, source, UI_ALERT, true);
    add_role(out, source, UI_HEADING, true);
    add_role(out, source, UI_TEXT, false);
    if (source->typed != NULL && !may_tell(source))
        add_words(out, source,
                  "Your answer is private. Plug in headphones to hear the keys, or skip this "
                  "question.");
    add_typed(out, source);
    add_choice_count(out, source, count_choices(source->ui));
    if (!source->keypad)
        add_choices(out, source);
    else if (hint && has_focus(source->ui))
        add_words(out, source, "Press next to hear the choices, and select to take one.");
    add_focus(out, source);
}

/* Which page this is: another one is read out whole. */
static uint64_t page_of(const struct narration_source *source)
{
    const struct ui_page *page = ui_page(source->ui);
    uint64_t hash = hash_text(hash_text(FNV_START, page->name), page->language);
    for (size_t i = 0; i < ui_count(source->ui); i++) {
        const struct ui_element *element = ui_element(source->ui, i);
        if (element->role == UI_HEADING && is_read(element))
            return hash_text(hash, element->text);
    }
    return hash;
}

/* ---- what changed ------------------------------------------------------------------------------------------------- */

static bool may_count(const struct ui_element *element)
{
    return element->role != UI_ALERT && element->role != UI_NUMBER;
}

/* A text that counts is the same text with any figures; an alert is told again when its words change. */
static uint64_t seen_as(const struct ui_element *element)
{
    uint64_t hash = hash_text(FNV_START, element->id);
    if (may_count(element) && has_digits(element->text))
        return hash;
    for (const char *at = element->text; *at != '\0'; at++)
        if (element->role == UI_NUMBER || !is_digit(*at))
            hash = hash_byte(hash, (unsigned char)*at);
    return hash_byte(hash, 1);
}

static bool was_seen(const struct narrator *narrator, uint64_t hash)
{
    for (int i = 0; i < narrator->seen_count; i++)
        if (narrator->seen[i] == hash)
            return true;
    return false;
}

static void add_changes(struct narration *out, const struct narrator *narrator,
                        const struct narration_source *source)
{
    for (size_t i = 0; i < ui_count(source->ui); i++) {
        const struct ui_element *element = ui_element(source->ui, i);
        if (is_read(element) && !was_seen(narrator, seen_as(element)))
            add_line(out, language_of(source, element), element->text);
    }
    int choices = count_choices(source->ui);
    if (source->typed != NULL && hash_text(FNV_START, source->typed) != narrator->typed)
        add_typing(out, source, narrator->typed_letters);
    if (choices != narrator->choices)
        add_choice_count(out, source, choices);
}

static uint64_t state_hash(const struct ui_element *element)
{
    const char *state = element != NULL ? state_of(element) : NULL;
    return state != NULL ? hash_text(FNV_START, state) : 0;
}

static void remember(struct narrator *narrator, const struct narration_source *source)
{
    const struct ui_element *focused = focused_element(source);
    narrator->listening = true;
    narrator->headset = source->headset;
    narrator->hinted = narrator->hinted || (source->keypad && has_focus(source->ui));
    narrator->page = page_of(source);
    narrator->focused = focused != NULL ? hash_text(FNV_START, focused->id) : 0;
    narrator->focused_state = state_hash(focused);
    narrator->typed = source->typed != NULL ? hash_text(FNV_START, source->typed) : 0;
    narrator->typed_letters = source->typed != NULL ? letters_in(source->typed) : 0;
    narrator->choices = count_choices(source->ui);
    narrator->seen_count = 0;
    for (size_t i = 0; i < ui_count(source->ui); i++) {
        const struct ui_element *element = ui_element(source->ui, i);
        if (!is_read(element))
            continue;
        narrator->seen[narrator->seen_count++] = seen_as(element);
        if (may_count(element)) /* "You are next", then "1": no news without its label */
            narrator->seen[narrator->seen_count++] = hash_text(FNV_START, element->id);
    }
}

void narrator_look(struct narrator *narrator, const struct narration_source *source,
                   struct narration *out)
{
    const struct ui_element *focused = focused_element(source);
    out->hush = narrator->headset && !source->headset;
    out->count = 0;
    if (!source->listening) {
        out->hush = narrator->listening;
        *narrator = (struct narrator){0};
        return;
    }
    uint64_t focus = focused != NULL ? hash_text(FNV_START, focused->id) : 0;
    if (!narrator->listening || narrator->page != page_of(source)) {
        out->hush = true;
        add_page(out, source, !narrator->hinted);
    } else {
        out->hush = out->hush || (focus != narrator->focused && focused != NULL);
        add_changes(out, narrator, source);
        if (focus != narrator->focused)
            add_focus(out, source);
        else if (focused != NULL && state_hash(focused) != narrator->focused_state)
            add_state(out, source, focused);
    }
    remember(narrator, source);
}

void narrator_repeat(struct narrator *narrator, const struct narration_source *source,
                     struct narration *out)
{
    out->hush = true;
    out->count = 0;
    if (!source->listening)
        return;
    add_page(out, source, true);
    remember(narrator, source);
}
