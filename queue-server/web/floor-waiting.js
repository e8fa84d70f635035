/* Who waits, whose turn is next first, with a search by number that also finds who is called, served or gone; and those
 * set aside: parked at a counter, or not there when called. */
import { timeText, stateText } from './floor-parts.js';
import { ask } from './live.js';
import { html, Key, useEffect, useMemo, useRef, useState } from './parts.js';
import { likelyText, Pills, WaitPill } from './visitors.js';
import { say } from './words.js';

const STEP_MS = 5000; /* 300 rows are looked at anew so often, or when the view changes: not each second */
const FIND_AFTER_MS = 250;

function Row({ ticket, view, names, nowMs, standard, onOpen }) {
    const waitedS = (nowMs - Date.parse(ticket.leg_from)) / 1000; /* below 0 before a booked time */
    const likely = ticket.wait ? likelyText({ p20_s: ticket.wait.low_min * 60, p90_s: ticket.wait.high_min * 60 }, waitedS) : '';
    return html`<li><button type="button" class="visitor-row" tabindex="-1" onClick=${() => onOpen(ticket.id)}>
        <span class="no" dir="ltr">${ticket.number}</span>
        <span class="what"><bdi>${names.service(ticket.service)}</bdi>
            <span class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} />
                ${ticket.held_until && html`<span class="pill tint">${say('lets others go first until {time}', { time: timeText(ticket.held_until, view) })}</span>`}
                ${ticket.nobody_serves && html`<span class="pill late">${say('no counter can serve this')}</span>`}</span></span>
        <span class="end wait"><${WaitPill} minutes=${Math.max(0, Math.floor(waitedS / 60))} late=${ticket.late} standard=${standard} />
            ${likely && html`<span class="soft small">${likely}</span>`}</span></button></li>`;
}

function Aside({ ticket, view, names, onOpen, words }) {
    return html`<li><button type="button" class="visitor-row" tabindex="-1" onClick=${() => onOpen(ticket.id)}>
        <span class="no" dir="ltr">${ticket.number}</span>
        <span class="what"><bdi>${names.service(ticket.service)}</bdi><span class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} /></span></span>
        <span class="end"><span class="pill off">${words}</span></span></button></li>`;
}

/* Arrows move among the rows, of which one is in the way of Tab: nobody tabs through 300 visitors. */
function useArrows() {
    const box = useRef(null);
    const current = () => box.current.querySelector('.visitor-row[tabindex="0"]');
    useEffect(() => {
        if (box.current && !current()) {
            const first = box.current.querySelector('.visitor-row');
            if (first) first.tabIndex = 0;
        }
    });
    const onFocusIn = ({ target }) => { /* whichever way it came there */
        const before = current();
        if (!target.classList.contains('visitor-row') || target === before) return;
        if (before) before.tabIndex = -1;
        target.tabIndex = 0;
    };
    const onKeyDown = (event) => {
        const rows = [...box.current.querySelectorAll('.visitor-row')];
        const at = rows.indexOf(document.activeElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
        if (to === undefined || !rows[to]) return;
        event.preventDefault();
        rows[to].focus();
    };
    return { ref: box, onKeyDown, onFocusIn };
}

/* What the server finds, of any state; asked a little after the last letter, and anew when the queue moved. */
function useFound(typed, version) {
    const [found, setFound] = useState({ typed: '', tickets: [] });
    useEffect(() => {
        if (!typed) return undefined;
        let stale = false;
        const timer = setTimeout(async () => {
            const answer = await ask(`/api/find?number=${encodeURIComponent(typed)}`).catch(() => null);
            if (!stale && answer) setFound({ typed, tickets: answer.ok ? answer.body.tickets : [] });
        }, FIND_AFTER_MS);
        return () => {
            stale = true;
            clearTimeout(timer);
        };
    }, [typed, version]);
    return found;
}

function Found({ found, view, names, onOpen, typed }) {
    if (found.typed !== typed) return html`<p class="soft none" role="status">${say('Looking for {number}…', { number: typed })}</p>`;
    if (found.tickets.length === 0) return html`<p class="soft none" role="status">${say('No ticket of today has this number.')}</p>`;
    return html`<ul class="visitor-list">${found.tickets.map((ticket) => html`<${Aside} key=${ticket.id} ticket=${ticket} view=${view} names=${names} onOpen=${onOpen}
        words=${stateText(ticket, names)} />`)}</ul>`;
}

function Set({ title, list, view, names, onOpen, words }) {
    if (list.length === 0) return null;
    return html`<h3>${title}</h3><ul class="visitor-list">${list.map((ticket) => html`<${Aside} key=${ticket.id} ticket=${ticket} view=${view} names=${names}
        onOpen=${onOpen} words=${words(ticket)} />`)}</ul>`;
}

export function WhoWaits({ view, names, nowMs, standard, onOpen, typed, setTyped }) {
    const step = Math.floor(nowMs / STEP_MS);
    const arrows = useArrows();
    const number = typed.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 8);
    const found = useFound(number, view.version);
    const rows = useMemo(() => view.waiting.map((each) => html`<${Row} key=${each.id} ticket=${each} view=${view} names=${names} nowMs=${nowMs} standard=${standard} onOpen=${onOpen} />`),
        [view, step, names]);
    const onKey = (event) => {
        if (event.key === 'Enter' && !event.repeat && found.typed === number && found.tickets.length > 0) onOpen(found.tickets[0].id);
        else if (event.key === 'Escape') {
            if (!typed) event.target.blur();
            setTyped('');
        }
    };
    return html`<section class="who-waits" aria-labelledby="waits-title">
        <div class="waits-head"><h2 id="waits-title" tabindex="-1">${say('Waiting: {count}', { count: view.waiting_total })}</h2>
            <label class="field"><span class="soft">${say('Find a number')} <${Key}>F<//></span>
                <input id="find-number" type="search" autocomplete="off" autocapitalize="characters" spellcheck=${false} maxlength="12" placeholder="H07" dir="ltr" value=${typed}
                    onInput=${(event) => setTyped(event.target.value)} onKeyDown=${onKey} /></label></div>
        <div class="visitor-rows" role="group" aria-label=${say('Waiting visitors')} ...${arrows}>
            ${number ? html`<${Found} found=${found} view=${view} names=${names} onOpen=${onOpen} typed=${number} />` : html`
                ${view.waiting.length > 0 ? html`<ul class="visitor-list">${rows}</ul>` : html`<p class="soft none">${say('Nobody is waiting.')}</p>`}
                ${view.waiting_total > view.waiting.length && html`<p class="soft none">${say('More: {count}', { count: view.waiting_total - view.waiting.length })}</p>`}
                <${Set} title=${say('Not there when called')} list=${view.no_shows} view=${view} names=${names} onOpen=${onOpen}
                    words=${({ since }) => say('called until {time}', { time: timeText(since, view) })} />
                <${Set} title=${say('Parked')} list=${view.parked} view=${view} names=${names} onOpen=${onOpen}
                    words=${({ counter, since }) => say('{counter}, since {time}', { counter: counter ? names.counter(counter) : '', time: timeText(since, view) })} />`}
        </div></section>`;
}
