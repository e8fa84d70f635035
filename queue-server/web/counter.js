/* The counter page: one visitor, one large key. Everything shown comes from the newest view of this counter's
 * stream; a command changes nothing here until the server's view says so. */
import { command, follow } from './live.js';
import {
    clockText, failed, html, Key, minutesSince, render, stopwatch, TopBar, useEffect, useRef, useServerNow, useState, waitClass,
} from './parts.js';
import { loadWords, say } from './words.js';

const OUTCOMES = [
    { code: 'resolved', label: 'Resolved' },
    { code: 'follow_up', label: 'Follow-up' },
    { code: 'signposted', label: 'Signposted' },
    { code: 'wrong_service', label: 'Wrong service' },
    { code: 'left', label: 'Left' },
];

/* What can be done now, from the view alone: each with its key. The order is the order on the page. */
function actionsFor(view) {
    const ticket = view.ticket;
    if (view.counter.state !== 'open') {
        return view.day_open ? [{ id: 'open', key: 'O', label: 'Open this counter', large: true }] : [];
    }
    if (!ticket) {
        return [
            { id: 'next', key: ' ', shown: 'Space', label: 'Call next', large: true },
            { id: 'close', key: 'C', label: 'Close this counter' },
        ];
    }
    if (ticket.state === 'called') {
        return [
            { id: 'start', key: 'Enter', label: 'Start', large: true },
            { id: 'recall', key: 'R', label: 'Call again' },
            { id: 'no-show', key: 'N', label: 'Not here', off: ticket.recalls === 0 && say('Call again first') },
        ];
    }
    return [
        ...OUTCOMES.map((outcome, index) => ({
            id: 'finish', key: String(index + 1), label: outcome.label, body: { outcome: outcome.code }, large: index === 0,
        })),
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
        const answer = await command(`/api/counters/${encodeURIComponent(number)}/${action.id}`, action.body, setRetrying);
        inFlight.current = false;
        setBusy('');
        if (answer.status === 204) setNotice({ kind: 'calm', text: say('Nobody you can serve is waiting.') });
        else if (!answer.ok) setNotice({ kind: 'warn', text: say(answer.body ? answer.body.detail : 'That did not work.') });
    };
    return { busy, retrying, notice, run };
}

function useKeys(actions, run) {
    const latest = useRef(null);
    latest.current = { actions, run };
    useEffect(() => {
        const onKey = (event) => {
            if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
            if (event.target.closest('a, input, select, textarea')) return;
            if (event.target.closest('button') && (event.key === ' ' || event.key === 'Enter')) return;
            const pressed = event.key.length === 1 ? event.key.toUpperCase() : event.key;
            const action = latest.current.actions.find((each) => each.key === pressed);
            if (!action) return;
            event.preventDefault();
            latest.current.run(action);
        };
        addEventListener('keydown', onKey);
        return () => removeEventListener('keydown', onKey);
    }, []);
}

function ActionButton({ action, busy, run, primary }) {
    return html`<button type="button" class=${primary ? 'primary' : ''} disabled=${Boolean(busy || action.off)}
        title=${action.off || ''} onClick=${() => run(action)}>
        ${say(action.label)} <${Key}>${action.shown || action.key}<//>
    </button>`;
}

function reasonText(reason) {
    const minutes = Math.floor(reason.waited_s / 60);
    if (reason.code === 'only_one_waiting') return say('Called because: the only visitor you can serve. Waited {minutes} min.', { minutes });
    return say('Called because: waited longest of the {waiting} you can serve, {minutes} min.', { waiting: reason.waiting, minutes });
}

function Visitor({ view, names, nowMs }) {
    const ticket = view.ticket;
    const serving = ticket.state === 'serving';
    const waited = Math.floor(ticket.reason.waited_s / 60);
    const answers = Object.entries(ticket.answers || {});
    return html`<section class="visitor" aria-live="polite">
        <div class="visitor-head">
            <div>
                <p class="soft">${serving ? say('Now serving') : say('Called')}</p>
                <p class="number"><bdi>${ticket.number}</bdi></p>
                <h1>${names.service(ticket.service)}</h1>
            </div>
            <div class="timer">
                <p class="clock" dir="ltr">${stopwatch(serving ? ticket.started_at : ticket.called_at, nowMs)}</p>
                <p class="soft">${say('waited {minutes} min', { minutes: waited })}</p>
                ${ticket.recalls > 0 && html`<p class="soft">${say('called again: {count}', { count: ticket.recalls })}</p>`}
            </div>
        </div>
        <p class="pills">
            ${names.foreign(ticket.language) && html`<span class="pill tint">${names.language(ticket.language)}</span>`}
            ${ticket.needs.map((need) => html`<span class="pill need" key=${need}>${say(NEEDS[need] || need)}</span>`)}
        </p>
        ${answers.length > 0 && html`<dl class="answers">${answers.map(([question, answer]) => html`<div key=${question}>
            <dt>${question}</dt><dd><bdi>${answer}</bdi></dd></div>`)}</dl>`}
        <p class="soft">${reasonText(ticket.reason)}</p>
    </section>`;
}

const NEEDS = {
    interpreter: 'Interpreter', bsl: 'British Sign Language', private_room: 'Private room',
    step_free: 'Step-free', hearing_loop: 'Hearing loop', with_children: 'With children',
};

function Empty({ view }) {
    if (!view.day_open) {
        return html`<section class="visitor empty"><h1>${say('The day is closed')}</h1>
            <p class="soft">${say('Counters can be opened again when the next day starts.')}</p></section>`;
    }
    const open = view.counter.state === 'open';
    return html`<section class="visitor empty">
        <h1>${open ? say('Ready for the next visitor') : say('This counter is closed')}</h1>
        <p class="soft">${open ? say('Waiting for you: {count}', { count: view.can_serve_total })
            : say('Open it to call visitors.')}</p>
        ${view.last_finished && html`<p class="soft">${say('Last visit: {number}', { number: `\u2068${view.last_finished.number}\u2069` })}</p>`}
    </section>`;
}

function Waiting({ view, names, nowMs, standard }) {
    return html`<section class="card waiting">
        <div class="waiting-head">
            <h2>${say('You can serve {mine} of {all} waiting', { mine: view.can_serve_total, all: view.waiting_total })}</h2>
            <span class="soft">${say('next first')}</span>
        </div>
        <div class="rows" tabindex="0" role="region" aria-label=${say('Waiting visitors')}>
        <table>
            <thead><tr><th>${say('No.')}</th><th>${say('For')}</th><th>${say('Needs')}</th><th class="end">${say('Waits')}</th></tr></thead>
            <tbody>${view.waiting.filter((each) => each.can_serve).map((each) => {
                const minutes = minutesSince(each.arrived_at, nowMs);
                return html`<tr key=${each.id}>
                    <td><strong><bdi>${each.number}</bdi></strong></td>
                    <td>${names.service(each.service)}</td>
                    <td>${names.foreign(each.language) && html`<span class="pill tint">${names.language(each.language)}</span>`}
                        ${each.needs.map((need) => html` <span class="pill need" key=${need}>${say(NEEDS[need] || need)}</span>`)}</td>
                    <td class="end"><span class=${`pill ${waitClass(minutes, standard)}`}>${say('{minutes} min', { minutes })}</span></td>
                </tr>`;
            })}</tbody>
        </table>
        ${view.can_serve_total === 0 && html`<p class="soft none">${say('Nobody is waiting for you.')}</p>`}
        </div>
    </section>`;
}

function CounterPage({ number, site, language }) {
    const [view, setView] = useState(null);
    const [connected, setConnected] = useState(false);
    useEffect(() => follow(`/api/counters/${encodeURIComponent(number)}/stream`, setView, setConnected), []);
    const nowMs = useServerNow(view);
    const commands = useCommands(number);
    const actions = view ? actionsFor(view) : [];
    useKeys(actions, commands.run);

    const languageNames = new Intl.DisplayNames([language, 'en'], { type: 'language' });
    const named = (list, code) => {
        const found = list.find((each) => each.code === code);
        return found ? found.name[language] || found.name.en : code;
    };
    const names = {
        service: (code) => named(site.services, code),
        language: (code) => languageNames.of(code), /* in the reader's language, not in its own */
        foreign: (code) => code && code !== site.languages[0].code,
    };
    const title = named(site.counters, number);
    if (!view) {
        return html`<${TopBar} title=${title} /><p class="soft loading">${say('Connecting to the queue…')}</p>`;
    }
    const big = actions.find((action) => action.large && ['open', 'next', 'start'].includes(action.id));
    const open = view.counter.state === 'open';
    const nextOff = { id: 'next', label: 'Call next', shown: 'Space', off: say('Finish this visit first') };
    return html`<${TopBar} title=${title}>
            <span class=${`pill ${open ? 'ok' : ''}`}>${open ? say('open') : say('closed')}</span>
            <span class=${connected ? 'soft' : 'pill late'} role="status">${connected ? say('connected') : say('not connected - trying again')}</span>
            <time class="soft" dir="ltr">${clockText(nowMs, view)}</time>
        <//>
        <div class="counter">
            <div class="card main">
                ${view.ticket ? html`<${Visitor} view=${view} names=${names} nowMs=${nowMs} />` : html`<${Empty} view=${view} />`}
                ${!connected && html`<p class="notice warn" role="alert">${say('The queue server cannot be reached. The visit goes on; this list is from {time}.',
                    { time: clockText(Date.parse(view.now), view) })}</p>`}
                ${commands.retrying && html`<p class="notice warn" role="status">${say('Sending again: {what}', { what: say(commands.busy) })}</p>`}
                ${commands.notice && html`<p class=${`notice ${commands.notice.kind}`} role="status">${commands.notice.text}</p>`}
                <div class="actions">
                    ${actions.filter((action) => action !== big).map((action, index) => html`<${ActionButton} key=${action.label}
                        action=${action} busy=${commands.busy} run=${commands.run} primary=${action.id === 'finish' && index === 0} />`)}
                </div>
            </div>
            <div class="side">
                <${BigButton} action=${big || nextOff} commands=${commands} />
                <${Waiting} view=${view} names=${names} nowMs=${nowMs} standard=${site.standard.wait_min} />
            </div>
        </div>`;
}

function BigButton({ action, commands }) {
    return html`<button type="button" id="big" class="primary big" disabled=${Boolean(commands.busy || action.off)}
        title=${action.off || ''} onClick=${() => commands.run(action)}>
        ${say(action.label)} <${Key}>${action.shown || action.key}<//>
    </button>`;
}

async function start() {
    const number = decodeURIComponent(location.pathname.split('/')[2] || '');
    const answer = await fetch('/api/site');
    if (!answer.ok) throw new Error(`/api/site: ${answer.status}`);
    const site = await answer.json();
    const language = await loadWords(site.languages);
    const counter = site.counters.find((each) => each.code === number);
    if (!counter) throw new Error(say('This centre has no counter {number}.', { number }));
    document.title = `${counter.name[language] || counter.name.en} - Quarter`;
    render(html`<${CounterPage} number=${number} site=${site} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
