/* See press.h. */
#include "press.h"

#include <string.h>

bool press_is_shown(const struct press *press, const struct journey *journey)
{
    return press->page == journey->page && press->part == journey->at &&
           press->asking == journey->asking;
}

void press_show(struct press *press, const struct journey *journey, int64_t now_ms)
{
    if (press_is_shown(press, journey))
        return;
    press->page = journey->page;
    press->part = journey->at;
    press->asking = journey->asking;
    press->since_ms = now_ms;
    press_cancel(press);
}

bool press_down(struct press *press, const struct journey *journey, const char *id, int64_t at_ms)
{
    press_cancel(press);
    if (id == NULL || strlen(id) >= sizeof press->id || !press_is_shown(press, journey) ||
        at_ms < press->since_ms)
        return false;
    memcpy(press->id, id, strlen(id) + 1);
    return true;
}

static bool is_on(const struct press *press, const char *id)
{
    return press->id[0] != '\0' && id != NULL && strcmp(press->id, id) == 0;
}

bool press_move(struct press *press, const char *id)
{
    if (press->id[0] == '\0' || is_on(press, id))
        return false;
    press_cancel(press);
    return true;
}

bool press_up(struct press *press, const struct journey *journey, const char *id)
{
    bool pressed = is_on(press, id) && press_is_shown(press, journey);
    press_cancel(press);
    return pressed;
}

void press_cancel(struct press *press)
{
    press->id[0] = '\0';
}
