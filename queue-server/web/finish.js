/* The end of a visit: its outcome was pressed, and Enter is all it needs. Before that, where it is known: the number of the
 * case, and why the visit need not have happened. */
import { avoidableChoices } from './answers.js';
import { Panel, typedText } from './panel.js';
import { html, useState } from './parts.js';
import { OUTCOMES } from './reasons.js';
import { mark, say } from './words.js';

const REFERENCE_LETTERS = 40;

/* One key each; the first is the commonest. */
export const finishActions = () => OUTCOMES.map(({ code, label }, index) => ({
    id: `finish-${code}`, key: String(index + 1), label, asks: 'finish', outcome: code, large: index === 0,
}));

function Outcome({ outcome, onOutcome }) {
    return html`<fieldset class="outcomes"><legend>${say('Outcome')}</legend>
        ${OUTCOMES.map(({ code, label }) => html`<label key=${code}><input type="radio" name="outcome" value=${code} checked=${code === outcome}
            onChange=${() => onOutcome(code)} /><span>${say(label)}</span></label>`)}
    </fieldset>`;
}

export function Finish({ ticket, asked, site, names, commands, next, onClose }) {
    const [outcome, setOutcome] = useState(asked);
    const [reference, setReference] = useState('');
    const [avoidable, setAvoidable] = useState(ticket.avoidable || '');
    const finish = () => {
        const body = { ticket: ticket.id, outcome };
        if (typedText(reference)) body.reference = typedText(reference);
        if (avoidable && avoidable !== ticket.avoidable) body.avoidable = avoidable;
        if (next) body.next = true;
        commands.run({ id: 'finish', label: mark('Finish'), body, done: onClose });
    };
    const choices = avoidableChoices(site, names.reader, ticket);
    return html`<${Panel} id="finish" title=${say('Finish {number}', { number: ticket.number })} commands=${commands} onClose=${onClose}
        buttons=${[{ label: say('Finish'), key: say('Enter'), onPress: finish }]}>
        <${Outcome} outcome=${outcome} onOutcome=${setOutcome} />
        <label>${say('Case reference, if there is one')}
            <input id="reference" type="text" autocomplete="off" spellcheck="false" autofocus maxlength=${REFERENCE_LETTERS} value=${reference}
                onInput=${(event) => setReference(event.target.value)} /></label>
        <label>${say('Could the visit have been avoided?')}
            <select id="avoidable" onChange=${(event) => setAvoidable(event.target.value)}>
                ${!ticket.avoidable && html`<option value="" selected=${avoidable === ''}>${say('No, or not known')}</option>`}
                ${choices.map(({ code, words }) => html`<option key=${code} value=${code} selected=${code === avoidable}>${words}</option>`)}
            </select></label>
        ${next && html`<p class="soft">${say('Then the next visitor is called by itself.')}</p>`}
    <//>`;
}
