/* Who is not in the line but may come back: those who were parked, and those who were not here when called. */
import { Options, Panel, useChosen } from './panel.js';
import { html, Key } from './parts.js';
import { Pills } from './visitors.js';
import { mark, say } from './words.js';

const minutesSince = (since, nowMs) => Math.max(0, Math.floor((nowMs - Date.parse(since)) / 60000));

export const asideActions = [
    { id: 'parked', key: 'B', label: mark('Parked'), asks: 'parked' },
    { id: 'no-shows', key: 'V', label: mark('Not here'), asks: 'no-shows' },
];

/* How many there are, where it cannot be missed; the panel has the rest. */
export function AsideButtons({ view, nowMs, onAsk }) {
    const lists = [view.parked || [], view.no_shows || []];
    return html`<div class="asides">${asideActions.map((action, index) => {
        const longest = Math.max(0, ...lists[index].map(({ since }) => minutesSince(since, nowMs)));
        return html`<button type="button" key=${action.id} class="small-button" aria-haspopup="dialog" aria-keyshortcuts=${action.key}
            onClick=${() => onAsk(action)}><span class="label">${index === 0 ? say('Parked: {count}', { count: lists[0].length })
                : say('Were not here: {count}', { count: lists[1].length })} <${Key}>${action.key}<//></span>
            ${index === 0 && longest > 0 && html` <span class="why">${say('longest {minutes} min', { minutes: longest })}</span>`}</button>`;
    })}</div>`;
}

function Row({ ticket, view, names, nowMs }) {
    return html`<span class="option"><strong class="no"><bdi>${ticket.number}</bdi></strong>
        <span class="grow">${names.service(ticket.service)} <span class="pills"><${Pills} ticket=${ticket} view=${view} names=${names} /></span></span>
        <span class="soft small end">${say('{minutes} min ago', { minutes: minutesSince(ticket.since, nowMs) })}
            ${ticket.counter && html`<span class="small">${names.counter(ticket.counter)}</span>`}</span></span>`;
}

const busyHere = (view) => {
    if (view.counter.state !== 'open') return say('This counter is not open. Open it first.');
    return view.ticket ? say('Finish this visit first') : '';
};

export function Parked({ view, names, nowMs, commands, onClose }) {
    const options = (view.parked || []).map((ticket) => ({ id: ticket.id, ticket, content: html`<${Row} ticket=${ticket} view=${view} names=${names} nowMs=${nowMs} />` }));
    const chosen = useChosen(options);
    const off = !chosen.option || busyHere(view);
    const takeBack = () => commands.run({ id: 'take-back', at: 'parked', label: mark('Take back'), body: { ticket: chosen.option.id }, done: onClose });
    const intoLine = () => commands.run({ id: 'unpark', at: 'parked', path: `/api/tickets/${chosen.option.id}/unpark`, label: mark('Back into the line'), done: onClose });
    return html`<${Panel} id="parked" title=${say('Parked visitors')} commands=${commands} onClose=${onClose} leave=${say('Close')}
        buttons=${[
            { label: say('Take back'), key: say('Enter'), off, onPress: takeBack },
            { label: say('Back into the line'), key: 'L', off: !chosen.option, onPress: intoLine },
        ]}>
        <${AsideList} id="parked-list" label=${say('Parked visitors')} options=${options} chosen=${chosen} none=${say('Nobody is parked.')} />
        ${typeof off === 'string' && off && html`<p class="soft">${off}</p>`}
    <//>`;
}

export function NoShows({ view, names, nowMs, commands, onClose }) {
    const options = (view.no_shows || []).map((ticket) => ({ id: ticket.id, ticket, content: html`<${Row} ticket=${ticket} view=${view} names=${names} nowMs=${nowMs} />` }));
    const chosen = useChosen(options);
    const revive = () => commands.run({ id: 'revive', at: 'no-shows', path: `/api/tickets/${chosen.option.id}/revive`, label: mark('Back into the line'), done: onClose });
    return html`<${Panel} id="no-shows" title=${say('Came after all?')} commands=${commands} onClose=${onClose} leave=${say('Close')}
        buttons=${[{ label: say('Back into the line'), key: say('Enter'), off: !chosen.option, onPress: revive }]}>
        <p class="soft">${say('The last half hour. They keep the time they have waited.')}</p>
        <${AsideList} id="no-shows-list" label=${say('Visitors who were not here')} options=${options} chosen=${chosen}
            none=${say('Everybody came who was called.')} />
    <//>`;
}

function AsideList({ id, label, options, chosen, none }) {
    return html`<${Options} id=${id} label=${label} options=${options} chosen=${chosen} focused onPick=${(option) => chosen.set(option.id)} />
        ${options.length === 0 && html`<p class="soft" role="status">${none}</p>`}
        ${options.length > 0 && !chosen.option && html`<p class="soft" role="status">${say('Somebody else has dealt with this visitor since: choose another.')}</p>`}`;
}
