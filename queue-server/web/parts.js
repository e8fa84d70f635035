/* What the pages share: the view library, the bar at the top, and a clock on the server's time. */
import { html, render, useEffect, useMemo, useRef, useState } from './html.js';
import { Lost } from './lost.js';
import { may, signOut, useSession } from './session.js';
import { loadWords, mark, say } from './words.js';

export { html, render, useEffect, useMemo, useRef, useState };

/* Server time in ms, kept from the newest view; re-renders each second. */
export function useServerNow(view) {
    const [, tick] = useState(0);
    const offset = useRef(0);
    const seen = useRef(null);
    if (view && view !== seen.current) {
        seen.current = view;
        offset.current = Date.parse(view.now) - Date.now();
    }
    useEffect(() => {
        const timer = setInterval(() => tick((count) => count + 1), 1000);
        return () => clearInterval(timer);
    }, []);
    return Date.now() + offset.current;
}

export function clockText(nowMs, view) {
    const local = new Date(nowMs + (view ? view.utc_offset_s * 1000 : 0));
    return local.toISOString().slice(11, 16);
}

export function stopwatch(text, nowMs) {
    const seconds = Math.max(0, Math.floor((nowMs - Date.parse(text)) / 1000));
    const two = (value) => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    return `${hours ? `${hours}:` : ''}${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

/* Colour means something, and a word says the same: amber from 10 min, red from the standard on. */
export function waitClass(minutes, standard) {
    if (minutes >= standard) return 'late';
    return minutes >= standard - 5 ? 'soon' : 'fine';
}

export function StatePill({ state }) {
    if (state === 'open') return html`<span class="pill ok">${say('open')}</span>`;
    return state === 'paused' ? html`<span class="pill soon">${say('paused')}</span>` : html`<span class="pill off">${say('closed')}</span>`;
}

/* The pages and who may see them. */
const PLACES = [
    { href: '/', label: mark('Counter'), roles: ['counter', 'manager'], holds: /^\/($|counter\/)/ },
    { href: '/floor', label: mark('Floor'), roles: ['greeter', 'manager', 'counter'], holds: /^\/floor$/ },
    { href: '/manager', label: mark('Manager'), roles: ['manager'], holds: /^\/manager$/ },
    { href: '/admin', label: mark('Admin'), roles: ['admin'], holds: /^\/admin$/ },
];

/* Where sign-in is off there is nobody to administer. */
const placesNow = (signIn) => PLACES.filter(({ href, roles }) => (signIn ? may(...roles) : href !== '/admin'));

function Places({ title, signIn }) {
    const here = PLACES.find(({ holds }) => holds.test(location.pathname));
    return html`${title && !here && html`<span class="here">${title}</span>`}
        <nav class="places" aria-label=${say('Pages')}>${placesNow(signIn).map((place) => (place === here && title
            ? html`<span class="here" key=${place.href} aria-current="page">${title}</span>`
            : html`<a key=${place.href} href=${place.href}>${say(place.label)}</a>`))}
            ${title && here && !placesNow(signIn).includes(here) && html`<span class="here">${title}</span>`}</nav>`;
}

function Person({ person }) {
    const [stays, setStays] = useState(false); /* the server cannot be reached: nobody may believe to be signed out */
    const leave = async () => {
        setStays(false);
        setStays((await signOut()).status === 0);
    };
    return html`<div class="person">
        <a href="/password" aria-label=${say('{name}: your password and where you are signed in', { name: person.display || person.name })}><bdi>${person.display || person.name}</bdi></a>
        <button type="button" class="small-button" onClick=${leave}>${say('Sign out')}</button>
        ${stays && html`<span class="pill late" role="alert">${say('That did not work. Try again.')}</span>`}
    </div>`;
}

/* The bar of every page, and beneath it what is to be said when the session is lost. children: the page's own state, such
 * as <Connection>. without="places": for whoever is not signed in yet. */
export function TopBar({ title, children, without = '' }) {
    const { signIn, person } = useSession();
    return html`<header class="bar">
        <a class="brand" href="/">Quarter</a>
        ${without === 'places' ? title && html`<span class="here">${title}</span>` : html`<${Places} title=${title} signIn=${signIn} />`}
        <span class="grow"></span>
        ${children}
        ${person && html`<${Person} person=${person} />`}
    </header>
    <${Lost} />`;
}

/* Is the view that is shown the newest there is, and what time is it in the centre? */
export function Connection({ connected, view, nowMs }) {
    return html`<span class=${connected ? 'soft' : 'pill late'} role="status">${connected ? say('connected') : say('not connected, trying again')}</span>
        <time class="soft" dir="ltr">${clockText(nowMs, view)}</time>`;
}

/* A key as it stands on the keyboard: read from left to right in every language. */
export function Key({ children }) {
    return html`<kbd aria-hidden="true" dir="ltr">${children}</kbd>`;
}

/* Instead of a page that cannot be shown: what happened, what still holds, what can be done. */
export function Instead({ what, then, children }) {
    return html`<header class="bar"><a class="brand" href="/">Quarter</a></header>
        <main class="card problem">
            <h1>${what}</h1>
            <p>${then}</p>
            <p>${children}</p>
        </main>`;
}

export function failed(error) {
    console.error(error);
    const page = document.getElementById('page');
    page.textContent = '';
    render(html`<${Instead} what=${say('This page could not be loaded')}
        then=${say('The queue goes on. Check the connection to the queue server, then load the page again.')}>
        <a class="button primary" href=${location.href}>${say('Try again')}</a><//>`, page);
}

/* The names of what somebody may be. */
export const ROLE_NAMES = { greeter: mark('Greeter'), counter: mark('Counter staff'), manager: mark('Manager'), admin: mark('Administrator') };

/* This page is not for whoever is signed in. */
export async function refuse(roles) {
    await loadWords();
    const wanted = roles.map((role) => say(ROLE_NAMES[role] || role)).join(', ');
    document.title = `${say('This page is not for you')} - Quarter`;
    render(html`<${Refused} wanted=${wanted} />`, document.getElementById('page'));
}

function Refused({ wanted }) {
    const places = placesNow(true);
    return html`<${TopBar} />
        <main class="card problem">
            <h1>${say('This page is not for you')}</h1>
            <p>${say('Who may see it: {roles}. If you should be one of them, ask an administrator.', { roles: wanted })}</p>
            <div class="actions">${places.map(({ href, label }, index) => html`<a key=${href} class=${`button ${index === 0 ? 'primary' : ''}`} href=${href}>${say(label)}</a>`)}
                <button type="button" onClick=${() => signOut()}>${say('Sign out')}</button></div>
        </main>`;
}
