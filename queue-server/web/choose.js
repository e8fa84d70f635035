/* Where am I working? The counters of this site, each a link to its page; and the language of these pages. */
import { LanguageChoice } from './language.js';
import { follow } from './live.js';
import { failed, html, render, StatePill, TopBar, useEffect, useState } from './parts.js';
import { openSession } from './session.js';
import { readSite, useSite } from './site.js';
import { useBoard, WaitsNow } from './waits.js';
import { loadWords, say } from './words.js';

function Tile({ counter, state, named, services }) {
    return html`<a class="card tile" href=${`/counter/${encodeURIComponent(counter.code)}${location.search}`}>
        <span class="tile-head"><strong>${named(counter.name)}</strong>
            <${StatePill} state=${state} /></span>
        <span class="soft">${counter.services.map((code) => services.get(code)).join(' \u00b7 ')}</span>
    </a>`;
}

async function readCounters() {
    const answer = await fetch('/api/counters');
    if (!answer.ok) throw new Error(`/api/counters: ${answer.status}`);
    return answer.json();
}

/* How each counter is and which site is in force, as the floor's stream says; until it does, as they were when the page was
 * opened. */
function useFloor(first, counters) {
    const [view, setView] = useState(null);
    const [connected, setConnected] = useState(true);
    useEffect(() => follow('/api/floor/stream', setView, setConnected), []);
    const site = useSite(first, view);
    const known = (view && view.counters) || counters;
    return { site, states: new Map(known.map(({ code, state }) => [code, state])), isLive: connected };
}

/* What a board shows of waits. A changed site may not have the device any more whose board this page follows, or its first. */
function useWaits(first, site) {
    const { view, connected, device } = useBoard(first);
    useEffect(() => {
        const codes = [...site.displays, ...site.kiosks].map(({ code }) => code);
        if (site !== first && (device ? !codes.includes(device.code) : codes.length > 0)) location.reload();
    }, [site]);
    return { view, connected };
}

function Choose({ first, counters, language }) {
    const { site, states, isLive } = useFloor(first, counters);
    const { view, connected } = useWaits(first, site);
    const named = (text) => text[language] || text.en;
    const services = new Map(site.services.map((service) => [service.code, named(service.name)]));
    return html`<${TopBar} title=${say('Choose your counter')}>
            <${LanguageChoice} languages=${site.languages} language=${language} />
        <//>
        <main class="choose">
            <h1>${named(site.name)}</h1>
            <p class="soft">${say('Where are you working today?')}</p>
            <p role="status">${!isLive && html`<span class="pill late">${say('not connected, trying again')}</span>`}</p>
            <ul class="tiles">
                ${site.counters.map((counter) => html`<li key=${counter.code}>
                    <${Tile} counter=${counter} state=${states.get(counter.code)} named=${named} services=${services} />
                </li>`)}
            </ul>
            <${WaitsNow} site=${site} named=${named} view=${view} connected=${connected} />
        </main>`;
}

async function start() {
    await openSession({ roles: ['counter', 'manager'] });
    const [site, counters] = await Promise.all([readSite(), readCounters()]);
    const language = await loadWords(site.languages);
    document.title = `${say('Choose your counter')} - Quarter`;
    render(html`<${Choose} first=${site} counters=${counters} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
