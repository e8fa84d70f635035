/* The manager's page: is the standard kept, will it be kept at noon and at close, who is about to wait too long, and what
 * would help. Everything shown comes from the newest view of the manager's stream; a command changes nothing here until
 * the server's view says so. What was changed can be taken back with one key, where one command takes it back. */
import { Help } from './help.js';
import { focusIn, useKeys } from './keys.js';
import { useStream } from './live.js';
import { Advice } from './manager-advice.js';
import { CounterDialog, Counters } from './manager-counters.js';
import { DayStrip } from './manager-day.js';
import { Breaches, QueueNow, Share } from './manager-now.js';
import { FiguresDialog, Today } from './manager-today.js';
import { namesOf } from './names.js';
import { NoticeDialog, Notices } from './notices.js';
import { clockText, Connection, failed, html, Key, render, TopBar, useMemo, useRef, useServerNow, useState } from './parts.js';
import { Sending } from './sending.js';
import { openSession } from './session.js';
import { readSite, useSite } from './site.js';
import { useCommands } from './told.js';
import { loadWords, say } from './words.js';

/* What became of the last command, with its way back; and what goes wrong. */
function Told({ view, connected, commands }) {
    const { told } = commands;
    const takeBack = async () => {
        await commands.run(told.back);
        focusIn('.told-last button:last-child', true); /* the one that was pressed is gone */
    };
    const nobody = view.services.filter((each) => each.nobody_serves && each.waiting > 0);
    return html`<div class="told">
        ${!connected && html`<p class="notice warn" role="alert">${say('The queue server cannot be reached. The queue goes on without this page, which shows how it was at {time}.',
            { time: clockText(Date.parse(view.now), view) })}</p>`}
        ${view.site_errors > 0 && html`<p class="notice calm" role="status">${say('The settings of this centre have mistakes, so their last changes are not in use. Please tell whoever looks after them.')}</p>`}
        <${Sending} ...${commands} />
        ${view.day_open && nobody.map((each) => html`<p key=${each.code} class="notice warn" role="status">${say('{count} waiting for {service}, and no open counter can serve them.',
            { count: each.waiting, service: view.names.service(each.code) })}</p>`)}
        <div role="status">${told && html`<p class=${`notice ${told.kind} told-last`}><span>${told.text}</span>
            ${told.back && html`<button type="button" class="small-button" id="undo" aria-keyshortcuts="Z" onClick=${takeBack}>
                <span class="label">${say('Undo')} <${Key}>Z<//></span></button>`}
            <button type="button" class="small-button" onClick=${commands.hush}>${say('Close')}</button></p>`}</div>
    </div>`;
}

function State({ view, connected, nowMs }) {
    return html`<div class="state">
        ${view.day_open ? html`<span class="pill ok">${say('day open')}</span>` : html`<span class="pill off">${say('day closed')}</span>`}
        <${Connection} connected=${connected} view=${view} nowMs=${nowMs} />
    </div>`;
}

/* The dialogs: {open, ask, close}; ask('counter', '3'). One at a time. */
function useAsked() {
    const [asked, setAsked] = useState(null);
    return { asked, ask: (what, about = null) => setAsked({ what, about }), close: () => setAsked(null) };
}

function Dialogs({ asked, close, page }) {
    if (!asked) return null;
    if (asked.what === 'figures') return html`<${FiguresDialog} ...${page} onClose=${close} />`;
    if (asked.what === 'notice') return html`<${NoticeDialog} ...${page} onClose=${close} />`;
    const counter = page.view.counters.find(({ code }) => code === asked.about);
    return counter ? html`<${CounterDialog} ...${page} counter=${counter} onClose=${close} />` : null;
}

function helpButton(commands) {
    return (action) => html`<button type="button" onClick=${() => commands.run({ path: action.path, label: say(action.label), done: say('Somebody is going.') })}>
        ${say(action.label)}</button>`;
}

function ManagerPage({ first, language }) {
    const { view: latest, connected } = useStream('/api/manager/stream');
    const site = useSite(first, latest);
    const names = useMemo(() => namesOf(site, language), [site]);
    const nowMs = useServerNow(latest);
    const commands = useCommands();
    const { asked, ask, close } = useAsked();
    const refresh = useRef(() => {});
    const back = commands.told && commands.told.back;
    useKeys([
        back && { key: 'Z', run: () => commands.run(back) }, latest && { key: 'F', run: () => ask('figures') },
        latest && latest.day_open && { key: 'N', run: () => ask('notice') }, { key: 'U', run: () => refresh.current() },
    ]);
    if (!latest) {
        return html`<${TopBar} title=${say('Manager')} /><main class="loading"><h1>${say('Connecting to the queue…')}</h1></main>`;
    }
    const view = { ...latest, names };
    const page = { view, site, names, nowMs, commands, standard: latest.standard.wait_min };
    return html`<${TopBar} title=${say('Manager')}><${State} view=${view} connected=${connected} nowMs=${nowMs} /><//>
        <${Help} view=${view} names=${names} nowMs=${nowMs} button=${helpButton(commands)} />
        <${Told} view=${view} connected=${connected} commands=${commands} />
        <main class="manager">
            <h1 class="heard">${say('Manager')}</h1>
            <${Share} ...${page} />
            <${QueueNow} ...${page} />
            <${Today} ...${page} onFigures=${() => ask('figures')} />
            <${Counters} ...${page} onChange=${(code) => ask('counter', code)} />
            <div class="aside">
                <${Advice} ...${page} refresh=${refresh} />
                <${Breaches} ...${page} />
                <${Notices} ...${page} onNew=${() => ask('notice')} />
            </div>
            <${DayStrip} ...${page} />
        </main>
        <${Dialogs} asked=${asked} close=${close} page=${page} />`;
}

async function start() {
    await openSession({ roles: ['manager'] });
    const site = await readSite();
    const language = await loadWords(site.languages);
    document.title = `${say('Manager')} - Quarter`;
    render(html`<${ManagerPage} first=${site} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
