/* The visitor's phone page in Chromium, at the size of phones: a visit by keyboard alone, seen, heard and felt; a
 * connection that goes away; what axe finds in every state; no width and no language that pushes anything out. And a
 * ticket that the floor sends to a kiosk's printer, on real paper as far as IPP knows. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareWithGolden } from './golden.mjs';
import { House, root, until } from './house.mjs';
import { violations } from './measures.mjs';
import { openBrowser, startKiosk, startPrinter, touch } from './stage.mjs';

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
const PUBLIC = 'https://queue.example.gov.uk';

/* The example site, which phones reach from outside. */
function publicSite(house) {
    const folder = house.at('site');
    cpSync(path.join(root, 'assets/sites/customer-centre'), folder, { recursive: true });
    const file = path.join(folder, 'site.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^public_url:.*$/m, `public_url: ${PUBLIC}`));
    return folder;
}

/* What a phone would do that a test cannot feel is counted. An old one has no SharedWorker. */
function watchPhone() {
    window.felt = { tones: 0, shakes: [], locks: 0 };
    delete window.SharedWorker;
    const create = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function (...given) {
        window.felt.tones += 1;
        return create.apply(this, given);
    };
    Navigator.prototype.vibrate = (pattern) => window.felt.shakes.push(pattern) > 0;
    if (navigator.wakeLock) {
        WakeLock.prototype.request = () => {
            window.felt.locks += 1;
            return Promise.resolve(Object.assign(new EventTarget(), { release: () => Promise.resolve() }));
        };
    }
}

async function withPhone(folder, work, { forgive = null, size = PHONE } = {}) {
    const house = new House(folder);
    const browser = await openBrowser();
    const faults = [];
    try {
        const site = publicSite(house);
        await house.startServer({ site });
        const page = await browser.newPage({ viewport: size, locale: 'en-GB', hasTouch: true });
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => message.type() === 'warning' && faults.push(message.text()));
        await page.addInitScript(watchPhone);
        await work({ house, page, browser, site });
        assert.deepEqual(faults.filter((fault) => !forgive || !forgive.test(fault)), [], 'the page ran without errors');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

async function come(house, service = 'council_tax', more = {}) {
    const { body } = await house.call('POST', '/api/tickets', { service, language: 'en', needs: [], ...more });
    assert.ok(body.url.startsWith(`${PUBLIC}/t/`), body.url);
    return { ...body, page: `${house.url}${body.url.slice(PUBLIC.length)}` };
}

async function counterFor(house, service) {
    const site = (await house.call('GET', '/api/site')).body;
    const { code } = site.counters.find((each) => each.services.includes(service));
    return (verb, body = {}) => house.call('POST', `/api/counters/${code}/${verb}`, body);
}

const isIn = (page, state) => page.waitForSelector(`body[data-state="${state}"]`);
const felt = (page) => page.evaluate(() => window.felt);

/* To the button with these words, by Tab alone. */
async function tabTo(page, words) {
    for (let i = 0; i < 25; i++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement.innerText || '')).trim() === words) return;
    }
    assert.fail(`"${words}" cannot be reached by keyboard`);
}

async function press(page, words) {
    await tabTo(page, words);
    await page.keyboard.press('Enter');
}

async function wholeVisit(folder) {
    await withPhone(folder, async ({ house, page }) => {
        const act = await counterFor(house, 'council_tax');
        const first = await come(house);
        const ticket = await come(house);
        await page.goto(ticket.page);
        await page.waitForSelector(`.visit-number:has-text("${ticket.number}")`);
        await page.waitForSelector('text=Your place in line: 2');
        assert.equal(await page.locator('.visit-number').evaluate((each) => each.getBoundingClientRect().height > 120), true, 'the number is huge');
        assert.match(await page.title(), new RegExp(`^${ticket.number} - Your place in line: 2`));
        await page.waitForFunction(() => window.felt.locks > 0);

        /* The chime, after a touch that allows it; others first, and taken back; leaving, thought better of. */
        assert.equal((await felt(page)).tones, 0, 'no page makes a noise unasked');
        await press(page, 'Chime when it is my turn');
        await page.waitForSelector('button[aria-pressed="true"]:has-text("The chime is on")');
        await press(page, 'Let others go first');
        await page.waitForSelector('button[aria-expanded="true"]');
        await press(page, '10 min');
        await page.waitForSelector('.say:has-text("Others go first until 10:5")');
        assert.ok((await house.call('GET', `/api/tickets/${ticket.id}`)).body.held_until);
        await page.waitForSelector('button:not([aria-disabled="true"]):has-text("I am ready now")'); /* the answer is here, too */
        await press(page, 'I am ready now');
        await page.waitForSelector('text=Your place in line: 2');
        await press(page, 'Leave the queue');
        await page.waitForSelector('dialog[open]');
        assert.equal(await page.evaluate(() => document.activeElement.innerText.trim()), 'Stay in the queue', 'the harmless answer is the first');
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog:not([open])', { state: 'attached' });
        assert.equal((await house.call('GET', `/api/tickets/${ticket.id}`)).body.state, 'waiting');

        /* Next, and then called: seen, heard and felt; again with the recall; quiet when asked. */
        await act('open');
        await act('next');
        await page.waitForSelector('.say:has-text("You are next")');
        assert.equal((await house.call('GET', `/api/tickets/${first.id}`)).body.state, 'called');
        await act('start');
        await act('finish', { outcome: 'resolved' });
        const before = await felt(page);
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        await act('next');
        await isIn(page, 'called');
        await page.waitForSelector('[role="alert"]:has-text("It is your turn")');
        await page.waitForSelector('[role="alert"]:has-text("Please go to")');
        assert.match(await page.title(), new RegExp(`^\\(!\\) ${ticket.number}: It is your turn`));
        assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), ground, 'the whole screen changes');
        await page.waitForFunction((count) => window.felt.tones > count, before.tones);
        const once = await felt(page);
        assert.ok(once.shakes.some((pattern) => Array.isArray(pattern) && pattern.length > 3), 'the phone shakes');
        await press(page, 'I am on my way');
        await page.waitForSelector('button:has-text("I am on my way")', { state: 'hidden' });
        assert.equal((await felt(page)).shakes.at(-1), 0);
        await act('recall');
        await page.waitForSelector('text=We are calling you again');
        await page.waitForFunction((count) => window.felt.tones > count, once.tones);

        await act('start');
        await isIn(page, 'serving');
        await page.waitForSelector('text=You are being served');
        await act('finish', { outcome: 'resolved' });
        await isIn(page, 'ended');
        await page.waitForSelector('text=Your visit is over. Thank you for coming.');

        /* It forgets. */
        await page.waitForFunction(() => location.pathname === '/t/over');
        const left = await page.evaluate(() => document.documentElement.outerHTML + document.title + JSON.stringify({ ...sessionStorage, ...localStorage }));
        assert.ok(!left.includes(ticket.number), 'the number is nowhere any more');
        assert.ok(!left.includes(ticket.url.slice(-26)));
        await page.reload();
        await page.waitForSelector('text=This visit is over, or there is none at this address.');

        /* Another one leaves, on the smallest phone, and it is true. */
        const leaver = await come(house);
        await page.setViewportSize(SMALL);
        await page.goto(leaver.page);
        await page.waitForSelector(`.visit-number:has-text("${leaver.number}")`);
        await press(page, 'Leave the queue');
        await page.waitForSelector('dialog[open]');
        await press(page, 'Leave the queue');
        await page.waitForSelector('text=You have left the queue.');
        assert.equal((await house.call('GET', `/api/tickets/${leaver.id}`)).body.state, 'left');
    });
}

/* The server goes and comes back; a relay that lets no stream through; the visitor's own language, and another. */
async function hardTimes(folder) {
    await withPhone(folder, async ({ house, page, site, browser }) => {
        const ticket = await come(house, 'council_tax', { language: 'ur' });
        await page.goto(ticket.page);
        await page.waitForSelector(`.visit-number:has-text("${ticket.number}")`);
        assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ['ur', 'rtl'], 'as at the kiosk');
        await page.selectOption('select', 'en');
        await page.waitForSelector('text=You are next');
        assert.equal(await page.evaluate(() => document.documentElement.dir), 'ltr');
        await page.reload();
        await page.waitForSelector('text=You are next'); /* what was chosen is kept */
        await house.stop('server', 'SIGKILL');
        await page.waitForSelector('.notice:has-text("No connection just now. What you see is from 10:4")');
        assert.equal(await page.locator('.visit-number').innerText(), ticket.number, 'what is known stays');
        await page.evaluate(() => { const now = Date.now; Date.now = () => now() + 185000; });
        await page.waitForSelector('.notice:has-text("No connection for 3 min.")', { timeout: 20000 });
        await house.startServer({ site });
        await page.waitForSelector('.notice:has-text("No connection")', { state: 'hidden', timeout: 60000 });

        const old = await browser.newPage({ viewport: PHONE, locale: 'en-GB' });
        await old.addInitScript(() => { delete window.EventSource; });
        await old.goto(`${ticket.page}?lang=en`);
        await old.waitForSelector('text=You are next');
        const act = await counterFor(house, 'council_tax');
        await act('open');
        await act('next');
        await isIn(page, 'called');
        await old.evaluate(() => dispatchEvent(new Event('online'))); /* else it asks within 8 s */
        await old.waitForSelector('body[data-state="called"]', { timeout: 30000 });
        await old.goto(`${house.url}/t/AAAAAAAAAAAAAAAAAAAAAAAAAA`);
        await old.waitForSelector('text=This visit is over, or there is none at this address.');
    }, { forgive: /./ }); /* Chromium tells of each request that failed */
}

/* ---- every state, made up ---- */

const at = (minutes) => new Date(Date.parse('2026-11-24T10:42:07.000Z') + minutes * 60000).toISOString();
const WAITING = {
    state: 'waiting', ended: null, place: 4, wait: { low_min: 10, high_min: 25 }, late: false, nobody_serves: false, held_until: null,
    can_hold: true, can_leave: true, counter: null, called_at: null, recalls: 0,
};
const STILL = { place: null, wait: null, can_hold: false, can_leave: false };

function statesOf(counter) {
    const called = { ...STILL, state: 'called', counter, called_at: at(0) };
    return {
        waiting: {}, next: { place: 1, wait: { low_min: 0, high_min: 5 } }, long: { number: 'HBC104', place: 118 },
        late: { wait: null, late: true }, unknown: { wait: null }, nobody: { wait: null, nobody_serves: true }, held: { held_until: at(10) },
        called, again: { ...called, recalls: 1 }, serving: { ...STILL, state: 'serving', counter }, parked: { ...STILL, state: 'parked' },
        served: { ...STILL, state: 'ended', ended: 'served' }, left: { ...STILL, state: 'ended', ended: 'left' },
        not_here: { ...STILL, state: 'ended', ended: 'not_here' },
    };
}

/* Answers for the server; the page asks as one without streams does, at once when it comes online again. */
async function madeUp(page, house) {
    const site = (await house.call('GET', '/api/site')).body;
    const longest = (list) => list.map(({ name }) => name).sort((a, b) => b.en.length - a.en.length)[0];
    const shown = { view: {} };
    const states = statesOf(longest(site.counters));
    await page.addInitScript(() => { delete window.EventSource; });
    await page.route('**/api/visits/**', (route) => route.fulfill({ json: {
        version: 1, now: at(0), utc_offset_s: 0, site: site.name, languages: site.languages.map(({ code, name, direction }) => ({ code, name, direction })),
        number: 'H07', service: longest(site.services), language: 'en', ...WAITING, ...shown.view,
    } }));
    let count = 100;
    let on = ''; /* the language of the page that asks still */
    const show = async (name, language) => {
        count += 1;
        const number = name === 'long' ? 'HBC104' : `H${String(Object.keys(states).indexOf(name) + 7).padStart(2, '0')}`; /* of each state its own: it is seen to have come */
        shown.view = { ...states[name], number };
        if (on === language) await page.evaluate(() => dispatchEvent(new Event('online')));
        else await page.goto(`${house.url}/t/MADE${count}?lang=${language}`);
        on = ['served', 'left'].includes(name) ? '' : language; /* what is over asks no more */
        if (on) await page.waitForSelector(`.visit-number:has-text("${number}")`);
        else await isIn(page, 'ended');
        await page.waitForFunction((code) => document.documentElement.lang === code, language);
    };
    return { site, states, show };
}

/* What is kept as pictures, of all that is looked at. */
const PICTURES = { 'waiting en light': 'visit-waiting-en', 'called en light': 'visit-called-en', 'waiting ur dark': 'visit-waiting-ur', 'again ur dark': 'visit-again-ur' };

async function accessible(folder) {
    await withPhone(folder, async ({ house, page }) => {
        const { states, show } = await madeUp(page, house);
        const found = [];
        for (const language of ['en', 'ur']) {
            for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', forcedColors: 'active' }]) {
                await page.emulateMedia({ forcedColors: 'none', ...media });
                const what = `${language} ${media.forcedColors || media.colorScheme}`;
                const all = language === 'en' && media.colorScheme === 'light' && !media.forcedColors;
                for (const name of all ? Object.keys(states) : ['waiting', 'next', 'again', 'serving', 'served']) {
                    await show(name, language);
                    if (name === 'waiting') await page.click('button[aria-controls="holds"]');
                    for (const each of await violations(page)) found.push(`${name}, ${what}: ${each}`);
                    const picture = (more) => page.screenshot({ path: path.join(folder, `${name}${more}-${what.replace(' ', '-')}.png`), animations: 'disabled' });
                    if (PICTURES[`${name} ${what}`]) await compareWithGolden(page, folder, PICTURES[`${name} ${what}`]);
                    else await picture('');
                    if (name !== 'next') continue;
                    await page.click('button.quiet');
                    await page.waitForSelector('dialog[open]');
                    for (const each of await violations(page)) found.push(`leaving, ${what}: ${each}`);
                    await picture('-leaving');
                    await page.keyboard.press('Escape');
                }
            }
        }
        assert.deepEqual(found, []);
    });
}

async function everyWidth(folder) {
    await withPhone(folder, async ({ house, page }) => {
        const { site, show } = await madeUp(page, house);
        for (const { code } of site.languages) {
            for (const name of ['waiting', 'long', 'held', 'again', 'not_here']) {
                await show(name, code);
                if (name === 'waiting') await page.click('button[aria-controls="holds"]');
                for (const size of [PHONE, SMALL]) {
                    await page.setViewportSize(size);
                    const wider = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('button, p, h1, bdi, .holds, select')]
                        .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0).map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 40)}`));
                    assert.deepEqual(wider, [], `${name} in ${code} at ${size.width} px`);
                    const small = await page.evaluate(() => [...document.querySelectorAll('button, select')].map((each) => each.getBoundingClientRect())
                        .filter(({ width, height }) => width > 0 && (height < 44 || width < 44)).length);
                    assert.equal(small, 0, `a thumb needs 44 px: ${name} in ${code} at ${size.width} px`);
                    if (size === SMALL && ['waiting', 'again'].includes(name)) await page.screenshot({ path: path.join(folder, `${name}-${code}-${size.width}.png`), fullPage: true, animations: 'disabled' });
                }
            }
        }
    });
}

/* ---- on paper ---- */

/* The floor prints at a kiosk, and hears what became of it; the kiosk's own tickets carry the address of the phone page. */
async function onPaper(folder) {
    const house = new House(folder);
    try {
        const site = publicSite(house);
        const printer = await startPrinter(house);
        printer.keepRequests();
        await house.startServer({ site });
        const kiosk = await startKiosk(house);
        const atFloor = async () => (await house.call('GET', '/api/floor')).body.devices.find(({ code }) => code === 'kiosk-1');
        const printerIs = (state) => until(`a printer that is ${state}`, async () => (await atFloor()).printer?.state === state, 40000);
        const printed = (state) => until(`a print that has ${state}`, async () => (await atFloor()).printing?.state === state, 40000);
        const papers = () => readdirSync(printer.jobs).filter((name) => /\.(pwg|ras)$/.test(name)).length;
        const print = async ({ id }) => {
            const answer = await house.call('POST', '/api/kiosks/kiosk-1/print', { ticket: id });
            assert.equal(answer.status, 202, JSON.stringify(answer.body));
        };
        await printerIs('ready');
        const ticket = await come(house, 'council_tax', { language: 'pl' });
        await print(ticket);
        await printed('printed');
        assert.equal(papers(), 1, 'asked for once, printed once');
        const [asked] = printer.requests();
        assert.deepEqual([asked.number, asked.url, asked.language], [ticket.number, ticket.url, 'pl']);

        /* Without paper it fails at once, and does not come out when somebody puts paper in. */
        printer.paper('empty');
        await printerIs('stopped');
        assert.deepEqual((await atFloor()).printer.reasons, ['media-empty']);
        await print(ticket);
        await printed('failed');
        printer.paper('full');
        await printerIs('ready');

        /* The server is another: it is told anew. A visitor at the kiosk gets the address too, on the screen and on paper. */
        await house.stop('server', 'SIGKILL');
        await house.startServer({ site });
        await printerIs('ready');
        await kiosk.screen.page('welcome', 30000);
        await touch(kiosk, 'language-en');
        await kiosk.screen.page('services');
        await touch(kiosk, 'group-council_tax');
        await kiosk.screen.page('ready');
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done', 30000);
        await kiosk.screen.shows('Scan this to see your place in line.');
        const own = await until('its paper', () => printer.requests().find(({ number }) => number !== ticket.number), 30000);
        assert.equal(papers(), 2, 'what failed for want of paper did not come out');
        assert.match(own.url, new RegExp(`^${PUBLIC}/t/[A-Z2-7]{26}$`));
        assert.equal((await house.call('GET', own.url.slice(PUBLIC.length).replace('/t/', '/api/visits/'))).body.number, own.number);
    } finally {
        await house.stopAll();
    }
}

export const tests = [
    { name: "visitor's phone: a visit by keyboard", limitMs: 90000, run: wholeVisit },
    { name: "visitor's phone: hard times", limitMs: 120000, run: hardTimes },
    { name: "visitor's phone without an axe violation", limitMs: 300000, run: accessible },
    { name: "visitor's phone in every language and width", limitMs: 300000, run: everyWidth },
    { name: 'a ticket printed at a kiosk for the floor', limitMs: 180000, run: onPaper },
];
