/* ./run demo: the whole house on this machine. With a screen the kiosk and the display open as windows; without one
 * they draw to files, a visitor's touches come through umockdev, and a picture of each screen is written to disk.
 * --busy brings visitors and staff through the public API, on a clock that runs 20 times as fast. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, House, newKey, pause, root, until } from './house.mjs';
import { openBrowser, startDisplay, startKiosk, startPrinter, touch } from './stage.mjs';

const HELP = `./run demo [--busy] [--headless] [--seconds N]

  --busy       visitors arrive and staff call them, 20 times as fast as a real day
  --headless   no windows even where there is a screen: pictures go to build/release/demo/pictures
  --seconds N  stop after N seconds (without it: until Ctrl-C)
`;

function options(words) {
    const chosen = { busy: false, headless: !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY, seconds: 0 };
    for (let i = 0; i < words.length; i++) {
        if (words[i] === '--busy') chosen.busy = true;
        else if (words[i] === '--headless') chosen.headless = true;
        else if (words[i] === '--seconds' && Number(words[i + 1]) > 0) chosen.seconds = Number(words[++i]);
        else {
            process.stderr.write(words[i] === '--help' ? HELP : `demo: what is "${words[i]}"?\n\n${HELP}`);
            process.exit(words[i] === '--help' ? 0 : 2);
        }
    }
    return chosen;
}

/* A day's rhythm on the house's own clock: walk-ins a minute and minutes a visit, both made lively. */
const SPEED = 20;
const ARRIVALS_PER_MIN = 1.3;
const WAITING_AT_START = 24; /* so that the lobby lives from the first minute */
const WALK_S = 90; /* a call stands 4.5 s of real time */
const VISIT_MIN = [2, 14];
const LANGUAGES = ['en', 'en', 'en', 'en', 'en', 'en', 'pl', 'ur', 'gu', 'pa'];
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const houseMinutes = (minutes) => pause((minutes * 60000) / SPEED);

async function visitors(house, site, going) {
    const services = site.services.map((service) => service.code);
    for (let count = 0; going(); count++) {
        if (count >= WAITING_AT_START) await houseMinutes(-Math.log(1 - Math.random()) / ARRIVALS_PER_MIN);
        const answer = await house.call('POST', '/api/tickets', {
            service: pick(services), language: pick(LANGUAGES), needs: Math.random() < 0.1 ? [pick(site.needs).code] : [],
        });
        if (answer.status === 409 && answer.body.type === '/problems/day-closed') return;
    }
}

async function staff(house, counter, going) {
    const act = (what, body = {}) => house.call('POST', `/api/counters/${counter}/${what}`, body, newKey());
    await act('open');
    while (going()) {
        const next = await act('next');
        const given = next.status === 409 && next.body.type === '/problems/counter-busy'; /* while it was ready */
        if (next.status !== 200 && !given) {
            await houseMinutes(0.5);
            continue;
        }
        await houseMinutes(WALK_S / 60);
        if (Math.random() < 0.08) {
            await act('recall');
            await houseMinutes(WALK_S / 60);
            await act('no-show');
            continue;
        }
        await act('start');
        await houseMinutes(VISIT_MIN[0] + Math.random() * (VISIT_MIN[1] - VISIT_MIN[0]));
        await act('finish', { outcome: pick(['resolved', 'resolved', 'resolved', 'resolved', 'follow_up', 'signposted']) });
    }
}

async function makeLively(house, going) {
    const site = (await house.call('GET', '/api/site')).body;
    const oops = (error) => going() && console.error(`demo: ${error.message}`);
    visitors(house, site, going).catch(oops);
    /* Counters 1 and 2 stay free for whoever tries the counter page. */
    for (const counter of site.counters.slice(2)) staff(house, counter.code, going).catch(oops);
}

/* What the printer was sent, as it would come out. */
async function keepTicket(printer, picture) {
    const job = await until('the ticket to be printed', () => readdirSync(printer.jobs).find((name) => name.endsWith('.pwg')));
    await until('all of the ticket', () => {
        execFileSync(path.join(build, 'tests/pwg-to-png'), [path.join(printer.jobs, job), picture], { stdio: 'ignore' });
        return true;
    });
}

/* "Help us prepare": the questions of the service, of which the first is answered and the others are skipped. */
async function answerQuestions(kiosk, keep) {
    await touch(kiosk, 'questions');
    let frame = await kiosk.screen.page('question');
    keep(kiosk.screen, 'kiosk-4-question');
    const asked = (shown) => shown.page + shown.elements.find((element) => element.role === 'heading')?.text;
    const answer = (shown) => shown.elements.find((element) => element.id.startsWith('answer-')).id;
    const skip = (shown) => shown.elements.find((element) => ['not-sure', 'skip'].includes(element.id)).id;
    for (let choose = answer; frame.page === 'question'; choose = skip) {
        await touch(kiosk, choose(frame));
        frame = await until('the next question', () => asked(kiosk.screen.now()) !== asked(frame) && kiosk.screen.now());
    }
    await kiosk.screen.page('ready');
}

/* Without a screen: one visitor from touch to counter, a picture of each step. */
async function walkThrough(house, kiosk, display, pictures) {
    const keep = (screen, name) => copyFileSync(screen.picture, path.join(pictures, `${name}.png`));
    const browser = await openBrowser();
    try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        await kiosk.screen.page('welcome', 30000);
        keep(kiosk.screen, 'kiosk-1-welcome');
        await touch(kiosk, 'language-en');
        await kiosk.screen.page('services');
        keep(kiosk.screen, 'kiosk-2-services');
        await touch(kiosk, 'group-council_tax');
        await kiosk.screen.page('ready');
        keep(kiosk.screen, 'kiosk-3-ready');
        await answerQuestions(kiosk, keep);
        await touch(kiosk, 'get-ticket');
        await kiosk.screen.page('done');
        await keepTicket(house.printer, path.join(pictures, 'ticket.png'));
        await page.goto(`${house.url}/`);
        await page.waitForSelector('.tile');
        await page.screenshot({ path: path.join(pictures, 'staff-1-choose.png') });
        const site = (await house.call('GET', '/api/site')).body;
        const counter = site.counters.find((each) => each.services.includes('council_tax')).code;
        await page.goto(`${house.url}/counter/${counter}`);
        await page.waitForSelector('#big');
        if ((await page.textContent('#big')).includes('Open')) await page.keyboard.press('o');
        await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Call next")');
        await page.keyboard.press('Space');
        await page.waitForSelector('.number');
        await display.screen.shows((await page.textContent('.number')).trim());
        await pause(400);
        keep(kiosk.screen, 'kiosk-5-done');
        keep(display.screen, 'display-called');
        await page.screenshot({ path: path.join(pictures, 'staff-2-called.png') });
        await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Start")');
        await page.keyboard.press('Enter');
        await page.waitForSelector('button:not([aria-disabled="true"]):has-text("Resolved")');
        await page.screenshot({ path: path.join(pictures, 'staff-3-serving.png') });
        await page.keyboard.press('1');
        await page.waitForSelector('#reference');
        await page.screenshot({ path: path.join(pictures, 'staff-4-finish.png') });
        await page.keyboard.press('Enter');
        await page.waitForSelector('#big:not([aria-disabled="true"]):has-text("Call next")');
        for (const [number, name, shown] of [[5, 'floor', 'main.floor'], [6, 'manager', '.share-figure']]) {
            await page.goto(`${house.url}/${name}`);
            await page.waitForSelector(shown);
            await page.screenshot({ path: path.join(pictures, `staff-${number}-${name}.png`) });
        }
    } finally {
        await browser.close();
    }
}

async function main() {
    const chosen = options(process.argv.slice(2));
    const folder = path.join(build, 'demo');
    const pictures = path.join(folder, 'pictures');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(pictures, { recursive: true });
    const house = new House(folder);
    let going = true;
    const stop = async () => {
        if (!going) return;
        going = false;
        console.log('\nStopping what was started ...');
        await house.stopAll();
        process.exit(0);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);

    try {
        console.log('Starting the printer, the queue server, the kiosk and the display ...');
        const printer = await startPrinter(house);
        await house.startServer({ speed: chosen.busy ? SPEED : 1, clock: '2026-11-24T10:00' });
        const windowed = !chosen.headless;
        const kiosk = await startKiosk(house, { windowed });
        const display = await startDisplay(house, { windowed });
        if (chosen.busy) await makeLively(house, () => going);
        console.log(`
  Counter pages   ${house.url}/
  One of them     ${house.url}/counter/1
  Meet and greet  ${house.url}/floor
  Manager         ${house.url}/manager
  API             ${house.url}/api/openapi.json
  Figures         ${house.url}/metrics
  Printed pages   ${path.relative(root, printer.jobs)}
  Logs and data   ${path.relative(root, folder)}
`);
        if (chosen.headless) {
            console.log('No screen here: a visitor walks through, and each screen is drawn to a file ...');
            await walkThrough(house, kiosk, display, pictures);
            if (chosen.busy) {
                await until('a lively lobby', () => display.screen.texts().filter((text) => /^.?[A-Z]\d{2,3}.?$/.test(text)).length >= 3, 60000);
                copyFileSync(display.screen.picture, path.join(pictures, 'display-busy.png'));
            }
            console.log(`  Pictures        ${path.relative(root, pictures)}`);
        }
        console.log('Ctrl-C stops everything that was started here.');
        if (chosen.seconds) setTimeout(stop, chosen.seconds * 1000);
        await until('the end', () => !going, 2 ** 31 - 1);
    } catch (error) {
        if (going) console.error(`demo: ${error.message}\n      the logs are in ${path.relative(root, folder)}`);
        await house.stopAll();
        process.exit(1);
    }
}

main();
