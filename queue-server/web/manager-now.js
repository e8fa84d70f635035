/* How it stands: the share within the standard and what is foretold of it, who waits by time in the queue, and who is about
 * to wait too long. Colour means something, and a word says the same. */
import { clockText, html } from './parts.js';
import { say } from './words.js';

const BINS = 5; /* up to the standard; one more beyond */

/* Whole percent, but never rounded up over the target: 89.6 % is not 90 %. */
function percentOf(share, target) {
    const rounded = Math.round(share * 100);
    return share < target && rounded >= target * 100 ? Math.ceil(target * 100) - 1 : rounded;
}

const judged = (share, target) => (share >= target ? 'ok' : share >= target - 0.05 ? 'soon' : 'late');

function Expected({ outlook, at, target }) {
    if (!outlook) return null;
    const values = { low: Math.floor(outlook.low * 100), high: Math.ceil(outlook.high * 100) };
    return html`<div><dt>${at}</dt><dd><span class=${`pill ${judged(outlook.share, target)}`}>${say('{percent} %', { percent: percentOf(outlook.share, target) })}</span>
        ${values.high > values.low && html`<span class="soft small">${say('likely {low} to {high} %', values)}</span>`}</dd></div>`;
}

/* The share of all whose wait is decided stands first: it counts those who left too late or still wait too long. */
export function Share({ view, standard }) {
    const { of_decided: decided, of_called: called } = view.today.all;
    const target = view.standard.share;
    const known = decided.of > 0;
    const outlook = view.outlook;
    const aim = { target: Math.round(target * 100) };
    return html`<section class="card share" aria-labelledby="share-title">
        <h2 id="share-title" class="card-title">${say('Seen within {minutes} minutes today', { minutes: standard })}</h2>
        <p class=${`share-figure ${known ? judged(decided.share, target) : ''}`}><bdi>${known ? say('{percent} %', { percent: percentOf(decided.share, target) }) : '–'}</bdi>
            ${known && html`<span class="share-word">${decided.share >= target ? say('on target: {target} %', aim) : say('below target: {target} %', aim)}</span>`}</p>
        ${known ? html`<p class="share-of"><strong>${say('{within} of {of} visitors', decided)}</strong></p>` : html`<p class="soft">${say('Nobody has waited so long or been called yet.')}</p>`}
        ${called.of > 0 && html`<p class="soft small">${say('Of those called: {percent} %, {within} of {of}', { percent: percentOf(called.share, target), within: called.within, of: called.of })}</p>`}
        ${outlook ? html`<dl class="expected"><${Expected} outlook=${outlook.noon} at=${say('By noon')} target=${target} />
            <${Expected} outlook=${outlook.close} at=${say('By close')} target=${target} /></dl>`
        : view.day_open && html`<p class="expected soft small">${say('A forecast comes when enough is known.')}</p>`}
    </section>`;
}

/* Who waits, in so many steps up to the standard, and beyond it. */
function binned(view, standard, nowMs) {
    const step = standard / BINS;
    const bins = Array.from({ length: BINS + 1 }, (_, index) => ({
        from: Math.round(index * step), to: index < BINS ? Math.round((index + 1) * step) : null, count: 0,
        kind: index === BINS ? 'late' : (index + 1) * step > standard - 5 ? 'soon' : 'fine',
    }));
    let longest = 0;
    for (const { leg_from: from } of view.waiting) {
        const minutes = Math.max(0, (nowMs - Date.parse(from)) / 60000);
        longest = Math.max(longest, minutes);
        bins[Math.min(BINS, Math.floor(minutes / step))].count += 1;
    }
    return { bins, longest: Math.floor(longest) };
}

export function QueueNow({ view, standard, nowMs }) {
    const { bins, longest } = binned(view, standard, nowMs);
    const most = Math.max(4, ...bins.map(({ count }) => count));
    const more = view.waiting_total - view.waiting.length;
    return html`<section class="card queue" aria-labelledby="queue-title">
        <div class="card-head"><h2 id="queue-title" class="card-title">${say('Waiting, by time in the queue')}</h2>
            <p class="soft">${view.waiting_total > 0 ? say('{count} waiting, the longest {minutes} min', { count: view.waiting_total, minutes: longest }) : say('nobody is waiting')}</p></div>
        <ol class="bins">${bins.map(({ from, to, count, kind }) => html`<li key=${from} class=${kind}>
            <span class="bin-count">${count}</span>
            <span class=${`bin-bar ${count === 0 ? 'bar-nil' : ''}`} style=${{ height: `${(100 * count) / most}%` }}></span>
            <span class="bin-name">${to === null ? say('over {minutes} min', { minutes: from }) : say('{from} to {to}', { from, to })}</span>
        </li>`)}</ol>
        ${more > 0 && html`<p class="soft small">${say('{count} more are not shown here', { count: more })}</p>`}
    </section>`;
}

export function Breaches({ view, names, nowMs, standard }) {
    const rows = view.breaches;
    return html`<section class="card breaches" aria-labelledby="breaches-title">
        <h2 id="breaches-title">${say('About to pass {minutes} minutes', { minutes: standard })}</h2>
        ${rows.length === 0 ? html`<p class="soft none">${say('Nobody, as far as can be foreseen.')}</p>`
        : html`<div class="rows" tabindex="0" role="group" aria-labelledby="breaches-title"><table>
            <thead class="heard"><tr><th scope="col">${say('No.')}</th><th scope="col">${say('Service')}</th><th scope="col">${say('When, and how likely')}</th></tr></thead>
            <tbody>${rows.map((each) => {
                const time = clockText(Date.parse(each.at), view);
                const late = Date.parse(each.at) <= nowMs;
                return html`<tr key=${each.id}><td class="no"><bdi>${each.number}</bdi></td><td class="what">${names.service(each.service)}</td>
                    <td class="end"><span class=${`pill ${late || each.p_late >= 0.5 ? 'late' : 'soon'}`}>${late ? say('late since {time}', { time })
                        : say('{time}, {percent} %', { time, percent: Math.round(each.p_late * 100) })}</span></td></tr>`;
            })}</tbody></table></div>`}
    </section>`;
}
