/* What would help now: each move that was tried and would help, with what it is expected to change and how sure that is,
 * in words; one press makes it, where one press can. Asked for each minute, and when somebody wants to know. */
import { ask as askServer } from './live.js';
import { clockText, html, Key, useEffect, useRef, useState } from './parts.js';
import { mark, say } from './words.js';

const EACH_MS = 60000;
const SHOWN = 3;
const WORTH = 0.005; /* half a point: less is not told */

const points = (share) => Math.max(0, Math.round(share * 100));

function useAdvice(dayOpen, refresh) {
    const [state, setState] = useState({ advice: null, problem: '', asking: false });
    const under = useRef({ isAsked: false, isWantedAgain: false });
    const ask = async () => {
        if (!dayOpen) return;
        under.current.isWantedAgain = under.current.isAsked; /* a try of every move is work: one at a time, however often it is wanted */
        if (under.current.isAsked) return;
        under.current.isAsked = true;
        setState((before) => ({ ...before, asking: true }));
        let next = { problem: mark('That did not work.') };
        try {
            const { ok, body } = await askServer('/api/advice');
            next = ok ? { advice: body, problem: '' } : { problem: body.detail };
        } catch {
            /* asked again in a minute */
        }
        under.current.isAsked = false;
        setState((before) => ({ ...before, ...next, asking: false }));
        if (under.current.isWantedAgain) ask(); /* a move has been made meanwhile */
    };
    refresh.current = ask;
    useEffect(() => {
        if (!dayOpen) return undefined;
        ask();
        const timer = setInterval(() => !document.hidden && ask(), EACH_MS);
        return () => clearInterval(timer);
    }, [dayOpen]);
    return { ...state, ask };
}

function moveText({ move, counter, minutes }, names) {
    if (move === 'open') return say('Open {counter}', { counter: names.counter(counter) });
    if (move === 'pause') return say('Pause {counter} for {minutes} min', { counter: names.counter(counter), minutes });
    return minutes > 0 ? say('Break at {counter}: {minutes} min later', { counter: names.counter(counter), minutes })
        : say('Break at {counter}: {minutes} min earlier', { counter: names.counter(counter), minutes: -minutes });
}

const sameSet = (one, other) => one.length === other.length && one.every((each) => other.includes(each));

/* The commands that make the move, and those that take it back; null: staff have to agree it among themselves. */
function commandsFor({ move, counter, services }, view, names) {
    const now = view.counters.find(({ code }) => code === counter);
    const path = (verb) => `/api/counters/${encodeURIComponent(counter)}/${verb}`;
    const name = names.counter(counter);
    if (!now) return null;
    if (move === 'pause') {
        return { path: path('pause'), body: { reason: 'other' }, label: say('Pause this counter'), done: say('{counter} is paused.', { counter: name }),
            back: { path: path('open'), label: say('Undo'), done: say('{counter} is open.', { counter: name }) } };
    }
    if (move !== 'open') return null;
    const asItWas = { label: say('Undo'), done: say('{counter} is as it was.', { counter: name }) };
    const moveBack = { path: path('move'), body: { services: now.moved ? now.services : [] }, ...asItWas };
    const open = { path: path('open'), body: {}, label: say('Open this counter'), done: say('{counter} is open.', { counter: name }) };
    const shut = now.state === 'paused' ? { path: path('pause'), body: now.pause && now.pause.reason ? { reason: now.pause.reason } : {} } : { path: path('close'), body: {} };
    if (sameSet(services, now.services)) return { ...open, back: { ...shut, ...asItWas } };
    const shutWords = now.state === 'paused' ? say('{counter} is paused.', { counter: name }) : say('{counter} is closed.', { counter: name });
    return { ...open, path: path('move'), body: { services }, sofar: { done: say('{counter} has other services.', { counter: name }), back: moveBack }, then: [open],
        back: { ...shut, ...asItWas, sofar: { done: shutWords, back: open }, then: [{ ...moveBack, label: say('Change services') }] } };
}

/* From what to what, and how sure that is. */
function Effect({ each, nothing }) {
    const values = { low: points(each.gain_low), high: points(each.gain_high) };
    return html`<p class="effect"><span class="pill ok">${say('{from} % → {to} %', { from: points(nothing.within_share), to: points(each.within_share) })}</span>
        <span class="soft small">${each.gain_low > 0 ? say('{low} to {high} points more', values) : say('up to {high} points more, or none', values)}</span></p>`;
}

function Move({ each, nothing, view, names, commands, onDone }) {
    const made = commandsFor(each, view, names);
    const words = moveText(each, names);
    const apply = async () => {
        if (await commands.run(made)) onDone();
    };
    return html`<li class="move"><p class="move-word">${words}</p>
        ${made && html`<button type="button" class=${`small-button ${commands.busy ? 'busy' : ''}`} aria-disabled=${Boolean(commands.busy)}
            aria-label=${say('Do it: {what}', { what: words })} onClick=${apply}>${say('Do it')}</button>`}
        <p class="soft small one-line">${made ? names.services(each.services || []) : say('Agree it with the staff there.')}</p>
        <${Effect} each=${each} nothing=${nothing} /></li>`;
}

export function Advice({ view, names, commands, refresh }) {
    const { advice, problem, asking, ask } = useAdvice(view.day_open, refresh);
    const helpful = advice && advice.nothing ? advice.moves.filter(({ gain_share: gain, gain_high: high }) => gain >= WORTH && high >= WORTH).slice(0, SHOWN) : [];
    return html`<section class="card advice" aria-labelledby="advice-title">
        <div class="card-head"><h2 id="advice-title">${say('What would help now')}</h2>
            ${view.day_open && html`<button type="button" class=${`small-button ${asking ? 'busy' : ''}`} aria-disabled=${asking} aria-keyshortcuts="U"
                onClick=${ask}><span class="label">${say('Refresh')} <${Key}>U<//></span></button>`}</div>
        ${asking && html`<progress class="working" aria-label=${say('Working out what would help')}></progress>`}
        ${!view.day_open ? html`<p class="soft">${say('The day is closed')}</p>`
        : problem ? html`<p class="soft" role="status">${say(problem)}</p>`
        : !advice ? html`<p class="soft">${say('Working out what would help')}</p>`
        : helpful.length === 0 ? html`<p class="soft">${say('Nothing that was tried would help noticeably.')}</p>`
        : html`<ul class="moves">${helpful.map((each) => html`<${Move} key=${`${each.move} ${each.counter} ${each.minutes}`} each=${each}
            nothing=${advice.nothing} view=${view} names=${names} commands=${commands} onDone=${ask} />`)}</ul>`}
        ${view.day_open && advice && html`<p class="soft small">${say('Seen in time from now until close; as of {time}', { time: clockText(Date.parse(advice.as_of), view) })}</p>`}
    </section>`;
}
