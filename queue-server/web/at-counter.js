/* Who is at the counter, as large as it can be told: number, what for, how long, what is needed, what was said, and why it
 * is them; or what the counter is, when nobody is there. */
import { Answers } from './answers.js';
import { html, stopwatch, useEffect, useRef, useState, waitClass } from './parts.js';
import { pauseWords, reasonText } from './reasons.js';
import { Pills } from './visitors.js';
import { say } from './words.js';

/* What does not fit scrolls within, so that the buttons below stay where they are; then it must be reached by keys. */
function useScrolls(box) {
    const [scrolls, setScrolls] = useState(false);
    useEffect(() => {
        const all = box.current;
        if (!all) return undefined;
        const watch = new ResizeObserver(() => setScrolls(all.scrollHeight > all.clientHeight + 1));
        [all, ...all.children].forEach((each) => watch.observe(each));
        return () => watch.disconnect();
    }, []);
    return scrolls;
}

function Head({ ticket, names, nowMs, standard }) {
    const serving = ticket.state === 'serving';
    const waited = Math.floor(ticket.reason.waited_s / 60);
    const told = ticket.promise;
    return html`<div class="visitor-head">
        <div>
            <p class="soft">${serving ? say('Now serving') : say('Called')}</p>
            <p class="number" dir="ltr">${ticket.number}</p>
            <h1>${names.service(ticket.service)}</h1>
        </div>
        <div class="timer">
            <p class="clock" role="timer" dir="ltr">${stopwatch(serving ? ticket.started_at : ticket.called_at, nowMs)}</p>
            <p><span class=${`pill ${waitClass(waited, standard)}`}>${say('waited {minutes} min', { minutes: waited })}</span></p>
            ${told && html`<p class="soft">${say('told {low} to {high} min', { low: told.low_min, high: told.high_min })}</p>`}
            ${ticket.recalls > 0 && html`<p class="soft">${say('called again: {count}', { count: ticket.recalls })}</p>`}
        </div>
    </div>`;
}

export function Visitor({ view, site, names, nowMs, standard, drawn }) {
    const ticket = view.ticket;
    const box = useRef(null);
    const scrolls = useScrolls(box);
    return html`<section class="visitor" ref=${box} tabindex=${scrolls ? 0 : null} aria-label=${say('This visit')}>
        ${drawn && html`<p class="drawn-word" role="alert">${say('{number} was called to you just now', { number: ticket.number })}</p>`}
        <${Head} ticket=${ticket} names=${names} nowMs=${nowMs} standard=${standard} />
        <p class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} /></p>
        ${ticket.note && html`<section class="note" aria-label=${say('Note from whoever sent them')}>
            <p class="soft">${say('Note from whoever sent them')}</p><p class="note-text" dir="auto">${ticket.note}</p></section>`}
        <p class="reason">${reasonText(ticket, view, names, standard)}</p>
        <${Answers} ticket=${ticket} site=${site} language=${names.reader} />
    </section>`;
}

function stateWords(view) {
    const { state, ready_since: ready, pause } = view.counter;
    if (state === 'paused') return [say('This counter is paused'), pause && pauseWords(pause), say('Nobody is called to you until you resume.')];
    if (state !== 'open') return [say('This counter is closed'), '', say('Open it to call visitors.')];
    if (ready) return [say('Ready: the next visitor will be called to you'), '', say('Pause if you step away.')];
    return [say('Ready for the next visitor'), '', say('Waiting for you: {count}', { count: view.can_serve_total })];
}

export function Empty({ view }) {
    if (!view.day_open) {
        return html`<section class="visitor empty"><h1>${say('The day is closed')}</h1>
            <p class="soft">${say('Counters can be opened again when the next day starts.')}</p></section>`;
    }
    const [what, why, then] = stateWords(view);
    return html`<section class="visitor empty">
        <h1>${what}</h1>
        ${why && html`<p class="pause-why">${why}</p>`}
        <p class="soft">${then}</p>
        ${view.last_finished && html`<p class="soft">${say('Last visit: {number}', { number: view.last_finished.number })}</p>`}
    </section>`;
}
