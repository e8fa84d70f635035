/* Kiosks where somebody calls for a person: on every counter's page until one of the staff says that they go. */
import { html, useEffect, useRef } from './parts.js';
import { sound } from './attention.js';
import { mark, say } from './words.js';

/* "kiosk-2" is known to people as kiosk 2. */
const kioskName = (code) => code.replace(/^kiosk[-_]?(?=.)/, '').replace(/[-_]/g, ' ');

/* The first one has the key. */
export function helpActions(view) {
    return (view.help || []).map(({ device }, index) => ({
        id: `help-${device}`, path: `/api/help/${encodeURIComponent(device)}/answer`, key: index === 0 ? 'G' : '', label: mark('I am going'), device,
    }));
}

/* Softly, once a call. */
function useHelpSound(calls) {
    const heard = useRef(new Set());
    useEffect(() => {
        const fresh = calls.map(({ device, since }) => `${device} ${since}`).filter((each) => !heard.current.has(each));
        fresh.forEach((each) => heard.current.add(each));
        if (fresh.length > 0) sound();
    });
}

export function Help({ view, names, nowMs, button }) {
    const calls = view.help || [];
    useHelpSound(calls);
    const actions = helpActions(view);
    return html`<div class="help-strip" role="alert">${calls.map(({ device, since, language }, index) => {
        const minutes = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 60000));
        return html`<div class="help" key=${device}>
            <p class="help-word">${say('Help is wanted at kiosk {kiosk}', { kiosk: kioskName(device) })}</p>
            <p class="pills" aria-live="off"><span class="pill">${say('{minutes} min', { minutes })}</span>
                ${language && html`<span class="pill">${names.language(language)}</span>`}</p>
            <span class="grow"></span>
            ${button(actions[index])}
        </div>`;
    })}</div>`;
}
