/* Runs the end-to-end tests, each in a folder of its own and with a time limit, and closes with "N passed, N failed".
 * A name as argument runs only the tests whose name holds it, one after another; several names, or none for all of the
 * tests, run in lanes side by side, since most of the tests mostly wait, for a clock, a voice or a page. */
import { fork } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from './house.mjs';

const lanes = [
    ['./race.mjs', './visit.mjs', './triage.mjs', './input.mjs', './visit-page.mjs', './counter-day.mjs', './pairing.mjs', './manager-page.mjs'],
    ['./delay.mjs', './setup.mjs', './admin-page.mjs', './counter-page.mjs'],
    ['./speech.mjs', './floor-page.mjs'],
];
const folder = path.join(build, 'e2e');
const seconds = (began) => ((Date.now() - began) / 1000).toFixed(1);

async function within(limitMs, work) {
    let timer = 0;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took longer than ${limitMs} ms`)), limitMs);
    });
    await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function runTest(test) {
    const work = path.join(folder, test.name.replace(/[^a-z0-9]+/gi, '-'));
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const began = Date.now();
    try {
        await within(test.limitMs, test.run(work));
        console.log(`ok      ${test.name} (${seconds(began)} s)`);
        return true;
    } catch (error) {
        console.log(`FAILED  ${test.name}: ${error.stack}\n        its files: ${path.relative(process.cwd(), work)}`);
        return false;
    }
}

async function runFiles(files, only) {
    const count = { passed: 0, failed: 0 };
    for (const file of files) {
        const { tests } = await import(file);
        for (const test of tests.filter((each) => each.name.includes(only))) count[(await runTest(test)) ? 'passed' : 'failed'] += 1;
    }
    return count;
}

/* A lane in a process of its own: what one test computes holds up no other lane's clocks. */
function runLane(files, only) {
    return new Promise((resolve) => {
        const child = fork(process.argv[1], ['--lane', only, ...files]);
        let count = { passed: 0, failed: 1 };
        child.on('message', (told) => { count = told; });
        child.on('exit', () => resolve(count));
    });
}

const names = process.argv.slice(2);
if (names[0] === '--lane') {
    const [, only, ...files] = names;
    process.send(await runFiles(files, only), () => process.exit(0));
} else {
    const all = names.length === 0 ? lanes.map((files) => [files, '']) : names.map((name) => [lanes.flat(), name]);
    const counts = all.length === 1 ? [await runFiles(...all[0])] : await Promise.all(all.map((each) => runLane(...each)));
    const sum = (what) => counts.reduce((all, count) => all + count[what], 0);
    console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
    process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1);
}
