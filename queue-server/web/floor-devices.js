/* Kiosks, displays and their printers: what needs a hand is said on every panel, and how all of them are in one. */
import { html } from './parts.js';
import { deviceName, timeText } from './floor-parts.js';
import { mark, say } from './words.js';

/* By how the reason begins (RFC 8011, 5.4.12: what follows is "-report", "-warning" or "-error"); the first that fits. */
const REASONS = [
    [/^media-(empty|needed)/, mark('no paper')], [/^media-low/, mark('little paper left')], [/^media-jam/, mark('paper is jammed')],
    [/^(cover|door|interlock)/, mark('its cover is open')], [/^(cutter|marker|fuser)/, mark('something in it is broken')],
    [/^(offline|connecting|timed-out|shutdown|unreachable)/, mark('it does not answer')], [/^paused/, mark('it is paused')],
];

const STATES = { attention: mark('it needs a look'), stopped: mark('it does not print'), gone: mark('it does not answer') };

export function printerText({ state, reasons }) {
    if (state === 'ready' && reasons.length === 0) return say('ready');
    const known = reasons.map((reason) => REASONS.find(([pattern]) => pattern.test(reason))).filter(Boolean).map(([, words]) => words);
    const words = known.length > 0 ? [...new Set(known)] : [STATES[state] || mark('it needs a look')];
    return words.map((each) => say(each)).join(', ');
}

export const canPrint = (device) => device.kind === 'kiosk' && device.connected && device.printer && ['ready', 'attention'].includes(device.printer.state);

/* [{key, kind, text}] of what somebody should go and see to; what was never there today is no news. */
export function alertsOf(view) {
    return view.devices.flatMap((device) => {
        const name = deviceName(device);
        if (!device.connected) return device.seen_at ? [{ key: device.code, kind: 'late', text: say('{device} is not connected', { device: name }) }] : [];
        const { printer } = device;
        if (!printer || (printer.state === 'ready' && printer.reasons.length === 0)) return [];
        const kind = printer.state === 'ready' || printer.state === 'attention' ? 'soon' : 'late';
        return [{ key: device.code, kind, text: say('Printer of {device}: {what}', { device: name, what: printerText(printer) }) }];
    });
}

const PRINTING = { waiting: mark('{number} is being printed'), printed: mark('{number} is printed'), failed: mark('{number} could not be printed') };

export const printingText = ({ number, state }) => (PRINTING[state] ? say(PRINTING[state], { number }) : '');

function Row({ device, view }) {
    const { printer, printing, connected, seen_at: seen } = device;
    const late = printer && ['stopped', 'gone'].includes(printer.state);
    const care = printer && (printer.state === 'attention' || printer.reasons.length > 0);
    return html`<li>
        <h3><bdi>${deviceName(device)}</bdi></h3>
        <p>${connected ? html`<span class="pill ok">${say('connected')}</span>`
            : seen ? html`<span class="pill late">${say('not connected since {time}', { time: timeText(seen, view) })}</span>`
                : html`<span class="pill off">${say('not seen today')}</span>`}</p>
        ${device.kind === 'kiosk' && html`<p>${printer ? html`${say('Printer')}: <span class=${`pill ${late ? 'late' : care ? 'soon' : 'ok'}`}>${printerText(printer)}</span>`
            : html`<span class="soft">${say('no printer')}</span>`}</p>`}
        ${printing && html`<p class=${printing.state === 'failed' ? 'wrong' : 'soft'}>${printingText(printing)}</p>`}
    </li>`;
}

export function Devices({ view }) {
    return html`<section class="devices" aria-labelledby="devices-title">
        <h2 id="devices-title" tabindex="-1">${say('Devices')}</h2>
        <ul>${view.devices.map((device) => html`<${Row} key=${`${device.kind} ${device.code}`} device=${device} view=${view} />`)}</ul>
        ${view.devices.length === 0 && html`<p class="soft">${say('This centre has no devices.')}</p>`}
    </section>`;
}

/* The strip over all panels. */
export function Alerts({ view }) {
    const alerts = alertsOf(view);
    return html`<div role="status">${alerts.length > 0 && html`<ul class="alerts">${alerts.map(({ key, kind, text }) => html`<li key=${key}>
        <span class=${`pill ${kind}`}>${text}</span></li>`)}</ul>`}</div>`;
}
