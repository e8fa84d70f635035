/* The counter page: one visitor, one large key. Everything shown comes from the newest view of this counter's
 * stream; a command changes nothing here until the server's view says so. */
import { command, follow } from './live.js';
import { Answers } from './answers.js';
import { useAttention } from './attention.js';
import { Help, helpActions } from './help.js';
import {
    clockText, failed, html, Key, render, StatePill, stopwatch, TopBar, useEffect, useMemo, useRef, useServerNow, useState, waitClass,
} from './parts.js';
import { reasonText } from './reasons.js';
import { openSession } from './session.js';
import { useSite } from './site.js';
import { Transfer } from './transfer.js';
import { Pills } from './visitors.js';
import { Waiting } from './waiting.js';
import { loadWords, mark, say } from './words.js';

const OUTCOMES = [
    { code: 'resolved', label: mark('Resolved') },
    { code: 'follow_up', label: mark('Follow-up') },
    { code: 'signposted', label: mark('Signposted') },
    { code: 'wrong_service', label: mark('Wrong service') },
    { code: 'left', label: mark('Left') },
];

/* What can be done now, from the view alone: each with its key. The order is the order on the page. */
function actionsFor(view) {
    const ticket = view.ticket;
    if (view.counter.state === 'paused') {
        return [
            { id: 'open', key: 'P', label: mark('Resume'), large: true },
            { id: 'close', key: 'C', label: mark('Close this counter') },
        ];
    }
    if (view.counter.state !== 'open') {
        return view.day_open ? [{ id: 'open', key: 'O', label: mark('Open this counter'), large: true }] : [];
    }
    if (!ticket) {
        return [
            { id: 'next', key: ' ', shown: mark('Space'), label: mark('Call next'), large: true,
              off: Boolean(view.counter.ready_since) && say('The next visitor comes by itself') },
            { id: 'pause', key: 'P', label: mark('Pause this counter') },
            { id: 'close', key: 'C', label: mark('Close this counter') },
        ];
    }
    if (ticket.state === 'called') {
        return [
            { id: 'start', key: 'Enter', shown: mark('Enter'), label: mark('Start'), large: true },
            { id: 'recall', key: 'R', label: mark('Call again') },
            { id: 'no-show', key: 'N', label: mark('Not here'), off: ticket.recalls === 0 && say('Call again first') },
        ];
    }
    return [
        ...OUTCOMES.map((outcome, index) => ({
            id: 'finish', key: String(index + 1), label: outcome.label, body: { outcome: outcome.code }, large: index === 0,
        })),
        { id: 'transfer', key: 'T', label: mark('Send on'), asks: true },
    ];
}

function useCommands(number) {
    const [busy, setBusy] = useState('');
    const [retrying, setRetrying] = useState(false);
    const [notice, setNotice] = useState(null);
    const inFlight = useRef(false);
    const run = async (action) => {
        if (inFlight.current || action.off) return;
        inFlight.current = true; /* a doubled key press is one command */
        setBusy(action.label);
        setNotice(null);
        const path = action.path || `/api/counters/${encodeURIComponent(number)}/${action.id}`;
        const answer = await command(path, action.body, setRetrying);
        inFlight.current = false;
        setBusy('');
        if (answer.status === 204) setNotice({ kind: 'calm', text: say('Nobody you can serve is waiting.') });
        else if (!answer.ok) setNotice({ kind: 'warn', text: say(answer.body ? answer.body.detail : 'That did not work.') });
    };
    return { busy, retrying, notice, run };
}

/* The key that was pressed, whatever alphabet the keyboard writes: "R", " ", "Enter", "1". */
function keyOf(event) {
    if (/^[\x20-\x7e]$/.test(event.key)) return event.key.toUpperCase();
    const place = /^(?:Key|Digit)(.)$/.exec(event.code);
    return place ? place[1] : event.key;
}

function useKeys(actions, run) {
    const latest = useRef(null);
    latest.current = { actions, run };
    useEffect(() => {
        const onKey = (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey) return;
            if (event.target.closest('a, input, select, textarea, dialog')) return;
            const presses = event.key === ' ' || event.key === 'Enter';
            if (presses && event.target.closest('button')) {
                /* The browser presses the focused button, once: a key held down is not a row of commands. */
                if (event.repeat) event.preventDefault();
                return;
            }
            const pressed = keyOf(event);
            const action = latest.current.actions.find((each) => each.key === pressed);
            if (!action) return;
            event.preventDefault();
            if (!event.repeat) latest.current.run(action);
        };
        addEventListener('keydown', onKey);
        return () => removeEventListener('keydown', onKey);
    }, []);
}

/* When the focused button goes with its state, the focus moves to what can be done next, not to the page's top. */
function useFocusKept() {
    const held = useRef(null);
    useEffect(() => {
        const onFocus = (event) => {
            held.current = event.target;
        };
        addEventListener('focusin', onFocus);
        return () => removeEventListener('focusin', onFocus);
    }, []);
    useEffect(() => {
        if (!held.current || held.current.isConnected) return;
        held.current = null;
        if (document.activeElement !== document.body) return;
        const next = document.querySelector('#big:not(.off)') || document.querySelector('.actions button, #big');
        if (next) next.focus();
    });
}

/* Never `disabled`: a button that is held back keeps its focus and can say why. The second click of a double click is
 * none: the button may be another by then. */
function ActionButton({ action, commands, run, id, kind }) {
    const key = action.shown || action.key; /* as aria-keyshortcuts names it, too */
    return html`<button type="button" id=${id} class=${`${kind || ''} ${action.off ? 'off' : ''} ${commands.busy ? 'busy' : ''}`}
        aria-disabled=${Boolean(commands.busy || action.off)} aria-keyshortcuts=${key || null}
        onClick=${(event) => event.detail < 2 && run(action)}>
        <span class="label">${say(action.label)} ${key && html`<${Key}>${action.shown ? say(action.shown) : key}<//>`}</span>
        ${action.off && html` <span class="why">${action.off}</span>`}
    </button>`;
}

function Visitor({ view, site, names, nowMs, standard, drawn }) {
    const ticket = view.ticket;
    const serving = ticket.state === 'serving';
    const waited = Math.floor(ticket.reason.waited_s / 60);
    const told = ticket.promise;
    return html`<section class="visitor">
        ${drawn && html`<p class="drawn-word" role="alert">${say('{number} was called to you just now', { number: ticket.number })}</p>`}
        <div class="visitor-head">
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
        </div>
        <p class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} /></p>
        <${Answers} ticket=${ticket} site=${site} language=${names.reader} />
        <p class="reason">${reasonText(ticket, view, names, standard)}</p>
    </section>`;
}

function stateWords(view) {
    const { state, ready_since: ready } = view.counter;
    if (state === 'paused') return [say('This counter is paused'), say('Nobody is called to you until you resume.')];
    if (state !== 'open') return [say('This counter is closed'), say('Open it to call visitors.')];
    if (ready) return [say('Ready: the next visitor will be called to you'), say('Pause if you step away.')];
    return [say('Ready for the next visitor'), say('Waiting for you: {count}', { count: view.can_serve_total })];
}

function Empty({ view }) {
    if (!view.day_open) {
        return html`<section class="visitor empty"><h1>${say('The day is closed')}</h1>
            <p class="soft">${say('Counters can be opened again when the next day starts.')}</p></section>`;
    }
    const [what, then] = stateWords(view);
    return html`<section class="visitor empty">
        <h1>${what}</h1>
        <p class="soft">${then}</p>
        ${view.last_finished && html`<p class="soft">${say('Last visit: {number}', { number: view.last_finished.number })}</p>`}
    </section>`;
}

/* What goes wrong or is being tried; and, for those who hear the page, who has come to the counter. */
function Notices({ view, connected, commands, names }) {
    const ticket = view.ticket;
    const outdated = commands.notice && commands.notice.kind === 'calm' && (view.can_serve_total > 0 || view.counter.ready_since); /* somebody came, or the page says it all */
    return html`
        ${!connected && html`<p class="notice warn" role="alert">${say('The queue server cannot be reached. Nothing is lost: this list is from {time}, call from it by hand until the server is back.',
            { time: clockText(Date.parse(view.now), view) })}</p>`}
        ${view.site_errors > 0 && html`<p class="notice calm" role="status">${say('The settings of this centre have mistakes, so their last changes are not in use. Please tell whoever looks after them.')}</p>`}
        ${commands.retrying && html`<p class="notice warn" role="status">${say('Sending again: {what}', { what: say(commands.busy) })}</p>`}
        ${commands.notice && !outdated && html`<p class=${`notice ${commands.notice.kind}`} role="status">${commands.notice.text}</p>`}
        <p class="heard" role="status">${ticket
            && `${ticket.state === 'serving' ? say('Now serving') : say('Called')}: ${ticket.number}, ${names.service(ticket.service)}`}</p>`;
}

/* How this page names things, all in the reader's language. */
function namesOf(site, language) {
    const languageNames = new Intl.DisplayNames([language, 'en'], { type: 'language' });
    const named = (list, code) => {
        const found = list.find((each) => each.code === code);
        return found ? found.name[language] || found.name.en : code;
    };
    return {
        reader: language,
        service: (code) => named(site.services, code),
        counter: (code) => named(site.counters, code),
        language: (code) => languageNames.of(code),
        foreign: (code) => code && code !== site.languages[0].code,
    };
}

function State({ view, connected, nowMs }) {
    return html`<div class="state">
        <${StatePill} state=${view.counter.state} />
        <span class=${connected ? 'soft' : 'pill late'} role="status">${connected ? say('connected') : say('not connected, trying again')}</span>
        <time class="soft" dir="ltr">${clockText(nowMs, view)}</time>
    </div>`;
}

const NEXT_HELD_BACK = { id: 'next', label: mark('Call next'), shown: mark('Space') };

function CounterPage({ number, first, language }) {
    const [view, setView] = useState(null);
    const site = useSite(first, view);
    const names = useMemo(() => namesOf(site, language), [site]);
    const [connected, setConnected] = useState(false);
    useEffect(() => follow(`/api/counters/${encodeURIComponent(number)}/stream`, setView, setConnected), []);
    const nowMs = useServerNow(view);
    const commands = useCommands(number);
    const [asking, setAsking] = useState(null);
    const actions = view ? actionsFor(view) : [];
    const run = (action) => (action.asks ? setAsking(view.ticket.id) : commands.run(action));
    const [everybody, setEverybody] = useState(false);
    useKeys([...actions, ...(view ? helpActions(view) : []), { key: 'A', shows: () => setEverybody(!everybody) }], (action) => (action.shows ? action.shows() : run(action)));
    useFocusKept();

    const title = names.counter(number);
    const drawn = useAttention(view, title);
    if (!view) {
        return html`<${TopBar} title=${title} /><main class="loading"><h1>${say('Connecting to the queue…')}</h1></main>`;
    }
    const standard = site.standard.wait_min;
    /* Whoever is asked about has to be served here still: elsewhere the visit may have ended meanwhile. */
    const sending = asking && view.ticket && view.ticket.id === asking && view.ticket.state === 'serving';
    const big = actions.find((action) => action.large && ['open', 'next', 'start'].includes(action.id));
    const held = { ...NEXT_HELD_BACK, off: view.day_open ? say('Finish this visit first') : say('The day is closed') };
    return html`<${TopBar} title=${title}><${State} view=${view} connected=${connected} nowMs=${nowMs} /><//>
        <${Help} view=${view} names=${names} nowMs=${nowMs}
            button=${(action) => html`<${ActionButton} action=${action} commands=${commands} run=${commands.run} />`} />
        <main class="counter">
            <div class=${`card main ${drawn ? 'drawn' : ''}`}>
                ${view.ticket ? html`<${Visitor} view=${view} site=${site} names=${names} nowMs=${nowMs} standard=${standard} drawn=${drawn} />` : html`<${Empty} view=${view} />`}
                <${Notices} view=${view} connected=${connected} commands=${commands} names=${names} />
                <div class="actions">
                    ${actions.filter((action) => action !== big).map((action, index) => html`<${ActionButton} key=${action.label}
                        action=${action} commands=${commands} run=${run} kind=${action.id === 'finish' && index === 0 ? 'primary' : ''} />`)}
                </div>
            </div>
            <${ActionButton} id="big" kind="primary big" action=${big || held} commands=${commands} run=${run} />
            <${Waiting} view=${view} names=${names} nowMs=${nowMs} standard=${standard} everybody=${everybody}
                onEverybody=${() => setEverybody(!everybody)} />
        </main>
        ${sending && html`<${Transfer} number=${view.ticket.number} services=${site.services.filter(({ code }) => code !== view.ticket.service)
            .map(({ code }) => ({ code, name: names.service(code) }))} busy=${Boolean(commands.busy)}
            onChoose=${(service) => { setAsking(null); commands.run({ id: 'transfer', label: mark('Send on'), body: { service } }); }}
            onClose=${() => setAsking(null)} />`}`;
}

async function start() {
    await openSession({ roles: ['counter', 'manager'] });
    const number = decodeURIComponent(location.pathname.split('/')[2] || '');
    const answer = await fetch('/api/site');
    if (!answer.ok) throw new Error(`/api/site: ${answer.status}`);
    const site = await answer.json();
    const language = await loadWords(site.languages);
    render(html`<${CounterPage} number=${number} first=${site} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
