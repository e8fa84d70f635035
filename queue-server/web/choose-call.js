/* Calling somebody out of turn: whom, found by the number or the service, and why. The reason stands with the visit and in
 * the day's figures. A need this counter lacks is told by the server, and can be agreed about. */
import { Finder, Options, Panel, Reasons, useChosen } from './panel.js';
import { html, useRef, useState } from './parts.js';
import { BECAUSE } from './reasons.js';
import { LinePills, Pills } from './visitors.js';
import { mark, say } from './words.js';

const minutesOf = (ticket, nowMs) => Math.max(0, Math.floor((nowMs - Date.parse(ticket.leg_from)) / 60000));

function Row({ ticket, view, names, nowMs }) {
    return html`<span class="option"><strong class="no"><bdi>${ticket.number}</bdi></strong>
        <span class="grow">${names.service(ticket.service)} <span class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} />
            <${LinePills} ticket=${ticket} view=${view} names=${names} /></span></span>
        <span class="soft small">${say('{minutes} min', { minutes: minutesOf(ticket, nowMs) })}</span></span>`;
}

function Whom({ view, names, nowMs, commands, onPick, onClose }) {
    const [typed, setTyped] = useState('');
    const wanted = typed.trim().toLocaleLowerCase();
    const options = view.waiting.filter((ticket) => `${ticket.number} ${names.service(ticket.service)}`.toLocaleLowerCase().includes(wanted))
        .map((ticket) => ({ id: ticket.id, content: html`<${Row} ticket=${ticket} view=${view} names=${names} nowMs=${nowMs} />` }));
    const chosen = useChosen(options);
    const pick = (option) => option && onPick(option.id);
    return html`<${Panel} id="call" title=${say('Whom do you call out of turn?')} commands=${commands} onClose=${onClose}
        buttons=${[{ label: say('Continue'), key: say('Enter'), off: !chosen.option, onPress: () => pick(chosen.option) }]}>
        <${Finder} id="call-find" label=${say('Number or service')} list="call-list" typed=${typed} onType=${setTyped} chosen=${chosen} />
        <${Options} id="call-list" label=${say('Waiting visitors')} options=${options} chosen=${chosen} onPick=${pick} />
        ${options.length === 0 && html`<p class="soft" role="status">${say('Nobody who waits fits this.')}</p>`}
    <//>`;
}

function Why({ ticket, number, commands, onClose }) {
    const [because, setBecause] = useState('');
    const lacks = because && commands.notice && commands.notice.code === 'lacks-need';
    const call = (reason, anyway) => {
        setBecause(reason);
        commands.run({ id: 'call', label: mark('Call out of turn'), body: { ticket, because: reason, ...(anyway ? { anyway } : {}) }, done: onClose });
    };
    const buttons = lacks ? [{ label: say('Call anyway'), key: 'Y', onPress: () => call(because, true) }] : [];
    return html`<${Panel} id="call" title=${say('Why do you call {number} out of turn?', { number })} commands=${commands} onClose=${onClose} buttons=${buttons}>
        <${Reasons} label=${say('Reason')} commands=${commands} onChoose=${(reason) => call(reason, false)}
            reasons=${Object.entries(BECAUSE).map(([code, words]) => ({ code, words: say(words) }))} />
    <//>`;
}

/* picked: the id of whom, when the list was touched. */
export function ChooseCall({ picked, view, names, nowMs, commands, onClose }) {
    const [ticket, setTicket] = useState(picked || null);
    const number = useRef(''); /* to be told still when the visitor has left the list */
    const row = ticket && view.waiting.find(({ id }) => id === ticket);
    if (row) number.current = row.number;
    if (!ticket) return html`<${Whom} key="whom" view=${view} names=${names} nowMs=${nowMs} commands=${commands} onPick=${setTicket} onClose=${onClose} />`;
    return html`<${Why} key="why" ticket=${ticket} number=${number.current} commands=${commands} onClose=${onClose} />`;
}
