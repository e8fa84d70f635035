/* Answers what-ifs and asks for advice, from what the desk showed last: codes in, JSON out. Owned by the forecast's thread;
 * an answer takes up to some seconds when thousands wait. */
#ifndef QUARTER_HTTP_COUNSEL_H
#define QUARTER_HTTP_COUNSEL_H

#include "http/desk.h"
#include "http/scene.h"
#include "http/waits.h"

struct counsel;

struct counsel *counsel_create(void);
void counsel_destroy(struct counsel *counsel);

/* Of an open day, with a sampler. DESK_ADVICE (kept for a while), DESK_WHAT_IF: sets the outcome of the job. */
void counsel_answer(struct counsel *counsel, const struct scene *scene, struct desk_job *job);
/* The rest of the day when nothing is changed, roughly: all but its day and as_of_ms. */
void counsel_look(struct counsel *counsel, const struct scene *scene, struct waits_today *today);

#endif
