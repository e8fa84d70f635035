/* The strip at the foot: how good the forecasts were, today's figures to take away, and the day itself. */
import { Modal } from './modal.js';
import { html, useState } from './parts.js';
import { ToldHere } from './told.js';
import { say } from './words.js';

/* Of what was told as "at most so long", how much was not longer. Nine of ten is what is aimed at. */
function scoreText(score) {
    const figures = score && (score.recent || score.today);
    if (!figures || figures.later_than_high === null || figures.promises === 0) return say('Forecasts: none has been put to the test yet.');
    const percent = Math.round((1 - figures.later_than_high) * 100);
    return figures.days > 1 ? say('Forecasts: of {count} waits foretold on {days} days, {percent} % were not longer than told.', { count: figures.promises, days: figures.days, percent })
        : say('Forecasts: of {count} waits foretold today, {percent} % were not longer than told.', { count: figures.promises, percent });
}

function CloseDialog({ view, commands, onClose }) {
    const act = async () => {
        if (await commands.run({ path: '/api/day/close', body: {}, label: say('Close the day'), done: say('The day is closed'),
            back: { path: '/api/day/open', body: {}, label: say('Undo'), done: say('The day is open.') } })) onClose();
    };
    return html`<${Modal} titled="day-title" onClose=${onClose}>
        <h2 id="day-title">${say('Close the day?')}</h2>
        <p>${view.waiting_total > 0 ? say('{count} visitors still wait. They are counted as having left; opening the day again does not bring them back.', { count: view.waiting_total })
            : say('Nobody waits. No more tickets are given out today unless the day is opened again.')}</p>
        <${ToldHere} commands=${commands} />
        <div class="actions"><button type="button" class="primary" onClick=${act}>${say('Close the day')}</button>
            <button type="button" onClick=${onClose}>${say('Cancel')}</button></div>
    <//>`;
}

export function DayStrip({ view, commands }) {
    const [closing, setClosing] = useState(false);
    const open = () => commands.run({ path: '/api/day/open', body: {}, label: say('Open the day'), done: say('The day is open.') });
    return html`<section class="day" aria-label=${say('The day')}>
        <p class="soft score">${scoreText(view.score)}</p>
        <a class="button small-button" href="/api/today.csv" download>${say('Download today (CSV)')}</a>
        ${view.day_open ? html`<button type="button" class="small-button" onClick=${() => setClosing(true)}>${say('Close the day')}</button>`
            : html`<button type="button" class="small-button" onClick=${open}>${say('Open the day')}</button>`}
        ${closing && view.day_open && html`<${CloseDialog} view=${view} commands=${commands} onClose=${() => setClosing(false)} />`}
    </section>`;
}
