/* Finds tickets by number. See find.h. */
#include "http/find.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/ticket_json.h"
#include "quarter/limits.h"

bool find_is_number(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length])) {
        length++;
    }
    return text[length] == '\0' && length > 0 && length <= QUARTER_NUMBER_MAX;
}

/* What is said of H07 is "h7": letters in capitals, then the number without what fills it up. */
struct spoken {
    char text[QUARTER_NUMBER_MAX + 1]; /* in capitals, as it was written */
    size_t letters;                    /* at its start */
    long number;                       /* after them; -1: none */
};

static struct spoken speak(const char *text)
{
    struct spoken spoken = {.number = -1};
    for (size_t i = 0; i < QUARTER_NUMBER_MAX && text[i] != '\0'; i++) {
        spoken.text[i] = (char)toupper((unsigned char)text[i]);
    }
    while (isupper((unsigned char)spoken.text[spoken.letters])) {
        spoken.letters++;
    }
    const char *digits = spoken.text + spoken.letters;
    char *end = NULL;
    if (isdigit((unsigned char)digits[0])) {
        spoken.number = strtol(digits, &end, 10);
        spoken.number = *end == '\0' ? spoken.number : -1;
    }
    return spoken;
}

static bool is_it(const struct spoken *asked, const char *number)
{
    const struct spoken ticket = speak(number);
    return asked->number >= 0 && asked->number == ticket.number &&
           asked->letters == ticket.letters &&
           memcmp(asked->text, ticket.text, asked->letters) == 0;
}

/* The receipt, and when the visitor came. */
static void write_ticket(struct json_out *out, const struct view_source *source,
                         const struct ticket *ticket)
{
    ticket_json_receipt(out, source, ticket);
    json_out_cut(out, out->length - 1); /* its bracket */
    json_out_key(out, "arrived_at");
    json_out_time(out, ticket->arrived_at_ms);
    json_out_close(out, '}');
}

void find_write(struct json_out *out, const struct view_source *source, const char *number)
{
    const struct spoken asked = speak(number);
    size_t total = 0;
    json_out_open(out, '{');
    json_out_key(out, "tickets");
    json_out_open(out, '[');
    for (int exact = 1; exact >= 0; exact--) {
        for (size_t i = engine_ticket_count(source->engine); i-- > 0;) {
            const struct ticket *ticket = engine_ticket(source->engine, i);
            const bool it = is_it(&asked, ticket->number);
            const bool found = exact != 0 ? it : !it && strstr(ticket->number, asked.text) != NULL;
            if (found && total++ < FIND_MAX) {
                write_ticket(out, source, ticket);
            }
        }
    }
    json_out_close(out, ']');
    json_out_key(out, "total");
    json_out_integer(out, (int64_t)total);
    json_out_close(out, '}');
}
