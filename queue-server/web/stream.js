/* One stream of views, for a page or for the worker that shares it among tabs: an EventSource that is opened anew when
 * its beats stop, and more and more slowly when the server does not let us in. Tells {view}, {connected},
 * {ended: why} (the session is over) and {refused: true} (no stream for us: who asks has to find out why). */

const BEAT_LIMIT_MS = 12000; /* the server beats every 5 s */
const REFUSED_MS = [2000, 2000, 5000, 10000, 30000];

export function openStream(path, tell) {
    let source = null;
    let timer = 0;
    let refusals = 0;
    let closed = false;

    const after = (ms, work) => {
        clearTimeout(timer);
        timer = setTimeout(work, ms);
    };
    const alive = () => after(BEAT_LIMIT_MS, () => {
        tell({ connected: false }); /* a peer that fell silent raises no error */
        reopen();
    });
    const later = () => after(REFUSED_MS[Math.min(refusals++, REFUSED_MS.length - 1)], reopen);
    const reopen = () => {
        if (closed) return;
        if (source) source.close();
        const own = new EventSource(path);
        source = own;
        own.addEventListener('view', (event) => {
            refusals = 0;
            alive();
            tell({ view: JSON.parse(event.data), connected: true });
        });
        own.addEventListener('beat', alive);
        own.addEventListener('ended', (event) => {
            own.close();
            tell({ ended: (JSON.parse(event.data || '{}').why) || 'session' });
            later();
        });
        own.onerror = () => {
            if (own !== source) return;
            tell(own.readyState === EventSource.CLOSED ? { refused: true } : { connected: false });
            if (own.readyState === EventSource.CLOSED) later();
        };
        alive();
    };
    reopen();
    return {
        again: () => {
            refusals = 0;
            reopen();
        },
        close: () => {
            closed = true;
            clearTimeout(timer);
            source.close();
        },
    };
}
