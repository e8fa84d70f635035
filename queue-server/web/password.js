/* One's own password, and where one is signed in. */
import { ask } from './live.js';
import { LanguageChoice } from './language.js';
import { failed, html, render, TopBar, useEffect, useState } from './parts.js';
import { refusalText, Sending, useSending } from './sending.js';
import { homeOf, openSession, samePlace, useSession } from './session.js';
import { NewPasswordForm, Wrong } from './sign-in-form.js';
import { siteOf, timesOf } from './times.js';
import { loadWords, say } from './words.js';

const next = samePlace(new URLSearchParams(location.search).get('next'));

function Sessions({ times }) {
    const [list, setList] = useState(null);
    const [why, setWhy] = useState('');
    const [busy, setBusy] = useState(false);
    const load = async () => {
        const answer = await ask('/api/sessions').catch(() => null);
        if (answer && answer.ok) setList(answer.body);
        else setWhy(say('The list could not be loaded. What you see may be old: check the connection, then load this page again.'));
    };
    useEffect(() => {
        load();
    }, []);
    const { sending, send } = useSending();
    const end = async (sessions) => {
        if (busy) return;
        setBusy(true);
        setWhy('');
        for (const { id } of sessions) {
            const answer = await send(`/api/sessions/${encodeURIComponent(id)}/end`, {}, say('Sign out there'));
            if (!answer.ok && answer.status !== 404) setWhy(refusalText(answer, say('Sign out there')));
            if (answer.givenUp) break;
        }
        await load();
        setBusy(false);
    };
    const others = (list || []).filter((each) => !each.this);
    return html`<section class="card" aria-labelledby="sessions-title">
        <h2 id="sessions-title" tabindex="-1">${say('Where you are signed in')}</h2>
        <${Wrong} text=${why} />
        <${Sending} ...${sending} />
        <ul class="sessions">${(list || []).map((each) => html`<li key=${each.id}>
            <div class="grow"><p><strong>${each.this ? say('Here') : say('Another browser')}</strong> ${each.address && html`<bdi class="soft">${each.address}</bdi>`}</p>
                <p class="small soft">${say('since {time}, last used {used}', { time: times.day(each.created_at), used: times.day(each.seen_at) })}</p></div>
            ${!each.this && html`<button type="button" class=${`small-button ${busy ? 'busy' : ''}`} aria-disabled=${busy} onClick=${() => end([each])}>${say('Sign out there')}</button>`}
        </li>`)}</ul>
        ${others.length > 1 && html`<div class="actions"><button type="button" class=${busy ? 'busy' : ''} aria-disabled=${busy} onClick=${() => end(others)}>${say('Sign out everywhere else')}</button></div>`}
        ${list && others.length === 0 && html`<p class="soft">${say('Nowhere else.')}</p>`}
    </section>`;
}

function Account({ times, language, mustChange }) {
    const { person } = useSession();
    const [changed, setChanged] = useState(false);
    const done = () => {
        if (mustChange) location.replace(next || homeOf(person));
        else setChanged(true);
    };
    return html`<${TopBar} title=${say('Your account')}><${LanguageChoice} language=${language} /><//>
        <main class="account">
            <section class="card">
                <h1>${mustChange ? say('Choose a new password') : say('Your password')}</h1>
                ${mustChange && html`<p>${say('The one you were given is good for signing in once.')}</p>`}
                <${NewPasswordForm} name=${person.name} onDone=${done} />
                <div role="status">${changed && html`<p class="notice">${say('Your password is changed, and you are signed out everywhere else.')}</p>`}</div>
            </section>
            ${!mustChange && html`<${Sessions} times=${times} key=${changed} />`}
        </main>`;
}

async function start() {
    const session = await openSession();
    if (!session.sign_in) {
        location.replace('/');
        return;
    }
    const [site, language] = await Promise.all([siteOf(), loadWords()]);
    document.title = `${say('Your account')} - Quarter`;
    render(html`<${Account} times=${timesOf(site, language)} language=${language} mustChange=${session.person.must_change} />`, document.getElementById('page'));
}

start().catch(failed);
