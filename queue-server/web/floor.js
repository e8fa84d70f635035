/* The floor page: for staff who meet visitors at the door, a tablet in hand. Everything shown comes from the newest view;
 * a command changes nothing here until the server's view says so. */
import { useStream } from './live.js';
import { alertsOf, Alerts, Devices } from './floor-devices.js';
import { blankVisitor, NewVisitor } from './floor-new.js';
import { timeText } from './floor-parts.js';
import { ShowLarge } from './floor-show.js';
import { TicketDialog } from './floor-ticket.js';
import { WhoWaits } from './floor-waiting.js';
import { Help, helpActions } from './help.js';
import { focusIn, useKeys } from './keys.js';
import { namesOf } from './names.js';
import { NoticeDialog, Notices } from './notices.js';
import { Connection, failed, html, Key, render, TopBar, useEffect, useMemo, useServerNow, useState } from './parts.js';
import { Sending } from './sending.js';
import { openSession } from './session.js';
import { readSite, useSite } from './site.js';
import { useCommands } from './told.js';
import { loadWords, mark, say } from './words.js';

const WIDE = matchMedia('(min-width: 1100px)'); /* there who waits is always in sight */

function useWide() {
    const [wide, setWide] = useState(WIDE.matches);
    useEffect(() => {
        const onChange = () => setWide(WIDE.matches);
        WIDE.addEventListener('change', onChange);
        return () => WIDE.removeEventListener('change', onChange);
    }, []);
    return wide;
}

/* kind: said beside the count when something wants a hand. */
function panelsOf(view, wide) {
    const alerts = alertsOf(view).length;
    return [
        { id: 'new', key: 'N', label: mark('New visitor') },
        ...(wide ? [] : [{ id: 'waits', key: 'W', label: mark('Who waits'), count: view.waiting_total }]),
        { id: 'notices', key: 'M', label: mark('Notices'), count: view.notices.length },
        { id: 'devices', key: 'D', label: mark('Devices'), count: alerts, kind: 'late' },
    ];
}

function Tabs({ panels, panel, open }) {
    return html`<nav class="tabs" aria-label=${say('Panels')}>${panels.map(({ id, key, label, count, kind }) => html`<button type="button" key=${id} id=${`tab-${id}`}
        aria-current=${panel === id ? 'true' : null} onClick=${() => open(id)}><span class="label">${say(label)}
            ${count > 0 && html` <span class=${`count ${kind || ''}`}>${count}</span>`} <${Key}>${key}<//></span></button>`)}</nav>`;
}

/* The last command's way back, as long as there is one. */
function backOf({ told }, view) {
    const back = told && told.back;
    return back && view && (!back.waits || view.waiting.some(({ id }) => id === back.waits)) ? back : null;
}

/* What became of the last command, and the way back where there is one. */
function Told({ commands, back }) {
    const { told, retrying } = commands;
    if (retrying) return html`<div class="told sending"><${Sending} ...${commands} /></div>`;
    if (!told) return html`<div class="heard" role="status"></div>`;
    const takeBack = async () => {
        await commands.run(back);
        focusIn('dialog .told button:last-child|.told button:last-child', true); /* the one that was pressed is gone */
    };
    return html`<div class=${`told notice ${told.kind}`} role="status"><p>${told.text}</p>
        ${back && html`<button type="button" aria-keyshortcuts="Z" onClick=${takeBack}><span class="label">${back.label} <${Key}>Z<//></span></button>`}
        <button type="button" class="quiet" aria-label=${say('Close this message')} onClick=${commands.hush}>\u00d7</button></div>`;
}

function Problems({ view, connected }) {
    return html`${!connected && html`<p class="notice warn" role="alert">${say('The queue server cannot be reached. Nothing is lost: this page is from {time}. What you do now is sent as soon as the server is back.',
        { time: timeText(view.now, view) })}</p>`}
        ${view.site_errors > 0 && html`<p class="notice calm" role="status">${say('The settings of this centre have mistakes, so their last changes are not in use. Please tell whoever looks after them.')}</p>`}
        ${!view.day_open && html`<p class="notice warn" role="status">${say('The day is closed: no new tickets and no calls until it opens.')}</p>`}`;
}

const answerHelp = (commands, action) => commands.run({ ...action, label: say(action.label) });

function HelpButton({ action, commands }) {
    return html`<button type="button" class=${commands.busy ? 'busy' : ''} aria-keyshortcuts=${action.key || null} onClick=${() => answerHelp(commands, action)}>
        <span class="label">${say(action.label)} ${action.key && html`<${Key}>${action.key}<//>`}</span></button>`;
}

function usePanels(wide) {
    const [panel, setPanel] = useState('new');
    const shown = wide && panel === 'waits' ? 'new' : panel;
    const open = (id, focus = '') => {
        setPanel(id);
        if (focus) focusIn(focus);
    };
    useKeys([
        { key: 'F', run: () => open(wide ? shown : 'waits', '#find-number') },
        { key: 'W', run: () => open(wide ? shown : 'waits', '.visitor-row[tabindex="0"]|.visitor-row|#find-number') },
        { key: 'M', run: () => open('notices', '.notices button') },
        { key: 'D', run: () => open('devices', '#devices-title') },
        shown !== 'new' && { key: 'N', run: () => open('new', '#find-service|.new-visitor h2') },
    ]);
    return { shown, open };
}

function FloorPage({ first, language }) {
    const { view, connected } = useStream('/api/floor/stream');
    const site = useSite(first, view);
    const names = useMemo(() => namesOf(site, language), [site]);
    const nowMs = useServerNow(view);
    const commands = useCommands();
    const wide = useWide();
    const { shown, open } = usePanels(wide);
    const [visitor, setVisitor] = useState(() => blankVisitor(first));
    const [typed, setTyped] = useState('');
    const [ticket, setTicket] = useState(''); /* in the dialog */
    const [large, setLarge] = useState(null);
    const [posting, setPosting] = useState(false);
    const help = view ? helpActions(view) : [];
    const newest = backOf(commands, view);
    const back = newest && ticket && !newest.path.includes(ticket) ? null : newest; /* in a ticket's dialog only what is of it */
    useKeys([...help.map((action) => ({ key: action.key, run: () => answerHelp(commands, action) })), back && { key: 'Z', run: () => commands.run(back) },
        shown === 'notices' && view && view.day_open && { key: 'A', run: () => setPosting(true) }]);
    if (!view) return html`<${TopBar} title=${say('Floor')} /><main class="loading"><h1>${say('Connecting to the queue…')}</h1></main>`;

    const told = html`<${Told} commands=${commands} back=${back} />`;
    const common = { site, view, names, nowMs, commands };
    const waits = html`<${WhoWaits} ...${common} standard=${site.standard.wait_min} onOpen=${setTicket} typed=${typed} setTyped=${setTyped} />`;
    return html`<${TopBar} title=${say('Floor')}><div class="state"><${Connection} connected=${connected} view=${view} nowMs=${nowMs} /></div><//>
        <${Help} view=${view} names=${names} nowMs=${nowMs} button=${(action) => html`<${HelpButton} action=${action} commands=${commands} />`} />
        <main class=${`floor ${wide ? 'wide' : ''}`}>
            <h1 class="heard">${say('Floor')}</h1>
            <div class="floor-head"><${Problems} view=${view} connected=${connected} /><${Alerts} view=${view} />
                <${Tabs} panels=${panelsOf(view, wide)} panel=${shown} open=${open} /></div>
            <div class=${shown === 'notices' ? 'panel bare' : 'card panel'} id=${`panel-${shown}`}>
                ${shown === 'new' && html`<${NewVisitor} ...${common} visitor=${visitor} setVisitor=${setVisitor} onShow=${setLarge} />`}
                ${shown === 'waits' && waits}
                ${shown === 'notices' && html`<${Notices} view=${view} names=${names} commands=${commands} newKey="A" onNew=${() => setPosting(true)} />`}
                ${shown === 'devices' && html`<${Devices} view=${view} />`}
            </div>
            ${wide && html`<div class="card panel beside">${waits}</div>`}
            ${!ticket && told}
        </main>
        ${ticket && html`<${TicketDialog} key=${ticket} id=${ticket} ...${common} told=${told} back=${back} onShow=${setLarge} onClose=${() => setTicket('')} />`}
        ${posting && html`<${NoticeDialog} ...${common} onClose=${() => setPosting(false)} />`}
        ${large && html`<${ShowLarge} ticket=${large} site=${site} language=${large.language || site.languages[0].code} onClose=${() => setLarge(null)} />`}`;
}

async function start() {
    await openSession({ roles: ['greeter', 'manager', 'counter'] });
    const site = await readSite();
    const language = await loadWords(site.languages);
    document.title = `${say('Floor')} - Quarter`;
    render(html`<${FloorPage} first=${site} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
