/* What stands on a ticket, and in which order; see layout.h. */
#include "printer/layout/layout.h"

#include "display/screen/catalogue.h"
#include "printer/layout/slips.h"
#include "quarter/check.h"
#include "quarter/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NARROW_PX = 480, COPY_BYTES = 256 };

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
                     const struct catalogue *words);
static void add_test(struct ticket_layout *layout, struct sheet *sheet,
                     const struct print_request *request, const struct catalogue *words);

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
    add_head(&sheet, request, words);
    switch (request->kind) {
    case REQUEST_TICKET: own.number_px = slip_add_ticket(&sheet, request, words); break;
    case REQUEST_SIGNPOST: slip_add_signpost(&sheet, request, words); break;
    case REQUEST_TEST: add_test(layout, &sheet, request, words); break;
    }
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
                     const struct catalogue *words)
{
    bool narrow = slip_is_narrow(sheet);
    sheet_add_text(sheet, request->centre,
                   &(struct sheet_text){.size = narrow ? 26 : 30,
                                        .min_size = 20,
                                        .one_line = narrow ? 22 : 24,
                                        .max_lines = 4,
                                        .weight = TEXT_BOLD,
                                        .align = TEXT_CENTRE,
                                        .inset = SLIP_MARGIN,
                                        .after = 2});
    char moment[REQUEST_TEXT_BYTES + COPY_BYTES];
    snprintf(moment, sizeof(moment), "%s", request->printed_at);
    if (request->copy > 1) /* two papers with one number must be told apart */
        snprintf(moment, sizeof(moment), "%s \u00b7 %s %d", request->printed_at,
                 catalogue_text(words, "Copy"), request->copy);
    sheet_add_text(sheet, moment,
                   &(struct sheet_text){.size = narrow ? 22 : 24,
                                        .min_size = 18,
                                        .max_lines = 3,
                                        .align = TEXT_CENTRE,
                                        .inset = SLIP_MARGIN,
                                        .after = 24});
}

bool slip_is_narrow(const struct sheet *sheet)
{
    return sheet->width_px < sheet_px(sheet, NARROW_PX);
}

struct sheet_text slip_caption(void)
{
    return (struct sheet_text){.size = 24,
                               .min_size = 20,
                               .one_line = 21,
                               .align = TEXT_CENTRE,
                               .inset = SLIP_MARGIN,
                               .after = 0};
}

void slip_add_address(struct sheet *sheet, const char *url)
{
    static const char SCHEME[] = "https://"; /* what every browser puts there itself */
    size_t skipped = strncmp(url, SCHEME, sizeof(SCHEME) - 1) == 0 ? sizeof(SCHEME) - 1 : 0;
    struct sheet_text address = slip_caption();
    address.left_to_right = true;
    sheet_space(sheet, 8);
    sheet_add_text(sheet, url + skipped, &address);
}

/* Each line in its own language and direction: what fonts and catalogues there are is seen at once. */
static void add_test(struct ticket_layout *layout, struct sheet *sheet,
                     const struct print_request *request, const struct catalogue *words)
{
    slip_add_test(sheet, request, words);
    const char *language = sheet->language;
    bool right_to_left = sheet->right_to_left;
    for (size_t i = 0; i < request->language_count; i++) {
        sheet->language = request->languages[i];
        sheet->right_to_left = text_language_is_rtl(request->languages[i]);
        slip_add_test_line(sheet, find_words(layout, request->languages[i]));
    }
    sheet->language = language;
    sheet->right_to_left = right_to_left;
}
