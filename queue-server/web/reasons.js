/* What staff choose from for a reason, in one table each for all pages; and why this visitor was called, in words a member
 * of staff can read out. The engine gives a code and its figures; a code of a newer server is still a sentence. */
import { clockText } from './parts.js';
import { mark, say } from './words.js';

/* Why staff chose somebody out of turn. */
export const BECAUSE = {
    vulnerable: mark('Vulnerable'), quick_question: mark('Quick question'), came_back: mark('Came back'), agreed: mark('Agreed beforehand'),
    mistake: mark('To put a mistake right'), other: mark('Another reason'),
};

/* Why a counter is paused. */
export const PAUSES = {
    break: mark('Break'), back_office: mark('Work in the back office'), training: mark('Training'), safeguarding: mark('Safeguarding'),
    other: mark('Another reason'),
};

export const pauseWords = (code) => say(PAUSES[code] || PAUSES.other);

/* How a visit ends, the commonest first: each has its digit at the counter. */
export const OUTCOMES = [
    { code: 'resolved', label: mark('Resolved') },
    { code: 'follow_up', label: mark('Follow-up') },
    { code: 'signposted', label: mark('Signposted') },
    { code: 'wrong_service', label: mark('Wrong service') },
    { code: 'left', label: mark('Left') },
];

const WORDS = {
    only_one_waiting: (v) => say('Called because: the only visitor you can serve. Waited {minutes} min.', v),
    longest_waiting: (v) => say('Called because: waited longest of the {waiting} you can serve, {minutes} min.', v),
    about_to_miss: (v) => say('Called because: has waited {minutes} min and would pass {standard} min.', v),
    past_limit: (v) => say('Called because: has waited {minutes} min, longer than {limit} min.', v),
    booked: (v) => (v.time ? say('Called because: booked for {time}.', v) : say('Called because: has an appointment.')),
    urgent: (v) => say('Called because: urgent. Waited {minutes} min.', v),
    assisted: (v) => say('Called because: asked for assistance. Waited {minutes} min.', v),
    transferred: (v) => say('Called because: sent on from another counter {minutes} min ago.', v),
    chosen: (v) => say('Called because: chosen by staff, out of turn ({why}). Waited {minutes} min.', v),
    free_counter: () => say('Called because: just arrived, and this counter was free.'),
    free_counter_language: (v) => say('Called because: just arrived; this counter was free and speaks {language}.', v),
};

export function reasonText(ticket, view, names, standard) {
    const reason = ticket.reason;
    const minutesOf = (seconds) => Math.max(0, Math.floor(seconds / 60));
    const booked = reason.appointment_at || ticket.appointment_at;
    const words = WORDS[reason.code] || ((v) => say('Called because: next in line. Waited {minutes} min.', v));
    return words({
        minutes: minutesOf(reason.waited_s),
        waiting: reason.waiting,
        standard: reason.standard_s ? minutesOf(reason.standard_s) : standard,
        limit: reason.limit_s ? minutesOf(reason.limit_s) : standard,
        time: booked && clockText(Date.parse(booked), view),
        why: reason.code === 'chosen' ? say(BECAUSE[reason.because] || BECAUSE.other) : '',
        language: ticket.language ? names.language(ticket.language) : '',
    });
}
