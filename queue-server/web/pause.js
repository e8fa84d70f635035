/* Stepping away from the counter: why, in one more key. */
import { Panel, Reasons } from './panel.js';
import { html } from './parts.js';
import { mark, say } from './words.js';

const PAUSES = {
    break: mark('Break'), back_office: mark('Work in the back office'), training: mark('Training'), safeguarding: mark('Safeguarding'),
    other: mark('Another reason'),
};

export const pauseWords = (code) => say(PAUSES[code] || PAUSES.other);

export function Pause({ commands, onClose }) {
    const pause = (reason) => commands.run({ id: 'pause', label: mark('Pause this counter'), body: { reason }, done: onClose });
    return html`<${Panel} id="pause" title=${say('Why do you pause?')} commands=${commands} onClose=${onClose}>
        <${Reasons} label=${say('Reason')} first commands=${commands} onChoose=${pause}
            reasons=${Object.keys(PAUSES).map((code) => ({ code, words: pauseWords(code) }))} />
    <//>`;
}
