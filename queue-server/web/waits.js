/* The waits by service, as somebody who came now would be told them: for whoever asks at the desk. */
import { follow } from './live.js';
import { clockText, html, useEffect, useState, waitClass } from './parts.js';
import { say } from './words.js';

function Row({ service, name, standard }) {
    const { waiting, wait, delayed } = service;
    const kind = wait ? waitClass(Math.floor(wait.p50_s / 60), standard) : 'fine';
    return html`<tr>
        <th scope="row">${name}</th>
        <td class="end">${waiting}</td>
        <td class="end">${wait ? html`<span class=${`pill ${kind}`}>${wait.low_min > 0 ? say('{low} to {high} min', { low: wait.low_min, high: wait.high_min })
            : say('{high} min or less', { high: wait.high_min })}</span>` : html`<span class="soft">${say('not known')}</span>`}</td>
        <td class="end">${wait && html`<span class="soft">${say('{percent} %', { percent: Math.round(wait.within_share * 100) })}</span>`}</td>
        <td>${delayed && html`<span class="pill late">${say('longer than told')}</span>`}</td>
    </tr>`;
}

/* What the first of the site's displays or kiosks shows. */
export function useBoard(first) {
    const [view, setView] = useState(null);
    const [connected, setConnected] = useState(true);
    const device = first.displays[0] || first.kiosks[0];
    useEffect(() => device && follow(`/api/boards/${encodeURIComponent(device.code)}/stream`, setView, setConnected), []);
    return { view, connected, device };
}

export function WaitsNow({ site, named, view, connected }) {
    if (!view) return null;
    const standard = site.standard.wait_min;
    const names = new Map(site.services.map((service) => [service.code, named(service.name)]));
    return html`<section class="card waits">
        <div class="waiting-head"><h2>${say('Waits now')}</h2>
            ${!connected && html`<span class="pill late" role="status">${say('not connected, trying again')}</span>`}
            <time class="soft" dir="ltr">${clockText(Date.parse(view.now), view)}</time></div>
        <div class="rows" tabindex="0" role="region" aria-label=${say('Waits now')}>
        <table>
            <thead><tr><th scope="col">${say('Service')}</th><th scope="col" class="end">${say('Waiting')}</th>
                <th scope="col" class="end">${say('A new ticket waits')}</th><th scope="col" class="end">${say('Within {minutes} min', { minutes: standard })}</th>
                <th scope="col"><span class="heard">${say('Announced')}</span></th></tr></thead>
            <tbody>${view.services.map((service) => html`<${Row} key=${service.service} service=${service}
                name=${names.get(service.service) || service.service} standard=${standard} />`)}</tbody>
        </table></div>
    </section>`;
}
