/* The way to the server: one view that replaces the last, and commands that are sent until they are answered.
 * A view's stream is shared by all tabs of a browser where it has SharedWorker; a dead peer is noticed by its
 * missing beats. */

const BEAT_LIMIT_MS = 12000; /* the server beats every 5 s */
const RETRY_MS = [300, 700, 1500, 3000, 5000];

/* follow(path, onView, onConnected): calls onView(view) for each view and onConnected(true|false). */
export function follow(path, onView, onConnected) {
    if (window.SharedWorker) {
        const worker = new SharedWorker('/web/stream-worker.js', { name: 'quarter-streams', type: 'module' });
        worker.port.onmessage = ({ data }) => deliver(data, onView, onConnected);
        worker.port.postMessage({ follow: path });
        addEventListener('pagehide', () => worker.port.postMessage({ leave: path }));
        addEventListener('pageshow', (shown) => shown.persisted && worker.port.postMessage({ follow: path }));
        return;
    }
    openStream(path, (message) => deliver(message, onView, onConnected));
}

function deliver(message, onView, onConnected) {
    if (message.view) onView(message.view);
    if ('connected' in message) onConnected(message.connected);
}

/* Used here and by the worker: an EventSource that is opened anew when its beats stop. */
export function openStream(path, tell) {
    let source = null;
    let watch = 0;
    let closed = false;

    const alive = () => {
        clearTimeout(watch);
        watch = setTimeout(() => {
            tell({ connected: false }); /* a peer that fell silent raises no error */
            reopen();
        }, BEAT_LIMIT_MS);
    };
    const reopen = () => {
        if (closed) return;
        if (source) source.close();
        source = new EventSource(path);
        source.addEventListener('view', (event) => {
            alive();
            tell({ view: JSON.parse(event.data), connected: true });
        });
        source.addEventListener('beat', alive);
        source.onerror = () => {
            tell({ connected: false });
            if (source.readyState === EventSource.CLOSED) setTimeout(reopen, 2000);
        };
        alive();
    };
    reopen();
    return () => {
        closed = true;
        clearTimeout(watch);
        source.close();
    };
}

function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* Sends a command under one idempotency key until the server answers it, so that an answer lost on the way
 * never makes a second effect. Resolves to {ok, status, body}; onWait(true) while it is being tried again. */
export async function command(path, body, onWait) {
    const key = newKey();
    for (let attempt = 0; ; attempt++) {
        try {
            const answer = await fetch(path, {
                method: 'POST',
                headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
                body: JSON.stringify(body || {}),
                signal: AbortSignal.timeout(8000),
            });
            if (answer.status < 500) {
                onWait(false);
                const text = await answer.text();
                return { ok: answer.ok, status: answer.status, body: text ? JSON.parse(text) : null };
            }
        } catch {
            /* no answer: nobody knows what became of it, so the same key goes out again */
        }
        onWait(true);
        await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
}
