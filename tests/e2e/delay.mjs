/* A morning that goes wrong, on real parts: visitors are told how long they will wait, then two of three counters stop.
 * The lobby has to say so before the first broken promise, in words, and to the very service; held against the journal.
 * The centre's clock runs faster than ours. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { build, House, pause, stripIsolates, until } from './house.mjs';
import { openBrowser, startDisplay } from './stage.mjs';

const SPEED = 30;
const SERVICE = 'council_tax';
const MINUTE_MS = 60000;
const STANDS_MS = 6 * MINUTE_MS; /* an announcement stands for 5 */
const plain = (text) => stripIsolates(text || '').replace(/[\x02\x03]/g, '');

/* The journal as it grows; stop() ends the reading. */
function followJournal(house) {
    const stop = new AbortController();
    const events = [];
    const read = async () => {
        const answer = await fetch(`${house.url}/api/events/stream`, { headers: { 'Last-Event-ID': '0' }, signal: stop.signal });
        let rest = '';
        for await (const chunk of answer.body) {
            rest += Buffer.from(chunk).toString();
            const frames = rest.split('\n\n');
            rest = frames.pop();
            for (const frame of frames) {
                const data = frame.match(/^data: ?(.*)$/m);
                if (/^id: ?\d+$/m.test(frame) && data) events.push(JSON.parse(data[1]));
            }
        }
    };
    read().catch((error) => error.name === 'AbortError' || console.error(error));
    return { events, stop: () => stop.abort() };
}

/* Staff at one counter: calls, serves so long (of the centre's time), finishes; until told to stop. */
function staff(house, counter, minutes) {
    const work = { go: true, served: 0, error: null };
    const act = async (verb, body = {}) => {
        const answer = await house.call('POST', `/api/counters/${counter}/${verb}`, body);
        /* Whoever asked for the next may have been given one in the meantime. */
        const given = verb === 'next' && answer.status === 409 && answer.body.type === '/problems/counter-busy';
        assert.ok(answer.status < 300 || given, `${counter} ${verb}: ${JSON.stringify(answer.body)}`);
        return answer;
    };
    work.ended = (async () => {
        await act('open');
        while (work.go) {
            if ((await act('next')).status === 204) {
                await pause(200);
                continue;
            }
            await pause(MINUTE_MS / SPEED / 2);
            await act('start');
            await pause((minutes * MINUTE_MS) / SPEED);
            await act('finish', { outcome: 'resolved' });
            work.served += 1;
        }
        await act('pause');
    })().catch((error) => {
        work.error = error;
    });
    return work;
}

const board = async (house) => (await house.call('GET', '/api/boards/lobby')).body;
const serviceOn = (view) => view.services.find((each) => each.service === SERVICE);

/* The strip of the display, when it names a delay now: its words and the centre's time, taken after it was seen. */
async function delayOnDisplay(house, display) {
    const frame = display.screen.now();
    const strip = frame && frame.elements.find((element) => element.id === 'delay');
    if (!strip) return null;
    return { text: plain(strip.text), fontPx: strip.font_px, atMs: Date.parse((await board(house)).now) };
}

/* What a ticket's holder was told last before that moment, from the journal: until when they were to be called. */
function promiseOf(events, id, beforeMs) {
    const about = events.filter((event) => event.ticket === id && Date.parse(event.at) <= beforeMs);
    const issued = about.find((event) => event.type === 'ticket_issued');
    const told = [issued && issued.body.promise, ...about.filter((event) => event.type === 'promise_made').map((event) => event.body.promise || event.body)]
        .filter((promise) => promise && promise.p90_s >= 0).pop();
    if (!told) return null;
    const highMin = Math.max(5, Math.ceil(told.p90_s / 300) * 5);
    return { id, highMin, untilMs: Date.parse(issued.at) + highMin * MINUTE_MS };
}

async function announced(folder) {
    const house = new House(folder);
    const browser = await openBrowser();
    try {
        await house.startServer({ speed: SPEED });
        const display = await startDisplay(house);
        const journal = followJournal(house);
        const site = (await house.call('GET', '/api/site')).body;
        const counters = site.counters.filter((each) => each.services.includes(SERVICE)).slice(0, 3).map((each) => each.code);
        assert.equal(counters.length, 3);
        const crew = counters.map((counter) => staff(house, counter, 8));
        await pause(500);

        /* A full lobby, one visitor after the other, each with a range on the ticket. */
        const told = [];
        for (let i = 0; i < 15; i++) {
            const ticket = (await house.call('POST', '/api/tickets', { service: SERVICE, language: 'en', needs: [] })).body;
            if (ticket.wait) told.push(ticket);
            await pause(700);
        }
        assert.ok(told.length >= 6, `only ${told.length} tickets were told a wait`);
        for (const { wait } of told) {
            assert.ok(wait.low_min % 5 === 0 && wait.high_min % 5 === 0 && wait.high_min >= 5, JSON.stringify(wait));
        }
        const range = await until('the wait on the display', () => {
            const value = display.screen.now().elements.find((element) => element.id === `service-${SERVICE}-value`);
            return value && /^\d+\u2013\d+$/.test(plain(value.text)) && value;
        });
        assert.ok(range.font_px >= 82);
        /* What was announced while the lobby filled, or because of the last who came, has had its time: all goes well now. */
        await until('nothing to be announced', async () => {
            const quietSinceMs = Math.max(...journal.events.filter(({ type }) => ['ticket_issued', 'promise_made'].includes(type)).map(({ at }) => Date.parse(at)));
            return Date.parse((await board(house)).now) - quietSinceMs > STANDS_MS && (await delayOnDisplay(house, display)) === null;
        }, 60000);

        /* Two counters stop after their visit. */
        const stoppedMs = Date.parse((await board(house)).now);
        crew[0].go = false;
        crew[1].go = false;
        const shown = await until('the delay on the display', () => delayOnDisplay(house, display), 90000);
        assert.deepEqual(crew.map(({ error }) => error), [null, null, null]);
        const view = serviceOn(await board(house));
        assert.match(shown.text, /^Council Tax: longer wait than we said\. Now about .+ in all\. We are sorry\.$/);
        assert.ok(shown.fontPx >= 56);
        assert.ok(view.delayed, 'the board says so, too');

        /* The people who choose a counter read the same. */
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
        await page.goto(`${house.url}/?lang=en`);
        await page.waitForSelector('.waits .pill.late:has-text("longer than told")');
        await page.screenshot({ path: house.at('waits-now.png'), fullPage: true });
        copyFileSync(display.screen.picture, house.at('display.png'));
        await page.close();

        /* Nobody's promise had passed unannounced: those who were called in time, and those who still wait. */
        await pause((3 * MINUTE_MS) / SPEED);
        await until('the note of the delay, after what is being said', () => house.log('display').includes('a longer wait is announced'), 60000);
        journal.stop();
        const promises = told.map((ticket) => promiseOf(journal.events, ticket.id, stoppedMs)).filter(Boolean);
        assert.equal(promises.length, told.length, 'every range on a ticket is in the journal');
        const calledAt = (id) => {
            const event = journal.events.find((each) => each.type === 'ticket_called' && each.ticket === id);
            return event ? Date.parse(event.at) : Infinity;
        };
        const broken = promises.filter(({ id, untilMs }) => Math.min(calledAt(id), shown.atMs) > untilMs);
        assert.deepEqual(broken, [], `announced at ${new Date(shown.atMs).toISOString()}, after these had passed`);
        const waiting = promises.filter(({ id }) => calledAt(id) > shown.atMs);
        assert.ok(waiting.length > 0, 'somebody was waiting for whom it mattered');
        const revised = journal.events.filter((event) => event.type === 'promise_made' && promises.some(({ id }) => id === event.ticket)
            && Date.parse(event.at) <= shown.atMs && Date.parse(event.at) > shown.atMs - STANDS_MS);
        assert.ok(revised.length > 0, 'what the display says was promised anew before, in the journal');
        const soonest = Math.min(...waiting.map(({ untilMs }) => untilMs));
        console.log(`        announced ${Math.round((soonest - shown.atMs) / MINUTE_MS)} min before the first promise would have passed: "${shown.text}"`);

        /* The note is no chime: as many chimes as calls. */
        crew[2].go = false;
        await house.stop('display');
        const calls = journal.events.filter((event) => event.type === 'ticket_called').length;
        const chimes = execFileSync(path.join(build, 'tests/find-chime'), [display.sound], { encoding: 'utf8' }).trim().split('\n');
        assert.ok(chimes.length <= calls, `${chimes.length} chimes for ${calls} calls`);
        await Promise.all(crew.map((work) => work.ended));
        assert.deepEqual(crew.map(({ error }) => error), [null, null, null]);
        assert.ok(crew[2].served > 0, 'one counter went on');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

export const tests = [
    { name: 'a delay is announced before a promise breaks', limitMs: 240000, run: announced },
];
