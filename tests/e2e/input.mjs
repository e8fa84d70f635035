/* What hands do to a kiosk: staff set its devices up on its own screen, and a thousand random things a second. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { House, pause, until } from './house.mjs';
import { play, startKiosk, startPrinter } from './stage.mjs';

const SOAK_S = Number(process.env.QUARTER_SOAK_S || 20);
const SEED = Number(process.env.QUARTER_SOAK_SEED || 4);
const WIDTH = 1080;
const HEIGHT = 1920;

/* Middle of an element, on the glass. */
function middle(frame, id) {
    const element = frame.elements.find((each) => each.id === id);
    assert.ok(element, `${frame.page} has no ${id}`);
    const [x, y, w, h] = element.rect;
    return [Math.round(x + w / 2), Math.round(y + h / 2)];
}

async function quit(kiosk) {
    kiosk.process.stdin.write('quit\n');
    const verdict = await kiosk.process.ended;
    assert.deepEqual([verdict.code, verdict.signal], [0, null], 'the kiosk ends by itself, and cleanly');
}

async function holdTheClock(kiosk) {
    const [x, y] = middle(await kiosk.screen.page('welcome'), 'clock');
    await play(kiosk, `down ${x} ${y}`);
    await kiosk.screen.page('setup', 12000);
    await play(kiosk, 'up');
}

/* The panel reads everything `shift` pixels further right and down than the glass is touched. */
async function calibrate(kiosk, shift) {
    await play(kiosk, 'tap calibrate');
    await kiosk.screen.page('setup-cross');
    for (const [x, y] of [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9], [0.5, 0.5]])
        await play(kiosk, `touch ${Math.round(x * WIDTH) + shift} ${Math.round(y * HEIGHT) + shift}`);
    return kiosk.screen.page('setup-keep');
}

async function touchShifted(kiosk, frame, id, shift) {
    const [x, y] = middle(frame, id);
    await play(kiosk, `touch ${x + shift} ${y + shift}`);
}

/* The input has a thread of its own: it may take up what the page is for after the page is shown. */
const listensFor = (house, what) => until(`the input to listen for ${what}`,
    () => house.log('kiosk').match(/listening for=\S+/g)?.at(-1) === `listening for=${what}`);

async function teachKeypad(house, kiosk, shift) {
    await touchShifted(kiosk, await kiosk.screen.page('setup'), 'keypad', shift);
    await kiosk.screen.page('setup-keypad');
    await listensFor(house, 'learn-keys');
    for (const key of ['KEY_F13', 'KEY_F14', 'KEY_F17', 'KEY_F18', 'KEY_F19']) await play(kiosk, `key ${key}`);
    for (const asked of ['Plug the headset in', 'Pull the headset out']) {
        await until(asked, () => kiosk.screen.texts().includes(asked));
        await touchShifted(kiosk, kiosk.screen.now(), 'skip', shift);
    }
    await touchShifted(kiosk, await kiosk.screen.page('setup-keypad-done'), 'save', shift);
}

async function chooseScanner(house, kiosk, shift) {
    await touchShifted(kiosk, await kiosk.screen.page('setup'), 'scanner', shift);
    await kiosk.screen.page('setup-scanner');
    await listensFor(house, 'learn-scanner');
    await play(kiosk, 'scan 5901234123457');
    await touchShifted(kiosk, await kiosk.screen.page('setup-scanner-done'), 'save', shift);
    await listensFor(house, 'visitors');
    await until('the input to have the scanner', () => house.log('kiosk').includes('scanner attached'));
}

async function setupByHand(folder) {
    const house = new House(folder);
    const shift = 70;
    const state = house.at('state');
    try {
        await house.startServer();
        await startPrinter(house);
        const kiosk = await startKiosk(house, { devices: 'keypad,scanner,headset', extra: ['--state', state, '--speech', 'off'] });
        await holdTheClock(kiosk);
        await calibrate(kiosk, shift);
        await touchShifted(kiosk, await kiosk.screen.page('setup-keep'), 'put-back', shift);
        await until('the old calibration', () => kiosk.screen.texts().includes('The old calibration is back.'));
        assert.equal(existsSync(`${state}/input.conf`), false, 'what nobody keeps is not stored');
        await calibrate(kiosk, shift);
        await touchShifted(kiosk, await kiosk.screen.page('setup-keep'), 'keep', shift);
        await teachKeypad(house, kiosk, shift);
        await chooseScanner(house, kiosk, shift);
        const frame = await kiosk.screen.page('setup');
        await play(kiosk, 'scan HELLO-42');
        await until('the scan on the page', () => kiosk.screen.texts().some((text) => text.includes('Last scan: HELLO-42')));
        await touchShifted(kiosk, frame, 'printer', shift);
        const printer = await kiosk.screen.page('setup-printer');
        await until('the printer', () => kiosk.screen.texts().some((text) => text.includes('Printer: ready')));
        await touchShifted(kiosk, printer, 'print', shift);
        await until('the test page', () => kiosk.screen.texts().some((text) => text.includes('Test page: printed')), 30000);
        await touchShifted(kiosk, printer, 'back', shift);
        await touchShifted(kiosk, await kiosk.screen.page('setup'), 'done', shift);
        await kiosk.screen.page('welcome');
        await quit(kiosk);
        const conf = readFileSync(`${state}/input.conf`, 'utf8');
        assert.match(conf, /^calibration /m);
        assert.match(conf, /^scanner 0c2e:0b61$/m);
        assert.match(conf, /^keymap 2047:0977 KEY_F14 = next$/m);
        /* Another start knows it all: a visitor's finger on the shifted panel, and the keypad's own keys. */
        const again = await startKiosk(house, { name: 'again', devices: 'keypad,scanner', extra: ['--state', state, '--speech', 'off'] });
        await touchShifted(again, await again.screen.page('welcome'), 'language-en', shift);
        await again.screen.page('services');
        await play(again, 'key KEY_F14');
        await until('the focus of the keypad', () => again.screen.now().elements.some((element) => element.focused));
        await quit(again);
    } finally {
        await house.stopAll();
    }
}

/* Frames are looked at while it goes on: each must be whole, and none without a way out. */
async function watch(kiosk, ended, seen) {
    while (!ended.yes) {
        const frame = kiosk.screen.now();
        const ways = frame.elements.filter((element) => element.role === 'button' && !element.disabled);
        assert.ok(frame.page === 'starting' || ways.length > 0, `the page ${frame.page} has no way out`);
        seen.set(frame.page, (seen.get(frame.page) || 0) + 1);
        await pause(50);
    }
}

async function soak(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const kiosk = await startKiosk(house, { devices: 'keypad,scanner,headset', extra: ['--scanner', '0c2e:0b61'] });
        await kiosk.screen.page('welcome');
        const ended = { yes: false };
        const seen = new Map();
        const watching = watch(kiosk, ended, seen);
        const before = kiosk.answers.length;
        kiosk.process.stdin.write(`random ${SOAK_S} ${SEED}\n`);
        await until('the end of it', () => {
            if (kiosk.process.verdict) throw new Error(`the kiosk ended with ${JSON.stringify(kiosk.process.verdict)}`);
            return kiosk.answers.length > before;
        }, (SOAK_S + 30) * 1000);
        ended.yes = true;
        await watching;
        assert.equal(kiosk.answers[before], 'ok');
        console.log(`        pages seen: ${[...seen].map(([page, times]) => `${page} ${times}`).join(', ')}`);
        assert.ok(seen.size >= 5, 'it got about');
        const frame = kiosk.screen.now().frame; /* and it still listens */
        await play(kiosk, 'key next');
        await play(kiosk, 'key previous');
        await until('another frame', () => kiosk.screen.now().frame > frame);
        await quit(kiosk);
    } finally {
        await house.stopAll();
    }
}

export const tests = [
    { name: 'setup: staff hold the clock, calibrate, teach a keypad and choose a scanner', limitMs: 240000, run: setupByHand },
    { name: `soak: ${SOAK_S} s of a thousand random inputs a second`, limitMs: (SOAK_S + 120) * 1000, run: soak },
];
