/* The forecast's own thread, of low priority: it learns from the journal (study.h), runs the forecast on what the
 * desk shows it (scene.h), and answers what-ifs. Commands never wait for it: the desk and it hand each other whole,
 * finished things by exchanging pointers, and neither ever takes a lock that the other may hold.
 *
 * It rests as long as it has worked, so that it takes half a core at most (a sixth while commands come in a flood), and
 * starts no more than 20 forecasts a second. */
#ifndef QUARTER_HTTP_FORECAST_THREAD_H
#define QUARTER_HTTP_FORECAST_THREAD_H

#include <stdint.h>

#include "http/desk.h"
#include "http/metrics.h"
#include "http/scene.h"
#include "http/study.h"
#include "http/waits.h"

enum { FORECAST_GAP_MS = 50, FORECAST_QUESTIONS_MAX = 4 };

struct forecast_config {
    struct study_config study;
    struct metrics *metrics;
};

struct forecast_thread;

struct forecast_thread *forecast_thread_create(const struct forecast_config *config);
/* kept: what the store has, taken; NULL: nothing. poke(context) says, from the thread, that something is to be taken. */
void forecast_thread_start(struct forecast_thread *thread, struct study_kept *kept,
                           void (*poke)(void *context), void *context);
/* Ends what it does; open questions are answered with STOPPING, later ones refused. */
void forecast_thread_stop(struct forecast_thread *thread);
void forecast_thread_destroy(struct forecast_thread *thread); /* NULL-safe */

/* --- the desk's side: its thread only */

/* From which monotonic instant on it takes a scene; INT64_MAX: it will poke first. */
int64_t forecast_thread_ready_ms(const struct forecast_thread *thread);
/* Would a new forecast differ though nothing happened, since it has learned much? Said once. */
bool forecast_thread_wants_scene(struct forecast_thread *thread);
/* A scene to fill and give back at once; NULL: not ready. */
struct scene *forecast_thread_borrow(struct forecast_thread *thread);
void forecast_thread_give(struct forecast_thread *thread, struct scene *scene);
/* What is new since the last call, and the caller's then; NULL: nothing. */
struct waits *forecast_thread_take_waits(struct forecast_thread *thread);
struct waits_today *forecast_thread_take_today(struct forecast_thread *thread);
struct study_kept *forecast_thread_take_kept(struct forecast_thread *thread);

/* --- any thread */

/* DESK_ADVICE, DESK_WHAT_IF. PROBLEM_NONE, or why it was not taken (then done() is not called): TOO_BUSY, STOPPING. */
enum problem_code forecast_thread_ask(struct forecast_thread *thread, struct desk_job *job);

#endif
