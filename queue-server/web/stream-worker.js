/* One stream for all tabs: browsers allow six connections a host, and a forgotten tab must not use them up. */
import { openStream } from './stream.js';

const streams = new Map(); /* path -> {ports, last, stream, isOut} */

onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data }) => {
        if (data.follow) join(port, data.follow);
        else if (data.again) again(data.again);
        else leave(port, data.leave);
    };
};

function join(port, path) {
    let shared = streams.get(path);
    if (!shared) {
        shared = { ports: new Set(), last: {}, stream: null, isOut: false };
        streams.set(path, shared);
        shared.stream = openStream(path, (message) => {
            /* a tab that comes later gets the newest view; that a session ended is told to those who were there */
            const { ended, refused, ...stays } = message;
            shared.isOut = Boolean(ended || refused);
            shared.last = { ...shared.last, ...stays, ...(shared.isOut ? { connected: false } : {}) };
            for (const each of shared.ports) each.postMessage(message);
        });
    } else if (shared.isOut) shared.stream.again(); /* this tab's person is signed in: no wait for the next try */
    shared.ports.add(port);
    if (shared.last.view) port.postMessage(shared.last);
}

/* Somebody has signed in again. A stream that runs is left alone. */
function again(path) {
    const shared = streams.get(path);
    if (shared && shared.isOut) shared.stream.again();
}

function leave(port, path) {
    const shared = streams.get(path);
    if (!shared) return;
    shared.ports.delete(port);
    if (shared.ports.size > 0) return;
    shared.stream.close();
    streams.delete(path);
}
