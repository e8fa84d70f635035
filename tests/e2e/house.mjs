/* The real programs, started and stopped for a test or the demo: queue server, kiosk under umockdev, display, printer.
 * Everything lives in one folder of its own and listens on loopback; only what was started here is ended. */
import { spawn, execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
export const build = process.env.QUARTER_BUILD || path.join(root, 'build/release');
export const program = (name) => path.join(build, 'bin', name);

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* Waits until check() gives something truthy, and gives that. */
export async function until(what, check, limitMs = 15000) {
    const end = Date.now() + limitMs;
    let last = null;
    for (;;) {
        try {
            const value = await check();
            if (value) return value;
        } catch (error) {
            last = error;
        }
        if (Date.now() > end) throw new Error(`gave up waiting for ${what}${last ? `: ${last.message}` : ''}`);
        await pause(25);
    }
}

function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.on('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

export const newKey = () => randomBytes(16).toString('hex');

export class House {
    constructor(folder, { verbose = false } = {}) {
        this.folder = folder;
        this.verbose = verbose;
        this.running = new Map();
        mkdirSync(folder, { recursive: true });
    }

    at(...names) {
        return path.join(this.folder, ...names);
    }

    /* Starts one program; its output goes to NAME.log and, line by line, to onLine. */
    start(name, command, args, { env = {}, onLine = null, cwd = root, stdin = 'ignore' } = {}) {
        const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: [stdin, 'pipe', 'pipe'] });
        const log = createWriteStream(this.at(`${name}.log`), { flags: 'a' });
        for (const stream of [child.stdout, child.stderr]) {
            let rest = '';
            stream.on('data', (chunk) => {
                log.write(chunk);
                const lines = (rest + chunk).split('\n');
                rest = lines.pop();
                if (onLine) lines.forEach(onLine);
                if (this.verbose) lines.forEach((line) => console.error(`[${name}] ${line}`));
            });
        }
        child.ended = new Promise((resolve) => {
            child.on('close', (code, signal) => {
                if (this.running.get(name) === child) this.running.delete(name);
                child.verdict = { code, signal };
                resolve(child.verdict);
            });
            child.on('error', (error) => {
                child.verdict = { code: -1, signal: null, error };
                resolve(child.verdict);
            });
        });
        this.running.set(name, child);
        return child;
    }

    async startServer({ clock = '2026-11-24T10:40', speed = 1, site = path.join(root, 'assets/sites/customer-centre'), extra = [], env = {} } = {}) {
        this.port = this.port || (await freePort());
        this.url = `http://127.0.0.1:${this.port}`;
        let listening = false;
        const child = this.start('server', program('queue-server'),
            ['serve', '--site', site, '--data', this.at('data'), '--listen', `127.0.0.1:${this.port}`,
             ...(clock ? ['--clock', clock] : []), ...(speed === 1 ? [] : ['--speed', String(speed)]), ...extra],
            { env, onLine: (line) => (listening = listening || line.includes('listening on')) });
        await until('the queue server', () => {
            if (child.verdict) throw new Error(`queue-server ended with ${JSON.stringify(child.verdict)}; see ${this.at('server.log')}`);
            return listening;
        });
        return child;
    }

    async stop(name, signal = 'SIGTERM') {
        const child = this.running.get(name);
        if (!child) return null;
        child.kill(signal);
        const late = setTimeout(() => child.kill('SIGKILL'), 8000);
        const verdict = await child.ended;
        clearTimeout(late);
        return verdict;
    }

    async stopAll() {
        for (const name of [...this.running.keys()].reverse()) await this.stop(name);
    }

    log(name) {
        return existsSync(this.at(`${name}.log`)) ? readFileSync(this.at(`${name}.log`), 'utf8') : '';
    }

    /* A call to the API; body null for GET. Gives {status, headers, body}. */
    async call(method, where, body = null, key = newKey()) {
        const answer = await fetch(this.url + where, {
            method,
            headers: body === null ? {} : { 'Content-Type': 'application/json', 'Idempotency-Key': key },
            body: body === null ? undefined : JSON.stringify(body),
            signal: AbortSignal.timeout(10000),
        });
        const text = await answer.text();
        return { status: answer.status, headers: answer.headers, body: text && answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
    }
}

/* What a program with a screen shows now: the newest frame.json of its --dump-ui folder. */
export class Screen {
    constructor(folder) {
        this.folder = folder;
        mkdirSync(folder, { recursive: true });
        rmSync(path.join(folder, 'frame.json'), { force: true }); /* of an earlier start */
    }

    get picture() {
        return path.join(this.folder, 'frame.png');
    }

    now() {
        const file = path.join(this.folder, 'frame.json');
        return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
    }

    texts() {
        const frame = this.now();
        return frame ? frame.elements.map((element) => element.text || '') : [];
    }

    page(name, limitMs) {
        return until(`the page "${name}"`, () => {
            const frame = this.now();
            return frame && frame.page === name ? frame : null;
        }, limitMs);
    }

    shows(text, limitMs) {
        return until(`"${text}" on the screen`, () => this.texts().some((each) => stripIsolates(each).includes(text)), limitMs);
    }

    /* The rectangle of the element whose id or text is as given. */
    element(wanted) {
        const frame = this.now();
        const found = frame.elements.find((element) => element.id === wanted || stripIsolates(element.text || '') === wanted);
        if (!found) throw new Error(`no element "${wanted}" on page ${frame.page}: ${frame.elements.map((each) => each.id).join(', ')}`);
        return found;
    }

    get age() {
        return Date.now() - statSync(this.picture).mtimeMs;
    }
}

export const stripIsolates = (text) => text.replace(/[\u2066-\u2069]/g, '');

export function have(command) {
    try {
        execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
        return true;
    } catch {
        return false;
    }
}
