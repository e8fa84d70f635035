/* See paper_ear.h. */
#include "paper_ear.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_kit.h"

static void wake(void *context)
{
    eventfd_write(*(int *)context, 1);
}

void paper_ear_open(struct paper_ear *ear, const char *socket_path)
{
    ear->woken_fd = eventfd(0, EFD_CLOEXEC);
    const struct paper_options options = {socket_path, wake, &ear->woken_fd};
    assert_int_equal(paper_create(&options, &ear->paper), STATUS_OK);
}

void paper_ear_close(struct paper_ear *ear)
{
    paper_destroy(ear->paper);
    close(ear->woken_fd);
}

bool paper_ear_hear(struct paper_ear *ear, int64_t until_ms, struct paper_news *news)
{
    while (!paper_poll(ear->paper, news)) {
        struct pollfd woken = {.fd = ear->woken_fd, .events = POLLIN};
        const int64_t left = until_ms - kit_now_ms();
        eventfd_t count;
        if (left <= 0 || poll(&woken, 1, (int)left) == 0)
            return false;
        eventfd_read(ear->woken_fd, &count);
    }
    return true;
}

void paper_ear_expect(struct paper_ear *ear, enum journey_paper wanted, int limit_ms,
                      const char *what)
{
    const int64_t from = kit_now_ms();
    struct paper_news news;
    do {
        if (!paper_ear_hear(ear, from + limit_ms, &news))
            fail_msg("%s: paper %d was not told in time", what, (int)wanted);
    } while (news.is_job || news.paper != wanted);
    printf("    %s: paper %d told after %d ms\n", what, (int)wanted, (int)(kit_now_ms() - from));
}

void paper_ear_expect_job(struct paper_ear *ear, int copy, enum journey_job wanted, int limit_ms)
{
    const int64_t until = kit_now_ms() + limit_ms;
    struct paper_news news;
    do {
        if (!paper_ear_hear(ear, until, &news))
            fail_msg("copy %d never became %d", copy, (int)wanted);
    } while (!news.is_job || news.job != wanted);
    assert_int_equal(news.copy, copy);
}

void paper_ear_expect_both(struct paper_ear *ear, int copy, enum journey_job job, int job_ms,
                           enum journey_paper paper, int paper_ms)
{
    int64_t until = kit_now_ms() + job_ms;
    bool is_job = false, is_paper = false;
    while (!is_job || !is_paper) {
        struct paper_news news;
        if (!paper_ear_hear(ear, until, &news))
            fail_msg("copy %d: %s", copy, is_job ? "the paper was not told" : "it never ended");
        if (!news.is_job) {
            is_paper = news.paper == paper;
        } else if (news.copy == copy && news.job == job) {
            is_job = true;
            until = kit_now_ms() + paper_ms;
        }
    }
}
