/* The race: 8 clients issue 5 000 tickets while 12 counters, each worked by two clients at once, call them all as
 * fast as they can. Answers are dropped at random, by closing the connection after the request went out, and the
 * command is repeated under its key. Then the journal is read back: every ticket called exactly once, no number
 * twice, nothing acknowledged lost. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { House, newKey } from './house.mjs';

const TICKETS = 5000;
const ISSUERS = 8;
const DROP_SHARE = 0.05;

function seededRandom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

/* One client of its own connection: send() repeats under the same key until an answer arrives. */
class Client {
    constructor(port, random, figures) {
        this.port = port;
        this.random = random;
        this.figures = figures;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    }

    once(path, text, key, drop) {
        return new Promise((resolve) => {
            const request = http.request({ port: this.port, host: '127.0.0.1', path, method: 'POST', agent: this.agent,
                headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), 'Idempotency-Key': key } });
            request.on('error', () => resolve(null));
            request.on('response', (answer) => {
                let body = '';
                answer.on('data', (chunk) => (body += chunk));
                answer.on('end', () => resolve({ status: answer.statusCode, body: body ? JSON.parse(body) : null }));
                answer.on('error', () => resolve(null));
            });
            request.end(text, () => drop && setTimeout(() => request.destroy(), this.random() * 4));
        });
    }

    async send(path, body = {}) {
        const key = newKey();
        for (let attempt = 0; attempt < 200; attempt++) {
            const drop = this.random() < DROP_SHARE;
            const answer = await this.once(path, JSON.stringify(body), key, drop);
            if (answer && answer.status < 500) return answer;
            this.figures.repeated += 1;
        }
        throw new Error(`${path} was never answered`);
    }
}

async function readJournal(house, lastSeq) {
    const events = [];
    const stop = new AbortController();
    const answer = await fetch(`${house.url}/api/events/stream`, { headers: { 'Last-Event-ID': '0' }, signal: stop.signal });
    let rest = '';
    for await (const chunk of answer.body) {
        rest += Buffer.from(chunk).toString();
        const frames = rest.split('\n\n');
        rest = frames.pop();
        for (const frame of frames) {
            const id = frame.match(/^id: ?(\d+)$/m);
            const data = frame.match(/^data: ?(.*)$/m);
            if (id && data) events.push({ seq: Number(id[1]), ...JSON.parse(data[1]) });
        }
        if (lastSeq(events)) break;
    }
    stop.abort();
    return events;
}

async function race(folder, seed) {
    const house = new House(folder);
    const random = seededRandom(seed);
    const figures = { repeated: 0, issued: new Map(), called: new Map() };
    try {
        await house.startServer();
        const site = (await house.call('GET', '/api/site')).body;
        /* A prefix has 979 numbers a day, and some services share one: choose the prefix first. */
        const prefixes = [...new Set(site.services.map((service) => service.prefix))];
        const pick = (list) => list[Math.floor(random() * list.length)];
        const anyService = () => {
            const prefix = pick(prefixes);
            return pick(site.services.filter((service) => service.prefix === prefix)).code;
        };
        for (const counter of site.counters) assert.equal((await house.call('POST', `/api/counters/${counter.code}/open`, {})).status, 200);

        let left = TICKETS;
        const issue = async () => {
            const client = new Client(house.port, random, figures);
            while (left > 0) {
                left -= 1;
                const answer = await client.send('/api/tickets', { service: anyService(), language: 'en', needs: [] });
                assert.ok(answer.status === 201 || answer.status === 200, JSON.stringify(answer));
                assert.ok(!figures.issued.has(answer.body.id), `ticket ${answer.body.id} came twice`);
                figures.issued.set(answer.body.id, answer.body.number);
            }
        };
        const serve = async (counter) => {
            const client = new Client(house.port, random, figures);
            const base = `/api/counters/${counter}`;
            while (figures.called.size < TICKETS) {
                const next = await client.send(`${base}/next`);
                if (next.status === 200) {
                    const seenAt = figures.called.get(next.body.ticket.id);
                    assert.ok(seenAt === undefined || seenAt === counter, `${next.body.ticket.number} was called at ${seenAt} and at ${counter}`);
                    figures.called.set(next.body.ticket.id, counter);
                    /* The counter's other client may have seen this one off meanwhile: then this starts the one after. */
                    const begun = await client.send(`${base}/start`);
                    if (begun.status === 200) figures.called.set(begun.body.ticket.id, counter);
                    await client.send(`${base}/finish`, { outcome: 'resolved' });
                } else if (next.status === 409) {
                    /* Given to it while it was ready; or the other client of this counter is with somebody. */
                    const begun = await client.send(`${base}/start`);
                    if (begun.status !== 200) continue;
                    figures.called.set(begun.body.ticket.id, counter);
                    await client.send(`${base}/finish`, { outcome: 'resolved' });
                } else if (next.status === 204 && left <= 0) {
                    await new Promise((resolve) => setTimeout(resolve, 5));
                }
            }
        };
        const began = process.hrtime.bigint();
        await Promise.all([...Array.from({ length: ISSUERS }, issue),
            ...site.counters.flatMap((counter) => [serve(counter.code), serve(counter.code)])]);
        const seconds = Number(process.hrtime.bigint() - began) / 1e9;

        const events = await readJournal(house, (all) => all.filter((event) => event.type === 'ticket_called').length >= TICKETS);
        const issued = events.filter((event) => event.type === 'ticket_issued');
        const called = events.filter((event) => event.type === 'ticket_called');
        assert.equal(issued.length, TICKETS, 'each ticket asked for was issued once');
        assert.equal(new Set(issued.map((event) => event.ticket)).size, TICKETS);
        assert.equal(new Set(figures.issued.values()).size, TICKETS, 'no number was used twice');
        assert.equal(called.length, TICKETS, 'each ticket was called exactly once');
        assert.equal(new Set(called.map((event) => event.ticket)).size, TICKETS);
        for (const id of figures.issued.keys()) assert.ok(figures.called.has(id), `acknowledged ticket ${id} was lost`);
        events.forEach((event, index) => assert.equal(event.seq, index + 1, 'the journal has no holes'));
        console.log(`        ${TICKETS} tickets issued, called and finished in ${seconds.toFixed(1)} s; ${figures.repeated} commands repeated`);
        assert.ok(figures.repeated > 100, 'answers really were dropped');
        assert.deepEqual(await house.stop('server'), { code: 0, signal: null }, 'the server ends well, sanitizers included');
    } finally {
        await house.stopAll();
    }
}

const seed = Number(process.env.QUARTER_SEED || 7);
export const tests = [{ name: `race (seed ${seed})`, limitMs: 240000, run: (folder) => race(folder, seed) }];
