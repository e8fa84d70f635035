/* The counter page: one visitor, one large key. Everything shown comes from the newest view of this counter's
 * stream; a command changes nothing here until the server's view says so. */
import { actionsFor, bigAction } from './actions.js';
import { AsideButtons, asideActions, NoShows, Parked } from './aside.js';
import { useAttention } from './attention.js';
import { NextByItself, useNextByItself } from './by-itself.js';
import { ChooseCall } from './choose-call.js';
import { ActionButton, Notice, useCommands, useFocusKept } from './commands.js';
import { Finish } from './finish.js';
import { Help, helpActions } from './help.js';
import { useKeys } from './keys.js';
import { useStream } from './live.js';
import { clockText, Connection, failed, html, render, StatePill, TopBar, useEffect, useMemo, useServerNow, useState } from './parts.js';
import { Pause } from './pause.js';
import { namesOf } from './names.js';
import { Sending } from './sending.js';
import { openSession } from './session.js';
import { readSite, useSite } from './site.js';
import { Transfer } from './transfer.js';
import { Empty, Visitor } from './at-counter.js';
import { Waiting } from './waiting.js';
import { loadWords, say } from './words.js';

const AT_BIG = ['open', 'next', 'start']; /* told beside the large key */

/* What goes wrong or is being tried; and, for those who hear the page, who has come to the counter. */
function Notices({ view, connected, commands, names, asking }) {
    const { ticket } = view;
    const { notice } = commands;
    return html`
        ${!connected && html`<p class="notice warn" role="alert">${say('The queue server cannot be reached. Nothing is lost: this list is from {time}, call from it by hand until the server is back.',
            { time: clockText(Date.parse(view.now), view) })}</p>`}
        ${view.site_errors > 0 && html`<p class="notice calm" role="status">${say('The settings of this centre have mistakes, so their last changes are not in use. Please tell whoever looks after them.')}</p>`}
        <${Sending} ...${commands} />
        ${notice && !asking && !AT_BIG.includes(notice.at) && html`<${Notice} notice=${notice} />`}
        <p class="heard" role="status">${ticket
            && `${ticket.state === 'serving' ? say('Now serving') : say('Called')}: ${ticket.number}, ${names.service(ticket.service)}`}</p>`;
}

/* The large key, what the server said to it, and whether the next visitor comes by itself. */
function Big({ view, action, commands, run, asking, next, onNext }) {
    const { notice } = commands;
    const outdated = notice && notice.kind === 'calm' && (view.can_serve_total > 0 || view.counter.ready_since); /* somebody came, or the page says it all */
    return html`<div class="big-place">
        <${ActionButton} id="big" kind="primary big" action=${action} commands=${commands} run=${run} />
        ${notice && !asking && !outdated && AT_BIG.includes(notice.at) && html`<${Notice} notice=${notice} />`}
        <${NextByItself} on=${next} onTurn=${onNext} />
    </div>`;
}

function State({ view, connected, nowMs }) {
    return html`<div class="state">
        <${StatePill} state=${view.counter.state} />
        <${Connection} connected=${connected} view=${view} nowMs=${nowMs} />
    </div>`;
}

/* Does what a panel asks about still hold? Whoever is asked about has to be served here still: elsewhere the visit may have
 * ended meanwhile, by another browser at the same counter. */
function holds(asking, view) {
    const { counter, ticket } = view;
    if (asking.kind === 'finish' || asking.kind === 'transfer') return Boolean(ticket) && ticket.id === asking.ticket.id && ticket.state === 'serving';
    if (asking.kind === 'pause' || asking.kind === 'call') return counter.state === 'open' && !ticket;
    return true;
}

function useAsking(view, commands) {
    const [asking, setAsking] = useState(null);
    const over = Boolean(asking && view && !commands.busy && !holds(asking, view));
    useEffect(() => {
        if (!over) return;
        setAsking(null);
        if (commands.notice) return; /* the server has said so itself */
        commands.tell({ kind: 'warn', at: asking.kind, text: say('That was not done: somebody else has changed this counter meanwhile.') });
    }, [over]);
    const ask = (action) => {
        commands.tell(null);
        setAsking({ kind: action.asks, ticket: view.ticket, outcome: action.outcome, picked: action.picked });
    };
    const leave = () => {
        commands.tell(null);
        setAsking(null);
    };
    return [over ? null : asking, ask, leave];
}

function AskPanel({ asking, view, next, ...props }) {
    const { kind, ticket } = asking;
    if (kind === 'finish') return html`<${Finish} ticket=${ticket} asked=${asking.outcome} next=${next} ...${props} />`;
    if (kind === 'transfer') return html`<${Transfer} ticket=${ticket} here=${view.counter.code} ...${props} />`;
    if (kind === 'pause') return html`<${Pause} ...${props} />`;
    if (kind === 'call') return html`<${ChooseCall} picked=${asking.picked} view=${view} ...${props} />`;
    return kind === 'parked' ? html`<${Parked} view=${view} ...${props} />` : html`<${NoShows} view=${view} ...${props} />`;
}

function CounterPage({ number, first, language }) {
    const { view, connected } = useStream(`/api/counters/${encodeURIComponent(number)}/stream`);
    const site = useSite(first, view);
    const names = useMemo(() => namesOf(site, language), [site]);
    const nowMs = useServerNow(view);
    const commands = useCommands(number);
    const [asking, ask, leave] = useAsking(view, commands);
    const [next, turnNext] = useNextByItself();
    const [everybody, setEverybody] = useState(false);
    const actions = view ? actionsFor(view, nowMs) : [];
    const run = (action) => {
        if (action.turns) action.turns();
        else if (!action.asks) commands.run(action);
        else if (!action.off && !commands.busy) ask(action);
    };
    const others = view ? [...asideActions, ...helpActions(view), { key: 'A', turns: () => setEverybody(!everybody) }, { key: 'X', turns: turnNext }] : [];
    useKeys([...actions, ...others].map((action) => ({ key: action.key, run: () => run(action) })));
    useFocusKept();

    const title = names.counter(number);
    const drawn = useAttention(view, title);
    if (!view) {
        return html`<${TopBar} title=${title} /><main class="loading"><h1>${say('Connecting to the queue…')}</h1></main>`;
    }
    const standard = site.standard.wait_min;
    const big = bigAction(view, actions, next);
    const undo = actions.find(({ id }) => id === 'undo');
    return html`<${TopBar} title=${title}><${State} view=${view} connected=${connected} nowMs=${nowMs} /><//>
        <${Help} view=${view} names=${names} nowMs=${nowMs}
            button=${(action) => html`<${ActionButton} action=${action} commands=${commands} run=${run} />`} />
        <main class="counter">
            <div class=${`card main ${drawn ? 'drawn' : ''}`}>
                ${view.ticket ? html`<${Visitor} key=${view.ticket.id} view=${view} site=${site} names=${names} nowMs=${nowMs} standard=${standard} drawn=${drawn} />`
                    : html`<${Empty} view=${view} />`}
                <${Notices} view=${view} connected=${connected} commands=${commands} names=${names} asking=${asking} />
                <div class="actions">
                    ${actions.filter((action) => action !== big && action.id !== 'undo').map((action) => html`<${ActionButton} key=${action.label}
                        action=${action} commands=${commands} run=${run} kind=${action.large ? 'primary' : action.id} />`)}
                </div>
                <div class="last-step">${undo && html`<${ActionButton} action=${undo} commands=${commands} run=${run} />`}</div>
            </div>
            <${Big} view=${view} action=${big} commands=${commands} run=${run} asking=${asking} next=${next} onNext=${turnNext} />
            <${Waiting} view=${view} names=${names} nowMs=${nowMs} standard=${standard} everybody=${everybody}
                onEverybody=${() => setEverybody(!everybody)} onCall=${(picked) => run({ asks: 'call', picked })}>
                <${AsideButtons} view=${view} nowMs=${nowMs} onAsk=${run} />
            <//>
        </main>
        ${asking && html`<${AskPanel} key=${asking.kind} asking=${asking} view=${view} next=${next} site=${site} names=${names} nowMs=${nowMs}
            commands=${commands} onClose=${leave} />`}`;
}

async function start() {
    await openSession({ roles: ['counter', 'manager'] });
    const number = decodeURIComponent(location.pathname.split('/')[2] || '');
    const site = await readSite();
    const language = await loadWords(site.languages);
    render(html`<${CounterPage} number=${number} first=${site} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
