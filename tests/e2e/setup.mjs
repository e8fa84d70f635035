/* A kiosk and a display whose name the site's file does not have: they say so, and serve once it names them. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { House, root, stripIsolates } from './house.mjs';
import { startDisplay, startKiosk, touch } from './stage.mjs';

function rename(house, from, to) {
    const file = house.at('site', 'site.yaml');
    const before = readFileSync(file, 'utf8');
    assert.ok(before.includes(`code: ${from},`));
    writeFileSync(file, before.replace(`code: ${from},`, `code: ${to},`));
}

async function saysSo(screen, words, name) {
    const frame = await screen.page('unnamed', 15000);
    const texts = frame.elements.map((element) => stripIsolates(element.text || '')).join('\n');
    assert.match(texts, new RegExp(`This ${words} is '${name}'; the site's file does not name it\\.`));
    assert.match(texts, /To do: add/);
    return texts;
}

async function run(folder) {
    const house = new House(folder);
    cpSync(path.join(root, 'assets/sites/customer-centre'), house.at('site'), { recursive: true });
    rename(house, 'kiosk-1', 'kiosk-7');
    rename(house, 'lobby', 'hall');
    try {
        await house.startServer({ site: house.at('site') });
        const display = await startDisplay(house);
        const kiosk = await startKiosk(house);
        assert.match(await saysSo(kiosk.screen, 'kiosk', 'kiosk-1'), /Its file names these: kiosk-7, kiosk-2\./);
        await saysSo(display.screen, 'display', 'lobby');

        rename(house, 'kiosk-7', 'kiosk-1'); /* while all of it runs */
        rename(house, 'hall', 'lobby');
        await kiosk.screen.page('welcome');
        await display.screen.page('live');
        await touch(kiosk, 'language-en');
        await kiosk.screen.page('services');
        await touch(kiosk, 'back');
        await kiosk.screen.page('welcome');

        await house.stop('server'); /* and while the server is away */
        rename(house, 'kiosk-1', 'kiosk-7');
        rename(house, 'lobby', 'hall');
        await house.startServer({ site: house.at('site') });
        await saysSo(kiosk.screen, 'kiosk', 'kiosk-1');
        await saysSo(display.screen, 'display', 'lobby');
    } finally {
        await house.stopAll();
    }
}

export const tests = [{ name: 'a kiosk and a display that the site does not name', limitMs: 120000, run }];
