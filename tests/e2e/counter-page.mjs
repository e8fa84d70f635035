/* The staff pages in Chromium against the real server: a day by keyboard alone, a server that goes away and comes
 * back, what a refusal looks like, what axe finds, and golden pictures in three languages. A string without words in
 * the reader's language fails every test here. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { House, root } from './house.mjs';
import { openBrowser } from './stage.mjs';

const SIZE = { width: 1440, height: 900 };

/* Share of pixels in which two PNG files differ by more than 40 of 255 in a channel; both are drawn by the browser. */
async function difference(page, first, second) {
    const data = [first, second].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`);
    await page.goto('about:blank');
    return page.evaluate(async (sources) => {
        const pixels = await Promise.all(sources.map(async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height).data;
        }));
        if (pixels[0].length !== pixels[1].length) return 1;
        let different = 0;
        for (let i = 0; i < pixels[0].length; i += 4) {
            if ([0, 1, 2].some((k) => Math.abs(pixels[0][i + k] - pixels[1][i + k]) > 40)) different += 1;
        }
        return different / (pixels[0].length / 4);
    }, data);
}

async function withPage(folder, work) {
    const house = new House(folder);
    const browser = await openBrowser();
    const faults = [];
    try {
        await house.startServer();
        const page = await browser.newPage({ viewport: SIZE, locale: 'en-GB' });
        page.on('pageerror', (error) => faults.push(error.message));
        page.on('console', (message) => message.type() === 'warning' && faults.push(message.text()));
        await work({ house, page, browser });
        assert.deepEqual(faults, [], 'the page ran without errors');
    } finally {
        await browser.close();
        await house.stopAll();
    }
}

const issue = (house, service, more = {}) => house.call('POST', '/api/tickets', { service, language: 'en', needs: [], ...more });

/* A counter of the site and one service that it offers. */
async function oneCounter(house) {
    const site = (await house.call('GET', '/api/site')).body;
    const counter = site.counters[0];
    return { site, counter: counter.code, service: counter.services[0] };
}

async function byKeyboard(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter, service } = await oneCounter(house);
        await page.goto(`${house.url}/counter/${counter}`);
        await page.waitForSelector('#big:has-text("Open this counter")');
        await page.keyboard.press('o');
        await page.waitForSelector('#big:has-text("Call next")');

        await page.keyboard.press('Space');
        await page.waitForSelector('text=Nobody you can serve is waiting.');

        const first = (await issue(house, service)).body;
        const second = (await issue(house, service, { language: 'pl', needs: ['interpreter'] })).body;
        await page.waitForSelector(`tr:has-text("${second.number}")`);
        await page.keyboard.press('Space');
        await page.waitForSelector(`.number:has-text("${first.number}")`);

        /* Not here is held back until the visitor was called again. */
        assert.equal(await page.isDisabled('button:has-text("Not here")'), true);
        await page.keyboard.press('r');
        await page.waitForSelector('text=called again: 1');
        await page.keyboard.press('n');
        await page.waitForSelector('#big:has-text("Call next")');
        assert.equal((await house.call('GET', `/api/tickets/${first.id}`)).body.state, 'no_show');

        await page.keyboard.press('Space');
        await page.waitForSelector(`.number:has-text("${second.number}")`);
        await page.waitForSelector('.pill:has-text("Polish")');
        await page.waitForSelector('.pill:has-text("Interpreter")');
        await page.keyboard.press('Enter');
        await page.waitForSelector('text=Now serving');
        await page.keyboard.press('2');
        await page.waitForSelector(`text=Last visit:`);
        const closed = (await house.call('GET', `/api/tickets/${second.id}`)).body;
        assert.equal(closed.state, 'closed');
        await page.keyboard.press('c');
        await page.waitForSelector('#big:has-text("Open this counter")');
    });
}

async function serverGoesAway(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter, service } = await oneCounter(house);
        await house.call('POST', `/api/counters/${counter}/open`, {});
        const ticket = (await issue(house, service)).body;
        await page.goto(`${house.url}/counter/${counter}`);
        await page.waitForSelector('#big:has-text("Call next")');
        await house.stop('server', 'SIGKILL');
        await page.waitForSelector('text=not connected');
        /* Pressed while nobody answers: it is kept, said, and done once when the server is back. */
        await page.keyboard.press('Space');
        await page.waitForSelector('text=Sending again');
        await page.keyboard.press('Space');
        await house.startServer();
        await page.waitForSelector(`.number:has-text("${ticket.number}")`, { timeout: 30000 });
        await page.waitForSelector('text=connected >> nth=0');
        assert.equal((await house.call('GET', `/api/tickets/${ticket.id}`)).body.state, 'called');
    });
}

/* The connection stands, but nothing comes any more: only the missing beats tell. */
async function serverFallsSilent(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter } = await oneCounter(house);
        await page.goto(`${house.url}/counter/${counter}`);
        await page.waitForSelector('#big:has-text("Open this counter")');
        house.running.get('server').kill('SIGSTOP');
        try {
            await page.waitForSelector('text=The queue server cannot be reached', { timeout: 20000 });
        } finally {
            house.running.get('server').kill('SIGCONT');
        }
        await page.waitForSelector('.state [role="status"].soft:has-text("connected")', { timeout: 30000 });
    });
}

async function refusalInWords(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter, service } = await oneCounter(house);
        await house.call('POST', `/api/counters/${counter}/open`, {});
        await issue(house, service);
        /* The script in an answer is text, and only text. */
        await issue(house, service, { answers: { note: '<img src=x onerror="document.title=1">' } });
        await page.goto(`${house.url}/counter/${counter}`);
        await page.waitForSelector('#big:has-text("Call next")');
        await page.keyboard.press('Space');
        await page.waitForSelector('#big:has-text("Start")');
        /* Another client finishes the visit; the page follows, and a late press is refused in words. */
        let held = null;
        await page.route('**/start', async (route) => {
            held = route;
        });
        await page.keyboard.press('Enter');
        await house.call('POST', `/api/counters/${counter}/start`, {});
        await house.call('POST', `/api/counters/${counter}/finish`, { outcome: 'resolved' });
        while (!held) await new Promise((resolve) => setTimeout(resolve, 10));
        await held.continue();
        await page.waitForSelector('.notice.warn:has-text("There is nobody at this counter.")');
        await page.unroute('**/start');
        await page.keyboard.press('Space');
        await page.waitForSelector('.answers:has-text("<img src=x")');
        assert.notEqual(await page.title(), '1');
        /* A wrong address is told in words, with a way on; a program still gets the document. */
        for (const [where, words] of [['/counter/nosuch', 'This centre has no such counter.'], ['/nosuch', 'There is nothing at this address.']]) {
            const answer = await page.goto(house.url + where);
            assert.equal(answer.status(), 404);
            await page.waitForSelector(`h1:has-text("${words}")`);
            assert.equal((await house.call('GET', where)).body.detail, words);
        }
        await page.click('text=Choose your counter');
        await page.waitForSelector('.tile');
        await page.selectOption('select', 'ur');
        await page.waitForSelector('html[lang="ur"][dir="rtl"] .tile');
    });
}

/* How often each command reached the server. */
function countCommands(page) {
    const sent = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url().split('/').pop()));
    return sent;
}

async function oneKeyOneCommand(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter, service } = await oneCounter(house);
        await house.call('POST', `/api/counters/${counter}/open`, {});
        for (let i = 0; i < 4; i++) await issue(house, service);
        await page.goto(`${house.url}/counter/${counter}`);
        await page.waitForSelector('#big:has-text("Call next")');
        const sent = countCommands(page);
        const focused = () => page.evaluate(() => document.activeElement.innerText.split('\n')[0].trim());

        /* Space on the focused button: the button alone, not the page's key as well. */
        await page.focus('#big');
        await page.keyboard.press('Space');
        await page.waitForSelector('#big:has-text("Start")');
        assert.deepEqual(sent, ['next']);
        assert.match(await focused(), /^Start/);

        /* A key held down on a button is one command. */
        await page.focus('button:has-text("Call again")');
        await page.keyboard.down('Enter');
        for (let i = 0; i < 5; i++) {
            await page.keyboard.down('Enter'); /* the keyboard's repeat */
            await page.waitForTimeout(30);
        }
        await page.keyboard.up('Enter');
        await page.waitForSelector('text=called again: 1');
        assert.deepEqual(sent, ['next', 'recall']);
        assert.match(await focused(), /^Call again/, 'a command leaves the focus where it was');

        /* The focused button goes: the focus moves to what comes next, and the keys still work. */
        await page.focus('button:has-text("Not here")');
        await page.keyboard.press('Enter');
        await page.waitForSelector('#big:has-text("Call next")');
        await page.waitForFunction(() => document.activeElement.id === 'big');
        assert.deepEqual(sent, ['next', 'recall', 'no-show']);

        /* A double click is one click, whatever the button says by then. */
        await page.hover('#big');
        await page.mouse.down({ clickCount: 1 });
        await page.mouse.up({ clickCount: 1 });
        await page.waitForSelector('#big[aria-disabled="false"]:has-text("Start")');
        await page.mouse.down({ clickCount: 2 });
        await page.mouse.up({ clickCount: 2 });
        await page.waitForTimeout(200);
        assert.deepEqual(sent, ['next', 'recall', 'no-show', 'next']);

        /* A keyboard of another alphabet: the key's place counts. */
        await page.evaluate(() => {
            document.activeElement.blur();
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '\u0642', code: 'KeyR', bubbles: true, cancelable: true }));
        });
        await page.waitForSelector('text=called again: 1');
        assert.deepEqual(sent, ['next', 'recall', 'no-show', 'next', 'recall']);
    });
}

/* What axe-core finds on the page as it stands, one line each. */
async function violations(page) {
    await page.evaluate(readFileSync(path.join(root, 'tests/e2e/node_modules/axe-core/axe.min.js'), 'utf8'));
    return page.evaluate(async () => {
        const { violations: found } = await window.axe.run();
        return found.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
    });
}

async function accessible(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter, site } = await oneCounter(house);
        const act = (verb) => house.call('POST', `/api/counters/${counter}/${verb}`, {});
        const offered = site.counters[0].services;
        const states = [
            { name: 'choose', where: '/', shows: '.tile' },
            { name: 'no such counter', where: '/counter/nosuch', shows: '.problem' },
            { name: 'closed', shows: '#big' },
            { name: 'nobody waits', shows: '#big', reach: () => act('open') },
            { name: 'idle', shows: 'tbody tr', reach: async () => {
                for (let i = 0; i < 4; i++) await issue(house, offered[0], { language: 'pl', needs: ['interpreter', 'step_free'], answers: { note: 'x' } });
            } },
            { name: 'called', shows: '.number', reach: () => act('next') },
            { name: 'serving', shows: '.number', reach: () => act('start') },
        ];
        const found = [];
        for (const { name, where, shows, reach } of states) {
            if (reach) await reach();
            for (const language of ['en', 'ur']) {
                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    await page.goto(`${house.url}${where || `/counter/${counter}`}?lang=${language}`);
                    await page.waitForSelector(shows);
                    for (const each of await violations(page)) found.push(`${name}, ${language}, ${colorScheme}: ${each}`);
                }
            }
        }
        assert.deepEqual(found, []);
    });
}

/* No language and no width pushes anything out of the page. */
async function narrow(folder) {
    await withPage(folder, async ({ house, page }) => {
        const { counter, site } = await oneCounter(house);
        await house.call('POST', `/api/counters/${counter}/open`, {});
        for (let i = 0; i < 3; i++) {
            await issue(house, site.counters[0].services[0], { language: 'pl', needs: ['interpreter', 'private_room', 'step_free'] });
        }
        await house.call('POST', `/api/counters/${counter}/next`, {});
        await house.call('POST', `/api/counters/${counter}/start`, {});
        for (const { code } of site.languages) {
            for (const width of [390, 768, 1440]) {
                await page.setViewportSize({ width, height: 900 });
                for (const where of ['/', `/counter/${counter}`]) {
                    await page.goto(`${house.url}${where}?lang=${code}`);
                    await page.waitForSelector('.tile, tbody tr');
                    const wider = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.rows, button, .tile, .pill')]
                        .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 40)}`));
                    assert.deepEqual(wider, [], `${where} in ${code} at ${width} px`);
                }
            }
        }
    });
}

/* The page as it stands against tests/golden/NAME.png; what runs on with the clock is masked. */
async function compareWithGolden(page, blank, folder, name) {
    const seen = await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled',
        mask: [page.locator('.clock'), page.locator('.bar time')], maskColor: '#888888' });
    const golden = path.join(root, `tests/golden/${name}.png`);
    if (process.env.QUARTER_UPDATE_GOLDEN) writeFileSync(golden, seen);
    assert.ok(existsSync(golden), `${golden} is missing: make it with QUARTER_UPDATE_GOLDEN=1 and look at it`);
    const share = await difference(blank, seen, readFileSync(golden));
    assert.ok(share < 0.005, `${name}.png differs in ${(share * 100).toFixed(2)} % of its pixels; see ${folder}`);
}

async function pictures(folder) {
    await withPage(folder, async ({ house, page, browser }) => {
        const { counter, site } = await oneCounter(house);
        const offered = site.counters[0].services;
        await house.call('POST', `/api/counters/${counter}/open`, {});
        for (let i = 0; i < 6; i++) {
            await issue(house, offered[i % offered.length], [{}, { language: 'ur' }, { needs: ['bsl'] }][i % 3]);
        }
        await issue(house, offered[0], { language: 'pl', needs: ['interpreter', 'private_room'] });
        await house.call('POST', `/api/counters/${counter}/next`, {});
        await house.call('POST', `/api/counters/${counter}/start`, {});
        const blank = await browser.newPage();
        for (const language of ['en', 'ur', 'gu']) {
            await page.goto(`${house.url}/counter/${counter}?lang=${language}`);
            await page.waitForSelector('.number');
            await page.waitForSelector('tbody tr');
            await compareWithGolden(page, blank, folder, `counter-${language}`);
            await page.goto(`${house.url}/?lang=${language}`);
            await page.waitForSelector('.tile');
            await compareWithGolden(page, blank, folder, `choose-${language}`);
        }
    });
}

export const tests = [
    { name: 'counter page by keyboard', limitMs: 90000, run: byKeyboard },
    { name: 'counter page while the server is away', limitMs: 90000, run: serverGoesAway },
    { name: 'counter page while the server is silent', limitMs: 90000, run: serverFallsSilent },
    { name: 'counter page refusals and hostile text', limitMs: 90000, run: refusalInWords },
    { name: 'counter page: one key, one command', limitMs: 90000, run: oneKeyOneCommand },
    { name: 'counter page without an axe violation', limitMs: 180000, run: accessible },
    { name: 'counter page in every language and width', limitMs: 180000, run: narrow },
    { name: 'counter page pictures', limitMs: 120000, run: pictures },
];
