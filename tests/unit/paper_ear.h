/* What a kiosk hears of its printer, for tests: its own line to the ticket printer, waited at with a limit. */
#ifndef QUARTER_TESTS_PAPER_EAR_H
#define QUARTER_TESTS_PAPER_EAR_H

#include <stdbool.h>
#include <stdint.h>

#include "paper.h"

struct paper_ear {
    struct paper *paper;
    int woken_fd;
};

void paper_ear_open(struct paper_ear *ear, const char *socket_path);
void paper_ear_close(struct paper_ear *ear);
/* False: nothing was told until then (kit_now_ms()). */
bool paper_ear_hear(struct paper_ear *ear, int64_t until_ms, struct paper_news *news);
/* What is told before is passed over; the test fails after limit_ms. what: for people who read the test's output. */
void paper_ear_expect(struct paper_ear *ear, enum journey_paper wanted, int limit_ms,
                      const char *what);
void paper_ear_expect_job(struct paper_ear *ear, int copy, enum journey_job wanted, int limit_ms);
/* The job, and the paper so long after it at the latest: they are asked for one by one, and either may be told first. */
void paper_ear_expect_both(struct paper_ear *ear, int copy, enum journey_job job, int job_ms,
                           enum journey_paper paper, int paper_ms);

#endif
