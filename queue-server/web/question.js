/* A dialog over the page: a question before what cannot be taken back, or a small form. Escape leaves it, unless it shows
 * what is shown only once. Beside it, what the dialogs of administration share. */
import { html, useState } from './html.js';
import { command } from './live.js';
import { useModal } from './modal.js';
import { Wrong } from './sign-in-form.js';
import { say } from './words.js';

export function Dialog({ title, onClose, stays = false, children }) {
    const dialog = useModal();
    return html`<dialog ref=${dialog} class="card dialog" aria-labelledby="dialog-title"
        onCancel=${(event) => { event.preventDefault(); if (!stays) onClose(); }}>
        <h2 id="dialog-title">${title}</h2>
        ${children}
    </dialog>`;
}

export function Question({ title, text, yes, busy, why, onYes, onClose }) {
    return html`<${Dialog} title=${title} onClose=${onClose}>
        <p>${text}</p>
        <${Wrong} text=${why} />
        <div class="actions">
            <button type="button" class=${`primary ${busy ? 'busy' : ''}`} aria-disabled=${Boolean(busy)} onClick=${() => busy || onYes()}>${yes}</button>
            <button type="button" autofocus onClick=${onClose}>${say('Cancel')}</button>
        </div><//>`;
}

/* Sends one change, and says in the dialog what was wrong with it. */
export function useChange(onDone) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState(null);
    const run = async (path, body) => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        const answer = await command(path, body);
        setBusy(false);
        if (answer.ok) onDone(answer.body);
        else setProblem({ code: String((answer.body || {}).type || '').replace('/problems/', ''), text: say(answer.body ? answer.body.detail : 'That did not work. Try again.') });
    };
    return { busy, problem, setProblem, run };
}

/* Shown once, and never again: nobody leaves it by a slip of the finger. */
export function ShownOnce({ title, text, name, secret, onClose }) {
    const [copied, setCopied] = useState(false);
    const copy = () => navigator.clipboard.writeText(secret).then(() => setCopied(true), () => {});
    return html`<${Dialog} title=${title} onClose=${onClose} stays=${true}>
        <p>${text}</p>
        <p class="one-time-name">${say('Name')}: <bdi>${name}</bdi></p>
        <p><output class="one-time" dir="ltr">${secret}</output></p>
        <div class="actions">
            <button type="button" class="primary" autofocus onClick=${onClose}>${say('I have passed it on')}</button>
            ${navigator.clipboard && html`<button type="button" onClick=${copy}>${say('Copy')}</button>`}
            <span class="soft" role="status">${copied && say('Copied.')}</span>
        </div><//>`;
}
