/* A view of the manager's stream as the server writes it, and an advice, made up so that the page can be put into any
 * state at once and always looks the same. See desk-views.mjs, which keeps the real stream away. */
const BASE_MS = Date.parse('2026-11-24T10:42:07.000Z');
const at = (minutes) => new Date(BASE_MS + minutes * 60000).toISOString();

const share = (within, of) => ({ within, of, share: of > 0 ? within / of : null });

export const row = (issued, within, more = {}) => {
    const called = Math.round(issued * 0.9);
    const half = more.half === undefined ? 300 : more.half;
    return {
        issued, called, served: Math.round(called * 0.9), left: 1, left_at_close: 0, no_show: 1, transfers: 1, waiting: issued - called, at_counters: 1, parked: 0,
        of_called: share(Math.min(within, called), called), of_decided: share(within, called + 1),
        wait: { mean_s: half * 1.1, p50_s: half, p90_s: half * 2.3, longest_s: half * 3 }, waiting_longest_s: half, service_time: { count: called, mean_s: 620.5 },
    };
};

const waits = (index, minutes, service) => ({
    id: `W${index}`, number: `${'HBCPG'[index % 5]}${String(index + 3).padStart(2, '0')}`, service, language: 'en', needs: [], class: 'normal',
    arrived_at: at(-minutes), leg_from: at(-minutes), appointment_at: null, held_until: null, wait: { low_min: 10, high_min: 20 }, promise: null, late: minutes > 15, nobody_serves: false,
});
const MINUTES = [0.3, 1, 1.5, 2, 2.4, 2.8, 3.5, 4, 4.2, 4.9, 5.1, 5.4, 5.8, 6.5, 7, 7.7, 8.3, 9.5, 11, 13, 17.5];
const SERVICES = ['housing_options', 'housing_benefit', 'council_tax', 'parking', 'general', 'repairs'];
const waiting = MINUTES.map((minutes, index) => waits(index, minutes, SERVICES[index % SERVICES.length]));

const sits = (number, state, minutes) => ({ id: `T${number}`, number, service: 'housing_options', state, since: at(-minutes) });
const counter = (code, state, services, more = {}) => ({ code, state, person: null, services, moved: false, pause: null, ticket: null, can_serve_total: 0, ready_since: null, ...more });
const counters = [
    counter('1', 'open', ['council_tax', 'payments', 'general'], { person: 'person:A', ticket: sits('C21', 'serving', 3.2), can_serve_total: 4 }),
    counter('2', 'closed', ['council_tax', 'housing_benefit', 'payments']),
    counter('3', 'open', ['council_tax', 'housing_benefit'], { person: 'person:B', ticket: sits('H07', 'serving', 4.1), can_serve_total: 5 }),
    counter('4', 'open', ['housing_benefit', 'housing_options'], { person: 'person:C', ticket: sits('B11', 'called', 0.4), can_serve_total: 6 }),
    counter('5', 'open', ['housing_options', 'repairs', 'parking'], { person: 'person:D', ready_since: at(-6), moved: true }),
    counter('6', 'closed', ['repairs', 'parking', 'payments', 'general']),
    counter('7', 'paused', ['parking', 'blue_badge', 'waste'], { person: 'person:E', pause: { reason: 'break', since: at(-12) } }),
    counter('8', 'open', ['registration', 'schools'], { person: 'person:F', ticket: sits('R02', 'serving', 18), can_serve_total: 1 }),
    counter('9', 'paused', ['schools', 'jobs', 'general'], { pause: { reason: null, since: at(-2) } }),
    counter('10', 'open', ['general', 'waste', 'complaints', 'payments', 'jobs'], { person: 'person:G', can_serve_total: 3 }),
    counter('room-1', 'open', ['social_care', 'housing_options'], { person: 'person:H', ticket: sits('A04', 'serving', 41), can_serve_total: 4 }),
    counter('room-2', 'closed', ['registration', 'social_care', 'complaints']),
];

const services = SERVICES.map((code, index) => ({ code, waiting: 3 + (index % 2), wait: { low_min: 5, high_min: 15 }, nobody_serves: false }));
const byService = [['council_tax', 41, 38, 240], ['housing_benefit', 30, 26, 420], ['housing_options', 22, 15, 640], ['repairs', 18, 15, 510], ['parking', 14, 14, 150],
    ['blue_badge', 6, 6, 200], ['registration', 7, 6, 380], ['payments', 9, 9, 60], ['general', 8, 8, 90]];
const byHour = [[9, 38, 37, 180], [10, 52, 44, 420], [11, 47, 37, 560], [12, 6, 2, 760]];

const today = {
    day: '2026-11-24', as_of: at(0), standard_s: 900, all: { ...row(140, 112, { half: 390 }), of_called: share(112, 121), of_decided: share(112, 127) },
    services: byService.map(([service, issued, within, half]) => ({ service, ...row(issued, within, { half }) })),
    hours: byHour.map(([hour, issued, within, half]) => ({ hour, ...row(issued, within, { half }) })),
    counters: [], kinds: [{ kind: 'queued', visits: 140 }], avoidable: [], outcomes: [], undone: 1,
};

const breach = (number, service, minutes, p) => ({ id: `B${number}`, number, service, at: at(minutes), p_late: p });

export function managerView(more = {}) {
    return {
        version: 3, now: at(0), utc_offset_s: 0, day_open: true, site_hash: 'x', site_errors: 0, services, waiting, waiting_total: waiting.length, counters, help: [], parked: [], no_shows: [],
        notices: [], devices: [], recent: [], today, standard: { wait_min: 15, share: 0.9 },
        outlook: { as_of: at(0), noon: { share: 0.81, low: 0.74, high: 0.87 }, close: { share: 0.862, low: 0.79, high: 0.92 } },
        breaches: [breach('G20', 'general', -2.4, 1), breach('H08', 'repairs', 4, 0.78), breach('H09', 'housing_options', 11, 0.55), breach('B11', 'housing_benefit', 3, 0.31)],
        score: { today: { days: 1, promises: 96, later_than_high: 0.09 }, recent: { days: 12, promises: 2140, later_than_high: 0.104 } },
        persons: { A: 'Jo M.', B: 'Amina K.', C: 'Lee W.', D: 'Sam T.', E: 'Priya S.', F: 'Tom B.', G: 'Ewa N.', H: 'Hassan O.' }, ...more,
    };
}

const notice = (id, template, service, minutes) => ({ id, template, service, minutes, until: at(48) });
const none = { ...row(0, 0), issued: 0, called: 0, of_called: share(0, 0), of_decided: share(0, 0), wait: { mean_s: null, p50_s: null, p90_s: null, longest_s: null }, waiting_longest_s: null };

export const managerStates = {
    busy: managerView({ notices: [notice('N1', 'delay', 'housing_options', 20)] }),
    calm: managerView({
        waiting: waiting.slice(0, 3), waiting_total: 3, breaches: [], outlook: { as_of: at(0), noon: null, close: { share: 0.957, low: 0.93, high: 0.98 } },
        today: { ...today, all: { ...today.all, of_called: share(120, 122), of_decided: share(120, 125) } }, score: { today: null, recent: null },
    }),
    trouble: managerView({
        site_errors: 2, services: services.map((each, index) => ({ ...each, nobody_serves: index === 5 })), help: [{ device: 'kiosk-1', since: at(-1.5), language: 'ur' }],
        notices: ['delay', 'short_of_staff', 'service_paused', 'closing_early', 'fire_test', 'system_down'].map((template, index) => notice(`N${index}`, template, index % 2 ? null : 'registration', index % 3 ? 30 : null)),
    }),
    morning: managerView({ waiting: [], waiting_total: 0, breaches: [], outlook: null, score: null, counters: counters.map((each) => ({ ...each, state: 'closed', ticket: null, person: null, pause: null })),
        today: { ...today, all: none, services: [], hours: [] }, services: services.map((each) => ({ ...each, waiting: 0, wait: null })) }),
    closed: managerView({ day_open: false, waiting: [], waiting_total: 0, breaches: [], outlook: null, counters: counters.map((each) => ({ ...each, state: 'closed', ticket: null, person: null, pause: null })) }),
};

const move = (what, code, more, effect) => ({ move: what, counter: code, services: null, minutes: null, p95_s: 900, mean_s: 400, left: 2, runs: 100, ...more, ...effect });

export const advice = {
    as_of: at(0), runs: 100, nothing: { as_of: at(0), within_share: 0.81, p95_s: 1400, mean_s: 560, passed_standard: 31.2, left: 3.1 },
    moves: [
        move('open', '6', { services: ['repairs', 'parking', 'payments', 'general'] }, { within_share: 0.94, passed_standard: 10.1, gain_share: 0.13, gain_low: 0.09, gain_high: 0.17 }),
        move('open', '2', { services: ['housing_benefit', 'council_tax'] }, { within_share: 0.87, passed_standard: 21.8, gain_share: 0.06, gain_low: -0.01, gain_high: 0.13 }),
        move('shift_break', '7', { minutes: 60 }, { within_share: 0.85, passed_standard: 25, gain_share: 0.04, gain_low: 0.01, gain_high: 0.08 }),
        move('pause', '10', { minutes: 30 }, { within_share: 0.78, passed_standard: 36, gain_share: -0.03, gain_low: -0.06, gain_high: -0.01 }),
    ],
};
