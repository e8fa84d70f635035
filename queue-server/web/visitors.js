/* What is told of a visitor wherever one is shown: badges, and how long they have waited and probably will. */
import { clockText, html, waitClass } from './parts.js';
import { mark, say } from './words.js';

export const NEEDS = {
    interpreter: mark('Interpreter'), bsl: mark('Sign language (BSL)'), private_room: mark('Private room'),
    step_free: mark('Step-free access'), hearing_loop: mark('Hearing loop'), with_children: mark('With children'),
};

function classPill(ticket, view) {
    const { class: code, appointment_at: booked } = ticket;
    if (code === 'urgent') return html`<span class="pill late">${say('Urgent')}</span>`;
    if (code === 'assisted') return html`<span class="pill tint">${say('Assistance')}</span>`;
    if (code === 'transfer') return html`<span class="pill tint">${say('Sent on')}</span>`;
    if (code !== 'appointment' && !booked) return null;
    if (!booked) return html`<span class="pill tint">${say('Booked')}</span>`;
    const time = clockText(Date.parse(booked), view);
    return html`<span class="pill tint">${code === 'appointment' ? say('Booked {time}', { time }) : say('Booked {time}, came late', { time })}</span>`;
}

/* Besides the service: how the visitor comes before others, another language than the centre's first, and the needs. */
export function Pills({ ticket, view, names }) {
    return html`${classPill(ticket, view)}
        ${names.foreign(ticket.language) && html`<span class="pill tint">${names.language(ticket.language)}</span>`}
        ${ticket.needs.map((need) => html`<span class="pill tint" key=${need}>${say(NEEDS[need] || need)}</span>`)}`;
}

/* Of those in the line: who lets others go first, and who was sent to one counter. */
export function LinePills({ ticket, view, names }) {
    return html`${ticket.held_until && html`<span class="pill off">${say('Lets others go first until {time}', { time: clockText(Date.parse(ticket.held_until), view) })}</span>`}
        ${ticket.only && html`<span class="pill tint">${say('Only for {counter}', { counter: names.counter(ticket.only) })}</span>`}`;
}

/* Colour and word say the same. */
export function WaitPill({ minutes, late, standard }) {
    const kind = late ? 'late' : waitClass(minutes, standard);
    const words = { late: mark('{minutes} min, late'), soon: mark('{minutes} min, due soon'), fine: mark('{minutes} min') };
    return html`<span class=${`pill ${kind}`}>${say(words[kind], { minutes })}</span>`;
}

/* The forecast is of the whole wait; who looks at a list wants what is left of it. */
export function likelyText(wait, waitedS) {
    if (!wait) return '';
    const high = Math.ceil((wait.p90_s - waitedS) / 60);
    const low = Math.min(Math.max(0, Math.floor((wait.p20_s - waitedS) / 60)), high);
    if (high <= 1) return say('likely any moment');
    return low <= 0 ? say('likely within {high} min', { high }) : say('likely in {low} to {high} min', { low, high });
}
