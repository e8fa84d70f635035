/* The whole visit without looking: a keypad and what is heard, from the idle kiosk to the ticket, in every language of the
 * site. The walker decides by what the sound log says was spoken; what was spoken is compared with what the screen shows;
 * and every line of the log is found as sound in the recording of the device. Then the lobby's spoken calls. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { build, House, pause, stripIsolates, until } from './house.mjs';
import { noting } from './measures.mjs';
import { play, startDisplay, startKiosk, touch } from './stage.mjs';

const REST_MS = 600; /* between two strikes of one key, as touch-injector.c has it */
const LANGUAGES = ['en', 'gu', 'pa', 'ur', 'hi', 'bn', 'pl', 'so', 'ar'];

/* As speech_plain(): marks are seen but not said. */
const plain = (text) => text.replace(/[\u0002\u0003\u2066-\u2069\u200e\u200f\u2022\u00ad]/g, '').replace(/[\s\u00a0]+/g, ' ').trim();

class Ear {
    constructor(file) {
        this.file = file;
        this.markMs = 0;
    }

    all() {
        if (!existsSync(this.file)) return [];
        return readFileSync(this.file, 'utf8').split('\n').filter((line) => line.endsWith('}')).map((line) => JSON.parse(line))
            .filter((line) => line.text !== undefined);
    }

    /* What was begun since the last key, and said to its end. */
    heard() {
        return this.all().filter((line) => line.at_ms >= this.markMs && !line.interrupted);
    }

    /* From now on, by the clock of the log. */
    listen() {
        this.markMs = Number(process.hrtime.bigint() / 1000000n);
    }
}

/* Strikes a key, and gives the first thing that is said because of it: not what is begun while the same key rests. */
async function strike(kiosk, key) {
    if (kiosk.struck?.key === key) await pause(kiosk.struck.atMs + REST_MS - Date.now());
    kiosk.ear.listen();
    await play(kiosk, `key ${key}`);
    kiosk.struck = { key, atMs: Date.now() };
    const first = await until(`something to be said after ${key}`, () => kiosk.ear.heard()[0], 20000);
    return first.text;
}

/* What a page has to say, in the order it has to be said: alerts, headings, the rest. */
function reading(frame) {
    const spoken = frame.elements.filter((element) => element.text && ['text', 'heading', 'number', 'alert'].includes(element.role)
        && !['centre', 'clock', 'typed'].includes(element.id));
    const rank = { alert: 0, heading: 1 };
    return spoken.map((element, index) => ({ text: plain(element.text), rank: rank[element.role] ?? 2, index }))
        .sort((a, b) => a.rank - b.rank || a.index - b.index).map((each) => each.text).filter((text) => text !== '');
}

/* Waits until the page was read out whole; every text that is on the screen was heard, in this order, and then what has
 * the focus. Figures may have moved on meanwhile. */
async function wholePage(kiosk, language) {
    const still = (text) => text.replace(/\d+/g, '#');
    let missing = [];
    await until('the page to be read out', () => {
        const frame = kiosk.screen.now();
        const focused = frame.elements.find((element) => element.focused);
        const wanted = [...reading(frame), ...(focused ? [plain([focused.text, focused.detail].filter(Boolean).join('. '))] : [])];
        const heard = kiosk.ear.heard().map((line) => line.text);
        let at = 0;
        missing = wanted.filter((text) => {
            const found = heard.findIndex((each, index) => index >= at && still(each) === still(text));
            if (found >= 0) at = found + 1;
            return found < 0;
        });
        return missing.length === 0;
    }, 40000).catch((error) => {
        throw new Error(`${error.message}; not heard, or not in order: ${JSON.stringify(missing)}; heard: ${JSON.stringify(kiosk.ear.heard().map((line) => line.text))}`);
    });
    const frame = kiosk.screen.now();
    assert.equal(frame.language, language, 'the page is in the language of the visit');
    /* The last words of the page before may be over before the key that left it arrives. */
    const heard = kiosk.ear.heard();
    const begin = heard.findIndex((line) => still(line.text) === still(reading(frame)[0]));
    for (const line of heard.slice(Math.max(0, begin))) {
        /* a number's letters are drawn as Latin, and spoken in the language of the page */
        const shown = frame.elements.find((element) => element.role !== 'number' && plain(element.text || '') === line.text);
        assert.equal(line.language, (shown && shown.language) || language, `"${line.text}" is spoken in its language`);
    }
}

/* Next, next ... until the wanted thing is said, whoever sees it or not; then select. */
async function find(kiosk, wanted, { key = 'next' } = {}) {
    const said = kiosk.ear.heard().map((line) => line.text);
    if (said.some((text) => text === wanted || text.startsWith(`${wanted}. `)) && said.length > 0) {
        const last = said.filter((text) => !/\d/.test(text)).pop();
        if (last === wanted || last?.startsWith(`${wanted}. `)) return play(kiosk, 'key select');
    }
    const passed = [];
    for (let i = 0; i < 40; i++) {
        const text = await strike(kiosk, key);
        passed.push(text);
        if (text === wanted || text.startsWith(`${wanted}. `)) {
            const focused = kiosk.screen.now().elements.find((element) => element.focused);
            assert.ok(focused && plain(focused.text).startsWith(wanted), `"${wanted}" is said, and has the focus on the screen`);
            kiosk.ear.listen();
            return play(kiosk, 'key select');
        }
    }
    throw new Error(`"${wanted}" was never said: ${passed.join(' | ')}`);
}

/* Compares the log with the recording; gives what was judged. */
function hear(recording, log, channel = 'speaker') {
    const lines = execFileSync(path.join(build, 'tests/find-speech'), [recording, log, channel], { encoding: 'utf8', maxBuffer: 1 << 26 })
        .trim().split('\n').map((line) => JSON.parse(line));
    return { lines: lines.slice(0, -1), ...lines.at(-1) };
}

async function visitIn(house, language, site) {
    const words = (await house.call('GET', `/api/words/${language}`)).body;
    const say = (msgid) => plain(words[msgid] || msgid);
    const folder = house.at(language);
    mkdirSync(folder, { recursive: true });
    const files = { recording: path.join(folder, 'kiosk.pcm'), log: path.join(folder, 'said.jsonl') };
    const kiosk = await startKiosk(house, {
        name: `kiosk-${language}`, devices: 'keypad', extra: ['--sound-log', files.log],
        env: { SDL_AUDIODRIVER: 'disk', SDL_DISKAUDIOFILE: files.recording, SDL_DISKAUDIODELAY: '5' },
    });
    kiosk.ear = new Ear(files.log);
    await kiosk.screen.page('welcome', 30000);
    await pause(300);
    assert.deepEqual(kiosk.ear.all(), [], 'nobody is here: nothing is said');

    /* The first key wakes, and says where one is. */
    const first = await strike(kiosk, 'next');
    assert.equal(first, reading(kiosk.screen.now())[0]);
    const name = site.languages.find((each) => each.code === language).name;
    await find(kiosk, plain(name), { key: LANGUAGES.indexOf(language) > 4 ? 'previous' : 'next' });
    await kiosk.screen.page('services');
    await wholePage(kiosk, language);

    const group = site.groups.find((each) => each.code === 'council_tax');
    await find(kiosk, plain(group.name[language]));
    await kiosk.screen.page('ready');
    await wholePage(kiosk, language);

    /* Again, whole: EN 301 549, 5.1.3.4. */
    kiosk.ear.listen();
    await play(kiosk, 'key repeat');
    await wholePage(kiosk, language);

    await find(kiosk, say('Get my ticket'), { key: 'previous' });
    const done = await kiosk.screen.page('done', 30000);
    await wholePage(kiosk, language);
    const number = stripIsolates(done.elements.find((element) => element.role === 'number').text);
    assert.ok(kiosk.ear.heard().some((line) => line.text === number), `the number ${number} is said`);
    assert.match(number, /^C\d\d$/);

    /* Any key interrupts: EN 301 549, 5.1.3.5. */
    kiosk.ear.listen();
    await play(kiosk, 'key repeat');
    await pause(400);
    await play(kiosk, 'key back');
    assert.equal((await house.stop(`kiosk-${language}`)).code, 0);

    const judged = hear(files.recording, files.log);
    const whole = judged.lines.filter((line) => !line.interrupted);
    assert.ok(whole.length >= 15, `${whole.length} lines were heard to their end`);
    for (const line of whole) {
        assert.ok(line.correlation > 0.99, `"${line.text}" is heard (${line.correlation})`);
        assert.ok(Math.abs(line.ms - line.expected_ms) <= 2, `"${line.text}" is heard whole: ${line.ms} of ${line.expected_ms} ms`);
        assert.ok(line.loudness > 300, `"${line.text}" is loud enough: ${line.loudness}`);
    }
    assert.equal(judged.unlogged_ms, 0, 'nothing is heard that is not in the log');
    return { number, lines: whole.length, interrupted: judged.lines.length - whole.length, seconds: Math.round(judged.heard_ms / 1000) };
}

async function visits(folder) {
    await noting('e2e-5.1.3-visit', (row) => everyLanguage(folder, row));
}

async function everyLanguage(folder, row) {
    /* Each with a server of its own: the waits of one visit are no news in another. */
    const houses = [1, 2, 3].map((each) => new House(path.join(folder, `house-${each}`)));
    const left = [...LANGUAGES];
    try {
        const next = async (house) => {
            await house.startServer();
            const site = (await house.call('GET', '/api/site')).body;
            assert.deepEqual(site.languages.map((each) => each.code), LANGUAGES);
            for (let language = left.shift(); language; language = left.shift()) {
                const result = await visitIn(house, language, site).catch((error) => {
                    error.message = `${language}: ${error.message}`;
                    row.hold(false, error.message);
                    throw error;
                });
                row.hold(true);
                console.log(`        ${language}: ${result.number}, ${result.lines} lines and ${result.interrupted} interrupted ones heard, ${result.seconds} s of speech`);
            }
        };
        await Promise.all(houses.map(next));
    } finally {
        for (const house of houses) await house.stopAll();
    }
}

/* EN 301 549, 5.1.3.9: the figures of a number are heard in the headset alone, which is a device of its own here; without
 * it, only how many there are. */
async function privately(folder) {
    await noting('e2e-5.1.3.9-headset', async (row) => {
        await typesANumber(folder);
        row.hold(true);
    });
}

async function typesANumber(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const site = (await house.call('GET', '/api/site')).body;
        const log = house.at('said.jsonl');
        const recordings = { speaker: house.at('speaker.pcm'), headset: house.at('headset.pcm') };
        const kiosk = await startKiosk(house, {
            devices: 'keypad,headset', extra: ['--sound-log', log, '--headset-device', recordings.headset],
            env: { SDL_AUDIODRIVER: 'disk', SDL_DISKAUDIOFILE: recordings.speaker, SDL_DISKAUDIODELAY: '5' },
        });
        kiosk.ear = new Ear(log);
        await kiosk.screen.page('welcome', 30000);
        await strike(kiosk, 'next');
        await find(kiosk, 'English');
        await kiosk.screen.page('services');
        await find(kiosk, 'Council Tax');
        await kiosk.screen.page('ready');
        await find(kiosk, 'Help us prepare', { key: 'previous' });
        const asked = site.services.find((each) => each.code === 'council_tax').questions;
        assert.equal(asked.at(-1), 'tax_number');
        for (const [index, code] of asked.entries()) {
            await kiosk.screen.shows(site.questions.find((each) => each.code === code).title.en);
            if (index < asked.length - 1) await find(kiosk, "I'm not sure");
        }
        await until('the page to be read out', () => kiosk.ear.heard().some((line) => line.text.startsWith('Your answer is private')), 20000);

        const typed = () => kiosk.screen.now().elements.find((element) => element.id === 'typed')?.text || '';
        const onKey = () => /^key-00/.test(kiosk.screen.now().elements.find((element) => element.focused)?.id);
        const digit = /^[0-9]$/;
        for (let i = 0; i < 12 && !onKey(); i++) await strike(kiosk, 'next');
        assert.equal(await strike(kiosk, 'next'), 'a key');
        assert.equal(await strike(kiosk, 'select'), '1 letter typed');
        assert.match(typed(), digit);
        assert.equal(await strike(kiosk, 'select'), '2 letters typed');
        assert.ok(!kiosk.ear.all().some((line) => digit.test(line.text)), 'no figure was said aloud');

        await play(kiosk, 'headset in');
        await pause(300);
        const key = await strike(kiosk, 'next');
        assert.match(key, digit);
        assert.equal(await strike(kiosk, 'select'), key);
        assert.equal(typed().at(-1), key);
        await strike(kiosk, 'repeat');
        await until('the whole number to be said', () => kiosk.ear.heard().some((line) => line.text === typed()), 20000);
        await play(kiosk, 'headset out');
        await pause(300);
        await strike(kiosk, 'next'); /* aloud again: the page from its start */
        await until('how many figures there are', () => kiosk.ear.heard().some((line) => line.text === '3 letters typed'), 20000);

        assert.equal((await house.stop('kiosk')).code, 0);
        for (const line of kiosk.ear.all()) if (/^[0-9]+$/.test(line.text)) assert.equal(line.channel, 'headset', line.text);
        for (const channel of ['speaker', 'headset']) {
            const judged = hear(recordings[channel], log, channel);
            assert.ok(judged.lines.length >= 3, `${judged.lines.length} lines in the ${channel}`);
            assert.equal(judged.unlogged_ms, 0, `nothing else is heard in the ${channel}`);
        }
    } finally {
        await house.stopAll();
    }
}

/* Chime, the ticket's language, English; two calls at once are said one after the other; a recall is said again. */
async function calls(folder) {
    await noting('e2e-deaf-recall', async (row) => {
        await callsAndRecalls(folder);
        row.hold(true);
    });
}

async function callsAndRecalls(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const log = house.at('said.jsonl');
        const display = await startDisplay(house, { extra: ['--sound-log', log] });
        await display.screen.page('live'); /* calls in the first view that it hears were announced before: they are not spoken */
        const site = (await house.call('GET', '/api/site')).body;
        const counters = site.counters.filter((each) => each.services.includes('council_tax')).slice(0, 2);
        const act = async (counter, what) => {
            const answer = await house.call('POST', `/api/counters/${counter.code}/${what}`, {});
            assert.equal(answer.status, 200, `${what}: ${JSON.stringify(answer.body)}`);
            return answer.body;
        };
        for (const language of ['pl', 'ur']) await house.call('POST', '/api/tickets', { service: 'council_tax', language, needs: [] });
        for (const counter of counters) await act(counter, 'open');
        const numbers = (await Promise.all(counters.map((counter) => act(counter, 'next')))).map((answer) => answer.ticket.number);
        const ear = new Ear(log);
        const lit = [];
        await until('both calls to be said in two languages', () => {
            const newest = display.screen.now().elements.find((element) => numbers.includes(stripIsolates(element.text || '')));
            if (newest) lit.push([ear.all().length, stripIsolates(newest.text)]);
            return ear.all().length >= 4;
        }, 60000);
        const said = ear.all();
        assert.deepEqual(said.map((line) => line.language).sort(), ['en', 'en', 'pl', 'ur']);
        for (const [at, line] of said.entries()) {
            const number = numbers.find((each) => line.text.includes(each));
            const counter = counters[numbers.indexOf(number)];
            assert.ok(line.text.includes(plain(counter.name[line.language])), `${line.text}: ${counter.name[line.language]}`);
            assert.ok(!line.interrupted);
            const shown = lit.filter(([count]) => count === at).map(([, each]) => each).pop();
            if (shown) assert.equal(shown, number, 'sound and picture name the same call');
        }
        assert.equal(said[0].text.includes(numbers[0]), said[1].text.includes(numbers[0]), 'one call is said whole before the next');
        await act(counters[0], 'recall');
        await until('the recall to be said', () => ear.all().length >= 6, 60000);
        assert.ok(ear.all().slice(4).every((line) => line.text.includes(numbers[0])));
        await house.stop('display');

        const judged = hear(display.sound, log);
        assert.ok(judged.lines.every((line) => line.correlation > 0.99 && Math.abs(line.ms - line.expected_ms) <= 2), JSON.stringify(judged));
        /* SDL may write silence before the display has begun to play: the log counts from there. */
        const played = JSON.parse(readFileSync(log, 'utf8').trim().split('\n').pop()).speaker_samples;
        const leadMs = (statSync(display.sound).size / 2 - played) / 48;
        const chimes = execFileSync(path.join(build, 'tests/find-chime'), [display.sound], { encoding: 'utf8' }).trim().split('\n')
            .map((line) => Number(line.split(' ')[0]) - leadMs);
        assert.equal(chimes.length, 3, `three calls, three chimes: ${chimes.join(', ')}`);
        const spoken = ear.all();
        for (const [index, chime] of chimes.entries()) {
            const first = spoken[index * 2].samples_from / 48;
            assert.ok(first - chime >= 1590 && first - chime < 4000, `the chime at ${chime} ms comes before its words at ${first} ms`);
            if (index > 0) assert.ok(spoken[index * 2 - 1].samples_to / 48 <= chime + 100, 'a chime waits until the last call is said');
        }
    } finally {
        await house.stopAll();
    }
}

/* WCAG 2.2.1 by a second sense: who does not listen, and does not look, hears a note when time runs out; and again the
 * next time. */
async function timeRunsOut(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const recording = house.at('kiosk.pcm');
        const kiosk = await startKiosk(house, { env: { SDL_AUDIODRIVER: 'disk', SDL_DISKAUDIOFILE: recording, SDL_DISKAUDIODELAY: '5' } });
        await kiosk.screen.page('welcome', 30000);
        await touch(kiosk, 'language-en');
        const times = 2;
        for (let i = 0; i < times; i++) {
            await kiosk.screen.page('services');
            await kiosk.screen.page('still-there', 45000);
            await pause(1500);
            await touch(kiosk, 'still-here');
        }
        await kiosk.screen.page('services');
        assert.equal((await house.stop('kiosk')).code, 0);
        const notes = execFileSync(path.join(build, 'tests/find-chime'), [recording, '1', 'note'], { encoding: 'utf8' }).trim().split('\n');
        await noting('e2e-2.2.1-time-heard', (row) => {
            for (let i = 0; i < times; i++) row.hold(i < notes.length, `the question came ${times} times, a note ${notes.length} times`);
            assert.equal(notes.length, times, notes.join(', '));
        });
    } finally {
        await house.stopAll();
    }
}

export const tests = [
    { name: 'speech: by keypad and ear in every language', limitMs: 600000, run: visits },
    { name: 'speech: what is typed is private', limitMs: 240000, run: privately },
    { name: 'speech: a note when time runs out', limitMs: 180000, run: timeRunsOut },
    { name: 'speech: calls are spoken after their chime', limitMs: 120000, run: calls },
];
