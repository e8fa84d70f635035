/* This tab's end of a stream of views: of the one that all tabs of a browser share where it has SharedWorker, else one of
 * its own. deliver() is told each message of stream.js. Gives {again, close}. */
import { openStream } from './stream.js';

export const joinStream = (path, deliver) => (window.SharedWorker ? share : openStream)(path, deliver);

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
