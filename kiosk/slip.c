/* See slip.h. */
#include "slip.h"

#include "view/words.h"

/* What every slip has; `moment` (WORDS_BYTES) holds its time. */
static struct paper_slip slip_of(const struct slip_source *source, enum paper_kind kind,
                                 char *moment)
{
    const struct site_info *site = source->site;
    const struct site_language *language = &site->languages[source->language];
    words_moment(source->words, &source->at, moment, WORDS_BYTES);
    return (struct paper_slip){
        .kind = kind,
        .language = language->code,
        .direction = language->rtl ? "rtl" : "ltr",
        .centre = site_info_text(site, &site->name, language->code),
        .printed_at = moment,
    };
}

/* Of a ticket: what its service says, but for how long it takes. */
static void add_service(struct paper_slip *slip, const struct slip_source *source,
                        const struct site_service *service)
{
    const struct site_info *site = source->site;
    const struct site_area *area = site_info_find_area(site, service->area);
    slip->service = site_info_text(site, &service->name, slip->language);
    slip->where = area != NULL ? site_info_text(site, &area->name, slip->language) : NULL;
    for (int i = 0; i < service->have_ready_count && slip->have_ready_count < PAPER_HAVE_READY_MAX;
         i++) {
        const char *item = site_info_text(site, &service->have_ready[i], slip->language);
        if (item[0] != '\0')
            slip->have_ready[slip->have_ready_count++] = item;
    }
}

enum status slip_print(struct paper *paper, const struct slip_source *source)
{
    const struct journey_ticket *ticket = &source->journey->ticket;
    char moment[WORDS_BYTES];
    struct paper_slip slip = slip_of(source, PAPER_TICKET, moment);
    slip.ticket = ticket->id;
    slip.copy = source->journey->copy;
    slip.number = ticket->number;
    slip.url = ticket->url;
    slip.ahead = ticket->ahead;
    slip.has_wait = ticket->has_wait;
    slip.wait_low_min = ticket->wait_low_min;
    slip.wait_high_min = ticket->wait_high_min;
    add_service(&slip, source, &source->site->services[source->journey->service]);
    return paper_print(paper, &slip);
}

enum status slip_print_aside(struct paper *paper, const struct slip_source *source,
                             const char *name, const struct ticket_receipt *ticket)
{
    const struct site_service *service = site_info_find_service(source->site, ticket->service);
    char moment[WORDS_BYTES];
    if (service == NULL)
        return STATUS_NOT_FOUND;
    struct paper_slip slip = slip_of(source, PAPER_TICKET, moment);
    slip.ticket = name;
    slip.number = ticket->number;
    slip.url = ticket->url;
    slip.ahead = ticket->ahead;
    slip.has_wait = ticket->wait.known;
    slip.wait_low_min = ticket->wait.low_min;
    slip.wait_high_min = ticket->wait.high_min;
    add_service(&slip, source, service);
    return paper_print_aside(paper, &slip);
}

enum status slip_print_signpost(struct paper *paper, const struct slip_source *source)
{
    const struct site_info *site = source->site;
    const struct site_signpost *signpost = &site->signposts[source->journey->signpost];
    char moment[WORDS_BYTES];
    struct paper_slip slip = slip_of(source, PAPER_SIGNPOST, moment);
    slip.ticket = source->journey->slip;
    slip.copy = source->journey->copy;
    slip.title = site_info_text(site, &signpost->title, slip.language);
    slip.text = site_info_text(site, &signpost->text, slip.language);
    slip.url = signpost->url;
    return paper_print(paper, &slip);
}

enum status slip_print_test(struct paper *paper, const struct slip_source *source,
                            char id[QUARTER_ULID_LEN + 1])
{
    const struct site_info *site = source->site;
    char moment[WORDS_BYTES];
    struct paper_slip slip = slip_of(source, PAPER_TEST, moment);
    paper_make_id(id);
    slip.ticket = id;
    slip.language_count = site->language_count;
    for (int i = 0; i < site->language_count; i++)
        slip.languages[i] = site->languages[i].code;
    return paper_print(paper, &slip);
}
