/* One stream for all tabs: browsers allow six connections a host, and a forgotten tab must not use them up. */
import { openStream } from './live.js';

const streams = new Map(); /* path -> {ports, last, close} */

onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data }) => (data.follow ? join(port, data.follow) : leave(port, data.leave));
};

function join(port, path) {
    let stream = streams.get(path);
    if (!stream) {
        stream = { ports: new Set(), last: {}, close: null };
        streams.set(path, stream);
        stream.close = openStream(path, (message) => {
            stream.last = { ...stream.last, ...message };
            for (const each of stream.ports) each.postMessage(message);
        });
    }
    stream.ports.add(port);
    if (stream.last.view) port.postMessage(stream.last);
}

function leave(port, path) {
    const stream = streams.get(path);
    if (!stream) return;
    stream.ports.delete(port);
    if (stream.ports.size > 0) return;
    stream.close();
    streams.delete(path);
}
