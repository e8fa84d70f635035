/* Who did what, when: newest first, a page at a time. The server gives codes, the page says them; it looks through what it
 * has loaded, and loads further back for as long as nobody is found. */
import { ask } from './live.js';
import { html, ROLE_NAMES, useEffect, useMemo, useRef, useState } from './parts.js';
import { Wrong } from './sign-in-form.js';
import { mark, say } from './words.js';

const PAGE = 100;
const SEARCH_MAX = 2000; /* then it asks whether to go on */

const ACTIONS = {
    sign_in: mark('signed in'), sign_out: mark('signed out'), end_session: mark('ended a session'), set_up: mark('set up the server'),
    change_password: mark('changed their password'), add_person: mark('added a person'), change_person: mark('changed a person'),
    reset_password: mark('gave a new password'), disable_person: mark('let a person in no more'), enable_person: mark('let a person in again'),
    approve_pairing: mark('let a device in'), revoke_device: mark('let a device in no more'), add_machine: mark('let a machine in'), audit_lost: mark('entries were lost'),
    issue_ticket: mark('gave a ticket'), leave_queue: mark('took a visitor out of the queue'), edit_ticket: mark('edited a ticket'),
    hold_ticket: mark('let others go first'), unhold_ticket: mark('no longer lets others go first'), unpark_ticket: mark('let a parked visitor wait again'),
    revive_ticket: mark('let a visitor wait again'), record_visit: mark('noted a visit'), post_notice: mark('posted a notice'),
    withdraw_notice: mark('withdrew a notice'), answer_help: mark('went to help'), cancel_help: mark('ended a call for help'),
    print_at_kiosk: mark('printed a ticket'), open_counter: mark('opened a counter'), pause_counter: mark('paused a counter'),
    close_counter: mark('closed a counter'), move_counter: mark('changed what a counter offers'), call_next: mark('called the next visitor'),
    call_ticket: mark('called a visitor out of turn'), recall_ticket: mark('called a visitor again'), start_serving: mark('began to serve'),
    finish_visit: mark('finished a visit'), mark_no_show: mark('noted that a visitor is not here'), transfer_visit: mark('sent a visitor on'),
    park_visit: mark('parked a visit'), take_visit_back: mark('took a visit back'), undo_step: mark('undid a step'),
    try_moves: mark('asked what would help'), open_day: mark('opened the day'), close_day: mark('closed the day'),
};

const RESULTS = {
    'wrong-password': mark('wrong password'), 'wait-a-little': mark('told to wait'), 'not-allowed': mark('not allowed'),
    'not-let-in': mark('not let in'), 'wrong-set-up-code': mark('wrong set-up code'), 'wrong-letters': mark('wrong letters'),
};

/* What has no words yet is shown as it was written. */
const plain = (code) => code.replaceAll(/[_-]/g, ' ');
const actionWords = (code) => (ACTIONS[code] ? say(ACTIONS[code]) : plain(code));

/* "person:ULID" by name, "counter:3" as words. */
function thing(code, people) {
    const [kind, id] = [code.slice(0, code.indexOf(':')), code.slice(code.indexOf(':') + 1)];
    if (kind === 'person') return people.get(id) || say('a person who is unknown here');
    if (kind === 'device') return id;
    if (kind === 'counter') return say('counter {counter}', { counter: id });
    if (kind === 'kiosk') return say('kiosk {kiosk}', { kiosk: id });
    if (kind === 'ticket') return say('ticket …{end}', { end: id.slice(-6) });
    if (code === 'local') return say('at this computer');
    if (code === 'console') return say('at the console');
    return code ? plain(code) : say('nobody signed in');
}

/* {entries, isEnd, isBusy, why, more()} */
function useTrail() {
    const [state, setState] = useState({ entries: [], isEnd: false, isBusy: false, why: '' });
    const latest = useRef(state);
    latest.current = state;
    const more = async (fresh = false) => {
        if (latest.current.isBusy) return;
        const old = fresh ? [] : latest.current.entries;
        latest.current = { ...latest.current, isBusy: true };
        setState(latest.current);
        const before = old.length > 0 ? `&before=${old[old.length - 1].seq}` : '';
        const answer = await ask(`/api/audit?limit=${PAGE}${before}`).catch(() => null);
        const came = answer && answer.ok ? answer.body.entries : [];
        setState({
            entries: answer && answer.ok ? [...old, ...came] : latest.current.entries, isEnd: Boolean(answer && answer.ok) && came.length < PAGE, isBusy: false,
            why: answer && answer.ok ? '' : say('The list could not be loaded. What you see may be old: check the connection, then load this page again.'),
        });
    };
    return { ...state, more };
}

function Entry({ entry, people, times }) {
    const roles = (entry.role || '').split(',').filter(Boolean).map((role) => (ROLE_NAMES[role] ? say(ROLE_NAMES[role]) : role)).join(', ');
    const isOk = entry.result === 'ok';
    return html`<tr>
        <td><time datetime=${entry.at}>${times.exact(entry.at)}</time></td>
        <th scope="row"><bdi>${thing(entry.actor, people)}</bdi>${roles && html`<span class="small soft">${roles}</span>`}</th>
        <td>${actionWords(entry.action)}${/[^:]$/.test(entry.object) && entry.object !== entry.actor && html`<span class="small soft"><bdi>${thing(entry.object, people)}</bdi></span>`}</td>
        <td>${isOk ? say('done') : html`<span class="pill late">${say(RESULTS[entry.result] || mark('refused'))}</span>`}
            ${entry.address && html`<bdi class="small soft" dir="ltr">${entry.address}</bdi>`}</td>
    </tr>`;
}

function Choice({ id, label, all, options, value, onValue }) {
    return html`<div class="field"><label for=${id}>${label}</label><select id=${id} onChange=${(event) => onValue(event.target.value)}>
        <option value="" selected=${!value}>${all}</option>
        ${options.map(({ code, name }) => html`<option key=${code} value=${code} selected=${code === value}>${name}</option>`)}</select></div>`;
}

export function AuditTrail({ persons, names }) {
    const trail = useTrail();
    const [who, setWho] = useState('');
    const [what, setWhat] = useState('');
    const [limit, setLimit] = useState(SEARCH_MAX);
    const people = useMemo(() => new Map(persons.map((person) => [person.id, person.display || person.name])), [persons]);
    const found = trail.entries.filter((entry) => (!who || entry.actor === who || entry.object === who) && (!what || entry.action === what));
    useEffect(() => {
        trail.more();
    }, []);
    const seeks = (who || what) && found.length < PAGE / 2 && !trail.isEnd && !trail.why && trail.entries.length < limit;
    useEffect(() => {
        if (seeks && !trail.isBusy) trail.more();
    });
    const more = () => {
        setLimit(trail.entries.length + SEARCH_MAX);
        trail.more();
    };
    const actions = [...new Set(trail.entries.map(({ action }) => action))].map((code) => ({ code, name: actionWords(code) }));
    return html`<div class="tools">
            <${Choice} id="trail-who" label=${say('Who')} all=${say('Everybody')} value=${who} onValue=${setWho}
                options=${persons.map((person) => ({ code: `person:${person.id}`, name: person.display || person.name }))} />
            <${Choice} id="trail-what" label=${say('What')} all=${say('Everything')} value=${what} onValue=${setWhat} options=${actions} />
            <button type="button" onClick=${() => trail.more(true)}>${say('Load the newest')}</button>
        </div>
        <${Wrong} text=${trail.why} />
        <p class="soft" role="status">${trail.isBusy ? say('One moment…') : say('Found {count} of the last {all} entries.', { count: found.length, all: trail.entries.length })}</p>
        <div class="card trail" tabindex="0" role="region" aria-label=${say('Audit trail')}><table>
            <thead><tr><th scope="col">${say('When')}</th><th scope="col">${say('Who')}</th><th scope="col">${say('What')}</th><th scope="col">${say('What came of it')}</th></tr></thead>
            <tbody>${found.map((entry) => html`<${Entry} key=${entry.seq} entry=${entry} people=${people} times=${names.times} />`)}</tbody>
        </table></div>
        ${!trail.isEnd && html`<div class="actions"><button type="button" class=${trail.isBusy ? 'busy' : ''} aria-disabled=${trail.isBusy} onClick=${more}>${say('Further back')}</button></div>`}`;
}
