/* Pages as they stand, against the pictures in tests/golden. Two pictures are alike when fewer than five in a thousand of
 * their pixels differ by more than 40 of 255 in a channel. QUARTER_UPDATE_GOLDEN=1 makes them anew: look at each. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './house.mjs';

const ALIKE = 0.005;
const blanks = new WeakMap(); /* one empty page for each browser, to compare in */

/* Share of pixels in which two PNG files differ; the browser reads both, in a page of its own. */
async function difference(blank, pictures) {
    return blank.evaluate(async (sources) => {
        const [one, other] = await Promise.all(sources.map(async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
            context.drawImage(image, 0, 0);
            return { width: image.width, data: context.getImageData(0, 0, image.width, image.height).data };
        }));
        if (one.width !== other.width || one.data.length !== other.data.length) return 1;
        let different = 0;
        for (let i = 0; i < one.data.length; i += 4) different += [0, 1, 2].some((k) => Math.abs(one.data[i + k] - other.data[i + k]) > 40) ? 1 : 0;
        return different / (one.data.length / 4);
    }, pictures.map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`));
}

/* The page against tests/golden/NAME.png; more: fullPage, or mask for what runs on with the clock. */
export async function compareWithGolden(page, folder, name, more = {}) {
    await page.mouse.move(0, 0); /* nothing is marked because a finger was there */
    await page.evaluate(() => document.fonts.ready.then(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))));
    const seen = await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', maskColor: '#888888', ...more });
    const golden = path.join(root, `tests/golden/${name}.png`);
    if (process.env.QUARTER_UPDATE_GOLDEN) writeFileSync(golden, seen);
    assert.ok(existsSync(golden), `${golden} is missing: make it with QUARTER_UPDATE_GOLDEN=1 and look at it`);
    const browser = page.context().browser();
    if (!blanks.has(browser)) blanks.set(browser, await browser.newPage());
    const share = await difference(blanks.get(browser), [seen, readFileSync(golden)]);
    assert.ok(share < ALIKE, `${name}.png differs in ${(share * 100).toFixed(2)} % of its pixels; see ${folder}`);
}
