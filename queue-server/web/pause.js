/* Stepping away from the counter: why, in one more key. */
import { Panel, Reasons } from './panel.js';
import { html } from './parts.js';
import { PAUSES, pauseWords } from './reasons.js';
import { mark, say } from './words.js';

export function Pause({ commands, onClose }) {
    const pause = (reason) => commands.run({ id: 'pause', label: mark('Pause this counter'), body: { reason }, done: onClose });
    return html`<${Panel} id="pause" title=${say('Why do you pause?')} commands=${commands} onClose=${onClose}>
        <${Reasons} label=${say('Reason')} first commands=${commands} onChoose=${pause}
            reasons=${Object.keys(PAUSES).map((code) => ({ code, words: pauseWords(code) }))} />
    <//>`;
}
