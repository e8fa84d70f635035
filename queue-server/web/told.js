/* Commands of a page that tells what became of the last one, with its way back. */
import { command } from './live.js';
import { useRef, useState } from './parts.js';
import { say } from './words.js';

/* One command at a time: run({path, body, label, then, done, back}) gives the last answer, or null when one was refused.
 * label and done are in the reader's words; then: further {path, body}, each sent once the one before is done; back takes
 * it back again: another such command, or what makes one of the answer. told: {kind, text, back}. */
export function useCommands() {
    const [busy, setBusy] = useState('');
    const [retrying, setRetrying] = useState(false);
    const [told, setTold] = useState(null);
    const inFlight = useRef(false);
    const run = async (wanted) => {
        if (inFlight.current) return null;
        inFlight.current = true; /* a doubled touch or key press is one command */
        setBusy(wanted.label);
        setTold(null);
        let answer = null;
        for (const { path, body } of [wanted, ...(wanted.then || [])]) {
            answer = await command(path, body, setRetrying);
            if (!answer.ok) break;
        }
        inFlight.current = false;
        setBusy('');
        if (!answer.ok) {
            setTold({ kind: 'warn', text: say(answer.body && answer.body.detail ? answer.body.detail : 'That did not work.') });
            return null;
        }
        const back = typeof wanted.back === 'function' ? wanted.back(answer.body) : wanted.back;
        if (wanted.done) setTold({ kind: 'calm', text: wanted.done, back });
        return answer;
    };
    return { busy, retrying, told, run, hush: () => setTold(null) };
}
