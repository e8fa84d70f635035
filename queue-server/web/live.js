/* The way to the server: one view that replaces the last, and commands that are sent until they are answered.
 * A view's stream is shared by all tabs of a browser where it has SharedWorker; a dead peer is noticed by its
 * missing beats. A session that ends on the way is session.js's: the command waits there until somebody has signed in
 * again, and then goes out under the same key. */
import { checkSession, onSignedInAgain, send } from './session.js';
import { openStream } from './stream.js';

const RETRY_MS = [300, 700, 1500, 3000, 5000];

/* follow(path, onView, onConnected): calls onView(view) for each view and onConnected(true|false). Gives a function that
 * ends it, so that it can stand in an effect. */
export function follow(path, onView, onConnected) {
    const deliver = (message) => {
        if (message.view) onView(message.view);
        if ('connected' in message) onConnected(message.connected);
        /* Signed out is another thing than not connected, and the bar says it. */
        if (message.ended === 'role') location.reload(); /* no longer this person's page: it says so itself */
        else if (message.ended || message.refused) checkSession().then((isLost) => isLost || onConnected(false));
    };
    if (!window.SharedWorker) {
        const stream = openStream(path, deliver);
        const forget = onSignedInAgain(stream.again);
        return () => {
            forget();
            stream.close();
        };
    }
    const { port } = new SharedWorker('/web/stream-worker.js', { name: 'quarter-streams', type: 'module' });
    const leave = () => port.postMessage({ leave: path });
    const comeBack = (shown) => shown.persisted && port.postMessage({ follow: path });
    port.onmessage = ({ data }) => deliver(data);
    port.postMessage({ follow: path });
    const forget = onSignedInAgain(() => port.postMessage({ again: path }));
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    return () => {
        forget();
        removeEventListener('pagehide', leave);
        removeEventListener('pageshow', comeBack);
        leave();
        port.close();
    };
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

/* Sends a command under one idempotency key until the server answers it, so that an answer lost on the way
 * never makes a second effect. Resolves to {ok, status, body, retryS}; onWait(true) while it is being tried again, or
 * waits for somebody to sign in. */
export async function command(path, body, onWait = () => {}) {
    const key = newKey();
    for (let attempt = 0; ; attempt++) {
        try {
            const answer = await send(path, { method: 'POST', body, key, onWait });
            if (answer.status < 500) {
                onWait(false);
                return await read(answer);
            }
        } catch {
            /* no answer: nobody knows what became of it, so the same key goes out again */
        }
        onWait(true);
        await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
}

/* What stands at a path: {ok, status, body}. Throws when the server cannot be reached. */
export async function ask(path) {
    return read(await send(path));
}
