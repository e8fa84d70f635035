/* To which service, counter or colleague does this visitor go on, and what should be known there? Typing narrows the list,
 * arrows move in it, Enter sends, Escape leaves. They keep the time they arrived. */
import { ask } from './live.js';
import { Finder, Options, Panel, typedText, useChosen } from './panel.js';
import { html, useEffect, useState } from './parts.js';
import { mark, say } from './words.js';

const NOTE_LETTERS = 500;

/* The counters where somebody is, and who: asked for when the panel opens, for no view carries them. */
function useCounters(here) {
    const [counters, setCounters] = useState([]);
    useEffect(() => {
        Promise.all(['/api/counters', '/api/colleagues'].map(ask)).then(([all, people]) => {
            const named = (id) => (people.ok ? people.body : []).find((each) => each.id === id);
            setCounters((all.ok ? all.body : []).filter(({ code, state }) => code !== here && state !== 'closed')
                .map((each) => ({ ...each, person: named(each.person) })));
        }).catch(() => {}); /* services can be chosen all the same */
    }, []);
    return counters;
}

function targets({ site, names, ticket, counters }) {
    const services = site.services.filter(({ code }) => code !== ticket.service)
        .map(({ code }) => ({ id: `service-${code}`, name: names.service(code), body: { service: code } }));
    const open = counters.map(({ code, state }) => ({
        id: `counter-${code}`, name: names.counter(code), body: { counter: code }, more: state === 'paused' ? say('paused') : '' }));
    const people = counters.filter(({ person }) => person).map(({ code, person }) => ({
        id: `person-${person.id}`, name: person.display, body: { person: person.id }, more: names.counter(code) }));
    return [...services, ...open, ...people].map((each) => ({
        ...each, content: html`<span class="option"><span class="grow"><bdi>${each.name}</bdi></span>${each.more && html`<span class="soft small">${each.more}</span>`}</span>` }));
}

export function Transfer({ ticket, here, site, names, commands, onClose }) {
    const [typed, setTyped] = useState('');
    const [note, setNote] = useState('');
    const counters = useCounters(here);
    const wanted = typed.trim().toLocaleLowerCase();
    const found = targets({ site, names, ticket, counters }).filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
    const chosen = useChosen(found);
    const send = (target) => {
        const body = { ticket: ticket.id, ...target.body };
        if (typedText(note)) body.note = typedText(note);
        commands.run({ id: 'transfer', label: mark('Send on'), body, done: onClose });
    };
    return html`<${Panel} id="transfer" title=${say('Where does {number} go on to?', { number: ticket.number })} commands=${commands} onClose=${onClose}
        buttons=${[{ label: say('Send on'), key: say('Enter'), off: !chosen.option, onPress: () => send(chosen.option) }]}>
        <${Finder} id="transfer-find" label=${say('Service, counter or colleague')} list="transfer-list" typed=${typed} onType=${setTyped} chosen=${chosen} />
        <${Options} id="transfer-list" label=${say('Where to')} options=${found} chosen=${chosen} onPick=${(target) => chosen.set(target.id)} />
        ${found.length === 0 && html`<p class="soft" role="status">${say('No service, counter or colleague has this name.')}</p>`}
        <label>${say('A note for whoever comes next, if it helps')}
            <textarea id="note" rows="2" maxlength=${NOTE_LETTERS} value=${note} onInput=${(event) => setNote(event.target.value)}></textarea></label>
    <//>`;
}
