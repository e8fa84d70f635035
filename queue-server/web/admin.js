/* Administration: people, devices, and the trail of who did what. Each part asks for what it shows when it is opened, and
 * again after each change; the address says which part it is. */
import { AuditTrail } from './admin-audit.js';
import { Devices, usePairings } from './admin-devices.js';
import { Persons } from './admin-persons.js';
import { ask } from './live.js';
import { LanguageChoice } from './language.js';
import { failed, html, Instead, render, TopBar, useEffect, useRef, useState } from './parts.js';
import { openSession } from './session.js';
import { Wrong } from './sign-in-form.js';
import { siteOf, timesOf } from './times.js';
import { loadWords, mark, say } from './words.js';

const PARTS = [
    { id: 'people', label: mark('People') },
    { id: 'devices', label: mark('Devices') },
    { id: 'trail', label: mark('Audit trail') },
];

const partNow = () => PARTS.find(({ id }) => `#${id}` === location.hash) || PARTS[0];

function usePart() {
    const [part, setPart] = useState(partNow());
    useEffect(() => {
        const turn = () => setPart(partNow());
        addEventListener('hashchange', turn);
        return () => removeEventListener('hashchange', turn);
    }, []);
    return part;
}

/* A list of the server's: {list, why, load()}. What was shown stays while it cannot be asked for. */
function useList(path, wanted) {
    const [list, setList] = useState(null);
    const [why, setWhy] = useState('');
    const load = async () => {
        const answer = await ask(path).catch(() => null);
        if (answer && answer.ok) setList(answer.body);
        setWhy(answer && answer.ok ? '' : say('The list could not be loaded. What you see may be old: check the connection, then load this page again.'));
    };
    useEffect(() => {
        if (wanted) load();
    }, [wanted]);
    return { list, why, load };
}

function Admin({ site, language }) {
    const part = usePart();
    const heading = useRef(null);
    const times = timesOf(site, language);
    const persons = useList('/api/persons', true); /* the trail names them, too */
    const devices = useList('/api/devices', part.id === 'devices');
    const pairings = usePairings();
    const first = useRef(true);
    useEffect(() => {
        document.title = `${say(part.label)} - Quarter`;
        if (!first.current) heading.current.focus();
        first.current = false;
    }, [part]);
    const names = { language, site, times };
    return html`<${TopBar} title=${say('Admin')}><${LanguageChoice} language=${language} /><//>
        <main class="admin">
            <nav class="tabs" aria-label=${say('Administration')}>${PARTS.map(({ id, label }) => html`<a key=${id} href=${`#${id}`}
                aria-current=${id === part.id ? 'page' : null}>${say(label)}${id === 'devices' && pairings.list.length > 0
                    && html` <span class="pill soon">${say('Waiting: {count}', { count: pairings.list.length })}</span>`}</a>`)}</nav>
            <h1 ref=${heading} tabindex="-1">${say(part.label)}</h1>
            <${Wrong} text=${part.id === 'devices' ? devices.why || pairings.why : persons.why} />
            ${part.id === 'people' && html`<${Persons} persons=${persons} names=${names} />`}
            ${part.id === 'devices' && html`<${Devices} devices=${devices} pairings=${pairings} names=${names} />`}
            ${part.id === 'trail' && html`<${AuditTrail} persons=${persons.list || []} names=${names} />`}
        </main>`;
}

async function start() {
    const session = await openSession({ roles: ['admin'] });
    const [site, language] = await Promise.all([siteOf(), loadWords()]);
    if (!session.sign_in) {
        render(html`<${Instead} what=${say('There is nobody to administer')}
            then=${say('This server was started without sign-in: everybody at this computer may use every page.')}>
            <a class="button primary" href="/">${say('Choose your counter')}</a><//>`, document.getElementById('page'));
        return;
    }
    render(html`<${Admin} site=${site} language=${language} />`, document.getElementById('page'));
}

start().catch(failed);
