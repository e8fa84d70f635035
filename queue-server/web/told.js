/* Commands of a page that tells what became of the last one, with its way back. */
import { command } from './live.js';
import { html, useRef, useState } from './parts.js';
import { refusalText, Sending } from './sending.js';
import { say } from './words.js';

/* What was not done. Of commands that follow each other those before it were: that is said, too, and how to take it back. */
function refused(steps, at, answer) {
    const text = refusalText(answer, steps[at].label || steps[0].label);
    const sofar = at > 0 && steps[at - 1].sofar;
    if (!sofar) return { kind: 'warn', text };
    const notDone = answer.givenUp ? [] : [say('But this was not done: {what}.', { what: steps[at].label })]; /* given up: nobody knows */
    return { kind: 'warn', text: [sofar.done, ...notDone, text].join(' '), back: sofar.back };
}

/* One command at a time: run({path, body, label, then, done, back}) gives the last answer, or null when one was refused.
 * label and done are in the reader's words; back takes it back again: another such command, or what makes one of the
 * answer. then: further {path, body, label}, each sent once the one before is done, which has sofar: {done, back} for when
 * it stays at that. told: {kind, text, back}. */
export function useCommands() {
    const [busy, setBusy] = useState('');
    const [retrying, setRetrying] = useState(false);
    const [told, setTold] = useState(null);
    const inFlight = useRef(false);
    const run = async (wanted) => {
        if (inFlight.current) return null;
        inFlight.current = true; /* a doubled touch or key press is one command */
        setTold(null);
        const steps = [wanted, ...(wanted.then || [])];
        let [at, answer] = [-1, { ok: true }];
        while (answer.ok && ++at < steps.length) {
            setBusy(steps[at].label || wanted.label);
            answer = await command(steps[at].path, steps[at].body, setRetrying);
        }
        inFlight.current = false;
        setBusy('');
        if (!answer.ok) {
            setTold(refused(steps, at, answer));
            return null;
        }
        const back = typeof wanted.back === 'function' ? wanted.back(answer.body) : wanted.back;
        if (wanted.done) setTold({ kind: 'calm', text: wanted.done, back });
        return answer;
    };
    return { busy, retrying, what: busy, told, run, tell: setTold, hush: () => setTold(null) };
}

/* In a dialog that sends: what went wrong, or is still on its way. */
export function ToldHere({ commands }) {
    const { told } = commands;
    return html`<div role="status">${told && told.kind === 'warn' && html`<p class="notice warn">${told.text}</p>`}</div>
        <${Sending} ...${commands} />`;
}
