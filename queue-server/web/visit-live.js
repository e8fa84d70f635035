/* A phone's way to its own visit: a stream of views, and where there is none (an old browser, a full server, a relay that
 * lets no stream through) a question every few seconds. Phones sleep, walk out of reach and come back: silence is told
 * at once, and whoever looks again gets the newest there is. */

const BEAT_LIMIT_MS = 40000; /* the server beats every 15 s */
const ASK_MS = 8000;
const ASKS_BEFORE_STREAM = 6; /* then a stream may have room again */
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/* Tells {view}, {connected: true|false} and, once, {gone: true}: there is no such visit (any more). */
export function follow(path, tell) {
    let source = null;
    let timer = 0;
    let asks = 0;
    let closed = false;

    const after = (ms, work) => {
        clearTimeout(timer);
        timer = setTimeout(work, ms);
    };
    const drop = () => {
        if (source) source.close();
        source = null;
    };
    const alive = () => after(BEAT_LIMIT_MS, () => {
        tell({ connected: false }); /* a peer that fell silent raises no error */
        open();
    });
    const stop = () => {
        closed = true;
        clearTimeout(timer);
        drop();
    };
    const ask = async () => {
        let answer = null;
        try {
            answer = await fetch(path, { cache: 'no-store', signal: timeLimit(8000) });
            if (closed) return;
            if (answer.status === 404) {
                stop();
                tell({ gone: true });
                return;
            }
            if (answer.ok) tell({ view: await answer.json(), connected: true });
        } catch {
            if (closed) return;
            answer = null;
        }
        if (!answer || !answer.ok) tell({ connected: false });
        asks += 1;
        after(ASK_MS, asks % ASKS_BEFORE_STREAM === 0 ? open : ask);
    };
    const open = () => {
        if (closed) return;
        drop();
        if (!window.EventSource) {
            ask();
            return;
        }
        const own = new EventSource(`${path}/stream`);
        source = own;
        own.addEventListener('view', (event) => {
            alive();
            tell({ view: JSON.parse(event.data), connected: true });
        });
        own.addEventListener('beat', () => {
            alive();
            tell({ connected: true });
        });
        own.onerror = () => {
            if (own !== source) return;
            tell({ connected: false });
            if (own.readyState === EventSource.CLOSED) ask(); /* it is not to be had: is the visit? */
        };
        alive();
    };
    open();
    return { again: open, stop, pause: () => { clearTimeout(timer); drop(); } };
}

/* Cheap phones have old browsers. */
function timeLimit(ms) {
    return AbortSignal.timeout ? AbortSignal.timeout(ms) : undefined;
}

function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/* Sends what the visitor did under one key until the server has answered, so that nothing is done twice. */
export async function act(path, body) {
    const key = newKey();
    for (let attempt = 0; ; attempt++) {
        try {
            const answer = await fetch(path, {
                method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
                body: JSON.stringify(body), signal: timeLimit(8000),
            });
            if (answer.status < 500) return { ok: answer.ok, status: answer.status, body: await answer.json() };
        } catch {
            /* no answer: nobody knows what became of it, so the same key goes out again */
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
    }
}
