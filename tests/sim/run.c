/* See run.h. */
#include "run.h"

#include <inttypes.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"
#include "quarter/check.h"
#include "random.h"
#include "traffic.h"

enum { BATCH_MAX = 4, MINUTE_MS = 60000, HOUR_MS = 3600000, LOST_PERCENT = 8 };

static const int64_t key_age_ms = INT64_C(28) * 24 * HOUR_MS; /* keys are kept a little longer */

struct run {
    const struct run_plan *plan;
    struct run_tally *tally;
    struct sim_sites *sites;
    struct house house;
    struct witness witness;
    struct traffic traffic;
    const struct site *choices[4]; /* sites of this run */
    uint64_t random;               /* of the step */
    uint64_t digest;
    int step;
    bool fault_armed;
    /* When engine time was looked at last, by the clock of this start; NULL: not yet. */
    const struct clock *watched;
    int64_t watched_true_ms, watched_now_ms;
    int64_t kept_seq; /* how far what is learned reached when it was surely stored */
};

#define TELL(run, ...) ((run)->plan->verbose ? (void)printf(__VA_ARGS__) : (void)0)

static void note(struct run *run, uint64_t what)
{
    run->digest = sim_seed(run->digest ^ what, 1);
}

static uint32_t pick(struct run *run, uint32_t sides)
{
    return sim_pick(&run->random, sides);
}

static bool chance(struct run *run, uint32_t percent)
{
    return sim_chance(&run->random, percent);
}

/* what is always true */

static void read_journal(struct run *run)
{
    if (run->house.reader == NULL) {
        /* A fault may meet it; there is one at most until it is mended. */
        if (store_reader_open(&run->house.store, &run->house.reader) != STATUS_OK) {
            EXPECT(store_reader_open(&run->house.store, &run->house.reader) == STATUS_OK,
                   "the journal cannot be opened for reading");
        }
    }
    witness_read(&run->witness, run->house.reader);
}

static void check_queue(struct run *run)
{
    const struct engine *engine = ledger_engine(run->house.ledger);
    engine_check(engine);
    note(run, witness_compare(&run->witness, engine));
}

static const char *words(const char *body)
{
    return body == NULL ? "" : body;
}

/* What visitors said is with their tickets still. */
static void check_private_text(struct run *run)
{
    const struct engine *engine = ledger_engine(run->house.ledger);
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const int at = engine_counter(engine, i)->ticket;
        if (at < 0) {
            continue;
        }
        const char *id = engine_ticket(engine, (size_t)at)->id;
        for (int j = run->witness.ticket_count - 1; j >= 0; j--) {
            const struct witness_ticket *ticket = &run->witness.tickets[j];
            if (strcmp(ticket->id, id) == 0) {
                const char *said = run->traffic.requests[ticket->actor - 1].answers;
                const char *kept = words(ledger_texts_at(run->house.ledger, i)->answers);
                EXPECT(strcmp(said, kept) == 0, "the answers of %s are %s, and were %s", id, kept,
                       said);
                break;
            }
        }
    }
}

/* What was learned and its score are of one moment, not of the future, and no older than what was stored. */
static void check_kept(struct run *run)
{
    char knowledge[32];
    char score[32];
    struct study_kept *kept = ledger_load_kept(run->house.ledger);
    (void)snprintf(knowledge, sizeof knowledge, "k%" PRId64, kept->through_seq);
    (void)snprintf(score, sizeof score, "s%" PRId64, kept->through_seq);
    EXPECT(kept->through_seq <= run->witness.count && kept->through_seq >= run->kept_seq,
           "what was learned reaches to event %" PRId64 " of %" PRId64 ", and did to %" PRId64,
           kept->through_seq, run->witness.count, run->kept_seq);
    EXPECT(kept->knowledge == NULL ||
               (strcmp(kept->knowledge, knowledge) == 0 && strcmp(words(kept->score), score) == 0),
           "what was learned is of another moment than its score");
    study_kept_destroy(kept);
}

static void keep(struct run *run)
{
    char knowledge[32];
    char score[32];
    const int64_t through_seq = run->witness.count;
    (void)snprintf(knowledge, sizeof knowledge, "k%" PRId64, through_seq);
    (void)snprintf(score, sizeof score, "s%" PRId64, through_seq);
    const struct study_kept kept = {
        .through_seq = through_seq, .knowledge = knowledge, .score = score};
    ledger_keep(run->house.ledger, &kept);
    if (!run->fault_armed && !forgetful_is_off(run->house.disk)) {
        run->kept_seq = through_seq;
        check_kept(run);
    }
}

/* batches */

static void add_doubt(struct run *run, int64_t events)
{
    struct witness *witness = &run->witness;
    if (events > 0) {
        witness->doubts[witness->doubt_count++ % WITNESS_DOUBTS_MAX] = events;
    }
}

static void hear_refusal(struct run *run, const struct request *request, enum problem_code problem)
{
    TELL(run, "    refused: %s\n", problem_get(problem)->code);
    CHECK((int)problem < RUN_PROBLEMS_MAX);
    run->tally->refused++;
    run->tally->problems[problem]++;
    EXPECT(!request->heard, "request %d was accepted, and is refused when it is repeated (%s)",
           request->number, problem_get(problem)->code);
    EXPECT(request->key[0] == '\0' || run->witness.first_seq[request->number] == 0,
           "request %d is refused (%s), but event %" PRId64 " is its effect", request->number,
           problem_get(problem)->code, run->witness.first_seq[request->number]);
}

/* A ticket that somebody holds is in the journal and in the queue. */
static void check_ticket(const struct run *run, const struct request *request,
                         const struct desk_job *job)
{
    const struct witness *witness = &run->witness;
    for (int i = witness->ticket_count - 1; i >= 0; i--) {
        if (witness->tickets[i].actor == request->number) {
            EXPECT(strstr(words(job->body), witness->tickets[i].id) != NULL,
                   "request %d is told of another ticket than its own", request->number);
            return;
        }
    }
    sim_fail("request %d was given a ticket that is not in the journal", request->number);
}

static void hear_answer(struct run *run, struct request *request, struct desk_job *job)
{
    run->tally->accepted++;
    if (job->body == NULL && run->witness.first_seq[request->number] == 0) {
        return; /* nobody to call and nothing changed: decided anew each time */
    }
    if (job->command.type == COMMAND_ISSUE) {
        check_ticket(run, request, job);
    }
    if (request->heard && request->key[0] != '\0') {
        run->tally->repeats++;
        EXPECT(job->http_status == (request->http_status == 201 ? 200 : request->http_status) &&
                   strcmp(words(job->body), words(request->body)) == 0,
               "request %d is answered %d %s, and was answered %d %s", request->number,
               job->http_status, words(job->body), request->http_status, words(request->body));
        return;
    }
    if (chance(run, LOST_PERCENT)) {
        TELL(run, "    its answer is lost\n");
        run->tally->lost_answers++;
        return;
    }
    request->heard = true;
    request->http_status = job->http_status;
    request->body = strdup(words(job->body));
    CHECK(request->body != NULL);
}

static void settle_batch(struct run *run, const struct house_batch *batch)
{
    struct witness *witness = &run->witness;
    if (batch->stored) {
        /* What was written and not synced was overwritten now - unless this batch wrote nothing. */
        witness->doubt_count = batch->events > 0 ? 0 : witness->doubt_count;
    } else {
        run->tally->failed_batches++;
        TELL(run, "    nothing of it was stored: all hear so\n");
        add_doubt(run, batch->all_performed ? batch->events : 0);
    }
    if (forgetful_is_off(run->house.disk)) {
        witness->owed = batch->stored ? batch->events : 0;
        return; /* what is on it shows when it comes back */
    }
    const int64_t before = witness->count;
    read_journal(run);
    EXPECT(witness->count - before == (batch->stored ? batch->events : 0),
           "%" PRId64 " events were stored, and %" PRId64 " are there",
           batch->stored ? batch->events : 0, witness->count - before);
    EXPECT(ledger_is_whole(run->house.ledger), "the queue is not read back");
    check_queue(run);
}

/* Jobs are destroyed. */
static void run_jobs(struct run *run, struct request **requests, struct desk_job **jobs, int count)
{
    struct house_batch batch = {.jobs = jobs, .count = count};
    house_run(&run->house, &batch);
    note(run, (uint64_t)batch.stored << 32 ^ (uint64_t)batch.events ^
                  (uint64_t)forgetful_calls(run->house.disk) << 40);
    settle_batch(run, &batch);
    /* The power may go after the commit and before the answers: then nobody hears. */
    const bool heard = batch.stored && !forgetful_is_off(run->house.disk);
    for (int i = 0; i < count; i++) {
        if (heard && requests[i] != NULL) {
            TELL(run, "  request %d%s\n", requests[i]->number,
                 jobs[i]->problem == PROBLEM_NONE ? ": accepted" : "");
            if (jobs[i]->problem != PROBLEM_NONE) {
                hear_refusal(run, requests[i], jobs[i]->problem);
            } else {
                hear_answer(run, requests[i], jobs[i]);
            }
        }
        desk_job_destroy(jobs[i]);
    }
}

static void run_requests(struct run *run, struct request **requests, int count)
{
    struct desk_job *jobs[BATCH_MAX];
    for (int i = 0; i < count; i++) {
        const struct command *command = &requests[i]->command;
        jobs[i] = traffic_job(requests[i]);
        run->tally->requests++;
        TELL(run, "  request %d: %s %s%s%s%s%s\n", requests[i]->number,
             traffic_command_name(command->type),
             command->type >= COMMAND_OPEN_COUNTER ? command->counter : "",
             command->type == COMMAND_ISSUE || command->type == COMMAND_TRANSFER ? command->service
                                                                                 : "",
             command->type == COMMAND_LEAVE || command->type == COMMAND_PROMISE ? command->ticket_id
                                                                                : "",
             command->number != 0 ? ", handed over late" : "",
             requests[i]->key[0] == '\0' ? ", without a key" : "");
    }
    run_jobs(run, requests, jobs, count);
}

static void send_new(struct run *run)
{
    struct request *requests[BATCH_MAX];
    int count = 0;
    const int wanted = 1 + (int)(chance(run, 60) ? 0 : pick(run, BATCH_MAX));
    while (count < wanted) {
        struct request *made =
            traffic_make(&run->traffic, &run->house, &run->witness, &run->random);
        if (made == NULL) {
            return;
        }
        requests[count++] = made;
        /* The same again before it was answered: an impatient finger. */
        if (count < wanted && made->key[0] != '\0' && chance(run, 10)) {
            requests[count++] = made;
        }
    }
    run_requests(run, requests, count);
}

/* One that heard nothing, if any; else any. NULL: none may be repeated. */
static struct request *old_request(struct run *run)
{
    struct request *found = NULL;
    const bool any = chance(run, 30);
    const int start = run->traffic.count == 0 ? 0 : (int)pick(run, (uint32_t)run->traffic.count);
    for (int i = 0; i < run->traffic.count; i++) {
        struct request *request = &run->traffic.requests[(start + i) % run->traffic.count];
        if (request->key[0] == '\0' || run->house.true_ms - request->first_sent_ms > key_age_ms) {
            continue;
        }
        if (any || !request->heard) {
            return request;
        }
        found = found == NULL ? request : found;
    }
    return found;
}

static void repeat(struct run *run)
{
    struct request *request = old_request(run);
    if (request == NULL) {
        return;
    }
    TELL(run, "  request %d again, %s\n", request->number,
         request->heard ? "though it was answered" : "since nothing was heard");
    if (!request->heard || chance(run, 70)) {
        run_requests(run, &request, 1);
        return;
    }
    struct desk_job *job = traffic_job(request);
    job->body_hash[0] = 'f';
    struct house_batch batch = {.jobs = &job, .count = 1};
    house_run(&run->house, &batch);
    EXPECT(!batch.stored || (job->problem == PROBLEM_KEY_REUSED && batch.events == 0),
           "the key of request %d is taken with another body", request->number);
    run->tally->problems[PROBLEM_KEY_REUSED] += batch.stored;
    settle_batch(run, &batch);
    desk_job_destroy(job);
}

static void command_by_clock(struct run *run, enum command_type type)
{
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    struct request *nobody = NULL;
    job->command.type = type;
    (void)snprintf(job->command.actor, sizeof job->command.actor, "clock");
    TELL(run, "  the clock: %s\n", traffic_command_name(type));
    run_jobs(run, &nobody, &job, 1);
}

static bool is_up(const struct run *run)
{
    return run->house.ledger != NULL && !forgetful_is_off(run->house.disk);
}

static enum day_wish wish(struct run *run)
{
    const struct house *house = &run->house;
    return day_notes_wish(ledger_notes(house->ledger), ledger_engine(house->ledger), house->site,
                          clock_now_ms(house->clock));
}

/* As the desk does each second. */
static void look_round(struct run *run)
{
    if (is_up(run) && wish(run) == DAY_TO_CLOSE) {
        command_by_clock(run, COMMAND_CLOSE_DAY);
    }
    if (is_up(run) && wish(run) == DAY_TO_OPEN && clock_is_plausible(run->house.clock)) {
        command_by_clock(run, COMMAND_OPEN_DAY);
    }
    if (is_up(run) &&
        engine_dispatch_is_due(ledger_engine(run->house.ledger), house_now_ms(&run->house))) {
        command_by_clock(run, COMMAND_DISPATCH);
    }
}

/* starts and ends */

/* What a start finds: all that was known, and of what was in doubt one batch whole, or nothing. */
static void check_start(struct run *run)
{
    struct witness *witness = &run->witness;
    const int64_t before = witness->count;
    const int64_t by_site = witness->by_site;
    read_journal(run);
    /* The start itself journals a site that is new. */
    const int64_t came = witness->count - before - (witness->by_site - by_site);
    bool explained = came == witness->owed;
    EXPECT(came >= witness->owed, "%" PRId64 " events are lost that were stored",
           witness->owed - came);
    for (int i = 0; i < witness->doubt_count && i < WITNESS_DOUBTS_MAX && !explained; i++) {
        explained = came == witness->doubts[i];
        run->tally->resurrected += explained;
    }
    EXPECT(explained, "%" PRId64 " events came from nowhere, or a batch by half", came);
    witness->owed = 0;
    TELL(run, "  started: %" PRId64 " events, %" PRId64 " of them new\n", witness->count,
         witness->count - before);
    witness_read_again(witness, run->house.reader);
    check_queue(run);
    check_private_text(run);
    check_kept(run);
}

static void start(struct run *run)
{
    run->watched = NULL;
    for (int attempt = 0; run->house.ledger == NULL; attempt++) {
        if (attempt == 0 && chance(run, 25)) { /* the power is not reliable yet */
            forgetful_cut_at(run->house.disk, 1 + (int64_t)pick(run, 12));
        }
        const enum status status = house_start(&run->house);
        if (forgetful_is_off(run->house.disk)) {
            TELL(run, "  the power goes while it starts\n");
            run->tally->failed_starts++;
            house_restart_machine(&run->house, FORGETFUL_KEEP_SOME);
            continue;
        }
        forgetful_cut_at(run->house.disk, 0);
        run->tally->starts += status == STATUS_OK;
        run->tally->failed_starts += status != STATUS_OK;
        if (status == STATUS_OK) {
            break;
        }
        TELL(run, "  does not start: %s\n", run->house.error);
        EXPECT(attempt < 3, "the server does not start: %s", run->house.error);
        EXPECT(status != STATUS_CORRUPT, "the journal is damaged: %s", run->house.error);
        if (status == STATUS_CONFLICT) {
            run->house.site = run->choices[0]; /* the new file does not fit into this day */
        }
    }
    check_start(run);
}

static void set_wall_clock(struct run *run)
{
    static const int64_t offs[] = {0,       0,       0, 1500, -1500, -20 * (int64_t)MINUTE_MS,
                                   HOUR_MS, -HOUR_MS};
    struct house *house = &run->house;
    house->wall_off_ms = offs[pick(run, sizeof offs / sizeof offs[0])];
    if (chance(run, 8)) {
        house->wall_off_ms = -house->true_ms; /* 1970: a clock without a battery */
    }
    TELL(run, "  the machine's UTC is off by %" PRId64 " s\n", house->wall_off_ms / 1000);
}

static void power_cut(struct run *run)
{
    static const enum forgetful_keep keeps[] = {FORGETFUL_KEEP_NOTHING, FORGETFUL_KEEP_SOME,
                                                FORGETFUL_KEEP_ALL};
    TELL(run, "  power cut\n");
    run->tally->power_cuts++;
    house_restart_machine(&run->house, keeps[pick(run, 3)]);
    run->fault_armed = false;
    run->house.booted_ms = run->house.true_ms;
    run->house.true_ms += 20000 + (int64_t)pick(run, 600) * 1000;
    if (chance(run, 30)) {
        set_wall_clock(run);
    }
    start(run);
    run->witness.doubt_count = 0;
}

/* SIGKILL: what was written is kept by the kernel. */
static void killed(struct run *run)
{
    TELL(run, "  killed\n");
    run->tally->kills++;
    house_restart_machine(&run->house, FORGETFUL_KEEP_ALL);
    run->fault_armed = false;
    start(run);
    run->witness.doubt_count = 0;
}

/* steps */

static void step_batch(struct run *run)
{
    send_new(run);
}

static void step_time(struct run *run)
{
    const uint32_t roll = pick(run, 100);
    int64_t passes_ms = (int64_t)pick(run, 20) * MINUTE_MS;
    if (roll < 9) {
        passes_ms = (int64_t)pick(run, 16) * HOUR_MS;
    } else if (roll < 12) {
        passes_ms = (int64_t)pick(run, 14) * 24 * HOUR_MS;
    }
    run->house.true_ms += passes_ms;
    TELL(run, "  %" PRId64 " min pass\n", passes_ms / MINUTE_MS);
}

static void interrupted_batch(struct run *run)
{
    forgetful_cut_at(run->house.disk, 1 + (int64_t)pick(run, 14));
    if (chance(run, 80)) {
        send_new(run);
    } else {
        repeat(run);
    }
    run->tally->cuts_in_batches += forgetful_is_off(run->house.disk);
    if (is_up(run) && chance(run, 50)) {
        send_new(run); /* it was further off */
    }
}

static void step_cut(struct run *run)
{
    if (chance(run, 75)) {
        interrupted_batch(run);
    }
    power_cut(run);
}

static void step_kill(struct run *run)
{
    if (chance(run, 75)) {
        interrupted_batch(run);
    }
    killed(run);
}

static void mend(struct run *run)
{
    if (run->fault_armed) {
        run->tally->faults_met += forgetful_has_failed(run->house.disk);
        TELL(run, "  the disk is mended%s\n",
             forgetful_has_failed(run->house.disk) ? "" : ", which nobody had noticed");
    }
    forgetful_fail_at(run->house.disk, FORGETFUL_WRITE, 0, SQLITE_OK, false);
    run->fault_armed = false;
}

static void step_fault(struct run *run)
{
    static const struct {
        enum forgetful_call call;
        int result;
        const char *name;
    } faults[] = {{FORGETFUL_WRITE, SQLITE_FULL, "full"},
                  {FORGETFUL_WRITE, SQLITE_FULL, "full"},
                  {FORGETFUL_WRITE, SQLITE_IOERR_WRITE, "failing to write"},
                  {FORGETFUL_SYNC, SQLITE_IOERR_FSYNC, "failing to sync"},
                  {FORGETFUL_TRUNCATE, SQLITE_IOERR_TRUNCATE, "failing to truncate"}};
    const size_t which = pick(run, sizeof faults / sizeof faults[0]);
    const bool for_good = chance(run, 50);
    TELL(run, "  the disk is %s%s\n", faults[which].name, for_good ? " until mended" : "");
    forgetful_fail_at(run->house.disk, faults[which].call, 1 + (int64_t)pick(run, 5),
                      faults[which].result, for_good);
    run->fault_armed = true;
    for (uint32_t i = pick(run, 3) + 1; i > 0; i--) {
        send_new(run);
    }
    if (chance(run, 60)) {
        mend(run);
    }
}

static void step_restart(struct run *run)
{
    const struct site *before = run->house.site;
    if (chance(run, 50)) {
        run->house.site = run->choices[pick(run, 4)];
        run->tally->site_changes += run->house.site != before;
    }
    TELL(run, "  stopped and started, with the site %s\n", site_code(run->house.site));
    house_stop(&run->house);
    mend(run);
    run->choices[0] = before; /* what it goes back to when the new one does not fit */
    start(run);
    run->choices[0] = run->house.site;
}

static void step_quiet(struct run *run)
{
    ledger_idle(run->house.ledger);
    if (chance(run, 30)) {
        ledger_tidy(run->house.ledger);
    }
    if (chance(run, 70)) {
        keep(run);
    }
}

struct step_kind {
    const char *name;
    void (*run)(struct run *run);
    int percent;
};

static const struct step_kind kinds[] = {
    {"requests", step_batch, 54},
    {"a repeat", repeat, 12},
    {"time", step_time, 12},
    {"a power cut", step_cut, 5},
    {"a kill", step_kill, 4},
    {"a fault", step_fault, 4},
    {"a restart", step_restart, 4},
    {"a quiet moment", step_quiet, 3},
    {"a set clock", set_wall_clock, 2},
};

/* Whoever sets the machine's clock: engine time goes as time does, and leans towards it by 500 ppm at most. */
static void check_clock(struct run *run)
{
    struct house *house = &run->house;
    const int64_t now_ms = house_now_ms(house);
    const int64_t passed_ms = house->true_ms - run->watched_true_ms;
    const int64_t told_ms = now_ms - run->watched_now_ms;
    const int64_t lean_ms = passed_ms / 2000 + 2;
    if (run->watched == house->clock) {
        EXPECT(told_ms >= passed_ms - lean_ms && told_ms <= passed_ms + lean_ms,
               "engine time went on by %" PRId64 " ms in %" PRId64 " ms", told_ms, passed_ms);
    }
    run->watched = clock_is_plausible(house->clock) ? house->clock : NULL;
    run->watched_true_ms = house->true_ms;
    run->watched_now_ms = now_ms;
}

static void run_step(struct run *run)
{
    run->random = sim_seed(run->plan->seed, 1000 + (uint64_t)run->step);
    int roll = (int)pick(run, 100);
    size_t kind = 0;
    while (roll >= kinds[kind].percent) {
        roll -= kinds[kind++].percent;
        CHECK(kind < sizeof kinds / sizeof kinds[0]);
    }
    const int64_t step_ms =
        (int64_t)pick(run, 2500); /* no two picks in one expression: compilers differ */
    run->house.true_ms += (int64_t)pick(run, 40) * step_ms;
    check_clock(run);
    look_round(run);
    char day[QUARTER_DAY_LEN + 1];
    site_local_day(run->house.site, house_now_ms(&run->house), day);
    TELL(run, "step %d: %s, at %s %+" PRId64 " s\n", run->step, kinds[kind].name, day,
         (house_now_ms(&run->house) - run->house.true_ms) / 1000);
    kinds[kind].run(run);
    run->tally->steps++;
    if (forgetful_is_off(run->house.disk)) {
        power_cut(run);
    }
}

/* libsodium's chance, so that a run is the same each time: its interface has no context. */
static uint64_t sodium_random;

static const char *sodium_name(void)
{
    return "simulated";
}

static uint32_t sodium_word(void)
{
    return (uint32_t)(sim_next(&sodium_random) >> 32);
}

static void sodium_bytes(void *const to, const size_t size)
{
    unsigned char *bytes = to;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(sim_next(&sodium_random) >> 40);
    }
}

static void seed_sodium(uint64_t seed)
{
    static struct randombytes_implementation implementation = {
        .implementation_name = sodium_name, .random = sodium_word, .buf = sodium_bytes};
    CHECK(randombytes_set_implementation(&implementation) == 0);
    CHECK(sodium_init() >= 0); /* draws some itself, the first time */
    sodium_random = sim_seed(seed, 2);
}

int run_step_count(uint64_t seed)
{
    return 100 + (int)(sim_seed(seed, 3) % 101);
}

/* UTC: an ordinary morning, nights in which clocks change (in London and St John's), the year's end, a leap day. */
static int64_t first_ms(uint64_t seed)
{
    static const int64_t beginnings_s[] = {1795510200, 1795510200, 1774735200, 1792881000,
                                           1798758000, 1835388000, 1772940600, 1781506800};
    return beginnings_s[sim_seed(seed, 4) % 8] * 1000 + (int64_t)(sim_seed(seed, 5) % HOUR_MS);
}

static void finish(struct run *run)
{
    run->tally->runs++;
    run->tally->days += run->witness.seen[EVENT_DAY_OPENED];
    run->tally->calls_compared += run->witness.calls_compared;
    for (int i = 0; i < EVENT_TYPES; i++) {
        run->tally->events[i] += run->witness.seen[i];
    }
    house_tear_down(&run->house);
    witness_tear_down(&run->witness);
    traffic_tear_down(&run->traffic);
}

uint64_t run_seed(const struct run_plan *plan, struct sim_sites *sites, struct run_tally *tally)
{
    static struct run run; /* large; one at a time */
    memset(&run, 0, sizeof run);
    run.plan = plan;
    run.tally = tally;
    run.sites = sites;
    seed_sodium(plan->seed);
    house_set_up(&run.house, plan->seed, plan->dir, first_ms(plan->seed));
    if (plan->disk_lies) {
        forgetful_lie(run.house.disk);
    }
    for (int i = 0; i < 4; i++) {
        run.choices[i] =
            sim_sites_get(sites, (int)(sim_seed(plan->seed, 10 + (uint64_t)i) % SIM_SITES));
    }
    run.house.site = run.choices[0];
    witness_set_up(&run.witness, sites, site_rules(run.house.site));
    traffic_set_up(&run.traffic);
    start(&run);
    const int steps = run_step_count(plan->seed);
    for (run.step = 0; run.step < steps; run.step++) {
        if (!plan->left_out[run.step]) {
            run_step(&run);
        }
    }
    note(&run, (uint64_t)run.witness.count);
    const uint64_t digest = run.digest;
    finish(&run);
    return digest;
}
