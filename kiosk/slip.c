/* See slip.h. */
#include "slip.h"

#include "view/words.h"

enum status slip_print(struct paper *paper, const struct slip_source *source)
{
    const struct site_info *site = source->site;
    const struct journey_ticket *ticket = &source->journey->ticket;
    const struct site_service *service = &site->services[source->journey->service];
    const struct site_area *area = site_info_find_area(site, service->area);
    const struct site_language *language = &site->languages[source->language];
    char moment[WORDS_BYTES];
    words_moment(source->words, &source->at, moment, sizeof moment);
    struct paper_slip slip = {
        .ticket = ticket->id,
        .language = language->code,
        .direction = language->rtl ? "rtl" : "ltr",
        .centre = site_info_text(site, &site->name, language->code),
        .number = ticket->number,
        .service = site_info_text(site, &service->name, language->code),
        .printed_at = moment,
        .where = area != NULL ? site_info_text(site, &area->name, language->code) : NULL,
        .url = ticket->url,
        .ahead = ticket->ahead,
        .has_wait = ticket->has_wait,
        .wait_low_min = ticket->wait_low_min,
        .wait_high_min = ticket->wait_high_min,
    };
    for (int i = 0; i < service->have_ready_count && slip.have_ready_count < PAPER_HAVE_READY_MAX;
         i++) {
        const char *item = site_info_text(site, &service->have_ready[i], language->code);
        if (item[0] != '\0')
            slip.have_ready[slip.have_ready_count++] = item;
    }
    return paper_print(paper, &slip);
}
