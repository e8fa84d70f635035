/* Deviating staff. See messy.h. */
#include "simulate/messy.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { SECOND_LEG_ID = 100000, CALLABLE_MAX = 4096 };

static const double deviation_share = 0.10;
static const double pause_ms = 300000.0;

/* The reference's hash of two whole numbers to [0, 1). */
static double chance(uint64_t a, uint64_t b)
{
    uint32_t x = (uint32_t)(a * UINT64_C(2654435761)) ^ (uint32_t)(b * 40503 + 977);
    x ^= x >> 16;
    x *= UINT32_C(0x45d9f3b);
    x ^= x >> 16;
    x *= UINT32_C(0x45d9f3b);
    x ^= x >> 16;
    return x / 4294967296.0;
}

static int number_of(const char *code, int place)
{
    while (*code != '\0' && !isdigit((unsigned char)*code)) {
        code++;
    }
    const long number = strtol(code, NULL, 10);
    return number > 0 && number < 1000000 ? (int)number : place;
}

void messy_init(struct messy *messy, const struct trace_site *site)
{
    *messy = (struct messy){.counter_count = site->counter_count,
                            .stranger_factor = WORLD_STRANGER_FACTOR};
    for (int i = 0; i < site->counter_count; i++) {
        messy->numbers[i] = number_of(site->counter_codes[i], i + 1);
        messy->speeds[i] = messy_speed(messy->numbers[i]);
        if (site->counters[i].speed > 0) {
            messy->speeds[i] *= site->counters[i].speed;
        }
        messy->languages[i] = site->counters[i].languages;
        messy->break_from_ms[i] =
            site->counters[i].break_count > 0 ? site->counters[i].breaks[0].from_ms : INT64_MAX;
    }
}

double messy_speed(int number)
{
    return exp(0.2 * sin(7.3 * number));
}

void messy_start(struct messy *messy, int first_legs)
{
    messy->first_legs = first_legs;
    for (int i = 0; i < messy->counter_count; i++) {
        messy->fractions_ms[i] = 0;
    }
}

/* Who did not wait starts on arrival: at a whole ms, or, after a transfer, when the first counter was done. */
static double start_fraction(const struct messy *messy, const struct world *world, int32_t ticket,
                             int counter)
{
    const struct world_ticket *leg = world_ticket(world, ticket);
    if (leg->visit->arrives_ms < world_now_ms(world)) {
        return messy->fractions_ms[counter];
    }
    return leg->leg_of == WORLD_NOBODY
               ? 0
               : messy->fractions_ms[world_ticket(world, leg->leg_of)->counter];
}

static int64_t round_end(struct messy *messy, int counter, double from_fraction, double length_ms)
{
    const double exact_ms = from_fraction + length_ms;
    const double rounded_ms = floor(exact_ms + 0.5);
    messy->fractions_ms[counter] = exact_ms - rounded_ms;
    return (int64_t)rounded_ms;
}

int64_t messy_service_ms(void *context, const struct world *world, int32_t ticket, int counter,
                         int64_t service_ms)
{
    struct messy *messy = context;
    const struct world_visit *visit = world_ticket(world, ticket)->visit;
    const bool stranger =
        visit->language >= 0 && (messy->languages[counter] >> visit->language & 1) == 0;
    const double factor = (stranger ? messy->stranger_factor : 1.0) * messy->speeds[counter];
    const double from = start_fraction(messy, world, ticket, counter);
    (void)service_ms;
    return round_end(messy, counter, from, (double)visit->service_ms * factor);
}

int32_t messy_pick(void *context, const struct world *world, int counter, int32_t best)
{
    struct messy *messy = context;
    struct world_stand stand;
    world_stand(world, counter, &stand);
    if (stand.state == WORLD_BREAK && stand.since_ms == messy->break_from_ms[counter]) {
        messy->fractions_ms[counter] = 0; /* it idled when the break came, at a whole ms */
    }
    const uint64_t at_s =
        (uint64_t)(((double)world_now_ms(world) + messy->fractions_ms[counter]) / 1000.0);
    const uint64_t key = at_s * 11 + (uint64_t)messy->numbers[counter];
    if (chance(key, 1) >= deviation_share) {
        return best;
    }
    int32_t callable[CALLABLE_MAX];
    const int32_t count = world_callable(world, counter, callable, CALLABLE_MAX);
    const int32_t among = count < CALLABLE_MAX ? count : CALLABLE_MAX;
    return among == 0 ? best : callable[(int)(chance(key, 2) * among)];
}

int64_t messy_gap_ms(void *context, const struct world *world, int32_t ticket, int counter)
{
    struct messy *messy = context;
    const struct world_ticket *leg = world_ticket(world, ticket);
    const uint64_t id = leg->leg_of == WORLD_NOBODY
                            ? (uint64_t)leg->visit->id
                            : SECOND_LEG_ID + (uint64_t)(ticket - messy->first_legs);
    if (chance(id, 3) >= deviation_share) {
        return 0;
    }
    return round_end(messy, counter, messy->fractions_ms[counter], pause_ms * chance(id, 4) * 2);
}
