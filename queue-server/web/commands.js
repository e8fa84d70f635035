/* Sending commands from a page: one at a time, each told until it is answered, and a refusal kept beside what was pressed;
 * and the buttons that send them. */
import { command } from './live.js';
import { html, Key, useEffect, useRef, useState } from './parts.js';
import { refusalText } from './sending.js';
import { say } from './words.js';

/* notice: {kind, text, code, at}; `at` is the id of the action that was pressed, or of the panel it was pressed in. run() says whether it was done; an action's
 * `done` is called before anything is drawn anew, so that what asked for it can go with the answer. */
export function useCommands(number) {
    const [busy, setBusy] = useState('');
    const [retrying, setRetrying] = useState(false);
    const [notice, setNotice] = useState(null);
    const inFlight = useRef(false);
    const run = async (action) => {
        if (inFlight.current || action.off) return false;
        inFlight.current = true; /* a doubled key press is one command */
        setBusy(action.label);
        setNotice(null);
        const path = action.path || `/api/counters/${encodeURIComponent(number)}/${action.id}`;
        const answer = await command(path, action.body, setRetrying);
        inFlight.current = false;
        setBusy('');
        if (answer.status === 204 && action.id === 'next') setNotice({ kind: 'calm', at: 'next', text: say('Nobody you can serve is waiting.') });
        else if (!answer.ok) setNotice(refusal(action, answer));
        else if (action.done) action.done();
        return answer.ok;
    };
    return { busy, retrying, what: busy && say(busy), notice, run, tell: setNotice };
}

function refusal(action, answer) {
    const { type } = answer.body || {};
    return { kind: 'warn', at: action.at || action.id, code: (type || '').split('/').pop(), text: refusalText(answer, say(action.label)) };
}

/* When the focused button goes with its state, the focus moves to what can be done next, not to the page's top. */
export function useFocusKept() {
    const held = useRef(null);
    useEffect(() => {
        const onFocus = (event) => {
            if (!event.target.closest('dialog')) held.current = event.target; /* a panel gives the focus back itself */
        };
        addEventListener('focusin', onFocus);
        return () => removeEventListener('focusin', onFocus);
    }, []);
    useEffect(() => {
        if (!held.current || held.current.isConnected) return;
        held.current = null;
        if (document.activeElement !== document.body) return;
        const next = document.querySelector('#big:not(.off)') || document.querySelector('.actions button, #big');
        if (next) next.focus();
    });
}

/* Never `disabled`: a button that is held back keeps its focus and can say why. The second click of a double click is
 * none: the button may be another by then. */
export function ActionButton({ action, commands, run, id, kind }) {
    const key = action.shown || action.key; /* as aria-keyshortcuts names it, too */
    const refused = commands.notice && commands.notice.at === action.id ? 'notice' : null;
    return html`<button type="button" id=${id} class=${`${kind || ''} ${action.off ? 'off' : ''} ${commands.busy ? 'busy' : ''}`}
        aria-disabled=${Boolean(commands.busy || action.off)} aria-keyshortcuts=${key || null} aria-describedby=${refused}
        onClick=${(event) => event.detail < 2 && run(action)}>
        <span class="label">${say(action.label)} ${key && html`<${Key}>${action.shown ? say(action.shown) : key}<//>`}</span>
        ${(action.off || action.hint) && html` <span class="why">${action.off || action.hint}</span>`}
    </button>`;
}

/* What the server said to what was pressed. */
export function Notice({ notice }) {
    return html`<p id="notice" class=${`notice ${notice.kind}`} role=${notice.kind === 'warn' ? 'alert' : 'status'}>${notice.text}</p>`;
}
