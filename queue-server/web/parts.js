/* What the pages share: the view library bound once, the bar at the top, and a clock on the server's time. */
import htm from './vendor/htm.js';
import { h, render } from './vendor/preact.js';
import { useEffect, useMemo, useRef, useState } from './vendor/hooks.js';
import { say } from './words.js';

export const html = htm.bind(h);
export { render, useEffect, useMemo, useRef, useState };

/* Server time in ms, kept from the newest view; re-renders each second. */
export function useServerNow(view) {
    const [, tick] = useState(0);
    const offset = useRef(0);
    const seen = useRef(null);
    if (view && view !== seen.current) {
        seen.current = view;
        offset.current = Date.parse(view.now) - Date.now();
    }
    useEffect(() => {
        const timer = setInterval(() => tick((count) => count + 1), 1000);
        return () => clearInterval(timer);
    }, []);
    return Date.now() + offset.current;
}

export function clockText(nowMs, view) {
    const local = new Date(nowMs + (view ? view.utc_offset_s * 1000 : 0));
    return local.toISOString().slice(11, 16);
}


export function stopwatch(text, nowMs) {
    const seconds = Math.max(0, Math.floor((nowMs - Date.parse(text)) / 1000));
    const two = (value) => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    return `${hours ? `${hours}:` : ''}${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

/* Colour means something, and a word says the same: amber from 10 min, red from the standard on. */
export function waitClass(minutes, standard) {
    if (minutes >= standard) return 'late';
    return minutes >= standard - 5 ? 'soon' : 'fine';
}

export function StatePill({ state }) {
    if (state === 'open') return html`<span class="pill ok">${say('open')}</span>`;
    return state === 'paused' ? html`<span class="pill soon">${say('paused')}</span>` : html`<span class="pill off">${say('closed')}</span>`;
}

export function TopBar({ title, children }) {
    return html`<header class="bar">
        <a class="brand" href="/">Quarter</a>
        ${title && html`<span class="here">${title}</span>`}
        <span class="grow"></span>
        ${children}
    </header>`;
}

/* A key as it stands on the keyboard: read from left to right in every language. */
export function Key({ children }) {
    return html`<kbd aria-hidden="true" dir="ltr">${children}</kbd>`;
}

/* Instead of a page that cannot be shown: what happened, what still holds, what can be done. */
export function Instead({ what, then, children }) {
    return html`<header class="bar"><a class="brand" href="/">Quarter</a></header>
        <main class="card problem">
            <h1>${what}</h1>
            <p>${then}</p>
            <p>${children}</p>
        </main>`;
}

export function failed(error) {
    console.error(error);
    const page = document.getElementById('page');
    page.textContent = '';
    render(html`<${Instead} what=${say('This page could not be loaded')}
        then=${say('The queue goes on. Check the connection to the queue server, then load the page again.')}>
        <a class="button primary" href=${location.href}>${say('Try again')}</a><//>`, page);
}
