/* This tab's end of a stream of views: of the one that all tabs of a browser share where it has SharedWorker, else one of
 * its own. A worker takes its time to start, so that the first view can be had ahead of it. */
import { BEAT_LIMIT_MS, openStream } from './stream.js';

const SOON_MS = 150;
const ahead = new Map(); /* path -> {source, view, tell} */
let isThere = null; /* the view that was asked for ahead, or the word that there is none */

/* Asks for the first view, for firstView() and joinStream() of the same path. That nobody may have it, or that the server
 * is away, is told by the stream that follows. */
export function viewAhead(path) {
    const first = { source: new EventSource(path), view: null, tell: () => {} };
    let arrive = null;
    isThere = new Promise((resolve) => { arrive = resolve; });
    first.source.addEventListener('view', ({ data }) => {
        first.source.close();
        first.view = JSON.parse(data);
        first.tell({ view: first.view, connected: true });
        arrive();
    });
    first.source.onerror = () => {
        first.source.close();
        arrive();
    };
    ahead.set(path, first);
}

/* A page that is about to be drawn waits for a view that is on its way, so that it need not be drawn twice: but not long. */
export const viewSoon = () => Promise.race([isThere, new Promise((resolve) => setTimeout(resolve, SOON_MS))]);

/* If it is there already: so it stands in the page's first picture. */
export const firstView = (path) => (ahead.has(path) ? ahead.get(path).view : null);

/* deliver() is told each message of stream.js. Gives {again, close}. */
export function joinStream(path, deliver) {
    const first = ahead.get(path);
    ahead.delete(path);
    if (!first) return join(path, deliver);
    first.tell = deliver;
    if (first.view) deliver({ view: first.view, connected: true });
    const silent = setTimeout(() => deliver({ connected: false }), BEAT_LIMIT_MS); /* gone before the stream could begin */
    const over = () => {
        clearTimeout(silent);
        first.source.close(); /* or its view would come after what is newer */
    };
    const stream = join(path, (message) => {
        over();
        deliver(message);
    });
    return {
        again: stream.again,
        close: () => {
            over();
            stream.close();
        },
    };
}

const join = (path, deliver) => (window.SharedWorker ? share : openStream)(path, deliver);

function share(path, deliver) {
    const { port } = new SharedWorker('/web/stream-worker.js', { name: 'quarter-streams', type: 'module' });
    const leave = () => port.postMessage({ leave: path });
    const comeBack = (shown) => shown.persisted && port.postMessage({ follow: path });
    port.onmessage = ({ data }) => deliver(data);
    port.postMessage({ follow: path });
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    return {
        again: () => port.postMessage({ again: path }),
        close: () => {
            removeEventListener('pagehide', leave);
            removeEventListener('pageshow', comeBack);
            leave();
            port.close();
        },
    };
}
