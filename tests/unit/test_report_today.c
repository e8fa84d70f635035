/* Each definition of queue-server/report/DEFINITIONS.md, at its edges. */
#include <string.h>

#include "test_kit.h"
#include "test_report_rig.h"

static const int64_t standard_ms = 15 * MINUTE_MS;

static void assert_share(struct today_share share, int within, int of)
{
    assert_int_equal(share.within, within);
    assert_int_equal(share.of, of);
}

static void nothing_is_known_of_an_empty_day(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    const struct today_figures *figures = report_now(&rig);
    assert_string_equal(figures->day, REPORT_DAY);
    assert_int_equal(figures->all.issued, 0);
    assert_share(figures->all.of_called, 0, 0);
    assert_int_equal(figures->all.wait_mean_ms, TODAY_UNKNOWN);
    assert_int_equal(figures->all.wait_p50_ms, TODAY_UNKNOWN);
    assert_int_equal(figures->all.wait_longest_ms, TODAY_UNKNOWN);
    assert_int_equal(figures->all.waiting_longest_ms, TODAY_UNKNOWN);
    assert_int_equal(figures->all.service_mean_ms, TODAY_UNKNOWN);
    report_rig_tear_down(&rig);
}

static void before_the_first_day_nothing_counts(void **state)
{
    (void)state;
    struct report_rig rig = {.today = today_create(), .now_ms = NINE_MS};
    report_issue(&rig, 1, "housing");
    const struct today_figures *figures = report_now(&rig);
    assert_string_equal(figures->day, "");
    assert_int_equal(figures->all.issued, 0);
    report_rig_tear_down(&rig);
}

static void who_is_called_at_the_standard_is_called_within_it(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_issue(&rig, 2, "housing");
    report_wait(&rig, standard_ms);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_wait(&rig, 1);
    report_at(&rig, EVENT_TICKET_CALLED, 2, "2");
    const struct today_row *all = &report_now(&rig)->all;
    assert_share(all->of_called, 1, 2);
    assert_share(all->of_decided, 1, 2);
    assert_int_equal(all->wait_mean_ms, standard_ms); /* rounded down */
    assert_int_equal(all->wait_longest_ms, standard_ms + 1);
    report_rig_tear_down(&rig);
}

static void who_still_waits_is_missed_once_past_the_standard(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_wait(&rig, standard_ms);
    assert_share(report_now(&rig)->all.of_decided, 0, 0);
    report_wait(&rig, 1);
    const struct today_row *all = &report_now(&rig)->all;
    assert_share(all->of_decided, 0, 1);
    assert_share(all->of_called, 0, 0);
    assert_int_equal(all->waiting, 1);
    assert_int_equal(all->waiting_longest_ms, standard_ms + 1);
    report_rig_tear_down(&rig);
}

static void who_leaves_in_time_decides_nothing_who_leaves_late_is_missed(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_issue(&rig, 2, "housing");
    report_wait(&rig, standard_ms);
    report_at(&rig, EVENT_TICKET_LEFT, 1, "");
    report_wait(&rig, 1);
    struct event event = report_event(&rig, EVENT_TICKET_LEFT, 2, "");
    event.body.left.by_day_end = true;
    report_take(&rig, &event);
    report_wait(&rig, 3600000);
    const struct today_row *all = &report_now(&rig)->all;
    assert_share(all->of_decided, 0, 1);
    assert_int_equal(all->left, 2);
    assert_int_equal(all->left_at_close, 1);
    report_rig_tear_down(&rig);
}

static void a_no_show_counts_by_its_first_call_also_when_revived(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_wait(&rig, 5 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_NO_SHOW, 1, "1");
    const struct today_row *all = &report_now(&rig)->all;
    assert_int_equal(all->no_show, 1);
    assert_share(all->of_called, 1, 1);
    report_wait(&rig, 20 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_REVIVED, 1, "");
    all = &report_now(&rig)->all;
    assert_int_equal(all->no_show, 0);
    assert_int_equal(all->waiting, 1);
    assert_int_equal(all->waiting_longest_ms, 26 * MINUTE_MS);
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "2");
    all = &report_now(&rig)->all;
    assert_int_equal(all->called, 1);
    assert_int_equal(all->wait_longest_ms, 5 * MINUTE_MS);
    assert_int_equal(all->at_counters, 1);
    assert_int_equal(report_counter(report_now(&rig), "1")->calls, 1);
    assert_int_equal(report_counter(report_now(&rig), "2")->calls, 1);
    report_rig_tear_down(&rig);
}

static void who_is_booked_waits_from_the_booked_time(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    for (int ticket = 1; ticket <= 2; ticket++) {
        struct event event = report_event(&rig, EVENT_TICKET_ISSUED, ticket, "");
        kit_set(event.body.issued.service, sizeof(event.body.issued.service), "tax");
        event.body.issued.arrived_at_ms = rig.now_ms;
        event.body.issued.appointment_ms = rig.now_ms + 10 * MINUTE_MS;
        event.body.issued.leg_from_ms = event.body.issued.appointment_ms;
        report_take(&rig, &event);
    }
    report_wait(&rig, 5 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    const struct today_row *all = &report_now(&rig)->all;
    assert_int_equal(all->wait_longest_ms, 0);
    assert_int_equal(all->waiting_longest_ms, 0);
    report_wait(&rig, 7 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 2, "2");
    assert_int_equal(report_now(&rig)->all.wait_longest_ms, 2 * MINUTE_MS);
    report_rig_tear_down(&rig);
}

static void who_was_handed_over_late_counts_from_coming(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    rig.terms.utc_offset_s = 3600;
    struct event event = report_event(&rig, EVENT_TICKET_ISSUED, 1, "");
    event.occurred_at_ms = rig.now_ms - 10 * MINUTE_MS;
    kit_set(event.body.issued.service, sizeof(event.body.issued.service), "tax");
    event.body.issued.arrived_at_ms = event.body.issued.leg_from_ms = event.occurred_at_ms;
    event.body.issued.unconfirmed = true;
    report_take(&rig, &event);
    report_wait(&rig, 6 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    const struct today_figures *figures = report_now(&rig);
    assert_share(figures->all.of_called, 0, 1);
    assert_int_equal(figures->all.wait_longest_ms, 16 * MINUTE_MS);
    assert_int_equal(figures->hours[9].issued, 1); /* 08:50 UTC is 09:50 there */
    assert_int_equal(figures->hours[8].issued + figures->hours[10].issued, 0);
    report_rig_tear_down(&rig);
}

static void a_transfer_stays_with_the_service_it_came_to(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_wait(&rig, 2 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_wait(&rig, 3 * MINUTE_MS);
    report_transfer(&rig, 1, "1", "tax");
    report_wait(&rig, 20 * MINUTE_MS);
    const struct today_figures *figures = report_now(&rig);
    const struct today_row *housing = report_service(figures, "housing");
    const struct today_row *tax = report_service(figures, "tax");
    assert_int_equal(housing->transfers, 1);
    assert_int_equal(tax->transfers, 0);
    assert_int_equal(tax->waiting, 1);
    assert_int_equal(housing->waiting, 0);
    assert_int_equal(tax->waiting_longest_ms, 20 * MINUTE_MS);
    assert_int_equal(housing->services, 1);
    assert_int_equal(housing->service_mean_ms, 3 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "2");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_SERVING_STARTED, 1, "2");
    report_wait(&rig, 10 * MINUTE_MS);
    report_finish(&rig, 1, "2", OUTCOME_RESOLVED);
    figures = report_now(&rig);
    housing = report_service(figures, "housing");
    tax = report_service(figures, "tax");
    assert_int_equal(housing->served, 1);
    assert_int_equal(tax->served + tax->issued + tax->called, 0);
    assert_int_equal(tax->service_mean_ms, 10 * MINUTE_MS);
    assert_int_equal(figures->all.services, 2);
    assert_int_equal(figures->all.wait_longest_ms, 2 * MINUTE_MS); /* the first call alone */
    assert_int_equal(figures->all.called, 1);
    assert_int_equal(report_counter(figures, "2")->served, 1);
    assert_int_equal(report_counter(figures, "1")->served, 0);
    report_rig_tear_down(&rig);
}

static void an_undone_step_counts_as_if_it_had_not_been(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_at(&rig, EVENT_COUNTER_OPENED, 0, "1");
    report_issue(&rig, 1, "housing");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    const int64_t called_ms = rig.now_ms;
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_RECALLED, 1, "1");
    report_wait(&rig, MINUTE_MS);
    report_undo(&rig, 1, "1", STEP_CALL);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(figures->undone, 1);
    assert_int_equal(figures->all.called, 0);
    assert_int_equal(figures->all.waiting, 1);
    assert_int_equal(figures->all.waiting_longest_ms, 3 * MINUTE_MS);
    assert_int_equal(report_counter(figures, "1")->calls, 0);
    assert_int_equal(report_counter(figures, "1")->busy_ms, 0);
    report_wait(&rig, 20 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    assert_share(report_now(&rig)->all.of_called, 0, 1);
    /* as it stood before the undoing, it had been called */
    figures = today_figures(rig.today, &rig.terms, called_ms + 1);
    assert_int_equal(figures->undone, 0);
    assert_share(figures->all.of_called, 1, 1);
    assert_int_equal(report_counter(figures, "1")->busy_ms, 1);
    report_rig_tear_down(&rig);
}

static void steps_are_undone_one_after_the_other(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_wait(&rig, 4 * MINUTE_MS);
    report_finish(&rig, 1, "1", OUTCOME_RESOLVED);
    report_wait(&rig, MINUTE_MS);
    report_undo(&rig, 1, "1", STEP_FINISH);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(figures->all.at_counters, 1);
    assert_int_equal(figures->outcomes[OUTCOME_RESOLVED], 0);
    assert_int_equal(figures->all.services, 0);
    assert_int_equal(report_counter(figures, "1")->busy_ms, 5 * MINUTE_MS);
    report_transfer(&rig, 1, "1", "tax");
    report_undo(&rig, 1, "1", STEP_TRANSFER);
    report_undo(&rig, 1, "1", STEP_START);
    report_undo(&rig, 1, "1", STEP_CALL);
    figures = report_now(&rig);
    assert_int_equal(figures->undone, 4);
    assert_int_equal(figures->all.called + figures->all.transfers + figures->all.served, 0);
    assert_int_equal(report_service(figures, "housing")->waiting, 1);
    report_rig_tear_down(&rig);
}

static void parked_time_is_not_service_time(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_wait(&rig, 2 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_PARKED, 1, "1");
    report_wait(&rig, 30 * MINUTE_MS);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(figures->all.parked, 1);
    assert_int_equal(figures->all.services, 0); /* the leg goes on */
    assert_int_equal(report_counter(figures, "1")->sittings, 1);
    assert_int_equal(report_counter(figures, "1")->busy_ms, 2 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_TAKEN_BACK, 1, "2");
    report_wait(&rig, 4 * MINUTE_MS);
    report_finish(&rig, 1, "2", OUTCOME_FOLLOW_UP);
    figures = report_now(&rig);
    assert_int_equal(figures->all.services, 1);
    assert_int_equal(figures->all.service_mean_ms, 6 * MINUTE_MS);
    assert_int_equal(report_counter(figures, "2")->sitting_mean_ms, 4 * MINUTE_MS);
    assert_int_equal(report_counter(figures, "2")->served, 1);
    assert_int_equal(figures->outcomes[OUTCOME_FOLLOW_UP], 1);
    report_rig_tear_down(&rig);
}

static void unparking_begins_a_new_leg(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_wait(&rig, 2 * MINUTE_MS);
    report_at(&rig, EVENT_TICKET_PARKED, 1, "1");
    report_wait(&rig, 10 * MINUTE_MS);
    struct event event = report_event(&rig, EVENT_TICKET_UNPARKED, 1, "");
    event.body.unparked.leg_from_ms = rig.now_ms;
    report_take(&rig, &event);
    report_wait(&rig, MINUTE_MS);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(report_service(figures, "housing")->waiting_longest_ms, MINUTE_MS);
    assert_int_equal(figures->all.service_mean_ms, 2 * MINUTE_MS);
    assert_int_equal(figures->all.transfers, 0);
    assert_int_equal(figures->all.wait_longest_ms, 0);
    report_rig_tear_down(&rig);
}

static void later_legs_count_for_their_own_service(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    static const char *const next[] = {"tax", "bins"};
    report_issue(&rig, 1, "housing");
    for (int i = 0; i < 2; i++) {
        report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
        report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
        report_transfer(&rig, 1, "1", next[i]);
    }
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_at(&rig, EVENT_TICKET_PARKED, 1, "1");
    report_at(&rig, EVENT_TICKET_UNPARKED, 1, "");
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(report_service(figures, "tax")->transfers, 1);
    assert_int_equal(report_service(figures, "housing")->transfers, 1);
    assert_int_equal(report_service(figures, "bins")->waiting, 1);
    assert_int_equal(figures->all.services, 3);
    /* its last leg was never served, nor was a visit that just left */
    report_at(&rig, EVENT_TICKET_LEFT, 1, "");
    report_issue(&rig, 2, "housing");
    report_at(&rig, EVENT_TICKET_LEFT, 2, "");
    assert_int_equal(report_now(&rig)->all.services, 3);
    report_rig_tear_down(&rig);
}

static void an_edit_corrects_what_the_visit_came_for(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    struct event event = report_event(&rig, EVENT_TICKET_EDITED, 1, "");
    kit_set(event.body.edited.service, sizeof(event.body.edited.service), "tax");
    report_take(&rig, &event);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_transfer(&rig, 1, "1", "bins");
    event = report_event(&rig, EVENT_TICKET_EDITED, 1, "");
    kit_set(event.body.edited.service, sizeof(event.body.edited.service), "parking");
    report_take(&rig, &event);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(report_service(figures, "housing")->issued, 0);
    assert_int_equal(report_service(figures, "tax")->issued, 1);
    assert_int_equal(report_service(figures, "tax")->transfers, 1);
    assert_int_equal(report_service(figures, "parking")->waiting, 1);
    assert_int_equal(report_service(figures, "parking")->issued, 0);
    assert_int_equal(report_service(figures, "bins")->waiting, 0);
    report_rig_tear_down(&rig);
}

static void a_day_closed_over_people_keeps_them_out_of_service_times(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    for (int ticket = 1; ticket <= 2; ticket++) {
        report_issue(&rig, ticket, "housing");
        report_at(&rig, EVENT_TICKET_CALLED, ticket, "1");
        report_at(&rig, EVENT_SERVING_STARTED, ticket, "1");
        report_wait(&rig, 5 * MINUTE_MS);
        report_at(&rig, EVENT_TICKET_PARKED, ticket, "1");
    }
    report_at(&rig, EVENT_TICKET_TAKEN_BACK, 1, "1");
    report_wait(&rig, 90 * MINUTE_MS);
    report_finish(&rig, 1, "1", OUTCOME_UNRECORDED);
    struct event event = report_event(&rig, EVENT_TICKET_LEFT, 2, "");
    event.body.left.by_day_end = true;
    report_take(&rig, &event);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(figures->all.served, 1);
    assert_int_equal(figures->all.left_at_close, 1);
    assert_int_equal(figures->all.services, 1); /* the parked one's */
    assert_int_equal(figures->all.service_mean_ms, 5 * MINUTE_MS);
    assert_int_equal(report_counter(figures, "1")->sittings, 2);
    assert_int_equal(report_counter(figures, "1")->sitting_mean_ms, 5 * MINUTE_MS);
    assert_int_equal(figures->outcomes[OUTCOME_UNRECORDED], 1);
    report_rig_tear_down(&rig);
}

static void counters_tell_open_paused_and_busy_time(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_at(&rig, EVENT_COUNTER_OPENED, 0, "1");
    report_wait(&rig, 10 * MINUTE_MS);
    report_at(&rig, EVENT_COUNTER_OPENED, 0, "1");
    report_at(&rig, EVENT_COUNTER_PAUSED, 0, "1");
    report_wait(&rig, 5 * MINUTE_MS);
    const struct today_counter *counter = report_counter(report_now(&rig), "1");
    assert_int_equal(counter->open_ms, 10 * MINUTE_MS);
    assert_int_equal(counter->paused_ms, 5 * MINUTE_MS);
    report_at(&rig, EVENT_COUNTER_OPENED, 0, "1");
    report_issue(&rig, 1, "housing");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_NO_SHOW, 1, "1");
    report_at(&rig, EVENT_COUNTER_CLOSED, 0, "1");
    report_wait(&rig, 60 * MINUTE_MS);
    counter = report_counter(report_now(&rig), "1");
    assert_int_equal(counter->open_ms, 12 * MINUTE_MS);
    assert_int_equal(counter->paused_ms, 5 * MINUTE_MS);
    assert_int_equal(counter->busy_ms, MINUTE_MS);
    assert_int_equal(counter->sitting_mean_ms, TODAY_UNKNOWN);
    report_rig_tear_down(&rig);
}

static void record(struct report_rig *rig, enum visit_kind kind, const char *avoidable,
                   enum outcome outcome)
{
    struct event event = report_event(rig, EVENT_VISIT_RECORDED, 0, "");
    event.body.visit.kind = kind;
    event.body.visit.outcome = outcome;
    kit_set(event.body.visit.service, sizeof(event.body.visit.service), "bins");
    kit_set(event.body.visit.avoidable, sizeof(event.body.visit.avoidable), avoidable);
    report_take(rig, &event);
}

static int avoidable(const struct today_figures *figures, const char *reason)
{
    for (int i = 0; i < figures->avoidable_count; i++) {
        if (strcmp(figures->avoidable[i].code, reason) == 0) {
            return figures->avoidable[i].visits;
        }
    }
    return 0;
}

static void visits_that_never_queued_are_counted_by_kind_alone(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    record(&rig, VISIT_SIGNPOSTED, "chasing", OUTCOME_RESOLVED);
    record(&rig, VISIT_RESOLVED_AT_DOOR, "", OUTCOME_FOLLOW_UP);
    record(&rig, VISIT_RESOLVED_AT_DOOR, "chasing", OUTCOME_FOLLOW_UP);
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(figures->recorded[VISIT_SIGNPOSTED], 1);
    assert_int_equal(figures->recorded[VISIT_SELF_SERVED], 0);
    assert_int_equal(figures->recorded[VISIT_RESOLVED_AT_DOOR], 2);
    assert_int_equal(figures->outcomes[OUTCOME_FOLLOW_UP], 2);
    assert_int_equal(figures->outcomes[OUTCOME_RESOLVED], 0); /* a signpost has none */
    assert_int_equal(avoidable(figures, "chasing"), 2);
    assert_int_equal(figures->all.issued, 0);
    report_rig_tear_down(&rig);
}

static void the_counter_has_the_last_word_on_what_was_avoidable(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    for (int ticket = 1; ticket <= 2; ticket++) {
        struct event event = report_event(&rig, EVENT_TICKET_ISSUED, ticket, "");
        kit_set(event.body.issued.service, sizeof(event.body.issued.service), "tax");
        kit_set(event.body.issued.avoidable, sizeof(event.body.issued.avoidable), "chasing");
        report_take(&rig, &event);
        report_at(&rig, EVENT_TICKET_CALLED, ticket, "1");
        report_at(&rig, EVENT_SERVING_STARTED, ticket, "1");
        event = report_event(&rig, EVENT_TICKET_CLOSED, ticket, "1");
        kit_set(event.body.closed.avoidable, sizeof(event.body.closed.avoidable),
                ticket == 1 ? "letter" : "");
        report_take(&rig, &event);
    }
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(avoidable(figures, "letter"), 1);
    assert_int_equal(avoidable(figures, "chasing"), 1);
    report_undo(&rig, 1, "1", STEP_FINISH);
    figures = report_now(&rig);
    assert_int_equal(avoidable(figures, "letter"), 0);
    assert_int_equal(avoidable(figures, "chasing"), 2);
    report_rig_tear_down(&rig);
}

static void quantiles_lie_between_ranks(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    static const int waits_s[] = {40, 10, 30, 20};
    for (int i = 0; i < 4; i++) {
        rig.now_ms = NINE_MS;
        report_issue(&rig, i + 1, i < 3 ? "housing" : "tax");
    }
    for (int s = 1; s <= 4; s++) {
        for (int i = 0; i < 4; i++) {
            if (waits_s[i] == s * 10) {
                rig.now_ms = NINE_MS + s * 10000;
                report_at(&rig, EVENT_TICKET_CALLED, i + 1, "1");
            }
        }
    }
    const struct today_figures *figures = report_now(&rig);
    assert_int_equal(figures->all.wait_p50_ms, 25000);
    assert_int_equal(figures->all.wait_p90_ms, 37000);
    assert_int_equal(figures->all.wait_mean_ms, 25000);
    assert_int_equal(report_service(figures, "housing")->wait_p50_ms, 30000);
    assert_int_equal(report_service(figures, "tax")->wait_p90_ms, 20000);
    assert_int_equal(figures->hours[9].wait_p90_ms, 37000);
    report_rig_tear_down(&rig);
}

static void another_day_forgets_the_same_day_again_goes_on(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_at(&rig, EVENT_DAY_CLOSED, 0, "");
    report_at(&rig, EVENT_DAY_OPENED, 0, "");
    report_issue(&rig, 2, "housing");
    assert_int_equal(report_now(&rig)->all.issued, 2);
    struct event event = report_event(&rig, EVENT_DAY_OPENED, 0, "");
    kit_set(event.day, sizeof(event.day), "2026-11-25");
    report_take(&rig, &event);
    const struct today_figures *figures = report_now(&rig);
    assert_string_equal(figures->day, "2026-11-25");
    assert_int_equal(figures->all.issued, 0);
    assert_int_equal(figures->service_count, 0);
    report_issue(&rig, 1, "tax"); /* ids may come again as far as this module cares */
    assert_int_equal(report_now(&rig)->all.issued, 1);
    report_rig_tear_down(&rig);
}

/* A kiosk in the lobby is asked before the doors open: its row is of the new day already. */
static void what_is_recorded_before_the_opening_is_of_the_new_day(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_at(&rig, EVENT_DAY_CLOSED, 0, "");
    record(&rig, VISIT_SIGNPOSTED, "", OUTCOME_RESOLVED);
    assert_int_equal(report_now(&rig)->recorded[VISIT_SIGNPOSTED], 1);
    struct event event = report_event(&rig, EVENT_VISIT_RECORDED, 0, "");
    kit_set(event.day, sizeof(event.day), "2026-11-25");
    kit_set(event.body.visit.service, sizeof(event.body.visit.service), "tax");
    report_take(&rig, &event);
    assert_string_equal(report_now(&rig)->day, "2026-11-25");
    assert_int_equal(report_now(&rig)->recorded[VISIT_SIGNPOSTED], 1);
    event = report_event(&rig, EVENT_DAY_OPENED, 0, "");
    kit_set(event.day, sizeof(event.day), "2026-11-25");
    report_take(&rig, &event);
    assert_int_equal(report_now(&rig)->recorded[VISIT_SIGNPOSTED], 1);
    report_rig_tear_down(&rig);
    rig = (struct report_rig){.today = today_create(), .now_ms = NINE_MS};
    event = report_event(&rig, EVENT_VISIT_RECORDED, 0, "");
    report_take(&rig, &event); /* and so of the very first one */
    assert_int_equal(report_now(&rig)->recorded[VISIT_SIGNPOSTED], 1);
    report_rig_tear_down(&rig);
}

/* Another thread's copy: the same figures, and its own memory. */
static void a_copy_says_the_same(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "housing");
    report_issue(&rig, 2, "tax");
    report_at(&rig, EVENT_TICKET_CALLED, 1, "3");
    struct today *copy = today_copy(rig.today);
    assert_true(today_was_called(copy, report_event(&rig, EVENT_TICKET_LEFT, 1, "").ticket));
    assert_false(today_was_called(copy, report_event(&rig, EVENT_TICKET_LEFT, 2, "").ticket));
    assert_false(today_was_called(copy, "01ARZ3NDEKTSV4RRFFQ69G9999"));
    const struct today_figures before = *report_now(&rig);
    report_issue(&rig, 3, "tax");
    const struct today_terms terms = {.standard_ms = standard_ms};
    const struct today_figures *figures = today_figures(copy, &terms, rig.now_ms);
    assert_string_equal(figures->day, today_day(copy));
    assert_int_equal(figures->all.issued, before.all.issued);
    assert_int_equal(figures->all.of_called.of, 1);
    assert_int_equal(figures->service_count, before.service_count);
    today_destroy(copy);
    report_rig_tear_down(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_of_an_empty_day),
        cmocka_unit_test(before_the_first_day_nothing_counts),
        cmocka_unit_test(who_is_called_at_the_standard_is_called_within_it),
        cmocka_unit_test(who_still_waits_is_missed_once_past_the_standard),
        cmocka_unit_test(who_leaves_in_time_decides_nothing_who_leaves_late_is_missed),
        cmocka_unit_test(a_no_show_counts_by_its_first_call_also_when_revived),
        cmocka_unit_test(who_is_booked_waits_from_the_booked_time),
        cmocka_unit_test(who_was_handed_over_late_counts_from_coming),
        cmocka_unit_test(a_transfer_stays_with_the_service_it_came_to),
        cmocka_unit_test(an_undone_step_counts_as_if_it_had_not_been),
        cmocka_unit_test(steps_are_undone_one_after_the_other),
        cmocka_unit_test(parked_time_is_not_service_time),
        cmocka_unit_test(unparking_begins_a_new_leg),
        cmocka_unit_test(later_legs_count_for_their_own_service),
        cmocka_unit_test(an_edit_corrects_what_the_visit_came_for),
        cmocka_unit_test(a_day_closed_over_people_keeps_them_out_of_service_times),
        cmocka_unit_test(counters_tell_open_paused_and_busy_time),
        cmocka_unit_test(visits_that_never_queued_are_counted_by_kind_alone),
        cmocka_unit_test(the_counter_has_the_last_word_on_what_was_avoidable),
        cmocka_unit_test(quantiles_lie_between_ranks),
        cmocka_unit_test(another_day_forgets_the_same_day_again_goes_on),
        cmocka_unit_test(what_is_recorded_before_the_opening_is_of_the_new_day),
        cmocka_unit_test(a_copy_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
