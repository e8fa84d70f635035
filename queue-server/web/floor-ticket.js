/* One visit, over the page: where it stands, and what can be done with it there. */
import { Chips, CLASSES, LanguageSelect, stateText, timeText, waitText } from './floor-parts.js';
import { PrintAt } from './floor-show.js';
import { keyOf } from './keys.js';
import { ask } from './live.js';
import { Modal } from './modal.js';
import { html, useEffect, useState } from './parts.js';
import { Pills } from './visitors.js';
import { mark, say } from './words.js';

const HOLDS_MIN = [5, 10, 15, 30];

/* The ticket as the server has it, asked for anew whenever the queue moves. */
function useTicket(id, version) {
    const [ticket, setTicket] = useState(null);
    const [gone, setGone] = useState(false);
    useEffect(() => {
        let stale = false;
        ask(`/api/tickets/${encodeURIComponent(id)}`).then((answer) => {
            if (stale) return;
            if (answer.ok) setTicket(answer.body);
            else if (answer.status === 404) setGone(true);
        }).catch(() => {}); /* with the next view, then */
        return () => { stale = true; };
    }, [id, version]);
    return { ticket, gone };
}

const to = (ticket, what, body, label, done, back = null) => ({
    path: `/api/tickets/${encodeURIComponent(ticket.id)}/${what}`, body, label: say(label), done: say(done, { number: ticket.number }), back,
});

const holding = (ticket, minutes, back = null) => to(ticket, 'hold', { minutes }, mark('Let others go first'), mark('{number} lets others go first.'), back);
const unhold = (ticket, back = null) => to(ticket, 'unhold', {}, mark('Back in turn now'), mark('{number} is back in turn.'), back);
const hold = (ticket, minutes) => holding(ticket, minutes, unhold(ticket));
const endHold = (ticket, nowMs) => unhold(ticket, holding(ticket, Math.max(1, Math.ceil((Date.parse(ticket.held_until) - nowMs) / 60000))));

/* Only what is another now; and the way back. */
function editing(ticket, draft) {
    const before = { service: ticket.service, language: ticket.language, needs: ticket.needs, class: ticket.class };
    const same = (key) => JSON.stringify(before[key]) === JSON.stringify(draft[key]);
    const changed = Object.keys(draft).filter((key) => !same(key));
    if (changed.length === 0) return null;
    const part = (from) => Object.fromEntries(changed.map((key) => [key, from[key]]));
    const canGoBack = !changed.includes('class') || CLASSES.some(({ code }) => code === before.class);
    const back = canGoBack ? to(ticket, 'edit', part(before), mark('Change back'), mark('{number} is as it was.')) : null;
    return to(ticket, 'edit', part(draft), mark('Save the changes'), mark('{number} is changed.'), back);
}

function Edit({ ticket, site, names, commands, onClose }) {
    const [draft, setDraft] = useState({ service: ticket.service, language: ticket.language, needs: ticket.needs, class: ticket.class });
    const set = (more) => setDraft((before) => ({ ...before, ...more }));
    const needs = site.needs.map(({ code }) => code);
    const toggle = (code) => set({ needs: needs.filter((each) => draft.needs.includes(each) !== (each === code)) });
    const action = editing(ticket, draft);
    const save = async (event) => {
        event.preventDefault();
        if (!action) return;
        const answer = await commands.run(action);
        if (answer) onClose();
    };
    const others = CLASSES.some(({ code }) => code === draft.class) ? CLASSES : [{ code: draft.class, label: mark('as it is') }, ...CLASSES];
    return html`<form class="edit" onSubmit=${save}>
        <label class="field"><span class="soft">${say('Service')}</span>
            <select value=${draft.service} onChange=${(event) => set({ service: event.target.value })}>${site.services.map(({ code }) => html`
                <option key=${code} value=${code}>${names.service(code)}</option>`)}</select></label>
        <${LanguageSelect} site=${site} names=${names} value=${draft.language} onChange=${(language) => set({ language })} none=${true} />
        <${Chips} legend=${say('What the visitor needs')} name="edit-needs" several=${true} chosen=${draft.needs} onToggle=${toggle}
            choices=${site.needs.map(({ code }) => ({ code, label: names.need(code) }))} />
        <${Chips} legend=${say('How soon')} name="edit-class" chosen=${draft.class} onToggle=${(code) => set({ class: code })}
            choices=${others.map(({ code, label }) => ({ code, label: say(label) }))} />
        <div class="actions"><button type="submit" class=${`primary ${action ? '' : 'off'} ${commands.busy ? 'busy' : ''}`} aria-disabled=${!action}>${say('Save the changes')}</button>
            <button type="button" class="quiet" onClick=${onClose}>${say('Cancel')}</button></div>
    </form>`;
}

/* The one function, or each drawing would call it anew. */
const focusFirst = (button) => button && button.focus();

/* Leaving cannot be taken back: it is asked once more, in place. */
function Leaving({ ticket, commands, onClose, onDone }) {
    const leave = async () => {
        const answer = await commands.run(to(ticket, 'leave', {}, mark('Leaves the queue'), mark('{number} has left the queue.')));
        if (answer) onDone();
    };
    return html`<div class="asks" role="group" aria-labelledby="leave-title"><p id="leave-title"><strong>${say('Does {number} leave the queue? This cannot be taken back.', { number: ticket.number })}</strong></p>
        <div class="actions"><button type="button" class=${commands.busy ? 'busy' : ''} onClick=${(event) => event.detail < 2 && leave()} ref=${focusFirst}>${say('Yes, leaves the queue')}</button>
            <button type="button" class="quiet" onClick=${onClose}>${say('No')}</button></div></div>`;
}

function Holding({ ticket, commands, onClose }) {
    const choose = async (minutes) => {
        const answer = await commands.run(hold(ticket, minutes));
        if (answer) onClose();
    };
    return html`<div class="asks" role="group" aria-label=${say('Let others go first')}><p><strong>${say('For how long?')}</strong></p>
        <div class="actions">${HOLDS_MIN.map((minutes, index) => html`<button type="button" key=${minutes} class=${commands.busy ? 'busy' : ''} onClick=${() => choose(minutes)}
            ref=${index === 0 ? focusFirst : null}>${say('{minutes} min', { minutes })}</button>`)}
            <button type="button" class="quiet" onClick=${onClose}>${say('Cancel')}</button></div></div>`;
}

/* What the state allows, from the view alone. */
function Actions({ ticket, nowMs, commands, setAsking, onShow }) {
    const button = (label, run, kind = '') => html`<button type="button" key=${label} class=${`${kind} ${commands.busy ? 'busy' : ''}`} onClick=${run}>${say(label)}</button>`;
    const send = (action) => html`<button type="button" class=${`primary ${commands.busy ? 'busy' : ''}`} onClick=${() => commands.run(action)}>${action.label}</button>`;
    const show = button(mark('Show it large'), onShow);
    if (ticket.state === 'waiting') {
        return html`<div class="actions">${show}
            ${button(mark('Edit'), () => setAsking('edit'))}
            ${ticket.held_until ? send(endHold(ticket, nowMs)) : button(mark('Let others go first'), () => setAsking('hold'))}
            ${button(mark('Leaves the queue'), () => setAsking('leave'))}</div>`;
    }
    if (ticket.state === 'parked') return html`<div class="actions">${send(to(ticket, 'unpark', {}, mark('Is back: waits again'), mark('{number} waits again.')))}
        ${show}${button(mark('Leaves the queue'), () => setAsking('leave'))}</div>`;
    if (ticket.state === 'no_show') return html`<div class="actions">${send(to(ticket, 'revive', {}, mark('Is here after all: waits again'), mark('{number} waits again.')))}${show}</div>`;
    return ticket.state === 'called' ? html`<div class="actions">${show}</div>` : null;
}

function Facts({ ticket, view, names }) {
    const row = (name, value) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    const waits = ticket.state === 'waiting';
    return html`<dl class="facts">
        ${row(say('Now'), html`<strong>${stateText(ticket, names)}</strong>`)}
        ${row(say('Came at'), html`<span dir="ltr">${timeText(ticket.issued_at, view)}</span>`)}
        ${waits && row(say('People before'), String(ticket.ahead))}
        ${waits && row(say('Wait in all'), waitText(ticket.wait))}
        ${ticket.held_until && row(say('Lets others go first'), say('until {time}', { time: timeText(ticket.held_until, view) }))}
    </dl>
    <p class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} />
        ${ticket.late && html`<span class="pill late">${say('longer than told')}</span>`}
        ${waits && ticket.nobody_serves && html`<span class="pill late">${say('no counter can serve this')}</span>`}</p>`;
}

export function TicketDialog({ id, site, view, names, nowMs, commands, told, back, onShow, onClose }) {
    const { ticket, gone } = useTicket(id, view.version);
    const [asking, setAsking] = useState('');
    const asked = ticket && (ticket.state === 'waiting' || (ticket.state === 'parked' && asking === 'leave')) ? asking : '';
    const cancel = () => {
        if (asking) setAsking('');
        else onClose();
    };
    const shut = () => setAsking('');
    const onKey = (event) => { /* the page's own keys do not reach behind a dialog */
        if (keyOf(event) !== 'Z' || !back || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
        if (!event.target.closest('select, input:not([type="checkbox"], [type="radio"])')) commands.run(back);
    };
    return html`<${Modal} kind="dialog ticket-dialog" titled="ticket-title" onClose=${cancel} onKeyDown=${onKey}>
        <div class="dialog-head"><h2 id="ticket-title" tabindex="-1" autofocus>${ticket ? html`<span class="number" dir="ltr">${ticket.number}</span> <bdi>${names.service(ticket.service)}</bdi>` : '…'}</h2>
            <button type="button" onClick=${onClose}>${say('Close')}</button></div>
        ${gone && html`<p class="notice warn" role="alert">${say('There is no such ticket today.')}</p>`}
        ${ticket && html`<${Facts} ticket=${ticket} view=${view} names=${names} />`}
        ${told}
        ${ticket && asked === 'edit' && html`<${Edit} ticket=${ticket} site=${site} names=${names} commands=${commands} onClose=${shut} />`}
        ${ticket && asked === 'hold' && html`<${Holding} ticket=${ticket} commands=${commands} onClose=${shut} />`}
        ${ticket && asked === 'leave' && html`<${Leaving} ticket=${ticket} commands=${commands} onClose=${shut} onDone=${onClose} />`}
        ${ticket && !asked && html`<${Actions} ticket=${ticket} nowMs=${nowMs} commands=${commands} setAsking=${setAsking} onShow=${() => onShow(ticket)} />
            ${['waiting', 'called'].includes(ticket.state) && html`<${PrintAt} ticket=${ticket} view=${view} commands=${commands} />`}`}
    <//>`;
}
