/* The real programs with sign-in and TLS: a kiosk and a display that nobody knows show letters, an administrator types
 * them, and they serve; a revoked one asks anew; a server of another key is told nothing. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import https from 'node:https';
import { House, newKey, stripIsolates, until } from './house.mjs';
import { startDisplay, startKiosk, touch } from './stage.mjs';

const LONG_MS = 60000; /* for a machine that is busy with other things */

/* ---- the administrator: who talks to nobody but the server of the printed key ---- */

class Admin {
    constructor(house, pin) {
        this.house = house;
        this.pin = pin;
        this.cookie = '';
        this.csrf = '';
    }

    checkKey(socket) {
        const spki = socket.getPeerX509Certificate().publicKey.export({ type: 'spki', format: 'der' });
        const pin = `sha256//${createHash('sha256').update(spki).digest('base64')}`;
        if (pin !== this.pin) socket.destroy(new Error(`the server shows ${pin}, not ${this.pin}`));
    }

    call(method, where, body = null) {
        const headers = body === null ? {} : { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() };
        if (this.cookie) headers.Cookie = this.cookie;
        if (this.csrf && body !== null) headers['X-Quarter-CSRF'] = this.csrf;
        return new Promise((resolve, reject) => {
            const request = https.request(this.house.url + where, { method, headers, agent: false, rejectUnauthorized: false, timeout: 20000 }, (answer) => {
                const chunks = [];
                answer.on('data', (chunk) => chunks.push(chunk));
                answer.on('end', () => {
                    const text = Buffer.concat(chunks).toString();
                    const cookie = (answer.headers['set-cookie'] || [])[0];
                    if (cookie) this.cookie = cookie.split(';')[0];
                    resolve({ status: answer.statusCode, body: text ? JSON.parse(text) : null });
                });
            });
            request.on('socket', (socket) => socket.on('secureConnect', () => this.checkKey(socket)));
            request.on('timeout', () => request.destroy(new Error(`${where} took too long`)));
            request.on('error', reject);
            request.end(body === null ? undefined : JSON.stringify(body));
        });
    }

    async setUp(code) {
        const answer = await this.call('POST', '/api/setup', { code, name: 'ada', display: 'Ada', password: 'a long enough pass phrase', roles: [] });
        assert.equal(answer.status, 201, JSON.stringify(answer.body));
        this.csrf = answer.body.csrf;
    }

    /* The pairing of a device, when it has revealed itself. */
    pairing(code) {
        return until(`the pairing of ${code}`, async () => {
            const { status, body } = await this.call('GET', '/api/pairings');
            assert.equal(status, 200);
            return body.find((each) => each.code === code);
        }, LONG_MS);
    }

    async approve(code, letters) {
        const { pairing } = await this.pairing(code);
        return this.call('POST', `/api/pairings/${pairing}/approve`, { letters, code });
    }
}

/* ---- what the screens show ---- */

const textOf = (frame, id) => stripIsolates(frame.elements.find((element) => element.id === id)?.text || '');

/* Letters on the screen, other than those. */
function letters(screen, before = '') {
    return until(`letters${before && ` other than ${before}`}`, () => {
        const frame = screen.now();
        const text = frame && frame.page === 'pairing' ? textOf(frame, 'letters') : '';
        return /^[A-Z2-7]{6}$/.test(text) && text !== before ? text : '';
    }, LONG_MS);
}

async function letIn(admin, code, screen, page) {
    const answer = await admin.approve(code, await letters(screen));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    await screen.page(page, LONG_MS);
}

async function startServer(house) {
    const before = house.log('server').length;
    await house.startServer({ extra: ['--sign-in', 'on', '--tls', 'on'] });
    house.url = `https://127.0.0.1:${house.port}`;
    const said = (pattern) => until(`${pattern} from the server`, () => house.log('server').slice(before).match(pattern)?.[1], LONG_MS);
    return { pin: await said(/^key (sha256\/\/\S+)$/m), said };
}

/* ---- the parts of the day ---- */

async function wrongLettersThreeTimes(admin, screen) {
    const right = await letters(screen);
    const wrong = right === 'AAAAAA' ? 'BBBBBB' : 'AAAAAA';
    const { pairing } = await admin.pairing('lobby');
    const tries = [];
    for (const typed of [wrong, wrong, wrong, right]) {
        const { status } = await admin.call('POST', `/api/pairings/${pairing}/approve`, { letters: typed, code: 'lobby' });
        tries.push(status);
    }
    assert.deepEqual(tries.slice(0, 2), [422, 422]);
    assert.ok(tries[2] >= 400 && tries[3] === 410, `the third wrong try ends it: ${tries}`);
    await letters(screen, right);
}

async function takeTicket(kiosk) {
    await touch(kiosk, 'language-en');
    await kiosk.screen.page('services', LONG_MS);
    await touch(kiosk, 'group-council_tax');
    await kiosk.screen.page('ready', LONG_MS);
    await touch(kiosk, 'get-ticket');
    const frame = await kiosk.screen.page('done', LONG_MS);
    assert.match(textOf(frame, 'number'), /^[A-Z]+\d+$/);
    await touch(kiosk, 'finished');
    await kiosk.screen.page('welcome', LONG_MS);
}

async function revokedAndBack(house, admin, kiosk) {
    const revoked = await admin.call('POST', '/api/devices/kiosk-1/revoke', {});
    assert.equal(revoked.status, 200);
    await letIn(admin, 'kiosk-1', kiosk.screen, 'welcome');
    const { body } = await admin.call('GET', '/api/devices');
    assert.deepEqual(body.filter((each) => !each.revoked).map((each) => `${each.kind} ${each.code}`).sort(), ['display lobby', 'kiosk kiosk-1']);
}

async function anotherKey(house, kiosk, display) {
    const keys = (to, from) => renameSync(house.at('data', from), house.at('data', to));
    await house.stop('server');
    keys('tls-before', 'tls');
    const other = await startServer(house);
    for (const { screen } of [kiosk, display]) {
        await screen.page('pairing', LONG_MS);
        await screen.shows('The server shows another key than the one known here.', LONG_MS);
    }
    const admin = new Admin(house, other.pin);
    assert.equal((await admin.call('GET', '/api/session')).status, 200);
    await house.stop('server');
    keys('tls-other', 'tls');
    keys('tls', 'tls-before');
    await startServer(house);
    await kiosk.screen.page('welcome', LONG_MS); /* by the token that it had */
    await display.screen.page('live', LONG_MS);
}

async function run(folder) {
    const house = new House(folder);
    try {
        const { pin, said } = await startServer(house);
        const admin = new Admin(house, pin);
        const [display, kiosk] = await Promise.all([
            startDisplay(house, { extra: ['--cache', house.at('display-cache')] }),
            startKiosk(house),
        ]);
        assert.match(textOf(await kiosk.screen.page('pairing', LONG_MS), 'title'), /not paired/);
        await admin.setUp(await said(/^set-up code (\S+)$/m));
        await wrongLettersThreeTimes(admin, display.screen);
        await letIn(admin, 'lobby', display.screen, 'live');
        await letIn(admin, 'kiosk-1', kiosk.screen, 'welcome');
        await takeTicket(kiosk);
        await revokedAndBack(house, admin, kiosk);

        await house.stop('kiosk'); /* what pairing agreed outlives the program */
        const again = await startKiosk(house);
        await again.screen.page('welcome', LONG_MS);
        assert.deepEqual((await admin.call('GET', '/api/pairings')).body, []);
        await anotherKey(house, again, display);
    } finally {
        await house.stopAll();
    }
}

export const tests = [{ name: 'a kiosk and a display are paired over TLS, revoked, and loyal to one key', limitMs: 300000, run }];
