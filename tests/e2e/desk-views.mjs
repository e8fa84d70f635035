/* Views of a counter as the server writes them, made up so that a page can be put into any state at once, and always the
 * same: what a forecast says of a real queue differs from run to run. The real stream is kept away from the page. */
const BASE_MS = Date.parse('2026-11-24T10:42:07.000Z');
const at = (minutes) => new Date(BASE_MS + minutes * 60000).toISOString();

/* Of the whole wait, in minutes; told in steps of 5. */
export const wait = (low, median, high) => ({
    p20_s: Math.round(low * 60), p50_s: Math.round(median * 60), p90_s: Math.round(high * 60), low_min: Math.floor(low / 5) * 5,
    high_min: Math.max(5, Math.ceil(high / 5) * 5), within_share: 0.62, as_of: at(0),
});

const waits = (index, minutes, more = {}) => ({
    id: `W${index}`, number: `B${String(index).padStart(2, '0')}`, service: 'housing_benefit', language: 'en', needs: [], class: 'normal',
    arrived_at: at(-minutes - 0.4), leg_from: at(-minutes - 0.4), appointment_at: null, wait: wait(minutes + 3.5, minutes + 8, minutes + 16.5), promise: wait(5, 10, 20),
    late: false, can_serve: true, ...more,
});

/* One of everything a list can show. */
const mixedWaiting = [
    waits(11, 31, { late: true, wait: wait(31, 31.5, 32) }),
    waits(12, 12, { class: 'assisted', language: 'ur' }),
    waits(3, 3, { number: 'A03', class: 'appointment', appointment_at: at(3), leg_from: at(3), service: 'social_care', needs: ['bsl'] }),
    waits(14, 9, { class: 'urgent', wait: wait(9, 11, 15) }),
    waits(15, 6, { can_serve: false, service: 'registration', number: 'R05', language: 'pl', needs: ['interpreter', 'private_room'] }),
    waits(16, 4, { class: 'transfer', arrived_at: at(-40), only: '3', held_until: at(6) }),
    waits(17, 1, { appointment_at: at(-15), wait: null }),
];

export const manyWaiting = (count) => Array.from({ length: count }, (_, index) => waits(index, 45 - index * 0.15, {
    number: `HB${100 + index}`, language: index % 3 ? 'en' : 'so', needs: index % 4 ? [] : ['interpreter', 'step_free'], can_serve: index % 10 > 0,
}));

export function view(more = {}) {
    const waiting = more.waiting || mixedWaiting;
    return {
        version: 3, now: at(0), utc_offset_s: 0, day_open: true, site_hash: 'x', counter: counter('open'),
        ticket: null, waiting, waiting_total: waiting.length, can_serve_total: waiting.filter((each) => each.can_serve).length, last_finished: null, undo: null,
        parked: [], no_shows: [], help: [], ...more,
    };
}

const counter = (state, more = {}) => ({ code: '3', state, ready_since: null, services: [], moved: false, person: null, pause: null, ...more });

const aside = (index, minutes, more = {}) => ({
    id: `A${index}`, number: `C${String(index).padStart(2, '0')}`, service: 'council_tax', language: 'en', needs: [], since: at(-minutes), counter: null, ...more,
});

/* What stands beside the line, and what can be taken back. */
export const besides = {
    undo: { step: 'finish', ticket: 'T98', number: 'H06', until: at(3.5) },
    parked: [aside(21, 2, { counter: '3' }), aside(18, 14, { counter: '5', language: 'pl', needs: ['interpreter'] })],
    no_shows: [aside(20, 4), aside(15, 21, { language: 'ur' })],
};

export const ticket = (state, reason, more = {}) => ({
    id: 'T99', number: 'H07', service: 'housing_options', language: 'pl', needs: ['interpreter', 'private_room'], class: 'normal', state,
    arrived_at: at(-13), appointment_at: null, called_at: at(-0.5), started_at: state === 'serving' ? at(-0.2) : null, recalls: 0, promise: wait(5, 10, 20),
    reason: { code: reason, waited_s: 13 * 60 + 20, waiting: 5, appointment_at: at(-12), standard_s: 900, limit_s: 1800, because: reason === 'chosen' ? 'quick_question' : null },
    note: null, avoidable: 'chasing', answers: { repair_details: 'I had a letter.', before: 'chasing', home_about: 'leave' }, ...more,
});

export const REASONS = ['longest_waiting', 'only_one_waiting', 'about_to_miss', 'past_limit', 'booked', 'urgent', 'assisted', 'transferred',
    'free_counter', 'free_counter_language', 'chosen', 'a_reason_of_tomorrow'];

/* Each state as the views that lead to it. */
export const states = {
    idle: [view({ ...besides })],
    ready: [view({ counter: counter('open', { ready_since: at(-2) }), waiting: [] })],
    drawn: [view({ counter: counter('open', { ready_since: at(-2) }), waiting: [] }), view({ ticket: ticket('called', 'free_counter_language') })],
    serving: [view({ ticket: ticket('serving', 'about_to_miss', { class: 'appointment', appointment_at: at(-12) }), ...besides,
        undo: { step: 'start', ticket: 'T99', number: 'H07', until: at(4.8) } })],
    sent: [view({ ticket: ticket('serving', 'chosen', { class: 'transfer', avoidable: null, answers: {}, note: 'Has all the papers.\nPlease look at the rent for May: it was paid twice.' }),
        undo: { step: 'call', ticket: 'T99', number: 'H07', until: at(4.5) } })],
    paused: [view({ counter: counter('paused', { pause: 'safeguarding' }), ...besides, undo: null })],
    closed: [view({ counter: counter('closed') })],
    help: [view({ ticket: ticket('called', 'urgent', { class: 'urgent' }),
        help: [{ device: 'kiosk-1', since: at(-1.5), language: 'ur' }, { device: 'by-the-door', since: at(-0.2), language: null }] })],
};

export const lobby = {
    now: at(0), utc_offset_s: 0, services: [
        { service: 'council_tax', waiting: 6, ahead: 3, wait: wait(25, 31, 38), delayed: { since: at(-3), low_min: 25, high_min: 40 } },
        { service: 'housing_benefit', waiting: 2, ahead: 3, wait: wait(5, 11, 18), delayed: null },
        { service: 'parking', waiting: 0, ahead: 0, wait: wait(0, 0, 4), delayed: null },
        { service: 'jobs', waiting: 1, ahead: 0, wait: null, delayed: null },
    ],
};

/* Keeps the page from the real stream; from now on show() alone says what it sees. It goes on beating as the server does,
 * else a page that is looked at for long would say that it is not connected. */
export async function directView(page) {
    await page.addInitScript(() => {
        window.SharedWorker = undefined;
        window.streams = [];
        window.EventSource = class {
            constructor() {
                this.heard = {};
                this.beats = setInterval(() => this.heard.beat && this.heard.beat({}), 1000);
                window.streams.push(this);
            }

            addEventListener(type, listener) {
                this.heard[type] = listener;
            }

            close() {
                clearInterval(this.beats);
            }
        };
        window.EventSource.CLOSED = 2;
    });
}

export async function show(page, ...views) {
    await page.waitForFunction(() => window.streams.some((each) => each.heard.view));
    for (const each of views) {
        await page.evaluate((data) => {
            window.streams.forEach((stream) => stream.heard.view && stream.heard.view({ data }));
            return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        }, JSON.stringify(each));
    }
}

/* How many milliseconds the page takes to show each of `count` views, in turn of these, from the shortest to the longest. */
export function timesToShow(page, count, views) {
    return page.evaluate(async ([times, texts]) => {
        const spent = [];
        for (let i = 0; i < times; i++) {
            const began = performance.now();
            window.streams.forEach((stream) => stream.heard.view && stream.heard.view({ data: texts[i % texts.length] }));
            await new Promise((resolve) => setTimeout(resolve)); /* drawn anew in a microtask */
            spent.push(performance.now() - began);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return spent.sort((one, other) => one - other);
    }, [count, views.map((view) => JSON.stringify(view))]);
}
