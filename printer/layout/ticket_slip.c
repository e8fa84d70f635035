/* A ticket: the number very large, the service, a box with the wait, where to wait, what to have ready, a code to follow it
 * by phone. */
#include "printer/layout/slips.h"

#include "display/screen/wait_words.h"

#include <stdio.h>
#include <string.h>

enum { PHRASE_BYTES = 4096 };

static int add_number(struct sheet *sheet, const struct print_request *request);
static void add_wait(struct sheet *sheet, const struct print_request *request,
                     const struct catalogue *words);
static void add_advice(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words);
static void add_follow(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words);
static void say_ahead(const struct print_request *request, const struct catalogue *words,
                      char *phrase, size_t size);

int slip_add_ticket(struct sheet *sheet, const struct print_request *request,
                    const struct catalogue *words)
{
    int number_px = add_number(sheet, request);
    add_wait(sheet, request, words);
    add_advice(sheet, request, words);
    if (request->url[0])
        add_follow(sheet, request, words);
    return number_px;
}

static int add_number(struct sheet *sheet, const struct print_request *request)
{
    bool narrow = slip_is_narrow(sheet);
    int number_px = sheet_add_text(sheet, request->number,
                                   &(struct sheet_text){.size = narrow ? 150 : 200,
                                                        .min_size = 40,
                                                        .max_lines = 1,
                                                        .weight = TEXT_BOLD,
                                                        .align = TEXT_CENTRE,
                                                        .left_to_right = true,
                                                        .tight = true,
                                                        .inset = SLIP_MARGIN / 2,
                                                        .after = 24});
    sheet_add_text(sheet, request->service,
                   &(struct sheet_text){.size = narrow ? 30 : 36,
                                        .min_size = 24,
                                        .one_line = narrow ? 26 : 30,
                                        .max_lines = 5,
                                        .weight = TEXT_BOLD,
                                        .align = TEXT_CENTRE,
                                        .inset = SLIP_MARGIN,
                                        .after = 20});
    return number_px;
}

/* The wait when it is known, else the place in line, else only what to do: never a guess. */
static void add_wait(struct sheet *sheet, const struct print_request *request,
                     const struct catalogue *words)
{
    bool narrow = slip_is_narrow(sheet);
    struct sheet_text small = {.size = narrow ? 26 : 30,
                               .min_size = 22,
                               .one_line = narrow ? 23 : 26,
                               .align = TEXT_CENTRE,
                               .inset = SLIP_MARGIN + 16,
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
    sheet_add_box(sheet, top, SLIP_MARGIN);
    sheet_space(sheet, 20);
}

static void say_ahead(const struct print_request *request, const struct catalogue *words,
                      char *phrase, size_t size)
{
    if (request->ahead == 0) {
        snprintf(phrase, size, "%s", catalogue_text(words, "You are next."));
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
    bool narrow = slip_is_narrow(sheet);
    struct sheet_text body = {.size = narrow ? 25 : 28,
                              .min_size = 22,
                              .align = TEXT_START,
                              .inset = SLIP_MARGIN,
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
    const struct sheet_text caption = slip_caption();
    if (!sheet_add_qr(sheet, request->url, 0))
        slip_add_address(sheet, request->url); /* too long for a code: it can still be typed */
    sheet_add_text(sheet, catalogue_text(words, "Follow it on your phone, or leave the queue"),
                   &caption);
}
