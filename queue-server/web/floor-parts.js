/* What the floor page's panels share: how things are named, keys, choices as touchable chips, and commands with what was
 * told of them. */
import { command } from './live.js';
import { clockText, html, useEffect, useRef, useState } from './parts.js';
import { NEEDS } from './visitors.js';
import { mark, say } from './words.js';

/* All in the reader's language; codes that the site does not know (any more) as they are. */
export function namesOf(site, language) {
    const languageNames = new Intl.DisplayNames([language, 'en'], { type: 'language' });
    const named = (list, code) => {
        const found = list.find((each) => each.code === code);
        return found ? found.name[language] || found.name.en || code : code;
    };
    return {
        reader: language,
        service: (code) => named(site.services, code),
        counter: (code) => named(site.counters, code),
        need: (code) => (NEEDS[code] ? say(NEEDS[code]) : named(site.needs, code)), /* not "I have children with me" */
        text: (words) => words[language] || words.en || '',
        language: (code) => {
            try {
                return languageNames.of(code);
            } catch {
                return code;
            }
        },
        foreign: (code) => code && code !== site.languages[0].code,
    };
}

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

export const OUTCOMES = [
    { code: 'resolved', label: mark('Resolved') }, { code: 'signposted', label: mark('Signposted') }, { code: 'follow_up', label: mark('Follow-up') },
    { code: 'wrong_service', label: mark('Wrong service') }, { code: 'left', label: mark('Left') },
];

/* Keys work from anywhere on the page but where something is typed or chosen, and not behind a dialog. actions:
 * [{key, run}]; 'Enter' is left to a focused button. */
export function useKeys(actions) {
    const latest = useRef(actions);
    latest.current = actions;
    useEffect(() => {
        const onKey = (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.repeat) return;
            if (event.target.closest('input:not([type="checkbox"]), select, textarea, dialog')) return;
            if ((event.key === 'Enter' || event.key === ' ') && event.target.closest('button, a, input')) return;
            const place = /^(?:Key|Digit)(.)$/.exec(event.code); /* whatever alphabet the keyboard writes */
            const pressed = /^[\x20-\x7e]$/.test(event.key) ? event.key.toUpperCase() : place ? place[1] : event.key;
            const action = latest.current.find((each) => each && each.key === pressed);
            if (!action) return;
            event.preventDefault();
            action.run();
        };
        addEventListener('keydown', onKey);
        return () => removeEventListener('keydown', onKey);
    }, []);
}

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

/* One command at a time: run({path, body, label, done, back}) gives the answer, or null when it was refused. label and
 * done are in the reader's words; back takes it back again: another such command, or what makes one of the answer. told:
 * what became of the last. */
export function useCommands() {
    const [busy, setBusy] = useState('');
    const [retrying, setRetrying] = useState(false);
    const [told, setTold] = useState(null);
    const inFlight = useRef(false);
    const run = async (action) => {
        if (inFlight.current) return null;
        inFlight.current = true; /* a doubled touch is one command */
        setBusy(action.label);
        setTold(null);
        const answer = await command(action.path, action.body, setRetrying);
        inFlight.current = false;
        setBusy('');
        if (!answer.ok) {
            setTold({ kind: 'warn', text: say(answer.body && answer.body.detail ? answer.body.detail : 'That did not work.') });
            return null;
        }
        const back = typeof action.back === 'function' ? action.back(answer.body) : action.back;
        if (action.done) setTold({ kind: 'calm', text: action.done, back });
        return answer;
    };
    return { busy, retrying, told, run, hush: () => setTold(null) };
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
