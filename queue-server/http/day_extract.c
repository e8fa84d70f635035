/* A day, and its CSV. See day_extract.h. */
#include "http/day_extract.h"

#include <stdio.h>
#include <stdlib.h>

#include "http/manager_view.h"
#include "quarter/check.h"
#include "report/csv_out.h"
#include "report/today_write.h"

struct day_extract {
    struct today *today;
    struct today_terms terms;
    int64_t now_ms;
    char name[2 * QUARTER_CODE_MAX];
};

/* Before the first day was opened there is today, and nobody in it. */
static void name_it(struct day_extract *extract, const struct view_source *source)
{
    char day[QUARTER_DAY_LEN + 1];
    const char *opened = today_day(extract->today);
    site_local_day(source->site, source->now_ms, day);
    (void)snprintf(extract->name, sizeof(extract->name), "quarter-%s-%s.csv",
                   site_code(source->site), opened[0] != '\0' ? opened : day);
}

struct day_extract *day_extract_make(const struct view_source *source)
{
    struct day_extract *extract = calloc(1, sizeof(*extract));
    CHECK(extract != NULL);
    extract->today = today_copy(source->figures);
    extract->terms = manager_view_terms(source);
    extract->now_ms = source->now_ms;
    name_it(extract, source);
    return extract;
}

void day_extract_destroy(struct day_extract *extract)
{
    if (extract != NULL) {
        today_destroy(extract->today);
        free(extract);
    }
}

char *day_extract_csv(struct day_extract *extract)
{
    struct csv_out out = {0};
    today_write_csv(extract->today, &extract->terms, extract->now_ms, &out);
    return csv_out_take(&out);
}

const char *day_extract_name(const struct day_extract *extract)
{
    return extract->name;
}
