/* Pictures of pages that somebody has looked at, and how far a page is from its own. QUARTER_UPDATE_GOLDEN=1 makes them
 * anew. (Pictures of the C programs are compared in C; see tests/golden.) */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './house.mjs';

/* Share of pixels in which two PNG files differ by more than 40 of 255 in a channel; a blank page draws both. */
function difference(blank, pictures) {
    return blank.evaluate(async (sources) => {
        const [one, other] = await Promise.all(sources.map(async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height).data;
        }));
        if (one.length !== other.length) return 1;
        let different = 0;
        for (let i = 0; i < one.length; i += 4) different += [0, 1, 2].some((k) => Math.abs(one[i + k] - other[i + k]) > 40) ? 1 : 0;
        return different / (one.length / 4);
    }, pictures.map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`));
}

/* seen, a PNG that is kept in folder, is tests/golden/NAME.png. */
export async function compareWithGolden(blank, seen, name, folder) {
    const golden = path.join(root, `tests/golden/${name}.png`);
    if (process.env.QUARTER_UPDATE_GOLDEN) writeFileSync(golden, seen);
    assert.ok(existsSync(golden), `${golden} is missing: make it with QUARTER_UPDATE_GOLDEN=1 and look at it`);
    const share = await difference(blank, [seen, readFileSync(golden)]);
    assert.ok(share < 0.005, `${name}.png differs in ${(share * 100).toFixed(2)} % of its pixels; see ${folder}`);
}
