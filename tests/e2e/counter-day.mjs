/* A day at a counter by keyboard alone, through the real server: all that can be done with a visitor, and undone again;
 * two people at one counter; a colleague, and a session that ends amid a visit; and every panel as axe and a designer see
 * it, at the widths that desks and tablets have. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { issue, sees as seesOn, withPage } from './counter-page.mjs';
import { besides, directView, show, states as madeUp, view as viewOf } from './desk-views.mjs';
import { House, newKey, until } from './house.mjs';
import { violations } from './measures.mjs';
import { openBrowser, willTakeRequests } from './stage.mjs';

const EVIL = '<img src=x onerror="document.title=1">';
const FREE = '#big:has-text("Call next"):not(.off)';

function hands(page) {
    const sees = (selector) => seesOn(page, selector);
    const presses = async (...keys) => {
        for (const key of keys) await page.keyboard.press(key);
    };
    return { sees, presses, panel: (id) => page.waitForSelector(`dialog[open] #${id}-title`) };
}

const stateOf = async (house, ticket) => (await house.call('GET', `/api/tickets/${ticket.id}`)).body.state;

async function callAndFinish({ house, page }, ticket) {
    const { sees, presses, panel } = hands(page);
    await presses('Space');
    await sees(`.number:has-text("${ticket.number}")`);
    await page.waitForSelector('.answers:has-text("<img src=x")');
    await presses('z'); /* the wrong key: back in the line, as if nobody had called */
    await sees(FREE);
    assert.equal(await stateOf(house, ticket), 'waiting');
    await presses('Space');
    await sees('#big:has-text("Start")');
    assert.match(await page.innerText('.last-step button'), new RegExp(`call of ${ticket.number}, until 10:4\\d`));
    await presses('Enter');
    await sees('text=Now serving');

    /* Reference and reason, where they are known; else Enter alone. */
    await presses('2');
    await panel('finish');
    assert.equal(await page.isChecked('dialog input[value="follow_up"]'), true);
    await page.keyboard.type(`  ${EVIL}`);
    await presses('Tab');
    await page.keyboard.type('did not understand');
    await presses('Enter');
    await sees(FREE);
    const closed = (await house.call('GET', `/api/tickets/${ticket.id}`)).body;
    assert.deepEqual([closed.state, closed.avoidable], ['closed', 'unclear_letter']);
    await presses('z');
    await sees('text=Now serving');
    assert.equal(await stateOf(house, ticket), 'serving');
}

async function parkAndTakeBack({ house, page }, ticket) {
    const { sees, presses, panel } = hands(page);
    await presses('p');
    await sees(FREE);
    await presses('z');
    await sees('text=Now serving');
    await presses('p');
    await sees('.asides:has-text("Parked: 1")');
    await presses('b');
    await panel('parked');
    await presses('Enter');
    await sees('text=Now serving');
    await page.waitForSelector('dialog', { state: 'detached' });
    await presses('p');
    await sees('.asides:has-text("Parked: 1")');
    await presses('b', 'l');
    await sees(`tr:has-text("${ticket.number}")`);
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await stateOf(house, ticket), 'waiting');
}

async function outOfTurn({ house, page }, ticket) {
    const { sees, presses, panel } = hands(page);
    await presses('o');
    await panel('call');
    await page.keyboard.type(ticket.number);
    await page.waitForFunction(() => document.querySelectorAll('#call-list li').length === 1);
    await presses('Enter');
    await page.waitForSelector('.reasons');
    await presses('2');
    await sees(`.number:has-text("${ticket.number}")`);
    await page.waitForSelector('.reason:has-text("chosen by staff, out of turn (Quick question)")');

    /* Not here, and then here after all. */
    await presses('r');
    await sees('text=called again: 1');
    await presses('n');
    await sees('.asides:has-text("Were not here: 1")');
    await presses('v');
    await panel('no-shows');
    await presses('Enter');
    await sees(`tr:has-text("${ticket.number}")`);
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await stateOf(house, ticket), 'waiting');

    /* What this counter lacks is told in the panel, and can be agreed about. */
    const other = (await issue(house, 'council_tax', { needs: ['bsl'] })).body;
    await page.keyboard.press('a');
    await sees(`tr:has-text("${other.number}")`);
    await presses('o');
    await panel('call');
    await page.keyboard.type(other.number);
    await presses('Enter');
    await page.waitForSelector('.reasons');
    await presses('4');
    await page.waitForSelector('dialog .notice.warn:has-text("This counter does not have what the visitor needs")');
    await presses('y');
    await sees(`.number:has-text("${other.number}")`);
    await presses('Enter');
    await sees('text=Now serving');
    await presses('1', 'Enter');
    await sees(FREE);
    await presses('a');
}

async function sendOn({ house, page, browser }, ticket) {
    const { sees, presses, panel } = hands(page);
    await house.call('POST', '/api/counters/1/open', {});
    await presses('Space');
    await sees('#big:has-text("Start")');
    await presses('Enter');
    await sees('text=Now serving');
    const send = async (note) => {
        await presses('t');
        await panel('transfer');
        await page.waitForSelector('#transfer-list :text("Counter 1")');
        await page.keyboard.type('counter 1');
        await page.waitForFunction(() => document.querySelectorAll('#transfer-list li').length === 1);
        await presses('Tab');
        if (note) await page.keyboard.type(note);
        await presses('Enter');
        await sees(FREE);
    };
    await send('');
    await presses('z');
    await sees('text=Now serving');
    await send(`Look at this: ${EVIL}`);
    const there = await browser.newPage({ locale: 'en-GB' });
    await there.goto(`${house.url}/counter/1`);
    await there.waitForSelector(`tr:has-text("${ticket.number}") .pill:has-text("Only for Counter 1")`);
    await there.keyboard.press('Space');
    await there.waitForSelector('.note:has-text("Look at this: <img src=x")');
    assert.equal(await there.locator('img').count(), 0);
    await there.close();
}

async function pauseAndNext({ house, page }) {
    const { sees, presses, panel } = hands(page);
    await presses('p');
    await panel('pause');
    await presses('4');
    await sees('.pause-why:has-text("Safeguarding")');
    await presses('p');
    await sees(FREE);

    await presses('x');
    await page.waitForSelector('[role="switch"][aria-checked="true"]');
    const [first, second] = [(await issue(house, 'council_tax')).body, (await issue(house, 'council_tax')).body];
    await sees(`tr:has-text("${second.number}")`);
    await presses('Space');
    await sees(`.number:has-text("${first.number}")`);
    await presses('Enter');
    await sees('#big:has-text("Comes by itself after this visit")');
    await presses('1', 'Enter');
    await sees(`.number:has-text("${second.number}")`);
    await page.reload();
    await page.waitForSelector('[role="switch"][aria-checked="true"]');
    await page.waitForSelector(`.number:has-text("${second.number}")`);
    await presses('x');
    await page.waitForSelector('[role="switch"][aria-checked="false"]');
    return second;
}

/* Two browsers at one counter, and the same key at the same moment: once done, and the other is told. */
async function twoAtOnce({ house, page, browser }, ticket) {
    const other = await browser.newPage({ locale: 'en-GB' });
    const both = [page, other];
    await willTakeRequests(other);
    await other.goto(`${house.url}/counter/2`);
    await other.waitForSelector('#big:has-text("Start")');
    /* Both commands are on their way before either is heard. */
    const together = async (verb, key) => {
        const held = [];
        for (const each of both) await each.route(`**/${verb}`, (route) => held.push(route));
        for (const each of both) await each.keyboard.press(key);
        await until(`both to ${verb}`, () => held.length === both.length);
        for (const route of held) await route.continue();
        for (const each of both) await each.waitForSelector('#big:not(.busy)');
        for (const each of both) await each.unroute(`**/${verb}`);
    };
    await together('start', 'Enter');
    for (const each of both) await hands(each).sees('text=Now serving');
    for (const each of both) {
        await each.keyboard.press('1');
        await hands(each).panel('finish');
    }
    await together('finish', 'Enter');
    for (const each of both) await hands(each).sees(FREE);
    for (const each of both) await each.waitForSelector('dialog', { state: 'detached' });
    const told = await Promise.all(both.map((each) => each.locator('.notice.warn').count()));
    assert.equal(told[0] + told[1], 1, 'whose key came second is told');
    await together('undo', 'z');
    for (const each of both) await hands(each).sees('text=Now serving');
    assert.equal(await stateOf(house, ticket), 'serving', 'one step was undone, not two');
    await together('park', 'p');
    for (const each of both) await hands(each).sees('.asides:has-text("Parked: 1")');
    await other.close();
}

async function byKeyboard(folder) {
    await withPage(folder, async ({ house, page, browser }) => {
        const { sees, presses } = hands(page);
        const ticket = (await issue(house, 'council_tax', { answers: { note: EVIL } })).body;
        await willTakeRequests(page);
        await page.goto(`${house.url}/counter/2`);
        await sees('#big:has-text("Open this counter")');
        await presses('o');
        await sees(FREE);
        await callAndFinish({ house, page }, ticket);
        await parkAndTakeBack({ house, page }, ticket);
        await outOfTurn({ house, page }, ticket);
        await sendOn({ house, page, browser }, ticket);
        await twoAtOnce({ house, page, browser }, await pauseAndNext({ house, page }));
        assert.equal(await page.locator('img').count(), 0);
        assert.notEqual(await page.title(), '1');
    });
}

/* ---- With sign-in on ---- */

/* Calls in the name of a browser that is signed in. */
function callsOf(house, context, csrf) {
    return async (method, where, data) => {
        const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': newKey(), 'X-Quarter-CSRF': csrf };
        const answer = await context.request.fetch(house.url + where, { method, headers, data: data ? JSON.stringify(data) : undefined });
        const text = await answer.text();
        assert.ok(answer.ok(), `${where}: ${answer.status()} ${text}`);
        return text ? JSON.parse(text) : null;
    };
}

const PASSWORDS = ['a blue bicycle in the rain', 'seven quiet lighthouses'];

async function signTwoIn(house, browser) {
    const code = await until('the set-up code', () => /set-up code (\S+)/.exec(house.log('server')));
    const [first, second] = [await browser.newContext({ locale: 'en-GB' }), await browser.newContext({ locale: 'en-GB' })];
    const nobody = callsOf(house, first, '');
    const { csrf } = await nobody('POST', '/api/setup', { code: code[1], name: 'amina', display: 'Amina K.', password: PASSWORDS[0], roles: ['counter', 'greeter', 'manager'] });
    const amina = callsOf(house, first, csrf);
    const { one_time: once } = await amina('POST', '/api/persons', { name: 'bo', display: 'Bo <b>L.</b>', roles: ['counter'] });
    const fresh = await callsOf(house, second, '')('POST', '/api/session', { name: 'bo', password: once });
    const renewed = await callsOf(house, second, fresh.csrf)('POST', '/api/password', { password: once, new_password: PASSWORDS[1] });
    return { first, second, amina, bo: callsOf(house, second, renewed.csrf) };
}

async function signedIn(folder) {
    const house = new House(folder);
    const browser = await openBrowser();
    try {
        await house.startServer({ extra: ['--sign-in', 'on'] });
        const { first, second, amina, bo } = await signTwoIn(house, browser);
        const [here, there] = [await first.newPage(), await second.newPage()];
        await willTakeRequests(there);
        const ticket = await amina('POST', '/api/tickets', { service: 'council_tax', language: 'en', needs: [] });
        for (const [page, counter] of [[here, 1], [there, 2]]) {
            await page.goto(`${house.url}/counter/${counter}`);
            await hands(page).sees('#big:has-text("Open this counter")');
            await page.keyboard.press('o');
            await hands(page).sees(FREE);
        }
        await here.keyboard.press('Space');
        await hands(here).sees('#big:has-text("Start")');
        await here.keyboard.press('Enter');
        await hands(here).sees('text=Now serving');
        await here.keyboard.press('t');
        await here.waitForSelector('#transfer-list :text("Bo <b>L.</b>")');
        await here.keyboard.type('bo <b');
        await here.waitForFunction(() => document.querySelectorAll('#transfer-list li').length === 1);
        await here.keyboard.press('Enter');
        await hands(here).sees(FREE);
        await there.waitForSelector(`tr:has-text("${ticket.number}") .pill:has-text("Only for Counter 2")`);
        await there.keyboard.press('Space');
        await hands(there).sees('#big:has-text("Start")');
        await there.keyboard.press('Enter');
        await hands(there).sees('text=Now serving');
        await sessionEnds({ there, amina, bo, ticket });

        /* At a colleague's counter: refused, in words, beside the key. */
        await there.goto(`${house.url}/counter/1`);
        await hands(there).sees(FREE);
        await there.keyboard.press('Space');
        await there.waitForSelector('.big-place .notice.warn');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

/* Signed out in another tab while a visit's end is typed: the visit stays in sight, no letter goes into a password's field,
 * the end waits, and is done once after the password. Where nobody types the dialog comes by itself. */
async function sessionEnds({ there, amina, bo, ticket }) {
    const state = async () => (await amina('GET', `/api/tickets/${ticket.id}`)).state;
    const password = 'dialog[open] input[type="password"]';
    const signIn = async () => {
        await there.waitForSelector(password);
        await there.fill(password, PASSWORDS[1]);
        await there.keyboard.press('Enter');
        await there.waitForSelector('dialog', { state: 'detached' });
    };
    await there.keyboard.press('1');
    await hands(there).panel('finish');
    await there.keyboard.type('CT-');
    await bo('POST', '/api/session/end', {});
    await there.waitForSelector('.lost:has-text("You are signed out")');
    assert.ok(await there.isVisible(`.number:has-text("${ticket.number}")`), 'the visit is shown on');
    assert.equal(await there.locator(password).count(), 0, 'who types is not disturbed');
    await there.keyboard.type('2041');
    assert.equal(await there.inputValue('#reference'), 'CT-2041');
    await there.click('dialog.panel [role="alert"] .lost button'); /* the strip is told and reached in the panel, too */
    await there.waitForSelector(password);
    await there.keyboard.press('Escape');
    await there.waitForSelector(password, { state: 'detached' });
    await there.focus('#reference');
    await there.keyboard.press('Enter');
    await there.waitForSelector(password);
    assert.equal(await state(), 'serving', 'and goes on');
    await signIn();
    await hands(there).sees(FREE);
    assert.equal(await state(), 'closed');

    await there.evaluate(async () => {
        const { csrf } = await (await fetch('/api/session')).json();
        await fetch('/api/session/end', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Quarter-CSRF': csrf }, body: '{}' });
    });
    await there.waitForSelector(password);
    await there.keyboard.press('Escape');
    await there.waitForSelector('dialog', { state: 'detached' });
    assert.ok(await there.isVisible('.lost:has-text("You are signed out")'));
    await there.click('.lost button');
    await signIn();
    await there.waitForSelector('.lost', { state: 'detached' });

    await there.route('**/api/session/end', (route) => route.abort());
    await there.click('.person button:has-text("Sign out")');
    await there.waitForSelector('.person [role="alert"]:has-text("That did not work. Try again.")');
    await there.unroute('**/api/session/end');
}

/* ---- The panels ---- */

const PANELS = [
    { name: 'serving', views: madeUp.serving, keys: [] },
    { name: 'sent', views: madeUp.sent, keys: [] },
    { name: 'idle', views: madeUp.idle, keys: [] },
    { name: 'paused', views: madeUp.paused, keys: [] },
    { name: 'finish', views: madeUp.serving, keys: ['1'] },
    { name: 'transfer', views: madeUp.serving, keys: ['t'] },
    { name: 'pause', views: madeUp.idle, keys: ['p'] },
    { name: 'call', views: madeUp.idle, keys: ['o'] },
    { name: 'call-why', views: madeUp.idle, keys: ['o', 'Enter'] },
    { name: 'parked', views: madeUp.idle, keys: ['b'] },
    { name: 'no-shows', views: madeUp.idle, keys: ['v'] },
];

async function open(page, { views, keys }) {
    await show(page, ...views);
    for (const key of keys) {
        await page.keyboard.press(key);
        await page.waitForSelector(key === 'Enter' ? 'dialog[open] .reasons' : 'dialog[open]');
    }
}

async function leave(page, { keys }) {
    if (keys.length === 0) return;
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
}

const THEMES = [{ colorScheme: 'light', forcedColors: 'none' }, { colorScheme: 'dark', forcedColors: 'none' }, { colorScheme: 'dark', forcedColors: 'active' }];

async function panels(folder) {
    await withPage(folder, async ({ house, page }) => {
        await directView(page);
        const found = [];
        for (const language of ['en', 'ur']) {
            for (const theme of THEMES) {
                await page.emulateMedia(theme);
                await page.goto(`${house.url}/counter/3?lang=${language}`);
                for (const panel of PANELS) {
                    if (panel.keys.length === 0 && theme.forcedColors === 'none') continue; /* those are looked at in counter-page.mjs */
                    await open(page, panel);
                    const wrong = await violations(page, { within: panel.keys.length > 0 ? 'dialog' : null });
                    found.push(...wrong.map((each) => `${panel.name}, ${language}, ${JSON.stringify(theme)}: ${each}`));
                    await leave(page, panel);
                }
            }
        }
        assert.deepEqual(found, []);
        await page.emulateMedia(THEMES[0]);
        await widths(folder, { house, page });
        await nothingJumps({ house, page });
    });
}

const WIDTHS = [[1280, 800], [1024, 768], [820, 1180], [390, 844]];

/* Nothing is pushed out of sight in the languages that are longest and highest; and pictures to be looked at. */
async function widths(folder, { house, page }) {
    for (const language of ['en', 'ur', 'pl', 'so']) {
        const isPictured = ['en', 'ur'].includes(language);
        await page.goto(`${house.url}/counter/3?lang=${language}`);
        for (const [width, height] of isPictured ? WIDTHS : [WIDTHS[1], WIDTHS[3]]) {
            await page.setViewportSize({ width, height });
            for (const panel of PANELS) {
                await open(page, panel);
                const wider = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.rows, button, .pill, dialog, li, select, .visitor')]
                    .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 40)}`));
                assert.deepEqual(wider, [], `${panel.name} in ${language} at ${width} px`);
                if (isPictured) {
                    await page.screenshot({ path: path.join(folder, `${panel.name}-${language}-${width}.png`), animations: 'disabled', fullPage: width < 901 && panel.keys.length === 0 });
                }
                await leave(page, panel);
            }
        }
    }
}

/* Where the buttons stand does not depend on what comes and goes beside them. */
async function nothingJumps({ house, page }) {
    for (const [width, height] of WIDTHS.slice(0, 2)) {
        await page.setViewportSize({ width, height });
        await page.goto(`${house.url}/counter/3?lang=en`);
        const places = () => page.evaluate(() => [...document.querySelectorAll('#big, .switch, .main .actions button, .asides button, .small-button')]
            .map((each) => [each.innerText.split('\n')[0].trim(), ...['x', 'y', 'width'].map((key) => Math.round(each.getBoundingClientRect()[key]))].join(' ')));
        for (const state of ['serving', 'idle']) {
            const [view] = madeUp[state];
            await show(page, { ...view, undo: null });
            const before = await places();
            await show(page, { ...view, undo: besides.undo, now: new Date(Date.parse(view.now)).toISOString() });
            await page.waitForSelector('.last-step button');
            assert.deepEqual(await places(), before, `${state} at ${width} px when there is something to undo`);
        }
        await show(page, viewOf({}));
    }
}

export const tests = [
    { name: 'counter day by keyboard', limitMs: 120000, run: byKeyboard },
    { name: 'counter day, signed in', limitMs: 120000, run: signedIn },
    { name: 'counter day: every panel', limitMs: 240000, run: panels },
];
