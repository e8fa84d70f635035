/* What the floor page's panels share: words, the heading that has the focus, and choices as touchable chips. */
import { clockText, html, useEffect, useRef } from './parts.js';
import { mark, say } from './words.js';

export const deviceName = ({ kind, code }) => {
    const bare = code.replace(/^(kiosk|display)[-_]?(?=.)/, '').replace(/[-_]/g, ' ');
    return kind === 'kiosk' ? say('Kiosk {name}', { name: bare }) : say('Display {name}', { name: bare });
};

/* "10 to 15 min", of a wait that starts now. */
export function waitText(wait) {
    if (!wait) return say('not known');
    return wait.low_min > 0 ? say('{low} to {high} min', { low: wait.low_min, high: wait.high_min }) : say('{high} min or less', { high: wait.high_min });
}

export const CLASSES = [{ code: 'normal', label: mark('In turn') }, { code: 'assisted', label: mark('Assistance') }, { code: 'urgent', label: mark('Urgent') }];

/* A heading that takes the focus when its step is entered, so that it is heard and the keys go on from there. */
export function useFocus(step) {
    const heading = useRef(null);
    useEffect(() => {
        if (heading.current) heading.current.focus({ preventScroll: true });
    }, [step]);
    return heading;
}

/* The form's own chips: one of several, or any of them. */
export function Chips({ legend, name, several, choices, chosen, onToggle }) {
    return html`<fieldset><legend>${legend}</legend>
        <div class="chips">${choices.map(({ code, label, lang }) => html`<label class="chip" key=${code} lang=${lang}>
            <input type=${several ? 'checkbox' : 'radio'} name=${name} value=${code} checked=${several ? chosen.includes(code) : chosen === code}
                onChange=${() => onToggle(code)} /><span><bdi>${label}</bdi></span></label>`)}</div></fieldset>`;
}

/* The visitor's language, in its own name, beside the reader's word for it. */
export function LanguageSelect({ site, names, value, onChange, none }) {
    return html`<label class="field"><span class="soft">${say("Visitor's language")}</span>
        <select value=${value || ''} onChange=${(event) => onChange(event.target.value || null)}>
            ${none && html`<option value="">${say('not known')}</option>`}
            ${site.languages.map(({ code, name }) => html`<option key=${code} value=${code}>${code === names.reader ? name : `${name} (${names.language(code)})`}</option>`)}
        </select></label>`;
}

export const STATES = {
    waiting: mark('Waiting'), called: mark('Called'), serving: mark('Now serving'), parked: mark('Parked'), closed: mark('Served'),
    no_show: mark('Not here'), left: mark('Left'),
};

/* "Called, counter 3". */
export function stateText(ticket, names) {
    const state = say(STATES[ticket.state] || ticket.state);
    return ticket.counter ? `${state}, ${names.counter(ticket.counter)}` : state;
}

export const timeText = (time, view) => clockText(Date.parse(time), view);
