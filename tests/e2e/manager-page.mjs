/* The manager's page in Chromium: a day against the real server, whose figures are compared with the stream and with
 * today.csv; counters opened, paused, moved and put back by keyboard alone; advice made real; notices in all languages; what
 * axe finds; that nothing is pushed out of the page in any language and width; and pictures. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { directView, show } from './desk-views.mjs';
import { compareWithGolden } from './golden.mjs';
import { House, root, until } from './house.mjs';
import { advice, managerStates } from './manager-views.mjs';
import { violations } from './measures.mjs';
import { openBrowser } from './stage.mjs';

const SIZES = { desktop: { width: 1440, height: 900 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } };

async function withPage(folder, work, server = {}) {
    const house = new House(folder);
    const browser = await openBrowser();
    const faults = [];
    try {
        await house.startServer(server);
        const page = await browser.newPage({ viewport: SIZES.desktop, locale: 'en-GB' });
        page.setDefaultTimeout(30000);
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => message.type() === 'warning' && faults.push(message.text()));
        await work({ house, page, browser });
        assert.deepEqual(faults, [], 'the page ran without errors');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

const text = async (page, selector) => (await page.innerText(selector)).replace(/\s+/g, ' ').trim();

/* The newest view of the manager's stream, as any client gets it. */
async function managerView(house) {
    const answer = await fetch(`${house.url}/api/manager/stream`, { signal: AbortSignal.timeout(20000) });
    let read = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
        read += chunk;
        const found = /event: view\ndata: (.*)\n\n/.exec(read);
        if (found) return JSON.parse(found[1]);
    }
    throw new Error('the stream ended without a view');
}

const counterState = async (house, code) => (await managerView(house)).counters.find((each) => each.code === code);

/* RFC 4180 as the report writes it; no cell of it holds a line break. */
function readCsv(body) {
    const [head, ...lines] = body.replace(/^\ufeff/, '').trimEnd().split('\r\n');
    const names = head.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell.replace(/^"|"$/g, '')])));
}

/* A morning: some are called at once, some late, some leave. At its end nobody waits, so that every figure stands. */
async function morning(house) {
    const site = (await house.call('GET', '/api/site')).body;
    const act = async (code, verb, body = {}) => assert.ok((await house.call('POST', `/api/counters/${code}/${verb}`, body)).status < 300, `${verb} at ${code}`);
    const issue = async (service) => (await house.call('POST', '/api/tickets', { service, language: 'en', needs: [] })).body;
    const serve = async (code) => {
        await act(code, 'next');
        await act(code, 'start');
        await act(code, 'finish', { outcome: 'resolved' });
    };
    const [one, other] = site.counters;
    await act(one.code, 'open');
    const leave = async ({ id }) => assert.equal((await house.call('POST', `/api/tickets/${id}/leave`, {})).status, 200);
    for (let i = 0; i < 3; i++) {
        await issue(one.services[0]);
        await serve(one.code);
    }
    await leave(await issue(one.services[1]));
    await issue(one.services[0]);
    const last = await issue(one.services[1]);
    /* The clock runs 100 times as fast: the last two pass 15 minutes by themselves, and nobody before by a slow disk. */
    await until('the others to wait too long', async () => (await managerView(house)).today.all.of_decided.of === 5, 60000);
    await serve(one.code);
    await leave(last);
    await until('everything to be told', async () => (await managerView(house)).waiting_total === 0);
    return { site, one, other };
}

async function figuresAgree(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { site } = await morning(house);
        await page.goto(`${house.url}/manager`);
        await page.waitForSelector('.share-figure.late');
        const { today } = await managerView(house);
        const { of_decided: decided, of_called: called } = today.all;
        assert.deepEqual([decided.within, decided.of, called.within, called.of], [3, 5, 3, 4]);
        assert.equal(await text(page, '.share-figure bdi'), '60 %');
        assert.match(await text(page, '.share'), /below target: 90 %.*3 of 5 visitors.*Of those called: 75 %, 3 of 4/);

        /* Independently: the same from today.csv, as the link gives it. */
        const [download] = await Promise.all([page.waitForEvent('download'), page.click('.day a')]);
        assert.match(download.suggestedFilename(), /^quarter-customer-centre-2026-11-24\.csv$/);
        const rows = readCsv(readFileSync(await download.path(), 'utf8'));
        const count = (name, value) => rows.filter((each) => each[name] === value).length;
        assert.deepEqual([count('within_standard', 'yes'), count('within_standard', 'yes') + count('within_standard', 'no')], [decided.within, decided.of]);
        assert.deepEqual([rows.length, rows.filter((each) => each.first_called_at !== '').length, count('state', 'left')], [today.all.issued, called.of, today.all.left]);

        /* The table of figures, opened by its key, says what the stream says, row by row. */
        await page.keyboard.press('f');
        await page.waitForSelector('dialog table');
        const named = (code) => site.services.find((each) => each.code === code).name.en;
        const share = (row) => (row.of_decided.of > 0 ? `${row.of_decided.within} of ${row.of_decided.of}` : '–');
        for (const [name, row] of [['All', today.all], ...today.services.map((each) => [named(each.service), each])]) {
            const cells = await page.locator('dialog table').first().locator('tr', { has: page.getByRole('rowheader', { name, exact: true }) }).locator('td').allInnerTexts();
            const minutes = (seconds) => (seconds === null ? '–' : String(Math.round(seconds / 60)));
            assert.deepEqual(cells, [String(row.issued), String(row.called), share(row), ...['mean_s', 'p50_s', 'p90_s', 'longest_s'].map((each) => minutes(row.wait[each])),
                String(row.no_show), String(row.left), String(row.waiting)], name);
        }
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', { state: 'detached' });
        await page.waitForSelector('.picture canvas >> nth=1');

        /* The day is closed after a question, and opened again. */
        await page.click('.day button');
        await page.click('dialog .primary');
        await page.waitForSelector('.bar .pill.off:has-text("day closed")');
        assert.equal((await managerView(house)).day_open, false);
        await page.waitForSelector('#undo'); /* the view may come before the answer */
        await page.keyboard.press('z');
        await page.waitForSelector('.bar .pill.ok:has-text("day open")');
    }, { clock: '2026-11-24T10:10', speed: 100 });
}

/* Tab until the element that is named so has the focus. */
async function tabTo(page, name) {
    for (let i = 0; i < 150; i++) {
        const at = await page.evaluate(() => {
            const it = document.activeElement;
            return (it.getAttribute('aria-label') || (it.labels && it.labels[0] ? it.labels[0].innerText : it.innerText) || '').trim();
        });
        if (at === name || at.split('\n')[0].trim() === name) return;
        await page.keyboard.press('Tab');
    }
    assert.fail(`Tab never came to "${name}"`);
}

async function dayByKeyboard(folder) {
    await withPage(folder, async ({ house, page }) => {
        const site = (await house.call('GET', '/api/site')).body;
        const { code, services } = site.counters[0];
        const state = () => counterState(house, code);
        const becomes = (what, check) => until(what, async () => check(await state()));
        const counsel = await heldAdvice(page, site);
        await page.goto(`${house.url}/manager`);
        await page.waitForSelector('.counters tbody tr');
        const press = async (...names) => {
            for (const name of names) {
                await tabTo(page, name);
                await page.keyboard.press('Enter');
            }
        };
        const gone = () => page.waitForSelector('dialog', { state: 'detached' });
        const moved = '.counters tr:has-text("Counter 1") .pill:has-text("moved")';
        const takeBack = async () => {
            await page.keyboard.press('z');
            await page.waitForSelector('.told-last:has-text("Counter 1 is as it was.")'); /* the answer: until then no other command is taken */
        };
        await press('Change Counter 1', 'Open this counter');
        await gone();
        await becomes('the counter to open', (each) => each.state === 'open');
        await press('Change Counter 1', 'Training');
        await gone();
        await page.waitForSelector('.counters tr:has-text("Counter 1") .pill.soon:has-text("Training")');
        await takeBack(); /* open again */
        await becomes('the pause to be undone', (each) => each.state === 'open');

        /* Other services, and the usual ones again. */
        const added = site.services.find((each) => !services.includes(each.code));
        await press('Change Counter 1');
        await tabTo(page, added.name.en);
        await page.keyboard.press('Space');
        await press('Offer these services');
        await gone();
        await becomes('the counter to be moved', (each) => each.moved && each.services.includes(added.code));
        await page.waitForSelector(moved);
        await takeBack();
        await becomes('the move to be undone', (each) => !each.moved);
        await page.waitForSelector(moved, { state: 'detached' }); /* a dialog begins with the services that the page knows */
        await press('Change Counter 1');
        await tabTo(page, added.name.en);
        await page.keyboard.press('Space');
        await press('Offer these services');
        await gone();
        await becomes('the counter to be moved again', (each) => each.moved);
        await press('Change Counter 1', 'Back to the usual services');
        await gone();
        await becomes('the usual services', (each) => !each.moved);

        /* Who is being served is not disturbed: it is said beforehand. */
        const ticket = (await house.call('POST', '/api/tickets', { service: services[0], language: 'en', needs: [] })).body;
        await house.call('POST', `/api/counters/${code}/next`, {});
        await page.waitForSelector(`.counters tr:has-text("Counter 1") .pill:has-text("calling ${ticket.number}")`);
        await press('Change Counter 1');
        await page.waitForSelector('dialog:has-text("Somebody is being served here")');
        await page.keyboard.press('Escape');
        await gone();
        await page.waitForFunction(() => document.activeElement.getAttribute('aria-label') === 'Change Counter 1'); /* where the work was left */
        await noticesByKeyboard(house, page, site);
        await adviceByKeyboard(house, page, counsel, press);
    });
}

async function noticesByKeyboard(house, page, site) {
    await page.keyboard.press('n');
    await tabTo(page, 'Waits are longer');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('input[value="service_paused"]:checked');
    await tabTo(page, 'Service');
    await page.keyboard.type(site.services[1].name.en);
    await tabTo(page, 'Minutes (may be left empty)');
    await page.keyboard.type('30');
    /* In every language of the centre, each its own words, the service's name and the minutes in all of them. */
    await page.waitForFunction((count) => new Set([...document.querySelectorAll('.preview dd')].map((each) => each.innerText)).size === count, site.languages.length);
    for (const { code } of site.languages) {
        const said = (await page.innerText(`.preview dd[lang="${code}"]`)).replace(/[\u2068\u2069]/g, '');
        assert.ok(said.includes(site.services[1].name[code]) && said.includes('30') && !/[{}]/.test(said), `${code}: ${said}`);
    }
    await tabTo(page, 'Show it');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog', { state: 'detached' }); /* with the answer, which may come after the view */
    await page.waitForSelector('.notice-list li:has-text("is paused for about 30 minutes")');
    const [shown] = (await house.call('GET', '/api/boards/lobby')).body.notices;
    assert.deepEqual([shown.template, shown.service, shown.minutes], ['service_paused', site.services[1].code, 30]);
    await page.keyboard.press('z');
    await until('the notice to go', async () => (await house.call('GET', '/api/boards/lobby')).body.notices.length === 0);
    await page.waitForSelector('.notices:has-text("The displays show none.")');
}

/* The server's own advice until hold(); then a made-up one, kept back until free(). Before the page is opened: a browser that
 * is told amid a page to hold back requests says yes before that page knows, and what it asks for at once passes by. */
async function heldAdvice(page, site) {
    const wanted = { ...advice.moves[0], counter: '6', services: [...site.counters.find(({ code }) => code === '6').services.slice(0, 2), 'jobs'] };
    const counsel = { asked: 0, free: null, held: null };
    counsel.hold = () => { counsel.held = new Promise((resolve) => { counsel.free = resolve; }); };
    await page.route('**/api/advice', async (route) => {
        if (!counsel.held) {
            await route.continue();
            return;
        }
        counsel.asked += 1;
        await counsel.held;
        await route.fulfill({ json: { ...advice, moves: [wanted, ...advice.moves.slice(2)] } });
    });
    return counsel;
}

/* Asked for by its key, made real by one press, and taken back. */
async function adviceByKeyboard(house, page, counsel, press) {
    await page.waitForSelector('.advice .working', { state: 'detached', timeout: 60000 }); /* the server's own, in its own time */
    counsel.hold(); /* not before: what the page asks for each minute by itself would be counted, too */
    await page.keyboard.press('u');
    await until('the advice to be asked for', () => counsel.asked === 1);
    for (let i = 0; i < 3; i++) await page.keyboard.press('u'); /* however often: one at a time, and once more at the end */
    counsel.free();
    await until('the newest advice to be asked for', () => counsel.asked === 2);
    await page.waitForSelector('.move:has-text("Open Counter 6")');
    assert.match(await text(page, '.move'), /Open Counter 6.*81 % → 94 % 9 to 17 points more/);
    assert.equal(await page.locator('.move').count(), 2, 'what would harm is not told');
    await page.waitForSelector('.advice .working', { state: 'detached' });
    assert.equal(counsel.asked, 2);
    /* The second command of the two is refused: what was done is said, and can be taken back. */
    await page.route('**/api/counters/6/open', (route) => route.fulfill({ status: 409, contentType: 'application/problem+json',
        json: { type: '/problems/day-closed', detail: 'That did not work.' } }));
    await press('Do it: Open Counter 6');
    await page.waitForSelector('.told-last.warn:has-text("Counter 6 has other services. But this was not done: Open this counter.")');
    await page.unroute('**/api/counters/6/open');
    const moved = '.counters tr:has-text("Counter 6") .pill:has-text("moved")';
    const takenBack = async () => {
        await page.waitForSelector(moved);
        await page.keyboard.press('z');
        await until('the services to be as before', async () => !(await counterState(house, '6')).moved);
        await page.waitForSelector('.told-last:has-text("Counter 6 is as it was.")');
        await page.waitForSelector(moved, { state: 'detached' }); /* what is pressed next starts from there */
    };
    await takenBack();
    /* Given up, nobody knows: nothing is said to be not done. */
    await page.route('**/api/counters/6/open', (route) => route.fulfill({ status: 502 }));
    await page.clock.install();
    await press('Do it: Open Counter 6');
    await page.waitForSelector('text=Sending again: Open this counter');
    await page.clock.fastForward(6500);
    await page.click('.not-through button:has-text("Give up")');
    await page.waitForSelector('.told-last.warn:has-text("Counter 6 has other services. Given up: Open this counter. It may have been done all the same")');
    await page.unroute('**/api/counters/6/open');
    await takenBack();
    await press('Do it: Open Counter 6');
    await until('the counter to open with other services', async () => {
        const six = await counterState(house, '6');
        return six.state === 'open' && six.services.length === 3 && six.services.includes('jobs');
    });
    await page.waitForSelector('#undo');
    await page.keyboard.press('z');
    await until('it to be as before', async () => {
        const six = await counterState(house, '6');
        return six.state === 'closed' && !six.moved;
    });
}

async function showState(page, house, name, language, more = {}) {
    await page.goto(`${house.url}/manager?lang=${language}`);
    await show(page, { ...managerStates[name], ...more });
    await page.waitForSelector(managerStates[name].day_open ? '.moves' : '.advice');
}

async function standStill(page) {
    await directView(page);
    await page.route('**/api/advice', (route) => route.fulfill({ json: advice }));
}

async function accessible(folder) {
    await withPage(folder, async ({ house, page }) => {
        await standStill(page);
        const found = [];
        const judge = async (what) => found.push(...(await violations(page)).map((each) => `${what}: ${each}`));
        const themes = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { forcedColors: 'active' }];
        const dialogs = [() => page.keyboard.press('n'), () => page.keyboard.press('f'), () => page.click('.counters tbody tr:nth-child(5) button')];
        for (const [row, language] of ['en', 'ur'].entries()) {
            for (const [column, theme] of themes.entries()) {
                await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...theme });
                const where = `${language} ${JSON.stringify(theme)}`;
                await showState(page, house, 'trouble', language);
                await page.waitForSelector('.picture canvas >> nth=1');
                await judge(`trouble, ${where}`);
                await dialogs[(row + column) % dialogs.length]();
                await page.waitForSelector('dialog :is(.preview, table, .checks)');
                await judge(`dialog ${(row + column) % dialogs.length}, ${where}`);
            }
            await showState(page, house, 'closed', language);
            await judge(`closed, ${language}`);
        }
        assert.deepEqual(found, []);
    });
}

/* No language and no width pushes anything out of the page; and in English it is one screen at 1440 x 900. */
async function everyWidth(folder) {
    await withPage(folder, async ({ house, page }) => {
        const site = (await house.call('GET', '/api/site')).body;
        await standStill(page);
        for (const { code } of site.languages) {
            await page.goto(`${house.url}/manager?lang=${code}`);
            for (const [name, size] of Object.entries(SIZES)) {
                await page.setViewportSize(size);
                for (const state of ['busy', 'trouble']) {
                    await show(page, managerStates[state]);
                    const wider = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.card, .rows, button, .pill, .notice, .bins li')]
                        .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline').map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 40)}`));
                    assert.deepEqual(wider, [], `${state} in ${code} on a ${name}`);
                }
            }
        }
        await page.setViewportSize(SIZES.desktop);
        await showState(page, house, 'busy', 'en');
        assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), SIZES.desktop.height, 'one screen');
    });
}

async function pictures(folder) {
    await withPage(folder, async ({ house, page }) => {
        await standStill(page);
        await page.clock.setFixedTime('2026-11-24T10:42:07.000Z'); /* so that minutes stand still, too */
        for (const [name, language, size, media, state] of [['manager-en', 'en', 'desktop', { colorScheme: 'light' }, 'busy'], ['manager-ur', 'ur', 'desktop', { colorScheme: 'dark' }, 'busy'],
            ['manager-tablet-en', 'en', 'tablet', { colorScheme: 'light' }, 'trouble'], ['manager-phone-pl', 'pl', 'phone', { colorScheme: 'light' }, 'busy']]) {
            await page.setViewportSize(SIZES[size]);
            await page.emulateMedia(media);
            await showState(page, house, state, language);
            await page.waitForSelector('.picture canvas >> nth=1');
            await compareWithGolden(page, folder, name, { fullPage: size !== 'desktop' });
        }
    });
}

/* ---- The displays say what staff saw when they posted it ---- */

/* {code: {plain, withService, withMinutes, withBoth}} of a table in C or in JavaScript, as its source has it. */
function sentences(source) {
    const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const blocks = source.split(/\{\s*\.?code(?:: '| = ")/).slice(1);
    return Object.fromEntries(blocks.map((block) => [/^\w+/.exec(block)[0], Object.fromEntries(
        [...block.matchAll(/\.?\b(plain|with_?\w+)(?::| =)\s*(?:mark|CATALOGUE_MARK)\(\s*((?:(?:"[^"]*"|'[^']*')\s*)+)\)/g)]
            .map(([, name, texts]) => [camel(name), [...texts.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, one, other]) => one ?? other).join('')]))]));
}

function noticesAgree() {
    const [pages, displays] = ['queue-server/web/notices.js', 'display/view/notices.c'].map((file) => sentences(readFileSync(path.join(root, file), 'utf8')));
    assert.ok(Object.keys(pages).length >= 7 && Object.values(pages).every(({ plain }) => plain), JSON.stringify(pages));
    assert.deepEqual(displays, pages);
}

export const tests = [
    { name: 'notices: the displays say what staff saw', limitMs: 10000, run: async () => noticesAgree() },
    { name: 'manager page: figures as in the stream and in today.csv', limitMs: 150000, run: figuresAgree },
    { name: 'manager page by keyboard', limitMs: 150000, run: dayByKeyboard },
    { name: 'manager page without an axe violation', limitMs: 180000, run: accessible },
    { name: 'manager page in every language and width', limitMs: 180000, run: everyWidth },
    { name: 'manager page pictures', limitMs: 120000, run: pictures },
];
