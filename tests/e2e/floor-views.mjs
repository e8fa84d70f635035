/* Views of the floor as the server writes them, made up so that the page can be put into any state at once, and always
 * the same. See desk-views.mjs, whose show() gives them to the page. */
const BASE_MS = Date.parse('2026-11-24T10:42:07.000Z');
export const at = (minutes) => new Date(BASE_MS + minutes * 60000).toISOString();

const wait = (low, high) => ({ low_min: low, high_min: high });
const id = (index) => `01JDFLR${String(index).padStart(19, '0')}`;

const waits = (index, minutes, more = {}) => ({
    id: id(index), number: `B${String(index).padStart(2, '0')}`, service: 'housing_benefit', language: 'en', needs: [], class: 'normal', arrived_at: at(-minutes - 0.4),
    leg_from: at(-minutes - 0.4), appointment_at: null, late: false, held_until: null, only: null, wait: wait(minutes, minutes + 15), promise: wait(5, 20), nobody_serves: false, ...more,
});

export const waiting = [
    waits(11, 31, { late: true, wait: wait(30, 35) }),
    waits(12, 12, { class: 'assisted', language: 'ur', needs: ['interpreter', 'with_children'] }),
    waits(3, 3, { number: 'A03', class: 'appointment', appointment_at: at(3), leg_from: at(3), service: 'social_care', needs: ['bsl'], nobody_serves: true }),
    waits(14, 9, { class: 'urgent', service: 'housing_options', number: 'H14' }),
    waits(15, 6, { service: 'registration', number: 'R05', language: 'pl', held_until: at(8) }),
    waits(16, 4, { class: 'transfer', arrived_at: at(-40) }),
    waits(17, 1, { appointment_at: at(-15), wait: null }),
];

export const manyWaiting = (count) => Array.from({ length: count }, (_, index) => waits(index, 45 - index * 0.15, {
    number: `HB${100 + index}`, language: index % 3 ? 'en' : 'so', needs: index % 4 ? [] : ['interpreter', 'step_free'],
}));

const aside = (index, number, service, more = {}) => ({ id: id(index), number, service, language: 'en', needs: [], since: at(-6), counter: null, ...more });

const NOW = { council_tax: [6, wait(25, 40)], housing_benefit: [4, wait(10, 20)], housing_options: [1, wait(5, 15)], repairs: [0, wait(0, 5)], blue_badge: [2, wait(10, 25)], jobs: [1, null] };

export function floorView(site, more = {}) {
    const list = more.waiting || waiting;
    return {
        version: 3, now: at(0), utc_offset_s: 0, day_open: true, site_hash: site.hash, site_errors: 0,
        services: site.services.map(({ code }) => ({ code, waiting: (NOW[code] || [0])[0], wait: NOW[code] ? NOW[code][1] : wait(0, 10), nobody_serves: code === 'social_care' })),
        waiting: list, waiting_total: list.length,
        counters: site.counters.map(({ code, services }) => ({ code, state: 'open', since: at(-60), person: null, services, moved: false, pause: null, ticket: null, can_serve_total: 0, ready_since: null })),
        help: [], parked: [aside(31, 'C08', 'council_tax', { counter: '1', since: at(-12) })],
        no_shows: [aside(32, 'P03', 'parking'), aside(33, 'B04', 'housing_benefit', { language: 'pl', since: at(-14) })], notices: [],
        devices: [
            { code: 'kiosk-1', kind: 'kiosk', connected: true, printer: { state: 'ready', reasons: [] }, printing: null, seen_at: at(-1) },
            { code: 'kiosk-2', kind: 'kiosk', connected: true, printer: { state: 'stopped', reasons: ['media-empty-error'] }, printing: null, seen_at: at(-1) },
            { code: 'lobby', kind: 'display', connected: true, printer: null, printing: null, seen_at: at(-90) },
            { code: 'green-area', kind: 'display', connected: false, printer: null, printing: null, seen_at: at(-4) },
        ],
        recent: [], ...more,
    };
}

export const notices = [
    { id: id(51), template: 'delay', service: 'council_tax', minutes: 20, until: at(30) }, { id: id(52), template: 'fire_test', service: null, minutes: null, until: null },
];

export const help = [{ device: 'kiosk-1', since: at(-1.5), language: 'ur' }];

/* As GET /api/tickets/ID gives it. */
export const ticketOf = (row, more = {}) => ({
    id: row.id, number: row.number, service: row.service, language: row.language, needs: row.needs, class: row.class || 'normal', avoidable: null, state: 'waiting', counter: null, ahead: 3,
    wait: row.wait || null, promise: null, late: Boolean(row.late), issued_at: row.arrived_at || at(-20), appointment_at: row.appointment_at || null, held_until: row.held_until || null,
    url: 'https://queue.example.gov.uk/t/MZXW6YTBOI2DGNJWG4YDCMRTGQ', nobody_serves: Boolean(row.nobody_serves), ...more,
});
