/* Runs the end-to-end tests one after another, each in a folder of its own and with a time limit, and closes with
 * "N passed, N failed". A name as argument runs only the tests whose name holds it. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from './house.mjs';

const files = ['./race.mjs', './visit.mjs', './triage.mjs', './counter-page.mjs', './delay.mjs', './speech.mjs', './input.mjs', './setup.mjs'];
const only = process.argv[2] || '';
const folder = path.join(build, 'e2e');

let passed = 0;
let failed = 0;
for (const file of files) {
    const { tests } = await import(file);
    for (const test of tests.filter((each) => each.name.includes(only))) {
        const work = path.join(folder, test.name.replace(/[^a-z0-9]+/gi, '-'));
        rmSync(work, { recursive: true, force: true });
        mkdirSync(work, { recursive: true });
        const began = Date.now();
        let timer = 0;
        try {
            await Promise.race([
                test.run(work),
                new Promise((_, reject) => {
                    timer = setTimeout(() => reject(new Error(`took longer than ${test.limitMs} ms`)), test.limitMs);
                }),
            ]);
            passed += 1;
            console.log(`ok      ${test.name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
        } catch (error) {
            failed += 1;
            console.log(`FAILED  ${test.name}: ${error.stack}\n        its files: ${path.relative(process.cwd(), work)}`);
        }
        clearTimeout(timer);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
