/* What can be done at this counter now, from the view alone: each with its key. The order is the order on the page. */
import { finishActions } from './finish.js';
import { undoAction } from './undo.js';
import { mark, say } from './words.js';

const open = { id: 'open', key: 'O', label: mark('Open this counter'), large: true };
const resume = { id: 'open', key: 'P', label: mark('Resume'), large: true };
const close = { id: 'close', key: 'C', label: mark('Close') };
const pause = { id: 'pause', key: 'P', label: mark('Pause'), asks: 'pause' };
const start = { id: 'start', key: 'Enter', shown: mark('Enter'), label: mark('Start'), large: true };
const recall = { id: 'recall', key: 'R', label: mark('Call again') };
const transfer = { id: 'transfer', key: 'T', label: mark('Send on'), asks: 'transfer' };
const park = { id: 'park', key: 'P', label: mark('Park') };

function free(view) {
    return [
        { id: 'next', key: ' ', shown: mark('Space'), label: mark('Call next'), large: true,
          off: Boolean(view.counter.ready_since) && say('The next visitor comes by itself') },
        { id: 'call', key: 'O', label: mark('Call out of turn'), asks: 'call', off: view.waiting.length === 0 && say('Nobody is waiting') },
        pause, close,
    ];
}

export function actionsFor(view, nowMs) {
    const { counter: { state }, ticket } = view;
    const undo = undoAction(view, nowMs);
    const last = undo ? [undo] : [];
    if (state === 'paused') return [resume, close];
    if (state !== 'open') return view.day_open ? [open] : [];
    if (!ticket) return [...free(view), ...last];
    const body = { ticket: ticket.id }; /* whom it means: it may come late, or after a colleague's */
    if (ticket.state === 'called') {
        const noShow = { id: 'no-show', key: 'N', label: mark('Not here'), body, off: ticket.recalls === 0 && say('Call again first') };
        return [{ ...start, body }, { ...recall, body }, noShow, ...last];
    }
    return [...finishActions(), transfer, { ...park, body }, ...last];
}

/* The one large key beside the list; when it can do nothing, why. */
export function bigAction(view, actions, next) {
    const big = actions.find((action) => action.large && ['open', 'next', 'start'].includes(action.id));
    if (big) return big;
    const serving = next ? say('Comes by itself after this visit') : say('Finish this visit first');
    return { id: 'next', label: mark('Call next'), shown: mark('Space'), off: view.day_open ? serving : say('The day is closed') };
}
