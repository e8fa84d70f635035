/* The last step at this counter can be taken back for a while: what it was, and until when, as the view says. */
import { clockText } from './parts.js';
import { mark, say } from './words.js';

const STEPS = {
    call: mark('call of {number}, until {time}'), start: mark('start of {number}, until {time}'), finish: mark('finish of {number}, until {time}'),
    no_show: mark('{number} not here, until {time}'), transfer: mark('{number} sent on, until {time}'), park: mark('{number} parked, until {time}'),
    take_back: mark('{number} taken back, until {time}'),
};

/* null: there is nothing to undo (any more). */
export function undoAction(view, nowMs) {
    const undo = view.undo;
    if (!undo || view.counter.state !== 'open' || Date.parse(undo.until) <= nowMs) return null;
    const words = STEPS[undo.step] || mark('{number}, until {time}');
    return {
        id: 'undo', key: 'Z', label: mark('Undo'), body: { step: undo.step, ticket: undo.ticket },
        hint: say(words, { number: undo.number, time: clockText(Date.parse(undo.until), view) }),
    };
}
