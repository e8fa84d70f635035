/* Who works here, what each may do, and how they get in. */
import { html, ROLE_NAMES, useState } from './parts.js';
import { Dialog, Question, ShownOnce, useChange } from './question.js';
import { ROLES, RolesChoice } from './roles-choice.js';
import { Sending } from './sending.js';
import { useSession } from './session.js';
import { Field, Wrong } from './sign-in-form.js';
import { LANGUAGES, say } from './words.js';

const SHOWN_MAX = 100; /* of up to a thousand: who is looked for is found by typing */

/* The button that was pressed may be another by now: whoever has lost the focus goes on at the same person. */
const refocus = (id) => requestAnimationFrame(() => {
    const button = document.querySelector(`[data-person="${CSS.escape(id)}"] button`);
    if (button && document.activeElement === document.body) button.focus();
});

const shown = (person) => person.display || person.name;

function matches(person, typed) {
    const wanted = typed.trim().toLocaleLowerCase();
    return [person.name, person.display || ''].some((each) => each.toLocaleLowerCase().includes(wanted));
}

function LanguageField({ value, onValue }) {
    return html`<div class="field"><label for="person-language">${say('Language of the pages')}</label>
        <select id="person-language" onChange=${(event) => onValue(event.target.value)}>
            <option value="" selected=${!value}>${say('As the browser says')}</option>
            ${LANGUAGES.map(({ code, name }) => html`<option key=${code} value=${code} lang=${code} selected=${code === value}>${name}</option>`)}
        </select></div>`;
}

/* Of a new person, or of one who is there: the name to sign in with stays. */
function PersonForm({ person, onDone, onClose }) {
    const [name, setName] = useState('');
    const [display, setDisplay] = useState(person ? person.display : '');
    const [roles, setRoles] = useState(person ? person.roles : []);
    const [language, setLanguage] = useState(person ? person.language : '');
    const change = useChange(onDone);
    const title = person ? say('Change {name}', { name: shown(person) }) : say('Add a person');
    const wrong = (...codes) => (change.problem && codes.includes(change.problem.code) ? change.problem.text : '');
    const submit = (event) => {
        event.preventDefault();
        if (!person && !name.trim()) change.setProblem({ code: 'bad-name', text: say('A name to sign in with has 2 to 64 letters, digits or . - _ @.') });
        else if (roles.length === 0) change.setProblem({ code: 'bad-roles', text: say('Choose at least one role.') });
        else change.run(person ? `/api/persons/${person.id}/change` : '/api/persons', { ...(person ? {} : { name: name.trim() }),
            ...(display.trim() || person ? { display: display.trim() || person.name } : {}), roles, ...(language || person ? { language } : {}) }, title);
    };
    const told = ['bad-name', 'name-taken', 'bad-display-name', 'bad-roles'];
    const leave = change.leave(onClose);
    return html`<${Dialog} title=${title} onClose=${leave}>
        <form class="form" onSubmit=${submit} novalidate>
            ${!person && html`<${Field} id="person-name" label=${say('Name to sign in with')} value=${name} onValue=${setName} autocomplete="off" autocapitalize="off"
                spellcheck=${false} dir="auto" autofocus hint=${say('A name to sign in with has 2 to 64 letters, digits or . - _ @.')} error=${wrong('bad-name', 'name-taken')} />`}
            <${Field} id="person-display" label=${say('Name to be shown (may stay empty)')} value=${display} onValue=${setDisplay} autocomplete="off" dir="auto"
                autofocus=${Boolean(person)} error=${wrong('bad-display-name')} />
            <${RolesChoice} legend=${say('What may they do?')} roles=${roles} onRoles=${setRoles} error=${wrong('bad-roles')} />
            <${LanguageField} value=${language} onValue=${setLanguage} />
            <${Wrong} text=${change.problem && !told.includes(change.problem.code) && change.problem.text} />
            <${Sending} ...${change.sending} />
            <div class="actions">
                <button type="submit" class=${`primary ${change.busy ? 'busy' : ''}`} aria-disabled=${change.busy}>${person ? say('Save') : say('Add')}</button>
                <button type="button" onClick=${leave}>${say('Cancel')}</button>
            </div>
        </form><//>`;
}

function OneTime({ person, password, onClose }) {
    return html`<${ShownOnce} title=${say('One-time password')} name=${person.name} secret=${password} onClose=${onClose}
        text=${say('Give it to {name} now: it is shown only this once. It is good for 72 hours, and at the first sign-in they choose their own.', { name: shown(person) })} />`;
}

const QUESTIONS = {
    'reset-password': (name) => ({
        title: say('Give {name} a new password?', { name }), yes: say('New password'),
        text: say('They are signed out everywhere, and get in only with the password that you see next.'),
    }),
    disable: (name) => ({
        title: say('Let {name} in no more?', { name }), yes: say('Let in no more'),
        text: say('They are signed out everywhere at once. What they did stays in the figures and in the trail, and you can let them in again.'),
    }),
    enable: (name) => ({
        title: say('Let {name} in again?', { name }), yes: say('Let in again'), text: say('They get in with the password that you see next.'),
    }),
};

function Sure({ person, verb, onDone, onClose }) {
    const change = useChange(onDone);
    const question = QUESTIONS[verb](shown(person));
    return html`<${Question} ...${question} sending=${change.sending} busy=${change.busy} why=${change.problem && change.problem.text} onClose=${change.leave(onClose)}
        onYes=${() => change.run(`/api/persons/${person.id}/${verb}`, {}, question.yes)} />`;
}

function Person({ person, isMe, onAct }) {
    const act = (what, label) => html`<button type="button" class="small-button" onClick=${() => onAct(what, person)}
        aria-label=${`${label}: ${shown(person)}`}>${label}</button>`;
    return html`<li class=${person.disabled ? 'away' : ''} data-person=${person.id}>
        <div class="who">
            <h2><bdi>${shown(person)}</bdi></h2>
            <p class="soft"><bdi>${person.name}</bdi>${isMe && ` \u00b7 ${say('you')}`}</p>
        </div>
        <p class="pills">${ROLES.filter((role) => person.roles.includes(role)).map((role) => html`<span class="pill tint" key=${role}>${say(ROLE_NAMES[role])}</span>`)}
            ${person.disabled && html`<span class="pill late">${say('not let in')}</span>`}
            ${!person.disabled && person.must_change && html`<span class="pill soon">${say('has no own password yet')}</span>`}</p>
        <div class="actions">
            ${act('change', say('Change'))}
            ${person.disabled ? act('enable', say('Let in again')) : html`${act('reset-password', say('New password'))}${!isMe && act('disable', say('Let in no more'))}`}
        </div>
    </li>`;
}

export function Persons({ persons, names }) {
    const { person: me } = useSession();
    const [typed, setTyped] = useState('');
    const [asked, setAsked] = useState(null); /* {what, person} */
    const [oneTime, setOneTime] = useState(null);
    const [said, setSaid] = useState('');
    const close = () => {
        setAsked(null);
        persons.load(); /* what was given up may have been done */
    };
    const done = (answer) => {
        const person = answer.person || answer;
        setAsked(null);
        if (answer.one_time) setOneTime({ person, password: answer.one_time });
        else setSaid(say('{name}: changed.', { name: shown(person) }));
        persons.load().then(() => refocus(person.id));
    };
    if (!persons.list) return html`<p class="soft">${say('One moment…')}</p>`;
    const found = persons.list.filter((person) => matches(person, typed));
    return html`<div class="tools">
            <${Field} id="find-person" label=${say('Find a person')} type="search" value=${typed} onValue=${setTyped} autocomplete="off" />
            <button type="button" class="primary" onClick=${() => setAsked({ what: 'add' })}>${say('Add a person')}</button>
        </div>
        <p class="soft" role="status">${said || (found.length > SHOWN_MAX ? say('{count} people; the first {shown} are shown. Type a name to find somebody.', { count: found.length, shown: SHOWN_MAX })
            : found.length === 0 ? say('Nobody has this name.') : say('People: {count}', { count: found.length }))}</p>
        <ul class="card list people">${found.slice(0, SHOWN_MAX).map((person) => html`<${Person} key=${person.id} person=${person} isMe=${Boolean(me) && me.id === person.id}
            onAct=${(what, whom) => { setSaid(''); setAsked({ what, person: whom }); }} />`)}</ul>
        ${asked && ['add', 'change'].includes(asked.what) && html`<${PersonForm} person=${asked.person} names=${names} onDone=${done} onClose=${close} />`}
        ${asked && QUESTIONS[asked.what] && html`<${Sure} verb=${asked.what} person=${asked.person} onDone=${done} onClose=${close} />`}
        ${oneTime && html`<${OneTime} ...${oneTime} onClose=${() => { setOneTime(null); refocus(oneTime.person.id); }} />`}`;
}
