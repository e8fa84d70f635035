/* Who is signed in here, for all pages. How a page uses it:
 *
 *     await openSession({ roles: ['counter', 'manager'] });   // first of all in start(), before /api/site is asked for.
 *         // Goes on at once where sign-in is off. Leads to /sign-in, /setup or /password when it must, and says in words
 *         // who may see the page when this person may not: then it never resolves.
 *     const { person, signIn, may } = useSession();           // in a component; drawn anew when it changes
 *         // person: null | {id, name, display, roles, language}; may('manager', ...): holds one of these roles (sign-in off: yes)
 *     command(path, body, onWait), ask(path), follow(...)     // of live.js: they carry the CSRF token
 *
 * Nothing else is needed. A session that ends while somebody works is shown by <TopBar>: a strip, and a dialog over the
 * page to sign in again, unless somebody is typing: their letters would go on in the password's field. Then it comes with
 * the next command. Whatever was sent meanwhile waits in send() and goes out once, under its first idempotency key,
 * when the same person is back; what was typed stays where it is. Until then useSession().lost is 'ended', or 'other'
 * when a colleague signed in in another tab of this browser, for whom nothing of this page may be done.
 *
 * The session is renewed when somebody really did something (a key, a touch) since it was last renewed, never by a page
 * that lies open. Tabs tell each other what became of it. */
import { useEffect, useState } from './html.js';
import { refuse } from './parts.js';

const OFF = { sign_in: false, needs_set_up: false, person: null, csrf: null, idle_s: null, until: null };
const RENEW_MS = 5 * 60000;  /* not more often, and four times within the idle time */
const CHECK_MS = 60000;      /* is it still there? asked by pages in sight; the server counts it as no use */
const ANSWER_MS = 8000;

let known = OFF;
let lost = '';               /* '', 'ended' or 'other' */
let other = null;            /* who signed in instead */
let isAsking = false;        /* the dialog is open */
let renewedAt = 0;
let renewal = 0;             /* timer */
let isWatching = false;
const watchers = new Set();
const waiting = new Set();   /* what goes on when the session is back */
const returns = new Set();
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('quarter-session') : null;

const tell = () => watchers.forEach((each) => each({}));
const tellTabs = (message) => tabs && tabs.postMessage(message);

export const may = (...roles) => !known.sign_in || Boolean(known.person) && roles.some((role) => known.person.roles.includes(role));

export function useSession() {
    const [, draw] = useState({});
    useEffect(() => {
        watchers.add(draw);
        return () => watchers.delete(draw);
    }, []);
    return { signIn: known.sign_in, person: known.person, may, lost, other, isAsking };
}

/* Ends what is not answered in time, or with `signal`. By hand: browsers of five years ago have neither AbortSignal.timeout nor .any. */
function limited(signal = null) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), ANSWER_MS);
    if (signal) signal.addEventListener('abort', () => stop.abort());
    return stop.signal;
}

/* ---- What the server says ---- */

async function readSession() {
    const answer = await fetch('/api/session', { cache: 'no-store', signal: limited() });
    if (answer.status === 404) return OFF;
    if (!answer.ok) throw new Error(`/api/session: ${answer.status}`);
    return answer.json();
}

/* The newest session document. This page belongs to the person it was opened by, until it is loaded anew. */
function take(next) {
    const mine = known.person;
    const isOther = Boolean(mine && next.person && next.person.id !== mine.id);
    const isBarred = Boolean(mine && next.person && next.person.must_change && !mine.must_change); /* a new password comes first */
    if (mine && (!next.person || isOther || isBarred)) {
        other = isOther ? next.person : null;
        known = { ...known, csrf: next.csrf }; /* the dialog's own calls are made in the session that there is */
        lose(isOther ? 'other' : 'ended');
        return;
    }
    known = next;
    const isBack = lost !== '';
    lost = '';
    other = null;
    isAsking = false;
    tell();
    if (!isBack) return;
    for (const goOn of waiting) goOn();
    waiting.clear();
    for (const each of returns) each();
}

/* The focus is where letters go; a panel's field, mostly. */
const isTyping = () => Boolean(document.activeElement && document.activeElement.matches('textarea, input:not([type="checkbox"], [type="radio"])'));

function lose(why) {
    if (!known.person || lost === why) return;
    lost = why;
    isAsking = isAsking || !isTyping();
    tell();
}

export function askToSignIn(open) {
    isAsking = open;
    tell();
}

/* Asks the server, and tells whether the session is lost. Says nothing when the server cannot be reached, which is the
 * connection's to tell. */
export async function checkSession() {
    if (!known.sign_in || !known.person) return false;
    try {
        take(await readSession());
    } catch (error) {
        console.info(String(error));
    }
    return lost !== '';
}

/* work() each time that somebody has signed in again; gives a function that forgets it. */
export function onSignedInAgain(work) {
    returns.add(work);
    return () => returns.delete(work);
}

/* ---- Sending ---- */

function request(method, body, key, signal = null) {
    const headers = {};
    if (method !== 'GET') headers['Content-Type'] = 'application/json';
    if (method !== 'GET' && known.csrf) headers['X-Quarter-CSRF'] = known.csrf;
    if (key) headers['Idempotency-Key'] = key;
    return { method, headers, body: method === 'GET' ? undefined : JSON.stringify(body || {}), signal: limited(signal) };
}

async function problemCode(answer) {
    const problem = await answer.clone().json().catch(() => ({}));
    return String(problem.type || '').replace('/problems/', '');
}

/* Commands bring the dialog up again; what a page reads by itself does not disturb. */
function back(method, onWait) {
    if (!lost) return null;
    if (method !== 'GET') askToSignIn(true);
    onWait(true);
    return new Promise((resolve) => waiting.add(resolve));
}

/* fetch() in this session's name. An answer that says that the session is over is no answer: it waits until the session
 * is back and asks again. Throws as fetch() does, also once `signal` says that nobody waits for this attempt any more. */
export async function send(path, { method = 'GET', body = null, key = '', onWait = () => {}, signal = new AbortController().signal } = {}) {
    for (let misses = 0; ; misses++) {
        if (!signal.aborted) await back(method, onWait);
        if (signal.aborted) throw new Error(`${path}: given up`);
        const answer = await fetch(path, request(method, body, key, signal));
        if (answer.status !== 401 && answer.status !== 403) return answer;
        const code = await problemCode(answer);
        if (!known.person || !['sign-in-needed', 'no-session', 'csrf'].includes(code)) return answer;
        /* The session was renewed, or is another, or none: the server knows. Twice it is taken at its word. */
        if (misses < 2) take(await readSession());
        else if (code === 'csrf') return answer;
        else lose('ended');
    }
}

/* ---- Signing in and out; a new password ---- */

/* {ok, status, code, detail, retryS, session} of one of the calls that give a session. */
async function callSession(path, body) {
    let answer = null;
    try {
        answer = await fetch(path, request('POST', body, ''));
    } catch {
        return { ok: false, status: 0, code: 'unreachable', detail: '', retryS: 0 };
    }
    const text = await answer.json().catch(() => ({}));
    if (answer.ok) return { ok: true, status: answer.status, session: text };
    return {
        ok: false, status: answer.status, code: String(text.type || '').replace('/problems/', ''), detail: text.detail || '',
        field: text.field || '', retryS: Math.ceil(Number(text.retry_s || answer.headers.get('Retry-After')) || 0),
    };
}

function arrived(result) {
    if (!result.ok) return result;
    const { person } = result.session;
    const isChosen = new URLSearchParams(location.search).has('lang'); /* just now, by hand */
    if (!known.person && person && person.language && !isChosen) localStorage.setItem('quarter.language', person.language);
    renewedAt = Date.now();
    take(result.session);
    tellTabs({ changed: true });
    watch();
    return result;
}

export const signIn = async (name, password) => arrived(await callSession('/api/session', { name, password }));
export const setUp = async (answers) => arrived(await callSession('/api/setup', answers));
export const changePassword = async (password, fresh) => arrived(await callSession('/api/password', { password, new_password: fresh }));

/* Leaves this page as soon as the server has answered, whatever it says: who signs out at a shared desk goes away, and
 * the page to sign in tells whom it still knows, and leads on to `next`. status 0: there was no answer, and who asked has to be told. */
export async function signOut(next = '') {
    const result = await callSession('/api/session/end', {});
    tellTabs({ changed: true });
    if (result.status !== 0) location.assign(next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in');
    return result;
}

/* ---- Renewal ---- */

async function renew() {
    renewal = 0;
    renewedAt = Date.now();
    tellTabs({ renewed: true });
    const result = await callSession('/api/session/renew', {});
    if (result.ok) take(result.session);
    else if (result.status === 401 || result.status === 403) checkSession();
    /* a server that is away: the next use tries again */
}

function used(event) {
    if (!event.isTrusted || event.repeat || renewal || lost || !known.person) return; /* a book on the keyboard is nobody */
    const every = Math.min(RENEW_MS, known.idle_s ? known.idle_s * 250 : RENEW_MS);
    renewal = setTimeout(renew, Math.max(0, renewedAt + every - Date.now()));
}

function onTabs({ data }) {
    if (data.changed) checkSession();
    if (!data.renewed) return;
    renewedAt = Date.now();
    clearTimeout(renewal);
    renewal = 0;
}

function watch() {
    if (isWatching) return;
    isWatching = true;
    if (tabs) tabs.onmessage = onTabs;
    const look = () => document.visibilityState === 'visible' && checkSession();
    for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, used, { capture: true, passive: true });
    for (const kind of ['visibilitychange', 'online', 'pageshow']) addEventListener(kind, look);
    setInterval(look, CHECK_MS);
}

/* ---- Opening a page ---- */

const never = () => new Promise(() => {});
const here = () => encodeURIComponent(location.pathname + location.search);

async function leaveFor(address) {
    location.replace(address);
    await never();
}

/* Where `next` leads, if that is a page of ours; else null. Browsers read "/\evil" and "/<tab>/evil" as other sites. */
export function samePlace(next) {
    if (!next || next[0] !== '/') return null;
    try {
        const url = new URL(next, location.origin);
        const isOurs = url.origin === location.origin && !url.pathname.startsWith('//') && !url.pathname.startsWith('/api/');
        return isOurs && !['/sign-in', '/setup'].includes(url.pathname) ? url.pathname + url.search : null;
    } catch {
        return null;
    }
}

/* The page of what this person does most. */
export function homeOf(person) {
    const has = (role) => Boolean(person) && person.roles.includes(role);
    if (has('manager')) return '/manager';
    if (has('greeter') && !has('counter')) return '/floor';
    return has('admin') && !has('counter') ? '/admin' : '/';
}

/* What the server knows, for pages that are for people who are not signed in (yet). */
export async function peekSession() {
    known = await readSession();
    if (known.person) watch();
    return known;
}

export async function openSession({ roles = [] } = {}) {
    known = await readSession();
    if (!known.sign_in) return known;
    if (!known.person) await leaveFor(known.needs_set_up ? '/setup' : `/sign-in?next=${here()}`);
    if (known.person.must_change && location.pathname !== '/password') await leaveFor(`/password?next=${here()}`);
    watch();
    if (roles.length > 0 && !may(...roles)) {
        if (location.pathname === '/') await leaveFor(homeOf(known.person));
        await refuse(roles);
        await never();
    }
    return known;
}
