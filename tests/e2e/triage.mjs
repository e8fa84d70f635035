/* Triage at the real kiosk: questions that route and flag, a signpost instead of a queue, a scanned letter, help, and a
 * site that changes under a visitor. What was answered is read back from the ticket, the journal and the metrics. */
import assert from 'node:assert/strict';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { House, newKey, pause, root, until } from './house.mjs';
import { play, startKiosk, touch } from './stage.mjs';

const site = path.join(root, 'assets/sites/customer-centre');

async function toServices(kiosk, language = 'en') {
    await kiosk.screen.page('welcome', 30000);
    await touch(kiosk, `language-${language}`);
    await kiosk.screen.page('services');
}

/* The question shown, by an answer or key of its own. */
async function question(kiosk, element) {
    await kiosk.screen.page('question');
    await until(`the question with ${element}`, () => kiosk.screen.now()?.elements.some((each) => each.id === element));
}

async function answer(kiosk, code) {
    await question(kiosk, `answer-${code}`);
    await touch(kiosk, `answer-${code}`);
}

async function metric(house, name) {
    const text = await (await fetch(`${house.url}/metrics`)).text();
    return Number(text.split('\n').find((line) => line.startsWith(name))?.split(' ').pop() ?? NaN);
}

/* The first whole view of a counter's stream. */
async function counterView(house, code) {
    const answer = await fetch(`${house.url}/api/counters/${code}/stream`);
    let text = '';
    for await (const chunk of answer.body) {
        text += Buffer.from(chunk).toString();
        const view = text.match(/^event: view\n(?:id: .*\n)?data: (.*)\n/m);
        if (view) return JSON.parse(view[1]); /* which closes the stream */
    }
    throw new Error('the stream ended without a view');
}

/* udev has none here: the kiosk looks round by itself. */
async function plugScanner(house, kiosk) {
    await play(kiosk, 'plug scanner');
    await until('the kiosk to have the scanner', () => house.log('kiosk').includes('scanner attached'));
    await pause(700); /* as before each touch (see stage.mjs) */
}

/* Opens a counter that serves it and calls: what staff get to know about the visitor. */
async function callFor(house, service) {
    const counters = (await house.call('GET', '/api/site')).body.counters;
    const counter = counters.find((each) => each.services.includes(service));
    await house.call('POST', `/api/counters/${counter.code}/open`, {}, newKey());
    const answer = await house.call('POST', `/api/counters/${counter.code}/next`, {}, newKey());
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return (await counterView(house, counter.code)).ticket;
}

async function questions(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const kiosk = await startKiosk(house);

        /* From housing to repairs by an answer, back, and on; a text is typed. */
        await toServices(kiosk);
        await touch(kiosk, 'group-housing');
        await kiosk.screen.page('group');
        await touch(kiosk, 'service-housing_options');
        await answer(kiosk, 'repair');
        await question(kiosk, 'answer-waiting');
        await touch(kiosk, 'back');
        await answer(kiosk, 'repair');
        await answer(kiosk, 'waiting');
        await question(kiosk, 'key-0061');
        for (const key of ['key-0074', 'key-0061', 'key-0070']) await touch(kiosk, key);
        await touch(kiosk, 'continue');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done', 30000);
        const ticket = await callFor(house, 'repairs');
        assert.equal(ticket.service, 'repairs');
        assert.deepEqual(ticket.answers, { home_about: 'repair', repair_what: 'waiting', repair_details: 'tap' });
        assert.equal(ticket.avoidable, 'chasing');
        await touch(kiosk, 'finished');

        /* An answer that flags a class; the second question is skipped. */
        await toServices(kiosk, 'ur');
        await touch(kiosk, 'group-housing');
        await touch(kiosk, 'service-housing_options');
        await answer(kiosk, 'tonight');
        await answer(kiosk, 'yes');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done', 30000);
        const urgent = await callFor(house, 'housing_options');
        assert.equal(urgent.class, 'urgent');
        assert.equal(urgent.language, 'ur');
        assert.ok(urgent.needs.includes('with_children'), `needs ${urgent.needs}`);
    } finally {
        await house.stopAll();
    }
}

async function signpost(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const kiosk = await startKiosk(house);
        await toServices(kiosk);
        await touch(kiosk, 'group-other');
        await kiosk.screen.page('group');
        await touch(kiosk, 'service-waste');
        await answer(kiosk, 'missed');
        await kiosk.screen.page('signpost');
        await touch(kiosk, 'finished');
        await kiosk.screen.page('welcome');
        await until('the visit in the metrics', async () => await metric(house, 'quarter_visits_total{kind="signposted"}') === 1);
        assert.equal((await house.call('GET', '/api/boards/kiosk-1')).body.services.reduce((sum, each) => sum + each.waiting, 0), 0);

        /* Who wants to see somebody all the same gets a ticket, and is no signposted visit. */
        await toServices(kiosk);
        await touch(kiosk, 'search');
        await kiosk.screen.page('search');
        for (const key of ['key-0062', 'key-0069', 'key-006E']) await touch(kiosk, key);
        await until('bin to be found', () => kiosk.screen.now()?.elements.find((each) => each.id.startsWith('found-'))?.id === 'found-waste');
        await touch(kiosk, 'found-waste');
        await answer(kiosk, 'missed');
        await kiosk.screen.page('signpost');
        await touch(kiosk, 'see-somebody');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done', 30000);
        assert.equal(await metric(house, 'quarter_visits_total{kind="signposted"}'), 1);
    } finally {
        await house.stopAll();
    }
}

async function helpAndScan(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        mkdirSync(house.at('kiosk-cache'));
        writeFileSync(house.at('kiosk-cache', 'input.conf'), 'scanner 0c2e:0b61\n');
        const kiosk = await startKiosk(house);
        await kiosk.screen.page('welcome', 30000);
        await plugScanner(house, kiosk);
        await play(kiosk, 'scan CT1234567');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'questions');
        await answer(kiosk, 'first');
        await answer(kiosk, 'bill');
        await question(kiosk, 'key-0037');
        await pause(700);
        await play(kiosk, 'scan CT-1234-5678');
        await until('the number in its field', () => kiosk.screen.now()?.elements.some((each) => each.id === 'typed' && each.text === '12345678'));
        await touch(kiosk, 'continue');
        await kiosk.screen.page('ready');

        /* A person is called, comes, and is gone again; the visit goes on beside it. */
        await touch(kiosk, 'help');
        const board = async () => (await house.call('GET', '/api/boards/kiosk-1')).body;
        const cancel = () => kiosk.screen.now()?.elements.some((each) => each.id === 'help-cancel');
        await until('the kiosk to say that somebody was called', cancel);
        await until('the call to reach the server', async () => (await board()).help !== null);
        assert.equal((await house.call('POST', '/api/help/kiosk-1/answer', {}, newKey())).status, 200);
        await until('the kiosk to say that somebody comes', () => !cancel());
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done', 30000);
        const ticket = await callFor(house, 'council_tax');
        assert.deepEqual(ticket.answers, { before: 'first', tax_about: 'bill', tax_number: '12345678' });
    } finally {
        await house.stopAll();
    }
}

/* A new site is taken in when nobody is there, and never under a visitor's hands. */
async function siteChanges(folder) {
    const house = new House(folder);
    try {
        const own = house.at('site');
        cpSync(site, own, { recursive: true });
        await house.startServer({ site: own });
        const kiosk = await startKiosk(house);
        await toServices(kiosk);
        const hash = async () => (await house.call('GET', '/api/site')).body.hash;
        const before = await hash();
        const words = path.join(own, 'text.en.yaml');
        const text = readFileSync(words, 'utf8');
        assert.match(text, /Council Tax/);
        writeFileSync(words, text.replaceAll('Council Tax', 'Town Tax'));
        await until('the server to take the new site', async () => await hash() !== before, 20000);
        await pause(1500);
        assert.ok(!kiosk.screen.texts().some((each) => each.includes('Town Tax')), 'the visitor is not interrupted');
        await touch(kiosk, 'group-council_tax');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'back');
        await kiosk.screen.page('services');
        await touch(kiosk, 'back');
        await kiosk.screen.page('welcome');
        await until('the kiosk to take the new site', () => house.log('kiosk').split('site adopted').length > 2);
        await toServices(kiosk);
        await kiosk.screen.shows('Town Tax');
    } finally {
        await house.stopAll();
    }
}

/* The kiosk is the one child of the program that plays its touches. */
function kioskProcess(kiosk) {
    const pid = kiosk.process.pid;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    const found = children.find((each) => readFileSync(`/proc/${each}/comm`, 'utf8').trim() === 'kiosk');
    assert.ok(found, `no kiosk among ${children}`);
    return found;
}

/* Where in a process's memory (but for what it maps from files) a text stands, as it is or as 32 bit code points. */
function findInMemory(pid, text) {
    const wanted = [Buffer.from(text), Buffer.from([...text].flatMap((each) => [each.codePointAt(0), 0, 0, 0]))];
    const places = [];
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
        const [, from, to, name] = line.match(/^([0-9a-f]+)-([0-9a-f]+) rw.. \S+ \S+ \d+ *(.*)$/) || [];
        if (!from || parseInt(to, 16) - parseInt(from, 16) > 1 << 28) continue; /* a sanitizer's shadow */
        const bytes = Buffer.alloc(parseInt(to, 16) - parseInt(from, 16));
        try {
            readSync(memory, bytes, 0, bytes.length, parseInt(from, 16));
        } catch {
            continue; /* a stack's guard */
        }
        for (const each of wanted)
            for (let at = bytes.indexOf(each); at >= 0; at = bytes.indexOf(each, at + 1))
                places.push(`${name || 'anonymous'} ${from}+${at.toString(16)}: ${JSON.stringify(bytes.toString('latin1', Math.max(0, at - 24), at + 40))}`);
    }
    closeSync(memory);
    return places;
}

/* Or else the search would prove nothing once it is gone. */
const foundInMemory = (kiosk, text) => until(`${text} to be found`, () => findInMemory(kioskProcess(kiosk), text).length > 0);

async function typeWord(kiosk, word) {
    for (const letter of word) await touch(kiosk, `key-00${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/* What was searched for, answered, scanned and read out is of nobody's business once its visitor has gone. */
async function forgets(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        mkdirSync(house.at('kiosk-cache'));
        writeFileSync(house.at('kiosk-cache', 'input.conf'), 'scanner 0c2e:0b61\n');
        const kiosk = await startKiosk(house);
        await toServices(kiosk);
        await touch(kiosk, 'listen');
        await plugScanner(house, kiosk);
        await play(kiosk, 'scan XQSCANNED7');
        await kiosk.screen.shows('We do not know this code');
        await foundInMemory(kiosk, 'XQSCANNED7');
        await touch(kiosk, 'search');
        await kiosk.screen.page('search');
        await typeWord(kiosk, 'quixot');
        await foundInMemory(kiosk, 'quixot');
        await touch(kiosk, 'back');
        await touch(kiosk, 'group-housing');
        await kiosk.screen.page('group');
        await touch(kiosk, 'service-housing_options');
        await answer(kiosk, 'repair');
        await answer(kiosk, 'waiting');
        await question(kiosk, 'key-0061');
        await typeWord(kiosk, 'beziqu');
        await foundInMemory(kiosk, 'beziqu');
        await touch(kiosk, 'continue');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done', 30000);
        await touch(kiosk, 'finished');
        await kiosk.screen.page('welcome');
        await pause(500);
        const places = ['quixot', 'beziqu', 'XQSCANNED7'].flatMap((each) => findInMemory(kioskProcess(kiosk), each));
        assert.deepEqual(places, []);
    } finally {
        await house.stopAll();
    }
}

export const tests = [
    { name: 'triage routes, flags and reaches staff', run: questions, limitMs: 120000 },
    { name: 'triage ends at a signpost', run: signpost, limitMs: 120000 },
    { name: 'triage hears a scanner and calls help', run: helpAndScan, limitMs: 120000 },
    { name: 'triage forgets what was typed and scanned', run: forgets, limitMs: 120000 },
    { name: 'triage takes a new site between visits', run: siteChanges, limitMs: 120000 },
];
