/* A call that stands is `due` while an announcement of it has had no turn yet: the number that gives it its place in
 * the line. Everything else follows from the standing calls and the time the last turn began. */
#include "display/board/board.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { MINUTE_MS = 60000, DAY_MS = 24 * 60 * 60000, AMBER_S = 600, RED_S = 900 };

struct standing {
    struct board_call call;
    int32_t due; /* 0: announced */
};

/* A delay as it was told last. */
struct delay {
    char service[QUARTER_CODE_MAX + 1];
    struct wait_delay told;
    int64_t news_ms; /* monotonic: when it appeared or grew; INT64_MIN: before the start */
};

struct board {
    struct board_view *view; /* the last one */
    bool heard;              /* a view, at least one */
    struct client_clock clock;
    int64_t created_ms, news_ms; /* monotonic */
    int32_t seen; /* the highest announcement that was given a turn or a place in the line */
    int count;
    struct standing standing[WIRE_CALLS_MAX];
    char top[QUARTER_ULID_LEN +
             1];    /* the ticket that had the last turn; "" before, or once it ended */
    bool top_again; /* it was on top already when its turn began */
    bool had_turn;
    int64_t turn_ms; /* when that turn began and chimed */
    int delay_count;
    struct delay delays[QUARTER_SERVICES_MAX];
    bool note_due, had_note;
    int64_t note_ms; /* when the last note sounded */
};

struct board *board_create(int64_t now_ms)
{
    struct board *board = calloc(1, sizeof *board);
    if (board == NULL)
        return NULL;
    board->view = calloc(1, sizeof *board->view);
    if (board->view == NULL) {
        free(board);
        return NULL;
    }
    board->created_ms = board->news_ms = now_ms;
    return board;
}

void board_destroy(struct board *board)
{
    if (board == NULL)
        return;
    free(board->view);
    free(board);
}

static const struct standing *find_standing(const struct standing *list, int count,
                                            const char *ticket)
{
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].call.ticket, ticket) == 0)
            return &list[i];
    return NULL;
}

/* What the call in the view owes: a place in the line, the one it had, or nothing. */
static int32_t due_of(const struct board *board, const struct board_call *call,
                      const struct standing *before, bool numbers_restart)
{
    if (!board->heard)
        return 0;
    if (before != NULL && before->due > 0)
        return numbers_restart ? call->announcement : before->due;
    bool is_new = numbers_restart
                      ? before == NULL || before->call.announcement != call->announcement
                      : call->announcement > board->seen;
    return is_new ? call->announcement : 0;
}

static int by_newest(const void *left, const void *right)
{
    const struct standing *a = left;
    const struct standing *b = right;
    return (a->call.announcement < b->call.announcement) -
           (a->call.announcement > b->call.announcement);
}

static const struct delay *find_delay(const struct delay *list, int count, const char *service)
{
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].service, service) == 0)
            return &list[i];
    return NULL;
}

static bool is_news(const struct delay *before, const struct wait_delay *now)
{
    return before == NULL || now->high_min > before->told.high_min ||
           now->since_ms > before->told.since_ms;
}

static void take_delays(struct board *board, const struct board_view *view, int64_t now_ms)
{
    struct delay fresh[QUARTER_SERVICES_MAX];
    int count = 0;
    for (int i = 0; i < view->service_count; i++) {
        const struct board_service *service = &view->services[i];
        if (!service->delayed.known)
            continue;
        const struct delay *before =
            find_delay(board->delays, board->delay_count, service->service);
        struct delay *delay = &fresh[count++];
        *delay = (struct delay){.told = service->delayed,
                                .news_ms = before == NULL ? INT64_MIN : before->news_ms};
        memcpy(delay->service, service->service, sizeof delay->service);
        if (board->heard && is_news(before, &delay->told)) {
            delay->news_ms = now_ms;
            board->note_due = true;
        }
    }
    memcpy(board->delays, fresh, (size_t)count * sizeof fresh[0]);
    board->delay_count = count;
    if (count == 0)
        board->note_due = false; /* it is over before anybody was told */
}

void board_take_view(struct board *board, const struct board_view *view, int64_t now_ms)
{
    struct standing fresh[WIRE_CALLS_MAX];
    int count = 0;
    int32_t highest = view->announcement;
    bool restart = board->heard && (strcmp(view->day, board->view->day) != 0 ||
                                    view->announcement < board->view->announcement);
    CHECK(view->call_count >= 0 && view->call_count <= WIRE_CALLS_MAX);
    for (int i = 0; i < view->call_count; i++) {
        const struct board_call *call = &view->calls[i];
        if (find_standing(fresh, count, call->ticket) != NULL)
            continue; /* a ticket is at one counter at most: a second one is the server's slip */
        const struct standing *before = find_standing(board->standing, board->count, call->ticket);
        fresh[count++] =
            (struct standing){.call = *call, .due = due_of(board, call, before, restart)};
        if (call->announcement > highest)
            highest = call->announcement;
    }
    qsort(fresh, (size_t)count, sizeof fresh[0], by_newest);
    memcpy(board->standing, fresh, (size_t)count * sizeof fresh[0]);
    board->count = count;
    board->seen = highest > board->seen || restart ? highest : board->seen;
    if (find_standing(board->standing, board->count, board->top) == NULL)
        board->top[0] = '\0'; /* should it be called anew, it has to wait for its turn */
    take_delays(board, view, now_ms);
    *board->view = *view;
    board->heard = true;
    board->clock = view->clock;
    board->news_ms = now_ms;
}

void board_take_clock(struct board *board, const struct client_clock *clock)
{
    board->clock = *clock;
    board->news_ms = clock->heard_at_ms;
}

static const struct standing *next_due(const struct board *board)
{
    const struct standing *next = NULL;
    for (int i = 0; i < board->count; i++) {
        const struct standing *standing = &board->standing[i];
        if (standing->due > 0 && (next == NULL || standing->due < next->due))
            next = standing;
    }
    return next;
}

/* The earliest moment of the next turn, when somebody waits for one. */
static int64_t next_turn_ms(const struct board *board)
{
    if (!board->had_turn)
        return INT64_MIN;
    bool ended = board->top[0] == '\0';
    return board->turn_ms + (ended ? BOARD_CHIME_GAP_MS : BOARD_SHORT_TURN_MS);
}

/* The call of the last turn while it stands, else the newest that needs no turn; NULL: none. A call that waits for a
 * second turn (it was recalled) has had its first. */
static const struct standing *top_of(const struct board *board)
{
    const struct standing *last = find_standing(board->standing, board->count, board->top);
    if (last != NULL)
        return last;
    for (int i = 0; i < board->count; i++)
        if (board->standing[i].due == 0)
            return &board->standing[i];
    return NULL;
}

bool board_advance(struct board *board, int64_t now_ms, struct board_call *announced)
{
    const struct standing *next = next_due(board);
    if (next == NULL || now_ms < next_turn_ms(board))
        return false;
    struct standing *standing = &board->standing[next - board->standing];
    board->top_again = top_of(board) == standing;
    memcpy(board->top, standing->call.ticket, sizeof board->top);
    board->had_turn = true;
    board->turn_ms = now_ms;
    standing->due = 0;
    *announced = standing->call;
    return true;
}

/* The earliest moment of the next note, when one is due and no call waits for its turn. */
static int64_t next_note_ms(const struct board *board)
{
    int64_t after_chime_ms = board->had_turn ? board->turn_ms + BOARD_CHIME_GAP_MS : INT64_MIN;
    int64_t after_note_ms = board->had_note ? board->note_ms + BOARD_NOTE_GAP_MS : INT64_MIN;
    return after_chime_ms > after_note_ms ? after_chime_ms : after_note_ms;
}

bool board_take_note(struct board *board, int64_t now_ms)
{
    if (!board->note_due || next_due(board) != NULL || now_ms < next_note_ms(board))
        return false;
    board->note_due = false;
    board->had_note = true;
    board->note_ms = now_ms;
    return true;
}

static void sooner(int64_t *earliest_ms, int64_t at_ms, int64_t now_ms)
{
    if (at_ms > now_ms && at_ms < *earliest_ms)
        *earliest_ms = at_ms;
}

int board_sleep_ms(const struct board *board, int64_t now_ms)
{
    int64_t earliest_ms = now_ms + BOARD_TICK_MS - (now_ms - board->created_ms) % BOARD_TICK_MS;
    if (next_due(board) != NULL)
        sooner(&earliest_ms, next_turn_ms(board), now_ms);
    if (board->had_turn) {
        sooner(&earliest_ms, board->turn_ms + BOARD_BLINK_MS, now_ms);
        sooner(&earliest_ms, board->turn_ms + BOARD_TURN_MS, now_ms);
    }
    if (board->note_due && next_due(board) == NULL)
        sooner(&earliest_ms, next_note_ms(board), now_ms);
    for (int i = 0; i < board->delay_count; i++)
        if (board->delays[i].news_ms != INT64_MIN)
            sooner(&earliest_ms, board->delays[i].news_ms + BOARD_FRESH_MS, now_ms);
    sooner(&earliest_ms, board->news_ms + BOARD_STALE_MS, now_ms);
    if (client_clock_is_set(&board->clock)) {
        int64_t into_minute_ms = client_clock_utc_ms(&board->clock, now_ms) % MINUTE_MS;
        sooner(&earliest_ms, now_ms + MINUTE_MS - into_minute_ms, now_ms);
    }
    return (int)(earliest_ms - now_ms);
}

/* --- the picture ------------------------------------------------------------------------------------------------- */

static void picture_calls(const struct board *board, int64_t now_ms, struct board_picture *picture)
{
    const struct standing *top = top_of(board);
    picture->has_top = top != NULL;
    if (top != NULL)
        picture->calls[picture->call_count++] = top->call;
    for (int i = 0; i < board->count; i++)
        if (&board->standing[i] != top)
            picture->calls[picture->call_count++] = board->standing[i].call;
    if (top == NULL || !board->had_turn || strcmp(top->call.ticket, board->top) != 0)
        return;
    int64_t lit_from_ms = board->turn_ms + (board->top_again ? BOARD_BLINK_MS : 0);
    picture->top_fresh = now_ms >= lit_from_ms && now_ms < board->turn_ms + BOARD_TURN_MS;
}

static const struct board_service *find_service(const struct board_view *view, const char *code)
{
    for (int i = 0; i < view->service_count; i++)
        if (strcmp(view->services[i].service, code) == 0)
            return &view->services[i];
    return NULL;
}

static struct board_row row_of(const struct board_service *service, int index)
{
    int32_t median_s = service->wait.known ? service->wait.p50_s : 0;
    return (struct board_row){
        .service = index,
        .waiting = service->waiting,
        .wait_known = service->wait.known,
        .low_min = service->wait.low_min,
        .high_min = service->wait.high_min,
        .tone = median_s >= RED_S     ? BOARD_RED
                : median_s >= AMBER_S ? BOARD_AMBER
                                      : BOARD_CALM,
        .delayed = service->delayed.known,
    };
}

static void picture_rows(const struct board_view *view, const struct site_info *site,
                         struct board_picture *picture)
{
    for (int g = 0; g < site->group_count; g++) {
        const struct site_group *group = &site->groups[g];
        for (int i = 0; i < group->service_count; i++) {
            const struct board_service *service =
                find_service(view, site->services[group->services[i]].code);
            if (service != NULL && picture->row_count < QUARTER_SERVICES_MAX)
                picture->rows[picture->row_count++] = row_of(service, group->services[i]);
        }
    }
}

static int by_latest(const void *left, const void *right)
{
    const struct delay *a = left;
    const struct delay *b = right;
    int newer = (a->news_ms < b->news_ms) - (a->news_ms > b->news_ms);
    return newer != 0 ? newer : strcmp(a->service, b->service);
}

static void picture_delays(const struct board *board, const struct site_info *site, int64_t now_ms,
                           struct board_picture *picture)
{
    struct delay delays[QUARTER_SERVICES_MAX];
    memcpy(delays, board->delays, sizeof delays);
    qsort(delays, (size_t)board->delay_count, sizeof delays[0], by_latest);
    for (int i = 0; i < board->delay_count; i++) {
        const struct site_service *service = site_info_find_service(site, delays[i].service);
        if (service == NULL)
            continue;
        picture->delays[picture->delay_count++] = (struct board_delay){
            .service = (int)(service - site->services),
            .low_min = delays[i].told.low_min,
            .high_min = delays[i].told.high_min,
            .fresh = delays[i].news_ms != INT64_MIN && now_ms < delays[i].news_ms + BOARD_FRESH_MS,
        };
    }
}

static bool is_closed(const struct board_view *view)
{
    for (int i = 0; i < view->service_count; i++)
        if (view->services[i].waiting > 0)
            return false;
    return !view->open && view->call_count == 0;
}

static int64_t local_day(const struct client_clock *clock, int64_t utc_ms)
{
    return (utc_ms + (int64_t)clock->utc_offset_s * 1000) / DAY_MS;
}

static void picture_opening(const struct board *board, int64_t now_ms,
                            struct board_picture *picture)
{
    int64_t opens_ms = board->view->next_open_ms;
    int64_t utc_ms = client_clock_utc_ms(&board->clock, now_ms);
    picture->opens_known = opens_ms > utc_ms;
    if (!picture->opens_known)
        return;
    picture->opens = client_clock_localise(&board->clock, opens_ms);
    picture->opens_in_days =
        (int)(local_day(&board->clock, opens_ms) - local_day(&board->clock, utc_ms));
}

void board_picture(const struct board *board, const struct site_info *site, int64_t now_ms,
                   struct board_picture *picture)
{
    const struct board_view *view = board->view;
    *picture = (struct board_picture){.page = BOARD_STARTING};
    picture->tick = (int)((now_ms - board->created_ms) / BOARD_TICK_MS);
    picture->stale = now_ms - board->news_ms >= BOARD_STALE_MS;
    if (!board->heard)
        return;
    picture->page = is_closed(view) ? BOARD_CLOSED : BOARD_LIVE;
    client_clock_hhmm(&board->clock, now_ms, picture->clock);
    client_clock_hhmm(&board->clock, board->news_ms, picture->news);
    picture_calls(board, now_ms, picture);
    picture_opening(board, now_ms, picture);
    if (site != NULL) {
        picture_rows(view, site, picture);
        picture_delays(board, site, now_ms, picture);
    }
    picture->notices = view->notices;
    picture->notice_count = view->notice_count;
}
