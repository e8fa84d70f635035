/* The whole main job, on real parts: a finger on the kiosk (evdev through umockdev), a ticket out of an IPP printer,
 * a call in Chromium, the lobby's picture and chime, an outcome, and the journal. One number, from one run, is read
 * back from the printed raster, the display's frame, the page and the journal; the server is killed three times on
 * the way, each time while a command is on its way. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, House, newKey, pause, program, stripIsolates, until } from './house.mjs';
import { openBrowser, play, startDisplay, startKiosk, startPrinter, touch } from './stage.mjs';

/* ---- reading a number back from a picture, by eye as it were ---- */

/* Cuts rect out of a PNG and makes it black on white at a size that suits text recognition. */
async function cut(page, png, [x, y, width, height]) {
    const data = await page.evaluate(async ({ source, rect }) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const scale = 120 / rect[3];
        const margin = 40;
        const canvas = document.createElement('canvas');
        canvas.width = rect[2] * scale + 2 * margin;
        canvas.height = rect[3] * scale + 2 * margin;
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(image, ...rect, margin, margin, rect[2] * scale, rect[3] * scale);
        const pixels = context.getImageData(margin, margin, canvas.width - 2 * margin, canvas.height - 2 * margin);
        const light = (i) => pixels.data[i] * 0.3 + pixels.data[i + 1] * 0.59 + pixels.data[i + 2] * 0.11;
        const ground = light(0);
        for (let i = 0; i < pixels.data.length; i += 4) {
            const ink = Math.min(255, Math.abs(light(i) - ground) * 2);
            pixels.data[i] = pixels.data[i + 1] = pixels.data[i + 2] = 255 - ink;
            pixels.data[i + 3] = 255;
        }
        context.fillStyle = 'white';
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.putImageData(pixels, margin, margin);
        return canvas.toDataURL('image/png').split(',')[1];
    }, { source: `data:image/png;base64,${png.toString('base64')}`, rect: [x, y, width, height] });
    return Buffer.from(data, 'base64');
}

function recognise(png, file) {
    writeFileSync(file, png);
    return execFileSync('tesseract', [file, '-', '--psm', '7', '-c', 'tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/* The journal up to the first event of that type, however long that takes to come, and a moment on: nothing is there twice. */
async function journal(house, last) {
    const stop = new AbortController();
    const answer = await fetch(`${house.url}/api/events/stream`, { headers: { 'Last-Event-ID': '0' }, signal: stop.signal });
    const events = [];
    let rest = '';
    let seen = false;
    let timer = setTimeout(() => stop.abort(), 30000);
    try {
        for await (const chunk of answer.body) {
            rest += Buffer.from(chunk).toString();
            const frames = rest.split('\n\n');
            rest = frames.pop();
            for (const frame of frames) {
                const data = frame.match(/^data: ?(.*)$/m);
                if (/^id: ?\d+$/m.test(frame) && data) events.push(JSON.parse(data[1]));
            }
            if (seen || !events.some((event) => event.type === last)) continue;
            seen = true;
            clearTimeout(timer);
            timer = setTimeout(() => stop.abort(), 1500);
        }
    } catch (error) {
        if (error.name !== 'AbortError') throw error;
    }
    clearTimeout(timer);
    return events;
}

/* Each chime that the display has sounded whole so far; throws while there is none. */
const chimesOf = (display) => execFileSync(path.join(build, 'tests/find-chime'), [display.sound], { encoding: 'utf8' }).trim().split('\n');

/* SIGKILL a moment after the command went out, so that it may or may not have been stored; then a fresh start. */
async function killAndRestart(house, afterMs) {
    await pause(afterMs);
    await house.stop('server', 'SIGKILL');
    await pause(300);
    await house.startServer();
}

/* ---- the visit ---- */

async function setStage(folder) {
    const house = new House(folder);
    const browser = await openBrowser();
    const stopHouse = house.stopAll.bind(house);
    house.stopAll = async () => {
        await browser.close();
        await stopHouse();
    };
    return { house, browser };
}

/* The kiosk's pages up to "ready", in three touches less one. */
async function reachReady(kiosk, service) {
    await kiosk.screen.page('welcome', 30000);
    await touch(kiosk, 'language-en');
    await kiosk.screen.page('services');
    await touch(kiosk, `group-${service}`);
    return kiosk.screen.page('ready');
}

async function numberOnKiosk(kiosk) {
    const frame = await kiosk.screen.page('done', 30000);
    return stripIsolates(frame.elements.find((element) => element.id === 'number').text);
}

async function readTicket(printer, folder, page) {
    const [request] = await until('the printed page', () => printer.requests().length > 0 && printer.requests(), 20000);
    const jobs = readdirSync(printer.jobs).filter((name) => /\.(pwg|ras)$/.test(name));
    assert.equal(jobs.length, 1, 'one visit, one print');
    const printed = path.join(folder, 'printed.png');
    execFileSync(path.join(build, 'tests/pwg-to-png'), [path.join(printer.jobs, jobs[0]), printed]);
    writeFileSync(path.join(folder, 'request.json'), JSON.stringify({ print: request }));
    const expected = path.join(folder, 'expected.png');
    execFileSync(program('ticket-printer'), ['--layout-only', path.join(folder, 'request.json'), expected]);
    return { printed: readFileSync(printed), expected: readFileSync(expected), page };
}

/* The tallest run of inked rows of a printed page: the number, which is by far the largest thing on it. */
async function tallestLine(page, png) {
    return page.evaluate(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, Math.floor(image.height / 2));
        let best = [0, 0];
        let start = -1;
        for (let y = 0; y <= image.height / 2; y++) {
            let ink = false;
            for (let x = 0; x < image.width && !ink; x++) ink = data[(y * image.width + x) * 4] < 128;
            if (ink && start < 0) start = y;
            if (!ink && start >= 0) {
                if (y - start > best[1] - best[0]) best = [start, y];
                start = -1;
            }
        }
        return [0, Math.max(0, best[0] - 12), image.width, best[1] - best[0] + 24];
    }, `data:image/png;base64,${png.toString('base64')}`);
}

async function wholeVisit(folder) {
    const { house, browser } = await setStage(folder);
    try {
        const printer = await startPrinter(house);
        printer.keepRequests();
        await house.startServer();
        const kiosk = await startKiosk(house);
        const display = await startDisplay(house);
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
        const eye = await browser.newPage();
        const site = (await house.call('GET', '/api/site')).body;
        const counter = site.counters.find((each) => each.services.includes('council_tax'));

        /* Touch, killed while the issue is on its way, by a trembling hand. */
        await reachReady(kiosk, 'council_tax');
        house.running.get('server').kill('SIGSTOP'); /* the request is taken by the kernel and answered by nobody */
        await play(kiosk, 'double-tap get-ticket');
        await killAndRestart(house, 1);
        const number = await numberOnKiosk(kiosk);

        /* The page on paper. */
        const ticket = await readTicket(printer, folder, eye);
        assert.ok(ticket.printed.equals(ticket.expected), 'what was printed is the expected ticket, pixel by pixel');
        await kiosk.screen.shows('Take your ticket', 20000);
        const onPaper = recognise(await cut(eye, ticket.printed, await tallestLine(eye, ticket.printed)), house.at('on-paper.png'));

        /* The call, killed while it is on its way. */
        await page.goto(`${house.url}/counter/${counter.code}`);
        await page.waitForSelector('#big:has-text("Open this counter")');
        await page.keyboard.press('o');
        await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Call next")');
        await page.keyboard.press('Space');
        await killAndRestart(house, 2);
        await page.waitForSelector('.number', { timeout: 30000 });
        const onPage = (await page.textContent('.number')).trim();

        /* The lobby: the number is up while the call lasts, and was chimed. */
        await display.screen.shows(number, 20000);
        await pause(300);
        const shown = display.screen.now().elements.find((element) => stripIsolates(element.text || '') === number);
        const onDisplay = recognise(await cut(eye, readFileSync(display.screen.picture), shown.rect), house.at('on-display.png'));
        assert.ok(shown.font_px >= 134, `the call's letters are ${shown.font_px} px`);

        /* Served; the finish is killed while it is on its way. The call is answered first: until then no key does anything. */
        await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Start")', { timeout: 30000 });
        await page.keyboard.press('Enter');
        await page.waitForSelector('text=Now serving', { timeout: 30000 });
        await page.waitForSelector('button:not([aria-disabled="true"]):has-text("Resolved")', { timeout: 30000 });
        await until('the number to leave the display', () => !display.screen.texts().some((text) => stripIsolates(text) === number), 30000);
        await page.keyboard.press('1');
        await page.waitForSelector('#reference');
        await page.keyboard.press('Enter');
        await killAndRestart(house, 1);
        await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Call next")', { timeout: 30000 });

        const events = await journal(house, 'ticket_closed');
        const about = (type) => events.filter((event) => event.type === type);
        assert.equal(about('ticket_issued').length, 1, 'one ticket, whatever the hand and the server did');
        assert.equal(about('ticket_called').length, 1);
        assert.equal(about('serving_started').length, 1);
        assert.equal(about('ticket_closed').length, 1);
        assert.equal(about('ticket_closed')[0].body.outcome, 'resolved');
        const { prefix, number: count } = about('ticket_issued')[0].body;
        const inJournal = `${prefix}${String(count).padStart(2, '0')}`;
        assert.deepEqual({ onPaper, onDisplay, onPage, inJournal }, { onPaper: number, onDisplay: number, onPage: number, inJournal: number });
        console.log(`        ${number} on paper, on the display, on the page and in the journal`);

        await until('the chime to have sounded', () => chimesOf(display), 30000);
        await house.stop('display');
        const chimes = chimesOf(display);
        assert.equal(chimes.length, 1, `one call, one chime: ${chimes.join('; ')}`);
        assert.equal((await house.stop('kiosk')).code, 0);
        assert.equal((await house.stop('ticket-printer')).code, 0);
        assert.equal((await house.stop('server')).code, 0);
    } finally {
        await house.stopAll();
    }
}

/* No paper: the visitor is told before the ticket, gets the number large, and the call comes all the same. */
async function noPaper(folder) {
    const { house } = await setStage(folder);
    try {
        const printer = await startPrinter(house);
        printer.paper('empty');
        await house.startServer();
        const kiosk = await startKiosk(house);
        await reachReady(kiosk, 'council_tax');
        await kiosk.screen.shows('paper', 15000);
        await touch(kiosk, 'get-ticket');
        const number = await numberOnKiosk(kiosk);
        await kiosk.screen.shows('keep this number', 20000);
        const events = await journal(house, 'ticket_issued');
        assert.equal(events.filter((event) => event.type === 'ticket_issued').length, 1);
        assert.ok(number.startsWith('C'));
    } finally {
        await house.stopAll();
    }
}

/* A recall shows and chimes again; two calls at once are chimed one after the other. */
async function calls(folder) {
    const { house } = await setStage(folder);
    try {
        await house.startServer();
        const display = await startDisplay(house);
        await display.screen.page('live'); /* calls in the first view that it hears were announced before: they are not chimed */
        const site = (await house.call('GET', '/api/site')).body;
        const [first, second] = site.counters.filter((each) => each.services.includes('council_tax'));
        const act = async (counter, what) => {
            const answer = await house.call('POST', `/api/counters/${counter.code}/${what}`, {}, newKey());
            assert.equal(answer.status, 200, `${what}: ${JSON.stringify(answer.body)}`);
            return answer.body;
        };
        for (let i = 0; i < 2; i++) await house.call('POST', '/api/tickets', { service: 'council_tax', language: 'en', needs: [] });
        await act(first, 'open');
        await act(second, 'open');
        const numbers = (await Promise.all([act(first, 'next'), act(second, 'next')])).map((answer) => answer.ticket.number);
        assert.notEqual(numbers[0], numbers[1]);
        for (const number of numbers) await display.screen.shows(number);
        /* A recall before the call's own turn would join it; after it, it waits until the calls before it were said. */
        const turns = () => house.log('display').split('display: call number=').length - 1;
        await until('the turns of both calls', () => turns() >= 2, 30000);
        await act(first, 'recall');
        await until('the recall', () => turns() >= 3, 30000);
        await until('its chime to have sounded', () => chimesOf(display).length >= 3, 30000);
        await house.stop('display');
        const chimes = chimesOf(display);
        assert.equal(chimes.length, 3, `two calls and a recall: ${chimes.join('; ')}`);
    } finally {
        await house.stopAll();
    }
}

export const tests = [
    { name: 'a visit from touch to counter', limitMs: 180000, run: wholeVisit },
    { name: 'a visit without paper', limitMs: 90000, run: noPaper },
    { name: 'calls are shown and chimed', limitMs: 90000, run: calls },
];
