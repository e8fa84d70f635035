/* The real peripherals round a House: a printer that speaks IPP, a kiosk whose touches are recorded evdev events
 * played through umockdev, a display whose sound lands in a file, and Debian's Chromium. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { here, program, Screen, until } from './house.mjs';

/* One address is chosen by the system, so that two tests can run side by side. Gives {uri, jobs, paper(state)}. */
export async function startPrinter(house, name = 'printer') {
    const folder = house.at(name);
    mkdirSync(folder, { recursive: true });
    const script = path.join(here, 'ippeveprinter.sh');
    const uri = execFileSync(script, ['start', folder], { encoding: 'utf8' }).trim().split('\n').pop();
    const socketFolder = mkdtempSync(path.join(os.tmpdir(), 'quarter-')); /* a UNIX socket's path holds 108 bytes */
    const printer = {
        uri, folder, jobs: path.join(folder, 'jobs'), socket: path.join(socketFolder, 'print'), spool: house.at(`${name}-spool`),
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

export async function startDisplay(house, { windowed = false, language = '', size = '1920x1080' } = {}) {
    const screen = new Screen(house.at('display-screen'));
    const sound = house.at('display.pcm');
    house.start('display', program('display'),
        ['--server', house.url, '--display', 'lobby', '--dump-ui', screen.folder, ...(language ? ['--language', language] : []),
         ...(windowed ? ['--windowed', '--size', '1280x720'] : ['--size', size])],
        { env: windowed ? {} : { SDL_VIDEODRIVER: 'offscreen', SDL_AUDIODRIVER: 'disk', SDL_DISKAUDIOFILE: sound } });
    await until('the first frame of the display', () => screen.now(), 30000);
    return { screen, sound };
}

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
