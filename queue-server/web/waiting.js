/* Who waits: the visitors this counter can serve, the one who comes next first; or, when asked for, everybody. */
import { html, Key, useMemo, useRef } from './parts.js';
import { likelyText, LinePills, Pills, WaitPill } from './visitors.js';
import { say } from './words.js';

/* 300 rows are drawn anew so often, and not each second; with a new view, those of which it tells something new. */
const STEP_MS = 5000;

/* A free counter can call anybody of the list: by the number itself, or by a key and the panel that it opens. */
function NumberCell({ number, id, callable }) {
    if (!callable) return html`<td class="no"><bdi class="plain-number">${number}</bdi></td>`;
    return html`<td class="no"><button type="button" class="number-button" tabindex="-1" data-ticket=${id}
        aria-label=${say('Call {number} out of turn', { number })}><bdi>${number}</bdi></button></td>`;
}

function Row({ ticket, view, names, nowMs, standard, callable }) {
    const waitedS = (nowMs - Date.parse(ticket.leg_from)) / 1000; /* below 0 before a booked time */
    const likely = likelyText(ticket.wait, waitedS);
    return html`<tr class=${ticket.can_serve ? '' : 'others'}>
        <${NumberCell} number=${ticket.number} id=${ticket.id} callable=${callable} />
        <td class="what">${names.service(ticket.service)}
            ${!ticket.can_serve && html`<span class="soft small">${say('at another counter')}</span>`}
            <span class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} /><${LinePills} ticket=${ticket} view=${view} names=${names} /></span></td>
        <td class="end wait"><${WaitPill} minutes=${Math.max(0, Math.floor(waitedS / 60))} late=${ticket.late} standard=${standard} />
            ${likely && html`<span class="soft small">${likely}</span>`}</td>
    </tr>`;
}

export function Waiting({ view, names, nowMs, standard, everybody, onEverybody, onCall, children }) {
    const step = Math.floor(nowMs / STEP_MS);
    const callable = view.counter.state === 'open' && !view.ticket;
    const onClick = (event) => {
        const button = event.target.closest('[data-ticket]');
        if (button) onCall(button.dataset.ticket);
    };
    const listed = view.waiting.filter((each) => everybody || each.can_serve);
    const drawn = useRef({ names: null, rows: new Map() });
    const rows = useMemo(() => {
        const known = drawn.current.names === names ? drawn.current.rows : new Map();
        const kept = new Map();
        for (const each of listed) {
            const told = `${step} ${callable} ${JSON.stringify(each)}`;
            const same = known.get(each.id);
            kept.set(each.id, same && same.told === told ? same : { told, row: html`<${Row} key=${each.id} ticket=${each} view=${view} names=${names}
                nowMs=${nowMs} standard=${standard} callable=${callable} />` });
        }
        drawn.current = { names, rows: kept };
        return [...kept.values()].map(({ row }) => row);
    }, [view, step, everybody, names]);
    return html`<section class="card waiting">
        <div class="waiting-head">
            <h2>${say('You can serve {mine} of {all} waiting', { mine: view.can_serve_total, all: view.waiting_total })}</h2>
            <button type="button" class="small-button" aria-pressed=${everybody} aria-keyshortcuts="A"
                onClick=${onEverybody}><span class="label">${say('Show everybody')} <${Key}>A<//></span></button>
        </div>
        <div class="rows" tabindex="0" role="region" aria-label=${say('Waiting visitors')}>
        ${listed.length > 0 && html`<table>
            <thead><tr><th scope="col">${say('No.')}</th><th scope="col">${say('Service')}</th><th scope="col" class="end">${say('Waits')}</th></tr></thead>
            <tbody onClick=${onClick}>${rows}</tbody>
        </table>`}
        ${view.can_serve_total === 0 && html`<p class="soft none">${say('Nobody is waiting for you.')}</p>`}
        </div>
        ${children}
    </section>`;
}
