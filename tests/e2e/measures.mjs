/* What only a whole kiosk or a browser can measure, noted for the report of tests/standards: a row of its ledger (see
 * tests/standards/ledger.h) as one file in build/X/standards, which `standards report` puts together with the rest. Each
 * run writes its row anew; a row that no run wrote is told as not measured. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, here } from './house.mjs';

class Row {
    constructor(gate) {
        this.file = path.join(build, 'standards', `${gate}.json`);
        this.gate = gate;
        this.row = { looks: 0, failures: 0, worst: 0, where: '', examples: [] };
        rmSync(this.file, { force: true });
    }

    fail(where) {
        this.row.failures += 1;
        this.row.examples.push(String(where).split('\n')[0].slice(0, 400));
    }

    /* One look at a gate without a figure. */
    hold(holds, where) {
        this.row.looks += 1;
        if (!holds) this.fail(where);
    }

    /* One figure, of which none is the best there is. */
    count(figure, where) {
        this.row.looks += 1;
        if (this.row.looks === 1 || figure > this.row.worst) Object.assign(this.row, { worst: figure, where: `${where}: ${figure}` });
        if (figure > 0) this.fail(`${where}: ${figure}`);
    }

    save() {
        mkdirSync(path.dirname(this.file), { recursive: true });
        writeFileSync(this.file, JSON.stringify({ [this.gate]: this.row }, null, 1));
    }
}

/* Runs body(row) and keeps the row. What it throws is a failure too, unless nothing was looked at: then it was not measured. */
export async function noting(gate, body) {
    const row = new Row(gate);
    try {
        await body(row);
    } catch (error) {
        if (row.row.looks > 0) row.fail(error.message);
        throw error;
    } finally {
        if (row.row.looks > 0) row.save();
    }
}

/* What axe-core finds on the page as it stands, one line each: within one element, or by some of its rules, if these are named. */
export async function violations(page, { within = null, rules = null } = {}) {
    if (!await page.evaluate(() => Boolean(window.axe))) await page.evaluate(readFileSync(path.join(here, 'node_modules/axe-core/axe.min.js'), 'utf8'));
    return page.evaluate(async ([where, wanted]) => {
        const { violations: found } = await window.axe.run(where || document, { resultTypes: ['violations'], ...(wanted && { runOnly: { type: 'rule', values: wanted } }) });
        return found.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
    }, [within, rules]);
}
