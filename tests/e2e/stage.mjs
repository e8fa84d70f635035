/* The real peripherals round a House: a printer that speaks IPP, a kiosk whose touches are recorded evdev events
 * played through umockdev, a display whose sound lands in a file, and Debian's Chromium. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build, here, pause, program, Screen, until } from './house.mjs';

/* One address is chosen by the system, so that two tests can run side by side. Gives {uri, jobs, paper(state)}. */
export async function startPrinter(house, name = 'printer') {
    const folder = house.at(name);
    mkdirSync(folder, { recursive: true });
    const script = path.join(here, 'ippeveprinter.sh');
    const uri = execFileSync(script, ['start', folder], { encoding: 'utf8' }).trim().split('\n').pop();
    const kept = house.at(`${name}-requests`);
    const socketFolder = mkdtempSync(path.join(os.tmpdir(), 'quarter-')); /* a UNIX socket's path holds 108 bytes */
    const printer = {
        uri, folder, jobs: path.join(folder, 'jobs'), socket: path.join(socketFolder, 'print'), spool: house.at(`${name}-spool`),
        /* While a job prints, its request still lies in the spool: the hook keeps a copy of it to compare with, which is there
         * when it is whole. */
        keepRequests: () => {
            const hook = path.join(folder, 'on-job');
            mkdirSync(kept, { recursive: true });
            /* By name: what the spool is about to put in place under another name may go while it is looked at, and a hook that fails
             * fails the job. */
            writeFileSync(hook, `#!/bin/sh\nmkdir -p '${kept}.part'\ncp '${house.at(`${name}-spool`)}'/*.json '${kept}.part'\nmv '${kept}.part' '${kept}'/"$(basename "$1")"\n`);
            chmodSync(hook, 0o755);
        },
        /* What was printed so far, as it was asked for. */
        requests: () => {
            const files = readdirSync(kept).sort().flatMap((job) => readdirSync(path.join(kept, job)).filter((each) => each.endsWith('.json')).map((each) => path.join(kept, job, each)));
            const spooled = new Map(files.map((each) => [path.basename(each), JSON.parse(readFileSync(each, 'utf8')).request]));
            return [...spooled.values()].filter(Boolean).map((each) => JSON.parse(each));
        },
        paper: (state) => execFileSync(script, ['paper', folder, state]),
        stop: () => {
            execFileSync(script, ['stop', folder]);
            rmSync(socketFolder, { recursive: true, force: true });
        },
    };
    const stopPrograms = house.stopAll.bind(house);
    house.stopAll = async () => {
        await stopPrograms();
        printer.stop();
    };
    printer.startProgram = async () => {
        house.start('ticket-printer', program('ticket-printer'), ['--printer', uri, '--socket', printer.socket, '--spool', printer.spool]);
        await until('the ticket printer', () => existsSync(printer.socket));
    };
    await printer.startProgram();
    house.printer = printer;
    return printer;
}

export async function startDisplay(house, { windowed = false, language = '', size = '1920x1080', extra = [] } = {}) {
    const screen = new Screen(house.at('display-screen'));
    const sound = house.at('display.pcm');
    house.start('display', program('display'),
        ['--server', house.url, '--display', 'lobby', '--dump-ui', screen.folder, ...(language ? ['--language', language] : []), ...extra,
         ...(windowed ? ['--windowed', '--size', '1280x720'] : ['--size', size])],
        { env: windowed ? {} : { SDL_VIDEODRIVER: 'offscreen', SDL_AUDIODRIVER: 'disk', SDL_DISKAUDIOFILE: sound } });
    await until('the first frame of the display', () => screen.now(), 30000);
    return { screen, sound };
}

/* The kiosk under umockdev, with a touchscreen that touch() plays, and what else `devices` names ("keypad,headset"); or a
 * window of its own, for the mouse. */
export async function startKiosk(house, { windowed = false, size = '1080x1920', language = '', name = 'kiosk', devices = '', extra = [], env = {} } = {}) {
    const screen = new Screen(house.at(`${name}-screen`));
    mkdirSync(house.at(`${name}-cache`), { recursive: true });
    const args = ['--server', house.url, '--kiosk', 'kiosk-1', '--cache', house.at(`${name}-cache`), '--dump-ui', screen.folder,
        ...(house.printer ? ['--printer-socket', house.printer.socket] : []), ...(language ? ['--language', language] : []), ...extra];
    const answers = [];
    const kiosk = { screen, answers };
    if (windowed) {
        kiosk.process = house.start(name, program('kiosk'), [...args, '--windowed', '--size', '540x960']);
    } else {
        kiosk.process = house.start(name, path.join(build, 'tests/touch-injector'),
            ['--device', path.join(here, 'touchscreen.umockdev'), '--ioctl', path.join(here, 'touchscreen.ioctl'), '--screen', size,
             ...(devices ? ['--with', devices] : []),
             '--frame', path.join(screen.folder, 'frame.json'), '--', program('kiosk'), ...args, '--size', size],
            { env: { SDL_VIDEODRIVER: 'offscreen', SDL_AUDIODRIVER: 'dummy', ...env }, stdin: 'pipe',
              onLine: (line) => (line === 'ok' || line.startsWith('failed')) && answers.push(line) });
    }
    await until('the first frame of the kiosk', () => {
        if (kiosk.process.verdict) throw new Error(`the kiosk ended with ${JSON.stringify(kiosk.process.verdict)}`);
        return screen.now();
    }, 30000);
    return kiosk;
}

/* One command to the touchscreen: "tap ID", "down X Y", "up" ... (see touch-injector.c). */
export async function play(kiosk, command) {
    const before = kiosk.answers.length;
    kiosk.process.stdin.write(`${command}\n`);
    await until(`the touchscreen to play "${command}"`, () => kiosk.answers.length > before, 20000);
    const answer = kiosk.answers[before];
    if (answer !== 'ok') throw new Error(`touchscreen: ${command}: ${answer}`);
}

/* A person needs longer to see a new page than the kiosk holds for a double strike (0.5 s). */
export async function touch(kiosk, element) {
    await pause(700);
    await play(kiosk, `tap ${element}`);
}

/* For a test that takes requests (page.route) amid a page; before the page is opened. A browser that is told so only then says yes
 * before that page knows, and what it asks for at once passes by. */
export const willTakeRequests = (page) => page.route('**/taken-by-no-test', (route) => route.continue());

export async function openBrowser() {
    const profile = mkdtempSync(path.join(os.tmpdir(), 'quarter-chromium-'));
    const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        headless: true,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--disable-domain-reliability', `--crash-dumps-dir=${profile}`],
    });
    const close = browser.close.bind(browser);
    browser.close = async () => {
        await close();
        rmSync(profile, { recursive: true, force: true });
    };
    return browser;
}
