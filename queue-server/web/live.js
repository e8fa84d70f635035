/* The way to the server: one view that replaces the last, and commands that are sent until they are answered.
 * A view's stream is shared by all tabs of a browser where it has SharedWorker; a dead peer is noticed by its
 * missing beats. A session that ends on the way is session.js's: the command waits there until somebody has signed in
 * again, and then goes out under the same key. */
import { useLayoutEffect, useState } from './html.js';
import { checkSession, onSignedInAgain, send } from './session.js';
import { joinStream } from './tab-stream.js';

const RETRY_MS = [300, 700, 1500, 3000, 5000];
const LATE_MS = 6000; /* longer than that is told, with the ways out */

/* follow(path, onView, onConnected): calls onView(view) for each view and onConnected(true|false). Gives a function that
 * ends it, so that it can stand in an effect. */
export function follow(path, onView, onConnected) {
    const stream = joinStream(path, (message) => {
        if (message.view) onView(message.view);
        if ('connected' in message) onConnected(message.connected);
        /* Signed out is another thing than not connected, and the bar says it. */
        if (message.ended === 'role') location.reload(); /* no longer this person's page: it says so itself */
        else if (message.ended || message.refused) checkSession().then((isLost) => isLost || onConnected(false));
    });
    const forget = onSignedInAgain(stream.again);
    return () => {
        forget();
        stream.close();
    };
}

/* {view, connected} of a page that follows one stream: null until the first view. */
export function useStream(path) {
    const [view, setView] = useState(null);
    const [connected, setConnected] = useState(false);
    useLayoutEffect(() => follow(path, setView, setConnected), []);
    return { view, connected };
}

function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function read(answer) {
    const text = await answer.text();
    const retry = Number(answer.headers.get('Retry-After')) || 0;
    return { ok: answer.ok, status: answer.status, retryS: retry, body: text ? JSON.parse(text) : null };
}

/* Sends a command under one idempotency key until the server answers it or somebody gives it up, so that an answer lost
 * on the way never makes a second effect. Resolves to {ok, status, body, retryS}, or with givenUp: nobody knows then
 * whether it was done. onWait(true) while it is being tried again, or waits for somebody to sign in; once that takes
 * longer onWait({again, giveUp}), to try at once or no more; onWait(false) at its end. The promise has giveUp, too, from
 * the start. Both ways end the attempt under way: nothing goes on behind what the reader decided. */
export function command(path, body, onWait = () => {}) {
    const key = newKey();
    let ways = null;
    const sent = new Promise((resolve) => {
        let isOver = false;
        let hurry = () => {};
        const end = (answer) => {
            if (isOver) return;
            isOver = true;
            clearTimeout(timer);
            hurry();
            onWait(false);
            resolve(answer);
        };
        ways = { again: () => hurry(), giveUp: () => end({ ok: false, status: 0, body: null, retryS: 0, givenUp: true }) };
        let told = true; /* to whoever waits */
        const tell = (waits) => isOver || onWait(waits && told);
        const timer = setTimeout(() => {
            told = ways;
            tell(true);
        }, LATE_MS);
        const untilAnswered = async () => {
            for (let attempt = 0; !isOver; attempt++) {
                const stop = new AbortController();
                const hurried = new Promise((wake) => {
                    hurry = () => {
                        stop.abort();
                        wake();
                    };
                });
                try {
                    const answer = await send(path, { method: 'POST', body, key, onWait: tell, signal: stop.signal });
                    if (answer.status < 500) return end(await read(answer));
                } catch {
                    /* no answer: nobody knows what became of it, so the same key goes out again */
                }
                tell(true);
                await Promise.race([pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]), hurried]);
            }
            return null;
        };
        untilAnswered();
    });
    return Object.assign(sent, { giveUp: ways.giveUp });
}

/* What stands at a path: {ok, status, body}. Throws when the server cannot be reached. */
export async function ask(path) {
    return read(await send(path));
}
