/* The counters and who works at them, live; and the dialog in which a manager opens, pauses, closes or moves one. */
import { Modal } from './modal.js';
import { html, useState } from './parts.js';
import { PAUSES, pauseWords } from './reasons.js';
import { ToldHere } from './told.js';
import { say } from './words.js';

const minutesSince = (text, nowMs) => Math.max(0, Math.floor((nowMs - Date.parse(text)) / 60000));

/* What a counter does now: in words, with the colour that says the same. */
function stateOf(counter, nowMs) {
    const { state, ticket, pause, ready_since: ready } = counter;
    if (ticket) {
        const values = { number: ticket.number, minutes: minutesSince(ticket.since, nowMs) };
        return ticket.state === 'called' ? { kind: 'tint', text: say('calling {number}', values) } : { kind: 'ok', text: say('serving {number}, {minutes} min', values) };
    }
    if (state === 'paused') {
        const reason = pause && pause.reason;
        const values = { minutes: pause && pause.since ? minutesSince(pause.since, nowMs) : 0, reason: reason ? pauseWords(reason) : '' };
        return { kind: 'soon', text: reason ? say('paused, {minutes} min: {reason}', values) : say('paused, {minutes} min', values) };
    }
    if (state !== 'open') return { kind: 'off', text: say('closed') };
    return { kind: 'tint', text: ready ? say('free for {minutes} min', { minutes: minutesSince(ready, nowMs) }) : say('free') };
}

/* "person:01J..." is a person of this house; a counter opened without sign-in has none. */
function personName(counter, view) {
    const id = counter.person && counter.person.replace(/^person:/, '');
    return (id && view.persons && view.persons[id]) || '–';
}

function Row({ counter, view, names, nowMs, onChange }) {
    const { kind, text } = stateOf(counter, nowMs);
    const name = names.counter(counter.code);
    return html`<tr class=${counter.state === 'closed' ? 'away' : ''}>
        <th scope="row">${name}</th>
        <td class="staff"><bdi>${personName(counter, view)}</bdi></td>
        <td class="now"><span class=${`pill ${kind}`}>${text}</span></td>
        <td class="offers"><span>${names.services(counter.services)}</span>${counter.moved && html` <span class="pill tint">${say('moved')}</span>`}</td>
        <td class="end can">${counter.state === 'open' ? counter.can_serve_total : '–'}</td>
        <td class="end"><button type="button" class="small-button" aria-label=${say('Change {counter}', { counter: name })}
            onClick=${() => onChange(counter.code)}>${say('Change')}</button></td>
    </tr>`;
}

export function Counters({ view, names, nowMs, onChange }) {
    const count = (state) => view.counters.filter((each) => each.state === state).length;
    return html`<section class="card counters" aria-labelledby="counters-title">
        <div class="card-head"><h2 id="counters-title">${say('Counters and staff')}</h2>
            <p class="soft">${say('{open} open, {paused} paused, {closed} closed', { open: count('open'), paused: count('paused'), closed: count('closed') })}</p></div>
        <div class="rows" tabindex="0" role="group" aria-labelledby="counters-title"><table>
            <thead><tr><th scope="col">${say('Counter')}</th><th scope="col" class="staff">${say('Staff')}</th><th scope="col">${say('Now')}</th>
                <th scope="col" class="offers">${say('For')}</th><th scope="col" class="end can">${say('Waiting')}</th>
                <th scope="col"><span class="heard">${say('Change')}</span></th></tr></thead>
            <tbody>${view.counters.map((counter) => html`<${Row} key=${counter.code} counter=${counter} view=${view} names=${names} nowMs=${nowMs} onChange=${onChange} />`)}</tbody>
        </table></div>
    </section>`;
}

/* Commands for one counter, each with the one that takes it back as the counter is now. */
function commandsOf(counter, names) {
    const name = names.counter(counter.code);
    const path = (verb) => `/api/counters/${encodeURIComponent(counter.code)}/${verb}`;
    const wasReason = counter.pause && counter.pause.reason ? { reason: counter.pause.reason } : {};
    const back = { path: path(counter.state === 'open' ? 'open' : counter.state === 'paused' ? 'pause' : 'close'), body: counter.state === 'paused' ? wasReason : {},
        label: say('Undo'), done: say('{counter} is as it was.', { counter: name }) };
    /* What is closed cannot be paused: it is opened first. */
    const close = { path: path('close'), body: {}, label: say('Close this counter'), done: say('{counter} is closed.', { counter: name }) };
    const backFromClosed = counter.state === 'paused' ? { ...back, path: path('open'), body: {}, sofar: { done: say('{counter} is open.', { counter: name }), back: close },
        then: [{ path: path('pause'), body: wasReason, label: say('Pause this counter') }] } : back;
    return {
        open: { path: path('open'), body: {}, label: say('Open this counter'), done: say('{counter} is open.', { counter: name }), back },
        pause: (reason) => ({ path: path('pause'), body: { reason }, label: say('Pause this counter'), done: say('{counter} is paused.', { counter: name }), back }),
        close: { ...close, back: backFromClosed },
        move: (services) => ({ path: path('move'), body: { services }, label: say('Change services'), done: say('{counter} has other services.', { counter: name }),
            back: { path: path('move'), body: { services: counter.moved ? counter.services : [] }, label: say('Undo'), done: say('{counter} is as it was.', { counter: name }) } }),
    };
}

/* A visitor is there: the server would refuse, and says so only then; told beforehand here. */
function StateButtons({ counter, made, act, dayOpen }) {
    if (!dayOpen) return html`<p class="soft">${say('The day is closed')}</p>`;
    if (counter.state === 'closed') return html`<div class="actions"><button type="button" class="primary" onClick=${() => act(made.open)}>${say('Open this counter')}</button></div>`;
    if (counter.ticket) return html`<p class="soft">${say('Somebody is being served here. It can be paused or closed afterwards.')}</p>`;
    if (counter.state === 'paused') {
        return html`<div class="actions"><button type="button" class="primary" onClick=${() => act(made.open)}>${say('Resume')}</button>
            <button type="button" onClick=${() => act(made.close)}>${say('Close this counter')}</button></div>`;
    }
    return html`<fieldset><legend>${say('Pause this counter')}</legend><div class="actions">
            ${Object.keys(PAUSES).map((code) => html`<button type="button" key=${code} onClick=${() => act(made.pause(code))}>${pauseWords(code)}</button>`)}</div></fieldset>
        <div class="actions"><button type="button" onClick=${() => act(made.close)}>${say('Close this counter')}</button></div>`;
}

function Services({ counter, site, names, made, act }) {
    const [chosen, setChosen] = useState(() => new Set(counter.services));
    const toggle = (code) => setChosen((before) => {
        const after = new Set(before);
        if (!after.delete(code)) after.add(code);
        return after;
    });
    const same = chosen.size === counter.services.length && counter.services.every((code) => chosen.has(code));
    const off = same || chosen.size === 0;
    return html`<fieldset><legend>${say('Services here for the rest of today')}</legend>
            <ul class="checks">${site.services.map(({ code }) => html`<li key=${code}><label>
                <input type="checkbox" value=${code} checked=${chosen.has(code)} onChange=${() => toggle(code)} /><span>${names.service(code)}</span></label></li>`)}</ul></fieldset>
        <div class="actions"><button type="button" class=${`primary ${off ? 'off' : ''}`} aria-disabled=${off}
                onClick=${() => !off && act(made.move(site.services.map(({ code }) => code).filter((code) => chosen.has(code))))}>${say('Offer these services')}</button>
            ${counter.moved && html`<button type="button" onClick=${() => act(made.move([]))}>${say('Back to the usual services')}</button>`}</div>`;
}

export function CounterDialog({ counter, view, site, names, nowMs, commands, onClose }) {
    const made = commandsOf(counter, names);
    const act = async (wanted) => {
        if (await commands.run(wanted)) onClose();
    };
    return html`<${Modal} kind="dialog counter-dialog" titled="counter-title" onClose=${onClose}>
        <div class="card-head"><h2 id="counter-title">${names.counter(counter.code)}</h2>
            <p><span class=${`pill ${stateOf(counter, nowMs).kind}`}>${stateOf(counter, nowMs).text}</span></p></div>
        <${ToldHere} commands=${commands} />
        <div class="dialog-body"><${StateButtons} counter=${counter} made=${made} act=${act} dayOpen=${view.day_open} />
            ${view.day_open && html`<${Services} counter=${counter} site=${site} names=${names} made=${made} act=${act} />`}</div>
        <div class="actions"><button type="button" onClick=${onClose}>${say('Cancel')}</button></div>
    <//>`;
}
