/* The floor page in Chromium: the triage against the kiosk's own, a greeter's day on the real server with a finger on a
 * tablet and again by keyboard alone, a server that goes away, hostile text, 300 waiting, what axe finds in each panel,
 * and every language and width. A string without words in the reader's language fails every test here. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { directView, show, timesToShow } from './desk-views.mjs';
import { at, floorView, help, manyWaiting, notices, ticketOf, waiting } from './floor-views.mjs';
import { compareWithGolden } from './golden.mjs';
import { build, House, root } from './house.mjs';
import { noting, violations } from './measures.mjs';
import { openBrowser, startDisplay, willTakeRequests } from './stage.mjs';

const TABLET = { width: 820, height: 1180 };

async function withPage(folder, work, { touch = true, size = TABLET, forgive = null } = {}) {
    const house = new House(folder);
    const browser = await openBrowser();
    const faults = [];
    try {
        await house.startServer();
        const page = await browser.newPage({ viewport: size, locale: 'en-GB', hasTouch: touch });
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => message.type() === 'warning' && faults.push(message.text()));
        await work({ house, page, site: (await house.call('GET', '/api/site')).body });
        assert.deepEqual(faults.filter((fault) => !forgive || !forgive.test(fault)), [], 'the page ran without errors');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

const ticketAt = async (house, id) => (await house.call('GET', `/api/tickets/${id}`)).body;
const issue = async (house, service, more = {}) => (await house.call('POST', '/api/tickets', { service, language: 'en', needs: [], ...more })).body;
const act = async (house, counter, verb, body = {}) => {
    const answer = await house.call('POST', `/api/counters/${counter}/${verb}`, body);
    assert.ok(answer.status < 300, `${verb}: ${JSON.stringify(answer.body)}`);
    return answer.body;
};

async function visits(house, kind) {
    const line = (await (await fetch(`${house.url}/metrics`)).text()).split('\n').find((each) => each.startsWith(`quarter_visits_total{kind="${kind}"}`));
    return Number(line.split(' ').pop());
}

/* ---- The triage ---- */

/* Walks of the kiosk's own journey, made by triage-walks.c, taken again by web/triage.js: every page and every request that
 * the kiosk would send is the same. */
async function asTheKiosk(folder) {
    const house = new House(folder);
    try {
        await house.startServer();
        const site = (await house.call('GET', '/api/site')).body;
        mkdirSync(house.at('web'), { recursive: true });
        copyFileSync(path.join(root, 'queue-server/web/triage.js'), house.at('web', 'triage.mjs'));
        const { begin, canAsk, canContinue, outcomeOf, questionOf, step } = await import(house.at('web', 'triage.mjs'));
        const lines = execFileSync(path.join(build, 'tests/triage-walks'), [path.join(root, 'assets/sites/customer-centre'), '20261124', '1400'],
            { encoding: 'utf8', maxBuffer: 64 << 20 }).trim().split('\n').map((line) => JSON.parse(line));
        const taken = (walk, { move, what }) => {
            if (move === 'begin') return begin(site, what);
            return step(site, walk, what === null ? move : { [move]: what });
        };
        const seen = new Set();
        let walk = null;
        for (const line of lines) {
            const before = JSON.stringify(walk);
            walk = taken(walk, line);
            const where = `${JSON.stringify(line)} after ${before}`;
            seen.add(`${line.move} ${line.page}`);
            assert.equal(walk ? walk.page : 'search', line.page, where);
            if (!walk) continue;
            const { service, needs = [], class: level = 'normal', avoidable = null, answers = {} } = line.request;
            assert.deepEqual(outcomeOf(site, walk), { service, needs, class: level, avoidable, answers }, where);
            if (line.page === 'question') assert.deepEqual([questionOf(site, walk).code, canContinue(site, walk)], [line.question, line.continues], where);
            else if (line.page === 'signpost') assert.equal(walk.signpost, line.signpost, where);
            else assert.equal(canAsk(site, walk), line.asks_later, where);
        }
        for (const each of ['choose question', 'choose signpost', 'choose ready', 'back search', 'back signpost', 'skip ready', 'see-somebody ready', 'need ready', 'questions question',
            'type question', 'continue ready']) assert.ok(seen.has(each), `no walk came by "${each}"`);
        console.log(`        ${lines.length} steps of the kiosk taken alike`);
    } finally {
        await house.stopAll();
    }
}

/* The page's QR codes are those of libqrencode (4.1.1, level M, eight bits), whose modules these sums are of; addresses of
 * versions 3, 4, 8 and 9 for which both take the same mask. */
const QR_SUMS = {
    'https://www.gov.uk/apply-blue-badge': '42d7330c7807818e206137dd9ea42164',
    [`https://queue.example.gov.uk/t/${'A'.repeat(26)}`]: '5f82f1c3a33791fc9ddb08bfd9d4149e',
    [`https://www.example.gov.uk/${'a'.repeat(120)}`]: '307a4a3a753c3b20aa1d34edfacb161d',
    [`https://www.example.gov.uk/${'b'.repeat(150)}`]: 'faea012fc7b4a4d685dd261a0db949e5',
};

async function drawsCodes(page) {
    for (const [address, sum] of Object.entries(QR_SUMS)) {
        const rows = await page.evaluate(async (text) => (await import('/web/qr.js')).qrCells(text).map((row) => row.map(Number).join('')).join('\n'), address);
        assert.equal(createHash('sha256').update(rows).digest('hex').slice(0, 32), sum, address);
    }
}

/* ---- A day by touch ---- */

const onNumber = async (page) => {
    await page.waitForSelector('.issued .number');
    return (await page.innerText('.issued .number')).trim();
};
const idOf = async (house, number) => (await house.call('GET', `/api/find?number=${number}`)).body.tickets[0].id;

async function issueByTouch(house, page) {
    /* By what people call it; a question that makes the visit assisted; a need by hand. */
    await page.fill('#find-service', 'bus pass');
    await page.tap('.found li:has-text("Blue Badge"):has-text("bus pass")');
    await page.tap('.answer-list button:nth-child(2)');
    await page.tap('.answer-list button:has-text("Yes")');
    await page.waitForSelector('.chip input[value="assisted"]:checked');
    await page.tap('.chip:has(input[value="hearing_loop"])');
    await page.tap('.actions button:has-text("Issue the ticket")');
    const number = await onNumber(page);
    const ticket = await ticketAt(house, await idOf(house, number));
    assert.deepEqual([ticket.state, ticket.service, ticket.class, ticket.language, ticket.needs], ['waiting', 'blue_badge', 'assisted', 'en', ['hearing_loop']]);

    /* A mistake: taken back with one touch. */
    await page.tap('button:has-text("Take the ticket back")');
    await page.waitForSelector(`.told:has-text("${number} is taken back.")`);
    assert.equal((await ticketAt(house, ticket.id)).state, 'left');
    await page.waitForSelector('#find-service');

    /* Seen only when the next visitor stands there. */
    await page.tap('.found li:has-text("General enquiries")');
    await page.tap('.actions button:has-text("Issue the ticket")');
    const mistaken = await onNumber(page);
    const mistakenId = await idOf(house, mistaken);
    await page.tap('button:has-text("Next visitor")');
    await page.waitForSelector('#find-service');
    await page.tap(`.told:has-text("${mistaken} is issued.") button:has-text("Take the ticket back")`);
    await page.waitForSelector(`.told:has-text("${mistaken} is taken back.")`);
    assert.equal((await ticketAt(house, mistakenId)).state, 'left');

    /* In another language: found by its Polish name, and shown to the visitor in Polish. */
    await page.fill('#find-service', 'czynsz');
    await page.selectOption('.choose-head select', 'pl');
    await page.tap('.found li:has-text("Housing Benefit")');
    await page.tap('.actions button:has-text("Issue the ticket")');
    const second = await onNumber(page);
    await page.tap('button:has-text("Show it large")');
    await page.waitForSelector(`.show-large[lang="pl"] .huge:has-text("${second}")`);
    assert.ok(await page.$eval('.show-large', (dialog) => dialog.scrollTop === 0 && dialog.querySelector('.huge').getBoundingClientRect().top >= 0), 'the number is in sight');
    await page.waitForSelector('.show-large:has-text("Zasi\u0142ek mieszkaniowy")');
    await page.tap('.show-large button');
    await page.tap('button:has-text("Next visitor")');
    return second;
}

async function editByTouch(house, page, number) {
    const id = await idOf(house, number);
    await page.tap('#tab-waits');
    await page.tap(`.visitor-row:has-text("${number}")`);
    await page.tap('.ticket-dialog button:has-text("Edit")');
    await page.selectOption('.ticket-dialog .edit select >> nth=0', 'council_tax');
    await page.tap('.ticket-dialog .chip:has(input[value="urgent"])');
    await page.tap('button:has-text("Save the changes")');
    await page.waitForSelector(`.told:has-text("${number} is changed.")`);
    assert.deepEqual(await ticketAt(house, id).then((ticket) => [ticket.service, ticket.class]), ['council_tax', 'urgent']);
    await page.tap('.told button:has-text("Change back")');
    await page.waitForSelector(`.told:has-text("${number} is as it was.")`);
    assert.deepEqual(await ticketAt(house, id).then((ticket) => [ticket.service, ticket.class, ticket.language]), ['housing_benefit', 'normal', 'pl']);

    await page.tap('.ticket-dialog button:has-text("Let others go first")');
    await page.tap('.asks button:has-text("10 min")');
    await page.waitForSelector('.ticket-dialog .facts:has-text("until 10:5")');
    await page.waitForSelector(`.told:has-text("${number} lets others go first.")`); /* the answer, too */
    const widths = await page.$eval('.ticket-dialog', (dialog) => [...dialog.children].filter((each) => each.offsetWidth > 0).map((each) => each.offsetWidth));
    assert.ok(Math.min(...widths) > 0.9 * Math.max(...widths), `what is told stands below the rest: ${widths}`);
    assert.ok((await ticketAt(house, id)).held_until);
    await page.tap('.ticket-dialog .actions button:has-text("Back in turn now")');
    await page.waitForSelector(`.told:has-text("${number} is back in turn.")`);
    assert.equal((await ticketAt(house, id)).held_until, null);
    await page.tap('.told button:has-text("Let others go first")');
    await page.waitForSelector('.ticket-dialog .facts:has-text("until 10:5")');
    await page.waitForSelector(`.told:has-text("${number} lets others go first.")`);
    await page.tap('.ticket-dialog .actions button:has-text("Back in turn now")');
    await page.waitForSelector(`.told:has-text("${number} is back in turn.")`);

    /* Leaving is asked twice, since it cannot be taken back. */
    await page.tap('.ticket-dialog button:has-text("Leaves the queue")');
    await page.waitForFunction(() => document.activeElement.textContent.startsWith('Yes, leaves')); /* a touch presses a moment after it */
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => new Promise((done) => { setTimeout(() => done(document.activeElement.textContent), 2200); }));
    assert.equal(focused, 'No', 'the page is drawn each second, and the focus stays');
    await page.tap('.asks button:text-is("No")');
    await page.tap('.ticket-dialog button:has-text("Leaves the queue")');
    await page.tap('.asks button:has-text("Yes, leaves the queue")');
    await page.waitForSelector('.ticket-dialog', { state: 'detached' });
    assert.equal((await ticketAt(house, id)).state, 'left');
}

/* Who did not come when called, and who was sent away for a moment, are back; and each is found by its number. */
async function backByTouch(house, page) {
    const [gone, away] = [await issue(house, 'parking'), await issue(house, 'parking')];
    await act(house, '6', 'open');
    await act(house, '6', 'next');
    await page.fill('#find-number', gone.number.toLowerCase());
    await page.waitForSelector(`.visitor-row:has-text("${gone.number}"):has-text("Called, Counter 6")`);
    await act(house, '6', 'recall');
    await act(house, '6', 'no-show');
    await page.waitForSelector(`.visitor-row:has-text("${gone.number}"):has-text("Not here")`);
    await page.fill('#find-number', '');
    await act(house, '6', 'next');
    await act(house, '6', 'start');
    await act(house, '6', 'park');
    await page.tap(`h3:has-text("Parked") + ul .visitor-row:has-text("${away.number}"):has-text("Counter 6")`);
    await page.tap('button:has-text("Is back: waits again")');
    await page.waitForSelector(`.told:has-text("${away.number} waits again.")`);
    await page.tap('.ticket-dialog .dialog-head button');
    await page.tap(`h3:has-text("Not there when called") + ul .visitor-row:has-text("${gone.number}")`);
    await page.tap('button:has-text("Is here after all: waits again")');
    await page.waitForSelector(`.told:has-text("${gone.number} waits again.")`);
    await page.tap('.ticket-dialog .dialog-head button');
    for (const { id } of [gone, away]) assert.equal((await ticketAt(house, id)).state, 'waiting');
    await page.fill('#find-number', 'ZZ999');
    await page.waitForSelector('text=No ticket of today has this number.');
    await page.fill('#find-number', '');
}

/* Two ends without a queue. */
async function withoutQueue(house, page) {
    const before = await Promise.all(['signposted', 'resolved_at_door'].map((kind) => visits(house, kind)));
    await page.tap('#tab-new');
    await page.fill('#find-service', 'missed bin');
    await page.tap('.found li:has-text("no queue needed")');
    await page.waitForSelector('.signpost .qr');
    await page.tap('button:has-text("That helps: finish")');
    await page.waitForSelector('.told:has-text("Recorded: signposted.")');
    await page.tap('.found li:has-text("Pay a bill")');
    await page.tap('button:has-text("Done at the door")');
    await page.tap('.at-door button:has-text("Resolved")');
    await page.waitForSelector('.told:has-text("Recorded: done at the door.")');
    assert.deepEqual(await Promise.all(['signposted', 'resolved_at_door'].map((kind) => visits(house, kind))), before.map((count) => count + 1));
}

async function helpAndNotices(house, page, site) {
    const kiosk = site.kiosks[0].code;
    await house.call('POST', '/api/help', { device: kiosk, language: 'pl' });
    await page.tap('.help:has-text("Help is wanted at kiosk 1"):has-text("Polish") button');
    await page.waitForSelector('.help', { state: 'detached' });
    assert.ok((await house.call('GET', `/api/boards/${kiosk}`)).body.help.answered_at);

    const display = await startDisplay(house);
    await page.tap('#tab-notices');
    await page.tap('.notices button:has-text("New notice")');
    await page.tap('.notice-dialog label:has-text("Waits are longer")');
    await page.tap('.notice-dialog .actions .primary');
    await page.waitForSelector('.notice-list li');
    assert.deepEqual((await house.call('GET', `/api/boards/${kiosk}`)).body.notices.map(({ template }) => template), ['delay']);
    await display.screen.shows('Waits are longer than usual just now.', 30000);
    await page.tap('.notice-list button');
    await page.waitForSelector('.notice-list li', { state: 'detached' });
    await page.tap('.told button:has-text("Undo")');
    await page.waitForSelector('.notice-list li:has-text("Waits are longer")');
    await page.tap('.notice-list button');
    await page.waitForSelector('.notice-list li', { state: 'detached' });
    await house.stop('display');
}

/* The kiosk follows its board and has a printer; somebody at the door has a ticket printed there. */
async function printByTouch(house, page, site) {
    const kiosk = site.kiosks[0].code;
    await page.tap('#tab-devices');
    await page.waitForSelector('.devices li:has-text("Kiosk 1"):has-text("not seen today")');
    const board = new AbortController();
    const stream = await fetch(`${house.url}/api/boards/${kiosk}/stream`, { signal: board.signal });
    const tell = (printer) => fetch(`${house.url}/api/devices/self/state`, { method: 'PUT', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ code: kiosk, printer }) });
    try {
        await tell({ state: 'stopped', reasons: ['media-empty-error'] });
        await page.waitForSelector('.alerts:has-text("Printer of Kiosk 1: no paper")');
        await tell({ state: 'ready', reasons: [] });
        await page.waitForSelector('.devices li:has-text("Kiosk 1"):has-text("ready")');
        await page.tap('#tab-new');
        await page.tap('.found li:has-text("General enquiries")');
        await page.tap('.actions button:has-text("Issue the ticket")');
        const number = await onNumber(page);
        for (const state of ['printed', 'failed']) {
            await page.tap('.print-at button:has-text("Print at Kiosk 1")');
            await page.waitForSelector(`.print-at:has-text("${number} is being printed")`);
            const { prints } = (await house.call('GET', `/api/boards/${kiosk}`)).body;
            assert.equal(prints.at(-1).ticket.number, number);
            await house.call('POST', `/api/prints/${prints.at(-1).id}/done`, { state });
            await page.waitForSelector(`.print-at:has-text("${number} ${state === 'printed' ? 'is printed' : 'could not be printed'}")`);
        }
        await page.tap('button:has-text("Next visitor")');
    } finally {
        board.abort();
        await stream.body.cancel().catch(() => {});
    }
}

async function byTouch(folder) {
    await withPage(folder, async ({ house, page, site }) => {
        await page.goto(`${house.url}/floor?lang=en`);
        await page.waitForSelector('.found li');
        const small = await page.evaluate(() => [...document.querySelectorAll('button, a, select, input:not([type="radio"], [type="checkbox"]), .found li')]
            .map((each) => [each.innerText || each.id, each.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && (box.height < 44 || box.width < 44)).map(([name]) => name));
        assert.deepEqual(small, ['Quarter'], 'every target is as large as a finger but the name of the house');
        await drawsCodes(page);
        const second = await issueByTouch(house, page);
        await editByTouch(house, page, second);
        await backByTouch(house, page);
        await withoutQueue(house, page);
        await helpAndNotices(house, page, site);
        await printByTouch(house, page, site);
    });
}

/* ---- The same by keyboard alone ---- */

async function byKeyboard(folder) {
    await withPage(folder, async ({ house, page }) => {
        const keys = async (...list) => { for (const each of list) await page.keyboard.press(each); };
        await page.goto(`${house.url}/floor?lang=en`);
        await page.waitForSelector('.found li');
        await keys('n');
        await page.waitForFunction(() => document.activeElement.id === 'find-service');
        await page.keyboard.type('homeless');
        await page.waitForSelector('.found [aria-selected="true"]:has-text("Housing options")');
        await keys('Enter');
        await page.waitForSelector('.answer-list button');
        await keys('1');
        await page.waitForSelector('h2:has-text("children")');
        await keys('Escape'); /* back, and what was answered stands */
        await page.waitForSelector('.answer-list button[aria-pressed="true"]');
        await keys('Enter', '1');
        await page.waitForSelector('.chip input[value="urgent"]:checked');
        await page.waitForSelector('.chip input[value="with_children"]:checked');
        await keys('Enter');
        const number = await onNumber(page);
        const id = await idOf(house, number);
        assert.deepEqual(await ticketAt(house, id).then(({ class: level, needs }) => [level, needs]), ['urgent', ['with_children']]);
        await keys('l');
        await page.waitForSelector('.show-large');
        await keys('Escape');
        await page.waitForSelector('.show-large', { state: 'detached' });
        await page.waitForSelector('.issued button:has-text("Take the ticket back") kbd'); /* once the list has the ticket */
        await keys('z');
        await page.waitForSelector(`.told:has-text("${number} is taken back.")`);
        assert.equal((await ticketAt(house, id)).state, 'left');

        /* The list: arrows move in it, one stop for Tab. */
        const [first, other] = [await issue(house, 'parking'), await issue(house, 'waste')];
        await page.waitForSelector('#tab-waits .count:text-is("2")');
        await keys('w');
        await page.waitForFunction(() => document.activeElement.classList.contains('visitor-row'));
        await keys('ArrowDown', 'Enter');
        await page.waitForSelector(`.ticket-dialog h2:has-text("${other.number}")`);
        await keys('Escape');
        await page.waitForSelector('.ticket-dialog', { state: 'detached' });
        await page.waitForFunction((wanted) => document.activeElement.innerText.includes(wanted), other.number);
        await keys('f');
        await page.waitForFunction(() => document.activeElement.id === 'find-number');
        await page.keyboard.type(first.number);
        await page.waitForSelector(`.visitor-row:has-text("${first.number}") .pill.off:has-text("Waiting")`);
        await keys('Enter');
        await page.waitForSelector(`.ticket-dialog h2:has-text("${first.number}")`);
        await page.waitForSelector('.ticket-dialog .facts');
        const focusOn = async (label) => {
            for (let i = 0; i < 12; i++) {
                if (await page.evaluate((wanted) => document.activeElement.innerText.trim().startsWith(wanted), label)) return;
                await keys('Tab');
            }
            assert.fail(`Tab never came to "${label}"`);
        };
        await focusOn('Let others go first');
        await keys('Enter');
        await page.waitForSelector('.asks button');
        await focusOn('15 min');
        await keys('Enter');
        await page.waitForSelector(`.told:has-text("${first.number} lets others go first.")`);
        assert.ok((await ticketAt(house, first.id)).held_until);
        /* A key that is held down opens the question, and is no answer to it. */
        const left = [];
        page.on('request', (request) => request.url().endsWith('/leave') && left.push(request.url()));
        await page.waitForSelector('.asks', { state: 'detached' });
        await focusOn('Leaves the queue');
        await page.keyboard.down('Enter');
        await page.waitForFunction(() => document.activeElement.innerText.startsWith('Yes, leaves'));
        await page.keyboard.down('Enter');
        await page.keyboard.up('Enter');
        await focusOn('No');
        await keys('Enter');
        await page.waitForSelector('.asks', { state: 'detached' });
        assert.deepEqual(left, []);
        await keys('z'); /* in the dialog as on the page */
        await page.waitForSelector(`.told:has-text("${first.number} is back in turn.")`);
        assert.equal((await ticketAt(house, first.id)).held_until, null);
        await keys('Escape');
        await page.waitForSelector('.ticket-dialog', { state: 'detached' });
        await page.evaluate(() => document.activeElement.blur());
        await keys('d');
        await page.waitForSelector('.devices');
        await house.call('POST', '/api/help', { device: 'kiosk-1' });
        await page.waitForSelector('.help');
        await keys('g');
        await page.waitForSelector('.help', { state: 'detached' });
    }, { touch: false });
}

/* ---- What goes wrong ---- */

async function serverGoesAway(folder) {
    await withPage(folder, async ({ house, page }) => {
        await willTakeRequests(page);
        await page.goto(`${house.url}/floor?lang=en`);
        await page.tap('.found li:has-text("General enquiries")');
        await page.waitForSelector('button:has-text("Issue the ticket")');
        await house.stop('server', 'SIGKILL');
        await page.waitForSelector('[role="alert"]:has-text("The queue server cannot be reached")', { timeout: 30000 });
        /* Touched while nobody answers, and again: it is said, and done once when the server is back. */
        await page.tap('button:has-text("Issue the ticket")');
        await page.waitForSelector('.told:has-text("Sending again: Issue the ticket")');
        await page.tap('button:has-text("Issue the ticket")');
        await house.startServer();
        await page.waitForSelector('.issued', { timeout: 30000 });
        await page.waitForSelector('[role="alert"]:has-text("cannot be reached")', { state: 'detached', timeout: 30000 });
        assert.equal((await house.call('GET', '/api/floor')).body.waiting_total, 1);

        /* Somebody else was faster: the refusal is in words, and the page shows how it is. */
        const ticket = await issue(house, 'waste');
        await page.tap('#tab-waits');
        await page.tap(`.visitor-row:has-text("${ticket.number}")`);
        await page.tap('.ticket-dialog button:has-text("Leaves the queue")');
        let held = null;
        await page.route('**/leave', (route) => { held = route; });
        await page.tap('.asks button:has-text("Yes, leaves the queue")');
        await house.call('POST', `/api/tickets/${ticket.id}/leave`, {});
        while (!held) await new Promise((resolve) => setTimeout(resolve, 10));
        await held.continue();
        await page.waitForSelector('.told.warn');
        await page.waitForSelector('.ticket-dialog .facts:has-text("Left")');
    }, { forgive: /Failed to load resource/ });
}

/* The made-up floor: the page asks for tickets and finds here. */
async function made(page, site, more = {}) {
    const rows = [...waiting, ...floorView(site).no_shows, ...floorView(site).parked];
    await page.route('**/api/tickets/*', (route) => {
        const row = rows.find(({ id }) => route.request().url().endsWith(id)) || waiting[0];
        return route.fulfill({ json: ticketOf(row, more) });
    });
    await page.route('**/api/tickets', (route) => route.fulfill({ status: 201, json: ticketOf(waiting[1]) }));
    await page.route('**/api/find*', (route) => route.fulfill({ json: { tickets: [ticketOf(waiting[0]), ticketOf(waiting[3], { state: 'called', counter: '4' })], total: 2 } }));
}

async function hostileText(folder) {
    await withPage(folder, async ({ house, page, site }) => {
        const evil = '<img src=x onerror="document.title=1">';
        const words = Object.fromEntries(site.languages.map(({ code }) => [code, evil]));
        const bad = { ...site, services: site.services.map((each) => ({ ...each, name: words, hint: words, also: { en: [evil] } })),
            questions: site.questions.map((each) => ({ ...each, title: words, answers: each.answers.map((answer) => ({ ...answer, name: words })) })),
            signposts: site.signposts.map((each) => ({ ...each, title: words, text: words, url: `javascript:${evil}` })) };
        await page.route('**/api/site', (route) => route.fulfill({ json: bad }));
        await directView(page);
        await made(page, site, { service: evil, language: evil, needs: [evil], class: evil, counter: evil, state: 'called' });
        await page.goto(`${house.url}/floor?lang=en`);
        const view = floorView(site, { help: [{ ...help[0], device: evil, language: 'en' }], notices: [{ ...notices[0], template: evil, service: evil }],
            waiting: [{ ...waiting[0], number: evil, service: evil, language: evil, needs: [evil], class: evil }],
            devices: [{ code: evil, kind: 'kiosk', connected: true, printer: { state: evil, reasons: [evil] }, printing: { id: 'x', number: evil, state: 'printed' }, seen_at: at(0) }] });
        await show(page, view);
        await page.waitForSelector('.found li:has-text("<img")');
        await page.fill('#find-service', evil);
        await page.waitForSelector('.found li');
        await page.tap('.found li >> nth=0');
        await page.waitForSelector('.new-visitor h2:has-text("<img")');
        await page.tap('#tab-waits');
        await page.tap('.visitor-row >> nth=0');
        await page.waitForSelector('.ticket-dialog .facts');
        await page.keyboard.press('Escape');
        await page.fill('#find-number', evil);
        await page.tap('#tab-notices');
        await page.waitForSelector('.notice-list li');
        await page.tap('#tab-devices');
        await page.waitForSelector('.devices li:has-text("<img")');
        assert.equal(await page.locator('img, script[src*="evil"]').count(), 0);
        assert.notEqual(await page.title(), '1');
        assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
    }, { forgive: /no words for "(<img|javascript)/ });
}

/* 300 people wait and news comes twenty times a second: a touch still answers at once. */
async function manyWait(folder) {
    await withPage(folder, async ({ house, page, site }) => {
        await directView(page);
        await page.goto(`${house.url}/floor?lang=en`);
        const list = manyWaiting(300);
        await show(page, floorView(site, { waiting: list }));
        await page.tap('#tab-waits');
        await page.waitForSelector('.visitor-list li:nth-child(300)', { state: 'attached' });
        const times = await timesToShow(page, 40, [0, 1].map((shift) => floorView(site, { waiting: [...list.slice(shift), ...list.slice(0, shift)] })));
        console.log(`        a view of 300 waiting is shown in ${times[times.length / 2].toFixed(1)} ms (worst ${times.at(-1).toFixed(1)} ms)`);
        assert.equal(await page.locator('.visitor-row[tabindex="0"]').count(), 1);
    });
}

/* ---- axe, languages, widths ---- */

/* Opens each panel and dialog of the made-up floor, and calls look(name) on each. */
async function everyPanel(page, site, look) {
    const dialogGone = (kind) => page.waitForSelector(kind, { state: 'detached' });
    await show(page, floorView(site));
    await look('new');
    await page.selectOption('.choose-head select', 'ur');
    await page.click('.found li:nth-child(3)');
    await page.waitForSelector('.answer-list button');
    await look('question');
    await page.click('.answer-list button:nth-child(3)');
    await page.waitForSelector('.signpost .qr');
    await look('signpost');
    await page.click('.new-visitor .actions button:nth-child(2)');
    await page.click('.chip:has(input[name="needs"]) >> nth=0');
    await page.click('.new-visitor .actions button:nth-child(2)');
    await page.waitForSelector('.at-door');
    await look('ready, at the door');
    await page.click('.at-door .quiet');
    await page.click('.new-visitor .actions .primary');
    await page.waitForSelector('.issued');
    await look('issued');
    await page.click('.issued > .actions button:nth-child(2)');
    await page.waitForSelector('.show-large');
    await look('large');
    await page.keyboard.press('Escape');
    await dialogGone('.show-large');
    if (await page.locator('#tab-waits').count() > 0) await page.click('#tab-waits');
    await page.waitForSelector('.visitor-row');
    await look('who waits');
    await page.click('.visitor-row >> nth=1');
    await page.waitForSelector('.ticket-dialog .facts');
    await look('ticket');
    await page.click('.ticket-dialog > .actions button:nth-child(2)');
    await page.waitForSelector('.edit');
    await look('edit');
    await page.click('.edit .quiet');
    await page.click('.ticket-dialog > .actions button:nth-child(4)');
    await page.waitForSelector('.asks');
    await look('leaving');
    await page.click('.ticket-dialog .dialog-head button');
    await dialogGone('.ticket-dialog');
    await page.fill('#find-number', 'H');
    await page.waitForSelector('.visitor-row .pill.off');
    await look('found');
    await page.fill('#find-number', '');
    await show(page, floorView(site, { help, notices, version: 4 }));
    await page.click('#tab-notices');
    await page.waitForSelector('.notice-list li');
    await look('notices, help');
    await page.click('.notices .card-head button');
    await page.waitForSelector('.notice-dialog .preview');
    await look('a new notice');
    await page.keyboard.press('Escape');
    await dialogGone('.notice-dialog');
    await page.click('#tab-devices');
    await page.waitForSelector('.devices li');
    await look('devices');
}

const MODES = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', forcedColors: 'active' }];

async function accessible(folder) {
    await noting('e2e-floor-axe', (row) => withPage(folder, async ({ house, page, site }) => {
        const found = [];
        await directView(page);
        await made(page, site);
        for (const language of ['en', 'ur']) {
            for (const mode of MODES) {
                await page.emulateMedia({ forcedColors: 'none', ...mode });
                await page.goto(`${house.url}/floor?lang=${language}`);
                await everyPanel(page, site, async (name) => {
                    const wrong = await violations(page);
                    const where = `${name}, ${language}, ${mode.forcedColors ? 'forced colours' : mode.colorScheme}`;
                    row.count(wrong.length, where);
                    for (const each of wrong) found.push(`${where}: ${each}`);
                });
            }
        }
        assert.deepEqual(found, []);
    }, { touch: false }));
}

/* Which panels are kept as pictures: the width, the scheme, and each panel's part of the name. */
const PICTURES = {
    en: { width: TABLET.width, height: TABLET.height, colorScheme: 'light', panels: { 'who waits': 'waits', ticket: 'ticket' } },
    ur: { width: 390, height: 844, colorScheme: 'light', panels: { 'who waits': 'waits', question: 'question', ticket: 'ticket' } },
    gu: { width: 1440, height: 900, colorScheme: 'dark', panels: { question: 'question', ticket: 'ticket' } },
};

/* No language and no width pushes anything out of the page; some of what was looked at is kept as pictures. */
async function narrow(folder) {
    await withPage(folder, async ({ house, page, site }) => {
        await directView(page);
        await made(page, site);
        await page.clock.setFixedTime(at(0)); /* so that minutes stand still, too */
        const wrong = [];
        const outOfPage = () => page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.panel, button, .pill, dialog, li, .chip span')]
            .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0).map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 40)}`));
        const toWidth = async (width, height) => {
            await page.setViewportSize({ width, height });
            await page.waitForFunction((wide) => document.querySelector('main.floor').classList.contains('wide') === wide, width === 1440); /* it hears of its width a moment later */
        };
        for (const { code } of site.languages) {
            const { width: own, height, colorScheme, panels } = PICTURES[code] || { colorScheme: 'light', panels: {} };
            await page.emulateMedia({ colorScheme });
            await page.goto(`${house.url}/floor?lang=${code}`);
            const look = async (name) => {
                for (const width of [390, 1440, TABLET.width]) {
                    await toWidth(width, TABLET.height);
                    for (const each of await outOfPage()) wrong.push(`${name} in ${code} at ${width} px: ${each}`);
                }
                if (!panels[name]) return;
                await toWidth(own, height);
                await page.evaluate(() => scrollTo(0, 0));
                await compareWithGolden(page, folder, `floor-${panels[name]}-${code}`);
                await toWidth(TABLET.width, TABLET.height);
            };
            await everyPanel(page, site, look);
            await page.evaluate(() => window.streams.at(-1).onerror());
            await page.waitForSelector('.state .pill.late');
            await look('not connected');
        }
        assert.deepEqual(wrong, []);
    }, { touch: false });
}

export const tests = [
    { name: 'floor page: the triage of the kiosk', limitMs: 90000, run: asTheKiosk },
    { name: 'floor page: a day by touch', limitMs: 120000, run: byTouch },
    { name: 'floor page: by keyboard', limitMs: 90000, run: byKeyboard },
    { name: 'floor page while the server is away', limitMs: 120000, run: serverGoesAway },
    { name: 'floor page: hostile text', limitMs: 90000, run: hostileText },
    { name: 'floor page with 300 waiting', limitMs: 90000, run: manyWait },
    { name: 'floor page without an axe violation', limitMs: 240000, run: accessible },
    { name: 'floor page in every language and width', limitMs: 240000, run: narrow },
];
