/* A kiosk under test: the journey, the clock, what it asked the world to do, and a centre small enough to know by heart.
 *
 *   group 0  service 0  nothing is asked
 *            service 1  asked first: question 0 (before), question 1 (about)
 *   group 1  service 2  offered on ready: questions 2 (children), 3 (documents), 4 (reference)
 *   -        service 3  "I'm not sure"
 *   group 2  service 4  asked first: question 0, question 5 (what happened); question 1 leads here
 *
 *   question 0  one: first | chasing, avoidable
 *            1  one: stay | signpost 0 | service 4 | urgent, need 1 | signpost 1
 *            2  yes_no: yes, need 2 | no
 *            3  several: need 0 | assisted | nothing
 *            4  number of 8 digits
 *            5  text of 20 letters
 * Signpost 0 prints, 1 does not. Three languages, three needs. */
#ifndef QUARTER_TEST_JOURNEY_KIT_H
#define QUARTER_TEST_JOURNEY_KIT_H

#include "journey/journey.h"

extern const struct journey_site centre;

struct kiosk {
    struct journey j;
    int64_t now;
    unsigned effects; /* of the last step */
    int issues, prints, adopted, visits, helps, hushes;
    char cancelled[JOURNEY_KEY_LEN + 1];
    struct journey_visit visit; /* the last one recorded */
    int keys;
};

void send(struct kiosk *k, struct journey_input input);
void tick_after(struct kiosk *k, int64_t ms);
void touch_after(struct kiosk *k, int64_t ms, enum journey_action action, int item);
void touch(struct kiosk *k, enum journey_action action, int item); /* a second later */
void press_key(struct kiosk *k);                                   /* likewise */
void scan(struct kiosk *k, const char *text, int service);         /* likewise */
void type(struct kiosk *k, const char *ascii);                     /* a letter a second */
void answer(struct kiosk *k, const char *key, const char *number);
void refuse(struct kiosk *k, enum journey_problem problem);
void report_job(struct kiosk *k, enum journey_job job);
void report_help(struct kiosk *k, enum journey_help help);

struct kiosk at_welcome_page(void); /* online, with a printer that has paper */
struct kiosk at_services_page(void);
struct kiosk at_ready_page(void); /* of service 2 */
struct kiosk at_getting_page(void);
struct kiosk at_done_page(void);
struct kiosk at_question_page(void); /* 0, of service 1 */

#endif
