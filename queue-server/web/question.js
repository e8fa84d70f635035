/* A dialog over the page: a question before what cannot be taken back, or a small form. Escape leaves it, unless it shows
 * what is shown only once. Beside it, what the dialogs of administration share. */
import { html, useState } from './html.js';
import { Modal } from './modal.js';
import { refusalText, Sending, useSending } from './sending.js';
import { Wrong } from './sign-in-form.js';
import { say } from './words.js';

export function Dialog({ title, onClose, stays = false, children }) {
    return html`<${Modal} titled="dialog-title" onClose=${() => stays || onClose()}>
        <h2 id="dialog-title">${title}</h2>
        ${children}
    <//>`;
}

/* sending: of useSending(). */
export function Question({ title, text, yes, busy, why, sending, onYes, onClose }) {
    return html`<${Dialog} title=${title} onClose=${onClose}>
        <p>${text}</p>
        <${Wrong} text=${why} />
        <${Sending} ...${sending} />
        <div class="actions">
            <button type="button" class=${`primary ${busy ? 'busy' : ''}`} aria-disabled=${Boolean(busy)} onClick=${() => busy || onYes()}>${yes}</button>
            <button type="button" autofocus onClick=${onClose}>${say('Cancel')}</button>
        </div><//>`;
}

/* Sends one change, named in the reader's words, and says in the dialog what was wrong with it. leave(onClose) is for Cancel
 * and Escape: a change under way is given up first, and the dialog stays to say that it may have been done all the same. */
export function useChange(onDone) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState(null);
    const { sending, send, giveUp } = useSending();
    const run = async (path, body, what) => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        const answer = await send(path, body, what);
        setBusy(false);
        if (answer.ok) onDone(answer.body);
        else setProblem({ code: String((answer.body || {}).type || '').replace('/problems/', ''), text: refusalText(answer, what) });
    };
    const leave = (onClose) => () => giveUp() || onClose();
    return { busy, problem, sending, setProblem, run, leave };
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
