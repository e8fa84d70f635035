/* Devices that are let in, and those that ask to be: an administrator stands before the device, or has its letters told,
 * and types them here. */
import { ask } from './live.js';
import { html, useEffect, useRef, useState } from './parts.js';
import { Dialog, Question, ShownOnce, useChange } from './question.js';
import { refusalText, Sending, useSending } from './sending.js';
import { Field, Wrong } from './sign-in-form.js';
import { mark, say } from './words.js';

const ASK_MS = 4000;
const LETTERS = 6;

const KINDS = { kiosk: mark('Kiosk'), display: mark('Display'), printer: mark('Ticket printer'), machine: mark('Machine') };
const kindName = (kind) => say(KINDS[kind] || kind);

/* Devices that wait are asked for while the page is in sight. */
export function usePairings() {
    const [list, setList] = useState([]);
    const [why, setWhy] = useState('');
    const load = async () => {
        const answer = await ask('/api/pairings').catch(() => null);
        if (answer && answer.ok) setList(answer.body);
        setWhy(answer && answer.ok ? '' : say('The list could not be loaded. What you see may be old: check the connection, then load this page again.'));
    };
    useEffect(() => {
        let timer = 0;
        let isOver = false;
        const again = async () => {
            if (document.visibilityState === 'visible') await load();
            if (!isOver) timer = setTimeout(again, ASK_MS);
        };
        again();
        return () => {
            isOver = true;
            clearTimeout(timer);
        };
    }, []);
    return { list, why, load };
}

/* The codes that the site has for this kind, and the one the device asks for. */
function codesFor(pairing, site) {
    const own = site ? { kiosk: site.kiosks, display: site.displays }[pairing.kind] || [] : [];
    return [...new Set([pairing.code, ...own.map(({ code }) => code)].filter(Boolean))];
}

/* send: it goes on, and is shown, while this one is gone from the list already because it was let in. */
function Pairing({ pairing, devices, names, send, onDone }) {
    const [letters, setLetters] = useState('');
    const codes = codesFor(pairing, names.site);
    const [code, setCode] = useState(codes[0] || '');
    const [wrong, setWrong] = useState({});
    const [busy, setBusy] = useState(false);
    const id = `pairing-${pairing.pairing}`;
    const submit = async (event) => {
        event.preventDefault();
        if (busy) return;
        const typed = letters.replace(/[\s-]/g, '');
        if (typed.length !== LETTERS) {
            setWrong({ letters: say('Type the six letters that its screen shows.') });
            document.getElementById(`${id}-letters`).focus();
            return;
        }
        setBusy(true);
        setWrong({});
        const answer = await send(`/api/pairings/${pairing.pairing}/approve`, { letters: typed, code }, say('Let it in'));
        setBusy(false);
        if (answer.ok) {
            onDone(say('{device} is let in.', { device: code }));
            return;
        }
        const problem = answer.body || {};
        if (problem.type === '/problems/wrong-letters') {
            setWrong({ letters: say('That is not what its screen shows. Look again: after three wrong tries it has to ask anew.') });
            document.getElementById(`${id}-letters`).select();
        } else if (answer.givenUp) {
            onDone(refusalText(answer, say('Let it in')));
        } else if (answer.status === 404 || answer.status === 410 || problem.type === '/problems/pairing-over') {
            onDone(say('That device has to ask anew: wait until its screen shows other letters.'));
        } else {
            setWrong({ all: refusalText(answer, say('Let it in')) });
        }
    };
    const replaced = (devices.list || []).find((each) => each.code === code && !each.revoked && each.kind !== 'machine'); /* whose name is not free */
    return html`<li><form class="form" onSubmit=${submit} novalidate aria-labelledby=${`${id}-title`}>
        <h3 id=${`${id}-title`}>${kindName(pairing.kind)} <bdi dir="ltr">${pairing.code}</bdi></h3>
        <p class="soft">${say('Asks since {time}; until {until}.', { time: names.times.clock(pairing.asked_at), until: names.times.clock(pairing.until) })}</p>
        <div class="row">
            <${Field} id=${`${id}-letters`} label=${say('The letters on its screen')} value=${letters} onValue=${(text) => setLetters(text.toUpperCase())} dir="ltr"
                autocomplete="off" autocapitalize="characters" spellcheck=${false} maxlength="9" error=${wrong.letters} />
            <div class="field"><label for=${`${id}-code`}>${say('Its name in the site')}</label>
                <select id=${`${id}-code`} onChange=${(event) => setCode(event.target.value)}>${codes.map((each) => html`
                    <option key=${each} value=${each} selected=${each === code}>${each}</option>`)}</select></div>
            <button type="submit" class=${`primary ${busy ? 'busy' : ''}`} aria-disabled=${busy}>${say('Let it in')}</button>
        </div>
        ${replaced && html`<p class="soft">${say('The device that had this name so far is let go.')}</p>`}
        <${Wrong} text=${wrong.all} />
    </form></li>`;
}

function Revoke({ device, onDone, onClose }) {
    const change = useChange(() => onDone(say('{device} is let in no more.', { device: device.code })));
    const revoke = () => change.run(`/api/devices/${encodeURIComponent(device.code)}/revoke`, {}, say('Let in no more'));
    return html`<${Question} title=${say('Let {name} in no more?', { name: device.code })} yes=${say('Let in no more')} sending=${change.sending} busy=${change.busy}
        why=${change.problem && change.problem.text} onYes=${revoke} onClose=${change.leave(onClose)}
        text=${device.kind === 'machine' ? say('It reads nothing any more. To let it in again, add it anew and give it the new token.')
            : say('It stops at once, gives no tickets and shows no calls, and asks to be let in anew.')} />`;
}

/* A program that watches from another computer has no screen: it is added, and its token carried to it. */
function AddMachine({ onDone, onClose }) {
    const [code, setCode] = useState('');
    const change = useChange(onDone);
    const submit = (event) => {
        event.preventDefault();
        change.run('/api/machines', { code: code.trim() }, say('Add a machine'));
    };
    const leave = change.leave(onClose);
    return html`<${Dialog} title=${say('Add a machine')} onClose=${leave}>
        <form class="form" onSubmit=${submit} novalidate>
            <p>${say('A program on another computer that may read the figures of this server and the feed of events, and nothing else.')}</p>
            <${Field} id="machine-code" label=${say('Name')} value=${code} onValue=${setCode} dir="ltr" autocomplete="off" autocapitalize="off" spellcheck=${false}
                autofocus hint=${say('A code has up to 32 small letters, digits, - and _.')} error=${change.problem && change.problem.text} />
            <${Sending} ...${change.sending} />
            <div class="actions">
                <button type="submit" class=${`primary ${change.busy ? 'busy' : ''}`} aria-disabled=${change.busy}>${say('Add')}</button>
                <button type="button" onClick=${leave}>${say('Cancel')}</button>
            </div>
        </form><//>`;
}

function Device({ device, names, onRevoke }) {
    const { times } = names;
    return html`<li class=${device.revoked ? 'away' : ''}>
        <div class="who"><h3><bdi dir="ltr">${device.code}</bdi></h3><p class="soft">${kindName(device.kind)}</p></div>
        <p class="when soft">${say('let in {time}', { time: times.day(device.paired_at) })}<br />
            ${device.seen_at ? say('last seen {time}', { time: times.day(device.seen_at) }) : say('not seen yet')}</p>
        <div class="actions">${device.revoked ? html`<span class="pill off">${say('not let in')}</span>`
            : html`<button type="button" class="small-button" aria-label=${`${say('Let in no more')}: ${device.code}`} onClick=${onRevoke}>${say('Let in no more')}</button>`}</div>
    </li>`;
}

export function Devices({ devices, pairings, names }) {
    const [asked, setAsked] = useState(null);
    const [adds, setAdds] = useState(false);
    const [added, setAdded] = useState(null); /* {device, token} */
    const [said, setSaid] = useState('');
    const [waiting, letIn] = [useRef(null), useRef(null)];
    const letting = useSending();
    const close = () => {
        setAsked(null);
        setAdds(false);
        setAdded(null);
        devices.load(); /* what was given up may have been done */
    };
    const done = async (words, heading) => {
        setSaid(words);
        await Promise.all([devices.load(), pairings.load()]);
        requestAnimationFrame(() => { /* once what had the focus is gone: a form, or the button to revoke */
            if (heading.current && document.activeElement === document.body) heading.current.focus();
        });
    };
    return html`<p class="soft" role="status">${said}</p>
        <section class="card" aria-labelledby="pairings-title">
            <h2 id="pairings-title" tabindex="-1" ref=${waiting}>${say('Waiting to be let in')}</h2>
            <${Sending} ...${letting.sending} />
            ${pairings.list.length === 0 ? html`<p class="soft">${say('No device asks now. Start a kiosk or display with the address of this server: its screen then shows six letters.')}</p>`
                : html`<ul class="list pairings">${pairings.list.map((pairing) => html`<${Pairing} key=${pairing.pairing} pairing=${pairing} devices=${devices} names=${names} send=${letting.send}
                    onDone=${(words) => done(words, waiting)} />`)}</ul>`}
        </section>
        <section class="card" aria-labelledby="devices-title">
            <h2 id="devices-title" tabindex="-1" ref=${letIn}>${say('Let in')}</h2>
            <div class="tools"><button type="button" onClick=${() => setAdds(true)}>${say('Add a machine')}</button></div>
            ${devices.list && devices.list.length === 0 && html`<p class="soft">${say('None yet.')}</p>`}
            <ul class="list devices">${(devices.list || []).map((device) => html`<${Device} key=${device.code} device=${device} names=${names} onRevoke=${() => setAsked(device)} />`)}</ul>
        </section>
        ${asked && html`<${Revoke} device=${asked} onDone=${(words) => { setAsked(null); done(words, letIn); }} onClose=${close} />`}
        ${adds && html`<${AddMachine} onClose=${close} onDone=${(answer) => { setAdds(false); setAdded(answer); }} />`}
        ${added && html`<${ShownOnce} title=${say('Token')} name=${added.device.code} secret=${added.token} onClose=${() => { setAdded(null); done(say('{device} is let in.', { device: added.device.code }), letIn); }}
            text=${say('Give it to the program now: it is shown only this once. The program sends it as "Authorization: Bearer".')} />`}`;
}
