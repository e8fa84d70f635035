/* A notice in words. Templates are those of the journal (queue-server/engine/event.h), their sentences those of the staff's
 * pages (queue-server/web/notices.js), who see each in every language before they post it. */
#include <stdio.h>
#include <string.h>

#include "display/view/parts.h"

struct template_words {
    const char *code;
    const char *plain, *with_service, *with_minutes,
        *with_both; /* NULL: it has no place for them */
};

static const struct template_words *find_template(const char *code)
{
    static const struct template_words table[] = {
        {.code = "delay",
         .plain =
             CATALOGUE_MARK("Waits are longer than usual just now. Thank you for your patience."),
         .with_service = CATALOGUE_MARK("{service}: waits are longer than usual just now."),
         .with_minutes =
             CATALOGUE_MARK("Waits are about {minutes} minutes longer than usual just now."),
         .with_both = CATALOGUE_MARK(
             "{service}: waits are about {minutes} minutes longer than usual just now.")},
        {.code = "short_of_staff",
         .plain =
             CATALOGUE_MARK("Fewer of us are here today than planned, so waits may be longer."),
         .with_service = CATALOGUE_MARK(
             "{service}: fewer of us are here today than planned, so waits may be longer.")},
        {.code = "service_paused",
         .plain = CATALOGUE_MARK("One of our services is paused. Please ask a member of staff."),
         .with_service = CATALOGUE_MARK("{service} is paused. Your place is kept."),
         .with_minutes =
             CATALOGUE_MARK("One of our services is paused for about {minutes} minutes."),
         .with_both = CATALOGUE_MARK(
             "{service} is paused for about {minutes} minutes. Your place is kept.")},
        {.code = "closing_early",
         .plain = CATALOGUE_MARK("We close early today. Please ask a member of staff."),
         .with_service = CATALOGUE_MARK("{service} closes early today."),
         .with_minutes = CATALOGUE_MARK("We close early today, in {minutes} minutes."),
         .with_both = CATALOGUE_MARK("{service} closes early today, in {minutes} minutes.")},
        {.code = "fire_test",
         .plain = CATALOGUE_MARK("The fire alarm will be tested. You need not leave."),
         .with_minutes = CATALOGUE_MARK(
             "The fire alarm will be tested in {minutes} minutes. You need not leave.")},
        {.code = "system_down",
         .plain = CATALOGUE_MARK("Our computer systems are not working. We are still here to help; "
                                 "it may take longer."),
         .with_service = CATALOGUE_MARK(
             "{service}: our computer systems are not working. It may take longer.")},
        {.code = "wait_outside",
         .plain =
             CATALOGUE_MARK("You may wait outside. Please come back when your number is near.")},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].code, code) == 0)
            return &table[i];
    return NULL;
}

static const char *sentence_of(const struct template_words *words, bool service, bool minutes)
{
    if (service && minutes && words->with_both != NULL)
        return words->with_both;
    if (service && words->with_service != NULL)
        return words->with_service;
    return minutes && words->with_minutes != NULL ? words->with_minutes : words->plain;
}

bool notice_say(const struct lobby *lobby, const struct board_notice *notice,
                char out[static LOBBY_FORMAT_BYTES])
{
    if (notice->template_code[0] == '\0') {
        snprintf(out, LOBBY_FORMAT_BYTES, "%s", board_notice_text(notice, lobby->language));
        return out[0] != '\0';
    }
    const struct template_words *words = find_template(notice->template_code);
    if (words == NULL) /* of a newer server */
        return false;
    const struct site_service *service =
        lobby->site == NULL ? NULL : site_info_find_service(lobby->site, notice->service);
    char minutes[16];
    snprintf(minutes, sizeof minutes, "%d", (int)notice->minutes);
    const struct catalogue_value values[] = {
        {.name = "service",
         .text =
             service == NULL ? "" : site_info_text(lobby->site, &service->name, lobby->language)},
        {.name = "minutes", .text = minutes},
    };
    catalogue_format(
        lobby->words, out, LOBBY_FORMAT_BYTES,
        catalogue_text(lobby->words, sentence_of(words, service != NULL, notice->minutes > 0)),
        values, 2);
    return true;
}
