/* Slips to draw in tests, on the example site's words, and their golden pictures. QUARTER_UPDATE_GOLDEN=1 writes those anew:
 * look at each before you commit it. */
#ifndef QUARTER_TESTS_SLIP_SCENES_H
#define QUARTER_TESTS_SLIP_SCENES_H

#include "printer/layout/layout.h"
#include "site/site.h"

#include <jansson.h>

enum { DPI = 203, WIDE = 576, NARROW = 384, SLIP_LANGUAGE_COUNT = 9 };

extern const char *const slip_languages[SLIP_LANGUAGE_COUNT];

struct slip_fixture {
    struct ticket_layout *layout;
    struct site *site;
    json_t *words; /* the document of GET /api/site */
};

/* Group set-up and tear-down: *state becomes the fixture. */
int slip_open(void **state);
int slip_close(void **state);

/* To be freed. `language` counts in slip_languages. */
struct print_request *slip_ticket(const struct slip_fixture *fixture, size_t language,
                                  const json_t *service);
struct print_request *slip_signpost(const struct slip_fixture *fixture, size_t language);
struct print_request *slip_test_page(const struct slip_fixture *fixture);
const json_t *slip_service(const struct slip_fixture *fixture, const char *code);

void slip_copy(char *into, size_t size, const char *text); /* fails when it is cut */

/* Fails when the page is not tests/golden/NAME.png, and leaves what it is in build/X/pictures. */
void slip_compare(const struct page *page, const char *name);

#endif
