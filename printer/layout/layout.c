/* What stands on a ticket, and in which order; see layout.h. */
#include "printer/layout/layout.h"

#include "display/screen/catalogue.h"
#include "display/screen/wait_words.h"
#include "printer/layout/sheet.h"
#include "quarter/check.h"
#include "quarter/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 24, PHRASE_BYTES = 4096, NARROW_PX = 480 };

struct words {
    char language[REQUEST_LANGUAGE_BYTES];
    struct catalogue *catalogue; /* NULL: English as written here */
};

struct ticket_layout {
    char *assets_dir;
    struct text_engine *text;
    struct words words[QUARTER_LANGUAGES_MAX];
    size_t word_count;
};

static const struct catalogue *find_words(struct ticket_layout *layout, const char *language);
static void add_head(struct sheet *sheet, const struct print_request *request,
                     struct layout_report *report);
static void add_wait(struct sheet *sheet, const struct print_request *request,
                     const struct catalogue *words);
static void add_advice(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words);
static void add_follow(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words);
static void say_ahead(const struct print_request *request, const struct catalogue *words,
                      char *phrase, size_t size);

enum status layout_create(const char *assets_dir, char *error, size_t error_size,
                          struct ticket_layout **layout)
{
    struct ticket_layout *made = calloc(1, sizeof(*made));
    if (!made)
        return STATUS_FULL;
    made->assets_dir = strdup(assets_dir);
    enum status status =
        made->assets_dir ? text_engine_create(NULL, &made->text, error, error_size) : STATUS_FULL;
    if (status != STATUS_OK) {
        layout_destroy(made);
        return status;
    }
    *layout = made;
    return STATUS_OK;
}

void layout_destroy(struct ticket_layout *layout)
{
    if (!layout)
        return;
    for (size_t i = 0; i < layout->word_count; i++)
        catalogue_destroy(layout->words[i].catalogue);
    text_engine_destroy(layout->text);
    free(layout->assets_dir);
    free(layout);
}

enum status layout_draw(struct ticket_layout *layout, const struct print_request *request,
                        int width_px, int dpi, struct page **page, struct layout_report *report)
{
    if (width_px < 200 || width_px > PAGE_WIDTH_MAX_PX || dpi < 100 || dpi > 1200)
        return STATUS_INVALID;
    struct sheet sheet = {
        .text = layout->text,
        .language = request->language,
        .right_to_left = request->right_to_left,
    };
    enum status status = sheet_begin(&sheet, width_px, dpi);
    if (status != STATUS_OK)
        return status;
    struct layout_report own = {0};
    const struct catalogue *words = find_words(layout, request->language);
    sheet_space(&sheet, 24);
    add_head(&sheet, request, &own);
    add_wait(&sheet, request, words);
    add_advice(&sheet, request, words);
    if (request->url[0])
        add_follow(&sheet, request, words);
    sheet_space(&sheet, 24);
    sheet_add_dashes(&sheet);
    own.misfits = sheet.misfits;
    status = sheet_end(&sheet, page);
    if (status == STATUS_OK && report)
        *report = own;
    return status;
}

static const struct catalogue *find_words(struct ticket_layout *layout, const char *language)
{
    for (size_t i = 0; i < layout->word_count; i++)
        if (strcmp(layout->words[i].language, language) == 0)
            return layout->words[i].catalogue;
    if (layout->word_count == QUARTER_LANGUAGES_MAX) {
        catalogue_destroy(layout->words[0].catalogue);
        memmove(&layout->words[0], &layout->words[1],
                (QUARTER_LANGUAGES_MAX - 1) * sizeof(layout->words[0]));
        layout->word_count--;
    }
    struct words *slot = &layout->words[layout->word_count++];
    snprintf(slot->language, sizeof(slot->language), "%s", language);
    char error[256];
    if (catalogue_open(layout->assets_dir, language, &slot->catalogue, error, sizeof(error)) !=
        STATUS_OK) {
        log_warning("layout", "%s; the ticket's own words are in English", error);
        slot->catalogue = NULL;
    }
    return slot->catalogue;
}

static void add_head(struct sheet *sheet, const struct print_request *request,
                     struct layout_report *report)
{
    bool narrow = sheet->width_px < sheet_px(sheet, NARROW_PX);
    sheet_add_text(sheet, request->centre,
                   &(struct sheet_text){.size = narrow ? 26 : 30,
                                        .min_size = 20,
                                        .one_line = narrow ? 22 : 24,
                                        .max_lines = 4,
                                        .weight = TEXT_BOLD,
                                        .align = TEXT_CENTRE,
                                        .inset = MARGIN,
                                        .after = 2});
    sheet_add_text(sheet, request->printed_at,
                   &(struct sheet_text){.size = narrow ? 22 : 24,
                                        .min_size = 18,
                                        .max_lines = 3,
                                        .align = TEXT_CENTRE,
                                        .inset = MARGIN,
                                        .after = 24});
    report->number_px = sheet_add_text(sheet, request->number,
                                       &(struct sheet_text){.size = narrow ? 150 : 200,
                                                            .min_size = 40,
                                                            .max_lines = 1,
                                                            .weight = TEXT_BOLD,
                                                            .align = TEXT_CENTRE,
                                                            .left_to_right = true,
                                                            .tight = true,
                                                            .inset = MARGIN / 2,
                                                            .after = 24});
    sheet_add_text(sheet, request->service,
                   &(struct sheet_text){.size = narrow ? 30 : 36,
                                        .min_size = 24,
                                        .one_line = narrow ? 26 : 30,
                                        .max_lines = 5,
                                        .weight = TEXT_BOLD,
                                        .align = TEXT_CENTRE,
                                        .inset = MARGIN,
                                        .after = 20});
}

/* The wait when it is known, else the place in line, else only what to do: never a guess. */
static void add_wait(struct sheet *sheet, const struct print_request *request,
                     const struct catalogue *words)
{
    bool narrow = sheet->width_px < sheet_px(sheet, NARROW_PX);
    struct sheet_text small = {.size = narrow ? 26 : 30,
                               .min_size = 22,
                               .one_line = narrow ? 23 : 26,
                               .align = TEXT_CENTRE,
                               .inset = MARGIN + 16,
                               .after = 0};
    struct sheet_text large = small;
    large.size = narrow ? 36 : 44;
    large.min_size = 26;
    large.one_line = narrow ? 28 : 36;
    large.weight = TEXT_BOLD;

    char phrase[PHRASE_BYTES];
    int top = sheet->y;
    sheet_space(sheet, 14);
    if (request->has_wait) {
        sheet_add_text(sheet, catalogue_text(words, "Called in about"), &small);
        wait_words(words, request->wait_low_min, request->wait_high_min, phrase, sizeof(phrase));
        sheet_add_text(sheet, phrase, &large);
        sheet_space(sheet, 4);
        sheet_add_text(
            sheet,
            wait_is_soon(request->wait_low_min, request->wait_high_min)
                ? catalogue_text(words, "Please stay close: we may call you at any moment.")
                : catalogue_text(words, "We tell you if this changes."),
            &small);
    } else if (request->ahead != REQUEST_AHEAD_UNKNOWN) {
        say_ahead(request, words, phrase, sizeof(phrase));
        sheet_add_text(sheet, phrase, &large);
        sheet_add_text(sheet, catalogue_text(words, "You will be called in turn."), &small);
    } else {
        sheet_add_text(sheet, catalogue_text(words, "You will be called in turn."), &large);
    }
    sheet_space(sheet, 14);
    sheet_add_box(sheet, top, MARGIN);
    sheet_space(sheet, 20);
}

static void say_ahead(const struct print_request *request, const struct catalogue *words,
                      char *phrase, size_t size)
{
    if (request->ahead == 0) {
        snprintf(phrase, size, "%s", catalogue_text(words, "You are next"));
        return;
    }
    char count[16];
    snprintf(count, sizeof(count), "%d", request->ahead);
    const struct catalogue_value values[] = {{"count", count, false}};
    catalogue_format(words, phrase, size,
                     catalogue_plural(words, "{count} person before you",
                                      "{count} people before you", (unsigned long)request->ahead),
                     values, 1);
}

static void add_advice(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words)
{
    bool narrow = sheet->width_px < sheet_px(sheet, NARROW_PX);
    struct sheet_text body = {.size = narrow ? 25 : 28,
                              .min_size = 22,
                              .align = TEXT_START,
                              .inset = MARGIN,
                              .after = 12};
    if (request->where[0]) {
        char phrase[PHRASE_BYTES];
        const struct catalogue_value values[] = {{"area", request->where, true}};
        catalogue_format(words, phrase, sizeof(phrase),
                         catalogue_text(words, "Wait in the {area}."), values, 1);
        sheet_add_text(sheet, phrase, &body);
    }
    if (request->have_ready_count == 0)
        return;
    /* One a line: sites' own words have commas in them, and a list is ticked off at a glance. */
    body.after = 2;
    sheet_add_text(sheet, catalogue_text(words, "Have ready, if you can"), &body);
    body.bullet = true;
    for (size_t i = 0; i < request->have_ready_count; i++)
        sheet_add_text(sheet, request->have_ready[i], &body);
}

static void add_follow(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words)
{
    struct sheet_text caption = {.size = 24,
                                 .min_size = 20,
                                 .one_line = 21,
                                 .align = TEXT_CENTRE,
                                 .inset = MARGIN,
                                 .after = 0};
    if (!sheet_add_qr(sheet, request->url, 0)) {
        /* Too long for a code: it can still be typed. */
        struct sheet_text address = caption;
        address.left_to_right = true;
        sheet_space(sheet, 8);
        sheet_add_text(sheet, request->url, &address);
    }
    sheet_add_text(sheet, catalogue_text(words, "Follow it on your phone, or leave the queue"),
                   &caption);
}
