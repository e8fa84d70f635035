/* Signing in and administration in Chromium, against the real server with sign-in on: from the set-up code on its console
 * to a trail that says who did what; sessions that are lost in the middle of a visit; devices let in by the letters off a
 * real display's screen; what axe finds, and every width. A string without words in the reader's language fails every
 * test here. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { adminViews } from './admin-views.mjs';
import { compareWithGolden } from './golden.mjs';
import { House, stripIsolates, until } from './house.mjs';
import { noting, violations } from './measures.mjs';
import { openBrowser, startDisplay, willTakeRequests } from './stage.mjs';

const SIZE = { width: 1280, height: 900 };
const BOSS = { name: 'boss', password: 'green ladder on tuesday' };
const OWN = 'seven purple boats';

/* One browser context a person, as each has an own computer. */
async function withStaff(folder, work) {
    const house = new House(folder);
    const browser = await openBrowser();
    const faults = [];
    const open = async (options = {}) => {
        const context = await browser.newContext({ viewport: SIZE, locale: 'en-GB', ...options });
        context.on('page', (page) => {
            page.on('pageerror', (error) => faults.push(error.message));
            page.on('console', (message) => message.type() === 'warning' && faults.push(message.text()));
        });
        return context;
    };
    try {
        await house.startServer({ extra: ['--sign-in', 'on'] });
        const code = await until('the set-up code', () => /set-up code (\S+)/.exec(house.log('server'))?.[1]);
        await work({ house, open, code });
        assert.deepEqual(faults, [], 'the pages ran without errors');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

async function focusOn(page, id) {
    await page.waitForFunction((wanted) => document.activeElement.id === wanted, id, { timeout: 15000 }).catch(async () => {
        assert.equal(await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)), id);
    });
}
const type = (page, ...parts) => parts.reduce((before, part) => before.then(() => (part.startsWith('<') ? page.keyboard.press(part.slice(1, -1)) : page.keyboard.type(part))), Promise.resolve());
const gone = (page, selector) => page.waitForSelector(selector, { state: 'detached' });
const text = async (page, selector) => stripIsolates(await page.innerText(selector));

/* The journal as it grows: count(type), and stop(). */
function followJournal(house) {
    const stop = new AbortController();
    const types = [];
    const read = async () => {
        const answer = await fetch(`${house.url}/api/events/stream`, { headers: { 'Last-Event-ID': '0' }, signal: stop.signal });
        let rest = '';
        for await (const chunk of answer.body) {
            const lines = (rest + Buffer.from(chunk)).split('\n');
            rest = lines.pop();
            for (const line of lines) if (line.startsWith('data: {"')) types.push(JSON.parse(line.slice(6)).type);
        }
    };
    read().catch((error) => error.name === 'AbortError' || console.error(error));
    return { types, count: (wanted) => types.filter((each) => each === wanted).length, stop: () => stop.abort() };
}

/* ---- By keyboard alone: set-up, people, signing in ---- */

async function setUp(page, house, code) {
    await page.goto(`${house.url}/counter/3`);
    await page.waitForURL('**/setup'); /* nobody can sign in yet */
    await page.goto(`${house.url}/setup?lang=en`);
    await page.waitForSelector('#setup-code');
    await focusOn(page, 'setup-code');
    await type(page, 'AAAAA-AAAAA', '<Tab>', BOSS.name, '<Tab>', 'Amina Boss', '<Tab>', 'password1234', '<Enter>');
    await page.waitForSelector('#setup-code-error:has-text("That is not the set-up code.")');
    await focusOn(page, 'setup-code');
    await page.keyboard.press('Control+a');
    await type(page, code.toLowerCase(), '<Enter>');
    await page.waitForSelector('#setup-password-error'); /* among the first that anybody tries */
    await focusOn(page, 'setup-password');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('too short');
    await page.waitForSelector('.strength:has-text("it needs 3 letters more")');
    await page.keyboard.press('Control+a');
    await type(page, BOSS.password, '<Enter>');
    await page.waitForURL('**/admin');
    await page.waitForSelector('.people li:has-text("Amina Boss")');
}

/* Gives the one-time password. */
async function addPerson(page, name, roles) {
    await page.focus('button:has-text("Add a person")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open] #person-name');
    await focusOn(page, 'person-name');
    await type(page, name, '<Tab>', `${name[0].toUpperCase()}${name.slice(1)} Khan`);
    for (const role of ['greeter', 'counter', 'manager', 'admin']) {
        await page.keyboard.press('Tab');
        if (roles.includes(role) !== await page.isChecked(`[name="role-${role}"]`)) await page.keyboard.press('Space');
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('.one-time');
    const password = (await page.innerText('.one-time')).trim();
    await page.keyboard.press('Escape'); /* is shown once: it stays until it is passed on */
    assert.equal(await page.isVisible('.one-time'), true);
    await page.keyboard.press('Enter');
    await gone(page, 'dialog');
    await page.waitForSelector(`.people li:has-text("${name}")`);
    return password;
}

async function people(page) {
    const oneTime = {};
    for (const [name, roles] of [['amira', ['counter']], ['greta', ['greeter']], ['marek', ['manager', 'counter']]]) oneTime[name] = await addPerson(page, name, roles);
    assert.match(await page.innerText('.people li:has-text("marek")'), /Counter staff\s*Manager/);
    await page.click('button:has-text("Add a person")');
    await page.waitForSelector('#person-name');
    await page.check('[name="role-greeter"]'); /* none is given unasked */
    await page.focus('#person-name');
    await type(page, 'greta', '<Enter>');
    await page.waitForSelector('.wrong:has-text("Somebody signs in with that name already.")');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    await page.reload();
    await page.waitForSelector('.people li:has-text("amira"):has-text("has no own password yet")');
    assert.equal(await page.locator('.one-time').count(), 0);
    /* The last administrator stays one, and is told why. */
    await page.click('.people li:has-text("boss") button:has-text("Change")');
    await page.waitForSelector('dialog');
    await page.uncheck('[name="role-admin"]');
    await page.check('[name="role-manager"]');
    await page.click('dialog button:has-text("Save")');
    await page.waitForSelector('dialog .notice.warn:has-text("Somebody has to be administrator.")');
    await page.keyboard.press('Escape');
    return oneTime;
}

/* Nothing is done behind a question that was left, though the server is well again; and nothing closes the next dialog. */
async function cancelled(page, house) {
    await page.goto(`${house.url}/admin?lang=en`);
    await signInAs(page, BOSS.name, BOSS.password);
    await page.clock.install();
    const [tries, passed] = [[], { let: false }];
    await page.route('**/disable', (route) => {
        tries.push(route.request());
        return passed.let ? route.continue() : route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' });
    });
    const ask = async () => {
        await page.click('.people li:has-text("marek") button:has-text("Let in no more")');
        await page.click('dialog .primary');
        await page.waitForSelector('dialog:has-text("Sending again: Let in no more")');
    };
    const isDisabled = async () => { /* asked from the page: what it sent before that is counted */
        const persons = await page.evaluate(async () => (await fetch('/api/persons')).json());
        return persons.find(({ name }) => name === 'marek').disabled;
    };
    const quiet = async () => {
        assert.equal(await isDisabled(), false);
        passed.let = true;
        const before = tries.length;
        await page.clock.fastForward(60000); /* any attempt that still waits for its turn */
        assert.equal(await isDisabled(), false);
        assert.equal(tries.length, before, 'nothing is sent any more');
        passed.let = false;
    };
    await ask();
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog:has-text("Given up: Let in no more. It may have been done all the same")');
    assert.equal(await page.locator('dialog:has-text("Sending again")').count(), 0);
    await page.click('dialog button:has-text("Cancel")');
    await gone(page, 'dialog');
    await page.click('button:has-text("Add a person")');
    await page.waitForSelector('dialog #person-name');
    await quiet();
    assert.equal(await page.isVisible('dialog #person-name'), true, 'the other dialog stays');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    await ask();
    await page.evaluate(() => { location.hash = '#devices'; }); /* as the way back of the browser does */
    await gone(page, 'dialog');
    await quiet();
}

async function signInAs(page, name, password) {
    await page.waitForSelector('#sign-in-name');
    await page.focus('#sign-in-name');
    await page.keyboard.press('Control+a');
    await type(page, name, '<Tab>', password, '<Enter>');
}

/* Wrong passwords are told, then waited for; the right one of the first time leads to an own one. */
async function firstSignIn(page, house, oneTime) {
    await page.goto(`${house.url}/counter/3?lang=en`);
    await page.waitForURL('**/sign-in?next=*');
    for (let i = 0; i < 4; i++) {
        await signInAs(page, 'amira', `wrong ${i}`);
        await page.waitForSelector('.notice.warn:has-text("The name or the password is wrong.")');
        await focusOn(page, 'sign-in-password');
    }
    let beganMs = Date.now();
    await signInAs(page, 'amira', 'wrong still');
    await page.waitForSelector('.notice.warn');
    /* The next is refused for 1 s, then 2 s, 4 s ...: each that is answered within that time has to be, and a slow machine gets there. */
    let isTold = false;
    for (let waitMs = 1000; waitMs <= 16000 && !isTold; waitMs *= 2) {
        const nextMs = Date.now();
        await page.keyboard.press('Enter');
        await page.waitForSelector('form .primary:not(.busy)');
        const answeredMs = Date.now();
        isTold = await page.locator('.notice.warn:has-text("Wait a little")').count() > 0;
        assert.ok(isTold || answeredMs - beganMs >= waitMs, 'told to wait');
        beganMs = nextMs;
    }
    assert.ok(isTold, 'told to wait in the end');
    await page.waitForSelector('.notice:has-text("You can try again now.")', { timeout: 20000 });
    await page.dispatchEvent('#sign-in-password', 'keydown', {});
    await signInAs(page, 'amira', oneTime);
    await page.waitForSelector('#new-password');
    await focusOn(page, 'new-password');
    await type(page, oneTime, '<Enter>');
    await page.waitForSelector('.wrong:has-text("Choose a password other than the last one.")');
    await page.keyboard.press('Control+a');
    await type(page, OWN, '<Enter>');
    await page.waitForURL('**/counter/3?lang=en');
    await page.waitForSelector('#big:has-text("Open this counter")');
    assert.equal(stripIsolates(await page.innerText('.person a')), 'Amira Khan');
    assert.deepEqual(await page.locator('.places a, .places .here').allInnerTexts(), ['Counter 3', 'Floor']);
}

/* A page of another site is nowhere to go on to, and no page is a dead end. */
async function awayFromHere(page, house, oneTime) {
    await page.goto(`${house.url}/sign-in?next=${encodeURIComponent('/\\evil.example')}`);
    const places = ['//evil.example/', '/\\evil.example', '/\t/evil.example', 'https://evil.example/', 'javascript:alert(1)', '/.//evil.example', '/sign-in?next=/', '/api/session', '', '/counter/3?lang=en'];
    assert.deepEqual(await page.evaluate(async (all) => {
        const { samePlace } = await import('/web/session.js');
        return all.map(samePlace);
    }, places), [...Array(9).fill(null), '/counter/3?lang=en']);
    await signInAs(page, 'greta', oneTime);
    await page.waitForSelector('#new-password');
    await focusOn(page, 'new-password');
    await type(page, OWN, '<Enter>');
    await page.waitForURL(`${house.url}/floor`);
    await page.goto(`${house.url}/admin`);
    await page.waitForSelector('h1:has-text("This page is not for you")');
    assert.match(await text(page, 'main'), /Administrator/);
    await page.goto(`${house.url}/setup`);
    await page.waitForSelector('h1:has-text("There is nothing to set up")');
    await page.goto(`${house.url}/sign-in?next=/floor`);
    await page.waitForSelector('h1:has-text("You are signed in as")');
    await page.click('button:has-text("I am somebody else")');
    await signInAs(page, 'greta', OWN);
    await page.waitForURL(`${house.url}/floor`);
}

/* ---- Sessions ---- */

const post = (page, where, headers) => page.evaluate(async ([path, more]) => {
    const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'forged-0123456789', ...more }, body: '{}' });
    return { status: answer.status, type: (await answer.json().catch(() => ({}))).type };
}, [where, headers]);

async function forgeries(page) {
    for (const headers of [{}, { 'X-Quarter-CSRF': 'A'.repeat(43) }]) {
        assert.deepEqual(await post(page, '/api/counters/3/open', headers), { status: 403, type: '/problems/csrf' });
    }
    assert.equal(await page.isVisible('#big:has-text("Open this counter")'), true);
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads the cookie');
}

/* A visit is called; the session ends; what is pressed waits, and is done once when she is back. */
async function lostAndBack(page, elsewhere, house, greeter) {
    await page.keyboard.press('o');
    await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Call next")');
    const { number } = await greeter.evaluate(async () => {
        const [{ csrf }, site] = await Promise.all(['/api/session', '/api/site'].map((each) => fetch(each).then((answer) => answer.json())));
        const answer = await fetch('/api/tickets', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'visitor-0123456789', 'X-Quarter-CSRF': csrf },
            body: JSON.stringify({ service: site.counters.find(({ code }) => code === '3').services[0], language: 'en', needs: [] }) });
        return answer.json();
    });
    await page.keyboard.press('Space');
    await page.waitForSelector(`.number:has-text("${number}")`);
    await page.waitForSelector('#big:not(.busy)'); /* the view may come before the answer */

    const keys = [];
    const answers = [];
    page.on('request', (request) => request.url().endsWith('/start') && keys.push(request.headers()['idempotency-key']));
    page.on('response', (response) => response.url().endsWith('/start') && answers.push(response.status()));
    await willTakeRequests(elsewhere);
    await elsewhere.goto(`${house.url}/password`);
    await signInAs(elsewhere, 'amira', OWN);
    await elsewhere.waitForSelector('.sessions li:has-text("Another browser")');
    const ends = [];
    await elsewhere.route('**/end', (route) => ends.push(route));
    await elsewhere.dblclick('button:has-text("Sign out there")');
    await until('the command', () => ends.length > 0);
    await ends[0].continue();
    await elsewhere.waitForSelector('text=Nowhere else.');
    assert.equal(ends.length, 1, 'a doubled press is one command');
    await page.keyboard.press('Enter'); /* Start, before or after the stream has told */
    await page.waitForSelector('dialog[open]:has-text("You are signed out")', { timeout: 20000 });
    assert.equal(await page.innerText('.number'), number, 'the visit stays on the screen');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    await page.waitForSelector('.lost:has-text("This page stands still")');
    await page.keyboard.press('Tab');
    await page.click('.lost button');
    await page.waitForSelector('dialog[open]');
    await focusOn(page, 'sign-in-password');
    await type(page, 'not this one', '<Enter>');
    await page.waitForSelector('dialog .notice.warn:has-text("wrong")');
    await page.keyboard.press('Control+a');
    await type(page, OWN, '<Enter>');
    await gone(page, 'dialog');
    if (answers.length === 0) await page.keyboard.press('Enter'); /* the stream had told first: nothing had been pressed in the page */
    await page.waitForSelector('text=Now serving');
    await page.waitForSelector('.state [role="status"]:text-is("connected")');
    await page.waitForSelector('#big:not(.busy)');
    assert.equal(new Set(keys).size, 1, `one command, one key: ${keys}`);
    assert.equal(answers.filter((status) => status === 200).length, 1, `${answers}`);
}

/* Two tabs of one browser know of each other; a colleague in the other tab acts for nobody else. */
async function parallelTabs(context, page, house, journal) {
    const second = await context.newPage();
    const renewed = [];
    context.on('request', (request) => request.url().endsWith('/api/session/renew') && renewed.push(request.url()));
    await second.goto(`${house.url}/counter/4`);
    await second.waitForSelector('#big');
    await page.bringToFront();
    const before = renewed.length;
    await second.keyboard.press('Shift');
    await until('a renewal', () => renewed.length === before + 1);
    for (const each of [page, second]) for (let i = 0; i < 3; i++) await each.keyboard.press('Shift');

    await second.click('text=Sign out');
    await second.waitForURL('**/sign-in');
    await page.waitForSelector('dialog[open]:has-text("You are signed out")');
    await signInAs(second, 'greta', OWN);
    await second.waitForURL('**/floor');
    await page.waitForSelector('dialog[open]:has-text("Greta Khan"):has-text("has signed in in this browser")');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    await page.keyboard.press('1'); /* Resolved: not in Greta's name */
    await page.waitForSelector('#reference');
    await type(page, 'REF-7', '<Enter>');
    await page.waitForSelector('dialog #sign-in-password');
    assert.equal(journal.count('ticket_closed'), 0);
    await focusOn(page, 'sign-in-password');
    await type(page, OWN, '<Enter>');
    await gone(page, 'dialog');
    await page.waitForSelector('#big:has-text("Call next")');
    await second.waitForSelector('.lost'); /* now that one is not Greta's any more */
    assert.ok(renewed.length <= before + 2, `renewed ${renewed.length - before} times`);
    await second.close();
}

/* An administrator ends it: with the password for the first time the same page goes on, once there is an own one. */
async function endedByAdmin(page, admin, house) {
    await admin.click('a[href="#people"]');
    await admin.click('.people li:has-text("amira") button:has-text("New password")');
    await admin.waitForSelector('dialog');
    await admin.click('dialog .primary');
    await admin.waitForSelector('.one-time');
    const oneTime = (await admin.innerText('.one-time')).trim();
    await admin.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]:has-text("You are signed out")', { timeout: 20000 });
    await focusOn(page, 'sign-in-password');
    await type(page, oneTime, '<Enter>');
    await page.waitForSelector('dialog #new-password');
    await focusOn(page, 'new-password');
    await type(page, `${OWN} two`, '<Enter>');
    await gone(page, 'dialog');
    await page.waitForSelector('.state [role="status"]:text-is("connected")', { timeout: 20000 });
    await page.keyboard.press('c');
    await page.waitForSelector('#big:has-text("Open this counter")');

    await admin.click('.people li:has-text("greta") button:has-text("Let in no more")');
    await admin.click('dialog .primary');
    await admin.waitForSelector('.people li:has-text("greta"):has-text("not let in")');
    await admin.waitForFunction(() => document.activeElement.closest('.people li:has(.pill.late)')); /* not at the page's top */
    assert.equal((await house.call('POST', '/api/session', { name: 'greta', password: OWN })).status, 401);
}

/* Who did what, by whom, in the centre's time. */
async function trail(admin) {
    await admin.click('a[href="#trail"]');
    await admin.waitForSelector('.trail tbody tr');
    const rows = async () => (await admin.locator('.trail tbody tr').allInnerTexts()).map((row) => stripIsolates(row).replace(/\s+/g, ' '));
    const all = await rows();
    for (const wanted of [/Amira Khan Counter staff called the next visitor counter 3 done/, /Amira Khan .*began to serve/, /Amina Boss Administrator added a person Greta Khan done/,
        /signed in .*wrong password/, /let a person in no more Greta Khan done/, /gave a new password Amira Khan/]) {
        assert.ok(all.some((row) => wanted.test(row)), `${wanted} in\n${all.join('\n')}`);
    }
    const forged = all.filter((row) => /opened a counter/.test(row));
    assert.ok(forged.length >= 1, all.join('\n'));
    assert.ok(all.every((row) => /^\d{1,2} \w+ \d{4},? \d{2}:\d{2}:\d{2} /.test(row)), all[0]);
    await admin.selectOption('#trail-who', { label: 'Greta Khan' });
    await until('only hers', async () => (await rows()).every((row) => row.includes('Greta Khan')));
    await admin.selectOption('#trail-what', { label: 'added a person' });
    await until('only one', async () => (await rows()).length === 1);
}

async function day(folder) {
    await withStaff(folder, async ({ house, open, code }) => {
        const journal = followJournal(house);
        const office = await open();
        const admin = await office.newPage();
        await setUp(admin, house, code);
        const oneTime = await people(admin);
        await cancelled(await (await open()).newPage(), house);
        const desk = await open();
        const page = await desk.newPage();
        await firstSignIn(page, house, oneTime.amira);
        await forgeries(page);
        const greeter = await (await open()).newPage();
        await awayFromHere(greeter, house, oneTime.greta);
        const elsewhere = await (await open()).newPage();
        await lostAndBack(page, elsewhere, house, greeter);
        await parallelTabs(desk, page, house, journal);
        await endedByAdmin(page, admin, house);
        /* What waited for her was done once. */
        await until('the end in the journal', () => journal.count('counter_closed') === 1);
        assert.deepEqual(['ticket_called', 'serving_started', 'ticket_closed'].map(journal.count), [1, 1, 1], `${journal.types}`);
        journal.stop();
        await trail(admin);
        await admin.click('text=Sign out');
        await admin.waitForURL('**/sign-in');
        assert.equal((await admin.context().cookies()).length, 0);
    });
}

/* ---- What it looks like, and to whom ---- */

const tooWide = (page) => page.evaluate(() => [document.documentElement, ...document.querySelectorAll('button, dialog, li, .card, .tools, td, th, .pill')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline').map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 40)}`));

/* What is kept as pictures, of all that is looked at. */
const PICTURES = {
    'setup ur': { name: 'setup-ur', colorScheme: 'light' }, 'sign in en': { name: 'sign-in-en', colorScheme: 'light' },
    'people en': { name: 'admin-people-en', colorScheme: 'light' }, 'devices en': { name: 'admin-devices-en', colorScheme: 'dark' },
    'devices ur': { name: 'admin-devices-ur', colorScheme: 'light' }, 'trail ur': { name: 'admin-trail-ur', colorScheme: 'dark' },
};

/* Looks at the page as it stands: by every rule, by those of colour in the other schemes too, and in each width. */
async function judge(page, what, looks) {
    for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', forcedColors: 'active' }]) {
        await page.emulateMedia({ forcedColors: 'none', ...media });
        for (const each of await violations(page, { rules: media.colorScheme === 'light' && !media.forcedColors ? null : ['color-contrast', 'link-in-text-block'] })) looks.found.push(`${what}, ${JSON.stringify(media)}: ${each}`);
        looks.row.count(looks.found.length, what);
    }
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' });
    for (const width of [390, 820, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        for (const each of await tooWide(page)) looks.found.push(`${what} at ${width} px: ${each}`);
        if (process.env.QUARTER_PICTURES) await page.screenshot({ path: path.join(looks.folder, `${what.replaceAll(/\W+/g, '-')}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize(SIZE);
    const { name, colorScheme } = PICTURES[what] || {};
    if (!name) return;
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => scrollTo(0, 0));
    await compareWithGolden(page, looks.folder, name);
    await page.emulateMedia({ colorScheme: 'light' });
}

/* Each state of a page, in English and Urdu. */
async function judgeAll(page, states, looks) {
    for (const language of ['en', 'ur']) for (const [what, reach] of Object.entries(states)) {
        await reach(language);
        await judge(page, `${what} ${language}`, looks);
    }
}

async function letIn(admin, house) {
    const { screen } = await startDisplay(house, { size: '1280x720' });
    const letters = await until('the letters on the display', () => screen.texts().map(stripIsolates).map((each) => each.replace(/\s/g, '')).find((each) => /^[A-Z2-7]{6}$/.test(each)), 30000);
    await admin.goto(`${house.url}/admin?lang=en#devices`);
    await admin.waitForSelector('.pairings li', { timeout: 20000 });
    assert.match(await admin.innerText('.tabs'), /Waiting: 1/);
    return letters;
}

async function pairing(admin, letters) {
    await admin.fill('.pairings input', letters.slice(0, 5));
    await admin.keyboard.press('Enter');
    await admin.waitForSelector('.wrong:has-text("six letters")');
    await admin.fill('.pairings input', letters === 'AAAAAA' ? 'BBBBBB' : 'AAAAAA');
    await admin.keyboard.press('Enter');
    await admin.waitForSelector('.wrong:has-text("That is not what its screen shows.")');
    await admin.fill('.pairings input', letters.toLowerCase());
    await admin.keyboard.press('Enter');
    await admin.waitForSelector('text=lobby is let in.');
    await admin.waitForSelector('.devices li:has-text("lobby"):has-text("Display")');
}

/* A program on another computer: its token is shown once, lets it read what is for it, and is taken from it again. */
async function machine(admin, house, looks) {
    await admin.click('button:has-text("Add a machine")');
    await admin.waitForSelector('dialog #machine-code');
    await focusOn(admin, 'machine-code');
    await type(admin, 'Mon itor', '<Enter>');
    await admin.waitForSelector('#machine-code-error:has-text("A code has up to 32 small letters")');
    await judge(admin, 'add a machine en', looks);
    await admin.fill('#machine-code', 'monitor');
    await admin.keyboard.press('Enter');
    await admin.waitForSelector('dialog .one-time');
    const token = (await admin.innerText('.one-time')).trim();
    await judge(admin, 'token en', looks);
    const status = async () => (await fetch(`${house.url}/metrics`, { headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '192.0.2.1' } })).status;
    assert.equal(await status(), 200);
    await admin.keyboard.press('Escape');
    assert.equal(await admin.isVisible('.one-time'), true);
    await admin.keyboard.press('Enter');
    await gone(admin, 'dialog');
    await admin.click('.devices li:has-text("monitor"):has-text("Machine") button');
    await admin.waitForSelector('dialog:has-text("It reads nothing any more.")');
    await admin.click('dialog .primary');
    await admin.waitForSelector('.devices li:has-text("monitor"):has-text("not let in")');
    assert.equal(await status(), 401);
}

async function everyLook(folder) {
    await noting('e2e-admin-axe', (row) => looksOf(folder, { row, folder, found: [] }));
}

async function looksOf(folder, looks) {
    await withStaff(folder, async ({ house, open, code }) => {
        const page = await (await open()).newPage();
        await judgeAll(page, {
            setup: async (language) => {
                await page.goto(`${house.url}/setup?lang=${language}`);
                await page.waitForSelector('#setup-code');
                await focusOn(page, 'setup-code');
                await page.keyboard.press('Enter');
                await page.waitForSelector('.wrong');
            },
        }, looks);
        await setUp(page, house, code);
        await addPerson(page, 'amira', ['counter']);
        const letters = await letIn(page, house);
        const still = await madeUp(page, house);
        await judgeAll(page, adminStates(page, house), looks);
        await still.end();
        await page.goto(`${house.url}/admin?lang=en#devices`);
        await page.reload(); /* it had the devices that were made up */
        await page.waitForSelector('.pairings li');
        await pairing(page, letters);
        await page.click('.devices li:has-text("lobby") button');
        await judge(page, 'revoke en', looks);
        await page.click('dialog .primary');
        await page.waitForSelector('.devices li:has-text("lobby"):has-text("not let in")');
        await focusOn(page, 'devices-title');
        await machine(page, house, looks);
        const elsewhere = await (await open()).newPage();
        await judgeAll(elsewhere, signInStates(elsewhere, house), looks);
        assert.deepEqual(looks.found, []);
    });
}

/* The lists of administration are made up until end(). */
async function madeUp(page, house) {
    const persons = await page.evaluate(async (where) => (await fetch(where)).json(), `${house.url}/api/persons`);
    const views = adminViews(...[BOSS.name, 'amira'].map((wanted) => persons.find(({ name }) => name === wanted)));
    const isList = ({ pathname }) => Boolean(views[pathname]);
    await page.route(isList, (route) => (route.request().method() === 'GET' ? route.fulfill({ json: views[new URL(route.request().url()).pathname] }) : route.fallback()));
    return { end: () => page.unroute(isList) };
}

function adminStates(page, house) {
    const at = (hash, shows) => async (language) => {
        await page.goto(`${house.url}/admin?lang=${language}${hash}`);
        await page.reload(); /* another hash alone loads nothing */
        await page.waitForSelector(shows);
    };
    const people = at('#people', '.people li');
    return {
        people, devices: at('#devices', 'main:has(.pairings li) .devices li'), trail: at('#trail', '.trail tbody tr'),
        'add a person': async (language) => {
            await people(language);
            await page.click('.tools .primary');
            await page.waitForSelector('dialog[open]');
        },
        'one-time password': async (language) => {
            await people(language);
            await page.click('.people li:has-text("amira") .actions button:nth-child(2)');
            await page.click('dialog .primary');
            await page.waitForSelector('.one-time');
        },
        password: async (language) => {
            await page.goto(`${house.url}/password?lang=${language}`);
            await page.waitForSelector('.sessions li');
            await page.focus('#new-password');
            await page.keyboard.type('a b c');
        },
    };
}

function signInStates(page, house) {
    const fresh = async (language) => {
        await page.context().clearCookies();
        await page.goto(`${house.url}/sign-in?lang=${language}`);
        await page.waitForSelector('#sign-in-name');
    };
    return {
        'sign in': async (language) => {
            await fresh(language);
            await signInAs(page, 'nobody', 'wrong');
            await page.waitForSelector('.notice.warn');
        },
        lost: async (language) => {
            await fresh(language);
            await signInAs(page, BOSS.name, BOSS.password);
            await page.waitForURL('**/admin');
            await page.waitForSelector('.people li');
            await page.context().clearCookies();
            await page.click('.tools .primary');
            await page.waitForSelector('dialog[open]');
            await type(page, `person.${language}`, '<Enter>');
            await page.waitForSelector('.lost');
        },
        refused: async (language) => {
            await fresh(language);
            await signInAs(page, BOSS.name, BOSS.password);
            await page.waitForURL('**/admin');
            await page.goto(`${house.url}/manager?lang=${language}`);
            await page.waitForSelector('.problem h1');
        },
    };
}

export const tests = [
    { name: 'staff sign in, are lost and come back', limitMs: 300000, run: day },
    { name: 'signing in and administration without an axe violation', limitMs: 400000, run: everyLook },
];
